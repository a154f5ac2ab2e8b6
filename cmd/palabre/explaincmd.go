package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"palabre/classify"
	"palabre/statement"
)

type rulesExplainCmd struct {
	Lang   string `help:"Language of the text, if it is too short to tell."`
	Kind   string `default:"article" enum:"wire,article,editorial,communique,speech,interview,transcript,post" help:"Kind of the text: ${enum}. In a communiqué, a speech or an interview, “we” is who issues it."`
	Issuer string `placeholder:"ACTOR" help:"Actor in whose name it speaks, such as jnim."`
	Date   string `placeholder:"DATE" help:"Date of the text: it decides who held an office, and what is history."`
	JSON   bool   `name:"json" help:"Print JSON, with every word of every class."`
	Text   string `arg:"" optional:"" help:"The text; standard input if it is missing."`
}

func (rulesExplainCmd) Examples() string {
	return `  palabre rules explain "La France refuse tout dialogue avec le Jnim."
  palabre rules explain --kind communique --issuer jnim < communique.txt`
}

// Run explains a text.
func (c *rulesExplainCmd) Run(r *runContext) error {
	pack, err := r.compileRules()
	if err != nil {
		return err
	}
	text := c.Text
	if text == "" {
		data, err := io.ReadAll(io.LimitReader(r.term.in, statement.MaxText))
		if err != nil {
			return fmt.Errorf("read text: %w", err)
		}
		text = string(data)
	}
	if strings.TrimSpace(text) == "" {
		return usagef("there is no text: give it in quotation marks or on standard input")
	}
	c.Issuer = strings.ToLower(c.Issuer)
	s := statement.Statement{Kind: statement.Kind(c.Kind), Lang: c.Lang, Issuer: c.Issuer, Text: text}
	if c.Date != "" {
		if s.Said, err = statement.ParseDate(c.Date, "hand"); err != nil {
			return usagef("--date: %w", err)
		}
	}
	e, err := pack.Explain(&s)
	if err != nil {
		return usageError{err}
	}
	if c.JSON {
		return printJSON(r.term.out, e)
	}
	if c.Issuer != "" && e.Issuer == "" {
		fmt.Fprintf(r.term.out, "--issuer changes nothing in a text of the kind %s: it is not its issuer's own words\n\n", c.Kind)
	}
	explainer{r.term.out}.print(e)
	return nil
}

// explainer writes explanations for people.
type explainer struct{ w io.Writer }

func (x explainer) print(e *classify.Explanation) {
	x.positions(e)
	fmt.Fprintln(x.w, "\nhow it was read (✓ a rule fitted and counts, ✗ it does not; [ ] the words that it asks for)")
	for _, l := range e.Reading.Langs {
		switch n := count(sentencesIn(e, l.Lang), "sentence"); {
		case l.Lang == "und":
			fmt.Fprintln(x.w, "a language that was not recognised; --lang fr, ar or en tells it")
		case l.Read:
			fmt.Fprintf(x.w, "%s in the language %s\n", n, l.Lang)
		default:
			fmt.Fprintf(x.w, "a part in the language %s, which does not count as read\n", l.Lang)
		}
	}
	if e.Issuer != "" {
		fmt.Fprintf(x.w, "“we” outside of quotations is %s\n", e.Issuer)
	}
	for i := range e.Sentences {
		if s := &e.Sentences[i]; s.Text != "" {
			x.sentence(s, e.Reading.Positions)
		}
	}
}

// opposed reports whether one is for and the other against.
func opposed(a, b statement.Stance) bool {
	return a == statement.Pro && b == statement.Anti || a == statement.Anti && b == statement.Pro
}

// sentencesIn counts the sentences in a language.
func sentencesIn(e *classify.Explanation, language string) int {
	n := 0
	for i := range e.Sentences {
		if s := &e.Sentences[i]; s.Text != "" && s.Lang == language {
			n++
		}
	}
	return n
}

