package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"palabre/statement"
)

// QueueState is which signals a queue holds.
type QueueState string

// The states.
const (
	QueueOpen     QueueState = "open"     // nobody has acknowledged it, called it false or left it for later
	QueueOwned    QueueState = "owned"    // it is somebody's
	QueueDoubtful QueueState = "doubtful" // for the desk only, until a person confirms it or has seen to it
	QueueAll      QueueState = "all"
)

// QueueQuery chooses signals for the desk. Empty fields choose all.
type QueueQuery struct {
	State  QueueState
	Owner  string // of [QueueOwned]
	Topic  statement.Topic
	Reason statement.Reason
	Event  string // only this one
	Limit  int    // of events; 20 if zero
	Cursor string // Queue.Next of the page before
}

// Queued is an event with its signals that were asked for, the latest first.
type Queued struct {
	Event   string
	Signals []statement.Signal
}

// Queue is a stretch of events that are news, by the day of the words, newest
// first, and within a day by when they were raised. Next continues behind it and
// is empty at the end.
type Queue struct {
	Events []Queued
	Next   string
}

// unseen is true of a row of signals, named x, that nobody has seen to by now.
const unseen = `NOT EXISTS (SELECT 1 FROM care c WHERE c.signal = x.id AND (c.acknowledged <> '' OR c.false <> '' OR c.snoozed > ?))
	AND EXISTS (SELECT 1 FROM events e WHERE e.id = x.event AND e.reports > 0)`

// condition returns what rows of signals, named x, must fulfil.
func (q *QueueQuery) condition(now time.Time) (string, []any) {
	where, args := []string{"true"}, []any{}
	add := func(condition string, values ...any) {
		where, args = append(where, condition), append(args, values...)
	}
	switch q.State {
	case QueueOpen:
		add(unseen, nanos(now))
	case QueueOwned:
		add(`x.id IN (SELECT signal FROM care WHERE owner <> '' AND owner = ?)`, q.Owner)
	case QueueDoubtful:
		add(`x.candidate <> '' AND NOT EXISTS (SELECT 1 FROM care c WHERE c.signal = x.id AND c.confirmed <> '') AND `+unseen, nanos(now))
	}
	if q.Topic != "" {
		add(`x.topic = ?`, q.Topic)
	}
	if q.Reason != "" {
		add(`x.reason = ?`, q.Reason)
	}
	if q.Event != "" {
		add(`x.event = ?`, q.Event)
	}
	return strings.Join(where, " AND "), args
}

// Queue returns events that are news, each once, at the place of the latest of
// its signals that were asked for.
func (s *Store) Queue(ctx context.Context, q QueueQuery) (Queue, error) {
	out, err := s.queue(ctx, q)
	if err != nil {
		return Queue{}, fmt.Errorf("read the queue: %w", err)
	}
	return out, nil
}

func (s *Store) queue(ctx context.Context, q QueueQuery) (Queue, error) {
	var out Queue
	if q.Limit <= 0 {
		q.Limit = 20
	}
	where, args := q.condition(s.now())
	behind := ""
	whole := slices.Clone(args)
	if q.Cursor != "" {
		day, at, id, err := readPlace(q.Cursor)
		if err != nil {
			return out, err
		}
		behind, whole = ` AND (x.day, x.at, x.id) < (?, ?, ?)`, append(whole, day, at, id)
	}
	whole = append(whole, args...)
	// An event stands where its latest signal does.
	later := `o.event = x.event AND (o.day, o.at, o.id) > (x.day, x.at, x.id) AND ` + strings.ReplaceAll(where, "x.", "o.")
	var places []string
	err := each(ctx, s.reader, func(scan func(...any) error) error {
		var event, id string
		var day, at int64
		if err := scan(&event, &day, &at, &id); err != nil {
			return err
		}
		if len(out.Events) == q.Limit {
			out.Next = places[q.Limit-1]
			return errEnough
		}
		out.Events, places = append(out.Events, Queued{Event: event}), append(places, fmt.Sprintf("%d.%d.%s", day, at, id))
		return nil
	}, `SELECT x.event, x.day, x.at, x.id FROM signals x WHERE `+where+behind+` AND NOT EXISTS (SELECT 1 FROM signals o WHERE `+later+`)`+
		` ORDER BY x.day DESC, x.at DESC, x.id DESC LIMIT ?`, append(whole, q.Limit+1)...)
	if err != nil {
		return out, err
	}
	return out, s.fillQueue(ctx, &out, where, args)
}

