package classify

import (
	"cmp"
	"math/bits"
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

// matches finds every rule match in the sentence, clause by clause.
func (r *reader) matches(s lang.Span) {
	mt := matcher{r: r, limit: s.End, low: s.Start}
	r.strides = r.strides[:0]
	for clause := (lang.Span{Start: s.Start}); clause.Start < s.End; clause.Start = clause.End {
		for clause.End = clause.Start + 1; clause.End < s.End && !r.text.Tokens[clause.End-1].Parts(); clause.End++ {
		}
		r.look(clause)
		if r.clause.findCandidates(); len(r.clause.beginnings) > 0 {
			mt.clause(clause)
		}
	}
}

// look finds out what classes and mentions there are in the clause.
func (r *reader) look(clause lang.Span) {
	r.clause.open(r.g, clause.Start)
	hits := r.hits[r.hitStart[clause.Start]:r.hitStart[clause.End]]
	for k := range hits {
		if h := &hits[k]; h.sense.kind == senseClass {
			r.clause.enter(featureOf(h.sense.ref), int(h.at))
		}
	}
	for n := r.mentionsBefore(clause.Start); n < len(r.mentions) && r.mentions[n].start < clause.End; n++ {
		m := &r.mentions[n]
		for kinds := m.mask; kinds != 0; kinds &= kinds - 1 {
			r.clause.enter(feature(bits.TrailingZeros16(uint16(kinds))), m.start)
		}
	}
}

// kindsAt returns the properties of the mention that begins at token i.
func (r *reader) kindsAt(i int) mentionMask {
	if m := r.mentionStarting(i); m != nil {
		return m.mask
	}
	return 0
}

// byStrength sorts the matches of the sentence: those first whose rules weigh
// most, of equal ones the widest. "Opposes the enforcement of Islamic law" is no
// wish to enforce it.
func (r *reader) byStrength() {
	slices.SortStableFunc(r.found, func(a, b match) int {
		return cmp.Or(cmp.Compare(r.effect(&b).weight, r.effect(&a).weight), cmp.Compare(b.end-b.start, a.end-a.start))
	})
}

func (r *reader) effect(m *match) *effect {
	if m.rule == byCard {
		return &r.sought
	}
	return &r.g.rules[m.rule].effect
}

// byCard is in place of a rule where the scorecard found what is weighed.
const byCard = -1

// beaten reports whether words of the match are settled already by a stronger
// one on the same topic. Rules that read a second actor's position inside of
// another's neither beat nor are beaten.
func (r *reader) beaten(m *match) bool {
	if r.effect(m).nested {
		return false
	}
	return slices.ContainsFunc(r.settled, func(s match) bool {
		return s.start < m.end && m.start < s.end && (r.effect(&s).topic == r.effect(m).topic || refersBack(r.effect(m).topic))
	})
}

// clause tries the candidates at each token of the clause with which they may begin.
func (mt *matcher) clause(s lang.Span) {
	r, beginnings := mt.r, mt.r.clause.beginnings
	for i := s.Start; i < s.End; i++ {
		for _, h := range r.hitsAt(i) {
			if h.sense.kind != senseClass || !r.clause.mayBegin.may(h.sense.ref) {
				continue
			}
			for _, b := range beginnings {
				if b.feature == featureOf(h.sense.ref) {
					mt.try(b.pattern, i)
				}
			}
		}
		kinds := r.kindsAt(i)
		if kinds == 0 {
			continue
		}
		for _, b := range beginnings {
			if b.feature < mentionBits && kinds&(1<<b.feature) != 0 {
				mt.try(b.pattern, i)
			}
		}
	}
}

// try appends the match of a pattern at token i. A rule is entered once at a token,
// with the first of its patterns that fits.
func (mt *matcher) try(number uint16, i int) {
	p := &mt.r.g.patterns[number]
	if !mt.r.clause.hasAllFrom(i, p.needs) {
		return
	}
	found := mt.r.found
	for k := len(found) - 1; k >= 0 && found[k].start == i; k-- {
		if found[k].rule == p.rule {
			return
		}
	}
	mt.steps = 0
	mt.m = match{rule: p.rule, start: i}
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
	soft := mt.skipSoft(i)
	if i < soft { // the pattern may ask for what is passed over
		if end := mt.class(o, rest, i); end >= 0 {
			return end
		}
	}
	return mt.class(o, rest, soft)
}

func (mt *matcher) class(o *op, rest []op, i int) int {
	if i >= mt.limit || !mt.r.classesAt[i].meets(&o.asks.classes) {
		return -1
	}
	for _, h := range mt.r.hitsAt(i) {
		if h.sense.kind != senseClass || i+int(h.n) > mt.limit || !o.asks.has(h.sense.ref) {
			continue
		}
		if end := mt.run(rest, i+int(h.n)); end >= 0 {
			mt.took(h.sense.ref, i, i+int(h.n))
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
		mt.took(ofMention, i, mt.r.mentions[id-1].end)
		return end
	}
	mt.m = saved
	return -1
}

// ofMention stands for a class where a mention was matched.
const ofMention int32 = -1

// took notes what an element of a pattern that fits was found to be, if that is
// asked for: the last comes first.
func (mt *matcher) took(class int32, from, to int) {
	if mt.near != nil {
		mt.near.path = append(mt.near.path, taken{class, from, to})
	}
}

// gap passes over up to n words. A mention counts as one, articles and dates as
// none, and so does what stands between two commas. Marks that part clauses stop it, and
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
		case r.days[i] > 0:
			st.to, st.words = int32(min(i+int(r.days[i]), limit)), 0
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
	if len(ops) == 0 || ops[0].optional || ops[0].asks == nil || mt.near != nil {
		return true
	}
	return i < mt.limit && mt.r.clause.hasFrom(i, ops[0].asks.of)
}

// mayGoOn reports whether the first of the ops, if it must be there, can match at
// token i. It spares most of the steps of a gap.
func (mt *matcher) mayGoOn(ops []op, i int) bool {
	if len(ops) == 0 || ops[0].optional || ops[0].asks == nil || mt.near != nil {
		return true
	}
	i = mt.skipSoft(i)
	asks := ops[0].asks
	return i < mt.limit && (mt.r.classesAt[i].meets(&asks.classes) || mt.r.kindsAt(i)&asks.mentions != 0)
}

// skipSoft passes over marks that part nothing, quotation marks and brackets, and
// over dates.
func (mt *matcher) skipSoft(i int) int {
	for i < mt.limit && (mt.r.days[i] > 0 || mt.r.isMark(i)) {
		i += max(1, int(mt.r.days[i]))
	}
	return i
}
