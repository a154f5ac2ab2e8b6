package store

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"palabre/statement"
)

func (p *post) sweep(after time.Duration) {
	p.t.Helper()
	p.now = p.now.Add(after)
	p.must(p.Sweep(p.t.Context(), p.now))
}

func TestEscalation(t *testing.T) {
	p := newPost(t,
		receiver("a", escalates("chief", 15*time.Minute)),
		receiver("b", escalates("chief", time.Hour)),
		receiver("chief", func(r *statement.Receiver) { r.Wants.Actors = []string{"nobody"} }))
	p.talk("2021-12-09", refusal)
	p.sweep(time.Hour)
	p.expect("not sent yet", "a new due", "b new due")
	p.send("a")
	p.send("b")
	p.sweep(15*time.Minute - time.Second)
	p.expect("not late yet", "a new sent", "b new sent")
	p.sweep(time.Second)
	p.expect("late", "a new sent", "b new sent", "chief escalated due")
	if n := p.due("chief")[0]; n.Note != "not acknowledged by a within 15m0s" || n.News == nil || n.Subject != "chief" {
		t.Errorf("notice %+v", n)
	}
	p.send("chief")
	for range 3 {
		p.sweep(24 * time.Hour)
	}
	p.expect("only once", "a new sent", "b new sent", "chief escalated sent")
}

func TestEscalationStops(t *testing.T) {
	later := testClock.Add(3 * time.Hour)
	for name, c := range map[string]struct {
		action  statement.Action
		details any
		want    string // of chief
	}{
		"acknowledged": {statement.Acknowledge, nil, ""},
		"false":        {statement.MarkFalse, nil, "a withdrawn due"},
		"snoozed":      {statement.Snooze, statement.Snoozed{Until: later}, ""},
		"owned":        {statement.Own, nil, "chief escalated due"}, // an owner may sleep
	} {
		t.Run(name, func(t *testing.T) {
			p := newPost(t, receiver("a", escalates("chief", time.Hour)), receiver("chief", func(r *statement.Receiver) { r.Wants.Actors = []string{"nobody"} }))
			sig := p.talk("2021-12-09", refusal)
			p.send("a")
			did := p.act("ana", c.action, sig.ID, "", c.details)
			p.sweep(2 * time.Hour)
			if got := strings.Join(p.states()[1:], " "); got != c.want {
				t.Errorf("escalated: %q, want %q", got, c.want)
			}
			p.undo(did)
			p.sweep(time.Second)
			if got := strings.Join(p.states(), ", "); !strings.Contains(got, "chief escalated due") {
				t.Errorf("undone, the notices are %s", got)
			}
			ack := p.act("ana", statement.Acknowledge, sig.ID, "", nil)
			if got := strings.Join(p.states(), ", "); !strings.Contains(got, "chief escalated void") {
				t.Errorf("acknowledged before it was sent, the notices are %s", got)
			}
			p.undo(ack)
			p.sweep(time.Second)
			if got := strings.Join(p.states(), ", "); !strings.Contains(got, "chief escalated due") {
				t.Errorf("and not, the notices are %s", got)
			}
			mustVerify(t, p.Store)
		})
	}
}

func TestSnoozeEnds(t *testing.T) {
	p := newPost(t, receiver("a", escalates("chief", time.Hour)), receiver("chief", func(r *statement.Receiver) { r.Wants.Actors = []string{"nobody"} }))
	sig := p.talk("2021-12-09", refusal)
	p.send("a")
	p.act("ana", statement.Snooze, sig.ID, "", statement.Snoozed{Until: testClock.Add(3 * time.Hour)})
	p.sweep(2 * time.Hour)
	p.expect("snoozed", "a new sent")
	p.sweep(time.Hour)
	p.expect("snoozed no longer", "a new sent", "chief escalated due")
}

func TestEscalationToADisabledReceiverGoesToItsSecond(t *testing.T) {
	none := func(r *statement.Receiver) { r.Wants.Actors = []string{"nobody"} }
	p := newPost(t, receiver("a", escalates("chief", time.Hour)), receiver("chief", none, second("deputy")), receiver("deputy", none))
	p.talk("2021-12-09", refusal)
	p.send("a")
	p.must(p.write(t.Context(), func(t *tx) error { return t.exec(`UPDATE receivers SET disabled = 'gone' WHERE id = 'chief'`) }))
	p.sweep(time.Hour)
	p.expect("late", "a new sent", "deputy escalated due")
}

