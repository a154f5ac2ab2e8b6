package classify

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"

	"palabre/lang"
)

// nearMiss is how far a pattern got that did not fit: up to token end, with so
// many elements left to find, of which wants is the first.
type nearMiss struct {
	rule       int32
	start, end int
	found      int
	left       int
	head       *op // the element that the pattern begins with
	wants      *op
	path       []taken // the words of a pattern that fits, the last first
}

// taken is what an element of a pattern was found to be: tokens from one to
// another, of a class or a mention.
type taken struct {
	class    int32
	from, to int
}

// reach notes that ops are left to match at token i.
func (n *nearMiss) reach(ops []op, i int) {
	if left, first := toFind(ops); left < n.left {
		n.left, n.end, n.wants = left, i, first
	}
}

// toFind returns how many words and mentions the pattern asks for at least, and
// the first of them.
func toFind(ops []op) (n int, first *op) {
	for i := range ops {
		switch o := &ops[i]; {
		case o.optional, o.kind == nodeGap, o.kind == nodeNot, o.kind == nodeStart, o.kind == nodeEnd:
		case o.kind == nodeGroup: // what follows it is part of each alternative
			least, head := toFind(o.alts[0])
			for _, alt := range o.alts[1:] {
				if k, h := toFind(alt); k < least {
					least, head = k, h
				}
			}
			if first == nil {
				first = head
			}
			return n + least, first
		default:
			n++
			if first == nil {
				first = o
			}
		}
	}
	return n, first
}

// nearly returns the patterns of which a sentence lacks one element alone, those
// first of which most is there. Rules that fit in the sentence are left out.
func (r *reader) nearly(s lang.Span) []nearMiss {
	fits := make(map[int32]bool)
	for i := range r.found {
		fits[r.found[i].rule] = true
	}
	var out []nearMiss
	mt := matcher{r: r, limit: s.End, low: s.Start}
	for i := s.Start; i < s.End; i++ {
		r.eachBeginning(i, func(p *pattern) {
			if fits[p.rule] {
				return
			}
			all, head := toFind(p.nodes)
			n := nearMiss{rule: p.rule, start: i, head: head, left: all + 1}
			mt.steps, mt.near = 0, &n
			if mt.run(p.nodes, i) < 0 && n.left == 1 && all > 1 {
				n.found = all - n.left
				out = append(out, n)
				fits[p.rule] = true
			}
		})
	}
	out = slices.DeleteFunc(out, func(n nearMiss) bool {
		return r.g.rules[n.rule].name != r.trace.watched && !r.hasMatter(n.start, max(n.end, n.start+1))
	})
	watched := func(n nearMiss) int {
		if r.g.rules[n.rule].name == r.trace.watched {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(out, func(a, b nearMiss) int {
		return cmp.Or(cmp.Compare(watched(a), watched(b)), cmp.Compare(b.found, a.found), cmp.Compare(r.g.rules[b.rule].effect.weight, r.g.rules[a.rule].effect.weight))
	})
	return out
}

// eachBeginning calls f with the patterns that may begin at token i.
func (r *reader) eachBeginning(i int, f func(p *pattern)) {
	for _, h := range r.hitsAt(i) {
		if h.sense.kind != senseClass {
			continue
		}
		for _, p := range r.g.begins.under(featureOf(h.sense.ref)) {
			f(&r.g.patterns[p])
		}
	}
	var named []uint16
	for kinds := r.kindsAt(i); kinds != 0; kinds &= kinds - 1 {
		named = append(named, r.g.begins.under(feature(bits.TrailingZeros16(uint16(kinds))))...)
	}
	slices.Sort(named)
	for _, p := range slices.Compact(named) {
		f(&r.g.patterns[p])
	}
}

// shownSamples is how many words of a class are told.
const shownSamples = 4

// addSamples keeps a few of the words of a class, to tell what it is about: single
// words before phrases.
func (g *grammar) addSamples(class int32, phrases []string) {
	for int(class) >= len(g.samples) {
		g.samples = append(g.samples, nil)
	}
	have := g.samples[class]
	for _, word := range phrases {
		switch {
		case len(have) < shownSamples:
			have = append(have, word)
		case !strings.Contains(word, " "):
			if i := slices.IndexFunc(have, func(w string) bool { return strings.Contains(w, " ") }); i >= 0 {
				have[i] = word
			}
		}
	}
	g.samples[class] = have
}

// samplesOf returns some words that would do for the element.
func (g *grammar) samplesOf(o *op) []string {
	var out []string
	for _, class := range o.classes {
		switch word, literal := strings.CutPrefix(g.className(class), literalPrefix); {
		case literal:
			out = append(out, word)
		case int(class) < len(g.samples):
			out = append(out, g.samples[class]...)
		}
	}
	return out[:min(len(out), shownSamples)]
}

// hasMatter reports whether words from one token to another are of classes that
// are there for rules, and not of the engine's own.
func (r *reader) hasMatter(from, to int) bool {
	for _, h := range r.hits[r.hitStart[from]:r.hitStart[to]] {
		if h.sense.kind == senseClass && h.sense.ref >= int32(cueCount) && !h.sense.aside {
			return true
		}
	}
	return false
}

// describe writes the element as a rule file would.
func (g *grammar) describe(o *op) string {
	if o.kind == nodeMention {
		for name, mask := range mentionKinds {
			if mask == o.mask {
				return "@" + name
			}
		}
	}
	const shown = 12
	names := make([]string, 0, shown+1)
	for _, class := range o.classes {
		if len(names) == shown {
			names = append(names, "…")
			break
		}
		name := g.className(class)
		if word, literal := strings.CutPrefix(name, literalPrefix); literal {
			names = append(names, word)
		} else {
			names = append(names, "<"+name+">")
		}
	}
	return strings.Join(names, " or ")
}
