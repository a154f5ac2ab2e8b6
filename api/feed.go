package api

import (
	"cmp"
	"context"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gorilla/feeds"

	"palabre/statement"
	"palabre/store"
)

const (
	feedPath = "/feeds/signals.rss"
	feedSize = 50
	rssType  = "application/rss+xml; charset=utf-8"
)

type feedInput struct {
	Reason []statement.Reason `query:"reason" doc:"Only these reasons, separated by commas" enum:"first,shift,walk-back,condition-changed,reaffirmed,split,posthumous,silence"`
	Actor  string             `query:"actor" maxLength:"200"`
	Topic  statement.Topic    `query:"topic" maxLength:"200"`
	Target string             `query:"target" maxLength:"200"`
	Lang   string             `query:"lang" enum:"en,fr,ar" default:"en" doc:"Of the titles"`
	Known  string             `header:"If-None-Match" maxLength:"200"`
	base   string
}

// Resolve notes under which address the site was asked.
func (in *feedInput) Resolve(ctx huma.Context) []error {
	in.base = siteOf(ctx)
	return nil
}

// siteOf is the address at which a request asked for the site, without a path.
func siteOf(ctx huma.Context) string {
	u := url.URL{Scheme: "http", Host: ctx.Host()}
	if ctx.TLS() != nil {
		u.Scheme = "https"
	}
	return u.String()
}

type feedOutput struct {
	Status      int
	ContentType string `header:"Content-Type"`
	ETag        string `header:"ETag"`
	Body        []byte
}

func (s *server) routeFeed() {
	handle(s, huma.Operation{
		OperationID: "feed-signals", Method: http.MethodGet, Path: feedPath, Tags: []string{"desk"},
		Summary:     "Signals as an RSS 2.0 feed",
		Description: "The latest that may be pushed, by when they were raised. Those for the desk only, marked false or said long ago are left out.",
		Responses: map[string]*huma.Response{
			"200": {Description: "The feed", Content: map[string]*huma.MediaType{"application/rss+xml": {Schema: &huma.Schema{Type: huma.TypeString}}}},
			"304": {Description: "It is as it was"},
		},
	}, s.getFeed)
}

func (s *server) getFeed(ctx context.Context, in *feedInput) (*feedOutput, error) {
	page, err := s.store.Signals(ctx, store.SignalQuery{
		Reasons: in.Reason, Actor: in.Actor, Topic: in.Topic, Target: in.Target, Firm: true, Fresh: true, Order: store.ByAt, Limit: feedSize,
	})
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(page.Signals))
	for i := range page.Signals {
		ids[i] = page.Signals[i].ID
	}
	news, err := s.store.News(ctx, ids)
	if err != nil {
		return nil, err
	}
	byID := make(map[string]*statement.News, len(news))
	for i := range news {
		byID[news[i].Signal.ID] = &news[i]
	}
	outlets, err := s.outletNames(ctx)
	if err != nil {
		return nil, err
	}
	base := cmp.Or(s.base, in.base)
	feed := &feeds.Feed{
		Title: "Palabre: signals", Link: &feeds.Link{Href: base + "/"},
		Description: "New positions on dialogue, foreign troops and Sharia in Mali and the Sahel",
	}
	for _, id := range ids {
		n := byID[id]
		if n == nil || n.Reports == 0 || n.Care.False != "" {
			continue
		}
		if n.Signal.At.After(feed.Created) {
			feed.Created = n.Signal.At.UTC()
		}
		feed.Add(s.feedItem(n, base, in.Lang, outlets))
	}
	text, err := feed.ToRss()
	if err != nil {
		return nil, fmt.Errorf("write feed: %w", err)
	}
	return feedAnswer([]byte(text), rssType, in.Known), nil
}

// feedAnswer sends a feed, unless whoever asks has it already.
func feedAnswer(text []byte, mediaType, known string) *feedOutput {
	out := &feedOutput{Status: http.StatusOK, ContentType: mediaType, ETag: `"` + statement.HashBody(text)[:32] + `"`, Body: text}
	if strings.Contains(known, out.ETag) {
		out.Status, out.Body = http.StatusNotModified, nil
	}
	return out
}

// feedItem is one signal. Its ID is no address, and says so.
func (s *server) feedItem(n *statement.News, base, lang string, outlets map[string]string) *feeds.Item {
	sig := &n.Signal
	return &feeds.Item{
		Title: s.feedTitle(n, lang), Link: &feeds.Link{Href: base + "/statements/" + url.PathEscape(sig.Now.Statement)},
		Id: sig.ID, IsPermaLink: "false", Created: sig.At.UTC(), Description: s.feedWords(n, outlets),
	}
}

// feedTitle is the alert line, or why it is news. Some programs read a title as
// markup and others as text: it means the same to both.
func (s *server) feedTitle(n *statement.News, lang string) string {
	title := plain(n.Signal.Why)
	if s.line != nil {
		title = s.line(lang, &statement.Notice{Kind: statement.NoticeNew, Event: n.Signal.Event, Signal: n.Signal.ID, News: n})
	}
	return strings.NewReplacer("<", "‹", ">", "›").Replace(title)
}

// feedWords is what an item says, as HTML: the words with their direction, the
// words before, and why.
func (s *server) feedWords(n *statement.News, outlets map[string]string) string {
	w := s.english()
	var b strings.Builder
	quote := func(c *statement.Cited, label string) {
		if c.Quote == "" {
			return
		}
		fmt.Fprintf(&b, `<p>%s</p><blockquote dir="auto">%s</blockquote>`, html.EscapeString(label), html.EscapeString(plain(c.Quote)))
	}
	fmt.Fprintf(&b, "<p>%s.</p>", html.EscapeString(plain(n.Signal.Why)))
	quote(&n.Now, w.cited(&n.Now, outlets))
	quote(&n.Then, "Before: "+w.cited(&n.Then, outlets))
	fmt.Fprintf(&b, "<p>%s, %s, rule %s</p>", html.EscapeString(w.actor(n.Signal.Actor)), html.EscapeString(w.about(n.Signal.Topic, n.Signal.Target)),
		html.EscapeString(plain(n.Rule)))
	return b.String()
}
