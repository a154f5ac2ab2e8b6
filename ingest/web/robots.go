package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/temoto/robotstxt"
	"golang.org/x/time/rate"

	"palabre/statement"
)

const (
	robotsSize    = 500 << 10        // RFC 9309, section 2.5
	robotsFresh   = 24 * time.Hour   // section 2.4
	robotsRetry   = 5 * time.Minute  // after it could not be had
	maxCrawlDelay = 10 * time.Second // a longer one is not waited for
	maxSites      = 2048
)

// site is what is known of one scheme, host and port.
type site struct {
	turns *rate.Limiter

	mu      sync.Mutex // held while robots.txt is fetched, so that it is fetched once
	rules   *robotstxt.Group
	failure *Failure // why there are no rules
	checked time.Time
}

// enter waits for a turn at the host of u, if its rules let us in.
func (c *Client) enter(ctx context.Context, u *url.URL, robots bool) error {
	s := c.site(u)
	if robots {
		if err := c.allowed(ctx, s, u); err != nil {
			return err
		}
	}
	if err := s.turns.Wait(ctx); err != nil {
		return fmt.Errorf("wait for a turn at %s: %w", u.Host, err)
	}
	return nil
}

func (c *Client) site(u *url.URL) *site {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := u.Scheme + "://" + u.Host
	s := c.sites[key]
	if s == nil {
		if len(c.sites) >= maxSites { // links lead anywhere: forget rather than grow
			clear(c.sites)
		}
		s = &site{turns: rate.NewLimiter(rate.Limit(c.opt.Rate), 1)}
		c.sites[key] = s
	}
	return s
}

// allowed asks the site's robots.txt, fetching it if it is not known or stale.
func (c *Client) allowed(ctx context.Context, s *site, u *url.URL) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	age := c.opt.Now().Sub(s.checked)
	if s.checked.IsZero() || s.rules == nil && age >= robotsRetry || age >= robotsFresh {
		if err := c.fetchRobots(ctx, s, u); err != nil {
			return err
		}
	}
	if s.rules == nil {
		return s.failure
	}
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	if !s.rules.Test(path) {
		return &Failure{Outcome: statement.OutcomeRobots, Reason: "disallowed by robots.txt of " + u.Host, Lasting: true}
	}
	return nil
}

// fetchRobots follows RFC 9309, section 2.3.1: a file that is not there allows
// everything; one that cannot be had disallows everything until it can, unless
// an earlier copy is known.
func (c *Client) fetchRobots(ctx context.Context, s *site, u *url.URL) error {
	address := &url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/robots.txt"}
	resp, err := c.follow(ctx, address, Request{}, visit{most: robotsSize, clip: true})
	if ctx.Err() != nil {
		return fmt.Errorf("get robots.txt of %s: %w", u.Host, ctx.Err())
	}
	s.checked = c.opt.Now()
	var f *Failure
	switch {
	case errors.As(err, &f) && (f.Outcome == statement.OutcomeForbidden || f.Outcome == statement.OutcomeGone || f.Outcome == statement.OutcomeRedirect):
		s.obey(c, nil)
	case errors.As(err, &f) && s.rules == nil:
		lost := *f
		lost.Reason = fmt.Sprintf("robots.txt of %s: %s", u.Host, f.Reason)
		s.failure = &lost
	case err == nil && resp.Status == http.StatusOK:
		s.obey(c, resp.Body)
	case err == nil:
		s.obey(c, nil)
	}
	return nil
}

// obey takes over the rules of a robots.txt.
func (s *site) obey(c *Client, body []byte) {
	data, err := robotstxt.FromBytes(directives(body))
	if err != nil { // as good as none
		data, _ = robotstxt.FromBytes(nil)
	}
	s.rules, s.failure = data.FindGroup(c.agent), nil
	limit := rate.Limit(c.opt.Rate)
	if delay := min(s.rules.CrawlDelay, maxCrawlDelay); delay > 0 {
		limit = min(limit, rate.Every(delay))
	}
	s.turns.SetLimit(limit)
}

// directives keeps the lines that matter, from the first group on: the parser
// gives up on a rule without a group, where RFC 9309 asks to ignore it.
func directives(body []byte) []byte {
	var out []byte
	group := false
	for line := range bytes.Lines(bytes.TrimPrefix(body, []byte("\ufeff"))) {
		name, _, ok := bytes.Cut(line, []byte(":"))
		if !ok {
			continue
		}
		switch string(bytes.ToLower(bytes.TrimSpace(name))) {
		case "user-agent":
			group = true
		case "allow", "disallow", "crawl-delay":
		default:
			continue
		}
		if group {
			out = append(append(out, bytes.TrimRight(line, "\r\n")...), '\n')
		}
	}
	return out
}
