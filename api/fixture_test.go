package api_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"palabre/alert"
	"palabre/api"
	"palabre/classify"
	"palabre/index"
	"palabre/ingest"
	"palabre/ingest/web"
	"palabre/seeds"
	"palabre/statement"
	"palabre/store"
)

// site is a whole node behind an HTTP server: record, rules, index and pages.
type site struct {
	t     testing.TB
	reg   *statement.Registry
	log   *slog.Logger
	store *store.Store
	index *index.Index
	pack  *classify.Pack
	url   string
	fault error // that Submit and Act return
	check []api.Check
	desk  sync.WaitGroup // what is on its way to the record
}

// rulebook compiles the built-in rules once for all tests.
var rulebook = sync.OnceValues(func() (*classify.Pack, error) {
	reg, err := seeds.Registry()
	if err != nil {
		return nil, err
	}
	rules, err := seeds.Rules()
	if err != nil {
		return nil, err
	}
	return classify.Load(rules, reg)
})

// open starts an empty site.
func open(t testing.TB) *site {
	t.Helper()
	return openOn(t, nil)
}

// openOn starts a site on a copy of a record; nil is an empty one.
func openOn(t testing.TB, record []byte) *site {
	t.Helper()
	reg, err := seeds.Registry()
	must(t, err)
	s := &site{t: t, reg: reg, log: slog.New(slog.DiscardHandler)}
	s.pack, err = rulebook()
	must(t, err)
	dir := t.TempDir()
	path := filepath.Join(dir, "record.db")
	if record != nil {
		must(t, os.WriteFile(path, record, 0o600))
	}
	s.store, err = store.Open(t.Context(), path, store.Options{Registry: reg, Log: s.log})
	must(t, err)
	t.Cleanup(func() { must(t, s.store.Close()) })
	s.index, err = index.Open(t.Context(), filepath.Join(dir, "index"), index.Options{Registry: reg, Saved: s.store.SavedSearches, Log: s.log})
	must(t, err)
	t.Cleanup(func() { must(t, s.index.Close()) })
	t.Cleanup(s.desk.Wait)
	handler, err := api.New(api.Options{
		Store: s.store, Index: s.index, Registry: reg, Submit: s.submit, Act: s.act, Log: s.log,
		Rules:  &api.Rulebook{Pack: func() *classify.Pack { return s.pack }, Over: s.over},
		Checks: func(context.Context) []api.Check { return s.check }, Preview: fetcher(t).Try, Rhythm: alert.Rhythm,
	})
	must(t, err)
	s.url = serve(t, handler)
	return s
}

// fetcher is what tries sources; it may reach this machine.
func fetcher(t testing.TB) *ingest.Ingester {
	t.Helper()
	in := ingest.New(ingest.Options{Web: web.Options{AllowPrivate: true, Rate: 1000}})
	t.Cleanup(in.Close)
	return in
}

// serve starts the server of a node on a port of its own. It is shut down before
// what it answers from is closed.
func serve(t testing.TB, handler http.Handler) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	server := api.Server(handler, slog.New(slog.DiscardHandler))
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 20*time.Second)
		defer cancel()
		must(t, server.Shutdown(ctx))
		if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
	return "http://" + listener.Addr().String()
}

// over returns the built-in rules with a file over them.
func (s *site) over(name, text string) (*classify.Pack, error) {
	rules, err := seeds.Rules()
	if err != nil {
		return nil, err
	}
	return classify.Load(rules, s.reg, fstest.MapFS{name: {Data: []byte(text)}})
}

// act sends what a person did to the record, as the stream does: it arrives a
// little later.
func (s *site) act(ctx context.Context, e statement.DeskEvent) error {
	if s.fault != nil {
		return s.fault
	}
	s.desk.Go(func() {
		if err := s.store.ApplyDesk(context.WithoutCancel(ctx), []statement.DeskEvent{e}); err != nil {
			s.t.Error(err)
		}
	})
	return nil
}

// timeline is the record of the acceptance timeline, filed once for all tests.
var timeline struct {
	once   sync.Once
	record []byte
}

