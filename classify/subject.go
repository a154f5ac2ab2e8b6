package classify

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"palabre/lang"
)

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
	if who := r.addedBy(m.start, low, sentence); who.known() {
		return who
	}
	if who := r.sayerAt(m.start, sentence); who.known() {
		return who
	}
	candidates := [...]*mention{r.subjectLeft(m.start, low), r.subjectLeft(m.start, r.text.Sentences[sentence].Start), r.mentionStarting(m.start)}
	if r.doc.issuer.known() { // what has no clear subject is said by the issuer
		if mm := candidates[0]; mm != nil && !r.g.verbFirst && !mm.pronoun && !r.opensClause(mm.start, low) {
			candidates[0] = nil
		}
		candidates[1] = nil
	}
	if at := r.first(low, m.end, cueImpersonal); at >= 0 { // "Bamako a déchiré l'accord : il n'y a plus rien à négocier"
		candidates[1] = nil
		if mm := candidates[0]; mm != nil && mm.end < at && r.text.Tokens[at-1].Kind == lang.Comma && r.text.Tokens[m.start].Quote != 0 {
			candidates[0] = nil // "tant que Bamako paiera …, il n'y aura pas de trêve"
		}
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
		if mm == nil || mm.oblique || !mm.pronoun && mm.mask&maskActor == 0 || noTroops && mm.namesTroops() || r.heads(mm) {
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
	for k := m.start - 1; k >= max(0, m.start-pollReach) && !r.isBoundary(k) && r.text.Tokens[k].Kind != lang.Comma; k-- {
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
	if mm == nil || mm.oblique || mm.troops || mm.echo || mm.mask&maskActor == 0 && !mm.pronoun {
		return nil
	}
	if r.hadBegun(mm, i) {
		return mm
	}
	if mm.end < i-2 {
		return nil
	}
	for k := mm.end; k < i; k++ {
		if !r.has(k, cueNeg) && !r.has(k, cueHadDone) {
			return nil
		}
	}
	return mm
}

// isNoun reports whether what may be a verb at token i is a noun: behind an
// article that nobody stands before, "qu'une demande", or with one written to it.
func (r *reader) isNoun(i int) bool {
	if r.g.verbFirst {
		for _, h := range r.hitsAt(i) {
			if h.sense.isCue(cueSay) && h.off&lang.Article == 0 {
				return false
			}
		}
		return true
	}
	if i == 0 || !r.has(i-1, cueArticle) || r.has(i-1, cuePronoun) {
		return false
	}
	before := r.lastBefore(i - 1)
	return before == nil || before.end != i-1 // "Paris le demande"
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
		if mm := r.teller(v.say, i); mm != nil {
			return mm.holder
		}
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
		if r.g.verbFirst && r.joined(k) {
			k = r.relativeBefore(k, low)
		}
		if mm := r.lastBefore(k); mm != nil {
			touches := mm.end == k || mm.end == k-1 && (r.g.verbFirst || r.text.Tokens[mm.end].Kind != lang.Word) // not "the envoy to Mali hoped that"
			if touches && mm.mask&maskActor != 0 && mm.holder.known() {
				return mm
			}
			return nil
		}
	}
	return nil
}

// ofSomebody reports whether the English relative clause with token i belongs to a noun
// that names nobody known: "to those who would talk to JNIM we say".
func (r *reader) ofSomebody(i, low int) bool {
	if r.g.lang != "en" {
		return false
	}
	for k := i - 1; k > max(low, i-relativeReach); k-- {
		t := &r.text.Tokens[k]
		if t.Quote != r.text.Tokens[i].Quote || t.Kind != lang.Word {
			return false
		}
		if string(r.text.Folded(k)) == "who" {
			before := r.lastBefore(k)
			return r.text.Tokens[k-1].Kind == lang.Word && (before == nil || before.end < k)
		}
		if r.has(k, cueOpener) || r.has(k, cueAnd) || r.mentionStarting(k) != nil {
			return false
		}
	}
	return false
}

// apposed reports whether the mention describes the one before it between two
// commas: "the MNLA, a Tuareg rebel movement, rejects".
func (r *reader) apposed(m *mention) bool {
	const longest = 6 // tokens from the description to its comma
	k := m.start - 1
	for k > 0 && r.has(k, cueArticle) {
		k--
	}
	if !m.vague && !r.genitive(m) || k <= 0 || r.text.Tokens[k].Kind != lang.Comma || r.g.verbFirst {
		return false
	}
	before := r.lastBefore(m.start)
	if before == nil || before.end != k || before.vague || before.oblique || before.mask&maskActor == 0 {
		return false
	}
	limit := min(m.end+longest, len(r.text.Tokens))
	k = r.commaAfter(m.end, limit)
	return k < limit && r.text.Tokens[k].Kind == lang.Comma && !r.within(m.end, k, cueAnd)
}

// genitive reports whether the mention only tells whose something is: "Mali's most
// important ally".
func (r *reader) genitive(m *mention) bool {
	return m.end < len(r.text.Tokens) && r.g.lang == "en" && string(r.text.Folded(m.end)) == "s"
}

// closedBefore reports whether the mention is the subject of a relative clause
// that a comma closes before token i: "scholars, above all those whom the
// insurgents respect, to open talks".
func (r *reader) closedBefore(m *mention, low, i int) bool {
	k := m.start
	for k > low && (r.has(k-1, cueArticle) || r.g.verbFirst && m.start-k < 2 && !r.has(k-1, cueRelative)) { // the verb stands between
		k--
	}
	if k <= low || !r.has(k-1, cueRelative) {
		return false
	}
	commas, last := 0, -1
	for k := m.end; k < i; k++ {
		if r.text.Tokens[k].Kind == lang.Comma {
			commas, last = commas+1, k
		}
	}
	return commas%2 == 1 && r.joinedVerb(last) < 0 && !r.has(last+1, cueAnd) && !r.has(last+1, cueBut)
}

// relativeReach is the most tokens between a relative pronoun and its verb.
const relativeReach = 8

// subjectRight finds a subject that follows its verb.
func (r *reader) subjectRight(m *match, s lang.Span) *mention {
	if r.has(m.start, cueUrge) { // whoever is named behind it is urged
		return nil
	}
	for k := m.start + 1; k < min(m.start+4, s.End); k++ {
		if r.isBoundary(k) || r.text.Tokens[k].Kind == lang.Comma {
			return nil
		}
		if mm := r.mentionStarting(k); mm != nil && (mm.mask&maskActor != 0 || mm.pronoun) && !mm.troops {
			if mm.oblique || m.whom != 0 && &r.mentions[m.whom-1] == mm || r.isObject(m.start, mm) || r.toldWhat(m.start+1, mm.start) {
				return nil
			}
			return mm
		}
	}
	return nil
}

// ofMen are Arabic words for men, most of them for several, that end as feminine ones
// do.
var ofMen = lang.FoldSet("قادة", "أئمة", "دعاة", "قضاة", "ولاة", "رعاة", "طلبة", "ساسة", "سادة", "أساتذة", "غزاة", "طغاة", "بغاة", "مشاة", "رماة", "حماة", "عصاة", "داعية", "علامة", "خليفة", "طاغية", "أساقفة", "أفارقة", "مغاربة", "مرتزقة", "إخوة")

// isObject reports whether the mention behind the Arabic verb at token i is the
// verb's object: because it cannot agree with the verb, or because a definite noun
// that names nobody known stands before it and is the subject, "ناشد اتحاد الناقلين
// السلطات".
func (r *reader) isObject(i int, mm *mention) bool {
	before := mm.start - 1
	return r.disagrees(i, mm) || before > i && r.text.Tokens[before].Kind == lang.Word && len(r.hitsAt(before)) == 0 &&
		bytes.HasPrefix(r.text.Folded(before), []byte("ال"))
}

// disagrees reports whether the Arabic verb at token i cannot have the mention
// behind it for its subject, so that it is the verb's object: a plural verb stands
// behind its subject, "وأوصوا السلطات", and a masculine one has no feminine, "ويدعو
// الحكومة إلى الحوار". States are feminine.
func (r *reader) disagrees(i int, mm *mention) bool {
	verb := r.text.Folded(i)
	if r.joined(i) {
		_, n := utf8.DecodeRune(verb)
		verb = verb[n:]
	}
	verb = bytes.TrimPrefix(verb, []byte("س"))
	imperfect := bytes.HasPrefix(verb, []byte("ي"))
	if bytes.HasSuffix(verb, []byte("وا")) || imperfect && bytes.HasSuffix(verb, []byte("ون")) {
		return true
	}
	feminine := r.isFeminine(mm.start)
	if !imperfect || bytes.HasSuffix(verb, []byte("ت")) { // يسرت, "she eased", is no imperfect
		return bytes.HasSuffix(verb, []byte("ت")) && r.isOneMan(mm) || feminine && r.calls(i, mm, verb)
	}
	return feminine || mm.mask&maskState != 0 && !mm.office && !mm.vague && mm.holder.actor != "morocco"
}
