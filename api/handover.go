package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"palabre/statement"
	"palabre/store"
)

// HandOver is what whoever takes over the desk has to know.
type HandOver struct {
	Who      string      `json:"who" doc:"Is on watch; empty if nobody is"`
	Watch    *time.Time  `json:"watch" doc:"Since when"`
	Since    time.Time   `json:"since" doc:"Of what follows"`
	At       time.Time   `json:"at" doc:"When this was written"`
	Open     []Signal    `json:"open" doc:"Pushed within a week and acknowledged by nobody, oldest first"`
	Signals  []Signal    `json:"signals" doc:"Raised since, oldest first"`
	Done     []DeskEntry `json:"done" doc:"At the desk, oldest first"`
	Sent     int         `json:"sent" doc:"Messages"`
	Failed   []Alert     `json:"failed" doc:"Alerts that could not be delivered, or not yet"`
	Troubles []Trouble   `json:"troubles" doc:"What is wrong with the watch itself now, such as a source that is silent"`
	Silences []Silence   `json:"silences" doc:"Those that have not ended"`
}

// DeskEntry is something that a person did.
type DeskEntry struct {
	ID      string           `json:"id"`
	At      time.Time        `json:"at"`
	Who     string           `json:"who"`
	Action  statement.Action `json:"action"`
	Subject string           `json:"subject"`
	Note    string           `json:"note"`
	Undone  bool             `json:"undone"`
}

// Trouble is something that is wrong with the watch itself.
type Trouble struct {
	Subject string `json:"subject"`
	Note    string `json:"note"`
}

type handOverInput struct {
	Since  string `query:"since" maxLength:"35" doc:"Day or RFC 3339 time; since the present watch began, or for a day, if empty"`
	Accept string `header:"Accept" maxLength:"1000" doc:"text/plain for a log that can be read and printed"`
}

type handOverOutput struct {
	ContentType string `header:"Content-Type"`
	Body        []byte
}

func (s *server) routeHandOver() {
	handle(s, huma.Operation{
		OperationID: "read-handover", Method: http.MethodGet, Path: "/api/v1/handover", Tags: []string{"desk"},
		Summary: "Read what is to be handed over to the next watch",
		Responses: map[string]*huma.Response{"200": {
			Description: "As JSON, or as text if that is what is accepted",
			Content: map[string]*huma.MediaType{
				"application/json": {Schema: schemaOf[HandOver](s)}, "text/plain": {Schema: &huma.Schema{Type: huma.TypeString}},
			},
		}},
	}, s.getHandOver)
}

// schemaOf describes a type for operations that write their answer themselves.
func schemaOf[T any](s *server) *huma.Schema {
	return s.api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[T](), true, "")
}

func (s *server) getHandOver(ctx context.Context, in *handOverInput) (*handOverOutput, error) {
	watch, err := s.watchSince(ctx, s.english(), in.Since)
	if err != nil {
		return nil, err
	}
	if strings.HasPrefix(strings.TrimSpace(in.Accept), "text/plain") {
		text, err := s.handOverText(ctx, s.english(), watch)
		return &handOverOutput{ContentType: textPlain, Body: []byte(text)}, err
	}
	data, err := json.Marshal(watch.answer())
	if err != nil {
		return nil, fmt.Errorf("encode hand-over: %w", err)
	}
	return &handOverOutput{ContentType: "application/json", Body: data}, nil
}

const textPlain = "text/plain; charset=utf-8"

// watched is a stretch of the watch that is to be handed over.
type watched struct {
	*store.HandOver
	now      time.Time
	troubles []Trouble
}

// watchSince reads what happened since a moment: that in the text, else since the
// present watch began, else in the last day.
func (s *server) watchSince(ctx context.Context, t *tongue, text string) (*watched, error) {
	w := &watched{now: time.Now().UTC()}
	since := w.now.AddDate(0, 0, -1)
	if text != "" {
		d, err := statement.ParseDate(text, "query")
		if err != nil {
			return nil, fmt.Errorf("%w: since: %w", errBadInput, err)
		}
		since = d.Time
	} else if _, began, err := s.store.OnWatch(ctx); err != nil {
		return nil, err
	} else if !began.IsZero() {
		since = began
	}
	var err error
	if w.HandOver, err = s.store.HandOver(ctx, since); err != nil {
		return nil, err
	}
	w.troubles, err = s.troublesNow(ctx, t)
	return w, err
}

// troublesNow is what is wrong with the watch itself. A node that is not told
// knows at least which sources fail.
func (s *server) troublesNow(ctx context.Context, t *tongue) ([]Trouble, error) {
	out := []Trouble{}
	if s.troubles != nil {
		found, err := s.troubles(ctx)
		if err != nil {
			return nil, fmt.Errorf("look for troubles: %w", err)
		}
		for i := range found {
			out = append(out, Trouble{found[i].Subject, redacted(found[i].Note.In(t.Lang))})
		}
		return out, nil
	}
	health, err := s.store.SourceHealth(ctx)
	if err != nil {
		return nil, err
	}
	for i := range health {
		if h := &health[i]; failing(h) {
			out = append(out, Trouble{"source " + h.Source, t.say("%s cannot be fetched: %s", h.Source, h.Reason)})
		}
	}
	return out, nil
}

// answer is what programs get.
func (w *watched) answer() *HandOver {
	return &HandOver{
		Who: w.Who, Watch: timeOf(w.Watch), Since: w.Since.UTC(), At: w.now, Open: newsSignals(w.Open), Signals: newsSignals(w.Raised),
		Done: entriesOf(w.Done), Sent: w.Sent, Failed: alertsOf(w.Failed), Troubles: w.troubles, Silences: silencesOf(w.Muted, w.now),
	}
}

func newsSignals(list []statement.News) []Signal {
	out := make([]Signal, len(list))
	for i := range list {
		n := &list[i]
		out[i] = signalOf(&n.Signal, store.Tended{Care: n.Care, Reports: n.Reports, Outlets: len(n.Outlets)})
	}
	return out
}

func entriesOf(list []store.Logged) []DeskEntry {
	out := make([]DeskEntry, len(list))
	for i := range list {
		l := &list[i]
		out[i] = DeskEntry{l.ID, l.At.UTC(), l.Who, l.Action, l.Subject, l.Note, l.Undone != ""}
	}
	return out
}
