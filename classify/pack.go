package classify

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"palabre/classify/scorecard"
	"palabre/statement"
)

// Pack is a compiled rulepack. It is safe for concurrent use.
type Pack struct {
	version  string
	grammars map[string]*grammar
	reg      *statement.Registry
	actors   map[string]*statement.Actor
	persons  map[string]*statement.Person
	states   map[string]string // places → states in which they lie
	callings map[string]string // by class: how it is called, where a rule file says so
	readers  sync.Pool
	listed   sync.Once
	rules    []Rule // once they are listed
}

// sharedFolder holds the files that belong to every language.
const sharedFolder = "all"

// Load compiles a pack and runs every rule's examples. A pack with a mistake or
// a failing example does not load; the error names each.
func Load(files fs.FS, reg *statement.Registry, overlays ...fs.FS) (*Pack, error) {
	p, err := Compile(files, reg, overlays...)
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
//
// Overlays go over the files in turn: a file of the same path takes the place of
// the one below it, and a rule of the same name that of the rule below it.
func Compile(files fs.FS, reg *statement.Registry, overlays ...fs.FS) (*Pack, error) {
	p := &Pack{grammars: make(map[string]*grammar), reg: reg, actors: make(map[string]*statement.Actor), persons: make(map[string]*statement.Person), states: reg.States()}
	for i := range reg.Actors {
		p.actors[reg.Actors[i].ID] = &reg.Actors[i]
	}
	for i := range reg.Persons {
		p.persons[reg.Persons[i].ID] = &reg.Persons[i]
	}
	sum := sha256.New()
	folders, err := readLayers(append([]fs.FS{files}, overlays...), sum)
	if err != nil {
		return nil, fmt.Errorf("compile rules: %w", err)
	}
	languages := slices.DeleteFunc(sortedKeys(folders), func(folder string) bool { return folder == sharedFolder })
	grammars, errs := make([]*grammar, len(languages)), make([]error, len(languages))
	var compiling sync.WaitGroup
	for i, language := range languages {
		compiling.Go(func() {
			grammars[i], errs[i] = compile(language, slices.Concat(folders[sharedFolder], folders[language]), reg)
		})
	}
	compiling.Wait()
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("compile rules: %w", err)
	}
	for i, language := range languages {
		p.grammars[language] = grammars[i]
	}
	if err := p.readCards(append([]fs.FS{files}, overlays...), sum); err != nil {
		return nil, fmt.Errorf("compile rules: %w", err)
	}
	if err := p.call(folders); err != nil {
		return nil, fmt.Errorf("compile rules: %w", err)
	}
	p.version = hex.EncodeToString(sum.Sum(nil)[:6])
	return p, nil
}

// call notes how classes are called. A class of one name is alike in every language.
func (p *Pack) call(folders map[string][]*ruleFile) error {
	p.callings = make(map[string]string)
	from := make(map[string]*wordList)
	layers := make(map[string]int)
	for _, folder := range sortedKeys(folders) {
		for _, f := range folders[folder] {
			for i := range f.lists {
				l := &f.lists[i]
				before, called := from[l.name]
				switch {
				case l.calling == "" || called && layers[l.name] > f.layer:
					continue
				case called && layers[l.name] == f.layer && before.calling != l.calling:
					return &SyntaxError{l.file, l.line, 7, fmt.Sprintf("class %s is called %q at %s:%d", l.name, before.calling, before.file, before.line)}
				}
				from[l.name], layers[l.name], p.callings[l.name] = l, f.layer, l.calling
			}
		}
	}
	return nil
}

// called returns how a class is called in English.
func (p *Pack) called(class string) string { return cmp.Or(p.callings[class], callingOf(class)) }

// misplaced returns an error for a rule file that is not in the folder of a
// language, where nobody would look for it, or in one that the lowest layer does
// not have.
func misplaced(layer, lowest fs.FS) error {
	return fs.WalkDir(layer, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".rules" && path.Base(name) != CardFile {
			return err
		}
		folder := path.Dir(name)
		if folder == sharedFolder && path.Base(name) == CardFile {
			return fmt.Errorf("%s is in the folder of all languages, and each has a scorecard of its own", name)
		}
		if _, err := fs.Stat(lowest, folder); err != nil || folder == "." || strings.Contains(folder, "/") {
			return fmt.Errorf("%s is in no folder of a language, such as fr/%s", name, path.Base(name))
		}
		return nil
	})
}

