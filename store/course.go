package store

import (
	"context"
	"fmt"
	"time"

	"palabre/statement"
)

// CourseQuery chooses a stretch of an actor's history. Zero times leave it open.
type CourseQuery struct {
	Actor    string
	From, To time.Time // To is the first instant behind the stretch
	Most     int       // utterances that are listed one by one; with more of them there is one point a month
}

// Course is how an actor's positions went over time.
type Course struct {
	Points  []Point // oldest first
	Stood   []Stood // where it stood meanwhile, oldest first
	Total   int     // utterances in the stretch
	Monthly bool    // a point stands for a month
}

// Point is an utterance; or those of one stance and one hand in a month.
type Point struct {
	Topic     statement.Topic
	Target    string
	Stance    statement.Stance
	FirstHand bool           // the actor's own words or channel
	When      statement.Date // a month where the point stands for one
	N         int            // utterances that it stands for
	Event     string         // what follows is of a single one, or the last of a month
	Statement string
	Condition string
	Act       string // the deed that it tells of
	Speaker   string
	Quote     string
}

// Stood is a stretch of time through which an actor stood somewhere: from when
// the stance was taken until it took another, or let an offer lapse.
type Stood struct {
	Topic  statement.Topic
	Target string
	Stance statement.Stance
	From   time.Time
	Until  time.Time // zero: it stands
	Lapsed bool      // nobody renewed the offer; else another stance took its place
}

// mostStood bounds how many stretches are listed.
const mostStood = 1000

// Course returns how an actor's positions went over time.
func (s *Store) Course(ctx context.Context, q CourseQuery) (*Course, error) {
	from, to := int64(-1<<40), int64(1<<40)
	if !q.From.IsZero() {
		from = int64(dayOf(q.From))
	}
	if !q.To.IsZero() {
		to = int64(dayOf(q.To.Add(-time.Nanosecond)))
	}
	c := &Course{}
	err := s.reader.QueryRowContext(ctx, `SELECT count(*) FROM events WHERE actor = ? AND reports > 0 AND day BETWEEN ? AND ?`, q.Actor, from, to).Scan(&c.Total)
	if err == nil {
		c.Monthly = c.Total > q.Most
		c.Points, err = s.points(ctx, c.Monthly, q.Actor, from, to)
	}
	if err == nil {
		c.Stood, err = s.stood(ctx, q.Actor, to)
	}
	if err != nil {
		return nil, fmt.Errorf("read course of %s: %w", q.Actor, err)
	}
	return c, nil
}

// points lists what an actor said between two days, one by one or by month. The
// bare columns of a group with max are those of its latest row.
func (s *Store) points(ctx context.Context, monthly bool, actor string, from, to int64) ([]Point, error) {
	chosen := `SELECT 1 AS n, n AS row, day AS last, day FROM events WHERE actor = ? AND reports > 0 AND day BETWEEN ? AND ?`
	if monthly {
		chosen = `SELECT count(*) AS n, n AS row, max(day) AS last, day FROM events WHERE actor = ? AND reports > 0 AND day BETWEEN ? AND ?
			GROUP BY strftime('%Y-%m', day * 86400, 'unixepoch'), topic, target, stance, first_hand`
	}
	return collect(ctx, s.reader, func(scan func(...any) error) (p Point, err error) {
		var said, origin string
		err = scan(&p.N, &p.Topic, &p.Target, &p.Stance, &p.FirstHand, &said, &origin, &p.Event, &p.Statement, &p.Condition, &p.Act, &p.Speaker, &p.Quote)
		if err != nil {
			return p, err
		}
		if p.When, err = claimed(said, origin); err == nil && monthly {
			at := p.When.Time.UTC()
			p.When = statement.Date{Time: time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, time.UTC), Precision: statement.Month, Origin: origin}
		}
		return p, err
	}, `WITH k AS (`+chosen+`)
		SELECT k.n, e.topic, e.target, e.stance, e.first_hand, e.said, e.said_origin, e.id, e.lead, e.condition, e.act, e.speaker, coalesce(v.quote, '')
		FROM k JOIN events e ON e.n = k.row
		LEFT JOIN event_reports r ON r.event = e.id AND r.statement = e.lead LEFT JOIN evidence v ON v.position = r.position
		ORDER BY e.day, e.seen, e.n`, actor, from, to)
}

// stood lists where an actor stood until a day, by what bears on its line. A row
// is the last of those that took one stance without a break; what came before the
// stretch that is asked for decides where it stood when that began.
func (s *Store) stood(ctx context.Context, actor string, to int64) ([]Stood, error) {
	type turn struct {
		Stood
		confirmed, next int // days; next is when another word came, -1 for never
	}
	turns, err := collect(ctx, s.reader, func(scan func(...any) error) (t turn, err error) {
		var first int
		err = scan(&t.Topic, &t.Target, &t.Stance, &first, &t.confirmed, &t.next)
		t.From = timeOfDay(first)
		return t, err
	}, `WITH
		said AS (SELECT topic, target, stance, day, seen, n,
				lag(stance) OVER w AS before, lag(day) OVER w AS day_before
			FROM events WHERE actor = ? AND reports > 0 AND binding AND day <= ? WINDOW w AS (PARTITION BY topic, target ORDER BY day, seen, n)),
		cut AS (SELECT *, sum(before IS NULL OR before <> stance OR (topic = 'dialogue' AND stance <> 'anti' AND day - day_before >= ?)) OVER
			(PARTITION BY topic, target ORDER BY day, seen, n) AS part FROM said),
		parts AS (SELECT topic, target, stance, part, min(day) AS first, max(day) AS last FROM cut GROUP BY topic, target, part)
		SELECT topic, target, stance, first, last, coalesce(lead(first) OVER (PARTITION BY topic, target ORDER BY part), -1 << 40)
		FROM parts ORDER BY first DESC, topic, target LIMIT ?`, actor, to, offerStands, mostStood)
	if err != nil {
		return nil, err
	}
	today := statement.Date{Time: s.now().UTC(), Precision: statement.Second}
	out := make([]Stood, len(turns))
	for i := range turns {
		t := &turns[i]
		ended := t.next > -1<<40
		end := today
		if ended {
			end = statement.Date{Time: timeOfDay(t.next), Precision: statement.Day}
			t.Until = end.Time
		}
		last := statement.Date{Time: timeOfDay(t.confirmed), Precision: statement.Day}
		if t.Lapsed = lapsed(t.Topic, t.Stance, last, end); t.Lapsed {
			t.Until = timeOfDay(t.confirmed + offerStands)
		}
		out[len(out)-1-i] = t.Stood
	}
	return out, nil
}

// timeOfDay is the first instant of a day that dayOf numbers.
func timeOfDay(day int) time.Time { return time.Unix(int64(day)*86400, 0).UTC() }
