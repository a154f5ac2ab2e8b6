package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"palabre/classify"
	"palabre/index"
	"palabre/seeds"
	"palabre/statement"
	"palabre/store"
	"palabre/stream"
)

// Where things lie in the data folder.
const (
	recordFile = "palabre.db"
	streamDir  = "streams"
	indexDir   = "index"
	urlFile    = "serve.url"
)

// nodeFlags choose the bus and name this process on it.
type nodeFlags struct {
	Node string `placeholder:"NAME" help:"Name of this node in a cluster; each has its own."`
	natsFlags
}

// check asks for a name where one is needed: two nodes under one name would
// share what each must see.
func (n *nodeFlags) check() error {
	if n.Nats != "" && n.Node == "" {
		return usagef("--nats needs --node: name this node, each node of a cluster has a name of its own")
	}
	return nil
}

// natsFlags choose the bus: embedded by default, or a cluster.
type natsFlags struct {
	Nats      string `placeholder:"URL" help:"NATS servers to use instead of the embedded one."`
	NatsCreds string `placeholder:"FILE" type:"path" help:"NATS credentials file."`
	NatsCA    string `name:"nats-ca" placeholder:"FILE" type:"path" help:"Certificate authority of the NATS servers."`
	NatsCert  string `placeholder:"FILE" type:"path" help:"Client certificate for NATS."`
	NatsKey   string `placeholder:"FILE" type:"path" help:"Key of the client certificate."`
	Replicas  int    `default:"1" help:"Copies of each stream in a NATS cluster."`
}

func (n *natsFlags) options(dir string, log *slog.Logger) stream.Options {
	o := stream.Options{URL: n.Nats, Creds: n.NatsCreds, CA: n.NatsCA, Cert: n.NatsCert, Key: n.NatsKey, Replicas: n.Replicas, Log: log}
	if n.Nats == "" {
		o.Dir = filepath.Join(dir, streamDir)
	}
	return o
}

// pipeline is what one process runs of the way from a source to a searchable
// statement. Parts that its role does not need are nil.
type pipeline struct {
	dir   string
	log   *slog.Logger
	reg   *statement.Registry
	rules *rulebook
	bus   *stream.Bus
	store *store.Store
	index *index.Index
	match *index.Matcher // tries the queries of receivers
	lock  func() error
	name  string // durable name of this node's consumer of records

	sources    []statement.Source
	badSources []statement.Problem // entries of the operator's list that were left out
}

// parts says what a role needs.
type parts struct{ record, index, rules bool }

// role returns what a process needs that takes statements in: everything where
// it works alone, the record's spool in a cluster.
func (n *nodeFlags) role() parts {
	return parts{record: true, index: n.Nats == "", rules: n.Nats == ""}
}

// openPipeline opens the parts and takes the lock of the data folder. On an
// error everything is closed again.
func openPipeline(ctx context.Context, dir, rules string, nats natsFlags, need parts, log *slog.Logger) (_ *pipeline, err error) {
	if err := prepareData(dir); err != nil {
		return nil, err
	}
	p := &pipeline{dir: dir, log: log, name: "record"}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.close())
		}
	}()
	if p.lock, err = lockData(dir); err != nil {
		return nil, err
	}
	if p.reg, err = seeds.Registry(); err != nil {
		return nil, err
	}
	if need.rules {
		if p.rules, err = openRulebook(p.reg, cmp.Or(rules, filepath.Join(dir, rulesDir)), log); err != nil {
			return nil, err
		}
	}
	if need.record {
		p.match = index.NewMatcher(index.Options{Registry: p.reg, Saved: p.savedSearches})
		if p.store, err = store.Open(ctx, filepath.Join(dir, recordFile), store.Options{Registry: p.reg, Log: log, Matches: finds(p.match)}); err != nil {
			return nil, err
		}
	}
	if need.index {
		if p.index, err = index.Open(ctx, filepath.Join(dir, indexDir), index.Options{Registry: p.reg, Saved: p.savedSearches, Log: log}); err != nil {
			return nil, err
		}
	}
	if p.bus, err = stream.Open(ctx, nats.options(dir, log)); err != nil {
		return nil, err
	}
	if p.store != nil {
		return p, p.fence(ctx)
	}
	return p, nil
}

// close closes what is open, in the order in which nothing is used after.
func (p *pipeline) close() error {
	var errs []error
	if p.bus != nil {
		errs = append(errs, p.bus.Close())
	}
	if p.index != nil {
		errs = append(errs, p.index.Close())
	}
	if p.store != nil {
		errs = append(errs, p.store.Close())
	}
	if p.match != nil {
		errs = append(errs, p.match.Close())
	}
	if p.lock != nil {
		errs = append(errs, p.lock())
	}
	return errors.Join(errs...)
}

// finds has the queries of receivers tried as search would try them.
func finds(m *index.Matcher) store.Matches {
	return func(ctx context.Context, query string, h *store.Held) (bool, error) {
		return m.Matches(ctx, query, document(h))
	}
}

