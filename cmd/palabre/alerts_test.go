package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	webhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"palabre/alert"
)

// webhookKey signs the alerts of these tests.
const webhookKey = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

// inbox is a receiver of webhooks that keeps what it was sent.
type inbox struct {
	t    *testing.T
	url  string
	mu   sync.Mutex
	sent []alert.Body
	ids  map[string]bool
}

func newInbox(t *testing.T) *inbox {
	t.Helper()
	verify, err := webhooks.NewWebhook(webhookKey)
	if err != nil {
		t.Fatal(err)
	}
	in := &inbox{t: t, ids: make(map[string]bool)}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		data, err := io.ReadAll(r.Body)
		if err == nil {
			err = verify.Verify(data, r.Header)
		}
		var body alert.Body
		if err == nil {
			err = json.Unmarshal(data, &body)
		}
		if err != nil {
			t.Errorf("webhook: %v", err)
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		in.mu.Lock()
		defer in.mu.Unlock()
		if !in.ids[body.ID] {
			in.ids[body.ID] = true
			in.sent = append(in.sent, body)
		}
	}))
	t.Cleanup(server.Close)
	in.url = server.URL
	return in
}

// all lists what was sent, a line each.
func (in *inbox) all() []string {
	in.mu.Lock()
	defer in.mu.Unlock()
	var out []string
	for _, b := range in.sent {
		line := b.Type
		for _, s := range b.Signals {
			line += fmt.Sprintf(" %s %s %s %s %s", s.Reason, s.Actor, s.Topic, s.Target, s.To)
		}
		out = append(out, line)
	}
	return out
}

