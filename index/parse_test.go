package index_test

import (
	"errors"
	"strings"
	"testing"

	"palabre/index"
)

func TestParseString(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"  a   b ", "a AND b"},
		{"a OR b c", "a OR (b AND c)"},
		{"(a OR b) c", "(a OR b) AND c"},
		{"NOT a", "NOT a"},
		{"--a", "a"},
		{"-(a b)", "NOT (a AND b)"},
		{`«deux mots»`, `"deux mots"`},
		{"negoc*", "negoc*"},
		{"Actor:jnim", "actor:jnim"},
		{`source:"a b"`, `source:"a b"`},
		{"exact:Keïta", "exact:Keïta"},
		{"al-Qaïda", "al-Qaïda"},
		{"ANDROID ORANGE", "ANDROID AND ORANGE"},
	} {
		q, err := index.Parse(c.in)
		if err != nil {
			t.Errorf("%q: %v", c.in, err)
			continue
		}
		if q.String() != c.want {
			t.Errorf("%q: %q, want %q", c.in, q, c.want)
		}
	}
}

func TestParseErrorsNameTheColumn(t *testing.T) {
	for _, c := range []struct {
		in     string
		column int
		what   string
	}{
		{"*", 1, "cannot begin a word"},
		{"*a*", 1, "cannot begin a word"},
		{"/.*/", 1, "cannot begin a word"},
		{"été ?", 5, "cannot begin a word"},
		{"ab*", 1, "a prefix needs at least 3 letters"},
		{"negoc*er", 7, "a star stands at the end"},
		{`a "b`, 3, "the quotation mark is not closed"},
		{"(a", 1, "the bracket is not closed"},
		{"a)", 2, "unexpected ')'"},
		{"a AND", 6, "the query ends"},
		{"OR a", 1, "unexpected"},
		{"actr:x", 1, `unknown field "actr"`},
		{"stance:maybe", 8, "takes pro, anti, conditional or mixed"},
		{"date:tomorrow", 6, "takes 2020"},
		{"actor:", 7, "takes an actor"},
		{`"..."`, 1, "no word in it"},
		{"a ---", 6, "the query ends"},
		{"\xff", 1, "not valid UTF-8"},
		{strings.Repeat("(", 100_000), 1, "the most is 4096"},
		{strings.Repeat("(", 100), 33, "nested deeper than 32"},
		{strings.Repeat("a ", 100), 129, "more than 64 terms"},
		{strings.Repeat("-", 100) + "a", 1, "more than 64 terms"},
		{strings.Repeat("word ", 10_000), 1, "the most is 4096"},
	} {
		_, err := index.Parse(c.in)
		var syntax *index.SyntaxError
		if !errors.As(err, &syntax) {
			t.Errorf("%.20q: got %v, want a syntax error", c.in, err)
			continue
		}
		if syntax.Column != c.column && c.what != "unexpected" || !strings.Contains(syntax.What, c.what) {
			t.Errorf("%.20q: column %d %q, want column %d with %q", c.in, syntax.Column, syntax.What, c.column, c.what)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"a OR (b -c)", `"x y" topic:dialogue`, "negoc* date:P7D", "«é»", "((", "-", "exact:x", "a:b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		q, err := index.Parse(s)
		if err != nil {
			return
		}
		again, err := index.Parse(q.String())
		if err != nil {
			t.Fatalf("%q becomes %q, which does not parse: %v", s, q, err)
		}
		if again.String() != q.String() {
			t.Fatalf("%q becomes %q and then %q", s, q, again)
		}
	})
}
