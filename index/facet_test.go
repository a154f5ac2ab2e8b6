package index_test

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"palabre/index"
	"palabre/statement"
)

// assorted makes statements with many values in every field.
func assorted(rng *rand.Rand, count int) []index.Doc {
	docs := make([]index.Doc, count)
	for i := range docs {
		var positions []statement.Position
		for range rng.IntN(4) {
			positions = append(positions, statement.Position{
				Actor: []string{"jnim", "katiba-macina", "france"}[rng.IntN(3)], Speaker: fmt.Sprint("speaker-", rng.IntN(90)),
				Topic: statement.Topics[rng.IntN(3)], Stance: statement.Stances[rng.IntN(4)],
			})
		}
		date := time.Date(1965, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rng.IntN(3000)).Add(time.Duration(rng.IntN(86400)) * time.Second)
		d := doc(fmt.Sprintf("s%04d", rng.IntN(3*count)), []string{"fr", "ar", "en"}[rng.IntN(3)], date.Format(time.RFC3339), "", "troops", positions...)
		d.Statement.Source = fmt.Sprint("source-", rng.IntN(60))
		d.Reasons = statement.Reasons[:rng.IntN(len(statement.Reasons))]
		docs[i] = d
	}
	return docs
}

// valuesOf are the values that a document counts for, by field. Of its positions
// those on a topic count for stances, actors and speakers, and those of a stance
// for topics, actors and speakers, unless topic or stance is empty.
func valuesOf(d *index.Doc, topic statement.Topic, stance statement.Stance) map[string][]string {
	out := map[string][]string{
		"source": {d.Statement.Source}, "lang": {d.Reading.Langs[0].Lang}, "kind": {string(d.Statement.Kind)}, "place": d.Reading.Places,
		"month": {d.Statement.Said.Time.Format("2006-01")},
	}
	add := func(name, value string) {
		if value != "" && !slices.Contains(out[name], value) {
			out[name] = append(out[name], value)
		}
	}
	for _, p := range d.Reading.Positions {
		on, of := topic == "" || p.Topic == topic, stance == "" || p.Stance == stance
		if of {
			add("topic", string(p.Topic))
		}
		if on {
			add("stance", string(p.Stance))
		}
		if on && of {
			add("actor", p.Actor)
			add("actor", registry.Coalition(p.Actor))
			add("speaker", p.Speaker)
		}
	}
	for _, r := range d.Reasons {
		add("reason", string(r))
	}
	return out
}

// TestFacetsAndHistogramsAreExact compares them with counts made one by one over
// the statements found, in an index of many segments in which some statements
// were replaced.
func TestFacetsAndHistogramsAreExact(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	x := open(t, filepath.Join(t.TempDir(), "bleve"))
	held := make(map[string]*index.Doc)
	for row := range 12 {
		docs := assorted(rng, 150)
		for i := range docs {
			held[docs[i].Statement.Of] = &docs[i]
		}
		// Of two revisions in a batch the later one counts.
		if err := x.Update(context.Background(), docs, int64(row)); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		query  string
		topic  statement.Topic
		stance statement.Stance
	}{
		{query: ""},
		{query: "troops"},
		{"stance:pro", "", statement.Pro},
		{"topic:dialogue stance:anti", statement.Dialogue, statement.Anti},
		{query: "NOT actor:france lang:ar"},
		{query: "date:1968"},
		{query: "source:source-7 OR source:source-8"},
	} {
		query := c.query
		q, err := index.Parse(query)
		if err != nil {
			t.Fatal(err)
		}
		found := walk(t, x, index.Request{Query: q, Limit: 500}, func() {})
		if len(found) == 0 || query == "" && len(found) != len(held) {
			t.Fatalf("%q: found %d of %d", query, len(found), len(held))
		}
		for _, interval := range []index.Interval{index.ByDay, index.ByWeek, index.ByMonth} {
			res, err := x.Search(context.Background(), index.Request{Query: q, Facets: true, Histogram: interval})
			if err != nil {
				t.Fatal(err)
			}
			if int(res.Total) != len(found) {
				t.Errorf("%q: total %d, want %d", query, res.Total, len(found))
			}
			facets, buckets, first := tallyOf(held, found, c.topic, c.stance, interval)
			if diff := gocmp.Diff(facets, res.Facets); diff != "" {
				t.Errorf("%q: facets: %s", query, diff)
			}
			if diff := gocmp.Diff(buckets, res.Histogram); diff != "" {
				t.Errorf("%q by %s: %s", query, interval, diff)
			}
			if !held[res.First].Statement.Said.Time.Equal(first) {
				t.Errorf("%q: first is of %s, want one of %s", query, held[res.First].Statement.Said, first)
			}
		}
	}
}

