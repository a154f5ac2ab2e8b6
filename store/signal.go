package store

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"palabre/statement"
)

const (
	// suddenly is within how many days of an offer a step back from it is a
	// walk-back.
	suddenly = 30
	// longSilence is after how many days the same words are news again.
	longSilence = 180
	// stale is after how many days the news of words goes to the digest and
	// not to push.
	stale = 7
	// sure is the confidence from which a reading may alert by itself.
	sure = 0.5
)

// Why a signal is for the desk only.
const (
	doubtAuthority  = "speaker has no known authority"
	doubtOneOutlet  = "reported by one outlet"
	doubtConfidence = "low confidence"
	doubtDead       = "words of a dead speaker, told by others"
	doubtMet        = "whether the deed meets the demand is for a person to judge"
)

// openness orders stances from closed to open.
var openness = map[statement.Stance]int{statement.Anti: 0, statement.Mixed: 1, statement.Conditional: 2, statement.Pro: 2}

// news decides whether an event is news against the event that stood before
// it, which is nil if there was none, and returns the reason, or "". lapsed is
// true where the earlier line was an offer that nobody renewed.
func news(previous, now *event) (reason statement.Reason, hasLapsed bool) {
	switch {
	case now.posthumous:
		return statement.Posthumous, false
	case previous == nil:
		return statement.First, false
	}
	from, to := previous.stance, now.stance
	switch {
	case from == to && otherDemands(previous, now):
		return statement.ConditionChanged, false
	case from == to && dayOf(now.when.Time)-lastDay(previous.when) >= longSilence:
		return statement.Reaffirmed, false
	case from == to:
		return "", false
	case lapsed(now.topic, from, previous.when, now.when):
		return statement.First, true
	case from == statement.Pro && to == statement.Conditional, from == statement.Conditional && to == statement.Pro:
		return statement.ConditionChanged, false
	case from == statement.Conditional && to == statement.Anti && ownForce(previous, now):
		return statement.ConditionChanged, false
	case openness[to] < openness[from] && lastDay(now.when)-dayOf(previous.when.Time) <= suddenly:
		return statement.WalkBack, false
	}
	return statement.Shift, false
}

// otherDemands reports whether two conditional events demand other things. Where
// the machine cannot tell what one of them demands, it does not guess.
func otherDemands(previous, now *event) bool {
	return len(previous.demands) > 0 && len(now.demands) > 0 && !slices.Equal(previous.demands, now.demands)
}

// ownForce reports whether both events are about the actor's own troops. There
// "we stay unless" followed by "we leave" is the announced alternative coming
// about, not a change of mind.
func ownForce(previous, now *event) bool {
	return now.topic == statement.ForeignTroops && now.target == now.actor && previous.target == now.actor
}

// doubt returns why an event's signal is for the desk only, or "". It is worked
// out from all reports, so that a better one clears it.
func doubt(e *event, reports []*report) string {
	switch {
	case e.posthumous && !e.firstHand:
		return doubtDead
	case !e.posthumous && !e.binding:
		return doubtAuthority
	}
	weak, firm := "", false
	for _, r := range reports {
		p := &r.position
		switch {
		case p.Tentative != "":
			weak = p.Tentative
		case p.Confidence < sure:
			weak = doubtConfidence
		default:
			firm = true
		}
	}
	switch {
	case !firm:
		return weak
	case !e.firstHand && voices(reports) < 2:
		return doubtOneOutlet
	}
	return ""
}

