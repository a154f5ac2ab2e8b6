package api

import (
	"cmp"
	"html/template"
	"slices"
	"time"

	"palabre/statement"
	"palabre/store"
)

// chart is one time axis with a track for each question and side: what the page
// of an actor draws. Places are in units of the drawing; time runs from left to
// right in every language.
type chart struct {
	Width, Height int
	Bottom        int // of the tracks
	Ticks         []tick
	Tracks        []*track
	Arrows        []arrow
	Hidden        int // sides of which it does not tell
	Rtl           bool
	from, to      time.Time
	now           time.Time       // where the axis has an open end
	placed        map[string]spot // of utterances, by event
}

// tick is a place on the time axis.
type tick struct {
	X    int
	Text string // empty where there is no room
}

// track is how one actor stood on one question towards one side.
type track struct {
	Actor  string
	Topic  statement.Topic
	Target string
	Label  string
	Begins bool // the first one of its topic
	Other  bool // of an actor that the page's own is compared with
	Strip  bool // of deeds
	Top    int  // of the label
	Flags  int  // middle of the flags, 0 where there are none
	Levels [3]int
	Foot   int // line of the gaps
	Steps  []step
	Dots   []dot
	Gaps   []gap
	Turns  []flag
	Marks  template.HTML // the dots, drawn
	Bars   template.HTML // the steps, drawn
	points []store.Point
}

// step is a stretch through which a stance stood. Riser leads from the one before.
type step struct {
	X, Y, W     int
	Stance      statement.Stance
	Riser       int // where the one before stood; 0 for none
	Conditional bool
}

// dot is an utterance, or those of a month.
type dot struct {
	X, Y      int
	Stance    statement.Stance
	FirstHand bool
	N         int
	Says      string
	Link      string
}

// gap is a long time without a word.
type gap struct {
	X, W, Days int
	From, To   time.Time
	Open       bool   // nothing has ended it
	Text       string // empty where there is no room
}

// flag marks where a line changed.
type flag struct {
	X, Number int
	Says      string
}

// arrow leads from words to what answers them.
type arrow struct {
	X1, Y1, X2, Y2 int
	BendY          int
	Text           string
	TextX, TextY   int
}

type spot struct{ x, y int }

const (
	chartWidth = 1152
	edge       = 30 // beside the time axis
	axisHeight = 26
	labelRow   = 20
	flagRow    = 22
	levelsRow  = 80
	stripRow   = 22
	longGap    = 180
	letterWide = 7 // about, for what fits
)

// x is the place of a moment.
func (c *chart) x(at time.Time) int {
	at = at.UTC()
	if at.Before(c.from) {
		at = c.from
	}
	if at.After(c.to) {
		at = c.to
	}
	return edge + int(float64(chartWidth-2*edge)*float64(at.Sub(c.from))/float64(c.to.Sub(c.from)))
}

// newChart draws the time axis.
func newChart(t *tongue, from, to time.Time) *chart {
	if !to.After(from.AddDate(0, 0, 30)) {
		to = from.AddDate(0, 0, 30)
	}
	c := &chart{Width: chartWidth, Bottom: axisHeight, Rtl: t.Dir == "rtl", from: from, to: to, placed: make(map[string]spot)}
	months := 1
	switch years := to.Sub(from).Hours() / 24 / 365; {
	case years > 40:
		months = 120
	case years > 18:
		months = 60
	case years > 3:
		months = 12
	case years > 1:
		months = 3
	}
	last := -1000
	for at := time.Date(from.Year(), 1, 1, 0, 0, 0, 0, time.UTC); !at.After(to); at = at.AddDate(0, months, 0) {
		if at.Before(from) {
			continue
		}
		d := statement.Date{Time: at, Precision: statement.Month}
		if months >= 12 {
			d.Precision = statement.Year
		}
		k := tick{X: c.x(at)}
		if k.X-last > 60 && k.X < chartWidth-40 {
			k.Text, last = d.In(t.Lang), k.X
		}
		c.Ticks = append(c.Ticks, k)
	}
	return c
}

// draw adds the tracks of an actor.
func (c *chart) draw(t *tongue, actor string, course *store.History, other bool) {
	tracks := tracksOf(actor, course.Points)
	for i := range tracks {
		k := tracks[i]
		k.Label, k.Other = t.say("%s: %s", t.actor(actor), t.about(k.Topic, k.Target)), other
		if !other {
			k.Label = t.about(k.Topic, k.Target)
		}
		c.dots(t, k, course.Months)
		c.steps(k, course.Stood)
		c.gaps(t, k)
	}
	c.Hidden += course.Hidden
	c.Tracks = append(c.Tracks, tracks...)
	if strip := c.deeds(t, actor, course, other); strip != nil {
		c.Tracks = append(c.Tracks, strip)
	}
}

