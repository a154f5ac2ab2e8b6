package index

import (
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search/query"

	"palabre/lang"
)

// Weights of the fields in which a word is looked up. That of the title is a
// factor on those of words as written.
const (
	boostTitle = 1.5
	boostExact = 1.5
	boostName  = 1.2 // a name that a word stands for
	boostStem  = 1.0
)

// compiler turns a query into Bleve's objects.
type compiler struct {
	now time.Time
}

func (c *compiler) compile(e expr) query.Query {
	switch e := e.(type) {
	case nil:
		return bleve.NewMatchAllQuery()
	case word:
		s := e.seek()
		return oneOf(&s)
	case prefix:
		return c.prefix(e)
	case phrase:
		return c.phrase(e)
	case near:
		return c.near(e)
	case field:
		return c.field(e)
	case saved:
		return c.compile(e.root)
	case and:
		return c.and(e)
	case or:
		parts := make([]query.Query, len(e.parts))
		for i, p := range e.parts {
			parts[i] = c.compile(p)
		}
		return bleve.NewDisjunctionQuery(parts...)
	case not:
		q := bleve.NewBooleanQuery()
		q.AddMust(bleve.NewMatchAllQuery())
		q.AddMustNot(c.compile(e.part))
		return q
	}
	return bleve.NewMatchNoneQuery()
}

// oneOf finds what a word or phrase stands for, by what fits best. Titles count
// more, and words as written more than their stems.
func oneOf(s *sought) query.Query {
	q := &bestQuery{}
	for i, seq := range s.seqs {
		if len(seq) == 0 {
			continue
		}
		boost := boostExact
		if i > 0 {
			boost = boostName
		}
		q.add(inField("text", seq, boost))
		if i == 0 {
			q.add(inField("title", seq, boost*boostTitle))
		}
	}
	for language, stem := range s.stems {
		q.add(&formsQuery{"text_" + language, []string{stem}, boostStem})
	}
	return q
}

// inField finds a sequence in a field.
func inField(name string, seq sequence, boost float64) searching {
	if len(seq) == 1 {
		return &formsQuery{name, seq[0], boost}
	}
	return &placedQuery{field: name, boost: boost, operands: [][]spelt{{spelling(seq)}}}
}

func (c *compiler) prefix(p prefix) query.Query {
	list := words(p.text)
	last := len(list) - 1
	if last < 0 {
		return bleve.NewMatchNoneQuery()
	}
	if last == 0 {
		q := bleve.NewPrefixQuery(list[0])
		q.SetField("text")
		return q
	}
	return &placedQuery{field: "text", boost: boostExact, operands: [][]spelt{{begun(list)}}}
}

func (c *compiler) phrase(p phrase) query.Query {
	if p.reach == 0 {
		s := p.seek()
		return oneOf(&s)
	}
	q := &placedQuery{field: "text", boost: boostExact, reach: p.reach}
	for _, w := range words(p.text) {
		q.operands = append(q.operands, []spelt{{{forms: []string{w}}}})
	}
	return q
}

func (c *compiler) near(n near) query.Query {
	q := &placedQuery{field: "text", boost: boostExact, gaps: n.gaps}
	for _, p := range n.parts {
		q.operands = append(q.operands, operand(p))
	}
	return q
}

// operand returns what a part of NEAR stands for.
func operand(e expr) []spelt {
	var s sought
	var out []spelt
	switch e := e.(type) {
	case prefix:
		return []spelt{begun(words(e.text))}
	case word:
		s = e.seek()
		if len(s.stems) > 0 {
			out = append(out, spelt{{forms: []string{words(bare(e.text))[0]}, akin: true}})
		}
	case phrase:
		s = e.seek()
	}
	for _, seq := range s.seqs {
		out = append(out, spelling(seq))
	}
	return out
}

// keywordOf maps a field of the language to that of the index.
var keywordOf = map[string]string{"first-hand": "firsthand"}

func (c *compiler) field(f field) query.Query {
	if f.name == "date" {
		from, to, err := parseWindow(f.value, c.now)
		if err != nil {
			return bleve.NewMatchNoneQuery()
		}
		return window(from, to)
	}
	name := f.name
	if k, ok := keywordOf[name]; ok {
		name = k
	}
	value := f.value
	if name == "outlet" {
		value = lang.Fold(value)
	}
	return term(name, value)
}

func term(name, value string) query.Query {
	q := bleve.NewTermQuery(value)
	q.SetField(name)
	q.SetBoost(0)
	return q
}

// window finds the statements whose date begins within the time.
func window(from, to time.Time) query.Query {
	a, b := float64(from.Unix()), float64(to.Unix())
	yes, no := true, false
	q := bleve.NewNumericRangeInclusiveQuery(&a, &b, &yes, &no)
	q.SetField("from")
	q.SetBoost(0)
	return q
}

// and joins its parts. A topic, a stance and an actor asked for side by side
// must belong to one position.
func (c *compiler) and(a and) query.Query {
	var parts, denied []query.Query
	var tag [3]string
	tags := 0
	for _, p := range a.parts {
		if n, ok := p.(not); ok {
			denied = append(denied, c.compile(n.part))
			continue
		}
		if f, ok := p.(field); ok {
			if slot, ok := map[string]int{"topic": 0, "stance": 1, "actor": 2}[f.name]; ok && tag[slot] == "" {
				tag[slot] = f.value
				tags++
			}
		}
		parts = append(parts, c.compile(p))
	}
	if tags > 1 {
		parts = append(parts, term("tag", tagTerm(tag[0], tag[1], tag[2])))
	}
	if len(parts) == 0 {
		parts = append(parts, bleve.NewMatchAllQuery())
	}
	q := bleve.NewBooleanQuery()
	q.AddMust(parts...)
	q.AddMustNot(denied...)
	return q
}
