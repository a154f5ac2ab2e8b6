package index_test

import (
	"bufio"
	"compress/gzip"
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"palabre/index"
	"palabre/statement"
)

// size is how many statements BenchmarkSearch looks through.
var size = flag.Int("statements", 10_000, "statements in the index of BenchmarkSearch")

// news makes statements of 1.6 KB from real sentences in French and Arabic,
// with dates over ten years, every second one with a position.
type news struct {
	rng   *rand.Rand
	lines map[string][]string
	n     int
}

func newNews(b *testing.B) *news {
	b.Helper()
	return &news{rng: rand.New(rand.NewPCG(1, 2)), lines: map[string][]string{
		"fr": corpusLines(b, "bayelemabaga.fr.txt.gz"), "ar": corpusLines(b, "un-sentences.ar.txt.gz"),
	}}
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
	if err != nil {
		b.Fatal(err)
	}
	var out []string
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		out = append(out, lines.Text())
	}
	if err := lines.Err(); err != nil {
		b.Fatal(err)
	}
	return out
}

func (m *news) docs(count int) []index.Doc {
	out := make([]index.Doc, count)
	for i := range out {
		out[i] = m.doc()
	}
	return out
}

func (m *news) doc() index.Doc {
	m.n++
	language := []string{"fr", "fr", "ar"}[m.rng.IntN(3)]
	text := ""
	for len(text) < 1600 {
		text += m.lines[language][m.rng.IntN(len(m.lines[language]))] + " "
	}
	var positions []statement.Position
	if m.n%2 == 0 {
		positions = append(positions, statement.Position{
			Actor: []string{"jnim", "katiba-macina", "france"}[m.rng.IntN(3)], Topic: statement.Topics[m.rng.IntN(3)],
			Stance: statement.Stances[m.rng.IntN(4)],
		})
	}
	date := time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, m.rng.IntN(3650)).Format(time.DateOnly)
	return doc(fmt.Sprint("s", m.n), language, date, "Dépêche", text, positions...)
}

// BenchmarkUpdate measures taking statements in, by the size of the batch.
func BenchmarkUpdate(b *testing.B) {
	for _, batch := range []int{1, 100, 1000} {
		b.Run(fmt.Sprintf("batch=%d", batch), func(b *testing.B) {
			m := newNews(b)
			x := open(b, b.TempDir())
			row := int64(0)
			for b.Loop() {
				b.StopTimer()
				docs := m.docs(batch)
				row += int64(batch)
				b.StartTimer()
				if err := x.Update(context.Background(), docs, row); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(row)/b.Elapsed().Seconds(), "statements/s")
		})
	}
}

// questions is what the desk asks: words, a position, a range of dates.
var questions = []string{
	"pays AND guerre stance:pro date:2018/2021", "الأمن AND القوات", `"الأمم المتحدة" topic:dialogue`, "negoc* OR dialogue actor:jnim",
	"village -guerre stance:anti", "topic:sharia date:2020",
}

// library fills an index with news, and holds their texts.
type library struct {
	index *index.Index
	texts map[string]string
}

func newLibrary(b *testing.B, statements int) *library {
	b.Helper()
	l := &library{index: open(b, b.TempDir()), texts: make(map[string]string, statements)}
	m := newNews(b)
	for row := 0; row < statements; row += 1000 {
		docs := m.docs(min(1000, statements-row))
		for i := range docs {
			l.texts[docs[i].Statement.Of] = docs[i].Statement.Text
		}
		if err := l.index.Update(context.Background(), docs, int64(row+1000)); err != nil {
			b.Fatal(err)
		}
	}
	return l
}

// ask runs a search as a page of hits needs it: facets counted, words marked.
func (l *library) ask(query string) error {
	q, err := index.Parse(query)
	if err != nil {
		return err
	}
	res, err := l.index.Search(context.Background(), index.Request{Query: q, Limit: 20, Facets: true})
	if err != nil {
		return err
	}
	marker := index.NewMarker(q)
	for _, h := range res.Hits {
		if f := marker.Snippet("", l.texts[h.ID]); f.Text == "" {
			return fmt.Errorf("%s: %s has no snippet", query, h.ID)
		}
	}
	return nil
}

// processorTime is what the process has used up to now.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// race lets clients ask the questions in turn, n times in all, and reports how
// long they waited, and what a question costs whatever else the machine does.
func race(b *testing.B, clients, n int, ask func(int) error) {
	b.Helper()
	times := make([]time.Duration, n)
	var next atomic.Int64
	var wg sync.WaitGroup
	used := processorTime(b)
	for range clients {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				start := time.Now()
				if err := ask(i); err != nil {
					b.Error(err)
				}
				times[i] = time.Since(start)
			}
		})
	}
	wg.Wait()
	b.ReportMetric((processorTime(b)-used).Seconds()*1e3/float64(n), "cpu-ms")
	slices.Sort(times)
	for _, q := range []int{50, 90, 99} {
		b.ReportMetric(times[n*q/100].Seconds()*1e3, fmt.Sprintf("p%d-ms", q))
	}
}

// BenchmarkSearch measures a page of hits with facets and marks, for one client
// and for sixteen.
func BenchmarkSearch(b *testing.B) {
	l := newLibrary(b, *size)
	for _, clients := range []int{1, 16} {
		b.Run(fmt.Sprintf("clients=%d", clients), func(b *testing.B) {
			race(b, clients, b.N, func(i int) error { return l.ask(questions[i%len(questions)]) })
		})
	}
	for _, query := range questions {
		b.Run("query="+query, func(b *testing.B) {
			race(b, 1, b.N, func(int) error { return l.ask(query) })
		})
	}
}

// worst are queries that look at as much as a query may.
var worst = map[string]string{
	"everything":     "",
	"common words":   "de OR la OR le OR et OR les OR des OR من OR في OR على OR الأمم",
	"wide prefixes":  "com* OR con* OR par* OR pro* OR الم*",
	"long phrases":   `"de la" OR "dans le" OR "et les" OR "الأمم المتحدة" OR "في ال" OR "من أجل"`,
	"sixty words":    strings.Join(strings.Fields(strings.Repeat("de la le et les des ", 10)), " OR "),
	"nothing denied": "-de -la -le -et -الأمم",
}

// BenchmarkWorst measures them, on a first page and on a deep one, for one client.
// None may take longer than the deadline of a search.
func BenchmarkWorst(b *testing.B) {
	l := newLibrary(b, *size)
	for name, query := range worst {
		q, err := index.Parse(query)
		if err != nil {
			b.Fatal(err)
		}
		for _, order := range []index.Sort{index.Relevance, index.Newest} {
			first := index.Request{Query: q, Sort: order, Limit: index.MaxLimit, Facets: true}
			deep := first
			for range 20 {
				res, err := l.index.Search(context.Background(), deep)
				if err != nil {
					b.Fatalf("%s: %v", name, err)
				}
				if res.Next == "" {
					break
				}
				deep.Cursor = res.Next
			}
			for page, r := range map[string]index.Request{"first": first, "deep": deep} {
				b.Run(fmt.Sprintf("%s/%s/%s", name, order, page), func(b *testing.B) {
					race(b, 1, b.N, func(int) error {
						_, err := l.index.Search(context.Background(), r)
						return err
					})
				})
			}
		}
	}
}
