package api

import (
	"context"
	"time"

	"palabre/statement"
	"palabre/store"
)

// Source is a source and how it is doing. Retired is true where it is no longer
// in use but has statements or a history.
type Source struct {
	ID       string               `json:"id"`
	Name     string               `json:"name"`
	Kind     statement.SourceKind `json:"kind"`
	URL      string               `json:"url"`
	Lang     string               `json:"lang"`
	Owner    string               `json:"owner" doc:"Actor that it speaks for"`
	Grade    statement.Grade      `json:"grade" doc:"Reliability, A to E, or F where it cannot be judged"`
	Country  string               `json:"country"`
	Schedule string               `json:"schedule"`
	Paused   bool                 `json:"paused"`
	Retired  bool                 `json:"retired"`
	SourceCare
	SourceCondition
}

// SourceCare is what the desk has to do with a source.
type SourceCare struct {
	Entered bool   `json:"entered" doc:"It stands in no list of sources: somebody entered it at the desk"`
	Halted  string `json:"halted" doc:"Who paused it at the desk"`
}

// SourceCondition is how a source is doing.
type SourceCondition struct {
	Healthy    bool                `json:"healthy" doc:"The last fetch did not fail, or there was none"`
	Outcome    statement.Outcome   `json:"outcome" doc:"How the last fetch ended; empty before the first"`
	Reason     string              `json:"reason"`
	Failures   int                 `json:"failures" doc:"Failed fetches in a row"`
	Checked    *time.Time          `json:"checked"`
	Succeeded  *time.Time          `json:"succeeded"`
	Next       *time.Time          `json:"next"`
	LastNew    *time.Time          `json:"last_new"`
	Statements int                 `json:"statements"`
	Problems   []statement.Problem `json:"problems"`
}

type sourcesOutput struct {
	Body struct {
		Sources []Source `json:"sources"`
	}
}

func (s *server) getSources(ctx context.Context, _ *struct{}) (*sourcesOutput, error) {
	var out sourcesOutput
	var err error
	out.Body.Sources, err = s.sources(ctx)
	return &out, err
}

// sources returns the sources in use in their order, then the retired ones.
func (s *server) sources(ctx context.Context) ([]Source, error) {
	known, err := s.store.SourceStates(ctx)
	if err != nil {
		return nil, err
	}
	health, err := s.store.SourceHealth(ctx)
	if err != nil {
		return nil, err
	}
	byID := make(map[string]*statement.Health, len(health))
	for i := range health {
		byID[health[i].Source] = &health[i]
	}
	out := make([]Source, 0, len(health))
	for i := range known {
		src := &known[i]
		out = append(out, sourceOf(src, byID[src.ID]))
		delete(byID, src.ID)
	}
	for i := range health {
		if h := &health[i]; byID[h.Source] != nil {
			src := sourceOf(&store.SourceState{Source: statement.Source{ID: h.Source, Name: h.Source}}, h)
			src.Entered = false
			src.Retired = true
			out = append(out, src)
		}
	}
	return out, nil
}

func sourceOf(src *store.SourceState, h *statement.Health) Source {
	if h == nil {
		h = &statement.Health{}
	}
	url := src.URL
	if url == "" && len(src.Pages) > 0 {
		url = src.Pages[0]
	}
	return Source{
		ID: src.ID, Name: src.Name, Kind: src.Kind, URL: url, Lang: src.Lang, Owner: src.Owner, Grade: src.Grade,
		Country: src.Country, Schedule: src.Schedule, Paused: src.Paused,
		SourceCare: SourceCare{Entered: !src.Configured, Halted: src.Halted},
		SourceCondition: SourceCondition{
			Healthy: !failing(h), Outcome: h.Outcome, Reason: h.Reason, Failures: h.Failures, Checked: timeOf(h.Checked), Succeeded: timeOf(h.Succeeded),
			Next: timeOf(h.Next), LastNew: timeOf(h.LastNew), Statements: h.Statements, Problems: orEmpty(h.Problems),
		},
	}
}

// failing reports whether the last fetch failed. A source that was never
// fetched is not failing.
func failing(h *statement.Health) bool { return h.Outcome != "" && h.Outcome.Failed() }
