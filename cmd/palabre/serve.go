package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"palabre/api"
	"palabre/statement"
)

type serveCmd struct {
	Listen       string `default:"127.0.0.1:8080" placeholder:"ADDR" help:"Address of the API and pages; port 0 takes a free one."`
	NoSources    bool   `help:"Do not fetch any source."`
	AllowPrivate bool   `help:"Also fetch from private and loopback addresses."`
	alertFlags
	digestFlags
	nodeFlags
}

func (serveCmd) Examples() string {
	return `  palabre serve                                  everything in one process
  palabre serve --listen :0 --no-sources         a free port, nothing fetched
  palabre serve --nats nats://n1:4222 --node s1  one node of a cluster`
}

// Run serves until it is interrupted.
func (c *serveCmd) Run(r *runContext) error {
	if err := c.check(); err != nil {
		return err
	}
	listener, err := listen(c.Listen)
	if err != nil {
		return err
	}
	p, err := openPipeline(r, r.data, r.ruleFolder(), c.natsFlags, parts{record: true, index: true, rules: c.Nats == ""}, r.log)
	if err != nil {
		return errors.Join(busy(err, r.data), listener.Close())
	}
	if c.Node != "" {
		p.name = c.Node
	}
	err = c.serve(r, p, listener)
	return errors.Join(err, p.close())
}

// listen takes the address before anything else is opened.
func listen(addr string) (net.Listener, error) {
	l, err := net.Listen("tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("listen on %s: the port is in use; choose another with --listen, or :0 for a free one", addr)
	}
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	return l, nil
}

// busy says what to do where another process holds the data folder.
func busy(err error, dir string) error {
	if errors.Is(err, errLocked) {
		return fmt.Errorf("open %s: %w; stop it, or choose another folder with --data", dir, errLocked)
	}
	return err
}

// shutdownTime is how long open requests may take to end.
const shutdownTime = 10 * time.Second

func (c *serveCmd) serve(r *runContext, p *pipeline, listener net.Listener) error {
	ctx, stop := context.WithCancel(r)
	defer stop()
	if err := p.loadSources(ctx); err != nil {
		return errors.Join(err, listener.Close())
	}
	url := "http://" + reachable(listener.Addr())
	paper, err := newPress(p.store, p.reg, c.writingFlags, p.dir)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	d, err := p.openDesk(c.alertFlags, url, paper)
	if err == nil {
		d.printer, err = newPrinter(paper, &c.digestFlags, p.publishDesk)
	}
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	checks := func(ctx context.Context) []api.Check { return append(p.checks(ctx), d.check(ctx)) }
	handler, err := api.New(api.Options{
		Store: p.store, Index: p.index, Registry: p.reg, Submit: p.submit, Act: d.act, Press: paper.api(), Line: d.editor.Line,
		Troubles: func(ctx context.Context) ([]statement.Trouble, error) { return d.troubles(ctx, time.Now()) },
		Rules:    p.rules.pages(), Base: c.PublicURL, Checks: checks, Log: r.log,
	})
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	server := api.Server(handler, r.log)
	path := filepath.Join(p.dir, urlFile)
	if err := os.WriteFile(path, []byte(url+"\n"), 0o600); err != nil {
		return errors.Join(fmt.Errorf("note the address: %w", err), listener.Close())
	}
	defer func() { _ = os.Remove(path) }() // a stale note is not believed either
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		if c.Nats != "" {
			return p.serveNode(ctx)
		}
		return p.run(ctx)
	})
	g.Go(func() error {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serve: %w", err)
		}
		return nil
	})
	g.Go(func() error {
		<-ctx.Done()
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
		defer cancel()
		return server.Shutdown(end)
	})
	g.Go(func() error { return d.run(ctx) })
	g.Go(func() error { return c.begin(ctx, r, p, url) })
	return ignoreCancel(g.Wait())
}

// begin loads the acceptance timeline into an empty record, says that the node
// is ready, and fetches sources from then on.
func (c *serveCmd) begin(ctx context.Context, r *runContext, p *pipeline, url string) error {
	fmt.Fprintf(r.term.out, "palabre: listening at %s\n", url)
	if c.Nats == "" {
		if err := p.loadTimeline(ctx); err != nil {
			return err
		}
	}
	if err := p.settled(ctx, func(int) {}); err != nil {
		return err
	}
	t, err := p.store.Totals(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(r.term.out, "palabre: ready at %s (%d statements, %d positions, %d signals)\n", url, t.Statements, t.Positions, t.Signals)
	if c.NoSources || c.Nats != "" {
		<-ctx.Done()
		return nil
	}
	return p.fetch(ctx, c.AllowPrivate)
}

// serveNode runs the parts of a cluster's serve node: it builds its own record
// and index from the streams.
func (p *pipeline) serveNode(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return p.publish(ctx) }) // hand entries
	g.Go(func() error { return p.record(ctx) })
	g.Go(func() error { return p.follow(ctx) })
	return g.Wait()
}

// reachable replaces an address that listens everywhere by one to open.
func reachable(a net.Addr) string {
	t, ok := a.(*net.TCPAddr)
	if !ok || !t.IP.IsUnspecified() {
		return a.String()
	}
	return net.JoinHostPort("127.0.0.1", fmt.Sprint(t.Port))
}

func ignoreCancel(err error) error {
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// checks tells what decides whether the node is ready, beside record and index.
func (p *pipeline) checks(ctx context.Context) []api.Check {
	check := api.Check{Name: "streams", OK: true, Detail: "connected"}
	if err := p.bus.Ready(ctx); err != nil {
		check.OK, check.Detail = false, err.Error()
		return []api.Check{check}
	}
	lag, err := p.bus.Lag(ctx)
	if err != nil {
		check.OK, check.Detail = false, err.Error()
		return []api.Check{check}
	}
	total := uint64(0)
	for _, n := range lag {
		total += n
	}
	sources := api.Check{Name: "sources", OK: true, Detail: fmt.Sprintf("%d known", len(p.sources))}
	if n := len(p.badSources); n > 0 {
		sources.Detail += fmt.Sprintf(", %d left out; %s: %s", n, p.badSources[0].Where, p.badSources[0].What)
	}
	checks := []api.Check{check, sources, {Name: "pipeline", OK: total < lagWarning, Detail: fmt.Sprintf("%d messages wait", total)}}
	if p.rules != nil {
		checks = append(checks, p.rules.check())
	}
	return checks
}

// lagWarning is how many waiting messages make a node not ready.
const lagWarning = 50_000
