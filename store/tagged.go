package store

import (
	"context"
	"fmt"
	"math"

	"palabre/statement"
)

// Tagged is a position with the statement that it was found in.
type Tagged struct {
	Statement string // ID of the first revision
	Title     string
	Outlet    string
	Lang      string
	Date      statement.Date
	Actor     string
	Topic     statement.Topic
	Target    string
	Stance    statement.Stance
	Quote     string
}

// TagsByRule returns how many of the last positions each rule found, of at most
// so many.
func (s *Store) TagsByRule(ctx context.Context, last int) (map[string]int, error) {
	out := make(map[string]int)
	err := each(ctx, s.reader, func(scan func(...any) error) error {
		var rule string
		var n int
		err := scan(&rule, &n)
		out[rule] = n
		return err
	}, `SELECT rule, count(*) FROM (SELECT rule FROM positions WHERE current ORDER BY n DESC LIMIT ?) GROUP BY rule`, last)
	if err != nil {
		return nil, fmt.Errorf("count tags: %w", err)
	}
	return out, nil
}

// TagsOf returns the last positions that a rule found, the latest filed first.
func (s *Store) TagsOf(ctx context.Context, rule string, limit int) ([]Tagged, error) {
	out, err := collect(ctx, s.reader, func(scan func(...any) error) (t Tagged, err error) {
		var date, origin string
		err = scan(&t.Statement, &t.Title, &t.Outlet, &t.Lang, &date, &origin, &t.Actor, &t.Topic, &t.Target, &t.Stance, &t.Quote)
		if err == nil {
			t.Date, err = claimed(date, origin)
		}
		return t, err
	}, `SELECT s.id, s.title, s.outlet, s.lang, coalesce(nullif(s.said, ''), s.published), '', p.actor, p.topic, p.target, p.stance, e.quote
		FROM positions p JOIN statements s ON s.id = p.statement JOIN evidence e ON e.position = p.n
		WHERE p.rule = ? AND p.current ORDER BY p.n DESC LIMIT ?`, rule, limit)
	if err != nil {
		return nil, fmt.Errorf("read tags of rule %s: %w", rule, err)
	}
	return out, nil
}

// Recent returns statements, the latest filed first, before a place that the page
// before gave (0 for the first page), and the place behind the last of them; 0 at
// the end.
func (s *Store) Recent(ctx context.Context, before int64, limit int) (_ []Held, next int64, err error) {
	if before == 0 {
		before = math.MaxInt64
	}
	var last int64
	ids, err := collect(ctx, s.reader, func(scan func(...any) error) (id string, err error) {
		return id, scan(&last, &id)
	}, `SELECT rowid, id FROM statements WHERE rowid < ? ORDER BY rowid DESC LIMIT ?`, before, limit)
	if err != nil {
		return nil, 0, fmt.Errorf("read recent statements: %w", err)
	}
	if len(ids) == limit {
		next = last
	}
	held, err := s.Statements(ctx, ids)
	return held, next, err
}
