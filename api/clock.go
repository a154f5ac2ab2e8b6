package api

import (
	"fmt"
	"time"
)

// ago is how long something is past, in prose.
func ago(d time.Duration) string {
	switch {
	case d < time.Minute:
		return "just now"
	case d < time.Hour:
		return fmt.Sprintf("%d min ago", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h ago", int(d.Hours()))
	}
	return fmt.Sprintf("%d days ago", int(d.Hours()/24))
}

// clockWord is a time as somebody on watch reads it: the hour, and the day where
// it is not today's.
func clockWord(t, now time.Time) string {
	t, now = t.UTC(), now.UTC()
	if t.Year() == now.Year() && t.YearDay() == now.YearDay() {
		return t.Format("15:04 UTC")
	}
	return t.Format("2 Jan, 15:04 UTC")
}

// clockNow is clockWord for templates.
func clockNow(t any) string {
	switch t := t.(type) {
	case time.Time:
		return clockWord(t, time.Now())
	case *time.Time:
		return clockWord(*t, time.Now())
	}
	return ""
}
