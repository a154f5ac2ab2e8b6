package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/prometheus/client_golang/prometheus"

	"palabre/index"
	"palabre/statement"
	"palabre/store"
)

// Options are what a handler answers from.
type Options struct {
	Store    *store.Store
	Index    *index.Index
	Registry *statement.Registry
	Submit   func(context.Context, Hand) (id string, err error) // files a hand entry; nil where this node takes none
	Checks   func(context.Context) []Check                      // what else decides whether the node is ready; may be nil
	Metrics  prometheus.Gatherer                                // metrics of the rest of the process; may be nil
	Log      *slog.Logger                                       // discards if nil
}

// server is what the handlers share.
type server struct {
	store  *store.Store
	index  *index.Index
	reg    *statement.Registry
	submit func(context.Context, Hand) (string, error)
	checks func(context.Context) []Check
	log    *slog.Logger
	mux    *http.ServeMux
	api    huma.API
	pages  *pages
}

// New returns the handler for the whole site: API, pages, health and metrics.
func New(opt Options) (http.Handler, error) {
	if opt.Store == nil || opt.Index == nil || opt.Registry == nil {
		return nil, errors.New("build API: store, index and registry are needed")
	}
	if opt.Log == nil {
		opt.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	s := &server{
		store: opt.Store, index: opt.Index, reg: opt.Registry, submit: opt.Submit, checks: opt.Checks, log: opt.Log,
		mux: http.NewServeMux(),
	}
	s.api = humago.New(s.mux, description())
	s.routeAPI()
	var err error
	if s.pages, err = newPages(s.reg); err != nil {
		return nil, fmt.Errorf("build API: %w", err)
	}
	s.routePages()
	metrics, err := s.routeMetrics(opt.Metrics)
	if err != nil {
		return nil, fmt.Errorf("build API: %w", err)
	}
	return s.guard(metrics(s.mux)), nil
}

// Server returns a server for the handler with limits on how slow and how large
// a request may be. The caller sets the address or the listener.
func Server(handler http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

// description is the part of the OpenAPI document that is not about one route.
// There is no documentation page, because those load scripts from elsewhere.
func description() huma.Config {
	config := huma.DefaultConfig("Palabre", "1")
	config.Info.Description = "What is said about dialogue, foreign troops and Sharia in Mali and the Sahel: " +
		"statements as captured, who takes which stance in them with the words that prove it, and what is news. " +
		"Dates are ISO 8601 cut to what is known of them: 2020, 2020-03 or 2020-03-08. " +
		"Lists are paged: pass \"next\" as cursor until it is empty. Errors are application/problem+json (RFC 9457)."
	config.Tags = []*huma.Tag{
		{Name: "search", Description: "Find statements."},
		{Name: "record", Description: "Read what was captured and what was read out of it."},
		{Name: "operation", Description: "Watch the node."},
	}
	config.DocsPath = ""
	config.SchemasPath = ""
	config.CreateHooks = nil // would add a $schema member to every answer
	return config
}

// routeAPI registers everything that the OpenAPI document describes, and the
// answer to whatever else is asked of the API.
func (s *server) routeAPI() {
	handle(s, huma.Operation{
		OperationID: "search", Method: http.MethodGet, Path: "/api/v1/search", Tags: []string{"search"},
		Summary:     "Search statements",
		Description: "Full text in every script with phrases, AND, OR, NOT, brackets and fields; an empty query with filters lists what they choose.",
	}, s.getSearch)
	handle(s, huma.Operation{
		OperationID: "list-signals", Method: http.MethodGet, Path: "/api/v1/signals", Tags: []string{"record"},
		Summary: "List signals, newest first",
	}, s.getSignals)
	handle(s, huma.Operation{
		OperationID: "read-statement", Method: http.MethodGet, Path: "/api/v1/statements/{id}", Tags: []string{"record"},
		Summary:     "Read a statement",
		Description: "The latest revision, whichever revision the ID names, with positions, evidence offsets, revisions, signals and other reports of the same events.",
		Errors:      []int{http.StatusNotFound},
	}, s.getStatement)
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
