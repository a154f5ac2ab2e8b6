package store

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"palabre/statement"
)

func TestReportedBy(t *testing.T) {
	s := sidesOf(t, testRegistry())
	n := 0
	told := func(when string, with ...func(*account)) *account {
		n++
		a := &account{
			report: &report{
				statement: "one", outlet: "rfi", when: date(when),
				position: statement.Position{Actor: "mali-government", Topic: statement.Dialogue, Target: "jnim", Stance: statement.Pro},
			},
			kind: statement.Article, lang: "fr", text: fmt.Sprintf("account %d of a government that is ready to talk", n),
		}
		for _, f := range with {
			f(a)
		}
		return a
	}
	target := func(id string) func(*account) { return func(a *account) { a.position.Target = id } }
	speaker := func(id string) func(*account) { return func(a *account) { a.position.Speaker = id } }
	demands := func(ids ...string) func(*account) { return func(a *account) { a.demands = ids } }
	firstHand := func(a *account) { a.position.FirstHand = true }
	at := func(outlet string) func(*account) { return func(a *account) { a.outlet = outlet } }
	kind := func(k statement.Kind) func(*account) { return func(a *account) { a.kind = k } }
	in := func(lang string) func(*account) { return func(a *account) { a.lang = lang } }
	persons := func(ids ...string) func(*account) { return func(a *account) { a.persons = ids } }
	days := func(n ...int) func(*account) { return func(a *account) { a.days = n } }
	again := func(a *account) { a.again = true }
	words := func(text string) func(*account) { return func(a *account) { a.text = text } }
	afp := at("afp")
	for _, c := range []struct {
		name string
		a, b *account
		want bool
	}{
		{"same day", told("2020-02-10"), told("2020-02-10", afp), true},
		{"three days later", told("2020-02-10"), told("2020-02-13", afp), true},
		{"three days earlier", told("2020-02-10"), told("2020-02-07", afp), true},
		{"four days later, the same text", told("2020-02-10", words("same")), told("2020-02-14", afp, words("same")), false},
		{"with the hour", told("2020-02-10"), told("2020-02-13T23:59:00Z", afp), true},
		{"generic target", told("2020-02-10"), told("2020-02-11", afp, target("armed-groups")), true},
		{"other target", told("2020-02-10"), told("2020-02-11", afp, target("isgs")), false},
		{"other stance", told("2020-02-10"), told("2020-02-10", afp, func(a *account) { a.position.Stance = statement.Mixed }), false},
		{"other actor", told("2020-02-10"), told("2020-02-10", afp, func(a *account) { a.position.Actor = "mali-army" }), false},
		{"other topic", told("2020-02-10"), told("2020-02-10", afp, func(a *account) { a.position.Topic = statement.Sharia }), false},
		{"same month, other words", told("2020-02"), told("2020-02", afp), false},
		{"same month, same words", told("2020-02", words("same")), told("2020-02", afp, words("same")), true},
		{"day and its month", told("2020-02-01", words("same")), told("2020-02", afp, words("same")), false},
		{"year and its first month", told("2020", words("same")), told("2020-01", afp, words("same")), false},
		{"two speakers", told("2020-02-10", speaker("moctar-ouane")), told("2020-02-10", afp, speaker("choguel-maiga")), false},
		{"a speaker and nobody named", told("2020-02-10", speaker("moctar-ouane")), told("2020-02-10", afp), true},
		{"two speakers, one text", told("2020-02-10", speaker("moctar-ouane"), words("same")), told("2020-02-10", afp, speaker("choguel-maiga"), words("same")), true},
		{"other demands, one text", told("2020-02-10", demands("a"), words("same")), told("2020-02-10", afp, demands("b"), words("same")), false},
		{"the same demands", told("2020-02-10", demands("a", "b")), told("2020-02-10", afp, demands("a", "b")), true},
		{"one demand more", told("2020-02-10", demands("a", "b"), words("same")), told("2020-02-10", afp, demands("b"), words("same")), false},
		{"demands known of one alone", told("2020-02-10", demands("a")), told("2020-02-10", afp), true},
		{"a speaker, and another person of the body named", told("2020-02-10", speaker("moctar-ouane")), told("2020-02-10", afp, persons("choguel-maiga")), false},
		{"a speaker, and the same person named among others", told("2020-02-10", speaker("moctar-ouane")), told("2020-02-10", afp, persons("choguel-maiga", "moctar-ouane")), true},
		{"said on two days", told("2020-02-11", days(1, 2)), told("2020-02-11", afp, days(3)), false},
		{"a day in common", told("2020-02-11", days(1, 2)), told("2020-02-11", afp, days(2, 3)), true},
		{"one channel twice", told("2020-02-10", firstHand), told("2020-02-10", firstHand), false},
		{"one channel twice, one text", told("2020-02-10", firstHand, words("same")), told("2020-02-11", firstHand, words("same")), true},
		{"one channel in two languages", told("2020-02-10", firstHand), told("2020-02-11", firstHand, in("ar")), true},
		{"interviews with two outlets", told("2020-02-10", firstHand, kind(statement.Interview)), told("2020-02-10", afp, firstHand, kind(statement.Interview)), false},
		{"a speech in two outlets", told("2020-02-10", firstHand, kind(statement.Speech)), told("2020-02-10", afp, firstHand, kind(statement.Speech)), true},
		{"own words two days later", told("2020-02-10", firstHand), told("2020-02-12", afp, firstHand), false},
		{"reported before it was said", told("2020-02-10", firstHand), told("2020-02-08", afp, speaker("moctar-ouane")), false},
		{"learnt before it was confirmed", told("2020-02-10", firstHand), told("2020-02-08", afp), true},
		{"reported the evening before, elsewhere", told("2020-02-10", firstHand), told("2020-02-09T22:00:00Z", afp, speaker("moctar-ouane")), true},
		{"said again later", told("2020-02-10"), told("2020-02-11", afp, again), false},
		{"said again that day", told("2020-02-10"), told("2020-02-10", afp, again), true},
		{"said again, as both tell", told("2020-02-10", again), told("2020-02-11", afp, again), true},
		{"one outlet again two days later", told("2020-02-10"), told("2020-02-12"), true},
	} {
		for _, turn := range []struct{ first, again *account }{{c.a, c.b}, {c.b, c.a}} {
			if got := s.reportedBy(openEvent(turn.first.report), []*account{turn.first}, turn.again); got != c.want {
				t.Errorf("%s, %s first: same utterance is %t, want %t", c.name, turn.first.when, got, c.want)
			}
		}
	}
}

