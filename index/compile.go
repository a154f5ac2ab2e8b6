package index

import (
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search/query"

	"palabre/lang"
)

// Weights of the fields in which a word is looked up.
const (
	boostTitle = 2.0
	boostExact = 1.5
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
		return c.word(e)
	case prefix:
		return c.prefix(e)
	case phrase:
		return c.phrase(e)
	case field:
		return c.field(e)
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

// words returns the folded words of a text.
func words(s string) []string {
	var t lang.Text
	t.Scan(s)
	var out []string
	for i, tok := range t.Tokens {
		if tok.Kind == lang.Word || tok.Kind == lang.Number {
			out = append(out, string(t.Folded(i)))
		}
	}
	return out
}

func match(text, name string, boost float64) query.Query {
	q := bleve.NewMatchQuery(text)
	q.SetField(name)
	q.SetBoost(boost)
	q.SetOperator(query.MatchQueryOperatorAnd)
	return q
}

// word looks a word up as written in title and text and, unless it is exact, by
// its stem in the text of each language.
func (c *compiler) word(w word) query.Query {
	parts := []query.Query{match(w.text, "title", boostTitle), match(w.text, "text", boostExact)}
	if !w.exact {
		for language := range stemmed {
			parts = append(parts, match(w.text, "text_"+language, boostStem))
		}
	}
	return bleve.NewDisjunctionQuery(parts...)
}

func (c *compiler) prefix(p prefix) query.Query {
	list := words(p.text)
	if len(list) == 0 {
		return bleve.NewMatchNoneQuery()
	}
	q := bleve.NewPrefixQuery(list[len(list)-1])
	q.SetField("text")
	if len(list) == 1 {
		return q
	}
	parts := []query.Query{q}
	for _, w := range list[:len(list)-1] {
		parts = append(parts, match(w, "text", boostExact))
	}
	return bleve.NewConjunctionQuery(parts...)
}

func (c *compiler) phrase(p phrase) query.Query {
	q := bleve.NewMatchPhraseQuery(p.text)
	q.SetField("text")
	return q
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

// window finds the statements whose date begins at or after a time, and before
// another.
func window(from, before time.Time) query.Query {
	q := bleve.NewTermRangeQuery(dateTerm(from), dateTerm(before))
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
