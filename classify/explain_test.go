package classify_test

import (
	"slices"
	"strings"
	"testing"

	"palabre/classify"
	"palabre/statement"
)

const explainCues = cues + `
class pronoun
  it they
class urge
  urges
class asker
  Host
class relative
  which that
class past
  "in those days"
` + refuseRule

// explain explains an English text.
func explain(t *testing.T, kind statement.Kind, text string) *classify.Explanation {
	t.Helper()
	e, err := mustLoad(t, explainCues).Explain(&statement.Statement{Kind: kind, Lang: "en", Text: text})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// text returns how somebody is written in JSON.
func text(t *testing.T, v classify.ExplainedVoice) string {
	t.Helper()
	out, err := v.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// firstMatch returns the first rule that fits, and its sentence.
func firstMatch(t *testing.T, e *classify.Explanation) (*classify.ExplainedSentence, *classify.ExplainedMatch) {
	t.Helper()
	for i := range e.Sentences {
		if s := &e.Sentences[i]; len(s.Matches) > 0 {
			return s, &s.Matches[0]
		}
	}
	t.Fatalf("no rule fits: %+v", e)
	return nil, nil
}

func TestExplainTellsTheWordsOfARule(t *testing.T) {
	_, m := firstMatch(t, explain(t, statement.Wire, "Mali rejects any talks with JNIM."))
	if m.Marked != "[rejects] any [talks]" {
		t.Errorf("marked %q", m.Marked)
	}
	want := []classify.ExplainedPart{{Quote: "rejects", Class: "refuse", Says: "refuse"}, {Quote: "talks", Class: "talks", Says: "talks"}}
	if !slices.Equal(m.Parts, want) {
		t.Errorf("parts %+v, want %+v", m.Parts, want)
	}
	if m.Aimed == nil || m.Aimed.Quote != "JNIM" || m.Named == nil || m.Named.Quote != "Mali" {
		t.Errorf("aimed %+v, named %+v", m.Aimed, m.Named)
	}
}

// TestExplainCallsClasses checks that a class is called as its rule file says, and
// else by its name.
func TestExplainCallsClasses(t *testing.T) {
	rules := strings.NewReplacer("class refuse\n", "class refuse \"says no\"\n", "<talks>", "<b-talks>", "class talks\n", "class b-talks\n").Replace(explainCues)
	e, err := mustLoad(t, rules).Explain(&statement.Statement{Kind: statement.Wire, Lang: "en", Text: "Mali rejects any talks with JNIM."})
	if err != nil {
		t.Fatal(err)
	}
	_, m := firstMatch(t, e)
	want := []classify.ExplainedPart{{Quote: "rejects", Class: "refuse", Says: "says no"}, {Quote: "talks", Class: "b-talks", Says: "talks"}}
	if !slices.Equal(m.Parts, want) {
		t.Errorf("parts %+v, want %+v", m.Parts, want)
	}
}

// TestExplainTellsWhyWordsStandForSomebody checks that pronouns, offices and
// descriptions come with what they were taken for, and where that is named.
func TestExplainTellsWhyWordsStandForSomebody(t *testing.T) {
	for _, c := range []struct{ text, word, how, place string }{
		{"JNIM met elders in Kidal. It rejects talks with Bamako.", "It", "the subject or speaker of the sentence before", "JNIM 1"},
		{"Bamako was calm. The minister rejects talks with JNIM.", "minister", "taken for the one named before", "Bamako 1"},
		{"The minister rejects talks with JNIM.", "minister", "without a name, and no state is named before: taken for that of Mali", " 0"},
		{"Mali rejects talks with the jihadists.", "jihadists", "by a general description", " 0"},
		{"Mali said that it rejects talks with JNIM.", "it", "who speaks in the sentence", "said 0"},
		{"Mali is calm. Abdoulaye Diop met elders of Mali. It rejects talks with JNIM.", "It", "the subject or speaker of the sentence before", "Abdoulaye Diop 2"},
	} {
		e := explain(t, statement.Wire, c.text)
		found := false
		for i := range e.Sentences {
			for _, m := range e.Sentences[i].Mentions {
				if m.Quote != c.word {
					continue
				}
				found = true
				if m.Sense == nil || string(m.Sense.How) != c.how {
					t.Errorf("%q: %q has the sense %+v, want %q", c.text, c.word, m.Sense, c.how)
					continue
				}
				if place := m.Sense.Place.Quote + " " + string(rune('0'+m.Sense.Place.Sentence)); place != c.place {
					t.Errorf("%q: %q is named at %q, want %q", c.text, c.word, place, c.place)
				}
			}
		}
		if !found {
			t.Errorf("%q: %q is not mentioned", c.text, c.word)
		}
	}
}

func TestExplainTellsWhyNotAnother(t *testing.T) {
	for _, c := range []struct{ text, holder, other, why, word string }{
		{"In Paris Mali rejects talks with JNIM.", "mali-government", "Paris", "it stands behind a preposition and is no subject", "In"},
		{"France urges Mali to reject talks with JNIM.", "france", "Mali", "it is urged to do so, and what is urged is wanted by who urges it", "urges"},
		{"Mali rejects talks with JNIM, but France waits.", "mali-government", "France", "it stands behind the words, as their object or in another clause", ""},
		{"France waits, but Mali rejects talks with JNIM.", "mali-government", "France", "it stands in the clause before", "but"},
	} {
		_, m := firstMatch(t, explain(t, statement.Wire, c.text))
		if m.Holder.Actor != c.holder {
			t.Errorf("%q: the holder is %q, want %q", c.text, m.Holder, c.holder)
		}
		i := slices.IndexFunc(m.Passed, func(p classify.ExplainedPassed) bool { return p.Quote == c.other })
		if i < 0 || string(m.Passed[i].Why) != c.why || m.Passed[i].Word != c.word {
			t.Errorf("%q: passed over %+v, want %q: %q, %q", c.text, m.Passed, c.other, c.why, c.word)
		}
	}
}

func TestExplainTellsWhoHasTheTurn(t *testing.T) {
	e := explain(t, statement.Transcript, "Host: Will Mali talk?\nAbdoulaye Diop: We reject talks with JNIM.")
	var turns []string
	for i := range e.Sentences {
		if turn := e.Sentences[i].Turn; turn != nil {
			turns = append(turns, turn.Label+"="+text(t, turn.Who))
		}
	}
	if got := strings.Join(turns, "; "); got != "Host=; Abdoulaye Diop=abdoulaye-diop (speaks for mali-government)" {
		t.Errorf("turns %q", got)
	}
	if _, m := firstMatch(t, e); m.Word != "We" || !m.Issues {
		t.Errorf("word %q, issues %v", m.Word, m.Issues)
	}
}

func TestExplainTellsTheWordThatSaysNo(t *testing.T) {
	for text, want := range map[string]string{
		"In those days Mali rejected talks with JNIM.":   "told as history: In those days",
		"Mali asks whether it rejects talks with JNIM.":  "a hypothesis: whether",
		"If Mali rejects talks with JNIM, it will rain.": "part of a condition: If",
		"Will Mali reject talks with JNIM?":              "a question: ",
	} {
		if _, m := firstMatch(t, explain(t, statement.Wire, text)); string(m.Why)+": "+m.WhyWord != want {
			t.Errorf("%q: %q, want %q", text, string(m.Why)+": "+m.WhyWord, want)
		}
	}
}

// TestExplainTellsNearMissesThatHelp checks that a near miss is told only where the
// rule would find something then.
func TestExplainTellsNearMissesThatHelp(t *testing.T) {
	for text, want := range map[string]int{
		"Mali rejects any contact with JNIM.":  1,
		"Only Mali and JNIM rest.":             0, // a word by itself
		"Mali rejects the budget.":             0, // nobody whom one talks with
		"Will Mali reject contact with JNIM?":  0, // a question gives nothing
		"Formerly Mali rejected JNIM.":         0, // history
		"The referee rejects a claim in Mali.": 0,
	} {
		e := explain(t, statement.Wire, text)
		if got := len(e.Sentences[0].Nearly); got != want {
			t.Errorf("%q: %d near misses, want %d: %+v", text, got, want, e.Sentences[0].Nearly)
		}
		if want > 0 && (len(e.Sentences[0].Nearly[0].Gives) == 0 || e.Sentences[0].Nearly[0].Gives[0].String() != "mali-government dialogue anti jnim") {
			t.Errorf("%q: would give %+v", text, e.Sentences[0].Nearly[0].Gives)
		}
	}
}

// TestExplainTellsNoNearMissOfALoneWord checks that a word which a rule names by
// itself is no near miss of it, though it is one of a class too.
func TestExplainTellsNoNearMissOfALoneWord(t *testing.T) {
	for pattern, want := range map[string]int{"(only|solely|just) ~8 <talks>": 0, "<sole> ~8 <talks>": 1} {
		rule := strings.NewReplacer("<refuse> ~4 <talks>", pattern, "rejects", "only wants", "refused any", "just had a").Replace(explainCues) + "class sole\n  only solely just\n"
		p, err := classify.Compile(fsOf("en/test.rules", rule), registry())
		if err != nil {
			t.Fatal(err)
		}
		e, err := p.Explain(&statement.Statement{Kind: statement.Wire, Lang: "en", Text: "Mali only wants a rest from JNIM."})
		if err != nil {
			t.Fatal(err)
		}
		if got := len(e.Sentences[0].Nearly); got != want {
			t.Errorf("%s: %d near misses, want %d", pattern, got, want)
		}
	}
}

// TestExplainChangesNothing checks that trying what near misses would give leaves no
// trace in the reading.
func TestExplainChangesNothing(t *testing.T) {
	p := mustLoad(t, explainCues)
	s := &statement.Statement{Kind: statement.Wire, Lang: "en", Text: "Mali rejects any contact with JNIM. France rejects talks with JNIM if it rains. In those days it rejected talks."}
	e, err := p.Explain(s)
	if err != nil {
		t.Fatal(err)
	}
	plain := p.Read(s)
	if len(e.Reading.Positions) != len(plain.Positions) || len(e.Reading.Unclear) != len(plain.Unclear) || len(plain.Positions) == 0 {
		t.Fatalf("explained %+v, read %+v", e.Reading, plain)
	}
	for i := range plain.Positions {
		if e.Reading.Positions[i] != plain.Positions[i] {
			t.Errorf("explained %+v, read %+v", e.Reading.Positions[i], plain.Positions[i])
		}
	}
}

// TestExplainReadsAlike checks that the built-in rules find the same in a text
// whether or not its reading is explained. Only an explanation tells what fits in a
// text that nothing places in the Sahel.
func TestExplainReadsAlike(t *testing.T) {
	const step = 25 // examples
	p := builtIn(t)
	n := 0
	for _, r := range p.Rules() {
		for _, ex := range slices.Concat(r.Yes, r.No) {
			if n++; n%step != 0 {
				continue
			}
			s := &statement.Statement{Kind: statement.Wire, Lang: r.Lang, Text: ex.Text}
			e, err := p.Explain(s)
			if err != nil {
				t.Fatal(err)
			}
			e.Reading.Unclear = slices.DeleteFunc(e.Reading.Unclear, func(u statement.Unclear) bool { return u.Why == string(classify.WhyNoSahel) })
			plain := p.Read(s)
			if !slices.Equal(e.Reading.Positions, plain.Positions) || len(e.Reading.Unclear) != len(plain.Unclear) {
				t.Errorf("%q: explained %+v, read %+v", ex.Text, e.Reading, plain)
			}
		}
	}
}