// expect waits until exactly these were sent.
func (in *inbox) expect(step string, want ...string) {
	in.t.Helper()
	eventually(in.t, step+": "+strings.Join(want, ", "), func() bool { return len(in.all()) >= len(want) })
	if got := in.all(); strings.Join(got, "\n") != strings.Join(want, "\n") {
		in.t.Fatalf("%s: sent\n%s\nwant\n%s", step, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// writeReceivers makes the inbox the one receiver of everything.
func (in *inbox) writeReceivers(dir string) {
	in.t.Helper()
	text := fmt.Sprintf("receivers:\n  - {id: desk, name: Desk, webhook: %q, secret: %q}\n", in.url, webhookKey)
	if err := os.WriteFile(filepath.Join(dir, receiversFile), []byte(text), 0o600); err != nil {
		in.t.Fatal(err)
	}
}

// writeRewrites writes the communiqué, and its copies and rewrites, as lines to
// import. They are of the last days, and begin at an hour from which "yesterday" is
// in each of them the day that it is meant to be.
func writeRewrites(t *testing.T, dir string) (first, rest string) {
	t.Helper()
	var lines []string
	begun := time.Now().UTC().Add(-72 * time.Hour).Truncate(24 * time.Hour).Add(6 * time.Hour)
	err := eachLine(filepath.Join("testdata", "rewrites.jsonl"), func(r *rewrite) error {
		line := map[string]string{
			"id": r.ID, "outlet": r.Outlet, "kind": string(r.Kind), "lang": r.Lang, "title": r.Title, "text": r.Text,
			"published": begun.Add(time.Duration(r.After * float64(time.Hour))).Format(time.RFC3339),
		}
		data, err := json.Marshal(line)
		lines = append(lines, string(data)+"\n")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return writeFile(t, dir, "first.jsonl", lines[0]), writeFile(t, dir, "rest.jsonl", strings.Join(lines[1:], ""))
}

func writeFile(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// must runs a command that has to succeed.
func must(t *testing.T, args ...string) string {
	t.Helper()
	status, out, errOut := call(t, "", append(args, "--log-level", "error")...)
	if status != exitOK {
		t.Fatalf("palabre %s ends with %d: %s", strings.Join(args, " "), status, errOut)
	}
	return out
}

// TestEachOnce takes forty copies and rewrites of one communiqué by twelve
// sources in three languages: they make one alert. Nothing that is done to the
// record after makes another; a rule that reads a stance the other way round
// makes one correction.
func TestEachOnce(t *testing.T) {
	t.Parallel()
	in, dir, files := newInbox(t), t.TempDir(), t.TempDir()
	in.writeReceivers(dir)
	rules := func(stance string) {
		writeFile(t, dir, "rules/en/mine.rules", strings.ReplaceAll(yodelRule, "anti", stance))
	}
	rules("anti")
	says := func(n int, text string) string {
		return writeFile(t, files, fmt.Sprintf("says-%d.jsonl", n), fmt.Sprintf(
			`{"id":"says-%d","lang":"en","kind":"communique","issuer":"mali-government","published":%q,"title":"Statement %d","text":%q}`+"\n",
			n, time.Now().UTC().Format(time.RFC3339), n, text))
	}
	serve := func() *process { return start(t, dir, "--no-sources", "--private-webhooks") }
	stop := func(p *process) {
		t.Helper()
		p.settle()
		if err := p.stop(syscall.SIGTERM); err != nil {
			t.Fatalf("the server ends with %v: %s", err, p.stderr)
		}
	}

	p := serve()
	first, rest := writeRewrites(t, files)
	must(t, "import", first, "--data", dir)
	must(t, "import", rest, "--data", dir)
	p.settle()
	one := "alert.new condition-changed jnim dialogue mali-government conditional"
	in.expect("copies and rewrites", one)
	var record struct{ Events []struct{ Outlets int } }
	p.get("/api/v1/actors/jnim", &record)
	if len(record.Events) == 0 || record.Events[0].Outlets != 12 {
		t.Errorf("events of jnim are %+v, want the newest to be told by twelve outlets", record.Events)
	}
	must(t, "import", says(1, "The Malian government yodelled at talks with JNIM."), "--data", dir)
	anti := "alert.new first mali-government dialogue jnim anti"
	in.expect("a change of course", one, anti)
	stop(p)

	backup := filepath.Join(files, "record.db")
	must(t, "backup", backup, "--data", dir)
	writeFile(t, dir, "rules/en/more.rules", strings.ReplaceAll(yodelRule, "yodel", "warble"))
	must(t, "reclassify", "--data", dir)
	if err := os.RemoveAll(filepath.Join(dir, streamDir)); err != nil {
		t.Fatal(err)
	}
	p = serve()
	must(t, "import", says(2, "Mali rejects the presence of Russian troops on its soil."), "--data", dir)
	russian := "alert.new first mali-government foreign_troops russia anti"
	in.expect("after all rules were run again and the streams were lost", one, anti, russian)
	stop(p)

	must(t, "restore", backup, "--data", dir)
	p = serve()
	for _, file := range []string{"first.jsonl", "rest.jsonl", "says-1.jsonl", "says-2.jsonl"} {
		must(t, "import", filepath.Join(files, file), "--data", dir)
	}
	must(t, "import", says(3, "Mali rejects the presence of French troops on its soil."), "--data", dir)
	french := "alert.new shift mali-government foreign_troops france anti"
	in.expect("after a restore", one, anti, russian, french)
	stop(p)

	rules("pro")
	must(t, "reclassify", "--data", dir)
	must(t, "reclassify", "--data", dir)
	p = serve()
	corrected := "alert.corrected first mali-government dialogue jnim anti"
	in.expect("after the rule was turned round", one, anti, russian, french, corrected)
	must(t, "import", says(4, "Mali rejects the presence of American troops on its soil."), "--data", dir)
	in.expect("and once only", one, anti, russian, french, corrected, "alert.new first mali-government foreign_troops us anti")
	stop(p)
}

// TestCrashAfterSending kills the server after a webhook has taken an alert and
// before that is noted: the next one sends the same once more, with the same ID
// and the same bytes, and then nothing.
func TestCrashAfterSending(t *testing.T) {
	t.Parallel()
	type try struct{ id, body string }
	var mu sync.Mutex
	var tries []try
	var p *process
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		data, err := io.ReadAll(r.Body)
		if err != nil {
			return // killed while it sent
		}
		mu.Lock()
		defer mu.Unlock()
		tries = append(tries, try{r.Header.Get("webhook-id"), string(data)})
		if len(tries) == 1 {
			_ = p.stop(syscall.SIGKILL)
		}
	}))
	t.Cleanup(server.Close)
	in, dir := &inbox{t: t, url: server.URL}, t.TempDir()
	in.writeReceivers(dir)
	says := func(text string) string {
		return writeFile(t, t.TempDir(), "says.jsonl", fmt.Sprintf(`{"id":%q,"lang":"en","kind":"communique","issuer":"mali-government","published":%q,"text":%q}`+"\n",
			text, time.Now().UTC().Format(time.RFC3339), text))
	}
	p = start(t, dir, "--no-sources", "--private-webhooks")
	launch(t, "import", says("Mali rejects the presence of Russian troops on its soil."), "--data", dir)
	count := func() int {
		mu.Lock()
		defer mu.Unlock()
		return len(tries)
	}
	eventually(t, "the alert is sent", func() bool { return count() == 1 })
	p = start(t, dir, "--no-sources", "--private-webhooks")
	eventually(t, "it is sent again", func() bool { return count() == 2 })
	must(t, "import", says("Mali rejects the presence of American troops on its soil."), "--data", dir)
	eventually(t, "the next is sent", func() bool { return count() == 3 })
	if tries[0] != tries[1] || tries[2].id == tries[0].id {
		t.Errorf("tries differ:\n%+v", tries)
	}
}

// TestClusterTellsOnce runs two serve nodes around one NATS server: each alert
// is sent by one of them, also when the one that sends is killed.
func TestClusterTellsOnce(t *testing.T) {
	t.Parallel()
	bus := natsServer(t, t.TempDir(), server.RANDOM_PORT)
	t.Cleanup(bus.Shutdown)
	in, address := newInbox(t), bus.ClientURL()
	launch(t, "classify", "--nats", address, "--data", t.TempDir())
	nodes := make([]*process, 2)
	for i := range nodes {
		dir := t.TempDir()
		in.writeReceivers(dir)
		nodes[i] = start(t, dir, "--nats", address, "--node", fmt.Sprint("s", i), "--private-webhooks")
	}
	entry := t.TempDir()
	says := func(force string) {
		t.Helper()
		text := fmt.Sprintf("Mali rejects the presence of %s troops on its soil.", force)
		file := writeFile(t, t.TempDir(), "says.jsonl", fmt.Sprintf(`{"id":%q,"lang":"en","kind":"communique","issuer":"mali-government","published":%q,"text":%q}`+"\n",
			text, time.Now().UTC().Format(time.RFC3339), text))
		must(t, "import", file, "--nats", address, "--node", "i1", "--data", entry)
	}
	const alert = "alert.new first mali-government foreign_troops "
	says("Russian")
	in.expect("two nodes", alert+"russia anti")
	told := func(p *process) int {
		var page struct{ Alerts []struct{ State string } }
		p.get("/api/v1/alerts?state=sent", &page)
		return len(page.Alerts)
	}
	for _, p := range nodes {
		eventually(t, "both know that it was told", func() bool { return told(p) == 1 })
	}
	_ = nodes[0].stop(syscall.SIGKILL)
	says("American")
	in.expect("one node left", alert+"russia anti", alert+"us anti")
	_ = nodes[1].stop(syscall.SIGKILL)
	dir := t.TempDir()
	in.writeReceivers(dir)
	start(t, dir, "--nats", address, "--node", "s2", "--private-webhooks")
	says("French")
	in.expect("a node that is built anew", alert+"russia anti", alert+"us anti", alert+"france anti")
}

// TestReceiverFromTheDesk enters a receiver over the API, which is checked as
// those of the file are, and changes it as it is shown, without its key.
func TestReceiverFromTheDesk(t *testing.T) {
	t.Parallel()
	in := newInbox(t)
	p := start(t, t.TempDir(), "--no-sources", "--private-webhooks")
	act := func(body string) (int, string) {
		t.Helper()
		resp, err := http.Post(p.url+"/api/v1/desk", "application/json", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		text, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, string(text)
	}
	entry := func(url, secret string, paused bool) string {
		return fmt.Sprintf(`{"who":"Awa","action":"receiver","subject":"box","receiver":{"id":"box","name":"Box","lang":"fr","way":{"kind":"webhook","url":%q,"secret":%q},"paused":%t}}`,
			url, secret, paused)
	}
	if status, body := act(entry("ftp://example.org", "no", false)); status != http.StatusUnprocessableEntity || !strings.Contains(body, "way.") {
		t.Errorf("a bad receiver is answered with %d: %s", status, body)
	}
	if status, body := act(entry(in.url+"/hook", webhookKey, false)); status != http.StatusAccepted {
		t.Fatalf("a good one is answered with %d: %s", status, body)
	}
	var page struct {
		Receivers []struct {
			Receiver struct {
				Paused bool
				Way    struct{ URL, Secret string }
			}
		}
	}
	shown := func(paused bool) bool {
		page.Receivers = nil
		p.get("/api/v1/receivers", &page)
		return len(page.Receivers) == 1 && page.Receivers[0].Receiver.Paused == paused
	}
	eventually(t, "it is there", func() bool { return shown(false) })
	if way := page.Receivers[0].Receiver.Way; way.Secret != "" || strings.Contains(way.URL, "hook") {
		t.Errorf("its way is shown: %+v", way)
	}
	for _, paused := range []bool{true, false} {
		if status, body := act(entry(page.Receivers[0].Receiver.Way.URL, "", paused)); status != http.StatusAccepted {
			t.Fatalf("put back as shown, it is answered with %d: %s", status, body)
		}
		eventually(t, "it is changed", func() bool { return shown(paused) })
	}
	if status, body := act(`{"who":"Awa","action":"heartbeat","subject":"box"}`); status != http.StatusAccepted {
		t.Fatalf("a heartbeat is answered with %d: %s", status, body)
	}
	in.expect("a sign of life", "alert.heartbeat")
}
