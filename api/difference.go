package api

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/sergi/go-diff/diffmatchpatch"
)

// piece is a stretch of words that two texts share, or that one of them alone
// has.
type piece struct {
	Op   string // same, gone, come, or skip: words that both share are left out
	Text string
	N    int // words
}

// difference is how one text became another, word by word.
type difference struct {
	Changes    []piece
	Gone, Come int  // words
	Cut        bool // texts so long that not all of them was compared
}

// Same reports whether the words are the same.
func (d *difference) Same() bool { return d.Gone+d.Come == 0 }

const (
	mostWords   = 4000                   // of each text, without what both begin and end with
	longestTry  = 100 * time.Millisecond // after that a shorter way to tell the difference is not looked for
	wordsBeside = 12                     // words that are shown beside a change
)

// word is a word, or a mark between words, with the white space behind it.
type word struct{ text, key string }

// wordsIn cuts a text into words.
func wordsIn(text string) []word {
	var out []word
	start, kind := 0, 0
	flush := func(end int) {
		if t := text[start:end]; strings.TrimSpace(t) != "" {
			out = append(out, word{t, strings.TrimSpace(t)})
		} else if len(out) > 0 {
			out[len(out)-1].text += t
		}
		start = end
	}
	for i, r := range text {
		k := kindOf(r)
		if i > start && (k != kind || k == ofMark) && k != ofSpace {
			flush(i)
		}
		if k != ofSpace || i == start {
			kind = k
		} else {
			kind = behindWord
		}
	}
	flush(len(text))
	return out
}

// The kinds of letters, for cutting.
const (
	ofWord = iota + 1
	ofMark
	ofSpace
	behindWord // white space behind a word
)

func kindOf(r rune) int {
	switch {
	case unicode.IsSpace(r):
		return ofSpace
	case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == '\'' || r == '’' || r == '\u200d' || r == '\u200c':
		return ofWord
	}
	return ofMark
}

// differ compares two texts word by word. White space does not count.
func differ(before, after string) difference {
	a, b := wordsIn(before), wordsIn(after)
	same := func(i, j int) bool { return a[i].key == b[j].key }
	head := 0
	for head < min(len(a), len(b)) && same(head, head) {
		head++
	}
	tail := 0
	for tail < min(len(a), len(b))-head && same(len(a)-1-tail, len(b)-1-tail) {
		tail++
	}
	var d difference
	d.put("same", b[:head])
	x, y := a[head:len(a)-tail], b[head:len(b)-tail]
	d.Cut = max(len(x), len(y)) > mostWords
	d.compare(x[:min(len(x), mostWords)], y[:min(len(y), mostWords)])
	if d.Cut {
		d.Changes = append(d.Changes, piece{Op: "skip"})
	}
	d.put("same", b[len(b)-tail:])
	return d
}

// compare finds the difference of words through that of letters: every word is
// given a letter of its own.
func (d *difference) compare(a, b []word) {
	letters := make(map[string]rune)
	spell := func(words []word) []rune {
		out := make([]rune, len(words))
		for i, w := range words {
			r, ok := letters[w.key]
			if !ok {
				if r = rune(len(letters) + 1); r >= 0xd800 { // halves of letters are none
					r += 0x800
				}
				letters[w.key] = r
			}
			out[i] = r
		}
		return out
	}
	dmp := diffmatchpatch.New()
	dmp.DiffTimeout = longestTry
	for _, step := range dmp.DiffMainRunes(spell(a), spell(b), false) {
		n := utf8.RuneCountInString(step.Text)
		switch step.Type {
		case diffmatchpatch.DiffEqual:
			d.put("same", b[:n])
			a, b = a[n:], b[n:]
		case diffmatchpatch.DiffDelete:
			d.put("gone", a[:n])
			a, d.Gone = a[n:], d.Gone+n
		case diffmatchpatch.DiffInsert:
			d.put("come", b[:n])
			b, d.Come = b[n:], d.Come+n
		}
	}
}

func (d *difference) put(op string, words []word) {
	if len(words) == 0 {
		return
	}
	var text strings.Builder
	for _, w := range words {
		text.WriteString(w.text)
	}
	if n := len(d.Changes); n > 0 && d.Changes[n-1].Op == op {
		d.Changes[n-1].Text += text.String()
		d.Changes[n-1].N += len(words)
		return
	}
	d.Changes = append(d.Changes, piece{op, text.String(), len(words)})
}

// Shared is how much of the longer text the two share, from 0 to 1.
func (d *difference) shared() float64 {
	same := 0
	for _, c := range d.Changes {
		if c.Op == "same" {
			same += c.N
		}
	}
	if most := same + max(d.Gone, d.Come); most > 0 {
		return float64(same) / float64(most)
	}
	return 1
}

// brief leaves out what both share, except beside what changed.
func (d difference) brief() difference {
	out := d
	out.Changes = nil
	for i, c := range d.Changes {
		first, last := i == 0, i == len(d.Changes)-1
		most := wordsBeside
		if !first && !last {
			most = 2 * wordsBeside
		}
		if c.Op != "same" || c.N <= most+wordsBeside {
			out.Changes = append(out.Changes, c)
			continue
		}
		words := wordsIn(c.Text)
		skipped := piece{Op: "skip", N: len(words) - most}
		var kept difference
		if !first {
			kept.put("same", words[:wordsBeside])
		}
		kept.Changes = append(kept.Changes, skipped)
		if !last {
			kept.put("same", words[len(words)-wordsBeside:])
		}
		out.Changes = slices.Concat(out.Changes, kept.Changes)
	}
	return out
}
