package digest

import (
	"errors"
	"strconv"
	"strings"
	"unicode"

	"palabre/statement"
)

// name is how an actor is called in one language.
type name struct {
	article string // with the space behind it, if there is one; may be empty
	bare    string
}

// with returns the name as it stands in a sentence.
func (n name) with() string { return n.article + n.bare }

// of returns the name behind the word for "of". French does not elide before the h
// and the y of names such as Hamadoun and Youssouf.
func (n name) of(lang string) string {
	switch lang {
	case "en":
		return "of " + n.with()
	case "ar":
		return n.bare
	}
	switch first, _ := firstRune(n.bare); {
	case n.article == "le ":
		return "du " + n.bare
	case n.article == "les ":
		return "des " + n.bare
	case n.article == "" && strings.ContainsRune("aeiouàâéèêëîïôöùûüœæ", unicode.ToLower(first)):
		return "d’" + n.bare
	}
	return "de " + n.with()
}

func firstRune(s string) (rune, bool) {
	for _, r := range s {
		return r, true
	}
	return 0, false
}

// readNames takes in the names of actors from a file of an operator.
func (t *Texts) readNames(file, text string) error {
	return lines(file, text, func(id, names string) error {
		cells := strings.Split(names, "|")
		if len(cells) != len(Languages) {
			return errors.New("want ID = English | French | Arabic")
		}
		for i, lang := range Languages {
			noun := statement.ParseNoun(cells[i])
			n := name{article(noun.Article), noun.Name}
			if n.bare == "" {
				return errors.New("a name is empty")
			}
			t.tongues[lang].names[id] = n
		}
		return nil
	})
}

// actor returns how a body or person is called: by an operator's texts, as the
// registry has it in the language, or by its ID.
func (w *writer) actor(id string) name {
	if n, ok := w.t.names[id]; ok {
		return n
	}
	if n, ok := w.names[id]; ok {
		return n
	}
	n := w.called(id)
	w.names[id] = n
	return n
}

func (w *writer) called(id string) name {
	if reg := w.m.Registry; reg != nil {
		if a := reg.Actor(id); a != nil {
			n := a.Noun(w.t.lang)
			return name{article(n.Article), clean(n.Name, longestName)}
		}
		if p := reg.Person(id); p != nil {
			return name{bare: clean(w.labelOf(p.Label, p.Names), longestName)}
		}
	}
	return name{bare: clean(id, longestName)}
}

// article is an article as it stands before a name: with a space, unless it is
// elided.
func article(text string) string {
	if text == "" || strings.HasSuffix(text, "’") {
		return text
	}
	return text + " "
}

// labelOf picks a label in the digest's language among names, where there is one.
func (w *writer) labelOf(label string, names []statement.Name) string {
	for _, n := range names {
		right, _ := beginsRight(n.Text)
		if !n.Weak && (n.Lang == w.t.lang || w.t.rtl && n.Lang == "" && right) {
			return n.Text
		}
	}
	return label
}

// cercle returns what a place is grouped under: the name of the cercle that it
// is or lies in, else its own.
func (w *writer) cercle(id string) string {
	own := w.placeAt(id)
	if own == nil {
		return clean(id, longestName)
	}
	p := own
	for range 8 { // deeper than any place lies
		if p.Kind == "cercle" {
			own = p
			break
		}
		if p = w.placeAt(p.In); p == nil {
			break
		}
	}
	return clean(w.labelOf(own.Label, own.Names), longestName)
}

func (w *writer) placeAt(id string) *statement.Place {
	if w.m.Registry == nil {
		return nil
	}
	for i := range w.m.Registry.Places {
		if w.m.Registry.Places[i].ID == id {
			return &w.m.Registry.Places[i]
		}
	}
	return nil
}

// demand returns how a kind of demand is called; "" if it is not known.
func (w *writer) demand(id string) string {
	if w.m.Registry == nil || id == "" {
		return ""
	}
	for i := range w.m.Registry.Demands {
		if w.m.Registry.Demands[i].ID == id {
			return w.m.Registry.Demands[i].Label.In(w.t.lang)
		}
	}
	return ""
}

// outlet returns how an outlet is called.
func (w *writer) outlet(id string) string {
	if n := w.m.Outlets[id]; n != "" {
		return clean(n, longestName)
	}
	return clean(id, longestName)
}

// name adds an actor to what is filled in, in every form.
func (f fill) name(brace string, n name, lang string) fill {
	f[brace], f[brace+".bare"], f[brace+".of"] = plain(n.with()), plain(n.bare), plain(n.of(lang))
	return f
}

func plain(s string) []Run { return []Run{{Text: s}} }

// capital writes the first letter large.
func capital(runs []Run) []Run {
	if len(runs) == 0 {
		return runs
	}
	first, ok := firstRune(runs[0].Text)
	if !ok || unicode.ToUpper(first) == first {
		return runs
	}
	out := append([]Run{}, runs...)
	out[0].Text = string(unicode.ToUpper(first)) + out[0].Text[len(string(first)):]
	return out
}

func digitsOf(n int) string { return strconv.Itoa(n) }
