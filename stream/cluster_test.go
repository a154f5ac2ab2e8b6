package stream

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"strings"
	"testing"

	"github.com/nats-io/nats-server/v2/server"

	"palabre/statement"
)

// startCluster starts three servers that form a cluster.
func startCluster(t *testing.T) []*server.Server {
	t.Helper()
	ports := freePorts(t, 3) // the servers must know each other's beforehand
	var (
		all    []*server.Server
		routes []*url.URL
	)
	for _, port := range ports {
		routes = append(routes, &url.URL{Scheme: "nats", Host: fmt.Sprintf("127.0.0.1:%d", port)})
	}
	for i, port := range ports {
		s, err := server.NewServer(&server.Options{
			ServerName: fmt.Sprintf("n%d", i), Host: "127.0.0.1", Port: server.RANDOM_PORT,
			JetStream: true, StoreDir: t.TempDir(), SyncAlways: true, JetStreamMaxStore: 1 << 40,
			MaxPayload: MaxMessage, NoLog: true, NoSigs: true,
			Cluster: server.ClusterOpts{Name: "palabre", Host: "127.0.0.1", Port: port},
			Routes:  routes,
		})
		if err != nil {
			t.Fatal(err)
		}
		s.Start()
		t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
		all = append(all, s)
	}
	for _, s := range all {
		if !s.ReadyForConnections(patience) {
			t.Fatal("server is not ready")
		}
	}
	return all
}

// freePorts returns TCP ports that nobody listens on.
func freePorts(t *testing.T, n int) (ports []int) {
	t.Helper()
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports
}

func TestClusterOutlivesOneServer(t *testing.T) {
	servers := startCluster(t)
	var urls []string
	for _, s := range servers {
		urls = append(urls, s.ClientURL())
	}
	b := openTest(t, Options{URL: strings.Join(urls, ","), Replicas: 3, MaxBytes: 1 << 30})
	d := newDesk(t)
	d.lead(b, "one")
	d.lead(openTest(t, Options{URL: strings.Join(urls, ","), Replicas: 3, MaxBytes: 1 << 30}), "two")
	l := newLedger()
	blocked := true
	during(t, func(ctx context.Context) error {
		return b.ConsumeStatements(ctx, "g", func(ctx context.Context, batch []statement.Statement) error {
			if blocked {
				blocked = false
				return fmt.Errorf("apply: %w", ErrUnavailable) // so that the consumer is wound back
			}
			return l.statements(ctx, batch)
		}, noDead(t))
	})
	publishTest(t, b, saySeveral("a", 0, 100))
	publishTest(t, b, saySeveral("a", 50, 150))
	l.await(t, "statements", distinct(150))
	checkOrder(t, l.seen())
	if n := stored(t, b, Statements); n != 150 {
		t.Errorf("%d messages stored, want 150", n)
	}

	s, err := b.lookUp(t.Context(), Statements)
	if err != nil {
		t.Fatal(err)
	}
	d.await(1)
	before := wordsOf(b)
	for _, one := range servers {
		if one.Name() == s.CachedInfo().Cluster.Leader {
			one.Shutdown()
			one.WaitForShutdown()
		}
	}
	until(t, "published without the leader", func() bool {
		return b.PublishStatements(t.Context(), saySeveral("a", 150, 250)) == nil
	})
	l.await(t, "statements after the loss of the leader", distinct(250))
	checkOrder(t, l.firsts())
	settledTest(t, b)
	until(t, "somebody leads", func() bool { return wordsOf(b) > before+5 && d.active.Load() > 0 })
}
