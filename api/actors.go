package api

import (
	"context"
	"fmt"
	"time"

	"palabre/statement"
	"palabre/store"
)

// Actor is an actor of the registry with counts of its positions.
type Actor struct {
	ID        string              `json:"id"`
	Label     string              `json:"label"`
	Kind      statement.ActorKind `json:"kind"`
	PartOf    string              `json:"part_of"`
	Country   string              `json:"country"`
	Positions int                 `json:"positions" doc:"Positions that hold"`
	Counts    []Tally             `json:"counts"`
}

// Tally is how many of an actor's positions share a topic and stance.
type Tally struct {
	Topic  statement.Topic  `json:"topic"`
	Stance statement.Stance `json:"stance"`
	N      int              `json:"n"`
}

type actorsOutput struct {
	Body struct {
		Actors []Actor `json:"actors"`
	}
}

func (s *server) getActors(ctx context.Context, _ *struct{}) (*actorsOutput, error) {
	var out actorsOutput
	var err error
	out.Body.Actors, err = s.actors(ctx)
	return &out, err
}

// actors returns the actors of the registry, then any other that positions name.
func (s *server) actors(ctx context.Context) ([]Actor, error) {
	counts, err := s.store.Counts(ctx, store.PerActor)
	if err != nil {
		return nil, err
	}
	out := make([]Actor, 0, len(s.reg.Actors))
	place := make(map[string]int, len(s.reg.Actors))
	for i := range s.reg.Actors {
		a := &s.reg.Actors[i]
		place[a.ID] = i
		out = append(out, Actor{ID: a.ID, Label: a.Label, Kind: a.Kind, PartOf: a.PartOf, Country: a.Country, Counts: []Tally{}})
	}
	for _, c := range counts {
		i, ok := place[c.Value]
		if !ok {
			i = len(out)
			place[c.Value] = i
			out = append(out, Actor{ID: c.Value, Label: c.Value, Counts: []Tally{}})
		}
		out[i].Positions += c.N
		out[i].Counts = append(out[i].Counts, Tally{c.Topic, c.Stance, c.N})
	}
	return out, nil
}

// Line is where an actor stands on a topic today.
type Line struct {
	Topic     statement.Topic  `json:"topic"`
	Target    string           `json:"target"`
	Stance    statement.Stance `json:"stance"`
	Condition string           `json:"condition"`
	FirstHand bool             `json:"first_hand" doc:"By its own words; else by what is reported of it"`
	Since     string           `json:"since" doc:"When the stance was first taken without a break"`
	Confirmed string           `json:"confirmed" doc:"When it was last repeated"`
	Lapsed    bool             `json:"lapsed" doc:"An offer that nobody renewed"`
	Event     string           `json:"event"`
	Statement string           `json:"statement"`
	Quote     string           `json:"quote"`
	Updated   time.Time        `json:"updated"`
}

// PartLine is where a part of a coalition stands.
type PartLine struct {
	Actor string `json:"actor"`
	Line
	Bears store.Bearing `json:"bears" doc:"On the coalition's own line: confirmation, split, or empty"`
}

func lineOf(l *store.Standing) Line {
	return Line{
		Topic: l.Topic, Target: l.Target, Stance: l.Stance, Condition: l.Condition, FirstHand: l.FirstHand, Since: l.Since.String(),
		Confirmed: l.Confirmed.String(), Lapsed: l.Lapsed, Event: l.Event, Statement: l.Statement, Quote: l.Quote, Updated: l.Updated.UTC(),
	}
}

// Event is one utterance with the statements that report it.
type Event struct {
	ID        string           `json:"id"`
	Actor     string           `json:"actor"`
	Speaker   string           `json:"speaker"`
	Topic     statement.Topic  `json:"topic"`
	Target    string           `json:"target"`
	Stance    statement.Stance `json:"stance"`
	Condition string           `json:"condition"`
	Act       string           `json:"act" doc:"The deed that it tells of"`
	FirstHand bool             `json:"first_hand" doc:"A report is the actor's own words or channel"`
	When      string           `json:"when"`
	Lead      string           `json:"lead" doc:"ID of the statement that stands for it"`
	Quote     string           `json:"quote"`
	Outlets   int              `json:"outlets"`
	Reports   []Report         `json:"reports"`
}

// Report is one statement's account of an event.
type Report struct {
	Statement string `json:"statement"`
	Title     string `json:"title"`
	Outlet    string `json:"outlet"`
	Said      string `json:"said"`
	FirstHand bool   `json:"first_hand"`
	Quote     string `json:"quote"`
	Echo      bool   `json:"echo" doc:"Repeats the text of an earlier report"`
}

