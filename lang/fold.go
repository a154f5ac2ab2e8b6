package lang

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// foldings holds the folded form of every rune that is not folded to itself. An
// absent rune folds to itself, an empty string drops it.
var foldings = buildFoldings()

// asciiFold is the fast path: the folded form of each byte that is a letter or a digit,
// else 0.
var asciiFold = func() (t [256]byte) {
	for c := range byte(utf8.RuneSelf) {
		if isWordRune(rune(c)) || unicode.IsDigit(rune(c)) {
			t[c] = asciiLower(c)
		}
	}
	return t
}()

// appendASCII appends the folded form of the ASCII letters and digits that s begins
// with to dst, and returns how many there are.
func appendASCII(dst []byte, s string) (folded []byte, n int) {
	dst = slices.Grow(dst, len(s))
	room := dst[len(dst) : len(dst)+len(s)]
	for ; n < len(s) && n < len(room); n++ {
		c := asciiFold[s[n]]
		if c == 0 {
			break
		}
		room[n] = c
	}
	return dst[:len(dst)+n], n
}

// asciiLower returns the small letter for a capital one, and any other byte as it is.
func asciiLower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// hasSmallASCII reports whether there is a small letter among the ASCII bytes of s.
func hasSmallASCII(s string) bool {
	for i := range len(s) {
		if 'a' <= s[i] && s[i] <= 'z' {
			return true
		}
	}
	return false
}

// letter is what is known of a rune.
type letter struct {
	fold  string
	mark  TokenKind // of a mark that is always a token of this kind, else Word
	word  bool      // part of a word
	digit bool
	lower bool
}

// near is the end of the runes that letters holds: Latin, Greek, Cyrillic,
// Hebrew, Arabic, N'Ko.
const near = 0x800

// letters tells of each rune below near what text is scanned for.
var letters = func() *[near]letter {
	t := new([near]letter)
	for r := range rune(near) {
		t[r] = look(r)
	}
	return t
}()

// typographic is where the marks of printed text begin: ’ “ ” – … and others.
const typographic = 0x2000

// typography tells the same of those marks.
var typography = func() *[0x70]letter {
	t := new([0x70]letter)
	for i := range t {
		t[i] = look(typographic + rune(i))
	}
	return t
}()

// look finds out about a rune.
func look(r rune) letter {
	f, ok := foldings[r]
	if !ok {
		f = string(r)
		if r >= 0x700 || r < utf8.RuneSelf {
			f = string(unicode.ToLower(r))
		}
	}
	return letter{fold: f, mark: marks[r], word: isWordRune(r), digit: unicode.IsDigit(r), lower: unicode.IsLower(r)}
}

// letterAt reads the rune at byte i of s.
func letterAt(s string, i int) (l *letter, n int) {
	if c := s[i]; c < utf8.RuneSelf {
		return &letters[c], 1
	}
	if i+1 < len(s) && 0xC2 <= s[i] && s[i] < 0xE0 && s[i+1]&0xC0 == 0x80 { // two bytes
		return &letters[rune(s[i]&0x1F)<<6|rune(s[i+1]&0x3F)], 2
	}
	r, n := utf8.DecodeRuneInString(s[i:])
	if r < near {
		return &letters[r], n
	}
	if i := int(r) - typographic; i >= 0 && i < len(typography) {
		return &typography[i], n
	}
	far := look(r)
	return &far, n
}

// letterVariants lists the folds that Unicode decomposition does not give.
var letterVariants = map[rune]string{
	'œ': "oe", 'Œ': "oe", 'æ': "ae", 'Æ': "ae", 'ß': "ss", 'ø': "o", 'Ø': "o",
	'ı': "i", 'ł': "l", 'Ł': "l", 'đ': "d", 'Đ': "d",
	'’': "'", '‘': "'", 'ʼ': "'", '`': "'", '´': "'", 'ʻ': "'", 'ʿ': "'", 'ʾ': "'", '′': "'",
	'‐': "-", '‑': "-",
	// Arabic: hamza carriers, alef maqsura, ta marbuta, Persian letters.
	'أ': "ا", 'إ': "ا", 'آ': "ا", 'ٱ': "ا", 'ى': "ي", 'ة': "ه", 'ؤ': "و", 'ئ': "ي",
	'ک': "ك", 'ی': "ي", 'ھ': "ه", 'ہ': "ه", 'ڤ': "ف", 'ڨ': "ق", 'گ': "ك", 'چ': "ج", 'پ': "ب",
	'ـ': "", // tatweel
}

func buildFoldings() map[rune]string {
	m := make(map[rune]string, 2048)
	for _, span := range [][2]rune{{0xA0, 0x250}, {0x300, 0x370}, {0x600, 0x700}, {0x1E00, 0x1F00}, {0xFB50, 0xFE00}, {0xFE70, 0xFF00}} {
		for r := span[0]; r < span[1]; r++ {
			if f := foldRune(r); f != string(r) {
				m[r] = f
			}
		}
	}
	for r, f := range letterVariants {
		m[r] = f
	}
	for i := range rune(10) { // Arabic-Indic and Persian digits
		m['٠'+i], m['۰'+i] = string('0'+i), string('0'+i)
	}
	for _, r := range []rune{'\u200b', '\u200c', '\u200d', '\u200e', '\u200f', '\u2066', '\u2067', '\u2068', '\u2069', '\u202a', '\u202b', '\u202c', '\u202d', '\u202e', '\ufeff', '\u00ad'} {
		m[r] = "" // joiners, direction marks, soft hyphen
	}
	return m
}

// foldRune folds one rune by compatibility decomposition, dropping marks.
func foldRune(r rune) string {
	var b strings.Builder
	for _, d := range norm.NFKD.String(string(r)) {
		if unicode.Is(unicode.Mn, d) {
			continue
		}
		if f, ok := letterVariants[d]; ok {
			b.WriteString(f)
			continue
		}
		b.WriteRune(unicode.ToLower(d))
	}
	return b.String()
}

// AppendFold appends the folded form of s to dst: lower case, no accents or
// vowel signs, one apostrophe, one form of each Arabic letter.
func AppendFold(dst []byte, s string) []byte {
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			dst = append(dst, asciiLower(c))
			i++
			continue
		}
		l, n := letterAt(s, i)
		dst = append(dst, l.fold...)
		i += n
	}
	return dst
}

// Fold returns the folded form of s, for comparing spellings.
func Fold(s string) string { return string(AppendFold(make([]byte, 0, len(s)), s)) }

// FoldMap returns the folded form of s and, for each byte of it and for its
// end, the byte offset in s of the rune that it comes from.
func FoldMap(s string) (folded string, offsets []int) {
	out := make([]byte, 0, len(s))
	offsets = make([]int, 0, len(s)+1)
	for i := 0; i < len(s); {
		_, n := utf8.DecodeRuneInString(s[i:])
		out = AppendFold(out, s[i:i+n])
		for len(offsets) < len(out) {
			offsets = append(offsets, i)
		}
		i += n
	}
	return string(out), append(offsets, len(s))
}