// savedSearches tells queries what the names of others stand for. The record is
// opened behind what reads queries.
func (p *pipeline) savedSearches(ctx context.Context) ([]statement.SavedSearch, error) {
	if p.store == nil {
		return nil, nil
	}
	return p.store.SavedSearches(ctx)
}

// document returns a statement as the index takes it.
func document(h *store.Held) index.Doc {
	return index.Doc{Statement: &h.Statement, Reading: &h.Reading, Reasons: h.Reasons}
}

// fence compares the streams with those that the record last saw. A stream that
// was lost and made anew has other sequences: everything that was not settled is
// published again. Alerts are left out: one that was sent is never sent again.
func (p *pipeline) fence(ctx context.Context) error {
	for _, name := range []string{stream.Statements, stream.Records, stream.Desk, stream.Told} {
		now, err := p.bus.Fence(ctx, name)
		if err != nil {
			return err
		}
		before, err := p.store.Fence(ctx, name)
		if err != nil {
			return err
		}
		if now == before {
			continue
		}
		if before != "" {
			n, err := p.store.Respool(ctx, 0)
			if err != nil {
				return err
			}
			p.log.WarnContext(ctx, "a stream was lost and made anew; what was not settled is published again", "stream", name, "statements", n)
		}
		if err := p.store.SetFence(ctx, name, now); err != nil {
			return err
		}
	}
	return nil
}

// carry runs what brings statements from the spool to where they are settled,
// until ctx ends: the whole pipeline, or in a cluster its first step.
func (p *pipeline) carry(ctx context.Context, node string) error {
	if p.rules != nil {
		return p.run(ctx)
	}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return p.publish(ctx) })
	g.Go(func() error { return p.settle(ctx, node) })
	return g.Wait()
}

// settle takes from the spool what has come back as a record: then the stream
// has it in both forms, and every serve node will.
func (p *pipeline) settle(ctx context.Context, node string) error {
	return p.bus.ConsumeRecords(ctx, "settle-"+node, func(ctx context.Context, batch []statement.Record) error {
		ids := make([]string, len(batch))
		for i := range batch {
			ids[i] = batch[i].Statement.ID
		}
		return p.store.Settle(ctx, ids)
	}, p.bury)
}

// run runs the parts of a whole node until ctx ends.
func (p *pipeline) run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return p.publish(ctx) })
	g.Go(func() error { return p.classify(ctx) })
	g.Go(func() error { return p.rules.watch(ctx) })
	g.Go(func() error { return p.record(ctx) })
	g.Go(func() error { return p.follow(ctx) })
	return g.Wait()
}

// A back-fill goes in steps of publishBatch statements, the next one when no more
// than backfillMost are under way: a statement of today waits for fewer than
// their sum. Longer steps would file no more.
const (
	publishBatch = 250
	backfillMost = 125
)

const (
	idle  = time.Second // how long a loop rests at most without being woken
	stale = 10 * time.Minute
)

// publish carries statements from the spool to the stream, those of a back-fill
// as the others leave room. Those that were published long ago and never settled
// are published again.
func (p *pipeline) publish(ctx context.Context) error {
	wake, cancel := p.store.Watch()
	defer cancel()
	tick := time.NewTicker(idle)
	defer tick.Stop()
	respool := time.NewTicker(stale / 2)
	defer respool.Stop()
	for {
		if err := p.publishAll(ctx); err != nil && ctx.Err() == nil {
			p.log.WarnContext(ctx, "statements wait in the spool", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-wake:
		case <-tick.C:
		case <-respool.C:
			if n, err := p.store.Respool(ctx, stale); err != nil {
				p.log.WarnContext(ctx, "old statements in the spool were not looked at", "error", err)
			} else if n > 0 {
				p.log.InfoContext(ctx, "statements are published again", "count", n)
			}
		}
	}
}

func (p *pipeline) publishAll(ctx context.Context) error {
	for {
		batch, err := p.store.Unpublished(ctx, publishBatch, backfillMost)
		if err != nil || len(batch) == 0 {
			return err
		}
		if err := p.bus.PublishStatements(ctx, batch); err != nil {
			return err
		}
		ids := make([]string, len(batch))
		for i := range batch {
			ids[i] = batch[i].ID
		}
		if err := p.store.MarkPublished(ctx, ids); err != nil {
			return err
		}
	}
}

// classify reads statements from the stream and publishes records.
func (p *pipeline) classify(ctx context.Context) error {
	return p.bus.ConsumeStatements(ctx, "classify", func(ctx context.Context, batch []statement.Statement) error {
		records, err := readAll(p.rules.current(), batch)
		if err != nil {
			return err
		}
		return p.bus.PublishRecords(ctx, records)
	}, p.bury)
}

// classifyNode runs a classifier of a cluster until ctx ends.
func (p *pipeline) classifyNode(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return p.classify(ctx) })
	g.Go(func() error { return p.rules.watch(ctx) })
	return g.Wait()
}

