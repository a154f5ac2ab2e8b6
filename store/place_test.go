package store

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"palabre/statement"
)

// placeRegistry has places within places.
func placeRegistry() *statement.Registry {
	reg := testRegistry()
	reg.Places = []statement.Place{
		{ID: "mali", Kind: "country"},
		{ID: "region-segou", Kind: "region", In: "mali"},
		{ID: "niono", Kind: "cercle", In: "region-segou"},
		{ID: "farabougou", Kind: "locality", In: "niono"},
		{ID: "koro", Kind: "cercle", In: "mali"},
	}
	return reg
}

// at is a record of a statement that names places.
func at(rec statement.Record, places ...string) statement.Record {
	rec.Reading.Places = places
	return rec
}

func statementsAt(t *testing.T, s *Store, since time.Time) map[string]int {
	t.Helper()
	counts, err := s.PlaceCounts(t.Context(), since)
	if err != nil {
		t.Fatal(err)
	}
	out := make(map[string]int)
	for place, c := range counts {
		out[place] = c.Statements
	}
	return out
}

func TestPlaceCounts(t *testing.T) {
	s := openWith(t, filepath.Join(t.TempDir(), "record.db"), placeRegistry(), func() time.Time { return testClock })
	truce := func(actor, target, act string) take {
		return take{actor: actor, topic: statement.Dialogue, target: target, stance: statement.Pro, act: act}
	}
	first := at(says("2021-03-14", "les-echos-mali", "a truce", truce("katiba-macina", "donso", ""), truce("donso", "katiba-macina", ceasefire), truce("mali-government", "jnim", "mandate")), "farabougou", "niono")
	second := at(says("2021-03-20", "rfi", "koro waits"), "koro")
	apply(t, s, first, second, at(says("2021-06-01", "rfi", "elsewhere"), "nowhere"))
	want := map[string]int{"farabougou": 1, "niono": 1, "region-segou": 1, "mali": 2, "koro": 1, "nowhere": 1}
	if diff := cmp.Diff(want, statementsAt(t, s, time.Time{})); diff != "" {
		t.Errorf("statements by place (-want, +got): %s", diff)
	}
	if diff := cmp.Diff(map[string]int{"koro": 1, "mali": 1, "nowhere": 1}, statementsAt(t, s, day("2021-03-15"))); diff != "" {
		t.Errorf("since a day (-want, +got): %s", diff)
	}
	counts, err := s.PlaceCounts(t.Context(), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	if got := counts["niono"]; got.Accords != 1 || got.Latest.String() != "2021-03-14" {
		t.Errorf("at Niono: %+v, want one accord though two sides of it are told of, and a mandate", got)
	}
	deeds, err := s.PlaceDeeds(t.Context(), "region-segou", 10)
	if err != nil || len(deeds) != 3 {
		t.Errorf("%d deeds, %v", len(deeds), err)
	}
	if deeds, err = s.PlaceDeeds(t.Context(), "koro", 10); err != nil || len(deeds) != 0 {
		t.Errorf("deeds elsewhere: %v, %v", deeds, err)
	}
	again := first
	again.Reading.Pack, again.Reading.Places, again.Reading.Positions = "pack-2", []string{"koro"}, nil
	apply(t, s, again)
	if diff := cmp.Diff(map[string]int{"mali": 2, "koro": 2, "nowhere": 1}, statementsAt(t, s, time.Time{})); diff != "" {
		t.Errorf("read again (-want, +got): %s", diff)
	}
	if counts, err = s.PlaceCounts(t.Context(), time.Time{}); err != nil || counts["niono"].Accords+counts["koro"].Accords != 0 {
		t.Errorf("the accord outlives its reading: %+v, %v", counts, err)
	}
}

// TestPlacesAreCountedAnew opens a record with another tree of places.
func TestPlacesAreCountedAnew(t *testing.T) {
	path := filepath.Join(t.TempDir(), "record.db")
	s, err := Open(t.Context(), path, Options{Registry: placeRegistry()})
	if err != nil {
		t.Fatal(err)
	}
	apply(t, s, at(says("2021-03-14", "rfi", "words"), "farabougou"), at(says("2021-03-15", "rfi", "more"), "koro", "farabougou"))
	before := statementsAt(t, s, time.Time{})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	other := placeRegistry()
	other.Places[3].In = "koro"
	for range 2 {
		s = openWith(t, path, other, time.Now)
		if diff := cmp.Diff(map[string]int{"farabougou": 2, "koro": 2, "mali": 2}, statementsAt(t, s, time.Time{})); diff != "" {
			t.Errorf("with another tree (-want, +got): %s", diff)
		}
	}
	s = openWith(t, path, placeRegistry(), time.Now)
	if diff := cmp.Diff(before, statementsAt(t, s, time.Time{})); diff != "" {
		t.Errorf("back again (-before, +after): %s", diff)
	}
}

func TestPlaceStatements(t *testing.T) {
	s := openWith(t, filepath.Join(t.TempDir(), "record.db"), placeRegistry(), func() time.Time { return testClock })
	for i := range 7 {
		apply(t, s, at(says(fmt.Sprintf("2021-03-%02d", 1+i/2), "rfi", fmt.Sprint("words ", i),
			take{actor: "jnim", topic: statement.Dialogue, target: "france", stance: statement.Anti}), "farabougou"))
	}
	seen := make(map[string]bool)
	cursor := ""
	for pages := 1; ; pages++ {
		page, err := s.PlaceStatements(t.Context(), "niono", cursor, 3)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range page.IDs {
			if seen[id] {
				t.Errorf("%s is on two pages", id)
			}
			seen[id] = true
		}
		if cursor = page.Next; cursor == "" {
			if pages != 3 || len(seen) != 7 {
				t.Errorf("%d statements on %d pages", len(seen), pages)
			}
			break
		}
	}
	if _, err := s.PlaceStatements(t.Context(), "niono", "x", 3); err == nil {
		t.Error("a cursor that is none is taken")
	}
	who, err := s.PlaceActors(t.Context(), "niono")
	if err != nil || len(who) != 1 || who[0] != (Count{"jnim", statement.Dialogue, statement.Anti, 7}) {
		t.Errorf("who speaks of it: %v, %v", who, err)
	}
	last, err := s.SourceStatements(t.Context(), "rfi", 5)
	if err != nil || len(last.IDs) != 5 || last.Next == "" {
		t.Errorf("of the source: %v, %v", last, err)
	}
}
