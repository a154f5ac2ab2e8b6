package classify

import (
	"fmt"
	"strings"

	"palabre/lang"
)

// sense is what a phrase of the lexicon stands for.
type sense struct {
	kind  senseKind
	aside bool  // a word of a pattern: does not keep Arabic clitics from being taken off
	caps  bool  // counts in capitals only: an acronym that is also a word, such as UN
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

// lexicon finds words and phrases among folded tokens. Words are walked byte by
// byte through one dense table; a word may stand for itself and for each prefix
// pattern that it begins with. Phrases are a trie over the numbers of words.
type lexicon struct {
	byteClass [256]uint8
	width     int32
	next      []int32 // [state*width + class] → state, 0 is none; state 1 is the start
	exact     []int32 // by state: word number + 1, 0 is none
	prefix    []int32 // by state: word number + 1 of a prefix pattern, 0 is none
	nodes     []trieNode
	first     []int32 // by word number: trie node of the phrases that begin with it, 0 is none
	edges     edgeTable
}

type trieNode struct {
	senses []sense
	inner  bool // phrases go on from here
}

// lexiconBuilder collects phrases before the tables are made.
type lexiconBuilder struct {
	numbers map[string]int32 // word, with * behind a prefix → number
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
			if len(w) < 3 {
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
		n = int32(len(b.words))
		b.numbers[w] = n
		b.words = append(b.words, w)
	}
	return n
}

func (b *lexiconBuilder) build() *lexicon {
	lx := &lexicon{}
	lx.width = 1
	for _, w := range b.words {
		for _, c := range []byte(strings.TrimSuffix(w, "*")) {
			if lx.byteClass[c] == 0 {
				lx.byteClass[c] = uint8(lx.width)
				lx.width++
			}
		}
	}
	lx.grow()
	lx.grow() // state 1, the start
	for n, w := range b.words {
		lx.addWord(w, int32(n))
	}
	lx.first = make([]int32, len(b.words))
	lx.nodes = make([]trieNode, 1)
	for _, p := range b.phrases {
		lx.addPhrase(p)
	}
	return lx
}

func (lx *lexicon) grow() int32 {
	lx.next = append(lx.next, make([]int32, lx.width)...)
	lx.exact = append(lx.exact, 0)
	lx.prefix = append(lx.prefix, 0)
	return int32(len(lx.exact) - 1)
}

func (lx *lexicon) addWord(w string, number int32) {
	state := int32(1)
	stem, isPrefix := strings.CutSuffix(w, "*")
	for _, c := range []byte(stem) {
		at := state*lx.width + int32(lx.byteClass[c])
		if lx.next[at] == 0 {
			to := lx.grow()
			lx.next[at] = to
		}
		state = lx.next[at]
	}
	if isPrefix {
		lx.prefix[state] = number + 1
		return
	}
	lx.exact[state] = number + 1
}

func (lx *lexicon) addPhrase(p builtPhrase) {
	at := lx.first[p.words[0]]
	if at == 0 {
		at = lx.node()
		lx.first[p.words[0]] = at
	}
	for _, w := range p.words[1:] {
		to := lx.edges.to(at, w)
		if to == 0 {
			to = lx.node()
			lx.edges.add(at, w, to)
			lx.nodes[at].inner = true
		}
		at = to
	}
	lx.nodes[at].senses = append(lx.nodes[at].senses, p.sense)
}

func (lx *lexicon) node() int32 {
	lx.nodes = append(lx.nodes, trieNode{})
	return int32(len(lx.nodes) - 1)
}

// lookUp appends to dst the words that the folded word w stands for.
func (lx *lexicon) lookUp(dst []form, w []byte, off lang.Clitics) []form {
	state := int32(1)
	for _, c := range w {
		class := lx.byteClass[c]
		if class == 0 {
			return dst
		}
		state = lx.next[state*lx.width+int32(class)]
		if state == 0 {
			return dst
		}
		if n := lx.prefix[state]; n != 0 {
			dst = append(dst, form{n - 1, off})
		}
	}
	if n := lx.exact[state]; n != 0 {
		dst = append(dst, form{n - 1, off})
	}
	return dst
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
	const odd = 0x9E3779B97F4A7C15 // 2^64 over the golden ratio
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
