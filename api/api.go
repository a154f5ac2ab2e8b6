package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
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
	Act      func(context.Context, statement.DeskEvent) error   // sends what a person did on its way; nil where nothing can be done
	Press    *Press                                             // writes digests up; nil where there are none
	Line     func(lang string, n *statement.Notice) string      // the alert line of a notice; if nil, feeds say why it is news
	Troubles func(context.Context) ([]statement.Trouble, error) // what is wrong with the watch itself; if nil, sources that fail
	Rules    *Rulebook                                          // if nil, there are no pages of rules
	Preview  Preview                                            // tries a source; nil where none can be tried
	Rhythm   Rhythm                                             // tells when a source is silent against its habit; may be nil
	Base     string                                             // address at which people reach the site; if empty, feeds give the one that they were asked at
	Checks   func(context.Context) []Check                      // what else decides whether the node is ready; may be nil
	Metrics  prometheus.Gatherer                                // metrics of the rest of the process; may be nil
	Log      *slog.Logger                                       // discards if nil
}

// server is what the handlers share.
type server struct {
	store     *store.Store
	index     *index.Index
	reg       *statement.Registry
	submit    func(context.Context, Hand) (string, error)
	act       func(context.Context, statement.DeskEvent) error
	press     *Press
	line      func(string, *statement.Notice) string
	troubles  func(context.Context) ([]statement.Trouble, error)
	rules     *Rulebook
	preview   Preview
	rhythm    Rhythm
	base      string
	checks    func(context.Context) []Check
	log       *slog.Logger
	mux       *http.ServeMux
	api       huma.API
	pages     *pages
	kept      memory
	listeners atomic.Int64 // open lines of live events
	newest    newestFound
	exports   atomic.Int64 // exports that are being written
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
		store: opt.Store, index: opt.Index, reg: opt.Registry, submit: opt.Submit, act: opt.Act, press: opt.Press, line: opt.Line, troubles: opt.Troubles,
		rules: opt.Rules, preview: opt.Preview, rhythm: opt.Rhythm, base: strings.TrimRight(opt.Base, "/"), checks: opt.Checks, log: opt.Log, mux: http.NewServeMux(), newest: newestFound{held: make(map[string]foundLately)},
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
// a request may be. The caller sets the address or the listener. Shutting it down
// ends the lines of live events.
func Server(handler http.Handler, log *slog.Logger) *http.Server {
	closing, end := context.WithCancel(context.Background())
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
		BaseContext: func(net.Listener) context.Context {
			return context.WithValue(context.Background(), closingKey{}, closing)
		},
	}
	server.RegisterOnShutdown(end)
	return server
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
		{Name: "desk", Description: "Hear of what is new, and see to it: acknowledgement, silences, receivers, hand-over."},
		{Name: "digest", Description: "Read periods that were written up."},
		{Name: "operation", Description: "Watch the node."},
	}
	config.DocsPath = ""
	config.SchemasPath = ""
	config.CreateHooks = nil // would add a $schema member to every answer
	return config
}
