package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"palabre/statement"
)

// Order says by which time signals are listed, newest first.
type Order int

// The orders.
const (
	BySaid Order = iota // when the words were said
	ByAt                // when the signal was raised
)

// SignalQuery chooses signals. Empty fields choose all.
type SignalQuery struct {
	Reasons []statement.Reason
	Actor   string
	Topic   statement.Topic
	Target  string
	Event   string
	Since   time.Time // by the time of the order
	Until   time.Time // the same: no later than its day, or than itself
	Firm    bool      // leave out those that are for the desk only
	Fresh   bool      // leave out words that were said long before they were first seen
	Order   Order
	Limit   int    // 50 if zero
	Cursor  string // SignalPage.Next of the page before
}

// SignalPage is a stretch of signals. Next continues behind it and is empty at
// the end. Signals that are raised meanwhile do not disturb the paging.
type SignalPage struct {
	Signals []statement.Signal
	Next    string
}

const selectSignal = `SELECT id, reason, actor, speaker, topic, target, from_stance, to_stance, condition, act, event, statement, previous, quote, before,
	said, said_origin, said_prev, prev_origin, at, why, confidence, first_hand, backfilled,
	CASE WHEN ` + isConfirmed + ` THEN '' ELSE candidate END FROM signals `

// isConfirmed is true of a row of signals whose doubt a person removed. The
// machine's own doubt stays beside it.
const isConfirmed = `EXISTS (SELECT 1 FROM care c WHERE c.signal = signals.id AND c.confirmed <> '')`

func scanSignal(scan func(...any) error) (sig statement.Signal, err error) {
	var said, origin, prev, prevOrigin string
	err = scan(&sig.ID, &sig.Reason, &sig.Actor, &sig.Speaker, &sig.Topic, &sig.Target, &sig.From, &sig.To, &sig.Condition, &sig.Act, &sig.Event, &sig.Now.Statement,
		&sig.Then.Statement, &sig.Now.Quote, &sig.Then.Quote, &said, &origin, &prev, &prevOrigin, instant{&sig.At}, &sig.Why,
		&sig.Confidence, &sig.FirstHand, &sig.Backfilled, &sig.Candidate)
	if err != nil {
		return sig, err
	}
	if sig.Now.Said, err = claimed(said, origin); err != nil {
		return sig, err
	}
	sig.Then.Said, err = claimed(prev, prevOrigin)
	return sig, err
}

// Signals returns a page of signals, newest first.
func (s *Store) Signals(ctx context.Context, q SignalQuery) (SignalPage, error) {
	key, number := "day", func(t time.Time) int64 { return int64(dayOf(t)) }
	if q.Order == ByAt {
		key, number = "at", nanos
	}
	where, args := []string{"true"}, []any{}
	add := func(condition string, values ...any) {
		where, args = append(where, condition), append(args, values...)
	}
	if q.Cursor != "" {
		k, id, err := readCursor(q.Order, q.Cursor)
		if err != nil {
			return SignalPage{}, err
		}
		add("("+key+", id) < (?, ?)", k, id)
	}
	if !q.Since.IsZero() {
		add(key+" >= ?", number(q.Since))
	}
	if !q.Until.IsZero() {
		add(key+" <= ?", number(q.Until))
	}
	if len(q.Reasons) > 0 {
		reasons, err := jsonText(q.Reasons)
		if err != nil {
			return SignalPage{}, fmt.Errorf("read signals: %w", err)
		}
		add("reason IN (SELECT value FROM json_each(?))", reasons)
	}
	for _, f := range []struct{ column, value string }{{"actor", q.Actor}, {"topic", string(q.Topic)}, {"target", q.Target}, {"event", q.Event}} {
		if f.value != "" {
			add(f.column+" = ?", f.value)
		}
	}
	if q.Firm {
		add("(candidate = '' OR " + isConfirmed + ")")
	}
	if q.Fresh {
		add("NOT backfilled")
	}
	limit := q.Limit
	if limit <= 0 {
		limit = 50
	}
	signals, err := collect(ctx, s.reader, scanSignal, selectSignal+`WHERE `+strings.Join(where, " AND ")+
		` ORDER BY `+key+` DESC, id DESC LIMIT ?`, append(args, limit+1)...)
	if err != nil {
		return SignalPage{}, fmt.Errorf("read signals: %w", err)
	}
	page := SignalPage{Signals: signals}
	if len(signals) > limit {
		page.Signals = signals[:limit]
		page.Next = writeCursor(q.Order, &signals[limit-1])
	}
	return page, nil
}

