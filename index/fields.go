package index

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"palabre/statement"
)

// Fields lists the fields of the query language with what they take.
var Fields = []struct{ Name, Takes string }{
	{"actor", "an actor, such as jnim"},
	{"speaker", "a person, such as iyad-ag-ghaly"},
	{"source", "a source, such as rfi"},
	{"outlet", "who published"},
	{"topic", "dialogue, foreign_troops or sharia"},
	{"stance", "pro, anti, conditional or mixed"},
	{"target", "the other side, or whose force"},
	{"reason", "first, shift, walk-back, condition-changed …"},
	{"lang", "a language, such as fr"},
	{"kind", "wire, article, communique …"},
	{"place", "a place, such as kidal"},
	{"grade", "the source's reliability, A to F"},
	{"cond", "yes or no: a condition is named"},
	{"first-hand", "yes or no"},
	{"date", "2020, 2020-02, 2020-02/2020-04 or P7D"},
	{"exact", "a word or \"phrase\" as written"},
	{"search", "the name of a saved search"},
	{"without", "a concept that words are not to stand for, such as jnim, or one of its names, such as \"jnim/GSIM\""},
}

// anyForce is the target of what is said of foreign forces without naming one.
const anyForce = "foreign"

// field reads the value of a field whose name begins at a byte.
func (p *parser) field(start int, name string) (expr, error) {
	name = strings.ToLower(name)
	i := slices.IndexFunc(Fields, func(f struct{ Name, Takes string }) bool { return f.Name == name })
	if i < 0 {
		names := make([]string, len(Fields))
		for k := range Fields {
			names[k] = Fields[k].Name
		}
		if near := nearestOf(name, names); near != "" {
			return nil, p.errorAt(start, "unknown field %q%s", name, didYouMean(near+":"))
		}
		return nil, p.errorAt(start, "unknown field %q: want one of %s", name, strings.Join(names, ", "))
	}
	p.i++
	at, isQuoted := p.i, false
	value := ""
	if p.i < len(p.s) && quotes[p.peek()] != 0 {
		var err error
		isQuoted = true
		if value, err = p.quoted(); err != nil {
			return nil, err
		}
	} else {
		end := strings.IndexFunc(p.s[p.i:], func(r rune) bool { return isSpace(r) || r == ')' || r == '(' })
		if end < 0 {
			end = len(p.s) - p.i
		}
		value = strings.ReplaceAll(p.s[p.i:p.i+end], `"`, "")
		p.i += end
	}
	if value == "" {
		return nil, p.errorAt(at, "%s: takes %s", name, Fields[i].Takes)
	}
	if isQuoted && name == "exact" {
		return p.finish(at, phrase{text: value, exact: true})
	}
	p.space()
	return p.checked(at, name, value, Fields[i].Takes)
}

// checked validates a field's value and returns the part that it stands for; nil
// for one that looks for nothing.
func (p *parser) checked(at int, name, value, takes string) (expr, error) {
	wrong := func(near string) error {
		return p.errorAt(at, "%s:%s is unknown: takes %s%s", name, value, takes, didYouMean(near))
	}
	oneOf := func(known ...string) (expr, error) {
		lower := strings.ToLower(value)
		if !slices.Contains(known, lower) {
			return nil, wrong(nearestOf(value, known))
		}
		return field{name, lower}, nil
	}
	switch name {
	case "exact":
		if len(words(value)) == 0 || strings.ContainsFunc(value, endsWord) {
			return nil, p.errorAt(at, "exact: takes a word or \"phrase\" as written, without a star")
		}
		return word{text: value, exact: true}, nil
	case "search":
		return p.search(at, value)
	case "without":
		return nil, p.leaveOut(at, value)
	case "actor", "speaker", "target", "place":
		return p.registered(at, name, value, takes)
	case "topic":
		return oneOf(texts(statement.Topics)...)
	case "stance":
		return oneOf(texts(statement.Stances)...)
	case "reason":
		return oneOf(texts(statement.Reasons)...)
	case "kind":
		return oneOf(texts(statement.Kinds)...)
	case "cond", "first-hand":
		return oneOf("yes", "no")
	case "grade":
		if value = strings.ToUpper(value); !statement.Grade(value).Valid() {
			return nil, wrong("")
		}
	case "lang":
		primary, rest, more := strings.Cut(value, "-")
		if value = strings.ToLower(primary); more {
			value += "-" + rest
		}
		if !langForm.MatchString(value) {
			return nil, wrong("")
		}
	case "date":
		if _, _, err := parseWindow(value, time.Time{}); err != nil {
			return nil, p.errorAt(at, "date:%s is unknown: takes %s%s", value, takes, because(err))
		}
	}
	return field{name, value}, nil
}

