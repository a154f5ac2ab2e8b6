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
)

type rulesWeighCmd struct {
	Gold  []string `arg:"" help:"Files of labelled texts, JSONL; several may be joined by commas."`
	Out   string   `required:"" type:"path" help:"Folder to write to: a scorecard for each language, such as fr/scorecard.tsv."`
	Folds int      `default:"5" help:"Try the scorecards first on texts that they were not made from, a part of the texts after the other in so many parts; 0 does not."`
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

// Run makes a scorecard of each language in which there are texts.
func (c *rulesWeighCmd) Run(r *runContext) error {
	pack, err := r.compileRules()
	if err != nil {
		return err
	}
	texts, err := weighTexts(pack, c.Gold)
	if err != nil {
		return err
	}
	if len(texts) == 0 {
		return errors.New("weigh words: no text is in a language that has rules")
	}
	w := newTable(r.term.out, table.Row{"lang", "texts", "labels", "precision", "recall", "F1"})
	for _, language := range slices.Sorted(maps.Keys(texts)) {
		if err := c.make(r, w, language, texts[language]); err != nil {
			return err
		}
	}
	if c.Folds > 1 {
		fmt.Fprintf(r.term.out, "\nTopic and stance by the scorecards alone, on texts that they were not made from (%d parts):\n", c.Folds)
		w.Render()
	}
	return nil
}

// make makes, tries and writes the scorecard of a language.
func (c *rulesWeighCmd) make(r *runContext, w table.Writer, language string, texts []weighed) error {
	var comment string
	if c.Folds > 1 {
		rate, labels, err := c.crossValidate(r, language, texts)
		if err != nil {
			return err
		}
		w.AppendRow(table.Row{language, len(texts), labels, figure(rate.Precision()), figure(rate.Recall()), figure(rate.F1())})
		comment = fmt.Sprintf("Made by palabre rules weigh from %d texts. On texts that it was not made from, topic and stance: precision %s, recall %s.", len(texts), figure(rate.Precision()), figure(rate.Recall()))
	} else {
		comment = fmt.Sprintf("Made by palabre rules weigh from %d texts.", len(texts))
	}
	card, err := scorecard.Fit(passagesOf(texts))
	if err != nil {
		return fmt.Errorf("%s: %w", language, err)
	}
	name := filepath.Join(c.Out, language, classify.CardFile)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return fmt.Errorf("write scorecard: %w", err)
	}
	f, err := os.Create(name)
	if err != nil {
		return fmt.Errorf("write scorecard: %w", err)
	}
	if err := errors.Join(card.Write(f, comment, "Points are tenths of log-odds, see README.md beside the rules."), f.Close()); err != nil {
		return err
	}
	fmt.Fprintf(r.term.out, "%s: %d features, from %d texts\n", name, card.Features(), len(texts))
	return nil
}

// crossValidate parts the texts, makes a scorecard of all parts but one, and tries it
// on that, for each part in turn.
func (c *rulesWeighCmd) crossValidate(r *runContext, language string, texts []weighed) (rate classify.Rate, labels int, err error) {
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
		if err != nil {
			return rate, labels, fmt.Errorf("%s: %w", language, err)
		}
		var sheet scorecard.Sheet
		for i := range unseen {
			found := make(map[scorecard.Label]bool)
			for k := range unseen[i].passages {
				for l, likely := range sheet.Weigh(card, &unseen[i].passages[k]) {
					if likely >= 0.5 {
						found[card.Labels()[l]] = true
					}
				}
			}
			labels += len(unseen[i].labels)
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
	return rate, labels, nil
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
	owners, err := outletOwners()
	if err != nil {
		return nil, err
	}
	out := make(map[string][]weighed)
	for _, list := range paths {
		for path := range strings.SplitSeq(list, ",") {
			err := eachLine(path, func(g *classify.Gold) error {
				if err := labelled(g); err != nil {
					return err
				}
				s := goldStatement(g, owners)
				samples := pack.Samples(&s)
				if len(samples) == 0 {
					return nil
				}
				t := weighed{id: g.ID, lang: samples[0].Lang}
				for i := range samples {
					if samples[i].Lang == t.lang {
						t.passages = append(t.passages, labelledPassage(g, &samples[i], len(samples) == 1))
					}
				}
				for i := range g.Positions {
					if l := (scorecard.Label{Topic: g.Positions[i].Topic, Stance: g.Positions[i].Stance}); !slices.Contains(t.labels, l) {
						t.labels = append(t.labels, l)
					}
				}
				out[t.lang] = append(out[t.lang], t)
				return nil
			})
			if err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// labelledPassage returns a stretch with its labels: all of the text's if it is the only
// one, else those of which it has evidence, and those whose evidence is not in the text.
func labelledPassage(g *classify.Gold, s *classify.Sample, only bool) scorecard.Passage {
	out := scorecard.Passage{Features: s.Features}
	sentences := make([][]scorecard.Label, len(s.Sentences))
	for i := range g.Positions {
		l := scorecard.Label{Topic: g.Positions[i].Topic, Stance: g.Positions[i].Stance}
		at := strings.Index(g.Text, g.Positions[i].Evidence)
		unplaced := at < 0 || g.Positions[i].Evidence == ""
		has := func(s *classify.Sample) bool {
			return !unplaced && at < s.End && s.Start < at+len(g.Positions[i].Evidence)
		}
		if (only || unplaced || has(s)) && !slices.Contains(out.Labels, l) {
			out.Labels = append(out.Labels, l)
		}
		for k := range s.Sentences {
			if has(&s.Sentences[k]) && !slices.Contains(sentences[k], l) {
				sentences[k] = append(sentences[k], l)
			}
		}
	}
	for k := range s.Sentences {
		out.Sentences = append(out.Sentences, scorecard.Passage{Features: s.Sentences[k].Features, Labels: sentences[k]})
	}
	return out
}
