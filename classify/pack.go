package classify

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"sync"

	"palabre/lang"
	"palabre/statement"
)

// Pack is a compiled rulepack. It is safe for concurrent use.
type Pack struct {
	version  string
	grammars map[string]*grammar
	reg      *statement.Registry
	actors   map[string]*statement.Actor
	persons  map[string]*statement.Person
	readers  sync.Pool
}

// sharedFolder holds the files that belong to every language.
const sharedFolder = "all"

// Load compiles a pack and runs every rule's examples. A pack with a mistake or
// a failing example does not load; the error names each.
func Load(files fs.FS, reg *statement.Registry) (*Pack, error) {
	p, err := Compile(files, reg)
	if err != nil {
		return nil, err
	}
	if err := p.Test(); err != nil {
		return nil, fmt.Errorf("load rules: %w", err)
	}
	return p, nil
}

// Compile compiles the rule files of an FS with one folder for each language,
// without running their examples: for those who are at work on them.
func Compile(files fs.FS, reg *statement.Registry) (*Pack, error) {
	p := &Pack{grammars: make(map[string]*grammar), reg: reg, actors: make(map[string]*statement.Actor), persons: make(map[string]*statement.Person)}
	for i := range reg.Actors {
		p.actors[reg.Actors[i].ID] = &reg.Actors[i]
	}
	for i := range reg.Persons {
		p.persons[reg.Persons[i].ID] = &reg.Persons[i]
	}
	sum := sha256.New()
	languages, err := fs.ReadDir(files, ".")
	if err != nil {
		return nil, fmt.Errorf("compile rules: %w", err)
	}
	var errs []error
	shared, err := parseFolder(files, sharedFolder, sum)
	if err != nil {
		return nil, fmt.Errorf("compile rules: %w", err)
	}
	for _, d := range languages {
		if !d.IsDir() || d.Name() == sharedFolder {
			continue
		}
		sources, err := parseFolder(files, d.Name(), sum)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		g, err := compile(d.Name(), slices.Concat(shared, sources), reg)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		p.grammars[d.Name()] = g
	}
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("compile rules: %w", err)
	}
	p.version = hex.EncodeToString(sum.Sum(nil)[:6])
	return p, nil
}

func parseFolder(files fs.FS, dir string, sum interface{ Write([]byte) (int, error) }) ([]*ruleFile, error) {
	names, err := fs.Glob(files, path.Join(dir, "*.rules"))
	if err != nil {
		return nil, fmt.Errorf("list rules of %s: %w", dir, err)
	}
	slices.Sort(names)
	var out []*ruleFile
	for _, name := range names {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("read rules: %w", err)
		}
		fmt.Fprintf(sum, "%s %d\n", name, len(data))
		sum.Write(data)
		f, err := parseFile(name, string(data))
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}

// Version returns a hash of the rule files' content.
func (p *Pack) Version() string { return p.version }

func (p *Pack) actor(id string) *statement.Actor   { return p.actors[id] }
func (p *Pack) person(id string) *statement.Person { return p.persons[id] }

// Read finds the positions in a statement.
func (p *Pack) Read(s *statement.Statement) statement.Reading {
	r, _ := p.readers.Get().(*reader)
	if r == nil {
		r = &reader{p: p}
	}
	defer p.readers.Put(r)
	return r.read(s)
}

// note keeps a reason why something is no position.
func (p *Pack) note(r *reader, t statement.Topic, e statement.Evidence, rule, why string) {
	r.notes = append(r.notes, statement.Unclear{Topic: t, Evidence: e, Rule: rule, Why: why})
}

