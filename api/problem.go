package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"palabre/digest"
	"palabre/index"
	"palabre/store"
)

// Errors that this package adds to those of store and index.
var (
	// ErrRejected is what Options.Submit and Options.Act wrap when what they are
	// given is itself at fault.
	ErrRejected = errors.New("entry rejected")

	errBadInput = errors.New("bad request")
	errNoSubmit = errors.New("this node takes no hand entries")
	errNoDesk   = errors.New("nothing can be done at the desk of this node")
	errNoRules  = errors.New("no rules are read on this node")
	errCrowded  = errors.New("too many listen already")
	errBusy     = errors.New("too many exports are being written; try again in a minute")
	errAbroad   = errors.New("an export must be asked for here, not by another site")
)

// problem is an RFC 9457 answer. Column and Expected are set where a query could
// not be read.
type problem struct {
	huma.ErrorModel
	Column   int    `json:"column,omitempty" doc:"Where in the query reading stopped, counted in characters from 1"`
	Expected string `json:"expected,omitempty" doc:"What is wrong there and what could have stood there instead"`
}

// statuses is the one table from errors to HTTP. The first match counts; what is
// not in it is the server's fault and not shown.
func statuses() []struct {
	err    error
	status int
} {
	return []struct {
		err    error
		status int
	}{
		{store.ErrNotFound, http.StatusNotFound},
		{store.ErrCursor, http.StatusBadRequest},
		{index.ErrCursor, http.StatusBadRequest},
		{index.ErrTooBroad, http.StatusBadRequest},
		{errBadInput, http.StatusBadRequest},
		{ErrRejected, http.StatusUnprocessableEntity},
		{errNoSubmit, http.StatusNotImplemented},
		{errNoDesk, http.StatusNotImplemented},
		{errNoRules, http.StatusNotImplemented},
		{errNoPress, http.StatusNotImplemented},
		{digest.ErrNoBrowser, http.StatusNotImplemented},
		{errCrowded, http.StatusServiceUnavailable},
		{errBusy, http.StatusServiceUnavailable},
		{errAbroad, http.StatusForbidden},
		{context.DeadlineExceeded, http.StatusServiceUnavailable},
		{context.Canceled, statusClientGone},
	}
}

// statusClientGone is what logs and metrics show for a client that hung up.
const statusClientGone = 499

// describe turns an error into what a client may know of it.
func describe(err error) *problem {
	var syntax *index.SyntaxError
	if errors.As(err, &syntax) {
		p := newProblem(http.StatusBadRequest, syntax.Error())
		p.Column, p.Expected = syntax.Column, syntax.What
		p.Errors = []*huma.ErrorDetail{{Message: syntax.What, Location: "query.q"}}
		return p
	}
	for _, row := range statuses() {
		if errors.Is(err, row.err) {
			return newProblem(row.status, err.Error())
		}
	}
	return newProblem(http.StatusInternalServerError, "something went wrong here; the log says what")
}

func newProblem(status int, detail string) *problem {
	title := http.StatusText(status)
	if title == "" {
		title = "Client Closed Request"
	}
	return &problem{ErrorModel: huma.ErrorModel{Status: status, Title: title, Detail: detail}}
}

// problem describes an error for the API. It logs the ones that are described
// to nobody else.
func (s *server) problem(ctx context.Context, err error) error {
	p := describe(err)
	s.logHidden(ctx, p.Status, err)
	return p
}

func (s *server) logHidden(ctx context.Context, status int, err error) {
	if status >= http.StatusInternalServerError && status != http.StatusNotImplemented {
		s.log.LogAttrs(ctx, slog.LevelError, "answer request", slog.Int("status", status), slog.String("error", err.Error()))
	}
}

// writeProblem answers outside of the routes that the API describes.
func writeProblem(w http.ResponseWriter, p *problem) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Del("Content-Length")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the status is sent: nothing is left to report to
}

// noSuchRoute answers what is asked of the API but is not there: 405 with the
// methods that are, or 404.
func (s *server) noSuchRoute(w http.ResponseWriter, r *http.Request) {
	if allowed := s.methods(r); allowed != "" {
		w.Header().Set("Allow", allowed)
		writeProblem(w, newProblem(http.StatusMethodNotAllowed, fmt.Sprintf("%s is not one of %s", r.Method, allowed)))
		return
	}
	writeProblem(w, newProblem(http.StatusNotFound, "there is no such route; /openapi.json lists those that are"))
}

// methods returns the methods for which the request's path has a route of its own.
func (s *server) methods(r *http.Request) string {
	allowed := ""
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		probe := r.Clone(r.Context())
		probe.Method = method
		switch _, pattern := s.mux.Handler(probe); pattern {
		case "", "/", "/api/":
			continue
		}
		if allowed != "" {
			allowed += ", "
		}
		allowed += method
		if method == http.MethodGet {
			allowed += ", " + http.MethodHead
		}
	}
	return allowed
}
