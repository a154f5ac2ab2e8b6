package explain

import (
	"palabre/classify"
	"palabre/statement"
)

// whyNone are why words that a rule fits are no position: the words "stand in a
// question".
var whyNone = map[classify.Why]Phrase{
	classify.WhyQuestion:     say("stand in a question"),
	classify.WhyInCondition:  say("are part of a condition"),
	classify.WhyHypothesis:   say("stand in a hypothesis"),
	classify.WhyRumour:       say("are told as a rumour or supposition"),
	classify.WhyHistory:      say("are told as history"),
	classify.WhyElsewhere:    say("are about another part of the world"),
	classify.WhyOtherTalks:   say("are about talks of another kind, not with armed groups"),
	classify.WhyFinance:      say("are about Islamic finance"),
	classify.WhyNoSahel:      say("stand in a text that nothing places in the Sahel: neither a place nor a group, force or state of it is named"),
	classify.WhyNegated:      say("are negated"),
	classify.WhyNobody:       say("are those of nobody whom the rules can name"),
	classify.WhyOnlyTheForce: say("name nobody but the force itself"),
	classify.WhyNoOtherSide:  say("name no armed group or force as the other side"),
	classify.WhyNotBothSides: say("do not name both sides"),
	classify.WhySameActor:    say("are about what the same actor said"),
	classify.WhyNothingTold:  say("refer to something, and nothing that they could refer to is told before"),
	classify.WhyOnlyNames:    say("take no stance, and only name what is spoken of"),
	classify.WhyUncertain:    say("are too uncertain, since the rule is a weak one"),
	classify.WhyUnlikely:     say("stand among words that, weighed together, hardly ever say so"),
	classify.WhySaidAgain:    say("say in the title what the text says again, with names"),
}

// holds puts into a clause how the holder of a position was found.
func holds(who Phrase, how classify.Ground) Phrase {
	switch how {
	case classify.GroundNamed:
		return say("%s is named by these words", who)
	case classify.GroundWe:
		return say("%s is named as “we”", who)
	case classify.GroundSubject:
		return say("%s is the subject of these words", who)
	case classify.GroundObject:
		return say("%s is named with these words", who)
	case classify.GroundVoice:
		return say("%s says “we” here", who)
	case classify.GroundWords:
		return say("%s says these words", who)
	case classify.GroundUrger:
		return say("%s urges others to it", who)
	case classify.GroundAdviser:
		return say("%s says what others should do", who)
	case classify.GroundSpeaker:
		return say("%s is quoted or reported", who)
	case classify.GroundOwner:
		return say("%s is the one whose troops they are", who)
	case classify.GroundBefore:
		return say("%s is the last who acted or spoke before, which is a guess", who)
	case classify.GroundAuthor:
		return say("%s names the terms for what it wants", who)
	}
	return who
}

// reason puts into a clause why the words of a finding are no position, with the word
// that says so.
func (a actors) reason(m *classify.ExplainedMatch) Phrase {
	if m.WhyWord != "" {
		return say("%s, by %s", a.clause(m), words(m.WhyWord))
	}
	return a.clause(m)
}

// clause puts it into a clause without the word.
func (a actors) clause(m *classify.ExplainedMatch) Phrase {
	clause, ok := whyNone[m.Why]
	if !ok {
		clause = say("are no position")
	}
	if m.Why == classify.WhyUncertain && m.Because == classify.GroundBefore {
		clause = say("are too uncertain, since it is only a guess that they are those of %s", a.voice(m.Holder))
	}
	return clause
}

// doubt puts into words why a position is tentative.
func doubt(tentative string) Phrase {
	switch tentative {
	case "experimental rules":
		return say("read by rules on trial")
	case "the text also seems to say the opposite":
		return say("the text also seems to say the opposite")
	case classify.ByWeight:
		return say("no rule reads it: its words were weighed together")
	}
	return say("%s", English(tentative))
}

// isQuiet reports whether a finding tells readers nothing: words that only say what
// is spoken of, or refer to something where nothing was told.
func isQuiet(m *classify.ExplainedMatch) bool {
	return m.Why == classify.WhyOnlyNames || m.Why == classify.WhyNothingTold
}

// opposed reports whether one is for and the other against.
func opposed(a, b statement.Stance) bool {
	return a == statement.Pro && b == statement.Anti || a == statement.Anti && b == statement.Pro
}
