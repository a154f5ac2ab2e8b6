package store

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palabre/statement"
)

func TestSavedSearches(t *testing.T) {
	p := newPost(t)
	list := func() []string {
		t.Helper()
		all, err := p.SavedSearches(t.Context())
		p.must(err)
		var out []string
		for _, v := range all {
			out = append(out, fmt.Sprintf("%s %q %s by %s", v.ID, v.Name, v.Query, v.Owner))
		}
		return out
	}
	save := func(who, id, name, query string) string {
		return p.act(who, statement.SaveSearch, id, "", statement.SavedSearch{Name: name, Query: query})
	}
	var act string
	for _, step := range []struct {
		what string
		do   func()
		want []string
	}{
		{"saved", func() { save("ana", "s1", "Koufa  watch", "koufa") }, []string{`s1 "Koufa  watch" koufa by ana`}},
		{"another", func() { save("ben", "s2", "État", "état") }, []string{`s1 "Koufa  watch" koufa by ana`, `s2 "État" état by ben`}},
		{"changed", func() { act = save("ben", "s1", "Koufa watch", "koufa OR كوفا") }, []string{`s1 "Koufa watch" koufa OR كوفا by ben`, `s2 "État" état by ben`}},
		{"the change undone", func() { act = p.undo(act) }, []string{`s1 "Koufa  watch" koufa by ana`, `s2 "État" état by ben`}},
		{"and not", func() { p.undo(act) }, []string{`s1 "Koufa watch" koufa OR كوفا by ben`, `s2 "État" état by ben`}},
		{"one name in other letters", func() { save("cem", "s3", "KOUFA WATCH", "x") }, []string{`s1 "Koufa watch" koufa OR كوفا by ben`, `s2 "État" état by ben`}},
		{"the first dropped", func() { act = p.act("ana", statement.DropSearch, "s1", "", nil) }, []string{`s3 "KOUFA WATCH" x by cem`, `s2 "État" état by ben`}},
		{"the drop undone", func() { p.undo(act) }, []string{`s1 "Koufa watch" koufa OR كوفا by ben`, `s2 "État" état by ben`}},
	} {
		step.do()
		if diff := cmp.Diff(step.want, list()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step.what, diff)
		}
	}
	if v, err := p.SearchNamed(t.Context(), "éTAT "); err != nil || v.ID != "s2" {
		t.Errorf("by name: %+v, %v", v, err)
	}
	if v, err := p.SavedSearch(t.Context(), "s2"); err != nil || v.Name != "État" {
		t.Errorf("by ID: %+v, %v", v, err)
	}
	if _, err := p.SavedSearch(t.Context(), "s3"); !errors.Is(err, ErrNotFound) {
		t.Errorf("one whose name is taken: %v", err)
	}
	if _, err := p.SearchNamed(t.Context(), "nothing"); !errors.Is(err, ErrNotFound) {
		t.Errorf("an unknown name: %v", err)
	}
	for _, bad := range []statement.DeskEvent{
		p.deed("ana", statement.SaveSearch, "", "", statement.SavedSearch{Name: "x"}),
		p.deed("ana", statement.SaveSearch, "s4", "", statement.SavedSearch{Name: " \t"}),
		p.deed("ana", statement.SaveSearch, "s4", "", nil),
		p.deed("ana", statement.DropSearch, "", "", nil),
	} {
		if err := p.ApplyDesk(t.Context(), []statement.DeskEvent{bad}); err == nil {
			t.Errorf("%s of %q with %s is taken", bad.Action, bad.Subject, bad.Details)
		}
	}
	p.must(p.ApplyDesk(t.Context(), []statement.DeskEvent{p.deed("ana", statement.Export, "koufa", "", statement.Exported{Query: "koufa", Count: 3})}))
}

func TestWalk(t *testing.T) {
	s := openTest(t)
	apply(t, s, answered()...)
	var seen []string
	for after := int64(0); ; {
		held, last, err := s.Walk(t.Context(), after, 2)
		if err != nil {
			t.Fatal(err)
		}
		if len(held) == 0 {
			break
		}
		if last <= after {
			t.Fatalf("the walk stands still at %d", after)
		}
		after = last
		for i := range held {
			seen = append(seen, held[i].Statement.Of)
			if len(held[i].Reading.Positions) != 1 || held[i].Reading.Pack == "" || held[i].Statement.Text == "" {
				t.Errorf("%+v", held[i])
			}
		}
	}
	changes, err := s.Changes(t.Context(), 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for i := range changes {
		want = append(want, changes[i].Statement.Of)
	}
	if diff := cmp.Diff(want, seen); diff != "" {
		t.Errorf("statements walked by (-want +got):\n%s", diff)
	}
}
