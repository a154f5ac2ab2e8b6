package api

import (
	"context"
	"fmt"
	"net/http"
)

// Check is one thing that decides whether the node is ready.
type Check struct {
	Name   string `json:"name" doc:"What was checked, such as record, index or streams"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail" doc:"What is unsafe or behind, and by how much"`
}

// flush is how many changes the index may be behind while it keeps up: what it
// takes in at once.
const flush = 2000

type healthOutput struct {
	Body struct {
		Status string `json:"status" enum:"alive"`
	}
}

func (s *server) getHealth(context.Context, *struct{}) (*healthOutput, error) {
	var out healthOutput
	out.Body.Status = "alive"
	return &out, nil
}

type readiness struct {
	Ready  bool     `json:"ready"`
	Wrong  []string `json:"wrong" doc:"Names of the checks that fail"`
	Checks []Check  `json:"checks"`
}

type readyOutput struct {
	Status int
	Body   readiness
}

func (s *server) getReady(ctx context.Context, _ *struct{}) (*readyOutput, error) {
	out := readyOutput{Status: http.StatusOK, Body: readiness{Ready: true, Wrong: []string{}, Checks: s.ownChecks(ctx)}}
	if s.checks != nil {
		out.Body.Checks = append(out.Body.Checks, s.checks(ctx)...)
	}
	for _, c := range out.Body.Checks {
		if !c.OK {
			out.Status, out.Body.Ready = http.StatusServiceUnavailable, false
			out.Body.Wrong = append(out.Body.Wrong, c.Name)
		}
	}
	return &out, nil
}

// ownChecks are those of the record and the index.
func (s *server) ownChecks(ctx context.Context) []Check {
	t, err := s.store.Totals(ctx)
	if err != nil {
		s.logHidden(ctx, http.StatusServiceUnavailable, err)
		return []Check{{Name: "record", Detail: "the record cannot be read"}}
	}
	applied := s.index.Applied()
	behind := max(0, t.Head-applied)
	rebuilding := applied == 0 && t.Head > 0
	index := Check{Name: "index", OK: behind <= flush && !rebuilding, Detail: fmt.Sprintf("%d changes behind", behind)}
	if rebuilding {
		index.Detail = fmt.Sprintf("being rebuilt: %d changes to take in", t.Head)
	}
	return []Check{
		{Name: "record", OK: true, Detail: fmt.Sprintf("%d statements, %d signals", t.Statements, t.Signals)},
		index,
		{Name: "spool", OK: true, Detail: fmt.Sprintf("%d statements unpublished, %d without a record", t.Unpublished, t.Unsettled)},
		{Name: "dead letters", OK: true, Detail: fmt.Sprintf("%d", t.DeadLetters)},
	}
}
