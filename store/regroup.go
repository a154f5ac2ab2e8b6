package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"palabre/statement"
)

// move is what a person does to a statement: what it says on the matter of an
// event leaves that event or joins it, or that is undone.
type move struct {
	on    *event
	was   string // event where the machine had put it; empty where that is not known
	cause string // ID of the desk event
}

// takes reports whether a position is moved.
func (c *chronicle) takes(p *statement.Position) bool {
	return c.moves != nil && c.sides.concerns(c.moves.on, p)
}

// pin is what people decided about a statement and an event.
type pin struct {
	event string // that it left or joined
	goes  string // the same if it joined; empty if it left: to an event of its own
}

// pinned returns the event that a person put the report into, if somebody did,
// else the one that the machine found. It is nil where one is to be opened.
func (c *chronicle) pinned(found *event, r *account) (*event, error) {
	p, on, err := c.decided(r.statement, &r.position)
	switch {
	case err != nil:
		return nil, fmt.Errorf("look up what people decided: %w", err)
	case p == nil:
		return c.back(found, r)
	case on == nil:
		return nil, nil
	case p.goes != "":
		return c.once(on), nil
	}
	return c.apart(found, on, r)
}

// decided returns what people decided last about a position of a statement, nil
// if nothing, and the event that they decided about. That event is nil where it is
// the one that the statement itself has yet to open.
func (f *filing) decided(id string, p *statement.Position) (*pin, *event, error) {
	pins, err := collect(f.ctx, f.sql, func(scan func(...any) error) (v pin, err error) {
		return v, scan(&v.event, &v.goes)
	}, `SELECT p.event, p.goes FROM pins p JOIN desk_log d ON d.id = p.desk WHERE p.statement = ? ORDER BY d.seq DESC`, id)
	if err != nil {
		return nil, nil, err
	}
	for i := range pins {
		on, err := f.eventNamed(pins[i].event)
		if err != nil {
			return nil, nil, err
		}
		if on == nil && pins[i].event == statement.EventID(p, id) || on != nil && f.sides.concerns(on, p) {
			return &pins[i], on, nil
		}
	}
	return nil, nil, nil
}

// concerns reports whether a position may be a report of an event.
func (s *sides) concerns(e *event, p *statement.Position) bool {
	return e.actor == p.Actor && e.topic == p.Topic && e.stance == p.Stance && s.same(e.topic, e.actor, e.target, p.Target)
}

func (t *tx) eventNamed(id string) (*event, error) {
	found, err := t.events(`id = ?`, id)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found[0], nil
}

// shared reports whether other statements report an event too.
func (t *tx) shared(event, id string) (bool, error) {
	var one int
	return t.find(`SELECT 1 FROM event_reports WHERE event = ? AND statement <> ? LIMIT 1`, []any{event, id}, &one)
}

// apartID is the ID of the event of a statement whose own is another's now.
func apartID(r *account) string { return statement.EventID(&r.position, r.statement+" apart") }

// apart returns the event of its own for a report that left another one, nil if
// it is to be opened. What it has to itself it may keep.
func (c *chronicle) apart(found, left *event, r *account) (*event, error) {
	own := statement.EventID(&r.position, r.statement)
	if found != nil && found.id != left.id && (found.id == own || found.id == apartID(r)) {
		return found, nil
	}
	shared, err := c.shared(left.id, r.statement)
	if err != nil {
		return nil, err
	}
	switch {
	case !shared && (left.id == own || found != nil && found.id == left.id):
		return c.once(left), nil
	case own == left.id:
		own = apartID(r)
	}
	e, err := c.eventNamed(own)
	if err != nil || e == nil {
		return nil, err
	}
	return c.once(e), nil
}

