package classify

import (
	"cmp"
	"slices"

	"palabre/lang"
)

// match is a rule whose pattern fits at a place. Start and End are token
// indices; who and whom are mention numbers plus one, 0 where nothing was
// captured.
type match struct {
	rule       int32
	start, end int
	who, whom  int32
	force      int32 // the mention that the pattern's last @force stands for
}

// maxSteps bounds the work of one pattern at one place, so that no text can
// make matching take more than linear time.
const maxSteps = 400

// maxMatches is the most matches of a sentence that are weighed against one
// another. No sentence that people write comes near it.
const maxMatches = 200

// matcher tries patterns at places of a reader's text.
type matcher struct {
	r     *reader
	limit int // end of the sentence
	low   int // start of the sentence
	steps int
	m     match
	near  *nearMiss // how far the pattern got, where that is asked for
}

// matches finds every rule match in the sentence.
func (r *reader) matches(s lang.Span) {
	mt := matcher{r: r, limit: s.End, low: s.Start}
	r.offers(s)
	r.eachEntry(s, func(list []entry, i int) {
		from, kinds := &r.ahead[i-s.Start], r.here[i-s.Start].mentions
		for k := range list {
			if e := &list[k]; e.beginsWith(kinds) && (e.free || from.meets(&e.need)) {
				mt.try(e, i)
			}
		}
	})
}

// offers finds the classes and mentions that begin at each token of the sentence,
// and what there is from there to the end of its clause.
func (r *reader) offers(s lang.Span) {
	r.here, r.ahead = resize(r.here, s.End-s.Start), resize(r.ahead, s.End-s.Start)
	r.strides = r.strides[:0]
	var ahead need
	for i := s.End - 1; i >= s.Start; i-- {
		here := &r.here[i-s.Start]
		here.classes = r.classesAt[i]
		if m := r.mentionStarting(i); m != nil {
			here.mentions = m.mask
		}
		if r.text.Tokens[i].Parts() {
			ahead = need{} // no pattern reaches beyond it
		}
		ahead.join(here)
		r.ahead[i-s.Start] = ahead
	}
}

// eachEntry calls f with the patterns that may begin at each token of the
// sentence, a list at a time.
func (r *reader) eachEntry(s lang.Span, f func(list []entry, i int)) {
	for i := s.Start; i < s.End; i++ {
		for _, h := range r.hitsAt(i) {
			if h.sense.kind != senseClass {
				continue
			}
			if list := r.g.entriesOf(h.sense.ref); len(list) > 0 {
				f(list, i)
			}
		}
		if r.here[i-s.Start].mentions != 0 {
			f(r.g.byMention, i)
		}
	}
}

// byStrength sorts the matches of the sentence: those first whose rules weigh
// most, of equal ones the widest. "Opposes the enforcement of Islamic law" is no
// wish to enforce it.
func (r *reader) byStrength() {
	slices.SortStableFunc(r.found, func(a, b match) int {
		return cmp.Or(cmp.Compare(r.effect(&b).weight, r.effect(&a).weight), cmp.Compare(b.end-b.start, a.end-a.start))
	})
}

func (r *reader) effect(m *match) *effect { return &r.g.rules[m.rule].effect }

// beaten reports whether words of the match are settled already by a stronger
// one on the same topic. Rules that read a second actor's position inside of
// another's neither beat nor are beaten.
func (r *reader) beaten(m *match) bool {
	if r.effect(m).nested {
		return false
	}
	return slices.ContainsFunc(r.settled, func(s match) bool {
		return s.start < m.end && m.start < s.end && (r.effect(&s).topic == r.effect(m).topic || r.effect(m).topic == matter)
	})
}

// try appends the match of a pattern at token i, from where on its rarest need is
// met. A rule is entered once at a token, with the first of its patterns that fits.
func (mt *matcher) try(e *entry, i int) {
	p := e.pattern
	from := &mt.r.ahead[i-mt.low]
	for k := 1; k < len(p.needs); k++ { // the first is met
		if !from.meets(&p.needs[k]) {
			return
		}
	}
	found := mt.r.found
	for k := len(found) - 1; k >= 0 && found[k].start == i; k-- {
		if found[k].rule == e.rule {
			return
		}
	}
	mt.steps = 0
	mt.m = match{rule: e.rule, start: i}
	if end := mt.run(p.nodes, i); end >= 0 && len(found) < maxMatches {
		mt.m.end = end
		mt.r.found = append(mt.r.found, mt.m)
	}
}

// run matches ops from token i and returns the end, or -1.
func (mt *matcher) run(ops []op, i int) int {
	if mt.steps++; mt.steps > maxSteps {
		return -1
	}
	if mt.near != nil {
		mt.near.reach(ops, i)
	}
	if len(ops) == 0 {
		return i
	}
	o := &ops[0]
	if end := mt.one(o, ops[1:], i); end >= 0 {
		return end
	}
	if o.optional {
		return mt.run(ops[1:], i)
	}
	return -1
}

