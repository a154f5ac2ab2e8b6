package classify_test

import (
	"math"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"palabre/classify"
	"palabre/classify/scorecard"
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

// TestFewLabels has points for one label alone, which says nothing of any other.
func TestFewLabels(t *testing.T) {
	p := weighedPack(t, "feature\tpassages\tsharia pro\tsharia pro here\n(always)\t100\t-50\t\nmali\t90\t-10\t\n")
	s := statement.Statement{Kind: statement.Wire, Lang: "en", Text: "Mali rejects talks with JNIM."}
	if got := p.Read(&s).Positions; len(got) != 1 {
		t.Errorf("got %+v", got)
	}
}

// TestStretches weighs a long text part by part: what is said in one part speaks neither
// for nor against what is said in another, and the title goes with the first.
func TestStretches(t *testing.T) {
	p := weighedPack(t, points)
	filler := strings.Repeat("Rain fell on the houses and the fields of the village near the river in the night. ", 8)
	text := "Mali rejects talks with JNIM. " + filler + "The caravans crossed the deserts. " + filler + "France met JNIM in tents. " + filler
	s := statement.Statement{Kind: statement.Wire, Lang: "en", Title: "Rain", Text: text}
	var got []string
	for _, q := range p.Read(&s).Positions {
		got = append(got, q.Actor+" "+string(q.Stance)+": "+q.Evidence.Quote)
	}
	if want := []string{"mali-government anti: Mali rejects talks with JNIM", "france pro: France met JNIM in tents"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	s = statement.Statement{Kind: statement.Wire, Lang: "en", Title: "A day in the deserts", Text: "Mali rejects talks with JNIM."}
	if got := p.Read(&s).Positions; len(got) != 0 {
		t.Errorf("with its title, which speaks against it, the text is read as %+v", got)
	}
	s = statement.Statement{Kind: statement.Wire, Lang: "en", Title: "Mali met JNIM in tents"}
	if got := p.Read(&s).Positions; len(got) != 1 || got[0].Evidence.Field != statement.Title {
		t.Errorf("a title alone is read as %+v", got)
	}
}

// TestReadAfterAnother reads statements in turn with one reader: nothing of one is left
// for the next.
func TestReadAfterAnother(t *testing.T) {
	p := weighedPack(t, points)
	for range 3 {
		for text, want := range map[string]int{"Mali met JNIM in tents.": 1, "Mali saw JNIM in the rain.": 0, "Mali rejects talks with JNIM in deserts.": 0, "": 0, "Il pleut.": 0} {
			if got := p.Read(&statement.Statement{Kind: statement.Wire, Text: text, Lang: "en"}).Positions; len(got) != want {
				t.Errorf("%q has %d positions, want %d", text, len(got), want)
			}
		}
	}
}

// TestSamplesAreWhatIsRead makes a card from samples of the labelled texts and finds in
// each text what the sheet finds in its samples: making and reading see the same
// features.
func TestSamplesAreWhatIsRead(t *testing.T) {
	texts := []string{
		"Mali refused any dialogue with the jihadists. « Never », said Paris in 2020!",
		"Negotiations about negotiations: the minister said Barkhane had 5,100 soldiers near Kidal?",
		"JNIM and Mali, JNIM and France. An under_scored word, and _another.",
	}
	statementOf := func(text string) *statement.Statement {
		return &statement.Statement{Kind: statement.Wire, Lang: "en", Title: "Mali: negotiations", Text: text}
	}
	plain := mustLoad(t, cues+refuseRule)
	label := scorecard.Label{Topic: statement.Sharia, Stance: statement.Pro}
	var passages []scorecard.Passage
	for n := range 10 * len(texts) {
		for _, sample := range plain.Samples(statementOf(texts[n%len(texts)])) {
			p := scorecard.Passage{Features: sample.Features}
			if n%len(texts) == 1 {
				p.Labels = []scorecard.Label{label}
			}
			passages = append(passages, p)
		}
	}
	card, err := scorecard.Fit(passages)
	if err != nil {
		t.Fatal(err)
	}
	var file strings.Builder
	if err := card.Write(&file); err != nil {
		t.Fatal(err)
	}
	p := weighedPack(t, file.String())
	var sheet scorecard.Sheet
	for _, text := range texts {
		samples := p.Samples(statementOf(text))
		if len(samples) != 1 {
			t.Fatalf("%q has %d stretches, want 1", text, len(samples))
		}
		want := sheet.Weigh(card, &scorecard.Passage{Features: samples[0].Features})[0]
		e, err := p.Explain(statementOf(text))
		if err != nil {
			t.Fatal(err)
		}
		got := -1.0
		for _, s := range e.Sentences {
			for _, m := range s.Matches {
				if m.Likely > 0 {
					got = m.Likely
				}
			}
		}
		if want >= classify.Likely && math.Abs(got-want) > 1e-5 || want < classify.Likely && got >= 0 {
			t.Errorf("%q is found as likely as %.6f, and from its samples as %.6f", text, got, want)
		}
	}
}
