package store

import (
	"context"
	"fmt"
	"time"
)

// Flow is how many statements a source brought, by when they were first seen.
type Flow struct {
	Source string
	Here   int       // within the span
	Before int       // within the four weeks before it
	Last   time.Time // when the last one came, by its end
}

// flowWeeks is over how many weeks before a span the flow of a source is known.
const flowWeeks = 4

// Flows returns what every source brought in a span, and how many messages could
// not be handled in it.
func (s *Store) Flows(ctx context.Context, p Span) (flows []Flow, failed int, err error) {
	flows, err = collect(ctx, s.reader, func(scan func(...any) error) (f Flow, err error) {
		return f, scan(&f.Source, &f.Here, &f.Before, instant{&f.Last})
	}, `SELECT source, sum(first_seen >= ?2), sum(first_seen < ?2), max(first_seen) FROM statements
		WHERE first_seen >= ?1 AND first_seen < ?3 GROUP BY source ORDER BY source`,
		nanos(p.From.AddDate(0, 0, -7*flowWeeks)), nanos(p.From), nanos(p.Until))
	if err == nil {
		err = s.reader.QueryRowContext(ctx, `SELECT count(*) FROM dead_letters WHERE at >= ? AND at < ?`, nanos(p.From), nanos(p.Until)).Scan(&failed)
	}
	if err != nil {
		return nil, 0, fmt.Errorf("read what sources brought: %w", err)
	}
	return flows, failed, nil
}
