package api

import (
	"net/http"
	"strings"

	"palabre/statement"
)

type statementPage struct {
	frame
	Asked      string // ID in the address
	Statement  *Statement
	Date       string
	Lang       string
	Heading    []stretch
	Paragraphs []paragraph
	Unread     string // languages for which there are no rules
	Others     []Report
	News       []signalCard
}

func (s *server) statementPage(r *http.Request) (string, any, error) {
	ctx := r.Context()
	view, err := s.store.Statement(ctx, r.PathValue("id"))
	if err != nil {
		return "", nil, err
	}
	st := &view.Statement
	f, err := s.frame(r, noSection, say("%s", st.Title))
	if err != nil {
		return "", nil, err
	}
	if f.Desk, err = s.bar(r); err != nil {
		return "", nil, err
	}
	news, err := s.cards(ctx, &f, view.Signals)
	if err != nil {
		return "", nil, err
	}
	page := &statementPage{
		frame: f, News: news, Asked: r.PathValue("id"), Statement: statementOf(view, signalsOn(news)), Date: st.When().String(), Lang: mainLang(st, view.Reading.Langs),
	}
	positions := page.Statement.Positions
	title := *st
	if strings.TrimSpace(plain(title.Title)) == "" {
		title.Title = f.tongue.heading("")
	}
	page.Heading = stretches(title.Title, 0, len(title.Title), spansOf(&title, statement.Title, positions))
	page.Paragraphs = paragraphs(st, view.Reading.Langs, spansOf(st, statement.Text, positions))
	page.Unread = unread(f.tongue, view.Reading.Langs)
	page.Others = others(page.Statement)
	return "statement", page, nil
}

// unread names the languages for which there are no rules.
func unread(t *tongue, langs []statement.LangRun) string {
	var names []string
	seen := make(map[string]bool)
	for _, l := range langs {
		if name := t.language(l.Lang); !l.Read && !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

// others lists the other statements that report what this one reports.
func others(st *Statement) []Report {
	var out []Report
	seen := map[string]bool{st.ID: true}
	for i := range st.Events {
		for _, r := range st.Events[i].Reports {
			if !seen[r.Statement] {
				seen[r.Statement] = true
				out = append(out, r)
			}
		}
	}
	return out
}

type actorPage struct {
	frame
	Actor    *ActorDetail
	Speakers []string
}

func (s *server) actorPage(r *http.Request) (string, any, error) {
	detail, err := s.actor(r.Context(), r.PathValue("id"), 200)
	if err != nil {
		return "", nil, err
	}
	f, err := s.frame(r, "actors", say("%s", detail.Label))
	if err != nil {
		return "", nil, err
	}
	page := &actorPage{frame: f, Actor: detail}
	seen := make(map[string]bool)
	for _, p := range detail.Persons {
		if !seen[p.ID] {
			seen[p.ID] = true
			page.Speakers = append(page.Speakers, p.Label)
		}
	}
	return "actor", page, nil
}

type actorsPage struct {
	frame
	Actors []Actor
	Taking int // how many have a position
}

func (s *server) actorsPage(r *http.Request) (string, any, error) {
	f, err := s.frame(r, "actors", say("Actors"))
	if err != nil {
		return "", nil, err
	}
	page := &actorsPage{frame: f}
	all, err := s.actors(r.Context())
	if err != nil {
		return "", nil, err
	}
	var silent []Actor
	for _, a := range all {
		switch {
		case a.Positions > 0:
			page.Actors = append(page.Actors, a)
		case a.Kind != statement.Nobody:
			silent = append(silent, a)
		}
	}
	page.Taking = len(page.Actors)
	page.Actors = append(page.Actors, silent...)
	return "actors", page, nil
}
