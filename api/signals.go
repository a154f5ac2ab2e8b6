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
	To        statement.Stance `json:"to" doc:"Empty where the news is that nothing was said"`
	Condition string           `json:"condition"`
	Act       string           `json:"act" doc:"The deed that shows the stance"`
	Words
	Event      string    `json:"event"`
	At         time.Time `json:"at" doc:"When it was raised here"`
	Why        string    `json:"why"`
	Confidence float64   `json:"confidence" doc:"Of the surest report, 0 to 1"`
	FirstHand  bool      `json:"first_hand" doc:"A report is the actor's own words or channel"`
	Candidate  string    `json:"candidate" doc:"Why it is for the desk only; empty if it may be pushed"`
	Backfilled bool      `json:"backfilled" doc:"Said long before it was first seen"`
	Tending
}

// Words are what a signal rests on: the new words and the earlier ones.
type Words struct {
	Statement string `json:"statement" doc:"ID of the statement that raised it"`
	Previous  string `json:"previous" doc:"ID of the statement that set the earlier line"`
	Said      string `json:"said" doc:"Date of the words"`
	SaidPrev  string `json:"said_prev" doc:"Date of the earlier words"`
	Quote     string `json:"quote"`
	Before    string `json:"before" doc:"Quotation that stood for the earlier line"`
}

// Tending is who tells of a signal's event, and what the desk did about it.
type Tending struct {
	Reports int  `json:"reports" doc:"Statements that tell of the event"`
	Outlets int  `json:"outlets" doc:"Outlets that tell of it"`
	Care    Care `json:"care"`
}

func signalOf(s *statement.Signal, t store.Tended) Signal {
	return Signal{
		ID: s.ID, Reason: s.Reason, Actor: s.Actor, Speaker: s.Speaker, Topic: s.Topic, Target: s.Target, From: s.From, To: s.To,
		Condition: s.Condition, Act: s.Act, Event: s.Event, At: s.At.UTC(), Why: s.Why, Confidence: s.Confidence, FirstHand: s.FirstHand,
		Candidate: s.Candidate, Backfilled: s.Backfilled,
		Words: Words{
			Statement: s.Now.Statement, Previous: s.Then.Statement, Said: s.Now.Said.String(), SaidPrev: s.Then.Said.String(),
			Quote: s.Now.Quote, Before: s.Then.Quote,
		},
		Tending: Tending{Reports: t.Reports, Outlets: t.Outlets, Care: careOf(&t.Care)},
	}
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
	out.Body.Next = page.Next
	out.Body.Signals, err = s.signals(ctx, page.Signals)
	return &out, err
}
