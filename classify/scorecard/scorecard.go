// Package scorecard weighs the words of a passage. Each feature of a passage, such
// as a word or a pair of words, brings points for or against each label, and the sum
// of the points says how likely the label is.
//
// A scorecard is a table that people can read and change. Its points are those of
// logistic regressions, two for each label, which Fit makes from labelled texts: one
// for passages, and one for the sentence of a passage that gives it the label.
package scorecard

import (
	"hash/maphash"
	"math"
	"strings"
	"unicode/utf8"

	"palabre/statement"
)

// Label is what a scorecard can say of a passage: that somebody takes the stance on
// the topic in it.
type Label struct {
	Topic  statement.Topic
	Stance statement.Stance
}

func (l Label) String() string { return string(l.Topic) + " " + string(l.Stance) }

// Card is a scorecard. It is safe for concurrent use.
type Card struct {
	labels   []Label
	always   feature   // what every passage and every sentence has
	features []feature // by row
	rows     map[string]int32

	seed      maphash.Seed
	words     map[uint64]int32 // hashes of the words of features → their numbers: twice as fast as by the words
	wordRows  []int32          // by number: the row of the word, or None
	beginRows []int32          // by number: the row of its beginning, or None
	leads     []uint64         // by number: a bit for each word that may follow in a pair
	pairs     map[uint64]int32 // the numbers of both words → the row of the pair
}

// feature is a row of the card.
type feature struct {
	name     string
	passages int     // that had it, of those from which the card was made
	rarity   float32 // what it counts, the more the rarer it is
	points   points  // tenths of log-odds by which it makes a label likelier, if it were all of a passage
	here     points  // the same of a sentence
}

// points are those of a feature, by label.
type points [MaxLabels]int8

// MaxLabels is how many labels a card can have: each stance on each topic.
const MaxLabels = 12

// None is the row of what is no feature of a card, and the number of a word that is in
// none.
const None = -1

// The marks in the names of features that are more than a word: "lay_down" is a pair of
// neighbours, "negot*" the beginning of longer words.
const (
	pairMark  = "_"
	beginMark = "*"
)

// beginLetters is how many letters a beginning has.
const beginLetters = 5

// Pair returns the name of the feature of two neighbours.
func Pair(first, second string) string { return first + pairMark + second }

// Beginning returns the name of the feature of a word's beginning, or "" of a word that
// is not longer.
func Beginning(word string) string {
	if n := begins(word); n < len(word) {
		return word[:n] + beginMark
	}
	return ""
}

// begins returns how many bytes the beginning of a word has.
func begins[T string | []byte](word T) int {
	head := string(word[:min(len(word), beginLetters*utf8.UTFMax)])
	n := 0
	for range beginLetters {
		_, size := utf8.DecodeRuneInString(head[n:])
		n += size
	}
	return n
}

// Labels returns the labels of the card, by number.
func (c *Card) Labels() []Label { return c.labels }

// Features returns how many features the card has.
func (c *Card) Features() int { return len(c.features) }

// Named returns the row of a feature by its name, or None.
func (c *Card) Named(name []byte) int32 {
	if row, ok := c.rows[string(name)]; ok {
		return row
	}
	return None
}

// Word returns the number of a word, or None.
func (c *Card) Word(word []byte) int32 {
	if n, ok := c.words[maphash.Bytes(c.seed, word)]; ok {
		return n
	}
	return None
}

// WordRow returns the row of the word with the number, or None.
func (c *Card) WordRow(n int32) int32 {
	if n == None {
		return None
	}
	return c.wordRows[n]
}

// BeginRow returns the row of the beginning of the word, which has the number, or None.
func (c *Card) BeginRow(n int32, word []byte) int32 {
	if n != None {
		return c.beginRows[n]
	}
	var name [beginLetters*utf8.UTFMax + len(beginMark)]byte
	end := begins(word)
	if end >= len(word) {
		return None
	}
	if row, ok := c.rows[string(append(append(name[:0], word[:end]...), beginMark...))]; ok {
		return row
	}
	return None
}

// PairRow returns the row of two neighbours by the numbers of the words, or None.
func (c *Card) PairRow(first, second int32) int32 {
	if first == None || second == None || c.leads[first]&(1<<(second&63)) == 0 {
		return None
	}
	if row, ok := c.pairs[pairKey(first, second)]; ok {
		return row
	}
	return None
}

func pairKey(first, second int32) uint64 { return uint64(first)<<32 | uint64(second) }

// enter adds a feature.
func (c *Card) enter(f feature) {
	f.rarity = rarity(c.always.passages, f.passages)
	c.rows[f.name] = int32(len(c.features))
	c.features = append(c.features, f)
}

// file enters the words and pairs of the features.
func (c *Card) file() {
	c.seed = maphash.MakeSeed()
	c.words, c.pairs = make(map[uint64]int32), make(map[uint64]int32)
	number := func(word string) int32 {
		hash := maphash.String(c.seed, word)
		n, ok := c.words[hash]
		if !ok {
			n = int32(len(c.words))
			c.words[hash] = n
			c.wordRows, c.beginRows, c.leads = append(c.wordRows, None), append(c.beginRows, c.Named([]byte(Beginning(word)))), append(c.leads, 0)
		}
		return n
	}
	for i := range c.features {
		name, row := c.features[i].name, int32(i)
		if first, second, ok := strings.Cut(name, pairMark); ok && first != "" && second != "" {
			a, b := number(first), number(second)
			c.pairs[pairKey(a, b)] = row
			c.leads[a] |= 1 << (b & 63)
			continue
		}
		c.wordRows[number(name)] = row
	}
}

// rarity is the inverse document frequency, as in scikit-learn's TfidfTransformer.
func rarity(passages, with int) float32 {
	return float32(math.Log((1+float64(passages))/(1+float64(with))) + 1)
}

// leastLength is the length that is added to that of every passage, at a right angle, so
// that few words prove little.
const leastLength = 25

// damped is what a feature counts that a passage has n times.
func damped(n uint16) float32 {
	if n == 1 {
		return 1
	}
	return float32(1 + math.Log(float64(n)))
}

// likelihood is the logistic function.
func likelihood(odds float64) float64 { return 1 / (1 + math.Exp(-odds)) }
