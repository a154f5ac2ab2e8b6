package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"palabre/statement"
	"palabre/store"
)

// sourcesPage lists the sources and how each is doing.
type sourcesPage struct {
	frame
	Rows                              []sourceRow
	Tabs                              []link
	Checked, Failing, Waiting, Paused int
	Silent                            int
}

// sourceRow is a source with its rhythm and what can be done about it.
type sourceRow struct {
	Source
	Desk *deskBar
	Beat *beat // nil where it has none yet
	Back string
}

// beat is how often a source brings something, and since when it has not.
type beat struct {
	Usual time.Duration // between two arrivals
	Since time.Duration // the last
	Most  time.Duration // that is not strange
}

// Silent reports whether the source is silent against its habit.
func (b *beat) Silent() bool { return b.Since > b.Most }

// Fetched reports whether the source is one that is fetched.
func (r *sourceRow) Fetched() bool { return r.Kind != statement.Hand && !r.Retired }

// sourceViews choose sources of the list.
func sourceViews() []struct {
	id   string
	name phrase
	show func(*sourceRow) bool
} {
	return []struct {
		id   string
		name phrase
		show func(*sourceRow) bool
	}{
		{"", say("All"), func(*sourceRow) bool { return true }},
		{"failing", say("Failing"), func(r *sourceRow) bool { return !r.Healthy }},
		{"silent", say("Silent"), func(r *sourceRow) bool { return r.Healthy && !r.Paused && r.Beat != nil && r.Beat.Silent() }},
		{"waiting", say("Not checked yet"), func(r *sourceRow) bool { return r.Fetched() && !r.Paused && r.Outcome == "" }},
		{"paused", say("Paused"), func(r *sourceRow) bool { return r.Paused }},
		{"entered", say("Entered at the desk"), func(r *sourceRow) bool { return r.Entered }},
	}
}

func (s *server) sourcesPage(r *http.Request) (string, any, error) {
	f, err := s.deskFrame(r, "sources", say("Sources"))
	if err != nil {
		return "", nil, err
	}
	f.Styles = []string{"sources.css"}
	page := &sourcesPage{frame: f}
	rows, err := s.sourceRows(r.Context(), f.Desk)
	if err != nil {
		return "", nil, err
	}
	shown := r.URL.Query().Get("show")
	for _, v := range sourceViews() {
		n := 0
		for i := range rows {
			if v.show(&rows[i]) {
				n++
				if v.id == shown {
					page.Rows = append(page.Rows, rows[i])
				}
			}
		}
		page.Tabs = append(page.Tabs, link{Text: fmt.Sprintf("%s %d", f.tongue.in(v.name), n), Link: address("/sources", "show", v.id), On: v.id == shown})
		switch v.id {
		case "failing":
			page.Failing = n
		case "waiting":
			page.Waiting = n
		case "silent":
			page.Silent = n
		}
	}
	for i := range rows {
		if rows[i].Outcome != "" {
			page.Checked++
		}
	}
	return "sources", page, nil
}

// sourceRows returns the sources with their rhythm.
func (s *server) sourceRows(ctx context.Context, desk *deskBar) ([]sourceRow, error) {
	sources, err := s.sources(ctx)
	if err != nil {
		return nil, err
	}
	known, err := s.store.Vitals(ctx)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	rows := make([]sourceRow, len(sources))
	for i := range sources {
		rows[i] = sourceRow{Source: sources[i], Desk: desk, Beat: s.beatOf(known.Arrivals[sources[i].ID], now), Back: "/sources/" + sources[i].ID}
	}
	return rows, nil
}

func (s *server) beatOf(arrivals []time.Time, now time.Time) *beat {
	if s.rhythm == nil || len(arrivals) == 0 {
		return nil
	}
	usual, most, ok := s.rhythm(arrivals)
	if !ok {
		return nil
	}
	return &beat{Usual: usual, Most: most, Since: now.Sub(slices.MaxFunc(arrivals, time.Time.Compare))}
}

// sourcePage is one source.
type sourcePage struct {
	frame
	Row     sourceRow
	Asked   *asked // who wants it fetched now; nil if nobody does
	Acts    []logged
	Briefs  []Brief
	More    bool // it has further statements
	Changes bool // what it is can be changed here
}

// asked is a wish that a source be fetched now.
type asked struct {
	Who     string
	At      time.Time
	Overdue bool // nobody has fetched it though there was time
}

// logged is what somebody did about a source.
type logged struct {
	Who, What string
	At        time.Time
	Undone    bool
}

const (
	statementsOnSource = 12
	actsOnSource       = 12
	fetchTime          = 2 * time.Minute // after which a fetch that was asked for is overdue
	askedShown         = 10 * time.Minute
)

func (s *server) sourcePage(r *http.Request) (string, any, error) {
	ctx, id := r.Context(), r.PathValue("id")
	f, err := s.deskFrame(r, "sources", say("Source"))
	if err != nil {
		return "", nil, err
	}
	f.Styles, f.Scripts = []string{"sources.css"}, []string{"sources.js"}
	page := &sourcePage{frame: f}
	rows, err := s.sourceRows(ctx, f.Desk)
	if err != nil {
		return "", nil, err
	}
	i := slices.IndexFunc(rows, func(row sourceRow) bool { return row.ID == id })
	if i < 0 {
		return "", nil, fmt.Errorf("read source %q: %w", plain(id), store.ErrNotFound)
	}
	page.Row = rows[i]
	page.Row.Back = page.Here
	page.Title = plain(page.Row.Name)
	page.Changes = page.Row.Entered && f.Desk != nil
	last, err := s.store.SourceStatements(ctx, id, statementsOnSource)
	if err != nil {
		return "", nil, err
	}
	page.More = last.Next != ""
	if page.Briefs, err = s.briefs(ctx, last.IDs); err != nil {
		return "", nil, err
	}
	log, err := s.store.DeskLogOf(ctx, id)
	if err != nil {
		return "", nil, err
	}
	page.read(log, time.Now())
	return "source", page, nil
}

