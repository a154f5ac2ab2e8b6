package api

import (
	"context"
	"time"

	"palabre/statement"
	"palabre/store"
)

// Signal is a signal as the API gives it.
type Signal struct {
	ID        string           `json:"id"`
	Reason    statement.Reason `json:"reason" doc:"Why it is news: first, shift, walk-back, condition-changed, …"`
	Actor     string           `json:"actor"`
	Speaker   string           `json:"speaker"`
	Topic     statement.Topic  `json:"topic"`
	Target    string           `json:"target"`
	From      statement.Stance `json:"from" doc:"Stance of the earlier line; empty for a first position"`
	To        statement.Stance `json:"to"`
	Condition string           `json:"condition"`
	Statement string           `json:"statement" doc:"ID of the statement that raised it"`
	Previous  string           `json:"previous" doc:"ID of the statement that set the earlier line"`
	Event     string           `json:"event"`
	At        time.Time        `json:"at" doc:"When it was raised here"`
	Said      string           `json:"said" doc:"Date of the words"`
	SaidPrev  string           `json:"said_prev" doc:"Date of the earlier words"`
	Quote     string           `json:"quote"`
	Before    string           `json:"before" doc:"Quotation that stood for the earlier line"`
	Why       string           `json:"why"`
	Candidate string           `json:"candidate" doc:"Why it is for the desk only; empty if it may be pushed"`
	Backfill  bool             `json:"backfilled" doc:"Said long before it was first seen"`
}

func signalOf(s *statement.Signal) Signal {
	return Signal{
		ID: s.ID, Reason: s.Reason, Actor: s.Actor, Speaker: s.Speaker, Topic: s.Topic, Target: s.Target, From: s.From, To: s.To,
		Condition: s.Condition, Statement: s.Now.Statement, Previous: s.Then.Statement, Event: s.Event, At: s.At.UTC(), Said: s.Now.Said.String(),
		SaidPrev: s.Then.Said.String(), Quote: s.Now.Quote, Before: s.Then.Quote, Why: s.Why, Candidate: s.Candidate, Backfill: s.Backfilled,
	}
}

func signalsOf(list []statement.Signal) []Signal {
	out := make([]Signal, len(list))
	for i := range list {
		out[i] = signalOf(&list[i])
	}
	return out
}

type signalsInput struct {
	Reason []statement.Reason `query:"reason" doc:"Only these reasons, separated by commas" enum:"first,shift,walk-back,condition-changed,reaffirmed,split,posthumous,silence"`
	Actor  string             `query:"actor" maxLength:"200"`
	Topic  statement.Topic    `query:"topic" maxLength:"200"`
	Target string             `query:"target" maxLength:"200"`
	Firm   bool               `query:"firm" doc:"Leave out those that are for the desk only"`
	Sort   string             `query:"sort" enum:"said,at" default:"said" doc:"Newest first by when it was said, or by when it was raised"`
	Limit  int                `query:"limit" minimum:"1" maximum:"200" default:"50"`
	Cursor string             `query:"cursor" maxLength:"200"`
}

type signalsOutput struct {
	Body struct {
		Signals []Signal `json:"signals"`
		Next    string   `json:"next" doc:"Cursor of the next page; empty at the end"`
	}
}

func (in *signalsInput) query() store.SignalQuery {
	q := store.SignalQuery{
		Reasons: in.Reason, Actor: in.Actor, Topic: in.Topic, Target: in.Target, Firm: in.Firm, Limit: in.Limit, Cursor: in.Cursor,
	}
	if in.Sort == "at" {
		q.Order = store.ByAt
	}
	return q
}

func (s *server) getSignals(ctx context.Context, in *signalsInput) (*signalsOutput, error) {
	page, err := s.store.Signals(ctx, in.query())
	if err != nil {
		return nil, err
	}
	var out signalsOutput
	out.Body.Signals, out.Body.Next = signalsOf(page.Signals), page.Next
	return &out, nil
}
