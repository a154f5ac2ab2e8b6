package classify

import (
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
	n := need{offer: offer{mentions: o.mask}, of: o.classes, weight: mentionWeight * int32(bits.OnesCount16(uint16(o.mask)))}
	for _, class := range o.classes {
		n.classes.add(class)
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
	c.g.begin = make([]entryList, len(c.g.classes))
	for i := range c.g.rules {
		for k := range c.g.rules[i].patterns {
			p := &c.g.rules[i].patterns[k]
			c.indexFirst(p.nodes, entry{rule: int32(i), pattern: p}, make(map[int32]bool))
		}
	}
	for class := range c.g.begin {
		c.g.begin[class].bundle()
	}
	c.g.byMention.bundle()
}

// bundle puts the entries together that begin alike and whose rarest need is the
// same.
func (l *entryList) bundle() {
	for i := range l.entries {
		e := &l.entries[i]
		b := bundle{mask: e.mask, free: len(e.pattern.needs) == 0}
		if !b.free {
			b.rarest = e.pattern.needs[0]
		}
		at := slices.IndexFunc(l.bundles, func(o bundle) bool { return o.mask == b.mask && o.free == b.free && o.rarest.equals(&b.rarest) })
		if at < 0 {
			at = len(l.bundles)
			l.bundles = append(l.bundles, b)
		}
		l.bundles[at].entries = append(l.bundles[at].entries, int32(i))
	}
}

func (c *compiler) indexFirst(ops []op, e entry, seen map[int32]bool) {
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
				c.g.begin[class].entries = append(c.g.begin[class].entries, e)
			}
		}
	case nodeMention:
		e.mask = first.mask
		c.g.byMention.entries = append(c.g.byMention.entries, e)
	case nodeGroup:
		for _, alt := range first.alts {
			c.indexFirst(alt, e, seen)
		}
	}
}
