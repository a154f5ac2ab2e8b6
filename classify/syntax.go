package classify

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"palabre/statement"
)

// SyntaxError is a mistake in a rule file, with its place and what would be
// right.
type SyntaxError struct {
	File   string
	Line   int
	Column int
	What   string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.What)
}

// wordList is a named list of words and phrases of a rule file.
type wordList struct {
	directive string // one of listDirectives
	name      string
	calling   string // of a class: what its words say, in English; or empty
	phrases   []string
	file      string
	line      int
}

// example is a text that a rule must or must not match.
type example struct {
	text  string
	wants []statement.Position // actor, topic, stance, target; empty for a "no"
	line  int
}

// ruleSource is a rule as written.
type ruleSource struct {
	name  string
	text  string // its lines
	reads string
	when  []patternSource
	gives effect
	yes   []example
	no    []example
	file  string
	line  int
	layer int // that it is in, 0 for the lowest
}

type patternSource struct {
	nodes []node
	line  int
}

// holderMode says how a rule finds whose position it is.
type holderMode uint8

const (
	bySubject holderMode = iota // the grammatical subject, else the voice
	byVoice                     // whoever speaks
	byObject                    // the actor named behind the match
	byParties                   // both sides that are named from the match on
)

// negationMode says what a negation in the match's scope does.
type negationMode uint8

const (
	negFlips  negationMode = iota // pro and anti change places
	negBlocks                     // no position
	negIgnored
)

// effect is what a matching rule asserts.
type effect struct {
	topic    statement.Topic
	stance   statement.Stance
	holder   holderMode
	negation negationMode
	target   string // fixed target, or "" to find it
	act      string
	own      bool    // about the holder's own force, unless another is named
	nested   bool    // stands even within a wider match
	settled  bool    // no condition bears on it
	reacts   bool    // about a matter raised before
	answers  bool    // to a question, and be it by one: "why should they?"
	raises   bool    // names a matter, and takes no stance on it
	mixes    bool    // with the opposite of the same actor, both are meant
	weight   float64 // confidence before deductions
	line     int
}

// node is one element of a pattern.
type node struct {
	kind     nodeKind
	name     string   // class name, mention kind or word
	names    []string // alternatives of a class node
	gap      int
	alts     [][]node
	optional bool
	capture  string // "who" or "whom"
	column   int
}

type nodeKind uint8

const (
	nodeWord nodeKind = iota
	nodeClass
	nodeMention
	nodeGap
	nodeGroup
	nodeNot
	nodeStart
	nodeEnd
)

// ruleFile is a parsed rule file.
type ruleFile struct {
	name         string
	lists        []wordList
	rules        []ruleSource
	layer        int  // 0 for the lowest
	experimental bool // the rules of its language are only tried
}

// fileParser reads one rule file line by line.
type fileParser struct {
	name string
	line int
	out  ruleFile
	rule *ruleSource
	list *wordList
}

var listDirectives = []string{"class", "mention", "demonym", "office", "anaphor", "force", "issuer", "press"}

// parseFile reads a rule file. It stops at the first mistake.
func parseFile(name, text string) (*ruleFile, error) {
	p := &fileParser{name: name, out: ruleFile{name: name}}
	for raw := range strings.Lines(text) {
		p.line++
		line := strings.TrimRight(raw, " \t\r\n")
		body := strings.TrimSpace(line)
		if body == "" || strings.HasPrefix(body, "#") {
			continue
		}
		indented := line[0] == ' ' || line[0] == '\t'
		var err error
		switch {
		case !indented:
			err = p.head(line)
		case p.rule != nil:
			p.rule.text += line + "\n"
			err = p.ruleLine(line)
		case p.list != nil:
			err = p.words(line, 0)
		default:
			err = p.errorf(1, "an indented line must follow a rule or a word list")
		}
		if err != nil {
			return nil, err
		}
	}
	p.flush()
	return &p.out, nil
}

func (p *fileParser) errorf(column int, format string, args ...any) error {
	return &SyntaxError{File: p.name, Line: p.line, Column: column, What: fmt.Sprintf(format, args...)}
}

func (p *fileParser) flush() {
	if p.rule != nil {
		p.out.rules = append(p.out.rules, *p.rule)
	}
	if p.list != nil {
		p.out.lists = append(p.out.lists, *p.list)
	}
	p.rule, p.list = nil, nil
}

