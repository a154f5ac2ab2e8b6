package api

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"palabre/statement"
	"palabre/store"
)

// Preview tries a source: it fetches as the node would, keeps nothing, and
// returns the source with its kind where that was left open. What went wrong is
// told by the health of the fetch.
type Preview func(context.Context, statement.Source) (statement.Source, *statement.Fetch, error)

// Rhythm tells from when a source's statements arrived the usual time between two
// and the longest that is not strange; false where there are too few to tell.
type Rhythm func(arrivals []time.Time) (usual, most time.Duration, ok bool)

// EnteredSource is a source that the desk enters.
type EnteredSource struct {
	Name     string               `json:"name" minLength:"1" maxLength:"200"`
	Kind     statement.SourceKind `json:"kind" enum:"feed,page"`
	URL      string               `json:"url" maxLength:"2000" doc:"http or https"`
	Lang     string               `json:"lang,omitempty" maxLength:"35" doc:"BCP 47; empty where it varies"`
	Owner    string               `json:"owner,omitempty" maxLength:"64" doc:"Actor that it speaks for"`
	Genre    statement.Kind       `json:"genre,omitempty" doc:"Kind of its statements"`
	Grade    statement.Grade      `json:"grade" enum:"A,B,C,D,E,F"`
	Schedule string               `json:"schedule" maxLength:"100" doc:"Cron expression, UTC"`
	Article  bool                 `json:"article,omitempty" doc:"Follow its links to the articles"`
}

// source is the entered source under an ID.
func (e *EnteredSource) source(id string) statement.Source {
	return statement.Source{
		ID: id, Name: strings.TrimSpace(plain(e.Name)), Kind: e.Kind, URL: strings.TrimSpace(e.URL), Lang: strings.TrimSpace(e.Lang), Owner: e.Owner,
		Genre: e.Genre, Grade: e.Grade, Schedule: strings.TrimSpace(e.Schedule), Article: e.Article,
	}
}

// checkWeb refuses what is no address of the web.
func checkWeb(address string) error {
	u, err := url.Parse(strings.TrimSpace(address))
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return rejected("url: %q is not an http or https address", plain(address))
	case u.User != nil:
		return rejected("url: an address with a name and password in it would stand in the log for everybody to read")
	}
	return nil
}

// reservedIDs are addresses of the pages of sources that are no source's.
var reservedIDs = []string{"new"}

// sourceNamed returns the source with an ID and whether it is in use.
func (s *server) sourceNamed(ctx context.Context, id string) (*store.SourceState, error) {
	states, err := s.store.SourceStates(ctx)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(states, func(st store.SourceState) bool { return st.ID == id })
	if i < 0 {
		return nil, nil
	}
	return &states[i], nil
}

// sourceAsked returns the source that a person describes. What stands in a list
// of sources is changed there.
func (s *server) sourceAsked(ctx context.Context, a *Act, id string) (any, error) {
	if a.Source == nil {
		return nil, rejected("source is empty: say what it is to be")
	}
	if slices.Contains(reservedIDs, id) {
		return nil, rejected("a source cannot have the ID %q", id)
	}
	if err := checkWeb(a.Source.URL); err != nil {
		return nil, err
	}
	known, err := s.sourceNamed(ctx, id)
	if err != nil {
		return nil, err
	}
	if known != nil && known.Configured {
		return nil, rejected("source %s stands in the list of sources: change it there, or choose another ID", id)
	}
	return a.Source.source(id), nil
}

// checkSource checks that a source can be fetched, paused, resumed or removed.
func (s *server) checkSource(ctx context.Context, action statement.Action, id string) error {
	known, err := s.sourceNamed(ctx, id)
	switch {
	case err != nil:
		return err
	case known == nil:
		return rejected("there is no source %q", plain(id))
	case known.Kind == statement.Hand && action != statement.DropSource:
		return rejected("source %s is not fetched: people file what they hold", id)
	case action == statement.PauseSource && known.Paused:
		return rejected("source %s is paused already", id)
	case action == statement.ResumeSource && known.Halted == "" && known.Paused:
		return rejected("source %s is paused in the list of sources: change it there", id)
	case action == statement.ResumeSource && known.Halted == "":
		return rejected("source %s is not paused", id)
	case action == statement.DropSource && known.Configured:
		return rejected("source %s stands in the list of sources: remove it there, or pause it here", id)
	}
	return nil
}
