package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"palabre/statement"
)

// queued lists the events of a whole queue, page by page.
func queued(t *testing.T, s *Store, q QueueQuery) []Queued {
	t.Helper()
	var out []Queued
	for seen := make(map[string]bool); ; {
		page, err := s.Queue(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Events {
			if seen[e.Event] || len(e.Signals) == 0 {
				t.Errorf("event %s is there twice, or without a signal: %d signals", e.Event, len(e.Signals))
			}
			seen[e.Event] = true
			out = append(out, e)
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			return out
		}
	}
}

func tend(t *testing.T, s *Store, who string, action statement.Action, subject string, details any) {
	t.Helper()
	e := statement.DeskEvent{At: testClock, Who: who, Action: action, Subject: subject}
	if details != nil {
		var err error
		if e.Details, err = json.Marshal(details); err != nil {
			t.Fatal(err)
		}
	}
	e.ID = statement.NewDeskEventID(&e)
	if err := s.ApplyDesk(t.Context(), []statement.DeskEvent{e}); err != nil {
		t.Fatal(err)
	}
}

func TestQueueByEvent(t *testing.T) {
	s := openTest(t)
	apply(t, s, timeline()...)
	all, err := s.Signals(t.Context(), SignalQuery{Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	events := make(map[string]int)
	for i := range all.Signals {
		events[all.Signals[i].Event]++
	}
	got := queued(t, s, QueueQuery{State: QueueAll, Limit: 3})
	if len(got) != len(events) {
		t.Errorf("the queue has %d events, want %d", len(got), len(events))
	}
	for i, e := range got {
		if len(e.Signals) != events[e.Event] {
			t.Errorf("event %s has %d signals, want %d", e.Event, len(e.Signals), events[e.Event])
		}
		if i > 0 && e.Signals[0].Now.Said.Time.After(got[i-1].Signals[0].Now.Said.Time) {
			t.Errorf("%s comes after %s", e.Signals[0].Now.Said, got[i-1].Signals[0].Now.Said)
		}
	}
	if n := len(queued(t, s, QueueQuery{State: QueueAll, Reason: statement.WalkBack})); n != 1 {
		t.Errorf("%d walk-backs", n)
	}
	if one := queued(t, s, QueueQuery{State: QueueAll, Event: got[1].Event}); len(one) != 1 || one[0].Event != got[1].Event {
		t.Errorf("asked for one event: %v", one)
	}
	size, err := s.QueueSize(t.Context(), QueueQuery{State: QueueAll})
	if err != nil || size.Events != len(events) || size.More || size.Reasons[statement.WalkBack] != 1 {
		t.Errorf("size %+v: %v", size, err)
	}
	if n := len(queued(t, s, QueueQuery{State: QueueAll, Topic: statement.Sharia})); n == 0 || n != size.Topics[statement.Sharia] {
		t.Errorf("%d events on Sharia, counted as %d", n, size.Topics[statement.Sharia])
	}
	for _, bad := range []string{"x", "1.2", "a.1.x", "1.b.x"} {
		if _, err := s.Queue(t.Context(), QueueQuery{Cursor: bad}); !errors.Is(err, ErrCursor) {
			t.Errorf("cursor %q: %v", bad, err)
		}
	}
}

func TestQueueStates(t *testing.T) {
	s := openTest(t)
	apply(t, s, timeline()...)
	open := queued(t, s, QueueQuery{State: QueueOpen})
	ids := func(n int) string { return open[n].Signals[0].ID }
	tend(t, s, "Aminata", statement.Acknowledge, ids(0), nil)
	tend(t, s, "Aminata", statement.Own, ids(1), nil)
	tend(t, s, "Aminata", statement.Snooze, ids(2), statement.Snoozed{Until: testClock.Add(time.Hour)})
	tend(t, s, "Aminata", statement.Snooze, ids(3), statement.Snoozed{Until: testClock.Add(-time.Hour)})
	tend(t, s, "Aminata", statement.MarkFalse, ids(4), nil)
	left := make(map[string]bool)
	for _, e := range queued(t, s, QueueQuery{State: QueueOpen}) {
		for i := range e.Signals {
			left[e.Signals[i].ID] = true
		}
	}
	for n, want := range []bool{false, true, false, true, false} {
		if left[ids(n)] != want {
			t.Errorf("signal %d is open: %v, want %v", n, left[ids(n)], want)
		}
	}
	if mine := queued(t, s, QueueQuery{State: QueueOwned, Owner: "Aminata"}); len(mine) != 1 || mine[0].Signals[0].ID != ids(1) {
		t.Errorf("Aminata's: %v", mine)
	}
	if nobodys := queued(t, s, QueueQuery{State: QueueOwned}); len(nobodys) != 0 {
		t.Errorf("nobody's: %v", nobodys)
	}
	doubtful := queued(t, s, QueueQuery{State: QueueDoubtful})
	if len(doubtful) == 0 {
		t.Fatal("the timeline has candidates")
	}
	tend(t, s, "Aminata", statement.Confirm, doubtful[0].Signals[0].ID, nil)
	if rest := queued(t, s, QueueQuery{State: QueueDoubtful}); len(rest) != len(doubtful)-1 {
		t.Errorf("%d candidates are left of %d", len(rest), len(doubtful))
	}
}

func TestPulse(t *testing.T) {
	s := openTest(t)
	if p, err := s.Pulse(t.Context()); err != nil || p != (Pulse{}) {
		t.Errorf("empty record: %+v, %v", p, err)
	}
	apply(t, s, timeline()...)
	p, err := s.Pulse(t.Context())
	if err != nil || p.Arrived.IsZero() || p.Raised.IsZero() || !p.Sent.IsZero() {
		t.Errorf("pulse %+v, %v", p, err)
	}
	heard, of, err := s.LastHeard(t.Context(), 10)
	if err != nil || of != 10 || len(heard) == 0 || heard[0].N == 0 || heard[0].N > of {
		t.Errorf("languages %+v of %d, %v", heard, of, err)
	}
}

// BenchmarkQueue opens the queue of a record whose latest 10,000 signals were
// all seen to.
func BenchmarkQueue(b *testing.B) {
	s := openTest(b)
	var records []statement.Record
	for i := range 20000 {
		records = append(records, says(fmt.Sprintf("2021-%02d-%02d", 1+i%12, 1+i%28), "rfi", fmt.Sprintf("statement %d", i),
			take{actor: fmt.Sprintf("actor-%d", i), topic: statement.Dialogue, target: "jnim", stance: statement.Pro}))
	}
	apply(b, s, records...)
	_, err := s.writer.ExecContext(b.Context(), `INSERT INTO care (signal, acknowledged) SELECT id, 'Aminata' FROM signals ORDER BY day DESC, at DESC, id DESC LIMIT 10000`)
	if err != nil {
		b.Fatal(err)
	}
	for name, f := range map[string]func(context.Context) error{
		"open": func(ctx context.Context) error { _, err := s.Queue(ctx, QueueQuery{State: QueueOpen}); return err },
		"mine": func(ctx context.Context) error {
			_, err := s.Queue(ctx, QueueQuery{State: QueueOwned, Owner: "x"})
			return err
		},
		"size": func(ctx context.Context) error {
			_, err := s.QueueSize(ctx, QueueQuery{State: QueueOpen})
			return err
		},
		"languages": func(ctx context.Context) error { _, _, err := s.LastHeard(ctx, 500); return err },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := f(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
