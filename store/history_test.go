package store

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"palabre/statement"
)

func TestHistory(t *testing.T) {
	s := openTest(t)
	with := func(stance statement.Stance) take {
		return take{actor: "jnim", topic: statement.Dialogue, target: "mali-government", stance: stance}
	}
	reported := with(statement.Anti)
	reported.reported = true
	apply(t, s,
		says("2020-03-08", "a", "we talk if France leaves", with(statement.Conditional)),
		says("2020-04-01", "b", "we still talk if France leaves", with(statement.Conditional)),
		says("2021-06-01", "c", "we talk if they all leave", with(statement.Conditional)),
		says("2021-10-19", "d", "we do not talk", with(statement.Anti)),
		says("2021-11-01", "e", "they do not talk, says a reporter", reported),
		says("2020-04-02", "f", "they shall go", take{actor: "jnim", topic: statement.ForeignTroops, target: "france", stance: statement.Anti}),
		says("2021-11-02", "g", "another one speaks", take{actor: "france", topic: statement.Dialogue, target: "jnim", stance: statement.Anti}),
	)
	lines := func(q HistoryQuery) (out []string) {
		t.Helper()
		q.Actor, q.Sides = "jnim", 1
		c, err := s.History(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range c.Points {
			out = append(out, fmt.Sprintf("%s %s %d own %t %q", p.When, p.Stance, p.N, p.FirstHand, p.Quote))
		}
		for _, st := range c.Stood {
			out = append(out, fmt.Sprintf("%s from %s until %s lapsed %t", st.Stance, st.From.Format(time.DateOnly), st.Until.Format(time.DateOnly), st.Lapsed))
		}
		return append(out, fmt.Sprint(c.Total, c.Hidden, c.Months))
	}
	stood := []string{
		"conditional from 2020-03-08 until 2020-09-28 lapsed true",
		"conditional from 2021-06-01 until 2021-10-19 lapsed false",
		"anti from 2021-10-19 until 0001-01-01 lapsed false",
	}
	join := func(lists ...[]string) (out []string) {
		for _, l := range lists {
			out = append(out, l...)
		}
		return out
	}
	for name, c := range map[string]struct {
		q    HistoryQuery
		want []string
	}{
		"one by one": {HistoryQuery{Most: 10}, join([]string{
			`2020-03-08 conditional 1 own true "we talk if France leaves"`, `2020-04-01 conditional 1 own true "we still talk if France leaves"`,
			`2021-06-01 conditional 1 own true "we talk if they all leave"`, `2021-10-19 anti 1 own true "we do not talk"`,
			`2021-11-01 anti 1 own false "they do not talk, says a reporter"`,
		}, stood, []string{"6 1 0"})},
		"by month": {HistoryQuery{Most: 2, From: date("2021-06").Time}, join([]string{
			`2021-06 conditional 1 own true "we talk if they all leave"`, `2021-10 anti 1 own true "we do not talk"`,
			`2021-11 anti 1 own false "they do not talk, says a reporter"`,
		}, stood, []string{"3 0 1"})},
		"until": {HistoryQuery{Most: 10, From: date("2020-04").Time, To: date("2020-05").Time}, []string{
			`2020-04-01 conditional 1 own true "we still talk if France leaves"`, "conditional from 2020-03-08 until 2020-09-28 lapsed true", "2 1 0",
		}},
	} {
		if diff := cmp.Diff(c.want, lines(c.q)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// BenchmarkHistory reads the history of an actor who said something 20,000 times.
func BenchmarkHistory(b *testing.B) {
	s := openTest(b)
	err := s.write(b.Context(), func(t *tx) error {
		at := date("1995-01-01").Time
		for i := range 20000 {
			at = at.Add(11 * time.Hour)
			err := t.exec(`INSERT INTO events (id, actor, topic, target, stance, day, said, said_origin, seen, created, lead, speaker, condition, authority, guarded, binding, reports, outlets)
				VALUES (?1, 'jnim', ?2, ?3, ?4, ?5, ?6, '', ?7, ?7, 's', '', '', 3, 0, 1, 1, 1)`,
				fmt.Sprint(i), statement.Topics[i%3], []string{"mali-government", "france", ""}[i%3], statement.Stances[i/9%4], dayOf(at), at.Format(time.DateOnly), nanos(at))
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	for b.Loop() {
		c, err := s.History(b.Context(), HistoryQuery{Actor: "jnim", Most: 300, Sides: 9})
		if err != nil || c.Months == 0 || len(c.Points) < 100 {
			b.Fatalf("%d points, %v", len(c.Points), err)
		}
	}
}
