package explain

import (
	"slices"
	"strings"

	"palabre/classify"
	"palabre/statement"
)

// steps tells sentence by sentence what was seen and what came of it. Sentences in
// which there is nothing to tell are only counted.
func (t *teller) steps() []Step {
	var out []Step
	var quiet []*classify.ExplainedSentence
	flush := func() {
		if len(quiet) > 0 {
			out = append(out, Step{Quiet: quietly(quiet)})
		}
		quiet = nil
	}
	for i := range t.told.Sentences {
		s := t.told.Sentences[i]
		s.Matches = slices.DeleteFunc(slices.Clone(s.Matches), func(m classify.ExplainedMatch) bool { return isQuiet(&m) })
		switch {
		case s.Text == "":
		case len(s.Matches)+len(s.Nearly)+len(s.Matters) == 0 && s.Turn == nil:
			quiet = append(quiet, &s)
		default:
			flush()
			out = append(out, t.step(&s))
		}
	}
	flush()
	return out
}

// quietly names sentences that follow one another and say nothing that a rule looks
// for.
func quietly(list []*classify.ExplainedSentence) Phrase {
	first, last := list[0], list[len(list)-1]
	switch {
	case len(list) == 1 && first.Field == statement.Title:
		return say("The title: nothing that a rule looks for")
	case len(list) == 1:
		return say("Sentence %s: nothing that a rule looks for", count(first.Number))
	case first.Field == statement.Title && len(list) == 2:
		return say("The title and sentence %s: nothing that a rule looks for", count(last.Number))
	case first.Field == statement.Title:
		return say("The title and sentences %s to %s: nothing that a rule looks for", count(list[1].Number), count(last.Number))
	}
	return say("Sentences %s to %s: nothing that a rule looks for", count(first.Number), count(last.Number))
}

// step tells what was seen in a sentence and what came of it.
func (t *teller) step(s *classify.ExplainedSentence) Step {
	out := Step{Place: say("Title"), Sentence: s}
	if s.Field != statement.Title {
		out.Place = say("Sentence %s", count(s.Number))
	}
	if turn := s.Turn; turn != nil {
		who := say("somebody who asks, and takes no position")
		if turn.Who.Known() {
			who = t.voice(turn.Who)
		}
		out.Lines = append(out.Lines, Line{say("turn"), say("%s: from here on “we” is %s", words(turn.Label), who)})
	}
	if len(s.Matches)+len(s.Nearly) > 0 {
		out.Lines = append(out.Lines, t.names(s)...)
	}
	if s.Speaker.Known() && len(s.Matches) > 0 {
		out.Lines = append(out.Lines, Line{say("speaker"), say("%s, by the word %s", t.voice(s.Speaker), words(s.Saying))})
	}
	if len(s.Matches) == 0 {
		out.After = append(seen(s), t.nearly(s)...)
		return out
	}
	passed := make(map[string]bool) // quotes of those of whom it is told why the position is not theirs
	first := make(map[string]int)   // by outcome: the finding that is told
	left := make(map[int][]Phrase)  // by that finding: what others read
	for i := range s.Matches {
		m := &s.Matches[i]
		key := string(m.Why) + m.WhyWord
		if len(m.Positions) > 0 {
			key = m.Rule + m.Outcome()
		}
		if n, ok := first[key]; !ok {
			first[key] = len(out.Findings)
			out.Findings = append(out.Findings, t.finding(m, passed))
		} else if len(m.Positions) == 0 && m.Reads != string(out.Findings[n].Reads) {
			left[n] = append(left[n], say("“%s”", English(m.Reads)))
		}
	}
	for n := range out.Findings {
		if f := &out.Findings[n]; len(left[n]) > 0 {
			f.Lines = append(f.Lines, Line{say("the same goes for"), listed("; ", once(left[n])...)})
		}
	}
	out.After = append(out.After, seen(s)...)
	if !slices.ContainsFunc(s.Matches, func(m classify.ExplainedMatch) bool { return m.Likely == 0 }) { // no rule fits
		out.After = append(out.After, t.nearly(s)...)
	}
	return out
}

// once leaves out what was told of a rule before.
func once(list []Phrase) []Phrase {
	told := make(map[any]bool)
	return slices.DeleteFunc(list, func(p Phrase) bool {
		before := told[p.With[0]]
		told[p.With[0]] = true
		return before
	})
}

