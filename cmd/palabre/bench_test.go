package main

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"palabre/statement"
)

// runPipeline runs the whole pipeline in dir until the benchmark ends.
func runPipeline(b testing.TB) *pipeline {
	b.Helper()
	p, err := openPipeline(context.Background(), b.TempDir(), "", natsFlags{}, parts{record: true, index: true, rules: true}, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- p.run(ctx) }()
	b.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			b.Error(err)
		}
		if err := p.close(); err != nil {
			b.Error(err)
		}
	})
	return p
}

// filler makes a statement of 1.6 KB, as the ingesters do.
func filler(n int) statement.Statement {
	day := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n%300)
	return statement.Statement{
		Source: "rfi", Outlet: "rfi", Kind: statement.Wire, Lang: "fr", Key: fmt.Sprint("bench-", n), Title: fmt.Sprint("Dépêche ", n),
		Text:      fmt.Sprintf("Le gouvernement du Mali refuse tout dialogue avec le JNIM, dit la dépêche %d. ", n) + strings.Repeat("La pluie est tombée sur le fleuve et les champs de Mopti. ", 26),
		Published: statement.Date{Time: day, Precision: statement.Day, Origin: "feed"},
	}
}

func fetchOf(first, count int) *statement.Fetch {
	var all []statement.Statement
	for i := range count {
		all = append(all, filler(first+i))
	}
	return fetchAll(all...)
}

// fetchAll makes a fetch of statements of one source.
func fetchAll(all ...statement.Statement) *statement.Fetch {
	f := &statement.Fetch{Health: statement.Health{Source: all[0].Source}}
	for _, s := range all {
		body := []byte(s.Text)
		s.Capture = statement.HashBody(body)
		f.Captures = append(f.Captures, statement.Capture{Hash: s.Capture, Source: s.Source, URL: s.Key, MediaType: "text/plain", Fetched: time.Now(), Body: body})
		f.Statements = append(f.Statements, s)
	}
	return f
}

// BenchmarkBackfill measures the whole pipeline with fetches of 500 statements:
// how many a second are settled in the record, and how many in the index too.
func BenchmarkBackfill(b *testing.B) {
	const batch, fetches = 500, 10
	for b.Loop() {
		b.StopTimer()
		p := runPipeline(b)
		var work []*statement.Fetch
		for i := range fetches {
			work = append(work, fetchOf(i*batch, batch))
		}
		b.StartTimer()
		start := time.Now()
		for _, f := range work {
			if _, err := p.store.Save(b.Context(), f); err != nil {
				b.Fatal(err)
			}
		}
		record := &pipeline{store: p.store}
		if err := record.settled(b.Context(), func(int) {}); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(batch*fetches/time.Since(start).Seconds(), "filed/s")
		if err := p.settled(b.Context(), func(int) {}); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(batch*fetches/time.Since(start).Seconds(), "indexed/s")
	}
}

// BenchmarkLone measures one statement on an idle pipeline, from its first
// commit to the commit with its position and signals.
func BenchmarkLone(b *testing.B) {
	p := runPipeline(b)
	wake, cancel := p.store.Watch()
	defer cancel()
	var times []time.Duration
	for b.Loop() {
		f := fetchOf(len(times), 1)
		start := time.Now()
		if _, err := p.store.Save(b.Context(), f); err != nil {
			b.Fatal(err)
		}
		for settled := false; !settled; {
			<-wake
			t, err := p.store.Totals(b.Context())
			if err != nil {
				b.Fatal(err)
			}
			settled = t.Unsettled == 0
		}
		times = append(times, time.Since(start))
	}
	slices.Sort(times)
	b.ReportMetric(times[len(times)/2].Seconds()*1e3, "p50-ms")
	b.ReportMetric(times[len(times)*99/100].Seconds()*1e3, "p99-ms")
}
