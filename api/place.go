package api

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"palabre/statement"
	"palabre/store"
)

// Place is a place with how much is said of it and of what lies in it.
type Place struct {
	ID         string     `json:"id"`
	Kind       string     `json:"kind" doc:"country, region, district, cercle, locality or area"`
	Label      string     `json:"label"`
	In         string     `json:"in" doc:"Place that it lies in"`
	Lat        float64    `json:"lat" doc:"0 with lon where it is not known"`
	Lon        float64    `json:"lon"`
	Statements int        `json:"statements"`
	Accords    int        `json:"accords" doc:"Local accords that they tell of: one for two sides on one day"`
	Latest     string     `json:"latest" doc:"Day of the newest"`
	Presence   []Presence `json:"presence"`
}

// Presence is the grade of an actor's hold on a place from a date on.
type Presence struct {
	Actor string `json:"actor"`
	Grade string `json:"grade" enum:"hegemonic,contested,marginal,none"`
	AsOf  string `json:"as_of"`
	Note  string `json:"note"`
}

func placeOf(p *statement.Place, c store.PlaceCount) Place {
	out := Place{
		ID: p.ID, Kind: p.Kind, Label: p.Label, In: p.In, Lat: p.Lat, Lon: p.Lon, Statements: c.Statements, Accords: c.Accords,
		Presence: make([]Presence, len(p.Presence)),
	}
	if c.Statements > 0 {
		out.Latest = c.Latest.String()
	}
	for i, g := range p.Presence {
		out.Presence[i] = Presence{g.Actor, g.Grade, g.As.String(), g.Note}
	}
	return out
}

type placesInput struct {
	Days int `query:"days" minimum:"0" maximum:"36600" doc:"Count what was said within so many days; everything if 0"`
}

type placesOutput struct {
	Body struct {
		Places []Place `json:"places"`
	}
}

func (s *server) getPlaces(ctx context.Context, in *placesInput) (*placesOutput, error) {
	var out placesOutput
	var err error
	out.Body.Places, err = s.places(ctx, in.Days)
	return &out, err
}

// places returns the places of the registry in its order, with what was said of
// them within so many days; 0 is everything.
func (s *server) places(ctx context.Context, days int) ([]Place, error) {
	var since time.Time
	if days > 0 {
		since = time.Now().UTC().AddDate(0, 0, -days)
	}
	counts, err := s.store.PlaceCounts(ctx, since)
	if err != nil {
		return nil, err
	}
	out := make([]Place, len(s.reg.Places))
	for i := range s.reg.Places {
		p := &s.reg.Places[i]
		out[i] = placeOf(p, counts[p.ID])
	}
	return out, nil
}

// Deed is something that was done, such as a release, or a local accord, with
// everybody whose stance it shows.
type Deed struct {
	Act     string      `json:"act" doc:"Empty where a local accord is offered or accepted in words"`
	When    string      `json:"when"`
	Lead    string      `json:"statement" doc:"ID of the one that stands for it"`
	Parties []Utterance `json:"parties"`
	Reports int         `json:"reports" doc:"Statements that tell of it"`
}

// PlaceDetail is a place with what is said of it.
type PlaceDetail struct {
	Place
	Names  []string     `json:"names"`
	Within []Place      `json:"within" doc:"Places that lie in it"`
	Deeds  []Deed       `json:"deeds" doc:"Newest first"`
	Actors []PlaceActor `json:"actors" doc:"Who takes positions in its latest statements"`
	Briefs []Brief      `json:"latest_statements" doc:"Newest first"`
	Next   string       `json:"next" doc:"Cursor of further statements; empty at the end"`
}

// PlaceActor is somebody who speaks where a place is named.
type PlaceActor struct {
	Actor  string  `json:"actor"`
	Counts []Tally `json:"counts"`
	N      int     `json:"n"`
}

// Brief is a statement in short.
type Brief struct {
	ID            string             `json:"id"`
	Title         string             `json:"title"`
	Lang          string             `json:"lang"`
	Outlet        string             `json:"outlet"`
	Kind          statement.Kind     `json:"kind"`
	Date          string             `json:"date"`
	Reconstructed bool               `json:"reconstructed"`
	Reasons       []statement.Reason `json:"reasons"`
	Positions     []Position         `json:"positions"`
}

