package classify

import (
	"bytes"
	"cmp"
	"strconv"

	"palabre/lang"
	"palabre/statement"
)

// dismissed says why a match is no position, or returns "".
func (r *reader) dismissed(sentence int, m *match, e *effect) Why {
	s := r.text.Sentences[sentence]
	low := r.clauseStart(m.start, s.Start)
	about := s
	if r.unmarked {
		about.Start, about.End = max(s.Start, m.start-unmarkedReach), min(s.End, m.end+unmarkedReach)
	}
	told := func(from, to int, c cue) bool {
		at := r.first(from, to, c)
		r.reasons.word = at
		return at >= 0
	}
	switch {
	case r.unmarked && r.asked(low, m.end):
		return WhyQuestion
	case !e.answers && r.text.Tokens[s.End-1].Kind == lang.Question && r.text.Tokens[m.start].Quote == 0 && (r.voices[sentence].say < 0 || r.s.Kind == statement.Interview):
		return WhyQuestion
	case e.topic == statement.Dialogue && r.protasis(m, low) >= 0:
		r.reasons.word = r.protasis(m, low)
		return WhyInCondition
	case told(low, m.end, cueHypothesis):
		return WhyHypothesis
	case told(low, m.end, cueRumour) && !r.within(low, r.reasons.word, cueDeny): // a rumour denied
		return WhyRumour
	case r.historical(s, m):
		return WhyHistory
	case (r.doc.elsewhere || told(s.Start, s.End, cueElsewhere)) && !r.sahelIn(s, r.doc.issuer.actor):
		return WhyElsewhere
	case (told(s.Start, s.End, cueElsewhere) || r.isLong() && r.doc.elsewhere) && (r.isLong() || !r.groupIn(s)) && !r.sahelIn(s, r.themselves(m, s)):
		return WhyElsewhere
	case e.topic == statement.Dialogue && !e.reacts && (r.doc.otherwise && !r.ofPeace(s) || told(about.Start, about.End, cueOtherDomain) && !r.groupIn(s)):
		return WhyOtherTalks
	case e.topic == statement.Sharia && (told(max(low, m.start-financeReach), min(m.end+financeReach, s.End), cueFinance) || r.aboutFinance()) && !r.groupIn(s):
		return WhyFinance
	case !r.doc.sahel || r.isLong() && !sahelStates[r.doc.issuer.actor] && !r.sahelAround(sentence, r.themselves(m, s)):
		return WhyNoSahel
	}
	r.reasons.word = -1
	return ""
}

// asked reports whether spoken French asks from one token to another, where no mark
// tells it: "est-ce qu'ils doivent partir", but not "c'est ce qu'ils doivent faire".
func (r *reader) asked(from, to int) bool {
	is := func(i int, word string) bool { return i >= 0 && string(r.text.Folded(i)) == word }
	for i := from; r.g.lang == "fr" && i+2 < to; i++ {
		if is(i, "est") && is(i+1, "ce") && (is(i+2, "que") || is(i+2, "qu")) && !is(i-1, "c") {
			return true
		}
	}
	return false
}

// unmarkedReach is the most tokens between a match and what tells that it is about
// something else, in text without marks, where a sentence has no end.
const unmarkedReach = 15

// financeReach is the most tokens between a match about Islamic law and a word
// that makes it one about banks.
const financeReach = 6

// aboutFinance reports whether the passage speaks of banks and the like so often that
// Islamic law in it is that of contracts.
func (r *reader) aboutFinance() bool {
	const often = 3
	n := 0
	for i := range r.cues {
		if r.has(i, cueFinance) {
			n++
		}
	}
	return n >= often
}

// clauseStart returns the first token of the clause that holds token i.
func (r *reader) clauseStart(i, low int) int {
	for i > low && !r.isBoundary(i-1) {
		i--
	}
	return i
}

// historical reports whether a year near the match dates it to one before that of
// the statement, or a marked phrase tells it in the past.
func (r *reader) historical(s lang.Span, m *match) bool {
	low := r.clauseStart(m.start, s.Start)
	for i := r.first(low, m.end, cuePast); i >= 0; i = r.first(i+1, m.end, cuePast) {
		if !r.inAside(i, m) { // "who last year ruled it out, said"
			return true
		}
	}
	if r.hadDone(low, m) && !r.reported(m.start) || r.imperfect(low, m) {
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
		near := i >= m.start-datedBefore && i <= m.end+datedBehind && !r.inAside(i, m)
		past = past || near && i > 0 && r.has(i-1, cueDated) && !r.within(i-signedReach, i, cueSigned)
	}
	return past && r.text.Tokens[m.start].Quote == 0
}

