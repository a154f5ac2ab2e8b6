package index_test

import (
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"

	"palabre/index"
)

// TestDocsSayWhatHolds checks docs/search.md: every field stands there, every
// example can be read, and the limits are those of the parser.
func TestDocsSayWhatHolds(t *testing.T) {
	data, err := os.ReadFile("../docs/search.md")
	if err != nil {
		t.Fatal(err)
	}
	docs := string(data)
	for _, f := range index.Fields {
		if !strings.Contains(docs, "`"+f.Name+":") {
			t.Errorf("the field %s: is not in docs/search.md", f.Name)
		}
	}
	r := named(t)
	for _, m := range regexp.MustCompile("(?m)palabre search '(.*)'$").FindAllStringSubmatch(docs, -1) {
		var syntax *index.SyntaxError
		if err := r.Check(t.Context(), m[1]); errors.As(err, &syntax) && !strings.Contains(syntax.What, "no saved search") {
			t.Errorf("%s: %v", m[1], err)
		}
	}
	for _, c := range []struct{ query, line string }{
		{"actor:jmin", "query, column 7: actor:jmin is unknown: takes an actor, such as jnim: did you mean jnim?"},
		{`a "b`, "query, column 3: the quotation mark is not closed"},
	} {
		if err := r.Check(t.Context(), c.query); err == nil || err.Error() != c.line || !strings.Contains(docs, c.line) {
			t.Errorf("%s: %v, want %q, also in docs/search.md", c.query, err, c.line)
		}
	}
}
