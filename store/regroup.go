package store

import (
	"encoding/json"
	"fmt"

	"palabre/statement"
)

// pinned returns the event that a person put the report into, if somebody did,
// else the one that the machine found. It is nil where one is to be opened.
func (c *chronicle) pinned(found *event, r *account) (*event, error) {
	p := &r.position
	var goes string
	decided, err := c.find(`SELECT goes FROM pins WHERE statement = ? AND actor = ? AND topic = ?`, []any{r.statement, p.Actor, p.Topic}, &goes)
	if err != nil {
		return nil, fmt.Errorf("look up what people decided: %w", err)
	}
	if !decided && (found != nil || !c.regrouped) {
		return found, nil
	}
	there, err := c.events(`stance = ?1 AND (id = ?2 OR ?2 = '' AND id IN (?3, ?4) AND NOT EXISTS (SELECT 1 FROM event_reports WHERE event = events.id))
		ORDER BY n DESC`,
		p.Stance, goes, statement.EventID(p, r.statement), apartID(r))
	if err != nil || len(there) == 0 {
		return nil, err
	}
	return c.once(there[0]), nil
}

// apartID is the ID of the event of a statement whose own is another's now.
func apartID(r *account) string { return statement.EventID(&r.position, r.statement+" apart") }

// regroup carries out that a person split an event or merged others into it, or
// undid that.
func (f *filing) regroup(by *statement.DeskEvent, undone bool) error {
	var r statement.Regrouping
	if err := json.Unmarshal(by.Details, &r); err != nil {
		return fmt.Errorf("read regrouping: %w", err)
	}
	events, err := f.events(`id = ?`, by.Subject)
	if err != nil {
		return err
	}
	if len(events) == 0 {
		return fmt.Errorf("regroup event %s: %w", by.Subject, ErrNotFound)
	}
	e := events[0]
	if err := f.exec(`DELETE FROM pins WHERE desk = ?`, by.ID); err != nil {
		return fmt.Errorf("undo regrouping: %w", err)
	}
	goes := ""
	if by.Action == statement.MergeEvents {
		goes = e.id
	}
	for _, id := range r.Statements {
		if !undone {
			err := f.exec(`INSERT INTO pins VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET goes = excluded.goes, desk = excluded.desk`,
				id, e.actor, e.topic, goes, by.ID)
			if err != nil {
				return fmt.Errorf("note regrouping: %w", err)
			}
		}
		if err := f.enterAgain(id); err != nil {
			return fmt.Errorf("regroup statement %s: %w", id, err)
		}
	}
	return nil
}

// enterAgain enters the positions of a statement into events anew, as they are
// read now.
func (f *filing) enterAgain(id string) error {
	held, err := statementsIn(f.ctx, f.sql, []string{id})
	if err != nil {
		return err
	}
	if len(held) == 0 {
		return ErrNotFound
	}
	f.why = moved
	defer func() { f.why = lost }()
	return f.fileReading(&statement.Record{Statement: held[0].Statement, Reading: held[0].Reading}, true, true)
}
