package index

import "strings"

// Query is a parsed query. Its String parses to the same query again.
type Query struct{ root expr }

// String returns the query in its canonical form.
func (q *Query) String() string {
	if q == nil || q.root == nil {
		return ""
	}
	return q.root.String()
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
	}
	// prefix matches words that begin so.
	prefix struct{ text string }
	// phrase matches words that follow each other.
	phrase struct{ text string }
	// field matches a tag or property.
	field struct{ name, value string }
	and   struct{ parts []expr }
	or    struct{ parts []expr }
	not   struct{ part expr }
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

func (p phrase) String() string { return quote(p.text) }

func (f field) String() string {
	if strings.ContainsAny(f.value, " ()") {
		return f.name + ":" + quote(f.value)
	}
	return f.name + ":" + f.value
}

func (a and) String() string { return join(a.parts, " AND ") }
func (o or) String() string  { return join(o.parts, " OR ") }
func (n not) String() string { return "NOT " + wrap(n.part) }

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
