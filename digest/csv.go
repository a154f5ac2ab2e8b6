package digest

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// byteOrderMark tells spreadsheets that a file is UTF-8.
const byteOrderMark = "\ufeff"

// columns are those of the table, the names of [Row]'s fields in JSON and then
// what its note says.
var columns = []string{
	"said", "actor", "speaker", "topic", "target", "stance", "reason", "from", "condition", "act", "quote", "first_hand", "outlets", "places",
	"candidate", "event", "signal", "statement", "note", "source", "title", "url", "capture",
}

// csv writes a row for each utterance. It opens in spreadsheets: UTF-8 with a byte
// order mark, and nothing that they would take for a formula.
func (d *Digest) csv(w io.Writer) error {
	if _, err := io.WriteString(w, byteOrderMark); err != nil {
		return fmt.Errorf("write table: %w", err)
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	err := out.Write(columns)
	for i := range d.Rows {
		if err != nil {
			break
		}
		err = out.Write(d.cells(&d.Rows[i]))
	}
	out.Flush()
	if err == nil {
		err = out.Error()
	}
	if err != nil {
		return fmt.Errorf("write table: %w", err)
	}
	return nil
}

func (d *Digest) cells(r *Row) []string {
	var n Note
	number := ""
	if r.Note > 0 && r.Note <= len(d.Notes) {
		n, number = d.Notes[r.Note-1], strconv.Itoa(r.Note)
	}
	cells := []string{
		r.Said, r.Actor, r.Speaker, string(r.Topic), r.Target, string(r.Stance), string(r.Reason), string(r.From), r.Condition, r.Act, r.Quote,
		strconv.FormatBool(r.FirstHand), strconv.Itoa(r.Outlets), strings.Join(r.Places, " "),
		r.Candidate, r.Event, r.Signal, r.Statement, number, n.Outlet, n.Title, n.URL, n.Capture,
	}
	for i, c := range cells {
		cells[i] = inert(c)
	}
	return cells
}

// inert keeps a spreadsheet from running a cell: what begins like a formula gets
// an apostrophe before it.
func inert(cell string) string {
	if first, ok := firstRune(strings.TrimLeft(cell, " \u00a0\u202f")); ok && strings.ContainsRune("=+-@\t\r\n|＝＋－＠", first) {
		return "'" + cell
	}
	return cell
}
