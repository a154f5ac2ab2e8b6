package plain

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

var (
	markup = regexp.MustCompile(`(?i)</?(p|br|div|span|a|b|i|u|em|strong|img|ul|ol|li|h[1-6]|blockquote|figure|script|style|table|tr|td)(\s[^<>]*)?/?>`)
	// hidden elements hold no text for people.
	hidden = map[string]bool{
		"script": true, "style": true, "noscript": true, "template": true, "iframe": true, "object": true, "svg": true,
		"head": true, "title": true, "textarea": true, "select": true, "audio": true, "video": true,
	}
	// breaks is how many line ends an element stands between.
	breaks = map[string]int{
		"br": 1, "li": 1, "tr": 1, "dt": 1, "dd": 1, "option": 1, "figcaption": 1,
		"p": 2, "div": 2, "section": 2, "article": 2, "main": 2, "header": 2, "footer": 2, "aside": 2, "nav": 2, "figure": 2,
		"h1": 2, "h2": 2, "h3": 2, "h4": 2, "h5": 2, "h6": 2, "ul": 2, "ol": 2, "dl": 2, "table": 2, "blockquote": 2, "pre": 2, "hr": 2,
	}
)

// FromHTML returns the text of an HTML fragment or page, cleaned, with its
// paragraphs and without any markup. Markup that was escaped twice, as feeds
// often have it, is taken off too.
func FromHTML(s string) string {
	const passes = 3
	for range passes {
		s = render(s)
		if !markup.MatchString(s) {
			break
		}
	}
	return s
}

// writer collects words and remembers the widest break before the next one.
type writer struct {
	strings.Builder
	lines int  // line ends owed
	blank bool // a space owed
}

func (w *writer) text(s string) {
	for i, field := range strings.FieldsFunc(s, isBlank) {
		switch {
		case w.Len() == 0:
		case w.lines > 0:
			w.WriteString("\n\n"[:w.lines])
		case i > 0 || w.blank || isBlank(rune(s[0])):
			w.WriteByte(' ')
		}
		w.lines, w.blank = 0, false
		w.WriteString(field)
	}
	if s != "" && isBlank(rune(s[len(s)-1])) {
		w.blank = true
	}
}

func isBlank(r rune) bool { return r == ' ' || r == '\n' || r == '\t' || r == '\r' || r == '\f' }

// render takes the markup off once.
func render(s string) string {
	z := html.NewTokenizer(strings.NewReader(s))
	var w writer
	skip := ""
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return Clean(w.String())
		}
		switch kind {
		case html.TextToken:
			if skip == "" {
				w.text(string(z.Text()))
			}
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			tag, _ := z.TagName()
			name := string(tag)
			switch {
			case kind == html.SelfClosingTagToken:
				z.NextIsNotRawText()
			case skip == "" && kind == html.StartTagToken && hidden[name]:
				skip = name
			case skip == name:
				skip = ""
			}
			w.lines = max(w.lines, breaks[name])
			if name == "td" || name == "th" {
				w.blank = true
			}
		}
	}
}
