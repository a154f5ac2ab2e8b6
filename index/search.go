package index

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"
)

// ErrCursor says that a cursor is not of this search.
var ErrCursor = errors.New("the cursor does not belong to this search; begin at the first page")

// ErrTooBroad says that a query would look at too much.
var ErrTooBroad = errors.New("the query matches too many different words; write more letters before the star")

// Sort is the order of the hits.
type Sort string

// The orders.
const (
	Relevance Sort = "relevance"
	Newest    Sort = "newest"
	Oldest    Sort = "oldest"
)

// sortOrder returns Bleve's sort keys for an order, the statement's ID last so
// that pages neither overlap nor leave gaps.
func sortOrder(s Sort) (search.SortOrder, bool) {
	date := &search.SortField{Field: "from", Type: search.SortFieldAsNumber, Desc: s != Oldest}
	id := &search.SortDocID{}
	switch s {
	case Relevance:
		return search.SortOrder{&search.SortScore{Desc: true}, date, id}, true
	case Newest, Oldest:
		return search.SortOrder{date, id}, true
	}
	return nil, false
}

// sortKeys returns the values of the sort keys of a hit, exactly.
func sortKeys(order search.SortOrder, h *search.DocumentMatch) []string {
	keys := make([]string, len(order))
	for i, o := range order {
		switch o.(type) {
		case *search.SortScore:
			keys[i] = strconv.FormatFloat(h.Score, 'g', -1, 64)
		case *search.SortDocID:
			keys[i] = h.ID
		default:
			keys[i] = h.DecodedSort[i]
		}
	}
	return keys
}

// Limits of a search.
const (
	DefaultLimit  = 20
	MaxLimit      = 500
	searchTimeout = 3 * time.Second
	maxExpansion  = 1024 // words that a prefix may stand for
	facetSize     = 30
)

// Request asks for a page of hits.
type Request struct {
	Query  *Query
	Filter []Filter // further fields that must match
	From   time.Time
	To     time.Time
	Limit  int    // DefaultLimit if 0, at most MaxLimit
	Cursor string // Next of the page before
	Sort   Sort   // Relevance if empty and there are words, else Newest
	Facets bool
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

// Count is a facet's value with the number of statements that have it.
type Count struct {
	Value string `json:"value"`
	Count int    `json:"count"`
}

// Result is a page of hits.
type Result struct {
	Total  uint64
	Hits   []Hit
	Facets map[string][]Count
	Next   string // cursor of the next page; empty at the end
	Took   time.Duration
}

// facets are the fields that are counted.
var facets = []string{"topic", "stance", "actor", "speaker", "source", "lang", "kind", "place", "reason", "month"}

type cursor struct {
	Search string   `json:"s"`
	After  []string `json:"a"`
}

// Search finds statements. Errors are ErrCursor, ErrTooBroad, or Bleve's.
func (x *Index) Search(ctx context.Context, r Request) (*Result, error) {
	order, ok := sortOrder(r.sort())
	if !ok {
		return nil, fmt.Errorf("search: unknown order %q: want relevance, newest or oldest", r.Sort)
	}
	limit := r.Limit
	if limit <= 0 {
		limit = DefaultLimit
	}
	req := bleve.NewSearchRequestOptions(r.compile(x.now()), min(limit, MaxLimit), 0, false)
	req.SortByCustom(order)
	if r.Facets {
		for _, f := range facets {
			req.AddFacet(f, bleve.NewFacetRequest(f, facetSize))
		}
	}
	key := r.key()
	if r.Cursor != "" {
		after, err := readCursor(r.Cursor, key, len(order))
		if err != nil {
			return nil, err
		}
		req.SearchAfter = after
	}
	res, err := find(ctx, x.bleve, req)
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	return result(res, order, key, min(limit, MaxLimit)), nil
}

// find asks Bleve within the limits of a search.
func find(ctx context.Context, b bleve.Index, req *bleve.SearchRequest) (*bleve.SearchResult, error) {
	ctx, cancel := context.WithTimeout(ctx, searchTimeout)
	defer cancel()
	ctx = context.WithValue(ctx, search.MaxTermSearchersKey, maxExpansion)
	res, err := b.SearchInContext(ctx, req)
	if err != nil && (errors.Is(err, context.DeadlineExceeded) || isTooBroad(err)) {
		return nil, ErrTooBroad
	}
	return res, err
}

// isTooBroad reports whether Bleve refused to look at so many words. It has no
// error value for that.
func isTooBroad(err error) bool {
	return strings.Contains(err.Error(), "TooMany")
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

func (r *Request) compile(now time.Time) query.Query {
	c := &compiler{now: now}
	parts := []query.Query{}
	if r.Query != nil {
		parts = append(parts, c.compile(r.Query.root))
	} else {
		parts = append(parts, bleve.NewMatchAllQuery())
	}
	var tags [3]string
	single := 0
	for _, f := range r.Filter {
		alternatives := make([]query.Query, len(f.Values))
		for i, v := range f.Values {
			alternatives[i] = c.field(field{f.Name, v})
		}
		parts = append(parts, bleve.NewDisjunctionQuery(alternatives...))
		if slot, ok := map[string]int{"topic": 0, "stance": 1, "actor": 2}[f.Name]; ok && len(f.Values) == 1 {
			tags[slot] = f.Values[0]
			single++
		}
	}
	if single > 1 {
		parts = append(parts, term("tag", tagTerm(tags[0], tags[1], tags[2])))
	}
	if !r.From.IsZero() || !r.To.IsZero() {
		to := r.To
		if to.IsZero() {
			to = time.Unix(1<<40, 0)
		}
		parts = append(parts, window(r.From, to))
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return bleve.NewConjunctionQuery(parts...)
}

// key names a search, so that a cursor of another one is refused.
func (r *Request) key() string {
	h := sha256.Sum256(fmt.Appendf(nil, "%s\n%v\n%d %d\n%s", r.Query, r.Filter, r.From.Unix(), r.To.Unix(), r.sort()))
	return hex.EncodeToString(h[:8])
}

func readCursor(s, key string, keys int) ([]string, error) {
	data, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return nil, ErrCursor
	}
	var c cursor
	if err := json.Unmarshal(data, &c); err != nil || c.Search != key || len(c.After) != keys {
		return nil, ErrCursor
	}
	return c.After, nil
}

func result(res *bleve.SearchResult, order search.SortOrder, key string, limit int) *Result {
	out := &Result{Total: res.Total, Took: res.Took, Facets: make(map[string][]Count)}
	for _, h := range res.Hits {
		out.Hits = append(out.Hits, Hit{h.ID, h.Score})
	}
	for name, f := range res.Facets {
		counts := []Count{}
		for _, t := range f.Terms.Terms() {
			counts = append(counts, Count{t.Term, t.Count})
		}
		out.Facets[name] = counts
	}
	if n := len(res.Hits); n == limit && n > 0 {
		last := res.Hits[n-1]
		data, err := json.Marshal(cursor{key, sortKeys(order, last)})
		if err == nil { // strings always marshal
			out.Next = base64.RawURLEncoding.EncodeToString(data)
		}
	}
	return out
}
