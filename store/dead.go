package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"palabre/statement"
)

// Bury keeps a message that could not be handled, for people to look at and
// replay. Burying it again notes the latest failure. The statement leaves the
// spool in the same commit, so that it is not published again and again.
func (s *Store) Bury(ctx context.Context, d statement.DeadLetter) error {
	err := s.write(ctx, func(t *tx) error {
		if l, err := unseal(d.Payload); err == nil && l.statement != nil {
			if err := t.exec(`DELETE FROM spool WHERE id = ?`, l.statement.ID); err != nil {
				return err
			}
		}
		return t.exec(`INSERT INTO dead_letters VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE
			SET reason = excluded.reason, tries = tries + excluded.tries, at = excluded.at, payload = excluded.payload`,
			d.ID, d.Stream, d.Subject, d.Reason, d.Tries, nanos(d.At), d.Payload)
	})
	if err != nil {
		return fmt.Errorf("bury message %s: %w", d.ID, err)
	}
	return nil
}

// letter is what a dead letter holds: a statement, which may come out of a
// record, or what a person did.
type letter struct {
	statement *statement.Statement
	desk      *statement.DeskEvent
}

func unseal(payload []byte) (letter, error) {
	var shape struct {
		Statement *statement.Statement `json:"statement"`
		Action    string               `json:"action"`
	}
	if err := json.Unmarshal(payload, &shape); err != nil {
		return letter{}, fmt.Errorf("read payload: %w", err)
	}
	if shape.Action != "" {
		var e statement.DeskEvent
		if err := json.Unmarshal(payload, &e); err != nil {
			return letter{}, fmt.Errorf("read payload: %w", err)
		}
		return letter{desk: &e}, nil
	}
	if shape.Statement == nil {
		shape.Statement = new(statement.Statement)
		if err := json.Unmarshal(payload, shape.Statement); err != nil {
			return letter{}, fmt.Errorf("read payload: %w", err)
		}
	}
	if err := shape.Statement.Validate(); err != nil {
		return letter{}, err
	}
	return letter{statement: shape.Statement}, nil
}

// Replayable reports whether the letter holds a statement that can be read again.
func Replayable(d *statement.DeadLetter) bool {
	l, err := unseal(d.Payload)
	return err == nil && l.statement != nil
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

// resend puts the statement of a dead letter back into the spool.
func (t *tx) resend(id string, st *statement.Statement, now time.Time) error {
	if err := t.putSpool(st, now); err != nil {
		return err
	}
	return t.exec(`DELETE FROM dead_letters WHERE id = ?`, id)
}

// replay does at the desk's bidding what Revive does. A letter that this node does
// not have, or that holds no statement, stays as it is.
func (f *filing) replay(id string) error {
	found, err := collect(f.ctx, f.sql, scanDead, selectDead+`WHERE id = ?`, id)
	if err != nil || len(found) == 0 {
		return err
	}
	l, err := unseal(found[0].Payload)
	if err != nil || l.statement == nil {
		return nil //nolint:nilerr // the letter itself says what is wrong with it
	}
	return f.resend(id, l.statement, f.at)
}

// Revive sends a dead letter on its way again. A statement, or the statement of
// a record, goes back to the spool to be published and read anew; what a person
// did is applied. The letter is gone in the same commit.
func (s *Store) Revive(ctx context.Context, id string) error {
	d, err := s.DeadLetter(ctx, id)
	if err != nil {
		return err
	}
	l, err := unseal(d.Payload)
	if err != nil {
		return fmt.Errorf("revive dead letter %s: %w", id, err)
	}
	err = s.write(ctx, func(t *tx) error {
		if l.desk == nil {
			return t.resend(id, l.statement, s.now())
		}
		f := s.newFiling(t)
		if err := f.desk(l.desk); err != nil {
			return err
		}
		if err := f.close(); err != nil {
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
