package classify

import (
	"bytes"

	"palabre/lang"
)

// findAsides finds what news puts anywhere: the days and dates of the passage, with
// what belongs to them and the commas around, "mardi soir", ", on Tuesday,", "le 12
// mars", over which phrases and patterns pass, "s'est dit mardi prêt à", and adverbs,
// over which phrases do, "met officiellement fin à".
func (r *reader) findAsides() {
	next := 0 // what is not yet in a date
	for _, at := range r.maybe {
		i := int(at)
		if i < next {
			continue
		}
		start, end := i, i
		switch {
		case r.isAdverb(i):
			r.passOver(i, 1)
		case r.isWordOf(i, r.g.lex.days):
			end = r.dayOfMonth(i + 1)
		case r.text.Tokens[i].Kind != lang.Number:
		case r.isMonth(i - 1):
			start, end = i-1, r.dayOfMonth(i-1)
		default:
			end = r.dayOfMonth(i)
		}
		if end > i {
			next = r.enterDate(start, end)
		}
	}
}

// nounsFollow are the French words behind which what ends in -ment is a noun.
var nounsFollow = map[string]bool{
	"de": true, "d": true, "du": true, "des": true, "le": true, "la": true, "l": true, "les": true, "un": true,
	"en": true, "au": true, "aux": true, "sans": true, "par": true, "sur": true, "ce": true, "son": true, "leur": true,
}

// endsAsAdverb reports whether a folded word may be an adverb of manner, by its last
// letter and its length.
func endsAsAdverb(word []byte) bool {
	const least = 6 // letters
	return len(word) >= least && (word[len(word)-1] == 't' || word[len(word)-1] == 'y')
}

// isAdverb reports whether token i has the ending of adverbs of manner, "fermement",
// "firmly".
func (r *reader) isAdverb(i int) bool {
	word := r.text.Folded(i)
	switch r.g.lang {
	case "fr":
		return bytes.HasSuffix(word, []byte("ment")) && i > 0 && !nounsFollow[string(r.text.Folded(i-1))]
	case "en":
		return bytes.HasSuffix(word, []byte("ly"))
	}
	return false
}

// isWordOf reports whether token i stands for a word of the set.
func (r *reader) isWordOf(i int, set wordSet) bool {
	if i < 0 || i >= len(r.text.Tokens) {
		return false
	}
	for _, f := range r.formsAt(i) {
		if set.has(f.word) {
			return true
		}
	}
	return false
}

// isMonth reports whether token i names a month.
func (r *reader) isMonth(i int) bool {
	return i >= 0 && i < len(r.text.Tokens) && r.text.Tokens[i].Kind == lang.Word && lang.MonthNamed(string(r.text.Folded(i))) != 0
}

// dayOfMonth returns the end of the day of a month, with its year, that begins at
// token i, or i: "12 mars 2021", "June 5".
func (r *reader) dayOfMonth(i int) int {
	at := func(k int, kind lang.TokenKind) bool { return k < len(r.text.Tokens) && r.text.Tokens[k].Kind == kind }
	switch {
	case at(i, lang.Number) && r.isMonth(i+1), r.isMonth(i) && at(i+1, lang.Number):
	default:
		return i
	}
	if t := &r.text; at(i+2, lang.Number) && t.Tokens[i+2].End-t.Tokens[i+2].Start == 4 {
		return i + 3
	}
	return i + 2
}

// mostAround is the most words on either side of a day that belong to it.
const mostAround = 2

// enterDate enters the date from one token to another with what belongs to it, and
// returns its end.
func (r *reader) enterDate(start, end int) int {
	for n := 0; n < mostAround && r.isWordOf(start-1, r.g.lex.dayParts); n++ {
		start--
	}
	for n := 0; n < mostAround && r.isWordOf(end, r.g.lex.dayParts); n++ {
		end++
	}
	if start > 0 && end < len(r.text.Tokens) && r.text.Tokens[start-1].Kind == lang.Comma && r.text.Tokens[end].Kind == lang.Comma {
		start, end = start-1, end+1
	}
	r.days[start] = uint8(end - start)
	r.passOver(start, end-start)
	return end
}

// passOver lets phrases go on behind the n tokens of an aside from token i on.
func (r *reader) passOver(i, n int) {
	r.asides[i] = uint8(n)
	r.words[i].leads = ^uint64(0)
}

// longestDateline is the most tokens of a dateline.
const longestDateline = 14

// dateline returns the end of the place, date and agency at the start of a piece
// of news, or 0: "DAKAR, Senegal (AP) —", "N'DJAMENA, April 14 -".
func (r *reader) dateline() int {
	bracket := false
	for i := range min(longestDateline, len(r.text.Tokens)) {
		t := &r.text.Tokens[i]
		switch {
		case t.Kind == lang.Bracket:
			bracket = true
		case t.Kind == lang.Dash:
			if bracket || r.text.Tokens[0].Caps {
				return i
			}
			return 0
		case t.Kind == lang.Word && !t.Upper && t.Script != lang.Arabic && lang.MonthNamed(string(r.text.Folded(i))) == 0, t.Kind == lang.Stop && i > 0 && r.text.Tokens[i-1].Kind != lang.Word:
			if !bracket {
				return 0
			}
		}
	}
	return 0
}
