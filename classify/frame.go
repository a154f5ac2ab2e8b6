package classify

import (
	"slices"
	"strconv"

	"palabre/lang"
	"palabre/statement"
)

// frame is a position as one match shows it, before the statement's frames are
// merged.
type frame struct {
	position statement.Position
	sentence int
}

// frame turns a match into a position, or into a reason why it is none. It
// reports whether that settles what the words say: where only nobody could be
// named, a weaker rule may do better.
func (r *reader) frame(sentence int, m *match) (settled bool) {
	rl := &r.g.rules[m.rule]
	e := &rl.effect
	evidence := r.evidence(sentence, m)
	if why := r.dismissed(sentence, m, e); why != "" {
		r.note(e.topic, evidence, rl.name, why)
		return true
	}
	stance, why := r.polarity(sentence, m, e)
	if why != "" {
		r.note(e.topic, evidence, rl.name, why)
		return true
	}
	if e.holder == byParties {
		return r.parties(sentence, m, rl, stance, evidence)
	}
	f := r.parts(sentence, m, e, stance)
	if f.why != "" {
		r.note(e.topic, evidence, rl.name, f.why)
		return false
	}
	own := e.topic == statement.ForeignTroops && slices.Contains(f.targets, f.who.actor)
	p := statement.Position{
		Actor: f.who.actor, Speaker: r.speakerFor(f.who, sentence, m), Topic: e.topic, Stance: stance,
		Act: e.act, Evidence: evidence, Rule: rl.name, Confidence: e.weight * f.sure, FirstHand: r.firstHand(m, f.who, sentence),
	}
	if c, ok := r.condition(sentence, m, stance, e.topic == statement.Dialogue, own); ok && !e.settled {
		p.Stance, p.Condition = statement.Conditional, c
	}
	r.enterFrames(sentence, p, f.targets)
	if !own {
		for _, peer := range r.peers(sentence, m, f.who) {
			p.Actor, p.Speaker = peer.actor, peer.speaker
			r.enterFrames(sentence, p, f.targets)
		}
	}
	return true
}

// framed is whose position a match is and towards whom, or why that is unknown.
type framed struct {
	who     holder
	sure    float64
	targets []string
	why     string
}

// parts finds whose position a match is, and towards whom.
func (r *reader) parts(sentence int, m *match, e *effect, stance statement.Stance) framed {
	who, sure := r.holder(sentence, m, e)
	if !who.known() {
		return framed{why: "nobody could be named as the one who takes the position"}
	}
	owner := who
	if e.topic == statement.ForeignTroops && r.protasis(m, r.clauseStart(m.start, r.text.Sentences[sentence].Start)) >= 0 {
		// "… provided that France withdraws" is a demand of who makes the condition.
		if who, sure = r.fallback(sentence, m); !who.group {
			if mm := r.firstSubject(r.text.Sentences[sentence]); mm != nil {
				who, sure = mm.holder, sureReported
			}
		}
		if stance != statement.Anti || !who.group {
			return framed{why: "part of a condition"}
		}
	}
	targets := r.targets(sentence, m, e, who)
	if owner != who && r.ownTroops(m) && forceTargets[owner.actor] {
		targets = []string{owner.actor}
	}
	if e.topic == statement.ForeignTroops && stance == statement.Anti && e.act != ownWithdrawal && slices.Contains(targets, who.actor) {
		// "France is an occupier" is no position of France.
		who, sure = r.fallback(sentence, m)
		if !who.known() || slices.Contains(targets, who.actor) {
			return framed{why: "nobody but the force itself could be named as the one who takes the position"}
		}
	}
	if len(targets) == 0 {
		return framed{why: "no armed group or force is named as the other side"}
	}
	return framed{who: who, sure: sure, targets: targets}
}

