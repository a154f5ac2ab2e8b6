package plain

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Clean returns s as valid UTF-8 in normal form C, without invisible characters
// that could hide or reorder words. Line breaks stay, blanks within a line
// become one, and no more than one line in a row is empty. Joiners stay, since
// Arabic and N'Ko are spelt with them.
func Clean(s string) string {
	s = strings.ToValidUTF8(s, "\ufffd")
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = norm.NFC.String(strings.Map(visible, s))
	var b strings.Builder
	b.Grow(len(s))
	empty := 0
	for line := range strings.SplitSeq(s, "\n") {
		line = strings.TrimSpace(line)
		if line == "" {
			empty++
			continue
		}
		if b.Len() > 0 {
			b.WriteString("\n\n"[:1+min(empty, 1)])
		}
		empty = 0
		writeBlanksOnce(&b, line)
	}
	return b.String()
}

func writeBlanksOnce(b *strings.Builder, line string) {
	blank := false
	for i := range len(line) {
		c := line[i]
		if c == ' ' && blank {
			continue
		}
		blank = c == ' '
		b.WriteByte(c)
	}
}

// visible maps a character to what is kept of it; -1 drops it.
func visible(r rune) rune {
	switch {
	case r == '\n', r == '\r', r == '\v', r == '\f', r == '\u0085', r == '\u2028', r == '\u2029':
		return '\n'
	case r == '\t':
		return ' '
	case unicode.IsControl(r):
		return -1
	case r == '\u00ad', r == '\u200b', r == '\u2060', r == '\ufeff': // soft hyphen, zero-width space, word joiner, byte order mark
		return -1
	case r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069': // bidi embeddings, overrides and isolates
		return -1
	case r >= '\ufff9' && r <= '\ufffb', r >= 0xe0000 && r <= 0xe007f: // annotations and tags: text that is not shown
		return -1
	}
	return r
}

// Line returns s cleaned and on one line, for titles and names.
func Line(s string) string { return strings.Join(strings.Fields(Clean(s)), " ") }

// Cut returns the longest prefix of s that has no more than most bytes and ends
// on a rune boundary, and whether anything was cut off.
func Cut(s string, most int) (string, bool) {
	if len(s) <= most {
		return s, false
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most], true
}
