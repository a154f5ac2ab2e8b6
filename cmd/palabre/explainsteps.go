package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"palabre/classify"
	"palabre/statement"
)

// steps tells sentence by sentence what was seen and what came of it. Sentences in
// which there is nothing to tell are only counted.
func (x explainer) steps() {
	marks := "[ ] the words that it looks for"
	if x.underline {
		marks = "underlined are the words that it looks for"
	}
	fmt.Fprintln(x.w)
	x.line(0, "", "The steps (✓ a rule fits and counts, ✗ a rule fits and does not; "+marks+")")
	var quiet []string
	flush := func() {
		if len(quiet) > 0 {
			fmt.Fprintln(x.w)
			x.line(0, "", quietly(quiet)+": nothing that a rule looks for")
		}
		quiet = nil
	}
	for i := range x.told.Sentences {
		s := x.told.Sentences[i]
		s.Matches = slices.DeleteFunc(slices.Clone(s.Matches), func(m classify.ExplainedMatch) bool { return isQuiet(&m) })
		switch {
		case s.Text == "":
		case len(s.Matches)+len(s.Nearly)+len(s.Matters) == 0 && s.Turn == nil:
			quiet = append(quiet, placed(s.Field, s.Number))
		default:
			flush()
			x.sentence(&s)
		}
	}
	flush()
}

// quietly names sentences that follow one another.
func quietly(list []string) string {
	if len(list) == 1 {
		return capital(list[0])
	}
	return strings.Replace(capital(list[0]), "Sentence", "Sentences", 1) + " to " + strings.TrimPrefix(list[len(list)-1], "sentence ")
}

// sentence tells what was seen in a sentence and what came of it.
func (x explainer) sentence(s *classify.ExplainedSentence) {
	fmt.Fprintln(x.w)
	x.line(0, capital(placed(s.Field, s.Number))+": ", quoted(s.Text))
	if t := s.Turn; t != nil {
		who := "somebody who asks, and takes no position"
		if t.Who != "" {
			who = x.described(t.Who)
		}
		x.line(2, "turn     ", quoted(t.Label)+": from here on “we” is "+who)
	}
	if len(s.Matches)+len(s.Nearly) > 0 {
		x.names(s)
	}
	if s.Speaker != "" && len(s.Matches) > 0 {
		x.line(2, "speaker  ", x.described(s.Speaker)+", by the word "+quoted(s.Saying))
	}
	if len(s.Matches) == 0 {
		x.unread(s)
		return
	}
	passed := make(map[string]bool)
	alike := make(map[string]int) // by outcome: how many findings were told or left out
	var left []string
	for i := range s.Matches {
		m := &s.Matches[i]
		key := m.Why + m.WhyWord
		if len(m.Positions) > 0 {
			key = m.Rule + m.Outcome()
		}
		if alike[key]++; alike[key] == 1 {
			x.match(m, passed)
		} else if len(m.Positions) == 0 && !slices.Contains(left, m.Reads) {
			left = append(left, m.Reads)
		}
	}
	if len(left) > 0 {
		x.line(2, "✗ ", "the same goes for: “"+strings.Join(left, "”; “")+"”")
	}
	x.seen(s)
}

// names tells whom the words of a sentence stand for, where that is not plain.
func (x explainer) names(s *classify.ExplainedSentence) {
	var who []string
	words := make(map[string][]string) // by whom they stand for
	for i := range s.Mentions {
		m := &s.Mentions[i]
		told := x.standsFor(m)
		if told == "" {
			continue
		}
		if _, ok := words[told]; !ok {
			who = append(who, told)
		}
		if quote := quoted(m.Quote); !slices.Contains(words[told], quote) {
			words[told] = append(words[told], quote)
		}
	}
	for i, told := range who {
		who[i] = strings.Join(words[told], ", ") + " (" + told + ")"
	}
	if len(who) > 0 {
		x.line(2, "names    ", strings.Join(who, "; "))
	}
}