// enterFrames enters a position towards each of the targets.
func (r *reader) enterFrames(sentence int, p statement.Position, targets []string) {
	if r.g.tried {
		p.Tentative, p.Confidence = "experimental rules", min(p.Confidence, leastConfidence)
	}
	for _, t := range targets {
		p.Target = t
		if p.Topic == statement.Dialogue && p.Target == p.Actor {
			continue
		}
		if len(r.frames) < maxFrames {
			r.frames = append(r.frames, frame{p, sentence})
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
			p := statement.Position{
				Topic: rl.effect.topic, Stance: stance, Act: rl.effect.act, Evidence: evidence,
				Rule: rl.name, Confidence: rl.effect.weight * sureSubject,
			}
			p.Actor, p.Speaker = a.actor, a.speaker
			r.enterFrames(sentence, p, []string{b.actor})
			p.Actor, p.Speaker = b.actor, b.speaker
			r.enterFrames(sentence, p, []string{a.actor})
		}
	}
	if !found {
		r.note(rl.effect.topic, evidence, rl.name, "the two sides are not both named")
	}
	return found
}

const (
	maxSides   = 5 // of one accord
	betweenGap = 8 // most tokens between the two sides of "between … and …"
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
	between := r.within(m.start, min(m.end+2, s.End), cueBetween)
	if !between {
		if mm := r.subjectLeft(m.start, s.Start); mm != nil && mm.mask&maskActor != 0 {
			enter(mm.holder)
			for _, peer := range r.peers(sentence, m, mm.holder) {
				enter(peer)
			}
		}
	}
	last := -1
	for i := m.start; i < s.End && !(i >= m.end && r.isBoundary(i)); i++ {
		mm := r.mentionStarting(i)
		if mm == nil || mm.troops || mm.mask&(maskGroup|maskState|maskSociety) == 0 || !mm.holder.known() {
			continue
		}
		if last >= 0 && (len(out) >= 2 && !mm.joined && !r.within(last, mm.start, cueAnd) || (between || len(out) >= 2) && mm.start-last > betweenGap) {
			break
		}
		enter(mm.holder)
		last = mm.end
	}
	return out
}

// ownWithdrawal is the act of the rules that read a force's own departure.
const ownWithdrawal = "withdrawal"

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

// dismissed says why a match is no position, or returns "".
func (r *reader) dismissed(sentence int, m *match, e *effect) string {
	s := r.text.Sentences[sentence]
	low := r.clauseStart(m.start, s.Start)
	switch {
	case r.text.Tokens[s.End-1].Kind == lang.Question && r.text.Tokens[m.start].Quote == 0 && r.voices[sentence].say < 0:
		return "a question"
	case e.topic == statement.Dialogue && r.protasis(m, low) >= 0:
		return "part of a condition"
	case r.within(low, m.end, cueHypothesis):
		return "a hypothesis"
	case r.within(low, m.end, cueRumour):
		return "a rumour or supposition"
	case r.historical(s, m):
		return "told as history"
	case (r.doc.elsewhere || r.within(s.Start, s.End, cueElsewhere)) && !r.sahelIn(s):
		return "about another part of the world"
	case e.topic == statement.Dialogue && r.within(s.Start, s.End, cueOtherDomain) && !r.groupIn(s):
		return "talks of another kind"
	case !r.doc.sahel || len(r.text.Sentences) > aboutOneThing && !sahelStates[r.doc.issuer.actor] && !r.sahelAround(sentence):
		return "nothing places the text in the Sahel"
	}
	return ""
}

// protasis returns the token of the condition's marker if the match stands in
// the conditional clause itself, else -1.
func (r *reader) protasis(m *match, low int) int {
	for i := m.start - 1; i >= max(low, m.start-8); i-- {
		if r.text.Tokens[i].Kind == lang.Comma {
			return -1
		}
		if r.has(i, cueCond) || r.has(i, cueUnless) {
			return i
		}
	}
	return -1
}

// clauseStart returns the first token of the clause that holds token i.
func (r *reader) clauseStart(i, low int) int {
	for i > low && !r.isBoundary(i-1) {
		i--
	}
	return i
}