// inAside reports whether token i stands in a relative clause that closes before the
// match: "the junta, which seized power in 2020, wants talks".
func (r *reader) inAside(i int, m *match) bool {
	low := r.sentenceOf(i).Start
	for k := i; k > low; k-- {
		if r.text.Tokens[k-1].Kind == lang.Comma {
			return r.has(k, cueRelative) && r.commaAfter(i, m.start) < m.start
		}
	}
	return false
}

// Within how many tokens before and behind a match a year dates it.
const (
	datedBefore = 18
	datedBehind = 10
)

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
	return r.within(near, m.start, cueHad) || r.within(low, m.start, cueHadBegun) && (r.within(near, m.start+1, cueHadDone) || r.pluperfect(m.start, low))
}

// imperfectReach is the most tokens before a match in which the verb that governs
// it stands.
const imperfectReach = 5

// noImperfects are French words that end as the imperfect does and are none.
var noImperfects = map[string]bool{
	"ait": true, "aient": true, "fait": true, "sait": true, "parfait": true, "defait": true, "refait": true, "satisfait": true, "bienfait": true, "forfait": true,
	"lait": true, "plait": true, "souhait": true, "tait": true, "connait": true, "reconnait": true, "nait": true,
	"etait": true, "avait": true, "allait": true, "devait": true, "fallait": true, "etaient": true, "avaient": true, "allaient": true, "devaient": true,
}

// imperfect reports whether the match is told in the imperfect of French: "Ansar
// Dine réclamait la charia". That of reported speech and of a condition is none of
// the past, and that of a day is none of history: "Paris refusait mardi de …".
func (r *reader) imperfect(low int, m *match) bool {
	if r.g.lang != "fr" {
		return false
	}
	if say := r.voiceAt(m.start, int(r.text.Tokens[m.start].Sentence)).say; say >= 0 && r.text.Tokens[m.start].Quote == 0 && !isImperfect(r.text.Folded(say)) {
		return false
	}
	for i := max(low, m.start-imperfectReach); i < min(m.end, m.start+imperfectReach); i++ {
		if r.text.Tokens[i].Quote != r.text.Tokens[m.start].Quote || !isImperfect(r.text.Folded(i)) || i > 0 && (r.has(i-1, cueRelative) || r.has(i-1, cueOpener)) {
			continue // "a withdrawal that Bamako demanded"
		}
		for k := low; k < min(m.end+imperfectReach, len(r.text.Tokens)); k++ {
			if r.conditions(k) || r.has(k, cueDay) || lately[string(r.text.Folded(k))] {
				return false
			}
		}
		return true
	}
	return false
}

// lately are the French words that tell of a time not long ago.
var lately = map[string]bool{"semaine": true, "veille": true, "recemment": true, "encore": true, "toujours": true, "matin": true, "soir": true}

// isImperfect reports whether a French word has the form of the imperfect, as no
// conditional has.
func isImperfect(word []byte) bool {
	return (bytes.HasSuffix(word, []byte("ait")) || bytes.HasSuffix(word, []byte("aient"))) &&
		!bytes.HasSuffix(word, []byte("rait")) && !bytes.HasSuffix(word, []byte("raient")) && !noImperfects[string(word)]
}

// reported reports whether the sentence says in whose words token i stands: then
// a pluperfect is that of reported speech.
func (r *reader) reported(i int) bool {
	return r.text.Tokens[i].Quote != 0 || r.voices[r.text.Tokens[i].Sentence].say >= 0
}

// isLong reports whether the text is so long that it may be about the whole world,
// as speeches are.
func (r *reader) isLong() bool { return len(r.text.Sentences) > aboutOneThing }

// themselves returns the actor that may speak of anything in the match's sentence,
// so that naming it places nothing in the Sahel: the subject, else the issuer.
// "Chad welcomes the accord in the Sudan" is not about Chad.
func (r *reader) themselves(m *match, s lang.Span) string {
	mm := r.subjectLeft(m.start, s.Start)
	if r.g.verbFirst {
		if right := r.mentionBetween(m.start, min(m.start+sayerReach, s.End), false); right != nil {
			mm = right
		}
	}
	if mm != nil && mm.holder.known() {
		return mm.holder.actor
	}
	return r.doc.issuer.actor
}

