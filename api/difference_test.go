package api

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// marks writes a difference with [-gone-] and {+come+}.
func marks(d difference) string {
	var b strings.Builder
	for _, c := range d.Changes {
		switch c.Op {
		case "gone":
			b.WriteString("[-" + c.Text + "-]")
		case "come":
			b.WriteString("{+" + c.Text + "+}")
		case "skip":
			fmt.Fprintf(&b, "…%d…", c.N)
		default:
			b.WriteString(c.Text)
		}
	}
	return b.String()
}

func TestDiffer(t *testing.T) {
	long := strings.Repeat("mot ", 100)
	for _, c := range []struct{ before, after, want string }{
		{"", "", ""},
		{"", "new words", "{+new words+}"},
		{"old words", "", "[-old words-]"},
		{"the same  words", "the same\nwords", "the same\nwords"},
		{"We refuse talks.", "We accept talks.", "We [-refuse -]{+accept +}talks."},
		{"talks, not war", "talks not war", "talks [-, -]not war"},
		{"قوات فرنسا في مالي", "قوات روسيا في مالي", "قوات [-فرنسا -]{+روسيا +}في مالي"},
		{long + "a b", long + "a c", "…89…" + strings.Repeat("mot ", 11) + "a [-b-]{+c+}"},
		{"a " + long + "b", "c " + long + "b", "[-a -]{+c +}" + strings.Repeat("mot ", 12) + "…89…"},
	} {
		d := differ(c.before, c.after)
		if got := marks(d.brief()); got != c.want {
			t.Errorf("%.20q to %.20q:\n got %q\nwant %q", c.before, c.after, got, c.want)
		}
	}
	if d := differ("one two three", "four five six seven"); d.shared() != 0 || d.Gone != 3 || d.Come != 4 || d.Same() {
		t.Errorf("nothing in common: %+v", d)
	}
}

// Texts of a megabyte are compared as far as it is quick to.
func TestDifferOfLongTexts(t *testing.T) {
	var a, b strings.Builder
	for i := range 200000 {
		fmt.Fprintf(&a, "w%d ", i)
		fmt.Fprintf(&b, "v%d ", i)
	}
	d := differ("same "+a.String()+"end", "same "+b.String()+"end")
	if !d.Cut || d.Gone != mostWords || d.Come != mostWords {
		t.Errorf("cut %t, %d gone, %d come", d.Cut, d.Gone, d.Come)
	}
	if diff := cmp.Diff("end", d.Changes[len(d.Changes)-1].Text); diff != "" {
		t.Error(diff)
	}
}

// What a difference says adds up to both texts.
func FuzzDiffer(f *testing.F) {
	f.Add("We refuse talks.", "We accept talks.")
	f.Add("قوات فرنسا", "قوات روسيا\u202e")
	f.Add("\xff a", "a \xff\xfe")
	f.Fuzz(func(t *testing.T, before, after string) {
		d := differ(before, after)
		var a, b strings.Builder
		for _, c := range d.Changes {
			if c.Op != "come" {
				a.WriteString(c.Text)
			}
			if c.Op != "gone" {
				b.WriteString(c.Text)
			}
		}
		fold := func(s string) string { return strings.Join(strings.Fields(s), "") }
		if !d.Cut && (fold(a.String()) != fold(before) || fold(b.String()) != fold(after)) {
			t.Errorf("%q to %q: %q", before, after, marks(d))
		}
	})
}

func TestFindsWordsThatWereCopied(t *testing.T) {
	text := "Nous  sommes prêts\nau dialogue \u202eavec\u202c tous."
	for quote, want := range map[string]string{
		"prêts au dialogue": "prêts\nau dialogue", "avec tous": "avec\u202c tous", "Nous": "Nous", " tous. ": "tous.", "nous": "", "": "", "  ": "", "refus": "",
	} {
		start, end, ok := find(text, quote)
		if ok != (want != "") || ok && text[start:end] != want {
			t.Errorf("%q: %d to %d, %t", quote, start, end, ok)
		}
	}
}