// tracksOf sorts points by question and side: topics in their order, in each the
// side of which there is most first.
func tracksOf(actor string, points []store.Point) []*track {
	by := make(map[statement.Claim]*track)
	weights := make(map[*track]int)
	var out []*track
	for _, p := range points {
		claim := statement.Claim{Topic: p.Topic, Target: p.Target}
		k := by[claim]
		if k == nil {
			k = &track{Actor: actor, Topic: p.Topic, Target: p.Target}
			by[claim] = k
			out = append(out, k)
		}
		k.points = append(k.points, p)
		weights[k] += p.N
	}
	slices.SortStableFunc(out, func(a, b *track) int { return cmp.Or(byTopic(a, b), cmp.Compare(weights[b], weights[a])) })
	return out
}

func byTopic(a, b *track) int { return cmp.Compare(rank(a.Topic), rank(b.Topic)) }

// rank is the place of a topic in the order in which people are shown them.
func rank(topic statement.Topic) int {
	if i := slices.Index(statement.Topics, topic); i >= 0 {
		return i
	}
	return len(statement.Topics)
}

// level is the line on which a stance stands: for above, against below.
func level(s statement.Stance) int {
	switch s {
	case statement.Pro:
		return 0
	case statement.Anti:
		return 2
	}
	return 1
}

// levelHeights are the lines within a track; places in a track count from its
// first line until it is put below the others.
func levelHeight(n int) int { return 12 + 20*n }

func (c *chart) dots(t *tongue, k *track, months int) {
	for i := range k.points {
		p := &k.points[i]
		k.Dots = append(k.Dots, dot{
			X: c.x(middle(p.When, months)), Y: levelHeight(level(p.Stance)), Stance: p.Stance, FirstHand: p.FirstHand, N: p.N, Says: t.pointSays(p, months), Link: "/statements/" + p.Statement,
		})
	}
}

// middle is the moment at which a date is drawn: that of a month, or of another
// period of so many months, stands in its middle.
func middle(d statement.Date, months int) time.Time {
	if months > 1 {
		return d.Time.AddDate(0, months/2, 15*(months%2))
	}
	if d.Precision == statement.Month || d.Precision == statement.Year {
		return d.Time.Add(d.End().Sub(d.Time) / 2)
	}
	return d.Time
}

// pointSays tells of an utterance in a line.
func (t *tongue) pointSays(p *store.Point, months int) string {
	who := t.say("reported")
	if p.FirstHand {
		who = t.say("first-hand")
	}
	if p.N > 1 {
		return t.say("%s: %s, %s, %s", t.period(p.When, months), t.stance(p.Stance), who, t.say("%d utterances", p.N))
	}
	return plain(t.say("%s: %s, %s, %s", p.When.In(t.Lang), t.stance(p.Stance), who, "“"+cutShort(p.Quote, 110)+"”"))
}

// cutShort cuts a text to at most most letters.
func cutShort(text string, most int) string {
	n := 0
	for i := range text {
		if n++; n > most {
			return text[:i] + "…"
		}
	}
	return text
}

// steps draws where the actor stood meanwhile.
func (c *chart) steps(k *track, stood []store.Stood) {
	before := 0
	for i := range stood {
		s := &stood[i]
		if s.Topic != k.Topic || s.Target != k.Target {
			continue
		}
		until := s.Until
		if until.IsZero() {
			until = c.to
		}
		y := levelHeight(level(s.Stance))
		if !until.Before(c.from) && s.From.Before(c.to) {
			x := c.x(s.From)
			n := step{X: x, Y: y, W: max(c.x(until)-x, 2), Stance: s.Stance, Conditional: s.Stance == statement.Conditional}
			if before != 0 && before != y && s.From.After(c.from) {
				n.Riser = before
			}
			k.Steps = append(k.Steps, n)
		}
		if before = y; s.Lapsed {
			before = 0
		}
	}
}

// gaps names the long times in which the actor said nothing on the matter.
func (c *chart) gaps(t *tongue, k *track) {
	if len(k.points) == 0 {
		return
	}
	last := k.points[0].When.End()
	put := func(until time.Time, open bool) {
		days := daysFrom(last, until)
		if days < longGap {
			return
		}
		x := c.x(last)
		g := gap{X: x, W: c.x(until) - x, Days: days, From: last, To: until, Open: open}
		if g.Text = t.say("no statement, %s", t.say("%d days", days)); open {
			g.Text = t.say("no statement to this day, %s", t.say("%d days", days))
		}
		if g.W < 20+letterWide*len([]rune(g.Text)) {
			if g.Text = t.say("%d days", days); g.W < 16+letterWide*len([]rune(g.Text)) {
				g.Text = ""
			}
		}
		k.Gaps = append(k.Gaps, g)
	}
	for i := range k.points[1:] {
		p := &k.points[i+1]
		put(p.When.Time, false)
		if end := p.When.End(); end.After(last) {
			last = end
		}
	}
	if c.now.IsZero() {
		put(c.to, false)
	} else {
		put(c.now, true)
	}
}

