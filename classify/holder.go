package classify

import (
	"palabre/lang"
	"palabre/statement"
)

// ground is the way in which the holder of a position was found.
type ground uint8

const (
	foundNowhere ground = iota
	foundCaptured
	foundWe
	foundSubject
	foundObject
	foundVoice
	foundWords
	foundUrger
	foundAdviser
	foundSpeaker
	foundIssuer
	foundOwner
	foundBefore
	foundAuthor
)

// grounds tells how sure each way is, from 0 to 1, and how to put it in words.
var grounds = [...]struct {
	sure float64
	told Ground
}{
	foundNowhere:  {0, ""},
	foundCaptured: {1, GroundNamed},
	foundWe:       {1, GroundWe},
	foundSubject:  {0.95, GroundSubject},
	foundObject:   {0.95, GroundObject},
	foundVoice:    {0.95, GroundVoice},
	foundWords:    {0.95, GroundWords},
	foundUrger:    {0.85, GroundUrger},
	foundAdviser:  {0.85, GroundAdviser},
	foundSpeaker:  {0.85, GroundSpeaker},
	foundIssuer:   {0.85, GroundIssuer},
	foundOwner:    {0.85, GroundOwner},
	foundBefore:   {0.6, GroundBefore},
	foundAuthor:   {0.85, GroundAuthor},
}

// holder finds whose position a match is.
func (r *reader) holder(sentence int, m *match, e *effect) (holder, ground) {
	s := r.text.Sentences[sentence]
	if m.who != 0 {
		mm := &r.mentions[m.who-1]
		if verb := r.urged(mm); verb >= 0 {
			return r.urger(verb, sentence), foundUrger
		}
		if h := r.resolve(mm, sentence, m.start); h.known() {
			return h, foundCaptured
		}
	}
	if e.holder == byVoice {
		if h := r.speaks(m.start, sentence); h.known() {
			return h, foundWords
		}
		if mm := r.subjectLeft(m.start, s.Start); mm != nil && mm.mask&maskActor != 0 && !mm.troops && !r.within(mm.end, m.end, cueMust) {
			return mm.holder, foundSubject // "the opposition sees talks as the only way"
		}
		return holder{}, foundNowhere
	}
	if e.holder == byObject {
		if mm := r.mentionBetween(m.start, min(m.end+6, s.End), true); mm != nil {
			return r.resolve(mm, sentence, m.start), foundObject
		}
	}
	low := r.clauseStart(m.start, s.Start)
	if we := r.firstPersonIn(low, m.end, m); we >= 0 && !r.subjectBetween(we, m.start) {
		if h := r.weOf(we, m.start); h.known() {
			return h, foundWe
		}
		if h := r.speaks(m.start, sentence); h.known() {
			return h, foundVoice
		}
		if r.unmarked && we >= m.start && r.saysWe(we) { // nobody who is named is "we"
			return r.fallback(sentence, m)
		}
	}
	if r.obliged(m, low) {
		return r.adviser(sentence, m), foundAdviser
	}
	if r.ofSomebody(m.start, low) {
		return holder{}, foundNowhere
	}
	if h := r.subject(sentence, m, low, e.topic == statement.ForeignTroops); h.known() {
		return h, foundSubject
	}
	return r.fallback(sentence, m)
}

// obliged reports whether the subject of the match is told what it should do:
// "Bamako should open talks" is a position of who says so.
func (r *reader) obliged(m *match, low int) bool {
	return r.within(max(low, m.start-mustReach), m.start+1, cueMust)
}

// adviser returns who says what others should do: whoever speaks in the sentence
// or issues the text, else the body that published it.
func (r *reader) adviser(sentence int, m *match) holder {
	if r.text.Tokens[m.start].Quote != 0 {
		return r.speaks(m.start, sentence)
	}
	if v := r.voiceAt(m.start, sentence); v.say >= 0 {
		return v.who
	}
	if r.doc.issuer.known() {
		return r.doc.issuer
	}
	return r.doc.author
}

// mustReach is the most tokens between "should" and what should be done.
const mustReach = 4