// names tells whom the words of a sentence stand for, where that is not plain.
func (t *teller) names(s *classify.ExplainedSentence) []Line {
	var groups []Phrase
	at := make(map[string]int)       // by whom words stand for: which group
	quotes := make(map[int][]Phrase) // by group
	meanings := make(map[int]Phrase) // by group
	told := make(map[string]bool)    // groups and quotes
	for i := range s.Mentions {
		m := &s.Mentions[i]
		who := t.standsFor(m)
		if who.IsEmpty() {
			continue
		}
		key := strings.Join([]string{m.Actor, m.Speaker, m.Force, senseKey(m)}, "\x00")
		n, ok := at[key]
		if !ok {
			n = len(at)
			at[key], meanings[n] = n, who
		}
		if !told[key+m.Quote] {
			told[key+m.Quote] = true
			quotes[n] = append(quotes[n], say("%s", words(m.Quote)))
		}
	}
	for n := range len(at) {
		groups = append(groups, say("%s (%s)", listed(", ", quotes[n]...), meanings[n]))
	}
	if len(groups) == 0 {
		return nil
	}
	return []Line{{say("names"), listed("; ", groups...)}}
}

func senseKey(m *classify.ExplainedMention) string {
	if m.Sense == nil {
		return ""
	}
	return string(m.Sense.How) + m.Sense.Place.Quote
}

// seen tells of words on a topic that no rule fits.
func seen(s *classify.ExplainedSentence) []Line {
	var list []Phrase
	told := make(map[string]bool)
	for _, m := range s.Matters {
		if told[m.Quote] || slices.ContainsFunc(s.Matches, func(f classify.ExplainedMatch) bool {
			return strings.Contains(f.Quote, m.Quote) || m.Weak || f.Aimed != nil && f.Aimed.Quote == m.Quote
		}) {
			continue
		}
		told[m.Quote] = true
		about := topic(m.Topic)
		if m.Weak {
			about = say("contact, which means talks only beside an armed group")
		}
		list = append(list, say("%s (%s)", words(m.Quote), about))
	}
	if len(list) == 0 {
		return nil
	}
	return []Line{{say("seen"), say("%s: no rule knows a wording here that says for or against", listed(", ", list...))}}
}

// nearly tells which rule would fit a sentence with one word more.
func (t *teller) nearly(s *classify.ExplainedSentence) []Line {
	if len(s.Nearly) == 0 {
		return nil
	}
	n := &s.Nearly[0]
	f := &n.Gives[0]
	return []Line{{say("nearly"), say("%s, and behind it %s, would be read as: %s (“%s”, %s)",
		words(n.Quote), missing(n), stand(f), English(n.Reads), Code(n.Rule))}}
}

// missing tells what a rule wants that the sentence lacks.
func missing(n *classify.ExplainedNear) Phrase {
	if len(n.Words) > 0 {
		list := make([]Phrase, len(n.Words))
		for i, w := range n.Words {
			list[i] = say("%s", Words{Text: strings.TrimSuffix(w, "*"), Cut: strings.HasSuffix(w, "*")})
		}
		return say("a word such as %s", listed(", ", list...))
	}
	switch n.Wants {
	case "@force":
		return say("foreign troops")
	case "@group":
		return say("an armed group")
	case "@actor", "@any":
		return say("an actor")
	case "@state":
		return say("a state")
	case "@society":
		return say("a body of society")
	case "@person":
		return say("a person")
	case "@place":
		return say("a place")
	}
	return say("%s", Code(n.Wants))
}

// finding tells step by step how a rule came to its result. Those of whom it was told
// in the sentence why the position is not theirs are passed.
func (t *teller) finding(m *classify.ExplainedMatch, passed map[string]bool) Finding {
	out := Finding{Counts: len(m.Positions) > 0, Reads: English(m.Reads), Rule: Code(m.Rule)}
	add := func(label, text Phrase) { out.Lines = append(out.Lines, Line{label, text}) }
	add(say("words"), say("%s", Words{Text: m.Marked, Marked: true}))
	if parts := parts(m); len(parts) > 0 {
		add(Phrase{}, listed(", ", parts...))
	}
	if len(m.Weights) > 0 {
		add(say("weighed"), say("%s: a score of %s of 1", listed(", ", weights(m)...), Score(m.Likely)))
	}
	if m.Holder.Known() {
		add(say("stance"), stance(m))
		add(say("whose"), t.whose(m))
	}
	if !m.Holder.Known() && out.Counts {
		add(say("whose"), say("each side takes it towards the other"))
	}
	if !out.Counts {
		add(say("no position"), t.why(m))
	}
	for i := range m.Passed {
		p := &m.Passed[i]
		if key := p.Quote + string(p.Why); !passed[key] {
			passed[key] = true
			why := say(string(p.Why))
			if p.Word != "" {
				why = say("%s, %s", why, words(p.Word))
			}
			add(say("not"), say("%s, since %s", t.named(&p.ExplainedMention), why))
		}
	}
	if out.Counts {
		if towards := t.towards(m); !towards.IsEmpty() {
			add(say("towards"), towards)
		}
		add(say("result"), t.result(m))
	}
	return out
}

