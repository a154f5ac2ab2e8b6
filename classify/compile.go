package classify

import (
	"fmt"
	"slices"
	"strings"

	"palabre/statement"
)

// rule is a compiled rule.
type rule struct {
	name     string
	reads    string
	patterns []pattern
	effect   effect
	source   *ruleSource
}

// op is a compiled node.
type op struct {
	asks     *need // what must be where it begins, if that is known
	kind     nodeKind
	optional bool
	capture  captureSlot
	mask     mentionMask
	gap      int16
	classes  []int32
	alts     [][]op
}

// compiler turns the files of one language into a grammar.
type compiler struct {
	g    *grammar
	lex  *lexiconBuilder
	refs map[string]int32
	reg  *statement.Registry

	shared map[string]*need // by their features
	needs  [][]*need        // by pattern
}

func compile(language string, files []*ruleFile, reg *statement.Registry) (*grammar, error) {
	c := &compiler{
		g:    &grammar{lang: language, verbFirst: language == "ar", classes: make(map[string]int32), overlaid: make(map[string]bool)},
		lex:  newLexiconBuilder(),
		refs: make(map[string]int32), shared: make(map[string]*need),
		reg: reg,
	}
	for _, name := range cueNames { // so that the number of a cue's class is that of the cue
		c.class(name)
	}
	if err := c.registry(); err != nil {
		return nil, err
	}
	for _, f := range files {
		c.g.tried = c.g.tried || f.experimental
		for i := range f.lists {
			if err := c.list(&f.lists[i]); err != nil {
				return nil, err
			}
		}
	}
	rules, err := topmost(files)
	if err != nil {
		return nil, err
	}
	for _, r := range rules {
		if err := c.rule(r); err != nil {
			return nil, err
		}
		if r.layer > 0 {
			c.g.overlaid[r.name] = true
		}
	}
	c.g.lex = c.lex.build()
	if err := c.filePatterns(); err != nil {
		return nil, err
	}
	return c.g, nil
}

// topmost returns the rules of the files. Of two with one name in two layers it
// is the upper one; in one layer that is a mistake.
func topmost(files []*ruleFile) ([]*ruleSource, error) {
	type place struct{ index, layer int }
	var rules []*ruleSource
	seen := make(map[string]place)
	for _, f := range files {
		for i := range f.rules {
			r := &f.rules[i]
			r.layer = f.layer
			old, known := seen[r.name]
			switch {
			case !known:
				seen[r.name] = place{len(rules), f.layer}
				rules = append(rules, r)
			case old.layer == f.layer:
				return nil, &SyntaxError{r.file, r.line, 6, fmt.Sprintf("rule %s stands already at %s:%d", r.name, rules[old.index].file, rules[old.index].line)}
			case old.layer < f.layer:
				rules[old.index] = r
				seen[r.name] = place{old.index, f.layer}
			}
		}
	}
	return rules, nil
}

func (c *compiler) class(name string) int32 {
	n, ok := c.g.classes[name]
	if !ok {
		n = int32(len(c.g.classes))
		c.g.classes[name] = n
		c.g.classNames = append(c.g.classNames, name)
	}
	return n
}

func (c *compiler) ref(id string, kind statement.ActorKind) int32 {
	key := id + "\x00" + string(kind)
	n, ok := c.refs[key]
	if !ok {
		n = int32(len(c.g.names))
		c.refs[key] = n
		c.g.names = append(c.g.names, nameRef{id, kind})
	}
	return n
}

// registry enters the names of actors, persons, forces and places. Every
// grammar knows every name: French text names Arabic groups in Latin letters
// and English ones by their acronyms.
func (c *compiler) registry() error {
	add := func(names []statement.Name, kind senseKind, ref int32) error {
		for _, n := range names {
			k := kind
			if n.Weak {
				k = senseWeak
			}
			for _, form := range append(arabicCases(n.Text), n.Text) {
				if err := c.lex.add(form, sense{kind: k, ref: ref, exact: isShortAcronym(n.Text)}); err != nil {
					return fmt.Errorf("add name of the registry: %w", err)
				}
			}
		}
		return nil
	}
	for i := range c.reg.Actors {
		a := &c.reg.Actors[i]
		ref := c.ref(a.ID, a.Kind)
		for _, err := range []error{add(a.Names, senseActor, ref), add(a.Capitals, senseActor, ref), add(a.Forces, senseForce, ref)} {
			if err != nil {
				return err
			}
		}
	}
	for i := range c.reg.Persons {
		if err := add(c.reg.Persons[i].Names, sensePerson, c.ref(c.reg.Persons[i].ID, "")); err != nil {
			return err
		}
	}
	for i := range c.reg.Places {
		if err := add(c.reg.Places[i].Names, sensePlace, c.ref(c.reg.Places[i].ID, "")); err != nil {
			return err
		}
	}
	return nil
}

