package api

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"palabre/store"
)

const (
	livePath = "/api/v1/live"

	heartbeat    = 15 * time.Second       // after which silence says that the line stands
	lineTime     = 10 * time.Second       // how long a listener may take to take what it is sent
	liveRest     = 100 * time.Millisecond // between two looks, so that a back-fill costs little
	liveBatch    = 200                    // how much is read at once
	maxListeners = 500
)

// closingKey is where a request finds the context that ends when its server is
// shut down.
type closingKey struct{}

// closing ends when the server that a request came to is shut down.
func closing(ctx context.Context) <-chan struct{} {
	if end, ok := ctx.Value(closingKey{}).(context.Context); ok {
		return end.Done()
	}
	return nil
}

type liveInput struct {
	LastEventID string `header:"Last-Event-ID" maxLength:"200" doc:"ID of the last event that was seen; what came since is sent first"`
	After       string `query:"after" maxLength:"200" doc:"The same for whoever cannot set a header"`
	Lang        string `query:"lang" enum:"en,fr,ar" doc:"Of what the desk did, in words"`
}

// CareEvent says what the desk did about a signal.
type CareEvent struct {
	Signal string    `json:"signal" doc:"Its ID"`
	Care   Care      `json:"care"`
	State  CareState `json:"state" enum:"new,snoozed,owned,acknowledged,false"`
	Says   string    `json:"says" doc:"The same for people"`
}

// routeLive describes the live events beside the other routes. Their data are
// JSON.
func (s *server) routeLive() {
	events := func(schemas ...*huma.Schema) *huma.MediaType {
		return &huma.MediaType{Schema: &huma.Schema{OneOf: schemas, Description: "Data of the events signal and care"}}
	}
	huma.Register(s.api, huma.Operation{
		OperationID: "listen", Method: http.MethodGet, Path: livePath, Tags: []string{"desk"},
		Summary: "Listen to what is raised and what the desk does",
		Description: "Server-Sent Events. \"signal\" carries a signal as GET signals gives it, \"care\" what the desk did about one; " +
			"a comment comes every 15 seconds. Come back with the last ID and nothing that came meanwhile is missed.",
		Errors: []int{http.StatusBadRequest, http.StatusServiceUnavailable},
		Responses: map[string]*huma.Response{"200": {
			Description: "Events, until either side ends",
			Content:     map[string]*huma.MediaType{"text/event-stream": events(schemaOf[Signal](s), schemaOf[CareEvent](s))},
		}},
	}, s.getLive)
}

func (s *server) getLive(ctx context.Context, in *liveInput) (*huma.StreamResponse, error) {
	mark, err := s.store.Latest(ctx)
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	if last := cmp.Or(in.LastEventID, in.After); last != "" {
		seen, err := store.ParseMark(last)
		if err != nil {
			return nil, s.problem(ctx, err)
		}
		mark = earlier(seen, mark)
	}
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		r, w := humago.Unwrap(ctx)
		s.listen(w, r, s.tongueNamed(in.Lang), mark)
	}}, nil
}

// earlier keeps a listener from waiting for what another record will never
// reach.
func earlier(seen, latest store.Mark) store.Mark {
	if seen.At.After(latest.At) {
		seen.At, seen.Signal = latest.At, latest.Signal
	}
	seen.Desk = min(seen.Desk, latest.Desk)
	return seen
}

// listen sends what comes behind a mark until either side ends. Each listener
// reads for itself: one that is slow keeps nobody waiting.
func (s *server) listen(w http.ResponseWriter, r *http.Request, t *tongue, mark store.Mark) {
	defer s.listeners.Add(-1)
	if s.listeners.Add(1) > maxListeners {
		w.Header().Set("Retry-After", "30")
		s.refuse(w, r, describe(errCrowded))
		return
	}
	wake, cancel := s.store.Watch()
	defer cancel()
	l := &listener{server: s, tongue: t, w: w, line: http.NewResponseController(w), mark: mark}
	if err := l.open(r); err != nil || r.Method == http.MethodHead {
		return
	}
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		looked := time.Now()
		if err := l.tell(r.Context()); err != nil {
			s.log.LogAttrs(r.Context(), slog.LevelDebug, "a listener is gone", slog.String("error", err.Error()))
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-closing(r.Context()):
			return
		case <-wake:
		case <-beat.C:
			if err := l.send([]byte(": the line stands\n\n")); err != nil {
				return
			}
		}
		rest := time.NewTimer(liveRest - time.Since(looked))
		select {
		case <-r.Context().Done():
		case <-rest.C:
		}
		rest.Stop()
	}
}

// listener is one open line.
type listener struct {
	server *server
	tongue *tongue
	w      http.ResponseWriter
	line   *http.ResponseController
	mark   store.Mark // behind what was sent
}

// open takes the line from the limits that other requests have.
func (l *listener) open(r *http.Request) error {
	h := l.w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // else a proxy may keep events to itself
	l.w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodHead {
		return nil
	}
	if err := l.line.SetReadDeadline(time.Time{}); err != nil {
		return fmt.Errorf("keep the line open: %w", err)
	}
	return l.send([]byte("retry: 3000\n\n"))
}

// send sends and lets a listener that does not take it go.
func (l *listener) send(text []byte) error {
	if err := l.line.SetWriteDeadline(time.Now().Add(lineTime)); err != nil {
		return fmt.Errorf("limit the line: %w", err)
	}
	if _, err := l.w.Write(text); err != nil {
		return err
	}
	return l.line.Flush()
}

// tell sends everything behind the mark.
func (l *listener) tell(ctx context.Context) error {
	for {
		stir, err := l.server.store.After(ctx, l.mark, liveBatch)
		if err != nil {
			return err
		}
		if stir.Mark == l.mark {
			return nil
		}
		text, err := l.write(ctx, &stir)
		if err != nil {
			return err
		}
		l.mark = stir.Mark
		if len(text) == 0 {
			continue
		}
		if err := l.send(text); err != nil {
			return err
		}
	}
}

// write writes events. Each has the mark up to which everything was sent by
// then, so that whoever comes back in the middle of them misses nothing.
func (l *listener) write(ctx context.Context, stir *store.Stir) ([]byte, error) {
	var b bytes.Buffer
	signals, err := l.server.signals(ctx, stir.Signals)
	if err != nil {
		return nil, err
	}
	mark := l.mark
	for i := range signals {
		mark.At, mark.Signal = signals[i].At, signals[i].ID
		if err := writeEvent(&b, "signal", mark, &signals[i]); err != nil {
			return nil, err
		}
	}
	tended, err := l.server.store.Tended(ctx, stir.Cared)
	if err != nil {
		return nil, err
	}
	for i, id := range stir.Cared {
		if i == len(stir.Cared)-1 {
			mark.Desk = stir.Mark.Desk
		}
		t := tended[id]
		care := careOf(&t.Care)
		if err := writeEvent(&b, "care", mark, &CareEvent{Signal: id, Care: care, State: care.State(), Says: care.says(l.tongue, time.Now())}); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), nil
}

// writeEvent writes one event. JSON has no line ends, so that it is one line of
// data.
func writeEvent(b *bytes.Buffer, event string, id store.Mark, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode %s: %w", event, err)
	}
	fmt.Fprintf(b, "id: %s\nevent: %s\ndata: %s\n\n", id, event, data)
	return nil
}
