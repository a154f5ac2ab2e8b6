package export_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/xuri/excelize/v2"

	"palabre/digest/export"
	"palabre/statement"
)

var errBroken = errors.New("the disk\nis full -- really")

func TestGolden(t *testing.T) {
	short := rows(t)[:4] // the last one is long
	for _, f := range []export.Format{export.CSV, export.JSONL, export.RSS, export.Atom, export.STIX, export.Citations} {
		golden(t, "whole"+f.Ending(), write(t, f, about(), short, nil))
	}
	for _, lang := range []string{"fr", "ar"} {
		a := about()
		a.Lang = lang
		golden(t, "citations."+lang+".md", write(t, export.Citations, a, short, nil))
	}
	var b bytes.Buffer
	dump(t, &b, write(t, export.XLSX, about(), short, nil))
	golden(t, "whole.xlsx.txt", b.Bytes())
}

// dump prints the cells of a workbook that hold something.
func dump(t *testing.T, w io.Writer, book []byte) {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(book))
	must(t, err)
	defer func() { must(t, f.Close()) }()
	for _, sheet := range f.GetSheetList() {
		fmt.Fprintf(w, "# %s\n", sheet)
		all, err := f.GetRows(sheet)
		must(t, err)
		for i, row := range all {
			for k, text := range row {
				name, err := excelize.CoordinatesToCellName(k+1, i+1)
				must(t, err)
				formula, err := f.GetCellFormula(sheet, name)
				must(t, err)
				if formula != "" {
					t.Errorf("%s of %s holds the formula %s", name, sheet, formula)
				}
				if text != "" {
					fmt.Fprintf(w, "%s %q\n", name, text)
				}
			}
		}
	}
}

func TestEveryFormatSaysWhatItIs(t *testing.T) {
	for _, f := range export.Formats {
		if f.MediaType() == "" || !strings.HasPrefix(f.Ending(), ".") {
			t.Errorf("%s: %q, %q", f, f.MediaType(), f.Ending())
		}
	}
	if got := export.Format("pdf").MediaType(); got != "" {
		t.Errorf("pdf is %s", got)
	}
	if _, err := export.New(io.Discard, "pdf", about()); err == nil || !strings.Contains(err.Error(), `no format "pdf"`) {
		t.Errorf("pdf: %v", err)
	}
	a := about()
	a.Mark = "SECRET"
	if _, err := export.New(io.Discard, export.CSV, a); err == nil || !strings.Contains(err.Error(), "no handling mark") {
		t.Errorf("another mark: %v", err)
	}
}

func TestCSV(t *testing.T) {
	data := write(t, export.CSV, about(), rows(t), nil)
	if !bytes.HasPrefix(data, []byte("\xef\xbb\xbfrecord,n,")) || !bytes.Contains(data, []byte("\r\n")) {
		t.Errorf("it begins %q", data[:40])
	}
	table, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))).ReadAll()
	must(t, err)
	col := make(map[string]int)
	for i, name := range table[0] {
		col[name] = i
	}
	if len(col) != len(table[0]) {
		t.Errorf("two columns have one name: %v", table[0])
	}
	for _, r := range table[1:] {
		if r[col["export_mark"]] != "TLP:AMBER+STRICT" || !strings.Contains(r[col["export_query"]], "topic:dialogue") {
			t.Errorf("a row does not carry the mark and the query: %q", r)
		}
	}
	kinds := make(map[string]int)
	for _, r := range table[1:] {
		kinds[r[0]]++
	}
	if fmt.Sprint(kinds) != "map[end:1 position:4 statement:2]" {
		t.Errorf("rows are %v", kinds)
	}
	long := table[len(table)-2]
	if long[col["cut"]] != "text" || len([]rune(long[col["text"]])) > 32_000 {
		t.Errorf("a long text has %d letters; cut: %q", len([]rune(long[col["text"]])), long[col["cut"]])
	}
	if last := table[len(table)-1]; last[0] != "end" || last[col["n"]] != "5" || last[col["positions"]] != "4" || last[col["pack"]] != "rules-1" {
		t.Errorf("the last row is %q", last)
	}
}

// FuzzCSV checks that no text makes a formula, wherever a spreadsheet program
// parts the cells, and that every row has every column.
func FuzzCSV(f *testing.F) {
	for _, text := range []string{
		"=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1", ";=1", "\";=1", "a;\"=1\"", "\x00=1", "\u202e=1", "＝1", " =1", "; =1", "'=1", "a\x0b;=1", ";;=1", "\ufeff=1",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 5000 {
			return
		}
		text = strings.ToValidUTF8(text, "")
		r := row(t, statement.Statement{ID: "x", Kind: statement.Post, Title: text, Text: text, URL: text, Note: text}, text)
		r.Reasons = []statement.Reason{statement.Reason(text)}
		data := write(t, export.CSV, export.About{Query: text, Window: text, Mark: statement.Red}, []export.Row{r}, errors.New(text))
		table, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
		must(t, err)
		if len(table) != 3 || len(table[1]) != len(table[0]) || len(table[2]) != len(table[0]) {
			t.Fatalf("%d rows", len(table))
		}
		for _, cells := range table[1:] {
			for _, c := range cells {
				for _, part := range strings.FieldsFunc(c, func(r rune) bool { return strings.ContainsRune(";\t\r\n", r) }) {
					part = strings.TrimLeftFunc(part, func(r rune) bool { return r == '"' || unicode.IsSpace(r) })
					if part != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(part)[0]) {
						t.Fatalf("%q is a formula in %q", part, c)
					}
				}
			}
		}
	})
}

