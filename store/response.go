package store

import (
	"fmt"
	"slices"

	"palabre/statement"
)

const (
	// addressedWithin is how many days whom something was put to may take to
	// answer without saying to what, and a body to correct one of its voices.
	addressedWithin = 30
	// namedWithin is how many days an answer that names who spoke may take.
	namedWithin = 365
)

// link works out what the events that this commit opened answer, and what
// answers them.
func (f *filing) link() error {
	slices.SortFunc(f.opened, byAge)
	for _, e := range f.opened {
		if err := f.answer(e); err != nil {
			return fmt.Errorf("work out what event %s answers: %w", e.id, err)
		}
		day := dayOf(e.when.Time)
		later, err := f.events(`actor IN (?, ?) AND topic = ? AND day BETWEEN ? AND ? AND reports > 0`, e.target, e.actor, e.topic, day+1, day+addressedWithin)
		if err != nil {
			return err
		}
		for _, l := range later {
			if err := f.answer(l); err != nil {
				return fmt.Errorf("work out what event %s answers: %w", l.id, err)
			}
		}
	}
	return nil
}

// answer finds what an event answers. One that is dated to the year cannot be
// put before or after another.
func (f *filing) answer(e *event) error {
	if e.when.Precision == statement.Year || !f.sides.hasLine(e.actor) {
		return nil
	}
	answered := make(map[string]bool)
	for _, l := range []struct {
		how  statement.Link
		find func(*event) (*event, error)
	}{
		{statement.Quoted, f.quotedBy},
		{statement.Named, f.namedBy},
		{statement.Addressed, f.addressedTo},
		{statement.OwnHouse, f.ownHouse},
	} {
		before, err := l.find(e)
		if err != nil {
			return err
		}
		if before == nil || answered[before.id] {
			continue
		}
		answered[before.id] = true
		err = f.exec(`INSERT INTO responses VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET how = excluded.how, days = excluded.days`,
			e.id, before.id, l.how, dayOf(e.when.Time)-dayOf(before.when.Time))
		if err != nil {
			return fmt.Errorf("note response: %w", err)
		}
	}
	return nil
}

// before returns the latest event of others or of the same actor that was over
// when e began, at most days ago, and that is wanted. It reads newest first.
func (f *filing) before(e *event, days int, where string, wanted func(*event) bool, args ...any) (*event, error) {
	day := dayOf(e.when.Time)
	var found *event
	err := f.tx.each(func(scan func(...any) error) error {
		a, err := scanEvent(scan)
		if err == nil && a.when.Precision != statement.Year && lastDay(a.when) < day && f.sides.hasLine(a.actor) && wanted(a) {
			found, err = a, errEnough
		}
		return err
	}, selectEvent+`WHERE topic = ? AND day BETWEEN ? AND ? AND reports > 0 AND `+where+` ORDER BY day DESC, seen DESC, n DESC`,
		append([]any{e.topic, day - days, day - 1}, args...)...)
	return found, err
}

// quotedBy returns what the event's own lead also reports of somebody else.
func (f *filing) quotedBy(e *event) (*event, error) {
	return f.before(e, namedWithin, `actor <> ? AND id IN (SELECT event FROM event_reports WHERE statement = ?)`,
		func(*event) bool { return true }, e.actor, e.lead)
}

// namedBy returns what a third party said on the same matter whom the lead
// names: the person who spoke, else the body. That a statement names the other
// side of its own positions means nothing, and civil society is nobody's name.
func (f *filing) namedBy(e *event) (*event, error) {
	targets, err := texts(f.ctx, f.sql, `SELECT target FROM positions WHERE statement = ? AND current`, e.lead)
	if err != nil {
		return nil, err
	}
	third := func(a *event) bool {
		return !f.sides.touches(a.actor, e.actor) && !slices.ContainsFunc(targets, func(t string) bool { return f.sides.touches(a.actor, t) })
	}
	return f.before(e, namedWithin, `actor <> ? AND CASE speaker WHEN '' THEN actor ELSE speaker END IN
			(SELECT name FROM mentions WHERE statement = ? AND kind = 'actor')`,
		func(a *event) bool {
			return third(a) && (a.speaker != "" || !f.sides.society(a.actor)) && (f.sides.touches(a.target, e.target) || f.sides.touches(a.target, e.actor))
		}, e.actor, e.lead)
}

// addressedTo returns what the other side put to the actor in the last days and
// the actor has not answered yet.
func (f *filing) addressedTo(e *event) (*event, error) {
	if e.target == "" || e.target == e.actor {
		return nil, nil
	}
	return f.before(e, addressedWithin, `actor <> ? AND NOT EXISTS (SELECT 1 FROM responses r JOIN events b ON b.id = r.event
			WHERE r.answers = events.id AND b.actor = ? AND b.id <> ?)`,
		func(a *event) bool { return f.sides.touches(a.actor, e.target) && f.sides.touches(a.target, e.actor) },
		e.actor, e.actor, e.id)
}

// ownHouse returns what another voice of the same body said otherwise in the
// last days.
func (f *filing) ownHouse(e *event) (*event, error) {
	return f.before(e, addressedWithin, `actor = ? AND stance <> ? AND speaker <> ?`,
		func(a *event) bool { return f.sides.same(e.topic, e.actor, a.target, e.target) }, e.actor, e.stance, e.speaker)
}

// society reports whether the actor is a part of society rather than a body.
func (s *sides) society(id string) bool {
	return s.actors[id] != nil && s.actors[id].Kind == statement.Society
}

// touches reports whether two bodies are one side: the same, a part and its
// whole, or a group and all groups.
func (s *sides) touches(a, b string) bool {
	return a == b || s.partOf(a, b) || s.partOf(b, a) || a == anyGroup && s.unsigned(b) || b == anyGroup && s.unsigned(a)
}