// writeCursor names the place behind a signal.
func writeCursor(o Order, sig *statement.Signal) string {
	if o == ByAt {
		return fmt.Sprintf("at.%d.%s", nanos(sig.At), sig.ID)
	}
	return fmt.Sprintf("said.%d.%s", dayOf(sig.Now.Said.Time), sig.ID)
}

func readCursor(o Order, cursor string) (key int64, id string, err error) {
	want := "said"
	if o == ByAt {
		want = "at"
	}
	parts := strings.SplitN(cursor, ".", 3)
	if len(parts) != 3 || parts[0] != want {
		return 0, "", fmt.Errorf("read cursor %q: %w", cursor, ErrCursor)
	}
	if key, err = strconv.ParseInt(parts[1], 10, 64); err != nil {
		return 0, "", fmt.Errorf("read cursor %q: %w", cursor, ErrCursor)
	}
	return key, parts[2], nil
}

// Standing is one of an actor's lines as it stands today.
type Standing struct {
	statement.Line
	Statement string // lead of the event that confirmed it last
	Quote     string // its words
	Lapsed    bool   // an offer that nobody renewed
}

// Bearing is how the line of a part bears on that of its coalition. It never
// becomes the coalition's own.
type Bearing string

// The bearings. A line bears nothing where the coalition has none, or one of the
// two has lapsed.
const (
	Confirms Bearing = "confirmation"
	Splits   Bearing = "split"
)

// PartStanding is a line of a part of a coalition.
type PartStanding struct {
	Standing
	Bears Bearing
}

// ActorRecord is an actor over time: where it stands, and every event by which it got there.
type ActorRecord struct {
	Lines  []Standing
	Parts  []PartStanding // the lines of its parts
	Events []Story        // newest first
}

// ActorLines returns an actor's lines, those of its parts, and the events behind
// its own, newest first, at most limit of them (200 if zero).
func (s *Store) ActorLines(ctx context.Context, actor string, limit int) (*ActorRecord, error) {
	if limit <= 0 {
		limit = 200
	}
	var out ActorRecord
	var err error
	if out.Lines, err = s.standings(ctx, actor); err != nil {
		return nil, fmt.Errorf("read lines of %s: %w", actor, err)
	}
	for _, part := range s.sides.parts[actor] {
		lines, err := s.standings(ctx, part.ID)
		if err != nil {
			return nil, fmt.Errorf("read lines of %s: %w", part.ID, err)
		}
		for _, l := range lines {
			out.Parts = append(out.Parts, PartStanding{l, s.sides.bears(actor, out.Lines, &l)})
		}
	}
	out.Events, err = s.stories(ctx, `actor = ? AND reports > 0 ORDER BY day DESC, seen DESC, n DESC LIMIT ?`, actor, limit)
	if err != nil {
		return nil, fmt.Errorf("read lines of %s: %w", actor, err)
	}
	return &out, nil
}

// bears holds a part's line against those of its coalition.
func (s *sides) bears(coalition string, own []Standing, part *Standing) Bearing {
	for i := range own {
		l := &own[i]
		if l.Topic != part.Topic || !s.same(l.Topic, coalition, l.Target, part.Target) {
			continue
		}
		switch {
		case l.Lapsed || part.Lapsed:
			return ""
		case openness[l.Stance] == openness[part.Stance]:
			return Confirms
		}
		return Splits
	}
	return ""
}

// standings returns where an actor stands today.
func (s *Store) standings(ctx context.Context, actor string) ([]Standing, error) {
	var out []Standing
	today := statement.Date{Time: s.now().UTC(), Precision: statement.Second}
	seen := make(map[string]bool)
	err := each(ctx, s.reader, func(scan func(...any) error) error {
		st, err := scanStanding(scan)
		if err != nil || seen[st.Event] {
			return err
		}
		seen[st.Event] = true
		st.Actor = actor
		st.Lapsed = lapsed(st.Topic, st.Stance, st.Confirmed, today)
		out = append(out, st)
		return nil
	}, `SELECT e.topic, e.target, e.stance, e.condition, l.own, l.since, e.said, e.said_origin, e.id, l.updated, e.lead, coalesce(v.quote, '')
		FROM lines l JOIN events e ON e.id = l.event
		LEFT JOIN event_reports r ON r.event = e.id AND r.statement = e.lead LEFT JOIN evidence v ON v.position = r.position
		WHERE l.actor = ? ORDER BY e.topic, e.day DESC, e.seen DESC, e.n DESC`, actor)
	return out, err
}

