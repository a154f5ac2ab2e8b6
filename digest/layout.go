package digest

import (
	"bytes"
	"fmt"
	htmltemplate "html/template"
	"strings"
	texttemplate "text/template"

	"palabre/statement"
)

// The files of the layouts.
const (
	htmlLayout = "digest.html.tmpl"
	mdLayout   = "digest.md.tmpl"
)

// layouts are the templates of HTML and Markdown.
type layouts struct {
	html *htmltemplate.Template
	md   *texttemplate.Template
}

func (l *layouts) readHTML(name, text string) error {
	t, err := htmltemplate.New(name).Funcs(htmltemplate.FuncMap(new(page).htmlFuncs())).Parse(text)
	if err != nil {
		return fmt.Errorf("read texts: %w", err)
	}
	l.html = t
	return nil
}

func (l *layouts) readMarkdown(name, text string) error {
	t, err := texttemplate.New(name).Funcs(new(page).mdFuncs()).Parse(text)
	if err != nil {
		return fmt.Errorf("read texts: %w", err)
	}
	l.md = t
	return nil
}

// probe lays out a digest with a block of each kind, so that a layout that asks
// for something that there is not is found when it is read.
func (l *layouts) probe(t *Texts) error {
	words := Passage{Part: "p", Glyph: "▲", Runs: []Run{{Text: "words"}, {Note: 1}}, Machine: true}
	d := &Digest{
		Lang: "en", Mark: statement.Amber,
		Sections: []Section{{ID: "window"}, {ID: "takeaways", Title: "t", Blocks: []Block{
			{Kind: Heading, Text: &words},
			{Kind: Paragraph, Text: &words},
			{Kind: Point, Text: &words},
			{Kind: Quotation, Text: &words},
			{Kind: Paragraph, Text: &Passage{Part: "outlook"}},
			{Kind: TableBlock, Table: &Table{Head: []string{"h"}, Rows: [][]Passage{{words}}}},
			{Kind: ChartBlock, Chart: &Chart{Weeks: []string{"w"}, Lanes: []ChartLane{{Cells: []ChartCell{{Stance: statement.Pro}}}}, Key: []ChartKey{{Stance: statement.Pro}}}},
		}}},
		Annex: []Section{{ID: "statements", Title: "s"}},
		Notes: []Note{{N: 1, URL: "https://example.org/", Capture: "00", Cited: true}},
	}
	var b bytes.Buffer
	if err := t.html(&b, d); err != nil {
		return fmt.Errorf("read texts: %w", err)
	}
	if err := t.markdown(&b, d); err != nil {
		return fmt.Errorf("read texts: %w", err)
	}
	return nil
}

// page is a digest that is laid out.
type page struct {
	d       *Digest
	rtl     bool
	machine bool // some sentence is still the machine's
}

func newPage(d *Digest) *page {
	p := &page{d: d, rtl: d.Lang == "ar"}
	for v := range d.Passages() {
		p.machine = p.machine || v.Machine && len(v.Runs) > 0
	}
	return p
}

func (t *Texts) html(b *bytes.Buffer, d *Digest) error {
	l, err := t.layouts.html.Clone()
	if err != nil {
		return fmt.Errorf("lay out digest: %w", err)
	}
	if err := l.Funcs(htmltemplate.FuncMap(newPage(d).htmlFuncs())).Execute(b, d); err != nil {
		return fmt.Errorf("lay out digest: %w", err)
	}
	return nil
}

func (t *Texts) markdown(b *bytes.Buffer, d *Digest) error {
	l, err := t.layouts.md.Clone()
	if err != nil {
		return fmt.Errorf("lay out digest: %w", err)
	}
	if err := l.Funcs(newPage(d).mdFuncs()).Execute(b, d); err != nil {
		return fmt.Errorf("lay out digest: %w", err)
	}
	return nil
}

// funcs are what both layouts call.
func (p *page) funcs() texttemplate.FuncMap {
	return texttemplate.FuncMap{
		"dir": func() string {
			if p.rtl {
				return "rtl"
			}
			return "ltr"
		},
		"machine": func() bool { return p.machine },
		"blank":   func() string { return p.d.Labels.Blank },
		"shown":   shown,
		"comma":   p.comma,
		"sign":    func(s statement.Stance) string { return s.Glyph() },
	}
}

// shown reports whether a passage is to be seen: it has words, or waits for those
// of an analyst.
func shown(p *Passage) bool { return len(p.Runs) > 0 || p.Editor == "" }

