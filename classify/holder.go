package classify

import (
	"bytes"
	"strings"
	"unicode/utf8"

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
)

// grounds tells how sure each way is, from 0 to 1, and how to put it in words.
var grounds = [...]struct {
	sure float64
	told string
}{
	foundNowhere:  {0, ""},
	foundCaptured: {1, "named by the rule's words"},
	foundWe:       {1, "says who “we” is"},
	foundSubject:  {0.95, "subject of the clause"},
	foundObject:   {0.95, "named with the words"},
	foundVoice:    {0.95, "is the “we” of the clause"},
	foundWords:    {0.95, "says these words"},
	foundUrger:    {0.85, "urges others to it"},
	foundAdviser:  {0.85, "says what others should do"},
	foundSpeaker:  {0.85, "is quoted or reported"},
	foundIssuer:   {0.85, "issues the text"},
	foundOwner:    {0.85, "whose troops they are"},
	foundBefore:   {0.6, "a guess: subject of the sentence before"},
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
		if mm := r.subjectLeft(m.start, s.Start); mm != nil && mm.mask&maskActor != 0 && !mm.troops {
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
	if we := r.firstPersonIn(low, m.end, m); we >= 0 {
		if h := r.weOf(we, m.start); h.known() {
			return h, foundWe
		}
		if h := r.speaks(m.start, sentence); h.known() {
			return h, foundVoice
		}
	}
	if r.obliged(m, low) {
		return r.adviser(sentence, m), foundAdviser
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
	for i := m.start; i >= s.Start; i-- {
		if mm := r.mentionStarting(i); mm != nil && mm.holder == who && !mm.oblique {
			at = i
			break
		}
	}
	if at < 0 {
		return nil
	}
	first := &r.mentions[r.mentionAt[at]-1]
	var left []holder
	for n := int(r.mentionAt[at]) - 2; n >= 0 && len(left) < maxPeers; n-- {
		mm := &r.mentions[n]
		if mm.start < s.Start || !r.joins(mm.end, first.start, first) || !sideBySide(mm) {
			break
		}
		left, first = append(left, mm.holder), mm
	}
	if len(left) > 0 && !r.g.verbFirst && !r.opensClause(first.start, s.Start) {
		left = nil // the object of another verb: "Mali condemns France and Niger wants talks"
	}
	last := &r.mentions[r.mentionAt[at]-1]
	for n := int(r.mentionAt[at]); n < len(r.mentions) && len(left) < maxPeers; n++ {
		mm := &r.mentions[n]
		if mm.start >= m.end || !r.joins(last.end, mm.start, mm) || !sideBySide(mm) {
			break
		}
		left, last = append(left, mm.holder), mm
	}
	return left
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
		case !r.has(i, cueArticle):
			return false
		}
	}
	return linked
}

// firstPersonIn returns where "we" or "our" stands in the clause, on the same
// side of quotation marks as the match, or -1.
func (r *reader) firstPersonIn(low, end int, m *match) int {
	for i := low; i < end; i++ {
		if r.has(i, cueFirstPerson) && r.text.Tokens[i].Quote == r.text.Tokens[m.start].Quote {
			return i
		}
	}
	return -1
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
	if m.issuer && r.doc.issuer.known() {
		return r.doc.issuer
	}
	if v := r.voices[sentence]; v.say >= 0 && v.say < at {
		return v.who // unknown where the sentence's speaker is
	}
	s := r.text.Sentences[sentence]
	for n := int(r.mentionAt[m.start]) - 2; n >= 0 && r.mentions[n].start >= s.Start; n-- {
		if mm := &r.mentions[n]; mm.holder.known() && !mm.oblique && !mm.troops && r.opensClause(mm.start, s.Start) {
			return mm.holder // the subject of a clause before
		}
	}
	return r.doc.subject
}

