package lang

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Phrasebook finds phrases in short texts, such as a condition that somebody
// makes. A phrase is words that stand near one another:
//
//	word      this word, however it is accented, in Arabic whatever is written to it
//	word*     every word that begins so
//	(a|b c)   one of these
//	a b       b right behind a
//	!a b      b, unless the word a stands right before it
//	b !a      b, unless a stands right behind it
//	a … b     b behind a, with up to five words between; those of up to three letters do not count
//	a & b     the same, in either order
//
// The last two do not stand within brackets. Nothing reaches over a mark that
// ends a clause, a comma excepted. Write Arabic words bare: the clitics that
// [Peeler] knows are taken off the words of the text.
type Phrasebook struct {
	phrases  []phrase
	parts    [][]phraseWord
	numbers  map[string]int   // of parts, by their text
	words    map[string][]int // parts that may begin with the word
	prefixes map[string][]int // parts that may begin with a word that begins so
}

// phrase is parts with gaps between them.
type phrase struct {
	parts  []int
	either []bool // part i may stand in front of those before it as well
}

// phraseWord is a word, a choice, or what may not stand here.
type phraseWord struct {
	text    string // folded
	prefix  bool
	options [][]phraseWord // without choices in them
	unless  []phraseWord
	before  bool // unless stands before, not here
}

// Limits of phrases.
const (
	phraseGap    = 5   // words between two parts
	phraseParts  = 4   // parts with gaps between
	phraseSmall  = 3   // letters of words that are not counted
	phraseDepth  = 4   // of choices within choices
	phraseMost   = 500 // things to choose from
	phraseStem   = 2   // letters before a star
	phraseLength = 400 // words of a text that are looked at
)

// Add enters a phrase and returns its number, which counts from 0.
func (b *Phrasebook) Add(text string) (int, error) {
	if b.numbers == nil {
		b.numbers, b.words, b.prefixes = make(map[string]int), make(map[string][]int), make(map[string][]int)
	}
	var p phrase
	either := false
	for rest, more := text, true; more; {
		var part, mark string
		part, mark, rest = cutPart(rest)
		n, err := b.part(strings.TrimSpace(part))
		if err != nil {
			return 0, fmt.Errorf("read phrase: %w", err)
		}
		if len(p.parts) == phraseParts {
			return 0, fmt.Errorf("read phrase: more than %d parts with gaps between", phraseParts)
		}
		p.parts, p.either = append(p.parts, n), append(p.either, either)
		either, more = mark == "&", mark != ""
	}
	b.phrases = append(b.phrases, p)
	return len(b.phrases) - 1, nil
}

// cutPart cuts text at the first mark of a gap outside of brackets.
func cutPart(text string) (part, mark, rest string) {
	depth := 0
	for i, r := range text {
		switch {
		case r == '(':
			depth++
		case r == ')':
			depth--
		case (r == '…' || r == '&') && depth == 0:
			end := i + utf8.RuneLen(r)
			return text[:i], text[i:end], text[end:]
		}
	}
	return text, "", ""
}

// part returns the number of a part, which phrases share.
func (b *Phrasebook) part(text string) (int, error) {
	if n, ok := b.numbers[text]; ok {
		return n, nil
	}
	r := phraseReader{rest: text}
	words, err := r.sequence(0)
	if err == nil && r.rest != "" {
		err = fmt.Errorf("%q is out of place", r.rest)
	}
	if err != nil {
		return 0, err
	}
	n := len(b.parts)
	b.parts = append(b.parts, words)
	b.numbers[text] = n
	b.begin(words, n)
	return n, nil
}

// begin notes with which words part n may begin.
func (b *Phrasebook) begin(words []phraseWord, n int) {
	first := slices.IndexFunc(words, func(w phraseWord) bool { return w.unless == nil })
	w := &words[first]
	for _, o := range w.options {
		b.begin(o, n)
	}
	index := b.words
	if w.prefix {
		index = b.prefixes
	}
	if w.text != "" && !slices.Contains(index[w.text], n) {
		index[w.text] = append(index[w.text], n)
	}
}

// phraseReader reads the text of a part.
type phraseReader struct{ rest string }

// sequence reads words up to what cannot belong to them.
func (r *phraseReader) sequence(depth int) ([]phraseWord, error) {
	var out []phraseWord
	found := false
	for {
		r.rest = strings.TrimSpace(r.rest)
		if r.rest == "" || r.rest[0] == '|' || r.rest[0] == ')' {
			break
		}
		if rest, ok := strings.CutPrefix(r.rest, "!"); ok {
			r.rest = rest
			unless, err := r.word(depth)
			if err != nil {
				return nil, err
			}
			out = append(out, phraseWord{unless: unless, before: !found})
			continue
		}
		words, err := r.word(depth)
		if err != nil {
			return nil, err
		}
		out, found = append(out, words...), true
	}
	if !found {
		return nil, errors.New("a word is missing")
	}
	return out, nil
}

// word reads a word, which is several where marks part it, or a choice.
func (r *phraseReader) word(depth int) ([]phraseWord, error) {
	if rest, ok := strings.CutPrefix(r.rest, "("); ok {
		r.rest = rest
		w, err := r.choice(depth + 1)
		return []phraseWord{w}, err
	}
	end := strings.IndexAny(r.rest, " ()|!")
	if end < 0 {
		end = len(r.rest)
	}
	text, star := strings.CutSuffix(r.rest[:end], "*")
	r.rest = r.rest[end:]
	var t Text
	t.Scan(text)
	var out []phraseWord
	for i, tok := range t.Tokens {
		if tok.Kind != Word && tok.Kind != Number {
			return nil, fmt.Errorf("%q is no word", text)
		}
		out = append(out, phraseWord{text: string(t.Folded(i))})
	}
	if len(out) == 0 || strings.Contains(text, "*") {
		return nil, fmt.Errorf("%q is no word", text)
	}
	last := &out[len(out)-1]
	if last.prefix = star; star && utf8.RuneCountInString(last.text) < phraseStem {
		return nil, fmt.Errorf("%q* is too short: want %d letters", text, phraseStem)
	}
	return out, nil
}

// choice reads what stands behind an opening bracket.
func (r *phraseReader) choice(depth int) (w phraseWord, err error) {
	if depth > phraseDepth {
		return w, errors.New("too many brackets within brackets")
	}
	for {
		option, err := r.sequence(depth)
		if err != nil {
			return w, err
		}
		w.options = append(w.options, spell(option)...)
		if len(w.options) > phraseMost {
			return w, fmt.Errorf("more than %d things to choose from", phraseMost)
		}
		rest, more := strings.CutPrefix(r.rest, "|")
		if more {
			r.rest = rest
			continue
		}
		rest, ok := strings.CutPrefix(r.rest, ")")
		if !ok {
			return w, errors.New("a closing bracket is missing")
		}
		r.rest = rest
		return w, nil
	}
}

// spell writes out the choices within words: "a (b|c)" gives "a b" and "a c". It
// stops when there are too many.
func spell(words []phraseWord) [][]phraseWord {
	out := [][]phraseWord{nil}
	for i := range words {
		options := words[i].options
		if options == nil {
			options = [][]phraseWord{words[i : i+1]}
		}
		var next [][]phraseWord
		for _, begun := range out {
			for _, o := range options {
				if len(next) > phraseMost {
					return next
				}
				next = append(next, slices.Concat(begun, o))
			}
		}
		out = next
	}
	return out
}
