package stream

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"go.uber.org/goleak"

	"palabre/statement"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is how long a test waits for what must happen.
const patience = 30 * time.Second

// quick is a timing with which failures show soon.
func quick() timing {
	t := defaultTiming()
	t.start = patience
	t.request = 5 * time.Second
	t.pull = 300 * time.Millisecond
	t.ack = 2 * time.Second
	t.pin = time.Second
	t.beat = 50 * time.Millisecond
	t.lease = 1500 * time.Millisecond
	t.renew = 150 * time.Millisecond
	t.pause = 20 * time.Millisecond
	t.longest = 200 * time.Millisecond
	t.retry = []time.Duration{10 * time.Millisecond, 20 * time.Millisecond, 30 * time.Millisecond, 40 * time.Millisecond}
	return t
}

func openTest(tb testing.TB, opts Options) *Bus {
	tb.Helper()
	return openTimed(tb, opts, quick())
}

func openTimed(tb testing.TB, opts Options, t timing) *Bus {
	tb.Helper()
	b, err := open(tb.Context(), opts, t)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := b.Close(); err != nil {
			tb.Error(err)
		}
	})
	return b
}

func embeddedTest(tb testing.TB) *Bus {
	tb.Helper()
	return openTest(tb, Options{Dir: tb.TempDir(), MaxBytes: 1 << 30})
}

// remote is a server that listens, and can be stopped and started again on the
// same port and folder.
type remote struct {
	tb   testing.TB
	most int64 // bytes that all streams may grow to; 0 is plenty
	dir  string
	port int
	tls  *tls.Config
	s    *server.Server
}

func startRemote(tb testing.TB) *remote {
	tb.Helper()
	r := &remote{tb: tb, dir: tb.TempDir(), port: server.RANDOM_PORT}
	r.start()
	tb.Cleanup(r.stop)
	return r
}

func (r *remote) start() {
	r.tb.Helper()
	s, err := server.NewServer(&server.Options{
		Host: "127.0.0.1", Port: r.port, JetStream: true, StoreDir: r.dir, SyncAlways: true,
		MaxPayload: MaxMessage, NoLog: true, NoSigs: true, JetStreamMaxStore: cmp.Or(r.most, 1<<40),
		TLSConfig: r.tls, TLSVerify: r.tls != nil, TLSTimeout: 5,
	})
	if err != nil {
		r.tb.Fatal(err)
	}
	s.Start()
	if !s.ReadyForConnections(patience) {
		r.tb.Fatal("remote server is not ready")
	}
	r.s, r.port = s, s.Addr().(*net.TCPAddr).Port
}

func (r *remote) stop() {
	r.s.Shutdown()
	r.s.WaitForShutdown()
}

func (r *remote) url() string { return "nats://127.0.0.1:" + strconv.Itoa(r.port) }

func say(source string, n int) statement.Statement {
	id := fmt.Sprintf("%s/%d", source, n)
	return statement.Statement{
		ID: id, Of: id, Revision: 1, Source: source, Key: strconv.Itoa(n), Outlet: source,
		Kind: statement.Wire, Title: "Dialogue " + id, Text: "Le gouvernement se dit prêt à dialoguer <" + id + ">.",
	}
}

func saySeveral(source string, from, to int) []statement.Statement {
	var all []statement.Statement
	for n := from; n < to; n++ {
		all = append(all, say(source, n))
	}
	return all
}

// ledger notes what handlers were given.
type ledger struct {
	mu    sync.Mutex
	ids   []string
	sizes []int
	more  chan struct{}
}

func newLedger() *ledger { return &ledger{more: make(chan struct{}, 1)} }

func (l *ledger) note(ids ...string) {
	l.mu.Lock()
	l.ids = append(l.ids, ids...)
	l.sizes = append(l.sizes, len(ids))
	l.mu.Unlock()
	select {
	case l.more <- struct{}{}:
	default:
	}
}

func (l *ledger) statements(_ context.Context, all []statement.Statement) error {
	ids := make([]string, len(all))
	for i := range all {
		ids[i] = all[i].ID
	}
	l.note(ids...)
	return nil
}

func (l *ledger) seen() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.ids)
}

// firsts returns the IDs in the order of their first arrival.
func (l *ledger) firsts() []string {
	var out []string
	known := map[string]bool{}
	for _, id := range l.seen() {
		if !known[id] {
			known[id] = true
			out = append(out, id)
		}
	}
	return out
}

// await waits until the ledger satisfies ok.
func (l *ledger) await(tb testing.TB, what string, ok func(*ledger) bool) {
	tb.Helper()
	deadline := time.After(patience)
	for !ok(l) {
		select {
		case <-l.more:
		case <-deadline:
			tb.Fatalf("%s: not within %v; seen %d: %v", what, patience, len(l.seen()), l.seen())
		}
	}
}

func distinct(n int) func(*ledger) bool {
	return func(l *ledger) bool { return len(l.firsts()) >= n }
}

// until polls for what has no channel to wait on.
func until(tb testing.TB, what string, ok func() bool) {
	tb.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(patience)
	for !ok() {
		select {
		case <-tick.C:
		case <-deadline:
			tb.Fatalf("%s: not within %v", what, patience)
		}
	}
}

// during runs a consumer for the length of a test, or until the function that
// it returns is called.
func during(tb testing.TB, consume func(context.Context) error) (stop func()) {
	tb.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var done sync.WaitGroup
	done.Go(func() {
		if err := consume(ctx); err != nil {
			tb.Errorf("consume: %v", err)
		}
	})
	stop = sync.OnceFunc(func() { cancel(); done.Wait() })
	tb.Cleanup(stop)
	return stop
}

func noDead(tb testing.TB) Bury {
	return func(_ context.Context, d statement.DeadLetter) error {
		tb.Errorf("buried %s after %d tries: %s", d.Subject, d.Tries, d.Reason)
		return nil
	}
}

func publishTest(tb testing.TB, b *Bus, all []statement.Statement) {
	tb.Helper()
	if err := b.PublishStatements(tb.Context(), all); err != nil {
		tb.Fatal(err)
	}
}

// stored returns how many messages a stream holds.
func stored(tb testing.TB, b *Bus, name string) uint64 {
	tb.Helper()
	s, err := b.js.Stream(tb.Context(), name)
	if err != nil {
		tb.Fatal(err)
	}
	return s.CachedInfo().State.Msgs
}

// checkOrder fails unless the statements of each source came from the first one
// on, in order and once.
func checkOrder(tb testing.TB, ids []string) {
	tb.Helper()
	last := map[string]int{}
	for _, id := range ids {
		var source string
		var n int
		if _, err := fmt.Sscanf(id, "%1s/%d", &source, &n); err != nil {
			tb.Fatalf("ID %q: %v", id, err)
		}
		if n != last[source] {
			tb.Fatalf("statement %s of source %s arrived in place of %d: %v", id, source, last[source], ids)
		}
		last[source]++
	}
}

func dropConnection(tb testing.TB, b *Bus) {
	tb.Helper()
	if err := b.conn.ForceReconnect(); err != nil && !errors.Is(err, nats.ErrConnectionClosed) {
		tb.Fatal(err)
	}
}
