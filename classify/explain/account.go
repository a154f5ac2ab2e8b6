package explain

import (
	"slices"

	"palabre/classify"
	"palabre/statement"
)

// Account is an explanation in sentences.
type Account struct {
	Nothing Phrase // why no position was found, where none was
	Found   []Found
	Read    []Phrase // in which languages the text was read, and who says "we" in it
	Steps   []Step
	Calls   []Call // those who are named, for rules and filters
}

// Found is a position, and what it rests on.
type Found struct {
	Number int // from 1
	Stance statement.Stance
	Says   Phrase
	Rests  []Line
}

// Line is a sentence behind a label, which may be empty.
type Line struct {
	Label Phrase
	Text  Phrase
}

// Step is a sentence of the text with what was seen in it, or several sentences that
// follow one another and have nothing that a rule looks for: then Quiet says so and
// all else is empty.
type Step struct {
	Quiet    Phrase
	Place    Phrase // where it stands, at the start of a line
	Sentence *classify.ExplainedSentence
	Lines    []Line // what was seen
	Findings []Finding
	After    []Line // what else was seen
}

// Finding is a rule that fits, and step by step how it came to its result.
type Finding struct {
	Counts bool // it is part of a position
	Reads  English
	Rule   Code
	Lines  []Line
}

// Call is how somebody is shown, and called in rules and filters.
type Call struct {
	Shown Phrase
	ID    string
}

// teller puts an explanation into sentences.
type teller struct {
	actors
	told *classify.Explanation
}

// Of puts an explanation into sentences.
func Of(e *classify.Explanation, reg *statement.Registry) *Account {
	t := &teller{actors{reg}, e}
	out := &Account{Read: t.read(), Steps: t.steps(), Calls: t.calls()}
	if len(e.Reading.Positions) == 0 {
		out.Nothing = t.nothing()
	}
	for i := range e.Reading.Positions {
		out.Found = append(out.Found, t.found(i))
	}
	return out
}

// Meaning tells for whom or what a mention stands, and why if it names nobody. It is
// empty of one that stands for nobody known.
func Meaning(m *classify.ExplainedMention, reg *statement.Registry) Phrase {
	return actors{reg}.meaning(m)
}

// found tells of a position what it rests on.
func (t *teller) found(i int) Found {
	p := &t.told.Reading.Positions[i]
	m, s := t.basis(i + 1)
	says := stand(&classify.ExplainedFrame{Actor: p.Actor, Topic: p.Topic, Stance: p.Stance, Target: p.Target})
	if p.Condition != "" {
		says = say("%s (the condition: %s)", says, words(p.Condition))
	}
	says = say("%s: %s", says, words(p.Evidence.Quote))
	if s != nil {
		says = say("%s (%s)", says, placed(s.Field, s.Number))
	}
	out := Found{Number: i + 1, Stance: p.Stance, Says: says}
	if m != nil {
		out.Rests = append(out.Rests, Line{Text: say("because %s.", t.because(m))})
		out.Rests = append(out.Rests, t.widened(p, m)...)
	}
	out.Rests = append(out.Rests, t.together(i+1)...)
	if p.Tentative != "" {
		out.Rests = append(out.Rests, Line{Label: say("in doubt"), Text: doubt(p.Tentative)})
	}
	by := say("certainty %s of 1, by the rule %s", Score(p.Confidence), Code(p.Rule))
	if p.Tentative == classify.ByWeight {
		by = say("certainty %s of 1, by the scorecard %s", Score(p.Confidence), Code(p.Rule))
	}
	out.Rests = append(out.Rests, Line{Text: by})
	return out
}

// basis returns the finding that a position mainly rests on, with its sentence.
func (t *teller) basis(position int) (*classify.ExplainedMatch, *classify.ExplainedSentence) {
	p := &t.told.Reading.Positions[position-1]
	var best *classify.ExplainedMatch
	var in *classify.ExplainedSentence
	proved := false
	t.eachMatch(func(s *classify.ExplainedSentence, m *classify.ExplainedMatch) {
		if !slices.Contains(m.Positions, position) || proved {
			return
		}
		if proved = proves(s, m, p); proved || best == nil {
			best, in = m, s
		}
	})
	return best, in
}

// proves reports whether the evidence of a position is from a finding.
func proves(s *classify.ExplainedSentence, m *classify.ExplainedMatch, p *statement.Position) bool {
	return m.Rule == p.Rule && s.Field == p.Evidence.Field && contains(p.Evidence.Quote, m.Quote)
}