func eventOf(e *store.Story) Event {
	out := Event{
		ID: e.ID, Actor: e.Actor, Speaker: e.Speaker, Topic: e.Topic, Target: e.Target, Stance: e.Stance, Condition: e.Condition, Act: e.Act,
		FirstHand: e.FirstHand, When: e.When.String(), Lead: e.Lead, Quote: e.Evidence.Quote, Outlets: e.Outlets, Reports: make([]Report, len(e.Accounts)),
	}
	for i := range e.Accounts {
		a := &e.Accounts[i]
		out.Reports[i] = Report{a.Statement, a.Title, a.Outlet, a.Said.String(), a.FirstHand, a.Quote, a.Echo}
	}
	return out
}

// Person is somebody who speaks for an actor.
type Person struct {
	ID    string `json:"id"`
	Label string `json:"label"`
	Title string `json:"title"`
	From  string `json:"from"`
	To    string `json:"to"`
	Died  string `json:"died"`
}

// ActorDetail is an actor with where it stands and how it got there.
type ActorDetail struct {
	ID      string              `json:"id"`
	Label   string              `json:"label"`
	Kind    statement.ActorKind `json:"kind"`
	PartOf  string              `json:"part_of"`
	Parts   []string            `json:"parts"`
	Names   []string            `json:"names"`
	Persons []Person            `json:"persons"`
	Lines   []Line              `json:"lines"`
	Stands  []PartLine          `json:"part_lines" doc:"Lines of its parts"`
	Events  []Event             `json:"events" doc:"Newest first"`
}

type actorInput struct {
	ID    string `path:"id" maxLength:"200"`
	Limit int    `query:"limit" minimum:"1" maximum:"500" default:"200" doc:"Most events to list"`
}

type actorOutput struct {
	Body *ActorDetail
}

func (s *server) getActor(ctx context.Context, in *actorInput) (*actorOutput, error) {
	detail, err := s.actor(ctx, in.ID, in.Limit)
	return &actorOutput{detail}, err
}

// actor returns an actor of the registry, or one that the record knows.
func (s *server) actor(ctx context.Context, id string, limit int) (*ActorDetail, error) {
	head, err := s.store.Head(ctx)
	if err != nil {
		return nil, err
	}
	return s.kept.actors.read(head, datedActor{id, limit, today()}, func() (*ActorDetail, error) { return s.readActor(ctx, id, limit) })
}

func (s *server) readActor(ctx context.Context, id string, limit int) (*ActorDetail, error) {
	record, err := s.store.ActorLines(ctx, id, limit)
	if err != nil {
		return nil, err
	}
	known := s.reg.Actor(id)
	if known == nil {
		if len(record.Lines)+len(record.Events) == 0 {
			return nil, fmt.Errorf("read actor %q: %w", id, store.ErrNotFound)
		}
		known = &statement.Actor{ID: id, Label: id}
	}
	out := &ActorDetail{
		ID: id, Label: known.Label, Kind: known.Kind, PartOf: known.PartOf, Parts: []string{}, Names: []string{}, Persons: s.personsOf(id),
		Lines: make([]Line, len(record.Lines)), Stands: make([]PartLine, len(record.Parts)), Events: make([]Event, len(record.Events)),
	}
	for _, n := range known.Names {
		out.Names = append(out.Names, n.Text)
	}
	for i := range s.reg.Actors {
		if s.reg.Actors[i].PartOf == id {
			out.Parts = append(out.Parts, s.reg.Actors[i].ID)
		}
	}
	for i := range record.Lines {
		out.Lines[i] = lineOf(&record.Lines[i])
	}
	for i := range record.Parts {
		p := &record.Parts[i]
		out.Stands[i] = PartLine{p.Actor, lineOf(&p.Standing), p.Bears}
	}
	for i := range record.Events {
		out.Events[i] = eventOf(&record.Events[i])
	}
	return out, nil
}

func (s *server) personsOf(actor string) []Person {
	out := []Person{}
	for i := range s.reg.Persons {
		p := &s.reg.Persons[i]
		for j := range p.Roles {
			if r := &p.Roles[j]; r.Actor == actor {
				out = append(out, Person{p.ID, p.Label, r.Title, r.From.String(), r.To.String(), p.Died.String()})
			}
		}
	}
	return out
}
