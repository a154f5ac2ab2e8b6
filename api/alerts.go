package api

import (
	"context"
	"encoding/json"
	"time"

	"palabre/statement"
	"palabre/store"
)

// Alert is one thing that one receiver is told, and what became of it.
type Alert struct {
	N        int64                `json:"n"`
	Receiver string               `json:"receiver"`
	Kind     statement.NoticeKind `json:"kind" enum:"new,update,corrected,withdrawn,escalated,watch,heartbeat"`
	Event    string               `json:"event"`
	Signal   string               `json:"signal"`
	Subject  string               `json:"subject" doc:"Of the watch: what it is about"`
	Note     string               `json:"note"`
	Due      time.Time            `json:"due"`
	Repeats  int                  `json:"repeats" doc:"How often it was sent before"`
	State    store.NoticeState    `json:"state" enum:"due,composed,silenced,sent,dead,void"`
	Why      string               `json:"why" doc:"It is in that state: which silence, which failure"`
	Message  string               `json:"message" doc:"ID of the message that carries it"`
	Line     string               `json:"line" doc:"Of that message"`
	Progress *Progress            `json:"progress" doc:"Of that message; null where there is none, or another node has it"`
}

// Progress is how far a message has come.
type Progress struct {
	State    store.MessageState `json:"state" enum:"pending,sent,dead"`
	Composed *time.Time         `json:"composed"`
	Again    *time.Time         `json:"again" doc:"When it is tried next"`
	Sent     *time.Time         `json:"sent"`
	Tries    int                `json:"tries" doc:"Those that failed"`
	Failure  string             `json:"failure" doc:"The last one"`
}

func alertOf(a *store.Alert) Alert {
	out := Alert{
		N: a.N, Receiver: a.Receiver, Kind: a.Kind, Event: a.Event, Signal: a.Signal, Subject: a.Subject, Note: redacted(a.Note), Due: a.Due.UTC(),
		Repeats: a.Repeats, State: a.State, Why: redacted(a.Why), Message: a.Message, Line: a.Line,
	}
	if a.Progress != nil {
		out.Progress = progressOf(a.Progress)
	}
	return out
}

func progressOf(p *store.Progress) *Progress {
	return &Progress{
		State: p.State, Composed: timeOf(p.Composed), Again: timeOf(p.Again), Sent: timeOf(p.Sent), Tries: p.Tries, Failure: redacted(p.Failure),
	}
}

func alertsOf(list []store.Alert) []Alert {
	out := make([]Alert, len(list))
	for i := range list {
		out[i] = alertOf(&list[i])
	}
	return out
}

type alertsInput struct {
	Receiver string            `query:"receiver" maxLength:"63"`
	State    store.NoticeState `query:"state" enum:"due,composed,silenced,sent,dead,void"`
	Signal   string            `query:"signal" maxLength:"200"`
	Limit    int               `query:"limit" minimum:"1" maximum:"500" default:"50"`
	Cursor   string            `query:"cursor" maxLength:"200"`
}

type alertsOutput struct {
	Body struct {
		Alerts []Alert `json:"alerts"`
		Next   string  `json:"next" doc:"Cursor of the next page; empty at the end"`
	}
}

func (s *server) getAlerts(ctx context.Context, in *alertsInput) (*alertsOutput, error) {
	page, err := s.store.Alerts(ctx, store.AlertQuery{Receiver: in.Receiver, State: in.State, Signal: in.Signal, Limit: in.Limit, Cursor: in.Cursor})
	if err != nil {
		return nil, err
	}
	var out alertsOutput
	out.Body.Alerts, out.Body.Next = alertsOf(page.Alerts), page.Next
	return &out, nil
}

// Message is what one receiver is sent in one piece.
type Message struct {
	ID       string               `json:"id"`
	Receiver string               `json:"receiver"`
	Kind     statement.NoticeKind `json:"kind"`
	Notices  []int64              `json:"notices" doc:"Numbers of the alerts that it carries"`
	Signals  []string             `json:"signals"`
	Group    string               `json:"group" doc:"Actor and topic; empty in a digest, a storm, or of the watch"`
	Lang     string               `json:"lang"`
	Line     string               `json:"line"`
	Text     string               `json:"text"`
	HTML     string               `json:"html"`
	Body     any                  `json:"body" doc:"What programs are sent"`
	Progress *Progress            `json:"progress"`
}

type messageInput struct {
	ID string `path:"id" maxLength:"100"`
}

type messageOutput struct {
	Body *Message
}

func (s *server) getMessage(ctx context.Context, in *messageInput) (*messageOutput, error) {
	m, p, err := s.store.Message(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := &Message{
		ID: m.ID, Receiver: m.Receiver, Kind: m.Kind, Notices: orEmpty(m.Notices), Signals: orEmpty(m.Signals), Group: m.Group, Lang: m.Lang,
		Line: m.Line, Text: m.Text, HTML: m.HTML, Progress: progressOf(&p),
	}
	if json.Valid([]byte(m.Body)) {
		out.Body = json.RawMessage(m.Body)
	}
	return &messageOutput{out}, nil
}

// Silence keeps signals that its filter chooses from being sent while it lasts.
type Silence struct {
	ID     string           `json:"id"`
	Filter statement.Filter `json:"filter"`
	Author string           `json:"author"`
	Reason string           `json:"reason"`
	From   time.Time        `json:"from"`
	Until  time.Time        `json:"until"`
	Holds  bool             `json:"holds" doc:"It has begun"`
}

type silencesOutput struct {
	Body struct {
		Silences []Silence `json:"silences" doc:"Those that have not ended"`
	}
}

func (s *server) getSilences(ctx context.Context, _ *struct{}) (*silencesOutput, error) {
	list, err := s.store.Mutings(ctx)
	if err != nil {
		return nil, err
	}
	var out silencesOutput
	out.Body.Silences = silencesOf(list, time.Now())
	return &out, nil
}

func silencesOf(list []statement.Muting, now time.Time) []Silence {
	out := make([]Silence, len(list))
	for i := range list {
		m := &list[i]
		out[i] = Silence{m.ID, m.Filter, m.Author, m.Reason, m.From.UTC(), m.Until.UTC(), m.Holds(now)}
	}
	return out
}
