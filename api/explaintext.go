package api

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"palabre/classify/explain"
)

// told is a phrase of an explanation in the tongue, as markup.
func (t *tongue) told(p explain.Phrase) template.HTML {
	if p.IsEmpty() {
		return ""
	}
	with := make([]any, len(p.With))
	for i, w := range p.With {
		with[i] = t.filledIn(w)
	}
	return t.translateHTML(p.English, with...)
}

// filledIn is what is filled into a phrase, as markup; numbers are as they are.
func (t *tongue) filledIn(w any) any {
	switch w := w.(type) {
	case explain.Phrase:
		return t.told(w)
	case explain.List:
		parts := make([]string, len(w.Of))
		for i, p := range w.Of {
			parts[i] = string(t.told(p))
		}
		return template.HTML(strings.Join(parts, template.HTMLEscapeString(t.between(w.Between)))) //nolint:gosec // all was escaped
	case explain.Words:
		return t.translateHTML("“%s”", quotation(w))
	case explain.Actor:
		return bdi(t.noun(w))
	case explain.Person:
		return bdi(t.person(string(w)))
	case explain.Language:
		return bdi(t.language(string(w)))
	case explain.Number:
		return template.HTML(fmt.Sprintf(`<a href="#found-%d">%d</a>`, int(w), int(w))) //nolint:gosec // a number
	case explain.Score:
		return bdi(strconv.FormatFloat(float64(w), 'f', 2, 64))
	case explain.Code:
		return code(string(w))
	case explain.English:
		return english(string(w))
	}
	return w
}

// between is what stands between the phrases of a list.
func (t *tongue) between(english string) string {
	switch english {
	case ", ":
		return t.say(", ")
	case "; ":
		return t.say("; ")
	case " and ":
		return t.say(" and ")
	}
	return english
}

// quotation is words of a text, those that a rule asks for marked.
func quotation(w explain.Words) template.HTML {
	var b strings.Builder
	b.WriteString(`<q dir="auto">`)
	text := w.Text
	for w.Marked && text != "" {
		plainly, rest, open := strings.Cut(text, "[")
		marked, behind, closed := strings.Cut(rest, "]")
		if !open || !closed {
			break
		}
		fmt.Fprintf(&b, "%s<mark>%s</mark>", template.HTMLEscapeString(plain(plainly)), template.HTMLEscapeString(plain(marked)))
		text = behind
	}
	b.WriteString(template.HTMLEscapeString(plain(text)))
	if w.Cut {
		b.WriteString("…")
	}
	b.WriteString("</q>")
	return template.HTML(b.String()) //nolint:gosec // all was escaped
}

// noun is how an actor is called within a sentence, with its article, or alone.
func (t *tongue) noun(w explain.Actor) string {
	a := t.reg.Actor(w.ID)
	switch {
	case a == nil && t.reg.Person(w.ID) != nil:
		return t.person(w.ID)
	case a == nil || w.Alone:
		return t.actor(w.ID)
	}
	n := a.Noun(t.Lang)
	name := n.Article + n.Name
	if n.Article != "" && !strings.HasSuffix(n.Article, "’") {
		name = n.Article + " " + n.Name
	}
	if !w.Capital {
		return name
	}
	r, size := utf8.DecodeRuneInString(name)
	return string(unicode.ToUpper(r)) + name[size:]
}