// read takes from the log what was done about the source.
func (p *sourcePage) read(log []store.Logged, now time.Time) {
	for i := len(log) - 1; i >= 0; i-- {
		l := &log[i]
		switch l.Action {
		case statement.Poll:
			if p.Asked == nil && now.Sub(l.At) < askedShown && (p.Row.Checked == nil || p.Row.Checked.Before(l.At)) {
				p.Asked = &asked{Who: plain(l.Who), At: l.At, Overdue: now.Sub(l.At) > fetchTime}
			}
		case statement.PutSource, statement.PauseSource, statement.ResumeSource, statement.DropSource:
		default: // of something else with the same ID
			continue
		}
		if len(p.Acts) < actsOnSource {
			p.Acts = append(p.Acts, logged{plain(l.Who), p.tongue.did(l.Action), l.At, l.Undone != ""})
		}
	}
}

// sourceKind is the word for how a source is fetched.
func (t *tongue) sourceKind(k statement.SourceKind) string {
	switch k {
	case statement.Feed:
		return t.say("feed")
	case statement.Page:
		return t.say("page")
	case statement.Folder:
		return t.say("folder")
	case statement.Hand:
		return t.say("filed by hand")
	}
	return plain(string(k))
}

// outcome is the word for how a fetch ended.
func (t *tongue) outcome(o statement.Outcome) string {
	switch o {
	case statement.OutcomeNew:
		return t.say("something new")
	case statement.OutcomeNothingNew:
		return t.say("nothing new")
	case statement.OutcomeUnchanged:
		return t.say("unchanged")
	case statement.OutcomeEmpty:
		return t.say("empty")
	case statement.OutcomePartial:
		return t.say("partly unreadable")
	case statement.OutcomeForbidden:
		return t.say("forbidden")
	case statement.OutcomeGone:
		return t.say("gone")
	case statement.OutcomeRateLimited:
		return t.say("asked to wait")
	case statement.OutcomeServerError:
		return t.say("server error")
	case statement.OutcomeRedirect:
		return t.say("redirected astray")
	case statement.OutcomeRobots:
		return t.say("not allowed by robots.txt")
	case statement.OutcomeBlocked:
		return t.say("blocked address")
	case statement.OutcomeTooLarge:
		return t.say("too large")
	case statement.OutcomeMalformed:
		return t.say("unreadable")
	case statement.OutcomeNetwork:
		return t.say("no connection")
	case statement.OutcomeLocal:
		return t.say("unreadable folder")
	}
	return plain(string(o))
}

// means says what an outcome means for whoever waits for news.
func (t *tongue) means(o statement.Outcome) string {
	switch o {
	case statement.OutcomeNew:
		return t.say("It brought statements that were not known.")
	case statement.OutcomeNothingNew:
		return t.say("It answered; everything in it was known.")
	case statement.OutcomeUnchanged:
		return t.say("It answered that nothing has changed since the last check.")
	case statement.OutcomeEmpty:
		return t.say("It answered, but there is no entry in it: it may have moved.")
	case statement.OutcomePartial:
		return t.say("Some parts could not be read; the good ones were kept.")
	case statement.OutcomeForbidden:
		return t.say("The server refuses us (401, 403 or 451). That is not silence: it may well publish.")
	case statement.OutcomeGone:
		return t.say("There is nothing at this address any more (404 or 410): look for the new one.")
	case statement.OutcomeRateLimited:
		return t.say("The server asks us to come back later; we do.")
	case statement.OutcomeServerError:
		return t.say("The server failed; it is tried again, ever later.")
	case statement.OutcomeRedirect:
		return t.say("The address leads on too often, or to where we may not follow.")
	case statement.OutcomeRobots:
		return t.say("Its robots.txt asks programs not to read this address; we keep to that.")
	case statement.OutcomeBlocked:
		return t.say("The address is not a public one, and is never asked.")
	case statement.OutcomeTooLarge:
		return t.say("It is larger than we read.")
	case statement.OutcomeMalformed:
		return t.say("It answered, but nothing could be read from it.")
	case statement.OutcomeNetwork:
		return t.say("No connection came about; it is tried again, ever later.")
	case statement.OutcomeLocal:
		return t.say("A folder or file could not be read.")
	}
	return ""
}

// span is a length of time in prose, in its largest unit.
func (t *tongue) span(d time.Duration) string {
	switch {
	case d >= 48*time.Hour:
		return t.say("%d days", int(d.Round(24*time.Hour)/(24*time.Hour)))
	case d >= 59*time.Minute+30*time.Second:
		return t.say("%d hours", int(d.Round(time.Hour)/time.Hour))
	case d >= time.Minute:
		return t.say("%d minutes", int(d.Round(time.Minute)/time.Minute))
	}
	return t.say("%d seconds", int(d/time.Second))
}
