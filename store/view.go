package store

import (
	"context"
	"errors"
	"fmt"

	"palabre/statement"
)

// View is everything that the record knows of one statement.
type View struct {
	Held                            // latest revision and the reading that holds
	Revisions []statement.Statement // every content version, first to latest
	Positions []Found               // of every reading; those that hold first
	Events    []Story               // that it reports, with the other reports
	Signals   []statement.Signal    // of these events
	Source    *statement.Source     // nil if it was never configured
	Capture   *statement.Capture    // without its bytes; nil where another process holds it

	Corrections []statement.Corrected // what people hold of positions, the latest last
	Custody     []Receipt             // when and where the bytes of the latest revision were had
}

// Story is an event with the statements that report it.
type Story struct {
	statement.Event
	Accounts []Account
}

// Account is one statement's report of an event.
type Account struct {
	Statement string         `json:"statement"`
	Title     string         `json:"title"`
	Outlet    string         `json:"outlet"`
	Said      statement.Date `json:"said"`
	FirstHand bool           `json:"first_hand"`
	Quote     string         `json:"quote"`
	Echo      bool           `json:"echo"` // repeats the text of an earlier report
}

// Statement returns everything about the statement of which id names any
// revision.
func (s *Store) Statement(ctx context.Context, id string) (*View, error) {
	held, err := s.Statements(ctx, []string{id})
	if err != nil {
		return nil, err
	}
	if len(held) == 0 {
		return nil, fmt.Errorf("read statement %s: %w", id, ErrNotFound)
	}
	v := &View{Held: held[0]}
	if err := s.fillView(ctx, v); err != nil {
		return nil, fmt.Errorf("read statement %s: %w", id, err)
	}
	return v, nil
}

func (s *Store) fillView(ctx context.Context, v *View) (err error) {
	id := v.Statement.Of
	v.Revisions, err = collect(ctx, s.reader, func(scan func(...any) error) (st statement.Statement, err error) {
		return st, scan(jsonColumn{&st})
	}, `SELECT payload FROM revisions WHERE statement = ? ORDER BY revision, rowid`, id)
	if err != nil {
		return err
	}
	v.Positions, err = collect(ctx, s.reader, scanPosition, selectPosition+`WHERE p.statement = ? ORDER BY p.current DESC, p.n`, id)
	if err != nil {
		return err
	}
	v.Events, err = s.stories(ctx, `id IN (SELECT event FROM event_reports WHERE statement = ?) ORDER BY n`, id)
	if err != nil {
		return err
	}
	v.Signals, err = collect(ctx, s.reader, scanSignal, selectSignal+`WHERE statement = ?1
		OR event IN (SELECT event FROM event_reports WHERE statement = ?1) ORDER BY at, id`, id)
	if err != nil {
		return err
	}
	sources, err := s.sourcesWhere(ctx, `id = ?`, v.Statement.Source)
	if err != nil {
		return err
	}
	if len(sources) > 0 {
		v.Source = &sources[0]
	}
	corrections, err := s.Corrections(ctx, []string{id})
	if err != nil {
		return err
	}
	v.Corrections = corrections[id]
	if v.Custody, err = s.custodyOf(ctx, v.Statement.Capture); err != nil {
		return err
	}
	if v.Capture, err = s.captureMeta(ctx, v.Statement.Capture); errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

// Event returns an event with its reports.
func (s *Store) Event(ctx context.Context, id string) (*Story, error) {
	found, err := s.stories(ctx, `id = ?`, id)
	if err == nil && len(found) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("read event %s: %w", id, err)
	}
	return &found[0], nil
}

// Events returns events with their reports, those that are held, in the order
// in which they were opened.
func (s *Store) Events(ctx context.Context, ids []string) ([]Story, error) {
	keys, err := list(ids)
	if err != nil {
		return nil, fmt.Errorf("read events: %w", err)
	}
	return s.stories(ctx, `id IN (SELECT value FROM json_each(?)) ORDER BY n`, keys)
}

// SameMatter reports whether two events are by one actor on one topic towards
// one side, so that they may be one utterance.
func (s *Store) SameMatter(a, b *Story) bool {
	return a.Actor == b.Actor && a.Topic == b.Topic && s.sides.same(a.Topic, a.Actor, a.Target, b.Target)
}

// stories returns events with their reports in order of arrival.
func (s *Store) stories(ctx context.Context, where string, args ...any) ([]Story, error) {
	events, err := collect(ctx, s.reader, scanEvent, selectEvent+`WHERE `+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read events: %w", err)
	}
	out := make([]Story, len(events))
	at := make(map[string]*Story, len(events))
	ids := make([]string, len(events))
	for i, e := range events {
		out[i].Event = statement.Event{
			ID: e.id, Actor: e.actor, Topic: e.topic, Target: e.target, Stance: e.stance,
			Speaker: e.speaker, Condition: e.condition, Act: e.act, FirstHand: e.firstHand, When: e.when, Lead: e.lead, Created: e.created, Outlets: e.outlets,
		}
		ids[i], at[e.id] = e.id, &out[i]
	}
	keys, err := list(ids)
	if err != nil {
		return nil, err
	}
	err = each(ctx, s.reader, func(scan func(...any) error) error {
		var event, said, origin string
		var a Account
		var e statement.Evidence
		err := scan(&event, &a.Statement, &a.Title, &a.Outlet, &said, &origin, &a.FirstHand, &a.Echo, &e.Field, &e.Start, &e.End, &e.Quote)
		if err != nil {
			return err
		}
		a.Quote = e.Quote
		if a.Said, err = claimed(said, origin); err != nil {
			return err
		}
		story := at[event]
		story.Accounts = append(story.Accounts, a)
		story.Reports = append(story.Reports, a.Statement)
		if a.Statement == story.Lead {
			story.Evidence = e
		}
		return nil
	}, `SELECT r.event, r.statement, s.title, r.outlet, r.said, r.said_origin, p.first_hand, r.echo, v.field, v.start, v.stop, v.quote
		FROM event_reports r JOIN statements s ON s.id = r.statement JOIN positions p ON p.n = r.position JOIN evidence v ON v.position = p.n
		WHERE r.event IN (SELECT value FROM json_each(?)) ORDER BY r.event, r.seen, p.n`, keys)
	if err != nil {
		return nil, fmt.Errorf("read reports: %w", err)
	}
	return out, nil
}
