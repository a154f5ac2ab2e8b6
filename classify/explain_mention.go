package classify

import (
	"palabre/lang"
	"palabre/statement"
)

// senseOf tells what a mention stands for, and why where it names nobody.
func (r *reader) senseOf(sentence int, m *mention) ExplainedMention {
	h := m.holder
	var how *ExplainedSense
	switch {
	case m.pronoun:
		h, how = r.explainPronoun(sentence, m)
	case m.vague && h.known():
		how = r.explainDescription(m)
	}
	return ExplainedMention{
		Quote: r.text.Slice(lang.Span{Start: m.start, End: m.end}), Actor: h.actor, Speaker: h.speaker,
		Force: m.force, Pronoun: m.pronoun, Guess: m.vague, Subject: !m.oblique && (m.pronoun || m.mask&maskActor != 0), Sense: how,
	}
}

// remindOf notes where an actor is named or described, for what refers to it further
// on. A body is better named by its own name than by who speaks for it.
func (r *reader) remindOf(m *mention) {
	if m.pronoun || m.echo || !m.holder.known() {
		return
	}
	t, actor := r.trace, m.holder.actor
	t.meant[actor] = ExplainedPlace{r.text.Slice(lang.Span{Start: m.start, End: m.end}), r.field, t.number}
	if m.holder.speaker != "" {
		t.meant[m.holder.speaker] = t.meant[actor]
	}
	if m.vague {
		return
	}
	t.shown[actor] = t.meant[actor]
	if m.holder.speaker != "" {
		t.shown[m.holder.speaker] = t.meant[actor]
	}
	if _, named := t.named[actor]; !named || m.holder.speaker == "" {
		t.named[actor] = t.meant[actor]
	}
}

// placeOf returns where somebody stands in a list of places, by person if he is one.
func (t *tracing) placeOf(h holder, places map[string]ExplainedPlace) ExplainedPlace {
	if place, ok := places[h.speaker]; ok {
		return place
	}
	return places[h.actor]
}

// explainPronoun tells for whom a pronoun stands, and how that was found.
func (r *reader) explainPronoun(sentence int, m *mention) (holder, *ExplainedSense) {
	h, how, mm := r.refer(m, sentence, m.start)
	if !h.known() {
		return h, nil
	}
	out := &ExplainedSense{Place: r.trace.placeOf(h, r.trace.meant)}
	switch how {
	case toIssuer:
		out.How, out.Place = SenseIssues, ExplainedPlace{}
	case toVoice:
		v := r.voiceAt(m.start, sentence)
		out.How, out.Place = SenseSpeaks, ExplainedPlace{Quote: r.phrase(v.say, cueSay, cueAccording)}
	case toClause:
		out.How, out.Place = SenseClause, ExplainedPlace{Quote: r.text.Slice(lang.Span{Start: mm.start, End: mm.end})}
	case toBefore:
		out.How = SenseBefore
	}
	return h, out
}

// explainDescription tells why a description is taken for somebody.
func (r *reader) explainDescription(m *mention) *ExplainedSense {
	actor := m.holder.actor
	before, named := r.trace.named[actor]
	meant, described := r.trace.meant[actor]
	if name, ok := r.nameAt(m.start); ok && name.kind == senseActor && r.g.names[name.ref].id == actor {
		return &ExplainedSense{How: SenseGeneral}
	}
	out := &ExplainedSense{}
	a := r.p.actor(actor)
	switch {
	case named && r.doc.issuer.actor == actor:
		out.How = SenseTheIssuer
	case named:
		out.How, out.Place = SenseNamed, before
	case r.doc.issuer.actor == actor:
		out.How = SenseTheIssuer
	case actor == r.doc.home && a != nil && a.Kind == statement.State:
		out.How, out.Place = SenseMostOften, r.namedFirst(actor, false)
	case actor == maliGovernment || actor == maliArmy:
		out.How = SenseMali
	case described:
		out.How, out.Place = SenseNamed, meant
	case r.namedFirst(actor, false).Quote != "" && a != nil && a.Kind != statement.Society && a.Kind != statement.Nobody:
		out.How, out.Place = SenseFurtherOn, r.namedFirst(actor, false)
	default:
		out.How = SenseGeneral
	}
	return out
}
