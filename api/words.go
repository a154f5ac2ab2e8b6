package api

import (
	"fmt"
	"html/template"
	"math"
	"strings"
	"time"

	"palabre/statement"
)

// functions are what templates may call. Whatever was fetched goes through text
// or heading, which take away what could make it read other than it is written;
// html/template escapes everything.
func (p *pages) functions(reg *statement.Registry) template.FuncMap {
	w := words{reg}
	return template.FuncMap{
		"text":     plain,
		"heading":  heading,
		"line":     alertLine,
		"web":      webAddress,
		"asset":    func(name string) string { return "/static/" + name + "?v=" + p.versions[name] },
		"actor":    w.actor,
		"person":   w.person,
		"place":    w.place,
		"topic":    topicWord,
		"about":    w.about,
		"glyph":    func(s statement.Stance) string { return s.Glyph() },
		"reason":   reasonWord,
		"language": languageName,
		"date":     dateWord,
		"moment":   momentWord,
		"clock":    clockNow,
		"did":      actionWord,
		"status":   statusWord,
		"how":      linkWord,
		"chosen":   func(f statement.Filter) string { return w.chosen(&f) },
		"count":    countWord,
		"percent":  func(f float64) string { return fmt.Sprintf("%.0f %%", math.Round(100*f)) },
		"inc":      func(i int) int { return i + 1 },
	}
}

// words names things as people do.
type words struct{ reg *statement.Registry }

func (w words) actor(id string) string {
	if a := w.reg.Actor(id); a != nil {
		return a.Label
	}
	return plain(id)
}

func (w words) person(id string) string {
	if p := w.reg.Person(id); p != nil {
		return p.Label
	}
	return plain(id)
}

func (w words) place(id string) string {
	for i := range w.reg.Places {
		if w.reg.Places[i].ID == id {
			return w.reg.Places[i].Label
		}
	}
	return plain(id)
}

// about names a question and the other side.
func (w words) about(topic statement.Topic, target string) string {
	switch {
	case target == "":
		return topicWord(topic)
	case topic == statement.Dialogue:
		return "dialogue with " + w.actor(target)
	case topic == statement.ForeignTroops:
		if w.reg.Actor(target) == nil {
			return "foreign troops"
		}
		return "troops of " + w.actor(target)
	}
	return topicWord(topic) + ", " + w.actor(target)
}

func topicWord(t statement.Topic) string {
	switch t {
	case statement.ForeignTroops:
		return "foreign troops"
	case statement.Sharia:
		return "Sharia"
	}
	return plain(strings.ReplaceAll(string(t), "_", " "))
}

func reasonWord(r statement.Reason) string {
	switch r {
	case statement.First:
		return "first position"
	case statement.ConditionChanged:
		return "condition changed"
	}
	return strings.ReplaceAll(plain(string(r)), "-", " ")
}

// actionWord says what somebody did.
func actionWord(a statement.Action) string {
	switch a {
	case statement.HandEntry:
		return "filed a statement"
	case statement.Poll:
		return "fetched a source"
	case statement.Replay:
		return "replayed a dead letter"
	case statement.Acknowledge:
		return "acknowledged a signal"
	case statement.Own:
		return "took over a signal"
	case statement.Snooze:
		return "set a signal aside"
	case statement.MarkFalse:
		return "marked a signal false"
	case statement.Confirm:
		return "confirmed a signal"
	case statement.Undo:
		return "took something back"
	case statement.DraftDigest:
		return "drafted a digest"
	case statement.EditDigest:
		return "edited a digest"
	case statement.IssueDigest:
		return "issued a digest"
	case statement.PutSilence:
		return "put a silence"
	case statement.EndSilence:
		return "ended a silence"
	case statement.PutReceiver:
		return "changed a receiver"
	case statement.DropReceiver:
		return "dropped a receiver"
	case statement.Heartbeat:
		return "asked for a heartbeat"
	case statement.SplitEvent:
		return "split an event"
	case statement.MergeEvents:
		return "merged events"
	case statement.JudgeDemand:
		return "judged a demand"
	case statement.BeginWatch:
		return "began the watch"
	case statement.EndWatch:
		return "ended the watch"
	}
	return plain(string(a))
}

// linkWord says how it is known that one event answers another.
func linkWord(l statement.Link) string {
	switch l {
	case statement.Quoted:
		return "it quotes the words"
	case statement.Named:
		return "it names who spoke"
	case statement.Addressed:
		return "it was put to whoever answers"
	case statement.OwnHouse:
		return "another voice of the same body"
	}
	return plain(string(l))
}

// heading is a title on a page, where an empty one would be a link to nothing.
func heading(title string) string {
	if title = strings.TrimSpace(plain(title)); title != "" {
		return title
	}
	return "Untitled"
}

// languageName names the languages of the region; others keep their tag.
func languageName(tag string) string {
	base, _, _ := strings.Cut(strings.ToLower(tag), "-")
	switch base {
	case "fr":
		return "French"
	case "ar":
		return "Arabic"
	case "en":
		return "English"
	case "bm":
		return "Bambara"
	case "ff":
		return "Fulfulde"
	case "ha":
		return "Hausa"
	case "wo":
		return "Wolof"
	case "ses", "khq", "son", "dje":
		return "Songhay"
	case "taq", "tmh", "ttq":
		return "Tamasheq"
	case "nqo":
		return "N’Ko"
	case "und", "":
		return "unknown language"
	}
	return plain(tag)
}

// dateWord turns an ISO date of any precision into prose.
func dateWord(iso string) string {
	d, err := statement.ParseDate(iso, "")
	if err != nil {
		return "undated"
	}
	return d.Human()
}

// momentWord is a time to the minute.
func momentWord(t any) string {
	switch t := t.(type) {
	case time.Time:
		return t.UTC().Format("2 Jan 2006, 15:04 UTC")
	case *time.Time:
		return momentWord(*t)
	}
	return ""
}

// countWord is a number with its noun.
func countWord(n any, noun string) string {
	digits := fmt.Sprint(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "\u202f" + digits[i:]
	}
	if digits == "1" {
		return "1 " + noun
	}
	return digits + " " + noun + "s"
}
