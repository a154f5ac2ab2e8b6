package classify

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"
)

// needs returns what the ops cannot do without, one need for each op that must be
// there. The groups among them are not linked yet.
func needs(ops []op) []need {
	var out []need
	for i := range ops {
		switch o := &ops[i]; {
		case o.optional:
		case o.kind == nodeClass || o.kind == nodeMention:
			out = append(out, o.asks)
		case o.kind == nodeGroup:
			if either, ok := needsOfGroup(o.alts); ok {
				out = append(out, either)
			}
		}
	}
	return out
}

// needsOfGroup returns what one of must be there for any of the alternatives to
// fit, if each of them needs something.
func needsOfGroup(alts [][]op) (either need, ok bool) {
	for _, alt := range alts {
		inner := needs(alt)
		if len(inner) == 0 {
			return either, false
		}
		either.join(&inner[0])
	}
	return either, true
}

// begins returns what must be where the op begins, or nothing where it is neither
// of words nor of mentions.
func (c *compiler) begins(o *op) need {
	n := need{offer: offer{mentions: o.mask}, weight: mentionWeight * int32(bits.OnesCount16(uint16(o.mask)))}
	for kind := range int32(mentionBits) {
		if o.mask&(1<<kind) != 0 {
			n.of = append(n.of, kind)
		}
	}
	for _, class := range o.classes {
		n.classes.add(class)
		n.of = append(n.of, lastOf(class))
		n.weight += c.weightOf(class)
	}
	if o.kind == nodeGroup {
		for _, alt := range o.alts {
			first := &alt[0]
			if first.optional || !first.known {
				return need{}
			}
			n.join(&first.asks)
		}
	}
	return n
}

// How often a need is met, roughly, in units of an ordinary word.
const (
	mentionWeight = 4  // of each kind of mention
	commonWeight  = 30 // of a short word, or of a class of the engine's own
	shortWord     = 4  // letters of a word that is likely to be a particle

	wordsToAWeight = 10 // of a class
)

func (c *compiler) weightOf(class int32) int32 {
	word, literal := strings.CutPrefix(c.g.className(class), literalPrefix)
	if class < int32(cueCount) || literal && utf8.RuneCountInString(word) <= shortWord {
		return commonWeight
	}
	return int32(1 + c.words[class]/wordsToAWeight)
}

// indexRules files each pattern under what its first node asks for.
func (c *compiler) indexRules() {
	lists := make([][]entry, len(c.g.classes)+1)
	for i := range c.g.rules {
		for k := range c.g.rules[i].patterns {
			p := &c.g.rules[i].patterns[k]
			c.indexFirst(lists, p.nodes, entry{rule: int32(i), pattern: p}, make(map[int32]bool))
		}
	}
	for _, entries := range lists {
		c.g.lists = append(c.g.lists, entryList{int32(len(c.g.entries)), int32(len(c.g.bundles))})
		c.g.bundle(entries)
	}
	c.g.lists = append(c.g.lists, entryList{int32(len(c.g.entries)), int32(len(c.g.bundles))})
}

// bundle enters the patterns of a list, and puts those together that begin alike
// and whose rarest need is the same.
func (g *grammar) bundle(entries []entry) {
	order := make([]int32, len(entries))
	for i := range order {
		order[i] = int32(i)
	}
	rarest := func(i int32) []int32 {
		if needs := entries[i].pattern.needs; len(needs) > 0 {
			return needs[0].of
		}
		return nil
	}
	slices.SortStableFunc(order, func(i, j int32) int {
		return cmp.Or(cmp.Compare(entries[i].mask, entries[j].mask), slices.Compare(rarest(i), rarest(j)))
	})
	for n, i := range order {
		e, of := &entries[i], rarest(i)
		begins := n == 0 || entries[order[n-1]].mask != e.mask
		if begins || !slices.Equal(rarest(order[n-1]), of) {
			b := bundle{of: run{from: int32(len(g.needed))}, entries: run{from: int32(len(g.bundled))}}
			if of != nil {
				b.rarest = e.pattern.needs[0].offer
			}
			g.needed = append(g.needed, of...)
			b.of.to = int32(len(g.needed))
			g.bundles = append(g.bundles, b)
		}
		g.bundled = append(g.bundled, int32(len(g.entries))+i)
		g.bundles[len(g.bundles)-1].entries.to = int32(len(g.bundled))
		if e.mask == 0 {
			continue
		}
		if begins {
			g.byKind = append(g.byKind, kindBundles{e.mask, run{from: int32(len(g.bundles) - 1)}})
		}
		g.byKind[len(g.byKind)-1].bundles.to = int32(len(g.bundles))
	}
	g.entries = append(g.entries, entries...)
}

func (c *compiler) indexFirst(lists [][]entry, ops []op, e entry, seen map[int32]bool) {
	first := &ops[0]
	for (first.kind == nodeStart || first.kind == nodeNot) && len(ops) > 1 { // they take up no word
		ops = ops[1:]
		first = &ops[0]
	}
	switch first.kind {
	case nodeClass:
		for _, class := range first.classes {
			if !seen[class] {
				seen[class] = true
				lists[class] = append(lists[class], e)
			}
		}
	case nodeMention:
		e.mask = first.mask
		lists[c.g.mentionList()] = append(lists[c.g.mentionList()], e)
	case nodeGroup:
		for _, alt := range first.alts {
			c.indexFirst(lists, alt, e, seen)
		}
	}
}
