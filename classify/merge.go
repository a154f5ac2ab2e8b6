package classify

import (
	"cmp"
	"slices"
	"unicode/utf8"

	"palabre/statement"
)

// merge brings the frames of a statement to one position for each actor, topic
// and target.
func (r *reader) merge() []statement.Position {
	r.dropTitle()
	r.generalise()
	slices.SortStableFunc(r.frames, func(a, b frame) int {
		p, q := &a.position, &b.position
		return cmp.Or(cmp.Compare(p.Actor, q.Actor), cmp.Compare(p.Topic, q.Topic), cmp.Compare(p.Target, q.Target))
	})
	var out []statement.Position
	for i := 0; i < len(r.frames); {
		j := i + 1
		for j < len(r.frames) && sameKey(&r.frames[i].position, &r.frames[j].position) {
			j++
		}
		p := fuse(r.frames[i:j])
		if r.speaksFor(&p) {
			p.Confidence = max(p.Confidence, leastConfidence) // the scorecard finds it, too
		}
		if p.Confidence >= leastConfidence {
			r.widen(&p, r.frames[i:j])
			out = append(out, p)
		} else {
			r.note(p.Topic, p.Evidence, p.Rule, WhyUncertain)
		}
		i = j
	}
	inOrder(out)
	return out
}

// inOrder sorts positions by their evidence.
func inOrder(list []statement.Position) {
	slices.SortFunc(list, func(a, b statement.Position) int {
		return cmp.Or(cmp.Compare(a.Evidence.Field, b.Evidence.Field), cmp.Compare(a.Evidence.Start, b.Evidence.Start), cmp.Compare(a.Actor, b.Actor), cmp.Compare(a.Topic, b.Topic), cmp.Compare(a.Target, b.Target))
	})
}

// dropTitle removes from the title what the text says again with other names:
// headlines leave out who and with whom.
func (r *reader) dropTitle() {
	type said struct {
		topic  statement.Topic
		stance statement.Stance
	}
	told := make(map[said][]string)
	for i := range r.frames {
		if p := &r.frames[i].position; p.Evidence.Field == statement.Text && p.Confidence >= leastConfidence {
			k := said{p.Topic, p.Stance}
			told[k] = append(told[k], p.Actor)
		}
	}
	r.frames = slices.DeleteFunc(r.frames, func(f frame) bool {
		actors := told[said{f.position.Topic, f.position.Stance}]
		return f.position.Evidence.Field == statement.Title && len(actors) > 0 && !slices.Contains(actors, f.position.Actor)
	})
}

// leastConfidence is what a position needs to be one.
const leastConfidence = 0.5

func sameKey(p, q *statement.Position) bool {
	return p.Actor == q.Actor && p.Topic == q.Topic && p.Target == q.Target
}

// onlyGroup returns the one armed group, parts taken for their coalition, that
// the statement names, or "".
func (r *reader) onlyGroup() string {
	only := ""
	for _, g := range r.doc.groups {
		g = r.p.reg.Coalition(g)
		if a := r.p.actor(g); g == anyGroup || a == nil || a.Kind == statement.Militia {
			continue
		}
		if only != "" && only != g {
			return ""
		}
		only = g
	}
	return only
}

// groupTopics returns the topics on which a named armed group takes a position.
func (r *reader) groupTopics() []statement.Topic {
	var out []statement.Topic
	for i := range r.frames {
		p := &r.frames[i].position
		if a := r.p.actor(p.Actor); p.Actor != anyGroup && a != nil && kindMasks[a.Kind] == maskGroup && a.Kind != statement.Militia {
			out = append(out, p.Topic)
		}
	}
	return out
}

// islamicState is who is left out where somebody speaks of talks with "the
// insurgents": a yes to them and a no to it are two positions.
const islamicState = "isgs"

// generalise names what a description leaves open. A frame of unnamed armed
// groups is that of the only one which the statement names; a frame towards
// unnamed groups is towards the one named counterpart that the same actor has.
func (r *reader) generalise() {
	if only := r.onlyGroup(); only != "" {
		for i := range r.frames {
			if p := &r.frames[i].position; p.Actor == anyGroup && p.Target != only && !r.frames[i].other {
				p.Actor = only
			}
		}
	}
	named := r.groupTopics() // what a description of unnamed groups only repeats
	r.frames = slices.DeleteFunc(r.frames, func(f frame) bool {
		return f.position.Actor == anyGroup && !f.other && slices.Contains(named, f.position.Topic)
	})
	r.joinParts()
	for i := range r.frames {
		p := &r.frames[i].position
		switch {
		case p.Topic == statement.Dialogue && p.Target == anyGroup:
			p.Target = r.onlyTarget(p, func(q *statement.Position) bool { return q.Stance == p.Stance || q.Target != islamicState })
		case p.Topic == statement.ForeignTroops && p.Target == foreignForce:
			p.Target = r.onlyTarget(p, func(q *statement.Position) bool { return q.Stance == p.Stance })
		}
	}
}

// onlyTarget returns the one named target of the frames of the same actor and
// topic that fit, or that of p where there is none or more than one.
func (r *reader) onlyTarget(p *statement.Position, fits func(*statement.Position) bool) string {
	only := p.Target
	for i := range r.frames {
		q := &r.frames[i].position
		if q.Topic != p.Topic || q.Actor != p.Actor || q.Target == p.Target || q.Target == only || !fits(q) {
			continue
		}
		if only != p.Target {
			return p.Target
		}
		only = q.Target
	}
	return only
}

