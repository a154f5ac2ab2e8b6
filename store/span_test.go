package store

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"palabre/statement"
)

// October of 2021, week by week: the government gives a mandate and takes it back.
const (
	w42 = "2021-10-18"
	w43 = "2021-10-25"
)

// filed is a store that holds the acceptance timeline, filed long after the fact.
func filed(t testing.TB) *Store {
	t.Helper()
	s := openTest(t)
	apply(t, s, timeline()...)
	return s
}

func ids(list []Brief) []string {
	out := []string{}
	for i := range list {
		out = append(out, list[i].Said.String()+" "+list[i].Outlet)
	}
	return out
}

func TestSpokenGoesByTheDateSaid(t *testing.T) {
	s := filed(t)
	apply(t, s, says("2021-10", "monthly", "dated to the month"), says("2021", "yearly", "dated to the year"), says("2021-10-24T23:59:59Z", "rfi", "at the last moment"))
	for _, c := range []struct {
		span Span
		want []string
	}{
		{span(t, w42, w43), []string{"2021-10-19 ministry-of-religious-affairs", "2021-10-22 primature", "2021-10-24T23:59:59Z rfi"}},
		{span(t, w43, "2021-11-01"), []string{}},
		{span(t, "2021-10-01", "2021-11-01"), []string{"2021-10 monthly", "2021-10-14 al-naba", "2021-10-19 ministry-of-religious-affairs", "2021-10-22 primature", "2021-10-24T23:59:59Z rfi"}},
	} {
		got, err := s.Spoken(t.Context(), c.span)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, ids(got)); diff != "" {
			t.Errorf("%s to %s (-want +got):\n%s", c.span.From, c.span.Until, diff)
		}
	}
}

func TestLate(t *testing.T) {
	now := testClock
	s := openAt(t, filepath.Join(t.TempDir(), "record.db"), func() time.Time { return now })
	late := says("2021-10-20", "rfi", "found in December")
	old := says("2021-09", "afp", "of September")
	fresh := says("2021-12-08", "ortm", "of this week")
	before := says("2021-10-21", "bbc", "found long ago")
	before.Statement.FirstSeen = testClock.AddDate(0, -1, 0)
	apply(t, s, late, old, fresh, before)
	this := span(t, "2021-12-06", "2021-12-13")
	found, all, err := s.Late(t.Context(), this, this.From, now, 10)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"2021-09 afp", "2021-10-20 rfi"}, ids(found)); diff != "" || all != 2 {
		t.Errorf("%d late ones (-want +got):\n%s", all, diff)
	}
	if found, all, err = s.Late(t.Context(), this, this.From, now, 1); err != nil || all != 2 || len(found) != 1 || found[0].Outlet != "rfi" {
		t.Errorf("the latest of %d is %v, %v", all, ids(found), err)
	}
}

