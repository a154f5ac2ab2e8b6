package export

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"palabre/statement"
)

// clean takes out of a text what XML forbids and what turns other text around:
// controls but line ends and tabs, embeddings, overrides and isolates. Positions
// of evidence count in the text as it was.
func clean(text string) string {
	ok := utf8.ValidString(text) && strings.IndexFunc(text, unfit) < 0
	if ok {
		return text
	}
	return strings.Map(func(r rune) rune {
		if unfit(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\ufffd"))
}

func unfit(r rune) bool {
	switch {
	case r < 0x20:
		return r != '\n' && r != '\t'
	case r < 0x7f:
		return false
	case r < 0xa0:
		return true
	}
	return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0xfeff || r >= 0xfff9 && r <= 0xfffb || r&0xfffe == 0xfffe
}

// line is clean on one line.
func line(text string) string {
	if isLine(text) {
		return text
	}
	return strings.Join(strings.FieldsFunc(clean(text), unicode.IsSpace), " ")
}

// isLine reports whether line would leave a text as it is, as it mostly would.
func isLine(text string) bool {
	space := true // before
	for i := 0; i < len(text); {
		c := text[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(text[i:])
			if unfit(r) || unicode.IsSpace(r) || r == utf8.RuneError {
				return false
			}
			space = false
			i += size
			continue
		}
		if c < ' ' || c == 0x7f || c == ' ' && space {
			return false
		}
		space = c == ' '
		i++
	}
	return !space || text == ""
}

// longestCell is how many UTF-16 units a cell may hold. Spreadsheet programs take
// 32,767.
const longestCell = 32_000

// cell is a text on one line, cut to what a cell can hold.
func cell(text string) (_ string, cut bool) {
	text = line(text)
	if len(text) <= longestCell {
		return text, false
	}
	units := 0
	for i, r := range text {
		if units++; r > 0xffff {
			units++
		}
		if units >= longestCell {
			return text[:i] + "…", true
		}
	}
	return text, false
}

// inert keeps a spreadsheet program from taking a cell for a formula: an
// apostrophe stands before = + - @ where a cell could begin. That is at its start
// and, because some programs part cells at semicolons whatever quotation marks
// say, behind one, with nothing but spaces and quotation marks between.
func inert(text string) string {
	var b strings.Builder
	done := 0
	edge := true
	for i, r := range text {
		switch r {
		case '=', '+', '-', '@', '＝', '＋', '－', '＠':
			if edge {
				b.WriteString(text[done:i])
				b.WriteByte('\'')
				done = i
			}
			edge = false
		case ';', '\t', '\r', '\n':
			edge = true
		case ' ', '"', '\u00a0', '\u202f':
		default:
			edge = false
		}
	}
	if done == 0 && b.Len() == 0 {
		return text
	}
	b.WriteString(text[done:])
	return b.String()
}

// webAddress returns an address that a program may follow, or "".
func webAddress(text string) string {
	u, err := url.Parse(line(text))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return ""
	}
	u.User = nil
	return u.String()
}

// pageOf is the address of a statement's page, else where its source has it, else
// empty.
func (a *About) pageOf(r *Row) string {
	if a.Base != "" {
		return a.Base + "/statements/" + url.PathEscape(r.Statement.Of)
	}
	return webAddress(r.Statement.URL)
}

// langTag returns a language tag that other programs take, or "".
func langTag(tag string) string {
	for i, part := range strings.Split(tag, "-") {
		if len(part) < 2 || len(part) > 8 || i == 0 && len(part) > 3 || strings.Trim(part, alphanumeric) != "" || part == "und" {
			return ""
		}
	}
	return tag
}

const alphanumeric = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

// isHash reports whether a text is a SHA-256 in hexadecimal.
func isHash(text string) bool { return len(text) == 64 && strings.Trim(text, "0123456789abcdef") == "" }

// label is how people are shown a person or an actor.
func (a *About) label(id string) string {
	if p := a.Registry.Person(id); p != nil {
		return p.Label
	}
	if b := a.Registry.Actor(id); b != nil {
		return b.LabelIn(a.Lang)
	}
	return line(id)
}

// says puts a position into English words: "JNIM: conditional on dialogue,
// towards Government of Mali".
func (a *About) says(p *statement.Position) string {
	out := a.label(p.Actor) + ": " + stanceWord(p.Stance) + " " + strings.ReplaceAll(line(string(p.Topic)), "_", " ")
	if p.Target != "" {
		out += ", towards " + a.label(p.Target)
	}
	return out
}

func stanceWord(s statement.Stance) string {
	switch s {
	case statement.Pro:
		return "for"
	case statement.Anti:
		return "against"
	case statement.Conditional:
		return "conditional on"
	case statement.Mixed:
		return "mixed on"
	}
	return line(string(s))
}

// startsRightToLeft reports whether the first letter of a text is written from
// right to left.
func startsRightToLeft(text string) bool {
	for _, r := range text {
		if unicode.IsLetter(r) {
			return unicode.In(r, unicode.Arabic, unicode.Hebrew, unicode.Nko, unicode.Adlam, unicode.Syriac, unicode.Thaana)
		}
	}
	return false
}
