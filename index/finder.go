package index

import (
	"slices"
	"strings"

	"palabre/lang"
)

// finder tells where in a text the parts of a query stand. It reads a text once,
// whatever its length.
type finder struct {
	slots    int // what is looked for: a word, a phrase or an operand
	starts   map[string][]start
	stems    map[string]*stemSlots // by language
	prefixes []opening
	joints   []joint
	cache    map[string][]int // slots of words seen before
}

// stemSlots are the slots that words of a language fill, by their stem. Most words
// need not be stemmed: a stem begins as its words do, and that of an Arabic word,
// from whose front the article is taken, ends so.
type stemSlots struct {
	slots map[string][]int
	end   bool
	bytes [256]bool
}

func (s *stemSlots) add(stem string, slot int) {
	if stem == "" {
		return
	}
	s.slots[stem] = append(s.slots[stem], slot)
	s.bytes[s.edge(stem)] = true
}

func (s *stemSlots) edge(word string) byte {
	if s.end {
		return word[len(word)-1]
	}
	return word[0]
}

// likely reports whether a folded word may have one of the stems.
func (s *stemSlots) likely(word string) bool { return word != "" && s.bytes[s.edge(word)] }

// start is a sequence that may begin with a word.
type start struct {
	slot int
	rest sequence
}

// opening is the beginning of words, behind others that stand before it.
type opening struct {
	slot   int
	before []string
	text   string
}

// joint is a part of the query: one slot, or several that must stand together.
type joint struct {
	slots []int
	near  near
	reach int
}

// newFinder returns a finder of what the query wants in a text. What it denies is
// not looked for.
func newFinder(q *Query) *finder {
	f := &finder{starts: make(map[string][]start), stems: make(map[string]*stemSlots), cache: make(map[string][]int)}
	if q == nil {
		return f
	}
	walk(q.root, func(e expr) bool {
		switch e := e.(type) {
		case not:
			return false
		case near:
			j := joint{near: e}
			for _, p := range e.parts {
				j.slots = append(j.slots, f.slot(p))
			}
			f.joints = append(f.joints, j)
			return false
		case phrase:
			if e.reach > 0 {
				f.joints = append(f.joints, f.within(e))
				return false
			}
			f.joints = append(f.joints, joint{slots: []int{f.slot(e)}})
		case word, prefix:
			f.joints = append(f.joints, joint{slots: []int{f.slot(e)}})
		}
		return true
	})
	return f
}

// within returns the joint of words that stand together in any order.
func (f *finder) within(p phrase) joint {
	j := joint{reach: p.reach}
	for _, w := range words(p.text) {
		j.slots = append(j.slots, f.enter(&sought{seqs: []sequence{{{w}}}}))
	}
	return j
}

// slot enters a word, prefix or phrase and returns its number.
func (f *finder) slot(e expr) int {
	var s sought
	switch e := e.(type) {
	case word:
		s = e.seek()
	case phrase:
		s = e.seek()
	case prefix:
		list := e.written()
		last := len(list) - 1
		f.prefixes = append(f.prefixes, opening{f.slots, list[:last], list[last]})
	}
	return f.enter(&s)
}

func (f *finder) enter(s *sought) int {
	n := f.slots
	f.slots++
	for _, seq := range s.seqs {
		if len(seq) == 0 {
			continue
		}
		for _, form := range seq[0] {
			f.starts[form] = append(f.starts[form], start{n, seq[1:]})
		}
	}
	for language, stem := range s.stems {
		if f.stems[language] == nil {
			f.stems[language] = &stemSlots{slots: make(map[string][]int), end: language == "ar"}
		}
		f.stems[language].add(stem, n)
	}
	return n
}

// found is what a finder found in a text.
type found struct {
	tokens []int     // of each word, counted from 0, its token
	parts  [][]place // of each part of the query, where it stands
}

// find looks for the query's parts in a text.
func (f *finder) find(t *lang.Text) *found {
	out := &found{tokens: make([]int, 0, len(t.Tokens)), parts: make([][]place, len(f.joints))}
	for i := range t.Tokens {
		if k := t.Tokens[i].Kind; k == lang.Word || k == lang.Number {
			out.tokens = append(out.tokens, i)
		}
	}
	if len(f.joints) == 0 {
		return out
	}
	slots := make([][]place, f.slots)
	for w, i := range out.tokens {
		tok := &t.Tokens[i]
		fold := t.Folded(i)
		for _, slot := range f.alone(t.Source[tok.Start:tok.End], fold) {
			slots[slot] = append(slots[slot], place{w, w})
		}
		for _, s := range f.starts[string(fold)] {
			if len(s.rest) > 0 && follows(t, out.tokens[w+1:], s.rest) {
				slots[s.slot] = append(slots[s.slot], place{w, w + len(s.rest)})
			}
		}
		for _, o := range f.prefixes {
			if n := len(o.before); n > 0 && n <= w && strings.HasPrefix(string(fold), o.text) && precedes(t, out.tokens[w-n:w], o.before) {
				slots[o.slot] = append(slots[o.slot], place{w - n, w})
			}
		}
	}
	for n, j := range f.joints {
		out.parts[n] = j.join(slots)
	}
	return out
}

// join returns where the joint's slots stand as it wants them to.
func (j *joint) join(slots [][]place) []place {
	if len(j.slots) == 1 {
		return slots[j.slots[0]]
	}
	byFirst := func(a, b place) int { return a.first - b.first }
	parts := make([][]place, len(j.slots))
	for i, s := range j.slots {
		parts[i] = slices.SortedFunc(slices.Values(slots[s]), byFirst)
	}
	if j.reach > 0 {
		parts = gathered(parts, j.reach)
	} else {
		parts = chained(parts, j.near.gaps)
	}
	out := slices.Concat(parts...)
	slices.SortFunc(out, byFirst)
	return out
}

// alone returns the slots that a word fills by itself.
func (f *finder) alone(original string, fold []byte) []int {
	if slots, ok := f.cache[original]; ok {
		return slots
	}
	folded := string(fold)
	var slots []int
	add := func(slot int) {
		if !slices.Contains(slots, slot) {
			slots = append(slots, slot)
		}
	}
	for _, s := range f.starts[folded] {
		if len(s.rest) == 0 {
			add(s.slot)
		}
	}
	for _, o := range f.prefixes {
		if len(o.before) == 0 && strings.HasPrefix(folded, o.text) {
			add(o.slot)
		}
	}
	for language, stems := range f.stems {
		if !stems.likely(folded) {
			continue
		}
		for _, slot := range stems.slots[stemForms[language](original, folded)] {
			add(slot)
		}
	}
	f.cache[strings.Clone(original)] = slots
	return slots
}

// follows reports whether the words at the tokens begin with a sequence.
func follows(t *lang.Text, tokens []int, rest sequence) bool {
	if len(rest) > len(tokens) {
		return false
	}
	for i, forms := range rest {
		if !slices.Contains(forms, string(t.Folded(tokens[i]))) {
			return false
		}
	}
	return true
}

// precedes reports whether the words at the tokens are those of a list.
func precedes(t *lang.Text, tokens []int, list []string) bool {
	for i, w := range list {
		if string(t.Folded(tokens[i])) != w {
			return false
		}
	}
	return true
}
