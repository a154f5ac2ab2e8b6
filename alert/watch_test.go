package alert

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"palabre/statement"
)

// arrivals are times so far apart, the last of them at a moment.
func arrivals(last time.Time, gaps ...time.Duration) []time.Time {
	out := []time.Time{last}
	for _, gap := range gaps {
		last = last.Add(-gap)
		out = append(out, last)
	}
	return out
}

// every repeats a gap.
func every(gap time.Duration, n int) []time.Duration {
	out := make([]time.Duration, n)
	for i := range out {
		out[i] = gap
	}
	return out
}

func TestWatch(t *testing.T) {
	now := moment(t, "2026-11-26T09:00:00Z")
	ago := func(d time.Duration) time.Time { return now.Add(-d) }
	ok := statement.Health{Outcome: statement.OutcomeNothingNew, Succeeded: ago(10 * time.Minute)}
	source := func(id string, h statement.Health, arrivals []time.Time) SourceVitals {
		return SourceVitals{ID: id, Name: strings.ToUpper(id), Health: h, Arrivals: arrivals}
	}
	var nights []time.Duration // a paper that writes by day: eleven times an hour apart, then a night
	for range 2 {
		nights = append(nights, every(time.Hour, 11)...)
		nights = append(nights, 13*time.Hour)
	}
	burst := arrivals(ago(8*time.Hour), every(time.Second, 29)...)
	v := Vitals{
		Sources: []SourceVitals{
			source("rfi", ok, arrivals(ago(72*time.Hour), every(5*time.Hour, 29)...)),
			source("fine", ok, arrivals(ago(14*time.Hour), every(5*time.Hour, 29)...)),
			source("fast", ok, arrivals(ago(5*time.Hour), every(10*time.Minute, 29)...)),
			source("fast-silent", ok, arrivals(ago(7*time.Hour), every(10*time.Minute, 29)...)),
			source("by-day", ok, arrivals(ago(14*time.Hour), nights...)),
			source("by-day-silent", ok, arrivals(ago(20*time.Hour), nights...)),
			source("came-at-once", ok, burst),
			source("new", ok, arrivals(ago(99*time.Hour), every(time.Hour, 3)...)),
			source("none", ok, nil),
			source("gone", statement.Health{
				Outcome: statement.OutcomeGone, Reason: "404 Not Found", Failures: 12, Succeeded: ago(50 * time.Hour),
			}, arrivals(ago(72*time.Hour), every(5*time.Hour, 29)...)),
			source("never", statement.Health{Outcome: statement.OutcomeNetwork, Reason: "no address for x", Failures: 3}, nil),
			source("shaky", statement.Health{Outcome: statement.OutcomeServerError, Failures: 2, Succeeded: ago(5 * time.Hour)}, nil),
			source("just-now", statement.Health{Outcome: statement.OutcomeServerError, Failures: 9, Succeeded: ago(30 * time.Minute)}, nil),
		},
		Receivers: []ReceiverVitals{
			{ID: "hook", Name: "Hook", Failures: 4, Failure: "500 Internal Server Error", Since: ago(3 * time.Hour)},
			{ID: "mail", Failures: 1, Failure: "no answer within 15s", Since: ago(time.Minute)},
			{ID: "old", Disabled: "410 Gone", Since: ago(26 * time.Hour)},
			{ID: "well"},
		},
		Waiting: 1200, Oldest: ago(11 * time.Minute), Dead: 3, LastDead: ago(2 * time.Hour),
	}
	troubles, err := Watch(&v, now)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, tr := range troubles {
		fmt.Fprintf(&b, "%s\n  %s\n  %s\n  %s\n", tr.Subject, tr.Note.En, tr.Note.Fr, tr.Note.Ar)
	}
	golden(t, "watch.golden", strings.NewReplacer(isolateOpen, "⟦", isolateClose, "⟧").Replace(b.String()))

	// Each is told once: an hour later the subjects are the same.
	later, err := Watch(&v, now.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	known := make(map[string]bool)
	for _, tr := range later {
		known[tr.Subject] = true
	}
	for _, tr := range troubles {
		if !known[tr.Subject] {
			t.Errorf("an hour later, %q has another subject", tr.Subject)
		}
	}
}

func TestWatchOfWhatIsWell(t *testing.T) {
	now := moment(t, "2026-11-26T09:00:00Z")
	troubles, err := Watch(&Vitals{Waiting: 3, Oldest: now.Add(-time.Minute)}, now)
	if err != nil || len(troubles) > 0 {
		t.Errorf("got %v, %v", troubles, err)
	}
}