// historical reports whether the sentence dates its clause to a year before
// that of the statement, or tells it in the past by a marked phrase.
func (r *reader) historical(s lang.Span, m *match) bool {
	low := r.clauseStart(m.start, s.Start)
	if r.within(low, m.end, cuePast) || r.hadDone(low, m) && !r.reported(m.start) {
		return true
	}
	year := r.when.Year()
	past := false
	for i := s.Start; i < s.End; i++ {
		tok := &r.text.Tokens[i]
		if tok.Kind != lang.Number || tok.End-tok.Start != 4 || tok.Quote != 0 {
			continue
		}
		n, err := strconv.Atoi(string(r.text.Folded(i)))
		if err != nil || n < 1950 || n > 2100 {
			continue
		}
		if n >= year {
			return false
		}
		past = past || i > 0 && r.has(i-1, cueDated) && !r.within(i-signedReach, i, cueSigned)
	}
	return past && r.text.Tokens[m.start].Quote == 0
}

// signedReach is the most tokens between a participle and the year that dates
// it: "the accord signed with France in 1966" dates the accord only.
const signedReach = 4

// hadReach is the most tokens between the auxiliary of the pluperfect and its
// participle.
const hadReach = 3

// hadDone reports whether the match is told in the pluperfect, whose two parts
// may stand apart: "had refused", "وكانت الحركات قد أعلنت".
func (r *reader) hadDone(low int, m *match) bool {
	near := max(low, m.start-hadReach)
	return r.within(near, m.start, cueHad) || r.within(low, m.start, cueHadBegun) && r.within(near, m.start+1, cueHadDone)
}

// reported reports whether the sentence says in whose words token i stands: then
// a pluperfect is that of reported speech.
func (r *reader) reported(i int) bool {
	return r.text.Tokens[i].Quote != 0 || r.voices[r.text.Tokens[i].Sentence].say >= 0
}

// sahelAround reports whether the sentence or those around it name something of
// the Sahel: a long text may be about the whole world.
func (r *reader) sahelAround(sentence int) bool {
	const around = 3
	for i := max(0, sentence-around); i <= min(sentence+around, len(r.text.Sentences)-1); i++ {
		if r.sahelIn(r.text.Sentences[i]) {
			return true
		}
	}
	return false
}

// sahelIn reports whether the sentence names something of the Sahel.
func (r *reader) sahelIn(s lang.Span) bool {
	if r.within(s.Start, s.End, cueSahel) {
		return true
	}
	for i := s.Start; i < s.End; i++ {
		m := r.mentionStarting(i)
		if m == nil || m.holder.known() && m.holder.actor == r.doc.issuer.actor { // who speaks may speak of anything
			continue
		}
		if m.mask&(maskGroup|maskPlace) != 0 && m.holder.actor != anyGroup || sahelStates[m.holder.actor] {
			return true
		}
	}
	return false
}

func (r *reader) groupIn(s lang.Span) bool {
	for i := s.Start; i < s.End; i++ {
		if m := r.mentionStarting(i); m != nil && m.mask&maskGroup != 0 {
			return true
		}
	}
	return false
}

// polarity applies the negations in the match's scope to the rule's stance.
func (r *reader) polarity(sentence int, m *match, e *effect) (statement.Stance, string) {
	denied := r.denied(sentence, m)
	if e.negation == negIgnored && !denied || e.negation != negIgnored && r.negated(m) == denied {
		return e.stance, ""
	}
	if e.negation == negBlocks {
		return "", "negated"
	}
	switch e.stance {
	case statement.Pro:
		return statement.Anti, ""
	case statement.Anti:
		return statement.Pro, ""
	}
	return e.stance, ""
}

// denied reports whether the match is what the sentence's speaker denies.
func (r *reader) denied(sentence int, m *match) bool {
	v := &r.voices[sentence]
	return v.deny && v.say >= 0 && v.say < m.start && r.text.Tokens[m.start].Quote == 0 && !r.within(m.start, m.end, cueDeny)
}

