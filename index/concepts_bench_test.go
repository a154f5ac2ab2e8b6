package index_test

import (
	"strings"
	"testing"

	"palabre/index"
	"palabre/seeds"
)

// named returns a reader that knows the built-in names.
func named(tb testing.TB) *index.Reader {
	tb.Helper()
	reg, err := seeds.Registry()
	if err != nil {
		tb.Fatal(err)
	}
	return &index.Reader{Lexicon: index.NewLexicon(reg)}
}

// BenchmarkConcepts measures searches for words that stand for many names, and
// for words that stand near one another, with the built-in names.
func BenchmarkConcepts(b *testing.B) {
	m, r := newNews(b), named(b)
	x := open(b, b.TempDir())
	for row := 0; row < *size; row += 1000 {
		if err := x.Update(b.Context(), m.docs(min(1000, *size-row)), int64(row+1000)); err != nil {
			b.Fatal(err)
		}
	}
	for _, query := range []string{
		"exact:mali", "Mali", "exact:france", "France", "JNIM", "talks", "دستور", "peace AND security -terrorism", `"maintien de la paix"`, `exact:"nations unies"`,
		`"paix pays"~10`, "exact:paix NEAR/10 exact:pays", "talks NEAR/10 peace", "négocier NEAR/10 paix", "nego* NEAR/10 pai*",
	} {
		b.Run(strings.ReplaceAll(query, " ", "_"), func(b *testing.B) {
			q, err := r.Parse(b.Context(), query)
			if err != nil {
				b.Fatal(err)
			}
			total := uint64(0)
			for b.Loop() {
				res, err := x.Search(b.Context(), index.Request{Query: q, Limit: 20})
				if err != nil {
					b.Fatal(err)
				}
				total = res.Total
			}
			b.ReportMetric(float64(total), "found")
		})
	}
}

// BenchmarkLexicon measures what it takes to know the built-in names.
func BenchmarkLexicon(b *testing.B) {
	reg, err := seeds.Registry()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		index.NewLexicon(reg)
	}
}

// BenchmarkSnippet measures the choice of the best sentence in a text of 1 MB.
func BenchmarkSnippet(b *testing.B) {
	m, r := newNews(b), named(b)
	var text strings.Builder
	for text.Len() < 1<<20 {
		text.WriteString(m.doc().Statement.Text)
	}
	for _, query := range []string{"Mali", `talks NEAR/5 France "maintien de la paix" nego* -guerre`, "exact:absent", "a b c d e f g h i j k l m n o p q r s t u v w x y z"} {
		b.Run(strings.ReplaceAll(query, " ", "_"), func(b *testing.B) {
			q, err := r.Parse(b.Context(), query)
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(text.Len()))
			for b.Loop() {
				index.Snippet(q, "Dépêche", text.String())
			}
		})
	}
}
