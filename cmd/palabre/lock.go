package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// errLocked says that another process runs the pipeline on the data folder.
var errLocked = errors.New("another palabre process is using the data folder")

const lockFile = "palabre.lock"

// lockData takes the data folder for the pipeline of this process, or returns
// errLocked. The kernel gives it back however the process ends.
func lockData(dir string) (unlock func() error, err error) {
	f, err := os.OpenFile(filepath.Join(dir, lockFile), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock data folder: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, errors.Join(errLocked, f.Close())
		}
		return nil, errors.Join(fmt.Errorf("lock data folder: %w", err), f.Close())
	}
	return f.Close, nil
}

// prepareData makes the data folder and reports why it cannot be written.
func prepareData(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make data folder: %w; choose another with --data", err)
	}
	if err := os.MkdirAll(filepath.Join(dir, rulesDir), 0o700); err != nil { // so that rules put there are seen
		return fmt.Errorf("make folder of rules: %w", err)
	}
	probe, err := os.CreateTemp(dir, ".probe-*")
	if err != nil {
		return fmt.Errorf("write data folder: %w; choose another with --data", err)
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}
