package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/jedib0t/go-pretty/v6/table"
	"golang.org/x/sync/errgroup"

	"palabre/seeds"
	"palabre/statement"
	"palabre/store"
)

type pollCmd struct {
	Source       string `arg:"" optional:"" help:"ID of the source to fetch; every one if left out."`
	AllowPrivate bool   `help:"Also fetch from private and loopback addresses."`
	JSON         bool   `name:"json" help:"Print the outcomes as JSON."`
	nodeFlags
}

func (pollCmd) Examples() string {
	return "  palabre poll            every source, whether it is due or not\n  palabre poll rfi        one"
}

// Run fetches now. If a server runs on the data folder, it does the rest; else
// this process does.
func (c *pollCmd) Run(r *runContext) error {
	if err := c.check(); err != nil {
		return err
	}
	p, err := openPipeline(r, r.data, r.ruleFolder(), c.natsFlags, c.role(), r.log)
	switch {
	case errors.Is(err, errLocked):
		return c.beside(r)
	case err != nil:
		return err
	}
	if err := p.sources.load(r); err != nil {
		return errors.Join(err, p.close())
	}
	ctx, stop := context.WithCancel(r)
	defer stop()
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return p.carry(ctx, c.Node) })
	g.Go(func() error {
		defer stop()
		return c.poll(ctx, r, p)
	})
	return errors.Join(ignoreCancel(g.Wait()), p.close())
}

// beside fetches into the spool of a running server.
func (c *pollCmd) beside(r *runContext) (err error) {
	reg, err := seeds.Registry()
	if err != nil {
		return err
	}
	s, err := store.Open(r, filepath.Join(r.data, recordFile), store.Options{Registry: reg, Log: r.log})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	p := &pipeline{dir: r.data, store: s, reg: reg, log: r.log, sources: newSourcebook(r.data, s, r.log)}
	if err := p.sources.load(r); err != nil {
		return err
	}
	return c.poll(r, r, p)
}

// poll checks the sources, waits until everything is filed, and reports.
func (c *pollCmd) poll(ctx context.Context, r *runContext, p *pipeline) error {
	var due []statement.Source
	for _, s := range p.sources.all() {
		if c.Source == s.ID || c.Source == "" && s.Kind != statement.Hand && !s.Paused {
			due = append(due, s)
		}
	}
	if len(due) == 0 {
		return usagef("source %q is not known; palabre poll without a name fetches every one", c.Source)
	}
	health, err := c.fetch(ctx, r, p, due)
	if err != nil {
		return err
	}
	if err := p.settled(ctx, func(int) {}); err != nil {
		return err
	}
	return c.report(r, p, health)
}

// fetch checks several sources at once and returns how each did.
func (c *pollCmd) fetch(ctx context.Context, r *runContext, p *pipeline, due []statement.Source) ([]statement.Health, error) {
	in := p.ingester(c.AllowPrivate)
	defer in.Close()
	bar := newProgress(r.term.err, "fetch", len(due))
	defer bar.done()
	health := make([]statement.Health, len(due))
	finished := make(chan struct{}, len(due))
	g, ctx := errgroup.WithContext(ctx)
	const atOnce = 8
	g.SetLimit(atOnce + 1)
	g.Go(func() error {
		for n := range due {
			select {
			case <-finished:
				bar.at(n+1, len(due))
			case <-ctx.Done():
				return nil
			}
		}
		return nil
	})
	for i := range due {
		g.Go(func() (err error) {
			health[i], err = in.Poll(ctx, due[i])
			finished <- struct{}{}
			return err
		})
	}
	return health, g.Wait()
}

// report prints how the sources did. One that failed makes it a failure.
func (c *pollCmd) report(r *runContext, p *pipeline, health []statement.Health) error {
	failed := 0
	for i := range health {
		if health[i].Outcome.Failed() {
			failed++
		}
	}
	if c.JSON {
		if err := printJSON(r.term.out, health); err != nil {
			return err
		}
	} else {
		t := newTable(r.term.out, table.Row{"source", "outcome", "reason"})
		for i := range health {
			t.AppendRow(table.Row{health[i].Source, health[i].Outcome, health[i].Reason})
		}
		t.Render()
	}
	switch {
	case failed > 0:
		return fmt.Errorf("poll: %d of %d sources could not be fetched", failed, len(health))
	case len(p.sources.left()) > 0:
		return fmt.Errorf("poll: %s: %s", p.sources.left()[0].Where, p.sources.left()[0].What)
	}
	return nil
}
