package explain

import (
	"strings"

	"palabre/classify"
	"palabre/lang"
	"palabre/statement"
)

// actors looks up who is in the registry.
type actors struct{ reg *statement.Registry }

// voice names a body, and the person who speaks for it if one does.
func (a actors) voice(v classify.ExplainedVoice) Phrase {
	switch {
	case a.reg.Actor(v.Actor) == nil && a.reg.Person(v.Actor) != nil:
		return say("%s, who speaks for nobody else", Person(v.Actor))
	case v.Speaker == "" && v.Actor == "unknown":
		return say("somebody who is not listed")
	case v.Speaker == "":
		return say("%s", Actor{ID: v.Actor})
	case v.Actor == "":
		return say("%s", Person(v.Speaker))
	}
	return say("%s, who speaks for %s", Person(v.Speaker), Actor{ID: v.Actor})
}

// meaning names whom or what a mention stands for, and why if it names nobody. It is
// empty of one that stands for nobody known.
func (a actors) meaning(m *classify.ExplainedMention) Phrase {
	who := a.meant(m)
	if who.IsEmpty() {
		return who
	}
	if m.Sense == nil {
		return who
	}
	return say("%s: %s", who, sense(m.Sense))
}

func (a actors) meant(m *classify.ExplainedMention) Phrase {
	who := a.voice(classify.ExplainedVoice{Actor: m.Actor, Speaker: m.Speaker})
	switch {
	case m.Actor == "" && m.Force == "":
		return Phrase{}
	case m.Actor == "":
		return troops(m.Force)
	case m.Pronoun:
		return who
	case m.Force != "":
		return say("%s, and its troops", who)
	}
	return who
}

// standsFor tells for whom words stand, and nothing where they say so plainly.
func (a actors) standsFor(m *classify.ExplainedMention) Phrase {
	name := m.Actor
	if actor := a.reg.Actor(m.Actor); actor != nil {
		name = actor.Noun("en").Name
	} else if p := a.reg.Person(m.Actor); p != nil {
		name = p.Label
	}
	if m.Force == "" && !m.Pronoun && strings.HasSuffix(lang.Fold(m.Quote), lang.Fold(name)) {
		return Phrase{}
	}
	return a.meaning(m)
}

// named is words of the text with whom they stand for: “the group” (JNIM: …).
func (a actors) named(m *classify.ExplainedMention) Phrase {
	if who := a.standsFor(m); !who.IsEmpty() {
		return say("%s (%s)", words(m.Quote), who)
	}
	return say("%s", words(m.Quote))
}

// sense tells why words stand for somebody whom they do not name.
func sense(s *classify.ExplainedSense) Phrase {
	how := say(string(s.How))
	if s.Place.Quote == "" {
		return how
	}
	return say("%s, %s", how, inPlace(s.Place))
}

// inPlace is words with where they stand.
func inPlace(p classify.ExplainedPlace) Phrase {
	if p.Sentence == 0 && p.Field != statement.Title {
		return say("%s", words(p.Quote))
	}
	return say("%s in %s", words(p.Quote), placed(p.Field, p.Sentence))
}
