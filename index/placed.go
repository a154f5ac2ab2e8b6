package index

import (
	"context"
	"slices"
	"strings"

	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/searcher"
	bleveindex "github.com/blevesearch/bleve_index_api"
)

// spelt is words that follow each other, as they may be spelt.
type spelt []spelledWord

// spelledWord is a word in any of its forms. Those of an open one are beginnings
// of words; to those of an akin one belong the words with the same stem.
type spelledWord struct {
	forms      []string
	open, akin bool
}

// spelling returns a sequence as it may be spelt.
func spelling(seq sequence) spelt {
	out := make(spelt, len(seq))
	for i, forms := range seq {
		out[i] = spelledWord{forms: forms}
	}
	return out
}

// begun returns words of which the last is a beginning.
func begun(list []string) spelt {
	out := spelling(inSequence(list, false))
	out[len(out)-1].open = true
	return out
}

// placedQuery finds words by where they stand in a field: one operand, whose
// words follow each other; several within a reach; or several of which each
// stands near the one before. An operand may be spelt in several ways.
type placedQuery struct {
	field    string
	operands [][]spelt
	gaps     []int
	reach    int
	boost    float64
}

// Searcher implements query.Query.
func (q *placedQuery) Searcher(ctx context.Context, r bleveindex.IndexReader, _ mapping.IndexMapping, o search.SearcherOptions) (search.Searcher, error) {
	s, err := q.search(ctx, newWordList(r), o)
	if s == nil && err == nil {
		return searcher.NewMatchNoneSearcher(r)
	}
	return s, err
}

// search filters the documents that have all words. It returns no searcher where
// there cannot be any.
func (q *placedQuery) search(ctx context.Context, w *wordList, o search.SearcherOptions) (search.Searcher, error) {
	o.IncludeTermVectors = true
	var musts []search.Searcher
	operands := make([][]spelt, len(q.operands))
	for i, ways := range q.operands {
		var any []search.Searcher
		for _, way := range ways {
			known, s, err := q.follow(ctx, w, way, o)
			if err != nil {
				closeAll(slices.Concat(musts, any))
				return nil, err
			}
			if s != nil {
				any, operands[i] = append(any, s), append(operands[i], known)
			}
		}
		if len(any) == 0 {
			closeAll(musts)
			return nil, nil
		}
		s, err := newBest(w.reader, any)
		if err != nil {
			closeAll(slices.Concat(musts, any))
			return nil, err
		}
		musts = append(musts, s)
	}
	all, err := conjunction(ctx, w.reader, musts, o)
	if err != nil {
		return nil, err
	}
	return searcher.NewFilteringSearcher(ctx, all, func(_ *search.SearchContext, d *search.DocumentMatch) bool {
		at := make(map[string][]int)
		for i := range d.FieldTermLocations {
			l := &d.FieldTermLocations[i]
			at[l.Term] = append(at[l.Term], int(l.Location.Pos))
		}
		d.FieldTermLocations = d.FieldTermLocations[:0]
		parts := make([][]place, len(operands))
		for i := range operands {
			parts[i] = places(operands[i], at)
		}
		return q.stands(parts)
	}), nil
}

// stands reports whether the operands stand as the query asks for.
func (q *placedQuery) stands(parts [][]place) bool {
	if q.reach > 0 {
		return gathered(parts, q.reach) != nil
	}
	return chained(parts, q.gaps) != nil
}

func conjunction(ctx context.Context, r bleveindex.IndexReader, musts []search.Searcher, o search.SearcherOptions) (search.Searcher, error) {
	if len(musts) == 1 {
		return musts[0], nil
	}
	s, err := searcher.NewConjunctionSearcher(ctx, r, musts, o)
	if err != nil {
		closeAll(musts)
	}
	return s, err
}

// follow searches for the documents that have every word of a sequence. It
// returns the forms that there are; no searcher where a word has none.
func (q *placedQuery) follow(ctx context.Context, list *wordList, way spelt, o search.SearcherOptions) (spelt, search.Searcher, error) {
	known := make(spelt, len(way))
	for i, w := range way {
		forms, err := q.spell(list, w)
		if err != nil {
			return nil, nil, err
		}
		if len(forms) == 0 {
			return nil, nil, nil
		}
		known[i] = spelledWord{forms: forms}
	}
	var musts []search.Searcher
	seen := make(map[string]bool)
	for _, w := range known {
		if key := strings.Join(w.forms, " "); seen[key] {
			continue
		} else {
			seen[key] = true
		}
		s, err := list.search(ctx, q.field, w.forms, q.boost, o)
		if err != nil {
			closeAll(musts)
			return nil, nil, err
		}
		musts = append(musts, s)
	}
	s, err := conjunction(ctx, list.reader, musts, o)
	return known, s, err
}

// Limits of what a word may stand for beside its forms.
const (
	mostLooked = 5000 // words of the index that are looked at
	mostAkin   = 250
)

// spell returns the forms of a word that the index has.
func (q *placedQuery) spell(list *wordList, w spelledWord) ([]string, error) {
	switch {
	case w.open:
		return wordsOf(list.reader, q.field, w.forms[0], func(string) bool { return true })
	case w.akin:
		return wordsOf(list.reader, q.field, stemOf(w.forms[0]), akinTo(w.forms[0]))
	}
	return list.known(q.field, w.forms)
}

// stemOf returns the letters with which every word of the same stem begins, as
// far as that can be told.
func stemOf(word string) string {
	out := word
	for _, form := range stemForms {
		stem := form(word, word)
		n := 0
		for n < len(stem) && n < len(out) && stem[n] == out[n] {
			n++
		}
		if isArabic(word) {
			return word
		}
		out = out[:n]
	}
	return out
}

// akinTo returns the test of words that share their stem with a word.
func akinTo(word string) func(string) bool {
	return func(other string) bool {
		if other == word {
			return true
		}
		for _, form := range stemForms {
			if form(other, other) == form(word, word) {
				return true
			}
		}
		return false
	}
}

// wordsOf returns the words of a field that begin so and pass a test.
func wordsOf(r bleveindex.IndexReader, field, start string, good func(string) bool) (_ []string, err error) {
	if len(start) < minStem {
		return nil, nil
	}
	dict, err := r.FieldDictPrefix(field, []byte(start))
	if err != nil {
		return nil, err
	}
	defer func() {
		if e := dict.Close(); err == nil {
			err = e
		}
	}()
	var out []string
	for range mostLooked {
		entry, err := dict.Next()
		if err != nil || entry == nil {
			return out, err
		}
		if good(entry.Term) {
			if out = append(out, entry.Term); len(out) > mostAkin {
				return nil, ErrTooBroad
			}
		}
	}
	return out, nil
}

// places returns where one of the ways stands whose words follow each other,
// given where each word stands.
func places(ways []spelt, at map[string][]int) []place {
	var out []place
	for _, way := range ways {
		starts := positions(way[0].forms, at)
		for i := 1; i < len(way) && len(starts) > 0; i++ {
			next := positions(way[i].forms, at)
			starts = slices.DeleteFunc(starts, func(s int) bool {
				_, found := slices.BinarySearch(next, s+i)
				return !found
			})
		}
		for _, s := range starts {
			out = append(out, place{s, s + len(way) - 1})
		}
	}
	slices.SortFunc(out, func(a, b place) int {
		if a.first != b.first {
			return a.first - b.first
		}
		return a.last - b.last
	})
	return slices.Compact(out)
}

// positions returns where a word stands in any of its forms, in order.
func positions(forms []string, at map[string][]int) []int {
	var out []int
	for _, f := range forms {
		out = append(out, at[f]...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
