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
	// mostLater is how many events after one that is found late are looked at
	// again, and mostBefore how many of a voice are looked through: an answer
	// is to what was said last.
	mostLater  = 8
	mostBefore = 40
)

// link works out what the events that this commit opened answer, and what
// answers them.
func (f *filing) link() error {
	slices.SortFunc(f.opened, func(a, b *opening) int { return byAge(a.event, b.event) })
	for _, o := range f.opened {
		if err := f.answer(o); err != nil {
			return fmt.Errorf("work out what event %s answers: %w", o.id, err)
		}
		e := o.event
		day := dayOf(e.when.Time)
		later, err := f.events(`actor IN (?, ?) AND topic = ? AND day BETWEEN ? AND ? AND reports > 0
			ORDER BY day, seen, n LIMIT ?`, e.target, e.actor, e.topic, day+1, day+addressedWithin, mostLater)
		if err != nil {
			return err
		}
		for _, l := range later {
			o, err := f.reopen(l)
			if err != nil {
				return err
			}
			if err := f.answer(o); err != nil {
				return fmt.Errorf("work out what event %s answers: %w", l.id, err)
			}
		}
	}
	return nil
}

// opening is an event with what its lead shows of whom it answers.
type opening struct {
	*event
	named   []string // persons and bodies
	targets []string // of the lead's positions
	quotes  bool     // the lead has positions of others too
}

// opens returns the event that a record opens, with what the record shows.
func (e *event) opens(r *statement.Reading) *opening {
	o := &opening{event: e, named: r.Actors}
	for i := range r.Positions {
		p := &r.Positions[i]
		o.targets = append(o.targets, p.Target)
		o.quotes = o.quotes || p.Actor != e.actor
	}
	return o
}

// reopen returns an event of the record as opens does.
func (f *filing) reopen(e *event) (*opening, error) {
	o := &opening{event: e, quotes: true}
	var err error
	if o.named, err = texts(f.ctx, f.sql, `SELECT name FROM mentions WHERE statement = ? AND kind = 'actor'`, e.lead); err != nil {
		return nil, err
	}
	o.targets, err = texts(f.ctx, f.sql, `SELECT target FROM positions WHERE statement = ? AND current`, e.lead)
	return o, err
}

// answer finds what an event answers. One that is dated to the year cannot be
// put before or after another.
func (f *filing) answer(e *opening) error {
	if e.when.Precision == statement.Year || !f.sides.hasLine(e.actor) {
		return nil
	}
	answered := make(map[string]bool)
	for _, l := range []struct {
		how  statement.Link
		find func(*opening) (*event, error)
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

// voice is whose events are looked through: those of an actor, and of one
// speaker alone, or of nobody named.
type voice struct {
	actor   string
	speaker string
	any     bool // whoever speaks
}

// before returns the latest event of the voices that was over when e began, at
// most days ago, and that is wanted. It is towards one of the targets, if any
// are given.
func (f *filing) before(e *opening, days int, voices []voice, targets []string, wanted func(*event) bool) (found *event, err error) {
	var actors []string
	for _, v := range voices {
		if f.sides.hasLine(v.actor) && !slices.Contains(actors, v.actor) {
			actors = append(actors, v.actor)
		}
	}
	if len(actors) == 0 {
		return nil, nil
	}
	of, err := list(actors)
	if err != nil {
		return nil, err
	}
	towards, err := list(targets)
	if err != nil {
		return nil, err
	}
	day := dayOf(e.when.Time)
	err = f.tx.each(func(scan func(...any) error) error {
		a, err := scanEvent(scan)
		speaks := func(v voice) bool { return v.actor == a.actor && (v.any || v.speaker == a.speaker) }
		if err == nil && a.when.Precision != statement.Year && lastDay(a.when) < day && slices.ContainsFunc(voices, speaks) && wanted(a) {
			found, err = a, errEnough
		}
		return err
	}, selectEvent+`WHERE actor IN (SELECT value FROM json_each(?)) AND topic = ? AND day BETWEEN ? AND ? AND reports > 0
			AND (? = '[]' OR target IN (SELECT value FROM json_each(?))) ORDER BY day DESC, seen DESC, n DESC LIMIT ?`,
		of, e.topic, day-days, day-1, towards, towards, mostBefore)
	return found, err
}

// quotedBy returns what the event's own lead also reports of somebody else.
func (f *filing) quotedBy(e *opening) (*event, error) {
	if !e.quotes {
		return nil, nil
	}
	others, err := f.events(`actor <> ? AND +topic = ? AND id IN (SELECT event FROM event_reports WHERE statement = ?)`, e.actor, e.topic, e.lead)
	if err != nil {
		return nil, err
	}
	var found *event
	for _, a := range others {
		known := a.when.Precision != statement.Year && lastDay(a.when) < dayOf(e.when.Time) && dayOf(e.when.Time)-dayOf(a.when.Time) <= namedWithin
		if known && f.sides.hasLine(a.actor) && (found == nil || byAge(a, found) > 0) {
			found = a
		}
	}
	return found, nil
}

// namedBy returns what a third party said on the same matter whom the lead
// names: the person who spoke, else the body. That a statement names the other
// side of its own positions means nothing, and civil society is nobody's name.
func (f *filing) namedBy(e *opening) (*event, error) {
	third := func(actor string) bool {
		return !f.sides.touches(actor, e.actor) && !slices.ContainsFunc(e.targets, func(t string) bool { return f.sides.touches(actor, t) })
	}
	var voices []voice
	for _, id := range e.named {
		if p := f.sides.persons[id]; p != nil {
			for i := range p.Roles {
				voices = append(voices, voice{actor: p.Roles[i].Actor, speaker: id})
			}
		} else if !f.sides.society(id) {
			voices = append(voices, voice{actor: id})
		}
	}
	voices = slices.DeleteFunc(voices, func(v voice) bool { return !third(v.actor) })
	return f.before(e, namedWithin, voices, slices.Concat(f.sides.touching(e.target), f.sides.touching(e.actor)), func(*event) bool { return true })
}

// addressedTo returns what the other side put to the actor in the last days and
// the actor has not answered yet.
func (f *filing) addressedTo(e *opening) (*event, error) {
	if e.target == "" || e.target == e.actor {
		return nil, nil
	}
	var voices []voice
	for _, id := range f.sides.touching(e.target) {
		voices = append(voices, voice{actor: id, any: true})
	}
	found, err := f.before(e, addressedWithin, voices, f.sides.touching(e.actor), func(*event) bool { return true })
	if err != nil || found == nil {
		return nil, err
	}
	var one int
	answered, err := f.find(`SELECT 1 FROM responses r JOIN events b ON b.id = r.event WHERE r.answers = ? AND b.actor = ? AND b.id <> ? AND b.reports > 0`,
		[]any{found.id, e.actor, e.id}, &one)
	if err != nil || answered {
		return nil, err
	}
	return found, nil
}

// ownHouse returns what another voice of the same body said otherwise in the
// last days.
func (f *filing) ownHouse(e *opening) (*event, error) {
	return f.before(e, addressedWithin, []voice{{actor: e.actor, any: true}}, nil, func(a *event) bool {
		return a.speaker != e.speaker && a.stance != e.stance && f.sides.same(e.topic, e.actor, a.target, e.target)
	})
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

// touching returns the actors that are one side with id, itself included.
func (s *sides) touching(id string) []string {
	if known, ok := s.touched[id]; ok {
		return known
	}
	return []string{id}
}
