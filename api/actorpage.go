package api

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"palabre/statement"
	"palabre/store"
)

// actorPage shows an actor over time.
type actorPage struct {
	frame
	Actor    *ActorDetail
	Lines    []Line // where it stands, of each topic what it spoke of last
	AllLines string // address that shows the others; empty where there are none
	Names    []scriptNames
	Forces   []string
	Offices  []office
	course
	Stretch  stretchOf
	With     []string // actors that it is compared with
	Others   []option // that it could be compared with
	Together string   // address of the page with all its parts
	Ranges   []link
}

// course is how an actor's history went, and that of those whom it is compared
// with.
type course struct {
	Chart   *chart
	Rows    []courseRow // the same as a table, the latest of it
	Before  string      // address that shows what lies before the table
	Turns   []turn      // the latest
	Cut     bool        // there were others
	Replies []Response  // between those who are compared
	Months  int         // of the period for which a mark stands; 0 where each is one utterance
	Total   int         // utterances in the stretch
	Silent  int         // days since the last word, where that is long
}

// stretchOf is the stretch of time that is asked for, as it stands in the
// address; empty is all of it.
type stretchOf struct{ From, To string }

// scriptNames are the names of an actor in one script.
type scriptNames struct {
	Script phrase
	Lang   string
	First  []string
	More   []string
}

// office is a role that somebody holds or held for the actor.
type office struct {
	Person
	Note string
	Now  bool
}

// courseRow is a line of the table: an utterance, or a long time without one.
type courseRow struct {
	When   statement.Date
	Actor  string
	Point  *store.Point
	Months int // of the period for which the point stands
	Gap    *gap
	Topic  statement.Topic
	Target string
}

// turn is where a line changed.
type turn struct {
	Number int
	Signal *statement.Signal
	Says   string
	at     time.Time
}

const (
	mostPoints   = 300 // utterances of an actor that are drawn one by one
	mostSides    = 9   // on which an actor is drawn
	mostRows     = 40  // of the table, or more where one day has more
	mostTurns    = 20
	mostLines    = 8 // of a topic
	mostCompared = 4
	eventsShown  = 12
)

func (s *server) actorPage(r *http.Request) (string, any, error) {
	ctx, q := r.Context(), r.URL.Query()
	id := r.PathValue("id")
	detail, err := s.actor(ctx, id, eventsShown)
	if err != nil {
		return "", nil, err
	}
	f, err := s.frame(r, "actors", phrase{})
	if err != nil {
		return "", nil, err
	}
	f.Title, f.Styles, f.Scripts = f.tongue.actor(id), []string{"reading.css"}, []string{"reading.js"}
	page := &actorPage{frame: f, Actor: detail, Stretch: stretchOf{strings.TrimSpace(q.Get("from")), strings.TrimSpace(q.Get("to"))}, Offices: s.officesOf(id, time.Now())}
	if a := s.reg.Actor(id); a != nil {
		page.Names = namesByScript(a.Names)
		for _, n := range a.Forces {
			page.Forces = append(page.Forces, n.Text)
		}
	}
	page.Lines = detail.Lines
	if q.Get("lines") != "all" {
		page.Lines = latestLines(detail.Lines)
	}
	for _, with := range q["with"] {
		if with != id && s.reg.Actor(with) != nil && !slices.Contains(page.With, with) && len(page.With) < mostCompared {
			page.With = append(page.With, with)
		}
	}
	if len(page.Lines) < len(detail.Lines) {
		page.AllLines = page.address(page.Stretch.From, page.Stretch.To, page.With, "lines", "all")
	}
	if err := s.fillCourse(ctx, page); err != nil {
		return "", nil, err
	}
	if err := s.learn(ctx, &page.frame, page.quoted()); err != nil {
		return "", nil, err
	}
	return "actor", page, s.fillChoices(ctx, page)
}

