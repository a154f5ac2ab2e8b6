package index

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"palabre/lang"
	"palabre/statement"
)

// Suggestion is what may stand in a query at the cursor.
type Suggestion struct {
	Start  int    // first byte of the text that it takes the place of
	End    int    // the byte behind that
	Insert string // what to put there; a field ends in its colon
	Label  string // what a person is shown
	Hint   string // what it is, in English
	Kind   string // field, value, search, or a [ConceptKind]
	Of     string // of a name: whose it is, in the language of the labels
	Others int    // of a name: how many other names are found with it
}

const (
	mostSuggested = 12
	fewestTyped   = 2 // letters of a name before names are proposed
)

// Complete proposes what may stand at a byte of a query that is being written:
// fields, their values, and names in any script. language is that of the labels,
// en, fr or ar. Anything that is no good query yet will do; the error is that of
// Saved.
func (r *Reader) Complete(ctx context.Context, text string, at int, language string) ([]Suggestion, error) {
	c := completion{reader: r, language: language, text: text}
	c.locate(min(max(at, 0), len(text)))
	name, value, isField := strings.Cut(c.typed, ":")
	if !isField || c.quoted && strings.HasPrefix(c.typed, c.mark) {
		c.fields()
		c.names()
		return c.sorted(), nil
	}
	c.prefix = strings.TrimPrefix(value, c.mark)
	err := c.values(ctx, strings.ToLower(name))
	return c.sorted(), err
}

// completion is the work on one place of a query.
type completion struct {
	reader     *Reader
	language   string
	text       string
	start, end int
	typed      string // from start to the cursor
	prefix     string // of it, what is to be completed
	mark       string // quotation mark that is open there
	quoted     bool
	found      []ranked
}

// ranked is a suggestion with how well it fits, the best first.
type ranked struct {
	Suggestion
	rank int
}

// locate finds the part of the query in which the cursor stands.
func (c *completion) locate(at int) {
	for at > 0 && at < len(c.text) && !utf8.RuneStart(c.text[at]) {
		at--
	}
	var closing, before rune
	for i, r := range c.text[:at] {
		n := utf8.RuneLen(r)
		if r == utf8.RuneError {
			n = 1
		}
		switch {
		case closing != 0:
			if r == closing {
				closing = 0
			}
		case quotes[r] != 0 && (i == c.start || before == ':'):
			closing, c.mark = quotes[r], c.text[i:i+n]
		case isSpace(r) || r == '(' || r == ')' || r == '-' && i == c.start:
			c.start = i + n
		}
		before = r
	}
	c.end = at
	c.typed = c.text[c.start:at]
	if c.quoted = closing != 0; c.quoted {
		c.prefix = strings.TrimPrefix(c.typed, c.mark)
		if end := strings.IndexRune(c.text[at:], closing); end >= 0 {
			c.end = at + end + utf8.RuneLen(closing)
			return
		}
	} else {
		c.mark, c.prefix = "", c.typed
	}
	c.end = len(c.text)
	if end := strings.IndexFunc(c.text[at:], func(r rune) bool { return isSpace(r) || r == '(' || r == ')' }); end >= 0 {
		c.end = at + end
	}
}

func (c *completion) add(rank int, insert, label, hint, kind string) {
	c.found = append(c.found, ranked{Suggestion{Start: c.start, End: c.end, Insert: insert, Label: label, Hint: hint, Kind: kind}, rank})
}

// sorted returns the suggestions that fit best.
func (c *completion) sorted() []Suggestion {
	slices.SortStableFunc(c.found, func(a, b ranked) int { return cmp.Compare(a.rank, b.rank) })
	out := make([]Suggestion, 0, mostSuggested)
	for _, s := range c.found[:min(len(c.found), mostSuggested)] {
		out = append(out, s.Suggestion)
	}
	return out
}

// fields proposes the fields that begin so.
func (c *completion) fields() {
	if c.quoted {
		return
	}
	for _, f := range Fields {
		if strings.HasPrefix(f.Name, strings.ToLower(c.prefix)) {
			c.add(0, f.Name+":", f.Name+":", f.Takes, "field")
		}
	}
}

// fit tells how well a name fits what was typed: 0 if it is that, 1 if it begins
// so, 2 if one of its later words does, -1 if it does not. Longer names fit less
// well.
func (c *completion) fit(name string) int {
	typed := strings.TrimPrefix(lang.Fold(c.prefix), arabicArticle)
	folded := strings.TrimPrefix(lang.Fold(name), arabicArticle)
	const step = 1000
	more := min(len(folded), step-1)
	switch {
	case typed == folded:
		return 0
	case strings.HasPrefix(folded, typed):
		return step + more
	case strings.Contains(folded, " "+typed) || strings.Contains(folded, "-"+typed) || strings.Contains(folded, " "+arabicArticle+typed):
		return 2*step + more
	}
	return -1
}

// best returns the name of a concept that fits best, or "".
func (c *completion) best(of *concept) (name string, rank int) {
	rank = -1
	for _, v := range of.variants {
		if r := c.fit(v.Text); r >= 0 && (rank < 0 || r < rank) {
			name, rank = v.Text, r
		}
	}
	return name, rank
}

