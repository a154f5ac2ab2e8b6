package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"palabre/statement"
)

// Mark is a place in what the record raises and what the desk does, each in the
// order in which it came. Whoever follows both keeps one.
type Mark struct {
	At     time.Time // of the last signal
	Signal string    // its ID
	Desk   int64     // number of the last desk event
}

// String writes the mark as ParseMark reads it.
func (m Mark) String() string { return fmt.Sprintf("%d.%s.%d", nanos(m.At), m.Signal, m.Desk) }

// ParseMark reads a mark that was handed out.
func ParseMark(text string) (Mark, error) {
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return Mark{}, fmt.Errorf("read mark %q: %w", text, ErrCursor)
	}
	at, err := strconv.ParseInt(parts[0], 10, 64)
	if err != nil {
		return Mark{}, fmt.Errorf("read mark %q: %w", text, ErrCursor)
	}
	desk, err := strconv.ParseInt(parts[2], 10, 64)
	if err != nil {
		return Mark{}, fmt.Errorf("read mark %q: %w", text, ErrCursor)
	}
	return Mark{At: fromNanos(at), Signal: parts[1], Desk: desk}, nil
}

// Latest returns the mark behind everything.
func (s *Store) Latest(ctx context.Context) (Mark, error) {
	var m Mark
	err := s.reader.QueryRowContext(ctx, `SELECT coalesce((SELECT max(at) FROM signals), 0),
			coalesce((SELECT id FROM signals ORDER BY at DESC, id DESC LIMIT 1), ''), (SELECT coalesce(max(seq), 0) FROM desk_log)`).
		Scan(instant{&m.At}, &m.Signal, &m.Desk)
	if err != nil {
		return Mark{}, fmt.Errorf("read latest mark: %w", err)
	}
	return m, nil
}

// Stir is what came behind a mark.
type Stir struct {
	Signals []statement.Signal // in the order in which they were raised
	Cared   []string           // IDs of signals about which the desk did something, each once
	Mark    Mark               // behind all of it
}

// After returns what came behind a mark, at most limit of a kind. Signals of old
// words are left out: they are no news to those who look on.
func (s *Store) After(ctx context.Context, m Mark, limit int) (Stir, error) {
	out := Stir{Mark: m}
	var err error
	out.Signals, err = collect(ctx, s.reader, scanSignal, selectSignal+`WHERE (at, id) > (?, ?) AND NOT backfilled ORDER BY at, id LIMIT ?`, nanos(m.At), m.Signal, limit)
	if err != nil {
		return Stir{}, fmt.Errorf("read signals behind %s: %w", m, err)
	}
	if n := len(out.Signals); n > 0 {
		out.Mark.At, out.Mark.Signal = out.Signals[n-1].At, out.Signals[n-1].ID
	}
	seen := make(map[string]bool)
	err = each(ctx, s.reader, func(scan func(...any) error) error {
		var seq int64
		var signal string
		err := scan(&seq, &signal)
		out.Mark.Desk = max(out.Mark.Desk, seq)
		if signal != "" && !seen[signal] {
			seen[signal] = true
			out.Cared = append(out.Cared, signal)
		}
		return err
	}, `WITH RECURSIVE
		news AS (SELECT seq, action, subject FROM desk_log WHERE seq > ? ORDER BY seq LIMIT ?),
		root AS (SELECT seq, action, subject FROM news
			UNION SELECT r.seq, l.action, l.subject FROM root r JOIN desk_log l ON l.id = r.subject WHERE r.action = 'undo')
		SELECT seq, CASE WHEN action IN ('acknowledge', 'own', 'snooze', 'false', 'confirm') THEN subject ELSE '' END FROM root ORDER BY seq`, m.Desk, limit)
	if err != nil {
		return Stir{}, fmt.Errorf("read what the desk did behind %s: %w", m, err)
	}
	return out, nil
}

// Tended is what the desk did about a signal, and who tells of its event.
type Tended struct {
	statement.Care
	Reports int // statements
	Outlets int
}

// Tended returns what the desk did about signals, by their IDs.
func (s *Store) Tended(ctx context.Context, signals []string) (map[string]Tended, error) {
	keys, err := list(signals)
	if err != nil {
		return nil, fmt.Errorf("read what was done about signals: %w", err)
	}
	out := make(map[string]Tended, len(signals))
	err = each(ctx, s.reader, func(scan func(...any) error) error {
		var t Tended
		err := scan(&t.Signal, &t.Reports, &t.Outlets, &t.Owner, &t.Acknowledged, instant{&t.At}, instant{&t.Snoozed}, &t.False, &t.Confirmed, &t.Note)
		out[t.Signal] = t
		return err
	}, `SELECT g.id, e.reports, e.outlets, coalesce(c.owner, ''), coalesce(c.acknowledged, ''), coalesce(c.at, 0), coalesce(c.snoozed, 0),
			coalesce(c.false, ''), coalesce(c.confirmed, ''), coalesce(c.note, '')
		FROM signals g JOIN events e ON e.id = g.event LEFT JOIN care c ON c.signal = g.id
		WHERE g.id IN (SELECT value FROM json_each(?))`, keys)
	if err != nil {
		return nil, fmt.Errorf("read what was done about signals: %w", err)
	}
	return out, nil
}

// News returns signals with what is known of them, in the order of their IDs.
func (s *Store) News(ctx context.Context, signals []string) ([]statement.News, error) {
	return newsOf(ctx, s.reader, signals)
}
