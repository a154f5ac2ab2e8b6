package main

import (
	"bufio"
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"palabre/classify"
	"palabre/index"
	"palabre/seeds"
	"palabre/statement"
)

// judgedQuery is a query with the statements that should be found.
type judgedQuery struct {
	section, query string
	wanted         []string
}

// judgedQueries reads the queries that searches are measured with.
func judgedQueries(t *testing.T) []judgedQuery {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "search", "queries.txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []judgedQuery
	section := ""
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		line := lines.Text()
		query, wanted, found := strings.Cut(line, " => ")
		switch {
		case found:
			out = append(out, judgedQuery{section, query, strings.Fields(wanted)})
		case strings.HasPrefix(line, "["):
			section = strings.Trim(line, "[]")
		case line != "" && !strings.HasPrefix(line, "#"):
			t.Fatalf("line %q is no query", line)
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// judgedDocs returns the timeline, the statements of testdata and the speeches,
// each read by the rules.
func judgedDocs(t *testing.T, pack *classify.Pack) []index.Doc {
	t.Helper()
	var all []statement.Statement
	timeline, err := seeds.Timeline()
	if err != nil {
		t.Fatal(err)
	}
	for i := range timeline {
		timeline[i].Of = fmt.Sprintf("t%02d", i+1)
	}
	all = append(all, timeline...)
	for _, file := range []string{filepath.Join("testdata", "search", "statements.jsonl"), shared(t, "corpora/ungdc-speeches.jsonl.gz")} {
		err := eachLine(file, func(l *textLine) error {
			date, err := statement.ParseDate(judgedDate(l), "test")
			if err != nil {
				return err
			}
			all = append(all, statement.Statement{
				Of: l.ID, Source: l.Outlet, Outlet: l.Outlet, Kind: cmp.Or(l.Kind, statement.Speech), Lang: l.Lang, Title: l.Title, Text: l.Text, Published: date,
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	docs := make([]index.Doc, len(all))
	for i := range all {
		all[i].ID = all[i].Of
		reading := pack.Read(&all[i])
		docs[i] = index.Doc{Statement: &all[i], Reading: &reading}
	}
	return docs
}

// TestSearchQuality asks the queries of testdata and keeps, for each, which part
// of the wanted statements is among the first ten, one over the place of the first
// wanted one, and how many are found in all.
func TestSearchQuality(t *testing.T) {
	docs := judgedDocs(t, builtInPack(t))
	known := make(map[string]bool)
	for i := range docs {
		known[docs[i].Statement.Of] = true
	}
	x, err := index.Open(t.Context(), filepath.Join(t.TempDir(), indexDir), index.Options{
		Registry: testSeeds(t), Now: func() time.Time { return time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC) },
	})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	}()
	if err := x.Update(t.Context(), docs, 1); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	out.WriteString("recall@10  first  found  query\n")
	sums := make(map[string]*[3]float64)
	queries := judgedQueries(t)
	if len(queries) < 60 {
		t.Fatalf("there are %d queries, want 60 at least", len(queries))
	}
	for _, j := range queries {
		for _, id := range j.wanted {
			if !known[id] {
				t.Errorf("%s wants %s, which is not there", j.query, id)
			}
		}
		q, err := x.Reader().Parse(t.Context(), j.query)
		if err != nil {
			t.Fatalf("%s: %v", j.query, err)
		}
		res, err := x.Search(t.Context(), index.Request{Query: q, Sort: index.Relevance, Limit: 10})
		if err != nil {
			t.Fatalf("%s: %v", j.query, err)
		}
		recall, first, missing := j.judge(res.Hits)
		fmt.Fprintf(&out, "%9.2f  %5.2f  %5d  %s%s\n", recall, first, res.Total, j.query, missing)
		for _, name := range []string{j.section, "all"} {
			if sums[name] == nil {
				sums[name] = new([3]float64)
			}
			sums[name][0], sums[name][1], sums[name][2] = sums[name][0]+1, sums[name][1]+recall, sums[name][2]+first
		}
	}
	out.WriteString("\nqueries  recall@10    MRR\n")
	for _, name := range []string{"fr", "en", "ar", "all"} {
		s := sums[name]
		fmt.Fprintf(&out, "%7.0f  %9.3f  %5.3f  %s\n", s[0], s[1]/s[0], s[2]/s[0], name)
	}
	golden(t, "search", out.String())
}

// judge returns recall and reciprocal rank of the first ten hits, and which are
// missing among them.
func (j *judgedQuery) judge(hits []index.Hit) (recall, first float64, missing string) {
	got := 0
	for place, h := range hits {
		if slices.Contains(j.wanted, h.ID) {
			got++
			if first == 0 {
				first = 1 / float64(place+1)
			}
		}
	}
	want := min(len(j.wanted), 10)
	if got < want {
		for _, id := range j.wanted {
			if !slices.ContainsFunc(hits, func(h index.Hit) bool { return h.ID == id }) {
				missing += " " + id
			}
		}
		missing = "  (missing" + missing + ")"
	}
	return float64(got) / float64(want), first, missing
}

// judgedDate is the date of a text, or the year with which a speech's ID ends.
func judgedDate(l *textLine) string {
	return cmp.Or(l.Published, l.ID[strings.LastIndex(l.ID, "_")+1:])
}
