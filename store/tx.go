package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	sqlite3 "github.com/mattn/go-sqlite3"

	"palabre/statement"
)

// connector opens connections to the file at path without registering a driver
// under a name.
func connector(path, query string) driver.Connector {
	return fileConnector{fileAddress(path, query)}
}

type fileConnector struct{ address string }

func (c fileConnector) Connect(context.Context) (driver.Conn, error) {
	return c.Driver().Open(c.address)
}

func (fileConnector) Driver() driver.Driver { return &sqlite3.SQLiteDriver{} }

// tx is the one open write transaction. Its statements do not watch a context:
// a commit is short, and the driver would start a goroutine for each of them.
type tx struct {
	sql *sql.Tx
	ctx context.Context
}

// write runs f in a transaction and commits it if f succeeds. The context is
// heeded until the transaction has begun.
func (s *Store) write(ctx context.Context, f func(*tx) error) (err error) {
	if s.writer == nil {
		return ErrReadOnly
	}
	conn, err := s.writer.Conn(ctx)
	if err != nil {
		return fmt.Errorf("wait to write: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	t := &tx{ctx: context.WithoutCancel(ctx)}
	if t.sql, err = conn.BeginTx(t.ctx, nil); err != nil {
		return fmt.Errorf("begin commit: %w", err)
	}
	if err := f(t); err != nil {
		return errors.Join(err, t.sql.Rollback())
	}
	if err := t.sql.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

func (t *tx) exec(query string, args ...any) error {
	_, err := t.sql.ExecContext(t.ctx, query, args...)
	return err
}

// change is exec for callers who need to know what it did.
func (t *tx) change(query string, args ...any) (id, rows int64, err error) {
	res, err := t.sql.ExecContext(t.ctx, query, args...)
	if err != nil {
		return 0, 0, err
	}
	if id, err = res.LastInsertId(); err != nil {
		return 0, 0, err
	}
	rows, err = res.RowsAffected()
	return id, rows, err
}

func (t *tx) row(query string, args ...any) *sql.Row {
	return t.sql.QueryRowContext(t.ctx, query, args...)
}

// find scans one row and reports whether there was one.
func (t *tx) find(query string, args []any, dest ...any) (bool, error) {
	err := t.row(query, args...).Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

func (t *tx) each(f func(scan func(...any) error) error, query string, args ...any) error {
	return each(t.ctx, t.sql, f, query, args...)
}

// querier is the reading half that a pool and a transaction share.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// each calls f for every row of a query.
func each(ctx context.Context, q querier, f func(scan func(...any) error) error, query string, args ...any) (err error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := f(rows.Scan); err != nil {
			if errors.Is(err, errEnough) {
				return nil
			}
			return err
		}
	}
	return rows.Err()
}

// errEnough ends each early without an error.
var errEnough = errors.New("enough")

// collect returns what f makes of every row of a query.
func collect[T any](ctx context.Context, q querier, f func(scan func(...any) error) (T, error), query string, args ...any) ([]T, error) {
	var out []T
	err := each(ctx, q, func(scan func(...any) error) error {
		v, err := f(scan)
		out = append(out, v)
		return err
	}, query, args...)
	return out, err
}

// nanos is a time as a column holds it: 0 for the zero time.
func nanos(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixNano()
}

// storable reports whether a column can hold the time.
func storable(t time.Time) bool { return t.IsZero() || t.Year() >= 1700 && t.Year() < 2200 }

func fromNanos(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(0, n).UTC()
}

// instant scans a column that nanos wrote.
type instant struct{ to *time.Time }

func (i instant) Scan(v any) error {
	n, ok := v.(int64)
	if !ok {
		return fmt.Errorf("read time: %T is no integer", v)
	}
	*i.to = fromNanos(n)
	return nil
}

// claimed reads a date back from its two columns.
func claimed(text, origin string) (statement.Date, error) {
	if text == "" {
		return statement.Date{}, nil
	}
	return statement.ParseDate(text, origin)
}

// jsonText is v as a column of JSON text holds it.
func jsonText(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), err
}

// jsonColumn scans a column of JSON text.
type jsonColumn struct{ to any }

func (c jsonColumn) Scan(v any) error {
	switch v := v.(type) {
	case string:
		return json.Unmarshal([]byte(v), c.to)
	case []byte:
		return json.Unmarshal(v, c.to)
	}
	return fmt.Errorf("read JSON: %T is no text", v)
}

// list is a set of keys for a query that says "IN (SELECT value FROM json_each(?))".
func list(keys []string) (string, error) {
	if keys == nil {
		keys = []string{}
	}
	return jsonText(keys)
}
