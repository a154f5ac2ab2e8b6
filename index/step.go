package index

import (
	"context"

	"github.com/RoaringBitmap/roaring/v2"
)

// node is a step of a plan. It finds the documents of one part; what it returns
// is the caller's to change. It may leave out what is not among the candidates,
// unless they are nil. Rough finds those and maybe more, at little cost.
type node interface {
	find(ctx context.Context, p *part, candidates *roaring.Bitmap) (*roaring.Bitmap, error)
	rough(ctx context.Context, p *part) (*roaring.Bitmap, error)
	cost() int // about, to begin with what is cheap
}

// The steps of a plan, but for those that look where words stand.
type (
	everything struct{}
	nothing    struct{}
	// oneTerm finds a term.
	oneTerm struct{ field, term string }
	// beginning finds terms that begin so.
	beginning struct {
		field, prefix string
		held          []*roaring.Bitmap // by part
	}
	// within finds dates from one second, and before another.
	within struct{ from, before int64 }
	// both finds what all parts find and none of those that are denied.
	both  struct{ parts, denied []node }
	anyOf struct{ parts []node }
)

func (everything) cost() int { return 0 }
func (nothing) cost() int    { return 0 }
func (*oneTerm) cost() int   { return 1 }
func (*within) cost() int    { return 2 }
func (*beginning) cost() int { return 3 }
func (a *anyOf) cost() int   { return dearest(a.parts) }
func (b *both) cost() int    { return dearest(b.parts) }

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

func (n everything) rough(ctx context.Context, p *part) (*roaring.Bitmap, error) {
	return n.find(ctx, p, nil)
}

func (nothing) find(context.Context, *part, *roaring.Bitmap) (*roaring.Bitmap, error) {
	return roaring.New(), nil
}

func (nothing) rough(context.Context, *part) (*roaring.Bitmap, error) { return roaring.New(), nil }

func (t *oneTerm) find(_ context.Context, p *part, _ *roaring.Bitmap) (*roaring.Bitmap, error) {
	docs, err := p.list(t.field, t.term)
	if err != nil {
		return nil, err
	}
	out := roaring.New()
	docs.OrInto(out)
	return out, nil
}

func (t *oneTerm) rough(ctx context.Context, p *part) (*roaring.Bitmap, error) {
	return t.find(ctx, p, nil)
}

func (b *beginning) find(ctx context.Context, p *part, _ *roaring.Bitmap) (*roaring.Bitmap, error) {
	if held := b.held[p.number]; held != nil {
		return held.Clone(), nil
	}
	out := roaring.New()
	err := eachTerm(p, b.field, b.prefix, func(_ string, read func() (postings, error)) error {
		docs, err := read()
		if err != nil {
			return err
		}
		docs.OrInto(out)
		return ctx.Err()
	})
	if err != nil {
		return nil, err
	}
	b.held[p.number] = out
	return out.Clone(), nil
}

func (b *beginning) rough(ctx context.Context, p *part) (*roaring.Bitmap, error) {
	return b.find(ctx, p, nil)
}

func (w *within) find(_ context.Context, p *part, candidates *roaring.Bitmap) (*roaring.Bitmap, error) {
	var kept []uint32
	keep := func(doc uint32) bool {
		if date := p.dates[doc]; date >= w.from && date < w.before {
			kept = append(kept, doc)
		}
		return true
	}
	if candidates != nil {
		candidates.Iterate(keep)
	} else {
		for doc := range p.dates {
			keep(uint32(doc))
		}
	}
	out := roaring.New()
	out.AddMany(kept)
	return out, nil
}

func (w *within) rough(ctx context.Context, p *part) (*roaring.Bitmap, error) {
	return w.find(ctx, p, nil)
}

func (a *anyOf) find(ctx context.Context, p *part, candidates *roaring.Bitmap) (*roaring.Bitmap, error) {
	out := roaring.New()
	for _, n := range a.parts {
		docs, err := n.find(ctx, p, candidates)
		if err != nil {
			return nil, err
		}
		out.Or(docs)
	}
	return out, ctx.Err()
}

func (a *anyOf) rough(ctx context.Context, p *part) (*roaring.Bitmap, error) {
	out := roaring.New()
	for _, n := range a.parts {
		docs, err := n.rough(ctx, p)
		if err != nil {
			return nil, err
		}
		out.Or(docs)
	}
	return out, ctx.Err()
}

func (b *both) find(ctx context.Context, p *part, candidates *roaring.Bitmap) (*roaring.Bitmap, error) {
	var out *roaring.Bitmap
	for _, n := range b.parts {
		docs, err := n.find(ctx, p, candidates)
		if err != nil {
			return nil, err
		}
		if candidates != nil {
			docs.And(candidates)
		}
		if docs.IsEmpty() {
			return docs, nil
		}
		out, candidates = docs, docs
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

func (b *both) rough(ctx context.Context, p *part) (*roaring.Bitmap, error) {
	return (&both{parts: b.parts}).find(ctx, p, nil)
}
