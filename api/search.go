package api

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"palabre/index"
	"palabre/statement"
	"palabre/store"
)

// Criteria choose statements: words and tags in the query language, and filters
// beside it. Empty ones choose everything.
type Criteria struct {
	Q       string `query:"q" maxLength:"4096" doc:"Words, \"phrases\", AND, OR, NOT, brackets and fields such as stance:pro"`
	Topic   string `query:"topic" maxLength:"100" example:"dialogue"`
	Stance  string `query:"stance" enum:"pro,anti,conditional,mixed"`
	Actor   string `query:"actor" maxLength:"100" example:"jnim"`
	Speaker string `query:"speaker" maxLength:"100"`
	Source  string `query:"source" maxLength:"100"`
	Lang    string `query:"lang" maxLength:"35" example:"fr"`
	Kind    string `query:"kind" maxLength:"100"`
	Place   string `query:"place" maxLength:"100"`
	Reason  string `query:"reason" maxLength:"100" doc:"Reason of a signal that the statement raised"`
	From    string `query:"from" maxLength:"35" doc:"First day, month or year, such as 2020-03"`
	To      string `query:"to" maxLength:"35" doc:"Last day, month or year"`
	Sort    string `query:"sort" enum:"relevance,newest,oldest" doc:"Relevance where there are words, else newest first"`
	Limit   int    `query:"limit" minimum:"1" maximum:"200" default:"20"`
	Cursor  string `query:"cursor" maxLength:"1000"`

	Histogram index.Interval `query:"histogram" enum:"day,week,month" doc:"Count what is found by day, ISO week or month"`
	First     bool           `query:"first" doc:"Tell which of all that is found was said first"`
}

// criterion is a filter that is set.
type criterion struct{ Name, Value string }

// tags lists the filters that the index knows as fields, in the order in which
// people are shown them.
func (c *Criteria) tags() []criterion {
	return []criterion{
		{"topic", c.Topic},
		{"stance", c.Stance},
		{"actor", c.Actor},
		{"speaker", c.Speaker},
		{"source", c.Source},
		{"lang", c.Lang},
		{"kind", c.Kind},
		{"place", c.Place},
		{"reason", c.Reason},
	}
}

// Filters lists the filters that are set, dates included.
func (c *Criteria) Filters() []criterion {
	var out []criterion
	for _, f := range append(c.tags(), criterion{"from", c.From}, criterion{"to", c.To}) {
		if f.Value != "" {
			out = append(out, f)
		}
	}
	return out
}

// values are the criteria as they stand in an address, without the place of the
// page.
func (c *Criteria) values() url.Values {
	v := make(url.Values)
	for _, f := range append(c.Filters(), criterion{"q", c.Q}, criterion{"sort", c.Sort}) {
		if f.Value != "" {
			v.Set(f.Name, f.Value)
		}
	}
	return v
}

// request is what the index is asked.
func (c *Criteria) request(ctx context.Context, queries *index.Reader) (index.Request, error) {
	q, err := queries.Parse(ctx, c.Q)
	if err != nil {
		return index.Request{}, err
	}
	switch sort := index.Sort(c.Sort); sort {
	case "", index.Relevance, index.Newest, index.Oldest:
	default:
		return index.Request{}, fmt.Errorf("%w: sort %q is not relevance, newest or oldest", errBadInput, c.Sort)
	}
	r := index.Request{Query: q, Limit: c.Limit, Cursor: c.Cursor, Sort: index.Sort(c.Sort), Facets: true, Histogram: c.Histogram}
	for _, f := range c.tags() {
		if f.Value != "" {
			r.Filter = append(r.Filter, index.Filter{Name: f.Name, Values: []string{f.Value}})
		}
	}
	if c.From != "" {
		d, err := statement.ParseDate(c.From, "query")
		if err != nil {
			return index.Request{}, fmt.Errorf("%w: from: %w", errBadInput, err)
		}
		r.From = d.Time
	}
	if c.To != "" {
		d, err := statement.ParseDate(c.To, "query")
		if err != nil {
			return index.Request{}, fmt.Errorf("%w: to: %w", errBadInput, err)
		}
		r.To = d.End()
	}
	if !r.From.IsZero() && !r.To.IsZero() && !r.From.Before(r.To) {
		return index.Request{}, fmt.Errorf("%w: from %s lies behind to %s", errBadInput, c.From, c.To)
	}
	return r, nil
}

// Fragment is a piece of a snippet. Mark is true where the query's words are.
type Fragment struct {
	Text string `json:"text"`
	Mark bool   `json:"mark"`
}

// Hit is a statement that was found.
type Hit struct {
	ID            string             `json:"id"`
	Title         string             `json:"title"`
	Lang          string             `json:"lang"`
	Source        string             `json:"source"`
	Outlet        string             `json:"outlet"`
	Grade         statement.Grade    `json:"grade" doc:"Reliability of the source, A to F; empty if it has none"`
	Kind          statement.Kind     `json:"kind"`
	Date          string             `json:"date" doc:"When it was said, else published, else first seen"`
	Published     string             `json:"published" doc:"When its source claims to have published it; empty if it does not"`
	Snippet       string             `json:"snippet" doc:"Plain text around the words found"`
	Fragments     []Fragment         `json:"fragments" doc:"The snippet in pieces that say what was found"`
	Positions     []Position         `json:"positions"`
	Reasons       []statement.Reason `json:"reasons" doc:"Of the signals that it raised"`
	Reconstructed bool               `json:"reconstructed"`
	Judged        int                `json:"judged" doc:"Positions that people confirmed, corrected or added"`
	Score         float64            `json:"score"`
}

