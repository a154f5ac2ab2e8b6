package index

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"palabre/lang"
	"palabre/statement"
)

// ConceptKind says what a concept is.
type ConceptKind string

// The kinds of concept.
const (
	ActorConcept  ConceptKind = "actor"
	PersonConcept ConceptKind = "person"
	PlaceConcept  ConceptKind = "place"
	TermConcept   ConceptKind = "term"
)

// concept is something that the registry knows by name.
type concept struct {
	id       string
	kind     ConceptKind
	label    statement.Labels
	variants []*variant // each once, in the registry's order
	least    []*variant // those that hold none of the others: with them all are found
}

// variant is one name of a concept.
type variant struct {
	statement.Name
	words []string // folded
	fold  string   // of the text
}

// Lexicon knows what queries may name: the concepts of a registry in every
// script, and the values of fields. It does not change once made.
type Lexicon struct {
	concepts []*concept
	byKey    map[string][]*concept
	byID     map[string][]*concept
}

// NewLexicon returns the names of a registry. Names that are ordinary words too
// are left out, but for those of terms, which are understood and not looked for.
// So are the names of capitals and forces: Paris is not France.
func NewLexicon(reg *statement.Registry) *Lexicon {
	l := &Lexicon{byKey: make(map[string][]*concept), byID: make(map[string][]*concept)}
	if reg == nil {
		return l
	}
	for i := range reg.Actors {
		a := &reg.Actors[i]
		names := a.Names
		if a.Kind == statement.Nobody {
			names = nil // those who are quoted for lack of an actor are not looked for together
		}
		l.add(a.ID, ActorConcept, statement.Labels{En: a.LabelIn("en"), Fr: a.LabelIn("fr"), Ar: a.LabelIn("ar")}, names)
	}
	for i := range reg.Persons {
		p := &reg.Persons[i]
		l.add(p.ID, PersonConcept, statement.Labels{En: p.Label}, p.Names)
	}
	for i := range reg.Places {
		p := &reg.Places[i]
		l.add(p.ID, PlaceConcept, statement.Labels{En: p.Label}, p.Names)
	}
	for i := range reg.Terms {
		t := &reg.Terms[i]
		l.add(t.ID, TermConcept, t.Label, t.Names)
	}
	return l
}

func (l *Lexicon) add(id string, kind ConceptKind, label statement.Labels, names []statement.Name) {
	c := &concept{id: id, kind: kind, label: label}
	var text lang.Text
	seen := make(map[string]bool)
	for _, n := range names {
		if n.Weak && kind != TermConcept {
			continue
		}
		plain := bare(n.Text)
		list := wordsIn(&text, plain)
		key := keyOf(plain, list)
		if key != "" && !slices.Contains(l.byKey[key], c) {
			l.byKey[key] = append(l.byKey[key], c)
		}
		if n.Weak {
			continue
		}
		v := &variant{Name: n, words: list, fold: lang.Fold(n.Text)}
		if spelt := strings.Join(v.words, " "); spelt != "" && !seen[spelt] {
			seen[spelt] = true
			c.variants = append(c.variants, v)
		}
	}
	c.least = leastOf(c.variants)
	l.concepts = append(l.concepts, c)
	l.byID[id] = append(l.byID[id], c)
}

// fewestLooked is the least letters of a name that is looked for in texts: there
// UN and US could be any small word.
const fewestLooked = 3

// leastOf returns the names to be looked for so that a text with any of the
// names is found: not those that hold a shorter one.
func leastOf(names []*variant) []*variant {
	var out []*variant
	for _, v := range names {
		if v.letters() < fewestLooked {
			continue
		}
		longer := func(o *variant) bool {
			return o != v && o.letters() >= fewestLooked && len(o.words) < len(v.words) && holds(v.words, o.words)
		}
		if !slices.ContainsFunc(names, longer) {
			out = append(out, v)
		}
	}
	return out
}

func (v *variant) letters() int {
	n := 0
	for _, w := range v.words {
		n += utf8.RuneCountInString(w)
	}
	return n
}

// nameKey is the form under which a name is looked up: folded words, those of
// Arabic without their article. Abbreviations of two or three letters keep their
// capitals: un is not the UN.
func nameKey(text string) string {
	text = bare(text)
	return keyOf(text, words(text))
}

