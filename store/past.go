package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"palabre/statement"
)

// Principal is an actor that is heard often.
type Principal struct {
	Actor     string
	Spoke     bool           // within the span
	Last      statement.Date // when it spoke last, by the end of the span
	Statement string         // with which it did
}

// yearOfDays is for how long before the end of a span it counts who is heard.
const yearOfDays = 365

// Principals returns who spoke in a span and, up to so many in all, who was heard
// most in the year until its end; who was heard most comes first.
func (s *Store) Principals(ctx context.Context, p Span, most int) ([]Principal, error) {
	_, last := p.days()
	var spoke, others []Principal
	err := each(ctx, s.reader, func(scan func(...any) error) error {
		var v Principal
		var n, day int
		var said, origin string
		err := scan(&v.Actor, &n, &day, &said, &origin, &v.Statement)
		if err != nil || !s.sides.hasLine(v.Actor) {
			return err
		}
		if v.Last, err = claimed(said, origin); err != nil {
			return err
		}
		if v.Spoke = p.holds(v.Last); v.Spoke {
			spoke = append(spoke, v)
		} else {
			others = append(others, v)
		}
		return nil
	}, `SELECT actor, count(*), max(day), said, said_origin, lead FROM events WHERE reports > 0 AND day BETWEEN ? AND ?
		GROUP BY actor ORDER BY 2 DESC, actor`, last-yearOfDays, last)
	if err != nil {
		return nil, fmt.Errorf("read who is heard: %w", err)
	}
	return append(spoke, others[:max(0, min(len(others), most-len(spoke)))]...), nil
}

// Course is an actor's line on a topic over some time.
type Course struct {
	Actor  string
	Topic  statement.Topic
	Target string
	Own    bool   // by its own words; else by what is reported of it
	Steps  []Step // one for each moment that was asked for
}

// Step is where a line stands at a moment, which is not part of it. Event is
// empty where there is none.
type Step struct {
	Event  string
	Stance statement.Stance
	Since  statement.Date // when the stance was first taken without a break
	When   statement.Date // when it was taken last
	Lapsed bool           // an offer that nobody renewed
	lead   string
	words  string // condition
	n      int64
}

// Courses returns every line of some actors that stands at the last of some
// moments, as it stood at each of them, by actor and topic. Moments are in order.
// Lines that rest on the same event at the last moment are one.
func (s *Store) Courses(ctx context.Context, actors []string, moments []time.Time) ([]Course, error) {
	if len(moments) == 0 {
		return nil, nil
	}
	keys, err := list(actors)
	if err != nil {
		return nil, fmt.Errorf("read lines: %w", err)
	}
	last := dayOf(moments[len(moments)-1].Add(-time.Nanosecond))
	var out []Course
	var k matter
	var events []*event // of the matter, newest first
	flush := func() {
		out = append(out, s.sides.courses(k, events, moments)...)
		events = events[:0]
	}
	err = each(ctx, s.reader, func(scan func(...any) error) error {
		e := event{weight: weight{binding: true, reports: 1}}
		var said string
		if err := scan(&e.n, &e.id, &e.actor, &e.topic, &e.target, &e.stance, &said, &e.firstHand, &e.lead, &e.condition); err != nil {
			return err
		}
		var err error
		if e.when, err = claimed(said, ""); err != nil {
			return err
		}
		if next := (matter{e.actor, e.topic}); next != k {
			flush()
			k = next
		}
		events = append(events, &e)
		return nil
	}, `SELECT n, id, actor, topic, target, stance, said, first_hand, lead, condition FROM events
		WHERE actor IN (SELECT value FROM json_each(?)) AND binding AND reports > 0 AND day <= ? ORDER BY actor, topic, day DESC, seen DESC, n DESC`, keys, last)
	if err != nil {
		return nil, fmt.Errorf("read lines: %w", err)
	}
	flush()
	return out, nil
}

// courses works out the lines of a matter from its events, newest first.
func (s *sides) courses(k matter, events []*event, moments []time.Time) []Course {
	if len(events) == 0 || !s.hasLine(k.actor) {
		return nil
	}
	var targets []side
	for _, e := range events {
		if t := (side{e.target, e.firstHand}); !slices.Contains(targets, t) {
			targets = append(targets, t)
		}
	}
	seen := make(map[string]bool)
	var out []Course
	for _, t := range targets {
		c := Course{Actor: k.actor, Topic: k.topic, Target: t.target, Own: t.own}
		for _, m := range moments {
			c.Steps = append(c.Steps, s.step(k, t, events, m))
		}
		if last := c.Steps[len(c.Steps)-1].Event; last != "" && !seen[last] {
			seen[last] = true
			out = append(out, c)
		}
	}
	return out
}

// step works out where a line stood at a moment.
func (s *sides) step(k matter, t side, events []*event, moment time.Time) Step {
	day := dayOf(moment.Add(-time.Nanosecond))
	st := &stand{target: t.target, own: t.own}
	s.trace(k.topic, k.actor, []*stand{st}, 0, func(yield func(*event) bool) {
		for _, e := range events {
			if dayOf(e.when.Time) <= day && !yield(e) {
				return
			}
		}
	})
	if st.event == nil {
		return Step{}
	}
	e := st.event
	at := statement.Date{Time: moment.Add(-time.Nanosecond), Precision: statement.Second}
	return Step{
		Event: e.id, Stance: e.stance, Since: st.since, When: e.when, Lapsed: lapsed(e.topic, e.stance, e.when, at),
		lead: e.lead, words: e.condition, n: e.n,
	}
}

// standingOf returns a step as a standing line with the words on which it rests.
func (s *Store) standingOf(ctx context.Context, c *Course, st *Step) (Standing, error) {
	out := Standing{
		Line: statement.Line{
			Actor: c.Actor, Topic: c.Topic, Target: c.Target, Stance: st.Stance, Condition: st.words, FirstHand: c.Own,
			Since: st.Since, Confirmed: st.When, Event: st.Event,
		},
		Statement: st.lead, Lapsed: st.Lapsed,
	}
	err := each(ctx, s.reader, func(scan func(...any) error) error {
		return scan(&out.Quote)
	}, `SELECT v.quote FROM event_reports r JOIN evidence v ON v.position = r.position WHERE r.event = ? AND r.statement = ?`, st.Event, st.lead)
	return out, err
}

// Stood returns the line of a course at the last of its moments and at the one of
// an index, with the words on which they rest. The latter is zero if there was none
// or it had lapsed.
func (s *Store) Stood(ctx context.Context, c *Course, before int) (now Standing, then statement.Cited, err error) {
	if now, err = s.standingOf(ctx, c, &c.Steps[len(c.Steps)-1]); err != nil {
		return now, then, fmt.Errorf("read line of %s: %w", c.Actor, err)
	}
	st := &c.Steps[before]
	if st.Event == "" || st.Lapsed {
		return now, then, nil
	}
	was, err := s.standingOf(ctx, c, st)
	if err == nil {
		then = statement.Cited{Passage: statement.Passage{Statement: was.Statement, Quote: was.Quote, Said: was.Confirmed}, Stance: was.Stance}
		err = cite(ctx, s.reader, &then)
	}
	if err != nil {
		return now, then, fmt.Errorf("read line of %s: %w", c.Actor, err)
	}
	return now, then, nil
}