// head reads a line that begins a rule or a word list.
func (p *fileParser) head(line string) error {
	p.flush()
	word, rest, _ := strings.Cut(line, " ")
	if word == "experimental" {
		if strings.TrimSpace(rest) != "" {
			return p.errorf(len(word)+2, "experimental stands alone on its line")
		}
		p.out.experimental = true
		return nil
	}
	if word == "rule" {
		name := strings.TrimSpace(rest)
		if name == "" || strings.ContainsAny(name, " \t") {
			return p.errorf(6, "a rule needs one name without spaces, such as rule fr.dialogue.refuse")
		}
		p.rule = &ruleSource{name: name, text: line + "\n", file: p.name, line: p.line, gives: effect{weight: 0.8}}
		return nil
	}
	for _, d := range listDirectives {
		if word != d {
			continue
		}
		name, list, found := strings.Cut(rest, "=")
		name, calling, err := p.called(d, strings.TrimSpace(name))
		if err != nil {
			return err
		}
		if name == "" {
			return p.errorf(len(word)+2, "%s needs a name, such as %s refuse = refus* rejet*", d, d)
		}
		p.list = &wordList{directive: d, name: name, calling: calling, file: p.name, line: p.line}
		if !found {
			return nil
		}
		return p.words(list, strings.Index(line, "=")+1)
	}
	if slices.Contains(ruleLines, word) {
		return p.errorf(1, "a line %q belongs to a rule: indent it", word)
	}
	return p.errorf(1, "unknown directive %q%s", word, suggest(word, append([]string{"rule", "experimental"}, listDirectives...)))
}

// called parts the name of a list from what is written behind it to call a class by.
func (p *fileParser) called(directive, s string) (name, calling string, err error) {
	name, rest, _ := strings.Cut(s, " ")
	if rest = strings.TrimSpace(rest); rest == "" || directive != "class" {
		return s, "", nil
	}
	if calling = strings.Trim(rest, `"`); calling == "" || len(calling)+2 != len(rest) {
		return "", "", p.errorf(len(directive)+len(name)+3, "behind the name of a class stands at most how it is called, such as class %s \"%s\"", name, callingOf(name))
	}
	return name, calling, nil
}

// callingOf returns how a class is called that does not say so: "b-lay-down" is "lay
// down".
func callingOf(class string) string {
	return strings.ReplaceAll(strings.TrimPrefix(class, "b-"), "-", " ")
}

// words reads words, prefixes* and "phrases" of a word list.
func (p *fileParser) words(s string, offset int) error {
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c == ' ' || c == '\t' || c == '|':
			i++
		case c == '#':
			return nil
		case c == '"':
			end := strings.IndexByte(s[i+1:], '"')
			if end < 0 {
				return p.errorf(offset+i+1, "the phrase has no closing quotation mark")
			}
			p.list.phrases = append(p.list.phrases, apart(s[i+1:i+1+end]))
			i += end + 2
		default:
			end := strings.IndexAny(s[i:], " \t|\"")
			if end < 0 {
				end = len(s) - i
			}
			word := s[i : i+end]
			if c == '\'' && (len(word) == 1 || word[len(word)-1] != '\'') {
				return p.errorf(offset+i+1, `a phrase of a list stands in double quotation marks: "…"`)
			}
			p.list.phrases = append(p.list.phrases, apart(word))
			i += end
		}
	}
	return nil
}

// apart writes a space for each apostrophe and hyphen, which part words in texts:
// "can't" is can t.
func apart(phrase string) string { return strings.TrimSpace(partingMarks.Replace(phrase)) }

var partingMarks = strings.NewReplacer("'", " ", "’", " ", "-", " ")

// ruleLines are the words that begin the lines of a rule.
var ruleLines = []string{"reads", "when", "gives", "yes", "no"}

// ruleLine reads an indented line of a rule.
func (p *fileParser) ruleLine(line string) error {
	indent := len(line) - len(strings.TrimLeft(line, " \t"))
	word, rest, _ := strings.Cut(line[indent:], " ")
	column := indent + len(word) + 1
	trimmed := strings.TrimLeft(rest, " ")
	column += len(rest) - len(trimmed) + 1
	rest = strings.TrimSpace(trimmed)
	switch word {
	case "reads":
		p.rule.reads = rest
		return nil
	case "when":
		nodes, err := p.pattern(rest, column)
		if err != nil {
			return err
		}
		p.rule.when = append(p.rule.when, patternSource{nodes, p.line})
		return nil
	case "gives":
		return p.gives(rest, column)
	case "yes", "no":
		return p.example(word == "yes", rest, column)
	}
	return p.errorf(indent+1, "unknown line %q in a rule%s", word, suggest(word, ruleLines))
}

