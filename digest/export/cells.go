package export

import (
	"strings"
	"time"

	"palabre/statement"
)

// place is where a row stands: a position of a statement, or none.
type place struct {
	row      *Row
	n        int // number of the statement in the file, from 1
	k        int // number of the position in the statement, from 1; 0 if it has none
	position *statement.Position
	cut      []string // columns whose text was cut
}

// column is one column of a table. value returns a string, int or float64.
type column struct {
	name  string
	width float64 // in letters
	value func(a *About, p *place) any
}

// columns are those of CSV and XLSX. docs/exports.md describes each.
func columns() []column {
	return append(append(statementColumns(), positionColumns()...), traceColumns()...)
}

func statementColumns() []column {
	of := func(name string, width float64, f func(s *statement.Statement) string) column {
		return column{name, width, func(_ *About, p *place) any { return f(p.row.Statement) }}
	}
	return []column{
		{"n", 7, func(_ *About, p *place) any { return p.n }},
		of("statement", 29, func(s *statement.Statement) string { return s.Of }),
		of("date", 12, func(s *statement.Statement) string { return day(s.When()) }),
		of("title", 50, func(s *statement.Statement) string { return s.Title }),
		{"lang", 7, func(_ *About, p *place) any { return p.row.Citation.Lang }},
		{"outlet", 24, func(_ *About, p *place) any { return p.row.Citation.Outlet }},
		of("kind", 12, func(s *statement.Statement) string { return string(s.Kind) }),
		of("grade", 7, func(s *statement.Statement) string { return string(s.Grade) }),
		{"reasons", 14, func(_ *About, p *place) any { return reasons(p.row) }},
		{"positions", 10, func(_ *About, p *place) any { return len(p.row.Reading.Positions) }},
		{"position", 10, func(_ *About, p *place) any { return p.k }},
	}
}

// reasons lists why a statement was news.
func reasons(r *Row) string {
	out := make([]string, len(r.Reasons))
	for i, reason := range r.Reasons {
		out[i] = string(reason)
	}
	return strings.Join(out, " ")
}

func positionColumns() []column {
	of := func(name string, width float64, f func(a *About, p *statement.Position) any) column {
		return column{name, width, func(a *About, p *place) any {
			if p.position == nil {
				return ""
			}
			return f(a, p.position)
		}}
	}
	return []column{
		of("actor", 16, func(_ *About, p *statement.Position) any { return p.Actor }),
		of("actor_name", 24, func(a *About, p *statement.Position) any { return a.label(p.Actor) }),
		of("speaker", 16, func(_ *About, p *statement.Position) any { return p.Speaker }),
		of("topic", 14, func(_ *About, p *statement.Position) any { return string(p.Topic) }),
		of("target", 16, func(_ *About, p *statement.Position) any { return p.Target }),
		of("stance", 12, func(_ *About, p *statement.Position) any { return string(p.Stance) }),
		of("condition", 30, func(_ *About, p *statement.Position) any { return p.Condition }),
		of("act", 14, func(_ *About, p *statement.Position) any { return p.Act }),
		of("quote", 70, func(_ *About, p *statement.Position) any { return p.Evidence.Quote }),
		of("field", 7, func(_ *About, p *statement.Position) any { return string(p.Evidence.Field) }),
		of("start", 8, func(_ *About, p *statement.Position) any { return p.Evidence.Start }),
		of("end", 8, func(_ *About, p *statement.Position) any { return p.Evidence.End }),
		of("rule", 24, func(_ *About, p *statement.Position) any { return p.Rule }),
		of("confidence", 11, func(_ *About, p *statement.Position) any { return p.Confidence }),
		of("first_hand", 10, func(_ *About, p *statement.Position) any { return yes(p.FirstHand) }),
		of("tentative", 20, func(_ *About, p *statement.Position) any { return p.Tentative }),
	}
}

func traceColumns() []column {
	of := func(name string, width float64, f func(s *statement.Statement) string) column {
		return column{name, width, func(_ *About, p *place) any { return f(p.row.Statement) }}
	}
	return []column{
		{"pack", 18, func(_ *About, p *place) any { return p.row.Reading.Pack }},
		{"citation", 60, func(a *About, p *place) any { return p.row.Citation.Format(a.Lang) }},
		of("url", 40, func(s *statement.Statement) string { return s.URL }),
		of("source", 18, func(s *statement.Statement) string { return s.Source }),
		of("outlet_id", 18, func(s *statement.Statement) string { return s.Outlet }),
		of("owner", 14, func(s *statement.Statement) string { return s.Owner }),
		of("issuer", 14, func(s *statement.Statement) string { return s.Issuer }),
		of("said", 12, func(s *statement.Statement) string { return s.Said.String() }),
		of("published", 22, func(s *statement.Statement) string { return s.Published.String() }),
		of("first_seen", 22, func(s *statement.Statement) string { return moment(s.FirstSeen) }),
		of("reconstructed", 13, func(s *statement.Statement) string { return yes(s.Reconstructed) }),
		of("revision", 29, func(s *statement.Statement) string { return s.ID }),
		of("capture", 66, func(s *statement.Statement) string { return s.Capture }),
		of("text", 80, func(s *statement.Statement) string { return s.Text }),
		{"cut", 12, func(_ *About, p *place) any { return strings.Join(p.cut, " ") }},
	}
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// day is a date without the time of day.
func day(d statement.Date) string {
	if d.Precision == statement.Second {
		d.Precision = statement.Day
	}
	return d.String()
}

func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// places are the rows of a table that a statement takes: one for each position,
// and one if it has none.
func places(n int, r *Row) []place {
	if len(r.Reading.Positions) == 0 {
		return []place{{row: r, n: n}}
	}
	out := make([]place, len(r.Reading.Positions))
	for i := range out {
		out[i] = place{row: r, n: n, k: i + 1, position: &r.Reading.Positions[i]}
	}
	return out
}

// values are the cells of a row. Texts are fit for a cell; the last column names
// those that were cut.
func values(a *About, cols []column, p *place) []any {
	out := make([]any, len(cols))
	for i := range cols {
		v := cols[i].value(a, p)
		if text, ok := v.(string); ok {
			fit, cut := cell(text)
			if cut {
				p.cut = append(p.cut, cols[i].name)
			}
			v = fit
		}
		out[i] = v
	}
	return out
}
