package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	sqlite3 "github.com/mattn/go-sqlite3"

	"palabre/statement"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Errors that callers tell apart.
var (
	ErrNotFound   = errors.New("not found")
	ErrCursor     = errors.New("cursor is not one that was handed out")
	ErrReadOnly   = errors.New("record is open for reading only")
	ErrUnreadable = errors.New("record cannot be read")
)

// oldestSQLite is the first release in which WAL checkpoints cannot corrupt a
// file that several connections write.
const oldestSQLite = 3051003

// Options say how a record is opened. All may be left out.
type Options struct {
	Registry *statement.Registry // actors, persons and places; without it every target is a side of its own
	Now      func() time.Time    // clock; time.Now if nil
	Log      *slog.Logger        // discards if nil
	Matches  Matches             // search for receivers with a query; nil accepts every statement
}

// Matches reports whether a statement would be found by a query, in the language
// and with the analysis of search.
type Matches func(ctx context.Context, query string, h *Held) (bool, error)

// Store is an open record. Its methods may be called from several goroutines.
type Store struct {
	path    string
	writer  *sql.DB // one connection; nil when read-only
	reader  *sql.DB
	sides   *sides
	now     func() time.Time
	log     *slog.Logger
	matches Matches

	mu       sync.Mutex
	watchers map[chan struct{}]struct{}
}

// settings are the pragmas on which the guarantees rest, as the driver takes
// them. They stand in the address because a PRAGMA statement would reach one
// pooled connection only.
const settings = "_journal_mode=WAL&_synchronous=FULL&_busy_timeout=10000&_foreign_keys=on&_cache_size=-16000&_stmt_cache_size=96"

// Open opens the record at path for reading and writing. It creates the file,
// brings its tables up to date, and refuses settings that could lose a commit.
func Open(ctx context.Context, path string, opt Options) (*Store, error) {
	if info, err := os.Stat(filepath.Dir(path)); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("open record %s: its folder does not exist", path)
	}
	s, err := newStore(path, opt)
	if err != nil {
		return nil, err
	}
	s.writer = sql.OpenDB(connector(path, settings+"&_txlock=immediate"))
	s.writer.SetMaxOpenConns(1)
	s.reader = newPool(path, settings+"&_query_only=on")
	if err := s.prepare(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open record %s: %w", path, err), s.Close())
	}
	return s, nil
}

// OpenReadOnly opens the record at path beside whoever writes it. Its tables
// must be up to date.
func OpenReadOnly(ctx context.Context, path string, opt Options) (*Store, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("open record %s: there is none yet", path)
	}
	s, err := newStore(path, opt)
	if err != nil {
		return nil, err
	}
	s.reader = newPool(path, "mode=ro&"+settings+"&_query_only=on")
	err = s.assertDurable(ctx, s.reader)
	if err == nil {
		err = s.assertCurrent(ctx)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open record %s: %w", path, err), s.Close())
	}
	return s, nil
}

func newStore(path string, opt Options) (*Store, error) {
	sides, err := newSides(opt.Registry)
	if err != nil {
		return nil, fmt.Errorf("open record %s: %w", path, err)
	}
	s := &Store{path: path, sides: sides, now: opt.Now, log: opt.Log, matches: opt.Matches, watchers: make(map[chan struct{}]struct{})}
	if s.now == nil {
		s.now = time.Now
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	return s, nil
}

func newPool(path, query string) *sql.DB {
	db := sql.OpenDB(connector(path, query))
	conns := max(4, runtime.GOMAXPROCS(0))
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db
}

// Close closes the record. Callers of other methods must have returned.
func (s *Store) Close() error {
	var errs []error
	for _, db := range []*sql.DB{s.reader, s.writer} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("close record: %w", err)
	}
	return nil
}

// prepare makes a record that has just been opened fit for use.
func (s *Store) prepare(ctx context.Context) error {
	if err := s.assertDurable(ctx, s.writer); err != nil {
		return err
	}
	if err := s.migrate(ctx); err != nil {
		return err
	}
	if err := syncDir(filepath.Dir(s.path)); err != nil {
		return err
	}
	return s.putRegistry(ctx)
}

