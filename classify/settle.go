package classify

import (
	"slices"
	"strings"

	"palabre/statement"
)

// Likely is from what likelihood on a scorecard finds a position that no rule did.
const Likely = 0.5

// What likelihoods decide on a position. The values are those that did best on texts
// from which neither the rules nor the scorecards were made.
const (
	unlikely     = 0.1  // below it the scorecard speaks against what a rule found
	mostUnlikely = 0.05 // and below this one against what a rule is sure of,
	ruleSure     = 0.75 // with this confidence or more
	veryLikely   = 0.65 // from it on it finds a position though the other side is not named,
	atOdds       = 0.7  // and from this one on though rules find another on the topic
)

// cardRule is the name of a language's scorecard where positions name the rule that
// they are from.
const cardRule = ".scorecard"

func isByCard(p *statement.Position) bool { return strings.HasSuffix(p.Rule, cardRule) }

// ByWeight is why a position that only the scorecard finds may not alert by itself.
const ByWeight = "no rule reads it: its words were weighed together"

// otherSide is towards whom a position is where nobody is named.
var otherSide = map[statement.Topic]string{statement.Dialogue: anyGroup, statement.ForeignTroops: foreignForce}

// numberOf returns the number of a position's label, the same for the scorecards of all
// languages.
func numberOf(p *statement.Position) int {
	return slices.Index(statement.Topics, p.Topic)*len(statement.Stances) + slices.Index(statement.Stances, p.Stance)
}

// readVerdicts finds whose the positions are that the scorecard finds in the sentence.
func (r *reader) readVerdicts(sentence int) {
	for n := range r.verdicts {
		v := &r.verdicts[n]
		if v.passage != r.passage || v.sentence != sentence || v.likelihood < Likely {
			continue
		}
		m := match{rule: byCard, start: v.token, end: v.token + 1}
		r.sought = effect{topic: statement.Topics[n/len(statement.Stances)], stance: statement.Stances[n%len(statement.Stances)]}
		if r.trace != nil {
			r.reasons.match++
		}
		r.readVerdict(sentence, v, &m, &r.sought)
		if r.trace != nil {
			r.explainVerdict(sentence, v, &m)
		}
	}
}

// readVerdict makes a position of what the scorecard finds, or tells why it is none.
func (r *reader) readVerdict(sentence int, v *verdict, m *match, e *effect) {
	s := r.text.Sentences[sentence]
	r.reasons = reasons{match: r.reasons.match, negators: r.reasons.negators[:0], word: -1}
	for s.End > s.Start+1 && r.text.Tokens[s.End-1].Parts() {
		s.End--
	}
	evidence := r.evidence(sentence, &match{start: s.Start, end: s.End})
	name := r.g.lang + cardRule
	if why := r.knownWhy(e.topic, &evidence); why != "" {
		r.reasons.why = why
		return
	}
	why := r.dismissed(sentence, m, e)
	var f framed
	if why == "" {
		f = r.parts(sentence, m, e, e.stance)
		if v.likelihood >= veryLikely && (f.why == WhyNoOtherSide || f.why == WhyOnlyTheForce) {
			e.target = otherSide[e.topic]
			f = r.parts(sentence, m, e, e.stance)
		}
		why = f.why
	}
	if why != "" {
		r.note(e.topic, evidence, name, why)
		return
	}
	r.reasons.holder, r.reasons.how = f.who, f.how
	out := frame{sentence: sentence, match: r.reasons.match, position: statement.Position{
		Actor: f.who.actor, Speaker: r.speakerFor(f.who, sentence, m), Topic: e.topic, Stance: e.stance, Evidence: evidence, Rule: name,
		Confidence: max(leastConfidence, v.likelihood*grounds[f.how].sure), FirstHand: r.firstHand(m, f.who, sentence), Tentative: ByWeight,
	}}
	p := &out.position
	if e.stance == statement.Conditional {
		own := e.topic == statement.ForeignTroops && slices.Contains(f.targets, f.who.actor)
		p.Condition, _ = r.condition(sentence, m, e, e.stance, own)
		r.reasons.condition = p.Condition
	}
	for _, t := range f.targets {
		if p.Target = t; e.topic != statement.Dialogue || t != p.Actor {
			r.weighed = append(r.weighed, out)
		}
	}
}

// knownWhy returns why rules make no position on a topic of some words, or "".
func (r *reader) knownWhy(topic statement.Topic, e *statement.Evidence) Why {
	for i := range r.notes {
		n := &r.notes[i]
		if n.Topic == topic && n.Evidence.Field == e.Field && n.Evidence.Start < e.End && e.Start < n.Evidence.End && !strings.HasSuffix(n.Rule, cardRule) {
			return Why(n.Why)
		}
	}
	return ""
}

// settle brings together what rules and what the scorecards found, in the order of the
// text.
func (r *reader) settle(read []statement.Position) []statement.Position {
	if !r.cards {
		return read
	}
	out := slices.DeleteFunc(read, func(p statement.Position) bool {
		if !r.speaksAgainst(&p) {
			return false
		}
		r.note(p.Topic, p.Evidence, p.Rule, WhyUnlikely)
		r.refuted = append(r.refuted, p)
		return true
	})
	for i := range r.weighed {
		w := &r.weighed[i].position
		found := r.verdicts[numberOf(w)].likelihood
		told := slices.ContainsFunc(out, func(p statement.Position) bool {
			return p.Topic == w.Topic && !isByCard(&p) && (p.Stance == w.Stance || found < atOdds)
		})
		at := slices.IndexFunc(out, func(p statement.Position) bool { return sameKey(&p, w) })
		switch {
		case at >= 0 && !isByCard(&out[at]) && out[at].Stance == w.Stance:
			r.widen(&out[at], r.weighed[i:i+1])
		case told:
		case at < 0:
			out = append(out, *w)
		case isByCard(&out[at]) && found > r.verdicts[numberOf(&out[at])].likelihood:
			out[at] = *w
		}
	}
	inOrder(out)
	return out
}

// speaksAgainst reports whether the scorecard finds a rule's position hardly likely in
// the stretch of its evidence. It does not where it has no points for the stance, and
// not against rules that analysts laid over the others.
func (r *reader) speaksAgainst(p *statement.Position) bool {
	st := r.stretchWith(p)
	if st == nil || st.g.overlaid[p.Rule] {
		return false
	}
	least := unlikely
	if p.Confidence >= ruleSure {
		least = mostUnlikely
	}
	found := st.likelihoods[numberOf(p)]
	if p.Stance == statement.Mixed { // it may be made of a yes and a no
		for _, part := range [...]statement.Stance{statement.Pro, statement.Anti} {
			found = max(found, st.likelihoods[numberOf(&statement.Position{Topic: p.Topic, Stance: part})])
		}
	}
	return found != notOnCard && found < least
}

// speaksFor reports whether the scorecard finds a position likely in the stretch of its
// evidence.
func (r *reader) speaksFor(p *statement.Position) bool {
	st := r.stretchWith(p)
	return st != nil && st.likelihoods[numberOf(p)] >= Likely
}

// stretchWith returns the stretch with the evidence of a position, that of the title if
// it is there, or nil if no scorecard weighed it.
func (r *reader) stretchWith(p *statement.Position) *weighedStretch {
	for i := range r.stretches {
		st := &r.stretches[i]
		if p.Evidence.Field == st.field && st.start <= p.Evidence.Start && p.Evidence.Start < st.end || p.Evidence.Field == statement.Title && st.titled {
			return st
		}
	}
	return nil
}
