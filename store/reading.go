package store

import (
	"context"
	"fmt"

	"palabre/statement"
)

// Held is a statement in its latest revision with the reading that holds and
// the reasons of the signals that it raised.
type Held struct {
	Statement statement.Statement
	Reading   statement.Reading
	Reasons   []statement.Reason
}

// Change is a statement that changed. Row orders changes.
type Change struct {
	Row int64
	Held
}

// Changes returns statements that changed after a row, oldest change first. A
// statement appears once, where it changed last, so that following from row 0
// meets every statement once.
func (s *Store) Changes(ctx context.Context, after int64, limit int) ([]Change, error) {
	rows := make(map[string]int64)
	ids, err := collect(ctx, s.reader, func(scan func(...any) error) (id string, err error) {
		var row int64
		err = scan(&row, &id)
		rows[id] = row
		return id, err
	}, `SELECT row, statement FROM index_queue WHERE row > ? ORDER BY row LIMIT ?`, after, limit)
	if err != nil {
		return nil, fmt.Errorf("read changes: %w", err)
	}
	held, err := s.Statements(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("read changes: %w", err)
	}
	out := make([]Change, len(held))
	for i, h := range held {
		out[i] = Change{Row: rows[h.Statement.Of], Held: h}
	}
	return out, nil
}

// Statements returns the statements with the IDs, each in its latest revision
// and in the order of the IDs. An ID may be that of any revision; one that is not
// held is left out.
func (s *Store) Statements(ctx context.Context, ids []string) ([]Held, error) {
	return statementsIn(ctx, s.reader, ids)
}

// statementsIn is Statements for a pool or an open transaction.
func statementsIn(ctx context.Context, q querier, ids []string) ([]Held, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	keys, err := list(ids)
	if err != nil {
		return nil, fmt.Errorf("read statements: %w", err)
	}
	out, err := collect(ctx, q, func(scan func(...any) error) (h Held, err error) {
		return h, scan(jsonColumn{&h.Statement}, &h.Reading.Pack, jsonColumn{&h.Reading.Langs}, jsonColumn{&h.Reading.Unclear})
	}, `SELECT r.payload, s.pack, s.langs, s.unclear
		FROM json_each(?) k JOIN revisions v ON v.id = k.value JOIN statements s ON s.id = v.statement JOIN revisions r ON r.id = s.latest
		ORDER BY k.key`, keys)
	if err != nil {
		return nil, fmt.Errorf("read statements: %w", err)
	}
	if err := fillReadings(ctx, q, out); err != nil {
		return nil, fmt.Errorf("read statements: %w", err)
	}
	return out, nil
}

// fillReadings adds positions, mentions and reasons to statements.
func fillReadings(ctx context.Context, q querier, held []Held) error {
	where := make(map[string][]*Held, len(held))
	ids := make([]string, len(held))
	for i := range held {
		ids[i] = held[i].Statement.Of
		where[ids[i]] = append(where[ids[i]], &held[i])
	}
	keys, err := list(ids)
	if err != nil {
		return err
	}
	err = each(ctx, q, func(scan func(...any) error) error {
		p, err := scanPosition(scan)
		for _, h := range where[p.Statement] {
			h.Reading.Positions = append(h.Reading.Positions, p.Position)
		}
		return err
	}, selectPosition+`WHERE p.current AND p.statement IN (SELECT value FROM json_each(?)) ORDER BY p.n`, keys)
	if err != nil {
		return fmt.Errorf("read positions: %w", err)
	}
	err = each(ctx, q, func(scan func(...any) error) error {
		var id, kind, name string
		err := scan(&id, &kind, &name)
		for _, h := range where[id] {
			if kind == "place" {
				h.Reading.Places = append(h.Reading.Places, name)
			} else {
				h.Reading.Actors = append(h.Reading.Actors, name)
			}
		}
		return err
	}, `SELECT statement, kind, name FROM mentions WHERE statement IN (SELECT value FROM json_each(?)) ORDER BY statement, kind, name`, keys)
	if err != nil {
		return fmt.Errorf("read mentions: %w", err)
	}
	err = each(ctx, q, func(scan func(...any) error) error {
		var id string
		var reason statement.Reason
		err := scan(&id, &reason)
		for _, h := range where[id] {
			h.Reasons = append(h.Reasons, reason)
		}
		return err
	}, `SELECT DISTINCT statement, reason FROM signals WHERE statement IN (SELECT value FROM json_each(?)) ORDER BY statement, reason`, keys)
	if err != nil {
		return fmt.Errorf("read reasons: %w", err)
	}
	return nil
}

// Found is a position as the record holds it: with the reading that it comes
// from and the event that it reports.
type Found struct {
	statement.Position
	Statement string // first revision
	Revision  string // ID of the revision that was read
	Pack      string // version of the rules
	Current   bool   // of the latest revision and the reading applied last
	Event     string // empty in a reading that came too late to count
}

const selectPosition = `SELECT p.statement, p.revision, p.pack, p.current, p.actor, p.speaker, p.topic, p.target, p.stance, p.condition, p.act,
		p.rule, p.confidence, p.first_hand, p.tentative, coalesce(p.event, ''), v.field, v.start, v.stop, v.quote
	FROM positions p JOIN evidence v ON v.position = p.n `

func scanPosition(scan func(...any) error) (p Found, err error) {
	e := &p.Evidence
	return p, scan(&p.Statement, &p.Revision, &p.Pack, &p.Current, &p.Actor, &p.Speaker, &p.Topic, &p.Target, &p.Stance, &p.Condition, &p.Act,
		&p.Rule, &p.Confidence, &p.FirstHand, &p.Tentative, &p.Event, &e.Field, &e.Start, &e.End, &e.Quote)
}
