package classify

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"math/bits"
	"slices"
	"strings"

	"palabre/lang"
)

// sense is what a phrase of the lexicon stands for.
type sense struct {
	kind  senseKind
	aside bool  // a word of a pattern: does not keep Arabic clitics from being taken off
	vague bool  // a description, no name
	exact bool  // counts as written only: an acronym that is also a word, such as UN; أوصي, not أوصى; إن, not أن
	ref   int32 // class number, or index into grammar.names
}

// isCue reports whether the sense is the class of the cue: classes and cues have
// the same numbers.
func (s sense) isCue(c cue) bool { return s.kind == senseClass && s.ref == int32(c) }

type senseKind uint8

const (
	senseClass senseKind = iota
	senseActor
	sensePerson
	senseForce
	sensePlace
	senseDemonym
	senseOffice
	senseAnaphor
	senseIssuer // part of an outlet's name that tells for whom it speaks
	sensePress  // name of a medium, which takes no position: France 24
	senseWeak   // an actor's name that is also an ordinary word
)

// lexicon finds words and phrases among folded tokens. A token may stand for
// itself, found in a hash table, and for each prefix pattern that it begins with,
// found byte by byte in a dense table. Phrases are a trie over the numbers of
// words.
type lexicon struct {
	words    wordTable
	prefixes prefixTable
	nodes    []trieNode // that of the phrases which begin with a word has its number
	senses   []sense    // of all nodes, one after the other
	edges    edgeTable
	days     wordSet // words that name a day
	dayParts wordSet // words that may stand beside them
}

// wordSet is a set of words by their numbers.
type wordSet []uint64

func (s wordSet) has(word int32) bool { return s[word>>6]&(1<<(word&63)) != 0 }

func (s wordSet) add(word int32) { s[word>>6] |= 1 << (word & 63) }

// namesDay reports whether one of the forms is a word for a day.
func (lx *lexicon) namesDay(forms []form) bool {
	for k := range forms {
		if lx.days.has(forms[k].word) {
			return true
		}
	}
	return false
}

// trieNode is the end of the phrases with the senses from one to another. next has
// a bit for every word by which longer ones go on from it.
type trieNode struct {
	from, to int32
	next     uint64
}

// leads returns the bit of a word.
func leads(word int32) uint64 { return 1 << (word & 63) }

// goesOn reports whether the word may lead on from the node.
func (n *trieNode) goesOn(word int32) bool { return n.next&leads(word) != 0 }

func (lx *lexicon) sensesOf(n *trieNode) []sense { return lx.senses[n.from:n.to] }

// lexiconBuilder collects phrases before the tables are made.
type lexiconBuilder struct {
	numbers map[string]int32 // word, with * behind a prefix → number, from 1
	words   []string
	phrases []builtPhrase
	text    lang.Text
}

type builtPhrase struct {
	words []int32
	sense sense
}

func newLexiconBuilder() *lexiconBuilder {
	return &lexiconBuilder{numbers: make(map[string]int32)}
}

// add enters a phrase. A word that ends in * stands for all that begin with it.
func (b *lexiconBuilder) add(phrase string, s sense) error {
	b.text.Scan(phrase)
	var words []int32
	for i, tok := range b.text.Tokens {
		if tok.Kind != lang.Word && tok.Kind != lang.Number {
			continue
		}
		w := string(b.text.Folded(i))
		if int(tok.End) < len(phrase) && phrase[tok.End] == '*' {
			if len(w) < leastPrefix {
				return fmt.Errorf("the prefix %s* is shorter than three bytes", w)
			}
			w += "*"
		}
		words = append(words, b.number(w))
	}
	if len(words) == 0 {
		return fmt.Errorf("%q has no word in it", phrase)
	}
	b.phrases = append(b.phrases, builtPhrase{words, s})
	return nil
}

func (b *lexiconBuilder) number(w string) int32 {
	n, ok := b.numbers[w]
	if !ok {
		b.words = append(b.words, w)
		n = int32(len(b.words))
		b.numbers[w] = n
	}
	return n
}

// uses returns by word how many times the phrases have it.
func (b *lexiconBuilder) uses() []int {
	out := make([]int, len(b.words)+1)
	for _, p := range b.phrases {
		for _, w := range p.words {
			out[w]++
		}
	}
	return out
}

// sortWords numbers the words anew, those first that are used most: what is looked up
// often then stands close together.
func (b *lexiconBuilder) sortWords() {
	uses := b.uses()
	order := make([]int32, len(b.words))
	for i := range order {
		order[i] = int32(i + 1)
	}
	slices.SortStableFunc(order, func(v, w int32) int { return cmp.Compare(uses[w], uses[v]) })
	words, anew := make([]string, len(b.words)), make([]int32, len(b.words)+1)
	for i, old := range order {
		words[i], anew[old] = b.words[old-1], int32(i+1)
	}
	b.words = words
	for _, p := range b.phrases {
		for i, w := range p.words {
			p.words[i] = anew[w]
		}
	}
}