// quoted are the statements whose words the page shows.
func (p *actorPage) quoted() []string {
	var out []string
	for i := range p.Lines {
		out = append(out, p.Lines[i].Statement)
	}
	for i := range p.Actor.Events {
		out = append(out, p.Actor.Events[i].Lead)
	}
	for i := range p.Turns {
		out = append(out, p.Turns[i].Signal.Now.Statement, p.Turns[i].Signal.Then.Statement)
	}
	for i := range p.Rows {
		if n := p.Rows[i].Point; n != nil {
			out = append(out, n.Statement)
		}
	}
	return out
}

// latestLines returns the first lines of each topic, which are the latest.
func latestLines(lines []Line) []Line {
	n := make(map[statement.Topic]int)
	var out []Line
	for i := range lines {
		if topic := lines[i].Topic; n[topic] < mostLines {
			n[topic]++
			out = append(out, lines[i])
		}
	}
	return out
}

// fillCourse shows the actor's history and that of those it is compared with, as
// they were drawn when the record or the log of the desk last changed.
func (s *server) fillCourse(ctx context.Context, page *actorPage) error {
	mark, err := s.store.Latest(ctx)
	if err != nil {
		return err
	}
	actors := append([]string{page.Actor.ID}, page.With...)
	key := drawnCourse{page.tongue.Lang, strings.Join(actors, " "), page.Stretch, today(), mark.Desk}
	page.course, err = s.kept.drawn.read(page.Gist.Head, key, func() (course, error) {
		draft := *page
		err := s.drawCourse(ctx, &draft, actors)
		return draft.course, err
	})
	return err
}

// drawCourse draws the history of actors.
func (s *server) drawCourse(ctx context.Context, page *actorPage, actors []string) error {
	from, to, err := page.Stretch.times()
	if err != nil {
		return err
	}
	courses := make([]*store.History, len(actors))
	for i, id := range actors {
		q := store.HistoryQuery{Actor: id, From: from, To: to, Most: mostPoints / len(actors), Sides: mostSides}
		courses[i], err = s.kept.courses.read(page.Gist.Head, datedCourse{q, today()}, func() (*store.History, error) { return s.store.History(ctx, q) })
		if err != nil {
			return err
		}
		page.Total += courses[i].Total
		page.Months = max(page.Months, courses[i].Months)
	}
	begin, end := bounds(courses, from, to, time.Now().UTC())
	if begin.IsZero() { // nothing was said
		return nil
	}
	page.Silent = silence(courses[0], to)
	t := page.tongue
	c := newChart(t, begin, end)
	if to.IsZero() {
		c.now = time.Now().UTC()
	}
	for i, id := range actors {
		c.draw(t, id, courses[i], i > 0)
		page.addRows(id, courses[i])
	}
	if len(actors) > 1 {
		slices.SortStableFunc(c.Tracks, func(a, b *track) int {
			return cmp.Or(compareStrips(a, b), byTopic(a, b))
		})
	}
	if err := s.fillTurns(ctx, page, actors, begin, end); err != nil {
		return err
	}
	c.flags(page.Turns)
	c.settle()
	if len(page.With) > 0 {
		linked, err := s.store.Responses(ctx, page.Actor.ID, 500)
		if err != nil {
			return err
		}
		if page.Replies, err = s.responses(ctx, linked); err != nil {
			return err
		}
		page.Replies = slices.DeleteFunc(page.Replies, func(r Response) bool {
			when, err := statement.ParseDate(r.Event.When, "")
			return err != nil || when.Time.Before(begin) || when.Time.After(end) || r.Event.Actor == r.Answers.Actor ||
				!slices.Contains(actors, r.Event.Actor) || !slices.Contains(actors, r.Answers.Actor)
		})
		c.answered(t, page.Replies)
	}
	page.finishRows(c)
	page.Chart = c
	return nil
}

func compareStrips(a, b *track) int {
	switch {
	case a.Strip == b.Strip:
		return 0
	case a.Strip:
		return 1
	}
	return -1
}

