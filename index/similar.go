package index

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2/mapping"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// What a statement is compared by.
const (
	similarWords   = 20  // of its words, those that tell it best from others
	similarTag     = 1.5 // weight of a position beside a word
	fewestLetters  = 3   // of a word
	commonestShare = 20  // words that more than one in so many statements has tell nothing
	commonest      = 10  // but this many may have it in a small index
)

// Similar returns the n statements that are most like a document, the document
// itself left out: those that share its positions and the words that are rarest
// elsewhere, each in its language. The document need not be in the index.
func (x *Index) Similar(ctx context.Context, d Doc, n int) (hits []Hit, err error) {
	ctx, cancel := context.WithTimeout(ctx, searchTimeout)
	defer cancel()
	defer func() {
		if err != nil {
			err = fmt.Errorf("find statements like %s: %w", d.Statement.Of, err)
		}
	}()
	v, err := look(x.bleve, &x.columns)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, v.close()) }()
	pl, err := v.likeness(ctx, x, d.fields(x.reg))
	if err != nil {
		return nil, err
	}
	g := &page{sort: Relevance, limit: min(n, MaxLimit)}
	own := hashOf([]byte(d.Statement.Of))
	for i := range v.parts {
		p := &v.parts[i]
		found, err := pl.hits(ctx, p)
		if err != nil {
			return nil, err
		}
		for doc := range p.keys {
			if p.keys[doc] == own {
				found.Remove(uint32(doc))
			}
		}
		if err := pl.collect(ctx, p, found, x.now(), g, new(page)); err != nil {
			return nil, err
		}
	}
	var out Result
	err = out.take(g, new(page))
	return out.Hits, err
}

// likeness plans the search for what shares words or positions with a document.
func (v *view) likeness(ctx context.Context, x *Index, fields map[string]any) (*plan, error) {
	var parts []node
	p := &planner{ctx: ctx, view: v}
	for language := range stemmed {
		text, ok := fields["text_"+language].(string)
		if !ok {
			continue
		}
		words, err := v.tellingWords("text_"+language, analyzed(x.bleve.Mapping(), "text_"+language, text))
		if err != nil {
			return nil, err
		}
		for _, w := range words {
			parts = append(parts, p.weigh(&oneTerm{w.field, w.term}, []leaf{w.leaf}))
		}
	}
	if tags, ok := fields["tag"].([]string); ok {
		for _, t := range tags {
			parts = append(parts, p.weigh(&oneTerm{"tag", t}, []leaf{{"tag", t, similarTag, nil}}))
		}
	}
	pl := &plan{either(parts), p.weighed}
	return pl, pl.measure(ctx, v)
}

// analyzed cuts a text as the field's analyzer does.
func analyzed(m mapping.IndexMapping, field, text string) []string {
	var out []string
	for _, t := range m.AnalyzerNamed(m.AnalyzerNameForPath(field)).Analyze([]byte(text)) {
		out = append(out, string(t.Term))
	}
	return out
}

// telling is a word with how well it tells its statement from others.
type telling struct {
	leaf
	worth float64
}

// tellingWords returns the words that tell most, which at least one other statement
// may have, the best first.
func (v *view) tellingWords(field string, words []string) ([]telling, error) {
	often := make(map[string]int)
	for _, w := range words {
		if utf8.RuneCountInString(w) >= fewestLetters {
			often[w]++
		}
	}
	dicts := make([]segment.TermDictionary, len(v.parts))
	for i := range v.parts {
		var err error
		if dicts[i], err = v.parts[i].Dictionary(field); err != nil {
			return nil, err
		}
	}
	var out []telling
	for w, n := range often {
		have := uint64(0)
		for _, d := range dicts {
			docs, err := d.PostingsList([]byte(w), nil, nil)
			if err != nil {
				return nil, err
			}
			have += docs.Count()
		}
		if have == 0 || have > max(commonest, v.live/commonestShare) {
			continue
		}
		worth := math.Log1p(float64(n)) * math.Log(1+float64(v.live)/float64(have))
		out = append(out, telling{leaf{field, w, boostStem, nil}, worth})
	}
	slices.SortFunc(out, func(a, b telling) int { return cmp.Or(cmp.Compare(b.worth, a.worth), cmp.Compare(a.term, b.term)) })
	return out[:min(len(out), similarWords)], nil
}
