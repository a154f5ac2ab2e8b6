package ingest

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"palabre/statement"
)

// FileOptions say what is known of files beside what is in them.
type FileOptions struct {
	Source   statement.Source                              // whom they come from
	Sources  func(id string) (statement.Source, bool)      // the known sources, for lines that name theirs
	Registry *statement.Registry                           // the actors
	About    statement.Statement                           // what holds for every document where it says nothing itself
	Now      func() time.Time                              // clock
	Progress func(read, total int64)                       // called with bytes; total is 0 where it is not known
	Emit     func(context.Context, *statement.Fetch) error // keeps what was read
}

const (
	// maxDocument is the most bytes of a file that becomes one statement.
	maxDocument = 32 << 20
	// A fetch of files holds at most this much.
	batchStatements = 500
	batchBytes      = 8 << 20
)

// errNoFormat says that a file is of no kind that is read.
var errNoFormat = errors.New("unknown format; want .txt, .html, .srt, .vtt or .jsonl, each also with .gz")

// ReadFiles reads the file or folder at path, or in if path is "-", and hands
// what is found to opt.Emit, a batch at a time. What cannot be read is returned
// as problems, each with its place; the error is of path itself or of Emit.
func ReadFiles(ctx context.Context, path string, in io.Reader, opt FileOptions) ([]statement.Problem, error) {
	r := &fileReader{opt: opt}
	if path == "-" {
		return r.finish(ctx, r.stream(ctx, in))
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	info, err := os.Stat(absolute)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, reason(err))
	}
	if info.IsDir() {
		return r.finish(ctx, r.folder(ctx, absolute))
	}
	r.total = info.Size()
	return r.finish(ctx, r.file(ctx, os.DirFS(filepath.Dir(absolute)), filepath.Base(absolute), absolute))
}

// reason takes the path off an error that its caller names.
func reason(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// fileReader collects what files hold.
type fileReader struct {
	opt         FileOptions
	fetch       statement.Fetch
	size        int
	read, total int64
	problems    []statement.Problem
}

func (r *fileReader) problem(where string, err error) {
	r.problems = append(r.problems, statement.Problem{Where: where, What: err.Error()})
}

// finish hands over the rest.
func (r *fileReader) finish(ctx context.Context, err error) ([]statement.Problem, error) {
	if err == nil {
		err = r.flush(ctx)
	}
	return r.problems, err
}

// flush hands over what was collected.
func (r *fileReader) flush(ctx context.Context) error {
	if len(r.fetch.Captures) == 0 {
		return nil
	}
	err := r.opt.Emit(ctx, &r.fetch)
	r.problems = append(r.problems, r.fetch.Health.Problems...)
	r.fetch, r.size = statement.Fetch{}, 0
	return err
}

// add takes a capture in, with the statements that were read from it.
func (r *fileReader) add(ctx context.Context, c statement.Capture, statements ...statement.Statement) error {
	c.Hash, c.Source, c.Fetched = statement.HashBody(c.Body), r.opt.Source.ID, r.opt.Now().UTC()
	for i := range statements {
		statements[i].Capture, statements[i].Fetched = c.Hash, c.Fetched
	}
	r.fetch.Captures = append(r.fetch.Captures, c)
	r.fetch.Statements = append(r.fetch.Statements, statements...)
	r.size += len(c.Body)
	if len(r.fetch.Statements) >= batchStatements || r.size >= batchBytes {
		return r.flush(ctx)
	}
	return nil
}

// folder reads every file below dir. What a link leads to outside is not read.
func (r *fileReader) folder(ctx context.Context, dir string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("read %s: %w", dir, reason(err))
	}
	defer func() { _ = root.Close() }() // nothing was written
	names, err := r.list(root.FS(), dir)
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := r.file(ctx, root.FS(), name, filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	return nil
}

// list returns the visible regular files in order and adds up their sizes.
func (r *fileReader) list(fsys fs.FS, dir string) ([]string, error) {
	var names []string
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			r.problem(filepath.Join(dir, name), reason(err))
			return nil
		case name != "." && strings.HasPrefix(d.Name(), "."):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case d.IsDir():
			return nil
		}
		if info, err := fs.Stat(fsys, name); err == nil && info.Mode().IsRegular() {
			r.total += info.Size()
			names = append(names, name)
		} else if err != nil {
			r.problem(filepath.Join(dir, name), reason(err))
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", dir, err)
	}
	return names, nil
}

// file reads one file; path is its full name, for people and as its key. A file
// that cannot be read is a problem, not an error.
func (r *fileReader) file(ctx context.Context, fsys fs.FS, name, path string) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	form := formatOf(name)
	if form == "" {
		r.problem(path, errNoFormat)
		return nil
	}
	f, err := fsys.Open(name)
	if err != nil {
		r.problem(path, reason(err))
		return nil
	}
	defer func() { _ = f.Close() }() // nothing was written
	counted := &counter{r: f, fileReader: r}
	if form == jsonLines {
		return r.lines(ctx, counted, path)
	}
	raw, err := io.ReadAll(io.LimitReader(counted, maxDocument+1))
	if err != nil {
		r.problem(path, reason(err))
		return nil
	}
	return r.document(ctx, raw, form, path)
}

// stream reads what comes through a pipe; its first bytes tell its format.
func (r *fileReader) stream(ctx context.Context, in io.Reader) error {
	b, err := unpack(&counter{r: in, fileReader: r})
	if err != nil {
		return fmt.Errorf("read standard input: %w", err)
	}
	head, err := b.Peek(512)
	if err != nil && !errors.Is(err, io.EOF) && len(head) == 0 {
		return fmt.Errorf("read standard input: %w", err)
	}
	form := sniff(head)
	if form == jsonLines {
		return r.lines(ctx, b, "standard input")
	}
	raw, err := io.ReadAll(io.LimitReader(b, maxDocument+1))
	if err != nil {
		return fmt.Errorf("read standard input: %w", err)
	}
	return r.document(ctx, raw, form, "standard input")
}

func sniff(head []byte) format {
	head = bytes.TrimSpace(bytes.TrimPrefix(head, []byte("\ufeff")))
	switch {
	case bytes.HasPrefix(head, []byte("{")):
		return jsonLines
	case bytes.HasPrefix(head, []byte("<")):
		return htmlPage
	case bytes.HasPrefix(head, []byte("WEBVTT")):
		return webVTT
	}
	return plainText
}

// counter reports what is read.
type counter struct {
	r io.Reader
	*fileReader
}

// Read reads and reports.
func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.read += int64(n)
	if c.opt.Progress != nil {
		c.opt.Progress(c.read, c.total)
	}
	return n, err
}

// unpack undoes gzip, which its first bytes tell, whatever the name says.
func unpack(in io.Reader) (*bufio.Reader, error) {
	b := bufio.NewReaderSize(in, 1<<16)
	if magic, err := b.Peek(2); err != nil || magic[0] != 0x1f || magic[1] != 0x8b {
		return b, nil // what cannot be read fails again when it is
	}
	z, err := gzip.NewReader(b)
	if err != nil {
		return nil, fmt.Errorf("unpack: %w", err)
	}
	return bufio.NewReaderSize(z, 1<<16), nil
}
