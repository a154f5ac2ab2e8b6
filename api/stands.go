package api

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"palabre/statement"
	"palabre/store"
)

// turnDays is for how many days what changed a line is shown beside it.
const turnDays = 90

// Stand is where an actor stands, with what changed that of late.
type Stand struct {
	Actor string `json:"actor"`
	Line
	Turn *Change `json:"turn" doc:"The latest signal on the matter within the 90 days before; null if there was none"`
}

// Change is the signal that changed a line.
type Change struct {
	Signal    string           `json:"signal"`
	Reason    statement.Reason `json:"reason"`
	From      statement.Stance `json:"from" doc:"Empty where there was no line before"`
	To        statement.Stance `json:"to"`
	Said      string           `json:"said"`
	Event     string           `json:"event"`
	Statement string           `json:"statement"`
}

// Arrow shows which way a line moved: towards the matter, away from it, or
// neither.
func (t *Change) Arrow() string {
	order := map[statement.Stance]int{statement.Anti: 0, statement.Mixed: 1, statement.Conditional: 2, statement.Pro: 3}
	switch before, known := order[t.From]; {
	case !known:
		return "+"
	case order[t.To] > before:
		return "↗"
	case order[t.To] < before:
		return "↘"
	}
	return "→"
}

// Moved reports whether the stance is another one than before.
func (t *Change) Moved() bool { return t.From != "" && t.From != t.To }

type standsInput struct {
	Topic statement.Topic `query:"topic" maxLength:"200"`
	Actor string          `query:"actor" maxLength:"200"`
	AsOf  string          `query:"as_of" maxLength:"10" doc:"A day, 2021-10-20: where they stood at its end, by what is known now. Today if empty"`
}

type standsOutput struct {
	Body struct {
		AsOf   string  `json:"as_of" doc:"Empty for today"`
		Stands []Stand `json:"stands" doc:"By actor, the matter that it spoke of last first"`
	}
}

// routePlaces registers who stands where, and what is said of places.
func (s *server) routePlaces() {
	handle(s, huma.Operation{
		OperationID: "list-stands", Method: http.MethodGet, Path: "/api/v1/stands", Tags: []string{"record"},
		Summary: "List who stands where, today or at the end of a day", Errors: []int{http.StatusBadRequest},
	}, s.getStands)
	handle(s, huma.Operation{
		OperationID: "list-places", Method: http.MethodGet, Path: "/api/v1/places", Tags: []string{"record"},
		Summary: "List places with how much is said of them",
	}, s.getPlaces)
	handle(s, huma.Operation{
		OperationID: "read-place", Method: http.MethodGet, Path: "/api/v1/places/{id}", Tags: []string{"record"},
		Summary: "Read what is said of a place: statements, accords, and who speaks of it", Errors: []int{http.StatusNotFound},
	}, s.getPlace)
}

func (s *server) getStands(ctx context.Context, in *standsInput) (*standsOutput, error) {
	on, err := dayAsked(in.AsOf)
	if err != nil {
		return nil, err
	}
	var out standsOutput
	out.Body.AsOf = in.AsOf
	all, err := s.stands(ctx, in.Topic, on)
	out.Body.Stands = []Stand{}
	for i := range all {
		if st := &all[i]; in.Actor == "" || st.Actor == in.Actor {
			out.Body.Stands = append(out.Body.Stands, *st)
		}
	}
	return &out, err
}

// dayAsked reads a day of an address; the zero time if there is none.
func dayAsked(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	d, err := statement.ParseDate(text, "query")
	if err != nil || d.Precision != statement.Day {
		return time.Time{}, fmt.Errorf("%w: %q is no day such as 2021-10-20", errBadInput, plain(text))
	}
	return d.Time, nil
}

// stands returns where every actor stood at the end of a day; the zero time is
// today. No topic is every topic.
func (s *server) stands(ctx context.Context, topic statement.Topic, on time.Time) ([]Stand, error) {
	head, err := s.store.Head(ctx)
	if err != nil {
		return nil, err
	}
	lines, err := s.kept.lines.read(head, datedLines{topic, on.Format(time.DateOnly), today()}, func() ([]store.Standing, error) {
		return s.store.Stands(ctx, topic, on)
	})
	if err != nil {
		return nil, err
	}
	to := on
	if to.IsZero() {
		to = time.Now().UTC()
	}
	turns, err := s.store.Turns(ctx, to.AddDate(0, 0, -turnDays), to)
	if err != nil {
		return nil, err
	}
	byEvent, byMatter := make(map[string]*Change, len(turns)), make(map[[3]string]*Change, len(turns))
	for i := range turns {
		t := &turns[i]
		turn := &Change{t.ID, t.Reason, t.From, t.To, t.Now.Said.String(), t.Event, t.Now.Statement}
		byEvent[t.Event], byMatter[[3]string{t.Actor, string(t.Topic), t.Target}] = turn, turn
	}
	out := make([]Stand, len(lines))
	for i := range lines {
		l := &lines[i]
		out[i] = Stand{Actor: l.Actor, Line: lineOf(l), Turn: byEvent[l.Event]}
		if out[i].Turn == nil {
			out[i].Turn = byMatter[[3]string{l.Actor, string(l.Topic), l.Target}]
		}
	}
	return out, nil
}

// demandsBy counts the demands of each actor by status.
func (s *server) demandsBy(ctx context.Context, topic statement.Topic) (map[string]map[statement.DemandStatus]int, error) {
	counts, err := s.store.DemandCounts(ctx)
	if err != nil {
		return nil, err
	}
	out := make(map[string]map[statement.DemandStatus]int)
	for _, c := range counts {
		if topic != "" && c.Topic != topic {
			continue
		}
		if out[c.Actor] == nil {
			out[c.Actor] = make(map[statement.DemandStatus]int)
		}
		out[c.Actor][c.Status] += c.N
	}
	return out, nil
}

// place returns a place of the registry, or an error that it is none.
func (s *server) place(id string) (*statement.Place, error) {
	for i := range s.reg.Places {
		if p := &s.reg.Places[i]; p.ID == id {
			return p, nil
		}
	}
	return nil, fmt.Errorf("read place %q: %w", plain(id), store.ErrNotFound)
}
