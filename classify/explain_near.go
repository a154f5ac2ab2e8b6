package classify

import (
	"slices"
	"strings"

	"palabre/lang"
	"palabre/statement"
)

const (
	maxNear  = 3  // near misses of a sentence that are told
	maxTried = 20 // of which it is tried what they would give
)

// explainNear returns the rules of which the sentence lacks one element, and that
// would then find something.
func (r *reader) explainNear(sentence int) []ExplainedNear {
	var out []ExplainedNear
	tried := 0
	for _, n := range r.nearly(r.text.Sentences[sentence]) {
		rl := &r.g.rules[n.rule]
		watched := rl.name == r.trace.watched
		if !watched && !r.tells(&n, rl.effect.topic) {
			continue
		}
		if tried++; len(out) == maxNear || tried > maxTried {
			break
		}
		gives := r.wouldGive(sentence, &n)
		if !watched && len(gives) == 0 {
			continue
		}
		quote := r.text.Slice(lang.Span{Start: n.start, End: max(n.end, n.start+1)})
		out = append(out, ExplainedNear{rl.name, rl.reads, quote, r.g.describe(n.wants), r.g.samplesOf(n.wants), n.found, gives})
	}
	return out
}

// tells reports whether a near miss tells something about the sentence: what the
// rule is about is there, and a word for or against it is missing, or who; or it is
// the word for the matter that is missing, between an attitude and a group or force
// that is named behind it.
func (r *reader) tells(n *nearMiss, topic statement.Topic) bool {
	const leastFound, reach = 2, 8 // elements: fewer are there by chance; tokens to whoever is named
	if !r.isOpen(n.wants) {
		return false
	}
	end := max(n.end, n.start+1)
	matter, attitude := false, false
	inside := 0 // of a mention: its end
	for i := n.start; i < end; i++ {
		if m := r.mentionStarting(i); m != nil {
			matter = matter || topic == statement.ForeignTroops && m.force != ""
			inside = m.end
		}
		for _, h := range r.hitsAt(i) {
			if h.sense.kind != senseClass || h.sense.ref < int32(cueCount) || h.sense.aside {
				continue
			}
			of := r.matterOf(h.sense.ref)
			about := of.topic == topic
			matter = matter || about && !of.weak
			attitude = attitude || !about && i >= inside && r.isTelling(h.sense.ref)
		}
	}
	for _, class := range n.wants.classes {
		if r.matterOf(class).topic == topic {
			return attitude && r.namesOther(lang.Span{Start: n.start, End: min(end+reach, r.sentenceOf(n.start).End)}, topic)
		}
	}
	return n.found >= leastFound && matter && (attitude || n.wants.mask != 0)
}

// glue are the classes of words that by themselves say nothing for or against.
var glue = map[string]bool{"b-is": true, "b-for": true, "b-plain": true, "b-does": true, "b-here": true, "b-way": true, "will-not": true}

// isTelling reports whether the words of a class are for or against something.
func (r *reader) isTelling(class int32) bool {
	name := r.g.className(class)
	return !strings.HasPrefix(name, literalPrefix) && !glue[name]
}

// isOpen reports whether there are several ways to say what an element asks for. A
// single word is likely to be the rest of a phrase.
func (r *reader) isOpen(o *op) bool {
	const several = 3
	return o.mask != 0 || len(o.classes) >= several || slices.ContainsFunc(o.classes, func(class int32) bool {
		return !strings.HasPrefix(r.g.className(class), literalPrefix)
	})
}

// namesOther reports whether the span names somebody with whom one may have talks,
// or foreign troops.
func (r *reader) namesOther(s lang.Span, topic statement.Topic) bool {
	for i := s.Start; i < s.End; i++ {
		m := r.mentionStarting(i)
		if m != nil && (topic == statement.Dialogue && m.mask&maskGroup != 0 || topic == statement.ForeignTroops && m.force != "") {
			return true
		}
	}
	return false
}

// wouldGive returns the positions that a rule would find if what it lacks were there.
func (r *reader) wouldGive(sentence int, n *nearMiss) []ExplainedFrame {
	frames, notes, before, doc := len(r.frames), r.notes, r.reasons, r.doc
	r.reasons.match = -1
	m := match{rule: n.rule, start: n.start, end: max(n.end, n.start+1)}
	r.frame(sentence, &m)
	var out []ExplainedFrame
	for _, f := range r.framesOf(-1) {
		if f.Confidence >= leastConfidence {
			out = append(out, f)
		}
	}
	r.frames, r.notes, r.reasons, r.doc = r.frames[:frames], notes, before, doc
	return out
}
