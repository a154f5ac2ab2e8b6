package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"palabre/api"
	"palabre/digest/export"
	"palabre/index"
	"palabre/seeds"
	"palabre/statement"
	"palabre/store"
)

// exported is how many statements BenchmarkExport exports.
var exported = flag.Int("exported", 10_000, "statements in the record of BenchmarkExport")

// TestExportBesideServer checks that a server writes the export for the command,
// and notes it under the name of whoever asked.
func TestExportBesideServer(t *testing.T) {
	dir := t.TempDir()
	p := start(t, dir, "--no-sources")
	out := filepath.Join(t.TempDir(), "all.jsonl")
	for _, query := range []string{"", "actor:jnim"} {
		said, err := program(t.Context(), "export", query, "--data", dir, "--out", out, "--who", "ana", "--mark", "amber+strict").CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, said)
		}
		text, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSpace(string(text)), "\n")
		if want := fmt.Sprintf("exported %d statements to %s, TLP:AMBER+STRICT", len(lines)-2, out); len(lines) < 10 || !strings.Contains(string(said), want) {
			t.Errorf("it says %s, want %s", said, want)
		}
		if !strings.Contains(lines[len(lines)-1], `"complete":true`) {
			t.Errorf("it ends %s", lines[len(lines)-1])
		}
	}
	said, err := program(t.Context(), "export", "jnim AND (", "--data", dir).CombinedOutput()
	if err == nil || !strings.Contains(string(said), "column") {
		t.Errorf("a mistake: %v, %s", err, said)
	}
	if err := p.stop(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	reg, err := seeds.Registry()
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.OpenReadOnly(t.Context(), filepath.Join(dir, recordFile), store.Options{Registry: reg})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	log, err := s.DeskLog(t.Context(), 10)
	if err != nil {
		t.Fatal(err)
	}
	var noted []string
	for i := range log {
		var e statement.Exported
		if err := json.Unmarshal(log[i].Details, &e); err != nil {
			t.Fatal(err)
		}
		noted = append(noted, fmt.Sprint(log[i].Who, " ", log[i].Action, " ", e.Query, " ", e.Format, " ", e.Mark, " ", e.Count > 10))
	}
	if got, want := strings.Join(noted, "\n"), "ana export actor:jnim jsonl TLP:AMBER+STRICT true\nana export  jsonl TLP:AMBER+STRICT true"; got != want {
		t.Errorf("the log of the desk says\n%s\nwant\n%s", got, want)
	}
}

// archive files statements of 1.6 KB of real sentences, every second one with a
// position, as years of news are.
func archive(b *testing.B, s *store.Store, x *index.Index, n int) {
	b.Helper()
	sentences := realSentences(b)
	rng := rand.New(rand.NewPCG(1, 2))
	const step = 1000
	for done := 0; done < n; done += step {
		records := make([]statement.Record, min(step, n-done))
		docs := make([]index.Doc, len(records))
		for i := range records {
			records[i] = recordOf(done+i, sentences, rng)
			docs[i] = index.Doc{Statement: &records[i].Statement, Reading: &records[i].Reading}
		}
		if _, err := s.Apply(b.Context(), records); err != nil {
			b.Fatal(err)
		}
		if x != nil {
			if err := x.Update(b.Context(), docs, int64(done+len(docs))); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// realSentences are of the corpora in French and Arabic; it skips without them.
func realSentences(b *testing.B) map[string][]string {
	b.Helper()
	out := make(map[string][]string)
	for lang, name := range map[string]string{"fr": "bayelemabaga.fr.txt.gz", "ar": "un-sentences.ar.txt.gz"} {
		eachCorpusLine(b, shared(b, "corpora/"+name), func(line string) { out[lang] = append(out[lang], line) })
	}
	return out
}

func recordOf(n int, sentences map[string][]string, rng *rand.Rand) statement.Record {
	lang := []string{"fr", "fr", "ar"}[rng.IntN(3)]
	var text strings.Builder
	for text.Len() < 1600 {
		text.WriteString(sentences[lang][rng.IntN(len(sentences[lang]))] + " ")
	}
	day := time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rng.IntN(3650))
	st := statement.Statement{
		Source: fmt.Sprint("source-", n%40), Outlet: fmt.Sprint("source-", n%40), Key: fmt.Sprint(n), Kind: statement.Wire, Lang: lang, Grade: "C", Revision: 1,
		Title: fmt.Sprint("Dépêche ", n), Text: text.String(), FirstSeen: time.Now().UTC(), Fetched: time.Now().UTC(),
		Published: statement.Date{Time: day, Precision: statement.Day, Origin: "feed"}, Capture: statement.HashBody([]byte(text.String())),
	}
	st.ID = st.ContentID()
	st.Of = st.ID
	r := statement.Reading{Pack: "bench", Langs: []statement.LangRun{{End: len(st.Text), Lang: lang, Read: true}}}
	if n%2 == 0 {
		end := strings.IndexByte(st.Text, ' ')
		r.Positions = []statement.Position{{
			Actor: []string{"jnim", "katiba-macina", "france"}[rng.IntN(3)], Topic: statement.Topics[rng.IntN(3)], Target: fmt.Sprint("side-", n%50),
			Stance: statement.Stances[rng.IntN(4)], Rule: "bench", Confidence: 0.7, Evidence: statement.Evidence{Field: statement.Text, End: end, Quote: st.Text[:end]},
		}}
	}
	return statement.Record{Statement: st, Reading: r}
}

// BenchmarkExport measures exports of the whole record in every format, and of
// what a search finds as JSON lines.
func BenchmarkExport(b *testing.B) {
	reg, err := seeds.Registry()
	if err != nil {
		b.Fatal(err)
	}
	dir := b.TempDir()
	s, err := store.Open(b.Context(), filepath.Join(dir, recordFile), store.Options{Registry: reg})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	x, err := index.Open(b.Context(), filepath.Join(dir, indexDir), index.Options{Registry: reg})
	if err != nil {
		b.Fatal(err)
	}
	defer x.Close()
	archive(b, s, x, *exported)
	run := func(name string, x *api.Extract, ix *index.Index) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			n, used := 0, cpuTime(b)
			for b.Loop() {
				e, err := api.Begin(context.Background(), s, ix, x)
				if err != nil {
					b.Fatal(err)
				}
				sum, err := e.Write(context.Background(), io.Discard, nil)
				if err != nil {
					b.Fatal(err)
				}
				n += sum.Statements
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "statements/s")
			b.ReportMetric(float64((cpuTime(b)-used).Microseconds())/float64(n), "CPU-µs/statement")
		})
	}
	for _, f := range export.Formats {
		run(string(f), &api.Extract{Format: f, Mark: statement.Green, Registry: reg}, nil)
	}
	run("search", &api.Extract{Criteria: api.Criteria{Q: "lang:fr"}, Format: export.JSONL, Mark: statement.Green, Registry: reg}, x)
}

// cpuTime is the processor time that the process has used: what a benchmark costs
// where others keep the machine busy.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
