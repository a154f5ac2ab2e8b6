package api

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"palabre/index"
	"palabre/statement"
)

const (
	hitsOnPage  = 20
	facetValues = 8
)

// homePage is what a search found.
type homePage struct {
	frame
	Found                  *Found
	Alert                  string // address at which somebody is told of what the search will find
	Active                 []facetLink
	Facets                 []facet
	Sorts                  []link
	Behind                 int64 // changes that the index does not have yet
	Before, Stopped, After string
}

// facet is a property with links that narrow a search down.
type facet struct {
	Title  string
	Values []facetLink
}

type facetLink struct {
	Name, Text, Link string
	N                int
}

func (s *server) home(r *http.Request) (string, any, error) {
	ctx, q := r.Context(), r.URL.Query()
	f, err := s.frame(r, "", phrase{})
	if err != nil {
		return "", nil, err
	}
	page := &homePage{frame: f}
	page.Criteria = criteriaOf(q)
	page.Sections, page.Title = sections(page.tongue, noSection), page.tongue.say("Search")
	return "home", page, s.fillResults(ctx, page)
}

// criteriaOf reads the criteria of a page's address.
func criteriaOf(q url.Values) Criteria {
	return Criteria{
		Q: q.Get("q"), Topic: q.Get("topic"), Stance: q.Get("stance"), Actor: q.Get("actor"), Speaker: q.Get("speaker"), Source: q.Get("source"),
		Lang: q.Get("lang"), Kind: q.Get("kind"), Place: q.Get("place"), Reason: q.Get("reason"), From: q.Get("from"), To: q.Get("to"),
		Sort: q.Get("sort"), Limit: hitsOnPage, Cursor: q.Get("cursor"),
	}
}

// link is the address of the page with these criteria.
func (c *Criteria) link() string {
	if v := c.values(); len(v) > 0 {
		return "/?" + v.Encode()
	}
	return "/"
}

// with is the address of the page with one criterion changed.
func (c *Criteria) with(name, value string) string {
	v := c.values()
	if v.Set(name, value); value == "" {
		v.Del(name)
	}
	if len(v) == 0 {
		return "/"
	}
	return "/?" + v.Encode()
}

// WithoutFilters is the address of the search for the words alone.
func (p *homePage) WithoutFilters() string { return (&Criteria{Q: p.Criteria.Q}).link() }

func (s *server) fillResults(ctx context.Context, p *homePage) error {
	found, err := Search(ctx, s.store, s.index, &p.Criteria)
	if err != nil {
		var syntax *index.SyntaxError
		if errors.As(err, &syntax) {
			p.Problem = describe(err)
			p.Before, p.Stopped, p.After = around(p.Criteria.Q, syntax.Column)
			return nil
		}
		return err
	}
	p.Found = found
	p.Behind = max(0, p.Totals.Head-s.index.Applied())
	c := p.Criteria
	if s.act != nil {
		p.Alert = c.AlertLink()
	}
	if c.Cursor != "" {
		p.Later = c.link()
	}
	if found.Next != "" {
		p.Earlier = c.with("cursor", found.Next)
	}
	w := p.tongue
	for _, f := range c.Filters() {
		p.Active = append(p.Active, facetLink{Name: w.in(facetTitle(f.Name)), Text: w.value(&p.frame, f.Name, f.Value), Link: c.with(f.Name, "")})
	}
	for _, o := range []struct {
		sort index.Sort
		text phrase
	}{{index.Relevance, say("Best match")}, {index.Newest, say("Newest")}, {index.Oldest, say("Oldest")}} {
		on := c.Sort == string(o.sort) || c.Sort == "" && (o.sort == index.Relevance) == (c.Q != "") && o.sort != index.Oldest
		p.Sorts = append(p.Sorts, link{Text: w.in(o.text), Link: c.with("sort", string(o.sort)), On: on})
	}
	p.Facets = p.facets()
	return nil
}

// around cuts a query where reading stopped. column counts characters from 1.
func around(query string, column int) (before, stopped, after string) {
	runes := []rune(query)
	at := min(max(column-1, 0), len(runes))
	end := min(at+1, len(runes))
	return plain(string(runes[:at])), plain(string(runes[at:end])), plain(string(runes[end:]))
}

// facets lists, for each property that is not chosen yet, its commonest values.
func (p *homePage) facets() []facet {
	chosen := make(map[string]bool)
	for _, f := range p.Criteria.Filters() {
		chosen[f.Name] = true
	}
	var out []facet
	for _, name := range []string{"topic", "stance", "actor", "speaker", "source", "lang", "kind", "place", "reason", "month"} {
		counts := p.Found.Facets[name]
		if len(counts) == 0 || chosen[name] || name == "month" && (chosen["from"] || chosen["to"]) {
			continue
		}
		f := facet{Title: p.tongue.in(facetTitle(name))}
		for _, c := range counts[:min(len(counts), facetValues)] {
			f.Values = append(f.Values, facetLink{Name: name, Text: p.tongue.value(&p.frame, name, c.Value), Link: p.narrow(name, c.Value), N: c.Count})
		}
		out = append(out, f)
	}
	return out
}

// narrow is the address of the search with a facet's value chosen. A month is a
// span of dates.
func (p *homePage) narrow(name, value string) string {
	if name != "month" {
		return p.Criteria.with(name, value)
	}
	c := p.Criteria
	c.From, c.To = value, value
	return c.link()
}

func facetTitle(name string) phrase {
	switch name {
	case "topic":
		return say("Topic")
	case "stance":
		return say("Stance")
	case "actor":
		return say("Actor")
	case "speaker":
		return say("Speaker")
	case "source":
		return say("Source")
	case "lang":
		return say("Language")
	case "kind":
		return say("Kind")
	case "place":
		return say("Place")
	case "reason":
		return say("Signal")
	case "month":
		return say("Month")
	case "from":
		return say("From")
	case "to":
		return say("Until")
	}
	return say("%s", name)
}

// value names a facet's value.
func (t *tongue) value(f *frame, name, value string) string {
	switch name {
	case "topic":
		return t.topic(statement.Topic(value))
	case "stance":
		return statement.Stance(value).Glyph() + " " + t.stance(statement.Stance(value))
	case "actor":
		return t.actor(value)
	case "speaker":
		return t.person(value)
	case "source":
		return f.SourceName(value)
	case "lang":
		return t.language(value)
	case "kind":
		return t.kind(statement.Kind(value))
	case "place":
		return t.place(value)
	case "reason":
		return t.reason(statement.Reason(value))
	case "month", "from", "to":
		return t.date(value)
	}
	return plain(value)
}