// Somebody may recall an utterance weeks later, and name its day.
func TestRecalled(t *testing.T) {
	s := sidesOf(t, testRegistry())
	first := &account{report: &report{outlet: "rfi", when: date("2020-02-10"), position: statement.Position{Actor: "jnim", Topic: statement.Sharia}}}
	for day, want := range map[string]bool{"2020-02-10": true, "2020-02-11": false} {
		again := &account{report: &report{outlet: "afp", when: date("2020-03-12"), position: first.position}, text: "otherwise told", days: []int{dayOf(date(day).Time)}}
		if got := s.reportedBy(openEvent(first.report), []*account{first}, again); got != want {
			t.Errorf("told a month later as of %s: same utterance is %t, want %t", day, got, want)
		}
	}
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
		if got := (&account{text: text}).alike(&account{text: c.other}); got != c.want {
			t.Errorf("%s: alike is %t, want %t", c.name, got, c.want)
		}
	}
}

func TestRecount(t *testing.T) {
	s := sidesOf(t, testRegistry())
	monday := dayOf(date("2021-10-18").Time)
	for _, c := range []struct {
		name      string
		kind      statement.Kind
		firstHand bool
		text      string
		days      []int
	}{
		{"a report that names its day", statement.Article, false, "il l'a dit lundi", []int{monday}},
		{"a report that names none", statement.Article, false, "il l'a dit", nil},
		{"an article that quotes", statement.Article, true, "« je le dis »", nil},
		{"the words themselves", statement.Speech, true, "je le dis", []int{monday + 2}},
		{"the words themselves, with another day", statement.Communique, true, "dit lundi", []int{monday, monday + 2}},
	} {
		a := &account{report: &report{when: date("2021-10-20")}, kind: c.kind, text: c.text}
		a.position.Actor, a.position.FirstHand = "mali-government", c.firstHand
		s.recount(a, []string{"choguel-maiga", "emmanuel-macron", "jnim"})
		if !slices.Equal(a.days, c.days) || !slices.Equal(a.persons, []string{"choguel-maiga"}) {
			t.Errorf("%s: days %v, persons %v, want %v and the prime minister", c.name, a.days, a.persons, c.days)
		}
	}
}
