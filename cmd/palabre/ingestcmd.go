package main

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"

	"palabre/statement"
)

type ingestCmd struct {
	Node         string `default:"ingest" placeholder:"NAME" help:"Name of this node in the cluster; each has its own."`
	AllowPrivate bool   `help:"Also fetch from private and loopback addresses."`
	natsFlags
}

func (ingestCmd) Examples() string {
	return "  palabre ingest --nats nats://n1:4222,nats://n2:4222 --data /var/lib/palabre-ingest"
}

// Run fetches sources and publishes what they bring, until it is interrupted.
func (c *ingestCmd) Run(r *runContext) error {
	if c.Nats == "" {
		return usagef("ingest works in a cluster: name its servers with --nats; alone, palabre serve does everything")
	}
	p, err := openPipeline(r, r.data, c.natsFlags, parts{record: true}, r.log)
	if err != nil {
		return busy(err, r.data)
	}
	if err := p.loadSources(r); err != nil {
		return errors.Join(err, p.close())
	}
	fmt.Fprintf(r.term.out, "palabre: fetching %d sources\n", len(p.sources))
	g, ctx := errgroup.WithContext(r)
	g.Go(func() error { return p.publish(ctx) })
	g.Go(func() error { return p.settle(ctx, c.Node) })
	g.Go(func() error { return p.fetch(ctx, c.AllowPrivate) })
	return errors.Join(ignoreCancel(g.Wait()), p.close())
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