// back returns the event of a report about which people no longer decide
// anything: its seat if it moves, else where the machine finds it, else the one
// that it once opened.
func (c *chronicle) back(found *event, r *account) (*event, error) {
	if !c.takes(&r.position) {
		return found, nil
	}
	e, err := c.eventNamed(c.moves.was)
	if err != nil {
		return nil, err
	}
	if e == nil || !c.sides.concerns(e, &r.position) {
		e = found
	}
	if e == nil {
		emptied, err := c.events(`id IN (?, ?) AND NOT EXISTS (SELECT 1 FROM event_reports WHERE event = events.id) ORDER BY n DESC`,
			statement.EventID(&r.position, r.statement), apartID(r))
		if err != nil || len(emptied) == 0 {
			return nil, err
		}
		e = emptied[0]
	}
	return c.once(e), nil
}

// regroupingOf returns the statements that a desk event moves.
func regroupingOf(e *statement.DeskEvent) ([]string, error) {
	var g statement.Regrouping
	if err := json.Unmarshal(e.Details, &g); err != nil {
		return nil, fmt.Errorf("read regrouping: %w", err)
	}
	if len(g.Statements) == 0 || slices.Contains(g.Statements, "") {
		return nil, errors.New("read regrouping: it names no statement")
	}
	return g.Statements, nil
}

// regroup moves statements after a person split an event or merged others into
// it, or undid that, which is the cause then. What is not held yet is moved when it
// comes.
func (f *filing) regroup(by, cause *statement.DeskEvent) error {
	moved, err := f.movedBy(by)
	if err != nil {
		return err
	}
	on, err := f.eventNamed(by.Subject)
	if err != nil {
		return err
	}
	for _, id := range moved {
		was, err := f.foldPin(id, by.Subject, on)
		if err != nil {
			return fmt.Errorf("note regrouping: %w", err)
		}
		if on == nil {
			continue
		}
		if err := f.enterAgain(id, &move{on, was, cause.ID}); err != nil {
			return fmt.Errorf("regroup statement %s: %w", id, err)
		}
	}
	return nil
}

// movedBy returns the first revisions of the statements that a desk event moves.
func (t *tx) movedBy(e *statement.DeskEvent) ([]string, error) {
	ids, err := regroupingOf(e)
	if err != nil {
		return nil, err
	}
	keys, err := list(ids)
	if err != nil {
		return nil, err
	}
	return texts(t.ctx, t.sql, `SELECT DISTINCT coalesce(r.statement, k.value) FROM json_each(?) k LEFT JOIN revisions r ON r.id = k.value ORDER BY k.key`, keys)
}

// foldPin writes what people decided last about a statement and an event, and
// returns where the machine had put the statement, if that is known.
func (f *filing) foldPin(id, subject string, on *event) (was string, err error) {
	acts, err := f.acts(subject, statement.SplitEvent, statement.MergeEvents)
	if err != nil {
		return "", err
	}
	var last *statement.DeskEvent
	for i := range acts {
		moved, err := f.movedBy(&acts[i])
		if err != nil {
			return "", err
		}
		if slices.Contains(moved, id) {
			last = &acts[i]
		}
	}
	if was, err = f.seatOf(id, subject, on); err != nil {
		return "", err
	}
	if last == nil {
		return was, f.exec(`DELETE FROM pins WHERE statement = ? AND event = ?`, id, subject)
	}
	goes := ""
	if last.Action == statement.MergeEvents {
		goes = subject
	}
	return was, f.exec(`INSERT OR REPLACE INTO pins VALUES (?, ?, ?, ?, ?)`, id, subject, goes, last.ID, was)
}

// seatOf returns the event in which the machine had put what a statement says on
// the matter of another one, before people moved it, or "".
func (f *filing) seatOf(id, subject string, on *event) (was string, err error) {
	found, err := f.find(`SELECT was FROM pins WHERE statement = ? AND event = ? AND was <> ''`, []any{id, subject}, &was)
	if err != nil || found || on == nil {
		return was, err
	}
	pinned, err := texts(f.ctx, f.sql, `SELECT p.was FROM pins p JOIN events e ON e.id = p.event
		WHERE p.statement = ? AND p.was <> '' AND e.actor = ? AND e.topic = ?`, id, on.actor, on.topic)
	if err != nil || len(pinned) > 0 {
		return first(pinned), err
	}
	held, err := f.reportedOn(id, on)
	return first(held), err
}