// towards tells who the other side is, or whose troops it is about, and why.
func (t *teller) towards(m *classify.ExplainedMatch) Phrase {
	if m.Aimed == nil {
		if m.Towards.Why == "" {
			return Phrase{}
		}
		return say("%s: %s", Actor{ID: m.Result[0].Target, Capital: true}, say(string(m.Towards.Why)))
	}
	who := t.named(m.Aimed)
	if m.Topic == statement.ForeignTroops && m.Aimed.Force != "" {
		who = say("%s (%s)", words(m.Aimed.Quote), troops(m.Aimed.Force))
	}
	if m.Towards.Before {
		return say("%s, in a sentence before", who)
	}
	return who
}

// negation are the words that turn a stance.
func negation(m *classify.ExplainedMatch) Words { return words(strings.Join(m.Negation, " … ")) }

// stance tells what a rule gives and what negation and condition make of it.
func stance(m *classify.ExplainedMatch) Phrase {
	out := sided(m.Gives, topic(m.Topic))
	if m.Turned != "" {
		out = say("%s, but %s turns it to %s", out, negation(m), side(m.Turned))
	}
	switch {
	case m.Condition == "":
	case m.Gives == statement.Conditional:
		out = say("%s, namely %s", out, words(m.Condition))
	default:
		out = say("%s, and %s makes it conditional", out, words(m.Condition))
	}
	return out
}

// parts tells for what a rule takes the words that it looks for.
func parts(m *classify.ExplainedMatch) []Phrase {
	var out []Phrase
	told := make(map[string]bool)
	for _, p := range m.Parts {
		if p.Class == "" || strings.EqualFold(p.Says, p.Quote) || told[p.Quote+p.Says] {
			continue
		}
		told[p.Quote+p.Says] = true
		out = append(out, say("%s is a word for %s", words(p.Quote), English(p.Says)))
	}
	return out
}

// weights names the words that count most for what a scorecard finds, with what each
// adds to the log-odds.
func weights(m *classify.ExplainedMatch) []Phrase {
	out := make([]Phrase, len(m.Weights))
	for i, w := range m.Weights {
		out[i] = say("%s +%s", words(w.Quote), Score(w.Adds))
	}
	return out
}

// why tells why the words of a finding are no position.
func (t *teller) why(m *classify.ExplainedMatch) Phrase {
	out := say("these words %s", t.reason(m))
	switch {
	case len(m.Result) > 0 && m.Result[0].Confidence < classify.LeastConfidence:
		out = say("%s: certainty %s, and %s is needed", out, Score(m.Result[0].Confidence), Score(classify.LeastConfidence))
	case m.Holder.Known() || m.Because == "":
	case m.Word != "":
		out = say("%s: %s, %s", out, say(string(m.Because)), words(m.Word))
	default:
		out = say("%s: %s", out, say(string(m.Because)))
	}
	return out
}

// result tells what came of a finding, and which of the positions it is part of.
func (t *teller) result(m *classify.ExplainedMatch) Phrase {
	numbers, results := make([]Phrase, len(m.Positions)), make([]Phrase, len(m.Result))
	for i, n := range m.Positions {
		numbers[i] = say("%s", Number(n))
	}
	for i := range m.Result {
		results[i] = stand(&m.Result[i])
	}
	what, which := listed("; ", results...), listed(", ", numbers...)
	if opposed(t.told.Reading.Positions[m.Positions[0]-1].Stance, m.Stance()) {
		return say("%s → counts against position %s", what, which)
	}
	return say("%s → position %s", what, which)
}
