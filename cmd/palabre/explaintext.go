package main

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"palabre/classify/explain"
	"palabre/statement"
)

// explainer writes an explanation for people: first what was found and why, then
// the steps, sentence by sentence.
type explainer struct {
	page
	reg *statement.Registry
}

func (x explainer) print(a *explain.Account) {
	if len(a.Found) == 0 {
		x.line(0, "", x.text(a.Nothing))
	} else {
		fmt.Fprintln(x.w, "What was found (▲ for, ▼ against, ◆ on a condition, ~ both)")
	}
	for i := range a.Found {
		f := &a.Found[i]
		x.line(0, fmt.Sprintf("%2d %s ", f.Number, f.Stance.Glyph()), x.text(f.Says)+",")
		for _, l := range f.Rests {
			label := x.text(l.Label)
			if label != "" {
				label += ": "
			}
			x.line(5, label, x.text(l.Text))
		}
	}
	fmt.Fprintln(x.w)
	for _, p := range a.Read {
		x.line(0, "", x.text(p))
	}
	if len(a.Steps) > 0 {
		x.steps(a.Steps)
	}
	if len(a.Calls) > 0 {
		calls := make([]string, len(a.Calls))
		for i, c := range a.Calls {
			calls[i] = x.text(c.Shown) + " = " + c.ID
		}
		fmt.Fprintln(x.w)
		x.line(0, "In rules and filters: ", strings.Join(calls, "; "))
	}
}

func (x explainer) steps(steps []explain.Step) {
	marks := "[ ] the words that it looks for"
	if x.underline {
		marks = "underlined are the words that it looks for"
	}
	fmt.Fprintln(x.w)
	x.line(0, "", "The steps (✓ a rule fits and counts, ✗ a rule fits and does not; "+marks+")")
	for i := range steps {
		s := &steps[i]
		fmt.Fprintln(x.w)
		if s.Sentence == nil {
			x.line(0, "", x.text(s.Quiet))
			continue
		}
		x.line(0, x.text(s.Place)+": ", quoted(s.Sentence.Text))
		x.lines(2, s.Lines)
		for k := range s.Findings {
			f := &s.Findings[k]
			sign := "✗ "
			if f.Counts {
				sign = "✓ "
			}
			x.line(2, sign, fmt.Sprintf("%s (%s)", f.Reads, f.Rule))
			x.lines(4, f.Lines)
		}
		x.lines(2, s.After)
	}
}

// lines prints texts behind labels, which are as wide as one another if they are
// short.
func (x explainer) lines(indent int, lines []explain.Line) {
	const wide = 9
	for _, l := range lines {
		label := x.text(l.Label)
		if n := columns(label); n < wide {
			label += strings.Repeat(" ", wide-n)
		} else {
			label += ": "
		}
		x.line(indent, label, x.text(l.Text))
	}
}

// text puts a phrase into English.
func (x explainer) text(p explain.Phrase) string {
	english := p.English
	if n, ok := first(p.With).(int); ok && n == 1 && p.One != "" {
		english = p.One
	}
	with := make([]any, len(p.With))
	for i, w := range p.With {
		with[i] = w
		if told, ok := x.told(w); ok {
			with[i] = told
		}
	}
	return fmt.Sprintf(english, with...)
}

func first(list []any) any {
	if len(list) == 0 {
		return nil
	}
	return list[0]
}

// told puts into English what is filled into a phrase, all but numbers.
func (x explainer) told(w any) (told string, ok bool) {
	switch w := w.(type) {
	case explain.Phrase:
		return x.text(w), true
	case explain.List:
		parts := make([]string, len(w.Of))
		for i, p := range w.Of {
			parts[i] = x.text(p)
		}
		return strings.Join(parts, w.Between), true
	case explain.Words:
		text := w.Text
		if w.Cut {
			text += "…"
		}
		if w.Marked {
			return x.marked(quoted(text)), true
		}
		return quoted(text), true
	case explain.Actor:
		return x.actor(w), true
	case explain.Person:
		if p := x.reg.Person(string(w)); p != nil {
			return p.Label, true
		}
		return string(w), true
	case explain.Language:
		return statement.LanguageName(string(w), "en"), true
	case explain.Number:
		return strconv.Itoa(int(w)), true
	case explain.Score:
		return strconv.FormatFloat(float64(w), 'f', 2, 64), true
	}
	return "", false
}

// actor returns how an actor is called within a sentence, "the United Nations", or
// alone.
func (x explainer) actor(w explain.Actor) string {
	name := w.ID
	if a := x.reg.Actor(w.ID); a != nil {
		n := a.Noun("en")
		name = strings.TrimSpace(n.Article + " " + n.Name)
		if w.Alone {
			name = cmp.Or(a.LabelIn("en"), w.ID)
		}
	} else if p := x.reg.Person(w.ID); p != nil {
		name = p.Label
	}
	if !w.Capital {
		return name
	}
	r, size := utf8.DecodeRuneInString(name)
	return string(unicode.ToUpper(r)) + name[size:]
}
