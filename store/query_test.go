package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"palabre/statement"
)

func TestSignalPaging(t *testing.T) {
	s := openTest(t)
	for i := range 23 {
		rec := says(fmt.Sprintf("2021-%02d-01", 1+i%12), "rfi", fmt.Sprintf("statement %d", i),
			take{actor: fmt.Sprintf("actor-%02d", i), topic: statement.Dialogue, target: "jnim", stance: statement.Pro})
		apply(t, s, rec)
	}
	for _, order := range []Order{BySaid, ByAt} {
		seen := make(map[string]bool)
		var last *statement.Signal
		q := SignalQuery{Order: order, Limit: 5}
		for pages := 1; ; pages++ {
			page, err := s.Signals(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			for i := range page.Signals {
				sig := &page.Signals[i]
				if seen[sig.ID] {
					t.Errorf("signal %s is on two pages", sig.ID)
				}
				seen[sig.ID] = true
				if last != nil && (order == BySaid && sig.Now.Said.Time.After(last.Now.Said.Time) || order == ByAt && sig.At.After(last.At)) {
					t.Errorf("order %d: %s comes after %s", order, sig.Now.Said, last.Now.Said)
				}
				last = sig
			}
			if q.Cursor = page.Next; q.Cursor == "" {
				if pages != 5 {
					t.Errorf("order %d: %d pages, want 5", order, pages)
				}
				break
			}
			if pages == 2 { // newer words must not disturb the paging
				apply(t, s, says("2021-12-09", "rfi", fmt.Sprintf("meanwhile %d", order),
					take{actor: fmt.Sprintf("late-%d", order), topic: statement.Dialogue, target: "jnim", stance: statement.Pro}))
			}
		}
		if len(seen) != 23+int(order) {
			t.Errorf("order %d: %d signals, want %d", order, len(seen), 23+int(order))
		}
	}
	for _, bad := range []string{"x", "at.1.y", "said.one.y", "said.1"} {
		if _, err := s.Signals(t.Context(), SignalQuery{Cursor: bad}); !errors.Is(err, ErrCursor) {
			t.Errorf("cursor %q: %v", bad, err)
		}
	}
}

func TestSignalFilters(t *testing.T) {
	s := openTest(t)
	apply(t, s, timeline()...)
	for _, c := range []struct {
		name string
		q    SignalQuery
		want int
	}{
		{"reason", SignalQuery{Reasons: []statement.Reason{statement.WalkBack}}, 1},
		{"actor and topic", SignalQuery{Actor: "jnim", Topic: statement.Sharia}, 3},
		{"target", SignalQuery{Target: "isgs"}, 1},
		{"since", SignalQuery{Since: time.Date(2021, 6, 1, 0, 0, 0, 0, time.UTC)}, 6},
		{"until", SignalQuery{Until: time.Date(2017, 4, 3, 0, 0, 0, 0, time.UTC), Topic: statement.Sharia}, 4},
		{"since, by arrival", SignalQuery{Order: ByAt, Since: testClock.Add(time.Hour)}, 0},
		{"firm", SignalQuery{Actor: "katiba-macina", Firm: true}, 1},
	} {
		page, err := s.Signals(t.Context(), c.q)
		if err != nil || len(page.Signals) != c.want {
			t.Errorf("%s: %d signals, want %d (%v)", c.name, len(page.Signals), c.want, err)
		}
	}
}

func TestStatementView(t *testing.T) {
	s := openTest(t)
	ctx := t.Context()
	if err := s.PutSources(ctx, []statement.Source{{ID: "rfi", Name: "Radio France internationale"}}); err != nil {
		t.Fatal(err)
	}
	body := []byte("<rss/>")
	f := fetched(item("a", "Bamako wants talks"))
	f.Captures = []statement.Capture{{Source: "rfi", URL: "https://rfi/feed", Body: body}}
	f.Statements[0].Capture = statement.HashBody(body)
	save(t, s, f)
	rec := statement.Record{Statement: f.Statements[0], Reading: reads(&f.Statements[0], "p", open)}
	rec.Reading.Places = []string{"niono"}
	rec.Reading.Unclear = []statement.Unclear{{Topic: statement.Sharia, Why: "too vague"}}
	apply(t, s, rec)
	v, err := s.Statement(ctx, rec.Statement.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(rec.Statement, v.Statement); diff != "" {
		t.Errorf("statement (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(rec.Reading, v.Reading); diff != "" {
		t.Errorf("reading (-want +got):\n%s", diff)
	}
	if v.Source == nil || v.Source.Name != "Radio France internationale" || v.Capture == nil || v.Capture.URL != "https://rfi/feed" || v.Capture.Body != nil {
		t.Errorf("source %+v, capture %+v", v.Source, v.Capture)
	}
	if len(v.Signals) != 1 || len(v.Events) != 1 || v.Events[0].Evidence != rec.Reading.Positions[0].Evidence {
		t.Errorf("signals %+v, events %+v", v.Signals, v.Events)
	}
	if e, err := s.Event(ctx, v.Events[0].ID); err != nil || cmp.Diff(*e, v.Events[0]) != "" {
		t.Errorf("event is %+v, %v", e, err)
	}
	if _, err := s.Statement(ctx, "nothing"); !errors.Is(err, ErrNotFound) {
		t.Errorf("a statement that is not held: %v", err)
	}
	if _, err := s.Event(ctx, "nothing"); !errors.Is(err, ErrNotFound) {
		t.Errorf("an event that is not held: %v", err)
	}
	if _, err := s.Capture(ctx, "nothing"); !errors.Is(err, ErrNotFound) {
		t.Errorf("a capture that is not held: %v", err)
	}
}

func TestStatementsKeepTheOrder(t *testing.T) {
	s := openTest(t)
	a, b := says("2021-12-01", "rfi", "a", open), says("2021-12-02", "rfi", "b")
	edit := next(&a, "a, edited", open)
	apply(t, s, a, b, edit)
	held, err := s.Statements(t.Context(), []string{b.Statement.ID, "nothing", a.Statement.ID, edit.Statement.ID, b.Statement.ID})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, h := range held {
		got = append(got, fmt.Sprintf("%s %d %v", h.Statement.Text, len(h.Reading.Positions), h.Reasons))
	}
	want := []string{"b 0 []", "a, edited 1 [first]", "a, edited 1 [first]", "b 0 []"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("statements (-want +got):\n%s", diff)
	}
}

func TestChangesMeetEveryStatementOnce(t *testing.T) {
	s := openTest(t)
	a, b := says("2021-12-01", "rfi", "a", open), says("2021-12-02", "rfi", "b")
	apply(t, s, a, b)
	page, err := s.Changes(t.Context(), 0, 1)
	if err != nil || len(page) != 1 || page[0].Statement.Text != "a" {
		t.Fatalf("first change: %+v, %v", page, err)
	}
	apply(t, s, next(&a, "a, edited", open))
	rest, err := s.Changes(t.Context(), page[0].Row, 10)
	if err != nil || len(rest) != 2 || rest[0].Statement.Text != "b" || rest[1].Statement.Text != "a, edited" || len(rest[1].Reasons) != 1 {
		t.Errorf("further changes: %+v, %v", rest, err)
	}
	all, err := s.Changes(t.Context(), 0, 10)
	if err != nil || len(all) != 2 {
		t.Errorf("from the start: %+v, %v", all, err)
	}
	if totals, err := s.Totals(t.Context()); err != nil || totals.Head != rest[1].Row {
		t.Errorf("head is %d, %v, want %d", totals.Head, err, rest[1].Row)
	}
}

func TestCounts(t *testing.T) {
	s := openTest(t)
	apply(t, s,
		says("2021-12-01", "rfi", "a", open, open.towards("isgs")),
		says("2021-11", "rfi", "b", refusal),
		says("2020", "rfi", "c", open))
	got, err := s.Counts(t.Context(), PerMonth)
	want := []Count{
		{"2020", statement.Dialogue, statement.Pro, 1},
		{"2021-11", statement.Dialogue, statement.Anti, 1},
		{"2021-12", statement.Dialogue, statement.Pro, 2},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("per month, %v (-want +got):\n%s", err, diff)
	}
	got, err = s.Counts(t.Context(), PerActor)
	want = []Count{{"mali-government", statement.Dialogue, statement.Anti, 1}, {"mali-government", statement.Dialogue, statement.Pro, 3}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("per actor, %v (-want +got):\n%s", err, diff)
	}
}

func TestWatch(t *testing.T) {
	s := openTest(t)
	wake, cancel := s.Watch()
	save(t, s, fetched(item("a", "one")))
	apply(t, s, says("2021-12-01", "rfi", "a"))
	select {
	case <-wake:
	default:
		t.Error("commits woke nobody")
	}
	select {
	case <-wake:
		t.Error("two commits left two values")
	default:
	}
	cancel()
	save(t, s, fetched(item("b", "two")))
	select {
	case <-wake:
		t.Error("a commit woke somebody who had left")
	default:
	}
}

func TestDeadLetters(t *testing.T) {
	s := openTest(t)
	ctx := t.Context()
	payload := func(v any) []byte {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	rec := says("2021-12-01", "rfi", "a")
	desk := statement.DeskEvent{At: testClock, Who: "ana", Action: "poll", Subject: "rfi"}
	desk.ID = statement.NewDeskEventID(&desk)
	for i, p := range [][]byte{payload(rec.Statement), payload(rec), payload(desk), []byte("{}"), []byte("no json")} {
		d := statement.DeadLetter{ID: fmt.Sprint(i), Stream: "S", Subject: "s", Reason: "bad", Tries: 5, At: testClock.Add(time.Duration(i)), Payload: p}
		if err := s.Bury(ctx, d); err != nil {
			t.Fatal(err)
		}
	}
	all, err := s.DeadLetters(ctx)
	if err != nil || len(all) != 5 || all[0].ID != "4" {
		t.Fatalf("dead letters: %+v, %v", all, err)
	}
	save(t, s, fetched(item("k", "poison")))
	waiting, err := s.Unpublished(ctx, 10, 0)
	if err != nil || len(waiting) != 1 {
		t.Fatalf("spooled: %+v, %v", waiting, err)
	}
	if err := s.Bury(ctx, statement.DeadLetter{ID: "poison", At: testClock.Add(-time.Hour), Payload: payload(waiting[0])}); err != nil {
		t.Fatal(err)
	}
	for i, want := range []bool{true, true, true, false, false} {
		if err := s.Revive(ctx, fmt.Sprint(i)); (err == nil) != want {
			t.Errorf("revive %d: %v", i, err)
		}
		if _, err := s.DeadLetter(ctx, fmt.Sprint(i)); errors.Is(err, ErrNotFound) != want {
			t.Errorf("letter %d afterwards: %v", i, err)
		}
	}
	spooled, err := s.Unpublished(ctx, 10, 0)
	if err != nil || len(spooled) != 1 || spooled[0].ID != rec.Statement.ID {
		t.Errorf("spooled: %+v, %v, want the statement once", spooled, err)
	}
	log, err := s.DeskLog(ctx, 10)
	if diff := cmp.Diff([]Logged{{DeskEvent: desk}}, log); diff != "" || err != nil {
		t.Errorf("desk log, %v (-want +got):\n%s", err, diff)
	}
	if err := s.ApplyDesk(ctx, []statement.DeskEvent{desk}); err != nil {
		t.Fatal(err)
	}
	if again, err := s.DeskLog(ctx, 10); err != nil || len(again) != 1 {
		t.Errorf("a desk event applied twice is there %d times, %v", len(again), err)
	}
}

func TestCancelledCallsChangeNothing(t *testing.T) {
	s := openTest(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Apply(ctx, []statement.Record{says("2021-12-01", "rfi", "a")}); !errors.Is(err, context.Canceled) {
		t.Errorf("apply says %v", err)
	}
	if totals, err := s.Totals(t.Context()); err != nil || totals.Statements != 0 {
		t.Errorf("totals %+v, %v", totals, err)
	}
}

func TestPartsBearOnTheirCoalition(t *testing.T) {
	s := openTest(t)
	koufa := take{actor: "katiba-macina", speaker: "amadou-koufa", topic: statement.Dialogue, target: "mali-government", stance: statement.Pro}
	iyad := take{actor: "ansar-dine", speaker: "iyad-ag-ghaly", topic: statement.Dialogue, target: "mali-government", stance: statement.Anti}
	apply(t, s, says("2021-11-01", "al-zallaqa", "no talks", no), says("2021-11-20", "audio", "yes, says Koufa", koufa), says("2021-11-21", "audio", "no, says Iyad", iyad))
	iyad.topic = statement.Sharia
	apply(t, s, says("2021-11-22", "audio", "no to that law", iyad))
	record, err := s.ActorLines(t.Context(), "jnim", 0)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range record.Parts {
		got = append(got, fmt.Sprintf("%s %s %s %s", p.Actor, p.Topic, p.Stance, p.Bears))
	}
	want := []string{"ansar-dine dialogue anti confirmation", "ansar-dine sharia anti ", "katiba-macina dialogue pro split"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("lines of the parts (-want +got):\n%s", diff)
	}
	if len(record.Lines) != 1 || record.Lines[0].Stance != statement.Anti {
		t.Errorf("lines of the coalition are %+v, want its own alone", record.Lines)
	}
}
