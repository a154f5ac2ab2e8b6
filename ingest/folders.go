package ingest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"palabre/ingest/web"
	"palabre/statement"
)

// unsettled is how long a file must have been left alone before it is read: one
// that is being copied would be read in part.
const unsettled = 2 * time.Second

// folder checks a watched folder for files that are new or have changed.
func (c *check) folder(ctx context.Context) error {
	local := func(err error) error {
		c.memory.keepAll()
		return &web.Failure{Outcome: statement.OutcomeLocal, Reason: fmt.Sprintf("folder %s: %v", c.src.Path, reason(err)), Lasting: true}
	}
	root, err := os.OpenRoot(c.src.Path)
	if err != nil {
		return local(err)
	}
	defer func() { _ = root.Close() }() // nothing was written
	r := &fileReader{opt: FileOptions{
		Source: c.src, Now: c.now,
		Sources: func(string) (statement.Source, bool) { return statement.Source{}, false },
		Emit:    c.vault.Save,
	}}
	names, err := r.list(root.FS(), c.src.Path)
	if err != nil {
		return local(err)
	}
	read := 0
	for _, name := range names {
		info, err := root.Stat(name)
		if err != nil {
			r.problem(name, reason(err))
			continue
		}
		mark := fmt.Sprintf("%d bytes, %s", info.Size(), info.ModTime().UTC().Format(time.RFC3339Nano))
		if c.memory.marked(name, mark) {
			c.memory.keep(name)
			continue
		}
		if c.now().Sub(info.ModTime()).Abs() < unsettled {
			continue
		}
		read++
		before := len(r.problems)
		if err := r.file(ctx, root.FS(), name, filepath.Join(c.src.Path, name)); err != nil {
			return err
		}
		if len(r.problems) == before {
			c.memory.mark(name, mark)
		}
	}
	if read == 0 && len(r.problems) == 0 {
		c.fetch.Health.Outcome = statement.OutcomeUnchanged
	}
	c.fetch.Captures, c.fetch.Statements = r.fetch.Captures, r.fetch.Statements
	c.fetch.Health.Problems = r.problems
	return nil
}
