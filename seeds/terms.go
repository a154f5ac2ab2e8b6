package seeds

import (
	_ "embed"
	"errors"
	"fmt"
	"strings"

	"palabre/lang"
	"palabre/statement"
)

//go:embed concepts.yaml
var conceptsYAML []byte

type termNamesYAML struct{ Fr, En, Ar, Bm []name }

type termYAML struct {
	ID     string
	Label  statement.Labels
	Names  termNamesYAML
	Source string
}

// readTerms reads the terms of the field. The error names every bad one with its
// place.
func readTerms(data []byte) ([]statement.Term, error) {
	const file = "concepts.yaml"
	owner := make(map[string]string) // of each name
	good, problems := readEntries(file, "terms", data, func(y *termYAML) (statement.Term, string, error) {
		t, err := y.term(owner)
		return t, t.ID, err
	})
	if len(problems) > 0 {
		errs := make([]error, len(problems))
		for i, p := range problems {
			errs[i] = fmt.Errorf("%s: %s", p.Where, p.What)
		}
		return nil, errors.Join(errs...)
	}
	terms := make([]statement.Term, len(good))
	for i := range good {
		terms[i] = good[i].value
	}
	return terms, nil
}

// term returns the term, or what is wrong with it.
func (y *termYAML) term(owner map[string]string) (statement.Term, error) {
	t := statement.Term{ID: y.ID, Label: y.Label}
	if !idForm.MatchString(y.ID) {
		return t, fmt.Errorf("id: %q is not of small letters, digits and hyphens", y.ID)
	}
	if y.Label.En == "" || y.Label.Fr == "" || y.Label.Ar == "" {
		return t, errors.New("label: needs en, fr and ar")
	}
	if len(y.Names.Bm) > 0 && y.Source == "" {
		return t, errors.New("source: say where the words in bm are attested")
	}
	for _, in := range []struct {
		lang   string
		names  []name
		needed bool
	}{{"fr", y.Names.Fr, true}, {"en", y.Names.En, true}, {"ar", y.Names.Ar, true}, {"bm", y.Names.Bm, false}} {
		if in.needed && len(in.names) == 0 {
			return t, fmt.Errorf("names: has none in %s", in.lang)
		}
		for _, n := range in.names {
			key := spelling(n.Text)
			if key == "" {
				return t, fmt.Errorf("names: %q in %s has no word in it", n.Text, in.lang)
			}
			if owner[key] != "" {
				return t, fmt.Errorf("names: %q in %s is a name of %s already", n.Text, in.lang, owner[key])
			}
			owner[key] = y.ID
			n.Lang = in.lang
			t.Names = append(t.Names, n.Name)
		}
	}
	return t, nil
}

// spelling is the form in which names are the same for a search: folded words.
func spelling(s string) string {
	var t lang.Text
	t.Scan(s)
	var out []string
	for i, tok := range t.Tokens {
		if tok.Kind == lang.Word || tok.Kind == lang.Number {
			out = append(out, string(t.Folded(i)))
		}
	}
	return strings.Join(out, " ")
}