type placeInput struct {
	ID     string `path:"id" maxLength:"200"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"20"`
	Cursor string `query:"cursor" maxLength:"200"`
}

type placeOutput struct {
	Body *PlaceDetail
}

func (s *server) getPlace(ctx context.Context, in *placeInput) (*placeOutput, error) {
	detail, err := s.placeDetail(ctx, in.ID, in.Cursor, in.Limit)
	return &placeOutput{detail}, err
}

// mostDeeds is how many deeds a place shows.
const mostDeeds = 60

func (s *server) placeDetail(ctx context.Context, id, cursor string, limit int) (*PlaceDetail, error) {
	p, err := s.place(id)
	if err != nil {
		return nil, err
	}
	counts, err := s.store.PlaceCounts(ctx, time.Time{})
	if err != nil {
		return nil, err
	}
	out := &PlaceDetail{Place: placeOf(p, counts[id]), Names: make([]string, len(p.Names)), Within: []Place{}}
	for i, n := range p.Names {
		out.Names[i] = n.Text
	}
	for i := range s.reg.Places {
		if in := &s.reg.Places[i]; in.In == id {
			out.Within = append(out.Within, placeOf(in, counts[in.ID]))
		}
	}
	slices.SortStableFunc(out.Within, func(a, b Place) int { return cmp.Compare(b.Statements, a.Statements) })
	stories, err := s.store.PlaceDeeds(ctx, id, mostDeeds)
	if err != nil {
		return nil, err
	}
	out.Deeds = deedsOf(stories)
	who, err := s.store.PlaceActors(ctx, id)
	if err != nil {
		return nil, err
	}
	out.Actors = placeActorsOf(who)
	page, err := s.store.PlaceStatements(ctx, id, cursor, limit)
	if err != nil {
		return nil, err
	}
	out.Next = page.Next
	out.Briefs, err = s.briefs(ctx, page.IDs)
	return out, err
}

// deedsOf puts together the two sides of one deed on one day.
func deedsOf(stories []store.Story) []Deed {
	out := []Deed{}
	at := make(map[string]int)
	for i := range stories {
		e := &stories[i]
		key := fmt.Sprintln(e.When, min(e.Actor, e.Target), max(e.Actor, e.Target))
		n, known := at[key]
		if !known {
			n = len(out)
			at[key] = n
			out = append(out, Deed{When: e.When.String(), Lead: e.Lead})
		}
		out[n].Act = cmp.Or(out[n].Act, e.Act)
		out[n].Parties = append(out[n].Parties, Utterance{e.ID, e.Actor, e.Speaker, e.Topic, e.Target, e.Stance, e.When.String(), e.Lead, e.Evidence.Quote})
		out[n].Reports += len(e.Reports)
	}
	return out
}

func placeActorsOf(counts []store.Count) []PlaceActor {
	out := []PlaceActor{}
	for _, c := range counts {
		if n := len(out); n == 0 || out[n-1].Actor != c.Value {
			out = append(out, PlaceActor{Actor: c.Value})
		}
		a := &out[len(out)-1]
		a.Counts = append(a.Counts, Tally{c.Topic, c.Stance, c.N})
		a.N += c.N
	}
	return out
}

// briefs returns statements in short, in the order of their IDs' list.
func (s *server) briefs(ctx context.Context, ids []string) ([]Brief, error) {
	held, err := s.store.Statements(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]Brief, len(held))
	for i := range held {
		h := &held[i]
		st := &h.Statement
		out[i] = Brief{
			ID: st.Of, Title: st.Title, Lang: mainLang(st, h.Reading.Langs), Outlet: cmp.Or(st.Outlet, st.Source), Kind: st.Kind, Date: st.When().String(),
			Reconstructed: st.Reconstructed, Reasons: orEmpty(h.Reasons), Positions: positionsOf(h.Reading.Positions),
		}
	}
	return out, nil
}