// times reads the stretch. An empty end leaves it open.
func (s stretchOf) times() (from, to time.Time, err error) {
	if s.From != "" {
		d, err := statement.ParseDate(s.From, "query")
		if err != nil {
			return from, to, fmt.Errorf("%w: from: %w", errBadInput, err)
		}
		from = d.Time
	}
	if s.To != "" {
		d, err := statement.ParseDate(s.To, "query")
		if err != nil {
			return from, to, fmt.Errorf("%w: to: %w", errBadInput, err)
		}
		to = d.End()
	}
	if !from.IsZero() && !to.IsZero() && !from.Before(to) {
		return from, to, fmt.Errorf("%w: from %s lies behind to %s", errBadInput, s.From, s.To)
	}
	return from, to, nil
}

// recent is how near the last word must be for the axis to reach to this day.
const recent = 2 * 365 * 24 * time.Hour

// bounds is the stretch of time that is drawn: what was asked for, else from the
// first word to the last, or to this day if that is near.
func bounds(courses []*store.History, from, to, now time.Time) (begin, end time.Time) {
	var first, last time.Time
	for _, c := range courses {
		if len(c.Points) == 0 {
			continue
		}
		if at := c.Points[0].When.Time; first.IsZero() || at.Before(first) {
			first = at
		}
		if at := c.Points[len(c.Points)-1].When.End(); at.After(last) {
			last = at
		}
	}
	if first.IsZero() {
		return first, last
	}
	pad := last.Sub(first)/40 + 10*24*time.Hour
	begin, end = first.Add(-pad), last.Add(pad)
	if now.Sub(last) < recent {
		end = now
		if last.After(now) {
			end = last
		}
	}
	if !from.IsZero() {
		begin = from
	}
	if !to.IsZero() {
		end = to
	}
	return begin, end
}

// silence is for how many days nothing was heard of the actor, if that is long
// and the stretch is open.
func silence(c *store.History, to time.Time) int {
	if len(c.Points) == 0 || !to.IsZero() {
		return 0
	}
	if days := daysFrom(c.Points[len(c.Points)-1].When.End(), time.Now()); days >= longGap {
		return days
	}
	return 0
}

// fillTurns lists where lines changed, oldest first.
func (s *server) fillTurns(ctx context.Context, page *actorPage, actors []string, begin, end time.Time) error {
	for _, id := range actors {
		found, err := s.store.Signals(ctx, store.SignalQuery{
			Actor: id, Limit: mostTurns, Since: begin,
			Reasons: []statement.Reason{statement.Shift, statement.WalkBack, statement.ConditionChanged, statement.Split},
		})
		if err != nil {
			return err
		}
		page.Cut = page.Cut || found.Next != ""
		for i := range found.Signals {
			if sig := &found.Signals[i]; sig.To != "" && sig.Now.Said.Time.Before(end) {
				page.Turns = append(page.Turns, turn{Signal: sig, at: sig.Now.Said.Time})
			}
		}
	}
	slices.SortStableFunc(page.Turns, func(a, b turn) int { return a.at.Compare(b.at) })
	if n := len(page.Turns); n > mostTurns {
		page.Turns, page.Cut = page.Turns[n-mostTurns:], true
	}
	t := page.tongue
	for i := range page.Turns {
		n := &page.Turns[i]
		n.Number = i + 1
		n.Says = plain(t.say("%s: %s", n.Signal.Now.Said.In(t.Lang), t.headline(n.Signal)))
	}
	return nil
}

func (p *actorPage) addRows(actor string, c *store.History) {
	for i := range c.Points {
		n := &c.Points[i]
		p.Rows = append(p.Rows, courseRow{When: n.When, Actor: actor, Point: n, Months: c.Months, Topic: n.Topic, Target: n.Target})
	}
}

