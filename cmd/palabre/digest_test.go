package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"golang.org/x/sync/errgroup"

	"palabre/digest"
	"palabre/seeds"
	"palabre/statement"
	"palabre/store"
)

// fileTimeline takes the acceptance timeline through the whole pipeline into a
// data folder.
func fileTimeline(ctx context.Context, dir string) error {
	p, err := openPipeline(ctx, dir, "", natsFlags{}, parts{record: true, index: true, rules: true}, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	err = p.sources.load(ctx)
	ctx, stop := context.WithCancel(ctx)
	var g errgroup.Group
	g.Go(func() error { return p.run(ctx) })
	if err == nil {
		err = p.loadTimeline(ctx)
	}
	stop()
	return errors.Join(err, g.Wait(), p.close())
}

// reader is a browser without a script at the desk of a process.
type reader struct {
	*process
	client *http.Client
}

func (p *process) reader() *reader {
	p.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	return &reader{p, &http.Client{Jar: jar}}
}

// open returns a page.
func (r *reader) open(path string) string {
	r.t.Helper()
	return r.body(r.client.Get(r.url + path))
}

// send sends a form of a page and returns the page that follows.
func (r *reader) send(fields ...string) string {
	r.t.Helper()
	form := url.Values{"who": {"Awa"}}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	return r.body(r.client.PostForm(r.url+"/desk", form))
}

func (r *reader) body(resp *http.Response, err error) string {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
	text, err := io.ReadAll(resp.Body)
	if err = errors.Join(err, resp.Body.Close()); err != nil {
		r.t.Fatal(err)
	}
	return string(text)
}

func (r *reader) shows(page string, texts ...string) {
	r.t.Helper()
	for _, text := range texts {
		if !strings.Contains(page, text) {
			r.t.Errorf("the page does not show %q:\n%s", text, page)
		}
	}
}

// frozen reads all frozen files of a digest over the API.
func (r *reader) frozen(period string) map[string]string {
	r.t.Helper()
	out := make(map[string]string)
	for _, lang := range digest.Languages {
		for _, format := range []string{"json", "html", "md"} {
			out[lang+" "+format] = r.open("/api/v1/digests/" + period + "?lang=" + lang + "&format=" + format)
		}
	}
	return out
}

const w42 = "2021-W42"

// TestDigestLife drafts the week of October 2021 in which the government gave a
// mandate and took it back, edits it in a browser, issues it, and looks whether
// anything can change it after: rules that read everything again, late edits, a
// server that starts anew.
func TestDigestLife(t *testing.T) {
	t.Parallel()
	in, dir := newInbox(t), t.TempDir()
	text := fmt.Sprintf("receivers:\n  - {id: desk, lang: fr, webhook: %q, secret: %q, digest: true}\n  - {id: other, webhook: %q, secret: %q}\n", in.url, webhookKey, in.url, webhookKey)
	writeFile(t, dir, receiversFile, text)
	serve := func() *reader { return start(t, dir, "--no-sources", "--private-webhooks").reader() }
	r := serve()
	r.shows(r.open("/digests"), "No week has been written up yet")
	r.shows(r.open("/digests/"+w42), "not kept", "Walk-back", "Communiqué du Gouvernement")
	r.shows(r.open("/api/v1/digests/2021-W53"), "2021 has the weeks 01 to 52")
	r.shows(r.open("/api/v1/digests/2021-10-01%2F2021-10-31?format=md&lang=fr"), "octobre 2021")
	r.shows(r.send("action", "draft-digest", "subject", w42, "back", "/digests/"+w42), "drafted a digest", "draft</span> ", "Issue it as it stands")
	r.shows(r.send("action", "draft-digest", "subject", w42), "one for each period")
	r.shows(r.send("action", "draft-digest", "subject", "2999-W01"), "must have ended")

	page := r.send("action", "edit-digest", "subject", w42, "lang", "en", "part", "outlook", "text", "The mission may go on <quietly> [1].", "back", "/digests/"+w42)
	r.shows(page, "edited a digest", "The mission may go on &lt;quietly&gt;", "1 edit")
	undo := regexp.MustCompile(`name="subject" value="([0-9a-z]{26})">Undo`).FindStringSubmatch(page)
	if undo == nil {
		t.Fatalf("the page offers no undo:\n%s", page)
	}
	version := regexp.MustCompile(`name="version" value="([0-9a-z]{26})"`).FindStringSubmatch(page)[1]
	r.shows(r.send("action", "undo", "subject", undo[1], "back", "/digests/"+w42), "Taken back", "0 edits")
	r.shows(r.send("action", "issue-digest", "subject", w42, "version", version), "edited meanwhile")
	r.shows(r.send("action", "edit-digest", "subject", w42, "lang", "en", "part", "nowhere", "text", "x"), "no such part")
	r.send("action", "edit-digest", "subject", w42, "lang", "ar", "part", "outlook", "text", "قد تستمر المهمة")

	must(t, "digest", "issue", "--week", w42, "--who", "Awa", "--data", dir)
	in.expect("issued", "alert.digest")
	if d := in.sent[0].Digest; d == nil || d.Number != 1 || d.Lang != "fr" || d.Period != w42 || !strings.HasSuffix(d.URL, "/digests/2021-W42?lang=fr") || len(d.Document) == 0 {
		t.Errorf("the receiver is sent %+v", d)
	}
	frozen := r.frozen(w42)
	if hash := statement.HashBody([]byte(frozen["fr json"])); in.sent[0].Digest != nil && hash != in.sent[0].Digest.Hash {
		t.Errorf("the receiver is told the hash %s, the file has %s", in.sent[0].Digest.Hash, hash)
	}
	r.shows(frozen["ar md"], "قد تستمر المهمة")
	r.shows(r.open("/digests/"+w42+"?lang=en"), "issued</span> No. 1", statement.HashBody([]byte(frozen["en json"])))
	r.shows(r.send("action", "edit-digest", "subject", w42, "lang", "en", "part", "outlook", "text", "too late"), "does not change any more")
	if err := r.stop(syscall.SIGTERM); err != nil {
		t.Fatalf("the server ends with %v: %s", err, r.stderr)
	}

	writeFile(t, dir, "rules/en/mine.rules", yodelRule)
	must(t, "reclassify", "--data", dir)
	must(t, "verify", "--data", dir)
	r = serve()
	after := r.frozen(w42)
	for name, want := range frozen {
		if after[name] != want {
			t.Errorf("%s changed after the rules had been run again", name)
		}
	}
	if out := must(t, "digest", "list", "--data", dir); !strings.Contains(out, "No. 1") || !strings.Contains(out, w42) {
		t.Errorf("the list is\n%s", out)
	}
	in.expect("and once only", "alert.digest")
}

// member is a process of a cluster that drafts digests, without its sources and
// pages.
func member(t *testing.T, address, name string) (*pipeline, *press) {
	t.Helper()
	p, err := openPipeline(t.Context(), t.TempDir(), "", natsFlags{Nats: address, Replicas: 1}, parts{record: true}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	p.name = name
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- p.record(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := errors.Join(<-done, p.close()); err != nil {
			t.Error(err)
		}
	})
	return p, pressOf(t, p.store)
}

func pressOf(t testing.TB, s *store.Store) *press {
	t.Helper()
	reg, err := seeds.Registry()
	if err != nil {
		t.Fatal(err)
	}
	paper, err := newPress(s, reg, writingFlags{DigestMark: "amber", DigestLang: "en"}, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return paper
}

// TestTwoProcessesDraftOneDigest lets two nodes, whose clocks are an hour apart,
// draft one week at the same time.
func TestTwoProcessesDraftOneDigest(t *testing.T) {
	t.Parallel()
	bus := natsServer(t, t.TempDir(), server.RANDOM_PORT)
	t.Cleanup(bus.Shutdown)
	week, err := digest.ParseWeek(w42)
	if err != nil {
		t.Fatal(err)
	}
	var g errgroup.Group
	nodes := make([]*pipeline, 2)
	for i := range nodes {
		p, paper := member(t, bus.ClientURL(), fmt.Sprint("s", i))
		now := time.Now().Add(time.Duration(i) * time.Hour)
		paper.now = func() time.Time { return now }
		nodes[i] = p
		q := &printer{press: paper, publish: p.publishDesk}
		g.Go(func() error { return q.once(t.Context(), week, now) })
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	var drafts [2][]byte
	for i, p := range nodes {
		eventually(t, "the draft has arrived", func() bool {
			_, err := p.store.Digest(t.Context(), w42)
			return err == nil
		})
		if drafts[i], err = p.store.DigestDraft(t.Context(), w42, "en"); err != nil {
			t.Fatal(err)
		}
		if all, err := p.store.Digests(t.Context()); err != nil || len(all) != 1 {
			t.Errorf("node %d has %d digests, %v", i, len(all), err)
		}
	}
	if !bytes.Equal(drafts[0], drafts[1]) {
		t.Error("the nodes hold two drafts of one week")
	}
}

// TestEmptyDigest checks that a week without a word is written up as such, and
// that a correction reaches the digest after.
func TestEmptyDigest(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := fileTimeline(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	out := must(t, "digest", "--data", dir, "--week", "2021-W45")
	for _, want := range []string{"No statement arrived in this period", "the watch was kept"} {
		if !strings.Contains(out, want) {
			t.Errorf("it does not say %q:\n%s", want, out)
		}
	}
	s, err := store.Open(t.Context(), filepath.Join(dir, recordFile), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	paper := pressOf(t, s)
	act := func(e *statement.DeskEvent, details any) {
		t.Helper()
		e.At, e.Who = time.Now().UTC(), "Awa"
		var err error
		if details != nil {
			e.Details, err = json.Marshal(details)
		}
		if err == nil && e.ID == "" {
			e.ID = statement.NewDeskEventID(e)
		}
		if err = errors.Join(err, s.ApplyDesk(t.Context(), []statement.DeskEvent{*e})); err != nil {
			t.Fatal(err)
		}
	}
	week, err := digest.ParseWeek(w42)
	if err != nil {
		t.Fatal(err)
	}
	issue := func(period digest.Period) statement.DigestDraft {
		t.Helper()
		d, err := paper.draft(t.Context(), period)
		if err != nil {
			t.Fatal(err)
		}
		name := period.String()
		act(&statement.DeskEvent{ID: statement.DigestDraftID(name), Action: statement.DraftDigest, Subject: name}, d)
		i, err := paper.issue(t.Context(), period)
		if err != nil {
			t.Fatal(err)
		}
		act(&statement.DeskEvent{ID: statement.DigestIssueID(name, &i), Action: statement.IssueDigest, Subject: name}, i)
		return d
	}
	d := issue(week)
	doc, err := s.DigestFile(t.Context(), w42, "fr", "json")
	if err != nil {
		t.Fatal(err)
	}
	files, err := paper.attach(t.Context(), &statement.IssuedDigest{Period: w42, Lang: "fr", Hash: statement.HashBody(doc), Doc: doc})
	if err != nil || len(files) == 0 || files[0].Name != "digest-2021-W42-fr.docx" || !bytes.HasPrefix(files[0].Body, []byte("PK")) {
		t.Errorf("%d files go with the mail, %v", len(files), err)
	}
	if len(files) > 1 && !bytes.HasPrefix(files[1].Body, []byte("%PDF")) {
		t.Errorf("%s is no PDF", files[1].Name)
	}
	kept := func(period digest.Period) string {
		t.Helper()
		var b bytes.Buffer
		w, err := paper.read(t.Context(), period, "en")
		if err == nil {
			err = paper.print(t.Context(), &b, w, digest.Markdown)
		}
		if err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	var marks []string
	for _, told := range d.Told {
		e := statement.DeskEvent{Action: statement.MarkFalse, Subject: told.Signal, Note: "misread"}
		act(&e, nil)
		marks = append(marks, e.ID)
	}
	if text := kept(week.Next()); len(d.Told) == 0 || strings.Count(text, "misread") != len(d.Told) || !strings.Contains(text, "No. 1") {
		t.Errorf("the digest after does not correct %d signals of No. 1:\n%s", len(d.Told), text)
	}
	issue(week.Next())
	if text := kept(week.Next().Next()); strings.Contains(text, "misread") {
		t.Errorf("it is corrected twice:\n%s", text)
	}
	for _, id := range marks {
		act(&statement.DeskEvent{Action: statement.Undo, Subject: id}, nil)
	}
	if text := kept(week.Next().Next()); strings.Count(text, "No. 2 (2021-W43) withdrew") != len(d.Told) {
		t.Errorf("it is not told that what No. 2 took back holds again:\n%s", text)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestServerCatchesUp starts a server on a record that began three weeks ago: it
// writes up the weeks that are over, on the bus, and no week twice.
func TestServerCatchesUp(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, err := store.Open(t.Context(), filepath.Join(dir, recordFile), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	this := digest.WeekOf(time.Now())
	began := this.From.AddDate(0, 0, -15)
	first := statement.Statement{
		Revision: 1, Source: "rfi", Key: "k", Kind: statement.Wire, Title: "First", Text: "words", Fetched: began, FirstSeen: began,
		Published: statement.Date{Time: began, Precision: statement.Second},
	}
	first.ID = first.ContentID()
	first.Of = first.ID
	_, err = s.Apply(t.Context(), []statement.Record{{Statement: first, Reading: statement.Reading{Pack: "p"}}})
	if err = errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	last := this.Previous()
	want := []string{last.String(), last.Previous().String(), last.Previous().Previous().String()}
	for range 2 {
		p := start(t, dir, "--no-sources", "--digest-schedule", "0 0 * * 1")
		var list struct {
			Digests []struct{ Period, State, Drafter string }
		}
		eventually(t, "the weeks are written up", func() bool {
			list.Digests = nil
			p.get("/api/v1/digests", &list)
			return len(list.Digests) >= len(want)
		})
		for i, d := range list.Digests {
			if len(list.Digests) != len(want) || d.Period != want[i] || d.State != "draft" || d.Drafter != theMachine {
				t.Errorf("digests are %+v, want drafts of %v", list.Digests, want)
			}
		}
		if err := p.stop(syscall.SIGTERM); err != nil {
			t.Fatalf("the server ends with %v: %s", err, p.stderr)
		}
	}
	status, _, errOut := call(t, "", "serve", "--data", t.TempDir(), "--listen", "127.0.0.1:0", "--digest-schedule", "mondays")
	if status != exitUsage || !strings.Contains(errOut, "--digest-schedule") {
		t.Errorf("a bad schedule ends with %d: %s", status, errOut)
	}
}

// TestClusterIssuesOnce drafts a digest at one node and issues it at another: both
// hold the same bytes, one of them sends it, and a node that is built anew from the
// streams holds it, too, and sends nothing.
func TestClusterIssuesOnce(t *testing.T) {
	t.Parallel()
	bus := natsServer(t, t.TempDir(), server.RANDOM_PORT)
	t.Cleanup(bus.Shutdown)
	in := newInbox(t)
	node := func(name string) *reader {
		dir := t.TempDir()
		writeFile(t, dir, receiversFile, fmt.Sprintf("receivers:\n  - {id: desk, webhook: %q, secret: %q, digest: true}\n", in.url, webhookKey))
		return start(t, dir, "--nats", bus.ClientURL(), "--node", name, "--private-webhooks").reader()
	}
	state := func(r *reader, want string) {
		t.Helper()
		eventually(t, "the digest is "+want, func() bool {
			var list struct{ Digests []struct{ State string } }
			r.get("/api/v1/digests", &list)
			return len(list.Digests) == 1 && list.Digests[0].State == want
		})
	}
	a, b := node("a"), node("b")
	a.send("action", "draft-digest", "subject", w42)
	state(b, "draft")
	b.shows(b.send("action", "issue-digest", "subject", w42, "back", "/digests/"+w42), "issued</span> No. 1")
	state(a, "issued")
	in.expect("issued", "alert.digest")
	c := node("c")
	state(c, "issued")
	want := a.frozen(w42)
	for _, r := range []*reader{b, c} {
		for name, text := range r.frozen(w42) {
			if text != want[name] {
				t.Errorf("the nodes differ in %s", name)
			}
		}
	}
	for _, r := range []*reader{a, b} {
		_ = r.stop(syscall.SIGKILL)
	}
	c.send("action", "heartbeat", "subject", "desk")
	in.expect("the node that is left", "alert.digest", "alert.heartbeat")
}
