package store

import (
	"context"
	"fmt"
	"time"
)

// Vitals is what the record knows of how the watch itself is doing.
type Vitals struct {
	Arrivals map[string][]time.Time // by source: when its last statements arrived
	Waiting  int                    // statements of these days that are not read yet
	Oldest   time.Time              // when the oldest of them was saved
	Dead     int                    // messages that could not be handled
	LastDead time.Time              // when the last of them was put aside
}

// arrivals is how many of a source's last statements show its rhythm.
const arrivals = 30

// Vitals returns them.
func (s *Store) Vitals(ctx context.Context) (*Vitals, error) {
	v := &Vitals{Arrivals: make(map[string][]time.Time)}
	err := s.reader.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM spool WHERE fresh), coalesce((SELECT min(saved) FROM spool WHERE fresh), 0),
		(SELECT count(*) FROM dead_letters), coalesce((SELECT max(at) FROM dead_letters), 0)`).
		Scan(&v.Waiting, instant{&v.Oldest}, &v.Dead, instant{&v.LastDead})
	if err != nil {
		return nil, fmt.Errorf("read vitals: %w", err)
	}
	err = each(ctx, s.reader, func(scan func(...any) error) error {
		var source string
		var at time.Time
		err := scan(&source, instant{&at})
		v.Arrivals[source] = append(v.Arrivals[source], at)
		return err
	}, `SELECT c.id, s.first_seen FROM sources c JOIN statements s ON s.source = c.id WHERE NOT c.retired AND s.first_seen >=
			coalesce((SELECT first_seen FROM statements WHERE source = c.id ORDER BY first_seen DESC LIMIT 1 OFFSET ?), 0)
		ORDER BY c.id, s.first_seen DESC`, arrivals-1)
	if err != nil {
		return nil, fmt.Errorf("read arrivals: %w", err)
	}
	return v, nil
}
