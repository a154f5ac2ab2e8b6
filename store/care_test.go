package store

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"palabre/statement"
)

// deed is a desk event of its own, even if the same was done before.
func (p *post) deed(who string, action statement.Action, subject, note string, details any) statement.DeskEvent {
	p.t.Helper()
	p.now = p.now.Add(time.Second)
	e := statement.DeskEvent{At: p.now, Who: who, Action: action, Subject: subject, Note: note}
	if details != nil {
		b, err := json.Marshal(details)
		p.must(err)
		e.Details = b
	}
	e.ID = statement.NewDeskEventID(&e)
	return e
}

// act does something at the desk and returns the ID of the event.
func (p *post) act(who string, action statement.Action, subject, note string, details any) string {
	p.t.Helper()
	e := p.deed(who, action, subject, note, details)
	for range 2 { // the stream may bring it twice
		p.must(p.ApplyDesk(p.t.Context(), []statement.DeskEvent{e}))
	}
	return e.ID
}

func (p *post) undo(id string) string {
	p.t.Helper()
	return p.act("ben", statement.Undo, id, "", nil)
}

func (p *post) care(signal string) statement.Care {
	p.t.Helper()
	c, err := careOf(p.t.Context(), p.reader, signal)
	p.must(err)
	return c
}

func TestCareAndItsUndo(t *testing.T) {
	until := testClock.Add(time.Hour)
	for _, c := range []struct {
		action  statement.Action
		details any
		want    func(*statement.Care)
	}{
		{statement.Acknowledge, nil, func(c *statement.Care) { c.Acknowledged, c.At = "ana", testClock.Add(time.Second) }},
		{statement.Own, nil, func(c *statement.Care) { c.Owner = "ana" }},
		{statement.Snooze, statement.Snoozed{Until: until}, func(c *statement.Care) { c.Snoozed = until }},
		{statement.MarkFalse, nil, func(c *statement.Care) { c.False = "ana" }},
		{statement.Confirm, nil, func(c *statement.Care) { c.Confirmed = "ana" }},
	} {
		p := newPost(t)
		none := statement.Care{Signal: "s"}
		want := none
		want.Note = "why"
		c.want(&want)
		did := p.act("ana", c.action, "s", "why", c.details)
		if diff := cmp.Diff(want, p.care("s")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.action, diff)
		}
		undid := p.undo(did)
		if diff := cmp.Diff(none, p.care("s")); diff != "" {
			t.Errorf("%s, undone (-want +got):\n%s", c.action, diff)
		}
		p.undo(undid)
		if diff := cmp.Diff(want, p.care("s")); diff != "" {
			t.Errorf("%s, undone and the undo undone (-want +got):\n%s", c.action, diff)
		}
		mustVerify(t, p.Store)
	}
}

func TestCareIsTheFirstWordAndTheLastNote(t *testing.T) {
	p := newPost(t)
	first := p.act("ana", statement.Acknowledge, "s", "seen", nil)
	p.act("ben", statement.Acknowledge, "s", "", nil)
	p.act("ana", statement.Own, "s", "mine", nil)
	p.act("ben", statement.Own, "s", "", nil)
	if got := p.care("s"); got.Acknowledged != "ana" || got.Owner != "ben" || got.Note != "mine" {
		t.Errorf("care %+v", got)
	}
	p.undo(first)
	if got := p.care("s"); got.Acknowledged != "ben" || got.Note != "mine" {
		t.Errorf("care after the first was undone %+v", got)
	}
}

func TestUndoOfNothing(t *testing.T) {
	p := newPost(t)
	p.undo("never heard of")
	did := p.act("ana", statement.Own, "s", "", nil)
	undid := p.undo(did)
	idle := p.undo(did)
	p.undo(idle)
	if got := p.care("s"); got.Owner != "" {
		t.Errorf("care %+v", got)
	}
	p.undo(undid)
	if got := p.care("s"); got.Owner != "ana" {
		t.Errorf("the second undo had an effect: %+v", got)
	}
	log, err := p.DeskLog(t.Context(), 10)
	p.must(err)
	var lines []string
	for _, l := range slices.Backward(log) {
		lines = append(lines, fmt.Sprintf("%s undone %t idle %t", l.Action, l.Undone != "", l.Idle))
	}
	want := []string{
		"undo undone false idle true", "own undone false idle false", "undo undone true idle false",
		"undo undone false idle true", "undo undone false idle true", "undo undone false idle false",
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("log (-want +got):\n%s", diff)
	}
	mustVerify(t, p.Store)
}

// careModel is what the log says, worked out from its beginning without a
// record.
type careModel struct {
	acts []statement.DeskEvent
	idle map[string]bool
}

func (m *careModel) find(id string) *statement.DeskEvent {
	for i := range m.acts {
		if m.acts[i].ID == id {
			return &m.acts[i]
		}
	}
	return nil
}

