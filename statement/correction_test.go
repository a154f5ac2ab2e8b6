package statement_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palabre/statement"
)

func TestJudge(t *testing.T) {
	claim := func(actor string) statement.Claim {
		return statement.Claim{Actor: actor, Topic: statement.Dialogue, Target: "jnim"}
	}
	found := func(actor string, s statement.Stance) statement.Position {
		return statement.Position{Actor: actor, Topic: statement.Dialogue, Target: "jnim", Stance: s}
	}
	holds := func(of string, actor string, s statement.Stance) statement.Corrected {
		var c statement.Corrected
		if of != "" {
			c.Of = claim(of)
		}
		if actor != "" {
			c.Is = &statement.Held{Claim: claim(actor), Stance: s}
		}
		return c
	}
	machine := []statement.Position{found("mali-government", statement.Pro), found("france", statement.Anti), found("us", statement.Anti)}
	for name, c := range map[string]struct {
		people      []statement.Corrected
		want        []string
		open, stale int
	}{
		"nobody": {nil, []string{"mali-government pro", "france anti", "us anti"}, 3, 0},
		"one of each": {[]statement.Corrected{
			holds("mali-government", "mali-government", statement.Pro), holds("france", "france", statement.Mixed), holds("us", "", ""), holds("", "algeria", statement.Pro),
		}, []string{"mali-government pro", "france mixed", "algeria pro"}, 0, 0},
		"of another actor": {[]statement.Corrected{holds("us", "algeria", statement.Anti)}, []string{"mali-government pro", "france anti", "algeria anti"}, 2, 0},
		"no longer found":  {[]statement.Corrected{holds("niger", "niger", statement.Anti), holds("chad", "", "")}, []string{"mali-government pro", "france anti", "us anti", "niger anti"}, 3, 2},
		"found since":      {[]statement.Corrected{holds("", "us", statement.Anti)}, []string{"mali-government pro", "france anti", "us anti"}, 2, 0},
		"two for one":      {[]statement.Corrected{holds("us", "france", statement.Pro)}, []string{"mali-government pro", "france pro"}, 1, 0},
	} {
		got := statement.Judge(machine, c.people)
		var lines []string
		for _, h := range got.Positions {
			lines = append(lines, fmt.Sprintf("%s %s", h.Actor, h.Stance))
		}
		if diff := cmp.Diff(c.want, lines); diff != "" || got.Open != c.open || got.Stale != c.stale {
			t.Errorf("%s: %d open, %d stale (-want +got):\n%s", name, got.Open, got.Stale, diff)
		}
	}
}

func TestCorrectionAgrees(t *testing.T) {
	p := statement.Position{Actor: "jnim", Topic: statement.Sharia, Stance: statement.Conditional, Condition: "first"}
	c := statement.Correction{Of: p.Claim(), Is: &statement.Held{Claim: p.Claim(), Stance: statement.Conditional, Condition: "first"}}
	if !c.Agrees(&p) || c.Missed() {
		t.Error("a confirmation does not agree with what it confirms")
	}
	p.Condition = "later"
	if c.Agrees(&p) || (&statement.Correction{Of: p.Claim()}).Agrees(&p) {
		t.Error("another condition, or nothing at all, agrees")
	}
}
