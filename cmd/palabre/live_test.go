package main

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"palabre/statement"
	"palabre/store"
)

// The back-fill of these tests, and how often a statement of today arrives
// meanwhile.
const (
	oldOnes  = 20_000
	oldBatch = 500
	liveBeat = 200 * time.Millisecond
)

// oldFetch makes a fetch of statements of the years 2015 to 2019.
func oldFetch(n int) *statement.Fetch {
	f := fetchOf(n*oldBatch, oldBatch)
	for i := range f.Statements {
		day := time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, (n*oldBatch+i)%1800)
		f.Statements[i].Published = statement.Date{Time: day, Precision: statement.Day, Origin: "feed"}
	}
	return f
}

// arrival is a statement of today on its way.
type arrival struct {
	id      string
	saved   time.Time
	head    int64 // last change of the record then
	waiting int   // statements that had no record then
	took    time.Duration
}

// arrive saves the nth statement of today and waits until the record has it.
func arrive(ctx context.Context, p *pipeline, n int) (a arrival, err error) {
	ctx, giveUp := context.WithTimeout(ctx, patience)
	defer giveUp()
	wake, cancel := p.store.Watch()
	defer cancel()
	now := time.Now()
	s, more := news(p.reg, n)
	if !more {
		return a, fmt.Errorf("there are only %d statements that are news", n)
	}
	saved, err := p.store.Save(ctx, fetchAll(s))
	if err != nil {
		return a, err
	}
	t, err := p.store.Totals(ctx)
	if err != nil {
		return a, err
	}
	a = arrival{id: saved.IDs[0], saved: now, head: t.Head, waiting: t.Unsettled}
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		held, err := p.store.Statements(ctx, saved.IDs)
		if err != nil || len(held) == 1 {
			a.took = time.Since(a.saved)
			return a, err
		}
		select {
		case <-wake:
		case <-tick.C:
		case <-ctx.Done():
			return a, fmt.Errorf("statement %d has no record yet: %w", n, context.Cause(ctx))
		}
	}
}

// backfill saves the old statements.
func backfill(ctx context.Context, p *pipeline) error {
	for n := range oldOnes / oldBatch {
		if _, err := p.store.Save(ctx, oldFetch(n)); err != nil {
			return err
		}
	}
	return nil
}

// TestLiveOvertakesBackfill looks at the order in which statements reach the
// record while 20,000 old ones are filed: one of today waits for those that were
// under way when it came, and for none of the thousands behind them.
func TestLiveOvertakesBackfill(t *testing.T) {
	const (
		enough = 6                             // so many statements of today must meet a long queue
		most   = backfillMost + 2*publishBatch // may be filed before one of them
		long   = 3 * most
	)
	p := runPipeline(t)
	runDesk(t, p, statement.Receiver{ID: "bus", Name: "Programs", Way: statement.Way{Kind: statement.Subject}})
	ctx, end := context.WithCancel(t.Context())
	defer end()
	g, ctx := errgroup.WithContext(ctx)
	saved := make(chan struct{})
	g.Go(func() error {
		defer close(saved)
		return ignoreCancel(backfill(ctx, p))
	})
	beat := time.NewTicker(liveBeat)
	defer beat.Stop()
	met := 0
	for n := 0; met < enough; n++ {
		a, err := arrive(ctx, p, n)
		if err != nil {
			t.Fatal(err)
		}
		changes, err := p.store.Changes(ctx, a.head, oldOnes)
		if err != nil {
			t.Fatal(err)
		}
		// It is not there, and nothing before it, if it was filed at once.
		before := max(0, slices.IndexFunc(changes, func(c store.Change) bool { return c.Statement.ID == a.id }))
		if before > most {
			t.Errorf("%d were filed before statement %d of today, %d waited: want at most %d", before, n, a.waiting, most)
		}
		select {
		case <-saved:
			if a.waiting <= long {
				t.Fatalf("only %d statements of today met a long queue, want %d", met, enough)
			}
		default:
		}
		if a.waiting > long {
			met++
		}
		t.Logf("statement %d of today was filed after %v, %d of %d before it", n, a.took, before, a.waiting)
		<-beat.C
	}
	page, err := p.store.Signals(ctx, store.SignalQuery{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	pushed := make(map[string]bool)
	for _, s := range page.Signals {
		if s.Candidate == "" && !s.Backfilled {
			pushed[s.ID] = true
		}
		if years := s.Now.Said.Time.Year() < 2020; years != s.Backfilled {
			t.Errorf("signal of words of %s: for the digest only: %t", s.Now.Said, s.Backfilled)
		}
	}
	alerts, err := p.store.Alerts(ctx, store.AlertQuery{Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range alerts.Alerts {
		if !pushed[a.Signal] {
			t.Errorf("words that are old or doubtful are pushed: signal %s", a.Signal)
		}
	}
	if len(alerts.Alerts) != len(pushed) || len(pushed) < enough {
		t.Errorf("%d alerts of %d signals of today, want one each", len(alerts.Alerts), len(pushed))
	}
	end()
	if err := g.Wait(); err != nil {
		t.Error(err)
	}
}

// BenchmarkLiveDuringBackfill measures how long statements of today take from
// their first commit to their record while 20,000 old ones are filed.
func BenchmarkLiveDuringBackfill(b *testing.B) {
	var times []time.Duration
	for b.Loop() {
		b.StopTimer()
		p := runPipeline(b)
		b.StartTimer()
		start := time.Now()
		ctx, end := context.WithCancel(b.Context())
		g, ctx := errgroup.WithContext(ctx)
		g.Go(func() error {
			defer end()
			if err := backfill(ctx, p); err != nil {
				return err
			}
			return (&pipeline{store: p.store}).settled(ctx, func(int) {})
		})
		g.Go(func() error {
			beat := time.NewTicker(liveBeat)
			defer beat.Stop()
			for n := 0; ; n++ {
				select {
				case <-beat.C:
				case <-ctx.Done():
					return nil
				}
				a, err := arrive(context.WithoutCancel(ctx), p, n)
				if err != nil {
					return err
				}
				times = append(times, a.took)
			}
		})
		if err := g.Wait(); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(oldOnes/time.Since(start).Seconds(), "filed/s")
	}
	slices.Sort(times)
	b.ReportMetric(times[len(times)/2].Seconds()*1e3, "p50-ms")
	b.ReportMetric(times[len(times)*99/100].Seconds()*1e3, "p99-ms")
}
