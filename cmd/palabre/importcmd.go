package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"palabre/ingest"
	"palabre/seeds"
	"palabre/statement"
	"palabre/store"
)

type importCmd struct {
	Path      string `arg:"" help:"File, folder, or - for standard input: .jsonl .txt .html .srt .vtt, each also with .gz."`
	Source    string `default:"on-file" placeholder:"ID" help:"Source of what does not name one itself."`
	Title     string `help:"Title of documents that have none."`
	Lang      string `placeholder:"CODE" help:"Their language (BCP 47)."`
	Kind      string `enum:"wire,article,editorial,communique,speech,interview,transcript,post," default:"" help:"Their kind: wire, article, editorial, communique, speech, interview, transcript or post."`
	Said      string `placeholder:"DATE" help:"When they were said: 2020, 2020-03 or 2020-03-08."`
	Published string `placeholder:"DATE" help:"When they were published."`
	Issuer    string `placeholder:"ACTOR" help:"Actor in whose name they are written."`
	Speaker   string `placeholder:"NAME" help:"Who speaks."`
	URL       string `name:"url" placeholder:"URL" help:"Where they can be found."`
	Note      string `help:"Where they come from, such as a footnote."`
	JSON      bool   `name:"json" help:"Print the outcome as JSON."`
	nodeFlags
}

func (importCmd) Examples() string {
	return `  palabre import speeches.jsonl.gz                     statements, one a line
  palabre import ./transcripts --source audio-on-file  a folder of documents
  palabre import letter.txt --kind communique --issuer jnim --said 2020-03-08 --note 'copy on file'
  cat texts.jsonl | palabre import -`
}

// outcome is what an import did.
type outcome struct {
	New      int                 `json:"new"`
	Revised  int                 `json:"revised"`
	Known    int                 `json:"known"`
	Problems []statement.Problem `json:"problems,omitempty"`
}

// Run reads the files into the spool and waits until all is in the record. If a
// server runs on the data folder, it does the rest; else this process does.
func (c *importCmd) Run(r *runContext) error {
	if err := c.check(); err != nil {
		return err
	}
	about, err := c.about()
	if err != nil {
		return err
	}
	sources, problems, err := readSources(r.data)
	if err != nil {
		return err
	}
	for _, p := range problems {
		r.log.ErrorContext(r, "a source is left out", "where", p.Where, "what", p.What)
	}
	at := sourceAt(sources, c.Source)
	if at < 0 {
		return usagef("source %q is not known; add it to %s", c.Source, filepath.Join(r.data, sourcesFile))
	}
	opt := ingest.FileOptions{Source: sources[at], About: about, Now: time.Now, Sources: func(id string) (statement.Source, bool) {
		if i := sourceAt(sources, id); i >= 0 {
			return sources[i], true
		}
		return statement.Source{}, false
	}}
	p, err := openPipeline(r, r.data, r.ruleFolder(), c.natsFlags, c.role(), r.log)
	switch {
	case errors.Is(err, errLocked):
		return c.beside(r, opt)
	case err != nil:
		return err
	}
	err = p.store.PutSources(r, sources)
	if err == nil {
		err = c.alone(r, p, opt)
	}
	return errors.Join(err, p.close())
}

// about checks the flags that describe documents.
func (c *importCmd) about() (statement.Statement, error) {
	s := statement.Statement{
		Title: c.Title, Lang: c.Lang, Kind: statement.Kind(c.Kind), Issuer: c.Issuer, Speaker: c.Speaker, URL: c.URL, Note: c.Note,
	}
	for _, d := range []struct {
		flag, text string
		to         *statement.Date
	}{{"said", c.Said, &s.Said}, {"published", c.Published, &s.Published}} {
		if d.text == "" {
			continue
		}
		var err error
		if *d.to, err = statement.ParseDate(d.text, "hand"); err != nil {
			return s, usagef("--%s: %w", d.flag, err)
		}
	}
	return s, nil
}

// alone runs the pipeline in this process until everything is settled.
func (c *importCmd) alone(r *runContext, p *pipeline, opt ingest.FileOptions) error {
	opt.Registry = p.reg
	ctx, stop := context.WithCancel(r)
	defer stop()
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return p.carry(ctx, c.Node) })
	g.Go(func() error {
		defer stop()
		return c.read(ctx, r, p, opt)
	})
	err := g.Wait()
	if r.Err() != nil {
		return interrupted(r.Err())
	}
	return ignoreCancel(err)
}

// beside reads into the spool of a running server and waits for it.
func (c *importCmd) beside(r *runContext, opt ingest.FileOptions) (err error) {
	if opt.Registry, err = seeds.Registry(); err != nil {
		return err
	}
	s, err := store.Open(r, filepath.Join(r.data, recordFile), store.Options{Registry: opt.Registry, Log: r.log})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	err = c.read(r, r, &pipeline{store: s, reg: opt.Registry, log: r.log}, opt)
	if r.Err() != nil {
		return interrupted(r.Err())
	}
	return err
}

// interrupted explains what a broken-off import leaves behind.
func interrupted(err error) error {
	return fmt.Errorf("import was interrupted: %w; what was read is kept and will be filed, run the same command again for the rest", err)
}

// read saves what the files hold, waits until it is filed, and reports.
func (c *importCmd) read(ctx context.Context, r *runContext, p *pipeline, opt ingest.FileOptions) error {
	if a := opt.About.Issuer; a != "" && p.reg.Actor(a) == nil {
		return usagef("--issuer: %q is no known actor", a)
	}
	var out outcome
	opt.Emit = func(ctx context.Context, f *statement.Fetch) error {
		saved, err := p.store.Save(ctx, f)
		out.New, out.Revised, out.Known = out.New+saved.New, out.Revised+saved.Revised, out.Known+saved.Known
		return err
	}
	bar := newProgress(r.term.err, "read", -1)
	const kib = 1 << 10
	opt.Progress = func(read, total int64) { bar.at(int(read/kib), int(max(read, total)/kib)) }
	problems, err := ingest.ReadFiles(ctx, c.Path, r.term.in, opt)
	bar.done()
	if err != nil {
		return err
	}
	bar = newProgress(r.term.err, "file", -1)
	most := 0
	err = p.settled(ctx, func(left int) {
		most = max(most, left)
		bar.at(most-left, most)
	})
	bar.done()
	if err != nil {
		return err
	}
	out.Problems = slices.Concat(out.Problems, problems)
	return c.report(r, &out)
}

// report prints the outcome. Parts that could not be read make it a failure,
// though the others are filed.
func (c *importCmd) report(r *runContext, out *outcome) error {
	if c.JSON {
		if err := printJSON(r.term.out, out); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(r.term.out, "%d new, %d revised, %d already known\n", out.New, out.Revised, out.Known)
		for _, p := range out.Problems {
			fmt.Fprintf(r.term.err, "%s: %s\n", p.Where, p.What)
		}
	}
	if n := len(out.Problems); n > 0 {
		return fmt.Errorf("import %s: %d parts could not be read; the others are filed", c.Path, n)
	}
	return nil
}
