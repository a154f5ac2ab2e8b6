package api

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"palabre/digest/export"
	"palabre/index"
	"palabre/statement"
	"palabre/store"
)

const (
	hitsOnPage  = 20
	similarHits = 20
	mostAdvice  = 6 // filters of which an empty page says what leaving them out would find
)

// searchPage is what a search found, or why it found nothing.
type searchPage struct {
	frame
	Found    *Found
	First    *Hit // that was said first, where it is not the first on the page anyway
	Chips    []conceptChips
	Active   []facetLink
	Facets   []facet
	Sorts    []link
	Chart    *timeChart
	Take     *take
	Saved    []savedRow
	Examples []example
	Advice   []facetLink // other searches, where this one finds nothing
	Behind   int64       // changes that the index does not have yet
	Like     *Hit        // the statement that the hits are like; nil for a search
	Wrong    *wrongQuery
}

// example is a query that leads somewhere, with what it shows.
type example struct {
	Query, Link string
	Says        phrase
}

// take is what can be done with what a search finds.
type take struct {
	Query     string // with all filters
	Alert     string // address at which somebody is told of what the search will find
	RSS, Atom string // addresses of its feeds
	Criteria  []criterion
	Formats   []criterion // with their names
	Marks     []statement.Mark
	Usual     statement.Mark
	Act       bool   // searches can be saved here
	Me        string // who sits at the browser
	Back      string
	Name      string // that was refused
	Mistakes  []string
}

// savedRow is a saved search with its addresses.
type savedRow struct {
	statement.SavedSearch
	Link, RSS, Atom string
	On              bool // it is the one that is shown
}

func (s *server) searchPage(r *http.Request) (string, any, error) {
	page, err := s.search(r)
	return "search", page, err
}

func (s *server) search(r *http.Request) (*searchPage, error) {
	ctx, q := r.Context(), r.URL.Query()
	f, err := s.frame(r, "search", say("Search"))
	if err != nil {
		return nil, err
	}
	page := &searchPage{frame: f, Examples: examples()}
	page.Styles, page.Scripts = []string{"search.css"}, []string{"search.js"}
	if page.Desk, err = s.bar(r); err != nil {
		return nil, err
	}
	if page.Desk != nil {
		page.Desk.Own = true
	}
	if id := q.Get("like"); id != "" {
		return page, s.fillLike(ctx, page, id)
	}
	page.Criteria = criteriaOf(q)
	if page.Criteria.Q != "" {
		page.Title = page.tongue.say("%s: %s", page.tongue.say("Search"), page.Criteria.Q)
	}
	err = s.fillFound(ctx, page)
	if fault := describe(err); err != nil && fault.Status == http.StatusBadRequest {
		page.Found, page.Problem, err = nil, fault, nil
		page.Wrong = wrongIn(page.tongue, &page.Criteria, fault)
	}
	if err == nil {
		err = s.fillSaved(ctx, page)
	}
	return page, err
}

// fillFound searches, and says everything about what was found.
func (s *server) fillFound(ctx context.Context, p *searchPage) error {
	c := p.Criteria
	c.Histogram, c.First = index.ByDay, c.Cursor == "" && c.Sort != string(index.Oldest)
	found, err := Search(ctx, s.store, s.index, &c)
	if err != nil {
		return err
	}
	c.Histogram, c.First = "", false
	p.Found = found
	p.Behind = max(0, p.Gist.Head-s.index.Applied())
	if f := found.First; f != nil && found.Total > 1 && len(found.Hits) > 0 && found.Hits[0].ID != f.ID {
		p.First = f
	}
	if c.Cursor != "" {
		p.Later = c.link()
	}
	if found.Next != "" {
		p.Earlier = c.with("cursor", found.Next)
	}
	if p.Chips, err = s.chips(ctx, p.tongue, &c, found.Concepts); err != nil {
		return err
	}
	p.Active, p.Facets, p.Sorts, p.Take = p.active(), p.facets(), p.sorts(), s.take(p)
	if p.Chart, err = s.timeChart(ctx, p.tongue, &c, found); err != nil {
		return err
	}
	if found.Total == 0 {
		p.Advice, err = s.advice(ctx, p)
	}
	return err
}