// peers returns the actors that are joined to the holder of a match where it is
// named: "France and Germany condemn". None of them is named behind the match.
func (r *reader) peers(sentence int, m *match, who holder) []holder {
	s := r.text.Sentences[sentence]
	at := -1
	is := func(i int) bool {
		mm := r.mentionStarting(i)
		return mm != nil && mm.holder == who && !mm.oblique
	}
	if m.who != 0 && is(r.mentions[m.who-1].start) {
		at = r.mentions[m.who-1].start
	}
	for i := m.start; i >= s.Start && at < 0; i-- {
		if is(i) {
			at = i
		}
	}
	for i := m.start; r.g.verbFirst && i < min(m.start+sayerReach, m.end) && at < 0; i++ {
		if is(i) {
			at = i
		}
	}
	if at < 0 {
		return nil
	}
	first := &r.mentions[r.mentionAt[at]-1]
	if first.also.known() {
		return []holder{first.also}
	}
	var left []holder
	for n := int(r.mentionAt[at]) - 2; n >= 0 && len(left) < maxPeers; n-- {
		mm := &r.mentions[n]
		if mm.start < s.Start || !r.joins(mm.end, first.start, first) || !sideBySide(mm) {
			break
		}
		left, first = append(left, mm.holder), mm
	}
	if len(left) > 0 && !r.g.verbFirst && !r.opensClause(first.start, s.Start) && !r.exemplified(first.start) {
		left = nil // the object of another verb: "Mali condemns France and Niger wants talks"
	}
	last := &r.mentions[r.mentionAt[at]-1]
	for n := int(r.mentionAt[at]); n < len(r.mentions) && len(left) < maxPeers; n++ {
		mm := &r.mentions[n]
		if mm.start >= m.end && !(mm.joined && mm.start == last.end) || !r.joins(last.end, mm.start, mm) || !sideBySide(mm) {
			break
		}
		left, last = append(left, mm.holder), mm
	}
	if !r.within(first.start, last.start, cueAnd) && !last.joined {
		return nil // an apposition: "the MNLA, a rebel movement, rejects"
	}
	return left
}

// examples are the words behind which some are named for many: "countries like Chad".
var examples = map[string]bool{"like": true, "including": true, "comme": true, "dont": true}

// exemplified reports whether who is named at token i stands for more of his kind:
// "states such as Mali and Niger have expelled".
func (r *reader) exemplified(i int) bool {
	for i > 0 && r.has(i-1, cueArticle) {
		i--
	}
	if i < 2 {
		return false
	}
	word, before := string(r.text.Folded(i-1)), string(r.text.Folded(i-2))
	return examples[word] || before == "such" && word == "as"
}

// maxPeers is the most actors that share a position in one sentence.
const maxPeers = 6

// sideBySide reports whether a mention can be one of several subjects.
func sideBySide(m *mention) bool {
	return m.holder.known() && !m.pronoun && !m.troops && m.mask&maskActor != 0
}

// joins reports whether nothing but a comma, "and" and articles stands from one
// token to another, of which "and" may be written to the word behind it.
func (r *reader) joins(from, to int, next *mention) bool {
	if to < from || to-from > 3 {
		return false
	}
	linked := next.joined
	for i := from; i < to; i++ {
		switch {
		case r.text.Tokens[i].Kind == lang.Comma || r.has(i, cueAnd):
			linked = true
		case r.text.Tokens[i].Kind != lang.Bracket && !r.has(i, cueArticle): // "the MNLA (…) and"
			return false
		}
	}
	return linked
}

// firstPersonIn returns where "we" or "our" stands in the clause, on the same
// side of quotation marks as the match, or -1.
func (r *reader) firstPersonIn(low, end int, m *match) int {
	for i := low; i < end; i++ {
		if r.has(i, cueFirstPerson) && r.text.Tokens[i].Quote == r.text.Tokens[m.start].Quote && !(i > 0 && string(r.text.Folded(i-1)) == "qui") { // "ceux qui nous pressent"
			return i
		}
	}
	return -1
}

// subjectBetween reports whether a clause with a subject of its own begins between
// "we" and token i: "we hear that Bamako will negotiate".
func (r *reader) subjectBetween(we, i int) bool {
	if r.g.verbFirst {
		return r.hasOwnSubject(we, i)
	}
	mm := r.subjectLeft(i, we+1)
	if mm == nil || mm.pronoun || mm.troops {
		return false
	}
	k := mm.start
	for k > we+1 && r.has(k-1, cueArticle) {
		k--
	}
	return r.has(k-1, cueOpener) && !r.has(k-1, cueAnd)
}

// weOf returns who "we" at token i says that it is: "we in the League of Imams".
func (r *reader) weOf(i, end int) holder {
	const reach = 4
	for k := i + 1; k < min(i+reach, end); k++ {
		if m := r.mentionStarting(k); m != nil {
			if m.mask&(maskSociety|maskGroup) != 0 && !m.echo {
				return m.holder
			}
			return holder{}
		}
		if !r.has(k, cueOblique) && !r.has(k, cueArticle) && r.text.Tokens[k].Kind != lang.Comma {
			break
		}
	}
	return holder{}
}

