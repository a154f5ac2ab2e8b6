package ingest

import (
	"context"
	"fmt"
	"hash/fnv"
	"log/slog"
	"sync"
	"time"

	"github.com/robfig/cron/v3"

	"palabre/statement"
)

const (
	// everyMinute is when a folder is looked at that says nothing itself.
	everyMinute = "* * * * *"
	// longestWait bounds every wait for a failing source: it is never given up.
	longestWait = 24 * time.Hour
	// mostJitter bounds how far checks are moved from the minute that many
	// sources share.
	mostJitter = 45 * time.Second
	// atOnce is how many sources are checked at the same time.
	atOnce = 8
)

// schedule returns when a source is due: its cron expression in UTC, moved by a
// part of its interval that is its own, so that sources with one expression are
// not checked in the same second.
func schedule(src *statement.Source) (cron.Schedule, error) {
	spec := src.Schedule
	if spec == "" && src.Kind == statement.Folder {
		spec = everyMinute
	}
	parsed, err := parseCron(spec)
	if err != nil {
		return nil, err
	}
	at := parsed.Next(time.Unix(0, 0).UTC())
	interval := parsed.Next(at).Sub(at)
	h := fnv.New32a()
	h.Write([]byte(src.ID))
	most := min(interval/10, mostJitter)
	return moved{parsed, time.Duration(h.Sum32()) * time.Millisecond % max(most, 1)}, nil
}

func parseCron(spec string) (cron.Schedule, error) {
	parsed, err := cron.ParseStandard("CRON_TZ=UTC " + spec)
	if err != nil {
		return nil, fmt.Errorf("schedule %q: %w", spec, err)
	}
	return parsed, nil
}

// Timetable reads a cron expression in UTC, such as "0 6 * * 1", and returns what
// gives the first of its times after a moment; that is zero where it has none
// within five years.
func Timetable(spec string) (next func(time.Time) time.Time, err error) {
	parsed, err := parseCron(spec)
	if err != nil {
		return nil, err
	}
	return func(t time.Time) time.Time { return parsed.Next(t.UTC()) }, nil
}

// moved is a schedule, later by a fixed time.
type moved struct {
	cron.Schedule
	by time.Duration
}

// Next returns the first time after t.
func (m moved) Next(t time.Time) time.Time { return m.Schedule.Next(t.Add(-m.by)).Add(m.by) }

// next returns when a source is to be checked after a check at the given time:
// when its schedule says so, but not before the time that its server asked for,
// and after failures in a row not before a wait that doubles with each.
func next(src *statement.Source, checked time.Time, failures int, asked time.Duration) time.Time {
	s, err := schedule(src)
	if err != nil {
		return time.Time{}
	}
	due := s.Next(checked)
	wait := min(asked, longestWait)
	if failures > 1 {
		wait = max(wait, backOff(s.Next(due).Sub(due), failures-1))
	}
	if notBefore := checked.Add(wait); due.Before(notBefore) {
		return s.Next(notBefore.Add(-time.Nanosecond))
	}
	return due
}

// backOff doubles a wait a number of times, up to the longest.
func backOff(wait time.Duration, times int) time.Duration {
	for ; times > 0 && wait < longestWait; times-- {
		wait *= 2
	}
	return min(wait, longestWait)
}

// Run checks the sources by their schedules until ctx ends, and then waits for
// the checks that are under way. A source that missed a check while nothing ran
// is checked at once. A source never overlaps with itself.
func (in *Ingester) Run(ctx context.Context, sources []statement.Source) error {
	log := cronLog{in.log}
	c := cron.New(cron.WithLocation(time.UTC), cron.WithLogger(log), cron.WithChain(cron.Recover(log), cron.SkipIfStillRunning(log)))
	slots := make(chan struct{}, atOnce)
	var late sync.WaitGroup
	for _, src := range sources {
		if src.Paused || src.Kind == statement.Hand {
			continue
		}
		s, err := schedule(&src)
		if err != nil {
			in.log.ErrorContext(ctx, "a source is not fetched", "source", src.ID, "error", err)
			continue
		}
		id := c.Schedule(s, cron.FuncJob(func() { in.checkDue(ctx, slots, src) }))
		job := c.Entry(id).WrappedJob
		late.Go(job.Run)
	}
	c.Start()
	<-ctx.Done()
	<-c.Stop().Done()
	late.Wait()
	return nil
}

// checkDue checks a source if its time has come: after failures it comes later
// than the schedule says.
func (in *Ingester) checkDue(ctx context.Context, slots chan struct{}, src statement.Source) {
	select {
	case slots <- struct{}{}:
		defer func() { <-slots }()
	case <-ctx.Done():
		return
	}
	before, err := in.vault.Health(ctx, src.ID)
	if err == nil && in.now().Before(before.Next.Add(-time.Second)) {
		return
	}
	var h statement.Health
	if err == nil {
		h, err = in.Poll(ctx, src)
	}
	switch {
	case ctx.Err() != nil:
	case err != nil:
		in.log.ErrorContext(ctx, "a check could not be kept and is repeated", "source", src.ID, "error", err)
	case h.Outcome.Failed():
		in.log.WarnContext(ctx, "a source could not be fetched", "source", src.ID, "outcome", h.Outcome, "reason", h.Reason, "next", h.Next)
	default:
		in.log.InfoContext(ctx, "a source was fetched", "source", src.ID, "outcome", h.Outcome, "reason", h.Reason, "next", h.Next)
	}
}

// cronLog carries what the scheduler has to say to the log.
type cronLog struct{ log *slog.Logger }

// Info logs at the level of details.
func (l cronLog) Info(msg string, keysAndValues ...any) {
	l.log.Debug("schedule: "+msg, keysAndValues...)
}

// Error logs an error, such as a panic of a check.
func (l cronLog) Error(err error, msg string, keysAndValues ...any) {
	l.log.Error("schedule: "+msg, append(keysAndValues, "error", err)...)
}