// deeds is a strip with what the actor did; nil if nothing is known of that.
func (c *chart) deeds(t *tongue, actor string, course *store.History, other bool) *track {
	k := &track{Actor: actor, Label: t.say("Deeds"), Other: other, Strip: true}
	if other {
		k.Label = t.say("%s: %s", t.actor(actor), t.say("Deeds"))
	}
	for i := range course.Points {
		if p := &course.Points[i]; p.Act != "" {
			k.Dots = append(k.Dots, dot{
				X: c.x(middle(p.When, course.Months)), Y: 8, Stance: p.Stance, FirstHand: p.FirstHand, N: p.N, Link: "/statements/" + p.Statement,
				Says: plain(t.say("%s: by deed, %s, %s", t.period(p.When, course.Months), p.Act, t.about(p.Topic, p.Target))),
			})
		}
	}
	if len(k.Dots) == 0 {
		return nil
	}
	return k
}

// flags puts numbers where a line changed, on the track that it is about.
func (c *chart) flags(turns []turn) {
	for _, k := range c.Tracks {
		last := -100
		for i := range turns {
			s := &turns[i]
			if k.Strip || k.Actor != s.Signal.Actor || k.Topic != s.Signal.Topic || k.Target != s.Signal.Target {
				continue
			}
			x := min(max(c.x(s.at), last+20), chartWidth-10)
			last = x
			k.Turns = append(k.Turns, flag{x, s.Number, s.Says})
		}
	}
}

// settle puts the tracks one below the other.
func (c *chart) settle() {
	y := axisHeight
	var topic statement.Topic
	for _, k := range c.Tracks {
		k.Begins = k.Topic != topic
		topic = k.Topic
		k.Top = y
		y += labelRow
		if len(k.Turns) > 0 {
			k.Flags = y + flagRow/2 - 2
			y += flagRow
		}
		for i := range k.Dots {
			k.Dots[i].Y += y
		}
		for i := range k.Steps {
			k.Steps[i].Y += y
			if k.Steps[i].Riser != 0 {
				k.Steps[i].Riser += y
			}
		}
		for i := range k.Levels {
			k.Levels[i] = y + levelHeight(i)
		}
		if k.Strip {
			y += stripRow
			continue
		}
		for i := range k.points {
			c.placed[k.points[i].Event] = spot{k.Dots[i].X, k.Dots[i].Y}
		}
		y += levelsRow
		k.Foot = y - 4
		y += 10
	}
	for _, k := range c.Tracks {
		k.Marks, k.Bars = k.marks(), k.bars()
	}
	c.Bottom = y
	c.Height = y + axisHeight
}

// mostArrows is how many answers are drawn.
const mostArrows = 60

// answered draws arrows from words to what answers them.
func (c *chart) answered(t *tongue, list []Response) {
	for i := range list {
		r := &list[i]
		a, ok := c.placed[r.Answers.ID]
		b, found := c.placed[r.Event.ID]
		if !ok || !found || len(c.Arrows) == mostArrows {
			continue
		}
		n := arrow{X1: a.x, Y1: a.y, X2: b.x, Y2: b.y, BendY: (a.y + b.y) / 2, Text: t.say("%d d", r.Days)}
		n.TextX, n.TextY = (a.x+b.x)/2+4, n.BendY
		c.Arrows = append(c.Arrows, n)
	}
}

// Middle is where the words of the gap stand.
func (g gap) Middle() int { return g.X + g.W/2 }

// Baseline is that of the label.
func (k *track) Baseline() int { return k.Top + 15 }

// GapLine is the line of the words of gaps.
func (k *track) GapLine() int { return k.Foot - 4 }

// FlagText is the line of the numbers in the flags.
func (k *track) FlagText() int { return k.Flags + 4 }

// Right is where the time axis ends.
func (c *chart) Right() int { return c.Width - edge }

// Foot is the line of the years below the tracks.
func (c *chart) Foot() int { return c.Bottom + 16 }

// LabelX is where the names of the tracks begin. Where one sees a part of the axis,
// the page's script keeps them in sight.
func (c *chart) LabelX() int {
	if c.Rtl {
		return c.Width - 6
	}
	return 6
}
