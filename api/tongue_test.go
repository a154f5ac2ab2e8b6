package api

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"palabre/statement"
)

// said finds English texts where they are said: in Go and in templates.
var (
	saidInGo   = regexp.MustCompile(`\bsay\(("(?:[^"\\]|\\.)*")`)
	saidInPage = regexp.MustCompile(`[{( ]th? ("(?:[^"\\]|\\.)*")`)
	// The words for how somebody was found, which explanations show as they are.
	saidOfReading = regexp.MustCompile(`\b(?:Sense|Passed|Aim|GroundUnknown|GroundNo)\w+ +(?:Sense|PassedWhy|Aim|Ground) = ("(?:[^"\\]|\\.)*")`)
	counted       = regexp.MustCompile(`%d \p{L}`)
)

// textsSaid lists every English text of the pages with the file that says it.
func textsSaid(t *testing.T) map[string]string {
	t.Helper()
	out := make(map[string]string)
	find := func(name string, in *regexp.Regexp) {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range in.FindAllSubmatch(data, -1) {
			var text string
			if err := json.Unmarshal(m[1], &text); err != nil {
				t.Errorf("%s: %s: %v", name, m[1], err)
			}
			if strings.ContainsFunc(strings.NewReplacer("%s", "", "%d", "").Replace(text), isLetter) {
				out[text] = name
			}
		}
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	told, err := filepath.Glob("../classify/explain/*.go")
	if err != nil || len(told) == 0 {
		t.Fatalf("there are no explanations: %v", err)
	}
	files = append(files, told...)
	find("../classify/explain_words.go", saidOfReading)
	for _, name := range files {
		if !strings.HasSuffix(name, "_test.go") {
			find(name, saidInGo)
		}
	}
	err = filepath.WalkDir("web", func(name string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(name, ".html") {
			find(name, saidInPage)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func isLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

// textsHeld reads the texts of a language from all files.
func textsHeld(t *testing.T, lang string) map[string]translation {
	t.Helper()
	out := make(map[string]translation)
	files, err := filepath.Glob("web/texts/*." + lang + ".json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no texts in %s: %v", lang, err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var held map[string]translation
		if err := json.Unmarshal(data, &held); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for english, tr := range held {
			if before, ok := out[english]; ok && before.one != tr.one {
				t.Errorf("%s says %q otherwise than another file", name, english)
			}
			out[english] = tr
		}
	}
	return out
}

// TestTexts wants every text of the pages in every language, with the same things
// filled in, and none that no page says.
func TestTexts(t *testing.T) {
	said := textsSaid(t)
	if len(said) < 50 {
		t.Fatalf("only %d texts were found in the pages", len(said))
	}
	verbs := regexp.MustCompile(`%(\[\d\])?[sd]`)
	for _, lang := range []string{"en", "fr", "ar"} {
		held := textsHeld(t, lang)
		for english, name := range said {
			tr, ok := held[english]
			switch {
			case counted.MatchString(english) && tr.forms == nil:
				t.Errorf("%s: %q has no plurals in %s", name, english, lang)
			case !ok && lang != "en":
				t.Errorf("%s: %q is not said in %s", name, english, lang)
			case ok && tr.forms == nil && len(verbs.FindAllString(tr.one, -1)) != len(verbs.FindAllString(english, -1)):
				t.Errorf("%q and %q fill in different things", english, tr.one)
			}
		}
		for english := range held {
			if said[english] == "" && strings.ContainsFunc(strings.NewReplacer("%s", "", "%d", "").Replace(english), isLetter) {
				t.Errorf("no page says %q, which is said in %s", english, lang)
			}
		}
	}
}

func TestTongue(t *testing.T) {
	tongues, err := newTongues(&statement.Registry{})
	if err != nil {
		t.Fatal(err)
	}
	en, fr, ar := tongues[0], tongues[1], tongues[2]
	for _, c := range []struct{ got, want string }{
		{en.say("%d reports", 1), "1 report"},
		{en.say("%d reports", 12345), "12,345 reports"},
		{fr.say("%d reports", 2), "2 dépêches"},
		{ar.say("%d reports", 2), "تقريران"},
		{ar.say("%d reports", 11), "11 تقريرًا"},
		{en.say("note: %s", "الحوار"), "note: \u2068الحوار\u2069"},
		{fr.in(say("Taken back: %s %s.", "Aïcha", say("began the watch"))), "Annulé : Aïcha a pris la veille."},
		{string(en.translateHTML("%s is on watch since %s.", bdi("<b>"), "<i>")), "<bdi>&lt;b&gt;</bdi> is on watch since &lt;i&gt;."},
		{en.say("nobody has translated %s", "this"), "nobody has translated this"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

// actions are what a template fills in.
var actions = regexp.MustCompile(`(?s)\{\{.*?\}\}`)

// TestPagesSayNothingInOneLanguageAlone looks for words that stand in a template
// as they are.
func TestPagesSayNothingInOneLanguageAlone(t *testing.T) {
	same := regexp.MustCompile(`^([\s:,.()#×→…·/–-]|Palabre|API|RSS|Atom|UTC|SHA-256|CSV|JSON|XLSX|\d)*$`)
	words := regexp.MustCompile(`[A-Za-z]{2}`)
	found := 0
	err := filepath.WalkDir("web", func(name string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, ".html") {
			return err
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		found++
		page := html.NewTokenizer(bytes.NewReader(actions.ReplaceAll(data, nil)))
		code := 0
		for kind := page.Next(); kind != html.ErrorToken; kind = page.Next() {
			token := page.Token()
			switch inside := slices.Contains([]string{"code", "kbd", "pre", "svg"}, token.Data); {
			case kind == html.StartTagToken && inside:
				code++
			case kind == html.EndTagToken && inside:
				code--
			case kind == html.TextToken && code == 0 && words.MatchString(token.Data) && !same.MatchString(token.Data):
				t.Errorf("%s says %q in English alone", name, strings.TrimSpace(token.Data))
			}
		}
		return nil
	})
	if err != nil || found < 20 {
		t.Errorf("%d templates were read: %v", found, err)
	}
}
