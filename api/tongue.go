package api

import (
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/message/catalog"
	"golang.org/x/text/unicode/bidi"

	"palabre/statement"
)

//go:embed web/texts
var textFiles embed.FS

// tongue is a language of the pages. What pages say stands in the templates and
// here in English; web/texts has it in the other languages, by page, and the
// plurals of English. A number that decides on the plural is the first thing
// that is filled in.
type tongue struct {
	Lang  string // BCP 47
	Dir   string // ltr or rtl
	Name  string // of the language, in itself
	print *message.Printer
	fixed map[string]string // by their English, the texts into which nothing is filled
	reg   *statement.Registry

	offices map[string]phrase // by their English
}

// languages are those of the pages, the one for everybody else first. The
// digits of Arabic are those that the region writes.
var languages = []struct{ lang, tag, dir, name string }{
	{"en", "en", "ltr", "English"},
	{"fr", "fr", "ltr", "Français"},
	{"ar", "ar-u-nu-latn", "rtl", "العربية"},
}

// newTongues reads the texts of every language.
func newTongues(reg *statement.Registry) ([]*tongue, error) {
	texts := catalog.NewBuilder(catalog.Fallback(language.English))
	files, err := fs.Glob(textFiles, "web/texts/*.json")
	if err != nil {
		return nil, fmt.Errorf("list texts: %w", err)
	}
	fixed := map[language.Tag]map[string]string{language.English: {}}
	for _, name := range files {
		if err := readTexts(texts, fixed, name); err != nil {
			return nil, fmt.Errorf("read texts %s: %w", path.Base(name), err)
		}
	}
	out := make([]*tongue, len(languages))
	for i, l := range languages {
		out[i] = &tongue{
			Lang: l.lang, Dir: l.dir, Name: l.name, reg: reg, fixed: fixed[language.MustParse(l.lang)], offices: officesSaid(),
			print: message.NewPrinter(language.MustParse(l.tag), message.Catalog(texts)),
		}
	}
	return out, nil
}

// readTexts adds a file: page.lang.json, English to the other language. A text
// with plurals has its forms by the categories of CLDR: zero, one, two, few,
// many, other. Those into which nothing is filled are noted in fixed too.
func readTexts(texts *catalog.Builder, fixed map[language.Tag]map[string]string, name string) error {
	data, err := textFiles.ReadFile(name)
	if err != nil {
		return err
	}
	tag, err := language.Parse(strings.TrimPrefix(path.Ext(strings.TrimSuffix(name, ".json")), "."))
	if err != nil {
		return err
	}
	var held map[string]translation
	if err := json.Unmarshal(data, &held); err != nil {
		return err
	}
	if fixed[tag] == nil {
		fixed[tag] = make(map[string]string)
	}
	for english, t := range held {
		if t.forms == nil && !strings.Contains(t.one, "%") {
			fixed[tag][english], fixed[language.English][english] = t.one, english
		}
		if t.forms == nil {
			err = texts.SetString(tag, english, t.one)
		} else {
			err = texts.Set(tag, english, plural.Selectf(1, "%d", t.forms...))
		}
		if err != nil {
			return fmt.Errorf("%q: %w", english, err)
		}
	}
	return nil
}

// translation is one text, or its forms for plurals as x/text takes them.
type translation struct {
	one   string
	forms []any
}

// UnmarshalJSON reads a text or an object of forms.
func (t *translation) UnmarshalJSON(data []byte) error {
	if data[0] == '"' {
		return json.Unmarshal(data, &t.one)
	}
	var forms map[string]string
	if err := json.Unmarshal(data, &forms); err != nil {
		return err
	}
	for _, category := range []string{"zero", "one", "two", "few", "many", "other"} {
		if form, ok := forms[category]; ok {
			t.forms = append(t.forms, category, form)
			delete(forms, category)
		}
	}
	if len(forms) > 0 {
		return fmt.Errorf("unknown plural category in %s", data)
	}
	return nil
}

// phrase is a text with what is filled in, not yet in any language.
type phrase struct {
	english string
	with    []any
}

// say makes a phrase. Its English is looked for in the source by a test, so it
// is written out where it is said.
func say(english string, with ...any) phrase { return phrase{english, with} }

// say returns an English text in the tongue. Names that are filled in and run
// the other way are kept apart from what stands around them.
func (t *tongue) say(english string, with ...any) string {
	if text, ok := t.fixed[english]; ok { // most are; to have the printer format them takes longer than the rest of a page
		return text
	}
	filled := make([]any, len(with))
	for i, w := range with {
		switch w := w.(type) {
		case phrase:
			filled[i] = t.in(w)
		case clockTime:
			filled[i] = t.clock(w.at, w.now)
		case string:
			filled[i] = t.isolate(w)
		default:
			filled[i] = w
		}
	}
	return t.print.Sprintf(english, filled...)
}

