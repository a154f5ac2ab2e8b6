package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"palabre/statement"
)

// Unshared returns what this node told and the others do not know yet, oldest
// first.
func (s *Store) Unshared(ctx context.Context, limit int) ([]statement.Told, error) {
	out, err := collect(ctx, s.reader, scanTold, selectTold+`WHERE NOT shared ORDER BY at LIMIT ?`, limit)
	if err != nil {
		return nil, fmt.Errorf("read what was told: %w", err)
	}
	return out, nil
}

const selectTold = `SELECT message, receiver, kind, event, signal, subject, at FROM told `

func scanTold(scan func(...any) error) (v statement.Told, err error) {
	return v, scan(&v.Message, &v.Receiver, &v.Kind, &v.Event, &v.Signal, &v.Subject, instant{&v.At})
}

// MarkShared notes that the other nodes know.
func (s *Store) MarkShared(ctx context.Context, told []statement.Told) error {
	err := s.write(ctx, func(t *tx) error {
		for i := range told {
			v := &told[i]
			err := t.exec(`UPDATE told SET shared = 1 WHERE receiver = ? AND kind = ? AND event = ? AND signal = ? AND subject = ?`,
				v.Receiver, v.Kind, v.Event, v.Signal, v.Subject)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("mark shared: %w", err)
	}
	return nil
}

// LearnTold takes in what another node told, so that this one does not tell it
// again. What this node told itself may come back to it.
func (s *Store) LearnTold(ctx context.Context, told []statement.Told) error {
	err := s.write(ctx, func(t *tx) error { return t.learn(told, true, "told by another node") })
	if err != nil {
		return fmt.Errorf("learn what was told: %w", err)
	}
	return nil
}

// learn notes what was told elsewhere and takes it from what is to be told. A
// message that waits is left out once all that it says was told.
func (t *tx) learn(told []statement.Told, shared bool, why string) error {
	for i := range told {
		v := &told[i]
		key := []any{v.Receiver, v.Kind, v.Event, v.Signal, v.Subject}
		_, fresh, err := t.change(`INSERT INTO told (receiver, kind, event, signal, subject, message, at, shared) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			append(key, v.Message, nanos(v.At), shared)...)
		if err != nil {
			return err
		}
		const same = ` WHERE receiver = ?1 AND kind = ?2 AND event = ?3 AND signal = ?4 AND subject = ?5 `
		if fresh == 0 {
			if err := t.exec(`UPDATE told SET shared = max(shared, ?6)`+same, append(key, shared)...); err != nil {
				return err
			}
			continue
		}
		if err := t.exec(`UPDATE notices SET state = 'sent', why = ?6`+same+`AND state = 'due'`, append(key, why)...); err != nil {
			return err
		}
		var message string
		waits, err := t.find(`SELECT message FROM notices`+same+`AND state = 'composed'`, key, &message)
		if err == nil && waits {
			err = t.settleMessage(message, v, why)
		}
		if err == nil {
			err = t.exec(`UPDATE receivers SET sent = max(sent, ?2) WHERE id = ?1`, v.Receiver, nanos(v.At))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// settleMessage takes a message for sent that waits and says nothing that was not
// told.
func (t *tx) settleMessage(id string, v *statement.Told, why string) error {
	_, rows, err := t.change(`UPDATE messages SET state = 'sent', sent = ?2, leased = 0, failure = ?3 WHERE id = ?1 AND state = 'pending'
		AND NOT EXISTS (SELECT 1 FROM notices WHERE message = ?1 AND NOT `+isTold+`)`, id, nanos(v.At), why)
	if err != nil || rows == 0 {
		return err
	}
	return t.exec(`UPDATE notices SET state = 'sent', why = ?2 WHERE message = ?1`, id, why)
}

// CarryTold takes over from the record at another path what its receivers were
// told and which of them are gone, so that nobody is told twice when this one, a
// copy from before, takes its place. A record of a time that told nobody has
// nothing to take over; from one that is damaged comes [ErrUnreadable].
func (s *Store) CarryTold(ctx context.Context, from string) error {
	old, err := toldAt(ctx, from)
	if err == nil {
		err = s.write(ctx, func(t *tx) error {
			for _, shared := range []bool{true, false} {
				if err := t.learn(old.told[shared], shared, "told before the record was restored"); err != nil {
					return err
				}
			}
			for id, why := range old.gone {
				if err := t.carryGone(id, why, s.now()); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err != nil {
		return fmt.Errorf("carry over what was told from %s: %w", from, err)
	}
	return nil
}

func (t *tx) carryGone(receiver, why string, at time.Time) error {
	_, rows, err := t.change(`UPDATE receivers SET disabled = ? WHERE id = ? AND disabled = ''`, why, receiver)
	if err != nil || rows == 0 {
		return err
	}
	return t.giveUp(&statement.Delivery{Receiver: receiver, Failure: why, At: at}, `receiver = ?1`, `receiver = ?1`, receiver)
}

// carried is what is taken over from another record.
type carried struct {
	told map[bool][]statement.Told // by whether the other nodes know
	gone map[string]string         // why receivers are disabled
}

func toldAt(ctx context.Context, path string) (carried, error) {
	c := carried{told: make(map[bool][]statement.Told), gone: make(map[string]string)}
	err := aside(ctx, path, func(db *sql.DB) (err error) {
		for _, shared := range []bool{true, false} {
			if c.told[shared], err = collect(ctx, db, scanTold, selectTold+`WHERE shared = ? ORDER BY at`, shared); err != nil {
				return err
			}
		}
		return each(ctx, db, func(scan func(...any) error) error {
			var id, why string
			err := scan(&id, &why)
			c.gone[id] = why
			return err
		}, `SELECT id, disabled FROM receivers WHERE disabled <> ''`)
	})
	return c, err
}

// CarryDesk takes over from the record at another path what people did since
// this one, a copy from before, was made: what they acknowledged stays
// acknowledged, and the log of what they did has no gap.
func (s *Store) CarryDesk(ctx context.Context, from string) error {
	var acts []statement.DeskEvent
	err := aside(ctx, from, func(db *sql.DB) (err error) {
		acts, err = actsIn(ctx, db, `TRUE ORDER BY seq`)
		return err
	})
	if err == nil {
		err = s.ApplyDesk(ctx, acts)
	}
	if err != nil {
		return fmt.Errorf("carry over what people did from %s: %w", from, err)
	}
	return nil
}

// aside reads from another record than the open one. A record of a time that
// told nobody has nothing to read; one that is damaged gives [ErrUnreadable].
func aside(ctx context.Context, path string, read func(*sql.DB) error) error {
	db := sql.OpenDB(connector(path, "mode=ro&_query_only=on&_busy_timeout=10000"))
	tables, err := texts(ctx, db, `SELECT name FROM sqlite_master WHERE name = 'told'`)
	if err == nil && len(tables) > 0 {
		err = read(db)
	}
	if err = errors.Join(err, db.Close()); err != nil {
		return fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	return nil
}
