package digest

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/net/html"

	"palabre/statement"
)

// onOff is a switch of WordprocessingML; it is on where it is there without a
// value.
type onOff struct {
	Val string `xml:"val,attr"`
}

func (o *onOff) on() bool { return o != nil && o.Val != "false" && o.Val != "0" }

// wordParagraph is what a test looks at in a paragraph of a document.
type wordParagraph struct {
	Bidi  *onOff `xml:"pPr>bidi"`
	Style struct {
		Val string `xml:"val,attr"`
	} `xml:"pPr>pStyle"`
	Runs []struct {
		RTL  *onOff `xml:"rPr>rtl"`
		Text string `xml:"t"`
	} `xml:"r"`
}

func (p *wordParagraph) String() string {
	var b strings.Builder
	for _, r := range p.Runs {
		b.WriteString(r.Text)
	}
	return strings.NewReplacer("\u200e", "", "\u200f", "").Replace(b.String())
}

// openDOCX reads a document back: its paragraphs in order, those in tables too,
// and whether each table runs from right to left.
func openDOCX(t *testing.T, data string) (paragraphs []wordParagraph, tables []bool) {
	t.Helper()
	z, err := zip.NewReader(strings.NewReader(data), int64(len(data)))
	must(t, err)
	for _, f := range z.File {
		if !strings.HasSuffix(f.Name, ".xml") && !strings.HasSuffix(f.Name, ".rels") {
			continue
		}
		r, err := f.Open()
		must(t, err)
		part, err := io.ReadAll(r)
		must(t, err)
		d := xml.NewDecoder(bytes.NewReader(part))
		for {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s is no XML: %v", f.Name, err)
			}
			start, ok := token.(xml.StartElement)
			if !ok || f.Name != "word/document.xml" {
				continue
			}
			switch start.Name.Local {
			case "p":
				var p wordParagraph
				must(t, d.DecodeElement(&p, &start))
				paragraphs = append(paragraphs, p)
			case "bidiVisual":
				o := onOff{}
				for _, a := range start.Attr {
					o.Val = a.Value
				}
				tables = append(tables, o.on())
			}
		}
	}
	return paragraphs, tables
}

// TestDOCX reads the document back and checks direction and words.
func TestDOCX(t *testing.T) {
	for _, lang := range Languages {
		d := draft(t, fixture(t), lang)
		paragraphs, tables := openDOCX(t, render(t, DOCX, d))
		var all strings.Builder
		rtl, turned := lang == "ar", 0
		for i := range paragraphs {
			p := &paragraphs[i]
			all.WriteString(p.String() + "\n")
			if p.Bidi == nil {
				t.Fatalf("%s: the direction of a paragraph is not said: %s", lang, p)
			}
			if p.Bidi.on() != rtl {
				turned++
			}
			for _, r := range p.Runs {
				right, known := beginsRight(r.Text)
				if known && (r.RTL == nil || r.RTL.on() != right) || hasOther(r.Text, right) && known {
					t.Errorf("%s: a run is in the wrong direction: %q", lang, r.Text)
				}
			}
		}
		// The handling mark; in Arabic the two French quotes as well.
		if want := map[string]int{"en": 0, "fr": 0, "ar": 3}[lang]; turned != want {
			t.Errorf("%s: %d paragraphs run the other way, want %d", lang, turned, want)
		}
		if len(tables) != 6 {
			t.Errorf("%s: %d tables, want 6", lang, len(tables))
		}
		for _, right := range tables {
			if right != rtl {
				t.Errorf("%s: a table runs the wrong way", lang)
			}
		}
		for _, want := range []string{d.Title, walkBackWords, mandateWords, jnimWords, d.Labels.Annex, d.Notes[0].Capture, "TLP:AMBER"} {
			if !strings.Contains(all.String(), want) {
				t.Errorf("%s: %q is not in the document", lang, want)
			}
		}
	}
}

// needBrowser skips the test without Chromium, unless the environment says that
// it must run.
func needBrowser(t *testing.T) {
	t.Helper()
	_, err := findBrowser()
	switch required := os.Getenv("CI") == "true" || os.Getenv("PALABRE_BROWSER") == "required"; {
	case err != nil && required:
		t.Fatal(err)
	case err != nil:
		t.Skip(err)
	}
}

