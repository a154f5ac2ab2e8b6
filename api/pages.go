package api

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"hash/fnv"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"golang.org/x/text/language"

	"palabre/statement"
	"palabre/store"
)

//go:embed web
var webFiles embed.FS

// pages draws what people see, in each of its tongues.
type pages struct {
	tongues  []*tongue
	matcher  language.Matcher                         // finds one of them for a browser
	views    map[string]map[string]*template.Template // by language and name
	versions map[string]string                        // of the static files, by name
	outline  *outline                                 // of the map
}

// viewNames are the pages, each a file of templates.
var viewNames = []string{"search", "statement", "actor", "actors", "sources", "source", "sourceform", "alerts", "event", "demands", "topics", "places", "place", "handover", "who", "audit", "explain", "rules", "rule", "overlay", "try", "digests", "digest", "board", "error"}

// newPages parses every page together with the layout around it.
func newPages(reg *statement.Registry) (*pages, error) {
	p := &pages{views: make(map[string]map[string]*template.Template), versions: make(map[string]string)}
	static, err := fs.ReadDir(webFiles, "web/static")
	if err != nil {
		return nil, fmt.Errorf("read static files: %w", err)
	}
	for _, f := range static {
		data, err := webFiles.ReadFile("web/static/" + f.Name())
		if err != nil {
			return nil, fmt.Errorf("read static files: %w", err)
		}
		h := fnv.New64a()
		h.Write(data)
		p.versions[f.Name()] = fmt.Sprintf("%x", h.Sum64())
	}
	if p.outline, err = readOutline(); err != nil {
		return nil, err
	}
	if p.tongues, err = newTongues(reg); err != nil {
		return nil, err
	}
	tags := make([]language.Tag, len(p.tongues))
	for i, t := range p.tongues {
		tags[i] = language.MustParse(t.Lang)
		if p.views[t.Lang], err = p.parse(t); err != nil {
			return nil, err
		}
	}
	p.matcher = language.NewMatcher(tags)
	return p, nil
}

// parse reads every page in a tongue.
func (p *pages) parse(t *tongue) (map[string]*template.Template, error) {
	layout, err := template.New("").Funcs(p.functions(t)).ParseFS(webFiles, "web/layout.html", "web/parts/*.html")
	if err != nil {
		return nil, fmt.Errorf("parse layout: %w", err)
	}
	views := make(map[string]*template.Template, len(viewNames))
	for _, name := range viewNames {
		view, err := layout.Clone()
		if err == nil {
			view, err = view.ParseFS(webFiles, "web/"+name+".html")
		}
		if err != nil {
			return nil, fmt.Errorf("parse page %s: %w", name, err)
		}
		views[name] = view
	}
	return views, nil
}

// frame is what every page shows around its own content.
type frame struct {
	Title    string
	Criteria Criteria
	Problem  *problem // of the query
	Gist     store.Gist
	Desk     *deskBar // nil where nothing can be done
	Later    string   // address of the first page, if this is a further one
	Earlier  string   // address of the next page
	Here     string   // address of this page
	Sections []link   // of the site
	Styles   []string // that the page needs besides, by file
	Scripts  []string
	tongue   *tongue
	outlets  map[string]string
	origins  map[string]provenance // of statements that are quoted, by ID
}

// EarlierText names the next page of a list.
func (f *frame) EarlierText() phrase {
	if f.Criteria.Filters() != nil || f.Criteria.Q != "" {
		return say("More")
	}
	return say("Earlier")
}

// link is an address with its text.
type link struct {
	Text, Link string
	On         bool
}

// SourceName returns the name of a source or outlet, or its ID.
func (f *frame) SourceName(id string) string {
	if name := f.outlets[id]; name != "" {
		return f.tongue.outlet(name)
	}
	return id
}

// bareFrame is a frame without anything out of the record.
func (s *server) bareFrame(r *http.Request, title phrase) frame {
	t := s.tongueOf(r)
	return frame{Title: t.in(title), Here: "/", Sections: sections(t, noSection), tongue: t}
}

// noSection is that of pages that belong to none.
const noSection = "-"

// sections are the parts of the site. The frame's section is one of their
// addresses without its slash.
func sections(t *tongue, on string) []link {
	var out []link
	for _, s := range []struct {
		section string
		name    phrase
	}{
		{"", say("Watch desk")},
		{"search", say("Search")},
		{"actors", say("Actors")},
		{"topics", say("Topics")},
		{"places", say("Places")},
		{"demands", say("Conditions")},
		{"alerts", say("Alerts")},
		{"digests", say("Digests")},
		{"sources", say("Sources")},
		{"handover", say("Hand-over")},
		{"rules", say("Rules")},
		{"audit", say("Audit")},
	} {
		out = append(out, link{Text: t.in(s.name), Link: "/" + s.section, On: s.section == on})
	}
	return out
}

// frame reads what every page needs from the record.
func (s *server) frame(r *http.Request, section string, title phrase) (frame, error) {
	ctx, t := r.Context(), s.tongueOf(r)
	f := frame{Title: t.in(title), Here: backOf(r.URL), Sections: sections(t, section), tongue: t}
	var err error
	if f.Gist, err = s.store.Gist(ctx); err != nil {
		return f, err
	}
	f.outlets, err = s.outletNames(ctx)
	return f, err
}

