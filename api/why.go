package api

import (
	"time"

	"palabre/classify"
	"palabre/statement"
)

// why says in one sentence why a signal is news, from what it is made of.
func why(t *tongue, s *Signal) phrase {
	actor, about := t.actor(s.Actor), t.about(s.Topic, s.Target)
	from, to := t.stance(s.From), t.stance(s.To)
	switch {
	case s.Reason == statement.Silence:
		return say("%s has said nothing to what %s put to it, which others have answered.", actor, t.actor(s.Target))
	case s.Reason == statement.Posthumous:
		return say("Words of %s, who is dead, have been published: %s is “%s” on %s.", t.person(s.Speaker), actor, to, about)
	case s.Reason == statement.Reaffirmed:
		return say("%s is still “%s” on %s, after %s without a word.", actor, to, about, say("%d days", daysBetween(s.SaidPrev, s.Said)))
	case s.Reason == statement.Split:
		return say("%s is “%s” on %s, while %s, of which it is part, is “%s” (%s).", actor, to, about, t.coalition(s.Actor), from, t.date(s.SaidPrev))
	case s.Reason == statement.First && s.SaidPrev != "":
		return say("%s is now “%s” on %s. Its earlier offer, of %s, had lapsed unrenewed.", actor, to, about, t.date(s.SaidPrev))
	case s.Reason == statement.First:
		return say("First known position of %s on %s: “%s”.", actor, about, to)
	case s.Reason == statement.ConditionChanged && s.From == s.To && s.Act != "":
		return say("What was done may meet what %s demands on %s.", actor, about)
	case s.Reason == statement.ConditionChanged && s.From == s.To:
		return say("%s demands something else than before on %s.", actor, about)
	}
	return say("%s %s on %s: from “%s” (%s) to “%s” (%s).", actor, moved(s), about, from, t.date(s.SaidPrev), to, t.date(s.Said))
}

// moved is what an actor did when it left its line.
func moved(s *Signal) phrase {
	switch {
	case s.Reason == statement.WalkBack:
		return say("walked back")
	case s.Reason != statement.ConditionChanged:
		return say("moved")
	case s.To == statement.Conditional:
		return say("attached a condition")
	case s.To == statement.Anti:
		return say("acted on its condition")
	}
	return say("dropped its condition")
}

// coalition names whose part an actor is, or the actor itself.
func (t *tongue) coalition(actor string) string {
	if a := t.reg.Actor(actor); a != nil && a.PartOf != "" {
		return t.actor(a.PartOf)
	}
	return t.actor(actor)
}

// daysBetween is how many days lie between two dates; a coarse one counts from
// where it is nearest to the other.
func daysBetween(before, now string) int {
	b, err := statement.ParseDate(before, "")
	if err != nil {
		return 0
	}
	n, err := statement.ParseDate(now, "")
	if err != nil {
		return 0
	}
	return max(0, daysFrom(b.End(), n.Time))
}

// daysFrom is the difference between the day that has ended and another one, as
// people count: from the 3rd to the 5th are two days.
func daysFrom(ended, until time.Time) int {
	const day = 24 * time.Hour
	return int(until.UTC().Truncate(day).Sub(ended.UTC().Add(-1).Truncate(day)) / day)
}

// doubt says why a signal is for the desk only. What the record says in other
// words than those known here stays as it is.
func doubt(reason string) phrase {
	switch reason {
	case "speaker has no known authority":
		return say("the speaker has no known authority")
	case "reported by one outlet":
		return say("reported by one outlet")
	case "low confidence":
		return say("the machine is not sure")
	case "words of a dead speaker, told by others":
		return say("words of a dead speaker, told by others")
	case "whether the deed meets the demand is for a person to judge":
		return say("whether the deed meets the demand is for a person to judge")
	case "experimental rules":
		return say("read by rules on trial")
	case "the text also seems to say the opposite":
		return say("the text also seems to say the opposite")
	case classify.ByWeight:
		return say("no rule reads it: its words were weighed together")
	case "it has spoken after all":
		return say("it has spoken after all")
	}
	return say("%s", reason)
}
