package api

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"palabre/statement"
	"palabre/store"
)

// EventDetail is one utterance with who tells of it and what became of it.
type EventDetail struct {
	Event
	Signals     []Signal     `json:"signals" doc:"That it raised"`
	Answers     []Response   `json:"answers" doc:"What it answers"`
	AnsweredBy  []Response   `json:"answered_by"`
	Regroupings []Regrouping `json:"regroupings" doc:"What people moved out of it or into it, oldest first"`
}

// Regrouping is a person's word on which statements tell of an event.
type Regrouping struct {
	ID         string           `json:"id" doc:"Of the desk event, by which it can be undone"`
	At         time.Time        `json:"at"`
	Who        string           `json:"who"`
	Action     statement.Action `json:"action" enum:"split,merge"`
	Note       string           `json:"note"`
	Statements []string         `json:"statements" doc:"That left or joined"`
	Undone     bool             `json:"undone"`
}

type eventInput struct {
	ID string `path:"id" maxLength:"200"`
}

type eventOutput struct {
	Body *EventDetail
}

func (s *server) getEvent(ctx context.Context, in *eventInput) (*eventOutput, error) {
	detail, err := s.event(ctx, in.ID)
	return &eventOutput{detail}, err
}

func (s *server) event(ctx context.Context, id string) (*EventDetail, error) {
	story, err := s.store.Event(ctx, id)
	if err != nil {
		return nil, err
	}
	page, err := s.store.Signals(ctx, store.SignalQuery{Event: id, Limit: 100})
	if err != nil {
		return nil, err
	}
	out := &EventDetail{Event: eventOf(story), Answers: []Response{}, AnsweredBy: []Response{}, Regroupings: []Regrouping{}}
	if out.Signals, err = s.signals(ctx, page.Signals); err != nil {
		return nil, err
	}
	linked, err := s.store.ResponsesOf(ctx, id)
	if err != nil {
		return nil, err
	}
	responses, err := s.responses(ctx, linked)
	if err != nil {
		return nil, err
	}
	for _, r := range responses {
		if r.Event.ID == id {
			out.Answers = append(out.Answers, r)
		} else {
			out.AnsweredBy = append(out.AnsweredBy, r)
		}
	}
	log, err := s.store.DeskLogOf(ctx, id)
	if err != nil {
		return nil, err
	}
	for i := range log {
		l := &log[i]
		if l.Action != statement.SplitEvent && l.Action != statement.MergeEvents {
			continue
		}
		var g statement.Regrouping
		if err := json.Unmarshal(l.Details, &g); err != nil {
			return nil, fmt.Errorf("read desk event %s: %w", l.ID, err)
		}
		out.Regroupings = append(out.Regroupings, Regrouping{l.ID, l.At.UTC(), l.Who, l.Action, l.Note, orEmpty(g.Statements), l.Undone != ""})
	}
	return out, nil
}
