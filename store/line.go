package store

import (
	"iter"

	"palabre/statement"
)

// offerStands is for how many days an offer to talk stands that is not
// renewed. A refusal stands until it is withdrawn.
const offerStands = 180

// latest returns the newest event that speaks for the actor's line towards the
// target, or nil. Events come newest first.
func (s *sides) latest(topic statement.Topic, actor, target string, newestFirst iter.Seq[*event]) *event {
	for e := range newestFirst {
		if e.binding && e.reports > 0 && s.same(topic, actor, e.target, target) {
			return e
		}
	}
	return nil
}

// bornPart reports whether the event was said by a part of the coalition on or
// after the day on which it became one. Only such a line can stand in for the
// coalition's own.
func (s *sides) bornPart(coalition string, e *event) bool {
	a := s.actors[e.actor]
	return a != nil && a.PartOf == coalition && lastDay(e.when) >= dayOf(a.PartSince.Time)
}

// lapsed reports whether what was said then no longer stands on the later
// date. A coarse date gets the benefit of the doubt.
func lapsed(topic statement.Topic, stance statement.Stance, then, later statement.Date) bool {
	return topic == statement.Dialogue && stance != statement.Anti && dayOf(later.Time)-lastDay(then) >= offerStands
}

// stand is where an actor stands towards a target.
type stand struct {
	target string
	own    bool           // by its own words; else by what is reported of it
	event  *event         // newest, which stands
	since  statement.Date // when its stance was first taken without a break
	known  string         // event that stood when since was last worked out
	before statement.Date // that since
	ended  bool           // nothing earlier can change it
}

// trace works out where an actor stands on a topic from its binding events,
// newest first. Nothing before the day touched has changed since the stands
// were last worked out, so that a long unbroken line need not be read to its
// beginning again.
func (s *sides) trace(topic statement.Topic, actor string, stands []*stand, touched int, newestFirst iter.Seq[*event]) {
	open := len(stands)
	for e := range newestFirst {
		for _, st := range stands {
			if !st.ended && st.own == e.firstHand && s.same(topic, actor, e.target, st.target) {
				st.extend(e, touched)
				if st.ended {
					open--
				}
			}
		}
		if open == 0 {
			return
		}
	}
}

// extend carries the stand back to an earlier event.
func (st *stand) extend(e *event, touched int) {
	switch {
	case st.event == nil:
		st.event, st.since = e, e.when
	case e.stance != st.event.stance || lapsed(e.topic, e.stance, e.when, st.since):
		st.ended = true
		return
	default:
		st.since = e.when
	}
	if e.id == st.known && dayOf(e.when.Time) < touched {
		st.since, st.ended = st.before, true
	}
}
