package main

import (
	"cmp"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"palabre/classify"
	"palabre/seeds"
	"palabre/statement"
)

// builtIn stands for the built-in rules where a folder of rules is asked for.
const builtIn = "built-in"

type rulesDiffCmd struct {
	Old    string   `arg:"" help:"Rules to compare with: built-in, a whole pack, or a folder that goes over the built-in rules."`
	New    string   `arg:"" help:"Rules that may come in their place."`
	Corpus []string `arg:"" type:"existingfile" help:"Texts, JSONL, as classify takes them; may be compressed."`
}

func (rulesDiffCmd) Examples() string {
	return `  palabre rules diff built-in ./my-rules speeches.jsonl.gz
  palabre rules diff ./last-month ./this-month texts.jsonl

A line of the texts:
  {"id":"t1","lang":"en","kind":"wire","published":"2021-07-01","text":"France refuses any dialogue with JNIM."}`
}

// Run prints, for each text that would be read otherwise, what goes and what
// comes.
func (c *rulesDiffCmd) Run(r *runContext) error {
	before, err := packOf(c.Old)
	if err != nil {
		return err
	}
	after, err := packOf(c.New)
	if err != nil {
		return err
	}
	owners, err := outletOwners()
	if err != nil {
		return err
	}
	texts, changed, added, removed := 0, 0, 0, 0
	bar := newProgress(r.term.err, "compare", -1)
	for _, path := range c.Corpus {
		err := eachLine(path, func(l *textLine) error {
			if l.Text == "" {
				return errNoText
			}
			texts++
			bar.at(texts, texts)
			s := l.statement(owners)
			gone, come := classify.Differ(before.Read(&s).Positions, after.Read(&s).Positions)
			if len(gone)+len(come) == 0 {
				return nil
			}
			changed++
			removed += len(gone)
			added += len(come)
			printChange(r.term.out, l, gone, come)
			return nil
		})
		if err != nil {
			return err
		}
	}
	bar.done()
	fmt.Fprintf(r.term.out, "%d of %d texts would change: %d positions come, %d go (rules %s → %s)\n", changed, texts, added, removed, before.Version(), after.Version())
	return nil
}

// packOf compiles the rules of a folder: a whole pack where it has every folder of
// the built-in one, else the built-in rules with the folder over them.
func packOf(dir string) (*classify.Pack, error) {
	reg, err := seeds.Registry()
	if err != nil {
		return nil, err
	}
	if dir == builtIn {
		return loadRules(reg, "")
	}
	rules, err := seeds.Rules()
	if err != nil {
		return nil, err
	}
	folders, err := fs.ReadDir(rules, ".")
	if err != nil {
		return nil, fmt.Errorf("list built-in rules: %w", err)
	}
	for _, folder := range folders {
		if _, err := os.Stat(filepath.Join(dir, folder.Name())); folder.IsDir() && err != nil {
			return loadRules(reg, dir)
		}
	}
	return classify.Load(os.DirFS(dir), reg)
}

func printChange(w io.Writer, l *textLine, gone, come []statement.Position) {
	fmt.Fprintln(w, cmp.Or(strings.TrimSpace(l.ID+" "+l.Title), quoted(l.Text)))
	line := func(mark string, p *statement.Position) {
		fmt.Fprintf(w, "  %s %s %s %s %s (%s)\n      “%s”\n", mark, p.Actor, p.Topic, p.Stance, p.Target, p.Rule, p.Evidence.Quote)
	}
	for i := range gone {
		line("-", &gone[i])
	}
	for i := range come {
		line("+", &come[i])
	}
}