// gives reads "TOPIC STANCE [by=…] [neg=…] [own=…] [nested=…] [cond=…] [mixes=…] [raises=…] [target=…] [act=…] [weight=…]".
func (p *fileParser) gives(s string, column int) error {
	fields := strings.Fields(s)
	if len(fields) < 2 {
		return p.errorf(column, "gives needs a topic and a stance, such as gives dialogue anti")
	}
	e := &p.rule.gives
	e.line = p.line
	e.topic, e.stance = statement.Topic(fields[0]), statement.Stance(fields[1])
	if !knownTopic(e.topic) && !refersBack(e.topic) {
		return p.errorf(column, "unknown topic %q: want one of %v, %s or %s", e.topic, statement.Topics, matter, answer)
	}
	if !e.stance.Valid() {
		return p.errorf(column+len(fields[0])+1, "unknown stance %q: want pro, anti, conditional or mixed", fields[1])
	}
	for _, f := range fields[2:] {
		key, value, _ := strings.Cut(f, "=")
		if err := e.set(key, value); err != nil {
			return p.errorf(column+strings.Index(s, f), "%v", err)
		}
	}
	return nil
}

func knownTopic(t statement.Topic) bool { return slices.Contains(statement.Topics, t) }

// acts are the deeds by which a position may be shown.
var acts = []string{"ceasefire", "mandate", "release", "withdrawal"}

func (e *effect) set(key, value string) error {
	pick := func(choices map[string]int) (int, error) {
		n, ok := choices[value]
		if !ok {
			return 0, fmt.Errorf("unknown %s=%s: want one of %s", key, value, strings.Join(sortedKeys(choices), ", "))
		}
		return n, nil
	}
	switch key {
	case "by":
		n, err := pick(map[string]int{"subject": int(bySubject), "voice": int(byVoice), "object": int(byObject), "parties": int(byParties)})
		e.holder = holderMode(n)
		return err
	case "neg":
		n, err := pick(map[string]int{"flips": int(negFlips), "blocks": int(negBlocks), "ignored": int(negIgnored)})
		e.negation = negationMode(n)
		return err
	case "nested":
		n, err := pick(map[string]int{"no": 0, "yes": 1})
		e.nested = n == 1
		return err
	case "own":
		n, err := pick(map[string]int{"no": 0, "yes": 1})
		e.own = n == 1
		return err
	case "cond":
		n, err := pick(map[string]int{"bears": 0, "ignored": 1})
		e.settled = n == 1
		return err
	case "mixes":
		n, err := pick(map[string]int{"no": 0, "yes": 1})
		e.mixes = n == 1
		return err
	case "raises":
		n, err := pick(map[string]int{"no": 0, "yes": 1})
		e.raises = n == 1
		return err
	case "target":
		e.target = value
	case "act":
		if !slices.Contains(acts, value) {
			return fmt.Errorf("unknown act %q%s", value, suggest(value, acts))
		}
		e.act = value
	case "weight":
		w, err := strconv.ParseFloat(value, 64)
		if err != nil || w <= 0 || w > 1 {
			return fmt.Errorf("weight %q is not a number above 0 and at most 1", value)
		}
		e.weight = w
	default:
		return fmt.Errorf("unknown option %q%s", key, suggest(key, []string{"by", "neg", "own", "nested", "cond", "mixes", "raises", "target", "act", "weight"}))
	}
	return nil
}

// example reads `"TEXT" => ACTOR TOPIC STANCE [TARGET]; …` or `"TEXT"`.
func (p *fileParser) example(must bool, s string, column int) error {
	if len(s) < 2 || s[0] != '"' {
		return p.errorf(column, "an example is a text in straight quotation marks, \"…\"")
	}
	end := strings.LastIndexByte(s, '"')
	if end == 0 {
		return p.errorf(column, "the example has no closing quotation mark")
	}
	ex := example{text: s[1:end], line: p.line}
	rest := strings.TrimSpace(s[end+1:])
	if !must {
		if rest != "" {
			return p.errorf(column+end+1, "a text that must not match has no position behind it")
		}
		p.rule.no = append(p.rule.no, ex)
		return nil
	}
	rest, ok := strings.CutPrefix(rest, "=>")
	if !ok {
		return p.errorf(column+end+1, `want => ACTOR TOPIC STANCE [TARGET] behind the text`)
	}
	for part := range strings.SplitSeq(rest, ";") {
		f := strings.Fields(part)
		if len(f) < 3 || len(f) > 4 || !knownTopic(statement.Topic(f[1])) || !statement.Stance(f[2]).Valid() {
			return p.errorf(column+end+1, "want ACTOR TOPIC STANCE [TARGET], such as mali-government dialogue anti jnim, not %q", strings.TrimSpace(part))
		}
		want := statement.Position{Actor: f[0], Topic: statement.Topic(f[1]), Stance: statement.Stance(f[2])}
		if len(f) == 4 {
			want.Target = f[3]
		}
		ex.wants = append(ex.wants, want)
	}
	p.rule.yes = append(p.rule.yes, ex)
	return nil
}
