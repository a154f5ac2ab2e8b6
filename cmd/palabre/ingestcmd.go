package main

import (
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"
)

type ingestCmd struct {
	AllowPrivate bool `help:"Also fetch from private and loopback addresses."`
	nodeFlags
}

func (ingestCmd) Examples() string {
	return "  palabre ingest --node i1 --nats nats://n1:4222,nats://n2:4222 --data /var/lib/palabre-ingest"
}

// Run fetches sources and publishes what they bring, until it is interrupted.
func (c *ingestCmd) Run(r *runContext) error {
	if c.Nats == "" {
		return usagef("ingest works in a cluster: name its servers with --nats; alone, palabre serve does everything")
	}
	if err := c.check(); err != nil {
		return err
	}
	p, err := openPipeline(r, r.data, r.ruleFolder(), c.natsFlags, c.role(), r.log)
	if err != nil {
		return busy(err, r.data)
	}
	if err := p.sources.load(r); err != nil {
		return errors.Join(err, p.close())
	}
	fmt.Fprintf(r.term.out, "palabre: fetching %d sources\n", len(p.sources.all()))
	g, ctx := errgroup.WithContext(r)
	in := p.ingester(c.AllowPrivate)
	defer in.Close()
	g.Go(func() error { return p.carry(ctx, c.Node) })
	g.Go(func() error { return p.sources.watch(ctx) })
	g.Go(func() error { return p.bus.ConsumeDesk(ctx, "ingest-"+c.Node, p.heedDesk, p.bury) })
	g.Go(func() error {
		if err := p.loadTimeline(ctx); err != nil {
			return err
		}
		return p.fetch(ctx, in)
	})
	return errors.Join(ignoreCancel(g.Wait()), p.close())
}
