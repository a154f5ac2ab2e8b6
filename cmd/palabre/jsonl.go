package main

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// eachLine calls f with each object of a file of JSON lines, which may be
// compressed. It stops at the first line that is none or that f refuses.
func eachLine[T any](path string, f func(*T) error) (err error) {
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("read texts: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	var in io.Reader = file
	if strings.HasSuffix(path, ".gz") {
		if in, err = gzip.NewReader(file); err != nil {
			return fmt.Errorf("read %s: %w", path, err)
		}
	}
	return eachLineOf(in, path, f)
}

// eachLineOf does so with what is read from in; name is told in errors.
func eachLineOf[T any](in io.Reader, name string, f func(*T) error) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 0, 64<<10), maxLine)
	for n := 1; lines.Scan(); n++ {
		if len(lines.Bytes()) == 0 {
			continue
		}
		if lines.Bytes()[0] != '{' {
			return fmt.Errorf("read %s, line %d: want one object {…} a line", name, n)
		}
		var v T
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			return fmt.Errorf("read %s, line %d: %w", name, n, err)
		}
		if err := f(&v); err != nil {
			return fmt.Errorf("read %s, line %d: %w", name, n, err)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	return nil
}
