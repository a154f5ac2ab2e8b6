package main

import (
	"errors"
	"fmt"
	"hash/fnv"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"

	"palabre/classify"
	"palabre/classify/scorecard"
	"palabre/statement"
)

type rulesWeighCmd struct {
	Gold  []string `arg:"" help:"Files of labelled texts, JSONL; several may be joined by commas."`
	Out   string   `required:"" type:"path" help:"Folder to write to: a scorecard for each language, such as fr/scorecard.tsv, in place of one that is there."`
	Folds int      `default:"5" help:"Try each scorecard on texts that it was not made from, with so many parts of the texts, each left out in turn; from 2 to 20, 0 does not."`
}

func (rulesWeighCmd) Examples() string {
	return `  palabre rules gold > judged.jsonl
  palabre rules weigh gold/dev-fr.jsonl,judged.jsonl --out ./my-rules
  palabre rules eval gold/dev-fr.jsonl --rules ./my-rules`
}

// weighed is a labelled text as scorecards see it: its stretches, with the labels whose
// evidence they have.
type weighed struct {
	id       string
	lang     string
	passages []scorecard.Passage
	labels   []scorecard.Label
}

// Run makes a scorecard of each language in which there are texts enough, and writes
// them once all are made.
func (c *rulesWeighCmd) Run(r *runContext) error {
	if c.Folds < 0 || c.Folds == 1 || c.Folds > mostFolds {
		return usagef("--folds: want 0, or 2 to %d", mostFolds)
	}
	pack, err := r.compileRules()
	if err != nil {
		return err
	}
	texts, err := weighTexts(pack, c.Gold)
	if err != nil {
		return err
	}
	made := make(map[string]*scorecard.Card)
	comments := make(map[string]string)
	w := newTable(r.term.out, table.Row{"lang", "texts", "labels", "precision", "recall", "F1"})
	for _, language := range slices.Sorted(maps.Keys(texts)) {
		card, err := scorecard.Fit(passagesOf(texts[language]))
		if err != nil {
			fmt.Fprintf(r.term.err, "%s: no scorecard: %v\n", language, err)
			continue
		}
		made[language], comments[language] = card, fmt.Sprintf("Made by palabre rules weigh from %d texts.", len(texts[language]))
		if c.Folds > 0 {
			rate := c.crossValidate(r, language, texts[language])
			w.AppendRow(table.Row{language, len(texts[language]), rate.Right + rate.Missed, figure(rate.Precision()), figure(rate.Recall()), figure(rate.F1())})
			comments[language] += fmt.Sprintf(" On texts that it was not made from, topic and stance: precision %s, recall %s.", figure(rate.Precision()), figure(rate.Recall()))
		}
	}
	if len(made) == 0 {
		return errors.New("weigh words: there are too few labelled texts in any language that has rules")
	}
	for _, language := range slices.Sorted(maps.Keys(made)) {
		name := filepath.Join(c.Out, language, classify.CardFile)
		if err := writeCard(name, made[language], comments[language]); err != nil {
			return fmt.Errorf("write scorecard: %w", err)
		}
		fmt.Fprintf(r.term.out, "%s: %d features, from %d texts\n", name, made[language].Features(), len(texts[language]))
	}
	if c.Folds > 0 {
		fmt.Fprintf(r.term.out, "\nTopic and stance by the scorecards alone, on texts that they were not made from (%d parts):\n", c.Folds)
		w.Render()
	}
	return nil
}

// mostFolds is the most parts of the texts for which a scorecard is made and tried.
const mostFolds = 20

// writeCard writes a scorecard beside where it is to be and puts it there whole: a
// server may be using the folder.
func writeCard(name string, card *scorecard.Card, comment string) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	f, err := os.Create(name + partly)
	if err != nil {
		return err
	}
	err = card.Write(f, comment, "Points are tenths of log-odds; README.md beside the rules tells more.")
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, os.Remove(name+partly))
	}
	return os.Rename(name+partly, name)
}

