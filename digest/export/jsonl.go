package export

import (
	"bufio"
	"encoding/json"

	"palabre/statement"
)

// lines writes one statement a line, between a line that says what was asked for
// and one that says what came of it. A file without its last line is not whole.
type lines struct {
	out   *json.Encoder
	about *About
}

// begun is the first line.
type begun struct {
	Type     string         `json:"type"` // "export"
	Query    string         `json:"query"`
	Window   string         `json:"window"`
	Expected int            `json:"expected"`
	At       string         `json:"at"`
	Mark     statement.Mark `json:"mark"`
}

// told is one statement. Offsets are bytes in title and text as they stand here.
type told struct {
	Type string `json:"type"` // "statement"
	*statement.Statement
	Pack      string               `json:"pack"` // version of the rules
	Positions []statement.Position `json:"positions"`
	Unclear   []statement.Unclear  `json:"unclear,omitempty"`
	Langs     []statement.LangRun  `json:"langs,omitempty"`
	Places    []string             `json:"places,omitempty"`
	Actors    []string             `json:"actors,omitempty"`
	Reasons   []statement.Reason   `json:"reasons,omitempty"`
	Citation  string               `json:"citation"`
}

// ended is the last line.
type ended struct {
	Type       string         `json:"type"` // "end"
	Complete   bool           `json:"complete"`
	Error      string         `json:"error,omitempty"`
	Statements int            `json:"statements"`
	Positions  int            `json:"positions"`
	Packs      map[string]int `json:"packs"` // statements by version of the rules
}

func newJSONL(w *bufio.Writer, a *About) (encoder, error) {
	l := &lines{json.NewEncoder(w), a}
	l.out.SetEscapeHTML(false)
	return l, l.out.Encode(&begun{"export", a.Query, a.Window, a.Expected, moment(a.At), a.Mark})
}

func (l *lines) row(_ int, r *Row) error {
	positions := r.Reading.Positions
	if positions == nil {
		positions = []statement.Position{}
	}
	return l.out.Encode(&told{
		"statement", r.Statement, r.Reading.Pack, positions, r.Reading.Unclear, r.Reading.Langs, r.Reading.Places, r.Reading.Actors,
		r.Reasons, r.Citation.Format(l.about.Lang),
	})
}

func (l *lines) end(s *Sum, cause error) error {
	e := &ended{Type: "end", Complete: cause == nil, Statements: s.Statements, Positions: s.Positions, Packs: s.Packs}
	if cause != nil {
		e.Error = cause.Error()
	}
	return l.out.Encode(e)
}
