package api

import (
	"net/http"
	"strings"

	"palabre/statement"
)

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

type sourcesPage struct {
	frame
	Sources                   []Source
	Checked, Failing, Waiting int
}

func (s *server) sourcesPage(r *http.Request) (string, any, error) {
	f, err := s.frame(r, "sources", say("Sources"))
	if err != nil {
		return "", nil, err
	}
	page := &sourcesPage{frame: f}
	if page.Sources, err = s.sources(r.Context()); err != nil {
		return "", nil, err
	}
	for i := range page.Sources {
		switch src := &page.Sources[i]; {
		case src.Outcome == "":
			page.Waiting++
		case !src.Healthy:
			page.Failing++
			page.Checked++
		default:
			page.Checked++
		}
	}
	return "sources", page, nil
}
