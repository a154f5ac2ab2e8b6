package digest

import (
	"strconv"

	"github.com/gomutex/godocx/docx"
	"github.com/gomutex/godocx/wml/ctypes"
	"github.com/gomutex/godocx/wml/stypes"
)

func (p *paper) blocks(blocks []Block) {
	for i := range blocks {
		b := &blocks[i]
		switch {
		case b.Kind == TableBlock && b.Table != nil:
			p.table(b.Table)
		case b.Kind == ChartBlock && b.Chart != nil:
			p.chart(b.Chart)
		case b.Text == nil || !shown(b.Text):
		case b.Kind == Heading:
			p.passage(p.paragraph("Heading2"), b.Text, look{}, nil)
		case b.Kind == Point:
			p.point(b.Text)
		case b.Kind == Quotation:
			p.quotation(b.Text)
		case len(b.Text.Runs) == 0:
			p.line(p.paragraph(""), p.d.Labels.Blank, look{quiet: true})
		default:
			p.passage(p.paragraph(""), b.Text, look{}, nil)
		}
	}
}

// point is a paragraph that hangs behind its glyph.
func (p *paper) point(text *Passage) {
	v := p.paragraph("")
	prop := v.GetCT().Property
	prop.Indent = &ctypes.Indent{Left: to(glyphIndent), Hanging: to(uint64(glyphIndent))}
	prop.Tabs = ctypes.Tabs{Tab: []ctypes.Tab{{Val: stypes.CustTabStopLeft, Position: glyphIndent}}}
	p.glyph(v, text.Glyph)
	tab(v)
	p.passage(v, text, look{}, nil)
}

// tab adds a tab.
func tab(v *docx.Paragraph) {
	v.AddRun()
	children := v.GetCT().Children
	last := children[len(children)-1].Run
	last.Children = append(last.Children, ctypes.RunChild{Tab: &ctypes.Empty{}})
}

func (p *paper) glyph(v *docx.Paragraph, glyph string) {
	if glyph != "" {
		p.line(v, glyph, look{strong: true, ink: inkTitle})
	}
}

// quotation is set in. Words of the other direction stand on lines of their own.
func (p *paper) quotation(text *Passage) {
	begin := func(rtl bool) *docx.Paragraph {
		v := p.paragraph("")
		p.direct(v, rtl)
		prop := v.GetCT().Property
		prop.Spacing = spacing(0, 30)
		// In a paragraph from right to left, what is called left is the right side.
		if rtl == p.rtl {
			prop.Indent = &ctypes.Indent{Left: to(glyphIndent + 160)}
		} else {
			prop.Indent = &ctypes.Indent{Right: to(glyphIndent + 160)}
		}
		return v
	}
	p.passage(begin(p.rtl), text, look{}, begin)
}

// grid begins a table as wide as the line.
func (p *paper) grid(widths []uint64) *docx.Table {
	t := p.doc.AddTable()
	prop := &t.GetCT().TableProp
	t.Width(lineWidth, stypes.TableWidthDxa)
	t.Layout(stypes.TableLayoutFixed)
	t.Grid(widths...)
	prop.BidiVisual = ctypes.OnOffFromBool(p.rtl)
	prop.Borders = &ctypes.TableBorders{Bottom: rule(4), InsideH: rule(4)}
	side := ctypes.NewTableWidth(60, stypes.TableWidthDxa)
	t.CellMargin(ctypes.NewTableWidth(25, stypes.TableWidthDxa), side, ctypes.NewTableWidth(25, stypes.TableWidthDxa), side)
	return t
}

// cell adds a cell with an empty paragraph.
func (p *paper) cell(row *docx.Row, width uint64) *docx.Paragraph {
	c := row.AddCell()
	c.Width(int(width), stypes.TableWidthDxa)
	v := c.AddEmptyPara()
	p.direct(v, p.rtl)
	v.GetCT().Property.Spacing = spacing(0, 0)
	return v
}

// whole keeps the last row of a table on one page. A head is repeated on each.
func whole(t *docx.Table, head bool) {
	rows := t.GetCT().RowContents
	prop := rows[len(rows)-1].Row.Property
	prop.CantSplit = ctypes.OnOffFromBool(true)
	if head {
		prop.Header = ctypes.OnOffFromBool(true)
	}
}

