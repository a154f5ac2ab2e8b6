package index

import (
	"context"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// spelt is words that follow each other, as they may be spelt.
type spelt []spelledWord

// spelledWord is a word in any of its forms. Those of an open one are beginnings
// of words; to those of an akin one belong the words with the same stem.
type spelledWord struct {
	forms      []string
	open, akin bool
	length     int // of what was asked for, in bytes, whichever forms the index has
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

// wantPlaced asks for words by where they stand in a field: one operand, whose
// words follow each other; several within a reach; or several of which each
// stands near the one before. An operand may be spelt in several ways.
type wantPlaced struct {
	field    string
	operands [][]spelt
	gaps     []int
	reach    int
	boost    float64
}

// spell returns the step that finds it, with the forms that the index has.
func (w *wantPlaced) spell(p *planner) (*placed, error) {
	out := &placed{want: w, operands: make([][]spelt, len(w.operands)), held: p.shelf(), over: p.shelf()}
	for i, ways := range w.operands {
		for _, way := range ways {
			known := make(spelt, len(way))
			whole := true
			for k, word := range way {
				forms, err := p.spell(w.field, word)
				if err != nil {
					return nil, err
				}
				known[k], whole = spelledWord{forms: forms, length: len(word.forms[0])}, whole && len(forms) > 0
			}
			if whole {
				out.operands[i] = append(out.operands[i], known)
			}
		}
	}
	return out, nil
}

// leaves let it count as the longest word of its longest operand does, where the
// words stand as wanted: in whatever way that operand is spelt there. Which words
// these are rests on the query alone, so that other statements change no score.
func (w *wantPlaced) leaves(n *placed) []leaf {
	heaviest, most := 0, 0
	for i, ways := range w.operands {
		for _, word := range ways[0] {
			if l := len(word.forms[0]); l > most {
				heaviest, most = i, l
			}
		}
	}
	forms := newSet()
	for _, way := range n.operands[heaviest] {
		longest := slices.MaxFunc(way, func(a, b spelledWord) int { return a.length - b.length })
		for _, f := range longest.forms {
			forms.add(f)
		}
	}
	var out []leaf
	for _, f := range forms.list() {
		out = append(out, leaf{w.field, f, w.boost, n})
	}
	return out
}

// placed is the step that looks where words stand.
type placed struct {
	want     *wantPlaced
	operands [][]spelt         // with the forms that there are
	held     []*roaring.Bitmap // by part, what was found
	over     []*roaring.Bitmap // by part, among what it was looked for
}

func (*placed) cost() int { return 9 }

// rough finds the documents that have all words.
func (n *placed) rough(_ context.Context, p *part) (*roaring.Bitmap, error) {
	all := p.all()
	for _, ways := range n.operands {
		any := roaring.New()
		for _, way := range ways {
			docs := all.Clone()
			for _, word := range way {
				one := roaring.New()
				for _, f := range word.forms {
					list, err := p.list(n.want.field, f)
					if err != nil {
						return nil, err
					}
					list.OrInto(one)
				}
				docs.And(one)
			}
			any.Or(docs)
		}
		all.And(any)
	}
	return all, nil
}

// find looks through the documents that have all words.
func (n *placed) find(ctx context.Context, p *part, candidates *roaring.Bitmap) (*roaring.Bitmap, error) {
	docs, err := n.rough(ctx, p)
	if err != nil {
		return nil, err
	}
	if candidates != nil {
		docs.And(candidates)
	}
	readers, err := n.readers(p, docs)
	if err != nil {
		return nil, err
	}
	var kept []uint32
	at := make(map[string][]int, len(readers))
	parts := make([][]place, len(n.operands))
	for i, doc := range docs.ToArray() {
		if i%checkEvery == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		for k := range readers {
			r := &readers[k]
			if at[r.term], err = r.positions(uint64(doc), at[r.term][:0]); err != nil {
				return nil, err
			}
		}
		for k := range n.operands {
			parts[k] = places(n.operands[k], at)
		}
		if n.want.stands(parts) {
			kept = append(kept, doc)
		}
	}
	out := roaring.New()
	out.AddMany(kept)
	n.held[p.number] = out
	if candidates == nil {
		n.over[p.number] = p.all()
	} else {
		n.over[p.number] = candidates.Clone()
	}
	return out.Clone(), nil
}

// among returns what is found among documents, which may have been looked
// through already.
func (n *placed) among(ctx context.Context, p *part, docs *roaring.Bitmap) (*roaring.Bitmap, error) {
	if over := n.over[p.number]; over != nil && over.AndCardinality(docs) == docs.GetCardinality() {
		return n.held[p.number], nil
	}
	return n.find(ctx, p, docs)
}

// checkEvery is after how many documents the deadline is looked at.
const checkEvery = 16

// reader reads where a term stands in one document after the other.
type reader struct {
	term string
	list segment.PostingsIterator
	next segment.Posting // nil at the end
}

// readers returns one for each term, for the given documents.
func (n *placed) readers(p *part, docs *roaring.Bitmap) ([]reader, error) {
	terms := newSet()
	for _, ways := range n.operands {
		for _, way := range ways {
			for _, word := range way {
				for _, f := range word.forms {
					terms.add(f)
				}
			}
		}
	}
	out := make([]reader, 0, len(terms.items))
	for _, t := range terms.items {
		list, err := p.list(n.want.field, t)
		if err != nil {
			return nil, err
		}
		have := roaring.New()
		list.OrInto(have)
		have.And(docs)
		r := reader{term: t, list: only(list.Iterator(true, false, true, nil), have)}
		if r.next, err = r.list.Next(); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

// positions appends where the term stands in a document. Documents are asked for
// in order.
func (r *reader) positions(doc uint64, out []int) ([]int, error) {
	var err error
	for r.next != nil && r.next.Number() < doc {
		if r.next, err = r.list.Next(); err != nil {
			return nil, err
		}
	}
	if r.next != nil && r.next.Number() == doc {
		for _, l := range r.next.Locations() {
			out = append(out, int(l.Pos()))
		}
	}
	return out, nil
}

// only narrows an iterator down to documents that it holds.
func only(it segment.PostingsIterator, docs *roaring.Bitmap) segment.PostingsIterator {
	if narrow, ok := it.(segment.OptimizablePostingsIterator); ok {
		narrow.ReplaceActual(docs)
	}
	return it
}

// stands reports whether the operands stand as the query asks for.
func (w *wantPlaced) stands(parts [][]place) bool {
	if w.reach > 0 {
		return gathered(parts, w.reach) != nil
	}
	return chained(parts, w.gaps) != nil
}

// mostAkin is how many words of the index a word beside NEAR may stand for.
const mostAkin = 250

// spell returns the forms of a word that the index has.
func (p *planner) spell(field string, w spelledWord) ([]string, error) {
	switch {
	case w.open:
		return p.begun(field, w.forms[0], func(string) bool { return true })
	case w.akin:
		return p.begun(field, stemOf(w.forms[0]), akinTo(w.forms[0]))
	}
	return p.known(field, w.forms)
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

// begun returns the words of a field that begin so and pass a test.
func (p *planner) begun(field, start string, good func(string) bool) ([]string, error) {
	if len(start) < minStem {
		return nil, nil
	}
	all, err := p.begin(field, start)
	if err != nil {
		return nil, err
	}
	out := slices.DeleteFunc(all, func(w string) bool { return !good(w) })
	if len(out) > mostAkin {
		return nil, ErrTooBroad
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
