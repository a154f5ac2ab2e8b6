package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"palabre/statement"
)

// DemandMove is what became of a demand within a span.
type DemandMove string

// The moves of a demand.
const (
	DemandNew     DemandMove = "new"
	DemandChanged DemandMove = "changed" // stated in other words
	DemandDropped DemandMove = "dropped"
	DemandMayMet  DemandMove = "may-be-met"
	DemandMet     DemandMove = "met" // a person judged so
)

// DemandMoved is a demand as it stood at the end of a span, and what became of it
// within.
type DemandMoved struct {
	statement.Demand
	Move   DemandMove
	Before string // its words before, where they changed
	By     string // statement without it that dropped it, or of the deed that may meet it
}

// DemandsIn returns what became of demands in a span, by actor and topic.
func (s *Store) DemandsIn(ctx context.Context, p Span) ([]DemandMoved, error) {
	out, err := s.demandsMoved(ctx, p)
	if err == nil {
		out, err = s.demandsMet(ctx, p, out)
	}
	if err != nil {
		return nil, fmt.Errorf("read what became of demands: %w", err)
	}
	return out, nil
}

// demandsMoved holds what was demanded at the end of a span against what was
// demanded before it.
func (s *Store) demandsMoved(ctx context.Context, p Span) ([]DemandMoved, error) {
	first, last := p.days()
	events, err := collect(ctx, s.reader, scanEvent, selectEvent+`WHERE binding AND reports > 0 AND stance IN ('conditional', 'pro') AND day <= ?1
		AND (actor, topic) IN (SELECT actor, topic FROM events WHERE day BETWEEN ?2 AND ?1 AND stance IN ('conditional', 'pro'))
		ORDER BY actor, topic, day, seen, n`, last, first)
	if err != nil {
		return nil, err
	}
	var out []DemandMoved
	for len(events) > 0 {
		n, old := 0, 0
		for n < len(events) && events[n].actor == events[0].actor && events[n].topic == events[0].topic {
			if dayOf(events[n].when.Time) < first {
				old++
			}
			n++
		}
		before := make(map[string]claim, old)
		for _, c := range s.sides.claims(events[:old]) {
			before[c.id] = *c
		}
		for _, c := range s.sides.claims(events[:n]) {
			was, known := before[c.id]
			m := DemandMoved{Before: was.words}
			switch {
			case !known:
				m.Move, m.Before = DemandNew, ""
			case c.status != was.status && c.status == statement.DemandDropped:
				m.Move, m.Before, m.By = DemandDropped, "", c.by.lead
			case c.status != was.status || c.words != was.words:
				m.Move = DemandChanged
			default:
				continue
			}
			if m.Demand, err = s.demandOf(ctx, c); err != nil {
				return nil, err
			}
			out = append(out, m)
		}
		events = events[n:]
	}
	return out, nil
}

func (s *Store) demandOf(ctx context.Context, c *claim) (statement.Demand, error) {
	d := statement.Demand{
		ID: c.id, Actor: c.last.actor, Topic: c.last.topic, Target: c.target, Of: c.of, What: c.what, Words: c.words, Timing: c.timing,
		Status: c.status, Why: c.why,
		First: statement.Passage{Statement: c.first.lead, Said: c.first.when}, Last: statement.Passage{Statement: c.last.lead, Said: c.last.when},
	}
	for event, to := range map[*event]*string{c.first: &d.First.Quote, c.last: &d.Last.Quote} {
		err := each(ctx, s.reader, func(scan func(...any) error) error { return scan(to) },
			`SELECT v.quote FROM event_reports r JOIN evidence v ON v.position = r.position WHERE r.event = ? AND r.statement = ?`, event.id, event.lead)
		if err != nil {
			return d, err
		}
	}
	if c.first == c.last {
		d.First.Quote = d.Last.Quote
	}
	if d.Words == "" {
		d.Words = d.Last.Quote
	}
	return d, nil
}

// demandsMet adds the demands that a deed of the span may meet, and those that a
// person held to be met in it.
func (s *Store) demandsMet(ctx context.Context, p Span, out []DemandMoved) ([]DemandMoved, error) {
	first, last := p.days()
	deeds, err := collect(ctx, s.reader, func(scan func(...any) error) (d deed, err error) { return d, scan(&d.event, &d.lead) },
		`SELECT id, lead FROM events WHERE act <> '' AND reports > 0 AND day BETWEEN ? AND ? ORDER BY day, n`, first, last)
	if err != nil {
		return nil, err
	}
	judged, err := collect(ctx, s.reader, scanLogged, selectDesk+`WHERE action = 'demand' AND undone = '' AND at >= ? AND at < ? ORDER BY seq`,
		nanos(p.From), nanos(p.Until))
	if err != nil || len(deeds)+len(judged) == 0 {
		return out, err
	}
	met := make(map[string]bool)
	for i := range judged {
		var j statement.Judgement
		if err := json.Unmarshal(judged[i].Details, &j); err != nil {
			return nil, fmt.Errorf("read judgement: %w", err)
		}
		met[judged[i].Subject] = j.Status == statement.DemandMet
	}
	demands, err := s.Demands(ctx, DemandQuery{})
	if err != nil {
		return nil, err
	}
	for _, d := range demands {
		if met[d.ID] {
			out = append(out, DemandMoved{Demand: d, Move: DemandMet})
			continue
		}
		by, err := s.mayBeMet(ctx, d.ID, deeds)
		if err != nil {
			return nil, err
		}
		if by != "" {
			out = append(out, DemandMoved{Demand: d, Move: DemandMayMet, By: by})
		}
	}
	return out, nil
}

// deed is an event with a deed, and the statement that leads it.
type deed struct{ event, lead string }

// mayBeMet returns the statement of the first of some deeds of which it was raised
// that it may meet a demand; "" if there is none.
func (s *Store) mayBeMet(ctx context.Context, demand string, deeds []deed) (string, error) {
	ids := make([]string, len(deeds))
	for i := range deeds {
		ids[i] = statement.SignalID(deeds[i].event+" "+demand, statement.ConditionChanged)
	}
	keys, err := list(ids)
	if err != nil {
		return "", err
	}
	found, err := texts(ctx, s.reader, `SELECT id FROM signals WHERE id IN (SELECT value FROM json_each(?))`, keys)
	if err != nil || len(found) == 0 {
		return "", err
	}
	return deeds[slices.IndexFunc(ids, func(id string) bool { return slices.Contains(found, id) })].lead, nil
}
