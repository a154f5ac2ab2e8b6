package store

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"palabre/statement"
)

func TestSettleElectsTheLead(t *testing.T) {
	at := func(hour int) time.Time { return testClock.Add(time.Duration(hour) * time.Hour) }
	heard := func(id, outlet, when string, hour int, firstHand bool, a authority) *report {
		return &report{
			statement: id, outlet: outlet, when: date(when), seen: at(hour), authority: a,
			position: statement.Position{Target: "jnim", FirstHand: firstHand},
		}
	}
	for _, c := range []struct {
		name    string
		reports []*report
		lead    string
		outlets int
		binding bool
	}{
		{"earliest", []*report{heard("b", "rfi", "2020-02-11", 0, false, leader), heard("a", "afp", "2020-02-10", 1, false, leader)}, "a", 2, true},
		{"first hand before earliest", []*report{heard("a", "rfi", "2020-02-10", 0, false, unnamed), heard("b", "primature", "2020-02-11", 1, true, official)}, "b", 2, true},
		{"first seen on one day", []*report{heard("a", "rfi", "2020-02-10", 1, false, leader), heard("b", "rfi", "2020-02-10", 0, false, leader)}, "b", 1, true},
		{"a stranger alone", []*report{heard("a", "rfi", "2020-02-10", 0, true, noAuthority)}, "a", 1, false},
		{"unnamed, one outlet", []*report{heard("a", "rfi", "2020-02-10", 0, false, unnamed)}, "a", 1, false},
		{"unnamed, two outlets", []*report{heard("a", "rfi", "2020-02-10", 0, false, unnamed), heard("b", "afp", "2020-02-10", 0, false, unnamed)}, "a", 2, true},
	} {
		e := &event{guarded: true}
		e.settle(c.reports)
		if e.lead != c.lead || e.outlets != c.outlets || e.binding != c.binding || e.reports != len(c.reports) {
			t.Errorf("%s: %+v, want lead %s, %d outlets, binding %t", c.name, e, c.lead, c.outlets, c.binding)
		}
	}
	e := &event{weight: weight{binding: true}}
	if e.settle(nil); e.binding || e.reports != 0 {
		t.Errorf("an event without reports still binds: %+v", e)
	}
}

func TestSettleDoesNotDependOnArrival(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		reports := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) *report {
			return &report{
				statement: rapid.StringMatching(`[a-f]{4}`).Draw(t, "id"),
				outlet:    rapid.SampledFrom([]string{"rfi", "afp", "ortm"}).Draw(t, "outlet"),
				when:      statement.Date{Time: testClock.AddDate(0, 0, rapid.IntRange(0, 3).Draw(t, "day")), Precision: statement.Second},
				seen:      testClock.Add(time.Duration(rapid.IntRange(0, 3).Draw(t, "hour")) * time.Hour),
				authority: authority(rapid.IntRange(0, 3).Draw(t, "authority")),
				position:  statement.Position{FirstHand: rapid.Bool().Draw(t, "first hand")},
			}
		}), 1, 6).Draw(t, "reports")
		var one, two event
		one.settle(reports)
		slices.Reverse(reports)
		two.settle(reports)
		if one.lead != two.lead || one.outlets != two.outlets || one.binding != two.binding {
			t.Fatalf("%+v one way, %+v the other", one, two)
		}
	})
}

func TestBelieved(t *testing.T) {
	seen := time.Date(2021, 10, 22, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct{ said, published, want string }{
		{"2021-10-20", "2021-10-21", "2021-10-20"},
		{"", "2021-10-21", "2021-10-21"},
		{"", "2021-10-23", "2021-10-23"}, // a clock or time zone ahead
		{"", "2099-01-01", "2021-10-22T12:00:00Z"},
		{"", "1970-01-01", "2021-10-22T12:00:00Z"},
		{"", "", "2021-10-22T12:00:00Z"},
		{"2012", "", "2012"},
	} {
		s := statement.Statement{FirstSeen: seen}
		if c.said != "" {
			s.Said = date(c.said)
		}
		if c.published != "" {
			s.Published = date(c.published)
		}
		if got := believed(&s).String(); got != c.want {
			t.Errorf("said %q, published %q: believed %s, want %s", c.said, c.published, got, c.want)
		}
	}
}

func TestDays(t *testing.T) {
	for text, want := range map[string]int{"1970-01-01": 0, "1969-12-31": -1, "1969": -365, "2020-03-08": 18329} {
		if got := dayOf(date(text).Time); got != want {
			t.Errorf("day of %s is %d, want %d", text, got, want)
		}
	}
	if got, want := lastDay(date("2020-02")), dayOf(date("2020-02-29").Time); got != want {
		t.Errorf("last day of 2020-02 is %d, want %d", got, want)
	}
}
