package store

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"palabre/statement"
)

// traffic makes records like those of years of news: 1.6 KB of text, every
// second one with a position, forty actors, five outlets.
type traffic struct {
	rng  *rand.Rand
	n    int
	text string
}

func newTraffic() *traffic {
	return &traffic{rng: rand.New(rand.NewPCG(1, 2)), text: strings.Repeat("Le gouvernement a fait savoir lundi à Bamako que la question restait ouverte. ", 20)}
}

var benchActors = []string{"mali-government", "jnim", "katiba-macina", "france", "isgs", "donso", "mali-civil-society", "un"}

func (r *traffic) statement() statement.Statement {
	r.n++
	day := testClock.AddDate(0, 0, -r.rng.IntN(3000))
	return statement.Statement{
		Source: fmt.Sprint("source-", r.rng.IntN(40)), Outlet: fmt.Sprint("outlet-", r.rng.IntN(5)), Key: fmt.Sprint("https://example.org/", r.n),
		Kind: statement.Wire, Lang: "fr", Title: fmt.Sprint("Dépêche ", r.n), Text: fmt.Sprint(r.n, " ", r.text),
		Published: statement.Date{Time: day, Precision: statement.Second, Origin: "feed"},
	}
}

func (r *traffic) record() statement.Record {
	s := r.statement()
	s.ID = s.ContentID()
	s.Of, s.Revision, s.Fetched, s.FirstSeen = s.ID, 1, testClock, testClock
	var takes []take
	if r.n%2 == 0 {
		actor := benchActors[r.rng.IntN(len(benchActors))]
		if r.rng.IntN(3) == 0 {
			actor = fmt.Sprint("actor-", r.rng.IntN(32))
		}
		takes = []take{{
			actor: actor, topic: statement.Topics[r.rng.IntN(3)], target: []string{"jnim", "isgs", "armed-groups"}[r.rng.IntN(3)],
			stance: statement.Stances[r.rng.IntN(4)], reported: r.rng.IntN(2) == 0,
		}}
	}
	return statement.Record{Statement: s, Reading: reads(&s, "bench", takes...)}
}

func (r *traffic) records(n int) []statement.Record {
	out := make([]statement.Record, n)
	for i := range out {
		out[i] = r.record()
	}
	return out
}

// perStatement reports how many statements a second a benchmark moved.
func perStatement(b *testing.B, batch int) {
	b.ReportMetric(float64(b.N*batch)/b.Elapsed().Seconds(), "statements/s")
}

func BenchmarkSave(b *testing.B) {
	for _, batch := range []int{1, 30, 500} {
		b.Run(fmt.Sprint(batch), func(b *testing.B) {
			s, feed := openTest(b), newTraffic()
			for b.Loop() {
				b.StopTimer()
				f := &statement.Fetch{Health: statement.Health{Source: "rfi"}}
				for range batch {
					f.Statements = append(f.Statements, feed.statement())
				}
				f.Captures = []statement.Capture{{Source: "rfi", URL: "https://rfi", Body: []byte(fmt.Sprint(feed.n, feed.text))}}
				b.StartTimer()
				save(b, s, f)
			}
			perStatement(b, batch)
		})
	}
}

func BenchmarkApply(b *testing.B) {
	for _, batch := range []int{1, 100, 500} {
		b.Run(fmt.Sprint(batch), func(b *testing.B) {
			s, feed := openTest(b), newTraffic()
			for b.Loop() {
				b.StopTimer()
				records := feed.records(batch)
				b.StartTimer()
				apply(b, s, records...)
			}
			perStatement(b, batch)
		})
	}
}

// corpus is a record of 100,000 statements.
func corpus(b *testing.B) *Store {
	s, feed := openTest(b), newTraffic()
	start := time.Now()
	for range 200 {
		apply(b, s, feed.records(500)...)
	}
	b.Logf("100,000 statements took %s", time.Since(start).Round(time.Millisecond))
	return s
}

func BenchmarkCounts(b *testing.B) {
	s := corpus(b)
	for _, by := range []Dimension{PerActor, PerMonth} {
		b.Run(string(by), func(b *testing.B) {
			for b.Loop() {
				if counts, err := s.Counts(b.Context(), by); err != nil || len(counts) == 0 {
					b.Fatal(counts, err)
				}
			}
		})
	}
	b.Run("totals", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.Totals(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("changes", func(b *testing.B) {
		for b.Loop() {
			if changes, err := s.Changes(b.Context(), 50000, 1000); err != nil || len(changes) != 1000 {
				b.Fatal(err)
			}
		}
	})
	b.Run("signals", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.Signals(b.Context(), SignalQuery{Reasons: []statement.Reason{statement.Shift}, Limit: 20}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("lines", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.ActorLines(b.Context(), "jnim", 50); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("health", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.SourceHealth(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkLoneNotice takes one notice from due to told.
func BenchmarkLoneNotice(b *testing.B) {
	p := newPost(b, receiver("desk"))
	for i := 0; b.Loop(); i++ {
		b.StopTimer()
		p.now = p.now.Add(time.Second)
		p.talk("2021-12-09", take{actor: fmt.Sprint("actor-", i), topic: statement.Dialogue, target: "jnim", stance: statement.Pro})
		b.StartTimer()
		p.send("desk")
	}
}

// BenchmarkSweep looks through 5,000 alerts that nobody acknowledged and that
// were passed on.
func BenchmarkSweep(b *testing.B) {
	p := newPost(b, receiver("desk", escalates("chief", time.Hour), repeats(time.Hour)), receiver("chief"))
	for i := range 10 {
		records := make([]statement.Record, 500)
		for j := range records {
			records[j] = says("2021-12-09", "ortm", fmt.Sprint("words ", i, " ", j), take{actor: fmt.Sprint("actor-", i, "-", j), topic: statement.Dialogue, target: "jnim", stance: statement.Pro})
		}
		apply(b, p.Store, records...)
		p.send("desk")
		p.send("chief")
	}
	p.sweep(time.Hour)
	for b.Loop() {
		p.sweep(0)
	}
}
