package api

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"palabre/digest/export"
	"palabre/index"
	"palabre/statement"
	"palabre/store"
)

// SavedSearch is a query that somebody keeps under a name.
type SavedSearch struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Query string `json:"query"`
	Owner string `json:"owner"`
	RSS   string `json:"rss" doc:"Path of its feed in RSS 2.0"`
	Atom  string `json:"atom" doc:"Path of its feed in Atom"`
}

type searchesOutput struct {
	Body struct {
		Searches []SavedSearch `json:"searches"`
	}
}

// mostSearches is how many searches can be kept.
const mostSearches = 1000

// FeedChoice is what a feed of a search can be asked.
type FeedChoice struct {
	Mark  string `query:"mark" maxLength:"30" doc:"Handling mark, as for exports: TLP:AMBER if left out"`
	Lang  string `query:"lang_out" enum:"en,fr,ar" doc:"Of what is written for people: English if left out"`
	Known string `header:"If-None-Match" maxLength:"200"`
	base  string
}

// Resolve notes under which address the site was asked.
func (in *FeedChoice) Resolve(ctx huma.Context) []error {
	in.base = siteOf(ctx)
	return nil
}

// address is that of a feed as it was asked for.
func (in *FeedChoice) address(path string, choice url.Values) string {
	for name, value := range map[string]string{"mark": in.Mark, "lang_out": in.Lang} {
		if value != "" {
			choice.Set(name, value)
		}
	}
	if len(choice) > 0 {
		path += "?" + choice.Encode()
	}
	return path
}

type savedFeedInput struct {
	File string `path:"file" maxLength:"200" doc:"ID of the saved search and .rss or .atom"`
	FeedChoice
}

type rssInput struct {
	Criteria
	FeedChoice
}

// routeSearches registers saved searches and the feeds of searches.
func (s *server) routeSearches() {
	handle(s, huma.Operation{
		OperationID: "list-searches", Method: http.MethodGet, Path: "/api/v1/searches", Tags: []string{"search"},
		Summary:     "List saved searches, by name",
		Description: "They are saved and dropped at the desk. A name can stand in a query.",
	}, s.getSearches)
	feed := func(op huma.Operation) huma.Operation {
		op.Method, op.Tags = http.MethodGet, []string{"search"}
		op.Description = fmt.Sprintf("The newest %d statements that it finds, by when they were said. A feed is a window and no export: it is not noted at the desk.", feedSize)
		op.Responses = map[string]*huma.Response{
			"200": {Description: "The feed", Content: map[string]*huma.MediaType{
				"application/rss+xml": {Schema: &huma.Schema{Type: huma.TypeString}}, "application/atom+xml": {Schema: &huma.Schema{Type: huma.TypeString}},
			}},
			"304": {Description: "It is as it was"},
		}
		return op
	}
	handle(s, feed(huma.Operation{
		OperationID: "feed-saved-search", Path: "/feeds/searches/{file}", Summary: "A saved search as an RSS 2.0 or Atom feed", Errors: []int{http.StatusNotFound},
	}), s.getSavedFeed)
	for _, f := range []export.Format{export.RSS, export.Atom} {
		handle(s, feed(huma.Operation{
			OperationID: "feed-search-" + string(f), Path: "/feeds/search." + string(f), Summary: "Any search as a feed, " + string(f),
		}), func(ctx context.Context, in *rssInput) (*feedOutput, error) {
			return s.searchFeed(ctx, f, &in.Criteria, &in.FeedChoice, "", "/feeds/search."+string(f), in.values())
		})
	}
}

func (s *server) getSearches(ctx context.Context, _ *struct{}) (*searchesOutput, error) {
	list, err := s.store.SavedSearches(ctx)
	if err != nil {
		return nil, err
	}
	var out searchesOutput
	out.Body.Searches = make([]SavedSearch, len(list))
	for i, v := range list {
		path := "/feeds/searches/" + url.PathEscape(v.ID)
		out.Body.Searches[i] = SavedSearch{v.ID, v.Name, v.Query, v.Owner, path + ".rss", path + ".atom"}
	}
	return &out, nil
}

func (s *server) getSavedFeed(ctx context.Context, in *savedFeedInput) (*feedOutput, error) {
	id, format, _ := strings.Cut(in.File, ".")
	f := export.Format(format)
	if f != export.RSS && f != export.Atom {
		return nil, fmt.Errorf("%w: a feed ends with .rss or .atom", store.ErrNotFound)
	}
	v, err := s.store.SavedSearch(ctx, id)
	if err != nil {
		return nil, err
	}
	return s.searchFeed(ctx, f, &Criteria{Q: v.Query}, &in.FeedChoice, v.Name, "/feeds/searches/"+url.PathEscape(in.File), make(url.Values))
}

