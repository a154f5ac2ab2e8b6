package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Backup writes a copy of the record, as it is at this moment, to a file that
// must not exist yet. The record may be in use.
func (s *Store) Backup(ctx context.Context, path string) error {
	return Copy(ctx, s.path, path)
}

// Copy writes a copy of the record at a path, which may itself be a backup, to a
// file that must not exist yet.
func Copy(ctx context.Context, from, to string) error {
	if _, err := os.Stat(to); err == nil {
		return fmt.Errorf("copy record: %s exists already", to)
	}
	part := to + ".part"
	err := copyTo(ctx, from, part)
	if err == nil {
		err = syncFile(part)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("copy record to %s: %w", to, err), removeIfThere(part))
	}
	if err := os.Rename(part, to); err != nil {
		return fmt.Errorf("copy record: %w", err)
	}
	return syncDir(filepath.Dir(to))
}

// copyTo writes a copy on a connection of its own: those of a pool may not write,
// not even another file, and a copy is not in WAL mode.
func copyTo(ctx context.Context, from, to string) (err error) {
	if err := removeIfThere(to); err != nil {
		return err
	}
	db := sql.OpenDB(connector(from, "mode=ro&_busy_timeout=10000"))
	defer func() { err = errors.Join(err, db.Close()) }()
	_, err = db.ExecContext(ctx, `VACUUM INTO ?`, to)
	return err
}

func removeIfThere(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