func (p *page) htmlFuncs() texttemplate.FuncMap {
	f := p.funcs()
	f["passage"] = func(v any) htmltemplate.HTML { return htmltemplate.HTML(p.htmlPassage(passageOf(v))) }
	f["chart"] = func(c *Chart) htmltemplate.HTML { return htmltemplate.HTML(p.svg(c)) }
	f["tint"] = tint
	return f
}

// passageOf takes a passage however a template names it.
func passageOf(v any) *Passage {
	switch p := v.(type) {
	case *Passage:
		return p
	case Passage:
		return &p
	}
	return &Passage{}
}

// tint names the colour of a handling mark, as TLP 2.0 has it.
func tint(m statement.Mark) string {
	switch m {
	case statement.Amber, statement.AmberStrict:
		return "amber"
	case statement.Red:
		return "red"
	case statement.Green:
		return "green"
	}
	return ""
}

// htmlPassage writes runs as HTML. Words that were found, and those that run
// against the text's direction, stand apart from it.
func (p *page) htmlPassage(v *Passage) string {
	var b strings.Builder
	esc := htmltemplate.HTMLEscapeString
	for i, r := range v.Runs {
		if r.Note > 0 {
			if i > 0 && v.Runs[i-1].Note > 0 {
				b.WriteString("<sup>" + p.comma() + "</sup>")
			}
			fmt.Fprintf(&b, `<sup><a href="#n%d">%d</a></sup>`, r.Note, r.Note)
			continue
		}
		text := esc(r.Text)
		switch {
		case r.Lang != "":
			lang, turn := strings.TrimPrefix(r.Lang, "und"), ""
			if r.turns(p.rtl) {
				turn = ` class="turn"`
			}
			text = `<bdi lang="` + esc(lang) + `" dir="auto"` + turn + `>` + text + `</bdi>`
		case hasOther(r.Text, p.rtl):
			text = `<bdi>` + text + `</bdi>`
		}
		if r.Strong {
			text = `<b>` + text + `</b>`
		}
		b.WriteString(text)
	}
	if v.Machine && len(v.Runs) > 0 {
		fmt.Fprintf(&b, "\u2009"+`<sup class="machine" title="%s">%s</sup>`, esc(p.d.Labels.Legend), esc(p.d.Labels.Machine))
	}
	return b.String()
}

// turns reports whether words that were found begin in the other direction than
// the digest's.
func (r *Run) turns(rtl bool) bool {
	right, known := beginsRight(r.Text)
	return r.Lang != "" && known && right != rtl
}

func (p *page) mdFuncs() texttemplate.FuncMap {
	f := p.funcs()
	f["md"] = escapeMarkdown
	f["passage"] = func(v any) string { return p.mdPassage(passageOf(v)) }
	f["glyph"] = func(c ChartCell) string {
		if c.Spoke {
			return "**" + c.glyph() + "**"
		}
		return c.glyph()
	}
	return f
}

// glyph is the sign of a cell: full where the stance was said in its week, empty
// where it merely stands.
func (c *ChartCell) glyph() string {
	if c.Stance == "" {
		return ""
	}
	if c.Spoke {
		return c.Stance.Glyph()
	}
	return map[statement.Stance]string{statement.Pro: "△", statement.Anti: "▽", statement.Conditional: "◇", statement.Mixed: "(~)"}[c.Stance]
}

// mdPassage writes runs as Markdown.
func (p *page) mdPassage(v *Passage) string {
	var b strings.Builder
	for _, r := range v.Runs {
		if r.Note > 0 {
			fmt.Fprintf(&b, "[^%d]", r.Note)
			continue
		}
		text := escapeMarkdown(r.Text)
		if hasOther(r.Text, p.rtl) {
			text = isolateOpen + text + isolateClose
		}
		// Spaces may not stand inside the signs of strong text.
		if inner := strings.TrimSpace(text); r.Strong && inner != "" {
			text = strings.Replace(text, inner, "**"+inner+"**", 1)
		}
		b.WriteString(text)
	}
	if v.Machine && len(v.Runs) > 0 {
		b.WriteString(" *" + escapeMarkdown(p.d.Labels.Machine) + "*")
	}
	return b.String()
}

// escapeMarkdown makes words stand in Markdown as they are.
func escapeMarkdown(s string) string {
	var b strings.Builder
	for i, r := range s {
		switch {
		case strings.ContainsRune("\\`*_[]<>|#~&", r),
			i == 0 && strings.ContainsRune("-+=:", r),
			(r == '.' || r == ')') && i > 0 && digits(s[:i]):
			b.WriteByte('\\')
		case r == '\n' || r == '\r':
			r = ' '
		}
		b.WriteRune(r)
	}
	return b.String()
}
