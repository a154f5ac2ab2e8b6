package classify_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"palabre/classify"
	"palabre/statement"
)

// points is a scorecard for the small world: "tents" speak for talks, "deserts" against
// what any rule says.
const points = `feature	passages	dialogue pro	dialogue anti	dialogue pro here	dialogue anti here
(always)	100	-5	-20		
tents	10	120		90	
deserts	10		-127		
`

func weighedPack(t *testing.T, card string) *classify.Pack {
	t.Helper()
	files := fstest.MapFS{"en/test.rules": {Data: []byte(cues + refuseRule)}, "en/" + classify.CardFile: {Data: []byte(card)}}
	p, err := classify.Load(files, registry())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestWeigh reads with rules and a scorecard: what both find, what only one does, and
// what one speaks against.
func TestWeigh(t *testing.T) {
	p := weighedPack(t, points)
	for _, tc := range []struct{ name, text, want string }{
		{"a rule alone", "Mali rejects talks with JNIM.", "mali-government dialogue anti jnim by en.refuse"},
		{"the scorecard alone", "It rained. Mali met JNIM in tents. It rained.", "mali-government dialogue pro jnim by en.scorecard"},
		{"nobody in sight", "They met in tents. JNIM", ""},
		{"a rule that the scorecard speaks against", "Mali rejects talks with JNIM in deserts.", ""},
		{"another stance than a rule's, sure enough", "Mali rejects talks with JNIM. France met JNIM in tents.", "mali-government dialogue anti jnim by en.refuse; france dialogue pro jnim by en.scorecard"},
		{"the same as a rule's of the same actor", "Mali rejects talks with JNIM. Mali met JNIM in tents.", "mali-government dialogue anti jnim by en.refuse"},
		{"a rule knows why not", "Mali met JNIM in tents whether or not it rejects talks.", ""},
		{"another part of the world", "They met in tents.", ""},
	} {
		s := statement.Statement{Kind: statement.Wire, Lang: "en", Text: tc.text}
		var got []string
		for _, q := range p.Read(&s).Positions {
			got = append(got, strings.Join([]string{q.Actor, string(q.Topic), string(q.Stance), q.Target, "by", q.Rule}, " "))
			if byCard := q.Rule == "en.scorecard"; byCard != (q.Tentative == classify.ByWeight) {
				t.Errorf("%s: the position by %s is tentative since %q", tc.name, q.Rule, q.Tentative)
			}
		}
		if g := strings.Join(got, "; "); g != tc.want {
			t.Errorf("%s: %q is read as %q, want %q", tc.name, tc.text, g, tc.want)
		}
	}
}

// TestWeighedEvidence takes the sentence that speaks most for a label, and tells which
// of its words do.
func TestWeighedEvidence(t *testing.T) {
	p := weighedPack(t, points)
	s := statement.Statement{Kind: statement.Wire, Lang: "en", Text: "It rained. Mali met JNIM in tents. It rained."}
	e, err := p.Explain(&s)
	if err != nil {
		t.Fatal(err)
	}
	if len(e.Reading.Positions) != 1 || e.Reading.Positions[0].Evidence.Quote != "Mali met JNIM in tents" {
		t.Fatalf("got %+v", e.Reading.Positions)
	}
	m := e.Sentences[1].Matches
	if len(m) != 1 || m[0].Likely < 0.7 || m[0].Marked != "Mali met JNIM in [tents]." || !slices.Equal(m[0].Positions, []int{1}) || len(m[0].Weights) != 1 || m[0].Weights[0].Quote != "tents" {
		t.Errorf("the finding is %+v", m)
	}
}

// TestRefuted tells that the words around a rule's speak against it.
func TestRefuted(t *testing.T) {
	p := weighedPack(t, points)
	e, err := p.Explain(&statement.Statement{Kind: statement.Wire, Lang: "en", Text: "Mali rejects talks with JNIM in deserts."})
	if err != nil {
		t.Fatal(err)
	}
	if m := e.Sentences[0].Matches; len(m) != 1 || m[0].Why != classify.WhyUnlikely || len(m[0].Positions) != 0 {
		t.Errorf("got %+v", m)
	}
	if u := e.Reading.Unclear; len(u) != 1 || u[0].Why != string(classify.WhyUnlikely) {
		t.Errorf("the record keeps %+v", u)
	}
}

// TestScorecardLayers takes the card of the topmost layer, and names one that is wrong
// or where nobody would look for it.
func TestScorecardLayers(t *testing.T) {
	base := fstest.MapFS{"en/test.rules": {Data: []byte(cues + refuseRule)}, "en/" + classify.CardFile: {Data: []byte(points)}}
	over := fsOf("en/"+classify.CardFile, strings.Replace(points, "tents\t", "huts\t", 1))
	p, err := classify.Load(base, registry(), over)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := classify.Load(base, registry())
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]int{"Mali met JNIM in huts.": 1, "Mali met JNIM in tents.": 0} {
		if got := len(p.Read(&statement.Statement{Kind: statement.Wire, Lang: "en", Text: text}).Positions); got != want {
			t.Errorf("%q has %d positions, want %d", text, got, want)
		}
	}
	if p.Version() == plain.Version() {
		t.Error("another scorecard does not change the version of the pack")
	}
	for name, tc := range map[string]struct {
		over fstest.MapFS
		want string
	}{
		"wrong":     {fsOf("en/"+classify.CardFile, "feature\n"), "en/scorecard.tsv:1: want the columns"},
		"misplaced": {fsOf(classify.CardFile, points), "scorecard.tsv is in no folder of a language, such as fr/scorecard.tsv"},
	} {
		if _, err := classify.Load(base, registry(), tc.over); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %v, want %s", name, err, tc.want)
		}
	}
}

// TestOverlaidRule stands against the scorecard: an analyst who writes a rule wants it.
func TestOverlaidRule(t *testing.T) {
	base := fstest.MapFS{"en/test.rules": {Data: []byte(cues + refuseRule)}, "en/" + classify.CardFile: {Data: []byte(points)}}
	p, err := classify.Load(base, registry(), fsOf("en/mine.rules", refuseRule[strings.Index(refuseRule, "rule "):]))
	if err != nil {
		t.Fatal(err)
	}
	s := statement.Statement{Kind: statement.Wire, Lang: "en", Text: "Mali rejects talks with JNIM in deserts."}
	if got := p.Read(&s).Positions; len(got) != 1 {
		t.Errorf("got %+v", got)
	}
}
