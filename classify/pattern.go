package classify

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// patternParser reads the elements of a pattern.
type patternParser struct {
	p      *fileParser
	s      string
	i      int
	column int
}

// maxGap is the most tokens that one gap may pass over.
const maxGap = 15

func (p *fileParser) pattern(s string, column int) ([]node, error) {
	pp := &patternParser{p: p, s: s, column: column}
	nodes, err := pp.sequence(false)
	if err != nil {
		return nil, err
	}
	if len(nodes) == 0 {
		return nil, p.errorf(column, "the pattern is empty")
	}
	if !anchored(nodes) {
		return nil, p.errorf(column, "a pattern begins with a word, a <class> or a @mention that must be there")
	}
	return nodes, nil
}

// anchored reports whether the pattern begins, behind what takes up no word, with
// something that must be there: patterns are filed by it.
func anchored(nodes []node) bool {
	for i := range nodes {
		switch n := &nodes[i]; {
		case n.kind == nodeStart || n.kind == nodeNot:
		case n.optional || n.kind == nodeGap || n.kind == nodeEnd:
			return false
		case n.kind == nodeGroup:
			return !slices.ContainsFunc(n.alts, func(alt []node) bool { return !anchored(alt) })
		default:
			return true
		}
	}
	return false
}

func (pp *patternParser) sequence(inGroup bool) ([]node, error) {
	var out []node
	for {
		for pp.i < len(pp.s) && pp.s[pp.i] == ' ' {
			pp.i++
		}
		if pp.i >= len(pp.s) {
			if inGroup {
				return nil, pp.errorf("the group has no closing parenthesis")
			}
			return out, nil
		}
		if c := pp.s[pp.i]; c == '|' || c == ')' {
			if !inGroup {
				return nil, pp.errorf("%q stands outside of a group", string(c))
			}
			return out, nil
		}
		n, err := pp.element()
		if err != nil {
			return nil, err
		}
		out = append(out, n)
	}
}

func (pp *patternParser) element() (node, error) {
	column := pp.column + pp.i
	n, err := pp.atom()
	if err != nil {
		return n, err
	}
	n.column = column
	if pp.i < len(pp.s) && pp.s[pp.i] == '?' {
		n.optional = true
		pp.i++
	}
	return n, nil
}

func (pp *patternParser) atom() (node, error) {
	switch c := pp.s[pp.i]; c {
	case '~':
		pp.i++
		digits := pp.take(func(r rune) bool { return unicode.IsDigit(r) })
		n, err := strconv.Atoi(digits)
		if err != nil || n < 1 || n > maxGap {
			return node{}, pp.errorf("a gap is ~1 to ~%d", maxGap)
		}
		return node{kind: nodeGap, gap: n}, nil
	case '^', '$':
		pp.i++
		if c == '^' {
			return node{kind: nodeStart}, nil
		}
		return node{kind: nodeEnd}, nil
	case '!':
		pp.i++
		if pp.i >= len(pp.s) || pp.s[pp.i] == ' ' {
			return node{}, pp.errorf("! must touch what must not be there, such as !<union>")
		}
		inner, err := pp.atom()
		return node{kind: nodeNot, alts: [][]node{{inner}}}, err
	case '<':
		end := strings.IndexByte(pp.s[pp.i:], '>')
		if end < 0 {
			return node{}, pp.errorf("the class has no closing >")
		}
		names := strings.Split(pp.s[pp.i+1:pp.i+end], "|")
		pp.i += end + 1
		return node{kind: nodeClass, names: names}, nil
	case '(':
		return pp.group()
	case '\'':
		end := strings.IndexByte(pp.s[pp.i+1:], '\'')
		if end < 0 {
			return node{}, pp.errorf("the phrase has no closing '")
		}
		phrase := pp.s[pp.i+1 : pp.i+1+end]
		pp.i += end + 2
		return node{kind: nodeWord, name: apart(phrase)}, nil
	}
	return pp.wordOrMention()
}

func (pp *patternParser) wordOrMention() (node, error) {
	start := pp.i
	word := pp.take(func(r rune) bool { return !strings.ContainsRune(" |()?<>", r) })
	if word == "" {
		return node{}, pp.errorf("unexpected %q", string(pp.s[pp.i]))
	}
	capture, rest, found := strings.Cut(word, "=")
	fail := func(format string, args ...any) (node, error) {
		pp.i = start
		return node{}, pp.errorf(format, args...)
	}
	if !found {
		capture, rest = "", word
	} else if capture != "who" && capture != "whom" {
		return fail("a capture is who=@… or whom=@…, not %q", capture)
	}
	if kind, ok := strings.CutPrefix(rest, "@"); ok {
		if _, known := mentionKinds[kind]; !known {
			return fail("unknown mention @%s%s", kind, suggest(kind, sortedKeys(mentionKinds)))
		}
		return node{kind: nodeMention, name: kind, capture: capture}, nil
	}
	if capture != "" {
		return fail("only a mention can be captured, such as who=@actor")
	}
	return node{kind: nodeWord, name: apart(rest)}, nil
}

func (pp *patternParser) group() (node, error) {
	pp.i++
	n := node{kind: nodeGroup}
	for {
		alt, err := pp.sequence(true)
		if err != nil {
			return n, err
		}
		if len(alt) == 0 {
			return n, pp.errorf("an alternative of the group is empty; write ( … )? instead")
		}
		n.alts = append(n.alts, alt)
		c := pp.s[pp.i]
		pp.i++
		if c == ')' {
			return n, nil
		}
	}
}

func (pp *patternParser) take(ok func(rune) bool) string {
	start := pp.i
	for j, r := range pp.s[start:] {
		if !ok(r) {
			pp.i = start + j
			return pp.s[start:pp.i]
		}
	}
	pp.i = len(pp.s)
	return pp.s[start:]
}

func (pp *patternParser) errorf(format string, args ...any) error {
	return pp.p.errorf(pp.column+pp.i, format, args...)
}