// readLayers reads the rule files of all layers, by folder. Every file with a
// mistake is named.
func readLayers(layers []fs.FS, sum io.Writer) (map[string][]*ruleFile, error) {
	from := make(map[string]int) // path of a file → its topmost layer
	for n, layer := range layers {
		paths, err := fs.Glob(layer, "*/*.rules")
		if err != nil {
			return nil, fmt.Errorf("list rules: %w", err)
		}
		for _, name := range paths {
			from[name] = n
		}
		if err := misplaced(layer, layers[0]); err != nil {
			return nil, err
		}
	}
	var errs []error
	folders := make(map[string][]*ruleFile)
	for _, name := range sortedKeys(from) {
		data, err := fs.ReadFile(layers[from[name]], name)
		if err != nil {
			return nil, fmt.Errorf("read rules: %w", err)
		}
		fmt.Fprintf(sum, "%s %d\n", name, len(data))
		sum.Write(data)
		f, err := parseFile(name, string(data))
		if err != nil {
			errs = append(errs, err)
			continue
		}
		f.layer = from[name]
		folders[path.Dir(name)] = append(folders[path.Dir(name)], f)
	}
	return folders, errors.Join(errs...)
}

// CardFile is the name of the file of a language's scorecard.
const CardFile = "scorecard.tsv"

// readCards gives each grammar the scorecard of the topmost layer that has one.
func (p *Pack) readCards(layers []fs.FS, sum io.Writer) error {
	languages := sortedKeys(p.grammars)
	errs := make([]error, len(languages))
	var parsing sync.WaitGroup
	for i, language := range languages {
		name := path.Join(language, CardFile)
		data, err := topmostFile(layers, name)
		if err != nil {
			errs[i] = fmt.Errorf("read scorecard: %w", err)
		}
		if data == nil {
			continue
		}
		fmt.Fprintf(sum, "%s %d\n", name, len(data))
		sum.Write(data)
		parsing.Go(func() {
			card, err := scorecard.Parse(name, data)
			if err != nil {
				errs[i] = err
				return
			}
			p.grammars[language].setCard(card)
		})
	}
	parsing.Wait()
	return errors.Join(errs...)
}

// topmostFile returns what is in a file of the topmost layer that has it, or nil.
func topmostFile(layers []fs.FS, name string) ([]byte, error) {
	for _, layer := range slices.Backward(layers) {
		data, err := fs.ReadFile(layer, name)
		if err == nil || !errors.Is(err, fs.ErrNotExist) {
			return data, err
		}
	}
	return nil, nil
}

// setCard lets a scorecard weigh what the grammar reads.
func (g *grammar) setCard(card *scorecard.Card) {
	g.card, g.cardRows = card, make([]int32, len(g.classNames))
	for _, l := range card.Labels() {
		g.cardLabels = append(g.cardLabels, numberOf(&statement.Position{Topic: l.Topic, Stance: l.Stance}))
	}
	for class := range g.cardRows {
		g.cardRows[class] = card.Named([]byte(g.classFeature(int32(class))))
	}
}

// varieties are the tags of single varieties of the languages that have a pack.
var varieties = map[string]string{
	"ses": "son", "khq": "son", "dje": "son", "hmb": "son", // Songhay
	"taq": "tmh", "thv": "tmh", "ttq": "tmh", "thz": "tmh", // Tamasheq
	"ffm": "ff", "fuc": "ff", "ful": "ff", "bam": "bm", "hau": "ha",
}

// grammar returns what reads the language with the tag, or nil.
func (p *Pack) grammar(tag string) *grammar {
	if language, ok := varieties[tag]; ok {
		tag = language
	}
	return p.grammars[tag]
}

// Version returns a hash of the rule files' content.
func (p *Pack) Version() string { return p.version }

func (p *Pack) actor(id string) *statement.Actor   { return p.actors[id] }
func (p *Pack) person(id string) *statement.Person { return p.persons[id] }

// Read finds the positions in a statement.
func (p *Pack) Read(s *statement.Statement) statement.Reading { return p.readBy(s, true) }

// readBy reads a statement by the rules, and by the scorecards if they are asked for.
func (p *Pack) readBy(s *statement.Statement, cards bool) statement.Reading {
	r, _ := p.readers.Get().(*reader)
	if r == nil {
		r = &reader{p: p}
	}
	defer p.readers.Put(r)
	r.cards = cards
	return r.read(s)
}