// raise builds the signal that the report's event gives. previous and its quote
// are the line before, nil if there was none.
func (s *sides) raise(reason statement.Reason, hasLapsed bool, now *event, r *report, previous *event, quote string, at time.Time) statement.Signal {
	p := &r.position
	sig := statement.Signal{
		ID:         statement.SignalID(now.id, reason),
		Reason:     reason,
		Actor:      p.Actor,
		Speaker:    p.Speaker,
		Topic:      p.Topic,
		Target:     p.Target,
		To:         p.Stance,
		Condition:  p.Condition,
		Act:        p.Act,
		Event:      now.id,
		Now:        statement.Passage{Statement: r.statement, Quote: p.Evidence.Quote, Said: r.when},
		At:         at,
		Why:        s.why(reason, hasLapsed, now, r, previous),
		Confidence: now.sure,
		FirstHand:  now.firstHand,
		Backfilled: isStale(r.when, r.seen),
	}
	if previous != nil {
		sig.Then = statement.Passage{Statement: previous.lead, Quote: quote, Said: previous.when}
		if reason != statement.First && reason != statement.Posthumous {
			sig.From = previous.stance
		}
	}
	return sig
}

// isStale reports whether words may have been old at a moment. Those that are
// dated to the month or year come out of an archive more often than not.
func isStale(said statement.Date, at time.Time) bool {
	return dayOf(at)-dayOf(said.Time) > stale
}

// why says in one sentence what is new.
func (s *sides) why(reason statement.Reason, hasLapsed bool, now *event, r *report, previous *event) string {
	who, about := s.label(now.actor), s.about(now)
	var b strings.Builder
	switch {
	case hasLapsed:
		fmt.Fprintf(&b, "%s is now %s on %s; its earlier line, %s of %s, had lapsed unrenewed", who, now.stance, about, previous.stance, previous.when.Human())
	case reason == statement.Posthumous:
		fmt.Fprintf(&b, "words of %s, who is dead, have been published: %s is %s on %s", s.label(now.speaker), who, now.stance, about)
	case reason == statement.Reaffirmed:
		fmt.Fprintf(&b, "%s is still %s on %s, after %d days without a word", who, now.stance, about, dayOf(now.when.Time)-lastDay(previous.when))
	case reason == statement.Split:
		fmt.Fprintf(&b, "%s is %s on %s, while %s, of which it is part, is %s (%s)", who, now.stance, about,
			s.label(previous.actor), previous.stance, previous.when.Human())
	case reason == statement.ConditionChanged && now.stance == previous.stance:
		fmt.Fprintf(&b, "%s demands something else on %s: %s", who, about, s.demandChange(previous.demands, now.demands))
	case reason == statement.First:
		fmt.Fprintf(&b, "first known position of %s on %s: %s", who, about, now.stance)
	default:
		fmt.Fprintf(&b, "%s %s on %s: from %s (%s) to %s (%s)", who, verb(reason, now), about,
			previous.stance, previous.when.Human(), now.stance, r.when.Human())
	}
	if previous != nil && previous.actor != now.actor && reason != statement.Split {
		fmt.Fprintf(&b, "; the earlier line is that of its part %s", s.label(previous.actor))
	}
	return b.String()
}

func verb(reason statement.Reason, now *event) string {
	switch {
	case reason == statement.WalkBack:
		return "walked back"
	case reason != statement.ConditionChanged:
		return "moved"
	case now.stance == statement.Conditional:
		return "attached a condition"
	case now.stance == statement.Anti:
		return "acted on its condition"
	}
	return "dropped its condition"
}

// about names the question and the other side.
func (s *sides) about(e *event) string {
	switch e.topic {
	case statement.Dialogue:
		return "dialogue with " + s.label(e.target)
	case statement.ForeignTroops:
		if e.target == anyForce {
			return "foreign troops"
		}
		return "the troops of " + s.label(e.target)
	case statement.Sharia:
		return "Sharia"
	}
	return strings.TrimSpace(string(e.topic) + " " + s.label(e.target))
}

// demandChange says which demands are new and which are no longer made.
func (s *sides) demandChange(before, now []string) string {
	list := func(of, but []string) string {
		var labels []string
		for _, kind := range of {
			if !slices.Contains(but, kind) {
				labels = append(labels, s.demands.label(kind))
			}
		}
		return strings.Join(labels, ", ")
	}
	var parts []string
	if fresh := list(now, before); fresh != "" {
		parts = append(parts, "now "+fresh)
	}
	if gone := list(before, now); gone != "" {
		parts = append(parts, "no longer "+gone)
	}
	return strings.Join(parts, ", ")
}