// sahelAround reports whether the sentence or those around it name something of
// the Sahel, save who speaks.
func (r *reader) sahelAround(sentence int, speaks string) bool {
	const around = 3
	for i := max(0, sentence-around); i <= min(sentence+around, len(r.text.Sentences)-1); i++ {
		if r.sahelIn(r.text.Sentences[i], speaks) {
			return true
		}
	}
	return false
}

// sahelIn reports whether the sentence names something of the Sahel, save who
// speaks, who may speak of anything.
func (r *reader) sahelIn(s lang.Span, speaks string) bool {
	if r.within(s.Start, s.End, cueSahel) {
		return true
	}
	for i := s.Start; i < s.End; i++ {
		m := r.mentionStarting(i)
		if m == nil || m.holder.known() && m.holder.actor == speaks {
			continue
		}
		if !m.vague && (m.mask&(maskGroup|maskPlace) != 0 && m.holder.actor != anyGroup || sahelStates[m.holder.actor]) {
			return true
		}
	}
	return false
}

// ofPeace reports whether the sentence names an armed group, an accord or peace, of
// which talks of another kind do not speak.
func (r *reader) ofPeace(s lang.Span) bool {
	return r.groupIn(s) || r.within(s.Start, s.End, cuePeace) || r.within(s.Start, s.End, cueAlgiers) || r.within(s.Start, s.End, cueAccord)
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
func (r *reader) polarity(sentence int, m *match, e *effect) (statement.Stance, Why) {
	denied := r.denied(sentence, m)
	if e.negation == negIgnored && !denied || e.negation != negIgnored && r.negated(m) == denied {
		return e.stance, ""
	}
	if e.negation == negBlocks {
		return "", WhyNegated
	}
	return cmp.Or(opposite[e.stance], e.stance), ""
}

// denied reports whether the match is what the sentence's speaker denies, and not what
// he does besides: "nie … et refuse".
func (r *reader) denied(sentence int, m *match) bool {
	v := r.voiceAt(m.start, sentence)
	return v.deny && v.say >= 0 && v.say < m.start && r.joinedVerb(m.start-1) != m.start && r.text.Tokens[m.start].Quote == 0 && !r.within(m.start, m.end, cueDeny)
}

const (
	negationReach = 5 // tokens before the match in which a negation bears on it
	negationJoin  = 4 // tokens within which two negators are one: ne … pas
)

// negated reports whether an odd number of negations bears on the match.
// Negators close to one another are one negation.
func (r *reader) negated(m *match) bool {
	low := m.start
	for low > 0 && m.start-low < negationReach && r.text.Tokens[low-1].Kind == lang.Word && !r.isBoundary(low-1) && !r.has(low-1, cueRelative) && !r.has(low-1, cueAnd) && !r.has(low-1, cueUntil) && !r.joined(low) {
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
		r.reasons.negators = append(r.reasons.negators, i)
	}
	if i := r.rejectedBehind(m); i >= 0 {
		count++
		r.reasons.negators = append(r.reasons.negators, i)
	}
	return count%2 == 1
}

// flatNo are the words that reject what stands before a colon.
var flatNo = map[string]bool{"non": true, "jamais": true, "niet": true, "no": true, "never": true, lang.Fold("لا"): true, lang.Fold("كلا"): true}

// rejectedBehind returns the word behind a colon that rejects what the clause before
// it names, "hands cut off: no", or -1.
func (r *reader) rejectedBehind(m *match) int {
	const reach = 12 // tokens from the match to the colon
	for k := m.end; k < min(m.end+reach, len(r.text.Tokens)-1); k++ {
		switch {
		case r.text.Tokens[k].Kind == lang.Colon && r.text.Tokens[k+1].Kind == lang.Word && flatNo[string(r.text.Folded(k+1))] && (k+2 == len(r.text.Tokens) || r.text.Tokens[k+2].Kind != lang.Word):
			return k + 1
		case r.text.Tokens[k].Kind != lang.Word && r.text.Tokens[k].Kind != lang.Comma && r.text.Tokens[k].Kind != lang.Number:
			return -1
		}
	}
	return -1
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
