package index_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"palabre/index"
	"palabre/statement"
)

// many makes statements of which all have a word and differ in how often, in
// date, and in what favours them. Dates repeat.
func many(first, count int) []index.Doc {
	docs := make([]index.Doc, count)
	for i := range docs {
		n := first + i
		text := "withdrawal"
		for range n % 7 {
			text += " withdrawal of the troops"
		}
		var positions []statement.Position
		if n%3 == 0 {
			positions = append(positions, statement.Position{Actor: "jnim", Topic: statement.Dialogue, Stance: statement.Pro, FirstHand: n%2 == 0})
		}
		date := time.Date(2019, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n%400)
		docs[i] = doc(fmt.Sprintf("s%05d", n), "en", date.Format(time.DateOnly), "", text, positions...)
		if n%5 > 0 {
			docs[i].Reasons = nil
		}
	}
	return docs
}

// walk follows the cursors of a search to its end and counts how often each
// statement comes. Between is called before each further page.
func walk(t *testing.T, x *index.Index, r index.Request, between func()) map[string]int {
	t.Helper()
	seen := make(map[string]int)
	for pages := 0; ; pages++ {
		res, err := x.Search(context.Background(), r)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range res.Hits {
			seen[h.ID]++
		}
		if res.Next == "" {
			return seen
		}
		if pages > 1000 {
			t.Fatal("the pages have no end")
		}
		r.Cursor = res.Next
		between()
	}
}

func TestPagesHoldEveryStatementOnce(t *testing.T) {
	const hits = 5000
	for _, order := range []index.Sort{index.Relevance, index.Newest, index.Oldest} {
		for _, growing := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s growing=%t", order, growing), func(t *testing.T) {
				x := open(t, filepath.Join(t.TempDir(), "bleve"))
				for n := 0; n < hits; n += 1000 {
					if err := x.Update(context.Background(), many(n, 1000), int64(n)); err != nil {
						t.Fatal(err)
					}
				}
				next := hits
				grow := func() {
					if !growing {
						return
					}
					// New statements, and old ones read again.
					if err := x.Update(context.Background(), append(many(next, 40), many(next%hits, 40)...), int64(next)); err != nil {
						t.Fatal(err)
					}
					next += 40
				}
				q, err := index.Parse("withdrawal")
				if err != nil {
					t.Fatal(err)
				}
				seen := walk(t, x, index.Request{Query: q, Sort: order, Limit: 130}, grow)
				for id, n := range seen {
					if n != 1 {
						t.Errorf("%s came %d times", id, n)
					}
				}
				for n := range hits {
					if id := fmt.Sprintf("s%05d", n); seen[id] == 0 {
						t.Errorf("%s is missing", id)
					}
				}
				if !growing && len(seen) != hits {
					t.Errorf("%d statements came, want %d", len(seen), hits)
				}
			})
		}
	}
}

func TestOrderIsThatOfTheSort(t *testing.T) {
	x := open(t, filepath.Join(t.TempDir(), "bleve"))
	docs := many(0, 900)
	dates := make(map[string]time.Time)
	for i := range docs {
		dates[docs[i].Statement.Of] = docs[i].Statement.Said.Time
	}
	for n := 0; n < len(docs); n += 300 {
		if err := x.Update(context.Background(), docs[n:n+300], int64(n)); err != nil {
			t.Fatal(err)
		}
	}
	q, err := index.Parse("withdrawal")
	if err != nil {
		t.Fatal(err)
	}
	for _, order := range []index.Sort{index.Relevance, index.Newest, index.Oldest} {
		r := index.Request{Query: q, Sort: order, Limit: 70}
		var before *index.Hit
		for {
			res, err := x.Search(context.Background(), r)
			if err != nil {
				t.Fatal(err)
			}
			if res.Total != 900 {
				t.Errorf("%s: total %d on a page, want 900", order, res.Total)
			}
			for i := range res.Hits {
				h := &res.Hits[i]
				if before != nil {
					later := dates[h.ID].Compare(dates[before.ID])
					if order == index.Relevance && h.Score > before.Score || order == index.Newest && later > 0 || order == index.Oldest && later < 0 {
						t.Fatalf("%s: %v comes behind %v", order, h, before)
					}
				}
				before = h
			}
			if r.Cursor = res.Next; r.Cursor == "" {
				break
			}
		}
	}
}

