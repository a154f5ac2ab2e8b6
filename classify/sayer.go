package classify

import "palabre/lang"

// sayerReach is the most tokens between a verb of saying and whoever says it.
const sayerReach = 3

// sayer finds the subject of the verb of saying at token i.
func (r *reader) sayer(i int, s lang.Span, previous holder) holder {
	if own := r.writer(); own.known() && (i > s.Start && r.has(i-1, cueFirstPerson) || r.g.verbFirst && r.has(i, cueFirstPerson)) { // "je recommande", "أوصي"
		return own
	}
	if r.asksYou(i) {
		return r.doc.guest
	}
	end := r.endOf(i, cueSay) // "a annoncé" is one verb
	right := r.mentionBetween(i+1, min(end+sayerReach, s.End), false)
	switch {
	case right == nil && r.g.lang == "fr":
		right = r.officeBehind(i+1, s.End)
	case right != nil && r.g.verbFirst && r.isObject(i, right):
		if r.joined(i) && r.disagrees(i, right) && len(r.says) > int(r.saysAt[len(r.saysAt)-1]) { // "قال …، ودعا الحكومة"
			return previous
		}
		right = nil
	case right != nil && r.g.verbFirst && r.describesUnknown(end, right): // "قال أداما ديكو وهو متظاهر"
		if right = r.mentionStarting(right.end); right == nil || !right.holder.known() {
			return holder{}
		}
	}
	if right != nil && r.toldWhat(end, right.start) { // "رحب بما أعلنته الحكومة"
		return previous
	}
	if right != nil && (r.isSaid(end, right, s) || r.strangerBefore(i, s.Start)) {
		right = nil
	}
	if right == nil {
		right = r.appositionAfter(end, s.End)
	}
	left := r.subjectLeft(i, s.Start)
	if last := r.lastBefore(i); last != nil && last.end == i && r.severalOf(last, s.Start) {
		left = last
	}
	if by := r.writtenBy(i, end); by != nil {
		return by.holder
	}
	if right == nil && r.someoneBefore(i, s.Start) { // "…, a farmer said"
		return holder{}
	}
	m := left
	touches := left != nil && (i-left.end <= 1 && r.text.Tokens[i-1].Kind != lang.Comma || r.hadBegun(left, i)) // "… le ministre a déclaré", "الوزير قد صرح"
	if right != nil && !touches && (r.g.verbFirst || left == nil || r.behindMark(i, s.Start) || r.inverts(end, right)) {
		m = right
	}
	if r.g.verbFirst && m == nil && end < s.End {
		// "وأضاف أن": the speaker of before
		if k := r.text.Tokens[end].Kind; r.has(end, cueOpener) || r.has(end, cueOblique) || k == lang.Colon || k == lang.Open || k == lang.Comma {
			return previous
		}
	}
	if m == nil {
		return holder{}
	}
	if !m.pronoun {
		return m.holder
	}
	if m.issuer && !r.doc.issuer.known() && r.ofLeaders(m) {
		return r.resolve(m, int(r.text.Tokens[m.start].Sentence), m.start)
	}
	if mm := r.doubled(m); mm != nil {
		return mm.holder
	}
	if m.issuer && !r.doc.issuer.known() && r.ofLeaders(m) {
		return r.resolve(m, int(r.text.Tokens[m.start].Sentence), m.start)
	}
	if m.issuer && r.doc.issuer.known() { // "la Conférence se déclare préoccupée"
		return r.doc.issuer
	}
	first := r.firstSubject(s)
	if first == nil || first.start > i {
		return previous
	}
	if !previous.known() || m.office && r.quotes(first.end, i) {
		return first.holder // "… the president: we want them to stay, he says", "the league: «…», said its head"
	}
	return previous
}

// isSaid reports whether who is named behind the verb of saying that ends at token end
// is part of what is said: "saw in the departure of the French troops", "said that
// France", "said it stuck to its word", but not ", he said".
func (r *reader) isSaid(end int, m *mention, s lang.Span) bool {
	if m.troops && !r.actorAt(end, m) || r.clauseBetween(end, m.start) {
		return true
	}
	return m.pronoun && !m.office && r.g.lang == "en" && m.end < s.End && r.text.Tokens[m.end].Kind == lang.Word
}

// inverts reports whether spoken French, where no mark tells it, names who says
// something right behind the verb that ends at token end: "on n'en veut pas dit le
// ministre".
func (r *reader) inverts(end int, m *mention) bool {
	return r.unmarked && r.g.lang == "fr" && !m.pronoun && r.actorAt(end, m)
}

