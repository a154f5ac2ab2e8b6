package store

import (
	"context"
	"fmt"
	"time"

	"palabre/statement"
)

const (
	// silentFor is after how many days without an answer silence is news.
	silentFor = 21
	// reactions is how many others must have answered meanwhile.
	reactions = 2
)

// Hush raises a signal for every principal that has said nothing for silentFor
// days to what was put to it, while others have answered. Each challenge is
// looked at once, when its time is up. It returns how many signals it raised.
func (s *Store) Hush(ctx context.Context) (int, error) {
	today := dayOf(s.now())
	raised := 0
	err := s.write(ctx, func(t *tx) error {
		f := s.newFiling(t)
		challenges, err := f.events(`challenged = 0 AND reports > 0 AND target <> '' AND target <> actor AND day <= ?
			AND EXISTS (SELECT 1 FROM signals WHERE event = events.id AND (candidate = '' OR `+isConfirmed+`)) ORDER BY day, n`, today-silentFor)
		if err != nil {
			return err
		}
		for _, e := range challenges {
			if err := f.hear(e); err != nil {
				return fmt.Errorf("look for an answer to event %s: %w", e.id, err)
			}
		}
		raised = f.done.Signals
		return f.close()
	})
	if err != nil {
		return 0, fmt.Errorf("look for silences: %w", err)
	}
	if raised > 0 {
		s.wake()
	}
	return raised, nil
}

// hear looks at one challenge whose time is up.
func (f *filing) hear(e *event) error {
	if err := f.exec(`UPDATE events SET challenged = 1 WHERE n = ?`, e.n); err != nil {
		return err
	}
	if coarse(e.when) || !f.sides.hasLine(e.target) || f.sides.actors[e.target] == nil {
		return nil
	}
	day := dayOf(e.when.Time)
	var others int
	err := f.row(`SELECT count(DISTINCT b.actor) FROM responses r JOIN events b ON b.id = r.event
		WHERE r.answers = ? AND b.reports > 0 AND b.day <= ? AND b.actor NOT IN (?, ?)`, e.id, day+silentFor, e.actor, e.target).Scan(&others)
	if err != nil || others < reactions {
		return err
	}
	spoken, err := f.events(`actor = ? AND topic = ? AND day BETWEEN ? AND ? AND reports > 0 LIMIT 1`, e.target, e.topic, day, day+silentFor)
	if err != nil || len(spoken) > 0 {
		return err
	}
	quote, err := f.quoteOf(e)
	if err != nil {
		return err
	}
	until := statement.Date{Time: time.Unix(int64(day+silentFor)*86400, 0).UTC(), Precision: statement.Day, Origin: "worked out"}
	return f.insertSignal(&statement.Signal{
		ID: statement.SignalID(e.id+" "+e.target, statement.Silence), Reason: statement.Silence,
		Actor: e.target, Topic: e.topic, Target: e.actor, Event: e.id,
		Now: statement.Passage{Statement: e.lead, Quote: quote, Said: until},
		At:  f.at, Confidence: e.sure, FirstHand: e.firstHand, Backfilled: isStale(until, f.at),
		Why: fmt.Sprintf("%s has said nothing for %d days on what %s put to it on %s, which %d others have answered",
			f.sides.label(e.target), silentFor, f.sides.label(e.actor), e.when.Human(), others),
	})
}

// breakSilences takes back signals of silence that words found later belie.
func (f *filing) breakSilences() error {
	for _, e := range f.opened {
		day := dayOf(e.when.Time)
		ids, err := texts(f.ctx, f.sql, `SELECT id FROM signals WHERE reason = 'silence' AND actor = ? AND topic = ? AND day BETWEEN ? AND ?`,
			e.actor, e.topic, day, day+silentFor)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := f.exec(`UPDATE signals SET candidate = ? WHERE id = ?`, spoke, id); err != nil {
				return err
			}
			f.fallen[id] = cause{why: spoke}
		}
	}
	return nil
}
