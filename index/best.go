package index

import (
	"context"

	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/searcher"
	bleveindex "github.com/blevesearch/bleve_index_api"
)

// bestQuery finds what any of its parts finds. A document scores as in the part
// that fits it best, so that a word with many names weighs as much as one
// without: Bleve's own disjunction divides by the number of its parts.
type bestQuery struct{ parts []searching }

// searching is a part of a query that looks its words up before it searches, so
// that words which no document has cost next to nothing.
type searching interface {
	search(ctx context.Context, w *wordList, o search.SearcherOptions) (search.Searcher, error)
}

func (q *bestQuery) add(p searching) { q.parts = append(q.parts, p) }

// Searcher implements query.Query.
func (q *bestQuery) Searcher(ctx context.Context, r bleveindex.IndexReader, _ mapping.IndexMapping, o search.SearcherOptions) (search.Searcher, error) {
	w := newWordList(r)
	children := make([]search.Searcher, 0, len(q.parts))
	for _, p := range q.parts {
		s, err := p.search(ctx, w, o)
		if err != nil {
			closeAll(children)
			return nil, err
		}
		if s != nil {
			children = append(children, s)
		}
	}
	return newBest(r, children)
}

// formsQuery finds a word in any of its forms.
type formsQuery struct {
	field string
	forms []string
	boost float64
}

func (q *formsQuery) search(ctx context.Context, w *wordList, o search.SearcherOptions) (search.Searcher, error) {
	known, err := w.known(q.field, q.forms)
	if err != nil || len(known) == 0 {
		return nil, err
	}
	return w.search(ctx, q.field, known, q.boost, o)
}

// wordList tells which words the fields of an index have.
type wordList struct {
	reader bleveindex.IndexReader
	fields map[string]*fieldWords
}

// fieldWords are the words of a field, with those that were looked up before.
type fieldWords struct {
	dict bleveindex.FieldDictContains
	has  map[string]bool
}

func newWordList(r bleveindex.IndexReader) *wordList {
	return &wordList{reader: r, fields: make(map[string]*fieldWords)}
}

// known returns the forms that some document has in the field.
func (w *wordList) known(field string, forms []string) ([]string, error) {
	c, ok := w.reader.(bleveindex.IndexReaderContains)
	if !ok {
		return forms, nil
	}
	f := w.fields[field]
	if f == nil {
		dict, err := c.FieldDictContains(field)
		if err != nil {
			return nil, err
		}
		f = &fieldWords{dict, make(map[string]bool)}
		w.fields[field] = f
	}
	var known []string
	for _, form := range forms {
		has, ok := f.has[form]
		if !ok {
			var err error
			if has, err = f.dict.Contains([]byte(form)); err != nil {
				return nil, err
			}
			f.has[form] = has
		}
		if has {
			known = append(known, form)
		}
	}
	return known, nil
}

// search finds the documents that have one of the forms.
func (w *wordList) search(ctx context.Context, field string, forms []string, boost float64, o search.SearcherOptions) (search.Searcher, error) {
	children := make([]search.Searcher, 0, len(forms))
	for _, f := range forms {
		s, err := searcher.NewTermSearcher(ctx, w.reader, f, field, boost, o)
		if err != nil {
			closeAll(children)
			return nil, err
		}
		children = append(children, s)
	}
	return newBest(w.reader, children)
}

// closeAll closes searchers that are not needed after all.
func closeAll(list []search.Searcher) {
	for _, s := range list {
		_ = s.Close()
	}
}

// best walks through its children side by side.
type best struct {
	children []search.Searcher
	current  []*search.DocumentMatch // of each child; nil at its end
	begun    bool
}

func newBest(r bleveindex.IndexReader, children []search.Searcher) (search.Searcher, error) {
	switch len(children) {
	case 0:
		return searcher.NewMatchNoneSearcher(r)
	case 1:
		return children[0], nil
	}
	return &best{children: children, current: make([]*search.DocumentMatch, len(children))}, nil
}

// Next implements search.Searcher.
func (b *best) Next(ctx *search.SearchContext) (*search.DocumentMatch, error) {
	if !b.begun {
		b.begun = true
		for i, c := range b.children {
			var err error
			if b.current[i], err = c.Next(ctx); err != nil {
				return nil, err
			}
		}
	}
	first := -1
	for i, d := range b.current {
		if d != nil && (first < 0 || d.IndexInternalID.Compare(b.current[first].IndexInternalID) < 0) {
			first = i
		}
	}
	if first < 0 {
		return nil, nil
	}
	return b.take(ctx, first)
}

// take returns the match of the child at first with what the others have of the
// same document, and moves those on.
func (b *best) take(ctx *search.SearchContext, first int) (*search.DocumentMatch, error) {
	out := b.current[first]
	for i := first; i < len(b.children); i++ {
		d := b.current[i]
		if d == nil || i != first && !d.IndexInternalID.Equals(out.IndexInternalID) {
			continue
		}
		if i != first {
			if d.Score > out.Score {
				out.Score = d.Score
			}
			out.FieldTermLocations = search.MergeFieldTermLocationsFromMatch(out.FieldTermLocations, d)
			ctx.DocumentMatchPool.Put(d)
		}
		var err error
		if b.current[i], err = b.children[i].Next(ctx); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Advance implements search.Searcher.
func (b *best) Advance(ctx *search.SearchContext, id bleveindex.IndexInternalID) (*search.DocumentMatch, error) {
	for i, c := range b.children {
		d := b.current[i]
		if b.begun && (d == nil || d.IndexInternalID.Compare(id) >= 0) {
			continue
		}
		if d != nil {
			ctx.DocumentMatchPool.Put(d)
		}
		var err error
		if b.current[i], err = c.Advance(ctx, id); err != nil {
			return nil, err
		}
	}
	b.begun = true
	return b.Next(ctx)
}

// Close implements search.Searcher.
func (b *best) Close() error {
	var first error
	for _, c := range b.children {
		if err := c.Close(); err != nil && first == nil {
			first = err
		}
	}
	return first
}

// Weight implements search.Searcher. It is that of the part that weighs most.
func (b *best) Weight() float64 {
	w := 0.0
	for _, c := range b.children {
		w = max(w, c.Weight())
	}
	return w
}

// SetQueryNorm implements search.Searcher.
func (b *best) SetQueryNorm(n float64) {
	for _, c := range b.children {
		c.SetQueryNorm(n)
	}
}

// Count implements search.Searcher. It may count a document more than once.
func (b *best) Count() uint64 {
	n := uint64(0)
	for _, c := range b.children {
		n += c.Count()
	}
	return n
}

// Min implements search.Searcher.
func (b *best) Min() int { return 0 }

// Size implements search.Searcher.
func (b *best) Size() int {
	n := 0
	for _, c := range b.children {
		n += c.Size()
	}
	return n
}

// DocumentMatchPoolSize implements search.Searcher.
func (b *best) DocumentMatchPoolSize() int {
	n := len(b.children)
	for _, c := range b.children {
		n += c.DocumentMatchPoolSize()
	}
	return n
}