// assertDurable reports an error if a commit could be lost with these settings.
func (s *Store) assertDurable(ctx context.Context, db *sql.DB) error {
	if version, number, _ := sqlite3.Version(); number < oldestSQLite {
		return fmt.Errorf("SQLite is %s: 3.51.3 or later is needed", version)
	}
	for _, want := range []struct{ pragma, value, why string }{
		{"journal_mode", "wal", "its file system may not support shared memory"},
		{"synchronous", "2", "commits could be lost in a power cut"},
		{"foreign_keys", "1", "rows could point nowhere"},
	} {
		var got string
		if err := db.QueryRowContext(ctx, "PRAGMA "+want.pragma).Scan(&got); err != nil {
			return fmt.Errorf("read setting %s: %w", want.pragma, err)
		}
		if got != want.value {
			return fmt.Errorf("unsafe setting: %s is %s, not %s: %s", want.pragma, got, want.value, want.why)
		}
	}
	return nil
}

// migrate applies the numbered files that the record has not seen yet.
func (s *Store) migrate(ctx context.Context) error {
	names, have, err := s.version(ctx, s.writer)
	if err != nil {
		return err
	}
	for i := have; i < len(names); i++ {
		text, err := migrations.ReadFile(names[i])
		if err != nil {
			return fmt.Errorf("read migration: %w", err)
		}
		err = s.write(ctx, func(t *tx) error {
			return t.exec(string(text) + ";PRAGMA user_version = " + strconv.Itoa(i+1))
		})
		if err != nil {
			return fmt.Errorf("apply %s: %w", names[i], err)
		}
	}
	return nil
}

func (s *Store) assertCurrent(ctx context.Context) error {
	names, have, err := s.version(ctx, s.reader)
	if err == nil && have < len(names) {
		err = fmt.Errorf("its tables have version %d, not %d: start the server once to bring them up to date", have, len(names))
	}
	return err
}

// version returns the migrations in order and how many the record has had.
func (s *Store) version(ctx context.Context, db *sql.DB) (names []string, have int, err error) {
	if names, err = fs.Glob(migrations, "migrations/*.sql"); err != nil {
		return nil, 0, fmt.Errorf("list migrations: %w", err)
	}
	if err := db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&have); err != nil {
		return nil, 0, fmt.Errorf("read version: %w", err)
	}
	if have > len(names) {
		return nil, 0, fmt.Errorf("its tables have version %d, this program knows %d: use a newer program", have, len(names))
	}
	return names, have, nil
}

// putRegistry copies what joins need of the registry.
func (s *Store) putRegistry(ctx context.Context) error {
	reg := s.sides.registry
	if reg == nil {
		return nil
	}
	return s.write(ctx, func(t *tx) error {
		for i := range reg.Actors {
			a := &reg.Actors[i]
			if err := t.exec(`INSERT OR REPLACE INTO actors VALUES (?, ?, ?, ?)`, a.ID, a.Kind, a.Label, a.PartOf); err != nil {
				return err
			}
		}
		for i := range reg.Persons {
			if err := t.exec(`INSERT OR REPLACE INTO persons VALUES (?, ?)`, reg.Persons[i].ID, reg.Persons[i].Label); err != nil {
				return err
			}
		}
		for i := range reg.Places {
			p := &reg.Places[i]
			if err := t.exec(`INSERT OR REPLACE INTO places VALUES (?, ?, ?, ?)`, p.ID, p.Kind, p.Label, p.In); err != nil {
				return err
			}
		}
		return t.putPlaces(s.sides.overs())
	})
}

// fileAddress returns the path as the address that SQLite understands, so that
// a question mark or percent sign in it means itself.
func fileAddress(path, query string) string {
	escaped := strings.ReplaceAll(url.PathEscape(filepath.ToSlash(path)), "%2F", "/")
	return "file:" + escaped + "?" + query
}

// syncDir makes the names in a folder survive a power cut.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sync folder: %w", err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("sync folder: %w", err)
	}
	return nil
}
