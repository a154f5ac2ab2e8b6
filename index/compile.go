package index

import (
	"time"

	"palabre/lang"
)

// Weights of the fields in which a word is looked up. That of the title is a
// factor on those of words as written.
const (
	boostTitle = 1.5
	boostExact = 1.5
	boostName  = 0.7 // a name that a word stands for
	boostStem  = 1.0
)

// compiler turns a query into what is wanted of the index.
type compiler struct {
	now time.Time
}

func (c *compiler) compile(e expr) want {
	switch e := e.(type) {
	case nil:
		return wantAll{}
	case word:
		s := e.seek()
		return oneOf(&s)
	case prefix:
		return c.prefix(e)
	case phrase:
		return c.phrase(e)
	case run:
		return &wantAny{[]want{c.compile(e.apart), c.compile(e.whole)}}
	case near:
		return c.near(e)
	case field:
		return c.field(e)
	case saved:
		return c.compile(e.root)
	case and:
		return c.and(e)
	case or:
		parts := make([]want, len(e.parts))
		for i, p := range e.parts {
			parts[i] = c.compile(p)
		}
		return &wantAny{parts}
	case not:
		return &wantBoth{denied: []want{c.compile(e.part)}}
	}
	return wantNone{}
}

// oneOf finds what a word or phrase stands for, by what fits best. Titles count
// more, and words as written more than their stems.
func oneOf(s *sought) want {
	q := &wantBest{}
	for i, seq := range s.seqs {
		if len(seq) == 0 {
			continue
		}
		boost := boostExact
		if i > 0 {
			boost = boostName
		}
		q.parts = append(q.parts, inField("text", seq, boost))
		if i == 0 {
			q.parts = append(q.parts, inField("title", seq, boost*boostTitle))
		}
	}
	for language, stem := range s.stems {
		q.parts = append(q.parts, &wantForms{"text_" + language, []string{stem}, boostStem})
	}
	return q
}

// inField asks for a sequence in a field.
func inField(name string, seq sequence, boost float64) want {
	if len(seq) == 1 {
		return &wantForms{name, seq[0], boost}
	}
	return &wantPlaced{field: name, boost: boost, operands: [][]spelt{{spelling(seq)}}}
}

func (c *compiler) prefix(p prefix) want {
	list := p.written()
	last := len(list) - 1
	if last < 0 {
		return wantNone{}
	}
	if last == 0 {
		return wantPrefix{"text", list[0]}
	}
	return &wantPlaced{field: "text", boost: boostExact, operands: [][]spelt{{begun(list)}}}
}

func (c *compiler) phrase(p phrase) want {
	if p.reach == 0 {
		s := p.seek()
		return oneOf(&s)
	}
	q := &wantPlaced{field: "text", boost: boostExact, reach: p.reach}
	for _, w := range words(p.text) {
		q.operands = append(q.operands, []spelt{{{forms: []string{w}}}})
	}
	return q
}

func (c *compiler) near(n near) want {
	q := &wantPlaced{field: "text", boost: boostExact, gaps: n.gaps}
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
		return []spelt{begun(e.written())}
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

func (c *compiler) field(f field) want {
	if f.name == "date" {
		from, to, err := parseWindow(f.value, c.now)
		if err != nil {
			return wantNone{}
		}
		return wantDates{from, to}
	}
	name := f.name
	if k, ok := keywordOf[name]; ok {
		name = k
	}
	value := f.value
	if name == "outlet" {
		value = lang.Fold(value)
	}
	return wantTag{name, value}
}

// and joins its parts. A topic, a stance, an actor, a speaker and a target asked
// for side by side must belong to one position.
func (c *compiler) and(a and) want {
	var parts, denied []want
	for _, p := range a.parts {
		if n, ok := p.(not); ok {
			denied = append(denied, c.compile(n.part))
			continue
		}
		parts = append(parts, c.compile(p))
	}
	if t := positionOf(a.parts); t.set() > 1 {
		parts = append(parts, wantTag{"tag", t.term()})
	}
	return &wantBoth{parts, denied}
}
