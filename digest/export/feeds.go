package export

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"palabre/statement"
)

// ownNames is the namespace of the elements in which a feed says what it holds.
const ownNames = "urn:x-palabre:export"

// markScheme names the Traffic Light Protocol as the scheme of a category.
const markScheme = "https://www.first.org/tlp/"

// markup writes XML. The first error stays and ends the writing.
type markup struct {
	out io.Writer
	err error
}

func (m *markup) raw(format string, args ...any) {
	if m.err == nil {
		_, m.err = fmt.Fprintf(m.out, format, args...)
	}
}

// escaped is a text fit to stand in an element or a quoted attribute.
func escaped(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(clean(text))) // a builder never fails
	return b.String()
}

// element writes an element with a text. Attributes are names and values in turn.
func (m *markup) element(name, text string, attributes ...string) {
	m.open(name, attributes...)
	m.raw("%s</%s>\n", escaped(text), name)
}

func (m *markup) open(name string, attributes ...string) {
	m.raw("<%s", name)
	m.attributes(attributes)
	m.raw(">")
}

func (m *markup) empty(name string, attributes ...string) {
	m.raw("<%s", name)
	m.attributes(attributes)
	m.raw("/>\n")
}

func (m *markup) attributes(list []string) {
	for i := 0; i+1 < len(list); i += 2 {
		m.raw(` %s="%s"`, list[i], escaped(list[i+1]))
	}
}

// about writes what a feed says of itself for programs.
func (m *markup) about(a *About) {
	m.empty("palabre:export", "query", a.Query, "window", a.Window, "mark", string(a.Mark), "at", moment(a.At), "expected", strconv.Itoa(a.Expected))
}

// finish ends a feed. One that is not whole is left open: no program takes it.
func (m *markup) finish(s *Sum, cause error, closing string) error {
	if cause != nil {
		m.raw("<!-- not complete, it broke off; statements: %d; why: %s -->\n", s.Statements, strings.ReplaceAll(line(cause.Error()), "--", "‐‐"))
		return m.err
	}
	m.empty("palabre:end", "complete", "true", "statements", strconv.Itoa(s.Statements), "positions", strconv.Itoa(s.Positions),
		"rules", strings.Join(s.rules(), " "))
	m.raw("%s", closing)
	return m.err
}

