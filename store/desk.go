package store

import (
	"context"
	"encoding/json"
	"fmt"

	"palabre/statement"
)

// ApplyDesk enters what people did in the desk log. An event that is there
// already changes nothing.
func (s *Store) ApplyDesk(ctx context.Context, events []statement.DeskEvent) error {
	err := s.write(ctx, func(t *tx) error {
		for i := range events {
			e := &events[i]
			err := t.exec(`INSERT INTO desk_log (id, at, who, action, subject, note) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
				e.ID, nanos(e.At), e.Who, e.Action, e.Subject, e.Note)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("apply desk events: %w", err)
	}
	s.wake()
	return nil
}

// DeskLog returns what people did, newest first.
func (s *Store) DeskLog(ctx context.Context, limit int) ([]statement.DeskEvent, error) {
	out, err := collect(ctx, s.reader, func(scan func(...any) error) (e statement.DeskEvent, err error) {
		return e, scan(&e.ID, instant{&e.At}, &e.Who, &e.Action, &e.Subject, &e.Note)
	}, `SELECT id, at, who, action, subject, note FROM desk_log ORDER BY seq DESC LIMIT ?`, limit)
	if err != nil {
		return nil, fmt.Errorf("read desk log: %w", err)
	}
	return out, nil
}

// Bury keeps a message that could not be handled, for people to look at and
// replay. Burying it again notes the latest failure.
func (s *Store) Bury(ctx context.Context, d statement.DeadLetter) error {
	err := s.write(ctx, func(t *tx) error {
		return t.exec(`INSERT INTO dead_letters VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE
			SET reason = excluded.reason, tries = tries + excluded.tries, at = excluded.at, payload = excluded.payload`,
			d.ID, d.Stream, d.Subject, d.Reason, d.Tries, nanos(d.At), d.Payload)
	})
	if err != nil {
		return fmt.Errorf("bury message %s: %w", d.ID, err)
	}
	return nil
}

const selectDead = `SELECT id, stream, subject, reason, tries, at, payload FROM dead_letters `

func scanDead(scan func(...any) error) (d statement.DeadLetter, err error) {
	return d, scan(&d.ID, &d.Stream, &d.Subject, &d.Reason, &d.Tries, instant{&d.At}, &d.Payload)
}

// DeadLetters returns the messages that could not be handled, newest first.
func (s *Store) DeadLetters(ctx context.Context) ([]statement.DeadLetter, error) {
	out, err := collect(ctx, s.reader, scanDead, selectDead+`ORDER BY at DESC, id`)
	if err != nil {
		return nil, fmt.Errorf("read dead letters: %w", err)
	}
	return out, nil
}

// DeadLetter returns one of them.
func (s *Store) DeadLetter(ctx context.Context, id string) (statement.DeadLetter, error) {
	found, err := collect(ctx, s.reader, scanDead, selectDead+`WHERE id = ?`, id)
	if err == nil && len(found) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return statement.DeadLetter{}, fmt.Errorf("read dead letter %s: %w", id, err)
	}
	return found[0], nil
}

// Revive sends a dead letter on its way again. A statement, or the statement of
// a record, goes back to the spool to be published and read anew; what a person
// did is entered in the desk log. The letter is gone in the same commit.
func (s *Store) Revive(ctx context.Context, id string) error {
	d, err := s.DeadLetter(ctx, id)
	if err != nil {
		return err
	}
	var v struct {
		statement.Statement
		Inner  *statement.Statement `json:"statement"`
		Action string               `json:"action"`
	}
	if err := json.Unmarshal(d.Payload, &v); err != nil {
		return fmt.Errorf("revive dead letter %s: its payload cannot be read: %w", id, err)
	}
	if v.Action != "" {
		return s.reviveDesk(ctx, d)
	}
	st := &v.Statement
	if v.Inner != nil {
		st = v.Inner
	}
	if err := st.Validate(); err != nil {
		return fmt.Errorf("revive dead letter %s: %w", id, err)
	}
	err = s.write(ctx, func(t *tx) error {
		if err := t.putSpool(st, s.now()); err != nil {
			return err
		}
		return t.exec(`DELETE FROM dead_letters WHERE id = ?`, id)
	})
	if err != nil {
		return fmt.Errorf("revive dead letter %s: %w", id, err)
	}
	s.wake()
	return nil
}

func (s *Store) reviveDesk(ctx context.Context, d statement.DeadLetter) error {
	var e statement.DeskEvent
	if err := json.Unmarshal(d.Payload, &e); err != nil {
		return fmt.Errorf("revive dead letter %s: its payload cannot be read: %w", d.ID, err)
	}
	if err := s.ApplyDesk(ctx, []statement.DeskEvent{e}); err != nil {
		return err
	}
	if err := s.write(ctx, func(t *tx) error { return t.exec(`DELETE FROM dead_letters WHERE id = ?`, d.ID) }); err != nil {
		return fmt.Errorf("revive dead letter %s: %w", d.ID, err)
	}
	return nil
}
