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
	case e.target != "" && (e.target != who.actor || e.topic == statement.ForeignTroops):
		r.reasons.aim = AimRule
		if e.reacts {
			r.reasons.aim = AimTold
		}
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
		if mm := &r.mentions[m.whom-1]; mm.holder.known() && mm.holder.actor != who.actor && !r.isAside(mm) && (who.group || mm.mask&maskState == 0) {
			return r.withAlly(mm, who)
		}
	}
	for _, span := range []lang.Span{{Start: m.start, End: s.End}, {Start: s.Start, End: m.start}} {
		if mm := r.firstOf(span, want, who); mm != nil {
			return r.withAlly(mm, who)
		}
	}
	if who.group {
		r.reasons.aim = AimUsual
		return []string{r.usualState()}
	}
	if mm := r.before(m.start, sentence, func(mm *mention) bool {
		return mm.mask&maskGroup != 0 && mm.holder.known() && mm.holder.actor != who.actor
	}); mm != nil {
		return r.aimedAt(mm, mm.holder.actor)
	}
	if !r.isLong() {
		for _, g := range r.doc.groups {
			if g != who.actor {
				r.reasons.aim = AimGroup
				return []string{g}
			}
		}
	}
	if r.within(m.start, m.end, cueAlgiers) || r.doc.algiers && r.within(m.start, m.end, cueAccord) {
		r.reasons.aim = AimAccord
		return []string{signatories}
	}
	if r.within(m.start, m.end, cuePeace) && r.sahelAround(sentence, r.doc.issuer.actor) { // there is no peace process but with those who fight
		r.reasons.aim = AimPeace
		return []string{anyGroup}
	}
	return nil
}

// aimedAt returns the actor as the target for which the mention stands.
func (r *reader) aimedAt(mm *mention, actor string) []string {
	r.reasons.aimed = mm
	return []string{actor}
}

// withAlly returns the mention's group as the target and, where another is joined
// to it by "and", that one too. Parts of one coalition are one side.
func (r *reader) withAlly(mm *mention, who holder) []string {
	r.reasons.aimed = mm
	first := mm.holder.actor
	if first == maliArmy || first == public {
		return []string{maliGovernment} // who talks with "the army" or "the Malians"
	}
	if mm.mask&maskGroup == 0 || first == anyGroup {
		return []string{first}
	}
	for k := mm.end; k < min(mm.end+4, len(r.text.Tokens)); k++ {
		next := r.mentionStarting(k)
		if next == nil || next.mask&maskGroup == 0 || !next.holder.known() || next.holder.actor == who.actor || next.holder.actor == anyGroup {
			continue
		}
		clause := r.text.Tokens[mm.end].Kind == lang.Comma // ", and ISGS did …" is another matter
		if !clause && r.joins(mm.end, k, next) && r.coalition(first) != r.coalition(next.holder.actor) {
			return []string{first, next.holder.actor}
		}
	}
	return []string{first}
}

// coalition returns the coalition of which the group is part, else the group.
func (r *reader) coalition(id string) string {
	if a := r.p.actor(id); a != nil && a.PartOf != "" {
		return a.PartOf
	}
	return id
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
	back := lookBack
	if r.isLong() {
		back = 1
	}
	low := r.text.Sentences[max(0, sentence-back)].Start
	for n := r.mentionsBefore(i) - 1; n >= 0 && r.mentions[n].start >= low; n-- {
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
		if mm == nil || mm.mask&want == 0 || !mm.holder.known() || r.coalition(mm.holder.actor) == r.coalition(who.actor) || r.namesAccord(mm) || r.isAside(mm) || r.mediates(mm) || r.nearTo(mm) {
			continue
		}
		if mm.holder.actor != anyGroup {
			if found != nil && r.partedBy(found.end, mm.start) {
				return found
			}
			return mm
		}
		if found == nil {
			found = mm
		}
	}
	return found
}

// partedBy reports whether a word such as "but" parts two tokens: "talks with chiefs of
// the bush, but not with Islamic State".
func (r *reader) partedBy(from, to int) bool {
	for i := from; i < to; i++ {
		if r.has(i, cueBut) || r.unmarked && r.has(i, cuePause) {
			return true
		}
	}
	return false
}

// mediates reports whether a body is none that armed groups have talks with: states
// and societies from elsewhere mediate.
func (r *reader) mediates(mm *mention) bool {
	actor := mm.holder.actor
	switch {
	case mm.mask&maskState != 0:
		return !homeStates[actor]
	case mm.mask&maskSociety != 0:
		return !sahelStates[actor] && actor != public
	}
	return false
}

// isAside reports whether a state only tells where something is done, unless it is
// the usual other side: "négocié à Bamako".
func (r *reader) isAside(mm *mention) bool {
	return r.isWhere(mm) && mm.holder.actor != r.usualState()
}

// usualState is the state that talks with an armed group where none is named.
func (r *reader) usualState() string { return cmp.Or(r.doc.home, maliGovernment) }

// anyGroup is the actor that stands for armed groups without a name.
const anyGroup = "armed-groups"

// forcesOf finds whose troops a match speaks of, as targets.
func (r *reader) forcesOf(sentence int, m *match, e *effect, who holder) []string {
	forces := r.forcesNamed(sentence, m, e, who)
	for i, f := range forces {
		forces[i] = r.forceID(f)
	}
	return slices.Compact(forces)
}

