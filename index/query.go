package index

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Query is a parsed query. Its String parses to the same query again. It does not
// change: [Query.Without] and [Query.With] return others.
type Query struct {
	root    expr
	without []string // concepts that are left out, as "id", and names of them, as "id/name"
}

// String returns the query in its canonical form.
func (q *Query) String() string {
	if q == nil || q.root == nil {
		return ""
	}
	out := q.root.String()
	if _, ok := q.root.(or); ok && len(q.without) > 0 {
		out = wrap(q.root)
	}
	for _, w := range q.without {
		out += " " + field{"without", w}.String()
	}
	return out
}

// asks reports whether the query names a saved search.
func (q *Query) asks() bool {
	found := false
	walk(q.root, func(e expr) bool {
		_, ok := e.(saved)
		found = found || ok
		return !found
	})
	return found
}

// expr is a node of a query.
type expr interface {
	String() string
}

type (
	// word is a word, matched in any language's form; exact ones as written.
	word struct {
		text  string
		exact bool
		naming
	}
	// prefix matches words that begin so.
	prefix struct{ text string }
	// phrase matches words that follow each other or, where it reaches further,
	// stand in any order with at most so many others among them.
	phrase struct {
		text  string
		exact bool
		reach int
		naming
	}
	// run matches words side by side that together are a name: each of the words,
	// wherever it stands, or the whole and all that it stands for.
	run struct {
		apart and // of words
		whole phrase
	}
	// near matches words and phrases of which each stands near the one before,
	// with at most so many words between. There is one gap less than parts.
	near struct {
		parts []expr // word, prefix and phrase
		gaps  []int
	}
	// field matches a tag or property.
	field struct{ name, value string }
	// saved stands for a saved search.
	saved struct {
		name    string
		root    expr // nil finds everything
		without []string
	}
	and struct{ parts []expr }
	or  struct{ parts []expr }
	not struct{ part expr }
)

func (w word) String() string {
	if w.exact {
		return "exact:" + w.text
	}
	return w.text
}

func (p prefix) String() string { return p.text + "*" }

// A quoted text has no quotation mark of this form in it: the parser takes
// them out.
func quote(s string) string { return `"` + s + `"` }

func (p phrase) String() string {
	out := quote(p.text)
	if p.exact {
		out = "exact:" + out
	}
	if p.reach > 0 {
		out += "~" + strconv.Itoa(p.reach)
	}
	return out
}

func (r run) String() string { return r.whole.text }

func (n near) String() string {
	out := n.parts[0].String()
	for i, gap := range n.gaps {
		out += " NEAR/" + strconv.Itoa(gap) + " " + n.parts[i+1].String()
	}
	return out
}

func (f field) String() string {
	plain := func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-_./+", r)
	}
	if strings.ContainsFunc(f.value, func(r rune) bool { return !plain(r) }) {
		return f.name + ":" + quote(f.value)
	}
	return f.name + ":" + f.value
}

func (s saved) String() string { return "search:" + quote(s.name) }
func (a and) String() string   { return join(a.parts, " AND ") }
func (o or) String() string    { return join(o.parts, " OR ") }

func (n not) String() string {
	if r, ok := n.part.(run); ok { // NOT denies one word
		return "NOT (" + r.String() + ")"
	}
	return "NOT " + wrap(n.part)
}

func join(parts []expr, by string) string {
	out := make([]string, len(parts))
	for i, p := range parts {
		out[i] = wrap(p)
	}
	return strings.Join(out, by)
}

// wrap puts brackets around what has parts of its own.
func wrap(e expr) string {
	switch e.(type) {
	case and, or:
		return "(" + e.String() + ")"
	}
	return e.String()
}

// walk does f to each part of an expression from left to right, and goes into
// those for which it returns true.
func walk(e expr, f func(expr) bool) {
	if e == nil || !f(e) {
		return
	}
	var parts []expr
	switch e := e.(type) {
	case near:
		parts = e.parts
	case run:
		parts = []expr{e.whole, e.apart}
	case and:
		parts = e.parts
	case or:
		parts = e.parts
	case not:
		parts = []expr{e.part}
	case saved:
		parts = []expr{e.root}
	}
	for _, p := range parts {
		walk(p, f)
	}
}

// settled returns the expression with the names decided that its words stand for.
// What is left out of a query is left out of the saved searches in it as well.
func settled(e expr, without []string) expr {
	all := func(parts []expr) []expr {
		out := make([]expr, len(parts))
		for i, p := range parts {
			out[i] = settled(p, without)
		}
		return out
	}
	switch e := e.(type) {
	case word:
		e.naming = e.settle(e.written(), without)
		return e
	case phrase:
		e.naming = e.settle(e.written(), without)
		return e
	case run:
		e.whole.naming = e.whole.settle(e.whole.written(), without)
		e.apart.parts = all(e.apart.parts)
		return e
	case near:
		return near{all(e.parts), e.gaps}
	case and:
		return and{all(e.parts)}
	case or:
		return or{all(e.parts)}
	case not:
		return not{settled(e.part, without)}
	case saved:
		e.root = settled(e.root, slices.Concat(without, e.without))
		return e
	}
	return e
}

// newQuery returns the query without the concepts and names that are left out.
func newQuery(root expr, without []string) *Query {
	without = slices.Clone(without)
	slices.Sort(without)
	without = slices.Compact(without)
	if len(without) == 0 {
		without = nil
	}
	return &Query{settled(root, without), without}
}
