package api

import (
	"fmt"
	"html/template"
	"strings"

	"palabre/statement"
)

// The utterances of a track, and where the actor stood meanwhile, are written here
// and not in the page's template: there may be a thousand, and a template takes ten
// times as long over each.

// marks draws the utterances, each a link to its statement.
func (k *track) marks() template.HTML {
	var b strings.Builder
	for i := range k.Dots {
		d := &k.Dots[i]
		class, size := string(d.Stance), ""
		if !d.FirstHand {
			class += " hollow"
		}
		if d.N > 4 {
			size = " scale(1.3)"
		}
		fmt.Fprintf(&b, `<a href="%s" tabindex="-1"><path class="dot %s" transform="translate(%d %d)%s" d="%s"><title>%s</title></path></a>`+"\n",
			template.HTMLEscapeString(d.Link), template.HTMLEscapeString(class), d.X, d.Y, size, shapeOf(d.Stance), template.HTMLEscapeString(d.Says))
	}
	return template.HTML(b.String()) //nolint:gosec // all that is not a number was escaped
}

// shapeOf is the outline of a stance's mark, as that of its glyph.
func shapeOf(s statement.Stance) string {
	switch s {
	case statement.Pro:
		return "M0-6.500 6.500 5H-6.500z"
	case statement.Anti:
		return "M0 6.500 6.500-5H-6.500z"
	case statement.Conditional:
		return "M0-7 7 0 0 7-7 0z"
	}
	return "M-6 0a6 6 0 1 0 12 0a6 6 0 1 0-12 0z"
}

// barHigh is the height of a bar, which lies across its line.
const barHigh = 8

// bars draws where the actor stood, with what leads from one line to the next.
func (k *track) bars() template.HTML {
	var b strings.Builder
	for i := range k.Steps {
		s := &k.Steps[i]
		if s.Riser != 0 {
			fmt.Fprintf(&b, `<path class="riser" d="M%d %dV%d"/>`, s.X, s.Riser, s.Y)
		}
		place := fmt.Sprintf(`x="%d" y="%d" width="%d" height="%d"`, s.X, s.Y-barHigh/2, s.W, barHigh)
		fmt.Fprintf(&b, `<rect class="stand %s" %s/>`, template.HTMLEscapeString(string(s.Stance)), place)
		if s.Conditional {
			fmt.Fprintf(&b, `<rect fill="url(#hatch)" %s/>`, place)
		}
		b.WriteByte('\n')
	}
	return template.HTML(b.String()) //nolint:gosec // all that is not a number was escaped
}
