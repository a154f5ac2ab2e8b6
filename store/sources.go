package store

import (
	"context"
	"encoding/json"
	"fmt"

	"palabre/statement"
)

// PutSources makes these the configured sources, in their order, before those
// that the desk entered. Others are kept as retired, because statements may be
// held of them.
func (s *Store) PutSources(ctx context.Context, sources []statement.Source) error {
	err := s.write(ctx, func(t *tx) error {
		if err := t.exec(`UPDATE sources SET configured = 0`); err != nil {
			return err
		}
		for i := range sources {
			spec, err := jsonText(&sources[i])
			if err != nil {
				return fmt.Errorf("encode source %s: %w", sources[i].ID, err)
			}
			err = t.exec(`INSERT INTO sources (id, place, spec) VALUES (?, ?, ?)
				ON CONFLICT DO UPDATE SET place = excluded.place, configured = 1, spec = excluded.spec`, sources[i].ID, i, spec)
			if err != nil {
				return err
			}
		}
		return t.arrangeSources()
	})
	if err != nil {
		return fmt.Errorf("put sources: %w", err)
	}
	return nil
}

// arrangeSources gives the desk its say on sources that are not configured: they
// are as it entered them, or retired.
func (t *tx) arrangeSources() error {
	return t.exec(`UPDATE sources SET retired = entered = '', spec = CASE entered WHEN '' THEN spec ELSE entered END,
			place = CASE entered WHEN '' THEN place ELSE ? END WHERE NOT configured;
		UPDATE sources SET retired = 0 WHERE configured`, placeOfEntered)
}

// placeOfEntered is behind every configured source.
const placeOfEntered = 1_000_000

// foldSource makes a source what the desk last said of it.
func (t *tx) foldSource(id string) error {
	acts, err := t.acts(id, statement.PutSource, statement.DropSource, statement.PauseSource, statement.ResumeSource)
	if err != nil {
		return err
	}
	entered, halted := "", ""
	for i := range acts {
		switch e := &acts[i]; e.Action {
		case statement.PutSource:
			src, err := sourceOf(e)
			if err != nil {
				return err
			}
			if entered, err = jsonText(&src); err != nil {
				return fmt.Errorf("encode source %s: %w", id, err)
			}
		case statement.DropSource:
			entered, halted = "", ""
		case statement.PauseSource:
			halted = e.Who
		case statement.ResumeSource:
			halted = ""
		}
	}
	if entered != "" {
		err := t.exec(`INSERT OR IGNORE INTO sources (id, place, configured, spec) VALUES (?, ?, 0, ?)`, id, placeOfEntered, entered)
		if err != nil {
			return err
		}
	}
	if err := t.exec(`UPDATE sources SET entered = ?, halted = ? WHERE id = ?`, entered, halted, id); err != nil {
		return err
	}
	return t.arrangeSources()
}

// sourceOf returns the source that a desk event describes.
func sourceOf(e *statement.DeskEvent) (src statement.Source, err error) {
	if err := json.Unmarshal(e.Details, &src); err != nil {
		return src, fmt.Errorf("read source: %w", err)
	}
	if src.ID != "" && src.ID != e.Subject {
		return src, fmt.Errorf("read source: it is %q and %q", e.Subject, src.ID)
	}
	src.ID = e.Subject
	return src, nil
}

// SourceState is a source and where it stands.
type SourceState struct {
	statement.Source        // Paused also where the desk paused it
	Configured       bool   // in a list of sources, which has the last word on it
	Halted           string // who paused it at the desk; empty if nobody did
}

// SourceStates returns the sources in use, the configured ones in their order,
// then those that the desk entered.
func (s *Store) SourceStates(ctx context.Context) ([]SourceState, error) {
	return s.sourcesWhere(ctx, `NOT retired`)
}

// Sources returns the sources in use. What the desk paused is paused.
func (s *Store) Sources(ctx context.Context) ([]statement.Source, error) {
	states, err := s.SourceStates(ctx)
	out := make([]statement.Source, len(states))
	for i := range states {
		out[i] = states[i].Source
	}
	return out, err
}

func (s *Store) sourcesWhere(ctx context.Context, where string, args ...any) ([]SourceState, error) {
	out, err := collect(ctx, s.reader, func(scan func(...any) error) (v SourceState, err error) {
		err = scan(jsonColumn{&v.Source}, &v.Configured, &v.Halted)
		v.Paused = v.Paused || v.Halted != ""
		return v, err
	}, `SELECT spec, configured, halted FROM sources WHERE `+where+` ORDER BY place, id`, args...)
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
	known AS (SELECT id FROM sources WHERE NOT retired UNION SELECT source FROM source_health UNION SELECT source FROM source_tallies)
	SELECT k.id, coalesce(outcome, ''), coalesce(reason, ''), coalesce(checked, 0), coalesce(succeeded, 0), coalesce(next, 0),
		coalesce(last_new, 0), coalesce(failures, 0), coalesce(problems, 'null'), coalesce(held.n, 0)
	FROM known k LEFT JOIN source_health h ON h.source = k.id LEFT JOIN source_tallies held ON held.source = k.id `

func scanHealth(scan func(...any) error) (h statement.Health, err error) {
	err = scan(&h.Source, &h.Outcome, &h.Reason, instant{&h.Checked}, instant{&h.Succeeded}, instant{&h.Next}, instant{&h.LastNew},
		&h.Failures, jsonColumn{&h.Problems}, &h.Statements)
	return h, err
}

// Health returns how a source is doing, with its validators. A source that was
// never fetched is healthy.
func (s *Store) Health(ctx context.Context, source string) (statement.Health, error) {
	found, err := collect(ctx, s.reader, scanHealth, `SELECT source, outcome, reason, checked, succeeded, next, last_new, failures, problems,
		coalesce((SELECT n FROM source_tallies WHERE source = ?1), 0) FROM source_health WHERE source = ?1`, source)
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
