package store

import (
	"fmt"
	"math"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"palabre/statement"
)

// Whatever arrives in whatever order, read once or again, revised or repeated:
// the lines must be what reading the whole history gives, and the record must
// agree with itself.
func TestLinesAreWhatHistoryGives(t *testing.T) {
	dir := t.TempDir()
	run := 0
	rapid.Check(t, func(rt *rapid.T) {
		run++
		s, err := Open(t.Context(), filepath.Join(dir, fmt.Sprint(run)), Options{Registry: testRegistry()})
		if err != nil {
			rt.Fatal(err)
		}
		var records []statement.Record
		for step := range rapid.IntRange(1, 25).Draw(rt, "steps") {
			k := take{
				actor:    rapid.SampledFrom([]string{"mali-government", "jnim"}).Draw(rt, "actor"),
				topic:    statement.Dialogue,
				target:   rapid.SampledFrom([]string{"jnim", "isgs", "armed-groups", "donso"}).Draw(rt, "target"),
				stance:   rapid.SampledFrom(statement.Stances).Draw(rt, "stance"),
				speaker:  rapid.SampledFrom([]string{"", "choguel-maiga", "stranger"}).Draw(rt, "speaker"),
				reported: rapid.Bool().Draw(rt, "reported"),
			}
			day := testClock.AddDate(0, 0, -rapid.IntRange(0, 400).Draw(rt, "age")).Format("2006-01-02")
			rec := says(day, rapid.SampledFrom([]string{"rfi", "afp"}).Draw(rt, "outlet"), fmt.Sprint("words ", step), k)
			if len(records) > 0 {
				old := &records[rapid.IntRange(0, len(records)-1).Draw(rt, "old")]
				switch rapid.IntRange(0, 4).Draw(rt, "what") {
				case 0:
					rec = *old
				case 1:
					rec = statement.Record{Statement: old.Statement, Reading: reads(&old.Statement, fmt.Sprint("pack ", step), k)}
				case 2:
					rec = next(old, fmt.Sprint("edit ", step), k)
				}
			}
			records = append(records, rec)
			if _, err := s.Apply(t.Context(), []statement.Record{rec}); err != nil {
				rt.Fatal(err)
			}
		}
		checkLines(t, rt, s)
		report, err := s.Verify(t.Context(), nil)
		if err != nil || !report.OK() {
			rt.Errorf("verify: %+v, %v", report, err)
		}
		if err := s.Close(); err != nil {
			rt.Fatal(err)
		}
	})
}

// checkLines works out every line anew and compares.
func checkLines(t *testing.T, rt *rapid.T, s *Store) {
	err := s.write(t.Context(), func(x *tx) error {
		f := s.newFiling(x)
		for _, actor := range []string{"mali-government", "jnim"} {
			k := matter{actor, statement.Dialogue}
			held, err := f.standsOf(k, &motion{})
			if err != nil {
				return err
			}
			got, want := make(map[side]string), make(map[side]string)
			stands := []*stand{}
			for _, st := range held {
				got[side{st.target, st.own}] = st.known + " since " + st.before.String()
			}
			for _, target := range []string{"jnim", "isgs", "armed-groups", "donso"} {
				stands = append(stands, &stand{target: target}, &stand{target: target, own: true})
			}
			s.sides.trace(k.topic, k.actor, stands, math.MinInt, f.newestFirst(&err, k.actor, k.topic, ``))
			if err != nil {
				return err
			}
			for _, st := range stands {
				k := side{st.target, st.own}
				if _, drawn := got[k]; drawn {
					want[k] = st.event.id + " since " + st.since.String()
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				rt.Errorf("lines of %s (-history +record):\n%s", actor, diff)
			}
		}
		return nil
	})
	if err != nil {
		rt.Fatal(err)
	}
}
