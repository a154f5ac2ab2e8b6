package stream

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"palabre/statement"
)

// article has the size of a usual press report.
func article(n int) statement.Statement {
	s := say("a", n)
	s.Source = fmt.Sprintf("source-%d", n%40)
	s.Text = strings.Repeat("Le gouvernement se dit prêt à dialoguer avec les groupes armés. ", 25)
	return s
}

func benchBus(b *testing.B) *Bus {
	b.Helper()
	bus, err := Open(b.Context(), Options{Dir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := bus.Close(); err != nil {
			b.Error(err)
		}
	})
	return bus
}

// BenchmarkPublish stores statements durably in batches; ns/op is for a batch.
func BenchmarkPublish(b *testing.B) {
	for _, size := range []int{1, 100, 500} {
		b.Run(fmt.Sprintf("batch=%d", size), func(b *testing.B) {
			bus := benchBus(b)
			n := 0
			for b.Loop() {
				batch := make([]statement.Statement, size)
				for i := range batch {
					batch[i] = article(n)
					n++
				}
				if err := bus.PublishStatements(b.Context(), batch); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "statements/s")
		})
	}
}

// BenchmarkPublishKnown publishes what the stream already holds, as after a
// crash before the spool was marked.
func BenchmarkPublishKnown(b *testing.B) {
	for _, known := range []int{1, 250, 500} {
		b.Run(fmt.Sprintf("known=%d", known), func(b *testing.B) {
			bus := benchBus(b)
			n := 0
			for b.Loop() {
				batch := make([]statement.Statement, 500)
				for i := range batch {
					batch[i] = article(n)
					n++
				}
				b.StopTimer()
				if err := bus.PublishStatements(b.Context(), batch[:known]); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
				if err := bus.PublishStatements(b.Context(), batch); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkConsume hands out statements that are queued.
func BenchmarkConsume(b *testing.B) {
	bus := benchBus(b)
	const queued = 4000
	batch := make([]statement.Statement, queued)
	for i := range batch {
		batch[i] = article(i)
	}
	if err := bus.PublishStatements(b.Context(), batch); err != nil {
		b.Fatal(err)
	}
	round := 0
	for b.Loop() {
		round++
		l := newLedger()
		ctx, cancel := context.WithCancel(b.Context())
		ended := make(chan error, 1)
		go func() { ended <- bus.ConsumeStatements(ctx, fmt.Sprintf("g%d", round), l.statements, noDead(b)) }()
		l.await(b, "all statements", func(l *ledger) bool { return len(l.seen()) >= queued })
		cancel()
		if err := <-ended; err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(round*queued)/b.Elapsed().Seconds(), "statements/s")
}

// BenchmarkLatency publishes one statement after the other, each when the one
// before has been handled.
func BenchmarkLatency(b *testing.B) {
	bus := benchBus(b)
	handled := make(chan struct{}, 1)
	ctx, cancel := context.WithCancel(b.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- bus.ConsumeStatements(ctx, "g", func(context.Context, []statement.Statement) error {
			handled <- struct{}{}
			return nil
		}, noDead(b))
	}()
	var took []time.Duration
	n := 0
	for b.Loop() {
		start := time.Now()
		if err := bus.PublishStatements(b.Context(), []statement.Statement{article(n)}); err != nil {
			b.Fatal(err)
		}
		<-handled
		took = append(took, time.Since(start))
		n++
	}
	cancel()
	if err := <-ended; err != nil {
		b.Fatal(err)
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}
