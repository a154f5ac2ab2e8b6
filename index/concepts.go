package index

import (
	"slices"
	"strings"

	"palabre/statement"
)

// Concept is what a word or phrase of a query names, with all that is looked for
// in its place. A page shows it as a part of the query that can be taken out.
type Concept struct {
	ID    string           `json:"id"`   // takes the whole concept out, see [Query.Without]
	Kind  ConceptKind      `json:"kind"` // actor, person, place or term
	Label statement.Labels `json:"label"`
	Typed string           `json:"typed"` // the words of the query that name it
	Out   bool             `json:"out"`   // it is left out
	Names []ConceptName    `json:"names"` // what is looked for beside Typed
}

// ConceptName is one name of a concept.
type ConceptName struct {
	ID   string `json:"id"` // takes this name out, see [Query.Without]
	Text string `json:"text"`
	Lang string `json:"lang,omitempty"` // BCP 47; empty where it serves every language of its script
	Out  bool   `json:"out"`            // it is left out
}

// Concepts returns what the query's words and phrases name, each once, in the
// order of the query. What is left out is listed too and says so.
func (q *Query) Concepts() []Concept {
	if q == nil {
		return nil
	}
	var out []Concept
	seen := make(map[*concept]bool)
	gather(q.root, q.without, func(text string, written []string, c *concept, without []string) {
		if !seen[c] {
			seen[c] = true
			out = append(out, c.public(text, written, without))
		}
	})
	return out
}

// gather does f to each concept that is named, with the text that names it, the
// words of that which are looked for as written, and what is left out there.
func gather(e expr, without []string, f func(text string, written []string, c *concept, without []string)) {
	walk(e, func(e expr) bool {
		var named []*concept
		var text string
		var written []string
		switch e := e.(type) {
		case word:
			named, text, written = e.concepts, e.text, e.written()
		case phrase:
			named, text, written = e.concepts, e.text, e.written()
		case saved:
			gather(e.root, slices.Concat(without, e.without), f)
			return false
		}
		for _, c := range named {
			f(text, written, c, without)
		}
		return true
	})
}

func (c *concept) public(typed string, written, without []string) Concept {
	out := Concept{ID: c.id, Kind: c.kind, Label: c.label, Typed: typed, Out: slices.Contains(without, c.id), Names: []ConceptName{}}
	kept := c.kept(without)
	for _, v := range c.variants {
		left := c.without(v, without)
		if left || slices.Contains(kept, v) && !holds(v.words, written) {
			out.Names = append(out.Names, ConceptName{ID: c.id + "/" + v.Text, Text: v.Text, Lang: v.Lang, Out: left})
		}
	}
	return out
}

// Without returns the query with concepts or names of them left out, each given
// by its ID. The query's words stay: they are looked for as written.
func (q *Query) Without(ids ...string) *Query {
	list := slices.Clone(q.without)
	for _, id := range ids {
		if id = plainID(id); id != "" && !slices.Contains(list, id) {
			list = append(list, id)
		}
	}
	return newQuery(q.root, list)
}

// With returns the query with what was left out put back.
func (q *Query) With(ids ...string) *Query {
	drop := make([]string, len(ids))
	for i, id := range ids {
		drop[i] = plainID(id)
	}
	return newQuery(q.root, slices.DeleteFunc(slices.Clone(q.without), func(id string) bool { return slices.Contains(drop, id) }))
}

// plainID writes an ID as the query language does: without quotation marks and
// needless spaces.
func plainID(id string) string {
	return strings.Join(strings.FieldsFunc(strings.ReplaceAll(id, `"`, " "), isSpace), " ")
}
