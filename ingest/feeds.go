package ingest

import (
	"context"
	"errors"
	"net/url"

	"palabre/ingest/article"
	"palabre/ingest/feed"
	"palabre/ingest/web"
	"palabre/statement"
)

const (
	acceptFeed = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
	acceptPage = "text/html, application/xhtml+xml, */*;q=0.5"
	// maxArticles is how many articles one check fetches. The others are filed
	// as the feed has them and fetched by the next checks.
	maxArticles = 40
)

// feed checks a feed and the articles that it announces.
func (c *check) feed(ctx context.Context) error {
	resp, err := c.client.Get(ctx, c.memory.request(c.src.URL, acceptFeed))
	if err != nil {
		c.memory.keepAll()
		return err
	}
	body := statement.HashBody(resp.Body)
	if resp.NotModified() || c.memory.marked(c.src.URL, body) {
		c.memory.keepAll()
		c.memory.note(c.src.URL, resp.Header)
		c.fetch.Health.Outcome = statement.OutcomeUnchanged
		return nil
	}
	base, err := url.Parse(resp.URL)
	if err != nil {
		return err
	}
	capture := c.capture(resp)
	items, problems, err := feed.Parse(resp.Body, resp.Header.Get("Content-Type"), base, c.src.Lang)
	if err != nil {
		c.memory.keepAll()
		return err
	}
	c.fetch.Health.Problems = problems
	if resp.Truncated {
		c.problem("feed", errors.New("the connection ended before the feed did"))
	}
	if len(items) == 0 && len(c.fetch.Health.Problems) == 0 {
		c.fetch.Health.Outcome = statement.OutcomeEmpty
		c.memory.note(c.src.URL, resp.Header)
		return nil
	}
	if c.items(ctx, items, resp, capture) && !resp.Truncated {
		c.memory.note(c.src.URL, resp.Header)
		c.memory.mark(c.src.URL, body)
	}
	return ctx.Err()
}

// items files the items of a feed. It reports whether all was dealt with: if an
// article is still to be fetched, the feed must be read again though it has not
// changed.
func (c *check) items(ctx context.Context, items []feed.Item, resp *web.Response, capture string) (done bool) {
	done = true
	articles := 0
	for i := range items {
		item := &items[i]
		s := blank(&c.src)
		s.Key, s.URL, s.Title = item.Key, item.URL, item.Title
		s.Published, s.Fetched, s.Capture = item.Published, resp.Fetched, capture
		if s.Published.IsZero() {
			s.Published = item.Updated
		}
		setText(&s, item.Text)
		if resp.Truncated {
			s.Flags = append(s.Flags, statement.FlagSalvaged)
		}
		if c.src.Article && item.URL != "" && item.URL != c.src.URL {
			mark := statement.HashBody([]byte(item.Title + "\x00" + item.Text + "\x00" + item.Updated.String()))
			if c.memory.marked(item.URL, mark) {
				c.memory.keep(item.URL)
				continue // filed before, with its article
			}
			switch {
			case articles == c.articles:
				done = false
				s.Flags = append(s.Flags, statement.FlagExcerpt)
			case c.readArticle(ctx, item.Where, &s):
				articles++
				c.memory.mark(item.URL, mark)
			default:
				articles++
				done = false
			}
			if ctx.Err() != nil {
				return false
			}
		}
		c.fetch.Statements = append(c.fetch.Statements, s)
	}
	return done
}

// readArticle replaces the excerpt in s by the article that it links to. It
// reports whether there is no use in asking again: because it came, or because
// it will not. Without it, the excerpt is filed and flagged.
func (c *check) readArticle(ctx context.Context, where string, s *statement.Statement) (settled bool) {
	resp, err := c.client.Get(ctx, web.Request{URL: s.URL, Accept: acceptPage})
	if err == nil {
		err = c.fromPage(resp, s)
	}
	if err == nil {
		return true
	}
	s.Flags = append(s.Flags, statement.FlagExcerpt)
	if ctx.Err() == nil {
		c.problem(where+", "+s.URL, err)
	}
	var failure *web.Failure
	return !errors.As(err, &failure) || failure.Lasting
}

// fromPage takes over what a page says. The source's own claims, if there are
// any, stand before those of the page.
func (c *check) fromPage(resp *web.Response, s *statement.Statement) error {
	address, err := url.Parse(resp.URL)
	if err != nil {
		return err
	}
	a, err := article.Extract(resp.Body, resp.Header.Get("Content-Type"), address, c.src.Lang)
	if err != nil {
		return err
	}
	s.Capture, s.Fetched = c.capture(resp), resp.Fetched
	setText(s, a.Text)
	if resp.Truncated {
		s.Flags = append(s.Flags, statement.FlagSalvaged)
	}
	if s.Title == "" {
		s.Title = a.Title
	}
	if s.Published.IsZero() {
		s.Published = a.Published
	}
	if s.Lang == "" {
		s.Lang = a.Lang
	}
	return nil
}
