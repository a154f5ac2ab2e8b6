package index_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"palabre/index"
	"palabre/statement"
)

// written returns what a query becomes with each suggestion at the cursor, which
// stands at the |.
func written(t *testing.T, query string) []string {
	t.Helper()
	at := strings.Index(query, "|")
	text := query[:at] + query[at+1:]
	list, err := reader().Complete(t.Context(), text, at, "fr")
	if err != nil {
		t.Fatal(err)
	}
	out := []string{}
	for _, s := range list {
		out = append(out, text[:s.Start]+s.Insert+text[s.End:])
	}
	return out
}

func TestComplete(t *testing.T) {
	for _, c := range []struct {
		query string
		want  []string
	}{
		{"to|", []string{"topic:"}},
		{"paix -s| AND b", []string{"paix -speaker: AND b", "paix -source: AND b", "paix -stance: AND b", "paix -search: AND b"}},
		{"(Kou|", []string{"(Koufa"}},
		{"kou|bla b", []string{"Koufa b"}},
		{"كوف|", []string{"كوفا"}},
		{"المفاوض|", []string{"مفاوضة"}},
		{"négo|", []string{"négociation"}},
		{"nations|", []string{`"Nations unies"`}},
		{`"nations un|`, []string{`"Nations unies"`}},
		{`"nations un|" b`, []string{`"Nations unies" b`}},
		{"«iyad a| b", []string{`"Iyad ag Ghaly" b`}},
		{"k|", []string{"kind:"}},
		{"cheikh|", []string{}},
		{"actor:j|", []string{"actor:jnim"}},
		{"actor:مقصود|", []string{}},
		{"a actor:gs|x b", []string{"a actor:jnim b"}},
		{"actor:nusr|", []string{}},
		{"ACTOR:فرن|", []string{"actor:france"}},
		{`actor:"groupe de sout|`, []string{"actor:jnim"}},
		{"speaker:kou|", []string{"speaker:amadou-koufa"}},
		{"target:f|", []string{"target:france", "target:foreign"}},
		{"place:|", []string{"place:kidal"}},
		{"stance:|", []string{"stance:pro", "stance:anti", "stance:conditional", "stance:mixed"}},
		{"reason:wa|", []string{"reason:walk-back"}},
		{"topic:d|ia", []string{"topic:dialogue"}},
		{"cond:y|", []string{"cond:yes"}},
		{"grade:b|", []string{"grade:B"}},
		{"lang:a|", []string{"lang:ar"}},
		{"kind:w|", []string{"kind:wire"}},
		{"date:p7|", []string{"date:P7D"}},
		{"search:tr|", []string{`search:"Truce"`}},
		{`search:"jn|" b`, []string{`search:"Line of JNIM" b`}},
		{"koufa talks without:|", []string{
			"koufa talks without:amadou-koufa", "koufa talks without:talks",
			"koufa talks without:amadou-koufa/Kouffa", "koufa talks without:amadou-koufa/كوفا", `koufa talks without:"amadou-koufa/Hamadoun Kufa"`,
			"koufa talks without:talks/négociation", "koufa talks without:talks/négociations", "koufa talks without:talks/pourparlers",
			"koufa talks without:talks/مفاوضات", "koufa talks without:talks/مفاوضة", "koufa talks without:talks/مفاوضين", "koufa talks without:talks/kumaɲɔgɔnya",
		}},
		{"koufa without:amadou-koufa without:|", []string{}},
		{"(koufa without:|", []string{}},
		{"colour:r|", []string{}},
		{"exact:k|", []string{}},
	} {
		if diff := cmp.Diff(c.want, written(t, c.query)); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", c.query, diff)
		}
	}
}

func TestCompleteSaysWhatIsMeant(t *testing.T) {
	r := reader()
	for _, c := range []struct {
		query string
		want  index.Suggestion
	}{
		{"négo", index.Suggestion{End: 5, Insert: "négociation", Label: "négociation", Hint: "term: Négociations, found by 7 other names too", Kind: "term", Of: "Négociations", Others: 7}},
		{"actor:gs", index.Suggestion{End: 8, Insert: "actor:jnim", Label: "JNIM", Hint: "GSIM", Kind: "actor"}},
		{"grade:b", index.Suggestion{End: 7, Insert: "grade:B", Label: "B", Hint: "usually reliable", Kind: "value"}},
		{"search:tr", index.Suggestion{End: 9, Insert: `search:"Truce"`, Label: "Truce", Hint: `ceasefire OR "peu de mots"`, Kind: "search"}},
		{"", index.Suggestion{Insert: "actor:", Label: "actor:", Hint: "an actor, such as jnim", Kind: "field"}},
	} {
		got, err := r.Complete(t.Context(), c.query, 100, "fr")
		if err != nil || len(got) == 0 {
			t.Fatal(got, err)
		}
		if diff := cmp.Diff(c.want, got[0]); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", c.query, diff)
		}
	}
	broken := errors.New("disk full")
	r.Saved = func(context.Context) ([]statement.SavedSearch, error) { return nil, broken }
	if _, err := r.Complete(t.Context(), "search:", 7, "en"); !errors.Is(err, broken) {
		t.Errorf("got %v, want %v", err, broken)
	}
}

// FuzzComplete puts suggestions only where text stands, and does so wherever the
// cursor is.
func FuzzComplete(f *testing.F) {
	f.Add("koufa without:", 14)
	f.Add("«a b» actor:\"x", 13)
	f.Add("search:tr (-كوف", 14)
	r := reader()
	f.Fuzz(func(t *testing.T, text string, at int) {
		list, err := r.Complete(t.Context(), text, at, "ar")
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range list {
			if s.Start < 0 || s.End < s.Start || s.End > len(text) || s.Insert == "" {
				t.Fatalf("%q at %d: %+v", text, at, s)
			}
			if utf8.ValidString(text) && !utf8.ValidString(text[:s.Start]+s.Insert+text[s.End:]) {
				t.Fatalf("%q at %d: %+v cuts a letter", text, at, s)
			}
		}
	})
}