// TestPDF prints each language. The words are looked for where pdftotext is
// installed.
func TestPDF(t *testing.T) {
	needBrowser(t)
	for _, lang := range Languages {
		d := draft(t, fixture(t), lang)
		pdf := render(t, PDF, d)
		if !strings.HasPrefix(pdf, "%PDF-") || !strings.Contains(pdf[len(pdf)-64:], "%%EOF") {
			t.Fatalf("%s: that is no PDF: %.20q", lang, pdf)
		}
		if pages := strings.Count(pdf, "/Type /Page\n"); pages != 3 {
			t.Errorf("%s: %d pages, want two and an annex of one", lang, pages)
		}
		if _, err := exec.LookPath("pdftotext"); err != nil || lang == "ar" { // Arabic comes out letter by letter
			continue
		}
		cmd := exec.Command("pdftotext", "-layout", "-", "-")
		cmd.Stdin = strings.NewReader(pdf)
		text, err := cmd.Output()
		must(t, err)
		for _, want := range []string{d.Title, "aucune organisation nationale", d.Notes[0].Capture[:32]} {
			if !strings.Contains(string(text), want) {
				t.Errorf("%s: %q is not in the PDF:\n%s", lang, want, text)
			}
		}
	}
}

// TestOffline prints a layout that asks for things of the network.
func TestOffline(t *testing.T) {
	needBrowser(t)
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	defer server.Close()
	dir := t.TempDir()
	layout := fmt.Sprintf(`<html><body>{{.Title}}<img src="%[1]s/picture"><iframe src="%[1]s/frame"></iframe><script>fetch("%[1]s/script")</script><link rel="stylesheet" href="%[1]s/style"></body></html>`, server.URL)
	must(t, os.WriteFile(filepath.Join(dir, htmlLayout), []byte(layout), 0o644))
	texts, err := LoadTexts(dir)
	must(t, err)
	var b bytes.Buffer
	must(t, texts.Render(t.Context(), &b, PDF, draft(t, emptyWeek(t), "en")))
	if b.Len() == 0 || asked.Load() > 0 {
		t.Errorf("%d bytes were printed, and the network was asked %d times", b.Len(), asked.Load())
	}
}

// TestPrintsInTurn checks that no further Chromium is started while as many run as
// may, and that whoever gives up waiting is told so.
func TestPrintsInTurn(t *testing.T) {
	needBrowser(t)
	texts := openTexts(t)
	for range mostBrowsers {
		texts.printing <- struct{}{}
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	err := texts.Render(ctx, io.Discard, PDF, draft(t, emptyWeek(t), "en"))
	if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "wait for 2 others") {
		t.Errorf("a third one: %v", err)
	}
	<-texts.printing
	if err := texts.Render(t.Context(), io.Discard, PDF, draft(t, emptyWeek(t), "en")); err != nil {
		t.Errorf("once there is room: %v", err)
	}
	if len(texts.printing) != mostBrowsers-1 {
		t.Errorf("%d places are taken, want %d", len(texts.printing), mostBrowsers-1)
	}
}

func TestNoBrowser(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	err := openTexts(t).Render(t.Context(), io.Discard, PDF, draft(t, emptyWeek(t), "en"))
	if !errors.Is(err, ErrNoBrowser) {
		t.Errorf("without Chromium: %v", err)
	}
}

func TestCSV(t *testing.T) {
	table := render(t, CSV, draft(t, fixture(t), "ar"))
	if !strings.HasPrefix(table, byteOrderMark) {
		t.Error("there is no byte order mark")
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(table, byteOrderMark))).ReadAll()
	must(t, err)
	if len(rows) != 1+7 {
		t.Errorf("%d rows, want a head, six utterances and a silence", len(rows))
	}
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@\t", rune(cell[0])) {
				t.Errorf("a cell is a formula: %s", cell)
			}
		}
	}
	for cell, want := range map[string]string{"=1": "'=1", " =1": "' =1", "＝1": "'＝1", "-1": "'-1", "a=1": "a=1", "": ""} {
		if got := inert(cell); got != want {
			t.Errorf("%q becomes %q, want %q", cell, got, want)
		}
	}
}

func TestFormats(t *testing.T) {
	for _, f := range Formats {
		if got, err := ParseFormat(string(f)); err != nil || got != f || f.MediaType() == "" {
			t.Errorf("%s: %s, %v", f, got, err)
		}
	}
	if _, err := ParseFormat("odt"); err == nil || !strings.Contains(err.Error(), "want one of html, pdf, docx, md, json, csv") {
		t.Error(err)
	}
	if err := openTexts(t).Render(t.Context(), io.Discard, "odt", draft(t, emptyWeek(t), "en")); err == nil {
		t.Error("an unknown format was rendered")
	}
	if _, err := Draft(emptyWeek(t), "de", openTexts(t)); err == nil {
		t.Error("a digest was written in German")
	}
	if _, err := Draft(&Material{}, "en", openTexts(t)); err == nil {
		t.Error("a digest of no period was written")
	}
}

// poison is what sources may hold that must do no harm.
var poison = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>\u202etxt.exe\u2066\u0000\u0007\ufffe [x](javascript:alert(1)) | `code` **b** ]]> &lt; \n# h\n" + strings.Repeat("w", 1<<20)

