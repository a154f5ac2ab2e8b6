package store

import (
	"context"
	"fmt"

	"palabre/statement"
)

// Overtaken is what an issued digest says of a signal and that does not hold any
// more, or holds again.
type Overtaken struct {
	Signal string
	Period string // of the latest digest that speaks of it
	Number int    // of that digest
	Told   string // as [statement.DigestTold] has it
	Now    string // in the same words
	Note   string // why, if a person said so
}

// Overtaken returns what issued digests of periods that end by a moment say and
// that is read otherwise now, in the order of the digests.
func (s *Store) Overtaken(ctx context.Context, by Span) ([]Overtaken, error) {
	all, err := collect(ctx, s.reader, func(scan func(...any) error) (o Overtaken, err error) {
		return o, scan(&o.Signal, &o.Period, &o.Number, &o.Told)
	}, `SELECT t.signal, t.period, d.number, t.told FROM digest_told t JOIN digests d ON d.period = t.period
		WHERE d.stop <= ? ORDER BY d.number, t.signal`, nanos(by.From))
	if err != nil {
		return nil, fmt.Errorf("read what digests told: %w", err)
	}
	var out []Overtaken
	for _, o := range all {
		if err := s.holdsNow(ctx, &o); err != nil {
			return nil, fmt.Errorf("read what became of signal %s: %w", o.Signal, err)
		}
		if o.Now != o.Told {
			out = append(out, o)
		}
	}
	return out, nil
}

// holdsNow works out what is to be told of a signal now.
func (s *Store) holdsNow(ctx context.Context, o *Overtaken) error {
	found, err := collect(ctx, s.reader, scanSignal, selectSignal+`WHERE id = ?`, o.Signal)
	if err != nil || len(found) == 0 {
		return err
	}
	sig := &found[0]
	care, err := careOf(ctx, s.reader, o.Signal)
	switch {
	case err != nil:
		return err
	case care.False != "":
		o.Note = joined("marked false by "+care.False, care.Note)
		return nil
	case sig.Reason == statement.Silence:
		if sig.Candidate != spoke {
			o.Now = statement.ToldSilent
		}
		return nil
	}
	now, err := readsNow(ctx, s.reader, s.sides, sig)
	if err != nil {
		return err
	}
	if now == "" { // another report of the event may bear it out
		others, err := texts(ctx, s.reader, `SELECT id FROM events WHERE id = ? AND reports > 0`, sig.Event)
		if err != nil {
			return err
		}
		if len(others) > 0 {
			now = sig.To
		}
	}
	o.Now = string(now)
	return nil
}