func (r *reader) read(s *statement.Statement) statement.Reading {
	r.s, r.when = s, s.When().Time
	r.frames, r.notes = r.frames[:0], nil
	r.doc = context{places: make(map[string]bool), actors: make(map[string]bool)}
	reading := statement.Reading{Pack: r.p.version}
	reading.Langs = lang.Runs(s.Text, s.Lang)
	main := s.Lang
	if len(reading.Langs) > 0 {
		main = reading.Langs[0].Lang
	}
	r.prescan(s, main)
	if r.trace != nil {
		r.trace.Issuer = describeHolder(r.doc.issuer)
	}
	if g := r.p.grammars[main]; g != nil && s.Title != "" {
		r.passage(g, statement.Title, 0, s.Title)
	}
	for i := range reading.Langs {
		run := &reading.Langs[i]
		g := r.p.grammars[run.Lang]
		if g == nil {
			continue
		}
		run.Read = true
		r.passage(g, statement.Text, run.Start, s.Text[run.Start:run.End])
	}
	reading.Positions = r.merge()
	reading.Unclear = r.notes
	reading.Places = setList(r.doc.places)
	reading.Actors = setList(r.doc.actors)
	return reading
}

func setList(m map[string]bool) []string {
	if len(m) == 0 {
		return nil
	}
	return sortedKeys(m)
}

// prescan decides what holds for the whole statement: who issues it, whether it
// is about the Sahel.
func (r *reader) prescan(s *statement.Statement, main string) {
	g := r.p.grammars[main]
	if g == nil {
		return
	}
	r.g = g
	issuer := s.Issuer
	if issuer == "" {
		issuer = s.Owner
	}
	whole := s.Title + "\n" + s.Text
	r.text.Scan(whole[:min(len(whole), 1<<16)])
	r.findHits()
	r.findMentions()
	if issuer == "" && firstPersonKinds[s.Kind] {
		issuer = r.guessIssuer(s)
	}
	groups, states, sahel := r.doc.groups, r.doc.states, r.doc.sahel || r.within(0, len(r.cues), cueSahel)
	r.doc = context{places: make(map[string]bool), actors: make(map[string]bool), groups: groups, states: states, sahel: sahel}
	if id := r.issuerOf(s.Outlet); id == analyst {
		m := mention{}
		r.setActor(&m, id)
		r.doc.author = m.holder
	}
	if issuer != "" && (s.Kind == statement.Communique || s.Kind == statement.Speech || s.Kind == statement.Post || s.Kind == statement.Editorial || s.Kind == statement.Interview) {
		m := mention{}
		r.setActor(&m, issuer)
		m.holder.speaker = s.Speaker
		if m.holder.speaker == "" {
			m.holder.speaker = r.signature(issuer)
		}
		r.doc.issuer = m.holder
		if s.Kind == statement.Interview {
			r.doc.voice, r.doc.issuer = m.holder, m.holder
		}
	}
}

// analyst is the actor that stands for think tanks, researchers and experts.
const analyst = "analyst"

// signature returns the first person of the statement who speaks for the body.
func (r *reader) signature(body string) string {
	for i := range r.mentions {
		if m := &r.mentions[i]; m.holder.speaker != "" && m.holder.actor == body {
			return m.holder.speaker
		}
	}
	return ""
}

// guessIssuer finds in whose name a text speaks that does not say so in its
// description: the outlet's own name, else the first body named.
func (r *reader) guessIssuer(s *statement.Statement) string {
	if s.Kind == statement.Editorial {
		return "outlet"
	}
	if s.Kind != statement.Interview {
		if id := r.issuerOf(s.Outlet); id != "" {
			return id
		}
	}
	for i := range r.mentions {
		m := &r.mentions[i]
		if m.holder.known() && (!m.oblique || s.Kind == statement.Interview) && m.mask&maskActor != 0 {
			return m.holder.actor
		}
	}
	return ""
}

// issuerOf returns the actor for which an outlet of the name speaks, or "".
func (r *reader) issuerOf(outlet string) string {
	var t lang.Text
	r.text, t = t, r.text
	defer func() { r.text = t }()
	r.text.Scan(outlet)
	r.findHits()
	for i := range r.text.Tokens {
		for _, h := range r.hitsAt(i) {
			if h.sense.kind == senseIssuer {
				return r.g.names[h.sense.ref].id
			}
		}
	}
	return ""
}
