package seeds

import (
	"strings"
	"testing"

	"palabre/statement"
)

func TestTerms(t *testing.T) {
	reg, err := Registry()
	if err != nil {
		t.Fatal(err)
	}
	if n := len(reg.Terms); n < 50 {
		t.Errorf("%d terms, want at least 50", n)
	}
	for i := range reg.Terms {
		for _, n := range reg.Terms[i].Names {
			arabic := strings.ContainsFunc(n.Text, func(r rune) bool { return r >= 0x600 && r < 0x700 })
			if arabic != (n.Lang == "ar") {
				t.Errorf("term %q: %q is not written in the letters of %s", reg.Terms[i].ID, n.Text, n.Lang)
			}
		}
	}
}

// TestTermsAreNarrow finds the names that a term shares with an actor, person or
// place: a search takes these for the term alone, which must be meant.
func TestTermsAreNarrow(t *testing.T) {
	reg, err := Registry()
	if err != nil {
		t.Fatal(err)
	}
	meant := map[string]string{"national-dialogue": "mali-civil-society"} // the talks, and who sat there
	owner := make(map[string]string)
	enter := func(id string, names []statement.Name) {
		for _, n := range names {
			owner[spelling(n.Text)] = id
		}
	}
	for i := range reg.Actors {
		enter(reg.Actors[i].ID, reg.Actors[i].Names)
	}
	for i := range reg.Persons {
		enter(reg.Persons[i].ID, reg.Persons[i].Names)
	}
	for i := range reg.Places {
		enter(reg.Places[i].ID, reg.Places[i].Names)
	}
	for i := range reg.Terms {
		for _, n := range reg.Terms[i].Names {
			if id := owner[spelling(n.Text)]; id != "" && meant[reg.Terms[i].ID] != id {
				t.Errorf("%q is a name of the term %s and of %s", n.Text, reg.Terms[i].ID, id)
			}
		}
	}
}

// oneTerm is a file with one term, good until something is replaced in it.
const oneTerm = `terms:
  - id: talks
    label: {en: Talks, fr: Négociations, ar: مفاوضات}
    names: {fr: [négociation], en: [talks, {text: talk, weak: true}], ar: [مفاوضات], bm: [kumaɲɔgɔnya]}
    source: "bm: Accord 2015"
`

func TestReadTerms(t *testing.T) {
	terms, err := readTerms([]byte(oneTerm))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, n := range terms[0].Names {
		text := n.Lang + " " + n.Text
		if n.Weak {
			text += " (weak)"
		}
		names = append(names, text)
	}
	const want = "fr négociation, en talks, en talk (weak), ar مفاوضات, bm kumaɲɔgɔnya"
	if got := strings.Join(names, ", "); got != want || terms[0].Label.In("fr") != "Négociations" {
		t.Errorf("%s: %s, want %s", terms[0].Label.In("fr"), got, want)
	}
}

func TestBrokenTerms(t *testing.T) {
	actors := []byte("actors: [{id: france, kind: state, label: France}]")
	for _, c := range []struct{ name, old, with, want string }{
		{"good", "", "", ""},
		{"unknown field", "label:", "lable:", `concepts.yaml:3:5: unknown field "lable": did you mean "label"?`},
		{"unknown language", "bm: [", "wo: [", `concepts.yaml:4:86: unknown field "wo"`},
		{"bad id", "id: talks", "id: Talks!", `concepts.yaml:2:7: id: "Talks!" is not of small letters`},
		{"no Arabic label", ", ar: مفاوضات}", "}", "concepts.yaml:2:7: label: needs en, fr and ar"},
		{"no French names", "fr: [négociation], ", "", "concepts.yaml:2:7: names: has none in fr"},
		{"no word", "[négociation]", `["…"]`, `names: "…" in fr has no word in it`},
		{"name twice", "[négociation]", "[négociation, Negociation]", `names: "Negociation" in fr is a name of talks already`},
		{"no source", `    source: "bm: Accord 2015"` + "\n", "", "source: say where the words in bm are attested"},
		{"term twice", oneTerm, oneTerm + strings.NewReplacer("terms:\n", "", "négociation", "a", "talks,", "b,", "talk,", "c,", "مفاوضات]", "حوار]", "kuma", "kumo").Replace(oneTerm), `concepts.yaml:6:7: id: "talks" is used twice`},
		{"id of an actor", "id: talks", "id: france", `term "france": an actor, person or place has the same id`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := readRegistry(actors, []byte("places: []"), nil, []byte(strings.Replace(oneTerm, c.old, c.with, 1)))
			switch {
			case c.want == "" && err != nil:
				t.Error(err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}