// stands reports whether no undo of the event stands that had an effect.
func (m *careModel) stands(id string) bool {
	for i := range m.acts {
		if u := &m.acts[i]; u.Action == statement.Undo && u.Subject == id && !m.idle[u.ID] && m.stands(u.ID) {
			return false
		}
	}
	return true
}

func (m *careModel) add(e statement.DeskEvent) {
	if m.find(e.ID) != nil {
		return
	}
	if e.Action == statement.Undo && (m.find(e.Subject) == nil || m.idle[e.Subject] || !m.stands(e.Subject)) {
		m.idle[e.ID] = true
	}
	m.acts = append(m.acts, e)
}

func (m *careModel) care(signal string) statement.Care {
	c := statement.Care{Signal: signal}
	for i := range m.acts {
		e := &m.acts[i]
		if e.Subject != signal || !m.stands(e.ID) {
			continue
		}
		switch e.Action {
		case statement.Undo:
			continue
		case statement.Acknowledge:
			if c.Acknowledged == "" {
				c.Acknowledged, c.At = e.Who, e.At
			}
		case statement.Own:
			c.Owner = e.Who
		case statement.Snooze:
			c.Snoozed = e.At.Add(time.Hour)
		case statement.MarkFalse:
			if c.False == "" {
				c.False = e.Who
			}
		case statement.Confirm:
			if c.Confirmed == "" {
				c.Confirmed = e.Who
			}
		}
		if e.Note != "" {
			c.Note = e.Note
		}
	}
	return c
}

// Whatever is done, undone and done again, in one batch or many, care is what the
// events add up to that stand.
func TestCareIsTheFold(t *testing.T) {
	s, now, run := openTest(t), testClock, 0
	rapid.Check(t, func(rt *rapid.T) {
		run++
		signals := []string{fmt.Sprint("s1 of ", run), fmt.Sprint("s2 of ", run)}
		m := &careModel{idle: make(map[string]bool)}
		var batch []statement.DeskEvent
		flush := func() {
			if err := s.ApplyDesk(t.Context(), batch); err != nil {
				rt.Fatal(err)
			}
			batch = nil
		}
		for range rapid.IntRange(1, 25).Draw(rt, "steps") {
			now = now.Add(time.Second)
			e := statement.DeskEvent{
				At:      now,
				Who:     rapid.SampledFrom([]string{"ana", "ben"}).Draw(rt, "who"),
				Subject: rapid.SampledFrom(signals).Draw(rt, "subject"),
				Note:    rapid.SampledFrom([]string{"", "a", "b"}).Draw(rt, "note"),
				Action: rapid.SampledFrom([]statement.Action{
					statement.Acknowledge, statement.Own, statement.Snooze, statement.MarkFalse, statement.Confirm, statement.Undo, statement.Undo, statement.Undo,
				}).Draw(rt, "action"),
			}
			switch {
			case e.Action == statement.Snooze:
				e.Details, _ = json.Marshal(statement.Snoozed{Until: now.Add(time.Hour)})
			case e.Action == statement.Undo && len(m.acts) > 0:
				e.Subject = m.acts[rapid.IntRange(0, len(m.acts)-1).Draw(rt, "undone")].ID
			}
			e.ID = statement.NewDeskEventID(&e)
			if len(m.acts) > 0 && rapid.IntRange(0, 9).Draw(rt, "again") == 0 {
				e = m.acts[rapid.IntRange(0, len(m.acts)-1).Draw(rt, "repeated")]
			}
			m.add(e)
			if batch = append(batch, e); rapid.Bool().Draw(rt, "flush") {
				flush()
			}
		}
		flush()
		for _, signal := range signals {
			got, err := careOf(t.Context(), s.reader, signal)
			if diff := cmp.Diff(m.care(signal), got); diff != "" || err != nil {
				rt.Errorf("care of %s, %v (-log +record):\n%s", signal, err, diff)
			}
		}
	})
	mustVerify(t, s)
}

func TestFalseIsTakenBackFromThoseTold(t *testing.T) {
	p := newPost(t, receiver("a"), receiver("b"))
	sig := p.talk("2021-12-09", refusal)
	p.send("a")
	wrong := p.act("ana", statement.MarkFalse, sig.ID, "a quote of 2012", nil)
	p.expect("marked false", "a new sent", "b new void", "a withdrawn due")
	if n := p.due("a")[0]; n.Subject != wrong || n.Note != "marked false by ana: a quote of 2012" || n.News.Care.False != "ana" {
		t.Errorf("notice %+v", n)
	}
	p.act("ben", statement.MarkFalse, sig.ID, "", nil)
	p.expect("marked false by another too", "a new sent", "b new void", "a withdrawn due")

	p.send("a")
	log, err := p.DeskLog(t.Context(), 1)
	p.must(err)
	p.undo(log[0].ID)
	p.expect("one of the two undone", "a new sent", "b new void", "a withdrawn sent")
	p.undo(wrong)
	p.expect("both undone", "a new sent", "b new due", "a withdrawn sent", "a update due")
	if n := p.due("a")[0]; n.Note != "stands again, says ben" || n.News == nil {
		t.Errorf("notice %+v", n)
	}
}

