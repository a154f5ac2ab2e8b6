package store

import (
	"context"
	"fmt"
	"time"
)

// Pulse is what arrived and what went out last.
type Pulse struct {
	Arrived time.Time // when the last statement was first seen; zero before the first
	Sent    time.Time // when somebody was last told something
	Raised  time.Time // when the last signal was raised
	Checked time.Time // when a source was last fetched, or tried
}

// Pulse returns it.
func (s *Store) Pulse(ctx context.Context) (Pulse, error) {
	var p Pulse
	err := s.reader.QueryRowContext(ctx, `SELECT coalesce((SELECT first_seen FROM statements ORDER BY rowid DESC LIMIT 1), 0), coalesce((SELECT max(sent) FROM receivers), 0),
			coalesce((SELECT max(at) FROM signals), 0), coalesce((SELECT max(checked) FROM source_health), 0)`).
		Scan(instant{&p.Arrived}, instant{&p.Sent}, instant{&p.Raised}, instant{&p.Checked})
	if err != nil {
		return p, fmt.Errorf("read the pulse: %w", err)
	}
	return p, nil
}

// Heard is how many of the statements that came last are in a language. Read is
// false where there are no rules for it.
type Heard struct {
	Lang string
	Read bool
	N    int
}

// LastHeard counts the languages of the last statements to arrive, the commonest
// first, and returns how many statements it looked at, at most limit.
func (s *Store) LastHeard(ctx context.Context, limit int) (heard []Heard, of int, err error) {
	err = s.reader.QueryRowContext(ctx, `SELECT count(*) FROM (SELECT 1 FROM statements LIMIT ?)`, limit).Scan(&of)
	if err == nil {
		heard, err = collect(ctx, s.reader, func(scan func(...any) error) (h Heard, err error) {
			return h, scan(&h.Lang, &h.Read, &h.N)
		}, `SELECT r.value ->> 'lang' AS lang, coalesce(r.value ->> 'read', 0) AS read, count(DISTINCT s.id) AS n
			FROM (SELECT id, langs FROM statements ORDER BY rowid DESC LIMIT ?) s, json_each(s.langs) r GROUP BY lang, read ORDER BY n DESC, lang`, limit)
	}
	if err != nil {
		return nil, 0, fmt.Errorf("count languages: %w", err)
	}
	return heard, of, nil
}

// FirstSeen returns when statements were first seen, in no order. IDs that are
// not held are left out.
func (s *Store) FirstSeen(ctx context.Context, ids []string) ([]time.Time, error) {
	keys, err := list(ids)
	if err != nil {
		return nil, fmt.Errorf("read when statements were seen: %w", err)
	}
	out, err := collect(ctx, s.reader, func(scan func(...any) error) (at time.Time, err error) {
		return at, scan(instant{&at})
	}, `SELECT first_seen FROM statements WHERE id IN (SELECT value FROM json_each(?))`, keys)
	if err != nil {
		return nil, fmt.Errorf("read when statements were seen: %w", err)
	}
	return out, nil
}