// names proposes what stands for others, by any of its names.
func (c *completion) names() {
	if c.reader.Lexicon == nil || utf8.RuneCountInString(strings.TrimSpace(c.prefix)) < fewestTyped {
		return
	}
	for _, of := range c.reader.Lexicon.concepts {
		name, rank := c.best(of)
		if rank < 0 {
			continue
		}
		insert := name
		if c.quoted || len(words(name)) > 1 {
			insert = quote(plainID(name))
		}
		hint := fmt.Sprintf("%s: %s", of.kind, of.label.In(c.language))
		if n := len(of.variants) - 1; n > 0 {
			hint = fmt.Sprintf("%s, found by %d other names too", hint, n)
		}
		c.add(rank, insert, name, hint, string(of.kind))
		added := &c.found[len(c.found)-1]
		added.Of, added.Others = of.label.In(c.language), len(of.variants)-1
	}
}

// values proposes what a field takes.
func (c *completion) values(ctx context.Context, name string) error {
	if kinds := kindsOf[name]; kinds != nil {
		c.registered(name, kinds)
		return nil
	}
	switch name {
	case "search":
		return c.searches(ctx)
	case "without":
		c.concepts(ctx, name)
		return nil
	}
	for _, v := range valuesOf(name) {
		if r := c.fit(v[0]); r >= 0 && r < 2000 {
			c.add(0, name+":"+v[0], v[0], v[1], "value")
		}
	}
	return nil
}

// valuesOf returns the values of a field that has few, each with what it is.
func valuesOf(name string) [][2]string {
	plain := func(list []string) [][2]string {
		out := make([][2]string, len(list))
		for i, v := range list {
			out[i] = [2]string{v, ""}
		}
		return out
	}
	switch name {
	case "topic":
		return plain(texts(statement.Topics))
	case "stance":
		return plain(texts(statement.Stances))
	case "reason":
		return plain(texts(statement.Reasons))
	case "kind":
		return plain(texts(statement.Kinds))
	case "cond":
		return [][2]string{{"yes", "a condition is named"}, {"no", "none is"}}
	case "first-hand":
		return [][2]string{{"yes", "the actor's own words or channel"}, {"no", "reported by others"}}
	case "grade":
		return [][2]string{
			{"A", "completely reliable"},
			{"B", "usually reliable"},
			{"C", "fairly reliable"},
			{"D", "not usually reliable"},
			{"E", "unreliable"},
			{"F", "cannot be judged"},
		}
	case "lang":
		return [][2]string{
			{"fr", "French"}, {"en", "English"}, {"ar", "Arabic"}, {"bm", "Bambara"}, {"ff", "Fulfulde"}, {"ha", "Hausa"}, {"und", "not known"},
		}
	case "date":
		return [][2]string{
			{"P1D", "the last 24 hours"},
			{"P7D", "the last seven days"},
			{"P1M", "the last month"},
			{"P1Y", "the last year"},
			{"2020", "a year"},
			{"2020-02", "a month"},
			{"2020-02-10", "a day"},
			{"2020-02/2020-04", "from one to another"},
			{"2020-02/", "from then on"},
		}
	}
	return nil
}

// registered proposes actors, persons or places by ID or any name.
func (c *completion) registered(field string, kinds []ConceptKind) {
	if c.reader.Lexicon == nil {
		return
	}
	if field == "target" && c.fit(anyForce) >= 0 {
		c.add(c.fit(anyForce), field+":"+anyForce, anyForce, "foreign forces in general", "value")
	}
	for _, of := range c.reader.Lexicon.concepts {
		if !slices.Contains(kinds, of.kind) {
			continue
		}
		name, rank := c.best(of)
		if r := c.fit(of.id); r >= 0 && (rank < 0 || r <= rank) {
			name, rank = of.id, r
		}
		if rank >= 0 {
			c.add(rank, field+":"+of.id, of.label.In(c.language), name, string(of.kind))
		}
	}
}

// searches proposes saved searches by name.
func (c *completion) searches(ctx context.Context) error {
	if c.reader.Saved == nil {
		return nil
	}
	known, err := c.reader.Saved(ctx)
	if err != nil {
		return fmt.Errorf("list saved searches: %w", err)
	}
	for _, s := range known {
		if r := c.fit(s.Name); r >= 0 {
			c.add(r, "search:"+quote(plainID(s.Name)), s.Name, s.Query, "search")
		}
	}
	return nil
}

// concepts proposes what the rest of the query stands for, to be left out.
func (c *completion) concepts(ctx context.Context, field string) {
	q, err := c.reader.Parse(ctx, c.text[:c.start]+" "+c.text[c.end:])
	if err != nil {
		return // nothing to propose while the rest is no query
	}
	for _, of := range q.Concepts() {
		if of.Out {
			continue
		}
		if c.fit(of.ID) >= 0 {
			c.add(0, fieldText(field, of.ID), of.ID, fmt.Sprintf("%s stands for nothing else", of.Typed), string(of.Kind))
		}
		for _, n := range of.Names {
			if !n.Out && (c.fit(n.ID) >= 0 || c.fit(n.Text) >= 0) {
				c.add(1, fieldText(field, n.ID), n.Text, fmt.Sprintf("%s does not stand for it", of.Typed), string(of.Kind))
			}
		}
	}
}

func fieldText(name, value string) string { return field{name, plainID(value)}.String() }
