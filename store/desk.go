package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"palabre/statement"
)

// ApplyDesk takes in one commit what people did: each event goes into the desk
// log and has its effect. What holds afterwards is what the events add up to that
// were not undone, in the order of the log. An event that is there already
// changes nothing.
func (s *Store) ApplyDesk(ctx context.Context, events []statement.DeskEvent) error {
	err := s.write(ctx, func(t *tx) error {
		f := s.newFiling(t)
		for i := range events {
			if err := f.desk(&events[i]); err != nil {
				return err
			}
		}
		return f.close()
	})
	if err != nil {
		return fmt.Errorf("apply desk events: %w", err)
	}
	s.wake()
	return nil
}

// desk takes one desk event.
func (f *filing) desk(e *statement.DeskEvent) error {
	err := checkDesk(e)
	if err == nil {
		err = f.take(e)
	}
	if err != nil {
		return fmt.Errorf("desk event %s, %s of %s: %w", e.ID, e.Action, e.Subject, err)
	}
	return nil
}

func (f *filing) take(e *statement.DeskEvent) error {
	l := Logged{DeskEvent: *e}
	switch e.Action {
	case statement.Undo:
		stands, err := f.stands(e.Subject)
		if err != nil {
			return err
		}
		settled, err := f.isSettled(e.Subject)
		if err != nil {
			return err
		}
		l.Idle = !stands || settled
	case statement.DraftDigest, statement.EditDigest, statement.IssueDigest:
		var err error
		if l.Idle, err = f.isIdle(e); err != nil {
			return err
		}
	}
	fresh, err := f.putDesk(&l)
	switch {
	case err != nil || !fresh || l.Idle && e.Action != statement.Undo:
		return err
	case e.Action == statement.Undo:
		return f.restand(e.Subject, e)
	}
	return f.refold(&l, e)
}

// checkDesk reports what is wrong with a desk event that no retry will mend.
func checkDesk(e *statement.DeskEvent) (err error) {
	switch {
	case e.ID == "":
		return errors.New("it has no ID")
	case !storable(e.At):
		return fmt.Errorf("it is of %s", e.At.Format(time.RFC3339))
	}
	switch e.Action {
	case statement.Acknowledge, statement.Own, statement.MarkFalse, statement.Confirm, statement.Undo, statement.EndSilence,
		statement.DropReceiver, statement.Heartbeat, statement.Replay, statement.DropSearch:
	case statement.SaveSearch:
		_, err = searchOf(e.Subject, e.Who, e.Details)
	case statement.Snooze:
		_, err = snoozeOf(e)
	case statement.PutSilence:
		_, err = mutingOf(e)
	case statement.PutReceiver:
		_, err = receiverOf(e)
	case statement.SplitEvent, statement.MergeEvents:
		_, err = regroupingOf(e)
	case statement.JudgeDemand:
		_, err = judgementOf(e)
	case statement.ConfirmPosition, statement.CorrectPosition:
		_, err = correctionOf(e)
	case statement.DraftDigest:
		_, err = draftOf(e)
	case statement.EditDigest:
		_, err = editOf(e)
	case statement.IssueDigest:
		_, err = issueOf(e)
	default:
		return nil
	}
	if err == nil && e.Subject == "" {
		err = errors.New("it names no subject")
	}
	return err
}

// refold works out anew what an event bears on that has begun to stand, or has
// ceased to. cause is the event through which it did, which may be itself.
func (f *filing) refold(l *Logged, cause *statement.DeskEvent) error {
	switch l.Action {
	case statement.Acknowledge, statement.Own, statement.Snooze, statement.MarkFalse, statement.Confirm:
		return f.foldCare(l.Subject, cause)
	case statement.PutSilence, statement.EndSilence:
		return f.foldMuting(l.Subject)
	case statement.PutReceiver, statement.DropReceiver:
		if configured, err := f.fromConfig(l.Subject); err != nil || configured {
			return err
		}
		return f.foldReceiver(l.Subject, cause.Action == statement.PutReceiver)
	case statement.Heartbeat:
		return f.beat(l)
	case statement.SplitEvent, statement.MergeEvents:
		return f.regroup(&l.DeskEvent, cause)
	case statement.JudgeDemand:
		return f.foldDemand(l.Subject)
	case statement.ConfirmPosition, statement.CorrectPosition:
		return f.foldCorrections(l.Subject)
	case statement.Replay:
		return f.replay(l.Subject)
	case statement.SaveSearch, statement.DropSearch:
		return f.foldSearch(l.Subject)
	case statement.DraftDigest, statement.IssueDigest:
		return f.foldDigest(&l.DeskEvent)
	}
	return nil
}

// Logged is a desk event as the log holds it: without the keys of receivers and
// the texts of digests.
type Logged struct {
	statement.DeskEvent
	Undone string `json:"undone,omitempty"` // ID of the event that undid it, while that one stands
	Idle   bool   `json:"idle,omitempty"`   // it changed nothing: an undo that found nothing to undo, a digest that was issued already
}

const selectDesk = `SELECT id, at, who, action, subject, note, details, undone, idle FROM desk_log `

