package classify

import (
	"slices"
	"strings"

	"palabre/lang"
	"palabre/statement"
)

// explainMatch records a match and its outcome: the frames that it added, or
// the reason why it added none.
func (r *reader) explainMatch(to *ExplainedSentence, sentence int, m *match) {
	rl := &r.g.rules[m.rule]
	span := lang.Span{Start: m.start, End: m.end}
	path := r.retrace(sentence, m)
	e := ExplainedMatch{
		Number: r.reasons.match, Rule: rl.name, Reads: rl.reads, Topic: rl.effect.topic, Quote: r.text.Slice(span),
		Marked: r.marked(span, path), Parts: r.partsOf(path),
		Gives: rl.effect.stance, Turned: r.reasons.turned, Condition: r.reasons.condition,
		Why: r.reasons.why, WhyWord: r.whyWord(sentence, m),
	}
	e.ExplainedHolder = r.explainHolder(sentence, m)
	e.Towards.Why = r.reasons.aim
	if mm := r.reasons.aimed; mm != nil {
		aimed := r.trace.known[mm.start]
		e.Aimed, e.Towards = &aimed, ExplainedAim{Quote: aimed.Quote, Before: int(r.text.Tokens[mm.start].Sentence) < sentence}
	}
	if e.Turned != "" {
		for _, i := range r.reasons.negators {
			e.Negation = append(e.Negation, r.word(i))
		}
		if r.denied(sentence, m) {
			e.Negation = append(e.Negation, r.word(r.voiceAt(m.start, sentence).say))
		}
	}
	e.Result = r.framesOf(e.Number)
	to.Matches = append(to.Matches, e)
}

// framesOf returns the frames that a match added.
func (r *reader) framesOf(number int) []ExplainedFrame {
	var out []ExplainedFrame
	for i := range r.frames {
		if p := &r.frames[i].position; r.frames[i].match == number {
			out = append(out, ExplainedFrame{p.Actor, p.Topic, p.Stance, p.Target, p.Confidence})
		}
	}
	return out
}

// retrace returns what the elements of the match's pattern were found to be, in
// order. Matching itself keeps nothing of it.
func (r *reader) retrace(sentence int, m *match) []taken {
	s := r.text.Sentences[sentence]
	mt := matcher{r: r, limit: s.End, low: s.Start}
	patterns := r.g.rules[m.rule].patterns
	for i := range patterns {
		n := nearMiss{left: len(patterns[i].nodes) + 1}
		mt.steps, mt.near = 0, &n
		if mt.run(patterns[i].nodes, m.start) == m.end {
			slices.Reverse(n.path)
			return n.path
		}
	}
	return nil
}

// partsOf tells what the elements of a pattern were found to be.
func (r *reader) partsOf(path []taken) []ExplainedPart {
	out := make([]ExplainedPart, 0, len(path))
	for _, t := range path {
		p := ExplainedPart{Quote: r.text.Slice(lang.Span{Start: t.from, End: t.to}), Mention: t.class == ofMention}
		if !p.Mention {
			if name := r.g.className(t.class); !strings.HasPrefix(name, literalPrefix) {
				p.Class, p.Says = name, r.p.called(name)
			}
		}
		out = append(out, p)
	}
	return out
}

// marked returns the words of the span, those that a pattern asks for in brackets.
func (r *reader) marked(span lang.Span, path []taken) string {
	open := make([]bool, span.End-span.Start) // by token: asked for
	for _, t := range path {
		for i := max(t.from, span.Start); i < min(t.to, span.End); i++ {
			open[i-span.Start] = true
		}
	}
	var out strings.Builder
	for i := span.Start; i < span.End; {
		j := i + 1
		for j < span.End && open[j-span.Start] == open[i-span.Start] {
			j++
		}
		if i > span.Start {
			out.WriteString(r.text.Source[r.text.Tokens[i-1].End:r.text.Tokens[i].Start])
		}
		part := r.text.Slice(lang.Span{Start: i, End: j})
		if open[i-span.Start] {
			part = "[" + part + "]"
		}
		out.WriteString(part)
		i = j
	}
	return out.String()
}

