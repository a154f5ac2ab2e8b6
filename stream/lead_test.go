package stream

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// desk is work that only one may do at a time, and notes who does it.
type desk struct {
	tb     testing.TB
	active atomic.Int32
	mu     sync.Mutex
	turns  []string
	more   chan struct{}
}

func newDesk(tb testing.TB) *desk { return &desk{tb: tb, more: make(chan struct{}, 1)} }

// by returns the work of one process: it lasts until it may no longer.
func (d *desk) by(name string) func(context.Context) error {
	return func(ctx context.Context) error {
		if n := d.active.Add(1); n != 1 {
			d.tb.Errorf("%d are at work when %s begins", n, name)
		}
		defer d.active.Add(-1)
		d.mu.Lock()
		d.turns = append(d.turns, name)
		d.mu.Unlock()
		select {
		case d.more <- struct{}{}:
		default:
		}
		<-ctx.Done()
		return ctx.Err()
	}
}

func (d *desk) seen() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]string(nil), d.turns...)
}

// await waits until so many turns have begun and returns who has the last one.
func (d *desk) await(turns int) string {
	d.tb.Helper()
	deadline := time.After(patience)
	for {
		if seen := d.seen(); len(seen) >= turns {
			return seen[len(seen)-1]
		}
		select {
		case <-d.more:
		case <-deadline:
			d.tb.Fatalf("turn %d did not begin within %v: %v", turns, patience, d.seen())
		}
	}
}

// lead has a process try to lead for the length of the test, or until the
// function that it returns is called.
func (d *desk) lead(b *Bus, name string) (stop func()) {
	d.tb.Helper()
	return during(d.tb, func(ctx context.Context) error { return b.Lead(ctx, "desk", d.by(name)) })
}

// wire is a network between a process and a server that can be cut.
type wire struct {
	listener net.Listener
	server   string
	wait     sync.WaitGroup
	mu       sync.Mutex
	flows    *sync.Cond
	frozen   bool
	ended    bool
	conns    map[net.Conn]bool
}

func startWire(tb testing.TB, server string) *wire {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	w := &wire{listener: l, server: strings.TrimPrefix(server, "nats://"), conns: map[net.Conn]bool{}}
	w.flows = sync.NewCond(&w.mu)
	w.wait.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			w.wait.Go(func() { w.join(c) })
		}
	})
	tb.Cleanup(w.stop)
	return w
}

func (w *wire) url() string { return "nats://" + w.listener.Addr().String() }

func (w *wire) stop() {
	w.mu.Lock()
	w.ended = true
	for c := range w.conns {
		_ = c.Close() // it may be closed already
	}
	w.flows.Broadcast()
	w.mu.Unlock()
	_ = w.listener.Close()
	w.wait.Wait()
}

// freeze keeps back all bytes from now on; thaw lets them go.
func (w *wire) freeze(frozen bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.frozen = frozen
	w.flows.Broadcast()
}

// open waits until bytes may flow and reports whether they ever will.
func (w *wire) open(conns ...net.Conn) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for w.frozen && !w.ended {
		w.flows.Wait()
	}
	for _, c := range conns {
		w.conns[c] = true
	}
	return !w.ended
}

func (w *wire) join(client net.Conn) {
	defer client.Close()
	if !w.open(client) {
		return
	}
	server, err := net.Dial("tcp", w.server)
	if err != nil {
		return
	}
	defer server.Close()
	if !w.open(server) {
		return
	}
	var both sync.WaitGroup
	for from, to := range map[net.Conn]net.Conn{client: server, server: client} {
		both.Go(func() {
			defer to.Close()
			defer from.Close()
			_, _ = io.Copy(gate{w, to}, from) // until one end closes
		})
	}
	both.Wait()
}

// gate is the end of a wire that bytes leave by.
type gate struct {
	w  *wire
	to net.Conn
}

// Write waits while the wire is cut.
func (g gate) Write(p []byte) (int, error) {
	if !g.w.open() {
		return 0, net.ErrClosed
	}
	return g.to.Write(p)
}

func TestEmbeddedLeadsAtOnce(t *testing.T) {
	b := embeddedTest(t)
	failed := errors.New("work failed")
	if err := b.Lead(t.Context(), "desk", func(context.Context) error { return failed }); !errors.Is(err, failed) {
		t.Errorf("lead: %v, want what work returned", err)
	}
	d := newDesk(t)
	stop := d.lead(b, "one")
	d.await(1)
	stop()
	if err := b.Lead(t.Context(), "a.b", nil); err == nil {
		t.Error("a name with a dot was taken")
	}
}

func TestLeaderHandsOver(t *testing.T) {
	t.Parallel()
	r := startRemote(t)
	d := newDesk(t)
	one, two := openTest(t, Options{URL: r.url()}), openTest(t, Options{URL: r.url()})
	stop := d.lead(one, "one")
	d.await(1)
	d.lead(two, "two")
	dropConnection(t, one) // and mends: no reason to hand over
	until(t, "connected again", one.conn.IsConnected)
	first := wordsOf(two)
	until(t, "renewed for longer than a lease lasts", func() bool {
		return wordsOf(two) > first+uint64(two.timing.lease/two.timing.renew)+2
	})
	if got := d.seen(); len(got) != 1 {
		t.Errorf("turns %v, want one leader as long as it is well", got)
	}
	begun := time.Now()
	stop()
	if got := d.await(2); got != "two" {
		t.Errorf("%s leads, want the other one", got)
	}
	if took, most := time.Since(begun), two.timing.lease/2; took > most {
		t.Errorf("handing over took %v, want less than %v: the lease was not given up", took, most)
	}
}

