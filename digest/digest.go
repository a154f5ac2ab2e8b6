package digest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"
	"strings"
	"time"

	"palabre/statement"
)

// Digest is a period written up in one language: final sentences, whoever
// prints it. As JSON it is read back as it was written.
type Digest struct {
	Period   Period         `json:"period"`
	Lang     string         `json:"lang"` // en, fr or ar
	Made     time.Time      `json:"made"` // when its material was gathered
	Mark     statement.Mark `json:"mark"`
	Number   int            `json:"number,omitempty"` // from 1, given when it is issued; 0: a draft
	Issued   time.Time      `json:"issued,omitzero"`
	Packs    []string       `json:"packs,omitempty"` // versions of the rules
	Title    string         `json:"title"`
	Labels   Labels         `json:"labels"`
	Sections []Section      `json:"sections"`
	Annex    []Section      `json:"annex"`
	Notes    []Note         `json:"notes"`
	Rows     []Row          `json:"rows"`
}

// Labels are the fixed words around the sentences, in the digest's language.
type Labels struct {
	Status  string `json:"status"`  // that it is a draft, or its number and when it was issued
	Machine string `json:"machine"` // stands behind what nobody has edited
	Legend  string `json:"legend"`  // says what Machine means
	Window  string `json:"window"`  // the period in words
	Annex   string `json:"annex"`
	Blank   string `json:"blank"` // stands where an analyst has still to write
}

// Section is a chapter. IDs are the same in every language.
type Section struct {
	ID     string  `json:"id"`
	Title  string  `json:"title"`
	Blocks []Block `json:"blocks"`
}

// BlockKind says how a block is laid out.
type BlockKind string

// The kinds of block.
const (
	Heading    BlockKind = "heading"
	Paragraph  BlockKind = "paragraph"
	Point      BlockKind = "point" // of a list, behind its glyph
	Quotation  BlockKind = "quotation"
	TableBlock BlockKind = "table"
	ChartBlock BlockKind = "chart"
)

// Block is a piece of a section.
type Block struct {
	Kind  BlockKind `json:"kind"`
	Text  *Passage  `json:"text,omitempty"`  // of a heading, paragraph, point or quotation
	Table *Table    `json:"table,omitempty"` // of a table
	Chart *Chart    `json:"chart,omitempty"` // of a chart
}

// Passage is what is edited in one piece.
type Passage struct {
	Part    string `json:"part,omitempty"`    // names it in the digest; empty: it cannot be edited
	Glyph   string `json:"glyph,omitempty"`   // stands before it: ▲ ▼ ◆ ~
	Runs    []Run  `json:"runs"`              // none: it is blank, or an analyst has struck it
	Machine bool   `json:"machine,omitempty"` // the machine wrote it and nobody has edited it
	Editor  string `json:"editor,omitempty"`  // who edited it last
}

// Run is a stretch of a passage in one language and style, or the mark of a note.
type Run struct {
	Text   string `json:"text,omitempty"`
	Lang   string `json:"lang,omitempty"` // BCP 47, of words that were found; empty for the digest's own
	Strong bool   `json:"strong,omitempty"`
	Note   int    `json:"note,omitempty"` // number of a note; then there is nothing else
}

// Table has a row for each actor, demand or whatever it lists.
type Table struct {
	Head []string    `json:"head"`
	Rows [][]Passage `json:"rows"`
}

// Chart shows the lines of principals side by side, a lane each.
type Chart struct {
	Title  string      `json:"title"`
	Weeks  []string    `json:"weeks"` // what stands below each column, oldest first
	Lanes  []ChartLane `json:"lanes"`
	Key    []ChartKey  `json:"key"`    // what the glyphs mean
	Said   string      `json:"said"`   // what a full glyph means
	Stands string      `json:"stands"` // what an empty one means
}

// ChartLane is one line, week by week.
type ChartLane struct {
	Name  string      `json:"name"`
	About string      `json:"about"`
	Cells []ChartCell `json:"cells"`
}

