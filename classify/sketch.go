package classify

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"palabre/lang"
	"palabre/statement"
)

// Sketch returns the beginnings of a rule, made from the first sentence of a
// text in which words of rules stand: its pattern, the position that the text
// gives now or a likely one, and the text as its first example. What is left to
// write is marked by dots.
func (p *Pack) Sketch(name string, s *statement.Statement) (string, error) {
	if name == "" || strings.ContainsAny(name, " \t\n") {
		return "", fmt.Errorf("sketch rule %q: the name is one word, such as dialogue.refuses-talks", name)
	}
	r := &reader{p: p}
	reading := r.read(s)
	if len(r.passages) == 0 {
		return "", fmt.Errorf("sketch rule %s: the language of the text is not known; name it", name)
	}
	for _, psg := range r.passages {
		r.passage = psg
		for _, sentence := range r.text.Sentences {
			if pattern := r.sketchPattern(sentence); pattern != "" {
				return r.sketch(name, pattern, strings.TrimSpace(r.text.Slice(sentence)), reading.Positions), nil
			}
		}
	}
	return "", fmt.Errorf("sketch rule %s: no word of the rules and no actor stands in the text", name)
}

func (r *reader) sketch(name, pattern, text string, positions []statement.Position) string {
	name = strings.TrimPrefix(name, r.g.lang+".")
	gives, wants := topicOf(name)+" anti", "…"
	if len(positions) > 0 {
		q := &positions[0]
		gives = fmt.Sprintf("%s %s", q.Topic, q.Stance)
		wants = strings.TrimSpace(fmt.Sprintf("%s %s %s %s", q.Actor, q.Topic, q.Stance, q.Target))
	}
	text = strings.ReplaceAll(strings.Join(strings.Fields(text), " "), `"`, "”")
	return fmt.Sprintf(`rule %s.%s
  reads  …
  when   %s
  gives  %s
  yes    "%s" => %s
  yes    "…" => …
  no     "…"
`, r.g.lang, name, pattern, gives, text, wants)
}

// topicOf returns the topic that the first part of a rule's name stands for.
func topicOf(name string) string {
	switch part, _, _ := strings.Cut(name, "."); part {
	case "troops", string(statement.ForeignTroops):
		return string(statement.ForeignTroops)
	case string(statement.Sharia):
		return string(statement.Sharia)
	}
	return string(statement.Dialogue)
}

// sketchPattern strings together the classes that rules ask for and the
// mentions of a sentence, with gaps as wide as here. It is empty without two.
func (r *reader) sketchPattern(s lang.Span) string {
	var parts []string
	uses := r.g.uses()
	end := -1
	enter := func(element string, from, to int) {
		if end >= 0 && from > end {
			parts = append(parts, fmt.Sprintf("~%d", min(from-end+1, maxGap)))
		}
		parts = append(parts, element)
		end = to
	}
	n := 0
	for i := s.Start; i < s.End; {
		name, width := r.ruleClassAt(i, uses)
		switch m := r.mentionStarting(i); {
		case name == "" && m == nil && r.isUnknown(i):
			enter(string(r.text.Folded(i)), i, i+1)
			i++
			n++
		case m != nil && !m.pronoun && n > 0:
			enter(kindOf(m), i, m.end)
			i = m.end
		case name != "":
			enter("<"+name+">", i, i+width)
			i += width
			n++
		default:
			i++
		}
	}
	if len(parts) < 2 {
		return ""
	}
	return strings.Join(parts, " ")
}

// kindOf writes the mention as a pattern asks for it.
func kindOf(m *mention) string {
	if m.mask&maskForce != 0 {
		return "@force"
	}
	return "@any"
}

// isUnknown reports whether token i is a long word of which the rules know
// nothing: it may be what the new rule is about.
func (r *reader) isUnknown(i int) bool {
	const long = 5 // letters
	t := &r.text.Tokens[i]
	return t.Kind == lang.Word && !t.Upper && len(r.hitsAt(i)) == 0 && utf8.RuneCount(r.text.Folded(i)) >= long
}

// uses returns for each class how often patterns ask for it.
func (g *grammar) uses() []int {
	out := make([]int, len(g.classNames))
	var asked []int32
	for i := range g.rules {
		for k := range g.rules[i].patterns {
			asked = classesOf(asked[:0], g.rules[i].patterns[k].nodes)
			for _, class := range asked {
				out[class]++
			}
		}
	}
	return out
}

// ruleClassAt returns the class at token i of which the rules make most use, of
// those that are there for rules and not for the engine.
func (r *reader) ruleClassAt(i int, uses []int) (name string, width int) {
	most := 0
	for _, h := range r.hitsAt(i) {
		if h.sense.kind != senseClass || h.sense.ref < int32(cueCount) || h.sense.aside {
			continue
		}
		if n := uses[h.sense.ref]; n > most {
			most, name, width = n, r.g.className(h.sense.ref), int(h.n)
		}
	}
	return name, width
}

// classesOf appends the classes for which the ops ask.
func classesOf(dst []int32, ops []op) []int32 {
	for i := range ops {
		dst = append(dst, ops[i].classes...)
		for _, alt := range ops[i].alts {
			dst = classesOf(dst, alt)
		}
	}
	return dst
}
