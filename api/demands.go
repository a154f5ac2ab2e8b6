package api

import (
	"context"

	"palabre/statement"
	"palabre/store"
)

// Demand is what an actor demands before it takes, or keeps, a stance.
type Demand struct {
	ID     string                 `json:"id"`
	Actor  string                 `json:"actor" doc:"Who demands"`
	Topic  statement.Topic        `json:"topic"`
	Target string                 `json:"target" doc:"Towards whom"`
	Of     string                 `json:"of" doc:"Actor who would have to act; empty if that is not known"`
	What   string                 `json:"what" doc:"ID of the kind of demand; empty if it fits none"`
	Label  string                 `json:"label" doc:"The kind in English"`
	Words  string                 `json:"words" doc:"The condition, verbatim, as last stated"`
	Timing statement.DemandTiming `json:"timing" enum:"before,during"`
	First  Quoted                 `json:"first" doc:"First stated"`
	Last   Quoted                 `json:"last" doc:"Last stated"`
	Status statement.DemandStatus `json:"status" enum:"open,dropped,may-be-met,met"`
	Why    string                 `json:"why" doc:"Of a status other than open: what changed it"`
}

// Quoted is what somebody is quoted with, and where it stands.
type Quoted struct {
	Statement string `json:"statement"`
	Quote     string `json:"quote"`
	Said      string `json:"said"`
}

func quotedOf(p *statement.Passage) Quoted { return Quoted{p.Statement, p.Quote, p.Said.String()} }

type demandsInput struct {
	Actor  string                 `query:"actor" maxLength:"200" doc:"Who demands"`
	Topic  statement.Topic        `query:"topic" maxLength:"200"`
	Status statement.DemandStatus `query:"status" enum:"open,dropped,may-be-met,met"`
}

type demandsOutput struct {
	Body struct {
		Demands []Demand `json:"demands" doc:"Last stated first"`
	}
}

func (s *server) getDemands(ctx context.Context, in *demandsInput) (*demandsOutput, error) {
	var out demandsOutput
	var err error
	out.Body.Demands, err = s.demands(ctx, s.english(), store.DemandQuery(*in))
	return &out, err
}

func (s *server) demands(ctx context.Context, t *tongue, q store.DemandQuery) ([]Demand, error) {
	list, err := s.store.Demands(ctx, q)
	if err != nil {
		return nil, err
	}
	labels := make(map[string]string, len(s.reg.Demands))
	for i := range s.reg.Demands {
		labels[s.reg.Demands[i].ID] = s.reg.Demands[i].Label.In(t.Lang)
	}
	out := make([]Demand, len(list))
	for i := range list {
		d := &list[i]
		out[i] = Demand{
			ID: d.ID, Actor: d.Actor, Topic: d.Topic, Target: d.Target, Of: d.Of, What: d.What, Label: labels[d.What], Words: d.Words, Timing: d.Timing,
			First: quotedOf(&d.First), Last: quotedOf(&d.Last), Status: d.Status, Why: d.Why,
		}
	}
	return out, nil
}

// Utterance is an event in short: who said what, when.
type Utterance struct {
	ID        string           `json:"id"`
	Actor     string           `json:"actor"`
	Speaker   string           `json:"speaker"`
	Topic     statement.Topic  `json:"topic"`
	Target    string           `json:"target"`
	Stance    statement.Stance `json:"stance"`
	When      string           `json:"when"`
	Statement string           `json:"statement" doc:"ID of the one that stands for it"`
	Quote     string           `json:"quote"`
}

// Response is one utterance that answers another.
type Response struct {
	Event   Utterance      `json:"event"`
	Answers Utterance      `json:"answers"`
	How     statement.Link `json:"how" enum:"quoted,named,addressed,own-house" doc:"How that is known, surest first"`
	Days    int            `json:"days" doc:"Between the two"`
}

type responsesInput struct {
	Actor string `query:"actor" maxLength:"200" doc:"Who answers or is answered"`
	Limit int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
}

type responsesOutput struct {
	Body struct {
		Responses []Response `json:"responses" doc:"The latest answer first"`
	}
}

func (s *server) getResponses(ctx context.Context, in *responsesInput) (*responsesOutput, error) {
	list, err := s.store.Responses(ctx, in.Actor, in.Limit)
	if err != nil {
		return nil, err
	}
	var out responsesOutput
	out.Body.Responses, err = s.responses(ctx, list)
	return &out, err
}

// responses says who answered whom with what.
func (s *server) responses(ctx context.Context, list []statement.Response) ([]Response, error) {
	ids := make([]string, 0, 2*len(list))
	for i := range list {
		ids = append(ids, list[i].Event, list[i].Answers)
	}
	stories, err := s.store.Events(ctx, ids)
	if err != nil {
		return nil, err
	}
	byID := make(map[string]Utterance, len(stories))
	for i := range stories {
		e := &stories[i]
		byID[e.ID] = Utterance{e.ID, e.Actor, e.Speaker, e.Topic, e.Target, e.Stance, e.When.String(), e.Lead, e.Evidence.Quote}
	}
	out := make([]Response, len(list))
	for i := range list {
		r := &list[i]
		out[i] = Response{byID[r.Event], byID[r.Answers], r.How, r.Days}
	}
	return out, nil
}