func (t *teller) eachMatch(f func(*classify.ExplainedSentence, *classify.ExplainedMatch)) {
	for i := range t.told.Sentences {
		s := &t.told.Sentences[i]
		for k := range s.Matches {
			f(s, &s.Matches[k])
		}
	}
}

// because tells in a sentence whose position a finding is, and what the words say.
func (t *teller) because(m *classify.ExplainedMatch) Phrase {
	marked, reads := Words{Text: m.Marked, Marked: true}, English(m.Reads)
	says := say("%s reads as “%s”", marked, reads)
	switch {
	case m.Likely > 0:
		says = say("the words, weighed together, speak %s, with a score of %s of 1", sided(m.Gives, topic(m.Topic)), Score(m.Likely))
	case m.Turned != "":
		says = say("%s reads as “%s”, which %s turns into its opposite", marked, reads, negation(m))
	case m.Condition != "":
		says = say("%s reads as “%s”, with a condition", marked, reads)
	}
	if !m.Holder.Known() {
		return says
	}
	return say("%s, and %s", t.whose(m), says)
}

// whose tells whose position a finding is, and what shows it.
func (t *teller) whose(m *classify.ExplainedMatch) Phrase {
	turns := t.hasTurns()
	if m.Because == classify.GroundIssuer {
		if turns {
			return say("it is the turn of %s", t.voice(m.Holder))
		}
		return say("it is the text of %s", t.voice(m.Holder))
	}
	who := t.voice(m.Holder)
	switch {
	case m.Named != nil:
		who = t.named(m.Named)
	case m.Place.Quote != "":
		who = say("%s (%s)", who, inPlace(m.Place))
	}
	switch {
	case m.Issues && turns:
		who = say("%s, whose turn it is,", who)
	case m.Issues:
		who = say("%s, whose text it is,", who)
	}
	if m.Word != "" {
		return say("%s, %s", holds(who, m.Because), words(m.Word))
	}
	return holds(who, m.Because)
}

// hasTurns reports whether several speak in turn.
func (t *teller) hasTurns() bool {
	return slices.ContainsFunc(t.told.Sentences, func(s classify.ExplainedSentence) bool { return s.Turn != nil })
}

// widened tells where a position names others than its finding does.
func (t *teller) widened(p *statement.Position, m *classify.ExplainedMatch) []Line {
	same := func(f classify.ExplainedFrame) bool { return f.Actor == p.Actor && f.Target == p.Target }
	if len(m.Result) == 0 || slices.ContainsFunc(m.Result, same) {
		return nil
	}
	var out []Line
	f := &m.Result[0]
	if f.Actor != p.Actor {
		out = append(out, Line{Text: say("(%s: taken for %s, the only group that the text names)", Actor{ID: f.Actor}, Actor{ID: p.Actor})})
	}
	if f.Target != p.Target {
		out = append(out, Line{Text: say("(%s: taken for %s, whom the same actor names elsewhere in the text)", Actor{ID: f.Target}, Actor{ID: p.Target})})
	}
	return out
}

// mostTogether is of how many findings it is told that a position was put together.
const mostTogether = 6

// together tells what a position was put together from, if that is more than one
// finding, and how.
func (t *teller) together(position int) []Line {
	stance := t.told.Reading.Positions[position-1].Stance
	how := say("said more than once")
	var parts []Phrase
	told := make(map[statement.Stance][]string) // quotes
	t.eachMatch(func(s *classify.ExplainedSentence, m *classify.ExplainedMatch) {
		if !slices.Contains(m.Positions, position) {
			return
		}
		switch {
		case stance == statement.Mixed:
			how = say("both are said")
		case m.Stance() == stance:
		case stance == statement.Conditional:
			how = say("a condition goes before a plain yes or no")
		default:
			how = say("the heavier side stands")
		}
		if slices.ContainsFunc(told[m.Stance()], func(quote string) bool { return contains(quote, m.Quote) }) {
			return
		}
		told[m.Stance()] = append(told[m.Stance()], m.Quote)
		where := placed(s.Field, s.Number)
		if len(m.Result) > 0 {
			where = say("%s, %s", where, Score(m.Result[0].Confidence))
		}
		parts = append(parts, say("%s (%s)", say("%s, %s", side(m.Stance()), words(m.Quote)), where))
	})
	switch {
	case len(parts) < 2:
		return nil
	case len(parts) > mostTogether:
		parts = append(parts[:mostTogether], say("and others"))
	}
	return []Line{{Label: how, Text: listed("; ", parts...)}}
}