func scanLogged(scan func(...any) error) (l Logged, err error) {
	var details string
	err = scan(&l.ID, instant{&l.At}, &l.Who, &l.Action, &l.Subject, &l.Note, &details, &l.Undone, &l.Idle)
	if details != "" {
		l.Details = json.RawMessage(details)
	}
	return l, err
}

// putDesk enters an event in the log and reports whether it is new there.
func (t *tx) putDesk(l *Logged) (fresh bool, err error) {
	details, less, err := shownDetails(&l.DeskEvent)
	if err != nil {
		return false, err
	}
	_, rows, err := t.change(`INSERT INTO desk_log (id, at, who, action, subject, note, details, idle) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
		l.ID, nanos(l.At), l.Who, l.Action, l.Subject, l.Note, string(details), l.Idle)
	if err != nil {
		return false, fmt.Errorf("enter desk log: %w", err)
	}
	if rows > 0 && less {
		if err := t.exec(`INSERT INTO desk_secrets VALUES (?, ?)`, l.ID, string(l.Details)); err != nil {
			return false, fmt.Errorf("keep details: %w", err)
		}
	}
	return rows > 0, nil
}

// shownDetails returns the details of an event as the log shows them, and whether
// that is less than there is.
func shownDetails(e *statement.DeskEvent) (details json.RawMessage, less bool, err error) {
	var shown any
	switch e.Action {
	case statement.PutReceiver:
		r, err := receiverOf(e)
		if err != nil {
			return nil, false, err
		}
		shown = masked(r)
	case statement.DraftDigest:
		d, err := draftOf(e)
		if err != nil {
			return nil, false, err
		}
		d.Files, d.Told = nil, nil
		shown = d
	case statement.IssueDigest:
		d, err := issueOf(e)
		if err != nil {
			return nil, false, err
		}
		d.Files = nil
		shown = d
	default:
		return e.Details, false, nil
	}
	if details, err = json.Marshal(shown); err != nil {
		return nil, false, fmt.Errorf("encode details: %w", err)
	}
	return details, true, nil
}

// logged returns an event of the log, or nil.
func (t *tx) logged(id string) (*Logged, error) {
	found, err := collect(t.ctx, t.sql, scanLogged, selectDesk+`WHERE id = ?`, id)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

// stands reports whether there is an event that can be undone.
func (t *tx) stands(id string) (bool, error) {
	l, err := t.logged(id)
	return l != nil && l.Undone == "" && !l.Idle, err
}

// restand works out whether an event stands: it does unless an undo of it
// stands that found it standing. What it bears on follows, and for an undo that is
// whether the event stands which it undid.
func (f *filing) restand(id string, cause *statement.DeskEvent) error {
	l, err := f.logged(id)
	if err != nil || l == nil {
		return err
	}
	was := l.Undone
	l.Undone = ""
	_, err = f.find(`SELECT id FROM desk_log WHERE action = 'undo' AND subject = ? AND NOT idle AND undone = '' ORDER BY seq LIMIT 1`, []any{id}, &l.Undone)
	if err != nil || l.Undone == was {
		return err
	}
	if err := f.exec(`UPDATE desk_log SET undone = ? WHERE id = ?`, l.Undone, id); err != nil {
		return err
	}
	switch {
	case (l.Undone == "") == (was == ""):
		return nil
	case l.Action == statement.Undo:
		return f.restand(l.Subject, cause)
	}
	return f.refold(l, cause)
}

// acts returns what was done to a subject and not undone, in order and with all
// its details.
func (t *tx) acts(subject string, actions ...statement.Action) ([]statement.DeskEvent, error) {
	return actsOf(t.ctx, t.sql, subject, actions...)
}

func actsOf(ctx context.Context, q querier, subject string, actions ...statement.Action) ([]statement.DeskEvent, error) {
	kinds, err := jsonText(actions)
	if err != nil {
		return nil, err
	}
	return actsIn(ctx, q, `subject = ? AND undone = '' AND NOT idle AND action IN (SELECT value FROM json_each(?)) ORDER BY seq`, subject, kinds)
}

func actsIn(ctx context.Context, q querier, where string, args ...any) ([]statement.DeskEvent, error) {
	return collect(ctx, q, func(scan func(...any) error) (statement.DeskEvent, error) {
		l, err := scanLogged(scan)
		return l.DeskEvent, err
	}, `SELECT l.id, at, who, action, subject, note, coalesce(s.details, l.details), undone, idle
		FROM desk_log l LEFT JOIN desk_secrets s ON s.desk = l.id WHERE `+where, args...)
}

// DeskLog returns what people did, newest first.
func (s *Store) DeskLog(ctx context.Context, limit int) ([]Logged, error) {
	out, err := collect(ctx, s.reader, scanLogged, selectDesk+`ORDER BY seq DESC LIMIT ?`, limit)
	if err != nil {
		return nil, fmt.Errorf("read desk log: %w", err)
	}
	return out, nil
}

// DeskLogOf returns what people did to a signal, an event, a receiver or whatever
// else has the ID, oldest first.
func (s *Store) DeskLogOf(ctx context.Context, subject string) ([]Logged, error) {
	out, err := collect(ctx, s.reader, scanLogged, selectDesk+`WHERE subject = ? ORDER BY seq`, subject)
	if err != nil {
		return nil, fmt.Errorf("read desk log of %s: %w", subject, err)
	}
	return out, nil
}
