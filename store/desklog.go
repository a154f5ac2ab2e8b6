package store

import (
	"context"
	"fmt"
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
