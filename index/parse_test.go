package index_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"palabre/index"
	"palabre/statement"
)

// searches are what the tests have saved.
var searches = []statement.SavedSearch{
	{Name: "Truce", Query: `ceasefire OR "peu de mots"`},
	{Name: "Line of JNIM", Query: "actor:jnim search:truce"},
	{Name: "all", Query: ""},
	{Name: "bad", Query: "a AND (b"},
	{Name: "round", Query: "a search:about"},
	{Name: "about", Query: "search:ROUND b"},
	{Name: "one", Query: "search:two"},
	{Name: "two", Query: "search:three"},
	{Name: "three", Query: "search:four"},
	{Name: "four", Query: "search:five"},
	{Name: "five", Query: "a"},
	{Name: "wide", Query: strings.Repeat("search:wider ", 9)},
	{Name: "wider", Query: "a"},
	{Name: "long", Query: strings.Repeat("a ", 40)},
}

func reader() *index.Reader {
	return &index.Reader{
		Lexicon: index.NewLexicon(registry),
		Saved:   func(context.Context) ([]statement.SavedSearch, error) { return searches, nil },
	}
}

func parse(t testing.TB, s string) *index.Query {
	t.Helper()
	q, err := reader().Parse(t.Context(), s)
	if err != nil {
		t.Fatalf("%s: %v", s, err)
	}
	return q
}

func TestParseString(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"  a   b ", "a AND b"},
		{"a OR b c", "a OR (b AND c)"},
		{"(a OR b) c", "(a OR b) AND c"},
		{"NOT a", "NOT a"},
		{"--a", "a"},
		{"- a", "NOT a"},
		{"-(a b)", "NOT (a AND b)"},
		{`«deux mots»`, `"deux mots"`},
		{"« deux\u202fmots »", `"deux mots"`},
		{"„zwei Worte“ ”två ord” ‟so far”", `"zwei Worte" AND "två ord" AND "so far"`},
		{"\u200fحوار\u200e AND\u202a état\u202c", "حوار AND état"},
		{"negoc*", "negoc*"},
		{`"a b"~5`, `"a b"~5`},
		{"a NEAR/5 b", "a NEAR/5 b"},
		{`(a NEAR/3 «b c») OR negoc* NEAR/50 exact:d NEAR/1 e`, `a NEAR/3 "b c" OR negoc* NEAR/50 exact:d NEAR/1 e`},
		{"-a NEAR/2 b c", "NOT a NEAR/2 b AND c"},
		{"near NEARBY nearby", "near AND NEARBY AND nearby"},
		{"Actor:jnim", "actor:jnim"},
		{"actor:GSIM", "actor:jnim"},
		{`actor:"نصرة الإسلام"`, "actor:jnim"},
		{"actor:unknown", "actor:unknown"},
		{"actor:Kouffa", "speaker:amadou-koufa"},
		{"speaker:Koufa", "speaker:amadou-koufa"},
		{"place:كيدال target:foreign", "place:kidal AND target:foreign"},
		{`source:"a b"`, `source:"a b"`},
		{`source:"“x"`, `source:"“x"`},
		{"Stance:PRO grade:b lang:FR kind:Wire", "stance:pro AND grade:B AND lang:fr AND kind:wire"},
		{"exact:Keïta", "exact:Keïta"},
		{`exact:"d'accord" exact:«l'État»`, `exact:"d'accord" AND exact:"l'État"`},
		{`exact:"a b"~3`, `exact:"a b"~3`},
		{`search:truce OR search:"LINE OF JNIM"`, `search:"truce" OR search:"LINE OF JNIM"`},
		{"date:P2W date:/2020 date:2020-02/", "date:P2W AND date:/2020 AND date:2020-02/"},
		{"koufa without:amadou-koufa", "koufa without:amadou-koufa"},
		{"a OR without:jnim b without:jnim/GSIM", "(a OR b) without:jnim without:jnim/GSIM"},
		{"al-Qaïda", "al-Qaïda"},
		{"ANDROID ORANGE", "ANDROID AND ORANGE"},
	} {
		q, err := reader().Parse(t.Context(), c.in)
		if err != nil {
			t.Errorf("%q: %v", c.in, err)
			continue
		}
		if q.String() != c.want {
			t.Errorf("%q: %q, want %q", c.in, q, c.want)
		}
	}
}