func tallyOf(held map[string]*index.Doc, found map[string]int, topic statement.Topic, stance statement.Stance, interval index.Interval) (map[string][]index.Count, []index.Bucket, time.Time) {
	counts := make(map[string]map[string]int)
	starts := make(map[time.Time]int)
	var first time.Time
	for id := range found {
		for name, values := range valuesOf(held[id], topic, stance) {
			if counts[name] == nil {
				counts[name] = make(map[string]int)
			}
			for _, v := range values {
				counts[name][v]++
			}
		}
		said := held[id].Statement.Said.Time
		if first.IsZero() || said.Before(first) {
			first = said
		}
		year, month, day := said.Date()
		switch interval {
		case index.ByMonth:
			day = 1
		case index.ByWeek:
			for d := said.Weekday(); d != time.Monday; d = (d + 6) % 7 {
				day--
			}
		}
		starts[time.Date(year, month, day, 0, 0, 0, 0, time.UTC)]++
	}
	facets := make(map[string][]index.Count)
	for _, name := range []string{"topic", "stance", "actor", "speaker", "source", "lang", "kind", "place", "reason", "month"} {
		list := []index.Count{}
		for value, n := range counts[name] {
			list = append(list, index.Count{Value: value, Count: n})
		}
		slices.SortFunc(list, func(a, b index.Count) int { return cmp.Or(b.Count-a.Count, cmp.Compare(a.Value, b.Value)) })
		facets[name] = list[:min(len(list), 30)]
	}
	var buckets []index.Bucket
	for start, n := range starts {
		buckets = append(buckets, index.Bucket{Start: start, Count: n})
	}
	slices.SortFunc(buckets, func(a, b index.Bucket) int { return a.Start.Compare(b.Start) })
	return facets, buckets, first
}

// TestFacetsTellWhatTheyNarrowTo sees that a filter finds as many as its facet
// told, and that the query that a request writes finds the same.
func TestFacetsTellWhatTheyNarrowTo(t *testing.T) {
	x := open(t, filepath.Join(t.TempDir(), "bleve"))
	if err := x.Update(t.Context(), assorted(rand.New(rand.NewPCG(7, 8)), 400), 1); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		query  string
		beside []index.Filter
		want   string
	}{
		{"topic:dialogue", nil, "topic:dialogue AND stance:anti"},
		{"topic:dialogue (troops OR lang:fr)", nil, "topic:dialogue AND (troops OR lang:fr) AND stance:anti"},
		{"", []index.Filter{{Name: "topic", Values: []string{"dialogue"}}}, "topic:dialogue AND stance:anti"},
		{"actor:jnim OR troops", []index.Filter{{Name: "topic", Values: []string{"dialogue"}}}, "(actor:jnim OR troops) AND topic:dialogue AND stance:anti"},
		{"troops without:jnim", nil, "troops AND stance:anti without:jnim"},
	} {
		q, err := x.Reader().Parse(t.Context(), c.query)
		if err != nil {
			t.Fatal(err)
		}
		wide, err := x.Search(t.Context(), index.Request{Query: q, Filter: c.beside, Facets: true})
		if err != nil {
			t.Fatal(err)
		}
		told := wide.Facets["stance"][slices.IndexFunc(wide.Facets["stance"], func(f index.Count) bool { return f.Value == "anti" })].Count
		narrow := index.Request{Query: q, Filter: append(c.beside, index.Filter{Name: "stance", Values: []string{"anti"}})}
		if narrow.String() != c.want {
			t.Errorf("%s: the request is %q, want %q", c.query, narrow.String(), c.want)
		}
		again, err := x.Reader().Parse(t.Context(), narrow.String())
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range []index.Request{narrow, {Query: again}} {
			res, err := x.Search(t.Context(), r)
			if err != nil {
				t.Fatal(err)
			}
			if int(res.Total) != told || told == 0 {
				t.Errorf("%s: found %d, the facet told %d", r.String(), res.Total, told)
			}
		}
	}
}

func TestUnknownIntervalIsRefused(t *testing.T) {
	x := open(t, filepath.Join(t.TempDir(), "bleve"))
	if _, err := x.Search(context.Background(), index.Request{Histogram: "year"}); err == nil {
		t.Error("a histogram by year was made")
	}
}

func TestWindowsEndBeforeTheirLastInstant(t *testing.T) {
	x := open(t, filepath.Join(t.TempDir(), "bleve"))
	docs := []index.Doc{
		doc("a", "en", "2020-02-29", "", "x"), doc("b", "en", "2020-03-01", "", "x"), doc("c", "en", "2020-03-31T23:59:59Z", "", "x"), doc("d", "en", "2020-04-01", "", "x"),
	}
	if err := x.Update(context.Background(), docs, 4); err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff([]string{"b", "c"}, search(t, x, "date:2020-03")); diff != "" {
		t.Error(diff)
	}
}
