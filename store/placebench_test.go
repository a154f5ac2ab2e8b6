package store

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"palabre/statement"
)

// manyPlaces is a country of ten regions, sixty cercles and 180 localities.
func manyPlaces() []statement.Place {
	out := []statement.Place{{ID: "mali", Kind: "country"}}
	for i := range 10 {
		out = append(out, statement.Place{ID: fmt.Sprint("region-", i), Kind: "region", In: "mali"})
	}
	for i := range 60 {
		out = append(out, statement.Place{ID: fmt.Sprint("cercle-", i), Kind: "cercle", In: fmt.Sprint("region-", i%10)})
	}
	for i := range 180 {
		out = append(out, statement.Place{ID: fmt.Sprint("town-", i), Kind: "locality", In: fmt.Sprint("cercle-", i%60)})
	}
	return out
}

// BenchmarkPlaces asks a record of 100,000 statements, each of which names the
// country and a town, what the pages of topics and places ask.
func BenchmarkPlaces(b *testing.B) {
	reg := testRegistry()
	reg.Places = manyPlaces()
	s, feed := openWith(b, filepath.Join(b.TempDir(), "record.db"), reg, func() time.Time { return testClock }), newTraffic()
	start := time.Now()
	for range 200 {
		records := feed.records(500)
		for i := range records {
			r := &records[i].Reading
			r.Places = []string{"mali", fmt.Sprint("town-", feed.rng.IntN(180))}
			if len(r.Positions) > 0 && feed.rng.IntN(20) == 0 {
				r.Positions[0].Act = ceasefire
			}
		}
		apply(b, s, records...)
	}
	b.Logf("100,000 statements took %s", time.Since(start).Round(time.Millisecond))
	for _, ask := range []struct {
		name string
		of   func() error
	}{
		{"stands", func() error { _, err := s.Stands(b.Context(), "", time.Time{}); return err }},
		{"stands-on-a-day", func() error { _, err := s.Stands(b.Context(), "", testClock.AddDate(-3, 0, 0)); return err }},
		{"turns", func() error { _, err := s.Turns(b.Context(), testClock.AddDate(0, 0, -90), testClock); return err }},
		{"demands", func() error { _, err := s.DemandCounts(b.Context()); return err }},
		{"counts", func() error { _, err := s.PlaceCounts(b.Context(), time.Time{}); return err }},
		{"counts-of-a-year", func() error { _, err := s.PlaceCounts(b.Context(), testClock.AddDate(-1, 0, 0)); return err }},
		{"statements", func() error { _, err := s.PlaceStatements(b.Context(), "mali", "", 20); return err }},
		{"actors", func() error { _, err := s.PlaceActors(b.Context(), "mali"); return err }},
		{"deeds", func() error { _, err := s.PlaceDeeds(b.Context(), "mali", 60); return err }},
		{"vitals", func() error { _, err := s.Vitals(b.Context()); return err }},
		{"health", func() error { _, err := s.SourceHealth(b.Context()); return err }},
		{"totals", func() error { _, err := s.Totals(b.Context()); return err }},
	} {
		b.Run(ask.name, func(b *testing.B) {
			for b.Loop() {
				if err := ask.of(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