// resolve returns the body that a mention refers to.
func (r *reader) resolve(m *mention, sentence, at int) holder {
	if !m.pronoun {
		return m.holder
	}
	h, _, _ := r.refer(m, sentence, at)
	return h
}

// reference is the way in which a pronoun was found to stand for somebody.
type reference uint8

const (
	toBefore reference = iota // the subject of the sentences before
	toIssuer
	toVoice
	toClause // the subject of a clause before
)

// refer returns who a pronoun stands for, and how that was found: the mention is
// that of a clause before, or nil.
func (r *reader) refer(m *mention, sentence, at int) (holder, reference, *mention) {
	if m.issuer && r.doc.issuer.known() {
		return r.doc.issuer, toIssuer, nil
	}
	if m.issuer && r.ofLeaders(m) {
		mm := r.bodyBefore(m)
		if mm == nil {
			return holder{}, toBefore, nil
		}
		return mm.holder, toClause, mm
	}
	if mm := r.doubled(m); mm != nil {
		return mm.holder, toClause, mm
	}
	if v := r.voiceAt(m.start, sentence); v.say >= 0 && v.say < at {
		return v.who, toVoice, nil // unknown where the sentence's speaker is
	}
	s := r.text.Sentences[sentence]
	person := ofPersons[string(r.text.Folded(m.start))]
	for n := int(r.mentionAt[m.start]) - 2; n >= 0 && r.mentions[n].start >= s.Start; n-- {
		if mm := &r.mentions[n]; mm.holder.known() && !mm.oblique && !mm.troops && r.opensClause(mm.start, s.Start) && !r.heads(mm) && (!person || mm.office || mm.mask&maskPerson != 0) {
			return mm.holder, toClause, mm
		}
	}
	if who := r.doc.subject; r.p.person(who.actor) == nil || string(r.text.Folded(m.start)) != "it" {
		return who, toBefore, nil
	}
	return r.holderOf(r.doc.mainBody), toBefore, nil // "it" is no person
}

// doubled returns whom a French pronoun only names again, "la CMA elle refuse", and in
// spoken text "le ministre lui il répond", or nil.
func (r *reader) doubled(m *mention) *mention {
	between := 0 // tokens
	if r.unmarked {
		between = 2 // "donc", "lui"
	}
	last := r.lastBefore(m.start)
	if last == nil || r.g.lang != "fr" || last.oblique || last.pronoun || last.troops || last.mask&maskActor == 0 || !last.holder.known() || m.start-last.end > between || r.within(last.end, m.start, cueOpener) {
		return nil
	}
	return last
}

// ofPersons are the pronouns that stand for persons alone.
var ofPersons = map[string]bool{"he": true, "she": true}

// urgeReach is the most tokens of a phrase of urging.
const urgeReach = 3

// urged returns the verb of which the mention is the object, as in "urges Bamako
// to open talks", or -1.
func (r *reader) urged(mm *mention) int {
	return r.rightBefore(mm.start, cueUrge)
}

// rightBefore returns where a word or phrase of the cue begins that ends right
// before token i, articles apart, or -1.
func (r *reader) rightBefore(i int, c cue) int {
	for i > 0 && (r.isMark(i-1) || r.has(i-1, cueArticle)) {
		i--
	}
	for k := i - 1; k >= 0 && k >= i-urgeReach; k-- {
		for _, h := range r.hitsAt(k) {
			if h.sense.isCue(c) && k+int(h.n) == i {
				return k
			}
		}
	}
	return -1
}

// urger returns the subject of the verb of urging at the token: what is urged is
// a position of who urges it.
func (r *reader) urger(verb, sentence int) holder {
	if mm := r.subjectLeft(verb, r.text.Sentences[sentence].Start); mm != nil {
		return r.resolve(mm, sentence, verb)
	}
	if v := r.voiceAt(verb, sentence); v.who.known() {
		return v.who
	}
	if r.doc.issuer.known() {
		return r.doc.issuer
	}
	return r.doc.subject
}

// fallback finds a holder where the clause has no subject.
func (r *reader) fallback(sentence int, m *match) (holder, ground) {
	if r.text.Tokens[m.start].Quote != 0 {
		if h := r.speaks(m.start, sentence); h.known() {
			return h, foundSpeaker
		}
	}
	if v := r.voiceAt(m.start, sentence); v.who.known() {
		mm := r.firstSubject(r.text.Sentences[sentence])
		if mm != nil && mm.start < v.say && v.say > m.start && r.rightBefore(v.say, cueWhen) >= 0 { // "the US left after Niamey had asked for it"
			return mm.holder, foundSubject
		}
		return v.who, foundSpeaker
	}
	if r.doc.issuer.known() {
		return r.doc.issuer, foundIssuer
	}
	return r.doc.subject, foundBefore
}
