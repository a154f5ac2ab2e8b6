package digest

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/gomutex/godocx"
	"github.com/gomutex/godocx/docx"
	"github.com/gomutex/godocx/wml/ctypes"
	"github.com/gomutex/godocx/wml/stypes"
)

// Measures of the page, in twentieths of a point: A4 with its margins.
const (
	pageWidth   = 11906
	pageHeight  = 16838
	pageMargin  = 964
	lineWidth   = pageWidth - 2*pageMargin
	glyphIndent = 640
)

const (
	inkTitle = "1D3557"
	inkQuiet = "5B6472"
	inkRule  = "C9D1DC"
)

// paper is a digest on its way to DOCX.
type paper struct {
	*page
	doc *docx.RootDoc
}

// look is how runs are set.
type look struct {
	strong, quiet bool
	half          int // size in half points; 0: that of the paragraph's style
	ink           string
}

// docx writes the digest as a document of Word and its kin. Directions are said
// for every paragraph, table and run, so that they need not be guessed.
func (t *Texts) docx(w io.Writer, d *Digest) error {
	doc, err := godocx.NewDocument()
	if err != nil {
		return fmt.Errorf("make document: %w", err)
	}
	p := &paper{page: newPage(d), doc: doc}
	p.styles()
	if err := p.sheet(); err != nil {
		return fmt.Errorf("make document: %w", err)
	}
	p.head()
	for i := range d.Sections {
		s := &d.Sections[i]
		if i > 0 {
			p.heading(s.Title, "Heading1")
		}
		p.blocks(s.Blocks)
		if i == 0 && p.machine {
			p.line(p.paragraph(""), d.Labels.Legend, look{quiet: true, half: 15})
		}
	}
	p.annex()
	if err := doc.Write(w); err != nil {
		return fmt.Errorf("write document: %w", err)
	}
	return nil
}

// styles sets the faces and sizes of the styles that are used.
func (p *paper) styles() {
	fonts := func() *ctypes.RunFonts {
		return &ctypes.RunFonts{Ascii: "Arial", HAnsi: "Arial", CS: "Arial", EastAsia: "Arial"}
	}
	p.doc.DocStyles.DocDefaults = &ctypes.DocDefault{
		RunProp: &ctypes.RunPropDefault{RunProp: &ctypes.RunProperty{
			Fonts: fonts(), Size: ctypes.NewFontSize(18), SizeCs: ctypes.NewFontSizeCS(p.size(18)), Lang: &ctypes.Lang{Val: to(p.latin()), Bidi: to("ar-SA")},
		}},
		ParaProp: &ctypes.ParaPropDefault{ParaProp: &ctypes.ParagraphProp{Spacing: spacing(0, 50)}},
	}
	for _, s := range []struct {
		id            string
		half          uint64
		before, after uint64
	}{{"Title", 30, 0, 20}, {"Heading1", 22, 150, 50}, {"Heading2", 19, 90, 30}} {
		style := p.style(s.id)
		prop := &ctypes.ParagraphProp{Spacing: spacing(s.before, s.after), KeepNext: ctypes.OnOffFromBool(true)}
		if level := strings.TrimPrefix(s.id, "Heading"); level != s.id {
			prop.OutlineLvl = &ctypes.DecimalNum{Val: int(level[0] - '1')}
		}
		if s.id == "Heading1" {
			prop.Border = &ctypes.ParaBorder{Bottom: rule(4)}
		}
		style.ParaProp = prop
		style.RunProp = &ctypes.RunProperty{
			Fonts: fonts(), Bold: ctypes.OnOffFromBool(true), BoldCS: ctypes.OnOffFromBool(true), Color: ctypes.NewColor(inkTitle),
			Size: ctypes.NewFontSize(s.half), SizeCs: ctypes.NewFontSizeCS(p.size(s.half)),
		}
	}
}

