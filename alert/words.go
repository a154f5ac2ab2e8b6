package alert

import (
	"cmp"
	"embed"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"palabre/statement"
)

//go:embed texts
var texts embed.FS

// Languages lists those that alerts are written in. The first is the default.
var Languages = []string{"en", "fr", "ar"}

// Names are the words for people of what signals name by ID. Each function
// returns "" where it knows none; lang is one of [Languages].
type Names struct {
	Actor  func(id, lang string) string // of bodies and persons
	Outlet func(id string) string
	Demand func(id, lang string) string // of a kind of demand
}

// tongue is one language that alerts are written in.
type tongue struct {
	lang  string
	rtl   bool
	text  map[string]string
	names Names
}

// learn reads the texts of a language.
func learn(lang string, names Names) (*tongue, error) {
	file, err := texts.ReadFile("texts/" + lang + ".txt")
	if err != nil {
		return nil, fmt.Errorf("read texts: %w", err)
	}
	t := &tongue{lang: lang, rtl: lang == "ar", text: make(map[string]string), names: names}
	for i, line := range strings.Split(string(file), "\n") {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		key, text, ok := strings.Cut(line, " = ")
		if !ok || t.text[key] != "" {
			return nil, fmt.Errorf("read texts: %s.txt, line %d: want a new key = text", lang, i+1)
		}
		if lang == "fr" {
			text = bind(text)
		}
		t.text[key] = text
	}
	return t, nil
}

// bind puts the spaces that French typography does not let break.
func bind(text string) string {
	return strings.NewReplacer(" :", "\u00a0:", "« ", "«\u00a0", " »", "\u00a0»", " ;", "\u202f;", " ?", "\u202f?", " !", "\u202f!", " %", "\u00a0%").Replace(text)
}

// say returns a text with its braces filled in. fill holds names and values in
// turn. Braces in a value stay as they are.
func (t *tongue) say(key string, fill ...string) string {
	text := t.text[key]
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(text, "{")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		name, after, _ := strings.Cut(rest, "}")
		for i := 0; i+1 < len(fill); i += 2 {
			if fill[i] == name {
				b.WriteString(fill[i+1])
			}
		}
		text = after
	}
}

// word returns the word for one of a list of values, or the value itself where
// the language has none.
func (t *tongue) word(list, value string) string {
	if w := t.text[list+"."+value]; w != "" {
		return w
	}
	return clean(strings.ReplaceAll(value, "_", " "), longestName)
}

// count returns a number with its noun.
func (t *tongue) count(noun string, n int) string {
	form := "other"
	switch tens := n % 100; {
	case n == 1:
		form = "one"
	case n == 2:
		form = "two"
	case tens >= 3 && tens <= 10:
		form = "few"
	case tens >= 11:
		form = "many"
	}
	return t.say(noun+"."+form, "n", strconv.Itoa(n))
}

// date returns a date in full, or short as on the alert line.
func (t *tongue) date(d statement.Date, short bool) string {
	if d.IsZero() {
		return t.say("date.none")
	}
	at := d.Time.UTC()
	month := "month."
	if short {
		month = "mon."
	}
	year, name := strconv.Itoa(at.Year()), t.say(month+strconv.Itoa(int(at.Month())))
	switch {
	case d.Precision == statement.Year:
		return year
	case d.Precision == statement.Month:
		return name + " " + year
	case at.Day() == 1:
		return t.say("date.first") + " " + name + " " + year
	}
	return strconv.Itoa(at.Day()) + " " + name + " " + year
}

// actor returns how people know a body or person.
func (t *tongue) actor(id string) string {
	if t.names.Actor != nil {
		id = cmp.Or(t.names.Actor(id, t.lang), id)
	}
	return clean(id, longestName)
}

// outlet returns how people know an outlet.
func (t *tongue) outlet(id string) string {
	if t.names.Outlet != nil {
		id = cmp.Or(t.names.Outlet(id), id)
	}
	return clean(id, longestName)
}

// condition returns what must happen first: the kinds of demand where they are
// known, else the words.
func (t *tongue) condition(n *statement.News) string {
	var demands []string
	for _, id := range n.Demands {
		if t.names.Demand == nil {
			break
		}
		if name := t.names.Demand(id, t.lang); name != "" {
			demands = append(demands, name)
		}
	}
	if len(demands) == 0 {
		return clean(n.Signal.Condition, longestName)
	}
	return clean(strings.Join(demands, t.comma()), longestName)
}

