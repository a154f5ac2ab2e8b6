package classify

import (
	"cmp"
	"slices"

	"palabre/lang"
	"palabre/statement"
)

// targets finds the other side of the talks, or whose force it is.
func (r *reader) targets(sentence int, m *match, e *effect, who holder) []string {
	switch {
	case e.target != "":
		return []string{e.target}
	case e.topic == statement.Dialogue:
		return r.counterparts(sentence, m, who)
	case e.topic == statement.ForeignTroops:
		return r.forcesOf(sentence, m, e, who)
	}
	return []string{""}
}

// counterparts finds with whom the talks are.
func (r *reader) counterparts(sentence int, m *match, who holder) []string {
	s := r.text.Sentences[sentence]
	want := maskGroup
	if who.group {
		want = maskState | maskGroup | maskSociety
	}
	if m.whom != 0 {
		if mm := &r.mentions[m.whom-1]; mm.holder.known() && mm.holder.actor != who.actor {
			return []string{mm.holder.actor}
		}
	}
	for _, span := range []lang.Span{{Start: m.start, End: s.End}, {Start: s.Start, End: m.start}} {
		if mm := r.firstOf(span, want, who); mm != nil {
			return []string{mm.holder.actor}
		}
	}
	if who.group {
		return []string{"mali-government"}
	}
	if mm := r.before(m.start, sentence, func(mm *mention) bool {
		return mm.mask&maskGroup != 0 && mm.holder.known() && mm.holder.actor != who.actor
	}); mm != nil {
		return []string{mm.holder.actor}
	}
	if len(r.text.Sentences) <= aboutOneThing {
		for _, g := range r.doc.groups {
			if g != who.actor {
				return []string{g}
			}
		}
	}
	if r.within(m.start, m.end, cueAlgiers) || r.doc.algiers && r.within(m.start, m.end, cueAccord) {
		return []string{signatories}
	}
	if r.within(m.start, m.end, cuePeace) && r.sahelAround(sentence) { // there is no peace process but with those who fight
		return []string{anyGroup}
	}
	return nil
}

// signatories is the actor for the movements that signed the Algiers accord.
const signatories = "cma"

const (
	// lookBack is how many sentences a description refers back at most.
	lookBack = 5
	// aboutOneThing is the most sentences of a text in which everything may refer
	// to anything, as in a piece of news. A long speech is about many things.
	aboutOneThing = 40
)

// before returns the latest mention before token i, within a few sentences, that
// is as wanted.
func (r *reader) before(i, sentence int, wanted func(*mention) bool) *mention {
	low := r.text.Sentences[max(0, sentence-lookBack)].Start
	n, _ := slices.BinarySearchFunc(r.mentions, i, func(mm mention, i int) int { return cmp.Compare(mm.start, i) })
	for n--; n >= 0 && r.mentions[n].start >= low; n-- {
		if mm := &r.mentions[n]; wanted(mm) {
			return mm
		}
	}
	return nil
}

// firstOf returns the first mention in the span with one of the properties
// that is not the holder. A name goes before a description: "the jihadist
// leaders Iyad ag Ghaly and Amadou Koufa" are JNIM.
func (r *reader) firstOf(span lang.Span, want mentionMask, who holder) *mention {
	var found *mention
	for i := span.Start; i < span.End; i++ {
		mm := r.mentionStarting(i)
		if mm == nil || mm.mask&want == 0 || !mm.holder.known() || mm.holder.actor == who.actor {
			continue
		}
		if mm.holder.actor != anyGroup {
			return mm
		}
		if found == nil {
			found = mm
		}
	}
	return found
}

// anyGroup is the actor that stands for armed groups without a name.
const anyGroup = "armed-groups"

// forcesOf finds whose troops a match speaks of.
func (r *reader) forcesOf(sentence int, m *match, e *effect, who holder) []string {
	s := r.text.Sentences[sentence]
	var out []string
	if m.whom != 0 {
		switch mm := &r.mentions[m.whom-1]; {
		case mm.force != "":
			out = append(out, mm.force)
		case forceTargets[mm.holder.actor]: // an accord with the state whose troops they are
			out = append(out, mm.holder.actor)
		}
	}
	if m.force != 0 && len(out) == 0 {
		if mm := &r.mentions[m.force-1]; mm.force != "" {
			out = append(out, mm.force)
			if next := r.peerForce(mm); next != "" {
				out = append(out, next)
			}
		}
	}
	spans := []lang.Span{{Start: m.start, End: m.end}, {Start: m.end, End: min(m.end+8, s.End)}, {Start: max(s.Start, m.start-12), End: m.start}}
	for n, span := range spans {
		if n == 1 && len(out) == 0 && r.ownTroops(m) {
			switch {
			case !homeStates[who.actor]:
				out = append(out, who.actor)
			case e.stance == statement.Pro:
				return nil // its own army on its own soil
			}
		}
		if len(out) > 0 {
			break
		}
		for i := span.Start; i < span.End; i++ {
			if mm := r.mentionStarting(i); mm != nil && mm.mask&maskForce != 0 && mm.force != "" {
				out = append(out, mm.force)
				if next := r.peerForce(mm); next != "" {
					out = append(out, next)
				}
				break
			}
		}
	}
	if len(out) == 0 && e.act == ownWithdrawal && forceTargets[who.actor] {
		out = append(out, who.actor)
	}
	if len(out) == 0 {
		if mm := r.before(m.start, sentence, func(mm *mention) bool { return mm.force != "" }); mm != nil && int(r.text.Tokens[mm.start].Sentence) >= sentence-1 {
			out = append(out, mm.force)
		} else if len(r.doc.forces) > 0 && len(r.text.Sentences) <= aboutOneThing {
			out = append(out, r.doc.forces[0])
		}
	}
	for i, t := range out {
		out[i] = r.forceID(t)
	}
	return out
}

// peerForce returns the force that is joined to mm by "and".
func (r *reader) peerForce(mm *mention) string {
	for k := mm.end; k < min(mm.end+3, len(r.text.Tokens)); k++ {
		if next := r.mentionStarting(k); next != nil && next.force != "" && next.force != mm.force && k > mm.end {
			return next.force
		}
	}
	return ""
}

// ownTroops reports whether the match speaks of the holder's own troops.
func (r *reader) ownTroops(m *match) bool {
	for i := m.start; i < m.end; i++ {
		if mm := r.mentionStarting(i); mm != nil && mm.troops && mm.force == "" {
			return true
		}
	}
	return false
}

// forceTargets are the actors whose forces have an id of their own.
var forceTargets = map[string]bool{"france": true, "un": true, "eu": true, "russia": true, "us": true, "chad": true, "foreign": true}

// forceID returns the target for the force of an actor: its own, or that of the
// mission in which it serves.
func (r *reader) forceID(actor string) string {
	if forceTargets[actor] {
		return actor
	}
	for _, f := range r.doc.forces {
		if f == "un" || f == "eu" {
			return f
		}
	}
	return "foreign"
}