// in returns a phrase in the tongue.
func (t *tongue) in(p phrase) string {
	if p.english == "" {
		return ""
	}
	return t.say(p.english, p.with...)
}

// isolate keeps a text that runs the other way from reordering its neighbours. One
// that was put together here runs as the page does, though nothing but isolates
// is in it.
func (t *tongue) isolate(s string) string {
	if t.Dir == "rtl" && strings.ContainsRune(s, isolate) {
		return string(isolate) + rightToLeftMark + s + string(endIsolate)
	}
	for _, r := range s {
		p, _ := bidi.LookupRune(r)
		switch c := p.Class(); {
		case t.Dir == "ltr" && (c == bidi.R || c == bidi.AL), t.Dir == "rtl" && (c == bidi.L || unicode.IsDigit(r)):
			return "\u2068" + s + "\u2069"
		}
	}
	return s
}

// translate is what templates call as t: an English text, or a phrase, in the
// tongue.
func (t *tongue) translate(what any, with ...any) string {
	switch w := what.(type) {
	case phrase:
		return t.in(w)
	case string:
		return t.say(w, with...)
	}
	return fmt.Sprint(what)
}

// translateHTML is translate where something that is filled in is markup. All
// else is escaped.
func (t *tongue) translateHTML(english string, with ...any) template.HTML {
	filled := slices.Clone(with)
	var marks []string
	for i, w := range with {
		if m, ok := w.(template.HTML); ok {
			place := fmt.Sprintf("\ue000%d\ue001", i)
			filled[i], marks = verbatim(place), append(marks, place, string(m))
		}
	}
	text := template.HTMLEscapeString(t.say(english, filled...))
	return template.HTML(strings.NewReplacer(marks...).Replace(text)) //nolint:gosec // whatever is not markup of a template was escaped
}

// verbatim is filled in as it is.
type verbatim string

// bdi is a name in a text, of whatever script.
func bdi(name string) template.HTML {
	return template.HTML("<bdi>" + template.HTMLEscapeString(plain(name)) + "</bdi>") //nolint:gosec // it was escaped
}

// bdis is a list of names in one language; "" is any. Actors have hundreds of names,
// and a template takes ten times as long over them.
func (t *tongue) bdis(names []string, lang string) template.HTML {
	opening := "<bdi>"
	if lang != "" {
		opening = `<bdi lang="` + template.HTMLEscapeString(lang) + `">`
	}
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = opening + template.HTMLEscapeString(plain(name)) + "</bdi>"
	}
	return template.HTML(strings.Join(out, template.HTMLEscapeString(t.say(", ")))) //nolint:gosec // all was escaped
}

// strong is a name that stands out.
func strong(name string) template.HTML { return "<strong>" + bdi(name) + "</strong>" }

// linked is a name in a text that leads to an address of this site.
func linked(name, address string) template.HTML {
	return template.HTML(`<a href="` + template.HTMLEscapeString(address) + `">` + string(bdi(name)) + `</a>`) //nolint:gosec // both were escaped
}

// code is a text that programs read.
func code(text string) template.HTML {
	return template.HTML(`<code dir="ltr">` + template.HTMLEscapeString(plain(text)) + "</code>") //nolint:gosec // it was escaped
}

const languageCookie = "language"

// tongueOf returns the language in which whoever asks reads: the one chosen
// here before, else the browser's.
func (s *server) tongueOf(r *http.Request) *tongue {
	if c, err := r.Cookie(languageCookie); err == nil {
		if t := s.tongueNamed(c.Value); t.Lang == c.Value {
			return t
		}
	}
	_, i := language.MatchStrings(s.pages.matcher, r.Header.Get("Accept-Language"))
	return s.pages.tongues[i]
}

// tongueNamed returns the tongue of a language; English where there is none.
func (s *server) tongueNamed(lang string) *tongue {
	for _, t := range s.pages.tongues {
		if t.Lang == lang {
			return t
		}
	}
	return s.english()
}

// english is the tongue of what is not for one person, such as feeds.
func (s *server) english() *tongue { return s.pages.tongues[0] }

// chooseLanguage keeps a language for a year and goes back to the page.
func (s *server) chooseLanguage(w http.ResponseWriter, r *http.Request) {
	chosen := r.PathValue("lang")
	if t := s.tongueNamed(chosen); t.Lang == chosen {
		http.SetCookie(w, &http.Cookie{
			Name: languageCookie, Value: chosen, Path: "/", MaxAge: 365 * 24 * 3600, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: r.TLS != nil,
		})
		http.Redirect(w, r, (&form{r.URL.Query()}).back(), http.StatusSeeOther)
		return
	}
	s.refuse(w, r, newProblem(http.StatusNotFound, "There is nothing at this address."))
}
