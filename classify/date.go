package classify

import "palabre/lang"

// findDates finds the days and dates of the passage, with what belongs to them and
// the commas around: "mardi soir", ", on Tuesday,", "le 12 mars". News puts them
// anywhere: phrases and patterns pass over them, "s'est dit mardi prêt à".
func (r *reader) findDates() {
	for i := 0; i < len(r.text.Tokens); i++ {
		end := i
		switch {
		case r.text.Tokens[i].Kind == lang.Number:
			end = r.dayOfMonth(i)
		case r.isWordOf(i, r.g.lex.days):
			end = r.dayOfMonth(i + 1)
		}
		if end > i {
			i = r.enterDate(i, end) - 1
		}
	}
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

// dayOfMonth returns the end of the day of a month, with its year, that begins at
// token i, or i: "12 mars 2021", "June 5".
func (r *reader) dayOfMonth(i int) int {
	at := func(k int, kind lang.TokenKind) bool { return k < len(r.text.Tokens) && r.text.Tokens[k].Kind == kind }
	month := func(k int) bool { return at(k, lang.Word) && lang.MonthNamed(string(r.text.Folded(k))) != 0 }
	switch {
	case at(i, lang.Number) && month(i+1), month(i) && at(i+1, lang.Number):
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
	return end
}
