package store

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"palabre/statement"
)

func TestOpenKeepsSettingsOnEveryConnection(t *testing.T) {
	s := openTest(t)
	for _, db := range []*sql.DB{s.writer, s.reader} {
		for range db.Stats().MaxOpenConnections {
			conn, err := db.Conn(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := conn.Close(); err != nil {
					t.Error(err)
				}
			})
			for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "10000"} {
				var got string
				if err := conn.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
					t.Errorf("%s is %s, want %s (%v)", pragma, got, want, err)
				}
			}
		}
	}
}

func TestOpenRefusesWeakSettings(t *testing.T) {
	for name, query := range map[string]string{
		"journal_mode": "_journal_mode=DELETE&_synchronous=FULL&_foreign_keys=on",
		"synchronous":  "_journal_mode=WAL&_synchronous=NORMAL&_foreign_keys=on",
		"foreign_keys": "_journal_mode=WAL&_synchronous=FULL",
	} {
		db := sql.OpenDB(connector(filepath.Join(t.TempDir(), "record.db"), query))
		s, err := newStore("", Options{})
		if err != nil {
			t.Fatal(err)
		}
		err = s.assertDurable(t.Context(), db)
		if err == nil || !strings.Contains(err.Error(), "unsafe setting: "+name) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: error %v, want one line that names it", query, err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestOpenErrorsAreOneLine(t *testing.T) {
	dir := t.TempDir()
	garbage := filepath.Join(dir, "garbage.db")
	if err := os.WriteFile(garbage, []byte(strings.Repeat("no record at all ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	newer := filepath.Join(dir, "newer.db")
	s := openAt(t, newer, nil)
	if err := s.write(t.Context(), func(t *tx) error { return t.exec(`PRAGMA user_version = 999`) }); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		filepath.Join(dir, "missing", "record.db"): "folder does not exist",
		garbage: "not a database",
		newer:   "use a newer program",
	} {
		s, err := Open(t.Context(), path, Options{})
		if err == nil {
			t.Errorf("open %s succeeded: %v", path, s.Close())
			continue
		}
		if !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("open %s: %q, want one line with %q", path, err, want)
		}
	}
}

func TestOpenTakesOddPaths(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "Données 100% sûres? #1")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "record é.db")
	openAt(t, path, nil)
	if _, err := os.Stat(path); err != nil {
		t.Errorf("the record is not where it was asked to be: %v", err)
	}
}

func TestReopenKeepsEverything(t *testing.T) {
	path := filepath.Join(t.TempDir(), "record.db")
	for i := range 3 {
		s, err := Open(t.Context(), path, Options{Registry: testRegistry()})
		if err != nil {
			t.Fatal(err)
		}
		done := apply(t, s, says("2021-10-19", "rfi", "Bamako opens talks", take{actor: "mali-government", topic: statement.Dialogue, target: "jnim", stance: statement.Pro}))
		if first := i == 0; (done.New == 1) != first || (done.Known == 1) == first {
			t.Errorf("opening %d: %+v", i, done)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestReadOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "record.db")
	if _, err := OpenReadOnly(t.Context(), path, Options{}); err == nil || !strings.Contains(err.Error(), "there is none yet") {
		t.Fatalf("open nothing for reading: %v", err)
	}
	check := func(beside string) {
		r, err := OpenReadOnly(t.Context(), path, Options{})
		if err != nil {
			t.Fatalf("open %s: %v", beside, err)
		}
		if totals, err := r.Totals(t.Context()); err != nil || totals.Statements != 1 {
			t.Errorf("%s: totals %+v, %v", beside, totals, err)
		}
		if _, err := r.Save(t.Context(), &statement.Fetch{}); !errors.Is(err, ErrReadOnly) {
			t.Errorf("%s: save says %v", beside, err)
		}
		if _, err := r.reader.ExecContext(t.Context(), `DELETE FROM statements`); err == nil {
			t.Errorf("%s: a read-only record was changed", beside)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
	s, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	apply(t, s, says("2021-10-19", "rfi", "nothing said"))
	check("beside the writer")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	check("alone")
}

// TestCountsOfAnOlderRecord opens a record from before statements were counted by
// source, and files a revision in it.
func TestCountsOfAnOlderRecord(t *testing.T) {
	path := filepath.Join(t.TempDir(), "record.db")
	open := func() *Store {
		t.Helper()
		s, err := Open(t.Context(), path, Options{Registry: testRegistry()})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	first := says("2021-10-19", "rfi", "Bamako opens talks", take{actor: "mali-government", topic: statement.Dialogue, target: "jnim", stance: statement.Pro})
	s := open()
	apply(t, s, first, says("2021-10-22", "rfi", "Bamako opens none", take{actor: "mali-government", topic: statement.Dialogue, target: "jnim", stance: statement.Anti}))
	for _, query := range []string{`DROP TABLE source_tallies`, `DROP INDEX signals_live`, `DROP INDEX signals_by_actor`, `PRAGMA user_version = 8`} {
		if _, err := s.writer.ExecContext(t.Context(), query); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open()
	defer s.Close()
	again := first
	again.Statement.Text += " soon"
	again.Statement.Of, again.Statement.Revision = first.Statement.ID, 2
	again.Statement.ID = again.Statement.ContentID()
	if done := apply(t, s, again); done.Revised != 1 {
		t.Fatalf("the revision makes %+v", done)
	}
	if g, err := s.Gist(t.Context()); err != nil || g.Statements != 2 {
		t.Errorf("%d statements are counted, %v; want 2", g.Statements, err)
	}
	mustVerify(t, s)
}
