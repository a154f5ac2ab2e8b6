package lang

import (
	"bytes"
	"strings"
)

// Clitics are what was written together with an Arabic word.
type Clitics uint8

// The clitics that Peel takes off.
const (
	Conjunction Clitics = 1 << iota // و ف
	Preposition                     // ب ل ك
	Article                         // ال
	Future                          // س
	Pronoun                         // a suffixed pronoun
	FirstPerson                     // the pronoun is نا
)

// Stem is an Arabic word without some of its clitics.
type Stem struct {
	Word []byte
	Off  Clitics
}

// pronouns are the suffixed pronouns, folded, by their last byte, longest first.
var pronouns = func() (t [256][][]byte) {
	for p := range strings.FieldsSeq("كما هما هم هن ها كم نا ني ه ك") {
		last := p[len(p)-1]
		t[last] = append(t[last], []byte(p))
	}
	return t
}()

var firstPlural, article, taaMarbuta = []byte("نا"), []byte("ال"), []byte("ه")

const minStem = 4 // bytes: two Arabic letters

// Peeler takes clitics off words. It is to be used again: it keeps its buffers.
type Peeler struct {
	stems []Stem
	room  []byte // for stems that do not stand in the word as written
}

// Peel returns every way to take the clitics off a folded Arabic word: first the
// word itself, then with less and less written to it. The caller takes the first
// that its lexicon knows. A word that was written with a final ta marbuta has no
// suffixed pronoun; the folded form does not tell. The stems are valid until the
// next call.
func (p *Peeler) Peel(word []byte, taMarbuta bool) []Stem {
	p.room = p.room[:0]
	p.stems = append(p.stems[:0], Stem{Word: word})
	p.peelFront(word, 0)
	if taMarbuta {
		return p.stems
	}
	for i, n := 0, len(p.stems); i < n; i++ {
		p.peelBack(p.stems[i])
	}
	return p.stems
}

// peelFront takes off what is written before a word. Of للجماعات the article is
// given back as well, الجماعات: names are listed with it.
func (p *Peeler) peelFront(w []byte, off Clitics) {
	enter := func(word []byte, off Clitics) { p.stems = append(p.stems, Stem{word, off}) }
	if rest, ok := cutLetter(w, "وف"); ok && off == 0 {
		enter(rest, Conjunction)
		p.peelFront(rest, Conjunction)
	}
	if rest, ok := bytes.CutPrefix(w, article); ok && len(rest) >= minStem {
		enter(rest, off|Article)
		return
	}
	if rest, ok := bytes.CutPrefix(w, []byte("لل")); ok && len(rest) >= minStem {
		from := len(p.room)
		p.room = append(append(p.room, article...), rest...)
		enter(p.room[from:len(p.room):len(p.room)], off|Preposition)
		enter(rest, off|Preposition|Article)
		return
	}
	if rest, ok := cutLetter(w, "بلك"); ok {
		enter(rest, off|Preposition)
		if bare, ok := bytes.CutPrefix(rest, article); ok && len(bare) >= minStem {
			enter(bare, off|Preposition|Article)
		}
	}
	if rest, ok := cutLetter(w, "س"); ok {
		enter(rest, off|Future)
	}
}

// peelBack takes a suffixed pronoun off. A ta marbuta is written ت before one
// and comes back as ه, its folded form.
func (p *Peeler) peelBack(s Stem) {
	if len(s.Word) <= minStem {
		return
	}
	for _, pronoun := range pronouns[s.Word[len(s.Word)-1]] {
		rest, ok := bytes.CutSuffix(s.Word, pronoun)
		if !ok || len(rest) < minStem {
			continue
		}
		off := s.Off | Pronoun
		if bytes.Equal(pronoun, firstPlural) {
			off |= FirstPerson
		}
		p.stems = append(p.stems, Stem{rest, off})
		if stem, ok := bytes.CutSuffix(rest, []byte("ت")); ok && len(stem) >= minStem {
			from := len(p.room)
			p.room = append(append(p.room, stem...), taaMarbuta...)
			p.stems = append(p.stems, Stem{p.room[from:len(p.room):len(p.room)], off})
		}
		break
	}
	// وفدا: the written ending of the indefinite accusative.
	if rest, ok := bytes.CutSuffix(s.Word, []byte("ا")); ok && len(rest) >= minStem+2 {
		p.stems = append(p.stems, Stem{rest, s.Off})
	}
}

// cutLetter takes one of the two-byte letters off the front of w.
func cutLetter(w []byte, letters string) ([]byte, bool) {
	for i := 0; i+2 <= len(letters); i += 2 {
		if len(w) >= 2+minStem && w[0] == letters[i] && w[1] == letters[i+1] {
			return w[2:], true
		}
	}
	return w, false
}