func (b *lexiconBuilder) build() *lexicon {
	b.sortWords()
	lx := &lexicon{}
	var prefixes []string
	for _, w := range b.words {
		if stem, ok := strings.CutSuffix(w, "*"); ok {
			prefixes = append(prefixes, stem)
		}
	}
	lx.prefixes.open(prefixes)
	for n, w := range b.words {
		if stem, ok := strings.CutSuffix(w, "*"); ok {
			lx.prefixes.add(stem, int32(n+1))
		} else {
			lx.words.add(w, int32(n+1))
		}
	}
	lx.nodes = make([]trieNode, 1+len(b.words))
	lx.days, lx.dayParts = make(wordSet, len(lx.nodes)/64+1), make(wordSet, len(lx.nodes)/64+1)
	senses := make([][]sense, len(lx.nodes)) // by node
	for _, p := range b.phrases {
		at := lx.addPhrase(p)
		senses = append(senses, make([][]sense, len(lx.nodes)-len(senses))...)
		if !slices.Contains(senses[at], p.sense) {
			senses[at] = append(senses[at], p.sense)
		}
		switch {
		case len(p.words) > 1:
		case p.sense.isCue(cueDay):
			lx.days.add(at)
		case p.sense.isCue(cueDayPart):
			lx.dayParts.add(at)
		}
	}
	for i := range lx.nodes {
		lx.nodes[i].from = int32(len(lx.senses))
		lx.senses = append(lx.senses, senses[i]...)
		lx.nodes[i].to = int32(len(lx.senses))
	}
	return lx
}

// addPhrase makes nodes for the phrase and returns the last of them.
func (lx *lexicon) addPhrase(p builtPhrase) int32 {
	at := p.words[0]
	for _, w := range p.words[1:] {
		to := lx.edges.to(at, w)
		if to == 0 {
			to = lx.node()
			lx.edges.add(at, w, to)
			lx.nodes[at].next |= leads(w)
		}
		at = to
	}
	return at
}

func (lx *lexicon) node() int32 {
	lx.nodes = append(lx.nodes, trieNode{})
	return int32(len(lx.nodes) - 1)
}

// lookUp appends to dst the words that the folded word w stands for.
func (lx *lexicon) lookUp(dst []form, w []byte, off lang.Clitics) []form {
	if len(w) >= leastPrefix && lx.prefixes.begins.has(w) {
		dst = lx.prefixes.lookUp(dst, w, off)
	}
	if n := lx.words.find(w); n != 0 {
		dst = append(dst, form{n, off})
	}
	return dst
}

// leastPrefix is the fewest bytes of a prefix.
const leastPrefix = 3

// beginnings is a set of the first bytes of prefixes, in few bits: it may have more
// than were entered. It spares most words the way through the table.
type beginnings [1 << 10]uint64

func (b *beginnings) place(w []byte) (i, bit uint32) {
	h := (uint32(w[0])<<16 | uint32(w[1])<<8 | uint32(w[2])) * 0x9E3779B1 >> 16
	return h >> 6, h & 63
}

func (b *beginnings) has(w []byte) bool {
	i, bit := b.place(w)
	return b[i]&(1<<bit) != 0
}

func (b *beginnings) add(w []byte) {
	i, bit := b.place(w)
	b[i] |= 1 << bit
}

// prefixTable holds the words that end in *, as a trie over bytes. State 1 is
// the start, 0 is none.
type prefixTable struct {
	begins    beginnings
	byteClass [256]uint8 // 0 for bytes that no prefix has
	width     int32
	next      []int32 // by state*width + class
	number    []int32 // by state: word number of the prefix that ends there
}

// open makes room for prefixes of these bytes.
func (p *prefixTable) open(prefixes []string) {
	p.width = 1
	for _, w := range prefixes {
		for _, c := range []byte(w) {
			if p.byteClass[c] == 0 {
				p.byteClass[c] = uint8(p.width)
				p.width++
			}
		}
	}
	p.grow()
	p.grow()
}

func (p *prefixTable) grow() int32 {
	p.next = append(p.next, make([]int32, p.width)...)
	p.number = append(p.number, 0)
	return int32(len(p.number) - 1)
}

// lookUp appends to dst the prefixes with which the word begins.
func (p *prefixTable) lookUp(dst []form, w []byte, off lang.Clitics) []form {
	state := int32(1)
	for _, c := range w {
		class := p.byteClass[c]
		if class == 0 {
			break
		}
		if state = p.next[state*p.width+int32(class)]; state == 0 {
			break
		}
		if n := p.number[state]; n != 0 {
			dst = append(dst, form{n, off})
		}
	}
	return dst
}

