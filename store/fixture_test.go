package store

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"palabre/statement"
)

// date reads a date or stops the test program: dates in tests are literals.
func date(text string) statement.Date {
	d, err := statement.ParseDate(text, "hand")
	if err != nil {
		panic(err)
	}
	return d
}

// testRegistry knows the actors and persons of the acceptance timeline.
func testRegistry() *statement.Registry {
	formed := date("2017-03")
	role := func(id, actor, from, to string) statement.Person {
		r := statement.Role{Actor: actor, Title: "leader"}
		if from != "" {
			r.From = date(from)
		}
		if to != "" {
			r.To = date(to)
		}
		p := statement.Person{ID: id, Label: strings.ToUpper(id[:1]) + id[1:], Roles: []statement.Role{r}}
		if id == "abu-walid-al-sahraoui" {
			p.Died = date("2021-08")
		}
		return p
	}
	return &statement.Registry{
		Actors: []statement.Actor{
			{ID: "al-qaeda", Kind: statement.Coalition, Label: "al-Qaeda"},
			{ID: "aqim", Kind: statement.ArmedGroup, Label: "AQIM", PartOf: "al-qaeda"},
			{ID: "jnim", Kind: statement.Coalition, Label: "JNIM", PartOf: "al-qaeda", PartSince: formed},
			{ID: "ansar-dine", Kind: statement.ArmedGroup, Label: "Ansar Dine", PartOf: "jnim", PartSince: formed},
			{ID: "katiba-macina", Kind: statement.ArmedGroup, Label: "Katiba Macina", PartOf: "jnim", PartSince: formed},
			{ID: "isgs", Kind: statement.ArmedGroup, Label: "ISGS"},
			{ID: "cma", Kind: statement.Coalition, Label: "CMA"},
			{ID: "hcua", Kind: statement.ArmedGroup, Label: "HCUA", PartOf: "cma"},
			{ID: "armed-groups", Kind: statement.ArmedGroup, Label: "armed groups"},
			{ID: "donso", Kind: statement.Militia, Label: "donso hunters"},
			{ID: "mali-government", Kind: statement.State, Label: "Government of Mali", Country: "MLI"},
			{ID: "mali-army", Kind: statement.Body, Label: "Malian army"},
			{ID: "mali-civil-society", Kind: statement.Society, Label: "Malian civil society"},
			{ID: "burkina-government", Kind: statement.State, Label: "Government of Burkina Faso", Country: "BFA"},
			{ID: "france", Kind: statement.State, Label: "France", Country: "FRA"},
			{ID: "us", Kind: statement.State, Label: "United States", Country: "USA"},
			{ID: "un", Kind: statement.Body, Label: "United Nations"},
			{ID: "au", Kind: statement.Body, Label: "African Union"},
			{ID: "analyst", Kind: statement.Nobody, Label: "an analyst"},
		},
		Persons: []statement.Person{
			role("abdelmalek-droukdel", "aqim", "", "2020-06"),
			role("iyad-ag-ghaly", "ansar-dine", "2011", ""),
			role("amadou-koufa", "katiba-macina", "2015", ""),
			role("alghabass-ag-intalla", "hcua", "2013", ""),
			role("abu-walid-al-sahraoui", "isgs", "2015", "2021-08"),
			role("ibrahim-boubacar-keita", "mali-government", "2013-09-04", "2020-08-18"),
			role("dioncounda-traore", "mali-government", "2019-06", "2020-08-18"),
			role("moctar-ouane", "mali-government", "2020-09-27", "2021-05-24"),
			role("choguel-maiga", "mali-government", "2021-06-07", ""),
			role("mamadou-kone", "mali-government", "2020-10", ""),
			role("emmanuel-macron", "france", "2017-05-14", ""),
			role("roch-kabore", "burkina-government", "2015-12-29", "2022-01-24"),
			role("antonio-guterres", "un", "2017", ""),
			role("smail-chergui", "au", "2013", "2021"),
			role("andrew-young", "us", "2020", ""),
			{ID: "mahmoud-dicko", Label: "Mahmoud Dicko", Roles: []statement.Role{{Actor: "mali-civil-society", Title: "imam"}}},
		},
		Places: []statement.Place{{ID: "niono", Kind: "cercle", Label: "Niono", In: "segou"}},
	}
}