// fillLike finds the statements that are most like one.
func (s *server) fillLike(ctx context.Context, p *searchPage, id string) error {
	held, err := s.store.Statements(ctx, []string{id})
	if err != nil {
		return err
	}
	if len(held) == 0 {
		return store.ErrNotFound
	}
	h := &held[0]
	like := hitOf(h, index.NewMarker(nil))
	p.Like, p.Title = &like, p.tongue.say("More like this")
	near, err := s.index.Similar(ctx, index.Doc{Statement: &h.Statement, Reading: &h.Reading, Reasons: h.Reasons}, similarHits)
	if err != nil {
		return err
	}
	p.Found = new(Found)
	if p.Found.Hits, err = hitsOf(ctx, s.store, near, nil); err != nil {
		return err
	}
	p.Found.Total = uint64(len(p.Found.Hits))
	return s.fillSaved(ctx, p)
}

func (s *server) fillSaved(ctx context.Context, p *searchPage) error {
	list, err := s.store.SavedSearches(ctx)
	if err != nil {
		return err
	}
	now := ""
	if p.Like == nil {
		now = p.Criteria.InWords()
	}
	for _, v := range list {
		feed := "/feeds/searches/" + url.PathEscape(v.ID)
		p.Saved = append(p.Saved, savedRow{v, (&Criteria{Q: v.Query}).link(), feed + ".rss", feed + ".atom", v.Query == now})
	}
	return nil
}

// sorts are the orders in which hits can be shown.
func (p *searchPage) sorts() []link {
	c := &p.Criteria
	var out []link
	for _, o := range []struct {
		sort index.Sort
		text phrase
	}{{index.Relevance, say("Best match")}, {index.Newest, say("Newest")}, {index.Oldest, say("Oldest")}} {
		on := c.Sort == string(o.sort) || c.Sort == "" && (o.sort == index.Relevance) == (c.Q != "") && o.sort != index.Oldest
		out = append(out, link{Text: p.tongue.in(o.text), Link: c.with("sort", string(o.sort)), On: on})
	}
	return out
}

// take says what can be done with the search.
func (s *server) take(p *searchPage) *take {
	c := &p.Criteria
	v := c.values()
	v.Set("lang_out", p.tongue.Lang)
	t := &take{
		Query: c.InWords(), RSS: "/feeds/search.rss?" + v.Encode(), Atom: "/feeds/search.atom?" + v.Encode(),
		Criteria: append(c.Filters(), criterion{"q", c.Q}, criterion{"sort", c.Sort}, criterion{"lang_out", p.tongue.Lang}),
		Formats:  formatNames(p.tongue), Marks: statement.Marks, Usual: statement.Amber, Act: s.act != nil, Back: c.link(),
	}
	if t.Act {
		t.Alert = c.AlertLink()
	}
	if p.Desk != nil {
		t.Me = p.Desk.Me
	}
	return t
}

// formatNames are the formats of exports with what people call them.
func formatNames(t *tongue) []criterion {
	var out []criterion
	for _, f := range export.Formats {
		name := strings.ToUpper(string(f))
		switch f {
		case export.CSV:
			name = t.say("CSV, for tables")
		case export.XLSX:
			name = t.say("XLSX, for Excel")
		case export.JSONL:
			name = t.say("JSON lines, for programs")
		case export.STIX:
			name = "STIX 2.1"
		case export.Atom:
			name = "Atom"
		case export.Citations:
			name = t.say("Citations, for reports")
		}
		out = append(out, criterion{string(f), name})
	}
	return out
}

