package store

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"strconv"
	"time"

	"palabre/statement"
)

// DeskEvent returns what a person did, by its ID.
func (s *Store) DeskEvent(ctx context.Context, id string) (*Logged, error) {
	found, err := collect(ctx, s.reader, scanLogged, selectDesk+`WHERE id = ?`, id)
	if err == nil && len(found) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("read desk event %s: %w", id, err)
	}
	return &found[0], nil
}

// DeskLogs returns what people did to each of several subjects, oldest first.
func (s *Store) DeskLogs(ctx context.Context, subjects []string) (map[string][]Logged, error) {
	keys, err := list(subjects)
	if err != nil {
		return nil, fmt.Errorf("read desk log: %w", err)
	}
	found, err := collect(ctx, s.reader, scanLogged, selectDesk+`WHERE subject IN (SELECT value FROM json_each(?)) ORDER BY seq`, keys)
	if err != nil {
		return nil, fmt.Errorf("read desk log: %w", err)
	}
	out := make(map[string][]Logged, len(subjects))
	for i := range found {
		out[found[i].Subject] = append(out[found[i].Subject], found[i])
	}
	return out, nil
}

// DeskQuery chooses desk events. Empty fields choose all.
type DeskQuery struct {
	Who    string
	Action statement.Action
	Limit  int    // 100 if zero
	Cursor string // Next of the page before
}

// DeskPage is a part of the desk log, newest first.
type DeskPage struct {
	Log  []Logged
	Next string // cursor of the next page; empty at the end
}

// DeskPages returns what people did, newest first, page by page. A cursor that is
// none is [ErrCursor].
func (s *Store) DeskPages(ctx context.Context, q DeskQuery) (DeskPage, error) {
	before := int64(math.MaxInt64)
	if q.Cursor != "" {
		var err error
		if before, err = strconv.ParseInt(q.Cursor, 10, 64); err != nil {
			return DeskPage{}, fmt.Errorf("read cursor %q: %w", q.Cursor, ErrCursor)
		}
	}
	where, args := `seq < ?`, []any{before}
	if q.Who != "" {
		where, args = where+` AND who = ?`, append(args, q.Who)
	}
	if q.Action != "" {
		where, args = where+` AND action = ?`, append(args, q.Action)
	}
	limit := cmp.Or(q.Limit, 100)
	var page DeskPage
	var last int64
	err := each(ctx, s.reader, func(scan func(...any) error) error {
		if len(page.Log) == limit {
			page.Next = strconv.FormatInt(last, 10)
			return errEnough
		}
		l, err := scanLogged(func(dest ...any) error { return scan(append(dest, &last)...) })
		page.Log = append(page.Log, l)
		return err
	}, `SELECT id, at, who, action, subject, note, details, undone, idle, seq FROM desk_log WHERE `+where+` ORDER BY seq DESC LIMIT ?`, append(args, limit+1)...)
	if err != nil {
		return DeskPage{}, fmt.Errorf("read desk log: %w", err)
	}
	return page, nil
}

// Hand is somebody who did something at the desk.
type Hand struct {
	Who     string
	Acts    int       // not counting what was undone
	Watches int       // that they began
	First   time.Time // thing done
	Last    time.Time
}

// Hands returns everybody who did something at the desk, the latest first.
func (s *Store) Hands(ctx context.Context) ([]Hand, error) {
	out, err := collect(ctx, s.reader, func(scan func(...any) error) (h Hand, err error) {
		return h, scan(&h.Who, &h.Acts, &h.Watches, instant{&h.First}, instant{&h.Last})
	}, `SELECT who, count(*) FILTER (WHERE undone = ''), count(*) FILTER (WHERE action = 'begin-watch'), min(at), max(at) AS latest
		FROM desk_log WHERE who <> '' GROUP BY who ORDER BY latest DESC, who`)
	if err != nil {
		return nil, fmt.Errorf("read who is at the desk: %w", err)
	}
	return out, nil
}
