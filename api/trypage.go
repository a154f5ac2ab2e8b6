package api

import (
	"net/http"
	"strings"
	"unicode/utf8"

	"palabre/statement"
)

// tryPage reads a text that somebody enters, and tells how. Nothing is kept.
type tryPage struct {
	explainPage
	Text   string
	Kind   statement.Kind
	Issuer string
	Date   string
	Kinds  []statement.Kind
	Actors []statement.Actor
	Most   int // letters
}

// mostTried is how many letters of a text are read.
const mostTried = 20_000

func (s *server) tryForm(r *http.Request) (string, any, error) {
	page, err := s.tryOf(r)
	return "try", page, err
}

// tryText reads the text that a form brings.
func (s *server) tryText(r *http.Request) (string, any, error) {
	if err := r.ParseForm(); err != nil {
		return "", nil, rejected("the form cannot be read")
	}
	page, err := s.tryOf(r)
	if err != nil {
		return "", nil, err
	}
	f := r.PostForm
	page.Text, page.Kind, page.Issuer, page.Date = f.Get("text"), statement.Kind(f.Get("kind")), f.Get("issuer"), strings.TrimSpace(f.Get("date"))
	st := statement.Statement{Kind: page.Kind, Issuer: page.Issuer, Text: strings.ReplaceAll(page.Text, "\r\n", "\n")}
	switch {
	case strings.TrimSpace(st.Text) == "":
		page.Fault = "there is no text"
	case utf8.RuneCountInString(st.Text) > mostTried || !utf8.ValidString(st.Text):
		page.Fault = "the text is too long, or not valid UTF-8"
	}
	if page.Date != "" {
		if st.Said, err = statement.ParseDate(page.Date, "hand"); err != nil {
			page.Fault = err.Error()
		}
	}
	if page.Fault != "" {
		return "try", page, nil
	}
	e, err := s.rules.Pack().Explain(&st)
	if err != nil {
		page.Fault = err.Error()
		return "try", page, nil
	}
	page.tell(e)
	return "try", page, nil
}

func (s *server) tryOf(r *http.Request) (*tryPage, error) {
	if s.rules == nil {
		return nil, errNoRules
	}
	f, err := s.frame(r, "rules", say("Try a text"))
	if err != nil {
		return nil, err
	}
	f.Styles, f.Here = []string{"reading.css"}, "/rules/try"
	return &tryPage{explainPage: explainPage{frame: f}, Kind: statement.Article, Kinds: statement.Kinds, Actors: s.reg.Actors, Most: mostTried}, nil
}
