package ingest

import (
	"context"
	"fmt"
	"net/url"

	"palabre/ingest/article"
	"palabre/ingest/web"
	"palabre/statement"
)

// pages checks the pages that a source lists. A page is an article; where the
// source has Article set, it is a listing that links to articles. The check has
// failed if every page did.
func (c *check) pages(ctx context.Context) error {
	addresses := append([]string{c.src.URL}, c.src.Pages...)
	var first error
	failed, unchanged := 0, 0
	for _, address := range addresses {
		changed, err := c.page(ctx, address)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			failed++
			if first == nil {
				first = err
			}
			if len(addresses) > 1 {
				c.problem(address, err)
			}
		case !changed:
			unchanged++
		}
	}
	switch {
	case failed == len(addresses):
		return first
	case unchanged == len(addresses):
		c.fetch.Health.Outcome = statement.OutcomeUnchanged
	}
	return nil
}

func (c *check) page(ctx context.Context, address string) (changed bool, err error) {
	resp, err := c.client.Get(ctx, c.memory.request(address, acceptPage))
	if err != nil {
		c.memory.keep(address)
		return false, err
	}
	body := statement.HashBody(resp.Body)
	if resp.NotModified() || c.memory.marked(address, body) {
		if c.src.Article {
			c.memory.keepAll()
		}
		c.memory.keep(address)
		return false, nil
	}
	if c.src.Article {
		return true, c.listing(ctx, resp, address)
	}
	s := blank(&c.src)
	s.Key, s.URL = address, resp.URL
	if err := c.fromPage(resp, &s); err != nil {
		return false, fmt.Errorf("%s: %w", address, err)
	}
	c.fetch.Statements = append(c.fetch.Statements, s)
	c.memory.note(address, resp.Header)
	c.memory.mark(address, body)
	return true, nil
}

// listing files the articles that a page links to and that were not read before.
func (c *check) listing(ctx context.Context, resp *web.Response, address string) error {
	base, err := url.Parse(resp.URL)
	if err != nil {
		return err
	}
	links := article.Links(resp.Body, resp.Header.Get("Content-Type"), base, c.src.Lang)
	if len(links) == 0 {
		return &web.Failure{Outcome: statement.OutcomeMalformed, Reason: "no link to an article was found on " + address}
	}
	c.capture(resp)
	done, read := true, 0
	for _, link := range links {
		if c.memory.marked(link, seen) {
			c.memory.keep(link)
			continue
		}
		if read++; read > c.articles {
			done = false
			break
		}
		s := blank(&c.src)
		s.Key, s.URL = link, link
		settled := c.readArticle(ctx, "page", &s)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if s.Text != "" {
			c.fetch.Statements = append(c.fetch.Statements, s)
		}
		if settled {
			c.memory.mark(link, seen)
		}
		done = done && settled
	}
	if done {
		c.memory.note(address, resp.Header)
		c.memory.mark(address, statement.HashBody(resp.Body))
	}
	return nil
}

// seen marks an article of a listing that was read: nothing but its address is
// known of it beforehand.
const seen = "seen"
