package store

import (
	"context"
	"fmt"
	"time"

	"palabre/statement"
)

// Delivered notes how a try to send a message ended. A message that was sent is
// told for good. One that is not to be tried again is handed to the receiver's
// second, and a receiver that is gone gets nothing more: whoever watches the watch
// hears of it.
func (s *Store) Delivered(ctx context.Context, d statement.Delivery) error {
	err := s.write(ctx, func(t *tx) error {
		var state string
		found, err := t.find(`SELECT state FROM messages WHERE id = ? AND receiver = ?`, []any{d.Message, d.Receiver}, &state)
		switch {
		case err != nil:
			return err
		case !found:
			return ErrNotFound
		case d.Sent && state != "sent":
			return t.sent(&d)
		case !d.Sent && state == "pending":
			return t.failed(&d)
		}
		return nil // reported before
	})
	if err != nil {
		return fmt.Errorf("note delivery of message %s to %s: %w", d.Message, d.Receiver, err)
	}
	s.wake()
	return nil
}

func (t *tx) sent(d *statement.Delivery) error {
	at := nanos(d.At)
	for _, c := range []struct {
		query string
		args  []any
	}{
		{`UPDATE messages SET state = 'sent', sent = ?2, leased = 0, failure = '' WHERE id = ?1`, []any{d.Message, at}},
		{`INSERT INTO told SELECT receiver, kind, event, signal, subject, ?1, ?2, 0 FROM notices WHERE message = ?1 ON CONFLICT DO NOTHING`, []any{d.Message, at}},
		{`UPDATE notices SET state = 'sent', why = '' WHERE message = ?`, []any{d.Message}},
		{`UPDATE receivers SET failures = 0, sent = max(sent, ?2) WHERE id = ?1`, []any{d.Receiver, at}},
	} {
		if err := t.exec(c.query, c.args...); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) failed(d *statement.Delivery) error {
	err := t.exec(`UPDATE messages SET tries = tries + 1, failure = ?2, again = ?3, leased = 0 WHERE id = ?1`, d.Message, d.Failure, nanos(d.Again))
	if err != nil {
		return err
	}
	err = t.exec(`UPDATE receivers SET since = CASE failures WHEN 0 THEN ?3 ELSE since END, failures = failures + 1, failure = ?2 WHERE id = ?1`,
		d.Receiver, d.Failure, nanos(d.At))
	if err != nil {
		return err
	}
	switch {
	case d.Disable:
		return t.disable(d.Receiver, d.Failure, d.At)
	case d.Again.IsZero():
		return t.giveUp(d, `message = ?1`, `id = ?1`, d.Message)
	}
	return nil
}

// disable sends nothing more to a receiver that said that it is gone.
func (t *tx) disable(receiver, failure string, at time.Time) error {
	if err := t.exec(`UPDATE receivers SET disabled = ? WHERE id = ?`, failure, receiver); err != nil {
		return err
	}
	d := &statement.Delivery{Receiver: receiver, Failure: failure, At: at}
	return t.giveUp(d, `receiver = ?1`, `receiver = ?1`, receiver)
}

// giveUp ends the chosen messages to a receiver that wait, with the chosen
// notices, and makes these due for its second.
func (t *tx) giveUp(d *statement.Delivery, notices, messages, arg string) error {
	notices = `WHERE state IN ('due', 'composed') AND ` + notices
	lost, err := collect(t.ctx, t.sql, scanNotice, selectNotice+notices+` ORDER BY n`, arg)
	if err != nil {
		return err
	}
	if err := t.exec(`UPDATE notices SET state = 'dead', why = ?2 `+notices, arg, d.Failure); err != nil {
		return err
	}
	err = t.exec(`UPDATE messages SET state = 'dead', leased = 0, failure = ?2 WHERE state = 'pending' AND `+messages, arg, d.Failure)
	if err != nil {
		return err
	}
	everybody, err := t.roster()
	if err != nil {
		return err
	}
	from := everybody.find(d.Receiver)
	if from == nil {
		return nil
	}
	second := everybody.standIn(from.Second)
	if second == "" {
		return nil
	}
	for i := range lost {
		n := &lost[i]
		if n.Kind == statement.NoticeHeartbeat {
			continue // it says nothing to anybody else
		}
		n.Receiver, n.Due = second, d.At
		n.Note = joined(n.Note, fmt.Sprintf("for %s, who could not be told: %s", d.Receiver, d.Failure))
		if err := t.putNotice(n); err != nil {
			return err
		}
	}
	return nil
}

// joined is two sentences of a note as one; the first may be empty.
func joined(a, b string) string {
	if a == "" {
		return b
	}
	return a + "; " + b
}
