package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"palabre/lang"
	"palabre/statement"
)

// claim is a demand while it is worked out.
type claim struct {
	id, target, of, what, words string
	timing                      statement.DemandTiming
	first, last                 *event
	by                          *event // that dropped it
	status                      statement.DemandStatus
	why                         string
}

// drawDemands works out anew what is demanded in the matters that this commit
// touched, and whether its deeds may meet somebody's demand.
func (f *filing) drawDemands() error {
	for k, m := range f.moved {
		if !m.demands {
			continue
		}
		var one int
		conditional, err := f.find(`SELECT 1 FROM events WHERE actor = ? AND topic = ? AND stance = 'conditional' LIMIT 1`, []any{k.actor, k.topic}, &one)
		if err != nil {
			return err
		}
		if !conditional {
			continue
		}
		events, err := f.events(`actor = ? AND topic = ? AND binding AND reports > 0 AND stance IN ('conditional', 'pro') ORDER BY day, seen, n`, k.actor, k.topic)
		if err != nil {
			return err
		}
		if err := f.putDemands(k, f.sides.claims(events)); err != nil {
			return fmt.Errorf("put demands of %s: %w", k.actor, err)
		}
	}
	for _, e := range f.opened {
		if e.act == "" {
			continue
		}
		if err := f.meet(e.event); err != nil {
			return fmt.Errorf("hold deed of %s against demands: %w", e.actor, err)
		}
	}
	return nil
}

// claims reads demands off an actor's events on a topic, oldest first. A demand
// is dropped when its actor later takes the stance without it.
func (s *sides) claims(events []*event) []*claim {
	var all []*claim
	known := make(map[string]*claim)
	for _, e := range events {
		named := make(map[string]bool)
		if e.stance == statement.Conditional && (e.condition != "" || len(e.demands) > 0) {
			for _, c := range s.claimsOf(e) {
				named[c.id] = true
				if k := known[c.id]; k != nil {
					k.last, k.words, k.status, k.why, k.by = e, c.words, statement.DemandOpen, "", nil
					continue
				}
				known[c.id] = c
				all = append(all, c)
			}
		}
		for _, c := range all {
			if named[c.id] || !s.same(e.topic, e.actor, c.target, e.target) {
				continue
			}
			switch {
			case e.stance == statement.Pro:
				c.status, c.why, c.by = statement.DemandDropped, "not named when the offer was made on "+e.when.Human(), e
			case e.stance == statement.Conditional && c.what != "" && len(e.demands) > 0:
				c.status, c.why, c.by = statement.DemandDropped, "no longer named on "+e.when.Human(), e
			}
		}
	}
	return all
}

// claimsOf splits an event's condition into demands: one for each kind that it
// fits, or one for its words.
func (s *sides) claimsOf(e *event) []*claim {
	base := claim{
		target: e.target, words: e.condition, timing: s.demands.timing(e.condition), first: e, last: e, status: statement.DemandOpen,
	}
	if e.topic == statement.Dialogue {
		base.of = e.target
	}
	if len(e.demands) == 0 {
		base.id = statement.DemandID(e.actor, e.topic, e.target, lang.Fold(e.condition))
		return []*claim{&base}
	}
	var out []*claim
	for _, kind := range e.demands {
		c := base
		c.what = kind
		c.id = statement.DemandID(e.actor, e.topic, e.target, kind)
		if k := s.demands.kind[kind]; k != nil {
			c.of = cmp.Or(k.Of, c.of)
		}
		out = append(out, &c)
	}
	return out
}

