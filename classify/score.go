package classify

import (
	"slices"
	"strings"
	"unicode"

	"palabre/statement"
)

// Gold is a labelled text.
type Gold struct {
	ID        string         `json:"id"`
	Lang      string         `json:"lang"`
	Kind      statement.Kind `json:"kind"`
	Outlet    string         `json:"outlet"`
	Published string         `json:"published"`
	Title     string         `json:"title"`
	Text      string         `json:"text"`
	Positions []Label        `json:"positions"`
	WhyHard   string         `json:"why_hard"`
}

// Label is a position in the form in which texts are labelled and answers are
// printed: evidence is the quote alone.
type Label struct {
	Actor      string           `json:"actor"`
	Speaker    string           `json:"speaker"`
	Topic      statement.Topic  `json:"topic"`
	Target     string           `json:"target"`
	Stance     statement.Stance `json:"stance"`
	Condition  string           `json:"condition"`
	Evidence   string           `json:"evidence"`
	Rule       string           `json:"rule"`
	Confidence float64          `json:"confidence"`
}

// Labels returns positions as labels, in the terms of the labelling guide: an actor
// that has no identifier there is statement.Unknown, of whom there is one row for
// each topic and target, the surest.
func (p *Pack) Labels(positions []statement.Position) []Label {
	out := make([]Label, 0, len(positions))
	for i := range positions {
		q := &positions[i]
		l := Label{p.labelled(q.Actor), q.Speaker, q.Topic, q.Target, q.Stance, q.Condition, q.Evidence.Quote, q.Rule, q.Confidence}
		same := -1
		if l.Actor == statement.Unknown {
			same = slices.IndexFunc(out, func(o Label) bool { return o.Actor == l.Actor && o.Topic == l.Topic && o.Target == l.Target })
		}
		switch {
		case same < 0:
			out = append(out, l)
		case l.Confidence > out[same].Confidence:
			out[same] = l
		}
	}
	return out
}

func (p *Pack) labelled(actor string) string {
	if a := p.actor(actor); a != nil && a.Unlabelled {
		return statement.Unknown
	}
	return actor
}

// Rate counts what was found rightly, wrongly and not at all.
type Rate struct{ Right, Wrong, Missed int }

// Precision is the share of what was found that is right; 0 if nothing was.
func (r Rate) Precision() float64 { return ratio(r.Right, r.Right+r.Wrong) }

// Recall is the share of what there is that was found; 0 if there is nothing.
func (r Rate) Recall() float64 { return ratio(r.Right, r.Right+r.Missed) }

// F1 is the harmonic mean of precision and recall.
func (r Rate) F1() float64 {
	p, q := r.Precision(), r.Recall()
	if p+q == 0 {
		return 0
	}
	return 2 * p * q / (p + q)
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// Score compares answers with labels. Its figures are those of the labelling
// guide.
type Score struct {
	Texts, Labels    int
	Stance           Rate // (topic, stance) of a text
	Position         Rate // (actor, topic, stance)
	Full             Rate // with the target
	Alert            Rate // a text carries a dialogue position
	Direction        Rate // the stances on dialogue of a text
	ByTopic          map[statement.Topic]*Rate
	evidence, proved int
}

// Evidence is the share of fully right positions whose evidence overlaps the
// labelled one by at least half of the shorter one's words.
func (s *Score) Evidence() float64 { return ratio(s.proved, s.evidence) }

var partsOfJNIM = map[string]bool{"ansar-dine": true, "katiba-macina": true, "al-furqan": true, "al-mourabitoun": true, "ansarul-islam": true}

var armed = map[string]bool{"jnim": true, "aqim": true, "al-qaeda": true, "isgs": true, "cma": true, "plateforme": true, "hcua": true, "mnla": true, "fla": true, "donso": true, "armed-groups": true}

func scoredActor(id string) string {
	if partsOfJNIM[id] {
		return "jnim"
	}
	return id
}

func targetsMatch(a, b string) bool {
	a, b = scoredActor(a), scoredActor(b)
	switch {
	case a == b:
		return true
	case a == "armed-groups" || b == "armed-groups":
		return armed[a] && armed[b]
	}
	return a == "foreign" || b == "foreign"
}

// Add counts one text.
func (s *Score) Add(gold, found []Label) {
	if s.ByTopic == nil {
		s.ByTopic = make(map[statement.Topic]*Rate)
		for _, t := range statement.Topics {
			s.ByTopic[t] = &Rate{}
		}
	}
	s.Texts++
	s.Labels += len(gold)
	type stanceKey struct {
		topic  statement.Topic
		stance statement.Stance
	}
	type positionKey struct {
		actor string
		stanceKey
	}
	stance := func(l *Label) (any, bool) { return stanceKey{l.Topic, l.Stance}, true }
	position := func(l *Label) (any, bool) {
		return positionKey{scoredActor(l.Actor), stanceKey{l.Topic, l.Stance}}, true
	}
	count(&s.Stance, gold, found, stance)
	count(&s.Position, gold, found, position)
	for _, t := range statement.Topics {
		count(s.ByTopic[t], gold, found, func(l *Label) (any, bool) { k, _ := position(l); return k, l.Topic == t })
	}
	count(&s.Alert, gold, found, func(l *Label) (any, bool) { return true, l.Topic == statement.Dialogue })
	count(&s.Direction, gold, found, func(l *Label) (any, bool) { return l.Stance, l.Topic == statement.Dialogue })
	s.addFull(gold, found)
}

// count compares the sets of keys of the labels that key accepts.
func count(r *Rate, gold, found []Label, key func(*Label) (any, bool)) {
	set := func(labels []Label) map[any]bool {
		m := make(map[any]bool)
		for i := range labels {
			if k, ok := key(&labels[i]); ok {
				m[k] = true
			}
		}
		return m
	}
	g, f := set(gold), set(found)
	for k := range g {
		if f[k] {
			r.Right++
		} else {
			r.Missed++
		}
	}
	for k := range f {
		if !g[k] {
			r.Wrong++
		}
	}
}

func (s *Score) addFull(gold, found []Label) {
	used := make([]bool, len(found))
	matched := 0
	for i := range gold {
		g := &gold[i]
		hit := -1
		for j := range found {
			f := &found[j]
			if !used[j] && scoredActor(g.Actor) == scoredActor(f.Actor) && g.Topic == f.Topic && g.Stance == f.Stance && targetsMatch(g.Target, f.Target) {
				hit = j
				break
			}
		}
		if hit < 0 {
			s.Full.Missed++
			continue
		}
		used[hit] = true
		matched++
		s.Full.Right++
		s.evidence++
		if overlap(g.Evidence, found[hit].Evidence) {
			s.proved++
		}
	}
	s.Full.Wrong += len(found) - matched
}

func overlap(a, b string) bool {
	cut := func(s string) []string {
		return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && r != '_' })
	}
	short, long := cut(a), cut(b)
	if len(short) == 0 || len(long) == 0 {
		return false
	}
	if len(short) > len(long) {
		short, long = long, short
	}
	in := make(map[string]bool, len(long))
	for _, w := range long {
		in[w] = true
	}
	n := 0
	for _, w := range short {
		if in[w] {
			n++
		}
	}
	return 2*n >= len(short)
}