func TestNewsOfAWeek(t *testing.T) {
	s := filed(t)
	news, err := s.NewsIn(t.Context(), span(t, w42, w43))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for i := range news {
		g := &news[i].Signal
		got = append(got, fmt.Sprintf("%s %s %s: %s>%s, was %s", g.Now.Said, g.Reason, g.Actor, g.From, g.To, g.Then.Said))
	}
	want := []string{"2021-10-19 reaffirmed mali-government: pro>pro, was 2020-12-03", "2021-10-22 walk-back mali-government: pro>mixed, was 2021-10-19"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	of, err := s.NewsOf(t.Context(), []string{news[0].Signal.Now.Statement})
	if err != nil || len(of) != 1 || of[0].Signal.ID != news[0].Signal.ID {
		t.Errorf("of the statement: %+v, %v", of, err)
	}
	said, err := s.UtterancesIn(t.Context(), span(t, w42, w43))
	if err != nil || len(said) != 2 || said[0].Act == "" || len(said[1].Accounts) == 0 {
		t.Errorf("%d utterances, %+v, %v", len(said), said, err)
	}
}

// TestCourses checks where the government stood at the end of weeks, against what
// is known of them.
func TestCourses(t *testing.T) {
	s := filed(t)
	moments := []time.Time{date("2021-10-18").Time, date("2021-10-20").Time, date("2021-10-25").Time, date("2022-06-01").Time}
	courses, err := s.Courses(t.Context(), []string{"mali-government", "jnim"}, moments)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for i := range courses {
		if c := &courses[i]; c.Actor == "mali-government" && c.Topic == statement.Dialogue && c.Own {
			line := c.Target
			for _, st := range c.Steps {
				line += fmt.Sprintf(" %s %s lapsed=%t", st.When, st.Stance, st.Lapsed)
			}
			got = append(got, line)
			now, then, err := s.Stood(t.Context(), c, 1)
			if err != nil || now.Stance != statement.Mixed || now.Quote == "" || then.Stance != statement.Pro || then.Said.String() != "2021-10-19" {
				t.Errorf("%s: it stands at %+v, was %+v, %v", c.Target, now, then, err)
			}
			if _, then, err = s.Stood(t.Context(), c, 0); err != nil || then.Stance != "" {
				t.Errorf("%s: an offer that had lapsed is the line before: %+v, %v", c.Target, then, err)
			}
		}
	}
	if len(got) != 1 {
		t.Fatalf("lines are %q", got)
	}
	want := "jnim 2020-12-03 pro lapsed=true 2021-10-19 pro lapsed=false 2021-10-22 mixed lapsed=false 2021-10-22 mixed lapsed=true"
	if got[0] != want {
		t.Errorf("the line is\n%s, not\n%s", got[0], want)
	}
	today, err := s.ActorLines(t.Context(), "jnim", 0)
	if err != nil {
		t.Fatal(err)
	}
	at, err := s.Courses(t.Context(), []string{"jnim"}, []time.Time{testClock})
	if err != nil || len(at) != len(today.Lines) {
		t.Errorf("%d lines at the present moment, %d in the record, %v", len(at), len(today.Lines), err)
	}
}

func TestPrincipals(t *testing.T) {
	s := filed(t)
	who, err := s.Principals(t.Context(), span(t, w42, w43), 3)
	if err != nil || len(who) != 3 {
		t.Fatalf("%+v, %v", who, err)
	}
	if p := who[0]; p.Actor != "mali-government" || !p.Spoke || p.Last.String() != "2021-10-22" {
		t.Errorf("who spoke is %+v", p)
	}
	for _, p := range who[1:] {
		if p.Spoke || p.Last.IsZero() || p.Statement == "" {
			t.Errorf("who kept silent is %+v", p)
		}
	}
}

func TestDemandsOfAWeek(t *testing.T) {
	s := openTest(t)
	ask := func(when, text, condition string, stance statement.Stance) {
		t.Helper()
		apply(t, s, says(when, "al-zallaqa", text, take{actor: "jnim", topic: statement.Dialogue, target: "mali-government", stance: stance, condition: condition}))
	}
	ask("2021-10-04", "talks when they leave", "they leave", statement.Conditional)
	ask("2021-10-12", "talks when they leave, and prisoners are free", "prisoners are free", statement.Conditional)
	ask("2021-10-20", "we talk", "", statement.Pro)
	check := func(from, until string, want ...string) {
		t.Helper()
		moved, err := s.DemandsIn(t.Context(), span(t, from, until))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for i := range moved {
			by := ""
			if moved[i].By != "" {
				found, err := s.Briefs(t.Context(), []string{moved[i].By})
				if err != nil {
					t.Fatal(err)
				}
				by = " by " + found[moved[i].By].Said.String()
			}
			got = append(got, fmt.Sprintf("%s %s %q%s", moved[i].Move, moved[i].Words, moved[i].First.Quote, by))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", from, diff)
		}
	}
	check("2021-10-04", "2021-10-11", `new they leave "talks when they leave"`)
	check("2021-10-11", "2021-10-18", `new prisoners are free "talks when they leave, and prisoners are free"`)
	check(w42, w43, `dropped they leave "talks when they leave" by 2021-10-20`, `dropped prisoners are free "talks when they leave, and prisoners are free" by 2021-10-20`)
	check(w43, "2021-11-01")
	d, err := s.Demands(t.Context(), DemandQuery{})
	if err != nil || len(d) != 2 {
		t.Fatal(d, err)
	}
	p := &post{t: t, Store: s, now: testClock}
	p.act("ana", statement.JudgeDemand, d[0].ID, "", statement.Judgement{Status: statement.DemandMet})
	check("2021-12-06", "2021-12-13", fmt.Sprintf("met %s %q", d[0].Words, d[0].First.Quote))
}

func TestWatchesAndFlows(t *testing.T) {
	p := newPost(t)
	for _, step := range []struct {
		at     string
		who    string
		action statement.Action
	}{
		{"2021-12-01T06:00:00Z", "ana", statement.BeginWatch},
		{"2021-12-06T18:00:00Z", "ben", statement.BeginWatch},
		{"2021-12-07T06:00:00Z", "ben", statement.EndWatch},
		{"2021-12-09T06:00:00Z", "eve", statement.BeginWatch},
	} {
		p.now = date(step.at).Time
		p.act(step.who, step.action, "desk", "", nil)
	}
	this := span(t, "2021-12-06", "2021-12-13")
	found, err := p.Watches(t.Context(), this)
	p.must(err)
	var got []string
	for _, w := range found {
		got = append(got, fmt.Sprintf("%s %s %s", w.Who, w.From.Format("02T15"), w.To.Format("02T15")))
	}
	if diff := cmp.Diff([]string{"ana 01T06 06T18", "ben 06T18 07T06", "eve 09T06 01T00"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	recent, before := says("2021-12-09", "rfi", "of now"), says("2021-11-20", "afp", "of before")
	before.Statement.FirstSeen = date("2021-11-20").Time
	apply(t, p.Store, recent, before)
	flows, failed, err := p.Flows(t.Context(), this)
	p.must(err)
	want := []Flow{{Source: "afp", Before: 1, Last: date("2021-11-20").Time}, {Source: "rfi", Here: 1, Last: testClock}}
	if diff := cmp.Diff(want, flows); diff != "" || failed != 0 {
		t.Errorf("%d failed (-want +got):\n%s", failed, diff)
	}
	if began, err := p.Began(t.Context()); err != nil || !began.Equal(date("2021-11-20").Time) {
		t.Errorf("the record began %s, %v", began, err)
	}
}