// fillQueue adds the signals to the events of a queue.
func (s *Store) fillQueue(ctx context.Context, out *Queue, where string, args []any) error {
	place := make(map[string]*Queued, len(out.Events))
	events := make([]string, len(out.Events))
	for i := range out.Events {
		events[i] = out.Events[i].Event
		place[events[i]] = &out.Events[i]
	}
	keys, err := list(events)
	if err != nil {
		return err
	}
	signals, err := collect(ctx, s.reader, scanSignal, selectSignal+`WHERE id IN (SELECT x.id FROM signals x WHERE x.event IN (SELECT value FROM json_each(?)) AND `+where+`)
		ORDER BY day DESC, at DESC, id DESC`, append([]any{keys}, args...)...)
	if err != nil {
		return err
	}
	for i := range signals {
		q := place[signals[i].Event]
		q.Signals = append(q.Signals, signals[i])
	}
	return nil
}

// readPlace reads a cursor of a queue.
func readPlace(cursor string) (day, at int64, id string, err error) {
	parts := strings.SplitN(cursor, ".", 3)
	if len(parts) != 3 {
		return 0, 0, "", fmt.Errorf("read cursor %q: %w", cursor, ErrCursor)
	}
	if day, err = strconv.ParseInt(parts[0], 10, 64); err == nil {
		at, err = strconv.ParseInt(parts[1], 10, 64)
	}
	if err != nil {
		return 0, 0, "", fmt.Errorf("read cursor %q: %w", cursor, ErrCursor)
	}
	return day, at, parts[2], nil
}

// QueueSize is how many events a queue holds, by topic and reason. No more than
// the latest MostQueued signals are counted; More says that there are others.
type QueueSize struct {
	Events  int
	More    bool
	Topics  map[statement.Topic]int
	Reasons map[statement.Reason]int
}

// MostQueued is how many signals [Store.QueueSize] looks at.
const MostQueued = 300

// QueueSize counts the events of a queue.
func (s *Store) QueueSize(ctx context.Context, q QueueQuery) (QueueSize, error) {
	out := QueueSize{Topics: make(map[statement.Topic]int), Reasons: make(map[statement.Reason]int)}
	where, args := q.condition(s.now())
	type on struct{ event, value string }
	events, topics, reasons := make(map[string]bool), make(map[on]bool), make(map[on]bool)
	n := 0
	err := each(ctx, s.reader, func(scan func(...any) error) error {
		var event string
		var topic statement.Topic
		var reason statement.Reason
		if err := scan(&event, &topic, &reason); err != nil {
			return err
		}
		if n++; n > MostQueued {
			out.More = true
			return errEnough
		}
		events[event] = true
		if k := (on{event, string(topic)}); !topics[k] {
			topics[k] = true
			out.Topics[topic]++
		}
		if k := (on{event, string(reason)}); !reasons[k] {
			reasons[k] = true
			out.Reasons[reason]++
		}
		return nil
	}, `SELECT x.event, x.topic, x.reason FROM signals x WHERE `+where+` ORDER BY x.day DESC, x.at DESC, x.id DESC LIMIT ?`, append(args, MostQueued+1)...)
	if err != nil {
		return out, fmt.Errorf("count the queue: %w", err)
	}
	out.Events = len(events)
	return out, nil
}
