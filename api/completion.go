package api

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"palabre/index"
	"palabre/statement"
)

// completions is what the search box is told while somebody types.
type completions struct {
	Says        string       `json:"says"` // how many there are, for those who cannot see the list
	Suggestions []Suggestion `json:"suggestions"`
}

// completeSearch proposes how a query goes on, in the tongue of whoever types.
func (s *server) completeSearch(w http.ResponseWriter, r *http.Request) {
	t, q := s.tongueOf(r), r.URL.Query()
	text := q.Get("q")
	at, err := strconv.Atoi(q.Get("at"))
	if err != nil || at < 0 {
		at = len(text)
	}
	list, err := s.index.Reader().Complete(r.Context(), text, byteAt(text, at), t.Lang)
	if err != nil {
		fault := describe(err)
		s.logHidden(r.Context(), fault.Status, err)
		writeProblem(w, fault)
		return
	}
	out := completions{Suggestions: make([]Suggestion, len(list))}
	for i, g := range list {
		out.Suggestions[i] = Suggestion{unitAt(text, g.Start), unitAt(text, g.End), g.Insert, plain(g.Label), plain(t.hintOf(&g)), g.Kind}
	}
	out.Says = t.say("%d suggestions", len(list))
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(&out) // whoever asked has gone
}

// hintOf says what a suggestion is.
func (t *tongue) hintOf(g *index.Suggestion) string {
	field, value, _ := strings.Cut(g.Insert, ":")
	switch {
	case g.Kind == "field":
		return t.in(fieldHint(field))
	case g.Kind == "search":
		return g.Hint
	case field == "without":
		return t.say("is not looked for")
	case g.Kind == "value":
		return t.valueHint(field, value)
	case g.Of == "":
		return t.say("%s: %s", t.in(conceptKind(index.ConceptKind(g.Kind))), g.Hint)
	}
	hint := t.say("%s: %s", t.in(conceptKind(index.ConceptKind(g.Kind))), g.Of)
	if g.Others > 0 {
		hint += " · " + t.say("with %d other names", g.Others)
	}
	return hint
}

// fieldHint says what a field of the query language takes.
func fieldHint(name string) phrase {
	switch name {
	case "actor":
		return say("whose position it is")
	case "speaker":
		return say("who spoke")
	case "source":
		return say("where it was fetched")
	case "outlet":
		return say("who published it")
	case "topic":
		return say("dialogue, foreign troops or Sharia")
	case "stance":
		return say("for, against, conditional or mixed")
	case "target":
		return say("the other side, or whose troops")
	case "reason":
		return say("why it was news")
	case "lang":
		return say("its language")
	case "kind":
		return say("what it is: wire, article, communiqué…")
	case "place":
		return say("a place that it names")
	case "grade":
		return say("how reliable its source is, A to F")
	case "cond":
		return say("yes or no: a condition is named")
	case "first-hand":
		return say("yes or no: the actor’s own words or channel")
	case "date":
		return say("a year, month, day, or a span of them")
	case "exact":
		return say("a word as it is spelt, and no other name")
	case "search":
		return say("what a saved search finds")
	case "without":
		return say("what a word is not to stand for")
	}
	return phrase{}
}

// valueHint says what a field's value is.
func (t *tongue) valueHint(field, value string) string {
	switch field {
	case "topic":
		return t.topic(statement.Topic(value))
	case "stance":
		return statement.Stance(value).Glyph() + " " + t.stance(statement.Stance(value))
	case "reason":
		return t.reason(statement.Reason(value))
	case "kind":
		return t.kind(statement.Kind(value))
	case "lang":
		return t.language(value)
	case "target":
		return t.say("any foreign force")
	case "cond", "first-hand":
		if value == "yes" {
			return t.say("yes")
		}
		return t.say("no")
	case "grade":
		return t.in(gradeHint(value))
	case "date":
		return t.in(dateHint(value))
	}
	return ""
}

func gradeHint(grade string) phrase {
	switch grade {
	case "A":
		return say("completely reliable")
	case "B":
		return say("usually reliable")
	case "C":
		return say("fairly reliable")
	case "D":
		return say("not usually reliable")
	case "E":
		return say("unreliable")
	}
	return say("cannot be judged")
}

func dateHint(value string) phrase {
	switch {
	case strings.HasPrefix(value, "P"):
		return say("the time up to now")
	case strings.HasSuffix(value, "/"):
		return say("from then on")
	case strings.Contains(value, "/"):
		return say("from one to another")
	case len(value) == len("2020"):
		return say("a year")
	case len(value) == len("2020-02"):
		return say("a month")
	}
	return say("a day")
}