// openTimeline starts a site that holds the acceptance timeline.
func openTimeline(t testing.TB) *site {
	t.Helper()
	timeline.once.Do(func() {
		s := open(t)
		sources, err := seeds.Sources()
		must(t, err)
		must(t, s.store.PutSources(t.Context(), sources))
		list, err := seeds.Timeline()
		must(t, err)
		for i := range list {
			s.file(list[i])
		}
		path := filepath.Join(t.TempDir(), "timeline.db")
		must(t, s.store.Backup(t.Context(), path))
		timeline.record, err = os.ReadFile(path)
		must(t, err)
	})
	if timeline.record == nil {
		t.Fatal("the timeline could not be filed")
	}
	s := openOn(t, timeline.record)
	s.follow()
	return s
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// submit files a hand entry as the node does.
func (s *site) submit(_ context.Context, h api.Hand) (string, error) {
	if s.fault != nil {
		return "", s.fault
	}
	return s.file(statement.Statement{
		Source: "on-file", Key: "hand/" + h.Title, Outlet: h.Outlet, Kind: h.Kind, Title: h.Title, Text: h.Text, Lang: h.Lang, URL: h.URL,
		Said: h.Said, Published: h.Published, Note: h.Note,
	}), nil
}

// file takes a statement through the whole pipeline and returns its ID.
func (s *site) file(st statement.Statement) string {
	s.t.Helper()
	ctx := s.t.Context()
	raw := []byte(st.Title + "\n\n" + st.Text)
	st.Capture = statement.HashBody(raw)
	fetch := &statement.Fetch{
		Captures:   []statement.Capture{{Source: st.Source, URL: "https://example.org/" + st.Key, Status: 200, MediaType: "text/html", Body: raw}},
		Statements: []statement.Statement{st},
		Health:     statement.Health{Source: st.Source, Outcome: statement.OutcomeNew, Checked: time.Date(2021, 12, 10, 9, 30, 0, 0, time.UTC)},
	}
	saved, err := s.store.Save(ctx, fetch)
	must(s.t, err)
	if len(saved.IDs) != 1 {
		s.t.Fatalf("saved %d statements: %v", len(saved.IDs), fetch.Health.Problems)
	}
	s.follow()
	return fetch.Statements[0].Of
}

// follow does what the node's followers do: reads what is in the spool, and
// indexes what changed.
func (s *site) follow() {
	s.t.Helper()
	ctx := s.t.Context()
	waiting, err := s.store.Unpublished(ctx, 512, 0)
	must(s.t, err)
	var records []statement.Record
	for i := range waiting {
		records = append(records, statement.Record{Statement: waiting[i], Reading: s.pack.Read(&waiting[i])})
	}
	_, err = s.store.Apply(ctx, records)
	must(s.t, err)
	changes, err := s.store.Changes(ctx, s.index.Applied(), 1000)
	must(s.t, err)
	if len(changes) == 0 {
		return
	}
	docs := make([]index.Doc, len(changes))
	for i := range changes {
		docs[i] = index.Doc{Statement: &changes[i].Statement, Reading: &changes[i].Reading, Reasons: changes[i].Reasons}
	}
	must(s.t, s.index.Update(ctx, docs, changes[len(changes)-1].Row))
}

// answer is what came back.
type answer struct {
	*http.Response
	body string
}

func (s *site) do(method, path, body string, header ...string) answer {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, strings.NewReader(body))
	must(s.t, err)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(r)
	must(s.t, err)
	data, err := io.ReadAll(resp.Body)
	must(s.t, errors.Join(err, resp.Body.Close()))
	return answer{resp, string(data)}
}

// get asks as a program does and reads the answer into v.
func (s *site) get(path string, v any) {
	s.t.Helper()
	a := s.do(http.MethodGet, path, "")
	if a.StatusCode != http.StatusOK {
		s.t.Fatalf("GET %s: %s\n%s", path, a.Status, a.body)
	}
	if err := json.Unmarshal([]byte(a.body), v); err != nil {
		s.t.Fatalf("GET %s: %v\n%s", path, err, a.body)
	}
}

// page asks as a browser does.
func (s *site) page(path string) answer {
	s.t.Helper()
	return s.do(http.MethodGet, path, "", "Accept", "text/html,application/xhtml+xml")
}