// crossValidate parts the texts, makes a scorecard of all parts but one, and tries it
// on that, for each part in turn. Where the other parts are too few for a scorecard,
// nothing is found.
func (c *rulesWeighCmd) crossValidate(r *runContext, language string, texts []weighed) (rate classify.Rate) {
	bar := newProgress(r.term.err, "trying "+language, c.Folds)
	defer bar.done()
	for fold := range c.Folds {
		var known, unseen []weighed
		for i := range texts {
			h := fnv.New32a()
			h.Write([]byte(texts[i].id))
			if int(h.Sum32()%uint32(c.Folds)) == fold {
				unseen = append(unseen, texts[i])
			} else {
				known = append(known, texts[i])
			}
		}
		card, err := scorecard.Fit(passagesOf(known))
		for i := range unseen {
			found := make(map[scorecard.Label]bool)
			if err == nil {
				found = unseen[i].foundBy(card)
			}
			for _, l := range unseen[i].labels {
				if found[l] {
					rate.Right++
				} else {
					rate.Missed++
				}
				delete(found, l)
			}
			rate.Wrong += len(found)
		}
		bar.at(fold+1, c.Folds)
	}
	return rate
}

// foundBy returns the labels that a scorecard finds in a text.
func (t *weighed) foundBy(card *scorecard.Card) map[scorecard.Label]bool {
	found := make(map[scorecard.Label]bool)
	var sheet scorecard.Sheet
	for k := range t.passages {
		for l, likely := range sheet.Weigh(card, &t.passages[k]) {
			if likely >= classify.Likely {
				found[card.Labels()[l]] = true
			}
		}
	}
	return found
}

func passagesOf(texts []weighed) []scorecard.Passage {
	var out []scorecard.Passage
	for i := range texts {
		out = append(out, texts[i].passages...)
	}
	return out
}

// weighTexts reads labelled texts, by the language that they are mostly in.
func weighTexts(pack *classify.Pack, paths []string) (map[string][]weighed, error) {
	out := make(map[string][]weighed)
	err := eachGold(paths, func(g *classify.Gold, s *statement.Statement) {
		if t := weigh(g, pack.Samples(s)); t != nil {
			out[t.lang] = append(out[t.lang], *t)
		}
	})
	return out, err
}

// weigh returns a text with its stretches, or nil if none of it is read.
func weigh(g *classify.Gold, samples []classify.Sample) *weighed {
	if len(samples) == 0 {
		return nil
	}
	t := &weighed{id: g.ID, lang: samples[0].Lang}
	for i := range samples {
		if samples[i].Lang == t.lang {
			t.passages = append(t.passages, scorecard.Passage{Features: samples[i].Features})
			for k := range samples[i].Sentences {
				p := &t.passages[len(t.passages)-1]
				p.Sentences = append(p.Sentences, scorecard.Passage{Features: samples[i].Sentences[k].Features})
			}
		} else {
			t.passages = append(t.passages, scorecard.Passage{})
		}
	}
	add := func(p *scorecard.Passage, l scorecard.Label) {
		if !slices.Contains(p.Labels, l) {
			p.Labels = append(p.Labels, l)
		}
	}
	for i := range g.Positions {
		q := &g.Positions[i]
		l := scorecard.Label{Topic: q.Topic, Stance: q.Stance}
		if !slices.Contains(t.labels, l) {
			t.labels = append(t.labels, l)
		}
		at := strings.Index(g.Text, q.Evidence)
		unplaced := at < 0 || q.Evidence == ""
		has := func(s *classify.Sample) bool { return !unplaced && at < s.End && s.Start < at+len(q.Evidence) }
		for k := range samples {
			if len(samples) == 1 || has(&samples[k]) || unplaced && k == 0 { // the first has the title
				add(&t.passages[k], l)
			}
			for n := range samples[k].Sentences {
				if has(&samples[k].Sentences[n]) && n < len(t.passages[k].Sentences) {
					add(&t.passages[k].Sentences[n], l)
				}
			}
		}
	}
	t.passages = slices.DeleteFunc(t.passages, func(p scorecard.Passage) bool { return p.Features == nil })
	return t
}
