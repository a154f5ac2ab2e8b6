package index

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"palabre/lang"
	"palabre/statement"
)

// Fewer is a query with one part of another left out.
type Fewer struct {
	Left  string // as it stands in the query
	Query *Query
}

// Fewer returns the query without each of the parts that it asks for side by side.
func (q *Query) Fewer() []Fewer {
	parts := q.parts()
	if len(parts) < 2 {
		return nil
	}
	out := make([]Fewer, len(parts))
	for i, p := range parts {
		out[i] = Fewer{p.String(), q.with(slices.Delete(slices.Clone(parts), i, i+1))}
	}
	return out
}

// Dated returns the query with months and years among its words, such as "October
// 2021", taken for when something was said; nil if it has none, or a date already.
func (q *Query) Dated() *Query {
	parts := q.parts()
	var date string
	var rest []expr
	for i := 0; i < len(parts); i++ {
		if f, ok := parts[i].(field); ok && f.name == "date" {
			return nil
		}
		read, taken := dateIn(parts[i:])
		if taken == 0 {
			rest = append(rest, parts[i])
			continue
		}
		if date != "" {
			return nil // two dates are not one
		}
		date, i = read, i+taken-1
	}
	if date == "" {
		return nil
	}
	return q.with(append(rest, field{"date", date}))
}

// dateIn reads a date at the beginning of parts, and tells how many of them it
// takes: "2021", "October 2021" or "19 October 2021".
func dateIn(parts []expr) (date string, taken int) {
	text := func(i int) string {
		if i < len(parts) {
			if w, ok := parts[i].(word); ok && !w.exact && len(w.written()) == 1 {
				return w.written()[0] // without the mark behind it
			}
		}
		return ""
	}
	number := func(i, least, most int) int {
		n, err := strconv.Atoi(text(i))
		if err != nil || n < least || n > most {
			return 0
		}
		return n
	}
	const firstYear, lastYear = 1900, 2100
	if year := number(0, firstYear, lastYear); year > 0 {
		return strconv.Itoa(year), 1
	}
	day := number(0, 1, 31)
	at := min(day, 1)
	month := lang.MonthNamed(text(at))
	year := number(at+1, firstYear, lastYear)
	switch {
	case month == 0 || year == 0:
		return "", 0
	case day == 0:
		return fmt.Sprintf("%d-%02d", year, month), 2
	}
	d := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	if d.Day() != day {
		return "", 0
	}
	return d.Format(time.DateOnly), 3
}

// topicOf are the topics that terms of the field are about.
var topicOf = map[string]statement.Topic{
	"talks": statement.Dialogue, "dialogue": statement.Dialogue, "mediation": statement.Dialogue, "good-offices": statement.Dialogue,
	"ceasefire": statement.Dialogue, "truce": statement.Dialogue,
	"foreign-forces": statement.ForeignTroops, "withdrawal": statement.ForeignTroops, "occupation": statement.ForeignTroops,
	"sharia-law": statement.Sharia, "islamic-state-rule": statement.Sharia, "secularism": statement.Sharia,
}

// Spoken returns what the query asks of positions, whatever their words: the
// actors, persons and topics that it names, without its other words. "Why did JNIM
// refuse talks" becomes actor:jnim topic:dialogue. It is nil where the query names
// none.
func (q *Query) Spoken() *Query {
	var out []expr
	found := false
	for _, p := range q.parts() {
		var named []*concept
		switch p := p.(type) {
		case word:
			named = p.concepts
		case phrase:
			named = p.concepts
		case run:
			named = p.whole.concepts
		default:
			out = append(out, p)
			continue
		}
		if f, ok := fieldOf(named); ok {
			found = true
			if !slices.Contains(out, expr(f)) {
				out = append(out, f)
			}
		}
	}
	if !found {
		return nil
	}
	return q.with(out)
}

// fieldOf is the field that asks for the position of whoever is named, or on what.
func fieldOf(named []*concept) (field, bool) {
	if len(named) != 1 {
		return field{}, false
	}
	c := named[0]
	switch topic := topicOf[c.id]; {
	case c.kind == ActorConcept:
		return field{"actor", c.id}, true
	case c.kind == PersonConcept:
		return field{"speaker", c.id}, true
	case c.kind == TermConcept && topic != "":
		return field{"topic", string(topic)}, true
	}
	return field{}, false
}

// parts are what the query asks for side by side.
func (q *Query) parts() []expr {
	if q == nil || q.root == nil {
		return nil
	}
	if a, ok := q.root.(and); ok {
		return a.parts
	}
	return []expr{q.root}
}

// with is the query with other parts.
func (q *Query) with(parts []expr) *Query {
	if len(parts) == 1 {
		return newQuery(parts[0], q.without)
	}
	return newQuery(and{parts}, q.without)
}