// What people and the machine take back does not come to life through the other.
func TestFalseAndReadOtherwise(t *testing.T) {
	p := newPost(t, receiver("a"), receiver("b"))
	rec := says("2021-12-09", "ortm", "no talks", refusal)
	apply(t, p.Store, rec)
	sig := p.signals()[0]
	p.send("a")
	wrong := p.act("ana", statement.MarkFalse, sig.ID, "", nil)
	p.send("a")
	p.expect("marked false", "a new sent", "b new void", "a withdrawn sent")
	other := refusal
	other.stance = statement.Mixed
	rec.Reading = reads(&rec.Statement, "pack-2", other)
	apply(t, p.Store, rec)
	p.must(p.write(t.Context(), func(t *tx) error {
		f := p.newFiling(t)
		f.fallen[sig.ID] = cause{why: lost}
		return f.close()
	}))
	i := slices.IndexFunc(p.due("a"), func(n *statement.Notice) bool { return n.Kind == statement.NoticeCorrected })
	if i < 0 || p.due("a")[i].News.Reversed != statement.Mixed || p.due("a")[i].Subject != "by pack-1" {
		t.Fatalf("no correction among %v", p.states())
	}
	p.send("a")
	before := p.states()
	p.undo(wrong)
	p.expect("undone", before...)
}

func TestFalseUndoneBeforeItWasSent(t *testing.T) {
	p := newPost(t, receiver("a"), receiver("b"))
	sig := p.talk("2021-12-09", refusal)
	p.send("a")
	wrong := p.act("ana", statement.MarkFalse, sig.ID, "", nil)
	undid := p.undo(wrong)
	p.expect("undone", "a new sent", "b new due", "a withdrawn void")
	p.undo(undid)
	p.expect("false after all", "a new sent", "b new void", "a withdrawn void", "a withdrawn due")
	p.send("a")
	p.undo(wrong)
	p.expect("and not", "a new sent", "b new due", "a withdrawn void", "a withdrawn sent", "a update due")
	p.send("a")
	p.act("cem", statement.MarkFalse, sig.ID, "", nil)
	p.expect("and again", "a new sent", "b new void", "a withdrawn void", "a withdrawn sent", "a update sent", "a withdrawn due")
}

func TestFalseBeforeTheSignalArrives(t *testing.T) {
	p := newPost(t, receiver("a"))
	rec := says("2021-12-09", "ortm", "no talks", refusal)
	event := statement.EventID(&rec.Reading.Positions[0], rec.Statement.ID)
	wrong := p.act("ana", statement.MarkFalse, statement.SignalID(event, statement.First), "", nil)
	apply(t, p.Store, rec)
	p.expect("replayed in another order")
	p.undo(wrong)
	p.expect("undone", "a new due")
}

func TestConfirm(t *testing.T) {
	p := newPost(t, receiver("a"))
	heard := says("2021-12-09", "rfi", "talks, RFI has learnt", open.heard())
	apply(t, p.Store, heard)
	p.expect("reported by one outlet")
	sig := p.signals()[0]
	if sig.Candidate == "" {
		t.Fatalf("%+v is no candidate", sig)
	}
	sure := p.act("ana", statement.Confirm, sig.ID, "a second source called", nil)
	p.expect("confirmed", "a new due")
	if n := p.due("a")[0].News; n.Signal.Candidate != "" || n.Care.Confirmed != "ana" {
		t.Errorf("news %+v", n)
	}
	if got := raised(t, p.Store, SignalQuery{Firm: true}); len(got) != 1 {
		t.Errorf("firm signals: %v", got)
	}
	p.send("a")
	p.undo(sure)
	p.expect("no longer", "a new sent", "a withdrawn due")
	if n := p.due("a")[0]; n.Note != "ben no longer confirms it" || n.News.Signal.Candidate == "" {
		t.Errorf("notice %+v", n)
	}
	p.send("a")
	apply(t, p.Store, says("2021-12-09", "afp", "AFP confirms", open.heard()))
	if got := raised(t, p.Store, SignalQuery{Firm: true}); len(got) != 1 {
		t.Errorf("firm signals after a second voice: %v", got)
	}
}

// A node that is rebuilt from the streams may meet what people did first.
func TestConfirmBeforeTheSignalArrives(t *testing.T) {
	p := newPost(t, receiver("a"))
	heard := says("2021-12-09", "rfi", "talks, RFI has learnt", open.heard())
	event := statement.EventID(&heard.Reading.Positions[0], heard.Statement.ID)
	p.act("ana", statement.Confirm, statement.SignalID(event, statement.First), "", nil)
	apply(t, p.Store, heard)
	p.expect("the signal arrives", "a new due")
}
