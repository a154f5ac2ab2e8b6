package store

import (
	"context"
	"fmt"
	"time"

	"palabre/statement"
)

// HandOver is what whoever takes over the desk has to know.
type HandOver struct {
	Who    string             `json:"who,omitempty"`    // is on watch; empty if nobody is
	Watch  time.Time          `json:"watch,omitzero"`   // since when
	Since  time.Time          `json:"since"`            // of all that follows
	Done   []Logged           `json:"done,omitempty"`   // at the desk, oldest first
	Raised []statement.News   `json:"raised,omitempty"` // signals, oldest first
	Open   []statement.News   `json:"open,omitempty"`   // that were pushed within a week and nobody acknowledged
	Sent   int                `json:"sent"`             // messages
	Failed []Alert            `json:"failed,omitempty"` // that could not be delivered, or not yet
	Muted  []statement.Muting `json:"muted,omitempty"`  // silences that hold or are to come
}

// mostOver is how many of a kind a hand-over lists; the latest go first.
const mostOver = 200

// HandOver returns what happened since a moment and what is left to do.
func (s *Store) HandOver(ctx context.Context, since time.Time) (*HandOver, error) {
	h := &HandOver{Since: since.UTC()}
	if err := s.fillHandOver(ctx, h); err != nil {
		return nil, fmt.Errorf("read what is to be handed over: %w", err)
	}
	return h, nil
}

func (s *Store) fillHandOver(ctx context.Context, h *HandOver) (err error) {
	from := nanos(h.Since)
	if h.Who, h.Watch, err = s.OnWatch(ctx); err != nil {
		return err
	}
	h.Done, err = collect(ctx, s.reader, scanLogged, selectDesk+`WHERE seq IN (SELECT seq FROM desk_log WHERE at >= ? ORDER BY seq DESC LIMIT ?) ORDER BY seq`, from, mostOver)
	if err != nil {
		return err
	}
	h.Raised, err = s.newsWhere(ctx, `at >= ? AND NOT backfilled`, from)
	if err != nil {
		return err
	}
	h.Open, err = s.newsWhere(ctx, `id IN (
			SELECT signal FROM notices WHERE kind IN ('new', 'escalated') AND state IN ('due', 'composed', 'sent', 'dead') AND due > ?
			EXCEPT SELECT signal FROM care WHERE acknowledged <> '' OR false <> '')
		AND EXISTS (SELECT 1 FROM events e WHERE e.id = signals.event AND e.reports > 0)`, lately(s.now()))
	if err != nil {
		return err
	}
	err = s.reader.QueryRowContext(ctx, `SELECT count(*) FROM messages WHERE sent >= ?`, from).Scan(&h.Sent)
	if err != nil {
		return err
	}
	h.Failed, err = collect(ctx, s.reader, scanAlert, selectAlert+`WHERE a.due >= ? AND (a.state = 'dead' OR a.state = 'composed' AND m.tries > 0)
		ORDER BY a.n DESC LIMIT ?`, from, mostOver)
	if err != nil {
		return err
	}
	h.Muted, err = s.Mutings(ctx)
	return err
}

// newsWhere returns the latest signals that a condition chooses, oldest first.
func (s *Store) newsWhere(ctx context.Context, where string, args ...any) ([]statement.News, error) {
	signals, err := collect(ctx, s.reader, scanSignal, `SELECT * FROM (`+selectSignal+`WHERE `+where+` ORDER BY at DESC, id DESC LIMIT ?) ORDER BY at, id`, append(args, mostOver)...)
	if err != nil {
		return nil, err
	}
	return newsFrom(ctx, s.reader, signals)
}

// OnWatch returns who is on watch and since when; "" if nobody is. Whoever takes
// over relieves the one before.
func (s *Store) OnWatch(ctx context.Context) (who string, since time.Time, err error) {
	err = each(ctx, s.reader, func(scan func(...any) error) error {
		l, err := scanLogged(scan)
		switch {
		case err != nil:
			return err
		case l.Action == statement.BeginWatch && l.Who != who:
			who, since = l.Who, l.At
		case l.Action == statement.EndWatch && l.Who == who:
			who, since = "", time.Time{}
		}
		return nil
	}, selectDesk+`WHERE action IN ('begin-watch', 'end-watch') AND undone = '' ORDER BY seq`)
	if err != nil {
		return "", time.Time{}, fmt.Errorf("read who is on watch: %w", err)
	}
	return who, since, nil
}
