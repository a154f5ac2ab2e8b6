package store

import (
	"fmt"

	"palabre/statement"
)

const selectEvent = `SELECT n, id, actor, topic, target, stance, said, said_origin, seen, created, lead, speaker, condition,
	act, authority, guarded, binding, first_hand, posthumous, confidence, demands, reports, outlets FROM events `

func scanEvent(scan func(...any) error) (*event, error) {
	var e event
	var said, origin string
	err := scan(&e.n, &e.id, &e.actor, &e.topic, &e.target, &e.stance, &said, &origin, instant{&e.seen}, instant{&e.created}, &e.lead,
		&e.speaker, &e.condition, &e.act, &e.authority, &e.guarded, &e.binding, &e.firstHand, &e.posthumous, &e.sure, jsonColumn{&e.demands}, &e.reports, &e.outlets)
	if err != nil {
		return nil, err
	}
	e.when, err = claimed(said, origin)
	return &e, err
}

func (t *tx) events(where string, args ...any) ([]*event, error) {
	return collect(t.ctx, t.sql, scanEvent, selectEvent+`WHERE `+where, args...)
}

// insertEvent opens an event without reports.
func (t *tx) insertEvent(e *event) error {
	n, _, err := t.change(`INSERT INTO events (id, actor, topic, target, stance, day, said, said_origin, seen, created, lead, speaker, condition,
			posthumous, authority, guarded, binding, reports, outlets) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', '', '', ?, 0, 0, 0, 0, 0)`,
		e.id, e.actor, e.topic, e.target, e.stance, dayOf(e.when.Time), e.when.String(), e.when.Origin, nanos(e.seen), nanos(e.created), e.posthumous)
	if err != nil {
		return fmt.Errorf("open event: %w", err)
	}
	e.n = n
	return nil
}

func (t *tx) updateEvent(e *event) error {
	demands, err := list(e.demands)
	if err != nil {
		return fmt.Errorf("encode demands: %w", err)
	}
	err = t.exec(`UPDATE events SET target = ?, day = ?, said = ?, said_origin = ?, seen = ?, lead = ?, speaker = ?, condition = ?,
			act = ?, authority = ?, guarded = ?, binding = ?, first_hand = ?, confidence = ?, demands = ?, reports = ?, outlets = ? WHERE n = ?`,
		e.target, dayOf(e.when.Time), e.when.String(), e.when.Origin, nanos(e.seen), e.lead, e.speaker, e.condition,
		e.act, e.authority, e.guarded, e.binding, e.firstHand, e.sure, demands, e.reports, e.outlets, e.n)
	if err != nil {
		return fmt.Errorf("update event: %w", err)
	}
	return nil
}

// insertReport adds a report to an event. A statement that speaks of two
// targets on one side reports one event once.
func (t *tx) insertReport(e *event, r *report) error {
	err := t.exec(`INSERT OR IGNORE INTO event_reports VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		e.id, r.statement, r.row, r.outlet, r.when.String(), r.when.Origin, nanos(r.seen), r.authority, r.echo)
	if err != nil {
		return fmt.Errorf("file report: %w", err)
	}
	return nil
}

func (t *tx) reportsOf(event string) ([]*report, error) {
	return collect(t.ctx, t.sql, func(scan func(...any) error) (*report, error) {
		var r report
		var said, origin string
		p := &r.position
		err := scan(&r.statement, &r.row, &r.outlet, &said, &origin, instant{&r.seen}, &r.authority, &r.echo,
			&p.Speaker, &p.Target, &p.Condition, &p.Act, &p.Confidence, &p.FirstHand, &p.Tentative, &p.Evidence.Quote)
		if err != nil {
			return nil, err
		}
		r.when, err = claimed(said, origin)
		return &r, err
	}, `SELECT r.statement, r.position, r.outlet, r.said, r.said_origin, r.seen, r.authority, r.echo,
			p.speaker, p.target, p.condition, p.act, p.confidence, p.first_hand, p.tentative, v.quote
		FROM event_reports r JOIN positions p ON p.n = r.position JOIN evidence v ON v.position = p.n WHERE r.event = ?`, event)
}

// quoteOf returns the words of an event's lead.
func (t *tx) quoteOf(e *event) (quote string, err error) {
	_, err = t.find(`SELECT v.quote FROM event_reports r JOIN evidence v ON v.position = r.position
		WHERE r.event = ? AND r.statement = ?`, []any{e.id, e.lead}, &quote)
	return quote, err
}

// insertSignal writes a signal, unless it was raised before.
func (f *filing) insertSignal(sig *statement.Signal) error {
	_, rows, err := f.change(`INSERT OR IGNORE INTO signals (id, reason, actor, speaker, topic, target, from_stance, to_stance, condition, act, event,
			statement, previous, quote, before, said, said_origin, day, said_prev, prev_origin, at, why, confidence, first_hand, backfilled, candidate)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		sig.ID, sig.Reason, sig.Actor, sig.Speaker, sig.Topic, sig.Target, sig.From, sig.To, sig.Condition, sig.Act, sig.Event,
		sig.Now.Statement, sig.Then.Statement, sig.Now.Quote, sig.Then.Quote, sig.Now.Said.String(), sig.Now.Said.Origin, dayOf(sig.Now.Said.Time),
		sig.Then.Said.String(), sig.Then.Said.Origin, nanos(sig.At), sig.Why, sig.Confidence, sig.FirstHand, sig.Backfilled, sig.Candidate)
	if err != nil {
		return fmt.Errorf("raise signal: %w", err)
	}
	if rows > 0 {
		f.done.Signals++
		if !isStale(sig.Now.Said, f.at) { // one that is for the desk only may have been confirmed before it came
			f.raised = append(f.raised, sig.ID)
		}
	}
	return nil
}

// reconsider looks again at the signals of an event whose reports have changed.
// A further report may make them surer, so that more receivers are told; when
// the last one is gone, whoever was told is told so, and when one comes back, too.
func (f *filing) reconsider(e *event, reports []*report, stood bool) error {
	signals, err := texts(f.ctx, f.sql, `SELECT id FROM signals WHERE event = ?`, e.id)
	if err != nil {
		return fmt.Errorf("look up signals: %w", err)
	}
	for _, id := range signals {
		switch {
		case len(reports) == 0 && stood:
			f.falls(id, f.cause)
			continue
		case len(reports) == 0:
			continue
		}
		_, rows, err := f.change(`UPDATE signals SET confidence = ?1, first_hand = ?2, candidate = CASE WHEN candidate = ?4 OR reason = 'silence' THEN candidate ELSE ?3 END
			WHERE id = ?5 AND (confidence <> ?1 OR first_hand <> ?2 OR candidate <> ?3)`, e.sure, e.firstHand, doubt(e, reports), doubtMet, id)
		if err != nil {
			return fmt.Errorf("reconsider signal: %w", err)
		}
		if rows > 0 {
			f.raised = append(f.raised, id)
		}
		if !stood {
			f.rises(id)
		}
	}
	return nil
}

// falls notes that nothing bears a signal out any more, and rises that something
// does again. What does both in one commit has done neither.
func (f *filing) falls(signal string, by cause) {
	if _, rose := f.risen[signal]; rose {
		delete(f.risen, signal)
		return
	}
	f.fallen[signal] = by
}

func (f *filing) rises(signal string) {
	if _, fell := f.fallen[signal]; fell {
		delete(f.fallen, signal)
		return
	}
	f.risen[signal] = f.cause
}
