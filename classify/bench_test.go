package classify_test

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"os"
	"testing"

	"palabre/classify"
	"palabre/seeds"
	"palabre/statement"
)

// realStatements returns statements of 1.6 KB, cut from real speeches, or skips
// the benchmark.
func realStatements(b *testing.B) []statement.Statement {
	b.Helper()
	f, err := os.Open("../../shared/corpora/ungdc-speeches.jsonl.gz")
	if err != nil {
		b.Skipf("the corpus is not there: %v", err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		b.Fatal(err)
	}
	const size = 1600
	var out []statement.Statement
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var l struct{ Lang, Text string }
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			b.Fatal(err)
		}
		for text := l.Text; len(text) >= size; text = text[size:] {
			out = append(out, statement.Statement{Kind: statement.Speech, Lang: l.Lang, Text: text[:size]})
		}
	}
	if err := lines.Err(); err != nil {
		b.Fatal(err)
	}
	return out
}

// BenchmarkRead measures the whole classification of a statement of 1.6 KB on
// one processor.
func BenchmarkRead(b *testing.B) {
	texts := realStatements(b)
	pack := builtIn(b)
	n := 0
	b.SetBytes(1600)
	b.ReportAllocs()
	for b.Loop() {
		pack.Read(&texts[n%len(texts)])
		n++
	}
}

// BenchmarkLoad measures compiling the built-in rules.
func BenchmarkLoad(b *testing.B) {
	reg, err := seeds.Registry()
	if err != nil {
		b.Fatal(err)
	}
	rules, err := seeds.Rules()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := classify.Load(rules, reg); err != nil {
			b.Fatal(err)
		}
	}
}
