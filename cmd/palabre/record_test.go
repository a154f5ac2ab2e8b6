package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"palabre/store"
)

// TestSpeeches takes real speeches of the UN General Debate through the
// pipeline, twice.
func TestSpeeches(t *testing.T) {
	t.Parallel()
	file := shared(t, "corpora/ungdc-speeches.jsonl.gz")
	dir := t.TempDir()
	imported := func() (out outcome) {
		status, stdout, stderr := call(t, "", "import", file, "--json", "--data", dir, "--log-level", "error")
		if status != exitOK {
			t.Fatalf("import ends with %d: %s", status, stderr)
		}
		if err := json.Unmarshal([]byte(stdout), &out); err != nil {
			t.Fatal(err)
		}
		return out
	}
	if out := imported(); out.New != 250 || out.Revised+out.Known > 0 {
		t.Errorf("first import: %+v, want 250 new statements", out)
	}
	before := totals(t, dir)
	status, stdout, stderr := call(t, "", "search", "MINUSMA AND withdrawal", "--limit", "50", "--data", dir)
	if status != exitOK || !strings.Contains(stdout, "Mali, UN General Debate 2023") {
		t.Errorf("Mali 2023 is not found: %s%s", stdout, stderr)
	}
	if out := imported(); out.New+out.Revised > 0 || out.Known != 250 {
		t.Errorf("second import: %+v, want 250 known statements", out)
	}
	if after := totals(t, dir); after != before {
		t.Errorf("the second import changed the record from %+v to %+v", before, after)
	}
}

// totals reads what the record holds.
func totals(t *testing.T, dir string) store.Totals {
	t.Helper()
	s, err := store.OpenReadOnly(t.Context(), filepath.Join(dir, recordFile), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	out, err := s.Totals(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// writeStatements writes n statements as lines of JSON, each of its own.
func writeStatements(t *testing.T, n int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "statements.jsonl")
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `{"id":"s%d","lang":"fr","kind":"wire","title":"Dépêche %d","published":"2024-01-02","text":"Le gouvernement du Mali refuse tout dialogue avec le JNIM, a dit le ministre pour la fois numéro%d."}`+"\n", i, i, i)
	}
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestKill kills the program at random moments while statements are imported,
// in every second round together with the server beside which it imports.
func TestKill(t *testing.T) {
	t.Parallel()
	const n, rounds = 5000, 20
	file := writeStatements(t, n)
	dir := t.TempDir()
	for round := range rounds {
		wait := time.Duration(50+rand.IntN(1200)) * time.Millisecond
		var running []*process
		if round%2 == 1 {
			server := launch(t, "serve", "--no-sources", "--data", dir, "--listen", "127.0.0.1:0")
			server.waitFor(regexp.MustCompile(`listening`))
			running = append(running, server)
		}
		running = append(running, launch(t, "import", file, "--data", dir))
		<-time.After(wait)
		for _, p := range running {
			_ = p.stop(syscall.SIGKILL)
		}
	}
	p := start(t, dir, "--no-sources")
	if status, _, stderr := call(t, "", "import", file, "--data", dir, "--log-level", "error"); status != exitOK {
		t.Fatalf("the last import ends with %d: %s", status, stderr)
	}
	p.settle()
	if status, out, stderr := call(t, "", "verify", "--data", dir); status != exitOK {
		t.Errorf("verify ends with %d: %s%s", status, out, stderr)
	}
	p.everyOne(n)
	if err := p.stop(syscall.SIGTERM); err != nil {
		t.Errorf("the server ends with %v: %s", err, p.stderr)
	}

	// The index can be deleted at any time.
	if err := os.RemoveAll(filepath.Join(dir, indexDir)); err != nil {
		t.Fatal(err)
	}
	p = start(t, dir, "--no-sources")
	p.everyOne(n)
}

// everyOne checks that each of n statements is in the record and in the index,
// once.
func (p *process) everyOne(n int) {
	p.t.Helper()
	seen := make(map[string]int)
	cursor := ""
	for {
		var page struct {
			Total int
			Hits  []struct{ Title, Source string }
			Next  string
		}
		p.get("/api/v1/search?limit=100&q=source:on-file&sort=newest&cursor="+url.QueryEscape(cursor), &page)
		for _, h := range page.Hits {
			seen[h.Title]++
		}
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	for i := range n {
		title := fmt.Sprintf("Dépêche %d", i)
		if seen[title] != 1 {
			p.t.Fatalf("%q is found %d times", title, seen[title])
		}
	}
	if len(seen) != n {
		p.t.Errorf("%d statements are found, want %d", len(seen), n)
	}
	var sources struct {
		Sources []struct {
			ID         string
			Statements int
		}
	}
	p.get("/api/v1/sources", &sources)
	for _, s := range sources.Sources {
		if s.ID == onFile && s.Statements != n {
			p.t.Errorf("the record holds %d statements, want %d", s.Statements, n)
		}
	}
}

// natsServer runs a NATS server on dir; its address stays the same.
func natsServer(t *testing.T, dir string, port int) *server.Server {
	t.Helper()
	s, err := server.NewServer(&server.Options{
		Host: "127.0.0.1", Port: port, JetStream: true, StoreDir: dir, SyncAlways: true, MaxPayload: 8 << 20, NoLog: true, NoSigs: true,
		JetStreamMaxStore: 1 << 40, // the streams reserve more than a small disk has
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	if !s.ReadyForConnections(patience) {
		t.Fatal("the NATS server does not start")
	}
	return s
}

// TestLostServer runs the roles as processes around a NATS server that goes away
// while statements are imported and comes back.
func TestLostServer(t *testing.T) {
	t.Parallel()
	const n = 2000
	dir := t.TempDir()
	bus := natsServer(t, dir, server.RANDOM_PORT)
	address := bus.ClientURL()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	port, err := strconv.Atoi(u.Port())
	if err != nil {
		t.Fatal(err)
	}
	launch(t, "classify", "--nats", address, "--data", t.TempDir())
	launch(t, "classify", "--nats", address, "--data", t.TempDir())
	nodes := []*process{start(t, t.TempDir(), "--nats", address, "--node", "s1"), start(t, t.TempDir(), "--nats", address, "--node", "s2")}
	importer := launch(t, "import", writeStatements(t, n), "--nats", address, "--node", "i1", "--data", t.TempDir())
	eventually(t, "some statements have arrived", func() bool {
		var found held
		nodes[0].get("/api/v1/search?limit=1&q=source:on-file", &found)
		return found.Total > 0
	})
	bus.Shutdown()
	bus.WaitForShutdown()
	<-time.After(outage)
	bus = natsServer(t, dir, port)
	t.Cleanup(bus.Shutdown)
	importer.waitFor(regexp.MustCompile(fmt.Sprintf(`^%d new, 0 revised`, n)))
	for _, p := range nodes {
		eventually(t, "every statement has arrived", func() bool {
			var found held
			p.get("/api/v1/search?limit=1&q=source:on-file", &found)
			return found.Total == n
		})
		p.settle()
		p.everyOne(n)
	}
}

// outage is how long the server stays away.
const outage = 2 * time.Second
