package seeds

import (
	_ "embed"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"palabre/lang"
	"palabre/statement"
)

//go:embed demands.yaml
var demandsYAML []byte

// phrasesYAML are phrases or words: those of every language, and of each.
type phrasesYAML struct{ All, Fr, En, Ar []string }

// in returns those that serve a language.
func (p *phrasesYAML) in(language string) []string {
	own := p.Ar
	switch language {
	case "fr":
		own = p.Fr
	case "en":
		own = p.En
	}
	return slices.Concat(p.All, own)
}

// demandLangs are the languages in which a demand must be known.
var demandLangs = []string{"fr", "en", "ar"}

type demandYAML struct {
	ID    string
	Label statement.Labels
	Over  []string
	Of    string
	MetBy []string `yaml:"met_by"`
	Topic statement.Topic
	Names phrasesYAML
}

// readDemands reads the kinds of demand, with the word lists of their phrases
// written out.
func readDemands(data []byte) ([]statement.DemandKind, error) {
	var y struct {
		Words   map[string]phrasesYAML
		Demands []demandYAML
	}
	if err := DecodeYAML("demands.yaml", data, &y); err != nil {
		return nil, err
	}
	kinds := make([]statement.DemandKind, 0, len(y.Demands))
	var book lang.Phrasebook
	for i := range y.Demands {
		d := &y.Demands[i]
		k := statement.DemandKind{ID: d.ID, Label: d.Label, Over: d.Over, Of: d.Of, MetBy: d.MetBy, Topic: d.Topic}
		for _, language := range demandLangs {
			w := wordLists{y.Words, language}
			for _, phrase := range d.Names.in(language) {
				text, err := w.write(phrase, 0)
				if err == nil {
					_, err = book.Add(text)
				}
				if err != nil {
					return nil, fmt.Errorf("demands.yaml: demand %q: phrase %q in %s: %w", d.ID, phrase, language, err)
				}
				k.Names = append(k.Names, statement.Name{Text: text, Lang: language})
			}
		}
		kinds = append(kinds, k)
	}
	return kinds, nil
}

// wordLists are the word lists of one language.
type wordLists struct {
	lists    map[string]phrasesYAML
	language string
}

var listForm = regexp.MustCompile(`<([^<>]*)>`)

// write puts the words of a list where a phrase names it, as a choice.
func (w wordLists) write(phrase string, depth int) (string, error) {
	const deepest = 3
	if depth > deepest {
		return "", fmt.Errorf("word lists stand within one another more than %d deep", deepest)
	}
	var failed error
	text := listForm.ReplaceAllStringFunc(phrase, func(name string) string {
		name = name[1 : len(name)-1]
		list := w.lists[name]
		words := list.in(w.language)
		if len(words) == 0 && failed == nil {
			failed = fmt.Errorf("word list <%s> is not known%s", name, didYouMean(name, slices.Sorted(maps.Keys(w.lists))))
		}
		inner, err := w.write(strings.Join(words, "|"), depth+1)
		if failed == nil {
			failed = err
		}
		return "(" + inner + ")"
	})
	return text, failed
}

// didYouMean returns ": did you mean …?" with the nearest of the known words, or
// nothing if none is near.
func didYouMean(word string, known []string) string {
	if best := lang.Nearest(word, known); best != "" {
		return fmt.Sprintf(": did you mean %q?", best)
	}
	return ""
}

var actForm = regexp.MustCompile(`^[a-z][a-z-]*$`)

// checkDemands reports what is wrong with the kinds of demand.
func checkDemands(reg *statement.Registry, fail func(format string, args ...any)) {
	ids, over := make(map[string]bool), make(map[string][]string)
	for i := range reg.Demands {
		k := &reg.Demands[i]
		ids[k.ID], over[k.ID] = true, k.Over
	}
	for i := range reg.Demands {
		k := &reg.Demands[i]
		if !idForm.MatchString(k.ID) {
			fail("demand %q: the id is not of small letters, digits and hyphens", k.ID)
		}
		if k.Label.En == "" || k.Label.Fr == "" || k.Label.Ar == "" {
			fail("demand %q: needs a label in en, fr and ar", k.ID)
		}
		if k.Topic != "" && !slices.Contains(statement.Topics, k.Topic) {
			fail("demand %q: the topic %q is none of %v", k.ID, k.Topic, statement.Topics)
		}
		if k.Of != "" && reg.Actor(k.Of) == nil {
			fail("demand %q: is of the unknown %q", k.ID, k.Of)
		}
		for _, act := range k.MetBy {
			if !actForm.MatchString(act) {
				fail("demand %q: %q is no name of an act", k.ID, act)
			}
		}
		for _, below := range k.Over {
			if !ids[below] {
				fail("demand %q: stands over the unknown %q", k.ID, below)
			}
		}
		if reaches(over, k.ID, k.ID, make(map[string]bool)) {
			fail("demand %q: stands over itself", k.ID)
		}
		for _, language := range demandLangs {
			if !slices.ContainsFunc(k.Names, func(n statement.Name) bool { return n.Lang == language }) {
				fail("demand %q: has no names in %s", k.ID, language)
			}
		}
	}
}

// reaches reports whether one kind stands over another, directly or not.
func reaches(over map[string][]string, from, to string, seen map[string]bool) bool {
	if seen[from] {
		return false
	}
	seen[from] = true
	return slices.ContainsFunc(over[from], func(k string) bool { return k == to || reaches(over, k, to, seen) })
}