// seen tells of words on a topic that no rule fits.
func (x explainer) seen(s *classify.ExplainedSentence) {
	var words []string
	for _, m := range s.Matters {
		if slices.ContainsFunc(s.Matches, func(f classify.ExplainedMatch) bool {
			return strings.Contains(f.Quote, m.Quote) || m.Weak || f.Aimed != nil && f.Aimed.Quote == m.Quote
		}) {
			continue
		}
		about := topicNames[m.Topic]
		if m.Weak {
			about = "contact, which means talks only beside an armed group"
		}
		if w := quoted(m.Quote) + " (" + about + ")"; !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	if len(words) > 0 {
		x.line(2, "seen     ", strings.Join(words, ", ")+": no rule knows a wording here that says for or against")
	}
}

// unread tells of a sentence that no rule fits what it speaks of, and which rule
// would fit with one word more.
func (x explainer) unread(s *classify.ExplainedSentence) {
	x.seen(s)
	for i := range s.Nearly {
		n := &s.Nearly[i]
		f := &n.Gives[0]
		x.line(2, "nearly   ", fmt.Sprintf("%s, and behind it %s, would be read as: %s (“%s”, %s)", quoted(n.Quote), missingElement(n), x.stand(f.Actor, f.Topic, f.Stance, f.Target), n.Reads, n.Rule))
		return
	}
}

// match tells step by step how a rule came to its result. Those of whom it was told
// in the sentence why the position is not theirs are passed.
func (x explainer) match(m *classify.ExplainedMatch, passed map[string]bool) {
	sign := "✓ "
	if len(m.Positions) == 0 {
		sign = "✗ "
	}
	x.line(2, sign, fmt.Sprintf("%s (%s)", m.Reads, m.Rule))
	x.line(4, "words    ", x.marked(quoted(m.Marked)))
	x.parts(m)
	if m.Holder != "" {
		x.line(4, "stance   ", x.stance(m))
		x.line(4, "whose    ", x.whose(m))
	}
	if len(m.Positions) == 0 {
		x.line(4, "no position: ", x.whyNone(m))
	}
	for i := range m.Passed {
		p := &m.Passed[i]
		why := x.stands(&p.ExplainedMention) + ", since " + p.Why
		if p.Word != "" {
			why += ", " + quoted(p.Word)
		}
		if !passed[why] {
			passed[why] = true
			x.line(4, "not      ", why)
		}
	}
	if len(m.Positions) > 0 {
		x.towards(m)
		x.result(m)
	}
}

// towards tells who the other side is, or whose troops it is about, and why.
func (x explainer) towards(m *classify.ExplainedMatch) {
	switch {
	case m.Towards == "":
	case m.Aimed == nil:
		x.line(4, "towards  ", capital(x.actor(m.Result[0].Target))+": "+m.Towards)
	default:
		who := x.stands(m.Aimed)
		if m.Topic == statement.ForeignTroops && m.Aimed.Force != "" {
			who = quoted(m.Aimed.Quote) + " (" + x.troops(m.Aimed.Force) + ")"
		}
		x.line(4, "towards  ", who+strings.TrimPrefix(m.Towards, "“"+m.Aimed.Quote+"”"))
	}
}

// stance tells what a rule gives and what negation and condition make of it.
func (x explainer) stance(m *classify.ExplainedMatch) string {
	about := topicNames[m.Topic]
	if about == "" {
		about = "what was told before"
	}
	out := side(m.Gives) + " " + about
	if m.Turned != "" {
		out += ", but " + quoted(strings.Join(m.Negation, " … ")) + " turns it to " + side(m.Turned)
	}
	switch {
	case m.Condition == "":
	case m.Gives == statement.Conditional:
		out += ", namely " + quoted(m.Condition)
	default:
		out += ", and " + quoted(m.Condition) + " makes it conditional"
	}
	return out
}

// parts tells for what a rule takes the words that it looks for.
func (x explainer) parts(m *classify.ExplainedMatch) {
	var out []string
	for _, p := range m.Parts {
		if p.Class == "" || strings.EqualFold(class(p.Class), p.Quote) {
			continue
		}
		if told := quoted(p.Quote) + " is a word for " + class(p.Class); !slices.Contains(out, told) {
			out = append(out, told)
		}
	}
	if len(out) > 0 {
		x.line(4, "         ", strings.Join(out, ", "))
	}
}

func (x explainer) whyNone(m *classify.ExplainedMatch) string {
	why := m.Why
	if len(m.Result) > 0 && m.Result[0].Confidence < classify.LeastConfidence {
		why += fmt.Sprintf(", %.2f, and %.2f is needed", m.Result[0].Confidence, classify.LeastConfidence)
	}
	if m.WhyWord != "" {
		why += ", by " + quoted(m.WhyWord)
	}
	if m.Holder == "" && m.Because != "" {
		if why += ": " + m.Because; m.Word != "" {
			why += ", " + quoted(m.Word)
		}
	}
	return why
}

// result tells what came of a finding, and which of the positions it is part of.
func (x explainer) result(m *classify.ExplainedMatch) {
	var numbers, results []string
	for _, n := range m.Positions {
		numbers = append(numbers, strconv.Itoa(n))
	}
	for _, f := range m.Result {
		results = append(results, x.stand(f.Actor, f.Topic, f.Stance, f.Target))
	}
	counts := " → position "
	if p := &x.told.Reading.Positions[m.Positions[0]-1]; opposed(p.Stance, m.Stance()) {
		counts = " → counts against position "
	}
	x.line(4, "result   ", strings.Join(results, "; ")+counts+strings.Join(numbers, ", "))
}

// opposed reports whether one is for and the other against.
func opposed(a, b statement.Stance) bool {
	return a == statement.Pro && b == statement.Anti || a == statement.Anti && b == statement.Pro
}
