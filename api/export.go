package api

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"palabre/digest/export"
)

const (
	exportPath  = "/api/v1/export"
	mostExports = 4                // at once
	takeTime    = 30 * time.Second // how long whoever takes an export may take for a stretch of it

	// Headers, of which the last two come behind the file.
	expectedHeader = "Palabre-Expected"
	countTrailer   = http.TrailerPrefix + "Palabre-Statements"
	wholeTrailer   = http.TrailerPrefix + "Palabre-Complete"
)

type exportInput struct {
	Criteria
	Format export.Format `query:"format" enum:"csv,jsonl,xlsx,rss,atom,stix,citations" required:"true"`
	Mark   string        `query:"mark" maxLength:"30" default:"TLP:AMBER" example:"TLP:AMBER+STRICT" doc:"How the file is to be handled, by the Traffic Light Protocol 2.0: clear, green, amber, amber+strict or red"`
	Lang   string        `query:"lang_out" enum:"en,fr,ar" default:"en" doc:"Of what is written for people"`
	Who    string        `query:"who" maxLength:"80" doc:"Who takes it, for the log of the desk; else the name that was said at this browser, else the address"`
	base   string
	abroad bool
}

// Resolve notes who asks, and from where.
func (in *exportInput) Resolve(ctx huma.Context) []error {
	r, _ := humago.Unwrap(ctx)
	in.abroad = r.Header.Get("Sec-Fetch-Site") == "cross-site"
	if in.Who == "" {
		in.Who = nameIn(r)
	}
	if in.Who == "" {
		host, _, err := net.SplitHostPort(r.RemoteAddr)
		if err != nil {
			host = r.RemoteAddr
		}
		in.Who = "somebody at " + host
	}
	in.base = siteOf(ctx)
	return nil
}

// routeExport describes exports beside the other routes.
func (s *server) routeExport() {
	content := make(map[string]*huma.MediaType)
	for _, f := range export.Formats {
		mediaType, _, _ := strings.Cut(f.MediaType(), ";")
		content[mediaType] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString}}
	}
	huma.Register(s.api, huma.Operation{
		OperationID: "export", Method: http.MethodGet, Path: exportPath, Tags: []string{"search"},
		Summary: "Take everything that a search finds",
		Description: "As a file of any size, with the query, the time, the counts, the versions of the rules and the handling mark inside. " +
			"It is noted in the log of the desk. \"limit\" and \"cursor\" are not heeded. A file that breaks off says so inside, or cannot be read, and the connection is cut; " +
			"the trailers Palabre-Statements and Palabre-Complete come behind a whole one.",
		Errors: []int{http.StatusBadRequest, http.StatusForbidden, http.StatusUnprocessableEntity, http.StatusNotImplemented, http.StatusServiceUnavailable},
		Responses: map[string]*huma.Response{"200": {
			Description: "The file, always as an attachment", Content: content,
		}},
	}, s.getExport)
}

func (s *server) getExport(ctx context.Context, in *exportInput) (*huma.StreamResponse, error) {
	answer, err := s.beginExport(ctx, in)
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	return answer, nil
}

// beginExport begins an export and notes it. What is not noted is not exported.
func (s *server) beginExport(ctx context.Context, in *exportInput) (*huma.StreamResponse, error) {
	switch {
	case in.abroad:
		return nil, errAbroad
	case s.act == nil:
		return nil, errNoDesk
	}
	who, err := nameOf(in.Who)
	if err != nil {
		return nil, err
	}
	mark, err := export.ParseMark(in.Mark)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errBadInput, err)
	}
	x := &Extract{Criteria: in.Criteria, Format: in.Format, Mark: mark, Lang: in.Lang, Base: cmp.Or(s.base, in.base), Registry: s.reg}
	begun, err := Begin(ctx, s.store, s.index, x)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		r, w := humago.Unwrap(ctx)
		s.sendExport(w, r, begun, who)
	}}, nil
}

// sendExport streams an export.
func (s *server) sendExport(w http.ResponseWriter, r *http.Request, e *Extraction, who string) {
	h := w.Header()
	h.Set("Content-Type", e.format.MediaType())
	h.Set("Content-Disposition", `attachment; filename="`+e.FileName()+`"`)
	h.Set("Cache-Control", "no-store")
	h.Set(expectedHeader, strconv.Itoa(e.about.Expected))
	if r.Method == http.MethodHead {
		return
	}
	defer s.exports.Add(-1)
	if s.exports.Add(1) > mostExports {
		h.Set("Retry-After", "60")
		s.refuseExport(w, r, errBusy)
		return
	}
	event, err := e.DeskEvent(who)
	if err == nil {
		err = s.act(r.Context(), event)
	}
	if err != nil {
		s.refuseExport(w, r, fmt.Errorf("note export: %w", err))
		return
	}
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	if end, ok := ctx.Value(closingKey{}).(context.Context); ok {
		defer context.AfterFunc(end, cancel)()
	}
	out := &taker{w: w, line: http.NewResponseController(w)}
	sum, err := e.Write(ctx, out, nil)
	if err == nil {
		h.Set(countTrailer, strconv.Itoa(sum.Statements))
		h.Set(wholeTrailer, "yes")
		return
	}
	s.log.LogAttrs(ctx, slog.LevelWarn, "an export broke off", slog.String("event", event.ID), slog.Int("statements", sum.Statements), slog.String("error", err.Error()))
	if out.n == 0 {
		s.refuseExport(w, r, err)
		return
	}
	_ = out.line.Flush() // what the file says of its end; the connection is cut either way
	panic(http.ErrAbortHandler)
}

// refuseExport answers with an error instead of a file.
func (s *server) refuseExport(w http.ResponseWriter, r *http.Request, err error) {
	p := describe(err)
	s.logHidden(r.Context(), p.Status, err)
	for _, name := range []string{"Content-Disposition", expectedHeader} {
		w.Header().Del(name)
	}
	writeProblem(w, p)
}

// FileName is what the file may be called: by its mark and when it was made.
func (e *Extraction) FileName() string {
	mark := strings.ToLower(strings.NewReplacer(":", "-", "+", "-").Replace(string(e.about.Mark)))
	return "palabre-" + e.about.At.Format("20060102T150405Z") + "-" + mark + e.format.Ending()
}

// taker passes a file on to whoever takes it, as long as they do.
type taker struct {
	w    http.ResponseWriter
	line *http.ResponseController
	n    int64
}

func (t *taker) Write(p []byte) (int, error) {
	now := time.Now()
	if err := errors.Join(t.line.SetWriteDeadline(now.Add(takeTime)), t.line.SetReadDeadline(time.Time{})); err != nil {
		return 0, fmt.Errorf("limit the line: %w", err)
	}
	n, err := t.w.Write(p)
	t.n += int64(n)
	return n, err
}