func (p *paper) table(t *Table) {
	widths := []uint64{lineWidth * 21 / 100, lineWidth * 25 / 100, lineWidth * 17 / 100, lineWidth * 37 / 100}
	if len(t.Head) != len(widths) {
		widths = nil
		for range t.Head {
			widths = append(widths, lineWidth/uint64(len(t.Head)))
		}
	}
	out := p.grid(widths)
	row := out.AddRow()
	whole(out, true)
	for i, h := range t.Head {
		p.line(p.cell(row, widths[i]), h, look{strong: true, quiet: true, half: 16})
	}
	for _, cells := range t.Rows {
		row := out.AddRow()
		whole(out, false)
		for i := range cells[:min(len(cells), len(widths))] {
			v := p.cell(row, widths[i])
			if g := cells[i].Glyph; g != "" {
				p.glyph(v, g+" ")
			}
			p.passage(v, &cells[i], look{strong: i == 0}, nil)
		}
	}
	p.gap()
}

// gap is a thin empty line behind a table: two tables would grow together.
func (p *paper) gap() {
	v := p.paragraph("")
	v.GetCT().Property.Spacing = spacing(0, 0)
	p.line(v, "\u00a0", look{half: 6})
}

// chart is a table with a glyph for each week.
func (p *paper) chart(c *Chart) {
	column := uint64(lineWidth * 70 / 100 / max(len(c.Weeks), 1))
	widths := []uint64{lineWidth - column*uint64(len(c.Weeks))}
	for range c.Weeks {
		widths = append(widths, column)
	}
	t := p.grid(widths)
	for _, l := range c.Lanes {
		row := t.AddRow()
		whole(t, false)
		name := p.cell(row, widths[0])
		p.line(name, l.Name, look{strong: true, half: 15})
		p.line(name, p.comma()+l.About, look{quiet: true, half: 15})
		for i := range l.Cells[:min(len(l.Cells), len(c.Weeks))] {
			v := p.cell(row, column)
			v.Justification(stypes.JustificationCenter)
			p.line(v, l.Cells[i].glyph(), look{strong: l.Cells[i].Spoke, ink: ink(l.Cells[i].Stance)})
		}
	}
	row := t.AddRow()
	whole(t, false)
	p.cell(row, widths[0])
	for _, week := range c.Weeks {
		v := p.cell(row, column)
		v.Justification(stypes.JustificationCenter)
		p.line(v, week, look{quiet: true, half: 14})
	}
	key := p.paragraph("")
	key.GetCT().Property.Spacing = spacing(30, 40)
	for _, k := range c.Key {
		if k.Stance != "" {
			p.line(key, k.Stance.Glyph()+" "+k.Words+"   ", look{quiet: true, half: 15})
		}
	}
	p.line(key, "▲ "+c.Said+"   △ "+c.Stands, look{quiet: true, half: 15})
}

// annex begins on a page of its own.
func (p *paper) annex() {
	p.heading(p.d.Labels.Annex, "Title").GetCT().Property.PageBreakBefore = ctypes.OnOffFromBool(true)
	for i := range p.d.Annex {
		s := &p.d.Annex[i]
		p.heading(s.Title, "Heading1")
		p.blocks(s.Blocks)
		if s.ID != "statements" {
			continue
		}
		for n := range p.d.Notes {
			p.note(&p.d.Notes[n])
		}
	}
}

func (p *paper) note(n *Note) {
	v := p.paragraph("")
	prop := v.GetCT().Property
	prop.Indent = &ctypes.Indent{Left: to(glyphIndent), Hanging: to(uint64(glyphIndent))}
	prop.Tabs = ctypes.Tabs{Tab: []ctypes.Tab{{Val: stypes.CustTabStopLeft, Position: glyphIndent}}}
	small := look{half: 16}
	p.line(v, strconv.Itoa(n.N), look{strong: true, half: 16})
	tab(v)
	p.line(v, n.Text, small)
	under := func(s, link string) {
		run := v.AddRun()
		run.AddBreak(nil)
		if link != "" {
			v.AddLink(s, link).Size(8)
			return
		}
		p.text(v, s, "", false, look{quiet: true, half: 14})
	}
	if n.URL != "" {
		under(n.URL, n.URL)
	}
	if n.Capture != "" {
		under("SHA-256 "+n.Capture, "")
	}
}