// hostile puts the poison wherever words come from elsewhere.
func hostile(t testing.TB) *Material {
	m := fixture(t)
	for i := range m.Signals {
		n := &m.Signals[i]
		n.Signal.Condition, n.Signal.Why, n.Signal.Candidate = poison, poison, poison
		n.Now.Quote, n.Now.Title, n.Now.Outlet, n.Now.Lang, n.Then.Quote = poison, poison, poison, poison, poison
		n.Signal.Topic, n.Signal.Act = statement.Topic(poison), poison
	}
	for i := range m.Citations {
		c := &m.Citations[i]
		c.Title, c.Outlet, c.Lang, c.Capture, c.URL = poison, poison, poison, poison, "javascript:alert(1)"
	}
	for i := range m.Utterances {
		u := &m.Utterances[i]
		u.Evidence.Quote, u.Condition, u.Act, u.Actor, u.Places = poison, poison, poison, poison, []string{poison}
	}
	for i := range m.Demands {
		m.Demands[i].Words, m.Demands[i].Before, m.Demands[i].Why = poison, poison, poison
	}
	for i := range m.Standings {
		m.Standings[i].Condition, m.Standings[i].Quote = poison, poison
	}
	m.Officers[0].Who, m.Packs[0], m.Coverage.Silent[0].Source, m.Coverage.Silent[0].Why = poison, poison, poison, poison
	m.Coverage.Langs, m.Coverage.Unread[0].Lang = map[string]int{poison: 3}, poison
	m.Corrections[0].Note = poison
	m.Lanes[0].Actor = poison
	m.Quiet[0].Actor = poison
	return m
}

// TestHostile renders a digest of hostile words.
func TestHostile(t *testing.T) {
	for _, lang := range Languages {
		d := draft(t, hostile(t), lang)
		must(t, d.Edit("outlook", poison[:200], "<b>who</b>"))
		for _, f := range []Format{HTML, Markdown, JSON, CSV, DOCX} {
			out := render(t, f, d)
			if len(out) > 1<<20 {
				t.Errorf("%s: %d bytes", f, len(out))
			}
			if f == DOCX {
				openDOCX(t, out)
				continue
			}
			if strings.ContainsAny(out, "\u202e\u2066\u0000\u0007\ufffe") {
				t.Errorf("%s in %s holds controls", f, lang)
			}
			switch f {
			case HTML:
				checkHTML(t, out)
			case Markdown:
				if strings.Contains(strings.ReplaceAll(out, "\\<", ""), "<script") || strings.Contains(out, "\n# h") || strings.Contains(strings.ReplaceAll(out, "\\]", ""), "](javascript") {
					t.Errorf("Markdown runs:\n%.2000s", out)
				}
			}
		}
	}
}

// checkHTML fails the test where a page could run or ask for something.
func checkHTML(t *testing.T, page string) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	must(t, err)
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch n.Data {
		case "script", "img", "iframe", "object", "embed", "link", "form", "base":
			t.Errorf("the page has an element %s", n.Data)
		}
		for _, a := range n.Attr {
			key, value := strings.ToLower(a.Key), strings.ToLower(a.Val)
			if strings.HasPrefix(key, "on") || key == "src" || key == "href" && !strings.HasPrefix(value, "https://example.org/") && !strings.HasPrefix(value, "#n") {
				t.Errorf("the page has %s=%q", a.Key, a.Val)
			}
		}
	}
}

// TestHTML checks that the page needs no other, and that each note is there once.
func TestHTML(t *testing.T) {
	d := draft(t, fixture(t), "ar")
	page := render(t, HTML, d)
	checkHTML(t, page)
	for _, n := range d.Notes {
		if got := strings.Count(page, `id="n`+strconv.Itoa(n.N)+`"`); got != 1 {
			t.Errorf("note %d is there %d times", n.N, got)
		}
	}
	for _, want := range []string{`<html lang="ar" dir="rtl">`, `<bdi lang="fr" dir="auto" class="turn">`, `role="img"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %s", want)
		}
	}
}

func FuzzSegments(f *testing.F) {
	f.Add("plain", false)
	f.Add("نص with 12 words", true)
	f.Add("\u2068open", false)
	f.Fuzz(func(t *testing.T, s string, base bool) {
		var b strings.Builder
		for _, part := range segments(s, base) {
			if part.text == "" || hasOther(part.text, part.rtl) {
				t.Fatalf("%q holds %+v", s, part)
			}
			b.WriteString(part.text)
		}
		marks := strings.NewReplacer(isolateOpen, "", isolateClose, "", "\u200e", "", "\u200f", "")
		if got, want := marks.Replace(b.String()), marks.Replace(strings.ToValidUTF8(s, "\ufffd")); strings.ToValidUTF8(got, "\ufffd") != want && strings.Count(got, "\ufffd") == 0 {
			t.Fatalf("%q becomes %q", s, got)
		}
	})
}