// words is what an entry says, as HTML: the citation and each position with its
// words in their own direction.
func (a *About) words(r *Row) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<p dir="auto">%s</p>`, escaped(r.Citation.Format(a.Lang)))
	for i := range r.Reading.Positions {
		p := &r.Reading.Positions[i]
		fmt.Fprintf(&b, "<p>%s %s</p>", p.Stance.Glyph(), escaped(a.says(p)))
		if p.Evidence.Quote != "" {
			fmt.Fprintf(&b, `<blockquote dir="auto">%s</blockquote>`, escaped(p.Evidence.Quote))
		}
	}
	if len(r.Reading.Positions) == 0 {
		opening, _ := cell(r.Statement.Text)
		fmt.Fprintf(&b, `<p dir="auto">%s</p>`, escaped(opened(opening)))
	}
	return b.String()
}

// openingLength is how many letters of a text without positions a feed shows.
const openingLength = 400

func opened(text string) string {
	n := 0
	for i := range text {
		if n++; n > openingLength {
			return text[:i] + "…"
		}
	}
	return text
}

// tags are the categories of an entry: stances on topics, and reasons.
func tags(r *Row) []string {
	var out []string
	seen := make(map[string]bool)
	add := func(tag string) {
		if !seen[tag] {
			seen[tag] = true
			out = append(out, tag)
		}
	}
	for i := range r.Reading.Positions {
		p := &r.Reading.Positions[i]
		add("topic:" + string(p.Topic))
		add("stance:" + string(p.Stance))
		add("actor:" + p.Actor)
	}
	for _, reason := range r.Reasons {
		add("reason:" + string(reason))
	}
	return out
}

// summary says in words what a feed holds.
func (a *About) summary() string {
	parts := []string{string(a.Mark)}
	if a.Query != "" {
		parts = append(parts, line(a.Query))
	}
	if a.Window != "" {
		parts = append(parts, line(a.Window))
	}
	return strings.Join(append(parts, moment(a.At)), " · ")
}

// home is the address of the site behind a feed. A feed needs one: without a site
// it is a name of the search.
func (a *About) home() string {
	if a.Base != "" {
		return a.Base + "/"
	}
	return "urn:uuid:" + uuid("search", a.Query, a.Window)
}

// arrived is when a statement came here, and its revision.
func arrived(s *statement.Statement) (first, last time.Time) {
	first, last = s.FirstSeen.UTC(), s.Fetched.UTC()
	if first.IsZero() {
		first = last
	}
	if last.Before(first) {
		last = first
	}
	return first, last
}

// rss writes RSS 2.0.
type rss struct {
	markup
	a *About
}

func newRSS(w *bufio.Writer, a *About) (encoder, error) {
	f := &rss{markup{out: w}, a}
	f.raw(xml.Header)
	f.open("rss", "version", "2.0", "xmlns:atom", "http://www.w3.org/2005/Atom", "xmlns:dc", "http://purl.org/dc/elements/1.1/", "xmlns:palabre", ownNames)
	f.raw("\n<channel>\n")
	f.element("title", plainTitle(a.titleOf()))
	f.element("link", a.home())
	f.element("description", a.summary())
	if a.Self != "" {
		f.empty("atom:link", "href", a.Self, "rel", "self", "type", "application/rss+xml")
	}
	f.element("lastBuildDate", a.At.Format(time.RFC1123Z))
	f.element("generator", "Palabre")
	f.element("docs", "https://www.rssboard.org/rss-specification")
	f.element("category", string(a.Mark), "domain", markScheme)
	f.about(a)
	return f, f.err
}

// plainTitle means the same to programs that read a title as markup and to those
// that read it as text.
func plainTitle(text string) string {
	return strings.NewReplacer("<", "‹", ">", "›").Replace(text)
}

func (f *rss) row(_ int, r *Row) error {
	first, _ := arrived(r.Statement)
	f.raw("<item>\n")
	f.element("title", plainTitle(titleIn(&r.Citation, f.a.Lang)))
	if page := f.a.pageOf(r); page != "" {
		f.element("link", page)
	}
	f.element("description", f.a.words(r))
	f.element("guid", r.Statement.Of, "isPermaLink", "false")
	f.element("pubDate", first.Format(time.RFC1123Z))
	if outlet := line(r.Citation.Outlet); outlet != "" {
		f.element("dc:creator", outlet)
	}
	if tag := langTag(r.Citation.Lang); tag != "" {
		f.element("dc:language", tag)
	}
	for _, tag := range tags(r) {
		f.element("category", tag)
	}
	f.raw("</item>\n")
	return f.err
}

func (f *rss) end(s *Sum, cause error) error { return f.finish(s, cause, "</channel>\n</rss>\n") }

// atom writes RFC 4287.
type atom struct {
	markup
	a *About
}

func newAtom(w *bufio.Writer, a *About) (encoder, error) {
	f := &atom{markup{out: w}, a}
	f.raw(xml.Header)
	f.open("feed", "xmlns", "http://www.w3.org/2005/Atom", "xmlns:palabre", ownNames)
	f.raw("\n")
	f.element("id", "urn:uuid:"+uuid("search", a.Query, a.Window))
	f.element("title", a.titleOf())
	f.element("subtitle", a.summary())
	f.element("updated", a.At.Format(time.RFC3339))
	f.raw("<author><name>Palabre</name></author>\n")
	if a.Self != "" {
		f.empty("link", "rel", "self", "type", "application/atom+xml", "href", a.Self)
	}
	if a.Base != "" {
		f.empty("link", "rel", "alternate", "type", "text/html", "href", a.home())
	}
	f.element("generator", "Palabre")
	f.element("rights", string(a.Mark))
	f.empty("category", "term", string(a.Mark), "scheme", markScheme)
	f.about(a)
	return f, f.err
}

func (f *atom) row(_ int, r *Row) error {
	first, last := arrived(r.Statement)
	if tag := langTag(r.Citation.Lang); tag != "" {
		f.open("entry", "xml:lang", tag)
	} else {
		f.open("entry")
	}
	f.raw("\n")
	f.element("id", "urn:uuid:"+uuid("statement", r.Statement.Of))
	f.element("title", titleIn(&r.Citation, f.a.Lang))
	if page := f.a.pageOf(r); page != "" {
		f.empty("link", "rel", "alternate", "href", page)
	}
	f.element("updated", last.Format(time.RFC3339))
	f.element("published", first.Format(time.RFC3339))
	if outlet := line(r.Citation.Outlet); outlet != "" {
		f.raw("<author>")
		f.element("name", outlet)
		f.raw("</author>\n")
	}
	for _, tag := range tags(r) {
		f.empty("category", "term", tag)
	}
	f.element("summary", f.a.words(r), "type", "html", "xml:lang", f.a.Lang)
	f.raw("</entry>\n")
	return f.err
}

func (f *atom) end(s *Sum, cause error) error { return f.finish(s, cause, "</feed>\n") }
