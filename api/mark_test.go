package api

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"palabre/statement"
)

func TestParagraphsMarkOverlappingEvidence(t *testing.T) {
	s := &statement.Statement{
		ID: "1", Text: "Nous voulons parler, mais la France doit partir.\n\nوالحوار ممكن.", Lang: "fr",
		Turns: []statement.Turn{{Start: 0, End: 49, Speaker: "Koufa"}},
	}
	arabic := strings.Index(s.Text, "و")
	langs := []statement.LangRun{{Start: 0, End: arabic, Lang: "fr", Read: true}, {Start: arabic, End: len(s.Text), Lang: "ar", Read: true}}
	at := func(quote string, n int, stance statement.Stance) span {
		i := strings.Index(s.Text, quote)
		return span{i, i + len(quote), n, stance}
	}
	got := paragraphs(s, langs, []span{
		at("parler, mais la France", 1, statement.Conditional), at("mais la France doit partir", 2, statement.Anti), at("ممكن", 3, statement.Pro),
	})
	want := []paragraph{
		{Lang: "fr", Speaker: "Koufa", Stretches: []stretch{
			{Text: "Nous voulons "},
			{Text: "parler, ", Marks: []int{1}, Stance: statement.Conditional},
			{Text: "mais la France", Marks: []int{1, 2}, Stance: statement.Conditional, Ends: []int{1}},
			{Text: " doit partir", Marks: []int{2}, Stance: statement.Anti, Ends: []int{2}},
			{Text: ".\n"},
		}},
		{Lang: "ar", Stretches: []stretch{{Text: "والحوار "}, {Text: "ممكن", Marks: []int{3}, Stance: statement.Pro, Ends: []int{3}}, {Text: "."}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("paragraphs differ (-want +got):\n%s", diff)
	}
}

func TestEvidenceThatIsNotVerbatimIsNotMarked(t *testing.T) {
	s := &statement.Statement{ID: "1", Text: "Nous voulons parler."}
	position := func(revision, quote string, start, end int) FoundPosition {
		return FoundPosition{Revision: revision, Position: Position{Evidence: statement.Evidence{Field: statement.Text, Start: start, End: end, Quote: quote}}}
	}
	spans := spansOf(s, statement.Text, []FoundPosition{
		position("1", "parler", 13, 19), position("1", "parler", 0, 6), position("1", "x", 90, 91), position("2", "parler", 13, 19),
	})
	if diff := cmp.Diff([]span{{13, 19, 1, ""}}, spans, cmp.AllowUnexported(span{})); diff != "" {
		t.Errorf("spans differ (-want +got):\n%s", diff)
	}
}

// FuzzParagraphs checks that no text is lost, repeated or reordered, whatever
// the evidence and turns claim.
func FuzzParagraphs(f *testing.F) {
	f.Add("Nous voulons\n\nparler.", 3, 9, 5, 20, 4)
	f.Add("الحوار\nممكن", 0, 12, -3, 99, 1)
	f.Fuzz(func(t *testing.T, text string, a, b, c, d, turn int) {
		if !utf8.ValidString(text) {
			t.Skip("statements are valid UTF-8")
		}
		s := &statement.Statement{ID: "1", Text: text, Turns: []statement.Turn{{Start: turn, Speaker: "x"}}}
		var positions []FoundPosition
		for _, at := range [][2]int{{a, b}, {c, d}} {
			e := statement.Evidence{Field: statement.Text, Start: at[0], End: at[1]}
			if at[0] >= 0 && at[0] < at[1] && at[1] <= len(text) {
				e.Quote = text[at[0]:at[1]]
			}
			positions = append(positions, FoundPosition{Revision: "1", Position: Position{Evidence: e}})
		}
		spans := spansOf(s, statement.Text, positions)
		var all strings.Builder
		ends := 0
		for _, p := range paragraphs(s, nil, spans) {
			for _, st := range p.Stretches {
				all.WriteString(st.Text)
				ends += len(st.Ends)
			}
		}
		fold := func(s string) string { return strings.Join(strings.Fields(s), "") }
		if fold(all.String()) != fold(text) {
			t.Errorf("paragraphs of %q add up to %q", text, all.String())
		}
		if ends != len(spans) {
			t.Errorf("%d pieces of evidence end in %q, want %d", ends, text, len(spans))
		}
	})
}

func TestPlainKeepsLettersAndLeavesControls(t *testing.T) {
	const in = "a\u202eb\u2066c\x00d\te\nf\u200fg\u200dه\u009b"
	if got, want := plain(in), "abcd\te\nf\u200fg\u200dه"; got != want {
		t.Errorf("plain(%q) = %q, want %q", in, got, want)
	}
}

func TestWebAddress(t *testing.T) {
	for in, want := range map[string]string{
		"https://example.org/a?b=c": "https://example.org/a?b=c",
		"HTTP://example.org":        "http://example.org",
		"javascript:alert(1)":       "",
		" https://example.org":      "",
		"//example.org":             "",
		"data:text/html,x":          "",
		"https://bank@evil.example": "",
		"https:///nohost":           "",
	} {
		if got := webAddress(in); got != want {
			t.Errorf("webAddress(%q) = %q, want %q", in, got, want)
		}
	}
}