func TestRepeat(t *testing.T) {
	p := newPost(t, receiver("a", repeats(time.Hour)), receiver("b"))
	sig := p.talk("2021-12-09", refusal)
	p.send("a")
	p.send("b")
	seen := make(map[string]bool)
	for n := range 3 {
		p.sweep(time.Hour - time.Second)
		p.expect("too early", "a new sent", "b new sent")
		p.sweep(time.Second)
		p.expect("not acknowledged for an hour", "a new due", "b new sent")
		due := p.due("a")
		if due[0].Repeats != n+1 {
			t.Errorf("repeat %d of %d", due[0].Repeats, n+1)
		}
		p.sweep(time.Hour) // it waits for the end of a quiet night
		p.expect("waiting", "a new due", "b new sent")
		m := p.compose("a")
		if seen[m.ID] {
			t.Errorf("repeat %d has the ID of an earlier message", n+1)
		}
		seen[m.ID] = true
		p.lease("a")
		p.delivered(&m, nil)
	}
	told, err := p.Unshared(t.Context(), 10)
	if err != nil || len(told) != 2 || !told[0].At.Equal(testClock) {
		t.Errorf("told: %+v, %v, want when it was told first", told, err)
	}
	p.sweep(2 * time.Hour)
	ack := p.act("ana", statement.Acknowledge, sig.ID, "", nil)
	p.expect("acknowledged while it waits", "a new sent", "b new sent")
	p.sweep(2 * time.Hour)
	p.expect("acknowledged", "a new sent", "b new sent")
	p.undo(ack)
	p.sweep(time.Second)
	p.expect("and not", "a new due", "b new sent")
	p.act("ana", statement.MarkFalse, sig.ID, "", nil)
	p.expect("false", "a new sent", "b new sent", "a withdrawn due", "b withdrawn due")
	p.sweep(9 * 24 * time.Hour)
	mustVerify(t, p.Store)
}

func TestOldAlertsAreNotRepeated(t *testing.T) {
	p := newPost(t, receiver("a"))
	p.talk("2021-12-09", refusal)
	p.send("a")
	p.now = p.now.AddDate(0, 0, stale)
	p.must(p.PutReceivers(t.Context(), []statement.Receiver{
		receiver("a", repeats(time.Hour), escalates("b", time.Hour)), receiver("b"),
	}))
	p.sweep(0)
	p.expect("a week later", "a new sent")
}

func TestPutTroubles(t *testing.T) {
	p := newPost(t, receiver("a", watches), receiver("b"), receiver("c", watches, func(r *statement.Receiver) { r.Paused = true }))
	wake, cancel := p.Watch()
	defer cancel()
	trouble := statement.Trouble{Subject: "source rfi 2021-12-10T09:00:00Z", Note: statement.Labels{En: "silent for two days", Fr: "muette depuis deux jours"}}
	for range 2 {
		p.must(p.PutTroubles(t.Context(), []statement.Trouble{trouble}, p.now))
	}
	p.expect("one episode", "a watch due")
	select {
	case <-wake:
	default:
		t.Error("nobody was woken")
	}
	if n := p.due("a")[0]; n.Subject != trouble.Subject || n.Note != trouble.Note.En || n.News != nil {
		t.Errorf("notice %+v", n)
	}
	p.send("a")
	p.must(p.PutTroubles(t.Context(), []statement.Trouble{trouble, {Subject: "source rfi 2021-12-12T09:00:00Z", Note: statement.Labels{En: "again"}}}, p.now))
	p.expect("the next", "a watch sent", "a watch due")
	p.must(p.PutTroubles(t.Context(), nil, p.now))
}

func TestSweepOfNothingWakesNobody(t *testing.T) {
	p := newPost(t, receiver("a", escalates("b", time.Hour), repeats(time.Hour)), receiver("b"))
	p.talk("2021-12-09", refusal)
	p.send("a")
	p.sweep(time.Hour)
	wake, cancel := p.Watch()
	defer cancel()
	for i := range 3 {
		p.sweep(time.Second)
		select {
		case <-wake:
			t.Errorf("sweep %d found something: %s", i, fmt.Sprint(p.states()))
		default:
		}
	}
}

func TestEscalationGoesOn(t *testing.T) {
	nobody := func(r *statement.Receiver) { r.Wants.Actors = []string{"nobody"} }
	p := newPost(t, receiver("a", escalates("b", time.Hour)), receiver("b", nobody, escalates("c", time.Hour)), receiver("c", nobody))
	p.talk("2021-12-09", refusal)
	m := p.compose("a")
	p.lease("a")
	p.delivered(&m, func(d *statement.Delivery) { d.Failure, d.Again = "no connection", p.now.Add(24*time.Hour) })
	p.sweep(time.Hour + time.Second)
	p.expect("a cannot be reached", "a new composed", "b escalated due")
	p.send("b")
	p.sweep(time.Hour + time.Second)
	p.expect("b does not answer", "a new composed", "b escalated sent", "c escalated due")
}

// What waits to be tried again must not be the last word after what takes it
// back.
func TestTakenBackWhileItWaits(t *testing.T) {
	for tries, want := range map[int]string{0: "a new void", 1: "a new dead, a withdrawn due"} {
		p := newPost(t, receiver("a"))
		sig := p.talk("2021-12-09", refusal)
		m := p.compose("a")
		for range tries {
			p.lease("a")
			p.delivered(&m, func(d *statement.Delivery) { d.Failure, d.Again = "no connection", p.now.Add(time.Hour) })
		}
		p.act("ana", statement.MarkFalse, sig.ID, "", nil)
		if got := strings.Join(p.states(), ", "); got != want {
			t.Errorf("after %d tries, notices are %s, want %s", tries, got, want)
		}
		p.now = p.now.Add(2 * time.Hour)
		if out := p.lease("a"); len(out) != 0 {
			t.Errorf("after %d tries, it is tried again: %+v", tries, out)
		}
		mustVerify(t, p.Store)
	}
}