func (p *prefixTable) add(w string, number int32) {
	p.begins.add([]byte(w))
	state := int32(1)
	for _, c := range []byte(w) {
		at := state*p.width + int32(p.byteClass[c])
		if p.next[at] == 0 {
			to := p.grow()
			p.next[at] = to
		}
		state = p.next[at]
	}
	p.number[state] = number
}

// wordTable numbers whole words, from 1. It is a hash table with open addresses,
// looked up by keys of words: those of short words tell them apart by themselves, so
// that nothing else need be looked at.
type wordTable struct {
	slots []wordSlot // a power of two of them, at most half in use
	used  int
	text  strings.Builder // the words, one after the other
	ends  []int32         // by number: where the word ends in text
}

type wordSlot struct {
	key    uint64
	number int32 // 0 for a free slot
}

// odd is 2^64 over the golden ratio: the upper bits of products with it are well
// mixed.
const odd = 0x9E3779B97F4A7C15

// shortWord is the most bytes of a word that is its own key.
const shortWord = 7

// keyOf returns the bytes of a short word, or a hash of a longer one with the highest
// bit set.
func keyOf(w []byte) (key uint64) {
	if len(w) <= shortWord {
		for _, c := range w {
			key = key<<8 | uint64(c)
		}
		return key
	}
	key = binary.LittleEndian.Uint64(w[len(w)-8:]) + uint64(len(w))
	for ; len(w) > 8; w = w[8:] {
		key = bits.RotateLeft64(key*odd, 32) ^ binary.LittleEndian.Uint64(w)
	}
	return key*odd | 1<<63
}

// place returns where a key is looked for first.
func (t *wordTable) place(key uint64) uint32 {
	return uint32(key*odd>>32) & uint32(len(t.slots)-1)
}

// find returns the number of the word, or 0.
func (t *wordTable) find(w []byte) int32 {
	if t.used == 0 {
		return 0
	}
	key := keyOf(w)
	for i := t.place(key); ; i = (i + 1) & uint32(len(t.slots)-1) {
		s := &t.slots[i]
		if s.key == key && (len(w) <= shortWord || t.word(s.number) == string(w)) {
			return s.number
		}
		if s.number == 0 {
			return 0
		}
	}
}

// word returns the word of a number.
func (t *wordTable) word(number int32) string {
	return t.text.String()[t.ends[number-1]:t.ends[number]]
}

// spell returns the word as a string, which takes no room for words that are there.
func (t *wordTable) spell(w []byte) string {
	if n := t.find(w); n != 0 {
		return t.word(n)
	}
	return string(w)
}

// add enters a word that is not there yet, with a number above those before.
func (t *wordTable) add(w string, number int32) {
	if 2*(t.used+1) > len(t.slots) {
		old := t.slots
		t.slots = make([]wordSlot, max(64, 2*len(old)))
		for _, s := range old {
			if s.number != 0 {
				t.put(s)
			}
		}
	}
	for len(t.ends) < int(number) {
		t.ends = append(t.ends, int32(t.text.Len()))
	}
	t.text.WriteString(w)
	t.ends = append(t.ends, int32(t.text.Len()))
	t.put(wordSlot{keyOf([]byte(w)), number})
	t.used++
}

func (t *wordTable) put(s wordSlot) {
	i := t.place(s.key)
	for t.slots[i].number != 0 {
		i = (i + 1) & uint32(len(t.slots)-1)
	}
	t.slots[i] = s
}

// edgeTable leads from a node of the phrase trie by a word to the next node. It
// is a hash table with open addresses: the keys of a full map cost more.
type edgeTable struct {
	edges []edge // a power of two of them, at most half in use
	used  int
}

type edge struct{ from, word, to int32 }

// slot returns where the edge is, or belongs.
func (t *edgeTable) slot(from, word int32) int {
	mask := len(t.edges) - 1
	h := (uint64(uint32(from))<<32 | uint64(uint32(word))) * odd
	for i := int(h>>32) & mask; ; i = (i + 1) & mask {
		if e := &t.edges[i]; e.to == 0 || e.from == from && e.word == word {
			return i
		}
	}
}

// to returns the node behind the edge, or 0.
func (t *edgeTable) to(from, word int32) int32 {
	if t.used == 0 {
		return 0
	}
	return t.edges[t.slot(from, word)].to
}

// add enters an edge that is not there yet.
func (t *edgeTable) add(from, word, to int32) {
	if 2*(t.used+1) > len(t.edges) {
		old := t.edges
		t.edges = make([]edge, max(64, 2*len(old)))
		for _, e := range old {
			if e.to != 0 {
				t.edges[t.slot(e.from, e.word)] = e
			}
		}
	}
	t.edges[t.slot(from, word)] = edge{from, word, to}
	t.used++
}