// one matches the node o at token i and what follows it.
func (mt *matcher) one(o *op, rest []op, i int) int {
	switch o.kind {
	case nodeGap:
		return mt.gap(int(o.gap), rest, i)
	case nodeStart:
		if i == mt.low || mt.r.isBoundary(i-1) || mt.r.text.Tokens[i-1].Kind == lang.Open {
			return mt.run(rest, i)
		}
		return -1
	case nodeEnd:
		if i >= mt.limit || mt.r.isBoundary(i) {
			return mt.run(rest, i)
		}
		return -1
	case nodeNot:
		saved, near := mt.m, mt.near
		mt.near = nil
		found := slices.ContainsFunc(o.alts, func(alt []op) bool { return mt.run(alt, i) >= 0 })
		mt.m, mt.near = saved, near
		if found {
			return -1
		}
		return mt.run(rest, i)
	case nodeGroup:
		for _, alt := range o.alts {
			if end := mt.run(alt, i); end >= 0 { // what follows is part of it
				return end
			}
		}
		return -1
	case nodeMention:
		return mt.mention(o, rest, mt.skipSoft(i))
	}
	return mt.class(o, rest, mt.skipSoft(i))
}

func (mt *matcher) class(o *op, rest []op, i int) int {
	if i >= mt.limit || !mt.r.classesAt[i].meets(&o.asks.classes) {
		return -1
	}
	for _, h := range mt.r.hitsAt(i) {
		if h.sense.kind != senseClass || i+int(h.n) > mt.limit || !o.asks.classes.may(h.sense.ref) {
			continue
		}
		if h.sense.ref != o.first && !slices.Contains(o.classes, h.sense.ref) {
			continue
		}
		if end := mt.run(rest, i+int(h.n)); end >= 0 {
			return end
		}
	}
	return -1
}

func (mt *matcher) mention(o *op, rest []op, i int) int {
	if i >= mt.limit {
		return -1
	}
	id := mt.r.mentionAt[i]
	if id == 0 || mt.r.mentions[id-1].mask&o.mask == 0 {
		return -1
	}
	saved := mt.m
	switch o.capture {
	case captureWho:
		mt.m.who = id
	case captureWhom:
		mt.m.whom = id
	}
	if o.mask == maskForce {
		mt.m.force = id
	}
	if end := mt.run(rest, mt.r.mentions[id-1].end); end >= 0 {
		return end
	}
	mt.m = saved
	return -1
}

// gap passes over up to n words. A mention counts as one, articles as none, and
// so does what stands between two commas. Marks that part clauses stop it, and
// so does a verb that "and" or a comma joins to those before.
func (mt *matcher) gap(n int, rest []op, i int) int {
	if !mt.mayFollow(rest, i) {
		return -1
	}
	strides := mt.r.stridesOf(mt.low, mt.limit)
	for passed := 0; ; {
		if mt.mayGoOn(rest, i) {
			if end := mt.run(rest, i); end >= 0 {
				return end
			}
		}
		if i >= mt.limit {
			return -1
		}
		st := &strides[i-mt.low]
		switch {
		case st.stops:
			return -1
		case st.verb >= 0:
			return mt.run(rest, int(st.verb)) // it may be what is looked for
		case st.behind > 0 && passed < n:
			if end := mt.gap(n-passed-1, rest, int(st.behind)); end >= 0 {
				return end
			}
		}
		i = int(st.to)
		if passed += int(st.words); passed > n {
			return -1
		}
	}
}

// stride is how a gap goes on from a token: to which one, and how many words that
// counts. verb is the verb that the token joins to those before, or -1; behind the
// token behind an aside that begins with it, or 0.
type stride struct {
	to, verb, behind int32
	words            uint8
	stops            bool
}

// stridesOf returns the strides of the sentence between two tokens, which are
// found when the first gap asks for them.
func (r *reader) stridesOf(low, limit int) []stride {
	if len(r.strides) == limit-low {
		return r.strides
	}
	r.strides = resize(r.strides, limit-low)
	for i := low; i < limit; i++ {
		st := stride{to: int32(i + 1), words: 1, stops: r.isBoundary(i), verb: int32(r.joinedVerb(i)), behind: int32(r.aside(i, limit))}
		switch m := r.mentionStarting(i); {
		case m != nil && m.end > i:
			st.to = int32(m.end)
		case r.has(i, cueArticle) || r.isMark(i):
			st.words = 0
		}
		r.strides[i-low] = st
	}
	return r.strides
}

// mayFollow reports whether the first of the ops, if it must be there, can match
// anywhere from token i on.
func (mt *matcher) mayFollow(ops []op, i int) bool {
	if len(ops) == 0 || ops[0].optional || !ops[0].known || mt.near != nil {
		return true
	}
	return i < mt.limit && mt.r.ahead[i-mt.low].meets(&ops[0].asks)
}

// mayGoOn reports whether the first of the ops, if it must be there, can match at
// token i. It spares most of the steps of a gap.
func (mt *matcher) mayGoOn(ops []op, i int) bool {
	if len(ops) == 0 || ops[0].optional || !ops[0].known || mt.near != nil {
		return true
	}
	i = mt.skipSoft(i)
	return i < mt.limit && mt.r.here[i-mt.low].meets(&ops[0].asks)
}

// skipSoft passes over marks that part nothing: quotation marks and brackets.
func (mt *matcher) skipSoft(i int) int {
	for i < mt.limit && mt.r.isMark(i) {
		i++
	}
	return i
}
