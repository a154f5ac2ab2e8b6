package alert

import (
	"cmp"
	"slices"
	"time"

	"palabre/statement"
)

// Vitals is what can be seen of how the watch itself is doing.
type Vitals struct {
	Sources   []SourceVitals
	Receivers []ReceiverVitals
	Waiting   int       // messages of the pipeline that are not handled yet
	Oldest    time.Time // when the oldest of them came
	Dead      int       // messages that could not be handled, kept for replay
	LastDead  time.Time // when the last of them was put aside
}

// SourceVitals is how a source is doing.
type SourceVitals struct {
	ID       string
	Name     string
	Health   statement.Health
	Arrivals []time.Time // of its last new statements, some thirty, in any order
}

// ReceiverVitals is how a receiver is doing.
type ReceiverVitals struct {
	ID       string
	Name     string
	Disabled string    // why nothing is sent to it any more, or empty
	Failures int       // in a row
	Failure  string    // the last one
	Since    time.Time // of the first of them, or when it was disabled
}

const (
	atLeastSilent  = 6 * time.Hour    // no source is silent sooner
	rhythmArrivals = 6                // fewer arrivals than that show no rhythm
	longestPause   = 72 * time.Hour   // a pause longer than that is not taken for a habit
	oneArrival     = 10 * time.Minute // statements that come within it came together
	failingAfter   = time.Hour        // a source that cannot be fetched for so long is failing
	failingTimes   = 3                // and so many times in a row
	unreachedAfter = 30 * time.Minute // a receiver that nothing reaches for so long is failing
	behindAfter    = 5 * time.Minute  // the pipeline is behind when something waits for so long
	behindEpisode  = 6 * time.Hour    // and so often that is told while it goes on
)

// Watch looks for what is wrong. It depends on its arguments only. A source that
// fails is not called silent as well.
func Watch(v *Vitals, now time.Time) ([]statement.Trouble, error) {
	w := watch{now: now, tongues: make(map[string]*tongue)}
	for _, lang := range Languages {
		t, err := learn(lang, Names{})
		if err != nil {
			return nil, err
		}
		w.tongues[lang] = t
	}
	for i := range v.Sources {
		w.source(&v.Sources[i])
	}
	for i := range v.Receivers {
		w.receiver(&v.Receivers[i])
	}
	if late := now.Sub(v.Oldest); v.Waiting > 0 && late >= behindAfter {
		w.tell("pipeline", v.Oldest.Truncate(behindEpisode), "watch.behind", func(t *tongue) []string {
			return []string{"waiting", t.count("messages", v.Waiting), "since", t.span(late)}
		})
	}
	if v.Dead > 0 {
		w.tell("dead letters", v.LastDead.Truncate(24*time.Hour), "watch.dead", func(t *tongue) []string {
			return []string{"dead", t.count("messages", v.Dead)}
		})
	}
	return w.found, nil
}

// watch gathers troubles.
type watch struct {
	now     time.Time
	tongues map[string]*tongue
	found   []statement.Trouble
}

// tell adds a trouble that began at a moment. fill gives the words of its text.
func (w *watch) tell(subject string, began time.Time, text string, fill func(t *tongue) []string) {
	in := func(lang string) string { return w.tongues[lang].say(text, fill(w.tongues[lang])...) }
	if !began.IsZero() {
		subject += " since " + began.UTC().Format(time.RFC3339)
	}
	w.found = append(w.found, statement.Trouble{Subject: subject, Note: statement.Labels{En: in("en"), Fr: in("fr"), Ar: in("ar")}})
}

func (w *watch) source(s *SourceVitals) {
	name := clean(cmp.Or(s.Name, s.ID), longestName)
	if h := &s.Health; h.Outcome.Failed() {
		if h.Failures < failingTimes || w.now.Sub(h.Succeeded) < failingAfter {
			return
		}
		text := "watch.failing"
		if h.Succeeded.IsZero() {
			text = "watch.never"
		}
		w.tell("source "+s.ID+" failing", h.Succeeded, text, func(t *tongue) []string {
			return []string{
				"name", t.isolate(name), "since", t.span(w.now.Sub(h.Succeeded)),
				"why", t.isolate(clean(cmp.Or(h.Reason, string(h.Outcome)), longestName)),
			}
		})
		return
	}
	last, usual, most, ok := rhythm(s.Arrivals)
	if silent := w.now.Sub(last); ok && silent > most {
		w.tell("source "+s.ID+" silent", last, "watch.silent", func(t *tongue) []string {
			return []string{"name", t.isolate(name), "since", t.span(silent), "usual", t.span(usual)}
		})
	}
}

func (w *watch) receiver(r *ReceiverVitals) {
	name := clean(cmp.Or(r.Name, r.ID), longestName)
	text, subject := "watch.disabled", "receiver "+r.ID+" disabled"
	if r.Disabled == "" {
		if r.Failures == 0 || w.now.Sub(r.Since) < unreachedAfter {
			return
		}
		text, subject = "watch.receiver", "receiver "+r.ID+" failing"
	}
	w.tell(subject, r.Since, text, func(t *tongue) []string {
		return []string{
			"name", t.isolate(name), "since", t.span(w.now.Sub(r.Since)),
			"why", t.isolate(clean(cmp.Or(r.Disabled, r.Failure), longestName)),
		}
	})
}

// Rhythm reads from when a source's statements arrived the usual time between two
// and the longest that is not strange. ok is false where there are too few to tell.
func Rhythm(arrivals []time.Time) (usual, most time.Duration, ok bool) {
	_, usual, most, ok = rhythm(arrivals)
	return usual, most, ok
}

// rhythm reads from when a source's statements arrived when the last one did,
// the usual time between two, and the longest that is not strange: three times
// what nine in ten stay below, and half as much again as the longest that was
// seen, within reason, so that nights and week-ends are none. ok is false where there are too
// few to tell.
func rhythm(arrivals []time.Time) (last time.Time, usual, most time.Duration, ok bool) {
	sorted := slices.Clone(arrivals)
	slices.SortFunc(sorted, time.Time.Compare)
	var gaps []time.Duration
	for i, at := range sorted {
		if i > 0 && at.Sub(last) < oneArrival {
			continue
		}
		if i > 0 {
			gaps = append(gaps, at.Sub(last))
		}
		last = at
	}
	if len(gaps)+1 < rhythmArrivals {
		return last, 0, 0, false
	}
	slices.Sort(gaps)
	usual, longest := gaps[len(gaps)/2], gaps[len(gaps)-1]
	most = max(3*gaps[(len(gaps)*9+9)/10-1], min(longest+longest/2, longestPause), atLeastSilent)
	return sorted[len(sorted)-1], usual, most, true
}

// span returns a length of time as people say it, in its largest unit.
func (t *tongue) span(d time.Duration) string {
	switch {
	case d >= 48*time.Hour:
		return t.count("days", int(d.Round(24*time.Hour)/(24*time.Hour)))
	case d >= 59*time.Minute+30*time.Second:
		return t.count("hours", int(d.Round(time.Hour)/time.Hour))
	}
	return t.count("minutes", max(1, int(d.Round(time.Minute)/time.Minute)))
}
