package statement_test

import (
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"palabre/statement"
)

func TestCitation(t *testing.T) {
	c := statement.Citation{Title: "On calls for negotiations", Outlet: "Al-Zallaqa Media Foundation", Date: dated(t, "2020-03-08"), Lang: "ar"}
	for _, want := range []struct{ lang, text string }{
		{"en", "“On calls for negotiations”, Al-Zallaqa Media Foundation, 8 March 2020 (Arabic)"},
		{"fr", "«\u00a0On calls for negotiations\u00a0», Al-Zallaqa Media Foundation, 8 mars 2020 (arabe)"},
		{"ar", "«\u2068On calls for negotiations\u2069»، \u2068Al-Zallaqa Media Foundation\u2069، 8 مارس 2020 (العربية)"},
		{"de", "“On calls for negotiations”, Al-Zallaqa Media Foundation, 8 March 2020 (Arabic)"},
	} {
		if got := c.Format(want.lang); got != want.text {
			t.Errorf("%s: %s\nwant %s", want.lang, got, want.text)
		}
	}
	c.URL, c.Capture, c.Reconstructed = "https://example.org/x", "00ff", true
	if got, want := c.FormatFull("fr"), "«\u00a0On calls for negotiations\u00a0», Al-Zallaqa Media Foundation, 8 mars 2020 (arabe, reconstitué), https://example.org/x, SHA-256 00ff"; got != want {
		t.Errorf("in full: %s\nwant %s", got, want)
	}
}

func TestCitationLacks(t *testing.T) {
	for _, c := range []struct {
		in                      statement.Citation
		english, french, arabic string
	}{
		{statement.Citation{}, "Untitled, undated", "Sans titre, sans date", "بلا عنوان، بلا تاريخ"},
		{
			statement.Citation{Title: "حول دعوات التفاوض", Lang: "ar", Date: dated(t, "2020-03")},
			"“\u2068حول دعوات التفاوض\u2069”, March 2020 (Arabic)", "«\u00a0\u2068حول دعوات التفاوض\u2069\u00a0», mars 2020 (arabe)", "«حول دعوات التفاوض»، مارس 2020 (العربية)",
		},
		{
			statement.Citation{Title: "Le « dialogue » et “la force”", Outlet: "RFI", Lang: "fr-ML", Date: dated(t, "2020-01-01")},
			"“Le « dialogue » et ‘la force’”, RFI, 1 January 2020 (French)", "«\u00a0Le “dialogue” et “la force”\u00a0», RFI, 1er janvier 2020 (français)",
			"«\u2068Le “dialogue” et “la force”\u2069»، \u2068RFI\u2069، 1 يناير 2020 (الفرنسية)",
		},
		{statement.Citation{Title: "x", Lang: "ttq", Date: dated(t, "2020")}, "“x”, 2020 (Tamasheq)", "«\u00a0x\u00a0», 2020 (tamasheq)", "«\u2068x\u2069»، 2020 (التماشق)"},
		{statement.Citation{Title: "x", Lang: "x-\u202eklingon"}, "“x”, undated (x-klingon)", "«\u00a0x\u00a0», sans date (x-klingon)", "«\u2068x\u2069»، بلا تاريخ (\u2068x-klingon\u2069)"},
	} {
		for lang, want := range map[string]string{"en": c.english, "fr": c.french, "ar": c.arabic} {
			if got := c.in.Format(lang); got != want {
				t.Errorf("%s: %q\nwant %q", lang, got, want)
			}
		}
	}
}

func TestCite(t *testing.T) {
	seen := time.Date(2021, 10, 22, 5, 0, 0, 0, time.UTC)
	s := statement.Statement{Of: "a", Title: "Mali", FirstSeen: seen, Capture: "ff", Reconstructed: true}
	if got, want := s.Cite("RFI", "fr").Format("en"), "“Mali”, RFI, 22 October 2021 (French, reconstructed)"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	s.Lang, s.Said = "ar", dated(t, "2021-10")
	if got, want := s.Cite("", "fr").Format("en"), "“Mali”, October 2021 (Arabic, reconstructed)"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func dated(t *testing.T, text string) statement.Date {
	t.Helper()
	d, err := statement.ParseDate(text, "test")
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// FuzzCitation checks that no text breaks out of its citation.
func FuzzCitation(f *testing.F) {
	for _, text := range []string{"a\nb", "\u202egnp.exe", "\u2069\u2069x", "\xff\x00", strings.Repeat("م", 1<<12), "“”«»", "\u2028\u2029\ufeff\U000e0041", " \t "} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c := statement.Citation{Title: text, Outlet: text, Lang: text, URL: text, Capture: text}
		for _, lang := range []string{"en", "fr", "ar"} {
			line := c.Format(lang)
			if !utf8.ValidString(line) || utf8.RuneCountInString(line) > 1000 {
				t.Fatalf("%s: no text, or %d bytes of it", lang, len(line))
			}
			open := 0
			for _, r := range c.FormatFull(lang) {
				switch {
				case r == '\u2068':
					open++
				case r == '\u2069':
					open--
				case unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || unicode.Is(unicode.Cf, r) && r != '\u200c' && r != '\u200d':
					t.Fatalf("%s: %q stays in %q", lang, r, line)
				}
				if open < 0 || open > 1 {
					t.Fatalf("%s: isolates do not match in %q", lang, line)
				}
			}
			if open != 0 {
				t.Fatalf("%s: an isolate is left open in %q", lang, line)
			}
		}
	})
}