// outletNames returns the names of the configured sources by their IDs.
func (s *server) outletNames(ctx context.Context) (map[string]string, error) {
	return outletNames(ctx, s.store)
}

func outletNames(ctx context.Context, st *store.Store) (map[string]string, error) {
	sources, err := st.Sources(ctx)
	if err != nil {
		return nil, err
	}
	names := make(map[string]string, len(sources))
	for i := range sources {
		names[sources[i].ID] = plain(sources[i].Name)
	}
	return names, nil
}

// page is a handler that fills a view or fails.
type page func(r *http.Request) (view string, data any, err error)

func (s *server) routePages() {
	for pattern, p := range map[string]page{
		"GET " + searchPath:    s.searchPage,
		"GET /statements/{id}": s.statementPage,
		"GET /actors":          s.actorsPage,
		"GET /actors/{id}":     s.actorPage,
		"GET /sources":         s.sourcesPage,
		"GET /sources/{id}":    s.sourcePage,
		"GET /sources/new":     s.newSource,
		"POST /sources/new":    s.trySource,
		"GET /alerts":          s.alertsPage,
		"GET /events/{id}":     s.eventPage,
		"GET /demands":         s.demandsPage,
		"GET /topics":          s.topicsPage,
		"GET /topics/{topic}":  s.topicsPage,
		"GET /places":          s.placesPage,
		"GET /places/{id}":     s.placePage,
		"GET /handover":        s.handOverPage,
		"GET /audit":           s.auditPage,
		"GET /rules":           s.rulesPage,
		"GET /rules/overlay":   s.overlayForm,
		"POST /rules/overlay":  s.tryOverlay,
		"GET /rules/try":       s.tryForm,
		"POST /rules/try":      s.tryText,
		"GET /rules/{name}":    s.rulePage,

		"GET /digests":             s.digestsPage,
		"GET /digests/{period...}": s.digestPage,

		"GET /statements/{id}/explain": s.explainPage,
	} {
		s.mux.HandleFunc(pattern, s.serve(p))
	}
	s.mux.HandleFunc("GET /{$}", s.soughtHere(s.serve(s.front)))
	s.mux.HandleFunc("GET "+searchPath+"/complete", s.completeSearch)
	s.routeBoard()
	s.mux.HandleFunc("GET /handover.txt", s.handOverFile)
	s.mux.HandleFunc("POST /desk", s.deskPost)
	s.mux.HandleFunc("GET /language/{lang}", s.chooseLanguage)
	s.mux.HandleFunc("GET /static/{name}", s.static)
	s.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if allowed := s.methods(r); allowed != "" {
			w.Header().Set("Allow", allowed)
			s.refuse(w, r, newProblem(http.StatusMethodNotAllowed, fmt.Sprintf("%s is not one of %s", r.Method, allowed)))
			return
		}
		s.refuse(w, r, newProblem(http.StatusNotFound, "There is nothing at this address."))
	})
}

// serve draws a page, or says why not.
func (s *server) serve(p page) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		view, data, err := p(r)
		if err != nil {
			fault := describe(err)
			s.logHidden(r.Context(), fault.Status, err)
			s.refuse(w, r, fault)
			return
		}
		status := http.StatusOK
		if h, ok := data.(*searchPage); ok && h.Problem != nil {
			status = h.Problem.Status
		}
		s.draw(w, r, status, view, data)
	}
}

// draw renders before it sends, so that no half page goes out.
func (s *server) draw(w http.ResponseWriter, r *http.Request, status int, view string, data any) {
	s.drawPart(w, r, status, view, "layout", data)
}

// drawPart renders one of a view's templates.
func (s *server) drawPart(w http.ResponseWriter, r *http.Request, status int, view, part string, data any) {
	var b bytes.Buffer
	if err := s.pages.views[s.tongueOf(r).Lang][view].ExecuteTemplate(&b, part, data); err != nil {
		s.logHidden(r.Context(), http.StatusInternalServerError, fmt.Errorf("draw page %s: %w", view, err))
		writeProblem(w, newProblem(http.StatusInternalServerError, "the page could not be drawn; the log says why"))
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // whoever asked has gone
}

// refuse answers with a problem: a page for people, JSON for programs.
func (s *server) refuse(w http.ResponseWriter, r *http.Request, fault *problem) {
	if !forPeople(r) {
		writeProblem(w, fault)
		return
	}
	s.draw(w, r, fault.Status, "error", &errorPage{s.bareFrame(r, say("%s", fault.Title)), fault})
}

type errorPage struct {
	frame
	Fault *problem
}

// static serves the embedded style, script and icon. An address with the right
// version never changes.
func (s *server) static(w http.ResponseWriter, r *http.Request) {
	name := path.Base(r.PathValue("name"))
	version, ok := s.pages.versions[name]
	if !ok {
		s.refuse(w, r, newProblem(http.StatusNotFound, "There is nothing at this address."))
		return
	}
	if r.URL.Query().Get("v") == version || path.Ext(name) == ".woff2" { // a face has its version in its style's address
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	http.ServeFileFS(w, r, webFiles, "web/static/"+name)
}

// forPeople reports whether an answer goes to a page rather than to a program.
func forPeople(r *http.Request) bool {
	return !strings.HasPrefix(r.URL.Path, "/api/") && strings.Contains(r.Header.Get("Accept"), "text/html")
}
