package lang

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Script is the writing system of a word.
type Script uint8

// The scripts that are told apart.
const (
	NoScript Script = iota
	Latin
	Arabic
	Tifinagh
	NKo
	Adlam
	OtherScript
)

// TokenKind says what a token is.
type TokenKind uint8

// The kinds of token.
const (
	Word      TokenKind = iota // letters
	Number                     // digits, with their inner points and commas
	Comma                      // , ،
	Semicolon                  // ; ؛
	Colon                      // :
	Stop                       // . ! … that ends a sentence
	Question                   // ? ؟
	Open                       // opening quotation mark
	Close                      // closing quotation mark
	Bracket                    // ( ) [ ]
	Dash                       // – — and spaced hyphens
	Break                      // end of a paragraph or line
)

// Token is a word, number or mark. Start and End are byte offsets into the
// scanned string; the folded form is held by the Text.
type Token struct {
	Start, End int32
	fold       [2]int32 // span in Text.folded
	Sentence   int32    // index into Text.Sentences
	Quote      int32    // index into Text.Quotes plus one; 0 outside of quotations
	Kind       TokenKind
	Script     Script
	Upper      bool // begins with a capital letter
	Caps       bool // two letters or more, all capital
}

// Parts reports whether the token is a mark that parts two clauses.
func (t *Token) Parts() bool {
	switch t.Kind {
	case Stop, Question, Semicolon, Colon, Dash, Break:
		return true
	}
	return false
}

// Span is a range of token indices, End excluded.
type Span struct{ Start, End int }

// Text is a scanned string. It can be used again: Scan keeps the buffers.
type Text struct {
	Source    string
	Tokens    []Token
	Sentences []Span
	Quotes    []Span
	folded    []byte

	tallies []tally // of paragraphs, for Runs
	ends    []int   // byte offsets of their ends
}

// Folded returns the folded form of token i. It is valid until the next Scan.
func (t *Text) Folded(i int) []byte {
	f := t.Tokens[i].fold
	return t.folded[f[0]:f[1]]
}

// Slice returns the original text of the tokens in s, without outer space.
func (t *Text) Slice(s Span) string {
	if s.Start >= s.End {
		return ""
	}
	return t.Source[t.Tokens[s.Start].Start:t.Tokens[s.End-1].End]
}

// Scan cuts source into tokens, sentences and quotations.
//
// Apostrophes and hyphens part words, so that "l'État" gives "l" and "etat",
// and "al-Zallaqa" gives "al" and "zallaqa". A point after a single letter or
// a known abbreviation ("M.", "Dr.", "gén.") does not end a sentence.
func (t *Text) Scan(source string) {
	t.Source = source
	t.Tokens, t.Sentences, t.Quotes, t.folded = t.Tokens[:0], t.Sentences[:0], t.Quotes[:0], t.folded[:0]
	for i := 0; i < len(source); {
		i = t.scanOne(i)
	}
	t.split()
	t.quote()
}

// scanOne reads the token at byte i, if one begins there, and returns the
// offset after it.
func (t *Text) scanOne(i int) int {
	if c := t.Source[i]; c == ' ' {
		return i + 1
	}
	l, n := letterAt(t.Source, i)
	switch {
	case l.word:
		return t.word(i)
	case l.digit:
		return t.number(i)
	}
	if l.mark != Word {
		return t.mark(l.mark, i, n)
	}
	switch r, _ := decode(t.Source, i); r {
	case '\n':
		if t.wraps(i) {
			return i + n
		}
		return t.mark(Break, i, n)
	case '.', '!', '…':
		return t.point(i, n)
	case '-':
		end := i + n
		for end < len(t.Source) && t.Source[end] == '-' { // some write two for a dash
			end++
		}
		if i > 0 && t.Source[i-1] <= ' ' && end < len(t.Source) && t.Source[end] <= ' ' {
			return t.mark(Dash, i, end-i)
		}
	case '"':
		return t.mark(Open, i, n) // quote decides which side it is
	}
	return i + n
}

// Lines of these lengths in letters may have been broken for their length alone.
const shortestWrap, longestWrap = 40, 110

