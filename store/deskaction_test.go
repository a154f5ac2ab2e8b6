package store

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"palabre/statement"
)

func TestSilencesAndTheirUndo(t *testing.T) {
	p := newPost(t)
	mutings := func() []string {
		t.Helper()
		all, err := p.Mutings(t.Context())
		p.must(err)
		var out []string
		for _, m := range all {
			out = append(out, fmt.Sprintf("%s by %s for %q until %s", m.ID, m.Author, m.Reason, m.Until.Format(time.TimeOnly)))
		}
		return out
	}
	put := p.act("ana", statement.PutSilence, "s1", "exercise", statement.Muting{Until: testClock.Add(time.Hour)})
	longer := p.act("ben", statement.PutSilence, "s1", "", statement.Muting{Until: testClock.Add(2 * time.Hour), Reason: "it goes on", Author: "ben"})
	for _, step := range []struct {
		what string
		do   func()
		want []string
	}{
		{"put twice", func() {}, []string{`s1 by ben for "it goes on" until 11:00:00`}},
		{"the second undone", func() { longer = p.undo(longer) }, []string{`s1 by ana for "exercise" until 10:00:00`}},
		{"and not", func() { p.undo(longer) }, []string{`s1 by ben for "it goes on" until 11:00:00`}},
		{"ended", func() { longer = p.act("ana", statement.EndSilence, "s1", "", nil) }, nil},
		{"the end undone", func() { p.undo(longer) }, []string{`s1 by ben for "it goes on" until 11:00:00`}},
		{"the first undone", func() { p.undo(put) }, []string{`s1 by ben for "it goes on" until 11:00:00`}},
		{"time goes by", func() { p.now = testClock.Add(2 * time.Hour) }, nil},
	} {
		step.do()
		if diff := cmp.Diff(step.want, mutings()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step.what, diff)
		}
	}
}

func TestHeartbeat(t *testing.T) {
	p := newPost(t, receiver("a", second("b")), receiver("b"))
	asked := p.act("ana", statement.Heartbeat, "a", "are you there", nil)
	p.expect("asked for", "a heartbeat due")
	if n := p.due("a")[0]; n.Subject != asked || n.News != nil || n.Note != "asked for by ana: are you there" {
		t.Errorf("notice %+v", n)
	}
	undid := p.undo(asked)
	p.expect("undone", "a heartbeat void")
	p.undo(undid)
	p.expect("and not", "a heartbeat due")
	p.act("ana", statement.Heartbeat, "nobody", "", nil)
	old := p.deed("ana", statement.Heartbeat, "b", "", nil)
	p.now = p.now.Add(2 * time.Hour)
	p.must(p.ApplyDesk(t.Context(), []statement.DeskEvent{old}))
	p.expect("one to nobody, and one out of an old stream", "a heartbeat due")
	m := p.compose("a")
	p.delivered(&m, func(d *statement.Delivery) { d.Failure = "no" })
	p.expect("not delivered", "a heartbeat dead")
}

func TestJudgement(t *testing.T) {
	p := newPost(t)
	sig := p.talk("2021-12-09", refusal)
	p.must(p.write(t.Context(), func(t *tx) error {
		return t.exec(`INSERT INTO demands VALUES ('d', 'jnim', 'dialogue', '', 'france', '', 'w', 'before', ?1, ?1, 'may-be-met', '', '')`, sig.Event)
	}))
	judged := func() (status string) {
		t.Helper()
		p.must(p.reader.QueryRowContext(t.Context(), `SELECT status || '/' || judged FROM demands`).Scan(&status))
		return status
	}
	met := p.act("ana", statement.JudgeDemand, "d", "", statement.Judgement{Status: statement.DemandMet})
	dropped := p.act("ana", statement.JudgeDemand, "d", "", statement.Judgement{Status: statement.DemandDropped})
	if got := judged(); got != "may-be-met/dropped" {
		t.Errorf("judged %s", got)
	}
	p.undo(dropped)
	if got := judged(); got != "may-be-met/met" {
		t.Errorf("after an undo %s", got)
	}
	p.undo(met)
	if got := judged(); got != "may-be-met/" {
		t.Errorf("after both %s", got)
	}
}

