package digest

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ErrPart says that a digest has no such part to edit.
var ErrPart = errors.New("no such part")

// ErrIssued says that a digest is frozen.
var ErrIssued = errors.New("it has been issued")

// longestEdit is the most characters that an analyst may put into one part.
const longestEdit = 8000

var noteMark = regexp.MustCompile(`\[([0-9]{1,6})\]`)

// Edit replaces the words of a part, in the name of who. Numbers in brackets are
// marks of notes; those that the part had and that text leaves out stay at its
// end, so that a sentence does not lose its sources. Empty text strikes the part,
// or leaves the outlook blank again. A digest that was issued is not edited.
func (d *Digest) Edit(part, text, who string) error {
	p, err := d.edit(part, text, who)
	if err != nil {
		return fmt.Errorf("edit %.60q of digest %s: %w", part, d.Period, err)
	}
	p.Machine, p.Editor = false, clean(who, longestName)
	return nil
}

func (d *Digest) edit(part, text, who string) (*Passage, error) {
	text = strings.TrimSpace(text)
	switch {
	case d.Number > 0:
		return nil, ErrIssued
	case clean(who, longestName) == "":
		return nil, errors.New("it is not said who edits")
	case !utf8.ValidString(text):
		return nil, errors.New("the text is not valid UTF-8")
	case utf8.RuneCountInString(text) > longestEdit:
		return nil, fmt.Errorf("the text has %d characters, the most is %d", utf8.RuneCountInString(text), longestEdit)
	}
	for p := range d.Passages() {
		if part == "" || p.Part != part {
			continue
		}
		runs, err := d.readRuns(text)
		if err != nil {
			return nil, err
		}
		if len(runs) > 0 {
			runs = append(runs, missing(p.Runs, runs)...)
		}
		p.Runs = runs
		return p, nil
	}
	return nil, ErrPart
}

// readRuns turns an analyst's text into runs.
func (d *Digest) readRuns(text string) ([]Run, error) {
	var runs []Run
	add := func(s string) {
		if s = flatten(s, longestEdit); s != "" {
			runs = append(runs, Run{Text: s})
		}
	}
	last := 0
	for _, m := range noteMark.FindAllStringSubmatchIndex(text, -1) {
		n, err := strconv.Atoi(text[m[2]:m[3]])
		if err != nil || n < 1 || n > len(d.Notes) {
			return nil, fmt.Errorf("there is no note %s: they go from 1 to %d", text[m[0]:m[1]], len(d.Notes))
		}
		add(text[last:m[0]])
		runs = append(runs, Run{Note: n})
		last = m[1]
	}
	add(text[last:])
	return runs, nil
}

// missing returns the notes of the runs before that are not among those now.
func missing(before, now []Run) []Run {
	have := make(map[int]bool)
	for _, r := range now {
		have[r.Note] = true
	}
	var out []Run
	for _, r := range before {
		if r.Note > 0 && !have[r.Note] {
			have[r.Note] = true
			out = append(out, Run{Note: r.Note})
		}
	}
	return out
}
