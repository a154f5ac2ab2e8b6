package index

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of a query. They keep any query from holding the server.
const (
	maxQuery    = 4096 // bytes
	maxTerms    = 64   // words, phrases, fields and signs, saved searches included
	maxDepth    = 32   // of brackets
	maxNames    = 800  // that are looked for in place of words
	maxRunNames = 400  // that are looked for in place of words side by side; where these are used up, such words are words
	maxReach    = 50   // words between what is to stand near
	maxNesting  = 4    // saved searches within saved searches
	maxSearches = 8    // saved searches, those within others included
	minStem     = 3    // letters before the * of a prefix
)

// SyntaxError says where a query is wrong and what would be right there.
// Column counts characters from 1.
type SyntaxError struct {
	Column int
	What   string
}

func (e *SyntaxError) Error() string { return fmt.Sprintf("query, column %d: %s", e.Column, e.What) }

// Meant is what was probably meant in place of what stands at the column, "" if
// nothing is like it; that of a field ends in its colon.
func (e *SyntaxError) Meant() string {
	_, meant, _ := strings.Cut(e.What, proposes)
	return strings.TrimSuffix(meant, "?")
}

// proposes stands before the word that a message proposes, at its end.
const proposes = ": did you mean "

// parser reads a query. Its grammar:
//
//	query  = or
//	or     = and { "OR" and }
//	and    = unary { [ "AND" ] unary }
//	unary  = ( "NOT" | "-" ) unary | near
//	near   = atom { "NEAR/" number atom }
//	atom   = "(" or ")" | field ":" value | quoted [ "~" number ] | word [ "*" ]
type parser struct {
	ctx     context.Context
	reader  *Reader
	s       string
	i       int
	depth   int
	left    *budget
	within  []string // names of the saved searches that this query stands in
	without []string
}

func (p *parser) errorf(format string, args ...any) error { return p.errorAt(p.i, format, args...) }

func (p *parser) errorAt(at int, format string, args ...any) error {
	return &SyntaxError{utf8.RuneCountInString(p.s[:at]) + 1, fmt.Sprintf(format, args...)}
}

func (p *parser) peek() rune {
	r, _ := utf8.DecodeRuneInString(p.s[p.i:])
	return r
}

// isSpace reports whether a rune only parts words: spaces, and the marks of
// direction that come along when text is copied.
func isSpace(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || r == '\u061c' || r == '\u200e' || r == '\u200f' ||
		r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' || r == '\ufeff'
}

