package api

import (
	"slices"
	"strings"
	"unicode"

	"palabre/statement"
)

// stretch is text that the same evidence covers.
type stretch struct {
	Text   string
	Marks  []int            // numbers of the positions that it proves; none where it proves nothing
	Stance statement.Stance // of the first of them
	Ends   []int            // numbers of those whose evidence ends here
}

// paragraph is a block of a statement's text.
type paragraph struct {
	Lang      string // BCP 47; empty where it is not known
	Speaker   string // set where somebody begins to speak
	Stretches []stretch
}

// span is where the evidence of a position lies in a field.
type span struct {
	start, end, number int
	stance             statement.Stance
}

// spansOf returns where the evidence of positions lies in a field of a
// statement, numbered from 1. Evidence that is not verbatim there is left out, and
// so is white space at its end, which may belong to a block that is not shown.
func spansOf(s *statement.Statement, field statement.Field, positions []FoundPosition) []span {
	var out []span
	for i := range positions {
		p := &positions[i]
		if e := p.Evidence; e.Field == field && p.Revision == s.ID && e.Check(s) == nil {
			if quote := strings.TrimRightFunc(e.Quote, unicode.IsSpace); strings.TrimSpace(quote) != "" {
				out = append(out, span{e.Start, e.Start + len(quote), i + 1, p.Stance})
			}
		}
	}
	return out
}

// paragraphs cuts a statement's text at line ends and where another person
// speaks, and each part at the edges of evidence.
func paragraphs(s *statement.Statement, langs []statement.LangRun, spans []span) []paragraph {
	var out []paragraph
	speaker, start := "", 0
	flush := func(end int) {
		if strings.TrimSpace(s.Text[start:end]) == "" {
			return
		}
		out = append(out, paragraph{
			Lang: langAt(langs, start+leading(s.Text[start:end]), s.Lang), Speaker: speaker, Stretches: stretches(s.Text, start, end, spans),
		})
		speaker = ""
	}
	for _, c := range cuts(s) {
		if c.at > start {
			flush(c.at)
			start = c.at
		}
		if c.speaker != "" {
			speaker = c.speaker
		}
	}
	flush(len(s.Text))
	return out
}

// cut is where a new paragraph begins.
type cut struct {
	at      int
	speaker string
}

func cuts(s *statement.Statement) []cut {
	var out []cut
	for i := range len(s.Text) {
		if s.Text[i] == '\n' {
			out = append(out, cut{at: i + 1})
		}
	}
	for _, t := range s.Turns {
		if t.Start >= 0 && t.Start <= len(s.Text) {
			out = append(out, cut{t.Start, t.Speaker})
		}
	}
	slices.SortStableFunc(out, func(a, b cut) int { return a.at - b.at })
	return out
}

// stretches cuts text[from:to] at the edges of the spans.
func stretches(text string, from, to int, spans []span) []stretch {
	edges := []int{from, to}
	for _, sp := range spans {
		edges = append(edges, min(max(sp.start, from), to), min(max(sp.end, from), to))
	}
	slices.Sort(edges)
	edges = slices.Compact(edges)
	out := make([]stretch, 0, len(edges))
	for i := range len(edges) - 1 {
		start, end := edges[i], edges[i+1]
		st := stretch{Text: text[start:end]}
		for _, sp := range spans {
			if sp.start > start || sp.end < end {
				continue
			}
			if st.Marks = append(st.Marks, sp.number); len(st.Marks) == 1 {
				st.Stance = sp.stance
			}
			if sp.end == end {
				st.Ends = append(st.Ends, sp.number)
			}
		}
		out = append(out, st)
	}
	return out
}

// leading is how many bytes of white space text begins with.
func leading(text string) int { return len(text) - len(strings.TrimLeftFunc(text, unicode.IsSpace)) }

// langAt returns the language of the text at an offset, or otherwise what the
// statement declares.
func langAt(langs []statement.LangRun, at int, declared string) string {
	for _, r := range langs {
		if at >= r.Start && at < r.End && r.Lang != "" && r.Lang != "und" {
			return r.Lang
		}
	}
	return declared
}