// wraps reports whether the line end at byte i stands within a sentence, as in
// text that was set in lines of about one length: with the first word of the next line
// this one would have come near the length of that, the line does not end in a mark,
// and what follows begins no list and no turn, and goes on in small letters. It may
// begin with a capital behind a short word, or where that first word would have made
// this line longer than those around it.
func (t *Text) wraps(i int) bool {
	start := strings.LastIndexByte(t.Source[:i], '\n') + 1
	line := strings.TrimRight(firstLine(t.Source[start:i]), " \t\r")
	next := strings.TrimSpace(firstLine(t.Source[i+1:]))
	length, width := utf8.RuneCountInString(line), utf8.RuneCountInString(next)
	if length < shortestWrap || length > longestWrap || width > longestWrap {
		return false
	}
	word, _, _ := strings.Cut(next, " ")
	full := length + len(" ") + utf8.RuneCountInString(word)
	first, _ := utf8.DecodeRuneInString(next)
	if 4*full <= 3*width || !isWordRune(first) || strings.Contains(next[:min(len(next), shortestWrap)], ":") {
		return false
	}
	const short = 3 // letters of "of", "the", "de la"
	last, _ := utf8.DecodeLastRuneInString(line)
	switch {
	case last == ',' || last == '،':
		return true
	case !isWordRune(last):
		return false
	case !unicode.IsUpper(first) || utf8.RuneCountInString(line[strings.LastIndexByte(line, ' ')+1:]) <= short:
		return true
	}
	if start > 0 {
		before := t.Source[:start-1]
		width = max(width, utf8.RuneCountInString(firstLine(before[strings.LastIndexByte(before, '\n')+1:])))
	}
	return width >= shortestWrap && width <= longestWrap && full > width
}

// firstLine returns the first line of s, cut where it is longer than lines that are
// broken for their length.
func firstLine(s string) string {
	s = s[:min(len(s), utf8.UTFMax*longestWrap+1)]
	if end := strings.IndexByte(s, '\n'); end >= 0 {
		return s[:end]
	}
	return s
}

var marks = map[rune]TokenKind{
	',': Comma, '،': Comma, ';': Semicolon, '؛': Semicolon, ':': Colon, '?': Question, '؟': Question,
	'«': Open, '“': Open, '„': Open, '»': Close, '”': Close, '(': Bracket, ')': Bracket, '[': Bracket, ']': Bracket,
	'–': Dash, '—': Dash,
}

func (t *Text) mark(k TokenKind, i, n int) int {
	if k == Break && len(t.Tokens) > 0 && t.Tokens[len(t.Tokens)-1].Kind == Break {
		return i + n
	}
	t.Tokens = append(t.Tokens, Token{Start: int32(i), End: int32(i + n), Kind: k})
	return i + n
}

// point reads "." "!" and "…". A point within "U.N." or after "M." is no stop.
func (t *Text) point(i, n int) int {
	if t.Source[i] == '.' && len(t.Tokens) > 0 {
		last := &t.Tokens[len(t.Tokens)-1]
		if last.Kind == Word && int(last.End) == i && t.abbreviated(len(t.Tokens)-1) {
			return i + n
		}
	}
	return t.mark(Stop, i, n)
}

// abbreviations are words after which a point does not end a sentence.
var abbreviations = map[string]bool{
	"dr": true, "mr": true, "mrs": true, "ms": true, "mme": true, "mm": true, "gen": true, "col": true, "lt": true,
	"cne": true, "cdt": true, "st": true, "prof": true, "pr": true, "no": true, "feb": true, "sept": true, "oct": true,
	"nov": true, "dec": true, "jan": true, "aug": true, "jr": true, "etc": true, "sen": true, "gov": true, "rep": true,
}

func (t *Text) abbreviated(i int) bool {
	f := t.Folded(i)
	if utf8.RuneCount(f) != 1 {
		return abbreviations[string(f)]
	}
	start := int(t.Tokens[i].Start)
	return !strings.HasSuffix(t.Source[:start], "'") && !strings.HasSuffix(t.Source[:start], "’") // no abbreviation in "It won't."
}

func (t *Text) word(i int) int {
	start, from := i, len(t.folded)
	source, folded := t.Source, t.folded
	first, _ := decode(source, i)
	lower := false // a small letter, ASCII apart
	for i < len(source) {
		if source[i] < utf8.RuneSelf {
			n := 0
			folded, n = appendASCII(folded, source[i:])
			if i += n; i == len(source) || source[i] < utf8.RuneSelf {
				break
			}
		}
		l, n := letterAt(source, i)
		if !l.word && !l.digit {
			break
		}
		lower = lower || l.lower
		folded = append(folded, l.fold...)
		i += n
	}
	t.folded = folded
	if from == len(folded) {
		return i
	}
	upper := unicode.IsUpper(first)
	caps := upper && !lower && i-start > 1 && !hasSmallASCII(source[start:i])
	t.Tokens = append(t.Tokens, Token{
		Start: int32(start), End: int32(i), Kind: Word, Script: scriptOf(first), Upper: upper, Caps: caps,
		fold: [2]int32{int32(from), int32(len(folded))},
	})
	return i
}

