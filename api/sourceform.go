package api

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"

	"palabre/lang"
	"palabre/statement"
)

const (
	longestPreview = 40 * time.Second // less than a page may take to be written
	triedOnPage    = 8                // statements that a try shows
	triedLetters   = 240              // letters of each
)

// sourceForm is what stands in the form in which a source is entered.
type sourceForm struct {
	ID string
	EnteredSource
}

// sourceFormPage is the form with what a try brought.
type sourceFormPage struct {
	frame
	Form    sourceForm
	Mistake string // why it was not taken
	Again   bool   // somebody has tried to add it
	Try     *tried // nil before the first
	CanTry  bool
	Actors  []statement.Actor
	Kinds   []statement.Kind
	Grades  []statement.Grade
	Tongues []string
}

// tried is what a source would bring in.
type tried struct {
	Outcome  statement.Outcome
	Reason   string
	Allowed  bool // robots.txt lets us in
	Found    bool // kind or address were found out
	Requests int
	Size     int // KiB that came
	Briefs   []triedBrief
	More     int // statements that are not shown
	Problems []statement.Problem
}

// triedBrief is a statement that would come in.
type triedBrief struct {
	Title, URL, Lang, Date, Text string
	Guessed                      bool // the language
	Flags                        []string
}

func (s *server) sourceFormPage(r *http.Request) (*sourceFormPage, error) {
	f, err := s.deskFrame(r, "sources", say("Add a source"))
	if err != nil {
		return nil, err
	}
	f.Styles, f.Scripts = []string{"sources.css"}, []string{"sources.js"}
	f.Here = "/sources/new"
	if f.Desk != nil {
		f.Desk.Back = f.Here
	}
	page := &sourceFormPage{
		frame: f, CanTry: s.preview != nil, Actors: slices.Clone(s.reg.Actors), Kinds: statement.Kinds,
		Grades:  []statement.Grade{"A", "B", "C", "D", "E", "F"},
		Tongues: []string{"fr", "ar", "en", "bm", "ff", "son", "tmh", "ha"},
	}
	page.Actors = slices.DeleteFunc(page.Actors, func(a statement.Actor) bool { return a.Kind == statement.Nobody })
	slices.SortFunc(page.Actors, func(a, b statement.Actor) int { return strings.Compare(f.tongue.actor(a.ID), f.tongue.actor(b.ID)) })
	return page, nil
}

// newSource shows the empty form.
func (s *server) newSource(r *http.Request) (string, any, error) {
	page, err := s.sourceFormPage(r)
	if err != nil {
		return "", nil, err
	}
	page.Form.Grade, page.Form.URL = "F", r.URL.Query().Get("url")
	return "sourceform", page, nil
}

// sourceFormOf reads the form.
func sourceFormOf(f *form) sourceForm {
	return sourceForm{strings.TrimSpace(f.Get("subject")), EnteredSource{
		Name: f.Get("name"), Kind: statement.SourceKind(f.Get("kind")), URL: strings.TrimSpace(f.Get("url")), Lang: f.Get("lang"), Owner: f.Get("owner"),
		Genre: statement.Kind(f.Get("genre")), Grade: statement.Grade(f.Get("grade")), Schedule: f.Get("schedule"), Article: f.Get("article") != "",
	}}
}

// sourceAgain shows the form with what is wrong with it.
func (s *server) sourceAgain(w http.ResponseWriter, r *http.Request, f *form, err error) {
	page, failed := s.sourceFormPage(r)
	if failed != nil {
		s.refuse(w, r, describe(failed))
		return
	}
	page.Form, page.Mistake, page.Again = sourceFormOf(f), mistakeIn(err), true
	s.draw(w, r, http.StatusUnprocessableEntity, "sourceform", page)
}

// mistakeIn is what a rejection says, without that it is one.
func mistakeIn(err error) string {
	return strings.TrimPrefix(err.Error(), ErrRejected.Error()+": ")
}

// trySource fetches what the form describes and shows what would come in.
// Nothing is kept.
func (s *server) trySource(r *http.Request) (string, any, error) {
	if s.preview == nil {
		return "", nil, errNoDesk
	}
	r.Body = http.MaxBytesReader(nil, r.Body, maxAct)
	if err := r.ParseForm(); err != nil {
		return "", nil, rejected("the form cannot be read")
	}
	page, err := s.sourceFormPage(r)
	if err != nil {
		return "", nil, err
	}
	page.Form = sourceFormOf(&form{r.PostForm})
	if err := checkWeb(page.Form.URL); err != nil {
		page.Mistake = mistakeIn(err)
		return "sourceform", page, nil
	}
	page.Form.complete()
	ctx, stop := context.WithTimeout(r.Context(), longestPreview)
	defer stop()
	asked := page.Form.source(page.Form.ID)
	found, fetch, err := s.preview(ctx, asked)
	switch {
	case r.Context().Err() != nil:
		return "", nil, r.Context().Err()
	case err != nil:
		page.Try = &tried{Outcome: statement.OutcomeNetwork, Reason: page.tongue.say("no end within %s", page.tongue.span(longestPreview))}
		return "sourceform", page, nil
	}
	page.Form.Kind, page.Form.URL, page.Form.Article = found.Kind, found.URL, found.Article
	page.Try = triedOf(fetch)
	page.Try.Found = found.Kind != asked.Kind || found.URL != asked.URL
	return "sourceform", page, nil
}

// complete fills in what can be read off the address.
func (f *sourceForm) complete() {
	u, err := url.Parse(f.URL)
	if err != nil {
		return
	}
	host := strings.TrimPrefix(u.Hostname(), "www.")
	slug := strings.Trim(strings.Map(func(r rune) rune {
		if r < unicode.MaxASCII && (unicode.IsLower(r) || unicode.IsDigit(r)) {
			return r
		}
		return '-'
	}, strings.ToLower(host)), "-")
	f.ID = cmp.Or(f.ID, slug[:min(len(slug), 64)])
	f.Name = cmp.Or(strings.TrimSpace(f.Name), host)
	f.Schedule = cmp.Or(strings.TrimSpace(f.Schedule), "17 * * * *")
	f.Grade = cmp.Or(f.Grade, "F")
}

// triedOf puts together what a page shows of a try.
func triedOf(f *statement.Fetch) *tried {
	h := &f.Health
	t := &tried{Outcome: h.Outcome, Reason: h.Reason, Allowed: len(f.Captures) > 0, Requests: len(f.Captures), Problems: h.Problems}
	for i := range f.Captures {
		t.Size += len(f.Captures[i].Body)
	}
	t.Size = (t.Size + 1023) / 1024
	t.More = max(0, len(f.Statements)-triedOnPage)
	for i := range f.Statements[:min(len(f.Statements), triedOnPage)] {
		st := &f.Statements[i]
		b := triedBrief{Title: st.Title, URL: st.URL, Lang: st.Lang, Date: st.Published.String(), Flags: st.Flags, Text: shorten(st.Text, triedLetters)}
		if st.Lang == "" {
			b.Lang, b.Guessed = mainLang(st, languagesOf(st.Text)), true
		}
		t.Briefs = append(t.Briefs, b)
	}
	return t
}

// shorten cuts a text to so many letters.
func shorten(text string, most int) string {
	n := 0
	for i := range text {
		if n++; n > most {
			return strings.TrimSpace(text[:i]) + " …"
		}
	}
	return text
}

// languagesOf tells the languages of a text as the classifier would.
func languagesOf(text string) []statement.LangRun {
	var scan lang.Text
	scan.Scan(text)
	return scan.Runs("")
}
