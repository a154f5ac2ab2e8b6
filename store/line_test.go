package store

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"palabre/statement"
)

// stood is a binding event on dialogue, for tests of lines.
func stood(when string, target string, stance statement.Stance) *event {
	return &event{
		id: when + target + string(stance), actor: "mali-government", topic: statement.Dialogue, target: target, stance: stance,
		when: date(when), weight: weight{binding: true, reports: 1},
	}
}

func TestLatest(t *testing.T) {
	s := sidesOf(t, testRegistry())
	loose := stood("2021-09-01", "jnim", statement.Anti)
	loose.binding = false
	vacant := stood("2021-08-01", "jnim", statement.Anti)
	vacant.reports = 0
	events := []*event{loose, vacant, stood("2021-03-01", "isgs", statement.Anti), stood("2020-01-01", "armed-groups", statement.Pro), stood("2019-01-01", "jnim", statement.Anti)}
	for target, want := range map[string]string{"jnim": "2020-01-01", "isgs": "2021-03-01", "katiba-macina": "2020-01-01", "armed-groups": "2021-03-01"} {
		if got := s.latest(statement.Dialogue, "mali-government", target, slices.Values(events)); got == nil || got.when.String() != want {
			t.Errorf("line towards %s: %+v, want the event of %s", target, got, want)
		}
	}
	if got := s.latest(statement.Dialogue, "mali-government", "cma", slices.Values(events)); got != nil {
		t.Errorf("line towards cma: %+v, want none", got)
	}
}

func TestLapsed(t *testing.T) {
	for _, c := range []struct {
		stance      statement.Stance
		topic       statement.Topic
		then, later string
		want        bool
	}{
		{statement.Pro, statement.Dialogue, "2021-01-01", "2021-06-29", false},
		{statement.Pro, statement.Dialogue, "2021-01-01", "2021-06-30", true},
		{statement.Conditional, statement.Dialogue, "2021-01-01", "2021-12-01", true},
		{statement.Mixed, statement.Dialogue, "2021-01-01", "2021-12-01", true},
		{statement.Anti, statement.Dialogue, "2011-01-01", "2021-12-01", false},
		{statement.Pro, statement.Sharia, "2011-01-01", "2021-12-01", false},
		{statement.Pro, statement.Dialogue, "2021", "2021-12-01", false}, // may have been said in December
		{statement.Pro, statement.Dialogue, "2021-06-30", "2021", false},
	} {
		if got := lapsed(c.topic, c.stance, date(c.then), date(c.later)); got != c.want {
			t.Errorf("%s on %s of %s has lapsed on %s: %t, want %t", c.stance, c.topic, c.then, c.later, got, c.want)
		}
	}
}

func TestBornPart(t *testing.T) {
	s := sidesOf(t, testRegistry())
	for when, want := range map[string]bool{"2017-02-28": false, "2017-03-01": true, "2017": true, "2012": false} {
		e := &event{actor: "ansar-dine", when: date(when)}
		if got := s.bornPart("jnim", e); got != want {
			t.Errorf("ansar-dine speaks for jnim in %s: %t, want %t", when, got, want)
		}
	}
	if s.bornPart("jnim", &event{actor: "isgs", when: date("2021")}) {
		t.Error("isgs speaks for jnim")
	}
}

func TestTrace(t *testing.T) {
	s := sidesOf(t, testRegistry())
	events := []*event{
		stood("2021-06-01", "isgs", statement.Anti),
		stood("2021-05-01", "jnim", statement.Pro),
		stood("2021-03-01", "katiba-macina", statement.Pro),
		stood("2020-01-01", "jnim", statement.Pro), // lapsed before the next
		stood("2019-01-01", "jnim", statement.Anti),
	}
	stands := []*stand{{target: "jnim"}, {target: "isgs"}, {target: "armed-groups"}, {target: "cma"}}
	s.trace(statement.Dialogue, "mali-government", stands, 0, slices.Values(events))
	for i, want := range []struct{ event, since string }{{"2021-05-01", "2021-03-01"}, {"2021-06-01", "2021-06-01"}, {"2021-06-01", "2021-06-01"}, {"", ""}} {
		st := stands[i]
		var event string
		if st.event != nil {
			event = st.event.when.String()
		}
		if event != want.event || st.since.String() != want.since {
			t.Errorf("towards %s: %s since %s, want %s since %s", st.target, event, st.since, want.event, want.since)
		}
	}
}

// Whatever the order in which events arrive, following them one by one must end
// where reading them all at once does.
func TestTraceStepByStep(t *testing.T) {
	s := sidesOf(t, testRegistry())
	rapid.Check(t, func(t *rapid.T) {
		days := rapid.Permutation([]int{0, 30, 60, 90, 300, 330, 500, 520, 700, 705}).Draw(t, "days")
		var events []*event
		known := &stand{target: "jnim"}
		for i, day := range days[:rapid.IntRange(1, len(days)).Draw(t, "n")] {
			e := stood("2020-01-01", "jnim", rapid.SampledFrom([]statement.Stance{statement.Pro, statement.Anti}).Draw(t, "stance"))
			e.id, e.n, e.when.Time = e.id+string(rune('a'+i)), int64(i), e.when.Time.AddDate(0, 0, day)
			events = append(events, e)
			slices.SortFunc(events, func(a, b *event) int { return byAge(b, a) })
			step := &stand{target: "jnim", known: known.known, before: known.since}
			s.trace(e.topic, e.actor, []*stand{step}, dayOf(e.when.Time), slices.Values(events))
			whole := &stand{target: "jnim"}
			s.trace(e.topic, e.actor, []*stand{whole}, 0, slices.Values(events))
			if step.event != whole.event || step.since != whole.since {
				t.Fatalf("step by step %s since %s, at once %s since %s", step.event.id, step.since, whole.event.id, whole.since)
			}
			step.known = step.event.id
			known = step
		}
	})
}