func scanStanding(scan func(...any) error) (st Standing, err error) {
	var since, said, origin string
	err = scan(&st.Topic, &st.Target, &st.Stance, &st.Condition, &st.FirstHand, &since, &said, &origin, &st.Event, instant{&st.Updated}, &st.Statement, &st.Quote)
	if err != nil {
		return st, err
	}
	if st.Since, err = claimed(since, ""); err != nil {
		return st, err
	}
	st.Confirmed, err = claimed(said, origin)
	return st, err
}

// Dimension is what positions are counted by.
type Dimension string

// The dimensions.
const (
	PerActor Dimension = "actor"
	PerMonth Dimension = "month" // "2020-03"; "2020" for words that are dated to the year
)

// Count is how many current positions share a value, topic and stance.
type Count struct {
	Value  string           `json:"value"`
	Topic  statement.Topic  `json:"topic"`
	Stance statement.Stance `json:"stance"`
	N      int              `json:"n"`
}

// Counts returns the current positions of the whole corpus, counted by topic,
// stance and one dimension. Sums over the values give the counts by stance.
func (s *Store) Counts(ctx context.Context, by Dimension) ([]Count, error) {
	out, err := collect(ctx, s.reader, func(scan func(...any) error) (c Count, err error) {
		return c, scan(&c.Value, &c.Topic, &c.Stance, &c.N)
	}, `SELECT value, topic, stance, n FROM tallies WHERE dimension = ? AND n > 0 ORDER BY value, topic, stance`, by)
	if err != nil {
		return nil, fmt.Errorf("count positions by %s: %w", by, err)
	}
	return out, nil
}

// Gist is what every page needs of the record. It costs as much to read in a
// record of a million statements as in an empty one.
type Gist struct {
	Sources     int   `json:"sources"`
	Statements  int   `json:"statements"`
	Positions   int   `json:"positions"`   // current ones
	Unpublished int   `json:"unpublished"` // in the spool, not in the stream
	Unsettled   int   `json:"unsettled"`   // in the spool, published or not
	Head        int64 `json:"head"`        // last row of the queue that the index follows
}

// Totals says how much the record holds and what waits.
type Totals struct {
	Gist
	Revisions   int `json:"revisions"`
	Captures    int `json:"captures"`
	Events      int `json:"events"`
	Signals     int `json:"signals"`
	DeadLetters int `json:"dead_letters"`
}

// Head returns the number of the last change of the record, 0 for an empty one.
func (s *Store) Head(ctx context.Context) (head int64, err error) {
	if err = s.reader.QueryRowContext(ctx, `SELECT coalesce(max(row), 0) FROM index_queue`).Scan(&head); err != nil {
		return 0, fmt.Errorf("read last change: %w", err)
	}
	return head, nil
}

// Gist returns what every page needs.
func (s *Store) Gist(ctx context.Context) (Gist, error) {
	var g Gist
	err := s.reader.QueryRowContext(ctx, `SELECT
		(SELECT count(*) FROM sources WHERE NOT retired), (SELECT coalesce(sum(n), 0) FROM source_tallies),
		(SELECT coalesce(sum(n), 0) FROM tallies WHERE dimension = 'actor'),
		(SELECT count(*) FROM spool WHERE published IS NULL), (SELECT count(*) FROM spool), (SELECT coalesce(max(row), 0) FROM index_queue)`).
		Scan(&g.Sources, &g.Statements, &g.Positions, &g.Unpublished, &g.Unsettled, &g.Head)
	if err != nil {
		return Gist{}, fmt.Errorf("read gist: %w", err)
	}
	return g, nil
}

// Totals returns the totals.
func (s *Store) Totals(ctx context.Context) (t Totals, err error) {
	if t.Gist, err = s.Gist(ctx); err != nil {
		return t, err
	}
	err = s.reader.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM revisions), (SELECT count(*) FROM captures),
		(SELECT count(*) FROM events WHERE reports > 0), (SELECT count(*) FROM signals), (SELECT count(*) FROM dead_letters)`).
		Scan(&t.Revisions, &t.Captures, &t.Events, &t.Signals, &t.DeadLetters)
	if err != nil {
		return Totals{}, fmt.Errorf("read totals: %w", err)
	}
	return t, nil
}
