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
	if _, err := os.Stat(path); err == nil {
		return fmt.Errorf("back up record: %s exists already", path)
	}
	part := path + ".part"
	err := s.copyTo(ctx, part)
	if err == nil {
		err = syncFile(part)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("back up record to %s: %w", path, err), removeIfThere(part))
	}
	if err := os.Rename(part, path); err != nil {
		return fmt.Errorf("back up record: %w", err)
	}
	return syncDir(filepath.Dir(path))
}

// copyTo writes a copy on a connection of its own: those of the pool may not
// write, not even another file.
func (s *Store) copyTo(ctx context.Context, path string) (err error) {
	if err := removeIfThere(path); err != nil {
		return err
	}
	db := sql.OpenDB(connector(s.path, "mode=ro&_busy_timeout=10000"))
	defer func() { err = errors.Join(err, db.Close()) }()
	_, err = db.ExecContext(ctx, `VACUUM INTO ?`, path)
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