func (t *tongue) comma() string {
	if t.rtl {
		return "، "
	}
	return ", "
}

// about names the question and the other side.
func (t *tongue) about(s *statement.Signal) string {
	if s.Target != "" && t.names.Actor != nil {
		if name, text := t.names.Actor(s.Target, t.lang), "about."+string(s.Topic); name != "" && t.text[text] != "" {
			return t.say(text, "target", t.isolate(clean(name, longestName)))
		}
	}
	if w := t.text["question."+string(s.Topic)]; w != "" {
		return w
	}
	return t.isolate(t.word("topic", string(s.Topic)))
}

// longestName is the most characters of a name or condition that are shown.
const longestName = 160

// Isolates keep words of the other direction from taking their surroundings
// along.
const (
	isolateOpen  = "\u2068"
	isolateClose = "\u2069"
)

// isolate wraps words that run against the language's direction.
func (t *tongue) isolate(s string) string {
	for _, r := range s {
		if right := runsLeft(r); right != t.rtl && (right || unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return isolateOpen + s + isolateClose
		}
	}
	return s
}

// foreign wraps a whole text that begins in the other direction.
func (t *tongue) foreign(s string) string {
	for _, r := range s {
		switch {
		case !unicode.IsLetter(r):
		case runsLeft(r) != t.rtl && !strings.Contains(s, isolateOpen):
			return isolateOpen + s + isolateClose
		default:
			return s
		}
	}
	return s
}

// runsLeft reports whether a letter is written from right to left. Unicode keeps
// these blocks for such scripts: Hebrew, Arabic, N’Ko, Adlam and their kin.
func runsLeft(r rune) bool {
	switch {
	case r < 0x590:
		return false
	case r <= 0x8ff, r >= 0xfb1d && r <= 0xfdff, r >= 0xfe70 && r <= 0xfeff, r >= 0x10800 && r <= 0x10fff, r >= 0x1e800 && r <= 0x1efff:
		return unicode.IsLetter(r)
	}
	return false
}

// clean puts words that come from elsewhere on one line of at most so many
// characters, without what could make them read other than they are written.
func clean(s string, most int) string { return tidy(s, most, hidden) }

func tidy(s string, most int, drop func(rune) bool) string {
	var b strings.Builder
	n, gap := 0, false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r) && r != '\u00a0' && r != '\u202f': // French needs those
			gap = n > 0
			continue
		case drop(r):
			continue
		}
		if n >= most {
			return shorten(b.String()+" ", most)
		}
		if gap {
			b.WriteByte(' ')
			n, gap = n+1, false
		}
		b.WriteRune(r)
		n++
	}
	return b.String()
}

// hidden reports whether a character is a control that directs other ones, or
// none at all. The joiners and the signs of Arabic stay: scripts need them.
func hidden(r rune) bool {
	switch {
	case r < 0x80:
		return r < ' ' || r == 0x7f
	case unicode.IsLetter(r), r == '\u200c', r == '\u200d', r >= 0x600 && r <= 0x605, r == '\u06dd':
		return false
	case r == unicode.ReplacementChar:
		return true
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs)
}

// note is clean for words of ours, which may hold isolates.
func note(s string, most int) string {
	return clip(tidy(s, most, func(r rune) bool { return r != '\u2068' && r != '\u2069' && hidden(r) }), most)
}

// clip shortens a text and closes what it leaves open.
func clip(s string, most int) string {
	open := func() bool { return strings.LastIndex(s, isolateOpen) > strings.LastIndex(s, isolateClose) }
	if s = shorten(s, most); open() {
		if s = shorten(s, most-1); open() {
			s += isolateClose
		}
	}
	return s
}

// shorten cuts a text to so many characters, the last of which is an ellipsis,
// and at a space if there is one near. Shorter texts stay as they are.
func shorten(s string, most int) string {
	runes := []rune(s)
	if len(runes) <= most {
		return s
	}
	if most <= 1 {
		return "…"[:3*max(most, 0)]
	}
	cut := most - 1
	for cut > 1 && unicode.Is(unicode.M, runes[cut]) {
		cut--
	}
	for back := cut; back > cut-7 && back > cut/2; back-- {
		if runes[back] == ' ' {
			cut = back
			break
		}
	}
	return strings.TrimRight(string(runes[:cut]), " ,;:،؛-–—") + "…"
}
