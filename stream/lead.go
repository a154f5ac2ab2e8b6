package stream

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"
)

// leases is the stream of leases. Unlike the others it forgets: it keeps the
// last word on each lease only, and that until the lease has run out.
const leases = "LEASES"

var (
	errHeld  = errors.New("another process holds the lease")
	errYoung = errors.New("the leases were made anew, and work may go on under one that was lost")
	errLost  = errors.New("the lease was lost")
)

// Lead runs work while this process holds the lease of that name, as one
// process at a time does, and waits for the lease before. Work's context ends
// with ctx, or when the lease cannot be kept; then work must return, and is run
// again when this process has the lease again. If work returns by itself, Lead
// gives the lease up and returns what work did. When ctx ends it returns nil.
//
// A process that stops gives its lease to the next within seconds. That of one
// which dies or is cut off is free after ten seconds, two seconds after the
// context of its work has ended: by so much may the clocks of the servers differ
// before two can be at work.
//
// With an embedded server, which serves one process alone, work simply runs.
func (b *Bus) Lead(ctx context.Context, name string, work func(context.Context) error) error {
	if err := checkName(name); err != nil {
		return fmt.Errorf("lead: %w", err)
	}
	if b.embedded != nil {
		return unlessOver(ctx, work(ctx))
	}
	l := &lease{bus: b, subject: "leases." + name, self: nuid.Next()}
	wait := b.timing.renew
	for {
		until, err := l.take(ctx)
		if err == nil {
			b.log.Info("stream: this process leads", "lease", name)
			wait = b.timing.renew
			var lost bool
			if lost, err = l.hold(ctx, until, work); !lost {
				return unlessOver(ctx, err)
			}
		}
		switch {
		case ctx.Err() != nil:
			return nil
		case b.conn.IsClosed():
			return fmt.Errorf("lead %s: %w", name, ErrClosed)
		case errors.Is(err, errHeld), errors.Is(err, errYoung):
			wait = b.timing.renew
		default:
			b.log.Warn("stream: this process does not lead", "lease", name, "pause", wait, "err", err)
		}
		if !sleep(ctx, wait) {
			return nil
		}
		wait = min(2*wait, b.timing.longest)
	}
}

// lease is what one call of Lead knows of its lease. Whoever wrote the last word
// on it holds it, for as long as the stream keeps that word.
type lease struct {
	bus     *Bus
	subject string
	self    string
	stream  jetstream.Stream
	word    uint64 // sequence of its own last word, 0 if there is none
}

// take tries to get the lease and returns until when it is surely held.
func (l *lease) take(ctx context.Context) (until time.Time, err error) {
	s, err := l.bus.ensureLeases(ctx)
	if err != nil {
		return until, err
	}
	if is := s.CachedInfo(); is.TimeStamp.Sub(is.Created) < is.Config.MaxAge {
		return until, errYoung
	}
	l.stream = s
	return l.claim(ctx)
}

// claim gets the lease, or renews it, and returns until when it is surely held.
// The server counts from when it receives the word, this process from before it
// was sent.
func (l *lease) claim(ctx context.Context) (until time.Time, err error) {
	ctx, cancel := context.WithTimeout(ctx, l.bus.timing.renew)
	defer cancel()
	begun := time.Now()
	err = l.say(ctx)
	if outdated(err) {
		if err := l.recall(ctx); err != nil {
			return until, err
		}
		begun = time.Now()
		err = l.say(ctx)
	}
	if err != nil {
		return until, fmt.Errorf("claim lease: %w", err)
	}
	return begun.Add(l.bus.timing.lease - l.bus.timing.lease/5), nil
}

// say writes a word on the lease if this process had the last one, or nobody has.
func (l *lease) say(ctx context.Context) error {
	ack, err := l.bus.js.PublishMsg(ctx, &nats.Msg{Subject: l.subject, Data: []byte(l.self)}, jetstream.WithExpectLastSequencePerSubject(l.word))
	if err == nil {
		l.word = ack.Sequence
	}
	return err
}

// outdated reports whether the server refused a word because the last one is
// not the one that was expected.
func outdated(err error) bool {
	var api *jetstream.APIError
	return errors.As(err, &api) &&
		(api.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequence || api.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequenceConstant)
}

