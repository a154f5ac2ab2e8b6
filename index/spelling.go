package index

import (
	"context"
	"errors"
	"fmt"
	"unicode/utf8"
)

// Spelling is a word of a query that no statement has, with the one that is
// nearest to it among those that statements have.
type Spelling struct {
	Typed string
	Meant string // folded: without accents and capitals
}

const (
	shortestSpelt = 4 // letters of a word that is looked up
	longestSpelt  = 40
	looseFrom     = 7   // letters from which two may be wrong
	mostLike      = 200 // words that are compared
)

// Spell returns the words of a query that no statement has but for which others
// are near. What stands for names in every script is taken as it is.
func (x *Index) Spell(ctx context.Context, q *Query) (out []Spelling, err error) {
	if q == nil || q.root == nil {
		return nil, nil
	}
	v, err := look(x.bleve, &x.columns)
	if err != nil {
		return nil, fmt.Errorf("look up spellings: %w", err)
	}
	defer func() { err = errors.Join(err, v.close()) }()
	seen := make(map[string]bool)
	walk(q.root, func(e expr) bool {
		w, ok := e.(word)
		if !ok || err != nil || len(w.concepts) > 0 || seen[w.text] || ctx.Err() != nil {
			return err == nil
		}
		seen[w.text] = true
		var meant string
		if meant, err = v.spelt(w.text); meant != "" {
			out = append(out, Spelling{w.text, meant})
		}
		return err == nil
	})
	if err != nil {
		return nil, fmt.Errorf("look up spellings: %w", err)
	}
	return out, nil
}

// spelt returns the word that is nearest to one, of several the most frequent;
// "" if there is none or the word itself is there.
func (v *view) spelt(text string) (string, error) {
	folded := words(bare(text))
	if len(folded) != 1 {
		return "", nil
	}
	letters := utf8.RuneCountInString(folded[0])
	if letters < shortestSpelt || letters > longestSpelt {
		return "", nil
	}
	most := 1
	if letters >= looseFrom {
		most = 2
	}
	for wrong := 1; wrong <= most; wrong++ {
		best, err := v.within(folded[0], wrong)
		if err != nil || best == folded[0] {
			return "", err
		}
		if best != "" {
			return best, nil
		}
	}
	return "", nil
}

// within returns the most frequent word that differs from one by at most so many
// letters, the word itself before all others.
func (v *view) within(folded string, wrong int) (best string, err error) {
	first, _ := utf8.DecodeRuneInString(folded)
	dict, err := v.snapshot.FieldDictFuzzy("text", folded, wrong, string(first))
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, dict.Close()) }()
	var near []string
	for len(near) < mostLike {
		entry, err := dict.Next()
		if err != nil {
			return "", err
		}
		if entry == nil {
			break
		}
		if entry.Term == folded {
			return folded, nil
		}
		near = append(near, entry.Term)
	}
	var frequent uint64
	for _, term := range near {
		n, err := v.having("text", term)
		if err != nil {
			return "", err
		}
		if n > frequent {
			best, frequent = term, n
		}
	}
	return best, nil
}

// having tells how many statements have a term.
func (v *view) having(field, term string) (n uint64, err error) {
	for i := range v.parts {
		dict, err := v.parts[i].Dictionary(field)
		if err != nil {
			return 0, err
		}
		docs, err := dict.PostingsList([]byte(term), v.parts[i].deleted, nil)
		if err != nil {
			return 0, err
		}
		n += docs.Count()
	}
	return n, nil
}