// positions prints the verdict with all that it rests on, or why there is none.
func (x explainer) positions(e *classify.Explanation) {
	fmt.Fprintln(x.w, "positions (▲ for, ▼ against, ◆ on conditions, ~ both)")
	for i := range e.Reading.Positions {
		p := &e.Reading.Positions[i]
		fmt.Fprintf(x.w, "%3d %s %s\n", i+1, p.Stance.Glyph(), describePosition(p.Actor, p.Topic, p.Stance, p.Target))
		x.line(6, "", quoted(p.Evidence.Quote))
		if p.Condition != "" {
			x.line(6, "depends on ", quoted(p.Condition))
		}
		if p.Tentative != "" {
			x.line(6, "tentative: ", p.Tentative)
		}
		fmt.Fprintf(x.w, "      by %s, confidence %.2f of 1\n", p.Rule, p.Confidence)
		x.basis(e, i+1)
	}
	if len(e.Reading.Positions) > 0 {
		return
	}
	fitted := 0
	for i := range e.Sentences {
		fitted += len(e.Sentences[i].Matches)
	}
	if fitted == 0 {
		fmt.Fprintln(x.w, "  none: no rule knows these wordings")
		return
	}
	fmt.Fprintf(x.w, "  none: %s a place, but none gave a position; ✗ tells why\n", count(fitted, "time a rule found", "times a rule found"))
}

// basis tells what a position was put together from, if that is more than one
// finding, and how.
func (x explainer) basis(e *classify.Explanation, position int) {
	stance := e.Reading.Positions[position-1].Stance
	how := "said several times: "
	var parts []string
	for i := range e.Sentences {
		for k := range e.Sentences[i].Matches {
			if m := &e.Sentences[i].Matches[k]; slices.Contains(m.Positions, position) {
				switch {
				case stance == statement.Mixed:
					how = "both are said: "
				case m.Stance() == stance:
				case stance == statement.Conditional:
					how = "a condition goes before a plain yes or no: "
				default:
					how = "the heavier side stands: "
				}
				if part := fmt.Sprintf("%s %s", m.Stance(), quoted(m.Quote)) + weight(m); !slices.Contains(parts, part) {
					parts = append(parts, part)
				}
			}
		}
	}
	if len(parts) > 1 {
		x.line(6, how, strings.Join(parts, "; "))
	}
}

// weight tells with what confidence a finding counts.
func weight(m *classify.ExplainedMatch) string {
	if len(m.Result) == 0 {
		return ""
	}
	return fmt.Sprintf(" %.2f", m.Result[0].Confidence)
}

// sentence tells what was seen in a sentence and what came of it.
func (x explainer) sentence(s *classify.ExplainedSentence, positions []statement.Position) {
	fmt.Fprintln(x.w)
	x.line(0, "", quoted(s.Text))
	var who []string
	for i := range s.Mentions {
		if m := meaning(&s.Mentions[i]); m != "" && !slices.Contains(who, m) {
			who = append(who, m)
		}
	}
	if len(who) > 0 {
		x.line(2, "who      ", strings.Join(who, "; "))
	}
	if s.Speaker != "" {
		x.line(2, "speaker  ", s.Speaker+", found at "+quoted(s.Saying))
	}
	if len(s.Matches) == 0 {
		x.unread(s)
	}
	told := make(map[string]bool)
	for i := range s.Matches {
		m := &s.Matches[i]
		if key := m.Rule + m.Outcome(); !told[key] {
			told[key] = true
			x.match(m, positions)
		}
	}
}

// leastFound is how many elements of a rule must be there for the rule to be told
// as one that nearly fits: fewer are there by chance.
const leastFound = 3

// unread tells of a sentence that no rule fits in which one lacks a word, if it is
// close.
func (x explainer) unread(s *classify.ExplainedSentence) {
	for i := range s.Nearly {
		if n := &s.Nearly[i]; n.Found >= leastFound {
			x.line(2, "nearly   ", fmt.Sprintf("%s (%s): %s is there, %s would make it fit", n.Reads, n.Rule, quoted(n.Quote), missingElement(n)))
			return
		}
	}
	fmt.Fprintln(x.w, "  no rule knows this wording")
}

