package export

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"palabre/statement"
)

// Format is a kind of file.
type Format string

// The formats.
const (
	CSV       Format = "csv"       // one row a position; a statement without any has one, too
	JSONL     Format = "jsonl"     // one statement a line, whole
	XLSX      Format = "xlsx"      // the rows of CSV as a workbook
	RSS       Format = "rss"       // RSS 2.0
	Atom      Format = "atom"      // RFC 4287
	STIX      Format = "stix"      // a STIX 2.1 bundle
	Citations Format = "citations" // a list for people, in Markdown
)

// Formats lists the formats.
var Formats = []Format{CSV, JSONL, XLSX, RSS, Atom, STIX, Citations}

// MediaType returns the media type of the format; "" if there is no such format.
func (f Format) MediaType() string {
	switch f {
	case CSV:
		return "text/csv; charset=utf-8; header=present"
	case JSONL:
		return "application/jsonl; charset=utf-8"
	case XLSX:
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case RSS:
		return "application/rss+xml; charset=utf-8"
	case Atom:
		return "application/atom+xml; charset=utf-8"
	case STIX:
		return "application/stix+json;version=2.1"
	case Citations:
		return "text/markdown; charset=utf-8"
	}
	return ""
}

// Ending returns how the names of such files end, with the dot.
func (f Format) Ending() string {
	switch f {
	case RSS, Atom:
		return "." + string(f) + ".xml"
	case STIX:
		return ".stix.json"
	case Citations:
		return ".md"
	}
	return "." + string(f)
}

// Binary reports whether a terminal cannot show the format.
func (f Format) Binary() bool { return f == XLSX }

// About is what a file says of itself.
type About struct {
	Query    string              // in the query language; empty for everything
	Window   string              // of dates, as the query language writes it; empty for all
	Expected int                 // statements that the search counted when the export began
	At       time.Time           // when it began
	Mark     statement.Mark      // how the file is to be handled
	Lang     string              // of what is written for people: en, fr or ar
	Title    string              // of a feed; named by the query if empty
	Base     string              // address of the site, without a slash at the end; empty if it has none
	Self     string              // address of a feed; empty if it has none
	Registry *statement.Registry // names of actors and persons; may be nil
}

// Row is one statement with what is known of it.
type Row struct {
	Statement *statement.Statement // in its latest revision
	Reading   *statement.Reading   // that holds
	Reasons   []statement.Reason   // of the signals that it raised
	Citation  statement.Citation
}

// Sum counts what was written.
type Sum struct {
	Statements int
	Positions  int
	Packs      map[string]int // statements by the version of the rules that read them
}

// rules lists the versions of the rules, sorted.
func (s *Sum) rules() []string { return slices.Sorted(maps.Keys(s.Packs)) }

// encoder writes one format. end is called once, with the reason why the file is
// not whole, or nil.
type encoder interface {
	row(n int, r *Row) error
	end(s *Sum, cause error) error
}

// Writer writes one file. It is not safe for concurrent use.
type Writer struct {
	format Format
	out    *bufio.Writer
	enc    encoder
	sum    Sum
}

// New begins a file on w. End must be called, also after an error of Write.
func New(w io.Writer, f Format, a About) (*Writer, error) {
	x := &Writer{format: f, out: bufio.NewWriterSize(w, 64<<10), sum: Sum{Packs: make(map[string]int)}}
	a.At = a.At.UTC()
	if !slices.Contains(statement.Marks, a.Mark) {
		return nil, fmt.Errorf("begin export: %q is no handling mark", a.Mark)
	}
	if a.Registry == nil {
		a.Registry = new(statement.Registry)
	}
	var err error
	switch f {
	case CSV:
		x.enc, err = newCSV(x.out, &a)
	case JSONL:
		x.enc, err = newJSONL(x.out, &a)
	case XLSX:
		x.enc, err = newXLSX(x.out, &a)
	case RSS:
		x.enc, err = newRSS(x.out, &a)
	case Atom:
		x.enc, err = newAtom(x.out, &a)
	case STIX:
		x.enc, err = newSTIX(x.out, &a)
	case Citations:
		x.enc, err = newCitations(x.out, &a)
	default:
		return nil, fmt.Errorf("begin export: there is no format %q", f)
	}
	if err != nil {
		return nil, fmt.Errorf("begin %s: %w", f, err)
	}
	return x, nil
}

// Write writes one statement.
func (x *Writer) Write(r *Row) error {
	if err := x.enc.row(x.sum.Statements+1, r); err != nil {
		return fmt.Errorf("write %s: statement %s: %w", x.format, r.Statement.Of, err)
	}
	x.sum.Statements++
	x.sum.Positions += len(r.Reading.Positions)
	x.sum.Packs[r.Reading.Pack]++
	return nil
}

// Sum counts what was written so far.
func (x *Writer) Sum() Sum { return x.sum }

// End ends the file. A cause says why it is not whole: then the file says so, or
// is left without its end so that no program takes it for whole. A workbook that
// is not whole is not written at all.
func (x *Writer) End(cause error) error {
	if err := x.enc.end(&x.sum, cause); err != nil {
		return fmt.Errorf("end %s: %w", x.format, err)
	}
	if err := x.out.Flush(); err != nil {
		return fmt.Errorf("end %s: %w", x.format, err)
	}
	return nil
}

// ParseMark reads a handling mark as people write it: in any case, with or without
// "TLP:", and with a space for the plus sign, which addresses make of it.
func ParseMark(text string) (statement.Mark, error) {
	name := strings.ToUpper(strings.Join(strings.Fields(strings.ReplaceAll(text, "+", " ")), "+"))
	if !strings.HasPrefix(name, "TLP:") {
		name = "TLP:" + name
	}
	if m := statement.Mark(name); slices.Contains(statement.Marks, m) {
		return m, nil
	}
	return "", fmt.Errorf("there is no handling mark %q: want one of %v", line(text), statement.Marks)
}