const (
	negationReach = 5 // tokens before the match in which a negation bears on it
	negationJoin  = 4 // tokens within which two negators are one: ne … pas
)

// negated reports whether an odd number of negations bears on the match.
// Negators close to one another are one negation.
func (r *reader) negated(m *match) bool {
	low := m.start
	for low > 0 && m.start-low < negationReach && r.text.Tokens[low-1].Kind == lang.Word && !r.isBoundary(low-1) && !r.has(low-1, cueRelative) && !r.has(low-1, cueAnd) {
		low--
	}
	count, last, aside := 0, -negationJoin-1, false
	for i := low; i < m.end; i++ {
		switch { // "our aim, which we do not give up, is …"
		case r.has(i, cueRelative):
			aside = i >= m.start
		case r.has(i, cueOpener) || r.text.Tokens[i].Kind != lang.Word:
			aside = false
		}
		if !r.has(i, cueNeg) || r.covered[i] || aside || r.restricts(i) {
			continue
		}
		if i-last > negationJoin {
			count++
		}
		last = i
	}
	return count%2 == 1
}

// restricts reports whether the negator at token i says "only", as "ne … que"
// does without "pas".
func (r *reader) restricts(i int) bool {
	const reach = 8
	if !r.has(i, cueNegHalf) {
		return false
	}
	for k := i + 1; k < min(i+reach, len(r.cues)); k++ {
		switch {
		case r.has(k, cueNeg) && !r.has(k, cueNegHalf):
			return false
		case r.has(k, cueOnly):
			return true
		}
	}
	return false
}

// condition returns what must happen first, if the sentence makes the stance
// depend on something.
func (r *reader) condition(sentence int, m *match, stance statement.Stance, dialogue, own bool) (string, bool) {
	s := r.text.Sentences[sentence]
	for i := s.Start; i < s.End; i++ {
		if r.covered[i] { // "as long as necessary"
			continue
		}
		if i > m.start && i < m.end-1 && r.has(i, cueCond) && r.text.Tokens[i].Quote != r.text.Tokens[m.start].Quote {
			continue
		}
		conditional := stance == statement.Pro && (r.has(i, cueCond) || r.has(i, cueUnless)) ||
			stance == statement.Anti && dialogue && (r.has(i, cueUntil) || r.has(i, cueUnless)) && r.text.Tokens[i].Quote == r.text.Tokens[m.start].Quote ||
			stance == statement.Anti && own && r.has(i, cueCond)
		if conditional && r.governs(i, m, s) {
			return r.conditionText(i, m, s), true
		}
	}
	return "", false
}

// conditionReach is the most tokens between a match and the marker of its
// condition.
const conditionReach = 30

// governs reports whether a marker of condition at token i bears on the match:
// it stands in or behind it, not beyond a semicolon, or opens a clause in front
// of it.
func (r *reader) governs(i int, m *match, s lang.Span) bool {
	if i < m.start {
		return m.start-i <= conditionReach && r.opensClause(i, s.Start)
	}
	if i-m.end > conditionReach {
		return false
	}
	for k := m.end; k < i; k++ {
		if r.text.Tokens[k].Kind == lang.Semicolon {
			return false
		}
	}
	return true
}

// conditionText returns the clause behind the marker at token i.
func (r *reader) conditionText(i int, m *match, s lang.Span) string {
	from := i + 1
	for _, h := range r.hitsAt(i) {
		if h.sense.isCue(cueCond) || h.sense.isCue(cueUntil) || h.sense.isCue(cueUnless) {
			from = max(from, i+int(h.n))
		}
	}
	to := from
	for to < s.End && !r.isBoundary(to) && to != m.start {
		if r.text.Tokens[to].Kind == lang.Comma && to > from+2 {
			break
		}
		to++
	}
	for to > from && r.text.Tokens[to-1].Kind > lang.Number {
		to--
	}
	if from >= to {
		return r.text.Slice(lang.Span{Start: i, End: i + 1})
	}
	return r.text.Slice(lang.Span{Start: from, End: to})
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