// match tells step by step how a rule came to its result.
func (x explainer) match(m *classify.ExplainedMatch, positions []statement.Position) {
	sign := "✓ "
	if len(m.Positions) == 0 {
		sign = "✗ "
	}
	x.line(2, sign, fmt.Sprintf("%s (%s)", m.Reads, m.Rule))
	x.line(4, "words    ", quoted(m.Marked))
	steps := "the rule gives " + string(m.Gives)
	if m.Turned != "" {
		steps += ", " + quoted(strings.Join(m.Negation, " … ")) + " turns it to " + string(m.Turned)
	}
	if m.Condition != "" {
		steps += ", and " + quoted(m.Condition) + " makes it conditional"
	}
	if m.Holder != "" {
		x.line(4, "stance   ", steps)
		by := m.Because
		if m.Named != "" {
			by += ", " + quoted(m.Named)
		}
		x.line(4, "whose    ", m.Holder+": "+by)
	}
	if len(m.Positions) == 0 {
		why := m.Why
		if len(m.Result) > 0 && m.Result[0].Confidence < classify.LeastConfidence {
			why += fmt.Sprintf(", %.2f, and %.2f is needed", m.Result[0].Confidence, classify.LeastConfidence)
		}
		if m.WhyWord != "" {
			why += ", by " + quoted(m.WhyWord)
		}
		x.line(4, "no position: ", why)
		return
	}
	if m.Towards != "" {
		x.line(4, "towards  ", m.Result[0].Target+": "+m.Towards)
	}
	var numbers []string
	for _, n := range m.Positions {
		numbers = append(numbers, strconv.Itoa(n))
	}
	var results []string
	for _, f := range m.Result {
		results = append(results, describePosition(f.Actor, f.Topic, f.Stance, f.Target))
	}
	counts := " → position "
	if p := &positions[m.Positions[0]-1]; opposed(p.Stance, m.Stance()) {
		counts = " → counts against position "
	}
	x.line(4, "result   ", strings.Join(results, "; ")+counts+strings.Join(numbers, ", "))
}

// describePosition puts a position into words: "jnim: anti dialogue with
// mali-government".
func describePosition(actor string, topic statement.Topic, stance statement.Stance, target string) string {
	about := map[statement.Topic]string{statement.Dialogue: " with ", statement.ForeignTroops: " of "}[topic]
	if target == "" || about == "" {
		about = ""
	}
	return fmt.Sprintf("%s: %s %s%s%s", actor, stance, strings.ReplaceAll(string(topic), "_", " "), about, target)
}

// meaning tells what a mention stands for; nothing of places.
func meaning(m *classify.ExplainedMention) string {
	who := m.Actor
	if m.Speaker != "" && m.Speaker != m.Actor {
		who = m.Speaker + " (speaks for " + m.Actor + ")"
	}
	switch {
	case m.Force != "" && who == "":
		who = "troops of " + m.Force
	case m.Force != "":
		who += ", troops of " + m.Force
	case who == "":
		return "" // a place, or a pronoun for nobody known
	}
	switch {
	case m.Pronoun:
		who += " (points back)"
	case m.Guess:
		who += " (described, not named)"
	}
	return quoted(m.Quote) + " = " + who
}

// missingElement tells what a rule wants that the sentence lacks.
func missingElement(n *classify.ExplainedNear) string {
	if len(n.Words) == 0 {
		return cmp.Or(map[string]string{
			"@force": "foreign troops", "@group": "an armed group", "@actor": "an actor", "@any": "an actor", "@state": "a state",
			"@society": "a body of society", "@person": "a person", "@place": "a place",
		}[n.Wants], n.Wants)
	}
	return "a word such as " + strings.Join(n.Words, ", ")
}

// count returns a number with its noun, "1 sentence" or "2 sentences".
func count(n int, one string, many ...string) string {
	if n == 1 {
		return "1 " + one
	}
	if len(many) > 0 {
		return fmt.Sprint(n, " ", many[0])
	}
	return fmt.Sprint(n, " ", one, "s")
}

// quoted sets a text in quotation marks, on one line, apart from the direction of
// what stands around it.
func quoted(s string) string {
	const firstStrongIsolate, popIsolate = "\u2068", "\u2069"
	s = strings.Join(strings.Fields(s), " ")
	if isRightToLeft(s) {
		s = firstStrongIsolate + s + popIsolate
	}
	return "“" + s + "”"
}

// lineWidth is how many characters fit into a line of a small terminal.
const lineWidth = 79

// line prints a text behind a label, broken between words so that every line
// begins where the text does.
func (x explainer) line(indent int, label, text string) {
	lead := strings.Repeat(" ", indent) + label
	hang := strings.Repeat(" ", indent+utf8.RuneCountInString(label))
	width := utf8.RuneCountInString(lead)
	fmt.Fprint(x.w, lead)
	for i, word := range strings.Fields(text) {
		n := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case width+1+n > lineWidth:
			fmt.Fprint(x.w, "\n", hang)
			width = len(hang)
		default:
			fmt.Fprint(x.w, " ")
			width++
		}
		fmt.Fprint(x.w, word)
		width += n
	}
	fmt.Fprintln(x.w)
}
