package store

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"palabre/statement"
)

func TestDemands(t *testing.T) {
	reg := testRegistry()
	reg.Demands = []statement.DemandKind{
		{ID: "french-withdrawal", Label: statement.Labels{En: "French withdrawal"}, Of: "france", MetBy: []string{"withdrawal"}, Names: []statement.Name{{Text: "french leave", Lang: "en"}}},
		{ID: "prisoners", Label: statement.Labels{En: "release of prisoners"}, MetBy: []string{"release"}, Names: []statement.Name{{Text: "prisoners", Lang: "en"}}},
	}
	s := openWith(t, filepath.Join(t.TempDir(), "record.db"), reg, func() time.Time { return testClock })
	ask := func(when, text, condition string) {
		t.Helper()
		apply(t, s, says(when, "al-zallaqa", text, take{actor: "jnim", topic: statement.Dialogue, target: "mali-government", stance: statement.Conditional, condition: condition}))
	}
	check := func(step string, want ...string) {
		t.Helper()
		demands, err := s.Demands(t.Context(), DemandQuery{Actor: "jnim"})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, d := range demands {
			got = append(got, fmt.Sprintf("%s of %s, %s to %s: %s %s", d.What, d.Of, d.First.Said, d.Last.Said, d.Status, d.Why))
		}
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step, diff)
		}
		mustVerify(t, s)
	}
	ask("2021-01-05", "talks when the French leave", "the French leave")
	check("stated", "french-withdrawal of france, 2021-01-05 to 2021-01-05: open ")
	ask("2021-02-05", "talks when the French leave and the prisoners are free", "the French leave and prisoners go free")
	check("one more", "french-withdrawal of france, 2021-01-05 to 2021-02-05: open ", "prisoners of mali-government, 2021-02-05 to 2021-02-05: open ")
	ask("2021-03-05", "we still want the prisoners", "all prisoners are free")
	check("one less", "french-withdrawal of france, 2021-01-05 to 2021-02-05: dropped no longer named on 5 March 2021",
		"prisoners of mali-government, 2021-02-05 to 2021-03-05: open ")
	apply(t, s, says("2021-03-20", "ortm", "forty were freed today", take{actor: "mali-government", topic: statement.Dialogue, target: "jnim", stance: statement.Pro, act: "release"}))
	check("a deed", "french-withdrawal of france, 2021-01-05 to 2021-02-05: dropped no longer named on 5 March 2021",
		"prisoners of mali-government, 2021-02-05 to 2021-03-05: may-be-met Government of Mali: release, 20 March 2021")
	apply(t, s, says("2021-04-05", "al-zallaqa", "we will talk", take{actor: "jnim", topic: statement.Dialogue, target: "mali-government", stance: statement.Pro}))
	check("an offer without", "french-withdrawal of france, 2021-01-05 to 2021-02-05: dropped not named when the offer was made on 5 April 2021",
		"prisoners of mali-government, 2021-02-05 to 2021-03-05: dropped not named when the offer was made on 5 April 2021")
	want := []string{
		"2021-02-05 jnim dialogue mali-government: conditional>conditional condition-changed",
		"2021-03-05 jnim dialogue mali-government: conditional>conditional condition-changed",
		"2021-03-20 jnim dialogue mali-government: conditional>conditional condition-changed",
		"2021-04-05 jnim dialogue mali-government: conditional>pro condition-changed",
	}
	if diff := cmp.Diff(want, raised(t, s, SignalQuery{Reasons: []statement.Reason{statement.ConditionChanged}})); diff != "" {
		t.Errorf("signals (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{want[0], want[1], want[3]}, raised(t, s, SignalQuery{Reasons: []statement.Reason{statement.ConditionChanged}, Firm: true})); diff != "" {
		t.Errorf("signals that may be pushed (-want +got):\n%s", diff)
	}
}
