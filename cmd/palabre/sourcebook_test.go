package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"palabre/seeds"
)

// quietSources is a list in which no built-in source is fetched, and more.
func quietSources(t *testing.T, more string) string {
	t.Helper()
	built, err := seeds.Sources()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("sources:\n")
	for _, s := range built {
		fmt.Fprintf(&b, "  - {id: %s, name: %q, kind: hand, grade: F}\n", s.ID, s.Name)
	}
	return b.String() + more
}

// newsroom is a feed that grows.
func newsroom(t *testing.T) (address string, publish func(title string)) {
	t.Helper()
	var entries atomic.Pointer[[]entry]
	publish = func(title string) {
		list := []entry{{guid: title, title: title, text: "Le gouvernement du Mali accepte le dialogue avec le JNIM : " + title}}
		if old := entries.Load(); old != nil {
			list = append(list, *old...)
		}
		entries.Store(&list)
	}
	publish("Première dépêche")
	mux := http.NewServeMux()
	mux.HandleFunc("/feed", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/rss+xml")
		_, _ = io.WriteString(w, rss("UTF-8", *entries.Load()...)) // the client may go away
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL + "/feed", publish
}

// act does something at the desk of a server and returns how that is answered.
func (p *process) act(action, subject, more string) (int, string) {
	p.t.Helper()
	resp, err := http.Post(p.url+"/api/v1/desk", "application/json", strings.NewReader(fmt.Sprintf(`{"who":"Awa","action":%q,"subject":%q%s}`, action, subject, more)))
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

func (p *process) mustAct(action, subject, more string) {
	p.t.Helper()
	if status, body := p.act(action, subject, more); status != http.StatusAccepted {
		p.t.Fatalf("%s of %s is answered with %d: %s", action, subject, status, body)
	}
}

// listed is a source as the API lists it.
type listed struct {
	ID, Outcome, Halted      string
	Paused, Retired, Entered bool
	Statements               int
}

// source returns how a source is listed; one that is not has no ID.
func (p *process) source(id string) listed {
	p.t.Helper()
	var page struct{ Sources []listed }
	p.get("/api/v1/sources", &page)
	for _, s := range page.Sources {
		if s.ID == id {
			return s
		}
	}
	return listed{}
}

// TestSourceFromTheDesk enters a source over the API while the server runs, sees
// it fetched, asks for it again, pauses, resumes and removes it; the desk's word
// outlives the server. A source that comes into the operator's list is fetched,
// too.
func TestSourceFromTheDesk(t *testing.T) {
	t.Parallel()
	address, publish := newsroom(t)
	dir := t.TempDir()
	writeFile(t, dir, sourcesFile, quietSources(t, ""))
	p := start(t, dir, "--allow-private")
	entry := func(address, schedule string) string {
		return fmt.Sprintf(`,"source":{"name":"Newsroom","kind":"feed","url":%q,"lang":"fr","grade":"C","schedule":%q}`, address, schedule)
	}
	for _, bad := range []struct{ subject, more, says string }{
		{"newsroom", entry("file:///etc/passwd", "@hourly"), "not an http or https address"},
		{"newsroom", entry("http://me:secret@example.org/", "@hourly"), "name and password"},
		{"newsroom", entry(address, "61 * * * *"), "schedule"},
		{"Newsroom!", entry(address, "@hourly"), "id"},
		{"rfi", entry(address, "@hourly"), "stands in the list"},
		{"new", entry(address, "@hourly"), "cannot have the ID"},
		{"newsroom", "", "say what it is to be"},
	} {
		if status, body := p.act("put-source", bad.subject, bad.more); status != http.StatusUnprocessableEntity || !strings.Contains(body, bad.says) {
			t.Errorf("%s with %s is answered with %d: %s", bad.subject, bad.more, status, body)
		}
	}
	p.mustAct("put-source", "newsroom", entry(address, "0 0 1 1 *"))
	eventually(t, "the entered source is fetched", func() bool { return p.source("newsroom").Statements == 1 })
	publish("Deuxième dépêche")
	p.mustAct("poll", "newsroom", "")
	eventually(t, "the source that was asked for is fetched", func() bool { return p.source("newsroom").Statements == 2 })
	p.mustAct("pause-source", "newsroom", "")
	eventually(t, "it is paused", func() bool { s := p.source("newsroom"); return s.Paused && s.Halted == "Awa" })
	if status, body := p.act("pause-source", "newsroom", ""); status != http.StatusUnprocessableEntity {
		t.Errorf("paused twice: %d %s", status, body)
	}
	if err := p.stop(syscall.SIGTERM); err != nil {
		t.Fatalf("the server ends with %v: %s", err, p.stderr)
	}
	p = start(t, dir, "--allow-private")
	if s := p.source("newsroom"); !s.Paused || !s.Entered || s.Statements != 2 {
		t.Errorf("after the server was stopped: %+v", s)
	}
	p.mustAct("resume-source", "newsroom", "")
	eventually(t, "it goes on", func() bool { return !p.source("newsroom").Paused })
	p.mustAct("drop-source", "newsroom", "")
	eventually(t, "it is retired", func() bool { return p.source("newsroom").Retired })
	writeFile(t, dir, sourcesFile, quietSources(t, fmt.Sprintf("  - {id: listed, name: Listed, kind: feed, url: %q, lang: fr, grade: C, schedule: \"0 0 1 1 *\"}\n", address)))
	eventually(t, "what was written into the list is fetched", func() bool { return p.source("listed").Statements == 2 })
	if status, body := p.act("drop-source", "listed", ""); status != http.StatusUnprocessableEntity || !strings.Contains(body, "list of sources") {
		t.Errorf("a listed source is removed at the desk: %d %s", status, body)
	}
}

// TestSourceIsTried tests a source from the page: with a server that may reach
// private addresses it shows what would come in and keeps nothing; another one is
// not let into the house.
func TestSourceIsTried(t *testing.T) {
	t.Parallel()
	address, _ := newsroom(t)
	for _, c := range []struct {
		args  []string
		shows string
	}{
		{[]string{"--no-sources", "--allow-private"}, "Première dépêche"},
		{[]string{"--no-sources"}, "The address is not a public one"},
	} {
		p := start(t, t.TempDir(), c.args...)
		resp, err := http.PostForm(p.url+"/sources/new", url.Values{"url": {address}})
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || resp.StatusCode != http.StatusOK || !strings.Contains(string(body), c.shows) {
			t.Errorf("%v: %s, %v, without %q", c.args, resp.Status, err, c.shows)
		}
		var found struct{ Total int }
		p.get("/api/v1/search?q=d%C3%A9p%C3%AAche+Premi%C3%A8re", &found)
		if found.Total > 0 {
			t.Errorf("%v: a test was kept", c.args)
		}
		status, text := p.act("poll", "rfi", "")
		var problem struct{ Detail string }
		if err := json.Unmarshal([]byte(text), &problem); err != nil || status != http.StatusUnprocessableEntity || !strings.Contains(problem.Detail, "--no-sources") {
			t.Errorf("%v: asked to fetch, it answers %d: %s", c.args, status, text)
		}
	}
}