// refused are queries that are wrong or would take too much, with the column and
// a part of the message.
var refused = []struct {
	in     string
	column int
	what   string
}{
	{"*", 1, "cannot begin a word"},
	{"*a*", 1, "cannot begin a word"},
	{"/.*/", 1, "cannot begin a word"},
	{"été ?", 5, "cannot begin a word"},
	{"ab*", 1, "a prefix needs at least 3 letters"},
	{"مف*", 1, "a prefix needs at least 3 letters"},
	{"al-Q*", 1, "a prefix needs at least 3 letters"},
	{"negoc*er", 7, "a star stands at the end"},
	{"negoc~2", 6, "~ stands behind a \"phrase\" only"},
	{"negoc~", 6, "~ stands behind a \"phrase\" only"},
	{`a "b`, 3, "the quotation mark is not closed"},
	{"a «b", 3, "the quotation mark is not closed"},
	{"(a", 1, "the bracket is not closed"},
	{"a)", 2, "unexpected ')'"},
	{"a AND", 6, "the query ends"},
	{"OR a", 1, "unexpected OR"},
	{"a OR AND b", 6, "unexpected AND"},
	{"()", 2, "unexpected ')'"},
	{"actr:x", 1, `unknown field "actr": did you mean actor:?`},
	{"colour:x", 1, `unknown field "colour": want one of actor, speaker`},
	{"actor:", 7, "takes an actor"},
	{"actor:jmin", 7, "actor:jmin is unknown: takes an actor, such as jnim: did you mean jnim?"},
	{"actor:kofa", 7, "did you mean amadou-koufa?"},
	{"actor:UNO", 7, "actor:UNO is unknown"},
	{"place:jnim", 7, "takes a place"},
	{"speaker:jnim", 9, "takes a person"},
	{"target:forein", 8, "target:forein is unknown"},
	{"topic:dialog", 7, "did you mean dialogue?"},
	{"stance:maybe", 8, "takes pro, anti, conditional or mixed"},
	{"reason:walkback", 8, "did you mean walk-back?"},
	{"kind:wier", 6, "did you mean wire?"},
	{"lang:français", 6, "takes a language, such as fr"},
	{"grade:G", 7, "takes the source's reliability, A to F"},
	{"cond:maybe", 6, "takes yes or no"},
	{"first-hand:si", 12, "takes yes or no"},
	{"date:tomorrow", 6, "takes 2020"},
	{"date:2020-13", 6, "takes 2020"},
	{"date:2021/2020", 6, "2021 lies behind 2020"},
	{"date:P0D", 6, "takes 2020"},
	{"date:P99999999999D", 6, "takes 2020"},
	{"date:P", 6, "takes 2020"},
	{"date:/", 6, "takes 2020"},
	{"exact:negoc*", 7, "without a star"},
	{"exact:...", 7, "takes a word"},
	{`"..."`, 1, "no word in it"},
	{`"a b"~`, 6, "a distance is a number of words from 1 to 50"},
	{`"a b"~0`, 6, "a distance is a number of words from 1 to 50"},
	{`"a b"~999999`, 6, "a distance is a number of words from 1 to 50"},
	{`"a b"~99999999999999999999999`, 6, "a distance is a number of words from 1 to 50"},
	{`"a b"~5x`, 6, "a distance is a number of words from 1 to 50"},
	{`"a"~5`, 4, "a distance takes two words or more"},
	{"a NEAR b", 3, "NEAR takes the most words between, such as NEAR/5"},
	{"a NEAR/1e9 b", 3, "a distance is a number of words from 1 to 50"},
	{"a NEAR/99 b", 3, "a distance is a number of words from 1 to 50"},
	{"a NEAR/-1 b", 3, "a distance is a number of words from 1 to 50"},
	{"NEAR/5 b", 1, "unexpected NEAR/5"},
	{"a NEAR/5", 3, "NEAR stands between two words"},
	{"a NEAR/5 (b OR c)", 10, "NEAR takes a word, a prefix* or a \"phrase\" on each side"},
	{`"a b"~3 NEAR/5 c`, 1, "NEAR takes a word"},
	{"topic:dialogue NEAR/5 c", 1, "NEAR takes a word"},
	{"a ---", 6, "the query ends"},
	{"without:jnim", 1, "without: stands beside what is looked for"},
	{"a -without:jnim", 4, "without: cannot be denied"},
	{"a without:jnmi", 11, "did you mean jnim?"},
	{"a without:jnim/France", 11, `jnim has no name "France"`},
	{"search:trouce", 8, `there is no saved search "trouce": did you mean Truce?`},
	{"a search:bad", 10, `in the saved search "bad", column 7: the bracket is not closed`},
	{"search:round", 8, `in the saved search "round", column 10: in the saved search "about", column 8: search:"ROUND" stands within itself`},
	{"search:one", 8, "more than 4 deep"},
	{"search:wide", 8, "more than 8 saved searches"},
	{"search:long search:long", 20, "more than 64 terms"},
	{"\xff", 1, "not valid UTF-8"},
	{"a \xc3", 1, "not valid UTF-8"},
	{strings.Repeat("(", 100_000), 1, "the most is 4096"},
	{strings.Repeat("(", 100), 33, "nested deeper than 32"},
	{strings.Repeat("(", 4096), 33, "nested deeper than 32"},
	{strings.Repeat("a ", 100), 129, "more than 64 terms"},
	{strings.Repeat("-", 4000) + "a", 1, "more than 64 terms"},
	{strings.Repeat("-", 4096), 1, "more than 64 terms"},
	{strings.Repeat("NOT ", 1000) + "a", 1, "more than 64 terms"},
	{strings.Repeat("word ", 10_000), 1, "the query has 50000 bytes, the most is 4096"},
	{strings.Repeat("a NEAR/5 ", 100) + "a", 577, "more than 64 terms"},
	{"actor:" + strings.Repeat("x", 4000), 7, "is unknown"},
}

