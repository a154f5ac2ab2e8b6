package classify_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
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
func BenchmarkRead(b *testing.B) { read(b, realStatements(b)) }

// BenchmarkReadOfTheSahel measures the same of statements about the Sahel, whose
// every sentence is searched for positions.
func BenchmarkReadOfTheSahel(b *testing.B) { read(b, aboutTheSahel(b)) }

// read reads one statement of 1.6 KB after the other with the built-in rules.
func read(b *testing.B, texts []statement.Statement) {
	b.Helper()
	pack := builtIn(b)
	n := 0
	b.SetBytes(1600)
	b.ReportAllocs()
	for b.Loop() {
		pack.Read(&texts[n%len(texts)])
		n++
	}
}

// aboutTheSahel returns statements of 1.6 KB, put together from the labelled texts,
// or skips the benchmark.
func aboutTheSahel(b *testing.B) []statement.Statement {
	b.Helper()
	files, err := filepath.Glob("../../shared/gold/dev/*.jsonl")
	if err != nil {
		b.Fatal(err)
	}
	if len(files) == 0 {
		b.Skip("the labelled texts are not at ../shared/gold/dev")
	}
	const size = 1600
	var out []statement.Statement
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			b.Fatal(err)
		}
		text := ""
		for line := range bytes.Lines(data) {
			var g classify.Gold
			if err := json.Unmarshal(line, &g); err != nil {
				b.Fatal(err)
			}
			if text += g.Text + "\n\n"; len(text) >= size {
				out = append(out, statement.Statement{Kind: g.Kind, Lang: g.Lang, Title: g.Title, Outlet: g.Outlet, Text: strings.ToValidUTF8(text[:size], "")})
				text = ""
			}
		}
	}
	return out
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
