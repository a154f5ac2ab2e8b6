package api

import (
	"context"

	"palabre/statement"
	"palabre/store"
)

// signalCard is a signal with what its statement adds, and what the desk can do
// about it.
type signalCard struct {
	Signal        Signal
	Source        string
	Lang          string
	Reconstructed bool
	Desk          *deskBar
	Last          *DeskEntry // that can be undone; nil if nothing was done
}

// Just is what was done about this signal a moment ago.
func (c signalCard) Just() *done {
	if c.Desk == nil || c.Desk.Done == nil || c.Desk.Done.Subject != c.Signal.ID {
		return nil
	}
	return c.Desk.Done
}

// Quiet reports whether somebody has seen to the signal.
func (c signalCard) Quiet() bool {
	return c.Signal.Care.Acknowledged != "" || c.Signal.Care.False != ""
}

// cards adds to signals what their statements say about them.
func (s *server) cards(ctx context.Context, f *frame, list []statement.Signal) ([]signalCard, error) {
	signals, err := s.signals(ctx, list)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(list))
	var cared []string
	for i := range signals {
		ids[i] = signals[i].Statement
		if !signals[i].Care.Untouched() {
			cared = append(cared, signals[i].ID)
		}
	}
	held, err := s.store.Statements(ctx, ids)
	if err != nil {
		return nil, err
	}
	byID := make(map[string]*store.Held, len(held))
	for i := range held {
		byID[held[i].Statement.Of] = &held[i]
	}
	logs, err := s.store.DeskLogs(ctx, cared)
	if err != nil {
		return nil, err
	}
	out := make([]signalCard, len(signals))
	for i := range signals {
		c := &out[i]
		c.Signal, c.Desk, c.Last = signals[i], f.Desk, lastStanding(logs[signals[i].ID])
		if d := c.Just(); d != nil {
			d.At, f.Desk.told = "signal-"+c.Signal.ID, true
		}
		if h := byID[c.Signal.Statement]; h != nil {
			st := &h.Statement
			c.Source, c.Reconstructed, c.Lang = f.SourceName(st.Outlet), st.Reconstructed, mainLang(st, h.Reading.Langs)
		}
	}
	return out, nil
}

// signalsOn takes the signals off their cards.
func signalsOn(cards []signalCard) []Signal {
	out := make([]Signal, len(cards))
	for i := range cards {
		out[i] = cards[i].Signal
	}
	return out
}

// lastStanding is the last entry of a log that was not undone; nil if there is
// none.
func lastStanding(log []store.Logged) *DeskEntry {
	for i := len(log) - 1; i >= 0; i-- {
		if l := &log[i]; l.Undone == "" && l.Action != statement.Undo {
			e := entriesOf(log[i : i+1])[0]
			return &e
		}
	}
	return nil
}