func TestParseErrorsNameTheColumn(t *testing.T) {
	for _, c := range refused {
		_, err := reader().Parse(t.Context(), c.in)
		var syntax *index.SyntaxError
		if !errors.As(err, &syntax) {
			t.Errorf("%.30q: got %v, want a syntax error", c.in, err)
			continue
		}
		if syntax.Column != c.column || !strings.Contains(syntax.What, c.what) {
			t.Errorf("%.30q: column %d %q, want column %d with %q", c.in, syntax.Column, syntax.What, c.column, c.what)
		}
	}
}

// TestTooManyNames has words that stand for more names than may be looked for.
func TestTooManyNames(t *testing.T) {
	crowded := &statement.Registry{}
	for i := range 3 {
		a := statement.Actor{ID: fmt.Sprint("a", i), Names: names(fmt.Sprint("name", i))}
		for k := range 400 {
			a.Names = append(a.Names, names(fmt.Sprintf("alias%dx%d", i, k))...)
		}
		crowded.Actors = append(crowded.Actors, a)
	}
	r := index.Reader{Lexicon: index.NewLexicon(crowded)}
	if err := r.Check(t.Context(), "name0 OR name1 OR exact:name2"); err != nil {
		t.Error(err)
	}
	err := r.Check(t.Context(), "name0 OR name1 OR name2")
	var syntax *index.SyntaxError
	if !errors.As(err, &syntax) || syntax.Column != 19 || !strings.Contains(syntax.What, "more than 800 names: exact:name2 looks for") {
		t.Errorf("got %v", err)
	}
}

// TestSavedSearchesThatCannotBeRead passes the error on as it is.
func TestSavedSearchesThatCannotBeRead(t *testing.T) {
	broken := errors.New("disk full")
	r := index.Reader{Saved: func(context.Context) ([]statement.SavedSearch, error) { return nil, broken }}
	err := r.Check(t.Context(), "search:truce")
	var syntax *index.SyntaxError
	if !errors.Is(err, broken) || errors.As(err, &syntax) {
		t.Errorf("got %v, want %v", err, broken)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"a OR (b -c)", `"x y" topic:dialogue`, "negoc* date:P7D", "«é»", "((", "-", "exact:x", "a:b", `"a b"~5`, "a NEAR/5 b NEAR/2 c", "actor:koufa",
		"search:truce", `search:"line of jnim" without:jnim`, `exact:"a"~3`, "koufa without:\"amadou-koufa/كوفا\"", "L'État", "\u200f«a»", `source:“x”`,
	} {
		f.Add(s)
	}
	r := reader()
	f.Fuzz(func(t *testing.T, s string) {
		q, err := r.Parse(t.Context(), s)
		if err != nil {
			var syntax *index.SyntaxError
			if !errors.As(err, &syntax) || syntax.Column < 1 || syntax.What == "" {
				t.Fatalf("%q: %v is no error that explains", s, err)
			}
			return
		}
		again, err := r.Parse(t.Context(), q.String())
		if err != nil {
			t.Fatalf("%q becomes %q, which does not parse: %v", s, q, err)
		}
		if !index.SameQuery(q, again) {
			t.Fatalf("%q becomes %q and then %q", s, q, again)
		}
	})
}

// BenchmarkParse measures what it takes to refuse a query, and to read a good
// one.
func BenchmarkParse(b *testing.B) {
	r := reader()
	b.Run("refused", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			if _, err := r.Parse(b.Context(), refused[i%len(refused)].in); err == nil {
				b.Fatalf("%.30q is not refused", refused[i%len(refused)].in)
			}
		}
	})
	b.Run("built-in-names", func(b *testing.B) {
		r := named(b)
		queries := []string{
			"actor:" + strings.Repeat("x", 50), "actor:مجلس-الشور", "place:tombouktu", strings.Repeat("mali ", 60), "a without:" + strings.Repeat("x", 40),
			strings.Repeat("jnim NEAR/50 ", 31) + "jnim",
		}
		for i := 0; b.Loop(); i++ {
			if _, err := r.Parse(b.Context(), queries[i%len(queries)]); err == nil {
				b.Fatalf("%.30q is not refused", queries[i%len(queries)])
			}
		}
	})
	good := `(koufa NEAR/5 négociation OR "cessez-le-feu") -source:rfi actor:jnim date:2020`
	b.Run("good", func(b *testing.B) {
		for b.Loop() {
			if _, err := r.Parse(b.Context(), good); err != nil {
				b.Fatal(err)
			}
		}
	})
}