// isShortAcronym reports whether a name is two or three capitals, such as UN,
// US or AU, which in small letters are ordinary words.
func isShortAcronym(name string) bool {
	return len(name) <= 3 && strings.ToUpper(name) == name && strings.ToLower(name) != name
}

// list enters a word list of a rule file.
func (c *compiler) list(w *wordList) error {
	var s sense
	switch w.directive {
	case "class":
		s = sense{kind: senseClass, ref: c.class(w.name)}
	case "mention", "demonym", "force", "issuer":
		a := c.reg.Actor(w.name)
		if w.name == foreignForce && w.directive != "mention" {
			a = &statement.Actor{ID: foreignForce}
		}
		if a == nil {
			return &SyntaxError{w.file, w.line, len(w.directive) + 2, fmt.Sprintf("unknown actor %q%s", w.name, suggest(w.name, c.actorIDs()))}
		}
		kind := map[string]senseKind{"mention": senseActor, "demonym": senseDemonym, "force": senseForce, "issuer": senseIssuer}[w.directive]
		s = sense{kind: kind, ref: c.ref(a.ID, a.Kind), vague: w.directive == "mention"}
	case "press":
		s = sense{kind: sensePress}
	case "office", "anaphor":
		kinds := map[string]map[string]bool{"office": officeKinds, "anaphor": anaphorKinds}[w.directive]
		if !kinds[w.name] {
			return &SyntaxError{w.file, w.line, len(w.directive) + 2, fmt.Sprintf("unknown kind %q%s", w.name, suggest(w.name, sortedKeys(kinds)))}
		}
		kind := map[string]senseKind{"office": senseOffice, "anaphor": senseAnaphor}[w.directive]
		s = sense{kind: kind, ref: c.ref(w.name, "")}
	}
	if w.directive == "class" {
		c.g.addSamples(s.ref, w.phrases)
	}
	for _, phrase := range w.phrases {
		s.exact = s.isCue(cueFirstPerson) && endsInYa(phrase) || (s.isCue(cueCond) || s.isCue(cueHypothesis)) && beginsWithIf(phrase)
		if err := c.enter(phrase, s); err != nil {
			return &SyntaxError{w.file, w.line, 1, fmt.Sprintf("%s %s: %v", w.directive, w.name, err)}
		}
	}
	return nil
}

// forms returns the forms in which a word of a class is met, other than its own.
func (c *compiler) forms(word string) []string {
	switch c.g.lang {
	case "ar":
		return arabicForms(word)
	case "fr":
		return frenchForms(word)
	}
	return nil
}

// uninflected are the cues whose words are no verbs: قبل, before, is not
// "accepted" in its other forms.
const uninflected = functionCues | 1<<cueRelative | 1<<cuePronoun | 1<<cueGenitive | 1<<cueArticle | 1<<cueBetween | 1<<cueHypothesis | 1<<cueAnd

// enter enters a phrase with one sense, and its inflected forms where the
// language asks for it.
func (c *compiler) enter(phrase string, s sense) error {
	if err := c.lex.add(phrase, s); err != nil {
		return err
	}
	if s.kind != senseClass || s.ref < int32(cueCount) && uninflected&(1<<s.ref) != 0 {
		return nil
	}
	for _, form := range c.forms(phrase) {
		if err := c.lex.add(form, s); err != nil {
			return err
		}
	}
	if c.g.lang != "ar" {
		return nil
	}
	for _, form := range arabicFirstPerson(phrase) {
		if err := c.lex.add(form, sense{kind: senseClass, ref: int32(cueFirstPerson), aside: true}); err != nil {
			return err
		}
	}
	return nil
}

func (c *compiler) actorIDs() []string {
	ids := make([]string, len(c.reg.Actors))
	for i := range c.reg.Actors {
		ids[i] = c.reg.Actors[i].ID
	}
	return ids
}

