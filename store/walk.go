package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"sync"
)

// Walk returns statements behind a row in the order in which they first came,
// each in its latest revision, and the row of the last of them. Going on from
// there until none is left meets every statement once, also while others come.
func (s *Store) Walk(ctx context.Context, after int64, limit int) (_ []Held, last int64, err error) {
	last = after
	var payloads [][]byte
	out, err := collect(ctx, s.reader, func(scan func(...any) error) (h Held, err error) {
		var payload []byte
		err = scan(&last, &payload, &h.Reading.Pack, jsonColumn{&h.Reading.Langs}, jsonColumn{&h.Reading.Unclear})
		payloads = append(payloads, payload)
		return h, err
	}, `SELECT s.rowid, r.payload, s.pack, s.langs, s.unclear FROM statements s JOIN revisions r ON r.id = s.latest
		WHERE s.rowid > ? ORDER BY s.rowid LIMIT ?`, after, limit)
	if err == nil {
		err = decode(payloads, out)
	}
	if err == nil {
		err = fillReadings(ctx, s.reader, out)
	}
	if err != nil {
		return nil, after, fmt.Errorf("walk through statements: %w", err)
	}
	return out, last, nil
}

// decode reads statements on every processor: that is most of the work of a walk.
func decode(payloads [][]byte, held []Held) error {
	workers := min(runtime.GOMAXPROCS(0), len(held))
	errs := make([]error, workers)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := w; i < len(held) && errs[w] == nil; i += workers {
				errs[w] = json.Unmarshal(payloads[i], &held[i].Statement)
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// Count returns how many statements are held.
func (s *Store) Count(ctx context.Context) (n int, err error) {
	if err := s.reader.QueryRowContext(ctx, `SELECT count(*) FROM statements`).Scan(&n); err != nil {
		return 0, fmt.Errorf("count statements: %w", err)
	}
	return n, nil
}
