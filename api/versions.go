package api

import (
	"context"
	"unicode/utf8"

	"palabre/lang"
	"palabre/statement"
	"palabre/store"
)

// telling is an utterance with how each report words it.
type telling struct {
	Event Event
	Lead  *Report // that stands for it
	Told  []told
}

// told is one report's words against those of the one that stands for the event.
type told struct {
	Report
	This    bool // it is the statement that is read
	Words   difference
	Foreign bool // so few words are shared that the difference says nothing: another language, or told anew
}

const (
	mostTellings = 8
	mostTold     = 40  // reports of an event that are compared
	leastInParts = 0.2 // of the words that two reports share for the difference to say something
)

// tellings compares the reports of each event that more than one statement tells
// of, by the sentences in which they do.
func (s *server) tellings(ctx context.Context, view *store.View) ([]telling, error) {
	var out []telling
	var ids []string
	for i := range view.Events {
		e := eventOf(&view.Events[i])
		if len(e.Reports) < 2 || len(out) == mostTellings {
			continue
		}
		t := telling{Event: e}
		for k := range e.Reports {
			r := &e.Reports[k]
			if r.Statement == e.Lead {
				t.Lead = r
			} else if len(t.Told) < mostTold {
				t.Told = append(t.Told, told{Report: *r, This: r.Statement == view.Statement.Of})
			}
			if len(ids) < mostTold*mostTellings {
				ids = append(ids, r.Statement)
			}
		}
		out = append(out, t)
	}
	held, err := s.store.Statements(ctx, ids)
	if err != nil {
		return nil, err
	}
	texts := make(map[string]*statement.Statement, len(held))
	for i := range held {
		texts[held[i].Statement.Of] = &held[i].Statement
	}
	for i := range out {
		out[i].compare(texts)
	}
	return out, nil
}

// compare fills in the sentences of the reports and what they change.
func (t *telling) compare(texts map[string]*statement.Statement) {
	before := t.Event.Quote
	if t.Lead != nil {
		t.Lead.Quote = sentenceWith(texts[t.Lead.Statement], t.Lead.Quote)
		before = t.Lead.Quote
	}
	for k := range t.Told {
		r := &t.Told[k]
		r.Quote = sentenceWith(texts[r.Statement], r.Quote)
		r.Words = differ(plain(before), plain(r.Quote))
		r.Foreign = r.Words.shared() < leastInParts
	}
}

// sentenceWith returns the sentences of a statement's text in which a quotation
// stands; the quotation where it stands elsewhere.
func sentenceWith(st *statement.Statement, quote string) string {
	const near = 2000 // bytes on either side that are looked at
	if st == nil {
		return quote
	}
	start, end, ok := find(st.Text, quote)
	if !ok {
		return quote
	}
	from, to := max(start-near, 0), min(end+near, len(st.Text))
	for ; from > 0 && !utf8.RuneStart(st.Text[from]); from-- {
	}
	for ; to < len(st.Text) && !utf8.RuneStart(st.Text[to]); to++ {
	}
	var cut lang.Text
	cut.Scan(st.Text[from:to])
	for _, s := range cut.Sentences {
		if s.End <= s.Start {
			continue
		}
		first, last := from+int(cut.Tokens[s.Start].Start), from+int(cut.Tokens[s.End-1].End)
		if last <= start || first >= end {
			continue
		}
		start, end = min(start, first), max(end, last)
	}
	return st.Text[start:end]
}

// version is a wording that a statement had, with how it came from the one before.
type version struct {
	Revision
	Compared bool // with the one before
	Title    difference
	Text     difference
}

// Same reports whether title and text are those of the version before.
func (v *version) Same() bool { return v.Title.Same() && v.Text.Same() }

// Gone counts the words of title and text that are there no more.
func (v *version) Gone() int { return v.Title.Gone + v.Text.Gone }

// Come counts the words that are new.
func (v *version) Come() int { return v.Title.Come + v.Text.Come }

// mostVersions is how many of the latest wordings are compared.
const mostVersions = 12

// versions compares each wording with the one before, the latest first.
func versions(revisions []statement.Statement) []version {
	out := make([]version, 0, len(revisions))
	for i := len(revisions) - 1; i >= 0; i-- {
		r := &revisions[i]
		v := version{
			Revision: Revision{r.ID, r.Revision, r.Title, r.Published.String(), r.Fetched.UTC(), r.Capture, len(r.Text)}, Compared: i > 0 && len(out) < mostVersions,
		}
		if v.Compared {
			before := &revisions[i-1]
			v.Title = differ(plain(before.Title), plain(r.Title))
			v.Text = differ(plain(before.Text), plain(r.Text)).brief()
		}
		out = append(out, v)
	}
	return out
}
