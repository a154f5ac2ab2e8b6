package index

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2"
)

// ErrCursor says that a cursor is not of this search.
var ErrCursor = errors.New("the cursor does not belong to this search; begin at the first page")

// ErrTooBroad says that a query would look at too much, or was stopped after three
// seconds.
var ErrTooBroad = errors.New("the query looks at too much: write more letters before a star, or longer words beside NEAR, or narrow it down with fields")

// Sort is the order of the hits.
type Sort string

// The orders. Statements of one date, or of one score and date, follow in an
// order of their own, which is the same on every node.
const (
	Relevance Sort = "relevance"
	Newest    Sort = "newest"
	Oldest    Sort = "oldest"
)

// Limits of a search.
const (
	DefaultLimit  = 20
	MaxLimit      = 500
	searchTimeout = 3 * time.Second
	maxExpansion  = 4096 // words that the prefixes of a query may stand for
)

// Request asks for a page of hits.
type Request struct {
	Query     *Query
	Filter    []Filter // further fields that must match
	From      time.Time
	To        time.Time
	Limit     int    // DefaultLimit if 0, at most MaxLimit
	Cursor    string // Next of the page before
	Sort      Sort   // Relevance if empty and there are words, else Newest
	Facets    bool
	Histogram Interval // of the buckets; none if empty
}

// Filter is a field of the query language with the values of which one must
// match.
type Filter struct {
	Name   string
	Values []string
}

// Hit is a statement that was found.
type Hit struct {
	ID    string // of its first revision
	Score float64
}

// Result is a page of hits. Total, Facets, Histogram and First are of all pages.
type Result struct {
	Total     uint64
	Hits      []Hit
	Facets    map[string][]Count
	Histogram []Bucket // oldest first, without those that are empty
	First     string   // ID of the statement that was said first
	Next      string   // cursor of the next page; empty at the end
	Took      time.Duration
}

// Search finds statements. Errors are ErrCursor, ErrTooBroad, Bleve's, or what ctx
// ended with before it was the search's turn.
//
// Pages that follow a cursor have each statement once, and every statement that
// is there from the first page to the last, whatever is added meanwhile.
func (x *Index) Search(ctx context.Context, r Request) (*Result, error) {
	switch r.sort() {
	case Relevance, Newest, Oldest:
	default:
		return nil, fmt.Errorf("search: unknown order %q: want relevance, newest or oldest", r.Sort)
	}
	if err := r.Histogram.check(); err != nil {
		return nil, err
	}
	began := time.Now()
	c, g, err := r.start(x.now())
	if err != nil {
		return nil, err
	}
	if err := x.takeTurn(ctx); err != nil {
		return nil, fmt.Errorf("search: wait for others: %w", err)
	}
	defer func() { <-x.turns }()
	ctx, cancel := context.WithTimeout(ctx, searchTimeout)
	defer cancel()
	out, err := x.search(ctx, &r, c, g)
	switch {
	case err == nil:
		out.Took = time.Since(began)
		return out, nil
	case errors.Is(err, ErrCursor):
		return nil, err
	}
	return nil, fmt.Errorf("search: %w", broad(err))
}

// takeTurn waits until the search may begin. What is free is taken whatever ctx
// says: the search itself then tells why it ended.
func (x *Index) takeTurn(ctx context.Context) error {
	select {
	case x.turns <- struct{}{}:
		return nil
	default:
	}
	select {
	case x.turns <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// broad turns what a search was stopped by into ErrTooBroad.
func broad(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return ErrTooBroad
	}
	return err
}

func (x *Index) search(ctx context.Context, r *Request, c *cursor, g *page) (out *Result, err error) {
	v, err := look(x.bleve, &x.columns)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, v.close()) }()
	now := time.Unix(c.now, 0).UTC()
	pl, err := planOf(ctx, v, r.compile(now))
	if err != nil {
		return nil, err
	}
	if err := pl.rarities(ctx, v, c, g); err != nil {
		return nil, err
	}
	out = &Result{Facets: make(map[string][]Count)}
	counts, days, asked := newTally(), make(histogram), positionOf(r.parts())
	oldest := page{sort: Oldest, limit: 1}
	for i := range v.parts {
		p := &v.parts[i]
		hits, err := pl.hits(ctx, p)
		if err != nil {
			return nil, err
		}
		out.Total += hits.GetCardinality()
		if r.Facets {
			if err := counts.add(p, hits, asked); err != nil {
				return nil, err
			}
		}
		if r.Histogram != "" {
			days.add(p, hits)
		}
		if err := pl.collect(ctx, p, hits, now, g, &oldest); err != nil {
			return nil, err
		}
	}
	if r.Facets {
		out.Facets = counts.counts()
	}
	if r.Histogram != "" {
		out.Histogram = days.buckets(r.Histogram)
	}
	if err := out.take(g, &oldest); err != nil {
		return nil, err
	}
	if g.more {
		c.last = g.hits[len(g.hits)-1].rank
		out.Next = c.String()
	}
	return out, nil
}

