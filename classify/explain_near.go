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
		tells, matter := r.tells(&n, rl.effect.topic)
		if !watched && !tells {
			continue
		}
		if tried++; len(out) == maxNear || tried > maxTried {
			break
		}
		gives := r.wouldGive(sentence, &n)
		if !watched && (len(gives) == 0 || !matter && !r.namesOther(&n, &gives[0])) {
			continue
		}
		quote := r.text.Slice(lang.Span{Start: n.start, End: max(n.end, n.start+1)})
		out = append(out, ExplainedNear{rl.name, rl.reads, quote, r.g.describe(n.wants), r.g.samplesOf(n.wants), n.found, gives})
	}
	return out
}

// tells reports whether a near miss tells something about the sentence: what the
// rule is about is there, and a word for or against it is missing, or who; or it is
// the word for the matter that is missing, behind an attitude. Then somebody must be
// named whom it could be about.
func (r *reader) tells(n *nearMiss, topic statement.Topic) (tells, matter bool) {
	const leastFound = 2 // elements: fewer are there by chance
	if !r.isOpen(n.wants) {
		return false, false
	}
	end := max(n.end, n.start+1)
	attitude := false
	inside := 0 // of a mention: its end
	for i := n.start; i < end; i++ {
		if m := r.mentionStarting(i); m != nil {
			matter = matter || topic == statement.ForeignTroops && m.force != ""
			inside = m.end
		}
		if tokens, weak := r.matterAt(i, topic); tokens > 0 {
			matter, inside = matter || !weak, max(inside, i+tokens)
		}
		attitude = attitude || i >= inside && r.attitudeAt(i)
	}
	for _, class := range n.wants.classes {
		if r.matterOf(class).topic == topic {
			return attitude && (n.found >= leastFound || r.hasClass(n.head)), false
		}
	}
	return n.found >= leastFound && matter && (attitude || n.wants.mask != 0), true
}

// glue are the classes of words that by themselves say nothing for or against.
var glue = map[string]bool{"b-is": true, "b-for": true, "b-plain": true, "b-does": true, "b-here": true, "b-way": true, "will-not": true}

// attitudeAt reports whether a word that is for or against something stands at token
// i.
func (r *reader) attitudeAt(i int) bool {
	return slices.ContainsFunc(r.hitsAt(i), func(h hit) bool {
		if h.sense.kind != senseClass || h.sense.ref < int32(cueCount) || h.sense.aside {
			return false
		}
		name := r.g.className(h.sense.ref)
		return !strings.HasPrefix(name, literalPrefix) && !glue[name]
	})
}

// matterAt returns how many tokens from i on say what a topic is about, or 0, and
// whether they do so only beside somebody.
func (r *reader) matterAt(i int, topic statement.Topic) (tokens int, weak bool) {
	weak = true
	for _, h := range r.hitsAt(i) {
		if h.sense.kind != senseClass || h.sense.aside {
			continue
		}
		if of := r.matterOf(h.sense.ref); of.topic == topic {
			tokens, weak = max(tokens, int(h.n)), weak && of.weak
		}
	}
	return tokens, weak
}

// hasClass reports whether an element asks for a class of words, and not only for
// words by themselves.
func (r *reader) hasClass(o *op) bool {
	return slices.ContainsFunc(o.classes, func(class int32) bool { return !strings.HasPrefix(r.g.className(class), literalPrefix) })
}

// isOpen reports whether there are several ways to say what an element asks for. A
// single word is likely to be the rest of a phrase.
func (r *reader) isOpen(o *op) bool {
	const several = 3
	return o.mask != 0 || len(o.classes) >= several || r.hasClass(o)
}

// namesOther reports whether somebody is named behind the words of a near miss with
// whom the position that it would give is about having talks, or whose troops.
func (r *reader) namesOther(n *nearMiss, gives *ExplainedFrame) bool {
	const reach = 8 // tokens
	for i := n.start; i < min(max(n.end, n.start+1)+reach, r.sentenceOf(n.start).End); i++ {
		m := r.mentionStarting(i)
		if m == nil || m.holder.actor == gives.Actor {
			continue
		}
		if gives.Topic == statement.Dialogue && m.mask&maskGroup != 0 || gives.Topic == statement.ForeignTroops && m.force != "" {
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
