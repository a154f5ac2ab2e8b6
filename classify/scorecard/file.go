package scorecard

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"palabre/statement"
)

// The first two lines of a file of a card begin with these.
const (
	headerCell = "feature"
	always     = "(always)"
)

// unit is how many points of a file one of log-odds is.
const unit = 10

// here stands behind a label in the columns that are about single sentences.
const here = " here"

// Parse reads a card: lines of cells parted by tabs, behind lines of comment that begin
// with #. The first line names the columns: feature, passages, the labels such as
// "dialogue pro", and behind them the same labels with "here". The second, "(always)",
// has the number of passages from which the card was made, and the points that every
// passage and sentence gets. Every other line has a feature, in how many of those
// passages it was, and its points, in tenths of log-odds; an empty cell is 0.
func Parse(name string, data []byte) (*Card, error) {
	text := string(data)
	c := &Card{rows: make(map[string]int32, strings.Count(text, "\n"))}
	n := 0
	fail := func(format string, args ...any) error {
		return fmt.Errorf("%s:%d: %s", name, n, fmt.Sprintf(format, args...))
	}
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimRight(line, "\r\n")
		if line == "" || c.labels == nil && strings.HasPrefix(line, "#") {
			continue
		}
		if c.labels == nil {
			labels, err := header(strings.Split(line, "\t"))
			if err != nil {
				return nil, fail("%s", err)
			}
			c.labels = labels
			continue
		}
		f, err := row(line, len(c.labels))
		_, twice := c.rows[f.name]
		switch {
		case err != nil:
			return nil, fail("%s", err)
		case f.name == "":
			return nil, fail("a feature has no name")
		case twice || f.name == c.always.name:
			return nil, fail("feature %s stands twice", f.name)
		case c.always.name == "" && f.name != always:
			return nil, fail("want the line %s first, not %s", always, f.name)
		case c.always.name == "":
			c.always = f
			continue
		case f.passages > c.always.passages:
			return nil, fail("feature %s was in %d of %d passages", f.name, f.passages, c.always.passages)
		}
		c.enter(f)
	}
	if c.always.name == "" {
		return nil, fmt.Errorf("%s: has no columns or no line %s", name, always)
	}
	c.file()
	return c, nil
}

func header(cells []string) ([]Label, error) {
	if len(cells) < 4 || cells[0] != headerCell || cells[1] != "passages" || len(cells)%2 != 0 {
		return nil, fmt.Errorf("want the columns %s, passages, labels such as dialogue pro, and each of them with%s", headerCell, here)
	}
	n := len(cells)/2 - 1
	if n > MaxLabels {
		return nil, fmt.Errorf("there are %d labels, and at most %d can be", n, MaxLabels)
	}
	var out []Label
	for i, cell := range cells[2 : 2+n] {
		topic, stance, _ := strings.Cut(cell, " ")
		l := Label{statement.Topic(topic), statement.Stance(stance)}
		if !slices.Contains(statement.Topics, l.Topic) || !l.Stance.Valid() {
			return nil, fmt.Errorf("%q is no label: want a topic and a stance, such as dialogue pro", cell)
		}
		if got := cells[2+n+i]; got != cell+here {
			return nil, fmt.Errorf("want the column %q, not %q", cell+here, got)
		}
		if slices.Contains(out, l) {
			return nil, fmt.Errorf("the column %q stands twice", cell)
		}
		out = append(out, l)
	}
	return out, nil
}

// row reads a line of a feature.
func row(line string, labels int) (feature, error) {
	name, numbers, _ := strings.Cut(line, "\t")
	f := feature{name: strings.Clone(name)} // the file need not be kept
	if n := strings.Count(line, "\t") + 1; n != 2*labels+2 {
		return f, fmt.Errorf("feature %s has %d cells for %d columns", f.name, n, 2*labels+2)
	}
	i := -1 // of the label
	for cell := range strings.SplitSeq(numbers, "\t") {
		switch {
		case i < 0:
			passages, err := strconv.ParseInt(cell, 10, 32)
			if f.passages = int(passages); err != nil || passages < 1 {
				return f, fmt.Errorf("feature %s: %q is no number of passages", f.name, cell)
			}
		case cell != "":
			points, err := strconv.ParseInt(cell, 10, 8)
			if err != nil {
				return f, fmt.Errorf("feature %s: %q is no whole number of points from -128 to 127", f.name, cell)
			}
			if i < labels {
				f.points[i] = int8(points)
			} else {
				f.here[i-labels] = int8(points)
			}
		}
		i++
	}
	return f, nil
}

// Write writes the card as Parse reads it, behind lines of comment.
func (c *Card) Write(to io.Writer, comments ...string) error {
	w := bufio.NewWriter(to)
	for _, line := range comments {
		fmt.Fprintf(w, "# %s\n", line)
	}
	w.WriteString(headerCell + "\tpassages")
	for _, l := range c.labels {
		w.WriteString("\t" + l.String())
	}
	for _, l := range c.labels {
		w.WriteString("\t" + l.String() + here)
	}
	w.WriteString("\n")
	c.always.write(w, len(c.labels))
	for i := range c.features {
		c.features[i].write(w, len(c.labels))
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write scorecard: %w", err)
	}
	return nil
}

func (f *feature) write(w *bufio.Writer, labels int) {
	fmt.Fprintf(w, "%s\t%d", f.name, f.passages)
	for _, p := range slices.Concat(f.points[:labels], f.here[:labels]) {
		w.WriteString("\t")
		if p != 0 {
			w.WriteString(strconv.Itoa(int(p)))
		}
	}
	w.WriteString("\n")
}
