package store

import (
	"context"
	"fmt"
	"time"

	"palabre/statement"
)

// putSpool keeps a statement to be published. One of these days goes ahead of a
// back-fill, and takes with it what waits of its earlier revisions: a later one
// never overtakes them.
func (t *tx) putSpool(s *statement.Statement, at time.Time) error {
	payload, err := jsonText(s)
	if err != nil {
		return fmt.Errorf("encode statement %s: %w", s.ID, err)
	}
	fresh := !isStale(believed(s), at)
	err = t.exec(`INSERT INTO spool (id, payload, saved, fresh) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET published = NULL`,
		s.ID, payload, nanos(at), fresh)
	if err == nil && fresh && s.Revision > 1 {
		err = t.exec(`UPDATE spool SET fresh = 1 WHERE published IS NULL AND id IN (SELECT id FROM editions WHERE statement = ?)`, s.Of)
	}
	if err != nil {
		return fmt.Errorf("spool statement %s: %w", s.ID, err)
	}
	return nil
}

// overdue is after how long a statement of a back-fill that has not come back as
// a record no longer holds up the others: it may never come.
const overdue = 5 * time.Minute

// Unpublished returns statements that the stream does not have yet, at most limit
// of them: those of these days first, then those of a back-fill, both in the order
// in which they were saved.
//
// A back-fill goes in steps, so that it never fills the stream before a statement
// of today: while more than oldAhead of its statements are published and have not
// come back as records, it waits.
func (s *Store) Unpublished(ctx context.Context, limit, oldAhead int) ([]statement.Statement, error) {
	out, err := collect(ctx, s.reader, func(scan func(...any) error) (v statement.Statement, err error) {
		return v, scan(jsonColumn{&v})
	}, `SELECT payload FROM spool WHERE published IS NULL
			AND fresh >= (SELECT count(*) > ?3 FROM spool WHERE NOT fresh AND published > ?2) -- 1 while the back-fill waits
		ORDER BY fresh DESC, seq LIMIT ?1`, limit, nanos(s.now().Add(-overdue)), oldAhead)
	if err != nil {
		return nil, fmt.Errorf("read spool: %w", err)
	}
	return out, nil
}

// MarkPublished notes that the stream has the statements.
func (s *Store) MarkPublished(ctx context.Context, ids []string) error {
	return s.writeSpool(ctx, "mark published", `UPDATE spool SET published = ?2 WHERE id IN (SELECT value FROM json_each(?1))`, ids, nanos(s.now()))
}

// Settle takes statements off the spool whose records the stream is known to
// have. [Store.Apply] settles by itself; this is for a process that only saves.
func (s *Store) Settle(ctx context.Context, ids []string) error {
	if err := s.writeSpool(ctx, "settle spool", `DELETE FROM spool WHERE id IN (SELECT value FROM json_each(?))`, ids); err != nil {
		return err
	}
	s.wake() // a back-fill may go on
	return nil
}

func (s *Store) writeSpool(ctx context.Context, verb, query string, ids []string, args ...any) error {
	keys, err := list(ids)
	if err == nil {
		err = s.write(ctx, func(t *tx) error { return t.exec(query, append([]any{keys}, args...)...) })
	}
	if err != nil {
		return fmt.Errorf("%s: %w", verb, err)
	}
	return nil
}

// Respool makes statements unpublished again that were published longer ago than
// olderThan and of which no record has come back. Publishing one twice does no
// harm. It returns how many there were.
func (s *Store) Respool(ctx context.Context, olderThan time.Duration) (int, error) {
	var rows int64
	err := s.write(ctx, func(t *tx) (err error) {
		_, rows, err = t.change(`UPDATE spool SET published = NULL WHERE published <= ?`, nanos(s.now().Add(-olderThan)))
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("respool: %w", err)
	}
	if rows > 0 {
		s.wake()
	}
	return int(rows), nil
}

// Fence returns the incarnation of a stream that the record followed last, or
// "" if it has followed none.
func (s *Store) Fence(ctx context.Context, stream string) (string, error) {
	fences, err := collect(ctx, s.reader, func(scan func(...any) error) (v string, err error) {
		return v, scan(&v)
	}, `SELECT fence FROM cursors WHERE stream = ?`, stream)
	if err != nil {
		return "", fmt.Errorf("read fence of %s: %w", stream, err)
	}
	if len(fences) == 0 {
		return "", nil
	}
	return fences[0], nil
}

// SetFence notes the incarnation of a stream. If it is not the one that was
// followed before, the stream was lost and with it what had been published: in
// the same commit every statement without a record becomes unpublished, and who
// has been told what is to be shared with the other nodes again.
func (s *Store) SetFence(ctx context.Context, stream, fence string) error {
	err := s.write(ctx, func(t *tx) error {
		var before string
		had, err := t.find(`SELECT fence FROM cursors WHERE stream = ?`, []any{stream}, &before)
		if err != nil || had && before == fence {
			return err
		}
		if had {
			if err := t.exec(`UPDATE spool SET published = NULL WHERE published IS NOT NULL; UPDATE told SET shared = 0 WHERE shared`); err != nil {
				return err
			}
		}
		return t.exec(`INSERT INTO cursors VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET fence = excluded.fence, since = excluded.since`,
			stream, fence, nanos(s.now()))
	})
	if err != nil {
		return fmt.Errorf("set fence of %s: %w", stream, err)
	}
	s.wake()
	return nil
}