var langForm = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$`)

// texts returns values as plain texts.
func texts[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	return out
}

// kindsOf says what stands behind a field that takes something of the registry.
var kindsOf = map[string][]ConceptKind{
	"actor": {ActorConcept, PersonConcept}, "speaker": {PersonConcept}, "target": {ActorConcept, PersonConcept}, "place": {PlaceConcept},
}

// registered looks a value up in the registry, by ID or by name in any script.
func (p *parser) registered(at int, name, value, takes string) (expr, error) {
	l := p.reader.Lexicon
	kinds := kindsOf[name]
	if l == nil || len(l.ids(kinds...)) == 0 || name == "target" && value == anyForce {
		return field{name, value}, nil
	}
	if id, ok := l.value(value, kinds...); ok {
		if name == "actor" && l.isOnly(id, PersonConcept) {
			name = "speaker" // positions are those of the body that a person speaks for
		}
		return field{name, id}, nil
	}
	return nil, p.errorAt(at, "%s:%s is unknown: takes %s%s", name, value, takes, didYouMean(l.nearest(value, kinds...)))
}

// leaveOut notes a concept, or a name of one, that the query's words are not to
// stand for.
func (p *parser) leaveOut(at int, value string) error {
	id, name, named := strings.Cut(value, "/")
	l := p.reader.Lexicon
	if l == nil || len(l.concepts) == 0 {
		p.without = append(p.without, value)
		return nil
	}
	of := l.byID[id]
	if len(of) == 0 {
		return p.errorAt(at, "without:%s is no known concept%s", id, didYouMean(l.nearest(id, ActorConcept, PersonConcept, PlaceConcept, TermConcept)))
	}
	known := func(c *concept) bool {
		return slices.ContainsFunc(c.variants, func(v *variant) bool { return c.without(v, []string{value}) })
	}
	if named && !slices.ContainsFunc(of, known) {
		return p.errorAt(at, "without: %s has no name %q", id, name)
	}
	p.without = append(p.without, value)
	return nil
}

// because returns the end of a message that gives an error's reason, unless that
// only says again what is wanted.
func because(err error) string {
	var r reversed
	if errors.As(err, &r) {
		return ": " + r.Error()
	}
	return ""
}

// reversed is the error of a period that ends before it begins.
type reversed struct{ from, to string }

func (r reversed) Error() string { return fmt.Sprintf("%s lies behind %s", r.from, r.to) }

// farPast and farFuture bound a period that is open on one side.
var farPast, farFuture = time.Unix(-1<<36, 0), time.Unix(1<<36, 0)

// parseWindow reads "2020", "2020-02", "2020-02/2020-04", "2020-02/", "/2020-04",
// "P7D", "P2W", "P6M" or "P1Y" as the time from its start to its end; periods end
// at now.
func parseWindow(s string, now time.Time) (from, to time.Time, err error) {
	if rest, ok := strings.CutPrefix(s, "P"); ok {
		return parsePeriod(rest, now)
	}
	first, last, found := strings.Cut(s, "/")
	if !found {
		last = first
	}
	if first+last == "" {
		return from, to, fmt.Errorf("parse dates %q: want 2020-02/2020-04", s)
	}
	from, to = farPast, farFuture
	if first != "" {
		d, err := statement.ParseDate(first, "query")
		if err != nil {
			return from, to, err
		}
		from = d.Time
	}
	if last != "" {
		d, err := statement.ParseDate(last, "query")
		if err != nil {
			return from, to, err
		}
		to = d.End()
	}
	if !from.Before(to) {
		return from, to, reversed{first, last}
	}
	return from, to, nil
}

// parsePeriod reads what stands behind the P of a period.
func parsePeriod(s string, now time.Time) (from, to time.Time, err error) {
	const longest = 36500
	unit := s[max(0, len(s)-1):]
	n, err := strconv.Atoi(strings.TrimSuffix(s, unit))
	if err != nil || n < 1 || n > longest || s[0] == '+' {
		return from, to, fmt.Errorf("parse period %q: want P7D", cmp.Or(s, "P"))
	}
	switch unit {
	case "D":
		return now.AddDate(0, 0, -n), now, nil
	case "W":
		return now.AddDate(0, 0, -7*n), now, nil
	case "M":
		return now.AddDate(0, -n, 0), now, nil
	case "Y":
		return now.AddDate(-n, 0, 0), now, nil
	}
	return from, to, fmt.Errorf("parse period %q: want P7D", s)
}
