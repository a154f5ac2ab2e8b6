package digest

import (
	"strings"
	"unicode"
)

// longestName is the most characters of a name, condition or title that are
// shown.
const longestName = 160

// hidden reports whether a character is a control that directs other ones, or
// none at all. The joiners and the signs of Arabic stay: scripts need them.
func hidden(r rune) bool {
	switch {
	case r < 0x80:
		return r < ' ' || r == 0x7f
	case unicode.IsLetter(r), r == '\u200c', r == '\u200d', r >= 0x600 && r <= 0x605, r == '\u06dd':
		return false
	case r == unicode.ReplacementChar:
		return true
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs, unicode.Noncharacter_Code_Point)
}

// clean puts words that come from elsewhere on one line of at most so many
// characters, without what could make them read other than they are written.
func clean(s string, most int) string {
	return strings.TrimSpace(flatten(s, most))
}

// flatten is clean that keeps one space at either end: what stands next to the
// words may need it.
func flatten(s string, most int) string {
	var b strings.Builder
	n, gap := 0, false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r) && r != '\u00a0' && r != '\u202f': // French needs those
			gap = true
			continue
		case hidden(r):
			continue
		}
		if n >= most {
			return shorten(b.String(), most)
		}
		if gap {
			b.WriteByte(' ')
			n, gap = n+1, false
		}
		b.WriteRune(r)
		n++
	}
	if gap && n < most {
		b.WriteByte(' ')
	}
	return b.String()
}

// shorten makes room for an ellipsis at the end of a text that goes on beyond
// the most characters, and cuts it at a space if there is one near.
func shorten(s string, most int) string {
	runes := []rune(s)
	cut := min(len(runes), most-1)
	for cut > 1 && unicode.Is(unicode.M, runes[cut-1]) {
		cut--
	}
	for back := cut; back > cut-16 && back > cut/2; back-- {
		if runes[back-1] == ' ' {
			cut = back
			break
		}
	}
	return strings.TrimRight(string(runes[:cut]), " ,;:،؛-–—") + "…"
}
