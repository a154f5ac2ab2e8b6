package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"

	"palabre/statement"
)

// entry is an item of the feed that the test plays.
type entry struct{ guid, title, text string }

func rss(label string, entries ...entry) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<?xml version="1.0" encoding="%s"?><rss version="2.0"><channel><title>Essai</title>`, label)
	for i, e := range entries {
		fmt.Fprintf(&b, `<item><guid isPermaLink="false">%s</guid><title>%s</title><description>%s</description><pubDate>Mon, %02d Mar 2024 10:00:00 GMT</pubDate></item>`,
			e.guid, e.title, e.text, i+1)
	}
	b.WriteString(`</channel></rss>`)
	return b.String()
}

// step is one state of the server and what the record must hold after a check.
type step struct {
	name   string
	answer http.HandlerFunc

	outcome    statement.Outcome
	reason     string // part of the reason
	statements int    // in the record
	revisions  int    // of all statements together
}

func body(contentType, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		_, _ = io.WriteString(w, text) // the client may go away
	}
}

func steps(t *testing.T) []step {
	a := entry{"a", "Le gouvernement ouvre le dialogue", "Le gouvernement du Mali accepte le dialogue avec le JNIM."}
	b := entry{"b", "Communiqué", "Première version du texte."}
	edited := entry{"b", "Communiqué", "Deuxième version du texte."}
	c := entry{"c", "Barkhane", "La France maintient ses troupes au Mali."}
	renamed := entry{"a-2", a.title, a.text}
	d := entry{"d", "Quatre", "Un quatrième texte."}
	f := entry{"f", "Négocié", "À l'évidence, un cinquième texte a été négocié."}
	latin1, err := charmap.ISO8859_1.NewEncoder().String(rss("UTF-8", f, d, renamed, edited, c))
	if err != nil {
		t.Fatal(err)
	}
	tagged := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"v3"`)
		if r.Header.Get("If-None-Match") == `"v3"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		_, _ = io.WriteString(w, rss("UTF-8", renamed, edited, c))
	}
	const xml = "application/rss+xml"
	return []step{
		{"first", body(xml, rss("UTF-8", a, b)), statement.OutcomeNew, "", 2, 2},
		{"the same again", body(xml, rss("UTF-8", a, b)), statement.OutcomeUnchanged, "", 2, 2},
		{"grown and edited", body(xml, rss("UTF-8", a, edited, c)), statement.OutcomeNew, "", 3, 4},
		{"an item under a new GUID", tagged, statement.OutcomeNothingNew, "", 3, 4},
		{"304", tagged, statement.OutcomeUnchanged, "", 3, 4},
		{"429", refuse(http.StatusTooManyRequests, "Retry-After", "120"), statement.OutcomeRateLimited, "429 Too Many Requests, retry after 120 s", 3, 4},
		{"500", refuse(http.StatusInternalServerError), statement.OutcomeServerError, "500 Internal Server Error", 3, 4},
		{"redirect loop", refuse(http.StatusFound, "Location", "/feed"), statement.OutcomeRedirect, "redirect loop", 3, 4},
		{"not a feed", body("text/html", "<html><body>Maintenance</body></html>"), statement.OutcomeMalformed, "not a feed", 3, 4},
		{
			"a broken item among good ones",
			body(xml, strings.Replace(rss("UTF-8", renamed, entry{"x", "&broken; <b", "y</i>"}, d), "</item>", "</item>", 1)),
			statement.OutcomePartial, "item 2", 4, 5,
		},
		{"Latin-1 under a UTF-8 label", body(xml+"; charset=utf-8", latin1), statement.OutcomeNew, "", 5, 6},
	}
}

func refuse(code int, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
	}
}

// TestFeed plays a feed as feeds are in practice and compares, after each check,
// what the record holds and what the API says of the source.
func TestFeed(t *testing.T) {
	t.Parallel()
	var current atomic.Pointer[http.HandlerFunc]
	mux := http.NewServeMux()
	mux.HandleFunc("/feed", func(w http.ResponseWriter, r *http.Request) { (*current.Load())(w, r) })
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)

	dir := t.TempDir()
	list := fmt.Sprintf("sources:\n  - {id: essai, name: Essai, kind: feed, url: %q, lang: fr, grade: C, schedule: \"0 0 1 1 *\"}\n", server.URL+"/feed")
	if err := os.WriteFile(filepath.Join(dir, sourcesFile), []byte(list), 0o600); err != nil {
		t.Fatal(err)
	}
	p := start(t, dir, "--no-sources")
	for _, s := range steps(t) {
		current.Store(&s.answer)
		status, _, errOut := call(t, "", "poll", "essai", "--allow-private", "--data", dir, "--log-level", "error")
		if failed := s.outcome.Failed(); (status != exitOK) != failed {
			t.Errorf("%s: exit status %d: %s", s.name, status, errOut)
		}
		var sources struct {
			Sources []struct {
				ID      string            `json:"id"`
				Outcome statement.Outcome `json:"outcome"`
				Reason  string            `json:"reason"`
			} `json:"sources"`
		}
		p.get("/api/v1/sources", &sources)
		found := false
		for _, src := range sources.Sources {
			if src.ID != "essai" {
				continue
			}
			found = true
			if src.Outcome != s.outcome || !strings.Contains(src.Reason, s.reason) {
				t.Errorf("%s: the API says %q (%s), want %q (%s)", s.name, src.Outcome, src.Reason, s.outcome, s.reason)
			}
		}
		if !found {
			t.Fatalf("%s: the API does not know the source", s.name)
		}
		statements, revisions := p.count("source:essai")
		if statements != s.statements || revisions != s.revisions {
			t.Errorf("%s: %d statements in %d revisions, want %d in %d", s.name, statements, revisions, s.statements, s.revisions)
		}
	}
	var got held
	p.get("/api/v1/search?q=source:essai+cinqui%C3%A8me", &got)
	if len(got.Hits) != 1 {
		t.Fatalf("the Latin-1 item is not found")
	}
	var text struct {
		Title string `json:"title"`
		Text  string `json:"text"`
	}
	p.get("/api/v1/statements/"+got.Hits[0].ID, &text)
	if diff := cmp.Diff("À l'évidence, un cinquième texte a été négocié.", text.Text); diff != "" {
		t.Errorf("Latin-1 text (-want +got):\n%s", diff)
	}
}

// count returns how many statements match, and how many revisions they have,
// once the index has caught up.
func (p *process) count(query string) (statements, revisions int) {
	p.t.Helper()
	p.settle()
	var found held
	p.get("/api/v1/search?limit=100&q="+query, &found)
	for _, h := range found.Hits {
		var s struct {
			Revision int `json:"revision"`
		}
		p.get("/api/v1/statements/"+h.ID, &s)
		revisions += s.Revision
	}
	return found.Total, revisions
}

// settle waits until nothing is under way.
func (p *process) settle() {
	p.t.Helper()
	eventually(p.t, "the index has caught up", func() bool {
		resp, err := http.Get(p.url + "/readyz")
		if err != nil {
			return false
		}
		defer resp.Body.Close()
		text, err := io.ReadAll(resp.Body)
		return err == nil && strings.Contains(string(text), `"0 changes behind"`) && strings.Contains(string(text), ", 0 without a record")
	})
}
