package api

import (
	"html/template"
	"strings"
	"time"
	"unicode"

	"palabre/statement"
	"palabre/store"
)

// Position is a position as the API gives it. Offsets are bytes of the UTF-8 of
// the field that they point into.
type Position struct {
	Actor      string             `json:"actor"`
	Speaker    string             `json:"speaker"`
	Topic      statement.Topic    `json:"topic"`
	Target     string             `json:"target"`
	Stance     statement.Stance   `json:"stance" enum:"pro,anti,conditional,mixed"`
	Condition  string             `json:"condition"`
	Act        string             `json:"act"`
	Evidence   statement.Evidence `json:"evidence"`
	Rule       string             `json:"rule"`
	Confidence float64            `json:"confidence"`
	FirstHand  bool               `json:"first_hand"`
	Tentative  string             `json:"tentative" doc:"Why it may not alert by itself"`
}

func positionOf(p *statement.Position) Position {
	return Position(*p)
}

func positionsOf(list []statement.Position) []Position {
	out := make([]Position, len(list))
	for i := range list {
		out[i] = positionOf(&list[i])
	}
	return out
}

// FoundPosition is a position with the reading that it comes from.
type FoundPosition struct {
	Position
	Event    string `json:"event" doc:"ID of the event that it reports"`
	Revision string `json:"revision" doc:"ID of the revision that was read"`
	Pack     string `json:"pack" doc:"Version of the rules"`
}

func foundOf(f *store.Found) FoundPosition {
	return FoundPosition{Position: positionOf(&f.Position), Event: f.Event, Revision: f.Revision, Pack: f.Pack}
}

// moment is a time for JSON: null where there is none.
func timeOf(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// orEmpty keeps null out of JSON lists.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// plain removes what could make text read other than it is written: embedding,
// override and isolate controls, and control characters that are not white
// space. Marks that only order neighbouring letters stay.
func plain(text string) string { return without(text, misleads) }

func without(text string, unwanted func(rune) bool) string {
	return strings.Map(func(r rune) rune {
		if unwanted(r) {
			return -1
		}
		return r
	}, text)
}

func misleads(r rune) bool {
	return r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' || r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0
}

// The isolates that keep words in another script in their place.
const isolate, endIsolate = '\u2068', '\u2069'

// rightToLeftMark makes what it begins run from right to left.
const rightToLeftMark = "\u200f"

// alertLine is plain for the line of an alert: its isolates stay where each ends
// what one began.
func alertLine(text string) string {
	open := 0
	for _, r := range text {
		switch r {
		case isolate:
			open++
		case endIsolate:
			open--
		}
		if open < 0 {
			return plain(text)
		}
	}
	if open > 0 {
		return plain(text)
	}
	return without(text, func(r rune) bool { return misleads(r) && r != isolate && r != endIsolate })
}

// isolated keeps the direction of words in another script from what stands
// around them.
func isolated(text string) string {
	foreign := func(r rune) bool { return unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) }
	if strings.IndexFunc(text, foreign) < 0 {
		return text
	}
	return string(isolate) + text + string(endIsolate)
}

// cited is a citation in which parts that run the other way are kept apart. A title
// that does has its quotation marks with it and a line to itself.
func cited(line string) template.HTML {
	text := template.HTMLEscapeString(alertLine(line))
	for _, marks := range [][2]string{{"«\u00a0", "\u00a0»"}, {"«", "»"}, {"“", "”"}} {
		text = strings.ReplaceAll(text, marks[0]+string(isolate), string(isolate)+marks[0])
		text = strings.ReplaceAll(text, string(endIsolate)+marks[1], marks[1]+string(endIsolate))
	}
	text = strings.NewReplacer(string(isolate), "<bdi>", string(endIsolate), "</bdi>").Replace(text)
	if title, rest, ok := strings.Cut(text, "</bdi>، "); ok && strings.HasPrefix(title, "<bdi>«") {
		text = `<bdi class="titled">` + strings.TrimPrefix(title, "<bdi>") + `</bdi><span class="hidden">، </span>` + rest
	}
	return template.HTML(text) //nolint:gosec // it was escaped
}
