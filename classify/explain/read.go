package explain

import (
	"slices"
	"strings"

	"palabre/classify"
)

// read tells in which languages the text was read, and who says "we" in it.
func (t *teller) read() []Phrase {
	var out []Phrase
	told := make(map[string]bool)
	for _, l := range t.told.Reading.Langs {
		if told[l.Lang] {
			continue
		}
		told[l.Lang] = true
		switch {
		case l.Lang == "und":
			out = append(out, say("The language of the text, or of a part of it, was not recognised."))
		case l.Read:
			p := say("Read: %d sentences in %s.", t.sentencesIn(l.Lang), Language(l.Lang))
			p.One = "Read: %d sentence in %s."
			out = append(out, p)
		case t.sentencesIn(l.Lang) > 0:
			out = append(out, say("%s: its rules are on trial, and it does not count as read.", Language(l.Lang)))
		default:
			out = append(out, say("%s: there are no rules for it, and it was not read.", Language(l.Lang)))
		}
	}
	turns := t.turns()
	switch issuer := t.told.Issuer; {
	case len(turns) > 0:
		out = append(out, say("“We” is whoever has the turn, see the steps: %s.", listed("; ", turns...)))
	case issuer.Known():
		out = append(out, say("“We” outside of quotations is %s: %s.", t.voice(issuer), sense(t.told.IssuerHow)))
	}
	return out
}

// turns names those who have the turn in the text, each once.
func (t *teller) turns() []Phrase {
	var out []Phrase
	told := make(map[string]bool)
	for i := range t.told.Sentences {
		turn := t.told.Sentences[i].Turn
		if turn == nil || !turn.Who.Known() || told[turn.Who.Actor+turn.Who.Speaker] {
			continue
		}
		told[turn.Who.Actor+turn.Who.Speaker] = true
		who := t.voice(turn.Who)
		if turn.Sense != nil { // it is he who is interviewed, whatever his label
			who = say("%s (%s)", who, sense(turn.Sense))
		}
		out = append(out, who)
	}
	return out
}

// sentencesIn counts the sentences in a language.
func (t *teller) sentencesIn(language string) int {
	n := 0
	for i := range t.told.Sentences {
		if s := &t.told.Sentences[i]; s.Text != "" && s.Lang == language {
			n++
		}
	}
	return n
}

// calls tells how rules and filters call those who are named.
func (t *teller) calls() []Call {
	var out []Call
	told := make(map[string]bool)
	enter := func(id string) {
		if id == "" || told[id] {
			return
		}
		told[id] = true
		shown := say("%s", Actor{ID: id, Alone: true})
		switch a := t.reg.Actor(id); {
		case a != nil && strings.EqualFold(a.LabelIn("en"), id):
			return
		case a == nil && t.reg.Person(id) != nil:
			shown = say("%s", Person(id))
		case a == nil:
			return
		}
		out = append(out, Call{shown, id})
	}
	for i := range t.told.Reading.Positions {
		p := &t.told.Reading.Positions[i]
		enter(p.Actor)
		enter(p.Target)
	}
	for i := range t.told.Sentences {
		s := &t.told.Sentences[i]
		if slices.ContainsFunc(s.Matches, func(m classify.ExplainedMatch) bool { return !isQuiet(&m) }) {
			for k := range s.Mentions {
				enter(s.Mentions[k].Actor)
			}
		}
	}
	return out
}
