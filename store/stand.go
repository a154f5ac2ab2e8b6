package store

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"palabre/statement"
)

// Stands returns where every actor stood at the end of a day by what is known
// now, each on every matter of a topic that it has spoken of; no topic is every
// topic, the zero time is today. Since is known only of lines that have not changed
// after that day.
func (s *Store) Stands(ctx context.Context, topic statement.Topic, on time.Time) ([]Standing, error) {
	until := statement.Date{Time: s.now().UTC(), Precision: statement.Second}
	day := int64(math.MaxInt32)
	if !on.IsZero() {
		until, day = statement.Date{Time: on.UTC(), Precision: statement.Day}, int64(dayOf(on))
	}
	all, err := collect(ctx, s.reader, scanLastSaid, `SELECT l.actor, l.target, l.own, e.n, e.day, e.seen, CASE WHEN l.event = e.id THEN l.since ELSE '' END,
			e.topic, e.target, e.stance, e.condition, e.said, e.said_origin, e.id, l.updated, e.lead, coalesce(v.quote, '')
		FROM lines l JOIN events e ON e.n = (SELECT x.n FROM events x INDEXED BY events_by_line
			WHERE x.actor = l.actor AND x.topic = l.topic AND x.target = l.target AND x.first_hand = l.own AND x.binding AND x.reports > 0 AND x.day <= ?1
			ORDER BY x.day DESC, x.seen DESC, x.n DESC LIMIT 1)
		LEFT JOIN event_reports r ON r.event = e.id AND r.statement = e.lead LEFT JOIN evidence v ON v.position = r.position
		WHERE ?2 = '' OR l.topic = ?2
		ORDER BY l.actor, l.topic, l.own, l.target`, day, topic)
	if err != nil {
		return nil, fmt.Errorf("read who stands where: %w", err)
	}
	var out []Standing
	seen := make(map[string]bool)
	for first := 0; first < len(all); {
		last := first + 1
		for last < len(all) && all[last].Actor == all[first].Actor {
			last++
		}
		for i := range all[first:last] {
			newest := s.sides.newest(all[first:last], &all[first+i])
			if seen[newest.Event] {
				continue
			}
			seen[newest.Event] = true
			st := newest.Standing
			st.Lapsed = lapsed(st.Topic, st.Stance, st.Confirmed, until)
			out = append(out, st)
		}
		first = last
	}
	slices.SortStableFunc(out, func(a, b Standing) int {
		return cmp.Or(cmp.Compare(a.Actor, b.Actor), cmp.Compare(a.Topic, b.Topic), b.Confirmed.Time.Compare(a.Confirmed.Time))
	})
	return out, nil
}

// lastSaid is the newest event towards one target, and its place in time.
type lastSaid struct {
	Standing
	target       string // of the line
	n, day, seen int64
}

func scanLastSaid(scan func(...any) error) (st lastSaid, err error) {
	var since, said, origin string
	err = scan(&st.Actor, &st.target, &st.FirstHand, &st.n, &st.day, &st.seen, &since, &st.Topic, &st.Target, &st.Stance, &st.Condition,
		&said, &origin, &st.Event, instant{&st.Updated}, &st.Statement, &st.Quote)
	if err != nil {
		return st, err
	}
	if st.Since, err = claimed(since, ""); err != nil {
		return st, err
	}
	st.Confirmed, err = claimed(said, origin)
	return st, err
}

// newest returns, of all that an actor said last, the newest that bears on the
// line of one: what it says of a coalition is held against what it said of a part.
func (s *sides) newest(all []lastSaid, of *lastSaid) *lastSaid {
	best := of
	for i := range all {
		st := &all[i]
		if st.Topic != of.Topic || st.FirstHand != of.FirstHand || !s.same(of.Topic, of.Actor, st.target, of.target) {
			continue
		}
		if cmp.Or(cmp.Compare(st.day, best.day), cmp.Compare(st.seen, best.seen), cmp.Compare(st.n, best.n)) > 0 {
			best = st
		}
	}
	return best
}

// Turns returns the latest signal of each matter from one day to another, those
// left out that a person marked false and those that tell of silence.
func (s *Store) Turns(ctx context.Context, from, to time.Time) ([]statement.Signal, error) {
	out, err := collect(ctx, s.reader, scanSignal, selectSignal+`WHERE id IN (
		SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY actor, topic, target ORDER BY day DESC, at DESC, id) AS place
			FROM signals WHERE day BETWEEN ? AND ? AND reason <> ? AND NOT EXISTS (SELECT 1 FROM care c WHERE c.signal = signals.id AND c.false <> ''))
		WHERE place = 1)`, dayOf(from), dayOf(to), statement.Silence)
	if err != nil {
		return nil, fmt.Errorf("read what turned: %w", err)
	}
	return out, nil
}

// DemandCount is how many demands of an actor on a topic share a status.
type DemandCount struct {
	Actor  string
	Topic  statement.Topic
	Status statement.DemandStatus
	N      int
}

// DemandCounts counts the demands of every actor.
func (s *Store) DemandCounts(ctx context.Context) ([]DemandCount, error) {
	out, err := collect(ctx, s.reader, func(scan func(...any) error) (c DemandCount, err error) {
		return c, scan(&c.Actor, &c.Topic, &c.Status, &c.N)
	}, `SELECT actor, topic, coalesce(nullif(judged, ''), status) AS holds, count(*) FROM demands
		GROUP BY actor, topic, holds ORDER BY actor, topic, holds`)
	if err != nil {
		return nil, fmt.Errorf("count demands: %w", err)
	}
	return out, nil
}
