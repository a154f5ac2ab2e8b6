// Package article takes the text of an article out of a web page, without
// menus, advertisements and comments, or the links to articles out of a page
// that lists them.
package article

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode"

	"github.com/markusmobius/go-trafilatura"
	"golang.org/x/net/html"

	"palabre/ingest/plain"
	"palabre/statement"
)

// Article is what a page says.
type Article struct {
	Title     string
	Text      string
	Lang      string         // as the page declares it, or ""
	Published statement.Date // as the page's metadata claim it
}

// ErrNoText says that a page holds no article.
var ErrNoText = errors.New("no article text was found")

const (
	maxElements = 50_000
	enough      = 80 // bytes of text that make an article
)

// Extract reads the page that came from address. Lang is the language of its
// source; the page may say otherwise.
func Extract(page []byte, contentType string, address *url.URL, lang string) (Article, error) {
	text := plain.Decode(page, contentType, lang)
	doc, err := html.Parse(strings.NewReader(text))
	if err != nil {
		return Article{}, fmt.Errorf("read page: %w", err)
	}
	if elements(doc) > maxElements {
		return Article{}, fmt.Errorf("%w: the page has over %d elements", ErrNoText, maxElements)
	}
	a := Article{Lang: declaredLang(doc)}
	found, err := trafilatura.ExtractDocument(doc, trafilatura.Options{
		OriginalURL: address, EnableFallback: true, ExcludeComments: true, MaxTreeSize: maxElements,
	})
	if err != nil || found == nil || found.ContentNode == nil {
		return Article{}, ErrNoText
	}
	var b bytes.Buffer
	if err := html.Render(&b, found.ContentNode); err != nil {
		return Article{}, fmt.Errorf("render article: %w", err)
	}
	a.Title, a.Text = plain.Line(found.Metadata.Title), plain.FromHTML(b.String())
	if len(a.Text) < enough {
		return Article{}, ErrNoText
	}
	if t := found.Metadata.Date; !t.IsZero() {
		a.Published = statement.Date{Time: t.UTC(), Precision: statement.Second, Origin: "page"}
		if t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 {
			a.Published.Precision = statement.Day
		}
	}
	return a, nil
}

func elements(doc *html.Node) int {
	n := 0
	for range doc.Descendants() {
		n++
	}
	return n
}

// declaredLang returns the language of the page's root element.
func declaredLang(doc *html.Node) string {
	for n := range doc.ChildNodes() {
		if n.Type != html.ElementNode || n.Data != "html" {
			continue
		}
		for _, a := range n.Attr {
			if a.Key == "lang" {
				base, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(a.Val)), "-")
				if len(base) == 2 || len(base) == 3 {
					return base
				}
			}
		}
	}
	return ""
}

// Links returns the addresses of the articles that a listing names, in its
// order and without repetition: links within the listing's site whose words
// make a headline.
func Links(page []byte, contentType string, address *url.URL, lang string) []string {
	doc, err := html.Parse(strings.NewReader(plain.Decode(page, contentType, lang)))
	if err != nil || elements(doc) > maxElements {
		return nil
	}
	var out []string
	seen := map[string]bool{address.String(): true}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode || n.Data != "a" {
			continue
		}
		link := target(n, address)
		if link == "" || seen[link] || !headline(n) {
			continue
		}
		seen[link] = true
		out = append(out, link)
	}
	return out
}

// FeedOf returns the address of the feed that a page announces, or "".
func FeedOf(page []byte, contentType string, address *url.URL, lang string) string {
	doc, err := html.Parse(strings.NewReader(plain.Decode(page, contentType, lang)))
	if err != nil || elements(doc) > maxElements {
		return ""
	}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode || n.Data != "link" {
			continue
		}
		held := make(map[string]string)
		for _, a := range n.Attr {
			held[a.Key] = strings.TrimSpace(a.Val)
		}
		if !strings.EqualFold(held["rel"], "alternate") {
			continue
		}
		switch strings.ToLower(held["type"]) {
		case "application/rss+xml", "application/atom+xml", "application/feed+json":
		default:
			continue
		}
		if u, err := address.Parse(held["href"]); err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" {
			u.User, u.Fragment = nil, ""
			return u.String()
		}
	}
	return ""
}

// target returns where the link leads within the site, or "".
func target(n *html.Node, address *url.URL) string {
	for _, a := range n.Attr {
		if a.Key != "href" {
			continue
		}
		u, err := address.Parse(strings.TrimSpace(a.Val))
		if err != nil || u.Host != address.Host || u.Scheme != "http" && u.Scheme != "https" {
			return ""
		}
		u.User, u.Fragment = nil, ""
		return u.String()
	}
	return ""
}

// headline reports whether the link's text has the length of a headline.
func headline(n *html.Node) bool {
	const words = 4
	count := 0
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			count += len(strings.FieldsFunc(d.Data, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }))
		}
	}
	return count >= words
}