func TestJSONL(t *testing.T) {
	all := rows(t)
	out := strings.Split(strings.TrimSuffix(string(write(t, export.JSONL, about(), all, nil)), "\n"), "\n")
	if len(out) != len(all)+2 {
		t.Fatalf("%d lines", len(out))
	}
	for i, text := range out[1 : len(out)-1] {
		var s struct {
			Type string
			statement.Statement
			Pack      string
			Positions []statement.Position
		}
		must(t, json.Unmarshal([]byte(text), &s))
		if s.Type != "statement" || s.Pack != "rules-1" || s.Positions == nil || s.Capture != all[i].Statement.Capture {
			t.Errorf("line %d: %s", i+2, text)
		}
		for _, p := range s.Positions {
			must(t, p.Evidence.Check(&s.Statement))
		}
	}
}

// TestBrokenOff checks that a file that broke off says so, or cannot be read.
func TestBrokenOff(t *testing.T) {
	some := rows(t)[:2]
	for f, want := range map[export.Format]string{
		export.CSV:       `failed,2,,,"not complete, it broke off; statements: 2; why: the disk is full -- really"`,
		export.JSONL:     `{"type":"end","complete":false,"error":"the disk\nis full -- really","statements":2,`,
		export.RSS:       "<!-- not complete, it broke off; statements: 2; why: the disk is full ‐‐ really -->",
		export.Atom:      "<!-- not complete, it broke off; statements: 2; why: the disk is full ‐‐ really -->",
		export.STIX:      "\nnot complete, it broke off; statements: 2; why: the disk is full -- really\n",
		export.Citations: "The list is not complete, it broke off. Statements: 2. Why: the disk is full -- really",
	} {
		data := write(t, f, about(), some, errBroken)
		if !strings.Contains(string(data), want) {
			t.Errorf("%s ends %q", f, data[max(0, len(data)-400):])
		}
		if f == export.STIX && json.Valid(data) {
			t.Error("a broken bundle is valid JSON")
		}
		if (f == export.RSS || f == export.Atom) && wellFormed(data) == nil {
			t.Errorf("a broken %s is well-formed", f)
		}
	}
	if data := write(t, export.XLSX, about(), some, errBroken); len(data) > 0 {
		t.Errorf("a broken workbook has %d bytes", len(data))
	}
}

// TestHostileText checks that no format is broken by any text.
func TestHostileText(t *testing.T) {
	word := strings.Repeat("ا", 1<<19)
	hostile := []string{word, "\x00\x07\x1b\u0085\ufffe\uffff", "\u202e\u2066\u2067x", "]]><!--&lt;\"'`*_[x](javascript:1)", "=1;=1", "\n\n# x\n1. y\n---\n"}
	var all []export.Row
	for i, text := range hostile {
		r := row(t, statement.Statement{ID: fmt.Sprint("h", i), Kind: statement.Kind(text), Lang: text, Title: text, Text: text, URL: text, Grade: statement.Grade(text)}, text,
			quoted(text, statement.Stance(text), text, text))
		r.Reading.Positions[0].Topic, r.Reading.Positions[0].Condition = statement.Topic(text), text
		all = append(all, r)
	}
	for _, f := range export.Formats {
		a := about()
		a.Query = strings.Join(hostile[1:], " ")
		a.Window, a.Title = a.Query, a.Query
		data := write(t, f, a, all, nil)
		switch f {
		case export.RSS, export.Atom:
			must(t, wellFormed(data))
		case export.STIX:
			validate(t, data)
		case export.XLSX:
			dump(t, io.Discard, data)
		case export.CSV, export.Citations:
			if i := strings.IndexFunc(string(data[3:]), func(r rune) bool {
				return unicode.IsControl(r) && r != '\n' && r != '\r' || r >= 0x202a && r <= 0x202e
			}); i >= 0 {
				t.Errorf("%s has a control at %d: %q", f, i, data[i:i+20])
			}
		case export.JSONL:
			for _, text := range strings.Split(strings.TrimSpace(string(data)), "\n") {
				if !json.Valid([]byte(text)) {
					t.Errorf("not JSON: %.200s", text)
				}
			}
		}
	}
	data := string(write(t, export.Citations, about(), all, nil))
	if n := strings.Count(data, "\n#"); n != 0 {
		t.Errorf("%d headings were smuggled in", n)
	}
}

// TestWorkbook checks what a workbook looks like when it is opened.
func TestWorkbook(t *testing.T) {
	a := about()
	a.Lang = "ar"
	f, err := excelize.OpenReader(bytes.NewReader(write(t, export.XLSX, a, rows(t), nil)))
	must(t, err)
	defer func() { must(t, f.Close()) }()
	if got := f.GetSheetList(); !slices.Equal(got, []string{"About", "Statements"}) {
		t.Errorf("sheets %v", got)
	}
	panes, err := f.GetPanes("Statements")
	must(t, err)
	if !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("the head scrolls away: %+v", panes)
	}
	view, err := f.GetSheetView("Statements", 0)
	must(t, err)
	if view.RightToLeft == nil || !*view.RightToLeft {
		t.Error("an Arabic sheet runs from left to right")
	}
	tables, err := f.GetTables("Statements")
	must(t, err)
	if len(tables) != 1 || !strings.HasPrefix(tables[0].Range, "A1:") || !strings.HasSuffix(tables[0].Range, "7") {
		t.Errorf("tables %+v", tables)
	}
	id, err := f.GetCellStyle("Statements", "D2")
	must(t, err)
	style, err := f.GetStyle(id)
	must(t, err)
	if style.Alignment == nil || style.Alignment.ReadingOrder != 2 {
		t.Errorf("an Arabic title has the style %+v", style.Alignment)
	}
	header, err := f.GetHeaderFooter("Statements")
	must(t, err)
	if header == nil || !strings.Contains(header.OddHeader, "TLP:AMBER+STRICT") {
		t.Errorf("printed pages have the header %+v", header)
	}
}