// subject finds the grammatical subject of the match's clause. Where the match
// is about troops, troops are its object even if they stand first: "Barkhane
// must leave" is nobody's position but that of who says it.
func (r *reader) subject(sentence int, m *match, low int, noTroops bool) holder {
	if r.polled(m) {
		return r.holderOf(public)
	}
	if mm := r.antecedent(m.start, low); mm != nil && !(noTroops && mm.namesTroops()) {
		return r.resolve(mm, sentence, m.start)
	}
	candidates := [...]*mention{r.subjectLeft(m.start, low), r.subjectLeft(m.start, r.text.Sentences[sentence].Start), r.mentionStarting(m.start)}
	if r.doc.issuer.known() { // what has no clear subject is said by the issuer
		if mm := candidates[0]; mm != nil && !r.g.verbFirst && !mm.pronoun && !r.opensClause(mm.start, low) {
			candidates[0] = nil
		}
		candidates[1] = nil
	}
	if r.g.verbFirst {
		if opener := r.ownOpener(m.start, low); opener >= 0 {
			if who := r.governing(opener, sentence); who.known() {
				return who
			}
		}
		if mm := r.touching(m.start, sentence); mm != nil {
			return r.resolve(mm, sentence, m.start)
		}
		if mm := r.nominal(m.start, low); mm != nil && !(noTroops && mm.namesTroops()) {
			return r.resolve(mm, sentence, m.start)
		}
		if mm := r.subjectRight(m, r.text.Sentences[sentence]); mm != nil {
			if h := r.resolve(mm, sentence, m.start); h.known() {
				return h
			}
		}
	}
	for _, mm := range candidates {
		if mm == nil || mm.oblique || !mm.pronoun && mm.mask&maskActor == 0 || noTroops && mm.namesTroops() || r.isHeading(mm) {
			continue
		}
		if verb := r.urged(mm); verb >= 0 {
			return r.urger(verb, sentence)
		}
		if mm.end < m.start && r.within(mm.end, max(mm.end+mustReach, r.commaAfter(mm.end, m.start)), cueMust) {
			return r.adviser(sentence, m) // "Bamako should ask scholars to open talks"
		}
		return r.resolve(mm, sentence, m.start)
	}
	if mm := r.anteposed(m, r.text.Sentences[sentence]); mm != nil && !(noTroops && mm.namesTroops()) {
		return mm.holder
	}
	return holder{}
}

// public is the actor that stands for the people who are asked in polls.
const public = "mali-public"

// pollReach is the most tokens between a percentage and its verb: "63 percent of
// all Malians want".
const pollReach = 6

// polled reports whether a percentage is the subject of the match: "79% want",
// "وأيد 58%".
func (r *reader) polled(m *match) bool {
	for k := m.start - 1; k >= max(0, m.start-pollReach) && !r.isBoundary(k) && r.text.Tokens[k].Kind != lang.Comma && !r.has(k, cueVerb); k-- {
		if r.percentage(k) {
			return true
		}
	}
	return r.g.verbFirst && (r.percentage(m.start+1) || r.percentage(m.start+2))
}

// percentage reports whether token i is a number of percent.
func (r *reader) percentage(i int) bool {
	if i >= len(r.text.Tokens) || r.text.Tokens[i].Kind != lang.Number {
		return false
	}
	rest := strings.TrimLeft(r.text.Source[r.text.Tokens[i].End:], " \u00a0\u202f")
	return strings.HasPrefix(rest, "%") || strings.HasPrefix(rest, "٪") || i+1 < len(r.text.Tokens) && r.has(i+1, cueQuantity)
}

// anteposed returns the subject that follows a match at the start of a sentence:
// "Hostile à la présence française, le mouvement …".
func (r *reader) anteposed(m *match, s lang.Span) *mention {
	const lead, reach = 3, 15 // tokens before the match, and from it to the comma
	if m.start-s.Start > lead || r.text.Tokens[m.start].Quote != 0 {
		return nil
	}
	for k := m.end; k < min(s.End, m.start+reach) && !r.isBoundary(k); k++ {
		if r.text.Tokens[k].Kind != lang.Comma {
			continue
		}
		for k++; k < s.End && r.has(k, cueArticle); k++ {
		}
		if mm := r.mentionStarting(k); mm != nil && !mm.oblique && mm.mask&maskActor != 0 {
			return mm
		}
		return nil
	}
	return nil
}

// touching returns the actor that stands right before token i, particles such as
// "not" apart: the subject of a verb that follows it.
func (r *reader) touching(i, sentence int) *mention {
	for _, h := range r.hitsAt(i) {
		if h.off&(lang.Preposition|lang.Article) != 0 {
			return nil // no verb
		}
	}
	mm := r.before(i, sentence, func(*mention) bool { return true })
	if mm == nil || mm.oblique || mm.troops || mm.echo || mm.mask&maskActor == 0 && !mm.pronoun || mm.end < i-2 {
		return nil
	}
	for k := mm.end; k < i; k++ {
		if !r.has(k, cueNeg) && !r.has(k, cueHadDone) {
			return nil
		}
	}
	return mm
}

// ownOpener returns the "that" to which the subject of the verb at token i is
// written, as in "إنها تدعو", or -1: whoever is named behind the verb is its
// object.
func (r *reader) ownOpener(i, low int) int {
	const reach = 3
	for k := i; k >= max(low, i-reach); k-- {
		if r.has(k, cueOpener) {
			for _, pronoun := range [...]string{"ه", "ها", "هم", "هما"} {
				if bytes.HasSuffix(r.text.Folded(k), []byte(pronoun)) {
					return k
				}
			}
			return -1
		}
		if k < i && !r.has(k, cueNeg) && !r.has(k, cueHadDone) && !r.isMark(k) {
			return -1
		}
	}
	return -1
}