// whyWord returns the word or phrase for which the match is no position, or "".
func (r *reader) whyWord(sentence int, m *match) string {
	if r.reasons.why == "" {
		return ""
	}
	if i := r.reasons.word; i >= 0 {
		return r.phrase(i, cueCond, cueUnless, cueWhen, cueHypothesis, cueRumour, cueElsewhere, cueOtherDomain, cueFinance)
	}
	s := r.text.Sentences[sentence]
	low := r.clauseStart(m.start, s.Start)
	switch r.reasons.why {
	case WhyInCondition:
		if i := r.protasis(m, low); i >= 0 {
			return r.phrase(i, cueCond, cueUnless, cueWhen)
		}
		return ""
	case WhyElsewhere:
		return r.nearest(s, cueElsewhere)
	case WhyOtherTalks:
		return r.nearest(s, cueOtherDomain)
	case WhyFinance:
		return r.nearest(s, cueFinance)
	case WhyHistory:
	default:
		return ""
	}
	for _, c := range [...]cue{cuePast, cueHad, cueHadBegun} {
		if i := r.first(low, m.end, c); i >= 0 {
			return r.phrase(i, c)
		}
	}
	for i := max(s.Start+1, m.start-datedBefore); i < min(s.End, m.end+datedBehind+1); i++ {
		if r.text.Tokens[i].Kind == lang.Number && r.has(i-1, cueDated) {
			return r.text.Slice(lang.Span{Start: i - 1, End: i + 1})
		}
	}
	return ""
}

// nearest returns the first word or phrase of the cue in the sentence, or else in the
// passage: all of it may be about another part of the world, or banks.
func (r *reader) nearest(s lang.Span, c cue) string {
	i := r.first(s.Start, s.End, c)
	if i < 0 {
		i = r.first(0, len(r.text.Tokens), c)
	}
	if i < 0 {
		return ""
	}
	return r.phrase(i, c)
}

// matterClasses are the classes of words for what positions are about, by topic:
// first those that mean it wherever they stand, then those that do beside somebody
// with whom one can have talks, or beside troops.
var matterClasses = map[statement.Topic][2][]string{
	statement.Dialogue: {
		{"talks", "talks-either", "talks-now", "talks-of-theirs", "talks-with-now", "b-talks", "b-parley", "truce", "peace", "peace-deal", "algiers"},
		{
			"contact", "negotiate", "talk", "talk-to", "talk-with", "b-talk", "b-talked", "b-weak", "b-approach", "b-envoy", "b-table", "b-pact", "b-peace",
			"emissary", "meeting", "short-pact", "pact", "accord", "accord-word",
		},
	},
	statement.ForeignTroops: {{"pmc"}, {"deployment", "presence-of", "b-presence", "occupier", "military-accord", "treaty"}},
	statement.Sharia:        {{"sharia", "secular", "b-law", "b-secular", "state-islam", "hudud", "faith-judge"}, {"godless", "republic-law", "man-law", "man-made"}},
}

// aboutWhat is what the words of a class are about: a topic, or none, and whether they
// mean it only beside somebody.
type aboutWhat struct {
	topic statement.Topic
	weak  bool
}

// matterOf returns what words of the class are about.
func (r *reader) matterOf(class int32) aboutWhat {
	of := r.trace.matters[r.g]
	if of == nil {
		of = make([]aboutWhat, len(r.g.classNames))
		for topic, tiers := range matterClasses {
			for tier, names := range tiers {
				for _, name := range names {
					if i, ok := r.g.classes[name]; ok {
						of[i] = aboutWhat{topic, tier > 0}
					}
				}
			}
		}
		r.trace.matters[r.g] = of
	}
	return of[class]
}

// explainMatters returns the words of the span that say what positions are about,
// the longest at each place. Words for mere contact count in a text that speaks of
// armed groups.
func (r *reader) explainMatters(span lang.Span) []ExplainedMatter {
	var out []ExplainedMatter
	for i := span.Start; i < span.End; i++ {
		end, about := i, aboutWhat{}
		if m := r.mentionStarting(i); m != nil && m.troops && m.force != "" {
			end, about = m.end, aboutWhat{topic: statement.ForeignTroops}
		}
		for _, h := range r.hitsAt(i) {
			if h.sense.kind != senseClass || h.sense.aside || i+int(h.n) <= end {
				continue
			}
			of := r.matterOf(h.sense.ref)
			if of.topic != "" && !of.weak || of.weak && r.g.className(h.sense.ref) == contactClass && len(r.doc.groups) > 0 {
				end, about = i+int(h.n), of
			}
		}
		if about.topic != "" {
			out = append(out, ExplainedMatter{r.text.Slice(lang.Span{Start: i, End: end}), about.topic, about.weak})
			i = end - 1
		}
	}
	return out
}

// contactClass is the class of words that mean talks beside an armed group only.
const contactClass = "contact"
