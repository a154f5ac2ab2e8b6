package digest

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"
)

const (
	longestName  = 160 // characters of a name, condition or title that are shown
	longestQuote = 420 // of quoted words
	longestHash  = 64  // of a version or hash
	longestTag   = 35  // of a language's tag
)

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

// Isolates keep words of the other direction from taking their surroundings
// along.
const (
	isolateOpen  = "\u2068"
	isolateClose = "\u2069"
)

// runsLeft reports whether a letter is written from right to left. Unicode keeps
// these blocks for such scripts: Hebrew, Arabic, N’Ko, Adlam and their kin.
func runsLeft(r rune) bool {
	switch {
	case r < 0x590:
		return false
	case r <= 0x8ff, r >= 0xfb1d && r <= 0xfdff, r >= 0xfe70 && r <= 0xfeff, r >= 0x10800 && r <= 0x10fff, r >= 0x1e800 && r <= 0x1efff:
		return unicode.IsLetter(r)
	}
	return false
}

// beginsRight reports whether the first letter of a text is written from right
// to left, and whether there is a letter at all.
func beginsRight(s string) (right, known bool) {
	for _, r := range s {
		if unicode.IsLetter(r) {
			return runsLeft(r), true
		}
	}
	return false, false
}

// hasOther reports whether a text has letters that run against a direction.
func hasOther(s string, rtl bool) bool {
	for _, r := range s {
		if unicode.IsLetter(r) && runsLeft(r) != rtl {
			return true
		}
	}
	return false
}

// base is the language of a BCP 47 tag, without what follows it.
func base(tag string) string {
	b, _, _ := strings.Cut(strings.ToLower(tag), "-")
	return b
}

// webAddress returns an address that is safe to link to, or "".
func webAddress(url string) string {
	if !strings.HasPrefix(url, "https://") && !strings.HasPrefix(url, "http://") || len(url) > 2000 {
		return ""
	}
	if strings.ContainsFunc(url, func(r rune) bool { return r <= ' ' || r >= 0x7f || strings.ContainsRune(`<>"\^{|}`+"`", r) }) {
		return ""
	}
	return url
}

// hash returns a SHA-256 in hexadecimal as it stands, and "" for anything else.
func hash(s string) string {
	if b, err := hex.DecodeString(s); err != nil || len(b) != sha256.Size {
		return ""
	}
	return s
}
