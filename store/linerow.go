package store

import (
	"fmt"

	"palabre/statement"
)

// matter is an actor on a topic: what lines are worked out for.
type matter struct {
	actor string
	topic statement.Topic
}

// motion is what a commit did to a matter.
type motion struct {
	since   int  // earliest day touched
	demands bool // an event was touched that may state or drop a demand
	targets map[side]bool
}

// side is a target and whose words are held against it.
type side struct {
	target string
	own    bool
}

// move notes that an event, as it is now, was added or taken away.
func (f *filing) move(e *event) {
	if !f.sides.hasLine(e.actor) {
		return
	}
	k := matter{e.actor, e.topic}
	day := dayOf(e.when.Time)
	m := f.moved[k]
	if m == nil {
		m = &motion{since: day, targets: make(map[side]bool)}
		f.moved[k] = m
	}
	m.since = min(m.since, day)
	m.demands = m.demands || e.stance == statement.Conditional || e.stance == statement.Pro
	m.targets[side{e.target, e.firstHand}] = true
}

// drawLines works out anew where every actor stands whose events changed.
func (f *filing) drawLines() error {
	for k, m := range f.moved {
		stands, err := f.standsOf(k, m)
		if err != nil {
			return err
		}
		f.sides.trace(k.topic, k.actor, stands, m.since, f.newestFirst(&err, k.actor, k.topic, ``))
		if err != nil {
			return err
		}
		for _, st := range stands {
			if err := f.putLine(k, st); err != nil {
				return err
			}
		}
	}
	return nil
}

// standsOf returns the stands on a matter as the record has them, and an empty
// one for every new target.
func (f *filing) standsOf(k matter, m *motion) ([]*stand, error) {
	stands, err := collect(f.ctx, f.sql, func(scan func(...any) error) (*stand, error) {
		var st stand
		var since string
		if err := scan(&st.target, &st.own, &st.known, &since); err != nil {
			return nil, err
		}
		var err error
		st.before, err = claimed(since, "")
		return &st, err
	}, `SELECT target, own, event, since FROM lines WHERE actor = ? AND topic = ?`, k.actor, k.topic)
	if err != nil {
		return nil, err
	}
	for _, st := range stands {
		delete(m.targets, side{st.target, st.own})
	}
	for t := range m.targets {
		stands = append(stands, &stand{target: t.target, own: t.own})
	}
	return stands, nil
}

func (f *filing) putLine(k matter, st *stand) error {
	if st.event == nil {
		if err := f.exec(`DELETE FROM lines WHERE actor = ? AND topic = ? AND target = ? AND own = ?`, k.actor, k.topic, st.target, st.own); err != nil {
			return fmt.Errorf("drop line: %w", err)
		}
		return nil
	}
	if st.event.id == st.known && st.since.String() == st.before.String() {
		return nil
	}
	err := f.exec(`INSERT INTO lines VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET event = excluded.event, since = excluded.since, updated = excluded.updated`,
		k.actor, k.topic, st.target, st.own, st.event.id, st.since.String(), nanos(f.at))
	if err != nil {
		return fmt.Errorf("draw line: %w", err)
	}
	return nil
}
