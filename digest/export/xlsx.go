package export

import (
	"bufio"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// mostRows is how many rows a sheet can hold; what is more goes to a further one.
const mostRows = 1 << 20

const aboutSheet = "About"

// workbook writes XLSX: a first sheet on what the file holds, then the rows. They
// are kept in a temporary file; the workbook itself is written at the end, when
// its counts are known, and not at all if it is not whole.
type workbook struct {
	out    *bufio.Writer
	about  *About
	cols   []column
	file   *excelize.File
	sheet  *excelize.StreamWriter
	sheets int
	at     int // row that was written last
	most   int
	style  styles
}

type styles struct{ head, text, rtl, key int }

func newXLSX(w *bufio.Writer, a *About) (encoder, error) {
	b := &workbook{out: w, about: a, cols: columns(), file: excelize.NewFile(), most: mostRows}
	err := b.begin()
	if err != nil {
		err = errors.Join(err, b.file.Close())
	}
	return b, err
}

func (b *workbook) begin() error {
	if err := b.file.SetSheetName("Sheet1", aboutSheet); err != nil {
		return err
	}
	at := b.about.At.Format(time.RFC3339)
	err := b.file.SetDocProps(&excelize.DocProperties{
		Title: b.about.titleOf(), Creator: "Palabre", LastModifiedBy: "Palabre", Keywords: string(b.about.Mark), Category: string(b.about.Mark), Created: at, Modified: at,
	})
	if err != nil {
		return err
	}
	for _, s := range []struct {
		to    *int
		style excelize.Style
	}{
		{&b.style.head, excelize.Style{
			Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E7E6E6"}}, Alignment: &excelize.Alignment{Vertical: "top"},
		}},
		{&b.style.text, excelize.Style{Alignment: &excelize.Alignment{Vertical: "top"}}},
		{&b.style.rtl, excelize.Style{Alignment: &excelize.Alignment{Vertical: "top", Horizontal: "right", ReadingOrder: 2}}},
		{&b.style.key, excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{Vertical: "top"}}},
	} {
		if *s.to, err = b.file.NewStyle(&s.style); err != nil {
			return err
		}
	}
	return b.addSheet()
}

// addSheet begins the next sheet of rows, with a head that stays in sight and the
// mark on every page that is printed.
func (b *workbook) addSheet() (err error) {
	b.sheets++
	name := "Statements"
	if b.sheets > 1 {
		name += " " + strconv.Itoa(b.sheets)
	}
	if _, err := b.file.NewSheet(name); err != nil {
		return err
	}
	if err := b.file.SetHeaderFooter(name, &excelize.HeaderFooterOptions{OddHeader: "&C" + string(b.about.Mark), OddFooter: "&C&P / &N"}); err != nil {
		return err
	}
	if b.about.Lang == "ar" {
		yes := true
		if err := b.file.SetSheetView(name, 0, &excelize.ViewOptions{RightToLeft: &yes}); err != nil {
			return err
		}
	}
	if b.sheet, err = b.file.NewStreamWriter(name); err != nil {
		return err
	}
	for i := range b.cols {
		if err := b.sheet.SetColWidth(i+1, i+1, b.cols[i].width); err != nil {
			return err
		}
	}
	if err := b.sheet.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	head := make([]any, len(b.cols))
	for i := range b.cols {
		head[i] = excelize.Cell{StyleID: b.style.head, Value: b.cols[i].name}
	}
	b.at = 1
	return b.sheet.SetRow("A1", head)
}

// endSheet makes the rows a table, so that each column can be filtered.
func (b *workbook) endSheet() error {
	last, err := excelize.CoordinatesToCellName(len(b.cols), max(b.at, 2))
	if err != nil {
		return err
	}
	if err := b.sheet.AddTable(&excelize.Table{Range: "A1:" + last, Name: "statements" + strconv.Itoa(b.sheets), StyleName: "TableStyleLight1"}); err != nil {
		return err
	}
	return b.sheet.Flush()
}

func (b *workbook) row(n int, r *Row) error {
	list := places(n, r)
	for i := range list {
		if b.at == b.most {
			if err := errors.Join(b.endSheet(), b.addSheet()); err != nil {
				return err
			}
		}
		b.at++
		cells := values(b.about, b.cols, &list[i])
		for k, v := range cells {
			cells[k] = b.styled(v)
		}
		if err := b.sheet.SetRow("A"+strconv.Itoa(b.at), cells); err != nil {
			return err
		}
	}
	return nil
}

// styled gives a cell the direction of its text. A text is never a formula.
func (b *workbook) styled(v any) any {
	text, ok := v.(string)
	switch {
	case ok && text == "":
		return nil
	case ok && startsRightToLeft(text):
		return excelize.Cell{StyleID: b.style.rtl, Value: text}
	}
	return excelize.Cell{StyleID: b.style.text, Value: v}
}

func (b *workbook) end(s *Sum, cause error) (err error) {
	defer func() { err = errors.Join(err, b.file.Close()) }()
	if cause != nil {
		return nil
	}
	if err := b.endSheet(); err != nil {
		return err
	}
	if err := b.tell(s); err != nil {
		return err
	}
	_, err = b.file.WriteTo(b.out)
	return err
}

// tell fills the first sheet.
func (b *workbook) tell(s *Sum) error {
	a := b.about
	for i, f := range []struct {
		name  string
		value any
	}{
		{"Handling", string(a.Mark)},
		{"Query", orAll(a.Query)},
		{"Window", orAll(a.Window)},
		{"Exported at", moment(a.At)},
		{"Statements", s.Statements},
		{"Positions", s.Positions},
		{"Statements counted at the start", a.Expected},
		{"Versions of the rules", orAll(strings.Join(s.rules(), " "))},
		{"Complete", "yes"},
		{"Rows", "one a position; a statement without any has one row with position 0"},
	} {
		if err := b.file.SetSheetRow(aboutSheet, fmt.Sprintf("A%d", i+1), &[]any{f.name, f.value}); err != nil {
			return err
		}
	}
	if err := errors.Join(b.file.SetColWidth(aboutSheet, "A", "A", 34), b.file.SetColWidth(aboutSheet, "B", "B", 90), b.file.SetColStyle(aboutSheet, "A", b.style.key)); err != nil {
		return err
	}
	return b.file.SetHeaderFooter(aboutSheet, &excelize.HeaderFooterOptions{OddHeader: "&C" + string(a.Mark)})
}
