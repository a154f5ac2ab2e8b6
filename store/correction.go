package store

import (
	"context"
	"encoding/json"
	"fmt"

	"palabre/statement"
)

// correctionOf returns what a desk event says of a position.
func correctionOf(e *statement.DeskEvent) (statement.Correction, error) {
	var c statement.Correction
	if err := json.Unmarshal(e.Details, &c); err != nil {
		return c, fmt.Errorf("read correction: %w", err)
	}
	return c, c.Validate()
}

// foldCorrections works out anew what people hold of the positions in a
// statement: of each, what the last event says that was not undone.
func (t *tx) foldCorrections(id string) error {
	acts, err := t.acts(id, statement.ConfirmPosition, statement.CorrectPosition)
	if err != nil {
		return err
	}
	if err := t.exec(`DELETE FROM corrections WHERE statement = ?`, id); err != nil {
		return err
	}
	for i := range acts {
		c, err := correctionOf(&acts[i])
		if err != nil {
			return err
		}
		k := c.Key()
		err = t.exec(`INSERT INTO corrections VALUES (?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET missed = excluded.missed, details = excluded.details, desk = excluded.desk`,
			id, k.Actor, k.Topic, k.Target, c.Missed(), string(acts[i].Details), acts[i].ID)
		if err != nil {
			return fmt.Errorf("keep correction: %w", err)
		}
	}
	return nil
}

const selectCorrection = `SELECT c.statement, c.details, c.desk, d.who, d.at, d.note FROM corrections c JOIN desk_log d ON d.id = c.desk `

func scanCorrection(scan func(...any) error) (c statement.Corrected, err error) {
	return c, scan(&c.Statement, jsonColumn{&c.Correction}, &c.Desk, &c.Who, instant{&c.At}, &c.Note)
}

// Corrections returns what people hold of the positions in statements, by the
// statement's first revision, in the order in which they said so.
func (s *Store) Corrections(ctx context.Context, statements []string) (map[string][]statement.Corrected, error) {
	keys, err := list(statements)
	if err != nil {
		return nil, fmt.Errorf("read corrections: %w", err)
	}
	found, err := collect(ctx, s.reader, scanCorrection, selectCorrection+`WHERE c.statement IN (SELECT value FROM json_each(?)) ORDER BY d.seq`, keys)
	if err != nil {
		return nil, fmt.Errorf("read corrections: %w", err)
	}
	out := make(map[string][]statement.Corrected)
	for i := range found {
		out[found[i].Statement] = append(out[found[i].Statement], found[i])
	}
	return out, nil
}

// CorrectedStatements returns the statements of which people judged positions, by
// their first revisions, from behind one, at most so many.
func (s *Store) CorrectedStatements(ctx context.Context, after string, limit int) ([]string, error) {
	out, err := texts(ctx, s.reader, `SELECT DISTINCT c.statement FROM corrections c JOIN statements s ON s.id = c.statement
		WHERE c.statement > ? ORDER BY c.statement LIMIT ?`, after, limit)
	if err != nil {
		return nil, fmt.Errorf("list corrected statements: %w", err)
	}
	return out, nil
}