// reportedOn returns the events that a statement reports on the matter of another
// one.
func (f *filing) reportedOn(id string, on *event) ([]string, error) {
	found, err := f.events(`id IN (SELECT event FROM event_reports WHERE statement = ?) AND actor = ? AND topic = ? ORDER BY n`, id, on.actor, on.topic)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, e := range found {
		if e.stance == on.stance && f.sides.same(e.topic, e.actor, e.target, on.target) {
			out = append(out, e.id)
		}
	}
	return out, nil
}

func first(ids []string) string {
	if len(ids) == 0 {
		return ""
	}
	return ids[0]
}

// enterAgain enters the positions of a statement into events anew, as they are
// read now. What it says on other matters stays where it is.
func (f *filing) enterAgain(id string, moves *move) error {
	concerned, err := f.reportedOn(id, moves.on)
	if err != nil || len(concerned) == 0 {
		return err
	}
	held, err := statementsIn(f.ctx, f.sql, []string{id})
	if err != nil || len(held) == 0 {
		return err
	}
	keys, err := texts(f.ctx, f.sql, `SELECT n FROM positions WHERE statement = ? AND current`, held[0].Statement.Of)
	if err != nil {
		return err
	}
	f.cause = cause{moved, moves.cause}
	defer func() { f.cause = cause{why: lost} }()
	if err := f.fileReading(&statement.Record{Statement: held[0].Statement, Reading: held[0].Reading}, true, moves); err != nil {
		return err
	}
	for _, n := range keys { // the same reading, filed once more
		if err := f.exec(`DELETE FROM evidence WHERE position = ?`, n); err != nil {
			return err
		}
		if err := f.exec(`DELETE FROM positions WHERE n = ?`, n); err != nil {
			return err
		}
	}
	return nil
}

// heed puts statements where people decided that they belong, after reports came
// into the events that they decided about: a desk event may come before what it is
// about.
func (f *filing) heed() error {
	done := make(map[[2]string]bool) // statement and event
	for len(f.joined) > 0 {
		keys, err := list(f.joined)
		if err != nil {
			return err
		}
		f.joined = nil
		acts, err := actsIn(f.ctx, f.sql, `action IN ('split', 'merge') AND undone = '' AND subject IN (SELECT value FROM json_each(?)) ORDER BY seq`, keys)
		if err != nil {
			return err
		}
		for i := range acts {
			moved, err := f.movedBy(&acts[i])
			if err != nil {
				return err
			}
			for _, id := range moved {
				seen := [2]string{id, acts[i].Subject}
				if done[seen] {
					continue
				}
				if done[seen], err = f.putInPlace(id, &acts[i]); err != nil {
					return fmt.Errorf("regroup statement %s: %w", id, err)
				}
			}
		}
	}
	return nil
}

// putInPlace moves a statement that is not where people decided about an event,
// and reports whether it did.
func (f *filing) putInPlace(id string, by *statement.DeskEvent) (done bool, err error) {
	on, err := f.eventNamed(by.Subject)
	if err != nil || on == nil {
		return false, err
	}
	was, err := f.foldPin(id, on.id, on)
	if err != nil {
		return false, err
	}
	p := statement.Position{Actor: on.actor, Topic: on.topic, Target: on.target, Stance: on.stance}
	decided, about, err := f.decided(id, &p)
	if err != nil || decided == nil || about == nil || about.id != on.id {
		return false, err
	}
	held, err := f.reportedOn(id, on)
	if err != nil || len(held) == 0 {
		return false, err
	}
	there := slices.Contains(held, on.id)
	misplaced := decided.goes != "" && !there
	if decided.goes == "" && there {
		misplaced, err = f.shared(on.id, id)
	}
	if err != nil || !misplaced {
		return false, err
	}
	return true, f.enterAgain(id, &move{on, was, by.ID})
}