// advice proposes other searches, with how much each finds: words that are spelt
// otherwise, dates and actors that are taken for more than words, and what can be
// left out.
func (s *server) advice(ctx context.Context, p *searchPage) ([]facetLink, error) {
	c := p.Criteria
	c.Cursor = ""
	q, err := s.index.Reader().Parse(ctx, c.Q)
	if err != nil {
		return nil, err
	}
	near, err := s.index.Spell(ctx, q)
	if err != nil {
		return nil, err
	}
	var out []facetLink
	if len(near) > 0 {
		spelt := c
		for _, n := range near {
			spelt.Q = strings.Replace(spelt.Q, n.Typed, n.Meant, 1)
		}
		out = append(out, facetLink{Name: p.tongue.say("Did you mean"), Text: plain(spelt.Q), Link: spelt.link()})
	}
	propose := func(name string, q *index.Query) {
		if q != nil {
			other := c
			other.Q = q.String()
			out = append(out, facetLink{Name: name, Text: plain(other.Q), Link: other.link()})
		}
	}
	dated := q.Dated()
	if dated == nil {
		dated = q
	}
	propose(p.tongue.say("Positions, whatever their words"), dated.Spoken())
	if dated != q {
		propose(p.tongue.say("At that time"), dated)
	}
	for _, f := range p.Active[:min(len(p.Active), mostAdvice)] {
		out = append(out, facetLink{Name: p.tongue.say("Without"), Text: p.tongue.say("%s: %s", f.Name, f.Text), Link: f.Link})
	}
	fewer := dated.Fewer()
	for _, f := range fewer[:min(len(fewer), mostAdvice)] {
		propose(p.tongue.say("Without %s", plain(f.Left)), f.Query)
	}
	var worth []facetLink
	for _, a := range out {
		other := criteriaAt(a.Link)
		request, err := other.request(ctx, s.index.Reader())
		if err != nil {
			return nil, err
		}
		request.Limit, request.Facets = 1, false
		result, err := s.index.Search(ctx, request)
		if err != nil {
			return nil, err
		}
		if a.N = int(result.Total); a.N > 0 {
			worth = append(worth, a)
		}
	}
	return worth, nil
}

// criteriaAt are the criteria in an address of this page.
func criteriaAt(address string) *Criteria {
	_, query, _ := strings.Cut(address, "?")
	v, err := url.ParseQuery(query)
	if err != nil {
		v = nil // this page writes no such address
	}
	c := criteriaOf(v)
	return &c
}

// WithoutFilters is the address of the search for the words alone.
func (p *searchPage) WithoutFilters() string { return (&Criteria{Q: p.Criteria.Q}).link() }

// Begun reports whether something is searched for at all.
func (p *searchPage) Begun() bool { return len(p.Criteria.values()) > 0 || p.Like != nil }

// FirstHand reports whether a hit has a position in the actor's own words.
func (h Hit) FirstHand() bool {
	for i := range h.Positions {
		if h.Positions[i].FirstHand {
			return true
		}
	}
	return false
}

// examples are queries for a newcomer, in several scripts.
func examples() []example {
	var out []example
	for _, e := range []example{
		{Query: "Koufa", Says: say("a name: it stands for all its spellings, in every script")},
		{Query: "négociation OR مفاوضات", Says: say("either word, in any of its forms")},
		{Query: "actor:jnim stance:conditional", Says: say("what JNIM said on a condition")},
		{Query: `"retrait des troupes" -source:rfi`, Says: say("words in this order, but not from RFI")},
		{Query: "Mali OR مالي OR ߡߊߟߌ", Says: say("a word in Latin, Arabic or N’Ko letters")},
		{Query: "MINUSMA NEAR/10 retrait date:2020/", Says: say("two words close to each other, since 2020")},
	} {
		e.Link = (&Criteria{Q: e.Query}).link()
		out = append(out, e)
	}
	return out
}

// searchAgain shows a search again with why it could not be saved.
func (s *server) searchAgain(w http.ResponseWriter, r *http.Request, f *form, fault error) {
	again := r.Clone(r.Context())
	back, err := url.Parse(f.back())
	if err == nil {
		again.URL = back
	}
	page, err := s.search(again)
	if err == nil && page.Take == nil {
		err = fault
	}
	if err != nil {
		p := describe(errors.Join(fault, err))
		s.logHidden(r.Context(), p.Status, err)
		s.refuse(w, r, p)
		return
	}
	page.Take.Name, page.Take.Mistakes = f.text("name"), mistakesIn(fault)
	s.draw(w, r, http.StatusUnprocessableEntity, "search", page)
}
