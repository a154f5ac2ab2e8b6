package store

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"palabre/statement"
)

// careFrom adds up what was done about a signal. Who was first to acknowledge,
// to call false or to confirm it keeps the name; the last to own or snooze it
// decides, and the last note stays.
func careFrom(signal string, acts []statement.DeskEvent) (statement.Care, error) {
	c := statement.Care{Signal: signal}
	for i := range acts {
		e := &acts[i]
		switch e.Action {
		case statement.Acknowledge:
			if c.Acknowledged == "" {
				c.Acknowledged, c.At = e.Who, e.At
			}
		case statement.Own:
			c.Owner = e.Who
		case statement.Snooze:
			until, err := snoozeOf(e)
			if err != nil {
				return c, err
			}
			c.Snoozed = until
		case statement.MarkFalse:
			c.False = cmp.Or(c.False, e.Who)
		case statement.Confirm:
			c.Confirmed = cmp.Or(c.Confirmed, e.Who)
		}
		if e.Note != "" {
			c.Note = e.Note
		}
	}
	return c, nil
}

// foldedCare returns what the events of the log add up to.
func foldedCare(ctx context.Context, q querier, signal string) (statement.Care, error) {
	acts, err := actsOf(ctx, q, signal,
		statement.Acknowledge, statement.Own, statement.Snooze, statement.MarkFalse, statement.Confirm)
	if err != nil {
		return statement.Care{}, err
	}
	return careFrom(signal, acts)
}

