package classify

import (
	"slices"

	"palabre/lang"
	"palabre/statement"
)

// frame is a position as one match shows it, before the statement's frames are
// merged.
type frame struct {
	position statement.Position
	sentence int
	mixes    bool // with the opposite, both are meant
	other    bool // of a group that has a name and no identifier
	match    int  // the number of the match in the explanation, if there is one
}

// frame turns a match into a position, or into a reason why it is none. It
// reports whether that settles what the words say: where only nobody could be
// named, a weaker rule may do better.
func (r *reader) frame(sentence int, m *match) (settled bool) {
	rl := &r.g.rules[m.rule]
	e := &rl.effect
	evidence := r.evidence(sentence, m)
	r.reasons = reasons{match: r.reasons.match, negators: r.reasons.negators[:0], word: -1}
	author := ""
	if refersBack(e.topic) {
		if e, author = r.reaction(sentence, e); e == nil {
			r.reasons.why = WhyNothingTold
			return false
		}
	}
	why := r.dismissed(sentence, m, e)
	switch {
	case why == WhyQuestion || why == WhyHypothesis: // what somebody says of it next may be a position
		r.raise(sentence, m, e, true)
	case why == WhyHistory || why == "" && e.raises:
		r.raise(sentence, m, e, false)
	}
	switch {
	case e.raises:
		r.reasons.why = WhyOnlyNames
		return false
	case why != "":
		r.note(e.topic, evidence, rl.name, why)
		return true
	}
	stance, why := r.polarity(sentence, m, e)
	if why != "" {
		r.note(e.topic, evidence, rl.name, why)
		return true
	}
	if stance != e.stance {
		r.reasons.turned = stance
	}
	if e.holder == byParties {
		return r.parties(sentence, m, rl, stance, evidence)
	}
	f := r.parts(sentence, m, e, stance)
	switch {
	case rl.effect.topic == matter && stance == statement.Conditional:
		f = framed{who: r.holderOf(author), how: foundAuthor, targets: []string{e.target}}
	case f.why == "" && f.who.actor == author:
		f.why = WhySameActor
	}
	if f.why != "" {
		r.note(e.topic, evidence, rl.name, f.why)
		return false
	}
	r.reasons.holder, r.reasons.how = f.who, f.how
	act := e.act
	if stance != e.stance {
		act = "" // what is denied was not done
	}
	own := e.topic == statement.ForeignTroops && slices.Contains(f.targets, f.who.actor)
	out := frame{sentence: sentence, mixes: e.mixes, other: f.who.other, match: r.reasons.match, position: statement.Position{
		Actor: f.who.actor, Speaker: r.speakerFor(f.who, sentence, m), Topic: e.topic, Stance: stance,
		Act: act, Evidence: evidence, Rule: rl.name, Confidence: e.weight * grounds[f.how].sure, FirstHand: r.firstHand(m, f.who, sentence),
	}}
	p := &out.position
	c, ok := r.condition(sentence, m, e, stance, own)
	if !ok && f.how == foundAuthor {
		c, ok = r.behindColon(sentence, m)
	}
	if ok && !e.settled {
		p.Stance, p.Condition = statement.Conditional, c
		r.reasons.condition = c
	}
	r.enterFrames(out, f.targets)
	if !own {
		for _, peer := range r.peers(sentence, m, f.who) {
			p.Actor, p.Speaker, out.other = peer.actor, peer.speaker, peer.other
			towards := f.targets
			if e.topic == statement.Dialogue && slices.Contains(towards, peer.actor) {
				towards = []string{f.who.actor} // "Bamako and JNIM want to talk"
			}
			r.enterFrames(out, towards)
		}
	}
	return true
}

// opposite turns yes and no round.
var opposite = map[statement.Stance]statement.Stance{statement.Pro: statement.Anti, statement.Anti: statement.Pro}

// press is the actor for an outlet in its own editorials.
const press = "outlet"

// framed is whose position a match is and towards whom, or why that is unknown.
type framed struct {
	who     holder
	how     ground
	targets []string
	why     Why
}

