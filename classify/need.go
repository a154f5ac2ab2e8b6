package classify

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// feature is what a clause can have that patterns need, a kind of mention or a class:
// both are numbered in one row, the kinds first.
type feature = uint16

// mentionBits is how many kinds of mention there are.
const mentionBits = 8

// mostNumbers is how many features or patterns can be numbered.
const mostNumbers = math.MaxUint16

func featureOf(class int32) feature { return feature(class + mentionBits) }

// need is what an element of a pattern asks for: one of its features.
type need struct {
	classes  signature
	mentions mentionMask
	of       []feature
}

// has reports whether a word of the class meets the need.
func (n *need) has(class int32) bool {
	return n.classes.may(class) && slices.Contains(n.of, featureOf(class))
}

// need returns the need for one of the features. Elements that ask for the same share
// it: the fewer there are, the sooner they are at hand.
func (c *compiler) need(of []feature) *need {
	slices.Sort(of)
	of = slices.Compact(of)
	key := make([]byte, 0, 2*len(of))
	for _, f := range of {
		key = append(key, byte(f>>8), byte(f))
	}
	n, ok := c.shared[string(key)]
	if ok {
		return n
	}
	n = &need{of: of}
	for _, f := range of {
		if f < mentionBits {
			n.mentions |= 1 << f
		} else {
			n.classes.add(int32(f - mentionBits))
		}
	}
	c.shared[string(key)] = n
	return n
}

// begins returns what must be where the op begins, or nil where it is neither of words
// nor of mentions.
func (c *compiler) begins(o *op) *need {
	var of []feature
	for kind := range feature(mentionBits) {
		if o.mask&(1<<kind) != 0 {
			of = append(of, kind)
		}
	}
	for _, class := range o.classes {
		of = append(of, featureOf(class))
	}
	if o.kind == nodeGroup {
		for _, alt := range o.alts {
			first := &alt[0]
			if first.optional || first.asks == nil {
				return nil
			}
			of = append(of, first.asks.of...)
		}
	}
	if len(of) == 0 {
		return nil
	}
	return c.need(of)
}

// needsOf returns what the ops cannot do without, one need for each op that must be
// there. The groups among them are not linked yet.
func (c *compiler) needsOf(ops []op) []*need {
	var out []*need
	for i := range ops {
		switch o := &ops[i]; {
		case o.optional:
		case o.kind == nodeClass || o.kind == nodeMention:
			out = append(out, o.asks)
		case o.kind == nodeGroup:
			if either := c.needOfGroup(o.alts); either != nil {
				out = append(out, either)
			}
		}
	}
	return out
}

// needOfGroup returns what one of must be there for any of the alternatives to fit, or
// nil if one of them needs nothing.
func (c *compiler) needOfGroup(alts [][]op) *need {
	var of []feature
	for _, alt := range alts {
		inner := c.needsOf(alt)
		if len(inner) == 0 {
			return nil
		}
		of = append(of, inner[0].of...)
	}
	return c.need(of)
}

// needList is a list of needs in one row, so that all of it is at hand at once: of
// each how many features it has, and these.
type needList []uint16

// cut returns the first need, and those behind it.
func (l needList) cut() (of []feature, rest needList) {
	end := 1 + int(l[0])
	return l[1:end], l[end:]
}

// mentionWeight is how often a kind of mention is met, in the units of weights.
const mentionWeight = 1000

// weights returns how often each feature is met, as the phrases that are listed tell
// it: a phrase about as often as its rarest word stands in others, and a tenth of that
// where it has more words than one.
func (c *compiler) weights() []int {
	const phrase = 10
	uses := c.lex.uses()
	out := make([]int, len(c.g.classes)+mentionBits)
	for kind := range mentionBits {
		out[kind] = mentionWeight
	}
	for _, p := range c.lex.phrases {
		if p.sense.kind != senseClass {
			continue
		}
		n := uses[p.words[0]]
		for _, w := range p.words[1:] {
			n = min(n, uses[w])
		}
		if len(p.words) > 1 {
			n = 1 + n/phrase
		}
		out[featureOf(p.sense.ref)] += n
	}
	return out
}

// listNeeds returns the needs in one row, those first that are met least often.
func listNeeds(needs []*need, weights []int) needList {
	weigh := func(n *need) (sum int) {
		for _, f := range n.of {
			sum += weights[f]
		}
		return sum
	}
	slices.SortStableFunc(needs, func(a, b *need) int { return cmp.Compare(weigh(a), weigh(b)) })
	var list needList
	for _, n := range needs {
		list = append(append(list, uint16(len(n.of))), n.of...)
	}
	return list
}

// filePatterns lists the patterns of the rules, and files each under what its scarcest
// need asks for and under what it may begin with.
func (c *compiler) filePatterns() error {
	g := c.g
	for i := range g.rules {
		g.patterns = append(g.patterns, g.rules[i].patterns...)
	}
	weights := c.weights()
	if n := max(len(weights), len(g.patterns)); n > mostNumbers {
		return fmt.Errorf("file patterns: %d classes or patterns are more than %d", n, mostNumbers)
	}
	filed, begins := make([][]uint16, len(weights)), make([][]uint16, len(weights))
	for i := range g.patterns {
		p, number := &g.patterns[i], uint16(i)
		p.needs = listNeeds(c.needs[i], weights)
		scarcest, others := p.needs.cut()
		if len(others) > mostNumbers {
			return fmt.Errorf("file patterns: rule %s asks for more than %d words and classes", g.rules[p.rule].name, mostNumbers)
		}
		for _, f := range scarcest {
			filed[f] = append(append(filed[f], number, uint16(len(others))), others...)
		}
		for _, f := range p.head.of {
			begins[f] = append(begins[f], number)
		}
	}
	g.filed, g.begins = newIndex(filed), newIndex(begins)
	for i, from := 0, 0; i < len(g.rules); i++ {
		to := from + len(g.rules[i].patterns)
		g.rules[i].patterns = g.patterns[from:to]
		from = to
	}
	return nil
}
