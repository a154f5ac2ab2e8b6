package classify

import (
	"bytes"

	"palabre/lang"
	"palabre/statement"
)

// protasis returns the token of the condition's marker if the match stands in
// the conditional clause itself, else -1.
func (r *reader) protasis(m *match, low int) int {
	for i := m.start - 1; i >= max(low, m.start-8); i-- {
		if r.text.Tokens[i].Kind == lang.Comma {
			return -1
		}
		if r.conditions(i) && (!r.covered[i] || r.covered[m.start]) { // not "if elected"
			return i
		}
	}
	return -1
}

// conditions reports whether token i makes what it opens a condition: "if",
// "unless", or "when" before what is yet to come.
func (r *reader) conditions(i int) bool {
	if i > 0 && r.has(i-1, cueHypothesis) && r.endOf(i-1, cueHypothesis) > i {
		return false // "demande si"
	}
	if r.has(i, cueUnless) || r.has(i, cueCond) && !(i > 0 && r.has(i-1, cueWhen) && r.endOf(i-1, cueWhen) > i) { // "بعد أن طلب" is not "إن طلب"
		return true
	}
	if r.inverted(i) {
		return true
	}
	if !r.has(i, cueWhen) {
		return false
	}
	from := r.endOf(i, cueWhen)
	reach := 8 // to the verb, behind its subject
	if r.g.verbFirst {
		reach = 1
	}
	for k := from; k < min(from+reach, len(r.text.Tokens)) && r.text.Tokens[k].Kind == lang.Word; k++ {
		if r.has(k, cueNeg) {
			reach++
		} else if looksAhead(r.text.Folded(k), r.g.verbFirst) {
			return true
		}
	}
	return false
}

// inversions are the English verbs that open a condition where they stand before
// their subject.
var inversions = map[string]bool{"should": true, "were": true, "had": true}

// inverted reports whether token i opens a condition by inversion: "should New York
// write a letter, Algeria would host the talks".
func (r *reader) inverted(i int) bool {
	s := r.sentenceOf(i)
	return r.g.lang == "en" && inversions[string(r.text.Folded(i))] && r.text.Tokens[s.End-1].Kind != lang.Question &&
		(i == s.Start || r.text.Tokens[i-1].Kind != lang.Word) && !r.endsName(i+1) && (r.has(i+1, cueArticle) || r.has(i+1, cuePronoun) || r.mentionStarting(i+1) != nil)
}

// looksAhead reports whether a word has the form of a verb that tells what is yet
// to come: the imperfect of Arabic, "ترفع", or the future of French, "aura".
func looksAhead(word []byte, arabic bool) bool {
	if !arabic {
		return bytes.HasSuffix(word, []byte("ra")) || bytes.HasSuffix(word, []byte("ront"))
	}
	switch {
	case bytes.HasPrefix(word, []byte("ي")), bytes.HasPrefix(word, []byte("ن")):
		return true
	case bytes.HasPrefix(word, []byte("ت")): // but تدخلت, "she intervened"
		return !bytes.HasSuffix(word, []byte("ت"))
	}
	return false
}

// condition returns what must happen first, if the sentence makes the stance
// depend on something, or says on what a stance depends that its rule reads as
// conditional.
func (r *reader) condition(sentence int, m *match, e *effect, stance statement.Stance, own bool) (string, bool) {
	s := r.text.Sentences[sentence]
	for i := s.Start; i < s.End; i++ {
		if r.covered[i] { // "as long as necessary"
			continue
		}
		if i > m.start && i < m.end-1 && r.has(i, cueCond) && r.text.Tokens[i].Quote != r.text.Tokens[m.start].Quote {
			continue
		}
		conditional := stance == statement.Pro && r.conditions(i) ||
			stance == statement.Conditional && (r.conditions(i) || r.has(i, cueUntil)) ||
			stance == statement.Anti && e.topic == statement.Dialogue && (r.has(i, cueUntil) || r.has(i, cueUnless)) && r.text.Tokens[i].Quote == r.text.Tokens[m.start].Quote ||
			stance == statement.Anti && (own && r.has(i, cueCond) || e.own && r.has(i, cueUnless))
		if conditional && r.governs(i, m, s) {
			return r.conditionText(i, m, s), true
		}
	}
	return "", false
}

// behindColon returns what stands behind the colon that follows the match: "Its
// condition: that Barkhane leaves".
func (r *reader) behindColon(sentence int, m *match) (string, bool) {
	const reach = 3 // tokens from the match to the colon
	s := r.text.Sentences[sentence]
	for k := m.end; k < min(m.end+reach, s.End-1); k++ {
		if r.text.Tokens[k].Kind == lang.Colon {
			to := s.End
			for to > k+1 && r.text.Tokens[to-1].Kind > lang.Number {
				to--
			}
			return r.text.Slice(lang.Span{Start: k + 1, End: to}), to > k+1
		}
	}
	return "", false
}

// conditionReach is the most tokens between a match and the marker of its
// condition, conditionNear that in text without marks, where a sentence has no end.
const (
	conditionReach = 30
	conditionNear  = 12
)

// governs reports whether a marker of condition at token i bears on the match:
// it stands in or behind it, not beyond a semicolon, or opens a clause in front
// of it.
func (r *reader) governs(i int, m *match, s lang.Span) bool {
	reach := conditionReach
	if r.unmarked {
		reach = conditionNear
	}
	if i < m.start {
		return m.start-i <= reach && r.opensClause(i, s.Start)
	}
	if i-m.end > reach {
		return false
	}
	for k := m.end; k < i; k++ {
		if r.text.Tokens[k].Kind == lang.Semicolon || r.beginsAnother(k, i) {
			return false
		}
	}
	return true
}

// beginsAnother reports whether a clause with a subject of its own begins behind
// the comma at token k: ", et Amadou Koufa a posé …", "، وأن باب الاتفاق مفتوح".
func (r *reader) beginsAnother(k, limit int) bool {
	if r.g.verbFirst && r.text.Tokens[k].Kind == lang.Comma && r.has(k+1, cueOpener) && bytes.HasPrefix(r.text.Folded(k+1), []byte("و")) {
		return true
	}
	if r.g.verbFirst && r.text.Tokens[k].Kind == lang.Comma && r.text.Tokens[k].Quote == 0 && r.has(k+1, cueSay) && r.joined(k+1) {
		return true // "، وأكدت أنها"
	}
	if r.text.Tokens[k].Kind != lang.Comma || !r.has(k+1, cueAnd) {
		return false
	}
	for k += 2; k < limit && r.has(k, cueArticle); k++ {
	}
	mm := r.mentionStarting(k)
	return mm != nil && k < limit && !mm.oblique && !mm.pronoun && !mm.troops && mm.mask&maskActor != 0
}

// furtherDemand are the words by which a list of conditions goes on behind a
// comma: "provided that A, that B and that C".
var furtherDemand = map[string]bool{"que": true, "qu": true, "that": true, lang.Fold("أن"): true, lang.Fold("وأن"): true}

// conditionText returns the clause behind the marker at token i, with those that
// are listed behind it.
func (r *reader) conditionText(i int, m *match, s lang.Span) string {
	from := r.endOf(i, cueCond, cueUntil, cueUnless, cueWhen)
	to := from
	for to < s.End && !r.isBoundary(to) && to != m.start {
		if r.text.Tokens[to].Kind == lang.Comma && to > from+2 && !(to+1 < s.End && furtherDemand[string(r.text.Folded(to+1))]) {
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
