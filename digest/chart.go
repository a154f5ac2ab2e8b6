package digest

import (
	"cmp"
	"slices"
	"strconv"

	"palabre/statement"
)

// chart draws the lines of principals over the last weeks.
func (w *writer) chart() []Block {
	lanes := w.lanes()
	if len(lanes) == 0 {
		return nil
	}
	c := &Chart{Title: w.title("chart")}
	for _, week := range lanes[0].Weeks {
		c.Weeks = append(c.Weeks, w.weekLabel(week.Week))
	}
	for _, l := range lanes {
		c.Lanes = append(c.Lanes, w.lane(l, c.Weeks))
	}
	for _, s := range statement.Stances {
		c.Key = append(c.Key, ChartKey{Stance: s, Words: w.t.word("stance", string(s))})
	}
	c.Key = append(c.Key, ChartKey{Words: w.t.line("chart.gap", nil)})
	c.Said, c.Stands = w.t.line("chart.said", nil), w.t.line("chart.stands", nil)
	return []Block{{Kind: ChartBlock, Chart: c}}
}

// lanes are those that are drawn, the liveliest first: those that were said, or came
// to stand by words whose day is not known.
func (w *writer) lanes() []*Lane {
	var out []*Lane
	said := make(map[*Lane]int)
	for i := range w.m.Lanes {
		l := &w.m.Lanes[i]
		if len(l.Weeks) != len(w.m.Lanes[0].Weeks) {
			continue
		}
		stands := false
		for n, week := range l.Weeks {
			stands = stands || week.Stance != ""
			if week.Spoke || n > 0 && week.Stance != "" && week.Stance != l.Weeks[n-1].Stance {
				said[l] += n + 1 // the later the more
			}
		}
		if stands {
			out = append(out, l)
		}
	}
	slices.SortStableFunc(out, func(a, b *Lane) int { return cmp.Or(said[b]-said[a], cmp.Compare(a.Actor, b.Actor)) })
	return out[:min(mostLanes, len(out))]
}

func (w *writer) lane(l *Lane, weeks []string) ChartLane {
	who := plain(w.actor(l.Actor).bare)
	side := w.side(l.Topic, l.Target)
	topic := plain(w.t.word("topic", string(l.Topic)))
	out := ChartLane{Name: w.t.flat(capital(who)), About: w.t.flat(topic)}
	if len(side) > 0 && l.Target != l.Actor {
		out.About = w.t.flat(w.list([][]Run{topic, side}))
	}
	for i, week := range l.Weeks {
		cell := ChartCell{Stance: week.Stance, Spoke: week.Spoke && week.Stance != ""}
		words := w.t.line("chart.gap", nil)
		if week.Stance != "" {
			how := "chart.stands"
			if week.Spoke {
				how = "chart.said"
			}
			words = w.t.line("chart.word", fill{"stance": w.stance(week.Stance), "said": w.t.say(how, nil)})
		}
		cell.Words = w.t.line("chart.cell", fill{"name": plain(out.Name), "week": plain(weeks[i]), "words": plain(words)})
		out.Cells = append(out.Cells, cell)
	}
	return out
}

// weekLabel is what stands below a week: its number, or its last day.
func (w *writer) weekLabel(p Period) string {
	if p.Week != "" {
		return w.t.line("week.short", fill{"week": plain(strconv.Itoa(number(p.Week[6:])))})
	}
	return strconv.Itoa(p.Last().Day()) + "/" + strconv.Itoa(int(p.Last().Month()))
}
