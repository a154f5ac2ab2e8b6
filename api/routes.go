package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// routeAPI registers everything that the OpenAPI document describes, and the
// answer to whatever else is asked of the API.
func (s *server) routeAPI() {
	s.routeRecord()
	s.routeNews()
	s.routeDesk()
	s.routeLive()
	s.routeFeed()
	s.routeExport()
	s.routeSearches()
	s.routeHandOver()
	s.routeDigests()
	handle(s, huma.Operation{
		OperationID: "healthz", Method: http.MethodGet, Path: "/healthz", Tags: []string{"operation"},
		Summary: "Is the process alive?",
	}, s.getHealth)
	handle(s, huma.Operation{
		OperationID: "readyz", Method: http.MethodGet, Path: "/readyz", Tags: []string{"operation"},
		Summary:     "May the node be sent requests?",
		Description: "503 if not. The list names what is unsafe or behind either way.",
		Errors:      []int{http.StatusServiceUnavailable},
	}, s.getReady)
	s.mux.HandleFunc("/api/", s.noSuchRoute)
}

// routeRecord registers what reads and fills the record.
func (s *server) routeRecord() {
	handle(s, huma.Operation{
		OperationID: "search", Method: http.MethodGet, Path: "/api/v1/search", Tags: []string{"search"},
		Summary: "Search statements",
		Description: "Full text in every script with phrases, AND, OR, NOT, NEAR/5, brackets and fields; an empty query with filters lists what they choose. " +
			"A word that names an actor, person, place or term stands for all its names, which are listed under \"concepts\". " +
			"Facets have the 30 most frequent values of each field; all counts are exact. A walk along \"next\" has every statement once, whatever is added meanwhile.",
	}, s.getSearch)
	handle(s, huma.Operation{
		OperationID: "complete", Method: http.MethodGet, Path: "/api/v1/complete", Tags: []string{"search"},
		Summary:     "Propose how a query goes on",
		Description: "Fields, their values, and names of actors, persons, places and terms in any script, at the place of the cursor.",
	}, s.getComplete)
	handle(s, huma.Operation{
		OperationID: "read-statement", Method: http.MethodGet, Path: "/api/v1/statements/{id}", Tags: []string{"record"},
		Summary:     "Read a statement",
		Description: "The latest revision, whichever revision the ID names, with positions, evidence offsets, revisions, signals and other reports of the same events.",
		Errors:      []int{http.StatusNotFound},
	}, s.getStatement)
	handle(s, huma.Operation{
		OperationID: "similar-statements", Method: http.MethodGet, Path: "/api/v1/statements/{id}/similar", Tags: []string{"search"},
		Summary:     "List statements that are like one",
		Description: "Those that share its positions, and the words that are rarest elsewhere. Positions are compared across languages.",
		Errors:      []int{http.StatusNotFound},
	}, s.getSimilar)
	handle(s, huma.Operation{
		OperationID: "file-statement", Method: http.MethodPost, Path: "/api/v1/statements", Tags: []string{"record"},
		Summary:       "File a statement by hand",
		Description:   "Takes a statement that is on file with an analyst. It is read and indexed shortly after; the answer names it.",
		DefaultStatus: http.StatusAccepted, MaxBodyBytes: maxBody, BodyReadTimeout: 20 * time.Second,
		Errors: []int{http.StatusForbidden, http.StatusRequestEntityTooLarge, http.StatusTooManyRequests, http.StatusNotImplemented},
	}, s.postStatement)
	handle(s, huma.Operation{
		OperationID: "list-actors", Method: http.MethodGet, Path: "/api/v1/actors", Tags: []string{"record"},
		Summary: "List actors with counts of their positions",
	}, s.getActors)
	handle(s, huma.Operation{
		OperationID: "read-actor", Method: http.MethodGet, Path: "/api/v1/actors/{id}", Tags: []string{"record"},
		Summary: "Read an actor's lines and the events behind them", Errors: []int{http.StatusNotFound},
	}, s.getActor)
	handle(s, huma.Operation{
		OperationID: "list-sources", Method: http.MethodGet, Path: "/api/v1/sources", Tags: []string{"record"},
		Summary: "List sources and how each is doing, with the reason",
	}, s.getSources)
	handle(s, huma.Operation{
		OperationID: "read-capture", Method: http.MethodGet, Path: "/api/v1/captures/{hash}", Tags: []string{"record"},
		Summary: "Download the bytes of a capture as they came", Errors: []int{http.StatusNotFound},
		Responses: map[string]*huma.Response{"200": {
			Description: "The bytes, always as an attachment",
			Content:     map[string]*huma.MediaType{octetStream: {Schema: &huma.Schema{Type: "string", ContentEncoding: "binary"}}},
		}},
	}, s.getCapture)
}

