package digest

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

//go:embed texts
var texts embed.FS

// Languages lists those that digests are written in. The first is the default.
var Languages = []string{"en", "fr", "ar"}

// Texts are the words and layouts of digests.
type Texts struct {
	tongues  map[string]*tongue
	layouts  layouts
	printing chan struct{} // has room for as many as may print at once
}

// LoadTexts reads the words and layouts that come with the program, and over
// them those of a folder, if one is named: en.txt, fr.txt, ar.txt and names.txt
// with the lines that are to be others, digest.html.tmpl and digest.md.tmpl whole.
// An error names the file and the line.
func LoadTexts(dir string) (*Texts, error) {
	t := &Texts{tongues: make(map[string]*tongue), printing: make(chan struct{}, mostBrowsers)}
	own, err := fs.Sub(texts, "texts")
	if err != nil {
		return nil, fmt.Errorf("read texts: %w", err)
	}
	for _, lang := range Languages {
		t.tongues[lang] = newTongue(lang)
	}
	if err := t.read(own, "", false); err != nil {
		return nil, err
	}
	if dir != "" {
		if info, err := os.Stat(dir); err != nil {
			return nil, fmt.Errorf("read texts: %w", err)
		} else if !info.IsDir() {
			return nil, fmt.Errorf("read texts: %s is not a folder", dir)
		}
		if err := t.read(os.DirFS(dir), dir, true); err != nil {
			return nil, err
		}
	}
	return t, t.layouts.probe(t)
}

// longestFile is the most bytes of a file of texts.
const longestFile = 1 << 20

// read takes in the files of a folder. over tells that they go over those that
// were read before, so that any may be missing.
func (t *Texts) read(dir fs.FS, where string, over bool) error {
	file := func(name string, take func(name, text string) error) error {
		data, err := fs.ReadFile(dir, name)
		path := filepath.Join(where, name)
		switch {
		case over && errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil:
			return fmt.Errorf("read texts: %w", err)
		case len(data) > longestFile:
			return fmt.Errorf("read texts: %s has %d bytes, the most is %d", path, len(data), longestFile)
		}
		return take(path, string(data))
	}
	for _, lang := range Languages {
		err := file(lang+".txt", func(name, text string) error { return t.tongues[lang].read(name, text, over) })
		if err != nil {
			return err
		}
	}
	if over {
		if err := file("names.txt", t.readNames); err != nil {
			return err
		}
	}
	if err := file(htmlLayout, t.layouts.readHTML); err != nil {
		return err
	}
	return file(mdLayout, t.layouts.readMarkdown)
}

// tongue is one language that digests are written in.
type tongue struct {
	lang  string
	tag   language.Tag
	rtl   bool
	text  map[string][]piece
	names map[string]name
}

// piece is a part of a text: words, or the name of what is filled in.
type piece struct{ words, brace string }

func newTongue(lang string) *tongue {
	return &tongue{
		lang: lang, tag: language.Make(lang), rtl: lang == "ar",
		text: make(map[string][]piece), names: make(map[string]name),
	}
}

// lines calls take with every key and text of a file.
func lines(name, file string, take func(key, text string) error) error {
	for i, line := range strings.Split(file, "\n") {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		key, text, ok := strings.Cut(line, " = ")
		err := errors.New("want key = text")
		if ok {
			err = take(strings.TrimSpace(key), strings.TrimSpace(text))
		}
		if err != nil {
			return fmt.Errorf("read texts: %s, line %d: %w", name, i+1, err)
		}
	}
	return nil
}

// read takes in the texts of a file.
func (t *tongue) read(name, file string, over bool) error {
	seen := make(map[string]bool)
	return lines(name, file, func(key, text string) error {
		pieces, err := cut(t.bind(text))
		switch {
		case err != nil:
			return err
		case seen[key]:
			return fmt.Errorf("%s stands there twice", key)
		case over:
			err = t.mayReplace(key, pieces)
		}
		seen[key] = true
		t.text[key] = pieces
		return err
	})
}

// openLists are the keys to which an operator may add, such as topics of rules of
// their own.
var openLists = regexp.MustCompile(`^(topic|about|question|side|deed|doubt)\.`)

