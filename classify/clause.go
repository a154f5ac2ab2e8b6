package classify

import "slices"

// clause is what patterns ask of the clause that is read: what there is in it, and
// where that begins for the last time. No pattern reaches beyond it. Its buffers are
// kept for the next one.
type clause struct {
	g       *grammar
	start   int                     // its first token
	present []feature               // what there is in it
	last    [mostNumbers + 1]uint16 // by feature: the last token at which it begins, counted from 1 with the first, or 0

	candidates []uint16    // the patterns all of whose needs it meets
	beginnings []beginning // with what they may begin
	mayBegin   signature   // with what classes
}

// beginning is a feature of the clause with which a candidate may begin.
type beginning struct {
	feature feature
	pattern uint16
}

// open begins with the clause at a token.
func (c *clause) open(g *grammar, start int) {
	for _, f := range c.present {
		c.last[f] = 0
	}
	c.g, c.start, c.present = g, start, c.present[:0]
}

// enter notes that the feature begins at token i.
func (c *clause) enter(f feature, i int) {
	if c.last[f] == 0 {
		c.present = append(c.present, f)
	}
	c.last[f] = uint16(i + 1 - c.start)
}

// findCandidates finds the patterns all of whose needs the clause meets, in the order
// of their rules.
func (c *clause) findCandidates() {
	c.candidates = c.candidates[:0]
	for _, f := range c.present { // which meets the scarcest need of those that are filed under it
		for row := c.g.filed.under(f); len(row) > 0; {
			pattern, end := row[0], 2+int(row[1])
			if c.hasAll(needList(row[2:end])) {
				c.candidates = append(c.candidates, pattern)
			}
			row = row[end:]
		}
	}
	if len(c.candidates) > 1 {
		slices.Sort(c.candidates)
		c.candidates = slices.Compact(c.candidates)
	}
	c.beginnings, c.mayBegin = c.beginnings[:0], signature{}
	for _, pattern := range c.candidates {
		head := c.g.patterns[pattern].head
		for _, f := range head.of {
			if c.last[f] > 0 {
				c.beginnings = append(c.beginnings, beginning{f, pattern})
			}
		}
		c.mayBegin.join(&head.classes)
	}
}

// hasAll reports whether the clause meets the needs.
func (c *clause) hasAll(needs needList) bool {
	for len(needs) > 0 {
		of, rest := needs.cut()
		if !c.hasAny(of) {
			return false
		}
		needs = rest
	}
	return true
}

// hasAny reports whether the clause has one of the features.
func (c *clause) hasAny(of []feature) bool {
	for _, f := range of {
		if c.last[f] > 0 {
			return true
		}
	}
	return false
}

// hasAllFrom reports whether the clause meets the needs from token i on.
func (c *clause) hasAllFrom(i int, needs needList) bool {
	for len(needs) > 0 {
		of, rest := needs.cut()
		if !c.hasFrom(i, of) {
			return false
		}
		needs = rest
	}
	return true
}

// hasFrom reports whether the clause has one of the features from token i on.
func (c *clause) hasFrom(i int, of []feature) bool {
	for _, f := range of {
		if int(c.last[f]) > i-c.start {
			return true
		}
	}
	return false
}
