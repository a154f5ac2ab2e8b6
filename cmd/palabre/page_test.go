package main

import (
	"strings"
	"testing"
)

// TestLinesFit checks that no line is wider than the page, and that what is isolated
// or underlined is so in every line by itself.
func TestLinesFit(t *testing.T) {
	var out strings.Builder
	p := page{w: &out, width: 40, underline: true}
	text := "because " + p.marked(quoted("[قال] وزير الخارجية المالي إن [حكومته ترفض أي حوار مع] الجماعة")) + " reads as “an actor refuses talks” and so on for a while"
	p.line(2, "whose    ", text)
	for line := range strings.Lines(out.String()) {
		if n := columns(strings.TrimSuffix(line, "\n")); n > p.width {
			t.Errorf("%d columns: %q", n, line)
		}
		for _, s := range stretches {
			if strings.Count(line, s.opens) != strings.Count(line, s.closes) {
				t.Errorf("a line leaves %q open: %q", s.opens, line)
			}
		}
		if !strings.HasPrefix(line, "  whose    because") && !strings.HasPrefix(line, strings.Repeat(" ", 11)) {
			t.Errorf("the line does not begin where the text does: %q", line)
		}
	}
	if plain := strings.NewReplacer(startUnderline, "", endUnderline, "", rightToLeftIsolate, "", popIsolate, "").Replace(out.String()); strings.Join(strings.Fields(plain), " ") != "whose because “قال وزير الخارجية المالي إن حكومته ترفض أي حوار مع الجماعة” reads as “an actor refuses talks” and so on for a while" {
		t.Errorf("words are lost: %q", plain)
	}
}

func TestColumns(t *testing.T) {
	for text, want := range map[string]int{
		"":               0,
		"a déclaré":      9,
		"e\u0301":        1,
		quoted("رَفَضَ"): 5,
		startUnderline + "refuses" + endUnderline: 7,
	} {
		if got := columns(text); got != want {
			t.Errorf("columns(%q) = %d, want %d", text, got, want)
		}
	}
}