// parts finds whose position a match is, and towards whom.
func (r *reader) parts(sentence int, m *match, e *effect, stance statement.Stance) framed {
	who, how := r.holder(sentence, m, e)
	if e.own && (!who.known() || how == foundBefore || who.actor == press) && !r.within(m.start, m.end, cueMust) {
		if own := r.owner(sentence, m); own.known() {
			who, how = own, foundOwner
		}
	}
	if !who.known() {
		return framed{why: WhyNobody}
	}
	owner := who
	if e.topic == statement.ForeignTroops && r.protasis(m, r.clauseStart(m.start, r.text.Sentences[sentence].Start)) >= 0 {
		// "… provided that France withdraws" is a demand of who makes the condition.
		if who, how = r.fallback(sentence, m); !who.group {
			if mm := r.firstSubject(r.text.Sentences[sentence]); mm != nil {
				who, how = mm.holder, foundSubject
			}
		}
		if stance != statement.Anti || !who.group {
			return framed{why: WhyInCondition}
		}
	}
	targets := r.targets(sentence, m, e, who)
	if owner != who && r.ownTroops(m) && forceTargets[owner.actor] {
		targets = []string{owner.actor}
	}
	if e.own && how == foundSpeaker && len(targets) == 1 && r.leavesTo(who, targets[0]) && !r.within(max(0, m.start-mustReach), m.end, cueMust) {
		who, how = r.holderOf(targets[0]), foundOwner
	}
	if e.topic == statement.ForeignTroops && stance == statement.Anti && !e.own && slices.Contains(targets, who.actor) {
		// "France is an occupier" is no position of France.
		who, how = r.fallback(sentence, m)
		if !who.known() || slices.Contains(targets, who.actor) {
			return framed{why: WhyOnlyTheForce}
		}
	}
	if len(targets) == 0 {
		return framed{why: WhyNoOtherSide}
	}
	return framed{who: who, how: how, targets: targets}
}

// leavesTo reports whether a state tells what another does with its own troops: "the
// announced withdrawal of French forces is a challenge, said Berlin". Those on whose
// soil they are have a say in it.
func (r *reader) leavesTo(teller holder, force string) bool {
	a, b := r.p.actor(teller.actor), r.p.actor(force)
	return a != nil && b != nil && a.ID != b.ID && a.Kind == statement.State && b.Kind == statement.State && !homeStates[a.ID]
}

// owner returns whose troops a match speaks of, where nobody else is named whose
// position it is: "1,500 French soldiers will leave Niger".
func (r *reader) owner(sentence int, m *match) holder {
	for i := max(r.text.Sentences[sentence].Start, m.start-forceBefore); i < m.end; i++ {
		if mm := r.mentionStarting(i); mm != nil && forceTargets[mm.force] && (mm.troops || !mm.oblique) {
			return r.holderOf(mm.force)
		}
	}
	return holder{}
}

// enterFrames enters a finding with each of the targets.
func (r *reader) enterFrames(f frame, targets []string) {
	p := &f.position
	if r.g.tried {
		p.Tentative, p.Confidence = "experimental rules", min(p.Confidence, leastConfidence)
	}
	for _, t := range targets {
		p.Target = t
		if p.Topic == statement.Dialogue && p.Target == p.Actor {
			continue
		}
		if len(r.frames) < maxFrames {
			r.frames = append(r.frames, f)
			r.doc.raised = raised{topic: p.Topic, stance: p.Stance, target: p.Target, by: p.Actor, sentence: f.sentence}
		}
	}
}

// maxFrames is the most findings of one statement that are weighed. No text
// that people write comes near it.
const maxFrames = 500

// parties enters a position of each of the sides that conclude something: "a
// ceasefire between the donso and Katiba Macina", "the minister signed with the
// MNLA and the HCUA".
func (r *reader) parties(sentence int, m *match, rl *rule, stance statement.Stance, evidence statement.Evidence) (found bool) {
	sides := r.sides(sentence, m)
	for i, a := range sides {
		for _, b := range sides[i+1:] {
			if !a.group && !b.group || a.group == b.group && len(sides) > 2 {
				continue // two states, or two of several movements on one side
			}
			found = true
			out := frame{sentence: sentence, mixes: rl.effect.mixes, match: r.reasons.match, position: statement.Position{
				Topic: rl.effect.topic, Stance: stance, Act: rl.effect.act, Evidence: evidence,
				Rule: rl.name, Confidence: rl.effect.weight * grounds[foundSubject].sure,
			}}
			out.position.Actor, out.position.Speaker, out.other = a.actor, a.speaker, a.other
			r.enterFrames(out, []string{b.actor})
			out.position.Actor, out.position.Speaker, out.other = b.actor, b.speaker, b.other
			r.enterFrames(out, []string{a.actor})
		}
	}
	if !found {
		r.note(rl.effect.topic, evidence, rl.name, WhyNotBothSides)
	}
	return found
}

const (
	maxSides     = 5 // of one accord
	betweenReach = 5 // most tokens from the match to "between"
	betweenGap   = 8 // most tokens between the two sides of "between … and …"
)