// keyOf is nameKey for a bare text that was cut into words.
func keyOf(text string, list []string) string {
	for i, w := range list {
		if isArabic(w) {
			list = slices.Clone(list)
			list[i] = arabicStem(w, w)
		}
	}
	if len(list) == 1 && len(list[0]) <= fewestLooked && list[0][0] < utf8.RuneSelf && strings.IndexFunc(text, unicode.IsLower) < 0 {
		return strings.ToUpper(list[0])
	}
	return strings.Join(list, " ")
}

// named returns the concepts that a text names, by kind and then as the registry
// lists them. A term is narrower than an actor that is called the same and stands
// alone.
func (l *Lexicon) named(text string) []*concept {
	if l == nil {
		return nil
	}
	found := l.byKey[nameKey(text)]
	if i := slices.IndexFunc(found, func(c *concept) bool { return c.kind == TermConcept }); i >= 0 {
		return found[i:]
	}
	return found
}

// naming is what a word or phrase of a query names.
type naming struct {
	concepts []*concept
	variants []*variant // to be looked for beside what is written
}

// most is how many names are looked for if none is left out.
func (n naming) most() int {
	out := 0
	for _, c := range n.concepts {
		out += len(c.least)
	}
	return out
}

// settle decides on the variants: those of all concepts, without what is left
// out and what is found by the words that are looked for as written anyway.
func (n naming) settle(written, without []string) naming {
	n.variants = nil
	for _, c := range n.concepts {
		if slices.Contains(without, c.id) {
			continue
		}
		for _, v := range c.kept(without) {
			if !holds(v.words, written) {
				n.variants = append(n.variants, v)
			}
		}
	}
	return n
}

// kept returns the concept's names that are to be looked for when some are left
// out.
func (c *concept) kept(without []string) []*variant {
	if !slices.ContainsFunc(c.variants, func(v *variant) bool { return c.without(v, without) }) {
		return c.least
	}
	return leastOf(slices.DeleteFunc(slices.Clone(c.variants), func(v *variant) bool { return c.without(v, without) }))
}

// without reports whether a name of the concept is left out.
func (c *concept) without(v *variant, without []string) bool {
	return slices.ContainsFunc(without, func(w string) bool {
		id, name, ok := strings.Cut(w, "/")
		return ok && id == c.id && slices.Equal(words(bare(name)), v.words)
	})
}

// value looks up what stands behind a field that takes an actor, person or place:
// its ID, or a name in any script that nothing else of these kinds has.
func (l *Lexicon) value(text string, kinds ...ConceptKind) (id string, ok bool) {
	for _, c := range l.byID[strings.ToLower(text)] {
		if slices.Contains(kinds, c.kind) {
			return c.id, true
		}
	}
	for _, c := range l.byKey[nameKey(text)] {
		if !slices.Contains(kinds, c.kind) || c.id == id {
			continue
		}
		if id != "" {
			return "", false
		}
		id = c.id
	}
	return id, id != ""
}

// isOnly reports whether everything with the ID is of the kind.
func (l *Lexicon) isOnly(id string, kind ConceptKind) bool {
	return !slices.ContainsFunc(l.byID[id], func(c *concept) bool { return c.kind != kind })
}

// ids returns the IDs of the kinds.
func (l *Lexicon) ids(kinds ...ConceptKind) []string {
	var out []string
	for _, c := range l.concepts {
		if slices.Contains(kinds, c.kind) {
			out = append(out, c.id)
		}
	}
	return out
}

// nearest returns the ID of the kinds that a text was most likely meant to be,
// by the ID itself, else by a name; "" if none is near.
func (l *Lexicon) nearest(text string, kinds ...ConceptKind) string {
	const longest = 60 // bytes; nothing longer is a slip of the pen
	if len(text) > longest {
		return ""
	}
	fold := lang.Fold(text)
	like := func(s string) bool { return len(s) > fewestLooked && len(s)-len(fold) < 3 && len(fold)-len(s) < 3 }
	if id := lang.Nearest(fold, slices.DeleteFunc(l.ids(kinds...), func(s string) bool { return !like(s) })); id != "" {
		return id
	}
	byName := make(map[string]string)
	for _, c := range l.concepts {
		if !slices.Contains(kinds, c.kind) {
			continue
		}
		for _, v := range c.variants {
			if like(v.fold) {
				byName[v.fold] = cmp.Or(byName[v.fold], c.id)
			}
		}
	}
	names := make([]string, 0, len(byName))
	for name := range byName {
		names = append(names, name)
	}
	slices.Sort(names)
	return byName[lang.Nearest(fold, names)]
}
