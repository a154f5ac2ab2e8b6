package api

import (
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
	mostTold     = 60  // reports of an event that are compared
	leastInParts = 0.2 // of the words that two reports share for the difference to say something
)

// tellings compares the reports of each event that more than one statement tells
// of.
func tellings(view *store.View, this string) []telling {
	var out []telling
	for i := range view.Events {
		e := eventOf(&view.Events[i])
		if len(e.Reports) < 2 {
			continue
		}
		t := telling{Event: e}
		for k := range e.Reports {
			if e.Reports[k].Statement == e.Lead {
				t.Lead = &e.Reports[k]
			}
		}
		for k := range e.Reports[:min(len(e.Reports), mostTold)] {
			r := told{Report: e.Reports[k], This: e.Reports[k].Statement == this}
			if t.Lead == nil || r.Statement != e.Lead {
				r.Words = differ(plain(e.Quote), plain(r.Quote))
				r.Foreign = r.Words.shared() < leastInParts
				t.Told = append(t.Told, r)
			}
		}
		out = append(out, t)
	}
	return out
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
