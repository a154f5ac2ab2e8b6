package index

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"palabre/lang"
)

// sequence is words that follow each other in a text, each as one of several
// folded forms.
type sequence [][]string

// sought is what a word, phrase or name stands for in texts: any of the
// sequences, or a word whose stem in a language is the one given.
type sought struct {
	seqs  []sequence
	stems map[string]string // by language
}

// words returns the folded words of a text.
func words(s string) []string { return wordsIn(new(lang.Text), s) }

// wordsIn is words with the buffers of a text.
func wordsIn(t *lang.Text, s string) []string {
	t.Scan(s)
	out := make([]string, 0, 4)
	for i, tok := range t.Tokens {
		if tok.Kind == lang.Word || tok.Kind == lang.Number {
			out = append(out, string(t.Folded(i)))
		}
	}
	return out
}

// elided are what French writes before a word with an apostrophe.
var elided = map[string]bool{
	"l": true, "d": true, "qu": true, "j": true, "n": true, "s": true, "m": true, "t": true, "c": true,
	"jusqu": true, "lorsqu": true, "puisqu": true, "quoiqu": true,
}

// bare takes off what is not part of a word that somebody looks for: the article
// of l'État and the ending of MINUSMA's.
func bare(text string) string {
	text = strings.TrimFunc(text, func(r rune) bool { return !isLetter(r) && !unicode.IsMark(r) })
	if strings.IndexFunc(text, func(r rune) bool { return r == '\'' || r >= utf8.RuneSelf && !isLetter(r) }) < 0 {
		return text
	}
	folded, at := lang.FoldMap(text)
	if head, rest, ok := strings.Cut(folded, "'"); ok && elided[head] && rest != "" {
		text = text[at[len(head)+1]:]
		folded, at = lang.FoldMap(text)
	}
	if rest, ok := strings.CutSuffix(folded, "'s"); ok && rest != "" {
		text = text[:at[len(rest)]]
	}
	return text
}

// isArabic reports whether a folded word is written in Arabic letters.
func isArabic(word string) bool {
	r, _ := utf8.DecodeRuneInString(word)
	return r >= 0x600 && r < 0x700
}

const (
	arabicArticle = "ال"
	fewestArabic  = 3 // letters of a word before which و ف ب ل ك are looked for
)

var (
	beforeArticle = []string{"", "و", "ف", "ب", "ك", "وب", "وك", "فب"} // لل stands for ل and the article
	beforeWord    = []string{"", "و", "ف", "ب", "ل", "ك", "وب", "ول", "فب", "فل"}
)

// arabicForms returns a folded Arabic word with everything that may be written
// before it. A word alone is found with and without its article.
func arabicForms(word string, alone bool) []string {
	stem, definite := strings.CutPrefix(word, arabicArticle)
	if definite && utf8.RuneCountInString(stem) < fewestArabic {
		stem, definite = word, false
	}
	if utf8.RuneCountInString(stem) < fewestArabic {
		return []string{word}
	}
	forms := []string{word}
	add := func(f string) {
		if f != word {
			forms = append(forms, f)
		}
	}
	if alone || definite {
		for _, p := range beforeArticle {
			add(p + arabicArticle + stem)
		}
		for _, p := range []string{"", "و", "ف"} {
			add(p + "لل" + stem)
		}
	}
	if alone || !definite {
		for _, p := range beforeWord {
			add(p + stem)
		}
	}
	return forms
}

// inSequence returns words as they follow each other, the first of them with
// everything that Arabic may write before it.
func inSequence(list []string, clitics bool) sequence {
	out := make(sequence, len(list))
	for i, w := range list {
		out[i] = []string{w}
		if i == 0 && clitics && isArabic(w) {
			out[i] = arabicForms(w, len(list) == 1)
		}
	}
	return out
}

// plain is the word without what is not part of it, unless it is exact.
func (w word) plain() string {
	if w.exact {
		return w.text
	}
	return bare(w.text)
}

// written are the folded words that are looked for whatever the word names.
func (w word) written() []string { return words(w.plain()) }

func (p phrase) written() []string { return words(p.text) }

func (p prefix) written() []string { return words(bare(p.text)) }

// seek returns what a word stands for: its forms and, unless it is exact, its
// stem in each language. A word that marks part, such as cessez-le-feu, is a
// sequence.
func (w word) seek() sought {
	text, list := w.plain(), w.written()
	s := sought{seqs: []sequence{inSequence(list, !w.exact)}}
	if !w.exact && len(list) == 1 {
		s.stems = make(map[string]string, len(stemmed))
		for language, form := range stemForms {
			s.stems[language] = form(text, list[0])
		}
	}
	s.addNames(w.naming)
	return s
}

// seek returns what a phrase stands for: its words as written, one behind the
// other.
func (p phrase) seek() sought {
	s := sought{seqs: []sequence{inSequence(p.written(), false)}}
	s.addNames(p.naming)
	return s
}

func (s *sought) addNames(n naming) {
	for _, v := range n.variants {
		s.seqs = append(s.seqs, inSequence(v.words, true))
	}
}

// holds reports whether part stands in whole, as words that follow each other.
func holds(whole, part []string) bool {
	for i := 0; i+len(part) <= len(whole); i++ {
		if slices.Equal(whole[i:i+len(part)], part) {
			return true
		}
	}
	return false
}