// finishRows adds the gaps, puts the rows in order and keeps the latest.
func (p *actorPage) finishRows(c *chart) {
	for _, k := range c.Tracks {
		for i := range k.Gaps {
			g := &k.Gaps[i]
			p.Rows = append(p.Rows, courseRow{When: statement.Date{Time: g.From, Precision: statement.Day}, Actor: k.Actor, Gap: g, Topic: k.Topic, Target: k.Target})
		}
	}
	slices.SortStableFunc(p.Rows, func(a, b courseRow) int { return a.When.Time.Compare(b.When.Time) })
	cut := max(len(p.Rows)-mostRows, 0)
	for cut > 0 && p.Rows[cut].When.Time.Equal(p.Rows[cut-1].When.Time) {
		cut--
	}
	if p.Rows = p.Rows[cut:]; cut > 0 {
		p.Before = p.address(p.Stretch.From, p.Rows[0].When.Time.AddDate(0, 0, -1).Format(time.DateOnly), p.With)
	}
}

// fillChoices offers other stretches of time and other actors.
func (s *server) fillChoices(ctx context.Context, p *actorPage) error {
	t := p.tongue
	counts, err := s.store.Counts(ctx, store.PerActor)
	if err != nil {
		return err
	}
	for _, c := range counts {
		if c.Value != p.Actor.ID && s.reg.Actor(c.Value) != nil && !slices.ContainsFunc(p.Others, func(o option) bool { return o.Value == c.Value }) {
			p.Others = append(p.Others, option{c.Value, t.actor(c.Value), len(p.With) == 1 && p.With[0] == c.Value})
		}
	}
	slices.SortFunc(p.Others, func(a, b option) int { return strings.Compare(strings.ToLower(a.Text), strings.ToLower(b.Text)) })
	now := time.Now().UTC()
	whole := p.Stretch == stretchOf{}
	p.Ranges = append(p.Ranges, link{t.say("Whole history"), p.address("", "", p.With), whole})
	for _, years := range []int{10, 5, 1} {
		from := now.AddDate(-years, 0, 0).Format("2006-01")
		p.Ranges = append(p.Ranges, link{t.say("Last %d years", years), p.address(from, "", p.With), p.Stretch == stretchOf{From: from}})
	}
	if parts := p.Actor.Parts; len(parts) > 0 {
		p.Together = p.address(p.Stretch.From, p.Stretch.To, parts[:min(len(parts), mostCompared)])
	}
	return nil
}

// address is that of the page with another stretch of time or beside others, and
// with what else is given as name and value.
func (p *actorPage) address(from, to string, with []string, besides ...string) string {
	v := make(url.Values)
	pairs := append([]string{"from", from, "to", to}, besides...)
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			v.Set(pairs[i], pairs[i+1])
		}
	}
	if len(with) > 0 {
		v["with"] = with
	}
	return (&url.URL{Path: "/actors/" + p.Actor.ID, RawQuery: v.Encode()}).String()
}

// Bears says how the line of a part bears on that of the whole.
func (p *actorPage) Bears(b store.Bearing) phrase {
	switch b {
	case store.Confirms:
		return say("confirms it")
	case store.Splits:
		return say("departs from it")
	}
	return say("none to hold it against")
}

// On is a date in the page's language.
func (p *actorPage) On(d statement.Date) string { return d.In(p.tongue.Lang) }

// Day is the day of a moment.
func (p *actorPage) Day(at time.Time) string {
	return statement.Date{Time: at, Precision: statement.Day}.In(p.tongue.Lang)
}

// Short is a text for a cell of the table.
func (p *actorPage) Short(text string) string { return cutShort(text, 240) }

// Period is when a row was: the time for which its mark stands.
func (p *actorPage) Period(r *courseRow) string {
	if r.Point == nil {
		return p.On(r.When)
	}
	return p.tongue.period(r.When, r.Months)
}

// period is a date, or the first and the last of the months for which a mark stands.
func (t *tongue) period(d statement.Date, months int) string {
	if months != 3 {
		return d.In(t.Lang)
	}
	last := statement.Date{Time: d.Time.AddDate(0, 2, 0), Precision: statement.Month}
	return t.say("%s to %s", d.In(t.Lang), last.In(t.Lang))
}