// governing returns the subject of the clause to which token i is subordinate:
// who says it, or who does it.
func (r *reader) governing(i, sentence int) holder {
	if v := r.voiceAt(i, sentence); v.say >= 0 && v.say < i {
		return v.who
	}
	if mm := r.subjectLeft(i, r.text.Sentences[sentence].Start); mm != nil {
		return mm.holder
	}
	return r.doc.subject
}

// commaAfter returns the first comma or clause limit of [from, to), or to.
func (r *reader) commaAfter(from, to int) int {
	for k := from; k < to; k++ {
		if r.text.Tokens[k].Kind == lang.Comma || r.isBoundary(k) {
			return k
		}
	}
	return to
}

// nominal returns the subject of an Arabic clause that begins with it, behind
// "that" or at the clause's start: "قال إن باريس ترفض". It does not where a verb
// of saying follows it.
func (r *reader) nominal(i, low int) *mention {
	k := i
	for k > low && !r.has(k-1, cueOpener) && !r.isBoundary(k-1) {
		k--
		if r.has(k, cueSay) {
			return nil
		}
	}
	for k < i && r.isMark(k) {
		k++
	}
	mm := r.mentionStarting(k)
	if mm == nil || k == i || mm.oblique || mm.mask&maskActor == 0 && !mm.pronoun {
		return nil
	}
	return mm
}

// urgeReach is the most tokens of a phrase of urging.
const urgeReach = 3

// urged returns the verb of which the mention is the object, as in "urges Bamako
// to open talks", or -1.
func (r *reader) urged(mm *mention) int {
	at := mm.start
	for at > 0 && (r.isMark(at-1) || r.has(at-1, cueArticle)) {
		at--
	}
	for k := at - 1; k >= 0 && k >= at-urgeReach; k-- {
		for _, h := range r.hitsAt(k) {
			if h.sense.isCue(cueUrge) && k+int(h.n) == at {
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

// antecedent returns the actor to which a relative clause with token i belongs:
// "… of the High Islamic Council, which calls for talks".
func (r *reader) antecedent(i, low int) *mention {
	for k := i - 1; k >= max(low, i-relativeReach); k-- {
		if r.text.Tokens[k].Quote != r.text.Tokens[i].Quote || r.text.Tokens[k].Kind == lang.Comma {
			return nil
		}
		if !r.has(k, cueRelative) {
			continue
		}
		if mm := r.mentionStarting(k + 1); mm != nil && mm.pronoun || r.has(k, cueOpener) && r.within(max(low, k-relativeReach), k, cueSay) {
			return nil // "told mediators in Ouagadougou that they …"
		}
		for n := len(r.mentions) - 1; n >= 0; n-- {
			if mm := &r.mentions[n]; mm.end <= k {
				if k-mm.end <= 1 && mm.mask&maskActor != 0 && mm.holder.known() {
					return mm
				}
				return nil
			}
		}
	}
	return nil
}

// relativeReach is the most tokens between a relative pronoun and its verb.
const relativeReach = 6

// subjectRight finds a subject that follows its verb.
func (r *reader) subjectRight(m *match, s lang.Span) *mention {
	for k := m.start + 1; k < min(m.start+4, s.End); k++ {
		if r.isBoundary(k) || r.text.Tokens[k].Kind == lang.Comma {
			return nil
		}
		if mm := r.mentionStarting(k); mm != nil && (mm.mask&maskActor != 0 || mm.pronoun) && !mm.troops {
			if mm.oblique || m.whom != 0 && &r.mentions[m.whom-1] == mm || r.disagrees(m.start, mm) {
				return nil
			}
			return mm
		}
	}
	return nil
}

// disagrees reports whether the Arabic verb at token i is masculine and the
// mention feminine, so that it is the verb's object: "ويدعو الحكومة إلى الحوار".
// States are feminine.
func (r *reader) disagrees(i int, mm *mention) bool {
	verb := r.text.Folded(i)
	if r.joined(i) {
		_, n := utf8.DecodeRune(verb)
		verb = verb[n:]
	}
	if !bytes.HasPrefix(bytes.TrimPrefix(verb, []byte("س")), []byte("ي")) {
		return false
	}
	return strings.HasSuffix(r.word(mm.start), "ة") || mm.mask&maskState != 0 && !mm.office && !mm.vague && mm.holder.actor != "morocco"
}

// fallback finds a holder where the clause has no subject.
func (r *reader) fallback(sentence int, m *match) (holder, ground) {
	if r.text.Tokens[m.start].Quote != 0 {
		if h := r.speaks(m.start, sentence); h.known() {
			return h, foundSpeaker
		}
	}
	if v := r.voiceAt(m.start, sentence); v.who.known() {
		return v.who, foundSpeaker
	}
	if r.doc.issuer.known() {
		return r.doc.issuer, foundIssuer
	}
	return r.doc.subject, foundBefore
}
