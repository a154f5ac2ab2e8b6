package index

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/RoaringBitmap/roaring/v2"
)

// want is what a part of a query asks the index for. Step makes the step of a
// plan that finds it; ranked says that what it finds counts for the order of
// relevance.
type want interface {
	step(p *planner, ranked bool) (node, error)
}

type (
	wantAll  struct{}
	wantNone struct{}
	// wantTag asks for a tag or property, which never counts for the order.
	wantTag struct{ field, value string }
	// wantDates asks for dates from a time, and before another.
	wantDates struct{ from, before time.Time }
	// wantPrefix asks for the words that begin so.
	wantPrefix struct{ field, prefix string }
	// wantForms asks for a word in any of its forms.
	wantForms struct {
		field string
		forms []string
		boost float64
	}
	// wantBest asks for one thing in any of its forms and names. It counts as in
	// the one that fits best, so that a word with many names weighs as much as
	// one without.
	wantBest struct{ parts []want }
	// wantBoth asks for all parts and none of those that are denied.
	wantBoth struct{ parts, denied []want }
	wantAny  struct{ parts []want }
)

// plan is a query made ready for a view, with its words spelled out. Whole sets of
// documents are joined at once: Bleve's own searchers would walk them one by one.
type plan struct {
	root    node
	weighed []*weighed
}

// planner makes plans.
type planner struct {
	ctx     context.Context
	view    *view
	looked  int // words that beginnings stand for, so far
	weighed []*weighed
}

// planOf makes the plan of what is wanted.
func planOf(ctx context.Context, v *view, w want) (*plan, error) {
	p := &planner{ctx: ctx, view: v}
	root, err := w.step(p, true)
	if err != nil {
		return nil, err
	}
	return &plan{root, p.weighed}, nil
}

func (wantAll) step(*planner, bool) (node, error) { return everything{}, nil }

func (wantNone) step(*planner, bool) (node, error) { return nothing{}, nil }

func (w wantTag) step(*planner, bool) (node, error) { return &oneTerm{w.field, w.value}, nil }

func (w wantDates) step(*planner, bool) (node, error) {
	return &within{w.from.Unix(), w.before.Unix()}, nil
}

// A prefix counts as a word that stands once.
func (w wantPrefix) step(p *planner, ranked bool) (node, error) {
	if _, err := p.begin(w.field, w.prefix); err != nil {
		return nil, err
	}
	n := &beginning{field: w.field, prefix: w.prefix, held: p.shelf()}
	if ranked {
		return p.weigh(n, nil), nil
	}
	return n, nil
}

func (w *wantForms) step(p *planner, ranked bool) (node, error) {
	n, leaves, err := w.spell(p)
	if err != nil {
		return nil, err
	}
	if ranked {
		return p.weigh(n, leaves), nil
	}
	return n, nil
}

// spell returns the step that finds any of the forms, each of which counts.
func (w *wantForms) spell(p *planner) (node, []leaf, error) {
	forms, err := p.known(w.field, w.forms)
	parts := make([]node, len(forms))
	leaves := make([]leaf, len(forms))
	for i, f := range forms {
		parts[i], leaves[i] = &oneTerm{w.field, f}, leaf{w.field, f, w.boost, nil}
	}
	return either(parts), leaves, err
}

func (w *wantBest) step(p *planner, ranked bool) (node, error) {
	var parts []node
	var leaves []leaf
	for _, part := range w.parts {
		n, more, err := p.name(part)
		if err != nil {
			return nil, err
		}
		leaves = append(leaves, more...)
		if n != (nothing{}) {
			parts = append(parts, n)
		}
	}
	n := either(parts)
	if !ranked {
		return n, nil
	}
	return p.weigh(n, leaves), nil
}

// name returns the step that finds one name of a thing, with what counts in it.
// What stands in a title stands in the text, too, so that it is found there.
func (p *planner) name(w want) (node, []leaf, error) {
	switch w := w.(type) {
	case *wantForms:
		n, leaves, err := w.spell(p)
		if w.field == "title" {
			n = nothing{}
		}
		return n, leaves, err
	case *wantPlaced:
		n, err := w.spell(p)
		if err != nil {
			return nil, nil, err
		}
		if w.field == "title" {
			return nothing{}, w.leaves(n), nil
		}
		return n, w.leaves(n), nil
	}
	n, err := w.step(p, false)
	return n, nil, err
}

func (w *wantPlaced) step(p *planner, ranked bool) (node, error) {
	n, err := w.spell(p)
	if err != nil || !ranked {
		return n, err
	}
	return p.weigh(n, w.leaves(n)), nil
}

func (p *planner) list(list []want, ranked bool) ([]node, error) {
	out := make([]node, len(list))
	for i, w := range list {
		var err error
		if out[i], err = w.step(p, ranked); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (w *wantAny) step(p *planner, ranked bool) (node, error) {
	parts, err := p.list(w.parts, ranked)
	if err != nil {
		return nil, err
	}
	return either(parts), nil
}

func (w *wantBoth) step(p *planner, ranked bool) (node, error) {
	parts, err := p.list(w.parts, ranked)
	if err != nil {
		return nil, err
	}
	denied, err := p.list(w.denied, false)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(parts, func(a, b node) int { return cmp.Compare(a.cost(), b.cost()) })
	return &both{parts, denied}, nil
}

func (p *planner) weigh(n node, leaves []leaf) node {
	w := &weighed{node: n, leaves: leaves}
	p.weighed = append(p.weighed, w)
	return w
}

// shelf has room for a set of documents of each part.
func (p *planner) shelf() []*roaring.Bitmap { return make([]*roaring.Bitmap, len(p.view.parts)) }

// begin returns the words of a field that begin so, each once. More than a query
// may stand for in all are ErrTooBroad.
func (p *planner) begin(field, prefix string) ([]string, error) {
	seen := newSet()
	for i := range p.view.parts {
		err := eachTerm(p.view.parts[i], field, prefix, func(word string, _ func() (postings, error)) error {
			seen.add(word)
			if p.looked+len(seen.items) > maxExpansion {
				return ErrTooBroad
			}
			return p.ctx.Err()
		})
		if err != nil {
			return nil, err
		}
	}
	p.looked += len(seen.items)
	return seen.list(), nil
}

// known returns the words that some document has in the field.
func (p *planner) known(field string, words []string) ([]string, error) {
	out := newSet()
	for i := range p.view.parts {
		for _, w := range words {
			list, err := p.view.parts[i].list(field, w)
			if err != nil {
				return nil, err
			}
			if list.Count() > 0 {
				out.add(w)
			}
		}
	}
	return out.list(), nil
}