// recall looks up the last word on the lease. It may be one of this process of
// which the server's answer was lost.
func (l *lease) recall(ctx context.Context) error {
	last, err := l.stream.GetLastMsgForSubject(ctx, l.subject)
	switch {
	case errors.Is(err, jetstream.ErrMsgNotFound):
		l.word = 0
	case err != nil:
		return fmt.Errorf("look up lease: %w", err)
	case string(last.Data) != l.self:
		l.word = 0
		return errHeld
	default:
		l.word = last.Sequence
	}
	return nil
}

// hold works under the lease, and reports whether it was lost before work
// returned. A lease that was kept is renewed until then, even if ctx ends, and
// given up.
func (l *lease) hold(ctx context.Context, until time.Time, work func(context.Context) error) (lost bool, err error) {
	own, stop := context.WithCancel(ctx)
	defer stop()
	kept, end := context.WithCancelCause(context.WithoutCancel(ctx))
	lose := func(why error) { end(why); stop() } // in this order: work that has returned sees why
	alarm := time.AfterFunc(time.Until(until), func() { lose(errLost) })
	defer alarm.Stop()
	var renewing sync.WaitGroup
	renewing.Go(func() {
		if err := l.renew(kept, alarm); err != nil {
			lose(fmt.Errorf("%w: %w", errLost, err))
		}
	})
	err = work(own)
	why := context.Cause(kept)
	end(nil)
	renewing.Wait()
	switch {
	case why == nil:
		l.giveUp(ctx)
		return false, err
	case err != nil && !errors.Is(err, context.Canceled):
		why = fmt.Errorf("%w; work ended with: %w", why, err)
	}
	return true, why
}

// renew renews the lease and puts the alarm off until kept ends. It returns an
// error if there is no more hope.
func (l *lease) renew(kept context.Context, alarm *time.Timer) error {
	tick := time.NewTicker(l.bus.timing.renew)
	defer tick.Stop()
	for {
		select {
		case <-kept.Done():
			return nil
		case <-tick.C:
		}
		until, err := l.claim(context.WithoutCancel(kept)) // to its end, so that the last word is known
		switch {
		case kept.Err() != nil:
			return nil
		case err == nil:
			alarm.Reset(time.Until(until))
		case errors.Is(err, errHeld), l.bus.conn.IsClosed():
			return err
		default:
			l.bus.log.Warn("stream: lease not renewed", "lease", l.subject, "err", err)
		}
	}
}

// giveUp lets the next process have the lease at once. If that fails, it runs
// out.
func (l *lease) giveUp(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), min(time.Second, l.bus.timing.request))
	defer cancel()
	if err := l.stream.DeleteMsg(ctx, l.word); err != nil {
		l.bus.log.Debug("stream: lease not given up, it will run out", "lease", l.subject, "err", err)
	}
	l.word = 0
}

// ensureLeases returns the stream of leases, which it creates if there is none.
// Its leases last at least as long as those of this process; what another
// version of the program made longer is left so.
func (b *Bus) ensureLeases(ctx context.Context) (jetstream.Stream, error) {
	ctx, cancel := context.WithTimeout(ctx, b.timing.request)
	defer cancel()
	var is jetstream.StreamConfig
	present, err := b.js.Stream(ctx, leases)
	switch {
	case err == nil:
		is = present.CachedInfo().Config
		if is.MaxAge >= b.timing.lease && (b.opts.Replicas == 0 || b.opts.Replicas == is.Replicas) {
			return present, nil
		}
	case !errors.Is(err, jetstream.ErrStreamNotFound):
		return nil, fmt.Errorf("look up stream %s: %w", leases, err)
	}
	s, err := b.js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name:              leases,
		Description:       "Palabre: who leads",
		Subjects:          []string{subjectsOf(leases)},
		Storage:           jetstream.FileStorage,
		MaxMsgsPerSubject: 1,
		MaxAge:            max(b.timing.lease, is.MaxAge),
		MaxBytes:          1 << 20,
		Replicas:          cmp.Or(b.opts.Replicas, is.Replicas, 1),
	})
	if err != nil {
		return nil, fmt.Errorf("create stream %s: %w", leases, err)
	}
	return s, nil
}
