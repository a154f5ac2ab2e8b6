package store

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"palabre/statement"
)

func TestAlertsPaging(t *testing.T) {
	p := newPost(t, receiver("a"), receiver("b"))
	var signals []statement.Signal
	for i := range 7 {
		signals = append(signals, p.talk("2021-12-09", take{actor: fmt.Sprint("actor-", i), topic: statement.Dialogue, target: "jnim", stance: statement.Pro}))
	}
	p.send("b")
	for _, c := range []struct {
		q    AlertQuery
		want int
	}{
		{AlertQuery{}, 14},
		{AlertQuery{Receiver: "a"}, 7},
		{AlertQuery{State: Sent}, 7},
		{AlertQuery{State: Sent, Receiver: "a"}, 0},
		{AlertQuery{Signal: signals[3].ID}, 2},
	} {
		seen := make(map[int64]bool)
		q := c.q
		for q.Limit = 3; ; {
			page, err := p.Alerts(t.Context(), q)
			p.must(err)
			for i := range page.Alerts {
				a := &page.Alerts[i]
				if seen[a.N] {
					t.Errorf("%+v: notice %d comes twice", c.q, a.N)
				}
				seen[a.N] = true
				if sent := a.Receiver == "b"; sent != (a.Progress != nil && a.Line == "alerte" && a.Progress.Sent.Equal(p.now)) {
					t.Errorf("alert %+v with %+v", a, a.Progress)
				}
			}
			if q.Cursor = page.Next; q.Cursor == "" {
				break
			}
		}
		if len(seen) != c.want {
			t.Errorf("%+v: %d alerts, want %d", c.q, len(seen), c.want)
		}
	}
	for _, cursor := range []string{"alert.x", "at.1.2", "7"} {
		if _, err := p.Alerts(t.Context(), AlertQuery{Cursor: cursor}); !errors.Is(err, ErrCursor) {
			t.Errorf("cursor %q: %v", cursor, err)
		}
	}
	if _, _, err := p.Message(t.Context(), "none"); !errors.Is(err, ErrNotFound) {
		t.Errorf("a message that there is not: %v", err)
	}
}

func TestHandOver(t *testing.T) {
	p := newPost(t, receiver("a"), receiver("b"))
	earlier := p.talk("2021-12-08", refusal)
	p.send("a")
	seen := p.talk("2021-12-08", refusal.towards("isgs"))
	p.send("a")
	p.act("ana", statement.Acknowledge, seen.ID, "", nil)
	p.now = p.now.Add(time.Hour)
	since := p.now
	p.act("ben", statement.BeginWatch, "desk", "", nil)
	began := p.now
	p.now = p.now.Add(time.Minute)
	raised := p.talk("2021-12-09", refusal.towards("cma"))
	p.send("a")
	wrong := p.talk("2021-12-09", open.towards("donso"))
	p.act("ben", statement.MarkFalse, wrong.ID, "", nil)
	m := p.compose("b")
	p.lease("b")
	p.delivered(&m, func(d *statement.Delivery) { d.Failure = "550 no such mailbox" })
	p.act("ben", statement.PutSilence, "s", "drill", statement.Muting{Until: p.now.Add(time.Hour)})

	h, err := p.HandOver(t.Context(), since)
	p.must(err)
	if h.Who != "ben" || !h.Watch.Equal(began) || h.Sent != 1 || len(h.Failed) == 0 || h.Failed[0].Why != "550 no such mailbox" || len(h.Muted) != 1 {
		t.Errorf("hand-over %+v", h)
	}
	ids := func(news []statement.News) (out []string) {
		for _, n := range news {
			out = append(out, n.Signal.ID)
		}
		return out
	}
	if diff := cmp.Diff([]string{raised.ID, wrong.ID}, ids(h.Raised)); diff != "" {
		t.Errorf("raised (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{earlier.ID, raised.ID}, ids(h.Open)); diff != "" {
		t.Errorf("not acknowledged (-want +got):\n%s", diff)
	}
	var done []statement.Action
	for _, l := range h.Done {
		done = append(done, l.Action)
	}
	if diff := cmp.Diff([]statement.Action{statement.BeginWatch, statement.MarkFalse, statement.PutSilence}, done); diff != "" {
		t.Errorf("done (-want +got):\n%s", diff)
	}
}

func TestOnWatch(t *testing.T) {
	p := newPost(t)
	var last string
	for _, step := range []struct {
		do   func()
		want string
	}{
		{func() {}, ""},
		{func() { p.act("ana", statement.BeginWatch, "desk", "", nil) }, "ana"},
		{func() { p.act("ana", statement.BeginWatch, "desk", "", nil) }, "ana"},
		{func() { last = p.act("ben", statement.BeginWatch, "desk", "", nil) }, "ben"},
		{func() { p.act("ana", statement.EndWatch, "desk", "", nil) }, "ben"}, // who was relieved hands over
		{func() { p.undo(last) }, ""},
		{func() { p.act("cem", statement.BeginWatch, "desk", "", nil) }, "cem"},
		{func() { last = p.act("cem", statement.EndWatch, "desk", "", nil) }, ""},
		{func() { p.undo(last) }, "cem"},
	} {
		step.do()
		if who, since, err := p.OnWatch(t.Context()); err != nil || who != step.want || since.IsZero() != (who == "") {
			t.Errorf("on watch is %q since %s, %v, want %q", who, since, err, step.want)
		}
	}
}