// putDemands makes these the demands of a matter. What a person judged of one
// stays.
func (f *filing) putDemands(k matter, claims []*claim) error {
	ids := make([]string, len(claims))
	for i, c := range claims {
		ids[i] = c.id
	}
	keys, err := list(ids)
	if err != nil {
		return err
	}
	err = f.exec(`DELETE FROM demands WHERE actor = ? AND topic = ? AND id NOT IN (SELECT value FROM json_each(?))`, k.actor, k.topic, keys)
	if err != nil {
		return err
	}
	judged, err := f.judgements(keys) // they may be older than the rows
	if err != nil {
		return err
	}
	for _, c := range claims {
		err := f.exec(`INSERT INTO demands VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET of = excluded.of, words = excluded.words, timing = excluded.timing, first = excluded.first, last = excluded.last,
				why = CASE WHEN status = 'may-be-met' AND excluded.status = 'open' THEN why ELSE excluded.why END,
				status = CASE WHEN status = 'may-be-met' AND excluded.status = 'open' THEN status ELSE excluded.status END`,
			c.id, k.actor, k.topic, c.target, c.of, c.what, c.words, c.timing, c.first.id, c.last.id, c.status, c.why, judged[c.id])
		if err != nil {
			return err
		}
	}
	return nil
}

// meet holds a deed against the demands that are made of its actor. Whether it
// meets one is for a person to judge; that it may is a signal for the desk.
func (f *filing) meet(deed *event) error {
	open, err := collect(f.ctx, f.sql, func(scan func(...any) error) (d [2]string, err error) {
		return d, scan(&d[0], &d[1])
	}, `SELECT d.id, d.what FROM demands d JOIN events e ON e.id = d.first WHERE d.of = ? AND d.status = 'open' AND e.day <= ?`,
		deed.actor, dayOf(deed.when.Time))
	if err != nil {
		return err
	}
	for _, d := range open {
		kind := f.sides.demands.kind[d[1]]
		if kind == nil || !slices.Contains(kind.MetBy, deed.act) {
			continue
		}
		why := fmt.Sprintf("%s: %s, %s", f.sides.label(deed.actor), deed.act, deed.when.Human())
		if err := f.exec(`UPDATE demands SET status = ?, why = ? WHERE id = ?`, statement.DemandMayMet, why, d[0]); err != nil {
			return err
		}
		if err := f.signalMet(d[0], kind, deed); err != nil {
			return err
		}
	}
	return nil
}

// signalMet raises, for the desk, that a deed may meet a demand. The signal is
// about the line of who demands; its words are those of who acts.
func (f *filing) signalMet(demand string, kind *statement.DemandKind, deed *event) error {
	events, err := f.events(`id = (SELECT last FROM demands WHERE id = ?)`, demand)
	if err != nil || len(events) == 0 {
		return err
	}
	d := events[0]
	asked, err := f.quoteOf(d)
	if err != nil {
		return err
	}
	done, err := f.quoteOf(deed)
	if err != nil {
		return err
	}
	return f.insertSignal(&statement.Signal{
		ID: statement.SignalID(deed.id+" "+demand, statement.ConditionChanged), Reason: statement.ConditionChanged,
		Actor: d.actor, Topic: d.topic, Target: d.target, From: d.stance, To: d.stance, Condition: d.condition, Act: deed.act,
		Event: deed.id,
		Now:   statement.Passage{Statement: deed.lead, Quote: done, Said: deed.when},
		Then:  statement.Passage{Statement: d.lead, Quote: asked, Said: d.when},
		At:    f.at, Confidence: deed.sure, FirstHand: deed.firstHand, Backfilled: isStale(deed.when, deed.seen), Candidate: doubtMet,
		Why: fmt.Sprintf("%s may have met the demand of %s (%s): %s", f.sides.label(deed.actor), f.sides.label(d.actor), kind.Label.En, deed.act),
	})
}

// DemandQuery chooses demands. Empty fields choose all.
type DemandQuery struct {
	Actor  string
	Topic  statement.Topic
	Status statement.DemandStatus
}

