package store

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"palabre/statement"
)

func TestReportedBy(t *testing.T) {
	s := newSides(testRegistry())
	base := statement.Position{Actor: "mali-government", Topic: statement.Dialogue, Target: "jnim", Stance: statement.Pro}
	with := func(f func(*statement.Position)) statement.Position {
		p := base
		f(&p)
		return p
	}
	for _, c := range []struct {
		name         string
		first, again string // dates
		p            statement.Position
		alike        bool
		want         bool
	}{
		{"same day", "2020-02-10", "2020-02-10", base, false, true},
		{"three days later", "2020-02-10", "2020-02-13", base, false, true},
		{"three days earlier", "2020-02-10", "2020-02-07", base, false, true},
		{"four days later", "2020-02-10", "2020-02-14", base, true, false},
		{"with the hour", "2020-02-10", "2020-02-13T23:59:00Z", base, false, true},
		{"generic target", "2020-02-10", "2020-02-11", with(func(p *statement.Position) { p.Target = "armed-groups" }), false, true},
		{"other target", "2020-02-10", "2020-02-11", with(func(p *statement.Position) { p.Target = "isgs" }), true, false},
		{"other stance", "2020-02-10", "2020-02-10", with(func(p *statement.Position) { p.Stance = statement.Mixed }), true, false},
		{"other actor", "2020-02-10", "2020-02-10", with(func(p *statement.Position) { p.Actor = "mali-army" }), true, false},
		{"other topic", "2020-02-10", "2020-02-10", with(func(p *statement.Position) { p.Topic = statement.Sharia }), true, false},
		{"same month, other words", "2020-02", "2020-02", base, false, false},
		{"same month, same words", "2020-02", "2020-02", base, true, true},
		{"day and its month", "2020-02-01", "2020-02", base, true, false},
		{"year and its first month", "2020", "2020-01", base, true, false},
	} {
		e := openEvent(&report{statement: "one", position: base, when: date(c.first)})
		got := s.reportedBy(e, &report{statement: "two", position: c.p, when: date(c.again)}, func() bool { return c.alike })
		if got != c.want {
			t.Errorf("%s: same utterance is %t, want %t", c.name, got, c.want)
		}
	}
}

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
	e := &event{binding: true}
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

func TestAlike(t *testing.T) {
	text := "Le gouvernement du Mali se dit prêt à ouvrir un dialogue avec les chefs jihadistes, a déclaré le président lundi à Bamako, tout en excluant de remettre en cause la laïcité de l’État."
	for _, c := range []struct {
		name, other string
		want        bool
	}{
		{"itself", text, true},
		{"other accents and case", strings.ToUpper(strings.ReplaceAll(text, "é", "e")), true},
		{"with a byline", text + " (AFP)", true},
		{"other words", "La France exclut toute négociation avec les groupes armés terroristes au Sahel, a répété la ministre des Armées devant le Sénat.", false},
		{"one sentence out of a long text", text + strings.Repeat(" Autre chose a été dit sur le prix du mil et du riz dans la région de Ségou.", 1) + " " + strings.Join(strings.Fields("a b c d e f g h i j k l m n o p q r s t u v w x y z 1 2 3 4 5 6 7 8 9"), " "), false},
		{"nothing", "", false},
	} {
		if got := alike(text, c.other); got != c.want {
			t.Errorf("%s: alike is %t, want %t", c.name, got, c.want)
		}
	}
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
