package index

import (
	"cmp"
	"context"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search/query"
)

// node is a step of a plan. It finds the documents of one part; what it returns
// is the caller's to change. It may leave out what is not in within, unless that
// is nil.
type node interface {
	find(ctx context.Context, p *part, within *roaring.Bitmap) (*roaring.Bitmap, error)
	cost() int // roughly, to begin with what is cheap
}

// plan is a query made ready for a view: its words cut and its prefixes spelled
// out. Bleve's own searchers would walk the documents one by one; here whole sets
// of them are joined at once.
type plan struct {
	root    node
	weighed []*weighed
}

// planner makes plans.
type planner struct {
	ctx      context.Context
	view     *view
	mapping  mapping.IndexMapping
	expanded int // terms that prefixes stand for, so far
	weighed  []*weighed
}

// planOf makes the plan of a query.
func planOf(ctx context.Context, v *view, m mapping.IndexMapping, q query.Query) (*plan, error) {
	p := &planner{ctx: ctx, view: v, mapping: m}
	root, err := p.node(q, true)
	if err != nil {
		return nil, err
	}
	return &plan{root, p.weighed}, nil
}

// oneThing is a disjunction of several names or forms of one thing. It weighs as
// one word does, whichever of them is met.
type oneThing struct{ *query.DisjunctionQuery }

// node makes the step for a query. Ranked says that what it finds counts for the
// order of relevance.
func (p *planner) node(q query.Query, ranked bool) (node, error) {
	switch q := q.(type) {
	case *query.MatchAllQuery:
		return everything{}, nil
	case *query.MatchNoneQuery:
		return nothing{}, nil
	case *query.TermRangeQuery:
		return p.dates(q)
	case *query.ConjunctionQuery:
		return p.and(q.Conjuncts, nil, ranked)
	case *query.BooleanQuery:
		return p.boolean(q, ranked)
	case oneThing:
		return p.thing(q.DisjunctionQuery, ranked)
	case *query.DisjunctionQuery:
		if q.Min > 1 {
			return p.foreign(q, ranked)
		}
		if len(q.Disjuncts) > 1 && onlyTerms(q.Disjuncts) {
			return p.thing(q, ranked)
		}
		return p.or(q.Disjuncts, ranked)
	case *query.TermQuery, *query.MatchQuery:
		n, leaves := p.leaf(q)
		if len(leaves) > 0 && ranked {
			return p.weigh(n, leaves), nil
		}
		return n, nil
	case *query.PrefixQuery:
		return p.prefix(q, ranked)
	case *query.MatchPhraseQuery:
		return p.phrase(q.FieldVal, p.tokens(q.FieldVal, q.MatchPhrase), ranked)
	case *query.PhraseQuery:
		return p.phrase(q.FieldVal, q.Terms, ranked)
	}
	return p.foreign(q, ranked)
}

func onlyTerms(list []query.Query) bool {
	for _, q := range list {
		switch q.(type) {
		case *query.TermQuery, *query.MatchQuery:
		default:
			return false
		}
	}
	return true
}

// thing joins names of one thing, which are weighed together.
func (p *planner) thing(q *query.DisjunctionQuery, ranked bool) (node, error) {
	var parts []node
	var leaves []leaf
	for _, d := range q.Disjuncts {
		n, more, err := p.name(d)
		if err != nil {
			return nil, err
		}
		parts, leaves = append(parts, n), append(leaves, more...)
	}
	n := either(parts)
	if !ranked || len(leaves) == 0 && onlyTerms(q.Disjuncts) { // tags do not weigh
		return n, nil
	}
	return p.weigh(n, leaves), nil
}

// name is one name of a thing, and the terms that weigh in it.
func (p *planner) name(q query.Query) (node, []leaf, error) {
	switch q := q.(type) {
	case *query.TermQuery, *query.MatchQuery:
		n, leaves := p.leaf(q)
		return n, leaves, nil
	case *query.DisjunctionQuery:
		var parts []node
		var leaves []leaf
		for _, d := range q.Disjuncts {
			n, more, err := p.name(d)
			if err != nil {
				return nil, nil, err
			}
			parts, leaves = append(parts, n), append(leaves, more...)
		}
		return either(parts), leaves, nil
	}
	n, err := p.node(q, false)
	return n, nil, err
}

