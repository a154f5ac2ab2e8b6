package explain

import (
	"os"
	"regexp"
	"testing"

	"palabre/classify"
	"palabre/seeds"
	"palabre/statement"
)

// account explains a text with the built-in rules.
func account(t *testing.T, s *statement.Statement) (*Account, *classify.Explanation) {
	t.Helper()
	reg, err := seeds.Registry()
	if err != nil {
		t.Fatal(err)
	}
	rules, err := seeds.Rules()
	if err != nil {
		t.Fatal(err)
	}
	pack, err := classify.Compile(rules, reg)
	if err != nil {
		t.Fatal(err)
	}
	e, err := pack.Explain(s)
	if err != nil {
		t.Fatal(err)
	}
	return Of(e, reg), e
}

// TestFoundIsPlacedWhereItsEvidenceStands checks that a position which the title and
// the text both show is told of with the sentence that its evidence is from.
func TestFoundIsPlacedWhereItsEvidenceStands(t *testing.T) {
	a, e := account(t, &statement.Statement{
		Kind: statement.Wire, Lang: "en", Title: "France rejects talks with JNIM",
		Text: "It rained in Gao. The French government said that it rejects any talks with JNIM.",
	})
	if len(a.Found) != 1 || len(e.Reading.Positions) != 1 {
		t.Fatalf("found %+v", a.Found)
	}
	want := "the title"
	if e.Reading.Positions[0].Evidence.Field == statement.Text {
		want = "sentence %s"
	}
	place, ok := a.Found[0].Says.With[1].(Phrase)
	if !ok || place.English != want {
		t.Errorf("told as being in %+v, want %q", a.Found[0].Says.With[1], want)
	}
	if n := len(a.Steps); n != 3 || a.Steps[0].Sentence == nil || a.Steps[1].Quiet.IsEmpty() || len(a.Steps[2].Findings) == 0 {
		t.Errorf("%d steps: %+v", n, a.Steps)
	}
}

// TestRulesAlikeAreToldOfTogether checks that of several rules that fit and do not
// count for one reason the first is told, and the others with it.
func TestRulesAlikeAreToldOfTogether(t *testing.T) {
	a, _ := account(t, &statement.Statement{Kind: statement.Wire, Lang: "en", Text: "Kyiv rejects talks with Moscow, and Washington supports dialogue with the Houthis in Yemen."})
	if a.Nothing.IsEmpty() || len(a.Steps) != 1 || len(a.Steps[0].Findings) != 1 {
		t.Fatalf("told %+v", a)
	}
	lines := a.Steps[0].Findings[0].Lines
	if last := lines[len(lines)-1]; last.Label.English != "the same goes for" {
		t.Errorf("the last line is %+v", last)
	}
}

// TestEveryReasonIsPutIntoWords looks up what the classifier may give as a reason in
// its source, and wants words for each.
func TestEveryReasonIsPutIntoWords(t *testing.T) {
	source, err := os.ReadFile("../explain_words.go")
	if err != nil {
		t.Fatal(err)
	}
	reasons := regexp.MustCompile(`\bWhy\w+ +Why = "(.+)"`).FindAllSubmatch(source, -1)
	grounds := regexp.MustCompile(`\b(Ground\w+) +Ground = "(.+)"`).FindAllSubmatch(source, -1)
	if len(reasons) < 10 || len(grounds) < 10 {
		t.Fatalf("%d reasons and %d grounds were found", len(reasons), len(grounds))
	}
	for _, m := range reasons {
		if why := string(m[1]); whyNone[classify.Why(why)].IsEmpty() {
			t.Errorf("no words for the reason %q", why)
		}
	}
	who := say("somebody")
	for _, m := range grounds {
		switch name := string(m[1]); name {
		case "GroundIssuer", "GroundUnknownVoice", "GroundNoVoice": // told elsewhere
		default:
			if holds(who, classify.Ground(m[2])).English == who.English {
				t.Errorf("no words for the ground %q", m[2])
			}
		}
	}
}
