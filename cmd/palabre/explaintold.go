package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"palabre/classify"
	"palabre/lang"
	"palabre/statement"
)

// explainer writes an explanation for people: first what was found and why, then
// the steps, sentence by sentence.
type explainer struct {
	page
	callings
	told *classify.Explanation
}

func (x explainer) print() {
	x.found()
	x.readAs()
	x.steps()
	x.ids()
}

// found tells each position in a sentence with what it rests on, or why there is none.
func (x explainer) found() {
	positions := x.told.Reading.Positions
	if len(positions) == 0 {
		x.line(0, "", "No position was found: "+x.nothing())
		return
	}
	fmt.Fprintln(x.w, "What was found (▲ for, ▼ against, ◆ on a condition, ~ both)")
	for i := range positions {
		p := &positions[i]
		m, s := x.basis(i + 1)
		text := x.stand(p.Actor, p.Topic, p.Stance, p.Target)
		if p.Condition != "" {
			text += ", if " + quoted(p.Condition)
		}
		text += ": " + quoted(p.Evidence.Quote)
		if s != nil {
			text += " (" + placed(s.Field, s.Number) + ")"
		}
		x.line(0, fmt.Sprintf("%2d %s ", i+1, p.Stance.Glyph()), text+",")
		if m != nil {
			x.line(5, "", "because "+x.because(m)+".")
			x.widened(p, m)
		}
		x.together(i + 1)
		if p.Tentative != "" {
			x.line(5, "in doubt: ", p.Tentative)
		}
		x.line(5, "", fmt.Sprintf("certainty %.2f of 1, by the rule %s", p.Confidence, p.Rule))
	}
}

// placed tells where a sentence stands.
func placed(field statement.Field, number int) string {
	if field == statement.Title {
		return "title"
	}
	return fmt.Sprint("sentence ", number)
}

// basis returns the finding that a position mainly rests on, with its sentence.
func (x explainer) basis(position int) (*classify.ExplainedMatch, *classify.ExplainedSentence) {
	p := &x.told.Reading.Positions[position-1]
	var best *classify.ExplainedMatch
	var in *classify.ExplainedSentence
	x.eachMatch(func(s *classify.ExplainedSentence, m *classify.ExplainedMatch) {
		if !slices.Contains(m.Positions, position) {
			return
		}
		proof := m.Rule == p.Rule && s.Field == p.Evidence.Field && strings.Contains(p.Evidence.Quote, m.Quote)
		if best == nil || proof && best.Rule != p.Rule {
			best, in = m, s
		}
	})
	return best, in
}

func (x explainer) eachMatch(f func(*classify.ExplainedSentence, *classify.ExplainedMatch)) {
	for i := range x.told.Sentences {
		s := &x.told.Sentences[i]
		for k := range s.Matches {
			f(s, &s.Matches[k])
		}
	}
}

// because tells in a sentence whose position a finding is, and what the words say.
func (x explainer) because(m *classify.ExplainedMatch) string {
	words := x.marked(quoted(m.Marked)) + " reads as “" + m.Reads + "”"
	switch {
	case m.Turned != "":
		words += ", which " + quoted(strings.Join(m.Negation, " … ")) + " turns into its opposite"
	case m.Condition != "":
		words += ", with a condition"
	}
	if m.Holder == "" {
		return words
	}
	return x.whose(m) + ", and " + words
}

// predicates put into a clause how the holder of a position was found.
var predicates = map[string]string{
	"named by the rule's words": "is named by these words", "subject of the clause": "is the subject of these words",
	"named with the words": "is named with these words", "is the “we” of the clause": "says “we” here",
	"whose troops they are": "is the one whose troops they are", guessed: "is the last who acted or spoke before, which is a guess",
}

// whose tells whose position a finding is, and what shows it.
func (x explainer) whose(m *classify.ExplainedMatch) string {
	text := "text"
	if x.hasTurns() {
		text = "turn"
	}
	if m.Because == "issues the text" {
		return "it is the " + text + " of " + x.described(m.Holder)
	}
	who := x.described(m.Holder)
	switch {
	case m.Named != nil:
		who = x.stands(m.Named)
	case m.Place.Quote != "":
		who += " (" + inPlace(m.Place) + ")"
	}
	if m.Issues {
		who += ", whose " + text + " it is,"
	}
	does := cmp.Or(predicates[m.Because], m.Because)
	if m.Word != "" {
		does += ", " + quoted(m.Word)
	}
	return who + " " + does
}

// hasTurns reports whether several speak in turn.
func (x explainer) hasTurns() bool {
	return slices.ContainsFunc(x.told.Sentences, func(s classify.ExplainedSentence) bool { return s.Turn != nil })
}

// stands tells for whom words stand, and why if they name nobody: “the group” (JNIM:
// …).
func (x explainer) stands(m *classify.ExplainedMention) string {
	if who := x.standsFor(m); who != "" {
		return quoted(m.Quote) + " (" + who + ")"
	}
	return quoted(m.Quote)
}

// standsFor tells it without the words, and returns "" where the words are plain.
func (x explainer) standsFor(m *classify.ExplainedMention) string {
	who := x.meaning(m)
	name := lang.Fold(strings.TrimPrefix(x.actor(m.Actor), "the "))
	if who == "" || m.Force == "" && !m.Pronoun && strings.HasSuffix(lang.Fold(m.Quote), name) {
		return ""
	}
	if why := sense(m.Sense); why != "" {
		who += ": " + why
	}
	return who
}