// leaf looks one word up in one field, whose words must all be there where it is
// cut into several. It weighs only as one, and if it is boosted at all.
func (p *planner) leaf(q query.Query) (node, []leaf) {
	var field string
	var boost float64
	var terms []string
	all := true
	switch q := q.(type) {
	case *query.TermQuery:
		field, boost, terms = q.FieldVal, q.BoostVal.Value(), []string{q.Term}
	case *query.MatchQuery:
		field, boost, terms = q.FieldVal, q.BoostVal.Value(), p.tokens(q.FieldVal, q.Match)
		all = q.Operator == query.MatchQueryOperatorAnd
	}
	parts := make([]node, len(terms))
	var leaves []leaf
	for i, t := range terms {
		parts[i] = &term1{field, t}
		if boost > 0 && (i == 0 || !all) {
			leaves = append(leaves, leaf{field, t, boost})
		}
	}
	switch {
	case len(parts) == 0:
		return nothing{}, nil
	case len(parts) == 1:
		return parts[0], leaves
	case all:
		return &both{parts: parts}, leaves
	}
	return either(parts), leaves
}

// tokens cuts a text as the field's analyzer does.
func (p *planner) tokens(field, text string) []string {
	var out []string
	for _, t := range p.mapping.AnalyzerNamed(p.mapping.AnalyzerNameForPath(field)).Analyze([]byte(text)) {
		out = append(out, string(t.Term))
	}
	return out
}

func (p *planner) list(list []query.Query, ranked bool) ([]node, error) {
	out := make([]node, len(list))
	for i, q := range list {
		var err error
		if out[i], err = p.node(q, ranked); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (p *planner) or(list []query.Query, ranked bool) (node, error) {
	parts, err := p.list(list, ranked)
	if err != nil {
		return nil, err
	}
	return either(parts), nil
}

func (p *planner) and(must, mustNot []query.Query, ranked bool) (node, error) {
	parts, err := p.list(must, ranked)
	if err != nil {
		return nil, err
	}
	denied, err := p.list(mustNot, false)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(parts, func(a, b node) int { return cmp.Compare(a.cost(), b.cost()) })
	return &both{parts, denied}, nil
}

// boolean takes what the compiler makes: parts that must match and others that
// must not.
func (p *planner) boolean(q *query.BooleanQuery, ranked bool) (node, error) {
	var must, mustNot []query.Query
	if q.Should != nil || q.Filter != nil {
		return p.foreign(q, ranked)
	}
	if c, ok := q.Must.(*query.ConjunctionQuery); ok {
		must = c.Conjuncts
	}
	if d, ok := q.MustNot.(*query.DisjunctionQuery); ok {
		mustNot = d.Disjuncts
	}
	return p.and(must, mustNot, ranked)
}

func (p *planner) dates(q *query.TermRangeQuery) (node, error) {
	if q.FieldVal != "from" {
		return p.foreign(q, false)
	}
	from, err := dateOf([]byte(q.Min))
	if err != nil {
		return nil, err
	}
	before, err := dateOf([]byte(q.Max))
	if err != nil {
		return nil, err
	}
	return &window1{from, before}, nil
}

// prefix spells a prefix out. A prefix weighs as a word that stands once.
func (p *planner) prefix(q *query.PrefixQuery, ranked bool) (node, error) {
	seen := newSet()
	for i := range p.view.parts {
		err := eachTerm(p.view.parts[i], q.FieldVal, []byte(q.Prefix), after(q.Prefix), func(t string, _ postings) error {
			seen.add(t)
			if p.expanded+len(seen.items) > maxExpansion {
				return ErrTooBroad
			}
			return p.ctx.Err()
		})
		if err != nil {
			return nil, err
		}
	}
	p.expanded += len(seen.items)
	n := &prefix1{q.FieldVal, q.Prefix}
	if !ranked || q.BoostVal.Value() == 0 {
		return n, nil
	}
	return p.weigh(n, nil), nil
}

// after returns the first term behind all that begin with the prefix; nil if
// there is none.
func after(prefix string) []byte {
	b := []byte(prefix)
	for i := len(b) - 1; i >= 0; i-- {
		if b[i]++; b[i] != 0 {
			return b[:i+1]
		}
	}
	return nil
}

// phrase weighs as its words do, of which each must be there.
func (p *planner) phrase(field string, terms []string, ranked bool) (node, error) {
	if len(terms) == 0 {
		return nothing{}, nil
	}
	if len(terms) == 1 {
		n := &term1{field, terms[0]}
		if ranked {
			return p.weigh(n, []leaf{{field, terms[0], boostExact}}), nil
		}
		return n, nil
	}
	if ranked {
		for _, t := range terms {
			p.weigh(&term1{field, t}, []leaf{{field, t, boostExact}})
		}
	}
	return &phrase1{field, terms}, nil
}

func (p *planner) weigh(n node, leaves []leaf) node {
	w := &weighed{node: n, leaves: leaves, held: make([]*roaring.Bitmap, len(p.view.parts))}
	p.weighed = append(p.weighed, w)
	return w
}