// rule compiles one rule.
func (c *compiler) rule(src *ruleSource) error {
	fail := func(line, column int, format string, args ...any) error {
		return &SyntaxError{src.file, line, column, fmt.Sprintf("rule %s: ", src.name) + fmt.Sprintf(format, args...)}
	}
	switch {
	case src.reads == "":
		return fail(src.line, 1, "has no line reads, which says in one line what it reads")
	case len(src.when) == 0:
		return fail(src.line, 1, "has no line when")
	case src.gives.topic == "":
		return fail(src.line, 1, "has no line gives")
	case src.gives.target != "" && src.gives.target != foreignForce && c.reg.Actor(src.gives.target) == nil:
		return fail(src.gives.line, 1, "unknown actor %q%s", src.gives.target, suggest(src.gives.target, c.actorIDs()))
	case len(src.yes) < 2 || len(src.no) < 1:
		return fail(src.line, 1, "needs at least two examples yes and one no, has %d and %d", len(src.yes), len(src.no))
	}
	for _, ex := range src.yes {
		for _, w := range ex.wants {
			for _, id := range [...]string{w.Actor, w.Target} {
				if id != "" && id != foreignForce && c.reg.Actor(id) == nil && c.reg.Person(id) == nil {
					return fail(ex.line, 1, "unknown actor %q%s", id, suggest(id, c.actorIDs()))
				}
			}
		}
	}
	kept := *src
	kept.when = nil // the parsed patterns take up more room than the compiled ones
	r := rule{name: src.name, reads: src.reads, effect: src.gives, source: &kept}
	for _, w := range src.when {
		ops, err := c.ops(w.nodes, func(column int, format string, args ...any) error { return fail(w.line, column, format, args...) })
		if err != nil {
			return err
		}
		required := c.needsOf(ops)
		c.needs = append(c.needs, required)
		p := pattern{nodes: ops, rule: int32(len(c.g.rules)), head: required[0]}
		link(ops, len(ops))
		r.patterns = append(r.patterns, p)
	}
	c.g.rules = append(c.g.rules, r)
	return nil
}

type failFunc func(column int, format string, args ...any) error

func (c *compiler) ops(nodes []node, fail failFunc) ([]op, error) {
	out := make([]op, 0, len(nodes))
	for i := range nodes {
		o, err := c.op(&nodes[i], fail)
		if err != nil {
			return nil, err
		}
		o.asks = c.begins(&o)
		out = append(out, o)
	}
	return out, nil
}

func (c *compiler) op(n *node, fail failFunc) (op, error) {
	o := op{kind: n.kind, gap: int16(n.gap), optional: n.optional}
	switch n.kind {
	case nodeWord:
		class, err := c.literal(n.name)
		if err != nil {
			return o, fail(n.column, "%v", err)
		}
		o.kind, o.classes = nodeClass, []int32{class}
	case nodeClass:
		for _, name := range n.names {
			class, ok := c.g.classes[name]
			if !ok || strings.HasPrefix(name, literalPrefix) {
				return o, fail(n.column, "unknown class <%s>%s", name, suggest(name, c.classNames()))
			}
			o.classes = append(o.classes, class)
		}
		slices.Sort(o.classes)
	case nodeMention:
		o.mask = mentionKinds[n.name]
		o.capture = map[string]captureSlot{"": captureNone, "who": captureWho, "whom": captureWhom}[n.capture]
	case nodeGroup, nodeNot:
		if n.kind == nodeGroup && isChoiceOfWords(n) {
			return c.choice(n, o, fail)
		}
		for _, alt := range n.alts {
			ops, err := c.ops(alt, fail)
			if err != nil {
				return o, err
			}
			o.alts = append(o.alts, ops)
		}
	}
	return o, nil
}

// isChoiceOfWords reports whether every alternative is one word or class.
func isChoiceOfWords(n *node) bool {
	for _, alt := range n.alts {
		if len(alt) != 1 || alt[0].optional || alt[0].kind != nodeWord && alt[0].kind != nodeClass {
			return false
		}
	}
	return true
}

// choice compiles a choice of words and classes to one node that has them all.
func (c *compiler) choice(n *node, o op, fail failFunc) (op, error) {
	o.kind = nodeClass
	for _, alt := range n.alts {
		inner, err := c.op(&alt[0], fail)
		if err != nil {
			return o, err
		}
		o.classes = append(o.classes, inner.classes...)
	}
	slices.Sort(o.classes)
	o.classes = slices.Compact(o.classes)
	return o, nil
}

// literal returns the class of a word or phrase that stands in patterns.
func (c *compiler) literal(phrase string) (int32, error) {
	name := literalPrefix + phrase
	if class, known := c.g.classes[name]; known {
		return class, nil
	}
	class := c.class(name)
	return class, c.enter(phrase, sense{kind: senseClass, ref: class, aside: true})
}

// link joins each alternative of the groups among the first n ops with what
// follows the group, so that matching need not return from it.
func link(ops []op, n int) {
	for i := n - 1; i >= 0; i-- {
		linked := make([][]op, len(ops[i].alts))
		for a, alt := range ops[i].alts {
			if ops[i].kind == nodeGroup {
				linked[a] = slices.Concat(alt, ops[i+1:])
			} else {
				linked[a] = slices.Clone(alt)
			}
			link(linked[a], len(alt))
		}
		ops[i].alts = linked
	}
}

func (c *compiler) classNames() []string {
	var names []string
	for _, name := range sortedKeys(c.g.classes) {
		if !strings.HasPrefix(name, literalPrefix) {
			names = append(names, name)
		}
	}
	return names
}
