package index

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"palabre/lang"
	"palabre/statement"
)

// Reader reads queries with the names that they may use. The zero Reader knows
// no names: words stand for themselves, and fields take any value of the right
// form. It is safe for concurrent use.
type Reader struct {
	Lexicon *Lexicon                                               // if nil, no word stands for others
	Saved   func(context.Context) ([]statement.SavedSearch, error) // if nil, there are no saved searches
}

// Parse reads a query without knowing any names. The empty query finds
// everything. An error is a [*SyntaxError].
func Parse(s string) (*Query, error) { return new(Reader).Parse(context.Background(), s) }

// Parse reads a query. The empty query finds everything. What is wrong with a
// query is a [*SyntaxError]; any other error is that of Saved.
func (r *Reader) Parse(ctx context.Context, s string) (*Query, error) {
	budget := budget{terms: maxTerms, names: maxNames, runs: maxRunNames, searches: maxSearches}
	return r.parse(ctx, s, &budget, nil)
}

// Check reports what is wrong with a query, as Parse does.
func (r *Reader) Check(ctx context.Context, s string) error {
	_, err := r.Parse(ctx, s)
	return err
}

// budget is what a query may still take up, with the saved searches in it.
type budget struct{ terms, names, runs, searches int }

// parse reads a query that stands within the named saved searches.
func (r *Reader) parse(ctx context.Context, s string, left *budget, within []string) (*Query, error) {
	p := &parser{ctx: ctx, reader: r, s: s, left: left, within: within}
	if len(s) > maxQuery {
		return nil, &SyntaxError{1, fmt.Sprintf("the query has %d bytes, the most is %d", len(s), maxQuery)}
	}
	if !utf8.ValidString(s) {
		return nil, &SyntaxError{1, "the query is not valid UTF-8"}
	}
	p.space()
	if p.i == len(p.s) {
		return &Query{}, nil
	}
	e, err := p.or()
	if err != nil {
		return nil, err
	}
	if p.i < len(p.s) {
		return nil, p.errorf("unexpected %q: want a word, AND, OR, NOT or the end", p.peek())
	}
	q := newQuery(e, p.without)
	return q, p.countNames(q)
}

// search reads the saved search that a query names at a byte of it.
func (p *parser) search(at int, name string) (expr, error) {
	if slices.ContainsFunc(p.within, func(outer string) bool { return strings.EqualFold(outer, name) }) {
		return nil, p.errorAt(at, "search:%q stands within itself: %s", name, strings.Join(append(p.within, name), " → "))
	}
	if len(p.within) == maxNesting {
		return nil, p.errorAt(at, "saved searches stand within one another more than %d deep", maxNesting)
	}
	if p.left.searches--; p.left.searches < 0 {
		return nil, p.errorAt(at, "the query has more than %d saved searches in it", maxSearches)
	}
	var known []statement.SavedSearch
	if p.reader.Saved != nil {
		var err error
		if known, err = p.reader.Saved(p.ctx); err != nil {
			return nil, fmt.Errorf("look up saved search %q: %w", name, err)
		}
	}
	i := slices.IndexFunc(known, func(s statement.SavedSearch) bool { return strings.EqualFold(s.Name, name) })
	if i < 0 {
		names := make([]string, len(known))
		for k := range known {
			names[k] = known[k].Name
		}
		return nil, p.errorAt(at, "there is no saved search %q%s", name, didYouMean(nearestOf(name, names)))
	}
	q, err := p.reader.parse(p.ctx, known[i].Query, p.left, append(slices.Clone(p.within), name))
	var inner *SyntaxError
	if errors.As(err, &inner) {
		return nil, p.errorAt(at, "in the saved search %q, column %d: %s", name, inner.Column, inner.What)
	}
	if err != nil {
		return nil, err
	}
	return saved{name, q.root, q.without}, nil
}

// nearestOf returns the one of the words that was most likely meant, or "".
func nearestOf(word string, known []string) string {
	fold := lang.Fold(word)
	like := func(k string) bool { return len(k)-len(fold) < 3 && len(fold)-len(k) < 3 }
	var folds, texts []string
	for _, k := range known {
		if f := lang.Fold(k); like(f) {
			folds, texts = append(folds, f), append(texts, k)
		}
	}
	if i := slices.Index(folds, lang.Nearest(fold, folds)); i >= 0 {
		return texts[i]
	}
	return ""
}

// didYouMean returns the end of a message that proposes a word, if there is one.
func didYouMean(word string) string {
	if word == "" {
		return ""
	}
	return proposes + word + "?"
}
