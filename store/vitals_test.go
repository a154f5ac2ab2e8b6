package store

import (
	"fmt"
	"testing"
	"time"

	"palabre/statement"
)

func TestVitals(t *testing.T) {
	s := openTest(t)
	if err := s.PutSources(t.Context(), []statement.Source{{ID: "rfi", Name: "RFI", Kind: statement.Feed}, {ID: "quiet", Name: "Quiet", Kind: statement.Feed}}); err != nil {
		t.Fatal(err)
	}
	for i := range 40 {
		rec := says("2021-12-09", "rfi", fmt.Sprint("dispatch ", i))
		rec.Statement.FirstSeen = testClock.Add(-time.Duration(i) * time.Hour)
		apply(t, s, rec)
	}
	if err := s.Bury(t.Context(), statement.DeadLetter{ID: "d", Payload: []byte("{"), At: testClock}); err != nil {
		t.Fatal(err)
	}
	v, err := s.Vitals(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	rfi := v.Arrivals["rfi"]
	if len(rfi) != arrivals || !rfi[0].Equal(testClock) || !rfi[arrivals-1].Equal(testClock.Add(-29*time.Hour)) {
		t.Errorf("%d arrivals %v, want the last %d", len(rfi), rfi, arrivals)
	}
	if len(v.Arrivals["quiet"]) != 0 || v.Waiting != 0 || v.Dead != 1 || !v.LastDead.Equal(testClock) {
		t.Errorf("vitals %+v, want one dead letter and nothing that waits", v)
	}
	save(t, s, &statement.Fetch{Statements: []statement.Statement{says("2021-12-10", "rfi", "not read yet").Statement}, Health: statement.Health{Source: "rfi"}})
	if v, err = s.Vitals(t.Context()); err != nil || v.Waiting != 1 || !v.Oldest.Equal(testClock) {
		t.Errorf("vitals %+v, %v, want one that waits since now", v, err)
	}
}
