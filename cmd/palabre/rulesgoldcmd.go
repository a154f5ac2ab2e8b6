package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"palabre/classify"
	"palabre/statement"
	"palabre/store"
)

type rulesGoldCmd struct {
	Open bool `help:"Print texts too of which people judged some positions only; the others are the machine's."`
}

func (rulesGoldCmd) Examples() string {
	return `  palabre rules gold > judged.jsonl && palabre rules eval judged.jsonl
  palabre rules gold --open --data /var/lib/palabre`
}

// goldLine is a labelled text with how it was judged.
type goldLine struct {
	classify.Gold
	Judges []string `json:"judges"` // who confirmed, corrected or added a position
	Open   int      `json:"open"`   // positions that nobody has judged
}

// goldBatch is how many statements are read together.
const goldBatch = 200

// Run prints the statements that people judged as labelled texts, one a line.
func (c *rulesGoldCmd) Run(r *runContext) (err error) {
	s, err := openRecord(r)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	bar := newProgress(r.term.err, "gold", -1)
	defer bar.done()
	out := json.NewEncoder(r.term.out)
	printed, left, read := 0, 0, 0
	for after := ""; ; {
		ids, err := s.CorrectedStatements(r, after, goldBatch)
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			break
		}
		after = ids[len(ids)-1]
		lines, err := goldOf(r, s, ids)
		if err != nil {
			return err
		}
		for i := range lines {
			read++
			bar.at(read, read)
			if lines[i].Open > 0 && !c.Open {
				left++
				continue
			}
			printed++
			if err := out.Encode(&lines[i]); err != nil {
				return fmt.Errorf("print labelled text: %w", err)
			}
		}
	}
	switch {
	case read == 0:
		fmt.Fprintln(r.term.err, "nobody has judged a position yet; that is done on the page of a statement")
	case left > 0:
		fmt.Fprintf(r.term.err, "%d texts; %d more have positions that nobody has judged: --open prints them too\n", printed, left)
	}
	return nil
}

// goldOf labels statements as people judged them.
func goldOf(r *runContext, s *store.Store, ids []string) ([]goldLine, error) {
	held, err := s.Statements(r, ids)
	if err != nil {
		return nil, err
	}
	people, err := s.Corrections(r, ids)
	if err != nil {
		return nil, err
	}
	out := make([]goldLine, len(held))
	for i := range held {
		out[i] = goldFrom(&held[i], people[held[i].Statement.Of])
	}
	return out, nil
}

func goldFrom(h *store.Held, people []statement.Corrected) goldLine {
	st := &h.Statement
	judged := statement.Judge(h.Reading.Positions, people)
	line := goldLine{Open: judged.Open, Judges: []string{}, Gold: classify.Gold{
		ID: st.Of, Lang: st.Lang, Kind: st.Kind, Outlet: st.Outlet, Published: st.When().String(), Title: st.Title, Text: st.Text,
		Positions: make([]classify.Label, len(judged.Positions)),
	}}
	for i := range judged.Positions {
		p := &judged.Positions[i]
		line.Positions[i] = classify.Label{
			Actor: p.Actor, Speaker: p.Speaker, Topic: p.Topic, Target: p.Target, Stance: p.Stance, Condition: p.Condition, Evidence: p.Evidence.Quote, Rule: "", Confidence: 1,
		}
	}
	seen := make(map[string]bool)
	for i := range people {
		if who := people[i].Who; !seen[who] {
			seen[who] = true
			line.Judges = append(line.Judges, who)
		}
	}
	return line
}
