package index

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"palabre/statement"
)

// Limits of a query. They keep any query from holding the server.
const (
	maxQuery = 4096 // bytes
	maxTerms = 64
	maxDepth = 32
	minStem  = 3 // letters before the * of a prefix
)

// SyntaxError says where a query is wrong and what would be right there.
// Column counts characters from 1.
type SyntaxError struct {
	Column int
	What   string
}

func (e *SyntaxError) Error() string { return fmt.Sprintf("query, column %d: %s", e.Column, e.What) }

// Fields lists the fields of the query language with what they take.
var Fields = []struct{ Name, Takes string }{
	{"actor", "an actor, such as jnim"},
	{"speaker", "a person, such as iyad-ag-ghaly"},
	{"source", "a source, such as rfi"},
	{"outlet", "who published"},
	{"topic", "dialogue, foreign_troops or sharia"},
	{"stance", "pro, anti, conditional or mixed"},
	{"target", "the other side, or whose force"},
	{"reason", "first, shift, walk-back or condition-changed"},
	{"lang", "a language, such as fr"},
	{"kind", "wire, article, communique …"},
	{"place", "a place, such as kidal"},
	{"grade", "the source's reliability, A to F"},
	{"cond", "yes or no: a condition is named"},
	{"first-hand", "yes or no"},
	{"date", "2020, 2020-02, 2020-02/2020-04 or P7D"},
	{"exact", "a word as written"},
}

// parser reads a query. Its grammar:
//
//	query  = or
//	or     = and { "OR" and }
//	and    = unary { [ "AND" ] unary }
//	unary  = ( "NOT" | "-" ) unary | atom
//	atom   = "(" or ")" | field ":" value | quoted | word [ "*" ]
type parser struct {
	s     string
	i     int
	depth int
	terms int
}

// Parse reads a query. The empty query finds everything.
func Parse(s string) (*Query, error) {
	p := &parser{s: s}
	if len(s) > maxQuery {
		return nil, &SyntaxError{1, fmt.Sprintf("the query has %d bytes, the most is %d", len(s), maxQuery)}
	}
	if !utf8.ValidString(s) {
		return nil, &SyntaxError{1, "the query is not valid UTF-8"}
	}
	p.space()
	if p.i == len(p.s) {
		return &Query{}, nil
	}
	e, err := p.or()
	if err != nil {
		return nil, err
	}
	if p.i < len(p.s) {
		return nil, p.errorf("unexpected %q: want a word, AND, OR, NOT or the end", p.peek())
	}
	return &Query{e}, nil
}

func (p *parser) errorf(format string, args ...any) error { return p.errorAt(p.i, format, args...) }

func (p *parser) errorAt(at int, format string, args ...any) error {
	return &SyntaxError{utf8.RuneCountInString(p.s[:at]) + 1, fmt.Sprintf(format, args...)}
}

func (p *parser) peek() rune {
	r, _ := utf8.DecodeRuneInString(p.s[p.i:])
	return r
}

func (p *parser) space() {
	for p.i < len(p.s) {
		r, n := utf8.DecodeRuneInString(p.s[p.i:])
		if !unicode.IsSpace(r) {
			return
		}
		p.i += n
	}
}

// keyword takes an operator in capitals that stands alone.
func (p *parser) keyword(k string) bool {
	rest, ok := strings.CutPrefix(p.s[p.i:], k)
	if !ok || rest != "" && !strings.ContainsRune(" \t\n(", rune(rest[0])) {
		return false
	}
	p.i += len(k)
	p.space()
	return true
}

func (p *parser) or() (expr, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, p.errorf("brackets are nested deeper than %d", maxDepth)
	}
	defer func() { p.depth-- }()
	var parts []expr
	for {
		e, err := p.and()
		if err != nil {
			return nil, err
		}
		parts = append(parts, e)
		if !p.keyword("OR") {
			break
		}
	}
	if len(parts) == 1 {
		return parts[0], nil
	}
	return or{parts}, nil
}

func (p *parser) and() (expr, error) {
	var parts []expr
	for {
		e, err := p.unary()
		if err != nil {
			return nil, err
		}
		parts = append(parts, e)
		explicit := p.keyword("AND")
		if !explicit && (p.i == len(p.s) || p.peek() == ')' || strings.HasPrefix(p.s[p.i:], "OR ")) {
			break
		}
	}
	if len(parts) == 1 {
		return parts[0], nil
	}
	return and{parts}, nil
}

func (p *parser) unary() (expr, error) {
	negated := false
	for start := p.i; ; {
		if p.keyword("NOT") {
			negated = !negated
		} else if p.i < len(p.s) && p.s[p.i] == '-' {
			p.i++
			negated = !negated
		} else {
			break
		}
		if p.terms++; p.terms > maxTerms {
			return nil, p.errorAt(start, "the query has more than %d terms", maxTerms)
		}
	}
	e, err := p.atom()
	if err != nil || !negated {
		return e, err
	}
	return not{e}, nil
}

// quotes pairs opening with closing quotation marks.
var quotes = map[rune]rune{'"': '"', '“': '”', '«': '»', '„': '“'}

func (p *parser) atom() (expr, error) {
	if p.terms++; p.terms > maxTerms {
		return nil, p.errorf("the query has more than %d terms", maxTerms)
	}
	if p.i == len(p.s) {
		return nil, p.errorf("the query ends where a word or field is wanted")
	}
	r := p.peek()
	switch {
	case r == '(':
		return p.group()
	case quotes[r] != 0:
		return p.phrase()
	case r == '*' || r == '?' || r == '/':
		return nil, p.errorf("%q cannot begin a word: a prefix such as negoc* has its star behind", r)
	case r == ')' || r == ':' || r == '~':
		return nil, p.errorf("unexpected %q: want a word, a \"phrase\" or field:value", r)
	}
	return p.wordOrField()
}

