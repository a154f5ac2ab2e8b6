package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"palabre/statement"
)

// mostDue is how many notices are looked at together.
const mostDue = 500

// Due returns what a receiver is to be told by now, oldest first, with the news
// as it stands at this moment. What there is no news of is left out.
func (s *Store) Due(ctx context.Context, receiver string, now time.Time) ([]*statement.Notice, error) {
	due, err := collect(ctx, s.reader, func(scan func(...any) error) (*statement.Notice, error) {
		n, err := scanNotice(scan)
		return &n, err
	}, selectNotice+`WHERE receiver = ? AND state = 'due' AND due <= ? ORDER BY due, n LIMIT ?`, receiver, nanos(now), mostDue)
	if err == nil {
		err = s.fillDue(ctx, due)
	}
	if err != nil {
		return nil, fmt.Errorf("read what is due for %s: %w", receiver, err)
	}
	return slices.DeleteFunc(due, func(n *statement.Notice) bool { return n.Signal != "" && n.News == nil }), nil
}

const selectNotice = `SELECT n, receiver, kind, event, signal, subject, note, due, repeats FROM notices `

func scanNotice(scan func(...any) error) (n statement.Notice, err error) {
	return n, scan(&n.N, &n.Receiver, &n.Kind, &n.Event, &n.Signal, &n.Subject, &n.Note, instant{&n.Due}, &n.Repeats)
}

// fillDue adds the news to notices of signals.
func (s *Store) fillDue(ctx context.Context, due []*statement.Notice) error {
	var ids []string
	for _, n := range due {
		switch {
		case n.Signal != "":
			ids = append(ids, n.Signal)
		case n.Kind == statement.NoticeDigest:
			if err := s.fillDigest(ctx, n); err != nil {
				return err
			}
		}
	}
	if len(ids) == 0 {
		return nil
	}
	news, err := newsOf(ctx, s.reader, ids)
	if err != nil {
		return err
	}
	for _, n := range due {
		i, found := slices.BinarySearchFunc(news, n.Signal, func(a statement.News, id string) int { return cmp.Compare(a.Signal.ID, id) })
		if !found {
			continue
		}
		own := news[i]
		if n.Kind == statement.NoticeCorrected {
			if own.Reversed, err = readsNow(ctx, s.reader, s.sides, &own.Signal); err != nil {
				return err
			}
		}
		n.News = &own
	}
	return nil
}

// fillDigest adds to a notice the digest that it tells of, in the language of its
// receiver.
func (s *Store) fillDigest(ctx context.Context, n *statement.Notice) error {
	receivers, err := collect(ctx, s.reader, scanReceiver, `SELECT spec FROM receivers WHERE id = ?`, n.Receiver)
	if err != nil || len(receivers) == 0 {
		return err
	}
	n.Digest, err = s.issuedDigest(ctx, n.Subject, cmp.Or(receivers[0].Lang, "en"))
	return err
}

// SentSince returns the messages to a receiver that went out since a moment, and
// those that are on their way.
func (s *Store) SentSince(ctx context.Context, receiver string, since time.Time) ([]statement.SentMessage, error) {
	out, err := collect(ctx, s.reader, func(scan func(...any) error) (m statement.SentMessage, err error) {
		return m, scan(&m.ID, &m.Group, &m.Kind, instant{&m.At})
	}, `SELECT id, coalesce(payload ->> 'group', ''), payload ->> 'kind', at FROM (
			SELECT id, payload, sent AS at FROM messages WHERE receiver = ?1 AND sent >= ?2
			UNION ALL SELECT id, payload, composed FROM messages WHERE receiver = ?1 AND state = 'pending')
		ORDER BY at, id`, receiver, max(nanos(since), 1))
	if err != nil {
		return nil, fmt.Errorf("read what was sent to %s: %w", receiver, err)
	}
	return out, nil
}

