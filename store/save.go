package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"palabre/statement"
)

// Saved says what a call of [Store.Save] found.
type Saved struct {
	New     int      // statements seen for the first time
	Revised int      // edits of known ones
	Known   int      // held already, perhaps under another key
	IDs     []string // of the statements kept, in the order of the fetch
}

// Save records a fetch in one commit: captures and their custody, new statements
// and revisions in the spool, validators and health. It completes f in place:
// captures get their hash, statements their ID, Of, Revision and FirstSeen,
// flags and, where they are bad, a place among the problems; the outcome says
// whether anything was new.
//
// What a source calls a statement (its key) decides what is an edit; the content
// decides what is known:
//
//   - A key that brings what it brought last is known.
//   - A new key with content that the source published before is another name
//     for that statement.
//   - A key with new content is a revision of its statement. So is one that goes
//     back to the words of an earlier revision, unless those are the latest
//     anyway: going back is an edit that must become the latest. Its ID is then
//     derived from content and revision number, since the content's own ID is
//     taken.
//   - A key whose content belongs to another statement of the source is a name
//     for that one from now on.
//
// The comparison is by key, so that two keys that show two versions of one text
// do not revise it at every fetch. A key that stands on several contents in one
// fetch identifies nothing: there the content alone counts.
func (s *Store) Save(ctx context.Context, f *statement.Fetch) (Saved, error) {
	now := s.now().UTC()
	for i := range f.Captures {
		if err := seal(&f.Captures[i], now); err != nil {
			return Saved{}, fmt.Errorf("save fetch of %s: %w", f.Health.Source, err)
		}
	}
	bodies, err := compress(f.Captures)
	if err != nil {
		return Saved{}, fmt.Errorf("save fetch of %s: %w", f.Health.Source, err)
	}
	var v *saving
	var health statement.Health
	err = s.write(ctx, func(t *tx) error {
		v = &saving{tx: t, now: now, ambiguous: ambiguousKeys(f.Statements)}
		for i := range f.Captures {
			if err := t.putCapture(&f.Captures[i], bodies[i]); err != nil {
				return err
			}
		}
		for i := range f.Statements {
			if err := v.statement(&f.Statements[i], i); err != nil {
				return err
			}
		}
		health = v.health(&f.Health)
		return t.putHealth(&health)
	})
	if err != nil {
		return Saved{}, fmt.Errorf("save fetch of %s: %w", f.Health.Source, err)
	}
	f.Health = health
	s.wake()
	return v.saved, nil
}

// saving is the statements' part of one commit.
type saving struct {
	*tx
	now       time.Time
	ambiguous map[[2]string]bool
	problems  []statement.Problem
	saved     Saved
}

// ambiguousKeys returns the sources' keys that stand on several contents.
func ambiguousKeys(statements []statement.Statement) map[[2]string]bool {
	seen := make(map[[2]string]string, len(statements))
	out := make(map[[2]string]bool)
	for i := range statements {
		s := &statements[i]
		k := [2]string{s.Source, s.Key}
		content := s.ContentID()
		if before, ok := seen[k]; ok && before != content {
			out[k] = true
		}
		seen[k] = content
	}
	return out
}

// edition is one content version of a statement.
type edition struct {
	statement string
	revision  int
	content   string
	seen      time.Time
}

// statement gives s its identity and spools it if it is new.
func (v *saving) statement(s *statement.Statement, n int) error {
	content := s.ContentID()
	s.ID, s.Of, s.Revision = content, content, 1
	if s.Fetched.IsZero() {
		s.Fetched = v.now
	}
	s.FirstSeen = s.Fetched
	if err := s.Validate(); err != nil {
		v.problems = append(v.problems, statement.Problem{Where: fmt.Sprintf("statement %d", n+1), What: err.Error()})
		return nil
	}
	flag(s)
	key := s.Key
	if v.ambiguous[[2]string{s.Source, key}] {
		key += "#" + content
	}
	fresh, err := v.identify(s, key, content)
	if err != nil {
		return fmt.Errorf("identify statement %s: %w", s.Key, err)
	}
	v.saved.IDs = append(v.saved.IDs, s.ID)
	switch {
	case !fresh:
		v.saved.Known++
		return nil
	case s.Revision > 1:
		v.saved.Revised++
	default:
		v.saved.New++
	}
	return v.spool(s, content)
}