// rarities sets those of the words: as the cursor has them, else as they are now,
// which the cursor then carries on.
func (pl *plan) rarities(ctx context.Context, v *view, c *cursor, g *page) error {
	if g.sort != Relevance {
		return nil
	}
	if g.after == nil {
		if err := pl.measure(ctx, v); err != nil {
			return err
		}
		for _, w := range pl.weighed {
			c.rarities = append(c.rarities, w.rarity)
		}
		return nil
	}
	if len(c.rarities) != len(pl.weighed) {
		return ErrCursor
	}
	for i, w := range pl.weighed {
		w.rarity = c.rarities[i]
	}
	return nil
}

// hits returns the statements of a part that the plan finds.
func (pl *plan) hits(ctx context.Context, p *part) (*roaring.Bitmap, error) {
	hits, err := pl.root.find(ctx, p, nil)
	if err != nil {
		return nil, err
	}
	if p.deleted != nil {
		hits.AndNot(p.deleted)
	}
	return hits, nil
}

// collect offers the hits of a part to the page, and to that of the oldest.
func (pl *plan) collect(ctx context.Context, p *part, hits *roaring.Bitmap, now time.Time, g, oldest *page) error {
	docs := hits.ToArray()
	var scores []float64
	if g.sort == Relevance {
		var err error
		if scores, err = pl.score(ctx, p, hits, docs, now); err != nil {
			return err
		}
	}
	for i, doc := range docs {
		c := candidate{rank{date: p.dates[doc], key: p.keys[doc]}, p, doc}
		oldest.offer(c)
		if scores != nil {
			c.score = scores[i]
		}
		g.offer(c)
	}
	return nil
}

// take fills in what is on the page.
func (out *Result) take(g, oldest *page) error {
	g.settle()
	oldest.settle()
	for _, h := range oldest.hits {
		id, err := h.part.DocID(uint64(h.doc))
		if err != nil {
			return err
		}
		out.First = string(id)
	}
	for _, h := range g.hits {
		id, err := h.part.DocID(uint64(h.doc))
		if err != nil {
			return err
		}
		out.Hits = append(out.Hits, Hit{string(id), h.score})
	}
	return nil
}

// count tells how many statements of a Bleve index are wanted.
func count(ctx context.Context, b bleve.Index, cache *columnCache, w want) (n uint64, err error) {
	ctx, cancel := context.WithTimeout(ctx, searchTimeout)
	defer cancel()
	v, err := look(b, cache)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, v.close()) }()
	pl, err := planOf(ctx, v, w)
	if err != nil {
		return 0, broad(err)
	}
	for i := range v.parts {
		hits, err := pl.hits(ctx, &v.parts[i])
		if err != nil {
			return 0, broad(err)
		}
		n += hits.GetCardinality()
	}
	return n, nil
}

func (r *Request) sort() Sort {
	switch {
	case r.Sort != "":
		return r.Sort
	case r.Query == nil || r.Query.root == nil:
		return Newest
	}
	return Relevance
}

// parts are what the query asks for and the filters, side by side: a filter says
// what a field of the query would.
func (r *Request) parts() []expr {
	out := slices.Clone(r.Query.parts())
	for _, f := range r.Filter {
		values := make([]expr, len(f.Values))
		for i, v := range f.Values {
			values[i] = field{f.Name, v}
		}
		if len(values) == 1 {
			out = append(out, values[0])
		} else {
			out = append(out, or{values})
		}
	}
	return out
}

// String returns the query with its filters, in the query language. Dates, order
// and place are not in it.
func (r *Request) String() string {
	q := new(Query)
	if r.Query != nil {
		*q = *r.Query
	}
	if len(r.Filter) > 0 {
		if q.root = (and{r.parts()}); len(r.parts()) == 1 {
			q.root = r.parts()[0]
		}
	}
	return q.String()
}

// compile returns what the request wants, at a time.
func (r *Request) compile(now time.Time) want {
	c := &compiler{now: now}
	out := &wantBoth{parts: []want{c.and(and{r.parts()})}}
	if !r.From.IsZero() || !r.To.IsZero() {
		to := r.To
		if to.IsZero() {
			to = farFuture
		}
		out.parts = append(out.parts, wantDates{r.From, to})
	}
	return out
}
