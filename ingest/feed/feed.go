package feed

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/mmcdole/gofeed"

	"palabre/ingest/plain"
	"palabre/ingest/when"
	"palabre/statement"
)

// MaxItems is how many items of one feed are read. Feeds put the newest first.
const MaxItems = 500

// ErrNotFeed says that the bytes are no feed at all.
var ErrNotFeed = errors.New("not a feed")

// Item is one item of a feed.
type Item struct {
	Where     string // place in the feed, such as "item 3"
	Key       string // what the feed calls it: GUID, link or title
	URL       string // http or https address, or ""
	Title     string
	Text      string // content, or summary where there is none
	Published statement.Date
	Updated   statement.Date
}

// Parse reads a feed that came from base with the given Content-Type. Lang is
// the language of the source, by which dates are read. Bad items are problems;
// the others are returned in their order.
func Parse(body []byte, contentType string, base *url.URL, lang string) ([]Item, []statement.Problem, error) {
	text := strings.TrimSpace(plain.Decode(body, contentType, lang))
	split := splitXML
	if strings.HasPrefix(text, "{") {
		split = splitJSON
	}
	pieces, problems, err := split(text)
	if err != nil {
		return nil, nil, err
	}
	var items []Item
	for _, p := range pieces {
		item, err := parsePiece(p, base, lang)
		if err != nil {
			problems = append(problems, statement.Problem{Where: p.where, What: err.Error()})
			continue
		}
		items = append(items, item)
	}
	return items, problems, nil
}

// piece is one item, made into a feed of its own.
type piece struct {
	where string
	feed  string
}

func parsePiece(p piece, base *url.URL, lang string) (Item, error) {
	parsed, err := gofeed.NewParser().ParseString(p.feed)
	if err != nil {
		return Item{}, fmt.Errorf("cannot be read: %s", oneLine(err))
	}
	if len(parsed.Items) == 0 {
		return Item{}, errors.New("is no item")
	}
	from := parsed.Items[0]
	item := Item{
		Where: p.where,
		Key:   plain.Line(from.GUID),
		URL:   webLink(from, base),
		Title: plain.Line(plain.FromHTML(from.Title)),
		Text:  plain.FromHTML(longer(from.Content, from.Description)),
	}
	item.Published, _ = when.Parse(from.Published, lang, "feed")
	item.Updated, _ = when.Parse(from.Updated, lang, "feed")
	if item.Title == "" && item.Text == "" {
		return Item{}, errors.New("has neither title nor text")
	}
	for _, key := range []string{item.URL, item.Title, item.Text} {
		if item.Key == "" {
			item.Key, _ = plain.Cut(key, maxKey)
		}
	}
	item.Key, _ = plain.Cut(item.Key, maxKey)
	return item, nil
}

// maxKey is the most bytes of what a feed calls an item.
const maxKey = 500

// webLink returns the first link of the item that is a web address.
func webLink(item *gofeed.Item, base *url.URL) string {
	for _, link := range append([]string{item.Link}, append(item.Links, item.GUID)...) {
		u, err := url.Parse(strings.TrimSpace(link))
		if err != nil || link == "" || link == item.GUID && !u.IsAbs() {
			continue
		}
		if base != nil {
			u = base.ResolveReference(u)
		}
		if (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" {
			u.User, u.Fragment = nil, ""
			return u.String()
		}
	}
	return ""
}

func longer(a, b string) string {
	if len(a) >= len(b) {
		return a
	}
	return b
}

func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }
