package lang

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Find returns the numbers of the phrases that text holds, in order.
func (b *Phrasebook) Find(text string) []int {
	f := finding{book: b, words: foundWords(text), spans: make([][]Span, len(b.parts))}
	f.findParts()
	var found []int
	missing := func(part int) bool { return len(f.spans[part]) == 0 }
	for n := range b.phrases {
		p := &b.phrases[n]
		if !slices.ContainsFunc(p.parts, missing) && f.holds(p, make([]Span, 0, phraseParts)) {
			found = append(found, n)
		}
	}
	return found
}

// foundWord is a word of a text in which phrases are looked for.
type foundWord struct {
	stems  []string // folded, with less and less written to it
	clause int      // number of the clause
	before int      // words before it that count in a gap
}

// foundWords cuts a text into words.
func foundWords(text string) []foundWord {
	var t Text
	t.Scan(text)
	var peeler Peeler
	var words []foundWord
	clause, counted := 0, 0
	for i := range t.Tokens {
		tok := &t.Tokens[i]
		switch tok.Kind {
		case Word, Number:
		case Semicolon, Colon, Stop, Question, Break:
			clause++
			continue
		default:
			continue
		}
		if len(words) == phraseLength {
			break
		}
		w := foundWord{clause: clause, before: counted}
		folded := t.Folded(i)
		if tok.Script == Arabic {
			source := t.Source[tok.Start:tok.End]
			for _, s := range peeler.Peel(folded, strings.HasSuffix(source, "ة")) {
				w.stems = append(w.stems, string(s.Word))
			}
		} else {
			w.stems = []string{string(folded)}
		}
		if utf8.RuneCount(folded) > phraseSmall {
			counted++
		}
		words = append(words, w)
	}
	return words
}

// finding is a search for all phrases in one text.
type finding struct {
	book  *Phrasebook
	words []foundWord
	spans [][]Span // by part: where it stands
}

// findParts finds every part, beginning at the words that the book knows.
func (f *finding) findParts() {
	tried := make([]int, len(f.book.parts)) // the word behind which a part was tried
	for i := range f.words {
		try := func(parts []int) {
			for _, n := range parts {
				if tried[n] <= i {
					tried[n] = i + 1
					f.findPart(n, i)
				}
			}
		}
		for _, stem := range f.words[i].stems {
			try(f.book.words[stem])
			for end := range stem {
				try(f.book.prefixes[stem[:end]])
			}
			try(f.book.prefixes[stem])
		}
	}
}

// findPart notes where part n stands that begins with word i.
func (f *finding) findPart(n, i int) {
	for _, end := range f.sequence(f.book.parts[n], i) {
		f.spans[n] = append(f.spans[n], Span{i, end})
	}
}

// joined reports whether there is a word b in the clause of word a.
func (f *finding) joined(a, b int) bool {
	return b >= 0 && b < len(f.words) && f.words[a].clause == f.words[b].clause
}

// sequence returns where words that stand at word i may end.
func (f *finding) sequence(words []phraseWord, i int) []int {
	ends := []int{i}
	for k := range words {
		var next []int
		for _, at := range ends {
			next = f.word(&words[k], i, at, next)
		}
		ends = next
	}
	return ends
}

// word adds to ends where w may end if it stands at word at, in a sequence that
// began at word from.
func (f *finding) word(w *phraseWord, from, at int, ends []int) []int {
	add := func(end int) {
		if !slices.Contains(ends, end) {
			ends = append(ends, end)
		}
	}
	if w.unless != nil {
		place := at
		if w.before {
			place--
		}
		if !f.joined(from, place) || len(f.sequence(w.unless, place)) == 0 {
			add(at)
		}
		return ends
	}
	if !f.joined(from, at) {
		return ends
	}
	for _, o := range w.options {
		for _, end := range f.sequence(o, at) {
			add(end)
		}
	}
	for _, stem := range f.words[at].stems {
		if w.text != "" && (stem == w.text || w.prefix && strings.HasPrefix(stem, w.text)) {
			add(at + 1)
			break
		}
	}
	return ends
}

// holds reports whether the parts of p that are not in taken yet stand where
// they should, seen from those that are.
func (f *finding) holds(p *phrase, taken []Span) bool {
	k := len(taken)
	if k == len(p.parts) {
		return true
	}
	for _, s := range f.spans[p.parts[k]] {
		if f.fits(s, taken, p.either[k]) && f.holds(p, append(taken, s)) {
			return true
		}
	}
	return false
}

// fits reports whether a part may stand at s: behind the last of those before
// it, or in either order next to one of them.
func (f *finding) fits(s Span, taken []Span, either bool) bool {
	fit := len(taken) == 0
	for i, t := range taken {
		if s.Start < t.End && t.Start < s.End {
			return false
		}
		if either || i == len(taken)-1 {
			fit = fit || f.near(t, s) || either && f.near(s, t)
		}
	}
	return fit
}

// near reports whether b stands behind a with no more than a gap between.
func (f *finding) near(a, b Span) bool {
	return a.End <= b.Start && f.joined(a.Start, b.Start) && f.words[b.Start].before-f.words[a.End].before <= phraseGap
}
