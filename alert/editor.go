package alert

import (
	"bytes"
	"fmt"
	htmltemplate "html/template"
	"strings"
	texttemplate "text/template"

	"palabre/statement"
)

// Editor decides what receivers are sent and writes it. It holds no state and is
// safe for concurrent use.
type Editor struct {
	base    string // address of the desk, without a slash at the end; empty: no links
	tongues map[string]*tongue
	plain   *texttemplate.Template
	html    *htmltemplate.Template
}

// NewEditor returns an Editor. base is the address of the desk, to which alerts
// link; without it they have no links.
func NewEditor(names Names, base string) (*Editor, error) {
	e := &Editor{base: strings.TrimRight(base, "/"), tongues: make(map[string]*tongue)}
	for _, lang := range Languages {
		t, err := learn(lang, names)
		if err != nil {
			return nil, err
		}
		e.tongues[lang] = t
	}
	var err error
	if e.plain, err = texttemplate.ParseFS(texts, "texts/body.txt.tmpl"); err != nil {
		return nil, fmt.Errorf("read texts: %w", err)
	}
	if e.html, err = htmltemplate.ParseFS(texts, "texts/body.html.tmpl"); err != nil {
		return nil, fmt.Errorf("read texts: %w", err)
	}
	return e, nil
}

// tongue returns that of a receiver.
func (e *Editor) tongue(lang string) *tongue {
	if t := e.tongues[lang]; t != nil {
		return t
	}
	return e.tongues[Languages[0]]
}

// render writes the body of a message in plain text and in HTML.
func (e *Editor) render(p *page) (plain, html string, err error) {
	var b bytes.Buffer
	if err := e.plain.Execute(&b, p); err != nil {
		return "", "", fmt.Errorf("write plain text: %w", err)
	}
	plain = strings.TrimSpace(b.String()) + "\n"
	b.Reset()
	if err := e.html.Execute(&b, p); err != nil {
		return "", "", fmt.Errorf("write html: %w", err)
	}
	return plain, b.String(), nil
}

// statementURL and eventURL return where the desk shows them, or "". Signals are
// taken care of beside the reports of their event.
func (e *Editor) statementURL(id string) string { return e.at("/statements/", id) }
func (e *Editor) eventURL(id string) string     { return e.at("/events/", id) }

func (e *Editor) at(path, id string) string {
	if e.base == "" || id == "" {
		return ""
	}
	return e.base + path + id
}

// Grading returns the source's grade and how far the news is believed, as the
// Admiralty scale writes it: A2. The digit is 1 where two outlets or more tell
// of it, 2 for the actor's own words or channel, 3 where one outlet reports
// them, and 6 where it cannot be judged: what only raised a candidate that
// nobody has confirmed.
func Grading(n *statement.News) string {
	grade := n.Now.Grade
	if !grade.Valid() {
		grade = "F"
	}
	return string(grade) + belief(n)
}

func belief(n *statement.News) string {
	switch {
	case n.Signal.Candidate != "" && n.Care.Confirmed == "":
		return "6"
	case len(n.Outlets) >= 2:
		return "1"
	case n.Signal.FirstHand:
		return "2"
	}
	return "3"
}