// Bucket is a stretch of time with the number of statements in it.
type Bucket struct {
	Start string `json:"start" doc:"Its first day" example:"2020-03-02"`
	Count int    `json:"count"`
}

// Found is a page of hits. Total, Facets, Histogram and First are of all pages.
type Found struct {
	Total    uint64                   `json:"total"`
	Hits     []Hit                    `json:"hits"`
	Facets   map[string][]index.Count `json:"facets"`
	Concepts []index.Concept          `json:"concepts" doc:"What the query's words name, with the names in every script that are looked for in their place"`
	Next     string                   `json:"next" doc:"Cursor of the next page; empty at the end"`

	Histogram []Bucket `json:"histogram,omitempty" doc:"If asked for: oldest first, by date said, else published, else first seen; without empty buckets"`
	First     *Hit     `json:"first,omitempty" doc:"If asked for: the statement that was said first"`
}

type searchOutput struct {
	Body *Found
}

func (s *server) getSearch(ctx context.Context, in *Criteria) (*searchOutput, error) {
	found, err := Search(ctx, s.store, s.index, in)
	return &searchOutput{found}, err
}

// Search answers as /api/v1/search does, for programs that run in the same
// process.
func Search(ctx context.Context, st *store.Store, ix *index.Index, c *Criteria) (*Found, error) {
	request, err := c.request(ctx, ix.Reader())
	if err != nil {
		return nil, err
	}
	result, err := ix.Search(ctx, request)
	if err != nil {
		return nil, err
	}
	out := &Found{Total: result.Total, Facets: result.Facets, Concepts: orEmpty(request.Query.Concepts()), Next: result.Next}
	if out.Hits, err = hitsOf(ctx, st, result.Hits, request.Query); err != nil {
		return nil, err
	}
	if r := bucketsOf(result.Histogram); len(r) > 0 {
		out.Histogram = r
	}
	if c.First && result.First != "" {
		first, err := hitsOf(ctx, st, []index.Hit{{ID: result.First}}, request.Query)
		if err != nil {
			return nil, err
		}
		if len(first) > 0 {
			out.First = &first[0]
		}
	}
	return out, nil
}

// hitsOf reads the statements that were found. One that the record no longer has
// is left out.
func hitsOf(ctx context.Context, st *store.Store, found []index.Hit, q *index.Query) ([]Hit, error) {
	ids := make([]string, len(found))
	scores := make(map[string]float64, len(found))
	for i, h := range found {
		ids[i], scores[h.ID] = h.ID, h.Score
	}
	held, err := st.Statements(ctx, ids)
	if err != nil {
		return nil, err
	}
	judged, err := st.Corrections(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]Hit, len(held))
	marker := index.NewMarker(q)
	for i := range held {
		out[i] = hitOf(&held[i], marker)
		out[i].Score, out[i].Judged = scores[out[i].ID], len(judged[out[i].ID])
	}
	return out, nil
}

func hitOf(h *store.Held, m *index.Marker) Hit {
	st := &h.Statement
	hit := Hit{
		ID: st.Of, Title: st.Title, Lang: mainLang(st, h.Reading.Langs), Source: st.Source, Outlet: st.Outlet, Grade: st.Grade, Kind: st.Kind,
		Date: st.When().String(), Published: st.Published.String(), Positions: positionsOf(h.Reading.Positions),
		Reasons: orEmpty(h.Reasons), Reconstructed: st.Reconstructed,
	}
	hit.Fragments = fragmentsOf(m.Snippet(st.Title, st.Text))
	var text strings.Builder
	for _, f := range hit.Fragments {
		text.WriteString(f.Text)
	}
	hit.Snippet = text.String()
	return hit
}

// fragmentsOf cuts a snippet at its marks, with an ellipsis where text is left out.
func fragmentsOf(f index.Fragment) []Fragment {
	out := []Fragment{}
	add := func(text string, mark bool) {
		if text != "" {
			out = append(out, Fragment{text, mark})
		}
	}
	if f.Cut {
		add("… ", false)
	}
	at := 0
	for _, m := range f.Marks {
		if m.Start < at || m.End > len(f.Text) {
			continue
		}
		add(f.Text[at:m.Start], false)
		add(f.Text[m.Start:m.End], true)
		at = m.End
	}
	add(f.Text[at:], false)
	if f.More {
		add(" …", false)
	}
	return out
}

// mainLang is the language of a statement: the one that it declares, else that
// of its longest run.
func mainLang(st *statement.Statement, langs []statement.LangRun) string {
	if st.Lang != "" {
		return st.Lang
	}
	lang, longest := "", 0
	for _, r := range langs {
		if n := r.End - r.Start; n > longest && r.Lang != "und" {
			lang, longest = r.Lang, n
		}
	}
	return lang
}
