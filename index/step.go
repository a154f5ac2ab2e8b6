package index

import (
	"context"
	"errors"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// The steps of a plan.
type (
	everything struct{}
	nothing    struct{}
	// term1 finds one term.
	term1 struct{ field, term string }
	// prefix1 finds the terms that begin so.
	prefix1 struct{ field, prefix string }
	// window1 finds dates from one, and before another.
	window1 struct{ from, before int64 }
	// phrase1 finds terms that follow each other.
	phrase1 struct {
		field string
		terms []string
	}
	// both finds what all parts find and none of those that are denied.
	both  struct{ parts, denied []node }
	anyOf struct{ parts []node }
	// drained holds what Bleve found, by part.
	drained struct{ docs []*roaring.Bitmap }
)

func (everything) cost() int { return 0 }
func (nothing) cost() int    { return 0 }
func (*term1) cost() int     { return 1 }
func (*drained) cost() int   { return 1 }
func (*window1) cost() int   { return 2 }
func (*prefix1) cost() int   { return 3 }
func (a *anyOf) cost() int   { return dearest(a.parts) }
func (b *both) cost() int    { return dearest(b.parts) }
func (*phrase1) cost() int   { return 9 }

func dearest(list []node) int {
	out := 2
	for _, n := range list {
		out = max(out, n.cost())
	}
	return out
}

func either(parts []node) node {
	switch len(parts) {
	case 0:
		return nothing{}
	case 1:
		return parts[0]
	}
	return &anyOf{parts}
}

func (everything) find(_ context.Context, p *part, _ *roaring.Bitmap) (*roaring.Bitmap, error) {
	return p.all(), nil
}

func (nothing) find(context.Context, *part, *roaring.Bitmap) (*roaring.Bitmap, error) {
	return roaring.New(), nil
}

func (t *term1) find(_ context.Context, p *part, _ *roaring.Bitmap) (*roaring.Bitmap, error) {
	docs, err := postingsOf(p, t.field, t.term)
	if err != nil {
		return nil, err
	}
	out := roaring.New()
	docs.OrInto(out)
	return out, nil
}

func (x *prefix1) find(ctx context.Context, p *part, _ *roaring.Bitmap) (*roaring.Bitmap, error) {
	out := roaring.New()
	err := eachTerm(p, x.field, []byte(x.prefix), after(x.prefix), func(_ string, docs postings) error {
		docs.OrInto(out)
		return ctx.Err()
	})
	return out, err
}

func (w *window1) find(_ context.Context, p *part, within *roaring.Bitmap) (*roaring.Bitmap, error) {
	out := roaring.New()
	if within == nil {
		for doc, date := range p.dates {
			if date >= w.from && date < w.before {
				out.Add(uint32(doc))
			}
		}
		return out, nil
	}
	var kept []uint32
	within.Iterate(func(doc uint32) bool {
		if date := p.dates[doc]; date >= w.from && date < w.before {
			kept = append(kept, doc)
		}
		return true
	})
	out.AddMany(kept)
	return out, nil
}

func (a *anyOf) find(ctx context.Context, p *part, within *roaring.Bitmap) (*roaring.Bitmap, error) {
	out := roaring.New()
	for _, n := range a.parts {
		docs, err := n.find(ctx, p, within)
		if err != nil {
			return nil, err
		}
		out.Or(docs)
	}
	return out, ctx.Err()
}

func (b *both) find(ctx context.Context, p *part, within *roaring.Bitmap) (*roaring.Bitmap, error) {
	var out *roaring.Bitmap
	for _, n := range b.parts {
		docs, err := n.find(ctx, p, within)
		if err != nil {
			return nil, err
		}
		if out == nil {
			out = docs
			if within != nil {
				out.And(within)
			}
		} else {
			out.And(docs)
		}
		if out.IsEmpty() {
			return out, nil
		}
		within = out
	}
	if out == nil {
		out = p.all()
	}
	for _, n := range b.denied {
		docs, err := n.find(ctx, p, out)
		if err != nil {
			return nil, err
		}
		out.AndNot(docs)
	}
	return out, ctx.Err()
}

func (f *drained) find(_ context.Context, p *part, _ *roaring.Bitmap) (*roaring.Bitmap, error) {
	return f.docs[p.number].Clone(), nil
}

// find reads where the terms stand in the documents that have them all.
func (x *phrase1) find(ctx context.Context, p *part, within *roaring.Bitmap) (*roaring.Bitmap, error) {
	dict, err := p.Dictionary(x.field)
	if err != nil {
		return nil, err
	}
	lists := make([]postings, len(x.terms))
	var all *roaring.Bitmap
	for i, t := range x.terms {
		if lists[i], err = postingsIn(dict, t); err != nil {
			return nil, err
		}
		docs := roaring.New()
		lists[i].OrInto(docs)
		if all == nil {
			all = docs
		} else {
			all.And(docs)
		}
	}
	if within != nil {
		all.And(within)
	}
	if all.IsEmpty() {
		return all, nil
	}
	readers := make([]segment.PostingsIterator, len(lists))
	for i, l := range lists {
		readers[i] = only(l.Iterator(true, false, true, nil), all)
	}
	var kept []uint32
	var starts []uint64
	for n, doc := range all.ToArray() {
		if n%checkEvery == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if starts, err = follow(readers, uint64(doc), starts[:0]); err != nil {
			return nil, err
		}
		if len(starts) > 0 {
			kept = append(kept, doc)
		}
	}
	out := roaring.New()
	out.AddMany(kept)
	return out, nil
}

// checkEvery is after how many documents the deadline is looked at.
const checkEvery = 1024

// only narrows an iterator down to documents that it holds.
func only(it segment.PostingsIterator, docs *roaring.Bitmap) segment.PostingsIterator {
	if narrow, ok := it.(segment.OptimizablePostingsIterator); ok {
		narrow.ReplaceActual(docs)
	}
	return it
}

// follow reads the next document of each reader, which is doc, and returns where
// their terms follow each other in it, in the memory of starts.
func follow(readers []segment.PostingsIterator, doc uint64, starts []uint64) ([]uint64, error) {
	for i, r := range readers {
		posting, err := r.Advance(doc)
		if err != nil {
			return nil, err
		}
		if posting == nil || posting.Number() != doc {
			return nil, errors.New("a term's list of documents is damaged")
		}
		if i == 0 {
			for _, at := range posting.Locations() {
				starts = append(starts, at.Pos())
			}
			continue
		}
		kept := starts[:0]
		locations := posting.Locations()
		for _, s := range starts {
			for len(locations) > 0 && locations[0].Pos() < s+uint64(i) {
				locations = locations[1:]
			}
			if len(locations) > 0 && locations[0].Pos() == s+uint64(i) {
				kept = append(kept, s)
			}
		}
		starts = kept
	}
	return starts, nil
}

// foreign lets Bleve find what has no step of its own. It weighs as a word that
// stands once.
func (p *planner) foreign(q query.Query, ranked bool) (node, error) {
	f := &drained{docs: make([]*roaring.Bitmap, len(p.view.parts))}
	for i := range f.docs {
		f.docs[i] = roaring.New()
	}
	ctx := context.WithValue(p.ctx, search.MaxTermSearchersKey, maxExpansion)
	s, err := q.Searcher(ctx, p.view.snapshot, p.mapping, search.SearcherOptions{Score: "none"})
	if err != nil {
		return nil, err
	}
	err = errors.Join(f.drain(ctx, p.view, s), s.Close())
	if err != nil {
		return nil, err
	}
	if ranked {
		return p.weigh(f, nil), nil
	}
	return f, nil
}

func (f *drained) drain(ctx context.Context, v *view, s search.Searcher) error {
	sc := &search.SearchContext{DocumentMatchPool: search.NewDocumentMatchPool(s.DocumentMatchPoolSize()+1, 0), IndexReader: v.snapshot}
	at := 0
	for n := 0; ; n++ {
		if n%checkEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		hit, err := s.Next(sc)
		if err != nil {
			return err
		}
		if hit == nil {
			return nil
		}
		doc := hit.IndexInternalID.Value()
		for doc >= v.parts[at].first+v.parts[at].Count() {
			at++
		}
		f.docs[at].Add(uint32(doc - v.parts[at].first))
		sc.DocumentMatchPool.Put(hit)
	}
}
