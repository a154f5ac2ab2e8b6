package digest

import (
	"fmt"
	htmltemplate "html/template"
	"strings"

	"palabre/statement"
)

// Measures of the chart, in its own units.
const (
	chartNames  = 250 // room for the names
	chartColumn = 52  // of one week
	chartLane   = 34  // height of a lane
	chartFoot   = 20  // room for the weeks
	chartKey    = 24  // room for the key
)

// inks are the colours of the stances. Shape and height say the same.
var inks = map[statement.Stance]string{
	statement.Pro: "#1b6e4a", statement.Anti: "#a3262a", statement.Conditional: "#8a5a00", statement.Mixed: "#54498c",
}

// heights are how far below the top of its lane a stance is drawn.
var heights = map[statement.Stance]float64{
	statement.Pro: 8, statement.Conditional: 17, statement.Mixed: 17, statement.Anti: 26,
}

// drawing is a chart on its way to SVG.
type drawing struct {
	strings.Builder
	c     *Chart
	rtl   bool
	width float64
}

// svg draws a chart: a lane for each line, with a glyph for every week in which
// it was said, full, or merely stands, empty. Weeks without a standing position
// stay empty. Time runs in the direction of the text.
func (p *page) svg(c *Chart) string {
	d := &drawing{c: c, rtl: p.rtl, width: float64(chartNames + chartColumn*len(c.Weeks))}
	foot := float64(chartLane * len(c.Lanes))
	height := foot + chartFoot + chartKey
	fmt.Fprintf(d, `<svg class="chart" role="img" aria-label="%s" viewBox="0 0 %.0f %.0f" direction="%s" font-size="12.5" fill="#1c1f24">`,
		esc(c.Title), d.width, height, map[bool]string{false: "ltr", true: "rtl"}[d.rtl])
	for i := range c.Lanes {
		d.lane(&c.Lanes[i], float64(i*chartLane))
	}
	for i, w := range c.Weeks {
		d.text(d.column(i), foot+14, "middle", "#4a5260", w)
	}
	d.key(foot + chartFoot + 15)
	d.WriteString(`</svg>`)
	return d.String()
}

func esc(s string) string { return htmltemplate.HTMLEscapeString(s) }

// x turns a distance from the side on which lines begin into one from the left.
func (d *drawing) x(from float64) float64 {
	if d.rtl {
		return d.width - from
	}
	return from
}

// column is the middle of a week's column.
func (d *drawing) column(i int) float64 { return d.x(chartNames + chartColumn*(float64(i)+.5)) }

// text writes at a place. Anchors go by the direction of the text.
func (d *drawing) text(x, y float64, anchor, ink, s string) {
	fmt.Fprintf(d, `<text x="%.1f" y="%.1f" text-anchor="%s" fill="%s">%s</text>`, x, y, anchor, ink, esc(s))
}

func (d *drawing) lane(l *ChartLane, top float64) {
	fmt.Fprintf(d, `<line x1="0" x2="%.0f" y1="%.1f" y2="%.1f" stroke="#dde2e9"/>`, d.width, top+chartLane-.5, top+chartLane-.5)
	fmt.Fprintf(d, `<text x="%.1f" y="%.1f" font-weight="600">%s</text>`, d.x(0), top+14, esc(clean(l.Name, 36)))
	fmt.Fprintf(d, `<text x="%.1f" y="%.1f" font-size="11" fill="#4a5260">%s</text>`, d.x(0), top+28, esc(clean(l.About, 46)))
	for i, c := range l.Cells {
		if c.Stance == "" || i == 0 || l.Cells[i-1].Stance == "" {
			continue
		}
		from, to := top+heights[l.Cells[i-1].Stance], top+heights[c.Stance]
		middle := (d.column(i-1) + d.column(i)) / 2
		fmt.Fprintf(d, `<path d="M%.1f %.1fH%.1fV%.1fH%.1f" fill="none" stroke="#97a3b3" stroke-width="1.4"/>`, d.column(i-1), from, middle, to, d.column(i))
	}
	for i, c := range l.Cells {
		if c.Stance == "" {
			continue
		}
		fmt.Fprintf(d, `<g><title>%s</title>`, esc(c.Words))
		d.glyph(d.column(i), top+heights[c.Stance], c.Stance, c.Spoke)
		d.WriteString(`</g>`)
	}
}

// glyph draws the sign of a stance around a point.
func (d *drawing) glyph(x, y float64, s statement.Stance, full bool) {
	r, fill := 4.0, "#fff"
	if full {
		r, fill = 5.6, inks[s]
	}
	path := map[statement.Stance]string{
		statement.Pro:         fmt.Sprintf("M%.1f %.1fL%.1f %.1fL%.1f %.1fZ", x, y-r, x+r, y+r*.8, x-r, y+r*.8),
		statement.Anti:        fmt.Sprintf("M%.1f %.1fL%.1f %.1fL%.1f %.1fZ", x, y+r, x+r, y-r*.8, x-r, y-r*.8),
		statement.Conditional: fmt.Sprintf("M%.1f %.1fL%.1f %.1fL%.1f %.1fL%.1f %.1fZ", x, y-r, x+r, y, x, y+r, x-r, y),
	}[s]
	if s == statement.Mixed {
		wide := 2.0
		if full {
			wide = 3.4
		}
		fmt.Fprintf(d, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="#fff"/>`, x-r-1, y-r, 2*r+2, 2*r)
		fmt.Fprintf(d, `<path d="M%.1f %.1fq%.1f %.1f %.1f 0t%.1f 0" fill="none" stroke="%s" stroke-width="%.1f" stroke-linecap="round"/>`, x-r, y+1, r/2, -r, r, r, inks[s], wide)
		return
	}
	fmt.Fprintf(d, `<path d="%s" fill="%s" stroke="%s" stroke-width="1.5" stroke-linejoin="round"/>`, path, fill, inks[s])
}

// key says what the glyphs mean. Room goes by the length of the words.
func (d *drawing) key(y float64) {
	type sign struct {
		stance statement.Stance
		full   bool
		words  string
	}
	var signs []sign
	letters := 0
	for _, k := range d.c.Key {
		if k.Stance != "" {
			signs = append(signs, sign{k.Stance, true, k.Words})
		}
	}
	signs = append(signs, sign{statement.Pro, true, d.c.Said}, sign{statement.Pro, false, d.c.Stands})
	for _, s := range signs {
		letters += len([]rune(s.words))
	}
	letter := min(6.6, (d.width-40*float64(len(signs)))/float64(max(letters, 1)))
	at := 0.0
	for _, s := range signs {
		d.glyph(d.x(at+7), y-4, s.stance, s.full)
		d.text(d.x(at+18), y, "start", "#4a5260", s.words)
		at += 40 + letter*float64(len([]rune(s.words)))
	}
}