// joinParts makes a frame towards a part of a coalition one towards the coalition
// where the same actor speaks of talks with that, too: "Iyad ag Ghaly and Amadou Koufa"
// are one other side.
func (r *reader) joinParts() {
	for i := range r.frames {
		p := &r.frames[i].position
		whole := r.p.reg.Coalition(p.Target)
		if whole != p.Target && slices.ContainsFunc(r.frames, func(f frame) bool {
			q := &f.position
			return q.Target == whole && q.Actor == p.Actor && q.Topic == p.Topic
		}) {
			p.Target = whole
		}
	}
}

// ownForce reports whether a position is about the actor's own troops: those who
// leave and those who stay are both meant.
func ownForce(p *statement.Position) bool {
	return p.Topic == statement.ForeignTroops && p.Target == p.Actor
}

// clearly is by how much one side must outweigh the other so that nothing is left
// to doubt.
const clearly = 1.3

// wholly is by how much it must where a rule says that both may be meant.
const wholly = 2.5

// repeated is what saying a thing again adds to its weight.
const repeated = 0.25

// fuse joins frames of one actor, topic and target. A condition goes before a
// bare yes or no; of yes and no the heavier stands, unless a rule says that both
// are meant then.
func fuse(frames []frame) statement.Position {
	var by [4]*statement.Position
	var weight [4]float64
	condition := "" // that any of them names
	mixes := false
	index := map[statement.Stance]int{statement.Pro: 0, statement.Anti: 1, statement.Conditional: 2, statement.Mixed: 3}
	for i := range frames {
		p := &frames[i].position
		mixes = mixes || frames[i].mixes
		slot := &by[index[p.Stance]]
		w := &weight[index[p.Stance]]
		*w = max(*w, p.Confidence) + repeated*min(*w, p.Confidence)
		if *slot == nil || stronger(p, *slot) {
			*slot = p
		}
		if condition == "" {
			condition = p.Condition
		}
	}
	pro, anti, cond, mixed := by[0], by[1], by[2], by[3]
	switch {
	case mixed != nil:
		return *mixed
	case cond != nil:
		best := *cond
		best.Condition = cmp.Or(best.Condition, condition)
		return best
	case pro != nil && anti != nil && weight[0] > weight[1]:
		return outweigh(pro, anti, weight[0]/weight[1], mixes)
	case pro != nil && anti != nil:
		return outweigh(anti, pro, weight[1]/weight[0], mixes)
	case pro != nil:
		return *pro
	}
	return *anti
}

// outweigh returns the heavier of yes and no, p, by what it outweighs the other.
// Where it is not clearly so, an
// actor whose own troops go and stay means both, and anybody else is in doubt: in
// real texts hardly anybody says yes and no, save what a rule says of that kind.
func outweigh(p, other *statement.Position, by float64, mixes bool) statement.Position {
	best := *p
	switch {
	case by > wholly || by > clearly && !mixes:
	case mixes || ownForce(p):
		if stronger(other, p) {
			best = *other
		}
		best.Stance = statement.Mixed
		best.Confidence = min(p.Confidence, other.Confidence)
	default:
		best.Tentative = cmp.Or(best.Tentative, "the text also seems to say the opposite")
	}
	return best
}

// ownWords is by how much an actor's own words are better evidence than a report.
const ownWords = 0.1

// stronger prefers the text to the title, and then the higher confidence, with a
// premium on first-hand words.
func stronger(p, q *statement.Position) bool {
	if (p.Evidence.Field == statement.Text) != (q.Evidence.Field == statement.Text) {
		return p.Evidence.Field == statement.Text
	}
	return proof(p) > proof(q)
}

func proof(p *statement.Position) float64 {
	if p.FirstHand {
		return p.Confidence + ownWords
	}
	return p.Confidence
}

// An actor often says a thing twice in a row. The evidence then is the passage
// with both, as long as no more than nearbyProof characters part them and it has
// no more than longestProof.
const (
	nearbyProof  = 200
	longestProof = 600
)

// widen makes the evidence of a position the passage in which its actor says the
// same, from the strongest words to those near them on both sides.
func (r *reader) widen(p *statement.Position, frames []frame) {
	text := r.s.Text
	if p.Evidence.Field == statement.Title {
		text = r.s.Title
	}
	for wider := true; wider; {
		wider = false
		for i := range frames {
			q, e := &frames[i].position, &p.Evidence
			start, end := min(e.Start, q.Evidence.Start), max(e.End, q.Evidence.End)
			switch {
			case q.Evidence.Field != e.Field || q.Stance != p.Stance && p.Stance != statement.Mixed:
			case start == e.Start && end == e.End:
			case longer(text, e.End, q.Evidence.Start, nearbyProof) || longer(text, q.Evidence.End, e.Start, nearbyProof):
			case !longer(text, start, end, longestProof):
				e.Start, e.End, e.Quote = start, end, text[start:end]
				wider = true
			}
		}
	}
}

// longer reports whether [start, end) of the text has more than n characters.
func longer(text string, start, end, n int) bool {
	return end-start > n*utf8.UTFMax || end-start > n && utf8.RuneCountInString(text[start:end]) > n
}