func sidesOf(t testing.TB, reg *statement.Registry) *sides {
	t.Helper()
	s, err := newSides(reg)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// testClock is when the tests run: long after the timeline.
var testClock = time.Date(2021, 12, 10, 9, 0, 0, 0, time.UTC)

func openTest(t testing.TB) *Store {
	t.Helper()
	return openAt(t, filepath.Join(t.TempDir(), "record.db"), func() time.Time { return testClock })
}

func openAt(t testing.TB, path string, now func() time.Time) *Store {
	t.Helper()
	return openWith(t, path, testRegistry(), now)
}

func openWith(t testing.TB, path string, reg *statement.Registry, now func() time.Time) *Store {
	t.Helper()
	s, err := Open(t.Context(), path, Options{Registry: reg, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// take is a stance that a test record shows an actor to take.
type take struct {
	actor, speaker string
	topic          statement.Topic
	target         string
	stance         statement.Stance
	reported       bool // somebody's report, not the actor's own words
	act, condition string
	tentative      string
	confidence     float64 // 0.9 if zero
}

// says builds the record of a statement that was published on a day.
func says(when, outlet, text string, takes ...take) statement.Record {
	s := statement.Statement{
		Revision: 1, Source: outlet, Outlet: outlet, Key: when + "/" + text, Kind: statement.Article,
		Title: outlet + ", " + when, Text: text, Published: date(when), Fetched: testClock, FirstSeen: testClock,
	}
	s.ID = s.ContentID()
	s.Of = s.ID
	return statement.Record{Statement: s, Reading: reads(&s, "pack-1", takes...)}
}

// reads is what a version of the rules takes from a statement.
func reads(s *statement.Statement, pack string, takes ...take) statement.Reading {
	r := statement.Reading{Pack: pack, Langs: []statement.LangRun{{End: len(s.Text), Lang: "en", Read: true}}}
	for _, k := range takes {
		confidence := k.confidence
		if confidence == 0 {
			confidence = 0.9
		}
		r.Positions = append(r.Positions, statement.Position{
			Actor: k.actor, Speaker: k.speaker, Topic: k.topic, Target: k.target, Stance: k.stance, Act: k.act, Condition: k.condition,
			Evidence: statement.Evidence{Field: statement.Text, End: len(s.Text), Quote: s.Text},
			Rule:     "test", Confidence: confidence, FirstHand: !k.reported, Tentative: k.tentative,
		})
		r.Actors = append(r.Actors, k.actor)
	}
	return r
}

// next returns the record of an edit of a statement.
func next(rec *statement.Record, text string, takes ...take) statement.Record {
	s := rec.Statement
	s.Text, s.Revision = text, s.Revision+1
	s.ID = s.ContentID()
	return statement.Record{Statement: s, Reading: reads(&s, rec.Reading.Pack, takes...)}
}

func apply(t testing.TB, s *Store, records ...statement.Record) Applied {
	t.Helper()
	done, err := s.Apply(t.Context(), records)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// raised lists every signal, oldest words first, one line each.
func raised(t testing.TB, s *Store, q SignalQuery) []string {
	t.Helper()
	q.Limit = 1000
	page, err := s.Signals(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	out := make([]string, len(page.Signals))
	for i, sig := range page.Signals {
		line := fmt.Sprintf("%s %s %s %s: %s>%s %s", sig.Now.Said, sig.Actor, sig.Topic, sig.Target, sig.From, sig.To, sig.Reason)
		out[len(out)-1-i] = line
	}
	return out
}

// mustVerify fails the test unless the record agrees with itself.
func mustVerify(t testing.TB, s *Store) Report {
	t.Helper()
	report, err := s.Verify(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range report.Problems {
		t.Errorf("verify: %s: %s", p.Where, p.What)
	}
	return report
}