// A judgement outlives the rows that it is about.
func TestJudgementStaysWithTheDemand(t *testing.T) {
	p := newPost(t)
	asks := take{actor: "jnim", topic: statement.Dialogue, target: "mali-government", stance: statement.Conditional, condition: "France leaves first"}
	rec := says("2021-12-09", "az-zallaqa", "no talks unless France leaves first", asks)
	id := statement.DemandID("jnim", statement.Dialogue, "mali-government", "france leaves first")
	met := p.act("ana", statement.JudgeDemand, id, "", statement.Judgement{Status: statement.DemandMet})
	status := func() []string {
		t.Helper()
		out, err := texts(t.Context(), p.reader, `SELECT judged || ' ' || status FROM demands WHERE id = ?`, id)
		p.must(err)
		return out
	}
	for step, rec := range []statement.Record{rec, reread(rec, "pack-2"), reread(rec, "pack-3", asks)} {
		apply(t, p.Store, rec)
		want := []string{"met open"}
		if step == 1 {
			want = nil
		}
		if diff := cmp.Diff(want, status()); diff != "" {
			t.Errorf("step %d: judged (-want +got):\n%s", step, diff)
		}
	}
	p.undo(met)
	if diff := cmp.Diff([]string{" open"}, status()); diff != "" {
		t.Errorf("undone (-want +got):\n%s", diff)
	}
}

func TestBadDeskEvents(t *testing.T) {
	p := newPost(t, receiver("a"))
	good := p.deed("ana", statement.Own, "s", "", nil)
	for name, e := range map[string]statement.DeskEvent{
		"snooze without an end":   p.deed("ana", statement.Snooze, "s", "", statement.Snoozed{}),
		"snooze of no time":       p.deed("ana", statement.Snooze, "s", "", "tomorrow"),
		"snooze without details":  p.deed("ana", statement.Snooze, "s", "", nil),
		"silence that never was":  p.deed("ana", statement.PutSilence, "s", "", statement.Muting{From: testClock, Until: testClock}),
		"silence for ever":        p.deed("ana", statement.PutSilence, "s", "", statement.Muting{Until: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)}),
		"receiver of two names":   p.deed("ana", statement.PutReceiver, "s", "", receiver("t")),
		"split of nothing":        p.deed("ana", statement.SplitEvent, "s", "", statement.Regrouping{}),
		"merge of nothing":        p.deed("ana", statement.MergeEvents, "s", "", statement.Regrouping{Statements: []string{""}}),
		"judgement of no kind":    p.deed("ana", statement.JudgeDemand, "s", "", statement.Judgement{Status: "perhaps"}),
		"nothing to acknowledge":  p.deed("ana", statement.Acknowledge, "", "", nil),
		"time that nobody counts": {ID: "x", At: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), Action: statement.Own, Subject: "s"},
	} {
		err := p.ApplyDesk(t.Context(), []statement.DeskEvent{good, e})
		if err == nil || !strings.Contains(err.Error(), e.ID) {
			t.Errorf("%s: error %v, want one that names the event", name, err)
		}
	}
	if err := p.ApplyDesk(t.Context(), []statement.DeskEvent{{At: testClock, Action: statement.Own, Subject: "s"}}); err == nil {
		t.Error("an event without an ID was taken")
	}
	if log, err := p.DeskLog(t.Context(), 10); err != nil || len(log) != 0 {
		t.Errorf("half a batch was taken: %+v, %v", log, err)
	}
	p.act("ana", "dance", "", "", 7)
	p.act("ana", statement.BeginWatch, "desk", "", nil)
	if log, err := p.DeskLogOf(t.Context(), "desk"); err != nil || len(log) != 1 {
		t.Errorf("what is only logged: %+v, %v", log, err)
	}
	p.expect("nothing to tell")
}

func TestReviveOfADeskEventHasItsEffect(t *testing.T) {
	p := newPost(t)
	e := p.deed("ana", statement.Own, "s", "", nil)
	payload, err := json.Marshal(e)
	p.must(err)
	p.must(p.Bury(t.Context(), statement.DeadLetter{ID: "1", Payload: payload}))
	p.must(p.Revive(t.Context(), "1"))
	if got := p.care("s"); got.Owner != "ana" {
		t.Errorf("care %+v", got)
	}
}