func (p *parser) group() (expr, error) {
	open := p.i
	p.i++
	p.space()
	e, err := p.or()
	if err != nil {
		return nil, err
	}
	if p.i == len(p.s) || p.s[p.i] != ')' {
		return nil, p.errorAt(open, "the bracket is not closed")
	}
	p.i++
	p.space()
	return e, nil
}

// quoted takes a quoted text.
func (p *parser) quoted() (string, error) {
	open := p.i
	r, n := utf8.DecodeRuneInString(p.s[p.i:])
	closing := quotes[r]
	end := strings.IndexRune(p.s[p.i+n:], closing)
	if end < 0 {
		return "", p.errorAt(open, "the quotation mark is not closed")
	}
	text := p.s[p.i+n : p.i+n+end]
	p.i += n + end + utf8.RuneLen(closing)
	return strings.Join(strings.Fields(strings.ReplaceAll(text, `"`, " ")), " "), nil
}

func (p *parser) phrase() (expr, error) {
	at := p.i
	text, err := p.quoted()
	if err != nil {
		return nil, err
	}
	if !strings.ContainsFunc(text, unicode.IsLetter) && !strings.ContainsFunc(text, unicode.IsDigit) {
		return nil, p.errorAt(at, "the phrase has no word in it")
	}
	p.space()
	return phrase{text}, nil
}

func (p *parser) wordOrField() (expr, error) {
	start := p.i
	for p.i < len(p.s) {
		r, n := utf8.DecodeRuneInString(p.s[p.i:])
		if unicode.IsSpace(r) || strings.ContainsRune("():*~", r) || quotes[r] != 0 || r == '”' || r == '»' {
			break
		}
		p.i += n
	}
	text := p.s[start:p.i]
	if text == "" {
		return nil, p.errorf("unexpected %q: want a word", p.peek())
	}
	if p.i < len(p.s) && p.s[p.i] == ':' {
		return p.field(start, text)
	}
	if p.i < len(p.s) && p.s[p.i] == '*' {
		p.i++
		if letters(text) < minStem {
			return nil, p.errorAt(start, "a prefix needs at least %d letters before its star", minStem)
		}
		if p.i < len(p.s) && !unicode.IsSpace(p.peek()) && p.peek() != ')' {
			return nil, p.errorf("a star stands at the end of a word only")
		}
		p.space()
		return prefix{text}, nil
	}
	if text == "AND" || text == "OR" || text == "NOT" {
		return nil, p.errorAt(start, "unexpected %s: want a word, a \"phrase\" or field:value", text)
	}
	if letters(text) == 0 {
		return nil, p.errorAt(start, "%q has no letter or digit in it", text)
	}
	p.space()
	return word{text: text}, nil
}

func letters(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

func (p *parser) field(start int, name string) (expr, error) {
	name = strings.ToLower(name)
	i := slices.IndexFunc(Fields, func(f struct{ Name, Takes string }) bool { return f.Name == name })
	if i < 0 {
		names := make([]string, len(Fields))
		for k := range Fields {
			names[k] = Fields[k].Name
		}
		return nil, p.errorAt(start, "unknown field %q: want one of %s", name, strings.Join(names, ", "))
	}
	p.i++
	at := p.i
	value := ""
	if p.i < len(p.s) && quotes[p.peek()] != 0 {
		var err error
		if value, err = p.quoted(); err != nil {
			return nil, err
		}
	} else {
		end := strings.IndexFunc(p.s[p.i:], func(r rune) bool { return unicode.IsSpace(r) || r == ')' || r == '(' })
		if end < 0 {
			end = len(p.s) - p.i
		}
		value = p.s[p.i : p.i+end]
		p.i += end
	}
	p.space()
	if value == "" {
		return nil, p.errorAt(at, "%s: takes %s", name, Fields[i].Takes)
	}
	return p.checked(at, name, value, Fields[i].Takes)
}

// checked validates a field's value.
func (p *parser) checked(at int, name, value, takes string) (expr, error) {
	wrong := p.errorAt(at, "%s:%s is unknown: takes %s", name, value, takes)
	switch name {
	case "exact":
		if letters(value) == 0 {
			return nil, wrong
		}
		return word{text: value, exact: true}, nil
	case "stance":
		if !statement.Stance(value).Valid() {
			return nil, wrong
		}
	case "grade":
		value = strings.ToUpper(value)
		if !statement.Grade(value).Valid() {
			return nil, wrong
		}
	case "cond", "first-hand":
		if value != "yes" && value != "no" {
			return nil, wrong
		}
	case "date":
		if _, _, err := parseWindow(value, time.Time{}); err != nil {
			return nil, p.errorAt(at, "date:%s is unknown: takes %s", value, takes)
		}
	}
	return field{name, value}, nil
}

// parseWindow reads "2020", "2020-02", "2020-02/2020-04" or "P7D" as the time
// from its start to its end; periods end at now.
func parseWindow(s string, now time.Time) (from, to time.Time, err error) {
	if rest, ok := strings.CutPrefix(s, "P"); ok {
		days, err := strconv.Atoi(strings.TrimSuffix(rest, "D"))
		if err != nil || !strings.HasSuffix(rest, "D") || days < 1 || days > 36500 {
			return from, to, fmt.Errorf("parse period %q: want P7D", s)
		}
		return now.AddDate(0, 0, -days), now, nil
	}
	first, last, found := strings.Cut(s, "/")
	if !found {
		last = first
	}
	a, err := statement.ParseDate(first, "query")
	if err != nil {
		return from, to, err
	}
	b, err := statement.ParseDate(last, "query")
	if err != nil {
		return from, to, err
	}
	return a.Time, b.End(), nil
}