// Compose does in one commit what a plan says. A message one of whose notices is
// no longer due is left out: its words are no longer right, and what is left of it
// is due still.
func (s *Store) Compose(ctx context.Context, receiver string, p statement.Plan) error {
	err := s.write(ctx, func(t *tx) error {
		for i := range p.Messages {
			if err := t.compose(receiver, &p.Messages[i], s.now()); err != nil {
				return fmt.Errorf("message %s: %w", p.Messages[i].ID, err)
			}
		}
		for n, why := range p.Silenced {
			if err := t.exec(`UPDATE notices SET state = 'silenced', why = ? WHERE n = ? AND receiver = ? AND state = 'due'`, why, n, receiver); err != nil {
				return err
			}
		}
		for n, until := range p.Wait {
			if err := t.exec(`UPDATE notices SET due = ? WHERE n = ? AND receiver = ? AND state = 'due'`, nanos(until), n, receiver); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("compose for %s: %w", receiver, err)
	}
	return nil
}

func (t *tx) compose(receiver string, m *statement.Message, now time.Time) error {
	if m.Receiver != receiver {
		return fmt.Errorf("it is for %s", m.Receiver)
	}
	keys, err := jsonText(m.Notices)
	if err != nil {
		return err
	}
	var due int
	err = t.row(`SELECT count(*) FROM notices WHERE n IN (SELECT value FROM json_each(?)) AND receiver = ? AND state = 'due'`, keys, receiver).Scan(&due)
	if err != nil || due == 0 || due < len(m.Notices) {
		return err
	}
	if m.Composed.IsZero() {
		m.Composed = now.UTC()
	}
	payload, err := jsonText(m)
	if err != nil {
		return fmt.Errorf("encode: %w", err)
	}
	err = t.exec(`INSERT OR IGNORE INTO messages (id, receiver, payload, state, composed, again) VALUES (?1, ?2, ?3, 'pending', ?4, ?4)`,
		m.ID, receiver, payload, nanos(m.Composed))
	if err != nil {
		return err
	}
	return t.exec(`UPDATE notices SET message = ?1, state = (SELECT CASE state WHEN 'pending' THEN 'composed' ELSE state END FROM messages WHERE id = ?1)
		WHERE n IN (SELECT value FROM json_each(?2))`, m.ID, keys)
}

// Lease hands out messages to a receiver that are to be tried by now, oldest
// first. Until the lease ends, or the try is reported by [Store.Delivered],
// nobody else gets them. Every try of a message has the same content.
func (s *Store) Lease(ctx context.Context, receiver string, now, until time.Time, limit int) ([]statement.Message, error) {
	var out []statement.Message
	err := s.write(ctx, func(t *tx) (err error) {
		out, err = collect(t.ctx, t.sql, func(scan func(...any) error) (m statement.Message, err error) {
			return m, scan(jsonColumn{&m}, &m.Tries)
		}, `SELECT payload, tries FROM messages WHERE receiver = ? AND state = 'pending' AND again <= ? AND leased <= ?
			ORDER BY composed, id LIMIT ?`, receiver, nanos(now), nanos(now), limit)
		if err != nil {
			return err
		}
		for i := range out {
			if err := t.exec(`UPDATE messages SET leased = ? WHERE id = ?`, nanos(until), out[i].ID); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("lease messages to %s: %w", receiver, err)
	}
	return out, nil
}

// ReleaseLeases takes back what was handed out: whoever had it is gone. It is for
// the one process that is about to send.
func (s *Store) ReleaseLeases(ctx context.Context) error {
	err := s.write(ctx, func(t *tx) error {
		return t.exec(`UPDATE messages SET leased = 0 WHERE state = 'pending' AND leased > 0`)
	})
	if err != nil {
		return fmt.Errorf("release leases: %w", err)
	}
	return nil
}

// NextDue returns when a receiver has something to be composed or tried next;
// zero if nothing waits for it.
func (s *Store) NextDue(ctx context.Context, receiver string) (time.Time, error) {
	var at sql.NullInt64
	err := s.reader.QueryRowContext(ctx, `SELECT min(at) FROM (
			SELECT min(due) AS at FROM notices WHERE receiver = ?1 AND state = 'due'
			UNION ALL SELECT min(max(again, leased)) FROM messages WHERE receiver = ?1 AND state = 'pending')`, receiver).Scan(&at)
	if err != nil {
		return time.Time{}, fmt.Errorf("read when something is due for %s: %w", receiver, err)
	}
	return fromNanos(at.Int64), nil
}