// ChartCell is a line in one week.
type ChartCell struct {
	Stance statement.Stance `json:"stance,omitempty"` // empty: a gap
	Spoke  bool             `json:"spoke,omitempty"`  // said or repeated in this week
	Words  string           `json:"words"`            // for whoever cannot see it
}

// ChartKey explains a glyph.
type ChartKey struct {
	Stance statement.Stance `json:"stance"` // empty: a gap
	Words  string           `json:"words"`
}

// Note is a statement that is cited. N counts from 1 without a gap.
type Note struct {
	N         int    `json:"n"`
	Statement string `json:"statement"`
	Text      string `json:"text"` // the citation with address and hash
	Title     string `json:"title"`
	Lang      string `json:"lang,omitempty"` // of the title
	Outlet    string `json:"outlet"`
	Said      string `json:"said,omitempty"` // ISO 8601
	URL       string `json:"url,omitempty"`
	Capture   string `json:"capture,omitempty"` // SHA-256
	Cited     bool   `json:"cited,omitempty"`   // a sentence leads to it
}

// Row is one utterance of the period as tables have it.
type Row struct {
	Event     string           `json:"event"`
	Signal    string           `json:"signal,omitempty"` // ID, where it is news
	Reason    statement.Reason `json:"reason,omitempty"`
	Said      string           `json:"said"` // ISO 8601, as much as is known
	Actor     string           `json:"actor"`
	Speaker   string           `json:"speaker,omitempty"`
	Topic     statement.Topic  `json:"topic"`
	Target    string           `json:"target,omitempty"`
	Stance    statement.Stance `json:"stance"`
	From      statement.Stance `json:"from,omitempty"`
	Condition string           `json:"condition,omitempty"`
	Act       string           `json:"act,omitempty"`
	Quote     string           `json:"quote,omitempty"`
	FirstHand bool             `json:"first_hand,omitempty"`
	Outlets   int              `json:"outlets"`
	Places    []string         `json:"places,omitempty"`
	Candidate string           `json:"candidate,omitempty"` // why it was for the desk only
	Statement string           `json:"statement"`
	Note      int              `json:"note,omitempty"` // number of the statement's note
}

// Passages returns every passage of the digest in reading order, the annex last.
func (d *Digest) Passages() iter.Seq[*Passage] {
	return func(yield func(*Passage) bool) {
		for _, sections := range [][]Section{d.Sections, d.Annex} {
			for i := range sections {
				for b := range sections[i].Blocks {
					if !sections[i].Blocks[b].passages(yield) {
						return
					}
				}
			}
		}
	}
}

func (b *Block) passages(yield func(*Passage) bool) bool {
	if b.Text != nil && !yield(b.Text) {
		return false
	}
	if b.Table == nil {
		return true
	}
	for r := range b.Table.Rows {
		for c := range b.Table.Rows[r] {
			if !yield(&b.Table.Rows[r][c]) {
				return false
			}
		}
	}
	return true
}

// String returns the words of the passage. Notes are numbers in brackets, as
// [Digest.Edit] reads them.
func (p *Passage) String() string {
	var b strings.Builder
	for _, r := range p.Runs {
		if r.Note > 0 {
			fmt.Fprintf(&b, "[%d]", r.Note)
			continue
		}
		b.WriteString(r.Text)
	}
	return b.String()
}

// JSON returns the digest as it is frozen: indented, and always the same bytes
// for the same digest.
func (d *Digest) JSON() ([]byte, error) {
	var b bytes.Buffer
	w := json.NewEncoder(&b)
	w.SetEscapeHTML(false)
	w.SetIndent("", "  ")
	if err := w.Encode(d); err != nil {
		return nil, fmt.Errorf("write digest %s: %w", d.Period, err)
	}
	return b.Bytes(), nil
}

// Parse reads what JSON returns. Unknown fields are an error: nothing of a frozen
// digest is dropped unseen.
func Parse(data []byte) (*Digest, error) {
	var d Digest
	r := json.NewDecoder(bytes.NewReader(data))
	r.DisallowUnknownFields()
	if err := r.Decode(&d); err != nil {
		return nil, fmt.Errorf("read digest: %w", err)
	}
	return &d, nil
}