// Where forces are looked for around a match, in tokens.
const (
	forceBehind = 8
	forceBefore = 12
)

// forcesNamed returns the actors whose troops a match speaks of: those that the
// pattern captured, else those in the match, the holder's own where it speaks of
// "our troops", those near it, and at last those that the text spoke of before.
func (r *reader) forcesNamed(sentence int, m *match, e *effect, who holder) []string {
	s := r.text.Sentences[sentence]
	if m.whom != 0 {
		switch mm := &r.mentions[m.whom-1]; {
		case mm.force != "":
			return r.aimedAt(mm, mm.force)
		case forceTargets[mm.holder.actor] || mm.mask&maskState != 0 && !homeStates[mm.holder.actor] && r.ownTroops(m): // an accord with the state whose troops they are
			return r.aimedAt(mm, mm.holder.actor)
		}
	}
	if m.force != 0 {
		if mm := &r.mentions[m.force-1]; mm.force != "" {
			return r.withPeer(mm)
		}
	}
	if out := r.forcesIn(m.start, m.end); out != nil {
		return out
	}
	a := r.p.actor(who.actor)
	own, theirs := r.ownTroops(m), r.possessor(m, who)
	switch {
	case own && !homeStates[who.actor] && a != nil && kindMasks[a.Kind] == maskState:
		r.reasons.aim = AimOwn
		return []string{who.actor}
	case theirs != nil:
		return r.aimedAt(theirs, theirs.holder.actor)
	case own && e.stance == statement.Pro:
		return nil // its own army on its own soil
	}
	if out := r.forcesIn(m.end, min(m.end+forceBehind, s.End)); out != nil {
		return out
	}
	if out := r.forcesIn(max(s.Start, m.start-forceBefore), m.start); out != nil {
		return out
	}
	if forceTargets[who.actor] && (e.own || r.within(m.start, m.end, cueFirstPerson)) {
		r.reasons.aim = AimOwn
		return []string{who.actor}
	}
	if mm := r.before(m.start, sentence, func(mm *mention) bool { return mm.force != "" }); mm != nil && int(r.text.Tokens[mm.start].Sentence) >= sentence-1 {
		return r.aimedAt(mm, mm.force)
	}
	if len(r.doc.forces) > 0 && !r.isLong() {
		r.reasons.aim = AimForce
		return []string{r.doc.forces[0]}
	}
	if mm := r.before(m.end, sentence, func(mm *mention) bool { return forceTargets[mm.holder.actor] && mm.holder.actor != who.actor }); mm != nil && int(r.text.Tokens[mm.start].Sentence) >= sentence-1 {
		return r.aimedAt(mm, mm.holder.actor) // "a lesson for France: leave the Sahel"
	}
	return nil
}

// forcesIn returns the first force named from one token to another, and what is
// joined to it.
func (r *reader) forcesIn(from, to int) []string {
	for i := from; i < to; i++ {
		if mm := r.mentionStarting(i); mm != nil && mm.mask&maskForce != 0 && mm.force != "" {
			return r.withPeer(mm)
		}
	}
	return nil
}

func (r *reader) withPeer(mm *mention) []string {
	r.reasons.aimed = mm
	if next := r.peerForce(mm); next != "" {
		return []string{mm.force, next}
	}
	if last := r.lastBefore(mm.start); last != nil && last.troops && last.force != "" && last.force != mm.force && r.joins(last.end, mm.start, mm) {
		return []string{last.force, mm.force} // "French and UN forces"
	}
	return []string{mm.force}
}

// peerForce returns the force that is joined to mm by "and".
func (r *reader) peerForce(mm *mention) string {
	for k := mm.end; k < min(mm.end+3, len(r.text.Tokens)); k++ {
		if next := r.mentionStarting(k); next != nil && next.force != "" && next.force != mm.force && r.joins(mm.end, k, next) {
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

// possessor returns the state from abroad, named before in the sentence, that "its
// troops" in the match are of: "Paris est un partenaire, que ses soldats restent".
func (r *reader) possessor(m *match, who holder) *mention {
	for i := m.start; i < m.end; i++ {
		troops := r.mentionStarting(i)
		if troops == nil || !troops.troops || troops.force != "" {
			continue
		}
		theirs := i > 0 && r.has(i-1, cuePossessive) || slices.ContainsFunc(r.hitsAt(i), func(h hit) bool {
			return h.sense.isCue(cueTroops) && h.off&lang.Pronoun != 0 && h.off&lang.FirstPerson == 0
		})
		unknown := troops.end < len(r.text.Tokens) && r.text.Tokens[troops.end].Kind == lang.Word && len(r.hitsAt(troops.end)) == 0
		if !theirs || unknown && r.officeComesFirst() && !r.g.verbFirst { // "son engagement sportif"
			return nil
		}
		low := r.sentenceOf(i).Start
		for n := r.mentionsBefore(i) - 1; n >= 0 && r.mentions[n].start >= low; n-- {
			if mm := &r.mentions[n]; mm.mask&maskState != 0 && mm.holder.known() && !mm.troops && mm.holder.actor != who.actor && !homeStates[mm.holder.actor] {
				return mm
			}
		}
		return nil
	}
	return nil
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