// TestRelevanceFavours tries pairs of which one must come first.
func TestRelevanceFavours(t *testing.T) {
	position := func(firstHand bool) statement.Position {
		return statement.Position{Actor: "jnim", Topic: statement.Dialogue, Stance: statement.Pro, FirstHand: firstHand}
	}
	plain := func(id, date, text string) index.Doc {
		d := doc(id, "en", date, "", text, position(false))
		d.Reasons = nil
		return d
	}
	const text = "The withdrawal of foreign troops was discussed in the capital by several ministers."
	long := text + strings.Repeat(" They went on to the price of millet, the roads and the schools.", 40)
	firstHand, signal := plain("a", "2018", text), plain("a", "2018", text)
	firstHand.Reading.Positions[0].FirstHand = true
	signal.Reasons = []statement.Reason{statement.Shift}
	inTitle := plain("a", "2018", text)
	inTitle.Statement.Title = "Withdrawal"
	for name, c := range map[string]struct{ better, worse index.Doc }{
		"the actor's own words":    {firstHand, plain("b", "2018", text)},
		"a signal":                 {signal, plain("b", "2018", text)},
		"the fresher of two":       {plain("a", "2020-02", text), plain("b", "2018-02", text)},
		"a word in the title":      {inTitle, plain("b", "2018", text)},
		"more of a word":           {plain("a", "2018", text+" Withdrawal!"), plain("b", "2018", text+" Renewal!")},
		"a word in a shorter text": {plain("a", "2018", "Withdrawal."), plain("b", "2018", long)},
		"words over age":           {plain("a", "2012", "Withdrawal, withdrawal, withdrawal."), plain("b", "2020-03", long)},
	} {
		t.Run(name, func(t *testing.T) {
			x := open(t, filepath.Join(t.TempDir(), "bleve"))
			docs := []index.Doc{c.worse, c.better, plain("c", "2018", "Nothing of the kind.")}
			if err := x.Update(context.Background(), docs, 3); err != nil {
				t.Fatal(err)
			}
			q, err := index.Parse("withdrawal")
			if err != nil {
				t.Fatal(err)
			}
			res, err := x.Search(context.Background(), index.Request{Query: q})
			if err != nil {
				t.Fatal(err)
			}
			if len(res.Hits) != 2 || res.Hits[0].ID != "a" || res.Hits[0].Score <= res.Hits[1].Score {
				t.Errorf("found %v, want a before b", res.Hits)
			}
		})
	}
}

// TestNearCountsByAnyName sees that what stands near one another weighs by
// whatever name it stands there, and the same whatever other statements hold.
func TestNearCountsByAnyName(t *testing.T) {
	x := open(t, filepath.Join(t.TempDir(), "bleve"))
	plain := func(id, text string) index.Doc { return doc(id, "fr", "2018", "", text) }
	q, err := x.Reader().Parse(t.Context(), "Koufa NEAR/5 dialogue")
	if err != nil {
		t.Fatal(err)
	}
	scores := func(docs ...index.Doc) map[string]float64 {
		if err := x.Update(t.Context(), docs, 1); err != nil {
			t.Fatal(err)
		}
		res, err := x.Search(t.Context(), index.Request{Query: q})
		if err != nil {
			t.Fatal(err)
		}
		out := make(map[string]float64)
		for _, h := range res.Hits {
			out[h.ID] = h.Score
		}
		return out
	}
	before := scores(plain("a", "Koufa voit le dialogue."), plain("b", "Kouffa voit le dialogue."))
	after := scores(plain("c", "كوفا voit le dialogue."), plain("d", "Amadou Koufa voit des dialogues."))
	if before["a"] == 0 || before["a"] != before["b"] || len(after) != 4 || slices.Contains([]float64{after["a"], after["b"], after["c"], after["d"]}, 0) {
		t.Errorf("scores are %v, then %v: want the same for each name, and none of 0", before, after)
	}
}