// meaning names whom or what a mention stands for, or returns "".
func (x explainer) meaning(m *classify.ExplainedMention) string {
	switch {
	case m.Actor == "" && m.Force == "":
		return ""
	case m.Actor == "":
		return x.troops(m.Force)
	case m.Force != "" && m.Pronoun:
		return x.who(m.Actor, m.Speaker) + ", or " + x.troops(m.Force)
	case m.Force != "":
		return x.who(m.Actor, m.Speaker) + ", and its troops"
	}
	return x.who(m.Actor, m.Speaker)
}

// sense tells why words stand for somebody whom they do not name.
func sense(s *classify.ExplainedSense) string {
	if s == nil {
		return ""
	}
	if s.Place.Quote == "" {
		return s.How
	}
	return s.How + ", " + inPlace(s.Place)
}

func inPlace(p classify.ExplainedPlace) string {
	if p.Sentence == 0 && p.Field != statement.Title {
		return quoted(p.Quote)
	}
	return quoted(p.Quote) + " in " + strings.Replace(placed(p.Field, p.Sentence), "title", "the title", 1)
}

// widened tells where a position names others than its finding does.
func (x explainer) widened(p *statement.Position, m *classify.ExplainedMatch) {
	same := func(f classify.ExplainedFrame) bool { return f.Actor == p.Actor && f.Target == p.Target }
	if len(m.Result) == 0 || slices.ContainsFunc(m.Result, same) {
		return
	}
	f := &m.Result[0]
	if f.Actor != p.Actor {
		x.line(5, "", fmt.Sprintf("(%s are taken for %s, the only group that the text names)", x.actor(f.Actor), x.actor(p.Actor)))
	}
	if f.Target != p.Target {
		x.line(5, "", fmt.Sprintf("(%s: taken for %s, whom the same actor names elsewhere in the text)", x.actor(f.Target), x.actor(p.Target)))
	}
}

// together tells what a position was put together from, if that is more than one
// finding, and how.
func (x explainer) together(position int) {
	stance := x.told.Reading.Positions[position-1].Stance
	how := "said more than once: "
	var parts []string
	x.eachMatch(func(s *classify.ExplainedSentence, m *classify.ExplainedMatch) {
		if !slices.Contains(m.Positions, position) {
			return
		}
		switch {
		case stance == statement.Mixed:
			how = "both are said: "
		case m.Stance() == stance:
		case stance == statement.Conditional:
			how = "a condition goes before a plain yes or no: "
		default:
			how = "the heavier side stands: "
		}
		part := fmt.Sprintf("%s, %s (%s", side(m.Stance()), quoted(m.Quote), placed(s.Field, s.Number))
		if len(m.Result) > 0 {
			part += fmt.Sprintf(", %.2f", m.Result[0].Confidence)
		}
		if part += ")"; !slices.Contains(parts, part) {
			parts = append(parts, part)
		}
	})
	if len(parts) > 1 {
		x.line(5, how, strings.Join(parts, "; "))
	}
}

// readAs tells in which languages the text was read, and who says "we" in it.
func (x explainer) readAs() {
	fmt.Fprintln(x.w)
	for _, l := range x.told.Reading.Langs {
		name := l.Lang
		if told, ok := languageNames[l.Lang]; ok {
			name = told
		}
		switch {
		case l.Lang == "und":
			x.line(0, "", "A part is in a language that was not recognised; --lang fr, ar or en tells it.")
		case l.Read:
			x.line(0, "", fmt.Sprintf("Read: %s in %s.", count(x.sentencesIn(l.Lang), "sentence"), name))
		default:
			x.line(0, "", fmt.Sprintf("A part is in %s, which does not count as read.", name))
		}
	}
	var turns []string
	for i := range x.told.Sentences {
		if t := x.told.Sentences[i].Turn; t != nil && t.Who != "" {
			who := x.described(t.Who)
			if why := sense(t.Sense); why != "" { // it is he who is interviewed, whatever his label
				who += " (" + why + ")"
			}
			if !slices.Contains(turns, who) {
				turns = append(turns, who)
			}
		}
	}
	switch issuer := x.told.Issuer; {
	case len(turns) > 0:
		x.line(0, "", "“We” is whoever has the turn, see the steps: "+strings.Join(turns, "; ")+".")
	case issuer != "":
		x.line(0, "", "“We” outside of quotations is "+x.described(issuer)+": "+sense(x.told.IssuerHow)+".")
	}
}

// sentencesIn counts the sentences in a language.
func (x explainer) sentencesIn(language string) int {
	n := 0
	for i := range x.told.Sentences {
		if s := &x.told.Sentences[i]; s.Text != "" && s.Lang == language {
			n++
		}
	}
	return n
}

// ids tells how rules and filters call those who are named above.
func (x explainer) ids() {
	var out []string
	enter := func(id string) {
		if id == "" {
			return
		}
		if told := x.label(id) + " = " + id; !slices.Contains(out, told) && !strings.EqualFold(x.label(id), id) {
			out = append(out, told)
		}
	}
	for i := range x.told.Reading.Positions {
		p := &x.told.Reading.Positions[i]
		enter(p.Actor)
		enter(p.Target)
	}
	for i := range x.told.Sentences {
		if s := &x.told.Sentences[i]; len(s.Matches) > 0 {
			for k := range s.Mentions {
				enter(s.Mentions[k].Actor)
			}
		}
	}
	if len(out) > 0 {
		fmt.Fprintln(x.w)
		x.line(0, "In rules and filters: ", strings.Join(out, "; "))
	}
}