// identify sets ID, Of, Revision and FirstSeen and reports whether this version
// is a new one.
func (v *saving) identify(s *statement.Statement, key, content string) (fresh bool, err error) {
	var of, last string
	named, err := v.find(`SELECT statement, content FROM items WHERE source = ? AND key = ?`, []any{s.Source, key}, &of, &last)
	if err != nil {
		return false, err
	}
	var held edition // the version whose ID is the content's own
	known, err := v.find(`SELECT statement, seen FROM editions WHERE id = ?`, []any{content}, &held.statement, instant{&held.seen})
	if err != nil {
		return false, err
	}
	switch {
	case known && (last == content || held.statement != of):
		if err := v.putItem(s.Source, key, held.statement, content); err != nil {
			return false, err
		}
		s.Of, s.FirstSeen = held.statement, held.seen
		return false, v.latestID(s, content)
	case named:
		return v.revise(s, key, of, content, known)
	}
	return true, v.putItem(s.Source, key, s.Of, content)
}

// revise makes s the next revision of a statement, unless its content is the
// latest there already.
func (v *saving) revise(s *statement.Statement, key, of, content string, known bool) (fresh bool, err error) {
	latest := edition{statement: of}
	var id string
	err = v.row(`SELECT id, revision, content, seen FROM editions WHERE statement = ? ORDER BY revision DESC LIMIT 1`, of).
		Scan(&id, &latest.revision, &latest.content, instant{&latest.seen})
	if err != nil {
		return false, fmt.Errorf("look up latest revision: %w", err)
	}
	if err := v.putItem(s.Source, key, of, content); err != nil {
		return false, err
	}
	s.Of, s.FirstSeen = of, latest.seen
	if latest.content == content {
		s.ID, s.Revision = id, latest.revision
		return false, nil
	}
	s.Revision = latest.revision + 1
	if known {
		s.ID = s.RevisionID()
	}
	return true, nil
}

// latestID names the newest version of a statement with the content: where an
// edit went back to it, that is not the first.
func (v *saving) latestID(s *statement.Statement, content string) error {
	return v.row(`SELECT id, revision FROM editions WHERE statement = ? AND content = ? ORDER BY revision DESC LIMIT 1`, s.Of, content).
		Scan(&s.ID, &s.Revision)
}

func (v *saving) putItem(source, key, of, content string) error {
	return v.exec(`INSERT INTO items VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET statement = excluded.statement, content = excluded.content
		WHERE statement <> excluded.statement OR content <> excluded.content`, source, key, of, content)
}

// spool keeps a new version until it has come back as a record.
func (v *saving) spool(s *statement.Statement, content string) error {
	err := v.exec(`INSERT INTO editions VALUES (?, ?, ?, ?, ?)`, s.ID, s.Of, s.Revision, content, nanos(s.FirstSeen))
	if err != nil {
		return fmt.Errorf("record edition %s: %w", s.ID, err)
	}
	return v.putSpool(s, v.now)
}

// health adds to a source's health what only the record can know: bad
// statements, and whether the good ones were new.
func (v *saving) health(from *statement.Health) statement.Health {
	h := *from
	if h.Checked.IsZero() {
		h.Checked = v.now
	}
	h.Problems = slices.Concat(h.Problems, v.problems)
	news := v.saved.New+v.saved.Revised > 0
	if news {
		h.LastNew = h.Checked
	}
	switch h.Outcome {
	case "", statement.OutcomeNew, statement.OutcomeNothingNew:
		h.Outcome = statement.OutcomeNothingNew
		if news {
			h.Outcome = statement.OutcomeNew
		}
		if len(v.problems) > 0 {
			h.Outcome = statement.OutcomePartial
		}
	}
	if !h.Outcome.Failed() {
		h.Succeeded = h.Checked
	}
	return h
}

// flag marks what is odd about the dates that a statement claims.
func flag(s *statement.Statement) {
	for _, f := range []struct {
		name string
		odd  bool
	}{
		{statement.FlagFuture, inFuture(s.Said, s.Fetched) || inFuture(s.Published, s.Fetched)},
		{statement.FlagAbsurd, absurd(s.Said) || absurd(s.Published)},
		{statement.FlagUndated, s.Said.IsZero() && s.Published.IsZero()},
	} {
		if f.odd && !slices.Contains(s.Flags, f.name) {
			s.Flags = append(s.Flags, f.name)
		}
	}
}