// Demands returns what is demanded, last stated first.
func (s *Store) Demands(ctx context.Context, q DemandQuery) ([]statement.Demand, error) {
	out, err := collect(ctx, s.reader, func(scan func(...any) error) (d statement.Demand, err error) {
		var first, firstOrigin, last, lastOrigin string
		err = scan(&d.ID, &d.Actor, &d.Topic, &d.Target, &d.Of, &d.What, &d.Words, &d.Timing, &d.Status, &d.Why,
			&d.First.Statement, &first, &firstOrigin, &d.First.Quote, &d.Last.Statement, &last, &lastOrigin, &d.Last.Quote)
		if err != nil {
			return d, err
		}
		if d.First.Said, err = claimed(first, firstOrigin); err != nil {
			return d, err
		}
		d.Last.Said, err = claimed(last, lastOrigin)
		return d, err
	}, `SELECT d.id, d.actor, d.topic, d.target, d.of, d.what, coalesce(nullif(d.words, ''), w.quote, ''), d.timing, coalesce(nullif(d.judged, ''), d.status), d.why,
			a.lead, a.said, a.said_origin, coalesce(v.quote, ''), b.lead, b.said, b.said_origin, coalesce(w.quote, '')
		FROM demands d JOIN events a ON a.id = d.first JOIN events b ON b.id = d.last
		LEFT JOIN event_reports r ON r.event = a.id AND r.statement = a.lead LEFT JOIN evidence v ON v.position = r.position
		LEFT JOIN event_reports q ON q.event = b.id AND q.statement = b.lead LEFT JOIN evidence w ON w.position = q.position
		WHERE (?1 = '' OR d.actor = ?1) AND (?2 = '' OR d.topic = ?2) AND (?3 = '' OR coalesce(nullif(d.judged, ''), d.status) = ?3)
		ORDER BY b.day DESC, b.seen DESC, d.id`, q.Actor, q.Topic, q.Status)
	if err != nil {
		return nil, fmt.Errorf("read demands: %w", err)
	}
	return out, nil
}

const selectResponse = `SELECT r.event, r.answers, r.how, r.days FROM responses r JOIN events a ON a.id = r.event JOIN events b ON b.id = r.answers
	WHERE a.reports > 0 AND b.reports > 0 `

func scanResponse(scan func(...any) error) (r statement.Response, err error) {
	return r, scan(&r.Event, &r.Answers, &r.How, &r.Days)
}

// Responses returns who answered whom, the latest answer first. actor is who
// answers or is answered; empty chooses all.
func (s *Store) Responses(ctx context.Context, actor string, limit int) ([]statement.Response, error) {
	out, err := collect(ctx, s.reader, scanResponse, selectResponse+`AND (?1 = '' OR a.actor = ?1 OR b.actor = ?1)
		ORDER BY a.day DESC, a.n DESC, r.days LIMIT ?2`, actor, limit)
	if err != nil {
		return nil, fmt.Errorf("read responses: %w", err)
	}
	return out, nil
}

// ResponsesAmong returns what events answer and what answers them, the latest
// answer first, at most limit.
func (s *Store) ResponsesAmong(ctx context.Context, events []string, limit int) ([]statement.Response, error) {
	keys, err := list(events)
	if err != nil {
		return nil, fmt.Errorf("read responses: %w", err)
	}
	out, err := collect(ctx, s.reader, scanResponse, `WITH k AS (SELECT value AS id FROM json_each(?1)),
			r AS (SELECT * FROM responses WHERE event IN (SELECT id FROM k) UNION SELECT * FROM responses WHERE answers IN (SELECT id FROM k))
		SELECT r.event, r.answers, r.how, r.days FROM r JOIN events a ON a.id = r.event JOIN events b ON b.id = r.answers
		WHERE a.reports > 0 AND b.reports > 0 ORDER BY a.day DESC, a.n DESC, r.days LIMIT ?2`, keys, limit)
	if err != nil {
		return nil, fmt.Errorf("read responses: %w", err)
	}
	return out, nil
}

// ResponsesOf returns what an event answers and what answers it, the latest
// answer first.
func (s *Store) ResponsesOf(ctx context.Context, event string) ([]statement.Response, error) {
	out, err := collect(ctx, s.reader, scanResponse, selectResponse+`AND (r.event = ?1 OR r.answers = ?1) ORDER BY a.day DESC, a.n DESC, r.days`, event)
	if err != nil {
		return nil, fmt.Errorf("read responses of event %s: %w", event, err)
	}
	return out, nil
}
