package api

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"palabre/store"
)

// routeMetrics serves /metrics from a registry of its own, beside what the rest
// of the process gathers, and returns the middleware that times requests.
func (s *server) routeMetrics(rest prometheus.Gatherer) (func(http.Handler) http.Handler, error) {
	registry := prometheus.NewRegistry()
	seconds := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "palabre_http_request_seconds", Help: "Time to answer a request.",
		Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
	}, []string{"route", "method", "status"})
	own := []prometheus.Collector{newRecordCollector(s), seconds}
	if rest == nil {
		own = append(own, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	}
	for _, c := range own {
		if err := registry.Register(c); err != nil {
			return nil, fmt.Errorf("register metrics: %w", err)
		}
	}
	gatherers := prometheus.Gatherers{registry}
	if rest != nil {
		gatherers = append(gatherers, rest)
	}
	s.mux.Handle("GET /metrics", promhttp.HandlerFor(gatherers, promhttp.HandlerOpts{
		ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelError), ErrorHandling: promhttp.ContinueOnError,
	}))
	s.api.OpenAPI().AddOperation(&huma.Operation{
		OperationID: "metrics", Method: http.MethodGet, Path: "/metrics", Tags: []string{"operation"}, Summary: "Metrics in the Prometheus text format",
		Responses: map[string]*huma.Response{"200": {
			Description: "Metrics", Content: map[string]*huma.MediaType{"text/plain": {Schema: &huma.Schema{Type: "string"}}},
		}},
	})
	return func(next http.Handler) http.Handler { return timed(next, seconds) }, nil
}

// timed observes every request under the pattern that it matched, so that
// addresses cannot multiply the series.
func timed(next http.Handler, seconds *prometheus.HistogramVec) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if lasts(r) { // how long somebody listens or takes says nothing
			next.ServeHTTP(w, r)
			return
		}
		start := time.Now()
		answer := &answer{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(answer, r)
		method := r.Method
		switch method {
		case http.MethodGet, http.MethodHead, http.MethodPost:
		default:
			method = "other"
		}
		seconds.WithLabelValues(r.Pattern, method, strconv.Itoa(answer.status)).Observe(time.Since(start).Seconds())
	})
}

// answer remembers the status that a handler sent.
type answer struct {
	http.ResponseWriter
	status int
	sent   bool
}

// WriteHeader sends the status.
func (a *answer) WriteHeader(status int) {
	if !a.sent && status >= http.StatusOK {
		a.status, a.sent = status, true
	}
	a.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// moment is what the gauges are read from at a scrape.
type moment struct {
	store.Totals
	applied int64 // last change of the record that the index has
	failing int   // sources whose last fetch failed
	live    int64 // open lines of live events
}

// gauge is one figure of a moment.
type gauge struct {
	desc *prometheus.Desc
	read func(*moment) int64
}

// recordCollector reads the totals of the record whenever it is scraped.
type recordCollector struct {
	server   *server
	gauges   []gauge
	failures *prometheus.Desc
	success  *prometheus.Desc
}

func newRecordCollector(s *server) *recordCollector {
	g := func(name, help string, read func(*moment) int64) gauge {
		return gauge{prometheus.NewDesc("palabre_"+name, help, nil, nil), read}
	}
	return &recordCollector{
		server: s,
		gauges: []gauge{
			g("sources", "Configured sources.", func(m *moment) int64 { return int64(m.Sources) }),
			g("sources_failing", "Sources whose last fetch failed.", func(m *moment) int64 { return int64(m.failing) }),
			g("statements", "Statements held.", func(m *moment) int64 { return int64(m.Statements) }),
			g("revisions", "Revisions of statements held.", func(m *moment) int64 { return int64(m.Revisions) }),
			g("captures", "Captures held.", func(m *moment) int64 { return int64(m.Captures) }),
			g("positions", "Positions that hold.", func(m *moment) int64 { return int64(m.Positions) }),
			g("events", "Events with at least one report.", func(m *moment) int64 { return int64(m.Events) }),
			g("signals", "Signals raised.", func(m *moment) int64 { return int64(m.Signals) }),
			g("spool_unpublished", "Statements that wait to be published.", func(m *moment) int64 { return int64(m.Unpublished) }),
			g("spool_unsettled", "Statements of which no record has come back.", func(m *moment) int64 { return int64(m.Unsettled) }),
			g("dead_letters", "Messages that could not be handled.", func(m *moment) int64 { return int64(m.DeadLetters) }),
			g("record_head_row", "Last change of the record.", func(m *moment) int64 { return m.Head }),
			g("index_applied_row", "Last change that the index has.", func(m *moment) int64 { return m.applied }),
			g("listeners", "Open lines of live events.", func(m *moment) int64 { return m.live }),
			g("index_lag_rows", "Changes that the index does not have yet.", func(m *moment) int64 { return max(0, m.Head-m.applied) }),
		},
		failures: prometheus.NewDesc("palabre_source_failures", "Fetches of a source that failed in a row.", []string{"source"}, nil),
		success:  prometheus.NewDesc("palabre_source_success_timestamp_seconds", "When a source was last fetched without failure.", []string{"source"}, nil),
	}
}

// Describe implements prometheus.Collector.
func (c *recordCollector) Describe(ch chan<- *prometheus.Desc) {
	for _, g := range c.gauges {
		ch <- g.desc
	}
	ch <- c.failures
	ch <- c.success
}

// Collect implements prometheus.Collector.
func (c *recordCollector) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), patience/2)
	defer cancel()
	totals, err := c.server.store.Totals(ctx)
	if err != nil {
		ch <- prometheus.NewInvalidMetric(c.gauges[0].desc, err)
		return
	}
	health, err := c.server.store.SourceHealth(ctx)
	if err != nil {
		ch <- prometheus.NewInvalidMetric(c.failures, err)
		return
	}
	m := moment{Totals: totals, applied: c.server.index.Applied(), live: c.server.listeners.Load()}
	for i := range health {
		h := &health[i]
		if failing(h) {
			m.failing++
		}
		ch <- prometheus.MustNewConstMetric(c.failures, prometheus.GaugeValue, float64(h.Failures), h.Source)
		if !h.Succeeded.IsZero() {
			ch <- prometheus.MustNewConstMetric(c.success, prometheus.GaugeValue, float64(h.Succeeded.Unix()), h.Source)
		}
	}
	for _, g := range c.gauges {
		ch <- prometheus.MustNewConstMetric(g.desc, prometheus.GaugeValue, float64(g.read(&m)))
	}
}
