package index_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"palabre/index"
)

// advised returns what is made of a query, as its text; "" if nothing is.
func advised(t *testing.T, query string, of func(*index.Query) *index.Query) string {
	t.Helper()
	r := &index.Reader{Lexicon: index.NewLexicon(registry)}
	q, err := r.Parse(context.Background(), query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	other := of(q)
	if other == nil {
		return ""
	}
	again, err := r.Parse(context.Background(), other.String())
	if err != nil || again.String() != other.String() {
		t.Errorf("%s: %q does not read as it is written: %v", query, other, err)
	}
	return other.String()
}

func TestDated(t *testing.T) {
	for query, want := range map[string]string{
		"dialogue 2021":                       "dialogue AND date:2021",
		"dialogue in October 2021?":           "dialogue AND in AND date:2021-10",
		"2021":                                "date:2021",
		"Mali dialogue October 2021":          "Mali AND dialogue AND date:2021-10",
		"négociation 19 octobre 2021 Koné":    "négociation AND Koné AND date:2021-10-19",
		"الحوار أكتوبر 2021":                  "الحوار AND date:2021-10",
		"31 février 2021":                     "31 AND date:2021-02",
		"dialogue":                            "",
		"exact:2021 dialogue":                 "",
		"dialogue 2021 date:2020":             "",
		"2020 2021":                           "",
		"3000 soldats":                        "",
		"dialogue OR 2021":                    "",
		"dialogue -2021":                      "",
		"dialogue 2021 without:talks":         "dialogue AND date:2021 without:talks",
		`"octobre 2021" dialogue`:             "",
		"may 2021 talks":                      "talks AND date:2021-05",
		"dialogue octobre":                    "",
		"(Mali OR Niger) octobre 2021 troops": "(Mali OR Niger) AND troops AND date:2021-10",
	} {
		if got := advised(t, query, (*index.Query).Dated); got != want {
			t.Errorf("%s: got %q, want %q", query, got, want)
		}
	}
}

func TestSpoken(t *testing.T) {
	for query, want := range map[string]string{
		"JNIM talks":                          "actor:jnim AND topic:dialogue",
		"why did JNIM refuse talks date:2021": "actor:jnim AND topic:dialogue AND date:2021",
		"United Nations zzz":                  "actor:un",
		`"Nations unies" -kidal`:              "actor:un AND NOT kidal",
		"Koufa dialogue négociation":          "speaker:amadou-koufa AND topic:dialogue",
		"zzz":                                 "",
		"-JNIM zzz":                           "",
	} {
		if got := advised(t, query, (*index.Query).Spoken); got != want {
			t.Errorf("%s: got %q, want %q", query, got, want)
		}
	}
}

func TestFewer(t *testing.T) {
	q, err := index.Parse(`Mali "foreign troops" lang:fr (a OR b)`)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range q.Fewer() {
		got = append(got, fmt.Sprintf("without %s: %s", f.Left, f.Query))
	}
	want := []string{
		`without Mali: "foreign troops" AND lang:fr AND (a OR b)`, `without "foreign troops": Mali AND lang:fr AND (a OR b)`,
		`without lang:fr: Mali AND "foreign troops" AND (a OR b)`, `without a OR b: Mali AND "foreign troops" AND lang:fr`,
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
