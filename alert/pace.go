package alert

import (
	"fmt"
	"time"

	"palabre/statement"
)

// clock is a time of day.
type clock struct{ hour, minute int }

// readClock reads "07:00".
func readClock(s string) (clock, error) {
	t, err := time.Parse("15:04", s)
	if err != nil || len(s) != 5 {
		return clock{}, fmt.Errorf("%q is not a time of day such as 07:00", s)
	}
	return clock{t.Hour(), t.Minute()}, nil
}

// on returns when the clock shows it on the day of t, in the zone of t. Where
// the clocks jump over it that day, it is an hour off; there is always exactly
// one such moment.
func (c clock) on(t time.Time, days int) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day()+days, c.hour, c.minute, 0, 0, t.Location())
}

// hours are a receiver's.
type hours struct {
	zone     *time.Location
	from, to clock // quiet between them, unless they are equal
	daily    clock
}

// hoursOf reads a receiver's hours. What cannot be read is left out, so that
// nothing keeps news back but what is understood.
func hoursOf(r *statement.Receiver) hours {
	h := hours{zone: time.UTC, daily: clock{7, 0}}
	if zone, err := time.LoadLocation(r.Zone); err == nil {
		h.zone = zone
	}
	from, err := readClock(r.Pace.Quiet.From)
	if to, err2 := readClock(r.Pace.Quiet.To); err == nil && err2 == nil {
		h.from, h.to = from, to
	}
	if at, err := readClock(r.Pace.At); err == nil {
		h.daily = at
	}
	return h
}

// quietUntil returns when the quiet span ends that a moment lies in; the moment
// itself if it lies in none.
func (h *hours) quietUntil(at time.Time) time.Time {
	if h.from == h.to {
		return at
	}
	local := at.In(h.zone)
	for days := -1; days <= 0; days++ {
		begin, end := h.from.on(local, days), h.to.on(local, days)
		if !end.After(begin) {
			end = h.to.on(local, days+1)
		}
		if !at.Before(begin) && at.Before(end) {
			return end
		}
	}
	return at
}

// slots returns the last moment that a digest was due by now, and the next. A
// slot within quiet hours is put off until they end.
func (h *hours) slots(mode statement.PaceMode, now time.Time) (last, next time.Time) {
	local := now.In(h.zone)
	if mode == statement.Hourly {
		last = local.Add(-time.Duration(local.Minute())*time.Minute - time.Duration(local.Second())*time.Second - time.Duration(local.Nanosecond()))
		next = last.Add(time.Hour)
	} else {
		last, next = h.daily.on(local, 0), h.daily.on(local, 1)
		if last.After(now) {
			last, next = h.daily.on(local, -1), last
		}
	}
	return h.quietUntil(last), h.quietUntil(next)
}