// severalOf reports whether an English noun tells how many of those whom the mention
// names are meant: "a group of independent United Nations experts".
func (r *reader) severalOf(m *mention, low int) bool {
	const adjectives = 2
	if r.g.lang != "en" || m.troops || m.mask&maskActor == 0 {
		return false
	}
	for k := m.start - 1; k > max(low, m.start-2-adjectives) && r.text.Tokens[k].Kind == lang.Word; k-- {
		if r.has(k, cueOblique) {
			return r.has(k, cueGenitive) && r.has(k-1, cueQuantity)
		}
	}
	return false
}

// strangerBefore reports whether somebody of whom nothing is known stands right before
// the verb at token i, outside of Arabic its subject.
func (r *reader) strangerBefore(i, low int) bool {
	const least = 4 // letters, more than pronouns have: "y déclare Koufa"
	if r.g.verbFirst || i <= low || r.text.Tokens[i-1].Kind != lang.Word || len(r.text.Folded(i-1)) < least {
		return false
	}
	for _, h := range r.hitsAt(i - 1) {
		if !h.sense.aside && h.sense.kind != sensePerson { // a last name that somebody known has, too
			return false
		}
	}
	return r.lastBefore(i) == nil || r.lastBefore(i).end < i
}

// someoneBefore reports whether a noun that names nobody known stands right before the
// verb at token i, behind a mark and an article: "…, a farmer said".
func (r *reader) someoneBefore(i, low int) bool {
	const longest = 3 // words of the noun and its adjectives
	if r.g.verbFirst || i <= low || r.has(i-1, cueArticle) {
		return false
	}
	for k := i - 1; k > low && k >= i-1-longest; k-- {
		t := &r.text.Tokens[k]
		if r.has(k, cueArticle) {
			return k < i-1 && r.text.Tokens[k-1].Kind != lang.Word
		}
		if t.Kind != lang.Word || t.Upper || len(r.hitsAt(k)) > 0 {
			return false
		}
	}
	return false
}

// writtenBy returns whose text the verb of saying from token i to end has for its
// subject: "a report by Crisis Group says", "argues a paper by Crisis Group".
func (r *reader) writtenBy(i, end int) *mention {
	const reach = 8 // tokens from the verb to whoever wrote it
	if r.g.verbFirst {
		return nil
	}
	by := func(m *mention) bool {
		return m != nil && m.holder.known() && !m.troops && r.rightBefore(m.start, cueBy) >= 0
	}
	if last := r.lastBefore(i); last != nil && last.end == i && by(last) {
		return last
	}
	for k := end; k < min(end+reach, r.sentenceOf(i).End) && r.has(end, cueArticle); k++ {
		if m := r.mentionStarting(k); by(m) && string(r.text.Folded(r.rightBefore(k, cueBy))) != "from" && !r.clauseBetween(end, k) {
			return m
		}
	}
	return nil
}

// actorAt reports whether the mention is that of an actor, or of a state's army, and
// stands at token i, articles apart: "said the French army".
func (r *reader) actorAt(i int, m *mention) bool {
	for i < m.start && r.has(i, cueArticle) {
		i++
	}
	return i == m.start && m.mask&maskActor != 0
}

// writer returns who says "I" outside of quotations: who issues the text, else the
// body that published it.
func (r *reader) writer() holder {
	if r.doc.issuer.known() {
		return r.doc.issuer
	}
	return r.doc.author
}

// behindMark reports whether the verb at token i follows a mark, with an auxiliary
// between them at most: ", a déclaré Paris".
func (r *reader) behindMark(i, low int) bool {
	return i > low && r.text.Tokens[i-1].Kind != lang.Word || i-1 > low && r.text.Tokens[i-2].Kind == lang.Comma
}

// clauseBetween reports whether a new clause begins between two tokens.
func (r *reader) clauseBetween(from, to int) bool {
	for k := from; k < to; k++ {
		if r.has(k, cueOpener) || r.has(k, cueRelative) || r.isBoundary(k) {
			return true
		}
	}
	return false
}

// whereAndWhen are the French prepositions before a place or a time.
var whereAndWhen = map[string]bool{"a": true, "au": true, "aux": true, "en": true, "dans": true, "devant": true, "lors": true, "depuis": true, "sur": true}

// officeBehind returns the office or person who follows a verb of saying, from
// token i on, behind where and when: "a répété mardi à l'Assemblée le ministre".
func (r *reader) officeBehind(i, end int) *mention {
	const reach = 10
	where := false
	for k := i; k < min(i+reach, end) && r.text.Tokens[k].Kind == lang.Word && !r.has(k, cueOpener) && !r.has(k, cueRelative); k++ {
		if m := r.mentionStarting(k); m != nil && !m.oblique && m.holder.known() && (m.office || m.mask&maskPerson != 0) {
			return m
		}
		where = where || whereAndWhen[string(r.text.Folded(k))]
		if r.has(k, cueOblique) && !where {
			return nil
		}
	}
	return nil
}
