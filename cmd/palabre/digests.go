package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"palabre/digest"
	"palabre/ingest"
	"palabre/statement"
	"palabre/store"
)

// digestFlags say when a server writes up the week that is over.
type digestFlags struct {
	DigestSchedule string `default:"0 6 * * 1" placeholder:"CRON" help:"When the week before is written up, as a cron expression in UTC; off for never."`
	writingFlags
}

const (
	never       = "off"
	digestsDue  = time.Minute // between two looks for a week that is to be written up
	publishFor  = time.Minute // until a draft is in the record; else the next look tries again
	caughtWeeks = 8           // that are written up late at most: what nobody missed for longer, nobody needs
	theMachine  = "palabre"   // who drafts
)

// printer drafts the digests of weeks when they are due.
type printer struct {
	*press
	next    func(time.Time) time.Time // first time of the schedule after a moment; nil for never
	publish func(context.Context, []statement.DeskEvent) error
}

func newPrinter(p *press, flags *digestFlags, publish func(context.Context, []statement.DeskEvent) error) (*printer, error) {
	out := &printer{press: p, publish: publish}
	if flags.DigestSchedule == never {
		return out, nil
	}
	var err error
	if out.next, err = ingest.Timetable(flags.DigestSchedule); err != nil {
		return nil, usagef("--digest-schedule: %w; want an expression such as \"0 6 * * 1\", or off", err)
	}
	return out, nil
}

// round drafts every week that is over and due by now and has no digest yet,
// oldest first: also those that fell due while nobody was running, some weeks back
// at most. Weeks before the record began are none of its business, whatever was
// filed later. A week that cannot be written up keeps no other from it.
func (p *printer) round(ctx context.Context, now time.Time) error {
	if p.next == nil {
		return nil
	}
	began, err := p.store.Began(ctx)
	if err != nil || began.IsZero() {
		return err
	}
	var errs []error
	week := digest.WeekOf(now)
	for range caughtWeeks {
		week = week.Previous()
	}
	for ; !week.To.After(now); week = week.Next() {
		due := p.next(week.To.Add(-time.Nanosecond))
		if due.IsZero() || due.After(now) || !week.To.After(began) {
			continue
		}
		if err := p.once(ctx, week, now); err != nil {
			errs = append(errs, fmt.Errorf("write up %s: %w", week, err))
		}
	}
	return errors.Join(errs...)
}

// once drafts a week unless that has been done. Processes that do it at the same
// time make one event: it has one name, and the record takes the first.
func (p *printer) once(ctx context.Context, week digest.Period, now time.Time) error {
	switch _, err := p.store.Digest(ctx, week.String()); {
	case err == nil:
		return nil
	case !errors.Is(err, store.ErrNotFound):
		return err
	}
	d, err := p.draft(ctx, week)
	if err != nil {
		return err
	}
	e := statement.DeskEvent{
		ID: statement.DigestDraftID(week.String()), At: now.UTC(), Who: theMachine, Action: statement.DraftDigest, Subject: week.String(),
	}
	if e.Details, err = json.Marshal(d); err != nil {
		return fmt.Errorf("encode draft: %w", err)
	}
	limited, cancel := context.WithTimeout(ctx, publishFor)
	defer cancel()
	return p.publish(limited, []statement.DeskEvent{e})
}

// publishDesk puts what was done on the stream of such things, and waits until it
// is in the record of this node.
func (p *pipeline) publishDesk(ctx context.Context, events []statement.DeskEvent) error {
	wake, cancel := p.store.Watch()
	defer cancel()
	if err := p.bus.PublishDesk(ctx, events); err != nil {
		return err
	}
	for i := range events {
		for {
			_, err := p.store.DeskEvent(ctx, events[i].ID)
			if err == nil {
				break
			}
			if !errors.Is(err, store.ErrNotFound) {
				return err
			}
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-wake:
			}
		}
	}
	return nil
}
