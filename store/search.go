package store

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"palabre/statement"
)

// FoldName returns the form in which two names of saved searches are the same:
// case folded, composed, white space made one.
func FoldName(name string) string {
	return norm.NFC.String(cases.Fold().String(norm.NFKC.String(strings.Join(strings.Fields(name), " "))))
}

// searchOf returns the saved search that a desk event describes.
func searchOf(subject, who string, details []byte) (v statement.SavedSearch, err error) {
	if err := json.Unmarshal(details, &v); err != nil {
		return v, fmt.Errorf("read saved search: %w", err)
	}
	v.ID, v.Owner = subject, cmp.Or(v.Owner, who)
	if FoldName(v.Name) == "" {
		return v, errors.New("read saved search: it has no name")
	}
	return v, nil
}

// foldSearch makes a saved search what the desk last said of it.
func (t *tx) foldSearch(id string) error {
	var last *statement.SavedSearch
	var place int64
	err := t.each(func(scan func(...any) error) error {
		var seq int64
		var action statement.Action
		var who, details string
		if err := scan(&seq, &action, &who, &details); err != nil {
			return err
		}
		if action == statement.DropSearch {
			last = nil
			return nil
		}
		v, err := searchOf(id, who, []byte(details))
		if err != nil {
			return err
		}
		if last == nil || FoldName(last.Name) != FoldName(v.Name) {
			place = seq
		}
		last = &v
		return nil
	}, `SELECT seq, action, who, details FROM desk_log WHERE subject = ? AND undone = '' AND action IN ('save-search', 'drop-search') ORDER BY seq`, id)
	if err != nil {
		return err
	}
	if last == nil {
		return t.exec(`DELETE FROM searches WHERE id = ?`, id)
	}
	return t.exec(`INSERT OR REPLACE INTO searches VALUES (?, ?, ?, ?, ?, ?)`, id, last.Name, FoldName(last.Name), last.Query, last.Owner, place)
}

const selectSearch = `SELECT id, name, query, owner FROM searches s
	WHERE NOT EXISTS (SELECT 1 FROM searches o WHERE o.folded = s.folded AND o.place < s.place) `

func scanSearch(scan func(...any) error) (v statement.SavedSearch, err error) {
	return v, scan(&v.ID, &v.Name, &v.Query, &v.Owner)
}

// SavedSearches returns the searches that are kept, by name. No two have one name,
// case folded: where two were saved at once under one, the later is left out until
// the name is free.
func (s *Store) SavedSearches(ctx context.Context) ([]statement.SavedSearch, error) {
	out, err := collect(ctx, s.reader, scanSearch, selectSearch+`ORDER BY folded`)
	if err != nil {
		return nil, fmt.Errorf("read saved searches: %w", err)
	}
	return out, nil
}

// SavedSearch returns the search with an ID, or ErrNotFound.
func (s *Store) SavedSearch(ctx context.Context, id string) (statement.SavedSearch, error) {
	return s.savedSearch(ctx, `AND s.id = ?`, id, id)
}

// SearchNamed returns the search with a name, whatever the case of its letters,
// or ErrNotFound.
func (s *Store) SearchNamed(ctx context.Context, name string) (statement.SavedSearch, error) {
	return s.savedSearch(ctx, `AND s.folded = ?`, FoldName(name), name)
}

func (s *Store) savedSearch(ctx context.Context, where, key, called string) (v statement.SavedSearch, err error) {
	found, err := collect(ctx, s.reader, scanSearch, selectSearch+where, key)
	if err == nil && len(found) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return v, fmt.Errorf("read saved search %q: %w", called, err)
	}
	return found[0], nil
}