// sides returns who concludes an accord: behind "between" the first two named,
// else the subject and whom the accord is with; and those joined to them. Who is
// named further on may have mediated.
func (r *reader) sides(sentence int, m *match) []holder {
	s := r.text.Sentences[sentence]
	var out []holder
	enter := func(h holder) {
		if h.known() && len(out) < maxSides && !slices.ContainsFunc(out, func(o holder) bool { return o.actor == h.actor }) {
			out = append(out, h)
		}
	}
	between := false // and no "between them"
	if k := r.first(m.start, min(m.end+betweenReach, s.End), cueBetween); k >= 0 {
		mm := r.mentionBetween(k+1, min(k+betweenReach, s.End), true)
		between = mm != nil && !mm.pronoun
	}
	if !between {
		if mm := r.subjectLeft(m.start, s.Start); mm != nil && mm.mask&maskActor != 0 {
			enter(mm.holder)
			for _, peer := range r.peers(sentence, m, mm.holder) {
				enter(peer)
			}
			if mm.also.known() {
				return out // "both sides have agreed", told by somebody else
			}
		}
	}
	last := -1
	for i := m.start; i < s.End && !(i >= m.end && r.isBoundary(i)); i++ {
		mm := r.mentionStarting(i)
		if mm == nil || mm.troops || mm.mask&(maskGroup|maskState|maskSociety) == 0 || !mm.holder.known() || r.namesAccord(mm) || r.isWhere(mm) {
			continue
		}
		listed := last >= 0 && mm.mask&maskGroup != 0 && r.joins(last, mm.start, mm) // "two movements, the MNLA and …"
		if last >= 0 && (len(out) >= 2 && !mm.joined && !listed && !r.within(last, mm.start, cueAnd) || (between || len(out) >= 2) && mm.start-last > betweenGap) {
			break
		}
		enter(mm.holder)
		enter(mm.also)
		last = mm.end
	}
	return out
}

// isWhere reports whether a state only tells where something is done: "signé à
// Alger".
func (r *reader) isWhere(mm *mention) bool {
	return mm.mask&maskState != 0 && !mm.office && mm.start > 0 && r.has(mm.start-1, cueAt)
}

// namesAccord reports whether a place stands in the name of an accord: "l'accord
// d'Alger".
func (r *reader) namesAccord(mm *mention) bool {
	for i := max(0, mm.start-maxPhrase); i < mm.start; i++ {
		for _, h := range r.hitsAt(i) {
			if h.sense.isCue(cueAlgiers) && i+int(h.n) >= mm.end {
				return true
			}
		}
	}
	return false
}

// evidence returns the words that prove a match: the clauses that it touches,
// within its sentence, and within the quotation that holds it.
func (r *reader) evidence(sentence int, m *match) statement.Evidence {
	s := r.text.Sentences[sentence]
	from, to := m.start, m.end
	quote := r.text.Tokens[from].Quote
	inside := func(i int) bool { return quote == 0 || r.text.Tokens[i].Quote == quote }
	for i := from; i < to; i++ {
		if !inside(i) {
			quote = 0
		}
	}
	for from > s.Start && !r.isBoundary(from-1) && r.text.Tokens[from-1].Kind != lang.Break && inside(from-1) {
		from--
	}
	for to < s.End && !r.isBoundary(to) && inside(to) {
		to++
	}
	for from < to-1 && r.text.Tokens[from].Kind > lang.Number && r.text.Tokens[from].Kind != lang.Open {
		from++
	}
	start, end := int(r.text.Tokens[from].Start), int(r.text.Tokens[to-1].End)
	return statement.Evidence{Field: r.field, Start: r.base + start, End: r.base + end, Quote: r.text.Source[start:end]}
}

// firstHand reports whether the match stands in the actor's own words.
func (r *reader) firstHand(m *match, who holder, sentence int) bool {
	if r.doc.issuer.known() && r.doc.issuer.actor == who.actor {
		return true
	}
	return r.text.Tokens[m.start].Quote != 0 && r.speaks(m.start, sentence).actor == who.actor
}

// speakerFor returns the person who spoke for the actor.
func (r *reader) speakerFor(who holder, sentence int, m *match) string {
	if who.speaker != "" {
		return who.speaker
	}
	if v := r.voiceAt(m.start, sentence).who; v.actor == who.actor && v.speaker != "" {
		return v.speaker
	}
	if v := r.speaks(m.start, sentence); v.actor == who.actor {
		return v.speaker
	}
	return ""
}
