package store

import (
	"context"
	"fmt"
	"time"

	"palabre/statement"
)

// unanswered chooses, of what is listed, what a receiver was told of between two moments, of
// signals that hold and that nobody has acknowledged or laid aside for a while.
func unanswered(what string) string {
	return what + ` t CROSS JOIN signals g ON g.id = t.signal JOIN events e ON e.id = g.event LEFT JOIN care c ON c.signal = g.id
	WHERE t.receiver = ?2 AND t.at > ?3 AND t.at <= ?4
		AND e.reports > 0 AND (g.candidate = '' OR coalesce(c.confirmed, '') <> '')
		AND coalesce(c.false, '') = '' AND coalesce(c.acknowledged, '') = '' AND coalesce(c.snoozed, 0) <= ?1 `
}

// untold is what a receiver was told, and what it could not be told so far: an
// officer who cannot be reached acknowledges nothing.
const untold = `(SELECT receiver, kind, event, signal, at FROM told UNION ALL
	SELECT n.receiver, n.kind, n.event, n.signal, m.composed FROM notices n JOIN messages m ON m.id = n.message WHERE n.state = 'composed' AND m.tries > 0)`

// Sweep makes due, in one commit, what falls due because time has passed and
// nobody acknowledged an alert: another receiver is told of it, or the same one
// again. Alerts of more than a week ago are history.
func (s *Store) Sweep(ctx context.Context, now time.Time) error {
	changed := 0
	err := s.write(ctx, func(t *tx) error {
		if err := t.discard(now); err != nil {
			return fmt.Errorf("discard what waits for receivers that are gone: %w", err)
		}
		everybody, err := t.roster()
		if err != nil {
			return err
		}
		for i := range everybody {
			r := &everybody[i]
			if r.Escalate > 0 && r.Next != "" {
				n, err := t.escalate(everybody, r, now)
				if err != nil {
					return fmt.Errorf("escalate from %s: %w", r.ID, err)
				}
				changed += n
			}
			if r.Pace.Repeat > 0 && r.disabled == "" && !r.Paused {
				n, err := t.repeat(r, now)
				if err != nil {
					return fmt.Errorf("repeat to %s: %w", r.ID, err)
				}
				changed += n
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("sweep: %w", err)
	}
	if changed > 0 {
		s.wake()
	}
	return nil
}

func lately(now time.Time) int64 { return nanos(now.AddDate(0, 0, -stale)) }

// escalate tells the next receiver, once, what one did not acknowledge in time,
// and returns how much that was.
func (t *tx) escalate(everybody roster, from *enrolled, now time.Time) (changed int, err error) {
	next := everybody.standIn(from.Next)
	if next == "" || next == from.ID {
		return 0, nil
	}
	late, err := collect(t.ctx, t.sql, func(scan func(...any) error) (n statement.Notice, err error) {
		return n, scan(&n.Event, &n.Signal)
	}, `SELECT DISTINCT t.event, t.signal FROM `+unanswered(untold)+`AND t.kind IN ('new', 'escalated') AND NOT EXISTS (SELECT 1 FROM notices x
			WHERE x.signal = t.signal AND x.kind = 'escalated' AND x.subject = ?5 AND x.state <> 'void')
		ORDER BY t.at, t.signal`, nanos(now), from.ID, lately(now), nanos(now.Add(-from.Escalate)), from.Next)
	if err != nil {
		return 0, err
	}
	for i := range late {
		n := &late[i]
		n.Receiver, n.Kind, n.Subject, n.Due = next, statement.NoticeEscalated, from.Next, now
		n.Note = fmt.Sprintf("not acknowledged by %s within %s", from.ID, from.Escalate)
		fresh, err := t.offer(n)
		if err != nil {
			return 0, err
		}
		if fresh {
			changed++
		}
	}
	return changed, nil
}

// repeat makes alerts due again for a receiver that wants to be reminded, and
// returns how many.
func (t *tx) repeat(r *enrolled, now time.Time) (int, error) {
	before := nanos(now.Add(-r.Pace.Repeat))
	_, rows, err := t.change(`UPDATE notices SET state = 'due', due = ?1, repeats = repeats + 1, message = '' WHERE n IN (
		SELECT (SELECT n.n FROM notices n LEFT JOIN messages m ON m.id = n.message
			WHERE n.receiver = t.receiver AND n.kind = t.kind AND n.event = t.event AND n.signal = t.signal AND n.subject = t.subject
				AND n.state = 'sent' AND coalesce(m.sent, t.at) <= ?4)
		FROM `+unanswered(`told`)+`AND t.kind IN ('new', 'escalated'))`, nanos(now), r.ID, lately(now), before)
	return int(rows), err
}

// PutTroubles makes what is wrong with the watch itself due, once an episode, for
// every receiver that wants to hear of it.
func (s *Store) PutTroubles(ctx context.Context, troubles []statement.Trouble, now time.Time) error {
	if len(troubles) == 0 {
		return nil
	}
	err := s.write(ctx, func(t *tx) error {
		everybody, err := t.roster()
		if err != nil {
			return err
		}
		for i := range everybody {
			if r := &everybody[i]; r.Watch && !r.Paused && r.disabled == "" {
				if err := t.putTroubles(r, troubles, now); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("put troubles: %w", err)
	}
	s.wake()
	return nil
}

func (t *tx) putTroubles(r *enrolled, troubles []statement.Trouble, at time.Time) error {
	for i := range troubles {
		n := statement.Notice{Receiver: r.ID, Kind: statement.NoticeWatch, Subject: troubles[i].Subject, Note: troubles[i].Note.In(r.Lang), Due: at}
		if err := t.putNotice(&n); err != nil {
			return err
		}
	}
	return nil
}
