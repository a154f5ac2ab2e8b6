package api

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"palabre/digest/export"
	"palabre/index"
	"palabre/statement"
	"palabre/store"
)

// extractBatch is how many statements are read at once.
const extractBatch = 500

// Extract says what is to be taken out of the record, and how. Of the criteria,
// Limit and Cursor are not heeded: everything that is found is taken.
type Extract struct {
	Criteria
	Format   export.Format
	Mark     statement.Mark
	Lang     string // of what is written for people: en, fr or ar
	Base     string // address at which people reach the site; may be empty
	Title    string // of a feed
	Self     string // address of a feed
	Registry *statement.Registry
}

// Extraction is an export that has begun: its query is understood, and its first
// statements are read.
type Extraction struct {
	about   export.About
	format  export.Format
	first   []store.Held
	more    func(context.Context) ([]store.Held, error)
	outlets map[string]string
}

// Begin begins an export. Without words and filters it walks through the record
// in the order in which the statements came, and ix may be nil; else through what
// the index finds, newest first, or oldest if the criteria say so.
func Begin(ctx context.Context, st *store.Store, ix *index.Index, x *Extract) (*Extraction, error) {
	if x.Format.MediaType() == "" {
		return nil, fmt.Errorf("%w: there is no format %q: want one of %v", errBadInput, plain(string(x.Format)), export.Formats)
	}
	e := &Extraction{format: x.Format, about: export.About{
		Window: x.window(), At: time.Now().UTC().Truncate(time.Second), Mark: x.Mark, Lang: cmp.Or(x.Lang, "en"),
		Title: x.Title, Base: x.Base, Self: x.Self, Registry: x.Registry,
	}}
	var err error
	if e.outlets, err = outletNames(ctx, st); err != nil {
		return nil, err
	}
	if x.everything() {
		e.more = walkRecord(st)
		e.about.Expected, err = st.Count(ctx)
	} else {
		err = e.find(ctx, st, ix, &x.Criteria)
	}
	if err != nil {
		return nil, err
	}
	e.first, err = e.more(ctx)
	return e, err
}

// everything reports whether the criteria choose the whole record.
func (x *Extract) everything() bool {
	return strings.TrimSpace(x.Q) == "" && len(x.Filters()) == 0 && x.Sort == ""
}

// asked is the query with the filters beside it, in the query language: as it was
// written, where there are none.
func (c *Criteria) asked(r *index.Request) string {
	if len(r.Filter) == 0 {
		return strings.TrimSpace(c.Q)
	}
	return r.String()
}

// window is the range of dates of the filters, as the query language writes it.
func (c *Criteria) window() string {
	if c.From == "" && c.To == "" {
		return ""
	}
	return c.From + "/" + c.To
}

// walkRecord reads everything, in the order in which it came.
func walkRecord(st *store.Store) func(context.Context) ([]store.Held, error) {
	after := int64(0)
	return func(ctx context.Context) (held []store.Held, err error) {
		held, after, err = st.Walk(ctx, after, extractBatch)
		return held, err
	}
}

// find begins to read what a search finds, page by page. It asks for the first page
// at once, to see whether the search can be answered and how much it finds.
func (e *Extraction) find(ctx context.Context, st *store.Store, ix *index.Index, c *Criteria) error {
	if ix == nil {
		return errors.New("export: a search needs the index")
	}
	request, err := c.request(ctx, ix.Reader())
	if err != nil {
		return err
	}
	request.Cursor, request.Limit, request.Facets = "", extractBatch, false
	if request.Sort != index.Oldest {
		request.Sort = index.Newest // the order of relevance changes while others write
	}
	page, err := ix.Search(ctx, request)
	if err != nil {
		return err
	}
	e.about.Query, e.about.Expected = c.asked(&request), int(page.Total)
	e.more = func(ctx context.Context) ([]store.Held, error) {
		for page != nil {
			ids := make([]string, len(page.Hits))
			for i, h := range page.Hits {
				ids[i] = h.ID
			}
			request.Cursor, page = page.Next, nil
			held, err := st.Statements(ctx, ids)
			if err == nil && request.Cursor != "" {
				page, err = ix.Search(ctx, request)
			}
			if err != nil || len(held) > 0 {
				return held, err
			}
		}
		return nil, nil
	}
	return nil
}

// Exported is what the log of the desk keeps of the export. The versions of the
// rules are those of its first statements.
func (e *Extraction) Exported() statement.Exported {
	var packs []string
	for i := range e.first {
		if pack := e.first[i].Reading.Pack; !slices.Contains(packs, pack) {
			packs = append(packs, pack)
		}
	}
	return statement.Exported{
		Query: e.about.Query, Window: e.about.Window, Format: string(e.format), Count: e.about.Expected, Mark: e.about.Mark, Pack: strings.Join(packs, " "),
	}
}

// DeskEvent is the entry in the log of the desk.
func (e *Extraction) DeskEvent(who string) (statement.DeskEvent, error) {
	what := e.Exported()
	details, err := json.Marshal(what)
	if err != nil {
		return statement.DeskEvent{}, fmt.Errorf("encode details: %w", err)
	}
	event := statement.DeskEvent{At: time.Now().UTC(), Who: who, Action: statement.Export, Subject: cmp.Or(what.Query, "everything"), Details: details}
	event.ID = statement.NewDeskEventID(&event)
	return event, nil
}

// row is a statement as it is exported.
func (e *Extraction) row(h *store.Held) export.Row {
	st := &h.Statement
	return export.Row{
		Statement: st, Reading: &h.Reading, Reasons: h.Reasons,
		Citation: st.Cite(cmp.Or(e.outlets[st.Outlet], st.Outlet), mainLang(st, h.Reading.Langs)),
	}
}

// Write writes the export. progress, which may be nil, hears how many statements
// are written. A file that breaks off says so, or cannot be read; the sum counts
// what stands in it.
func (e *Extraction) Write(ctx context.Context, w io.Writer, progress func(done, total int)) (export.Sum, error) {
	out, err := export.New(w, e.format, e.about)
	if err != nil {
		return export.Sum{}, err
	}
	err = e.each(ctx, func(held []store.Held) error {
		for i := range held {
			r := e.row(&held[i])
			if err := out.Write(&r); err != nil {
				return err
			}
		}
		if progress != nil {
			done := out.Sum().Statements
			progress(done, max(done, e.about.Expected))
		}
		return nil
	})
	return out.Sum(), errors.Join(err, out.End(err))
}

// batch is a stretch of statements, or why there is none.
type batch struct {
	held []store.Held
	err  error
}

// each calls f with all statements, a stretch at a time. The next stretch is read
// meanwhile.
func (e *Extraction) each(ctx context.Context, f func([]store.Held) error) error {
	ctx, cancel := context.WithCancel(ctx)
	next := make(chan batch, 1)
	go func() {
		defer close(next)
		for held := e.first; len(held) > 0; {
			select {
			case next <- batch{held: held}:
			case <-ctx.Done():
				return
			}
			var err error
			if held, err = e.more(ctx); err != nil {
				next <- batch{err: err}
				return
			}
		}
	}()
	defer func() {
		cancel()
		for range next { // until the reader has ended
		}
	}()
	for b := range next {
		if b.err != nil {
			return b.err
		}
		if err := f(b.held); err != nil {
			return err
		}
	}
	return ctx.Err()
}
