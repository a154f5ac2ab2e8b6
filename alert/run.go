package alert

import (
	"context"
	"sync"
	"time"

	"palabre/statement"
)

const (
	lookAgain = time.Minute     // between two looks for receivers that nothing woke
	tooSoon   = time.Second     // between two rounds of a receiver of which the first did nothing
	afterBad  = 5 * time.Second // after a round that the ledger failed
)

// Run carries messages until ctx ends. It looks for work whenever wake tells it
// that something was committed, and when something is due. Each receiver is
// served by itself.
func (c *Courier) Run(ctx context.Context, wake <-chan struct{}) error {
	var rounds sync.WaitGroup
	defer rounds.Wait()
	served := make(map[string]*served)
	for {
		if err := c.call(ctx, served, &rounds); err != nil && ctx.Err() == nil {
			c.opt.Log.ErrorContext(ctx, "receivers cannot be read", "error", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case _, open := <-wake:
			if !open {
				wake = nil
			}
		case <-time.After(lookAgain):
		}
	}
}

// served is a receiver that has a goroutine of its own.
type served struct {
	stop context.CancelFunc
	call chan statement.Receiver // holds at most the latest
}

// call tells each receiver's goroutine to look for work, begins those of new
// receivers and ends those of receivers that are gone.
func (c *Courier) call(ctx context.Context, all map[string]*served, rounds *sync.WaitGroup) error {
	receivers, err := c.opt.Ledger.Receivers(ctx)
	if err != nil {
		return err
	}
	present := make(map[string]bool)
	for _, r := range receivers {
		present[r.ID] = true
		s := all[r.ID]
		if s == nil {
			own, stop := context.WithCancel(ctx)
			s = &served{stop: stop, call: make(chan statement.Receiver, 1)}
			all[r.ID] = s
			rounds.Go(func() { c.serve(own, s.call) })
		}
		select {
		case <-s.call: // an older call that was not heard
		default:
		}
		s.call <- r
	}
	for id, s := range all {
		if !present[id] {
			s.stop()
			delete(all, id)
		}
	}
	return nil
}

// serve does the rounds of one receiver.
func (c *Courier) serve(ctx context.Context, call <-chan statement.Receiver) {
	var r statement.Receiver
	var due <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case r = <-call:
		case <-due:
		}
		did, err := c.Round(ctx, &r, c.opt.Now())
		var next time.Time
		if err == nil {
			next, err = c.opt.Ledger.NextDue(ctx, r.ID)
		}
		wait := next.Sub(c.opt.Now())
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			c.opt.Log.ErrorContext(ctx, "alerts cannot be carried", "receiver", r.ID, "error", err)
			wait = afterBad
		case next.IsZero():
			due = nil
			continue
		case !did:
			wait = max(wait, tooSoon)
		}
		due = time.After(wait)
	}
}
