package classify

import "palabre/lang"

// appositionAfter returns who a name that nobody knows is said to be: "said
// Moussa Bah, head of the mission of the High Islamic Council". His last name may be
// that of somebody known.
func (r *reader) appositionAfter(i, end int) *mention {
	from := i
	for i < end && i-from < longestName && (r.isNamePart(i) || i > from && r.text.Tokens[i].Upper && r.mentionStarting(i) == nil) {
		i++
	}
	switch {
	case i == from || i >= end:
	case r.text.Tokens[i].Kind == lang.Comma:
		return r.mentionBetween(i+1, min(i+apposedReach, end), true)
	case i-from > 1 && r.has(i, cueGenitive): // "said Jean-Hervé Jézéquel of the International Crisis Group"
		if m := r.mentionBetween(i+1, min(i+4, end), true); m != nil && m.mask&maskSociety != 0 {
			return m
		}
	}
	return nil
}

// apposedReach is the most tokens from a name's comma to what he is: ", l'un de ses
// représentants".
const apposedReach = 7

// longestName is the most words of a person's name.
const longestName = 5

// quotes reports whether somebody is quoted from token i to token end.
func (r *reader) quotes(i, end int) bool {
	for ; i < end; i++ {
		if r.text.Tokens[i].Quote != 0 {
			return true
		}
	}
	return false
}
