package api

import (
	"context"
	"time"

	"palabre/statement"
	"palabre/store"
)

// signalCard is a signal with what its statement adds, and what the desk can do
// about it.
type signalCard struct {
	Signal        Signal
	Source        string
	Lang          string
	Grade         statement.Grade
	Reconstructed bool
	Keys          bool // keys of the desk work on it
	Desk          *deskBar
	Last          *DeskEntry // that can be undone; nil if nothing was done
	tongue        *tongue
}

// Just is what was done about this signal a moment ago.
func (c signalCard) Just() *done {
	if c.Desk == nil || c.Desk.Done == nil || c.Desk.Done.Subject != c.Signal.ID {
		return nil
	}
	return c.Desk.Done
}

// Why says in one sentence why it is news.
func (c signalCard) Why() phrase { return why(c.tongue, &c.Signal) }

// Doubt says why it is for the desk only; empty if it may be pushed.
func (c signalCard) Doubt() phrase {
	if c.Signal.Candidate == "" {
		return phrase{}
	}
	return doubt(c.Signal.Candidate)
}

// Age is how long ago it was raised.
func (c signalCard) Age() phrase { return ago(time.Since(c.Signal.At)) }

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
		c.Signal, c.Desk, c.Last, c.tongue = signals[i], f.Desk, lastStanding(logs[signals[i].ID]), f.tongue
		if d := c.Just(); d != nil {
			d.At, f.Desk.told = "signal-"+c.Signal.ID, true
		}
		if h := byID[c.Signal.Statement]; h != nil {
			st := &h.Statement
			c.Source, c.Grade, c.Reconstructed, c.Lang = f.SourceName(st.Outlet), st.Grade, st.Reconstructed, mainLang(st, h.Reading.Langs)
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