// style returns a style of the document, which is made if it is missing.
func (p *paper) style(id string) *ctypes.Style {
	list := p.doc.DocStyles.StyleList
	for i := range list {
		if list[i].ID != nil && *list[i].ID == id {
			return &list[i]
		}
	}
	p.doc.DocStyles.StyleList = append(list, ctypes.Style{ID: &id, Type: to(stypes.StyleTypeParagraph), Name: &ctypes.CTString{Val: id}})
	return &p.doc.DocStyles.StyleList[len(list)]
}

// size is a size for the script: Arabic letters look smaller than Latin ones.
func (p *paper) size(half uint64) uint64 {
	if p.rtl {
		return half + 2
	}
	return half
}

func (p *paper) latin() string {
	if p.rtl {
		return "en"
	}
	return p.d.Lang
}

func to[T any](v T) *T { return &v }

func spacing(before, after uint64) *ctypes.Spacing { return ctypes.NewParagraphSpacing(before, after) }

func rule(size int) *ctypes.Border {
	return &ctypes.Border{Val: stypes.BorderStyleSingle, Color: to(inkRule), Size: &size, Space: to("1")}
}

// footer is the page's foot: handling mark and page number.
const footer = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:ftr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:p><w:pPr><w:jc w:val="center"/></w:pPr>` +
	`<w:r><w:rPr><w:color w:val="5B6472"/><w:sz w:val="15"/></w:rPr><w:t xml:space="preserve">%s   ·   </w:t></w:r>` +
	`<w:fldSimple w:instr=" PAGE "><w:r><w:rPr><w:color w:val="5B6472"/><w:sz w:val="15"/></w:rPr><w:t>1</w:t></w:r></w:fldSimple></w:p></w:ftr>`

// sheet sets the page and its foot.
func (p *paper) sheet() error {
	const id = "rIdFooter"
	p.doc.FileMap.Store("word/footer1.xml", []byte(fmt.Sprintf(footer, esc(string(p.d.Mark)))))
	err := p.doc.ContentType.AddOverride("/word/footer1.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml")
	if err != nil {
		return err
	}
	rels := &p.doc.Document.DocRels
	rels.Relationships = append(rels.Relationships, &docx.Relationship{
		ID: id, Type: "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer", Target: "footer1.xml",
	})
	p.doc.Document.Body.SectPr = &ctypes.SectionProp{
		FooterReference: &ctypes.FooterReference{Type: stypes.HdrFtrDefault, ID: id},
		PageSize:        &ctypes.PageSize{Width: to(uint64(pageWidth)), Height: to(uint64(pageHeight))},
		PageMargin: &ctypes.PageMargin{
			Left: to(pageMargin), Right: to(pageMargin), Top: to(820), Bottom: to(820), Header: to(400), Footer: to(400), Gutter: to(0),
		},
	}
	return nil
}

// paragraph begins a paragraph in the digest's direction.
func (p *paper) paragraph(style string) *docx.Paragraph {
	v := p.doc.AddEmptyParagraph()
	p.direct(v, p.rtl)
	if style != "" {
		v.Style(style)
	}
	return v
}

func (p *paper) direct(v *docx.Paragraph, rtl bool) {
	ct := v.GetCT()
	if ct.Property == nil {
		ct.Property = &ctypes.ParagraphProp{}
	}
	ct.Property.Bidi = ctypes.OnOffFromBool(rtl)
}

// text adds text to a paragraph. base is its direction where its letters say
// nothing.
func (p *paper) text(v *docx.Paragraph, s, lang string, base bool, l look) {
	around := *v.GetCT().Property.Bidi.Val == stypes.OnOffTrue
	parts := segments(s, base)
	if base != around {
		// Some programs go by the letters alone: marks keep signs at either end within.
		parts = slices.Concat([]segment{{turned(around), around}, {turned(base), base}}, parts, []segment{{turned(base), base}, {turned(around), around}})
	}
	for _, part := range parts {
		prop := &ctypes.RunProperty{RightToLeft: ctypes.OnOffFromBool(part.rtl)}
		if l.strong {
			prop.Bold, prop.BoldCS = ctypes.OnOffFromBool(true), ctypes.OnOffFromBool(true)
		}
		if ink := cmp.Or(l.ink, map[bool]string{true: inkQuiet}[l.quiet]); ink != "" {
			prop.Color = ctypes.NewColor(ink)
		}
		if l.half > 0 {
			prop.Size, prop.SizeCs = ctypes.NewFontSize(uint64(l.half)), ctypes.NewFontSizeCS(uint64(l.half))
		}
		if lang != "" && lang != "und" {
			prop.Lang = &ctypes.Lang{Val: &lang}
			if part.rtl {
				prop.Lang = &ctypes.Lang{Bidi: &lang}
			}
		}
		v.AddText(part.text)
		children := v.GetCT().Children
		children[len(children)-1].Run.Property = prop
	}
}

// line adds text of the digest's own.
func (p *paper) line(v *docx.Paragraph, s string, l look) { p.text(v, s, "", p.rtl, l) }

func (p *paper) raised(v *docx.Paragraph, s, ink string) {
	if p.rtl {
		s = turned(true) + s // else it would become part of a number before it
	}
	p.text(v, s, "", p.rtl, look{ink: ink})
	children := v.GetCT().Children
	for i := range slices.Backward(children) {
		if run := children[i].Run; run != nil && run.Property.Color != nil {
			run.Property.VertAlign = ctypes.NewGenSingleStrVal(stypes.VerticalAlignRunSuperscript)
			return
		}
	}
}

// passage adds the runs of a passage. Where turn is given, words of the other
// direction get a paragraph of their own from it, and the rest follows in
// another.
func (p *paper) passage(v *docx.Paragraph, text *Passage, l look, turn func(rtl bool) *docx.Paragraph) {
	for i, r := range text.Runs {
		switch {
		case r.Note > 0:
			mark := strconv.Itoa(r.Note)
			if i > 0 && text.Runs[i-1].Note > 0 {
				mark = p.comma() + mark
			}
			p.raised(v, mark, "1D4E89")
		case turn != nil && r.turns(p.rtl):
			p.text(turn(!p.rtl), r.Text, r.Lang, !p.rtl, l)
			v = turn(p.rtl)
		default:
			base := p.rtl
			if right, known := beginsRight(r.Text); known && (r.Lang != "" || hasOther(r.Text, p.rtl)) {
				base = right
			}
			own := l
			own.strong = own.strong || r.Strong
			p.text(v, r.Text, r.Lang, base, own)
		}
	}
	if text.Machine && len(text.Runs) > 0 {
		p.raised(v, "\u2009"+p.d.Labels.Machine, inkQuiet)
	}
}

func (p *page) comma() string {
	if p.rtl {
		return "، "
	}
	return ", "
}

func (p *paper) head() {
	mark := p.paragraph("")
	mark.GetCT().Property.Justification = ctypes.NewGenSingleStrVal(stypes.JustificationLeft)
	mark.GetCT().Property.Bidi = ctypes.OnOffFromBool(false)
	p.text(mark, " "+string(p.d.Mark)+" ", "", false, look{strong: true, half: 17, ink: map[string]string{"amber": "FFC000", "red": "FF2B2B", "green": "33FF00", "": "FFFFFF"}[tint(p.d.Mark)]})
	for _, c := range mark.GetCT().Children {
		c.Run.Property.Shading = &ctypes.Shading{Val: stypes.ShdClear, Color: to("000000"), Fill: to("000000")}
	}
	p.heading(p.d.Title, "Title")
	p.line(p.paragraph(""), p.d.Labels.Window+" · "+p.d.Labels.Status, look{quiet: true})
}

func (p *paper) heading(text, style string) *docx.Paragraph {
	v := p.paragraph(style)
	p.line(v, text, look{})
	return v
}