// searchFeed writes the newest statements that a search finds. It says the same
// until another one comes. Path and choice are its address, to which what is chosen
// of the feed is added.
func (s *server) searchFeed(ctx context.Context, f export.Format, c *Criteria, in *FeedChoice, title, path string, choice url.Values) (*feedOutput, error) {
	mark, err := export.ParseMark(cmp.Or(in.Mark, string(statement.Amber)))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errBadInput, err)
	}
	request, err := c.request(ctx, s.index.Reader())
	if err != nil {
		return nil, err
	}
	request.Sort, request.Limit, request.Facets, request.Cursor = index.Newest, feedSize, false, ""
	result, err := s.index.Search(ctx, request)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(result.Hits))
	for i, h := range result.Hits {
		ids[i] = h.ID
	}
	held, err := s.store.Statements(ctx, ids)
	if err != nil {
		return nil, err
	}
	base := cmp.Or(s.base, in.base)
	e := &Extraction{format: f, first: held, more: noMore, about: export.About{
		Query: c.asked(&request), Window: c.window(), Expected: len(held), At: latest(held), Mark: mark, Lang: cmp.Or(in.Lang, "en"), Title: title,
		Base: base, Self: base + in.address(path, choice), Registry: s.reg,
	}}
	if e.outlets, err = s.outletNames(ctx); err != nil {
		return nil, err
	}
	var text bytes.Buffer
	if _, err := e.Write(ctx, &text, nil); err != nil {
		return nil, err
	}
	return feedAnswer(text.Bytes(), f.MediaType(), in.Known), nil
}

func noMore(context.Context) ([]store.Held, error) { return nil, nil }

// latest is when the statement arrived that came last; the day if there is none.
func latest(held []store.Held) time.Time {
	var at time.Time
	for i := range held {
		if t := held[i].Statement.Fetched; t.After(at) {
			at = t
		}
	}
	if at.IsZero() {
		at = time.Now().Truncate(24 * time.Hour)
	}
	return at.UTC()
}

// searchAsked returns the search that a person wants to keep. Its query must be
// one, and its name free.
func (s *server) searchAsked(ctx context.Context, a *Act, e *statement.DeskEvent) (any, error) {
	name := strings.Join(strings.Fields(a.Name), " ")
	switch n := utf8.RuneCountInString(name); {
	case n == 0:
		return nil, rejected("name is empty: say what the search is called")
	case n > longestName:
		return nil, rejected("the name has %d letters, the most is %d", n, longestName)
	case !utf8.ValidString(name) || strings.IndexFunc(name, unseen) >= 0 || strings.ContainsAny(name, `"“”«»`):
		return nil, rejected("the name has quotation marks, or letters that cannot be seen")
	}
	query := strings.TrimSpace(a.Query)
	if query == "" {
		return nil, rejected("query is empty: say what the search looks for")
	}
	known, err := s.store.SavedSearches(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.checkSaved(ctx, known, &statement.SavedSearch{ID: e.Subject, Name: name, Query: query}); err != nil {
		return nil, err
	}
	own := slices.IndexFunc(known, func(v statement.SavedSearch) bool { return v.ID == e.Subject })
	taken := slices.IndexFunc(known, func(v statement.SavedSearch) bool { return store.FoldName(v.Name) == store.FoldName(name) })
	switch {
	case e.Subject != "" && own < 0:
		return nil, rejected("there is no saved search %q", plain(e.Subject))
	case taken >= 0 && known[taken].ID != e.Subject:
		return nil, rejected("a search %q is there already: choose another name, or change that one", plain(known[taken].Name))
	case e.Subject == "" && len(known) >= mostSearches:
		return nil, rejected("%d searches are kept, and no more can be: drop one", len(known))
	}
	v := statement.SavedSearch{Name: name, Query: query, Owner: e.Who}
	if own >= 0 {
		v.Owner = known[own].Owner
	}
	return v, nil
}

// checkSaved reads the query of a search as it will be read once it is kept, so
// that none leads back to itself.
func (s *server) checkSaved(ctx context.Context, known []statement.SavedSearch, v *statement.SavedSearch) error {
	then := append(withoutSearch(known, v.ID), *v)
	if err := s.readerOf(then).Check(ctx, v.Query); err != nil {
		return rejected("query: %s", err)
	}
	return s.checkNamed(ctx, known, then)
}

// checkDropped looks that no other search names the one that is dropped.
func (s *server) checkDropped(ctx context.Context, id string) error {
	if _, err := s.store.SavedSearch(ctx, id); err != nil {
		return missing(err, "saved search", id)
	}
	known, err := s.store.SavedSearches(ctx)
	if err != nil {
		return err
	}
	return s.checkNamed(ctx, known, withoutSearch(known, id))
}

// checkNamed looks that every saved search that can be read can be read still when
// they have changed: a search may name another.
func (s *server) checkNamed(ctx context.Context, known, then []statement.SavedSearch) error {
	now, later := s.readerOf(known), s.readerOf(then)
	for i := range then {
		q := then[i].Query
		if err := later.Check(ctx, q); err != nil && now.Check(ctx, q) == nil {
			return rejected("the saved search %q would not work any more: %s", plain(then[i].Name), err)
		}
	}
	return nil
}

// readerOf reads queries as if these were the saved searches.
func (s *server) readerOf(saved []statement.SavedSearch) *index.Reader {
	return &index.Reader{Lexicon: s.index.Reader().Lexicon, Saved: func(context.Context) ([]statement.SavedSearch, error) { return saved, nil }}
}

// withoutSearch returns the searches but for one.
func withoutSearch(list []statement.SavedSearch, id string) []statement.SavedSearch {
	return slices.DeleteFunc(slices.Clone(list), func(v statement.SavedSearch) bool { return v.ID == id })
}