func TestLeadersWorkEndsByItself(t *testing.T) {
	t.Parallel()
	r := startRemote(t)
	b := openTest(t, Options{URL: r.url()})
	failed := errors.New("work failed")
	for _, want := range []error{nil, failed} {
		if err := b.Lead(t.Context(), "desk", func(context.Context) error { return want }); !errors.Is(err, want) {
			t.Errorf("lead: %v, want %v", err, want)
		}
	}
	// Each lease is for itself.
	d, other := newDesk(t), newDesk(t)
	d.lead(b, "one")
	d.await(1)
	if err := b.Lead(t.Context(), "other", func(ctx context.Context) error {
		ctx, cancel := context.WithCancel(ctx)
		cancel()
		return errors.Join(failed, other.by("one")(ctx))
	}); !errors.Is(err, failed) {
		t.Errorf("lead elsewhere: %v, want %v", err, failed)
	}
}

func TestClosedBusDoesNotLead(t *testing.T) {
	t.Parallel()
	r := startRemote(t)
	d := newDesk(t)
	one, two := openTest(t, Options{URL: r.url()}), openTest(t, Options{URL: r.url()})
	ended := make(chan error, 2)
	go func() { ended <- one.Lead(t.Context(), "desk", d.by("one")) }()
	d.await(1)
	go func() { ended <- two.Lead(t.Context(), "desk", d.by("two")) }()
	if err := one.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; !errors.Is(err, ErrClosed) {
		t.Errorf("leader on a closed bus: %v, want ErrClosed", err)
	}
	if got := d.await(2); got != "two" {
		t.Errorf("%s leads, want the other one", got)
	}
	if err := two.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; !errors.Is(err, ErrClosed) {
		t.Errorf("leader on a closed bus: %v, want ErrClosed", err)
	}
}

func TestLeaderThatIsCutOffStops(t *testing.T) {
	t.Parallel()
	r := startRemote(t)
	d := newDesk(t)
	w := startWire(t, r.url())
	one, two := openTest(t, Options{URL: w.url()}), openTest(t, Options{URL: r.url()})
	d.lead(one, "one")
	d.await(1)
	stop := d.lead(two, "two")
	w.freeze(true)
	if got := d.await(2); got != "two" {
		t.Errorf("%s leads, want the one that reaches the server", got)
	}
	w.freeze(false)
	until(t, "connected again", one.conn.IsConnected)
	stop()
	if got := d.await(3); got != "one" {
		t.Errorf("%s leads, want the one that is back", got)
	}
}

// leaderURL names the server in the environment of a process that is meant to
// be killed while it leads.
const leaderURL = "PALABRE_STREAM_TEST_LEADER"

// TestLeader leads until it is killed. It says so on standard output.
func TestLeader(t *testing.T) {
	url := os.Getenv(leaderURL)
	if url == "" {
		t.Skip("runs in a process of its own")
	}
	b := openTest(t, Options{URL: url})
	_ = b.Lead(t.Context(), "desk", func(ctx context.Context) error {
		fmt.Println("\nleads")
		<-ctx.Done()
		fmt.Println("\nno longer leads")
		return nil
	})
}

func TestKilledLeaderIsReplaced(t *testing.T) {
	t.Parallel()
	r := startRemote(t)
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestLeader$")
	cmd.Env = append(os.Environ(), leaderURL+"="+r.url())
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() && lines.Text() != "leads" {
	}
	d := newDesk(t)
	d.lead(openTest(t, Options{URL: r.url()}), "heir")
	if turns := d.seen(); len(turns) > 0 {
		t.Error("two lead")
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for lines.Scan() {
		if lines.Text() == "no longer leads" {
			t.Error("the leader stopped before it was killed")
		}
	}
	if err := cmd.Wait(); err == nil {
		t.Fatal("the process was not killed")
	}
	begun := time.Now()
	d.await(1)
	t.Logf("the heir leads %v after the kill", time.Since(begun))
}

// TestNeverTwoLead cuts processes off, lets them back, stops them, and takes the
// server and its streams away.
func TestNeverTwoLead(t *testing.T) {
	t.Parallel()
	r := startRemote(t)
	d := newDesk(t)
	observer := openTest(t, Options{URL: r.url()})
	names := []string{"a", "b", "c"}
	wires, buses, stops := map[string]*wire{}, map[string]*Bus{}, map[string]func(){}
	for _, name := range names {
		wires[name] = startWire(t, r.url())
		buses[name] = openTest(t, Options{URL: wires[name].url()})
		stops[name] = d.lead(buses[name], name)
	}
	d.await(1)
	for round, harm := range []string{"cut", "lose", "stop", "restart", "cut", "lose", "cut", "stop"} {
		turns := d.seen()
		leader := turns[len(turns)-1]
		t.Logf("round %d: %s leads: %s", round, leader, harm)
		switch harm {
		case "cut": // the leader, and perhaps another one
			cut := []string{leader, names[rand.IntN(len(names))]}
			for _, name := range cut {
				wires[name].freeze(true)
			}
			d.await(len(turns) + 1)
			for _, name := range cut {
				wires[name].freeze(false)
			}
		case "stop":
			stops[leader]()
			d.await(len(turns) + 1)
			stops[leader] = d.lead(buses[leader], leader)
		case "lose", "restart": // whether the leader goes on is up to chance
			before := wordsOf(observer)
			r.stop()
			if harm == "lose" {
				r.dir, before = t.TempDir(), 0
			}
			r.start()
			until(t, "somebody leads", func() bool { return wordsOf(observer) > before+5 && d.active.Load() > 0 })
		}
	}
}

// wordsOf returns how many words were written on leases, 0 if that is unknown.
func wordsOf(b *Bus) uint64 {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	s, err := b.js.Stream(ctx, leases)
	if err != nil {
		return 0
	}
	return s.CachedInfo().State.LastSeq
}