// routeNews registers what tells of who said what new.
func (s *server) routeNews() {
	handle(s, huma.Operation{
		OperationID: "list-signals", Method: http.MethodGet, Path: "/api/v1/signals", Tags: []string{"record"},
		Summary: "List signals, newest first",
	}, s.getSignals)
	handle(s, huma.Operation{
		OperationID: "read-event", Method: http.MethodGet, Path: "/api/v1/events/{id}", Tags: []string{"record"},
		Summary:     "Read an event",
		Description: "One utterance with every statement that tells of it, what it answers, what answers it, and what people moved out of it or into it.",
		Errors:      []int{http.StatusNotFound},
	}, s.getEvent)
	handle(s, huma.Operation{
		OperationID: "list-demands", Method: http.MethodGet, Path: "/api/v1/demands", Tags: []string{"record"},
		Summary: "List conditions: who demands what of whom, and how that stands",
	}, s.getDemands)
	handle(s, huma.Operation{
		OperationID: "list-responses", Method: http.MethodGet, Path: "/api/v1/responses", Tags: []string{"record"},
		Summary: "List who answered whom, with the days between",
	}, s.getResponses)
}

// routeDesk registers what people at the desk do and see.
func (s *server) routeDesk() {
	handle(s, huma.Operation{
		OperationID: "act", Method: http.MethodPost, Path: "/api/v1/desk", Tags: []string{"desk"},
		Summary:       "Do something at the desk",
		Description:   "Takes effect shortly after, on every node. The answer names the desk event, by which it can be undone.",
		DefaultStatus: http.StatusAccepted, MaxBodyBytes: maxAct, BodyReadTimeout: 10 * time.Second,
		Errors: []int{http.StatusForbidden, http.StatusRequestEntityTooLarge, http.StatusTooManyRequests, http.StatusNotImplemented},
	}, s.postDesk)
	handle(s, huma.Operation{
		OperationID: "list-desk-log", Method: http.MethodGet, Path: "/api/v1/desk", Tags: []string{"desk"},
		Summary: "List what people did, newest first: the audit log",
	}, s.getDeskLog)
	handle(s, huma.Operation{
		OperationID: "list-alerts", Method: http.MethodGet, Path: "/api/v1/alerts", Tags: []string{"desk"},
		Summary: "List what receivers are told and what became of it, the latest first",
	}, s.getAlerts)
	handle(s, huma.Operation{
		OperationID: "read-message", Method: http.MethodGet, Path: "/api/v1/messages/{id}", Tags: []string{"desk"},
		Summary: "Read a message as a receiver gets it", Errors: []int{http.StatusNotFound},
	}, s.getMessage)
	handle(s, huma.Operation{
		OperationID: "list-receivers", Method: http.MethodGet, Path: "/api/v1/receivers", Tags: []string{"desk"},
		Summary: "List receivers and how each is doing, without keys",
	}, s.getReceivers)
	handle(s, huma.Operation{
		OperationID: "list-silences", Method: http.MethodGet, Path: "/api/v1/silences", Tags: []string{"desk"},
		Summary: "List silences that have not ended",
	}, s.getSilences)
}

// handle registers an operation whose errors are turned into problems.
func handle[I, O any](s *server, op huma.Operation, f func(context.Context, *I) (*O, error)) {
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := f(ctx, in)
		if err != nil {
			return nil, s.problem(ctx, err)
		}
		return out, nil
	})
}
