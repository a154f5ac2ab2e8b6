package api

import "time"

// ago is how long something is past, in prose.
func ago(d time.Duration) phrase {
	switch {
	case d < time.Minute:
		return say("just now")
	case d < time.Hour:
		return say("%d min ago", int(d.Minutes()))
	case d < 48*time.Hour:
		return say("%d h ago", int(d.Hours()))
	}
	return say("%d days ago", int(d.Hours()/24))
}

// clock is a time as somebody on watch reads it: the hour, and the day where
// it is not today's.
func (t *tongue) clock(at, now time.Time) string {
	at, now = at.UTC(), now.UTC()
	if at.Year() == now.Year() && at.YearDay() == now.YearDay() {
		return at.Format("15:04 UTC")
	}
	return t.moment(at)
}

// clockNow is clock for templates.
func (t *tongue) clockNow(at any) string {
	switch at := at.(type) {
	case time.Time:
		return t.clock(at, time.Now())
	case *time.Time:
		return t.clock(*at, time.Now())
	}
	return ""
}

// clockTime is a time that a phrase fills in, as clock writes it.
type clockTime struct{ at, now time.Time }