// readAll reads the statements on every processor and keeps their order.
func readAll(pack *classify.Pack, batch []statement.Statement) ([]statement.Record, error) {
	records := make([]statement.Record, len(batch))
	errs := make([]error, len(batch))
	workers := min(runtime.GOMAXPROCS(0), len(batch))
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := w; i < len(batch); i += workers {
				records[i], errs[i] = readOne(pack, &batch[i])
			}
		})
	}
	wg.Wait()
	return records, errors.Join(errs...)
}

// readOne turns a panic of the classifier into an error of the statement that
// caused it.
func readOne(pack *classify.Pack, s *statement.Statement) (r statement.Record, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("classify statement %s: panic: %v", s.ID, v)
		}
	}()
	return statement.Record{Statement: *s, Reading: pack.Read(s)}, nil
}

// bury keeps a message that nobody could handle. In a role without a record it
// is logged: the node that keeps the record sees the gap in the spool.
func (p *pipeline) bury(ctx context.Context, d statement.DeadLetter) error {
	p.log.ErrorContext(ctx, "a message could not be handled", "stream", d.Stream, "subject", d.Subject, "reason", d.Reason, "tries", d.Tries)
	if p.store == nil {
		return nil
	}
	return p.store.Bury(ctx, d)
}

// record applies records and desk events to the store.
func (p *pipeline) record(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		return p.bus.ConsumeRecords(ctx, p.name, func(ctx context.Context, batch []statement.Record) error {
			_, err := p.store.Apply(ctx, batch)
			return err
		}, p.bury)
	})
	g.Go(func() error {
		return p.bus.ConsumeDesk(ctx, p.name, p.store.ApplyDesk, p.bury)
	})
	return g.Wait()
}

// The index takes in up to followBatch changes at once. After a full batch more
// wait; a short one means that it has caught up, and then it rests for a moment
// so that the next batch is worth its cost.
const (
	followBatch = 1000
	followRest  = 150 * time.Millisecond
)

// follow keeps the index up with the record.
func (p *pipeline) follow(ctx context.Context) error {
	wake, cancel := p.store.Watch()
	defer cancel()
	tick := time.NewTicker(idle)
	defer tick.Stop()
	for {
		n, err := p.indexMore(ctx)
		if err != nil && ctx.Err() == nil {
			p.log.WarnContext(ctx, "the index is behind", "error", err)
		}
		if n == followBatch {
			continue
		}
		rest := time.NewTimer(followRest)
		select {
		case <-ctx.Done():
			rest.Stop()
			return nil
		case <-rest.C:
		}
		select {
		case <-ctx.Done():
			return nil
		case <-wake:
		case <-tick.C:
		}
	}
}

// indexMore takes the next changes in and returns how many they were.
func (p *pipeline) indexMore(ctx context.Context) (int, error) {
	changes, err := p.store.Changes(ctx, p.index.Applied(), followBatch)
	if err != nil || len(changes) == 0 {
		return 0, err
	}
	docs := make([]index.Doc, len(changes))
	for i := range changes {
		docs[i] = document(&changes[i].Held)
	}
	return len(changes), p.index.Update(ctx, docs, changes[len(changes)-1].Row)
}

// settled waits until everything that was saved is in the record, and in the
// index if this process keeps one. report is called with how much is left.
func (p *pipeline) settled(ctx context.Context, report func(left int)) error {
	wake, cancel := p.store.Watch()
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		t, err := p.store.Totals(ctx)
		if err != nil {
			return err
		}
		if t.Unsettled == 0 && (p.index == nil || p.index.Applied() >= t.Head) {
			return nil
		}
		report(t.Unsettled)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-wake:
		case <-tick.C:
		}
	}
}

// loadTimeline files the acceptance timeline through the pipeline, one dispatch
// after the other: what is a change of course depends on their order. What is
// held already is passed over.
func (p *pipeline) loadTimeline(ctx context.Context) error {
	dispatches, err := seeds.Timeline()
	if err != nil {
		return err
	}
	now := time.Now().UTC()
	for i := range dispatches {
		d := dispatches[i]
		held, err := p.store.Statements(ctx, []string{d.ContentID()})
		if err != nil {
			return err
		}
		if len(held) > 0 {
			continue
		}
		d.Fetched = now
		body := []byte(d.Title + "\n\n" + d.Text + "\n")
		d.Capture = statement.HashBody(body)
		f := &statement.Fetch{
			Captures: []statement.Capture{{
				Hash: d.Capture, Source: d.Source, URL: d.Key, MediaType: "text/plain; charset=utf-8", Fetched: now, Body: body,
			}},
			Statements: []statement.Statement{d},
			Health:     statement.Health{Source: d.Source, Checked: now, Outcome: statement.OutcomeNew},
		}
		if _, err := p.store.Save(ctx, f); err != nil {
			return err
		}
		if err := p.settled(ctx, func(int) {}); err != nil {
			return err
		}
	}
	return nil
}
