package api

import (
	"context"
	"fmt"
	"time"

	"palabre/index"
)

const (
	mostBars   = 64  // of a chart; wider bars are taken beyond
	barWidth   = 10  // units of the drawing, of one of many
	barHeight  = 100 // of the tallest
	leastSeen  = 4   // height of the lowest bar that is not empty
	fewestBars = 12  // that the drawing has room for
)

// timeChart is how many statements a search finds over time: a bar for each
// stretch, which leads to it.
type timeChart struct {
	Bars   []timeBar
	Width  int
	Height int
	First  string // names of the outermost and the middle stretch
	Middle string
	Last   string
	Most   int  // statements in the fullest stretch
	Chosen bool // a span is chosen; the bars outside of it are there to compare
}

// timeBar is a stretch of time.
type timeBar struct {
	From, To        string // as the criteria take them
	Name            string // for people
	Link            string
	N               int
	On              bool // it lies in the chosen span
	X, Y, Width, Up int
}

// barSpan is the width of bars.
type barSpan struct {
	start func(time.Time) time.Time
	next  func(time.Time) time.Time
	name  func(t *tongue, from, last time.Time) string
	form  string // of dates in the address
}

// barWidths are the widths that bars may have, the narrowest first.
func barWidths() []barSpan {
	months := func(n int) barSpan {
		s := barSpan{form: "2006-01"}
		s.start = func(at time.Time) time.Time {
			if n >= 12 {
				return time.Date(at.Year()-at.Year()%(n/12), 1, 1, 0, 0, 0, 0, time.UTC)
			}
			return time.Date(at.Year(), at.Month()-time.Month((int(at.Month())-1)%n), 1, 0, 0, 0, 0, time.UTC)
		}
		s.next = func(at time.Time) time.Time { return at.AddDate(0, n, 0) }
		s.name = spanName
		if n%12 == 0 {
			s.form = "2006"
		}
		return s
	}
	day := func(at time.Time) time.Time { return at.Truncate(24 * time.Hour) }
	days := func(n int) func(time.Time) time.Time {
		return func(at time.Time) time.Time { return at.AddDate(0, 0, n) }
	}
	monday := func(at time.Time) time.Time { return day(at).AddDate(0, 0, -(int(at.Weekday())+6)%7) }
	return []barSpan{
		{day, days(1), spanName, time.DateOnly},
		{monday, days(7), spanName, time.DateOnly},
		months(1), months(3), months(12), months(60), months(240), months(1200), months(12000),
	}
}

// spanName names a span by its first and last date in the form of the address.
func spanName(t *tongue, from, last time.Time) string {
	of := func(form string) (string, string) { return from.Format(form), last.Format(form) }
	for _, form := range []string{"2006", "2006-01"} {
		first, final := of(form)
		begins := from.AddDate(0, 0, -1).Format(form) != first
		ends := last.AddDate(0, 0, 1).Format(form) != final
		if begins && ends {
			if first == final {
				return t.date(first)
			}
			return t.say("%s to %s", t.date(first), t.date(final))
		}
	}
	first, final := of(time.DateOnly)
	if first == final {
		return t.date(first)
	}
	return t.say("%s to %s", t.date(first), t.date(final))
}

// timeChart counts what a search finds over time. Where a span is chosen it shows
// as much time around it, so that the span can be widened again.
func (s *server) timeChart(ctx context.Context, t *tongue, c *Criteria, found *Found) (*timeChart, error) {
	days, begin, end := found.Histogram, time.Time{}, time.Time{}
	if c.From != "" || c.To != "" {
		request, err := c.request(ctx, s.index.Reader())
		if err != nil {
			return nil, err
		}
		begin, end = request.From, request.To
		if !begin.IsZero() && !end.IsZero() {
			around := end.Sub(begin)
			request.From, request.To = begin.Add(-around), end.Add(around)
		} else {
			request.From, request.To = time.Time{}, time.Time{}
		}
		request.Limit, request.Cursor, request.Facets, request.Histogram, request.Sort = 1, "", false, index.ByDay, index.Newest
		key := spanAround{request.String(), request.From, request.To, today()}
		days, err = s.kept.spans.read(s.index.Applied(), key, func() ([]Bucket, error) {
			result, err := s.index.Search(ctx, request)
			if err != nil {
				return nil, err
			}
			return bucketsOf(result.Histogram), nil
		})
		if err != nil {
			return nil, err
		}
	}
	return drawTime(t, c, days, begin, end)
}

// drawTime draws bars for days. begin and end are those of the chosen span; zero
// where it has none.
func drawTime(t *tongue, c *Criteria, days []Bucket, begin, end time.Time) (*timeChart, error) {
	if len(days) == 0 {
		return nil, nil
	}
	first, err := time.Parse(time.DateOnly, days[0].Start)
	if err != nil {
		return nil, fmt.Errorf("draw time: %w", err)
	}
	last, err := time.Parse(time.DateOnly, days[len(days)-1].Start)
	if err != nil {
		return nil, fmt.Errorf("draw time: %w", err)
	}
	w := widthFor(first, last)
	counts := make(map[time.Time]int)
	for _, d := range days {
		at, err := time.Parse(time.DateOnly, d.Start)
		if err != nil {
			return nil, fmt.Errorf("draw time: %w", err)
		}
		counts[w.start(at)] += d.Count
	}
	out := &timeChart{Height: barHeight, Chosen: !begin.IsZero() || !end.IsZero()}
	for at := w.start(first); !at.After(last); at = w.next(at) {
		final := w.next(at).AddDate(0, 0, -1)
		b := timeBar{From: at.Format(w.form), To: final.Format(w.form), Name: w.name(t, at, final), N: counts[at]}
		b.Link = c.during(b.From, b.To)
		b.On = (begin.IsZero() || final.AddDate(0, 0, 1).After(begin)) && (end.IsZero() || at.Before(end))
		out.Most = max(out.Most, b.N)
		out.Bars = append(out.Bars, b)
	}
	n := len(out.Bars)
	slot := max(barWidth, barWidth*fewestBars/n) // few bars fill the axis too
	for i := range out.Bars {
		b := &out.Bars[i]
		b.X, b.Width = slot*i, slot-1
		if b.N > 0 {
			b.Up = max(leastSeen, barHeight*b.N/out.Most)
		}
		b.Y = barHeight - b.Up
	}
	out.Width, out.First, out.Last = slot*n, out.Bars[0].Name, out.Bars[n-1].Name
	if n > 4 {
		out.Middle = out.Bars[n/2].Name
	}
	return out, nil
}

// widthFor returns the narrowest bars of which there are not too many.
func widthFor(first, last time.Time) barSpan {
	all := barWidths()
	for _, w := range all {
		n := 0
		for at := w.start(first); !at.After(last) && n <= mostBars; at = w.next(at) {
			n++
		}
		if n <= mostBars {
			return w
		}
	}
	return all[len(all)-1]
}

// bucketsOf are those of the index as the API gives them.
func bucketsOf(list []index.Bucket) []Bucket {
	out := make([]Bucket, len(list))
	for i, b := range list {
		out[i] = Bucket{b.Start.Format(time.DateOnly), b.Count}
	}
	return out
}
