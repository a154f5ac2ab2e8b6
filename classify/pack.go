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
