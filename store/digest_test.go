package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"palabre/statement"
)

// week is the one before that of the test clock.
const week = "2021-W48"

func span(t testing.TB, from, until string) Span {
	t.Helper()
	return Span{From: date(from).Time, Until: date(until).Time}
}

// draftEvent is what a process publishes that drafts a digest at a moment.
func draftEvent(t testing.TB, period string, at time.Time, told ...statement.DigestTold) statement.DeskEvent {
	t.Helper()
	p := span(t, "2021-11-29", "2021-12-06")
	d := statement.DigestDraft{From: p.From, Until: p.Until, Cut: at, Told: told}
	for _, lang := range []string{"ar", "en", "fr"} {
		d.Files = append(d.Files, statement.DigestFile{Lang: lang, Format: "json", Body: statement.Packed(fmt.Sprintf(`{"made":%q,"lang":%q}`, at.Format(time.RFC3339), lang))})
	}
	e := statement.DeskEvent{ID: statement.DigestDraftID(period), At: at, Who: "palabre", Action: statement.DraftDigest, Subject: period}
	e.Details = encoded(t, d)
	return e
}

func encoded(t testing.TB, v any) json.RawMessage {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// issueEvent is what freezes the draft as it stands in the store.
func issueEvent(t testing.TB, s *Store, period string, number int, at time.Time) statement.DeskEvent {
	t.Helper()
	d, err := s.Digest(t.Context(), period)
	if err != nil {
		t.Fatal(err)
	}
	issue := statement.DigestIssue{Version: d.Version, Number: number, Titles: statement.Labels{En: "Weekly digest", Fr: "Bulletin", Ar: "النشرة"}}
	for _, lang := range []string{"en", "fr", "ar"} {
		for _, format := range []string{"json", "html", "md"} {
			issue.Files = append(issue.Files, statement.DigestFile{Lang: lang, Format: format, Body: statement.Packed(fmt.Sprintf("%q", format+lang+period))})
		}
	}
	issue.Hash = statement.DigestHash(issue.Files)
	e := statement.DeskEvent{ID: statement.DigestIssueID(period, &issue), At: at, Who: "ana", Action: statement.IssueDigest, Subject: period}
	e.Details = encoded(t, issue)
	return e
}

func (p *post) take(e statement.DeskEvent) statement.DeskEvent {
	p.t.Helper()
	p.must(p.ApplyDesk(p.t.Context(), []statement.DeskEvent{e}))
	return e
}

func (p *post) edit(who, part, text string) string {
	p.t.Helper()
	return p.act(who, statement.EditDigest, week, "", statement.DigestEdit{Lang: "en", Part: part, Text: text})
}

// TestDigestIsDraftedOnce lets two processes draft one week, one of them with a
// clock that is a year ahead.
func TestDigestIsDraftedOnce(t *testing.T) {
	p := newPost(t)
	p.take(draftEvent(t, week, p.now))
	p.take(draftEvent(t, week, p.now.AddDate(1, 0, 0)))
	all, err := p.Digests(t.Context())
	p.must(err)
	if len(all) != 1 || !all[0].Drafted.Equal(p.now) || all[0].IsIssued() || all[0].Drafter != "palabre" {
		t.Errorf("digests are %+v", all)
	}
	text, err := p.DigestDraft(t.Context(), week, "fr")
	p.must(err)
	if want := fmt.Sprintf(`{"made":%q,"lang":"fr"}`, p.now.Format(time.RFC3339)); string(text) != want {
		t.Errorf("the draft is %s, not %s", text, want)
	}
	bad := draftEvent(t, week, p.now)
	bad.ID = "another name"
	if err := p.ApplyDesk(t.Context(), []statement.DeskEvent{bad}); err == nil {
		t.Error("a draft under another name is taken")
	}
	mustVerify(t, p.Store)
}

func TestDigestIsEditedUntilItIsIssued(t *testing.T) {
	p := newPost(t)
	p.take(draftEvent(t, week, p.now))
	texts := func() (out []string) {
		t.Helper()
		edits, err := p.DigestEdits(t.Context(), week)
		p.must(err)
		for _, e := range edits {
			out = append(out, e.Part+"="+e.Text+" by "+e.Who)
		}
		return out
	}
	version := func() string {
		t.Helper()
		d, err := p.Digest(t.Context(), week)
		p.must(err)
		return d.Version
	}
	began := version()
	first := p.edit("ana", "outlook.1", "calm")
	edited := version()
	p.edit("ben", "outlook.1", "not calm")
	stale := issueEvent(t, p.Store, week, 1, p.now)
	p.undo(first)
	if diff := cmp.Diff([]string{"outlook.1=not calm by ben"}, texts()); diff != "" {
		t.Errorf("after the undo (-want +got):\n%s", diff)
	}
	if v := version(); v == began || v == edited {
		t.Error("the version does not follow the edits")
	}
	p.take(stale)
	if d, err := p.Digest(t.Context(), week); err != nil || d.IsIssued() {
		t.Fatalf("what was edited meanwhile was issued: %+v, %v", d, err)
	}
	p.take(issueEvent(t, p.Store, week, 7, p.now))
	if d, err := p.Digest(t.Context(), week); err != nil || d.IsIssued() {
		t.Fatalf("a number was left out: %+v, %v", d, err)
	}
	issued := p.take(issueEvent(t, p.Store, week, 1, p.now))
	frozen := func() string {
		t.Helper()
		b, err := p.DigestFile(t.Context(), week, "fr", "html")
		p.must(err)
		d, err := p.Digest(t.Context(), week)
		p.must(err)
		return fmt.Sprint(string(b), d.Number, d.Hash, d.Issuer, texts())
	}
	before := frozen()
	p.edit("ben", "outlook.1", "too late")
	p.undo(first)
	p.undo(issued.ID)
	p.undo(statement.DigestDraftID(week))
	p.take(issueEvent(t, p.Store, week, 2, p.now))
	if after := frozen(); after != before {
		t.Errorf("an issued digest changed from %s to %s", before, after)
	}
	for _, l := range []string{"text", "files"} {
		log, err := p.DeskLogOf(t.Context(), week)
		p.must(err)
		for i := range log {
			if e := &log[i]; e.Action != statement.EditDigest && len(e.Details) > 1000 {
				t.Errorf("the log keeps the %s of %s", l, e.Action)
			}
		}
	}
	if report := mustVerify(t, p.Store); report.Digests != 1 {
		t.Errorf("%d digests were verified", report.Digests)
	}
}

func TestVerifyFindsChangedDigest(t *testing.T) {
	p := newPost(t)
	p.take(draftEvent(t, week, p.now))
	p.take(issueEvent(t, p.Store, week, 1, p.now))
	packed, err := compress([]statement.Capture{{Body: []byte("forged")}})
	p.must(err)
	p.must(p.write(t.Context(), func(x *tx) error {
		return x.exec(`UPDATE digest_files SET body = ?, size = 6 WHERE format = 'json' AND lang = 'en'`, packed[0])
	}))
	report, err := p.Verify(t.Context(), nil)
	p.must(err)
	if len(report.Problems) != 2 { // the file, and the digest as a whole
		t.Errorf("problems are %v", report.Problems)
	}
}

// TestDigestIsToldOnce checks who is told of an issued digest, in which language,
// and that neither a second application nor an old stream tells it again.
func TestDigestIsToldOnce(t *testing.T) {
	wants := func(r *statement.Receiver) { r.Digest, r.Lang = true, "fr" }
	p := newPost(t, receiver("a", wants), receiver("b"), receiver("c", wants, func(r *statement.Receiver) { r.Paused = true }))
	p.take(draftEvent(t, week, p.now))
	e := p.take(issueEvent(t, p.Store, week, 1, p.now))
	p.expect("issued", "a digest due")
	n := p.due("a")[0]
	text, err := p.DigestFile(t.Context(), week, "fr", "json")
	p.must(err)
	if n.Digest == nil || n.Digest.Title != "Bulletin" || n.Digest.Number != 1 || n.Digest.Hash != statement.HashBody(text) || n.Subject != week {
		t.Errorf("the notice is %+v of %+v", n, n.Digest)
	}
	p.send("a")
	p.take(e)
	p.expect("applied again", "a digest sent")
	mustVerify(t, p.Store)

	fresh := openAt(t, filepath.Join(t.TempDir(), "anew.db"), func() time.Time { return p.now.AddDate(0, 1, 0) })
	p.must(fresh.PutReceivers(t.Context(), []statement.Receiver{receiver("a", wants), receiver("late", wants)}))
	p.must(fresh.ApplyDesk(t.Context(), []statement.DeskEvent{draftEvent(t, week, p.now), e}))
	due, err := fresh.Due(t.Context(), "late", p.now.AddDate(0, 2, 0))
	if err != nil || len(due) > 0 {
		t.Errorf("a record that is built anew tells %d digests of last month, %v", len(due), err)
	}
	same, err := fresh.DigestFile(t.Context(), week, "fr", "json")
	if err != nil || string(same) != string(text) {
		t.Errorf("it holds %q, %v", same, err)
	}
}

// TestOvertaken follows a signal that a digest told through the hands of the desk
// and the rules.
func TestOvertaken(t *testing.T) {
	p := newPost(t)
	rec := says("2021-12-01", "primature", "what the office says", open)
	apply(t, p.Store, rec)
	sig := p.signals()[0]
	p.take(draftEvent(t, week, p.now, statement.DigestTold{Signal: sig.ID, As: string(sig.To)}))
	later := span(t, "2021-12-06", "2021-12-13")
	want := func(step, line string) {
		t.Helper()
		found, err := p.Overtaken(t.Context(), later)
		p.must(err)
		got := ""
		for _, o := range found {
			got += fmt.Sprintf("%s No. %d: %s > %s, %s;", o.Period, o.Number, o.Told, o.Now, o.Note)
		}
		if got != line {
			t.Errorf("%s: %q, not %q", step, got, line)
		}
	}
	want("a draft tells nothing", "")
	p.take(issueEvent(t, p.Store, week, 1, p.now))
	want("issued", "")
	false1 := p.act("ana", statement.MarkFalse, sig.ID, "it is irony", nil)
	want("marked false", week+" No. 1: pro > , marked false by ana; it is irony;")
	if news, err := p.NewsIn(t.Context(), span(t, "2021-11-29", "2021-12-06")); err != nil || len(news) != 1 || news[0].Care.False != "ana" {
		t.Errorf("a false signal is not counted as such: %+v, %v", news, err)
	}
	p.undo(false1)
	want("and not", "")
	apply(t, p.Store, reread(rec, "pack-2", take{actor: open.actor, topic: open.topic, target: open.target, stance: statement.Anti}))
	want("read otherwise", week+" No. 1: pro > anti, ;")
	apply(t, p.Store, reread(rec, "pack-3"))
	want("read as nothing", week+" No. 1: pro > , ;")
	if found, err := p.Overtaken(t.Context(), span(t, "2021-11-29", "2021-12-06")); err != nil || len(found) > 0 {
		t.Errorf("the digest of the same week corrects itself: %v, %v", found, err)
	}
}

func TestDigestFileIsNotThere(t *testing.T) {
	s := openTest(t)
	if _, err := s.Digest(t.Context(), week); !errors.Is(err, ErrNotFound) {
		t.Errorf("digest: %v", err)
	}
	if _, err := s.DigestFile(t.Context(), week, "en", "json"); !errors.Is(err, ErrNotFound) {
		t.Errorf("file: %v", err)
	}
	if n, err := s.NextDigest(t.Context()); n != 1 || err != nil {
		t.Errorf("the first number is %d, %v", n, err)
	}
}
