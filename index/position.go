package index

import (
	"iter"
	"slices"
	"strings"
)

// position is what a position has, or is to have, in the order of positionFields;
// any of it may be empty.
type position [5]string

// positionFields are the fields of a position.
var positionFields = []string{"topic", "stance", "actor", "speaker", "target"}

// positionOf returns what parts that stand side by side ask of one position.
func positionOf(parts []expr) position {
	var out position
	for _, p := range parts {
		f, ok := p.(field)
		if i := slices.Index(positionFields, f.name); ok && i >= 0 && out[i] == "" {
			out[i] = f.value
		}
	}
	return out
}

// set tells how much of it is given.
func (p position) set() int {
	n := 0
	for _, v := range p {
		if v != "" {
			n++
		}
	}
	return n
}

// term is the word under which statements with such a position are listed.
func (p position) term() string { return strings.Join(p[:], "/") }

// terms are the words for every two or more things that can be asked of it.
func (p position) terms() iter.Seq[string] {
	return func(yield func(string) bool) {
		for chosen := range 1 << len(p) {
			var part position
			for i, v := range p {
				if chosen>>i&1 == 1 {
					part[i] = v
				}
			}
			if part.set() > 1 && !yield(part.term()) {
				return
			}
		}
	}
}