// mayReplace reports whether a text can take the place of one that comes with the
// program: it must have that key and no brace that is not filled in.
func (t *tongue) mayReplace(key string, pieces []piece) error {
	old, ok := t.text[key]
	if open := openLists.MatchString(key); !ok && !open {
		return fmt.Errorf("no text is called %s", key)
	} else if open {
		old = append(slices.Clone(old), piece{brace: "target"})
	}
	for _, p := range pieces {
		base, _, _ := strings.Cut(p.brace, ".")
		known := func(o piece) bool { b, _, _ := strings.Cut(o.brace, "."); return b == base }
		if p.brace != "" && !slices.ContainsFunc(old, known) {
			return fmt.Errorf("%s has no {%s}", key, p.brace)
		}
	}
	return nil
}

// bind puts the spaces that French typography does not let break.
func (t *tongue) bind(text string) string {
	if t.lang != "fr" {
		return text
	}
	return strings.NewReplacer(" :", "\u00a0:", "« ", "«\u00a0", " »", "\u00a0»", " ;", "\u202f;", " ?", "\u202f?", " !", "\u202f!", " %", "\u00a0%", "N° ", "N°\u00a0", "n° ", "n°\u00a0").Replace(text)
}

// cut parts a text at its braces.
func cut(text string) ([]piece, error) {
	var out []piece
	for text != "" {
		before, rest, found := strings.Cut(text, "{")
		if strings.Contains(before, "}") {
			return nil, errors.New("a brace is closed that was not opened")
		}
		if before != "" {
			out = append(out, piece{words: before})
		}
		if !found {
			break
		}
		brace, after, closed := strings.Cut(rest, "}")
		if !closed || brace == "" || strings.ContainsAny(brace, "{ ") {
			return nil, errors.New("a brace is not closed, or holds no name")
		}
		out = append(out, piece{brace: brace})
		text = after
	}
	return out, nil
}

// fill is what stands for the braces of a text.
type fill map[string][]Run

// say returns a text with its braces filled in. Braces in a value stay as they
// are.
func (t *tongue) say(key string, f fill) []Run {
	var out []Run
	for i, p := range t.text[key] {
		if p.brace == "" {
			out = t.join(out, Run{Text: p.words})
			continue
		}
		value := f[p.brace]
		if i == 0 && (p.brace == "actor" || p.brace == "by") {
			value = capital(value)
		}
		out = t.join(out, value...)
	}
	return out
}

// join appends runs. Those that read alike become one.
func (t *tongue) join(runs []Run, more ...Run) []Run {
	for _, r := range more {
		if r.Text == "" && r.Note == 0 {
			continue
		}
		if n := len(runs); n > 0 && t.alike(&runs[n-1], &r) {
			runs[n-1].Text += r.Text
			continue
		}
		runs = append(runs, r)
	}
	return runs
}

func (t *tongue) alike(a, b *Run) bool {
	return a.Note == 0 && b.Note == 0 && a.Lang == "" && b.Lang == "" && a.Strong == b.Strong && !t.foreign(a.Text) && !t.foreign(b.Text)
}

// foreign reports whether a text has letters that run against the language's
// direction.
func (t *tongue) foreign(s string) bool { return hasOther(s, t.rtl) }

// line returns a text as one string. What runs against its direction is isolated.
func (t *tongue) line(key string, f fill) string { return t.flat(t.say(key, f)) }

func (t *tongue) flat(runs []Run) string {
	var b strings.Builder
	for _, r := range runs {
		if t.foreign(r.Text) {
			b.WriteString(isolateOpen + r.Text + isolateClose)
			continue
		}
		b.WriteString(r.Text)
	}
	return b.String()
}

func (t *tongue) has(key string) bool { _, ok := t.text[key]; return ok }

// word returns the word for one of a list of values, or the value itself where
// the language has none.
func (t *tongue) word(list, value string) string {
	if key := list + "." + value; t.has(key) {
		return t.line(key, nil)
	}
	return clean(strings.ReplaceAll(value, "_", " "), longestName)
}

// forms names the plural forms of the Unicode CLDR.
var forms = map[plural.Form]string{
	plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many", plural.Other: "other",
}

// count returns the text for so many of something. Other braces than {n} are
// filled in as well.
func (t *tongue) count(noun string, n int, f fill) []Run {
	all := fill{"n": plain(digitsOf(n))}
	for k, v := range f {
		all[k] = v
	}
	return t.say(t.form(noun, n), all)
}

func (t *tongue) form(noun string, n int) string {
	exact := map[int]string{0: ".zero", 2: ".two"}[n]
	if exact != "" && t.has(noun+exact) {
		return noun + exact
	}
	key := noun + "." + forms[plural.Cardinal.MatchPlural(t.tag, n, 0, 0, 0, 0)]
	if t.has(key) {
		return key
	}
	return noun + ".other"
}
