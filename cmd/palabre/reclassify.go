package main

import (
	"errors"
	"fmt"
	"path/filepath"

	"palabre/classify"
	"palabre/index"
	"palabre/seeds"
	"palabre/statement"
	"palabre/store"
)

type reclassifyCmd struct {
	DryRun bool `help:"Only say how many statements would change."`
}

func (reclassifyCmd) Examples() string { return "  palabre reclassify --dry-run\n  palabre reclassify" }

// Run reads every statement again with the present rules. Signals that were
// raised stay; none is raised twice.
func (c *reclassifyCmd) Run(r *runContext) (err error) {
	reg, err := seeds.Registry()
	if err != nil {
		return err
	}
	pack, err := loadRules(reg, r.ruleFolder())
	if err != nil {
		return err
	}
	open := store.Open
	if c.DryRun {
		open = store.OpenReadOnly
	} else {
		if err := prepareData(r.data); err != nil {
			return err
		}
		unlock, err := lockData(r.data)
		if err != nil {
			return busy(err, r.data)
		}
		defer func() { err = errors.Join(err, unlock()) }()
	}
	p := &pipeline{reg: reg, log: r.log}
	match := index.NewMatcher(index.Options{Registry: reg, Saved: p.savedSearches})
	defer func() { err = errors.Join(err, match.Close()) }()
	s, err := open(r, filepath.Join(r.data, recordFile), store.Options{Registry: reg, Log: r.log, Matches: finds(match)})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	p.store = s
	return c.readAgain(r, s, pack)
}

// readAgain reads what the record holds with the pack.
func (c *reclassifyCmd) readAgain(r *runContext, s *store.Store, pack *classify.Pack) error {
	total, err := s.Totals(r)
	if err != nil {
		return err
	}
	bar := newProgress(r.term.err, "classify", total.Statements)
	defer bar.done()
	done, changed := 0, 0
	for after := int64(0); after < total.Head; { // what is applied goes to the end of the queue
		batch, err := s.Changes(r, after, followBatch)
		if err != nil {
			return err
		}
		if len(batch) == 0 {
			break
		}
		after = batch[len(batch)-1].Row
		var statements []statement.Statement
		for i := range batch {
			if batch[i].Row <= total.Head {
				statements = append(statements, batch[i].Statement)
			}
		}
		records, err := readAll(pack, statements)
		if err != nil {
			return err
		}
		for i := range records {
			if !sameTags(records[i].Reading.Positions, batch[i].Reading.Positions) {
				changed++
			}
		}
		if !c.DryRun {
			if _, err := s.Apply(r, records); err != nil {
				return err
			}
		}
		done += len(statements)
		bar.at(done, total.Statements)
	}
	verb := "changed"
	if c.DryRun {
		verb = "would change"
	}
	fmt.Fprintf(r.term.out, "%d of %d statements %s (rules %s)\n", changed, done, verb, pack.Version())
	return nil
}

// sameTags reports whether two readings found the same positions.
func sameTags(a, b []statement.Position) bool {
	if len(a) != len(b) {
		return false
	}
	key := func(p *statement.Position) [5]string {
		return [5]string{p.Actor, p.Speaker, string(p.Topic), p.Target, string(p.Stance)}
	}
	seen := make(map[[5]string]int)
	for i := range a {
		seen[key(&a[i])]++
		seen[key(&b[i])]--
	}
	for _, n := range seen {
		if n != 0 {
			return false
		}
	}
	return true
}