// foldCare works out what the desk did about a signal, and tells those who were
// told of it, or were not, if it holds no longer or again. The signal itself may
// not have arrived yet.
func (f *filing) foldCare(signal string, cause *statement.DeskEvent) error {
	was, err := careOf(f.ctx, f.sql, signal)
	if err != nil {
		return err
	}
	now, err := foldedCare(f.ctx, f.sql, signal)
	if err != nil {
		return err
	}
	err = f.exec(`INSERT OR REPLACE INTO care VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		signal, now.Owner, now.Acknowledged, nanos(now.At), nanos(now.Snoozed), now.False, now.Confirmed, now.Note)
	if err != nil {
		return err
	}
	if now.Acknowledged != "" {
		if err := f.hush(signal); err != nil {
			return err
		}
	}
	var event, candidate string
	found, err := f.find(`SELECT event, candidate FROM signals WHERE id = ?`, []any{signal}, &event, &candidate)
	if err != nil || !found {
		return err
	}
	holds := func(c *statement.Care) bool { return c.False == "" && (candidate == "" || c.Confirmed != "") }
	n := statement.Notice{Event: event, Signal: signal, Subject: cause.ID, Due: f.at}
	switch {
	case holds(&was) && !holds(&now):
		n.Kind, n.Note = statement.NoticeWithdrawn, noted(retraction(&now, cause), cause)
		return f.retract(&n)
	case !holds(&was) && holds(&now):
		n.Kind, n.Note = statement.NoticeUpdate, noted("stands again, says "+cause.Who, cause)
		return f.reinstate(&n)
	}
	return nil
}

// retraction says why a signal no longer holds.
func retraction(now *statement.Care, cause *statement.DeskEvent) string {
	if now.False != "" {
		return "marked false by " + now.False
	}
	return cause.Who + " no longer confirms it"
}

func noted(what string, cause *statement.DeskEvent) string {
	if cause.Note == "" {
		return what
	}
	return what + ": " + cause.Note
}

// hush stops what goes on until somebody acknowledges a signal.
func (t *tx) hush(signal string) error {
	return t.exec(`UPDATE notices SET state = CASE WHEN repeats > 0 THEN 'sent' ELSE 'void' END, why = 'acknowledged'
		WHERE signal = ? AND state = 'due' AND (repeats > 0 OR kind = 'escalated')`, signal)
}

// retract takes a signal back from everybody who holds it for true. n is the
// notice for them. Whoever was not told yet never will be.
func (t *tx) retract(n *statement.Notice) error {
	err := t.exec(`UPDATE notices SET state = CASE WHEN repeats > 0 THEN 'sent' ELSE 'void' END, why = ?2 WHERE signal = ?1 AND state = 'due'`,
		n.Signal, voidAtDesk)
	if err != nil {
		return err
	}
	if err := t.recall(n.Signal, voidAtDesk); err != nil {
		return err
	}
	told, err := t.toldOf(n.Signal)
	if err != nil {
		return err
	}
	last, err := t.lastHeard(n.Signal)
	if err != nil {
		return err
	}
	for _, receiver := range told {
		if last[receiver].kind == statement.NoticeWithdrawn {
			continue
		}
		n.Receiver = receiver
		if err := t.putNotice(n); err != nil {
			return err
		}
	}
	return nil
}

// reinstate is the way back from retract: it tells those who heard that the
// signal was withdrawn, by n, and those who never heard of it.
func (f *filing) reinstate(n *statement.Notice) error {
	err := f.exec(`UPDATE notices SET state = 'void', why = ?2 WHERE signal = ?1 AND state = 'due' AND kind = 'withdrawn' AND `+byDesk, n.Signal, voidNoMatch)
	if err != nil {
		return err
	}
	err = f.exec(`UPDATE notices SET state = 'due', why = '' WHERE signal = ?1 AND state = 'void' AND why = ?2 AND due > ?3
			AND EXISTS (SELECT 1 FROM events e WHERE e.id = notices.event AND e.reports > 0) AND NOT `+byDesk+` AND NOT `+isTold,
		n.Signal, voidAtDesk, nanos(f.at.AddDate(0, 0, -stale)))
	if err != nil {
		return err
	}
	last, err := f.lastHeard(n.Signal)
	if err != nil {
		return err
	}
	for _, receiver := range slices.Sorted(maps.Keys(last)) {
		if h := last[receiver]; h.kind != statement.NoticeWithdrawn || !h.byDesk {
			continue
		}
		n.Receiver = receiver
		if err := f.putNotice(n); err != nil {
			return err
		}
	}
	f.raised = append(f.raised, n.Signal)
	return nil
}

// heard is what a receiver was told last of a signal.
type heard struct {
	kind   statement.NoticeKind
	byDesk bool
}

// lastHeard returns what each receiver was told last of a signal, counting what
// is on its way.
func (t *tx) lastHeard(signal string) (map[string]heard, error) {
	out := make(map[string]heard)
	err := t.each(func(scan func(...any) error) error {
		var receiver string
		var h heard
		var at int64
		err := scan(&receiver, &h.kind, &h.byDesk, &at)
		out[receiver] = h
		return err
	}, `SELECT receiver, kind, `+byDesk+`, max(at) FROM (
			SELECT receiver, kind, subject, at FROM told WHERE signal = ?1
			UNION ALL SELECT receiver, kind, subject, 9000000000000000000 + n FROM notices WHERE signal = ?1 AND state = 'composed')
		GROUP BY receiver`, signal)
	return out, err
}

// snoozeOf returns until when a desk event wants a signal left alone.
func snoozeOf(e *statement.DeskEvent) (time.Time, error) {
	var s statement.Snoozed
	if err := json.Unmarshal(e.Details, &s); err != nil {
		return time.Time{}, fmt.Errorf("read snooze: %w", err)
	}
	if s.Until.IsZero() || !storable(s.Until) {
		return time.Time{}, errors.New("read snooze: it has no end")
	}
	return s.Until.UTC(), nil
}

// mutingOf returns the silence that a desk event describes.
func mutingOf(e *statement.DeskEvent) (m statement.Muting, err error) {
	if err := json.Unmarshal(e.Details, &m); err != nil {
		return m, fmt.Errorf("read silence: %w", err)
	}
	m.ID = e.Subject
	if m.From.IsZero() {
		m.From = e.At
	}
	if !m.Until.After(m.From) || !storable(m.From) || !storable(m.Until) {
		return m, fmt.Errorf("read silence: it ends at %s and begins at %s", m.Until.Format(time.RFC3339), m.From.Format(time.RFC3339))
	}
	m.Author, m.Reason = cmp.Or(m.Author, e.Who), cmp.Or(m.Reason, e.Note)
	return m, nil
}

// foldMuting makes a silence what the desk last said of it.
func (t *tx) foldMuting(id string) error {
	acts, err := t.acts(id, statement.PutSilence, statement.EndSilence)
	if err != nil {
		return err
	}
	var last *statement.Muting
	for i := range acts {
		e := &acts[i]
		if e.Action == statement.PutSilence {
			m, err := mutingOf(e)
			if err != nil {
				return err
			}
			last = &m
		} else if last != nil && e.At.Before(last.Until) {
			last.Until = e.At
		}
	}
	if last == nil {
		return t.exec(`DELETE FROM mutings WHERE id = ?`, id)
	}
	spec, err := jsonText(last)
	if err != nil {
		return fmt.Errorf("encode silence: %w", err)
	}
	return t.exec(`INSERT OR REPLACE INTO mutings VALUES (?, ?, ?)`, id, spec, nanos(last.Until))
}

// Mutings returns the silences that have not ended, those to come among them.
func (s *Store) Mutings(ctx context.Context) ([]statement.Muting, error) {
	out, err := collect(ctx, s.reader, func(scan func(...any) error) (m statement.Muting, err error) {
		return m, scan(jsonColumn{&m})
	}, `SELECT spec FROM mutings WHERE until > ? ORDER BY until, id`, nanos(s.now()))
	if err != nil {
		return nil, fmt.Errorf("read silences: %w", err)
	}
	return out, nil
}

// askedLately is how old a wish for a sign of life may be. Older ones come out
// of a stream that is replayed.
const askedLately = time.Hour

// beat makes a sign of life due for a receiver, or takes it back.
func (f *filing) beat(l *Logged) error {
	if l.Undone != "" {
		return f.exec(`UPDATE notices SET state = 'void', why = ?2 WHERE kind = 'heartbeat' AND subject = ?1 AND state = 'due'`, l.ID, voidAtDesk)
	}
	if f.at.Sub(l.At) > askedLately {
		return nil
	}
	return f.putNotice(&statement.Notice{
		Receiver: l.Subject, Kind: statement.NoticeHeartbeat, Subject: l.ID, Note: noted("asked for by "+l.Who, &l.DeskEvent), Due: f.at,
	})
}

// judgementOf returns what a desk event says of a demand.
func judgementOf(e *statement.DeskEvent) (statement.DemandStatus, error) {
	var j statement.Judgement
	if err := json.Unmarshal(e.Details, &j); err != nil {
		return "", fmt.Errorf("read judgement: %w", err)
	}
	switch j.Status {
	case statement.DemandOpen, statement.DemandDropped, statement.DemandMayMet, statement.DemandMet:
		return j.Status, nil
	}
	return "", fmt.Errorf("read judgement: %q is no status of a demand", j.Status)
}

// judgements returns the statuses that people gave demands last.
func (t *tx) judgements(demands string) (map[string]statement.DemandStatus, error) {
	acts, err := actsIn(t.ctx, t.sql, `subject IN (SELECT value FROM json_each(?)) AND action = 'demand' AND undone = '' ORDER BY seq`, demands)
	if err != nil {
		return nil, err
	}
	out := make(map[string]statement.DemandStatus, len(acts))
	for i := range acts {
		if out[acts[i].Subject], err = judgementOf(&acts[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// foldDemand notes what people hold of a demand, beside what the machine does.
func (t *tx) foldDemand(id string) error {
	keys, err := list([]string{id})
	if err != nil {
		return err
	}
	judged, err := t.judgements(keys)
	if err != nil {
		return err
	}
	return t.exec(`UPDATE demands SET judged = ? WHERE id = ?`, judged[id], id)
}
