package classify

import (
	"cmp"
	"slices"
	"strings"

	"palabre/lang"
)

// How many words are shown of those that a scorecard counted, and how much each of them
// must add to the log-odds.
const (
	mostWeights = 6
	leastWeight = 0.1
)

// readsByWeight is what a scorecard reads.
const readsByWeight = "the words of the passage, weighed together, say so"

// explainVerdict records what the scorecard found in a sentence, and its outcome.
func (r *reader) explainVerdict(sentence int, v *verdict, m *match) {
	to := &r.trace.told.Sentences[len(r.trace.told.Sentences)-1]
	s := r.text.Sentences[sentence]
	weights := slices.DeleteFunc(slices.Clone(v.shares), func(w share) bool {
		return w.adds < leastWeight || r.text.Tokens[w.token].Kind > lang.Number
	})
	slices.SortStableFunc(weights, func(a, b share) int { return cmp.Compare(b.adds, a.adds) })
	weights = weights[:min(len(weights), mostWeights)]
	e := ExplainedMatch{
		Number: r.reasons.match, Rule: r.g.lang + cardRule, Reads: readsByWeight, Topic: r.sought.topic,
		Quote: strings.TrimSpace(r.text.Slice(s)), Marked: r.heavy(s, weights),
		Gives: r.sought.stance, Condition: r.reasons.condition, Why: r.reasons.why, WhyWord: r.whyWord(sentence, m), Likely: v.likelihood,
	}
	for _, w := range weights {
		e.Weights = append(e.Weights, ExplainedWeight{r.text.Slice(lang.Span{Start: w.token, End: r.wordEnd(w.token)}), w.adds})
	}
	e.ExplainedHolder = r.explainHolder(sentence, m)
	e.Towards.Why = r.reasons.aim
	if mm := r.reasons.aimed; mm != nil {
		if aimed, ok := r.trace.known[mm.start]; ok {
			e.Aimed, e.Towards = &aimed, ExplainedAim{Quote: aimed.Quote, Before: int(r.text.Tokens[mm.start].Sentence) < sentence}
		}
	}
	for i := range r.weighed {
		if p := &r.weighed[i].position; r.weighed[i].match == e.Number {
			e.Result = append(e.Result, ExplainedFrame{p.Actor, p.Topic, p.Stance, p.Target, p.Confidence})
		}
	}
	to.Matches = append(to.Matches, e)
}

// wordEnd returns the token behind a word or name.
func (r *reader) wordEnd(i int) int {
	if m := r.mentionStarting(i); m != nil && !m.pronoun {
		return m.end
	}
	return i + 1
}

// heavy returns a sentence with the words in brackets that count most.
func (r *reader) heavy(s lang.Span, weights []share) string {
	var path []taken
	for _, w := range weights {
		if w.token >= s.Start && w.token < s.End {
			path = append(path, taken{from: w.token, to: r.wordEnd(w.token)})
		}
	}
	return strings.TrimSpace(r.marked(s, path))
}