func isLetter(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

func (p *parser) space() {
	for p.i < len(p.s) {
		r, n := utf8.DecodeRuneInString(p.s[p.i:])
		if !isSpace(r) {
			return
		}
		p.i += n
	}
}

// stands reports whether an operator in capitals stands here alone.
func (p *parser) stands(k string) bool {
	rest, ok := strings.CutPrefix(p.s[p.i:], k)
	if !ok || rest == "" {
		return ok
	}
	r, _ := utf8.DecodeRuneInString(rest)
	return isSpace(r) || r == '('
}

// keyword takes an operator in capitals that stands alone.
func (p *parser) keyword(k string) bool {
	if !p.stands(k) {
		return false
	}
	p.i += len(k)
	p.space()
	return true
}

// term counts what is looked for.
func (p *parser) term(at int) error {
	if p.left.terms--; p.left.terms < 0 {
		return p.errorAt(at, "the query has more than %d terms", maxTerms)
	}
	return nil
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
	var beside []bool // of each part: no AND parts it from the one before
	start, explicit := p.i, true
	for {
		e, err := p.unary()
		if err != nil {
			return nil, err
		}
		if e != nil {
			parts, beside = append(parts, e), append(beside, !explicit)
		}
		explicit = p.keyword("AND")
		if !explicit && (p.i == len(p.s) || p.peek() == ')' || p.stands("OR")) {
			break
		}
	}
	parts = p.runs(parts, beside)
	switch len(parts) {
	case 0:
		return nil, p.errorAt(start, "without: stands beside what is looked for")
	case 1:
		return parts[0], nil
	}
	return and{parts}, nil
}

// longestRun is the most words of a name that is found without quotation marks.
const longestRun = 6

// runs puts words that stand side by side and together are a name into one part,
// the longest name first.
func (p *parser) runs(parts []expr, beside []bool) []expr {
	var out []expr
	for i := 0; i < len(parts); {
		var list []expr
		var texts []string
		next, taken, cost := parts[i], 1, 0
		for j := i; j < len(parts) && j-i < longestRun && (j == i || beside[j]); j++ {
			w, ok := parts[j].(word)
			if !ok || w.exact {
				break
			}
			list, texts = append(list, w), append(texts, w.text)
			if j == i {
				continue
			}
			whole := phrase{text: strings.Join(texts, " ")}
			whole.concepts = p.reader.Lexicon.named(whole.text)
			if n := whole.most(); n > 0 && n <= p.left.runs {
				next, taken, cost = run{and{slices.Clone(list)}, whole}, len(list), n
			}
		}
		p.left.runs -= cost
		out = append(out, next)
		i += taken
	}
	return out
}

// unary returns nil for a part that looks for nothing, such as without:jnim.
func (p *parser) unary() (expr, error) {
	negated, signs, start := false, 0, p.i
	for {
		at := p.i
		if p.keyword("NOT") {
			negated = !negated
		} else if p.i < len(p.s) && p.s[p.i] == '-' {
			p.i++
			p.space()
			negated = !negated
		} else {
			break
		}
		signs++
		if err := p.term(at); err != nil {
			return nil, p.errorAt(start, "the query has more than %d terms", maxTerms)
		}
	}
	at := p.i
	e, err := p.near()
	if err != nil {
		return nil, err
	}
	if e == nil && signs > 0 {
		return nil, p.errorAt(at, "without: cannot be denied; take it out of the query instead")
	}
	if negated {
		return not{e}, nil
	}
	return e, nil
}

// near reads what stands near one another.
func (p *parser) near() (expr, error) {
	at := p.i
	e, err := p.atom()
	if err != nil || !strings.HasPrefix(p.s[p.i:], "NEAR") {
		return e, err
	}
	n := near{parts: []expr{e}}
	for {
		operator := p.i
		gap, ok, err := p.distance()
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
		if err := p.nearby(at, n.parts[len(n.parts)-1]); err != nil {
			return nil, err
		}
		at = p.i
		if at == len(p.s) {
			return nil, p.errorAt(operator, "NEAR stands between two words or \"phrases\"")
		}
		next, err := p.atom()
		if err != nil {
			return nil, err
		}
		if err := p.nearby(at, next); err != nil {
			return nil, err
		}
		n.parts, n.gaps = append(n.parts, next), append(n.gaps, gap)
	}
	if len(n.gaps) == 0 {
		return e, nil
	}
	return n, nil
}

// distance takes NEAR/5, if it stands here.
func (p *parser) distance() (gap int, ok bool, err error) {
	if p.stands("NEAR") {
		return 0, false, p.errorf("NEAR takes the most words between, such as NEAR/5")
	}
	if !strings.HasPrefix(p.s[p.i:], "NEAR/") {
		return 0, false, nil
	}
	at := p.i
	p.i += len("NEAR/")
	gap, err = p.reach(at, "NEAR/5")
	p.space()
	return gap, err == nil, err
}

// reach takes the number of words that a distance may have.
func (p *parser) reach(at int, example string) (int, error) {
	start, n := p.i, 0
	for p.i < len(p.s) && p.s[p.i] >= '0' && p.s[p.i] <= '9' {
		n = min(n*10+int(p.s[p.i]-'0'), maxReach+1)
		p.i++
	}
	ends := p.i == len(p.s) || isSpace(p.peek()) || p.peek() == ')' || p.peek() == '('
	if p.i == start || !ends || n < 1 || n > maxReach {
		return 0, p.errorAt(at, "a distance is a number of words from 1 to %d, as in %s", maxReach, example)
	}
	return n, nil
}

// nearby reports an error if a part cannot stand near another.
func (p *parser) nearby(at int, e expr) error {
	switch e := e.(type) {
	case word, prefix:
		return nil
	case phrase:
		if e.reach == 0 {
			return nil
		}
	}
	return p.errorAt(at, "NEAR takes a word, a prefix* or a \"phrase\" on each side")
}

// quotes pairs opening with closing quotation marks.
var quotes = map[rune]rune{'"': '"', '“': '”', '”': '”', '«': '»', '„': '“', '‟': '”'}

func (p *parser) atom() (expr, error) {
	if err := p.term(p.i); err != nil {
		return nil, err
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
	return plainID(text), nil
}

func (p *parser) phrase() (expr, error) {
	at := p.i
	text, err := p.quoted()
	if err != nil {
		return nil, err
	}
	e := phrase{text: text}
	return p.finish(at, e)
}

// finish reads what may stand behind a quoted text, which begins at a byte.
func (p *parser) finish(at int, e phrase) (expr, error) {
	list := words(e.text)
	if len(list) == 0 {
		return nil, p.errorAt(at, "the phrase has no word in it")
	}
	if p.i < len(p.s) && p.s[p.i] == '~' {
		tilde := p.i
		p.i++
		var err error
		if e.reach, err = p.reach(tilde, `"a b"~5`); err != nil {
			return nil, err
		}
		if len(list) < 2 {
			return nil, p.errorAt(tilde, "a distance takes two words or more between its quotation marks")
		}
	}
	if !e.exact && e.reach == 0 {
		e.concepts = p.reader.Lexicon.named(e.text)
	}
	p.space()
	return e, nil
}

// endsWord reports whether a rune cannot be part of a word.
func endsWord(r rune) bool {
	return isSpace(r) || strings.ContainsRune("():*~”»", r) || quotes[r] != 0
}

func (p *parser) wordOrField() (expr, error) {
	start := p.i
	end := strings.IndexFunc(p.s[start:], endsWord)
	if end < 0 {
		end = len(p.s) - start
	}
	text := p.s[start : start+end]
	p.i += end
	switch {
	case text == "":
		return nil, p.errorf("unexpected %q: want a word", p.peek())
	case p.i < len(p.s) && p.s[p.i] == ':':
		return p.field(start, text)
	case p.i < len(p.s) && p.s[p.i] == '*':
		return p.prefix(start, text)
	case p.i < len(p.s) && p.s[p.i] == '~':
		return nil, p.errorf("~ stands behind a \"phrase\" only: a word is taken as it is spelt, and a prefix such as negoc* finds more")
	case slices.Contains([]string{"AND", "OR", "NOT", "NEAR"}, text) || strings.HasPrefix(text, "NEAR/"):
		return nil, p.errorAt(start, "unexpected %s: want a word, a \"phrase\" or field:value", text)
	case len(words(text)) == 0:
		return nil, p.errorAt(start, "%q has no letter or digit in it", text)
	}
	p.space()
	return word{text: text, naming: naming{concepts: p.reader.Lexicon.named(text)}}, nil
}

func (p *parser) prefix(start int, text string) (expr, error) {
	p.i++
	list := words(text)
	if len(list) == 0 || utf8.RuneCountInString(list[len(list)-1]) < minStem {
		return nil, p.errorAt(start, "a prefix needs at least %d letters before its star", minStem)
	}
	if p.i < len(p.s) && !isSpace(p.peek()) && p.peek() != ')' {
		return nil, p.errorf("a star stands at the end of a word only")
	}
	p.space()
	return prefix{text}, nil
}

// countNames reports the first word at which a query stands for too many names.
func (p *parser) countNames(q *Query) error {
	var failed error
	count := func(text string, n naming) {
		if p.left.names -= len(n.variants); p.left.names < 0 && failed == nil {
			at := max(0, strings.Index(p.s, text))
			failed = p.errorAt(at, "up to %s the query looks for more than %d names: exact:%s looks for these words only", text, maxNames, field{"", text}.String()[1:])
		}
	}
	walk(q.root, func(e expr) bool {
		switch e := e.(type) {
		case run: // the names of the whole were counted as it was read
			for _, w := range e.apart.parts {
				count(w.(word).text, w.(word).naming)
			}
			return false
		case word:
			count(e.text, e.naming)
		case phrase:
			count(e.text, e.naming)
		case saved:
			return false
		}
		return true
	})
	return failed
}
