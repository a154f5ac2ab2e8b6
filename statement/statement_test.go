package statement_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"palabre/statement"
)

func TestDates(t *testing.T) {
	for _, c := range []struct{ in, end, human string }{
		{"2020", "2021-01-01", "2020"},
		{"2020-03", "2020-04-01", "March 2020"},
		{"2020-03-08", "2020-03-09", "8 March 2020"},
		{"2020-03-08T15:04:05Z", "2020-03-08", "8 March 2020"},
	} {
		d, err := statement.ParseDate(c.in, "test")
		if err != nil {
			t.Fatal(err)
		}
		if d.String() != c.in || d.End().Format(time.DateOnly) != c.end || d.Human() != c.human {
			t.Errorf("%s: String %s, End %s, Human %s", c.in, d, d.End(), d.Human())
		}
		b, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		var again statement.Date
		if err := json.Unmarshal(b, &again); err != nil || again != d {
			t.Errorf("%s comes back as %v, %v", b, again, err)
		}
	}
	for _, bad := range []string{"", "20", "2020-13", "08/03/2020", "2020-03-08 10:00"} {
		if _, err := statement.ParseDate(bad, "test"); err == nil {
			t.Errorf("%q is read as a date", bad)
		}
	}
}

func TestContentID(t *testing.T) {
	s := statement.Statement{Source: "rfi", Title: "Mali", Text: "Un dialogue\nest ouvert."}
	id := s.ContentID()
	same := s
	same.Text, same.Key, same.Published.Time = " Un  dialogue est ouvert. ", "other", time.Now()
	if got := same.ContentID(); got != id {
		t.Errorf("re-flowed text has the ID %s, not %s", got, id)
	}
	for name, change := range map[string]func(*statement.Statement){
		"source": func(s *statement.Statement) { s.Source = "afp" },
		"text":   func(s *statement.Statement) { s.Text += "!" },
		"border": func(s *statement.Statement) { s.Title, s.Text = "Mali Un", "dialogue est ouvert." },
	} {
		other := s
		change(&other)
		if other.ContentID() == id {
			t.Errorf("another %s has the same ID", name)
		}
	}
	s.Of, s.Revision = id, 3
	if s.RevisionID() == id {
		t.Error("a revision that goes back has the ID of the first")
	}
}

func TestValidate(t *testing.T) {
	good := statement.Statement{ID: "x", Of: "x", Revision: 1, Source: "rfi", Key: "k", Text: "words"}
	if err := good.Validate(); err != nil {
		t.Errorf("a good statement: %v", err)
	}
	bad := statement.Statement{ID: "x", Text: strings.Repeat("a", statement.MaxText+1)}
	err := bad.Validate()
	if err == nil {
		t.Fatal("a bad statement is taken")
	}
	for _, want := range []string{"of is empty", "source is empty", "key is empty", "text has", "revision is 0"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not say %q", err, want)
		}
	}
}

// TestRoles holds who speaks for whom, and since when.
func TestRoles(t *testing.T) {
	date := func(s string) statement.Date {
		d, err := statement.ParseDate(s, "test")
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	p := statement.Person{ID: "p", Roles: []statement.Role{
		{Actor: "mali-government", From: date("2013"), To: date("2020-08-18")},
		{Actor: "ecowas", From: date("2022-05")},
	}}
	for when, want := range map[string]string{"2012-12-31": "", "2013-01-01": "mali-government", "2020-08-18": "mali-government", "2020-08-19": "", "2022-05-01": "ecowas"} {
		if got := p.ActorAt(date(when).Time); got != want {
			t.Errorf("on %s the person speaks for %q, want %q", when, got, want)
		}
	}
	r := statement.Registry{Actors: []statement.Actor{{ID: "jnim"}, {ID: "katiba-macina", PartOf: "jnim"}, {ID: "mali-government", Country: "MLI"}}}
	if got := r.Coalition("katiba-macina"); got != "jnim" {
		t.Errorf("katiba-macina belongs to %q", got)
	}
	if got := r.Coalition("isgs"); got != "isgs" {
		t.Errorf("an unknown body belongs to %q", got)
	}
	if a := r.ActorOfCountry("MLI"); a == nil || a.ID != "mali-government" || r.ActorOfCountry("") != nil || r.Person("p") != nil {
		t.Error("the registry finds the wrong ones")
	}
}

func TestOutcomes(t *testing.T) {
	for _, o := range []statement.Outcome{statement.OutcomeNew, statement.OutcomeUnchanged, statement.OutcomePartial, statement.OutcomeEmpty} {
		if o.Failed() {
			t.Errorf("%s counts as failed", o)
		}
	}
	for _, o := range []statement.Outcome{statement.OutcomeForbidden, statement.OutcomeNetwork, statement.OutcomeMalformed, statement.OutcomeBlocked} {
		if !o.Failed() {
			t.Errorf("%s does not count as failed", o)
		}
	}
	for g, want := range map[statement.Grade]bool{"A": true, "F": true, "G": false, "": false, "AA": false} {
		if g.Valid() != want {
			t.Errorf("grade %q: %v", g, !want)
		}
	}
}
