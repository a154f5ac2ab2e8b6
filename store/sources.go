package store

import (
	"context"
	"fmt"

	"palabre/statement"
)

// PutSources makes these the configured sources, in their order. Others are kept
// as retired, because statements may be held of them.
func (s *Store) PutSources(ctx context.Context, sources []statement.Source) error {
	err := s.write(ctx, func(t *tx) error {
		if err := t.exec(`UPDATE sources SET retired = 1`); err != nil {
			return err
		}
		for i := range sources {
			spec, err := jsonText(&sources[i])
			if err != nil {
				return fmt.Errorf("encode source %s: %w", sources[i].ID, err)
			}
			err = t.exec(`INSERT INTO sources (id, place, spec) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET place = excluded.place, retired = 0, spec = excluded.spec`,
				sources[i].ID, i, spec)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("put sources: %w", err)
	}
	return nil
}

// Sources returns the configured sources.
func (s *Store) Sources(ctx context.Context) ([]statement.Source, error) {
	return s.sourcesWhere(ctx, `NOT retired`)
}

func (s *Store) sourcesWhere(ctx context.Context, where string, args ...any) ([]statement.Source, error) {
	out, err := collect(ctx, s.reader, func(scan func(...any) error) (v statement.Source, err error) {
		return v, scan(jsonColumn{&v})
	}, `SELECT spec FROM sources WHERE `+where+` ORDER BY place, id`, args...)
	if err != nil {
		return nil, fmt.Errorf("read sources: %w", err)
	}
	return out, nil
}

// putHealth notes how a source did and what it may be asked with next time.
func (t *tx) putHealth(h *statement.Health) error {
	if h.Source == "" {
		return nil
	}
	problems, err := jsonText(h.Problems)
	if err != nil {
		return fmt.Errorf("encode problems: %w", err)
	}
	err = t.exec(`INSERT INTO source_health VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET outcome = excluded.outcome, reason = excluded.reason, checked = excluded.checked,
			succeeded = max(succeeded, excluded.succeeded), next = excluded.next, last_new = max(last_new, excluded.last_new),
			failures = excluded.failures, problems = excluded.problems`,
		h.Source, h.Outcome, h.Reason, nanos(h.Checked), nanos(h.Succeeded), nanos(h.Next), nanos(h.LastNew), h.Failures, problems)
	if err != nil {
		return fmt.Errorf("note health: %w", err)
	}
	for url, etag := range h.ETag {
		err := t.exec(`INSERT INTO validators (source, url, etag) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET etag = excluded.etag`, h.Source, url, etag)
		if err != nil {
			return fmt.Errorf("note validator: %w", err)
		}
	}
	for url, modified := range h.LastModified {
		err := t.exec(`INSERT INTO validators (source, url, last_modified) VALUES (?, ?, ?)
			ON CONFLICT DO UPDATE SET last_modified = excluded.last_modified`, h.Source, url, modified)
		if err != nil {
			return fmt.Errorf("note validator: %w", err)
		}
	}
	return nil
}

const selectHealth = `WITH
	held AS MATERIALIZED (SELECT source, count(*) AS n FROM statements GROUP BY source),
	known AS (SELECT id FROM sources WHERE NOT retired UNION SELECT source FROM source_health UNION SELECT source FROM held)
	SELECT k.id, coalesce(outcome, ''), coalesce(reason, ''), coalesce(checked, 0), coalesce(succeeded, 0), coalesce(next, 0),
		coalesce(last_new, 0), coalesce(failures, 0), coalesce(problems, 'null'), coalesce(held.n, 0)
	FROM known k LEFT JOIN source_health h ON h.source = k.id LEFT JOIN held ON held.source = k.id `

func scanHealth(scan func(...any) error) (h statement.Health, err error) {
	err = scan(&h.Source, &h.Outcome, &h.Reason, instant{&h.Checked}, instant{&h.Succeeded}, instant{&h.Next}, instant{&h.LastNew},
		&h.Failures, jsonColumn{&h.Problems}, &h.Statements)
	return h, err
}

// Health returns how a source is doing, with its validators. A source that was
// never fetched is healthy.
func (s *Store) Health(ctx context.Context, source string) (statement.Health, error) {
	found, err := collect(ctx, s.reader, scanHealth, `SELECT source, outcome, reason, checked, succeeded, next, last_new, failures, problems,
		(SELECT count(*) FROM statements WHERE source = ?1) FROM source_health WHERE source = ?1`, source)
	if err != nil {
		return statement.Health{}, fmt.Errorf("read health of %s: %w", source, err)
	}
	h := statement.Health{Source: source}
	if len(found) > 0 {
		h = found[0]
	}
	h.ETag, h.LastModified = make(map[string]string), make(map[string]string)
	err = each(ctx, s.reader, func(scan func(...any) error) error {
		var url, etag, modified string
		if err := scan(&url, &etag, &modified); err != nil {
			return err
		}
		if etag != "" {
			h.ETag[url] = etag
		}
		if modified != "" {
			h.LastModified[url] = modified
		}
		return nil
	}, `SELECT url, etag, last_modified FROM validators WHERE source = ?`, source)
	if err != nil {
		return statement.Health{}, fmt.Errorf("read validators of %s: %w", source, err)
	}
	return h, nil
}

// SourceHealth returns how every source is doing that is configured, was fetched
// or has statements, in the order of its ID.
func (s *Store) SourceHealth(ctx context.Context) ([]statement.Health, error) {
	out, err := collect(ctx, s.reader, scanHealth, selectHealth+`ORDER BY k.id`)
	if err != nil {
		return nil, fmt.Errorf("read health: %w", err)
	}
	return out, nil
}
