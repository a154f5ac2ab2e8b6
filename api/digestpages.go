package api

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode"

	"palabre/digest"
	"palabre/store"
)

// digestsPage lists the digests.
type digestsPage struct {
	frame
	Digests []DigestSummary
	Formats []digest.Format
	Missing string // last week, if it has not been written up
}

// Download is the address of a digest as a file.
func (digestsPage) Download(period, lang string, f digest.Format) string {
	return fileLink(period, lang, f)
}

// Page is the address of a digest at the desk.
func (digestsPage) Page(period string) string { return pageLink(period, "") }

// Langs lists the languages of digests.
func (digestsPage) Langs() []string { return digest.Languages }

func fileLink(period, lang string, f digest.Format) string {
	return "/api/v1" + digestLink(period, lang, string(f))
}

// pageLink is the address of a digest at the desk. A slash in the name of its
// period stays one.
func pageLink(period, lang string) string {
	link := "/digests/" + period
	if lang != "" {
		link += "?lang=" + lang
	}
	return link
}

func (s *server) digestsPage(r *http.Request) (string, any, error) {
	f, err := s.deskFrame(r, "digests", say("Digests"))
	if err != nil {
		return "", nil, err
	}
	page := &digestsPage{frame: f, Formats: digest.Formats}
	if page.Digests, err = s.digests(r.Context()); err != nil {
		return "", nil, err
	}
	last := digest.WeekOf(time.Now()).Previous().String()
	if _, err := s.store.Digest(r.Context(), last); errors.Is(err, store.ErrNotFound) {
		page.Missing = last
	} else if err != nil {
		return "", nil, err
	}
	return "digests", page, nil
}

// digestPage is a digest at the desk: as it was issued, or as it can be edited.
type digestPage struct {
	frame
	*Written
	Name     string // of the period
	RTL      bool
	Summary  *DigestSummary
	Body     []sectionView
	Annexed  []sectionView
	Langs    []link
	Files    []link
	Edits    []store.Edited
	Previous string
	Next     string
}

// sectionView is a section that can be edited in place.
type sectionView struct {
	ID, Title string
	Blocks    []blockView
}

type blockView struct {
	Kind  digest.BlockKind
	Text  *passageView
	Head  []string
	Rows  [][]passageView
	Chart *digest.Chart
}

// passageView is a passage with what its form needs.
type passageView struct {
	*digest.Passage
	Page *digestPage
	At   string // ID on the page
}

// Editable reports whether the passage has a form.
func (p *passageView) Editable() bool {
	return p.Part != "" && p.Page.Desk != nil && p.Page.State() == draftState
}

// Rows is how high its field is.
func (p *passageView) Rows() int { return min(12, 2+len(p.String())/90) }

func (s *server) digestPage(r *http.Request) (string, any, error) {
	ctx := r.Context()
	if s.press == nil {
		return "", nil, errNoPress
	}
	lang := cmp.Or(r.URL.Query().Get("lang"), s.tongueOf(r).Lang)
	w, err := s.writtenDigest(ctx, r.PathValue("period"), lang)
	if err != nil {
		return "", nil, err
	}
	name := w.Period.String()
	f, err := s.deskFrame(r, "digests", say("Digest of %s", name))
	if err != nil {
		return "", nil, err
	}
	page := &digestPage{
		frame: f, Written: w, Name: name, RTL: lang == "ar",
		Previous: pageLink(w.Period.Previous().String(), lang),
	}
	if next := w.Period.Next(); !next.To.After(time.Now()) {
		page.Next = pageLink(next.String(), lang)
	}
	for _, l := range digest.Languages {
		page.Langs = append(page.Langs, link{Text: f.tongue.language(l), Link: pageLink(name, l), On: l == lang})
	}
	for _, f := range digest.Formats {
		page.Files = append(page.Files, link{Text: strings.ToUpper(string(f)), Link: fileLink(name, lang, f)})
	}
	if w.Kept != nil {
		summary, err := s.summaryOf(ctx, w.Kept)
		if err != nil {
			return "", nil, err
		}
		page.Summary = &summary
		if page.Edits, err = s.store.DigestEdits(ctx, name); err != nil {
			return "", nil, err
		}
	}
	page.Body, page.Annexed = page.view(w.Sections, "s"), page.view(w.Annex, "a")
	return "digest", page, nil
}

// Apart reports whether a run is set apart from what stands beside it: words that
// were found, and Latin ones in an Arabic sentence.
func (p *digestPage) Apart(r digest.Run) bool {
	return r.Lang != "" || p.RTL && strings.ContainsFunc(r.Text, func(c rune) bool { return unicode.Is(unicode.Latin, c) }) &&
		!strings.ContainsFunc(r.Text, func(c rune) bool { return unicode.Is(unicode.Arabic, c) })
}

// Hash is the SHA-256 of the digest in this language, once it is issued.
func (p *digestPage) Hash() string {
	if p.Summary == nil {
		return ""
	}
	for _, f := range p.Summary.Files {
		if f.Lang == p.Lang && f.Format == string(digest.JSON) {
			return f.Hash
		}
	}
	return ""
}

// view lays sections out. Every passage has an ID of its own on the page.
func (p *digestPage) view(sections []digest.Section, prefix string) []sectionView {
	n := 0
	passage := func(t *digest.Passage) passageView {
		n++
		return passageView{t, p, fmt.Sprintf("%s%d", prefix, n)}
	}
	var out []sectionView
	for i := range sections {
		v := sectionView{ID: sections[i].ID, Title: sections[i].Title}
		for j := range sections[i].Blocks {
			b := &sections[i].Blocks[j]
			block := blockView{Kind: b.Kind, Chart: b.Chart}
			if b.Text != nil {
				text := passage(b.Text)
				block.Text = &text
			}
			if b.Table != nil {
				block.Head = b.Table.Head
				for r := range b.Table.Rows {
					var row []passageView
					for c := range b.Table.Rows[r] {
						row = append(row, passage(&b.Table.Rows[r][c]))
					}
					block.Rows = append(block.Rows, row)
				}
			}
			v.Blocks = append(v.Blocks, block)
		}
		out = append(out, v)
	}
	return out
}
