package api_test

import (
	"bufio"
	"compress/gzip"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"palabre/api"
	"palabre/statement"
)

// size is how many statements the record of a benchmark has.
var size = flag.Int("statements", 5_000, "statements in the record of a benchmark")

// press makes statements of 1.6 KB from real sentences in French and Arabic, with
// dates over ten years, of forty sources, every second one with a position.
type press struct {
	rng   *rand.Rand
	lines map[string][]string
	n     int
}

// corpusLines reads real text, or skips the benchmark.
func corpusLines(b *testing.B, name string) []string {
	b.Helper()
	f, err := os.Open("../../shared/corpora/" + name)
	if err != nil {
		b.Skipf("the corpus is not there: %v", err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	must(b, err)
	var out []string
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		out = append(out, lines.Text())
	}
	must(b, lines.Err())
	return out
}

func (m *press) record() statement.Record {
	m.n++
	language := []string{"fr", "fr", "ar"}[m.rng.IntN(3)]
	text := ""
	for len(text) < 1600 {
		text += m.lines[language][m.rng.IntN(len(m.lines[language]))] + " "
	}
	seen := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	s := statement.Statement{
		Source: fmt.Sprint("source-", m.rng.IntN(40)), Outlet: "outlet", Key: fmt.Sprint("https://example.org/", m.n), Kind: statement.Wire, Lang: language,
		Title: fmt.Sprint("Dépêche ", m.n), Text: text, Revision: 1, Fetched: seen, FirstSeen: seen,
		Published: statement.Date{Time: seen.AddDate(0, 0, -m.rng.IntN(3650)), Precision: statement.Day, Origin: "feed"},
	}
	s.ID = s.ContentID()
	s.Of = s.ID
	r := statement.Reading{Pack: "bench", Langs: []statement.LangRun{{End: len(text), Lang: language, Read: true}}}
	if m.n%2 == 0 {
		r.Positions = []statement.Position{{
			Actor: []string{"jnim", "katiba-macina", "france", "mali-government"}[m.rng.IntN(4)], Topic: statement.Topics[m.rng.IntN(3)],
			Target: fmt.Sprint("target-", m.rng.IntN(50)), Stance: statement.Stances[m.rng.IntN(4)], Rule: "bench", Confidence: 0.9, FirstHand: m.rng.IntN(2) == 0,
			Evidence: statement.Evidence{Field: statement.Text, End: 20, Quote: text[:20]},
		}}
	}
	return statement.Record{Statement: s, Reading: r}
}

// fill files as many statements as are asked for.
func (s *site) fill(b *testing.B) {
	b.Helper()
	m := &press{rng: rand.New(rand.NewPCG(1, 2)), lines: map[string][]string{
		"fr": corpusLines(b, "bayelemabaga.fr.txt.gz"), "ar": corpusLines(b, "un-sentences.ar.txt.gz"),
	}}
	for n := 0; n < *size; n += 500 {
		records := make([]statement.Record, 500)
		for i := range records {
			records[i] = m.record()
		}
		_, err := s.store.Apply(b.Context(), records)
		must(b, err)
		s.follow()
	}
}

// BenchmarkSearch measures a whole answer of the search: found, counted, read
// from the record, cut to its sentence and marked; for one client and for
// sixteen.
func BenchmarkSearch(b *testing.B) {
	s := open(b)
	s.fill(b)
	questions := []api.Criteria{
		{Q: "pays AND guerre", Stance: "pro", From: "2018", To: "2021"},
		{Q: "الأمن AND القوات", Stance: "anti"},
		{Q: `"الأمم المتحدة"`, Topic: "dialogue"},
		{Q: "(negoc* OR dialogue) actor:jnim"},
		{Q: "village -guerre", Stance: "anti"},
		{Topic: "sharia", From: "2020", To: "2020"},
	}
	for _, clients := range []int{1, 16} {
		b.Run(fmt.Sprintf("clients=%d", clients), func(b *testing.B) {
			times := make([]time.Duration, b.N)
			var next atomic.Int64
			var wg sync.WaitGroup
			for range clients {
				wg.Go(func() {
					for i := int(next.Add(1)) - 1; i < b.N; i = int(next.Add(1)) - 1 {
						c := questions[i%len(questions)]
						c.Limit = 20
						start := time.Now()
						if found, err := api.Search(b.Context(), s.store, s.index, &c); err != nil || len(found.Hits) == 0 {
							b.Error(c.Q, found, err)
						}
						times[i] = time.Since(start)
					}
				})
			}
			wg.Wait()
			slices.Sort(times)
			for _, q := range []int{50, 90, 99} {
				b.ReportMetric(times[b.N*q/100].Seconds()*1e3, fmt.Sprintf("p%d-ms", q))
			}
		})
	}
}