func (t *Text) number(i int) int {
	start := i
	for i < len(t.Source) {
		r, n := decode(t.Source, i)
		if unicode.IsDigit(r) {
			i += n
			continue
		}
		next, _ := decode(t.Source, i+n)
		if (r == '.' || r == ',') && unicode.IsDigit(next) {
			i += n
			continue
		}
		break
	}
	from := len(t.folded)
	t.folded = AppendFold(t.folded, t.Source[start:i])
	t.Tokens = append(t.Tokens, Token{Start: int32(start), End: int32(i), Kind: Number, fold: [2]int32{int32(from), int32(len(t.folded))}})
	return i
}

// maxSentence is the most tokens of a sentence. Longer ones, as in transcripts
// without marks, are cut, which also bounds the work on any text.
const maxSentence = 160

// split finds the sentences: they end at a stop, a question mark or a break.
// Marks that close right after a stop belong to the sentence that it ends. Where a
// small letter follows them, the sentence goes on, as behind a shout.
func (t *Text) split() {
	start := 0
	for i := 0; i < len(t.Tokens); i++ {
		switch t.Tokens[i].Kind {
		case Stop, Question:
			stop := i
			for i+1 < len(t.Tokens) && i+1-start < maxSentence && closes(t.Source, t.Tokens[i+1]) {
				i++
			}
			if i > stop && i+1-start < maxSentence && t.goesOn(i+1) {
				continue
			}
		case Break:
		default:
			if i+1-start < maxSentence {
				continue
			}
		}
		t.sentence(start, i+1)
		start = i + 1
	}
	t.sentence(start, len(t.Tokens))
}

// goesOn reports whether the word at token i begins with a small letter.
func (t *Text) goesOn(i int) bool {
	return i < len(t.Tokens) && t.Tokens[i].Kind == Word && !t.Tokens[i].Upper && t.Tokens[i].Script == Latin
}

// closes reports whether tok is a mark that may stand behind the stop of the
// sentence it closes.
func closes(source string, tok Token) bool {
	switch tok.Kind {
	case Close, Stop, Question:
		return true
	case Open: // a straight quotation mark that touches the stop
		return source[tok.Start] == '"' && tok.Start > 0 && source[tok.Start-1] > ' '
	}
	return false
}

func (t *Text) sentence(start, end int) {
	if start >= end {
		return
	}
	for i := start; i < end; i++ {
		t.Tokens[i].Sentence = int32(len(t.Sentences))
	}
	t.Sentences = append(t.Sentences, Span{start, end})
}

// maxQuote is the most tokens that a quotation may span before its opening
// mark is taken for a stray one.
const maxQuote = 400

// quote pairs quotation marks. Straight marks alternate within a paragraph; an
// opening mark without its closing one runs to the end of the paragraph.
func (t *Text) quote() {
	open := -1
	for i := range t.Tokens {
		tok := &t.Tokens[i]
		switch {
		case tok.Kind == Open && t.Source[tok.Start] == '"' && open >= 0:
			tok.Kind = Close
			t.addQuote(open, i)
			open = -1
		case tok.Kind == Open && open < 0:
			open = i
		case tok.Kind == Close && open >= 0, tok.Kind == Break && open >= 0:
			t.addQuote(open, i)
			open = -1
		}
	}
	if open >= 0 {
		t.addQuote(open, len(t.Tokens))
	}
}

func (t *Text) addQuote(open, end int) {
	if end-open < 2 || end-open > maxQuote {
		return
	}
	t.Quotes = append(t.Quotes, Span{open + 1, end})
	for i := open + 1; i < end; i++ {
		t.Tokens[i].Quote = int32(len(t.Quotes))
	}
}

func decode(s string, i int) (rune, int) {
	if i >= len(s) {
		return 0, 0
	}
	if c := s[i]; c < utf8.RuneSelf {
		return rune(c), 1
	}
	return utf8.DecodeRuneInString(s[i:])
}

func isWordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
	}
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.Is(unicode.M, r) || r == 'ـ')
}

func scriptOf(r rune) Script {
	switch {
	case r < 0x250 || r >= 0x1E00 && r < 0x1F00:
		return Latin
	case r >= 0x600 && r < 0x700 || r >= 0x750 && r < 0x780 || r >= 0xFB50 && r < 0xFF00:
		return Arabic
	case r >= 0x2D30 && r < 0x2D80:
		return Tifinagh
	case r >= 0x7C0 && r < 0x800:
		return NKo
	case r >= 0x1E900 && r < 0x1E960:
		return Adlam
	case unicode.Is(unicode.Latin, r):
		return Latin
	}
	return OtherScript
}
