package index

import (
	"strings"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/registry"
	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/french"

	"palabre/lang"
)

// Names of the analyzers. Each cuts text as package lang does, so that what is
// found is what is marked.
const (
	foldedAnalyzer  = "palabre_folded"
	frenchAnalyzer  = "palabre_fr"
	englishAnalyzer = "palabre_en"
	arabicAnalyzer  = "palabre_ar"
)

// Bleve finds analyzers by name in a registry of its own.
func init() {
	for name, form := range map[string]wordForm{foldedAnalyzer: folded, frenchAnalyzer: frenchStem, englishAnalyzer: englishStem, arabicAnalyzer: arabicStem} {
		err := registry.RegisterAnalyzer(name, func(map[string]any, *registry.Cache) (analysis.Analyzer, error) {
			return wordAnalyzer{form}, nil
		})
		if err != nil {
			panic(err) // a name used twice: a mistake in the program
		}
	}
}

// wordForm returns the form under which a word is found. original is the word
// as written, fold its folded form.
type wordForm func(original, fold string) string

// wordAnalyzer cuts text into words and gives each its form.
type wordAnalyzer struct{ form wordForm }

// Analyze implements analysis.Analyzer.
func (a wordAnalyzer) Analyze(input []byte) analysis.TokenStream {
	var t lang.Text
	t.Scan(string(input))
	out := make(analysis.TokenStream, 0, len(t.Tokens))
	for i, tok := range t.Tokens {
		if tok.Kind != lang.Word && tok.Kind != lang.Number {
			continue
		}
		term := a.form(t.Source[tok.Start:tok.End], string(t.Folded(i)))
		out = append(out, &analysis.Token{Term: []byte(term), Start: int(tok.Start), End: int(tok.End), Position: len(out) + 1})
	}
	return out
}

// stemForms gives the form under which each language's field holds a word.
var stemForms = map[string]wordForm{"fr": frenchStem, "en": englishStem, "ar": arabicStem}

func folded(_, fold string) string { return fold }

// frenchStem stems before accents are folded, on which the stemmer relies:
// négocier, négocié and négociation share a stem.
func frenchStem(original, _ string) string {
	env := snowballstem.NewEnv(strings.ToLower(original))
	french.Stem(env)
	return lang.Fold(env.Current())
}

func englishStem(_, fold string) string {
	env := snowballstem.NewEnv(fold)
	english.Stem(env)
	return env.Current()
}

// arabicStem takes the article and what is written before it off: بالحوار and
// الحوار are found as حوار.
func arabicStem(_, fold string) string {
	best := fold
	for _, s := range new(lang.Peeler).Peel([]byte(fold), true) {
		if s.Off&lang.Article != 0 && utf8.RuneCount(s.Word) >= 3 && len(s.Word) < len(best) {
			best = string(s.Word)
		}
	}
	return best
}
