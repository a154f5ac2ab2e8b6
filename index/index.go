package index

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"

	"palabre/statement"
)

// ErrInUse says that another process holds the index.
var ErrInUse = errors.New("the index is in use by another process")

// layout is raised when the mapping or the analysis changes: an index of
// another layout is built anew.
const layout = "3"

// Options are what an index needs beside its folder.
type Options struct {
	Registry *statement.Registry                                    // may be nil: then queries know no names
	Saved    func(context.Context) ([]statement.SavedSearch, error) // for queries that name others; nil if there are none
	Log      *slog.Logger
	ReadOnly bool             // for a look while nobody writes
	Now      func() time.Time // for dates such as P7D; time.Now if nil
}

// reader returns the reader of the queries that are asked here.
func (o *Options) reader() *Reader { return &Reader{Lexicon: NewLexicon(o.Registry), Saved: o.Saved} }

// Index is a Bleve index in a folder. It is safe for concurrent use; Update is
// for one caller at a time.
type Index struct {
	bleve   bleve.Index
	reg     *statement.Registry
	reader  *Reader
	now     func() time.Time
	columns columnCache
	turns   chan struct{} // as many searches as there are processors; others wait in line, so that none waits long
	applied atomic.Int64
	closing sync.Once
	closed  error
}

var appliedKey, layoutKey = []byte("applied"), []byte("layout")

// Open opens the index in dir, or makes it. A damaged index, or one of another
// layout, is removed and made anew and empty: Applied is then 0 and the caller
// feeds it again from the record. An index that another process holds is not
// damaged: the error is ErrInUse.
func Open(ctx context.Context, dir string, o Options) (*Index, error) {
	b, err := openBleve(dir, o.ReadOnly)
	switch {
	case err == nil:
	case errors.Is(err, ErrInUse), o.ReadOnly:
		return nil, fmt.Errorf("open index %s: %w", dir, err)
	case errors.Is(err, fs.ErrNotExist):
		b, err = create(dir)
	default:
		o.Log.WarnContext(ctx, "the index is damaged or of another layout and is built anew", "dir", dir, "error", err)
		if err := os.RemoveAll(dir); err != nil {
			return nil, fmt.Errorf("remove damaged index: %w", err)
		}
		b, err = create(dir)
	}
	if err != nil {
		return nil, fmt.Errorf("make index %s: %w", dir, err)
	}
	x := &Index{bleve: b, reg: o.Registry, reader: o.reader(), now: o.Now, turns: make(chan struct{}, runtime.GOMAXPROCS(0))}
	if x.now == nil {
		x.now = time.Now
	}
	v, err := b.GetInternal(appliedKey)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("read the index's applied row: %w", err), b.Close())
	}
	if len(v) == 8 {
		x.applied.Store(int64(binary.BigEndian.Uint64(v)))
	}
	return x, nil
}

// openBleve opens an existing index. Bleve panics on some damage, which counts
// as an error here.
func openBleve(dir string, readOnly bool) (b bleve.Index, err error) {
	if _, err := os.Stat(dir); err != nil {
		return nil, err
	}
	defer func() {
		if p := recover(); p != nil {
			b, err = nil, fmt.Errorf("bleve panicked: %v", p)
		}
	}()
	b, err = bleve.OpenUsing(dir, map[string]any{"bolt_timeout": "1s", "read_only": readOnly})
	if err != nil {
		if strings.Contains(err.Error(), "timeout") {
			return nil, ErrInUse
		}
		return nil, err
	}
	if v, err := b.GetInternal(layoutKey); err != nil || string(v) != layout {
		return nil, errors.Join(fmt.Errorf("layout %q, want %q", v, layout), err, b.Close())
	}
	return b, nil
}

// create makes an empty index and forces it to disk: Bleve alone leaves a new
// index in the operating system's memory, where power loss takes its metadata.
func create(dir string) (bleve.Index, error) {
	b, err := bleve.NewUsing(dir, newMapping(), scorch.Name, scorch.Name, map[string]any{"bolt_timeout": "1s"})
	if err != nil {
		return nil, err
	}
	if err := b.SetInternal(layoutKey, []byte(layout)); err != nil {
		return nil, errors.Join(err, b.Close())
	}
	if err := syncTree(dir); err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return b, nil
}

// syncTree forces every file and folder under dir, and its entry in the parent,
// to disk.
func syncTree(dir string) error {
	sync := func(path string) error {
		f, err := os.Open(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil // merged away meanwhile
		}
		if err != nil {
			return err
		}
		return errors.Join(f.Sync(), f.Close())
	}
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return sync(path)
	})
	return errors.Join(err, sync(filepath.Dir(dir)))
}

// Close closes the index. Further calls do nothing.
func (x *Index) Close() error {
	x.closing.Do(func() {
		if err := x.bleve.Close(); err != nil {
			x.closed = fmt.Errorf("close index: %w", err)
		}
	})
	return x.closed
}

// Applied returns the number of the last change that the index holds; 0 for an
// empty one.
func (x *Index) Applied() int64 { return x.applied.Load() }

// Update puts the documents in, each in the place of an earlier revision of the
// same statement, and row as the last change applied, all in one batch.
func (x *Index) Update(ctx context.Context, docs []Doc, row int64) error {
	batch := x.bleve.NewBatch()
	for i := range docs {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("update index: %w", err)
		}
		if err := batch.Index(docs[i].Statement.Of, docs[i].fields(x.reg)); err != nil {
			return fmt.Errorf("index statement %s: %w", docs[i].Statement.Of, err)
		}
	}
	var v [8]byte
	binary.BigEndian.PutUint64(v[:], uint64(row))
	batch.SetInternal(appliedKey, v[:])
	if err := x.bleve.Batch(batch); err != nil {
		return fmt.Errorf("update index: %w", err)
	}
	x.applied.Store(row)
	return nil
}

// Reader returns the reader of queries that knows the names of the index's
// registry and its saved searches.
func (x *Index) Reader() *Reader { return x.reader }

// Count returns the number of statements in the index.
func (x *Index) Count() (uint64, error) {
	n, err := x.bleve.DocCount()
	if err != nil {
		return 0, fmt.Errorf("count the index: %w", err)
	}
	return n, nil
}
