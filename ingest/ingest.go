package ingest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"palabre/ingest/plain"
	"palabre/ingest/web"
	"palabre/statement"
)

// Vault keeps what is fetched.
type Vault interface {
	// Save keeps a fetch in one commit, all of it or nothing, and sets what only
	// the record can know: the statements' identity and whether they are new.
	Save(ctx context.Context, f *statement.Fetch) error
	// Health returns how a source is doing, with its validators; a source that
	// was never fetched is healthy.
	Health(ctx context.Context, source string) (statement.Health, error)
}

// Options say how an Ingester works.
type Options struct {
	Vault Vault
	Log   *slog.Logger
	Now   func() time.Time // clock; time.Now by default
	Web   web.Options      // how to fetch; its Now is the Ingester's
}

// Ingester checks sources. It is safe for concurrent use.
type Ingester struct {
	vault  Vault
	log    *slog.Logger
	now    func() time.Time
	client *web.Client
}

// New returns an Ingester.
func New(o Options) *Ingester {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	o.Web.Now = o.Now
	return &Ingester{vault: o.Vault, log: o.Log, now: func() time.Time { return o.Now().UTC() }, client: web.New(o.Web)}
}

// Close drops idle connections.
func (in *Ingester) Close() { in.client.Close() }

// Poll checks a source now and returns how it did. What went wrong with the
// source is told by its health; an error means that the outcome could not be
// kept, or that ctx ended.
func (in *Ingester) Poll(ctx context.Context, src statement.Source) (statement.Health, error) {
	before, err := in.vault.Health(ctx, src.ID)
	if err != nil {
		return statement.Health{}, fmt.Errorf("poll %s: %w", src.ID, err)
	}
	c := &check{Ingester: in, src: src, before: before, memory: remember(before), articles: maxArticles}
	c.fetch.Health = statement.Health{Source: src.ID, Checked: in.now(), Succeeded: before.Succeeded, LastNew: before.LastNew}
	err = c.run(ctx)
	if ctx.Err() != nil {
		return statement.Health{}, fmt.Errorf("poll %s: %w", src.ID, ctx.Err())
	}
	c.judge(err)
	if err := in.vault.Save(ctx, &c.fetch); err != nil {
		return statement.Health{}, fmt.Errorf("poll %s: %w", src.ID, err)
	}
	return c.fetch.Health, nil
}

// check is one look at a source.
type check struct {
	*Ingester
	src    statement.Source
	before statement.Health
	memory memory
	fetch  statement.Fetch

	articles int // most that are followed
}

// errKind says that a source is none that can be polled.
var errKind = errors.New("a hand source is not polled: entries are filed by people")

func (c *check) run(ctx context.Context) error {
	switch c.src.Kind {
	case statement.Feed:
		return c.feed(ctx)
	case statement.Page:
		return c.pages(ctx)
	case statement.Folder:
		return c.folder(ctx)
	}
	return &web.Failure{Outcome: statement.OutcomeLocal, Reason: errKind.Error(), Lasting: true}
}

// judge turns the end of a check into the source's health. The record decides
// later whether what was fetched is new.
func (c *check) judge(err error) {
	h := &c.fetch.Health
	h.ETag, h.LastModified = c.memory.validators()
	var failure *web.Failure
	switch {
	case errors.As(err, &failure):
		h.Outcome, h.Reason = failure.Outcome, failure.Reason
	case err != nil:
		h.Outcome, h.Reason = statement.OutcomeMalformed, err.Error()
	case h.Outcome != "":
	case len(h.Problems) > 0:
		h.Outcome = statement.OutcomePartial
		h.Reason = fmt.Sprintf("%d parts could not be read; the first: %s: %s", len(h.Problems), h.Problems[0].Where, h.Problems[0].What)
	default:
		h.Outcome = statement.OutcomeNew
	}
	if h.Outcome.Failed() {
		h.Failures = c.before.Failures + 1
	}
	wait := time.Duration(0)
	if failure != nil {
		wait = failure.RetryAfter
	}
	h.Next = next(&c.src, h.Checked, h.Failures, wait)
}

func (c *check) problem(where string, err error) {
	c.fetch.Health.Problems = append(c.fetch.Health.Problems, statement.Problem{Where: where, What: err.Error()})
}

// blank returns what a statement of the source has from the source itself.
func blank(src *statement.Source) statement.Statement {
	s := statement.Statement{
		Source: src.ID, Outlet: src.ID, Kind: src.Genre, Medium: src.Medium, Lang: src.Lang, Owner: src.Owner, Grade: src.Grade,
	}
	if s.Kind == "" {
		s.Kind = statement.Article
	}
	return s
}

// capture keeps a response as it came and returns its hash.
func (c *check) capture(r *web.Response) string {
	captured := statement.Capture{
		Hash: statement.HashBody(r.Body), Source: c.src.ID, URL: r.URL, Status: r.Status,
		RequestHeader: r.RequestHeader, ResponseHeader: r.Header, MediaType: r.Header.Get("Content-Type"),
		Fetched: r.Fetched, Body: r.Body,
	}
	c.fetch.Captures = append(c.fetch.Captures, captured)
	return captured.Hash
}

// setText fits text into a statement.
func setText(s *statement.Statement, text string) {
	var over bool
	if s.Text, over = plain.Cut(text, statement.MaxText); over {
		s.Flags = append(s.Flags, statement.FlagTruncated)
	}
}
