package store

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"palabre/statement"
)

func day(text string) time.Time { return date(text).Time }

// standsOn returns the stance on dialogue that an actor took last by a day, or "".
func standsOn(t *testing.T, s *Store, on time.Time, actor string) statement.Stance {
	t.Helper()
	all, err := s.Stands(t.Context(), "", on)
	if err != nil {
		t.Fatal(err)
	}
	for i := range all {
		if st := &all[i]; st.Actor == actor && st.Topic == statement.Dialogue {
			return st.Stance
		}
	}
	return ""
}

// TestStands holds who stands where today against the lines of each actor.
func TestStands(t *testing.T) {
	s := openTest(t)
	apply(t, s, timeline()...)
	all, err := s.Stands(t.Context(), "", time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 20 {
		t.Fatalf("only %d lines", len(all))
	}
	byActor := make(map[string]map[string]Standing)
	for _, st := range all {
		if byActor[st.Actor] == nil {
			byActor[st.Actor] = make(map[string]Standing)
		}
		byActor[st.Actor][st.Event] = st
	}
	for actor, lines := range byActor {
		record, err := s.ActorLines(t.Context(), actor, 1)
		if err != nil {
			t.Fatal(err)
		}
		want := make(map[string]Standing)
		for _, l := range record.Lines {
			want[l.Event] = l
		}
		if diff := cmp.Diff(want, lines); diff != "" {
			t.Errorf("lines of %s (-each, +all): %s", actor, diff)
		}
	}
}

func TestStandsOnADay(t *testing.T) {
	s := openTest(t)
	apply(t, s, timeline()...)
	for _, c := range []struct {
		on   string
		want statement.Stance
	}{
		{"2011-01-01", ""},
		{"2020-01-22", statement.Anti},
		{"2020-01-23", statement.Pro},
		{"2021-10-20", statement.Pro},
		{"2021-10-22", statement.Mixed},
	} {
		if got := standsOn(t, s, day(c.on), "mali-government"); got != c.want {
			t.Errorf("on %s: %q, want %q", c.on, got, c.want)
		}
	}
}

// TestTurns sees that the latest signal of a matter stands for a span of days,
// unless a person marked it false.
func TestTurns(t *testing.T) {
	s := openTest(t)
	for _, rec := range timeline() {
		apply(t, s, rec)
	}
	latest := func() *statement.Signal {
		t.Helper()
		found, err := s.Turns(t.Context(), day("2021-07-25"), day("2021-10-25"))
		if err != nil {
			t.Fatal(err)
		}
		var out *statement.Signal
		for i := range found {
			if f := &found[i]; f.Actor == "mali-government" && f.Topic == statement.Dialogue && f.Target == "jnim" {
				if out != nil {
					t.Fatalf("two signals of one matter: %s and %s", out.ID, f.ID)
				}
				out = f
			}
		}
		if out == nil {
			t.Fatalf("no signal of the government's line among %d", len(found))
		}
		return out
	}
	sig := latest()
	if sig.Reason != statement.WalkBack {
		t.Errorf("the latest signal is %s", sig.Reason)
	}
	e := statement.DeskEvent{ID: "wrong", At: testClock, Who: "x", Action: statement.MarkFalse, Subject: sig.ID}
	if err := s.ApplyDesk(t.Context(), []statement.DeskEvent{e}); err != nil {
		t.Fatal(err)
	}
	if found, err := s.Turns(t.Context(), day("2021-10-22"), day("2021-10-22")); err != nil || len(found) > 0 {
		t.Errorf("a signal that was marked false stands: %v, %v", found, err)
	}
}

func TestDemandCounts(t *testing.T) {
	s := openTest(t)
	for i, actor := range []string{"jnim", "jnim", "france"} {
		apply(t, s, says(fmt.Sprintf("2021-0%d-01", 1+i), "rfi", fmt.Sprint("words ", i), take{
			actor: actor, topic: statement.Dialogue, target: "mali-government", stance: statement.Conditional, condition: []string{"the French leave", "prisoners are freed", "it stops"}[i],
		}))
	}
	counts, err := s.DemandCounts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	all, err := s.Demands(t.Context(), DemandQuery{})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, c := range counts {
		n += c.N
		few, err := s.Demands(t.Context(), DemandQuery{Actor: c.Actor, Topic: c.Topic, Status: c.Status})
		if err != nil || len(few) != c.N {
			t.Errorf("%+v: %d demands, %v", c, len(few), err)
		}
	}
	if n != len(all) || n == 0 {
		t.Errorf("counted %d of %d demands", n, len(all))
	}
}
