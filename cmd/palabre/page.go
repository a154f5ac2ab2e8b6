package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"

	"golang.org/x/term"
)

// page writes text in lines that fit the terminal, with what is written from right
// to left kept apart from what stands around it.
type page struct {
	w         io.Writer
	width     int  // of a line, in columns
	underline bool // marked words can be underlined; else they stand in brackets
}

// Widths of a line, in columns.
const (
	usualWidth = 80 // where there is no terminal
	leastWidth = 40
	mostWidth  = 100 // wider lines are hard to read
)

func newPage(w io.Writer) page {
	p := page{w: w, width: usualWidth - 1}
	if f, ok := w.(*os.File); ok && isTerminal(w) {
		if columns, _, err := term.GetSize(int(f.Fd())); err == nil {
			p.width = min(max(columns-1, leastWidth), mostWidth)
		}
		p.underline = os.Getenv("TERM") != "dumb" && os.Getenv("NO_COLOR") == ""
	}
	return p
}

// What opens and closes a stretch of text, and is closed and opened anew where a line
// ends within it.
const (
	rightToLeftIsolate, popIsolate = "\u2067", "\u2069"
	startUnderline, endUnderline   = "\x1b[4m", "\x1b[24m"
)

var stretches = [...]struct{ opens, closes string }{{rightToLeftIsolate, popIsolate}, {startUnderline, endUnderline}}

// line prints a text behind a label, broken between words so that every line
// begins where the text does.
func (p page) line(indent int, label, text string) {
	lead := strings.Repeat(" ", indent) + label
	hang := strings.Repeat(" ", columns(lead))
	var open [len(stretches)]int // how many of each are open
	width := columns(lead)
	fmt.Fprint(p.w, lead)
	for i, word := range strings.Fields(text) {
		n := columns(word)
		switch {
		case i == 0:
		case width+1+n > p.width:
			closing, opening := breaks(&open)
			fmt.Fprint(p.w, closing, "\n", hang, opening)
			width = len(hang)
		default:
			fmt.Fprint(p.w, " ")
			width++
		}
		fmt.Fprint(p.w, word)
		width += n
		for k, s := range stretches {
			open[k] += strings.Count(word, s.opens) - strings.Count(word, s.closes)
		}
	}
	fmt.Fprintln(p.w)
}

// breaks returns what closes the stretches that are open, and opens them again.
func breaks(open *[len(stretches)]int) (closing, opening string) {
	for k, s := range stretches {
		closing += strings.Repeat(s.closes, max(0, open[k]))
		opening += strings.Repeat(s.opens, max(0, open[k]))
	}
	return closing, opening
}

// marked underlines the words in brackets, if the terminal can.
func (p page) marked(s string) string {
	if !p.underline {
		return s
	}
	return strings.NewReplacer("[", startUnderline, "]", endUnderline).Replace(s)
}

// columns returns how many columns a text takes up.
func columns(s string) int {
	n := 0
	for _, r := range strings.NewReplacer(startUnderline, "", endUnderline, "").Replace(s) {
		if !unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
			n++
		}
	}
	return n
}

// quoted sets a text in quotation marks, on one line, apart from the direction of
// what stands around it.
func quoted(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if isRightToLeft(s) {
		s = rightToLeftIsolate + s + popIsolate
	}
	return "“" + s + "”"
}
