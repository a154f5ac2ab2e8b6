package digest

import (
	"strings"
	"unicode"
)

// segment is a stretch of text in one direction.
type segment struct {
	text string
	rtl  bool
}

// segments parts a text by direction, for formats that want it said. Signs and
// numbers between letters of one direction go with them, others with base, the
// direction of what they stand in. Isolates give their content a base of its own;
// marks take their place.
func segments(text string, base bool) []segment {
	var out []segment
	for text != "" {
		at := strings.Index(text, isolateOpen)
		if at < 0 {
			out = part(out, text, base)
			break
		}
		out = part(out, text[:at], base)
		inner, rest, closed := strings.Cut(text[at+len(isolateOpen):], isolateClose)
		if !closed {
			rest = ""
		}
		own, known := beginsRight(inner)
		if !known {
			own = base
		}
		if own != base {
			out = append(out, segment{turned(base), base})
		}
		out = part(out, inner, own)
		if own != base {
			out = append(out, segment{turned(base), base})
		}
		text = rest
	}
	return out
}

// turned is a mark without width that has a direction: it keeps numbers and signs
// beside words of the other direction from going with them.
func turned(rtl bool) string {
	if rtl {
		return "\u200f"
	}
	return "\u200e"
}

// part appends the segments of a text without isolates.
func part(out []segment, text string, base bool) []segment {
	runes := []rune(strings.NewReplacer(isolateOpen, "", isolateClose, "").Replace(text))
	add := func(s []rune, rtl bool) {
		if len(s) == 0 {
			return
		}
		if n := len(out); n > 0 && out[n-1].rtl == rtl {
			out[n-1].text += string(s)
			return
		}
		out = append(out, segment{string(s), rtl})
	}
	before, known := base, false // direction of the letter before
	from := 0                    // of what has no direction
	for i, r := range runes {
		if !unicode.IsLetter(r) && !unicode.Is(unicode.M, r) {
			continue
		}
		now := runsLeft(r)
		if unicode.Is(unicode.M, r) {
			now = before
		}
		between := base
		if known && before == now {
			between = now
		}
		add(runes[from:i], between)
		add(runes[i:i+1], now)
		before, known, from = now, true, i+1
	}
	add(runes[from:], base)
	return out
}
