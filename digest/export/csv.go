package export

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
)

// byteOrderMark tells spreadsheet programs that a file is in UTF-8.
const byteOrderMark = "\ufeff"

// table writes CSV. Lines that are comments would break programs that read it, so
// that every row carries what the file says of itself in columns of its own; the
// first column says what the row is. The last row is "end" in a file that is whole
// and "failed" in one that is not.
type table struct {
	out   *csv.Writer
	about *About
	cols  []column
	own   []string // what the file says of itself
	cells []string
}

func newCSV(w *bufio.Writer, a *About) (encoder, error) {
	if _, err := w.WriteString(byteOrderMark); err != nil {
		return nil, err
	}
	t := &table{out: csv.NewWriter(w), about: a, cols: columns()}
	t.out.UseCRLF = true
	t.own = []string{string(a.Mark), inert(line(a.Query)), inert(line(a.Window)), moment(a.At), strconv.Itoa(a.Expected)}
	head := []string{"record"}
	for i := range t.cols {
		head = append(head, t.cols[i].name)
	}
	return t, t.out.Write(append(head, "export_mark", "export_query", "export_window", "export_at", "export_expected"))
}

func (t *table) row(n int, r *Row) error {
	list := places(n, r)
	for i := range list {
		record := "position"
		if list[i].position == nil {
			record = "statement"
		}
		t.cells = append(t.cells[:0], record)
		for _, v := range values(t.about, t.cols, &list[i]) {
			t.cells = append(t.cells, text(v))
		}
		if err := t.out.Write(append(t.cells, t.own...)); err != nil {
			return err
		}
	}
	return nil
}

// text is a value as CSV holds it. Numbers are ours and cannot be formulas.
func text(v any) string {
	switch v := v.(type) {
	case int:
		return strconv.Itoa(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case string:
		return inert(v)
	}
	return ""
}

func (t *table) end(s *Sum, cause error) error {
	record, says := "end", fmt.Sprintf("complete; statements: %d, positions: %d", s.Statements, s.Positions)
	if cause != nil {
		record, says = "failed", fmt.Sprintf("not complete, it broke off; statements: %d; why: %s", s.Statements, inert(line(cause.Error())))
	}
	t.cells = append(t.cells[:0], record)
	for i := range t.cols {
		v := ""
		switch t.cols[i].name {
		case "n":
			v = strconv.Itoa(s.Statements)
		case "positions":
			v = strconv.Itoa(s.Positions)
		case "title":
			v = says
		case "pack":
			v = inert(line(strings.Join(s.rules(), " ")))
		}
		t.cells = append(t.cells, v)
	}
	if err := t.out.Write(append(t.cells, t.own...)); err != nil {
		return err
	}
	t.out.Flush()
	return t.out.Error()
}
