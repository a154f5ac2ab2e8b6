package digest

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var plurals = regexp.MustCompile(`\.(zero|one|two|few|many|other)$`)

// TestTexts checks that all languages say the same things, with the same braces,
// and have every form of a count that they need.
func TestTexts(t *testing.T) {
	texts := openTexts(t)
	braces := func(lang string) map[string][]string {
		out := make(map[string][]string)
		for key, pieces := range texts.tongues[lang].text {
			base := plurals.ReplaceAllString(key, ".#")
			out[base] = slices.Clip(out[base]) // there, even without a brace
			for _, p := range pieces {
				name, _, _ := strings.Cut(p.brace, ".")
				if name != "" && !slices.Contains(out[base], name) {
					out[base] = append(out[base], name)
				}
			}
			slices.Sort(out[base])
			if base != key {
				out[base] = slices.DeleteFunc(out[base], func(s string) bool { return s == "n" }) // "one" may do without
			}
		}
		return out
	}
	want := braces("en")
	for _, lang := range Languages {
		if diff := cmp.Diff(want, braces(lang)); diff != "" {
			t.Errorf("%s differs from English (-en +%s):\n%s", lang, lang, diff)
		}
		tongue := texts.tongues[lang]
		for base := range want {
			noun, counts := strings.CutSuffix(base, ".#")
			for n := 0; counts && n < 200; n++ {
				key := tongue.form(noun, n)
				form := plurals.FindString(key)
				if !tongue.has(key) || lang == "ar" && n > 2 && n < 100 && form == ".other" {
					t.Fatalf("%s: %s has no form for %d", lang, noun, n)
				}
			}
		}
	}
}

func TestNames(t *testing.T) {
	fr := &writer{m: &Material{Registry: registry}, t: openTexts(t).tongues["fr"], names: make(map[string]name)}
	for id, want := range map[string]string{
		"mali-government": "du gouvernement malien", "un": "des Nations unies", "france": "de la France", "eu": "de l’Union européenne", "aqim": "d’AQMI", "jnim": "du GSIM (JNIM)",
	} {
		if got := fr.actor(id).of("fr"); got != want {
			t.Errorf("%s: %q, want %q", id, got, want)
		}
	}
	for bare, want := range map[string]string{"Iyad ag Ghali": "d’Iyad ag Ghali", "Hamadoun Kouffa": "de Hamadoun Kouffa", "Youssouf Toloba": "de Youssouf Toloba"} {
		if got := (name{bare: bare}).of("fr"); got != want {
			t.Errorf("of %s is %q, want %q", bare, got, want)
		}
	}
}

func TestCounts(t *testing.T) {
	texts := openTexts(t)
	for _, c := range []struct {
		lang, noun string
		n          int
		want       string
	}{
		{"en", "statements", 1, "1 statement"},
		{"en", "silent", 2, "two sources silent ()"},
		{"fr", "outlets", 0, "0 média"},
		{"fr", "statements", 2, "2 déclarations"},
		{"ar", "statements", 3, "3 تصريحات"},
		{"ar", "statements", 11, "11 تصريحًا"},
		{"ar", "statements", 100, "100 تصريح"},
		{"ar", "statements", 2, "تصريحان"},
	} {
		tongue := texts.tongues[c.lang]
		if got := tongue.flat(tongue.count(c.noun, c.n, nil)); got != c.want {
			t.Errorf("%d %s in %s: %q, want %q", c.n, c.noun, c.lang, got, c.want)
		}
	}
}

// TestOverride puts an operator's texts and layout over those of the program, and
// checks that mistakes in them are told with file and line.
func TestOverride(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) { must(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644)) }
	write("fr.txt", "# ours\nsection.outlook = À suivre : la suite\ntopic.ceasefires = Trêves\n")
	write("names.txt", "jnim = the / group | le / groupe | الجماعة\n")
	write("digest.md.tmpl", "{{.Title}}\n{{range .Sections}}{{.Title}}\n{{end}}")
	texts, err := LoadTexts(dir)
	must(t, err)
	d, err := Draft(fixture(t), "fr", texts)
	must(t, err)
	var b strings.Builder
	must(t, texts.Render(t.Context(), &b, Markdown, d))
	if want := "Synthèse hebdomadaire, semaine 42 de 2021\nLa semaine\n"; !strings.HasPrefix(b.String(), want) || !strings.Contains(b.String(), "À suivre\u00a0: la suite\n") {
		t.Errorf("the layout gives\n%s", b.String())
	}
	if text := section(t, d, "takeaways"); !strings.Contains(text, "le dialogue avec le groupe") {
		t.Errorf("the name is not used:\n%s", text)
	}
	for _, c := range []struct{ name, text, says string }{
		{"en.txt", "section.outlook = A\nsection.nothing = B\n", "en.txt, line 2: no text is called section.nothing"},
		{"en.txt", "section.outlook\n", "en.txt, line 1: want key = text"},
		{"en.txt", "\n\nofficers.line = {officer}\n", "en.txt, line 3: officers.line has no {officer}"},
		{"en.txt", "officers.line = {officers\n", "line 1: a brace is not closed"},
		{"en.txt", "officers.line = officers}\n", "line 1: a brace is closed"},
		{"en.txt", "section.outlook = A\nsection.outlook = B\n", "line 2: section.outlook stands there twice"},
		{"names.txt", "jnim = JNIM\n", "names.txt, line 1: want ID = English | French | Arabic"},
		{"names.txt", "jnim = a | | b\n", "names.txt, line 1: a name is empty"},
		{"digest.html.tmpl", "<p>\n{{.Title}", "digest.html.tmpl:2"},
		{"digest.html.tmpl", "<p>\n{{.Headline}}", "digest.html.tmpl:2"},
		{"digest.md.tmpl", "\n\n{{nothing}}", "digest.md.tmpl:3"},
		{"digest.md.tmpl", "\n{{range .Sections}}{{range .Blocks}}{{.Words}}{{end}}{{end}}", "digest.md.tmpl:2"},
		{"en.txt", strings.Repeat("#", longestFile+1), "the most is"},
	} {
		dir = t.TempDir()
		write(c.name, c.text)
		if _, err := LoadTexts(dir); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want it to say %q", c.name, err, c.says)
		}
	}
	if _, err := LoadTexts(filepath.Join(dir, "en.txt")); err == nil {
		t.Error("a file was taken for a folder")
	}
	if _, err := LoadTexts(filepath.Join(dir, "missing")); err == nil {
		t.Error("a missing folder was taken")
	}
}
