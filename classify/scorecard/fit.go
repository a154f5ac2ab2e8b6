package scorecard

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"runtime"
	"slices"
	"sync"

	"gonum.org/v1/gonum/optimize"

	"palabre/statement"
)

// Passage is a labelled passage: how many times it has each feature, and its sentences,
// each with the labels for which it is the evidence.
type Passage struct {
	Features  map[string]int
	Labels    []Label
	Sentences []Passage
}

// What a card is made with. The values are those that did best on texts which the
// card had not been made from.
const (
	leastPassages = 3  // that have a feature
	leastExamples = 8  // passages that have a label
	enough        = 20 // steps of fitting, if no further one can be made
	trust         = 15 // in the passages, against points that are small: the inverse of the strength of regularisation
)

// Fit makes a card from labelled passages: for each label the L2-regularised logistic
// regression on features weighed by their rarity (tf-idf, in vectors of a length below
// 1, as leastLength tells), in which the passages with the label count as much as those
// without, and what every passage gets is held small like the rest. Rare labels are left
// out.
func Fit(passages []Passage) (*Card, error) {
	with := make(map[string]int)
	examples := make(map[Label]int)
	for i := range passages {
		for name := range passages[i].Features {
			with[name]++
		}
		for _, l := range passages[i].Labels {
			examples[l]++
		}
	}
	c := &Card{rows: make(map[string]int32)}
	for _, topic := range statement.Topics {
		for _, stance := range statement.Stances {
			if l := (Label{topic, stance}); examples[l] >= leastExamples {
				c.labels = append(c.labels, l)
			}
		}
	}
	if len(c.labels) == 0 {
		return nil, fmt.Errorf("fit scorecard: no label stands with %d of %d passages", leastExamples, len(passages))
	}
	c.always = feature{name: always, passages: len(passages)}
	for _, name := range slices.Sorted(maps.Keys(with)) {
		if with[name] >= leastPassages && name != "" {
			c.enter(feature{name: name, passages: with[name]})
		}
	}
	c.file()
	var sentences []Passage
	for i := range passages {
		sentences = append(sentences, passages[i].Sentences...)
	}
	err := c.fitLabels(passages, func(f *feature) *points { return &f.points })
	if err == nil && len(sentences) > 0 {
		err = c.fitLabels(sentences, func(f *feature) *points { return &f.here })
	}
	if err != nil {
		return nil, err
	}
	return c, nil
}

// fitLabels fits one kind of points of all labels, as many at a time as there are
// processors.
func (c *Card) fitLabels(passages []Passage, kind func(*feature) *points) error {
	vectors := make([]vector, len(passages))
	for i := range passages {
		vectors[i] = c.vector(&passages[i])
	}
	var fitting sync.WaitGroup
	free := make(chan struct{}, runtime.GOMAXPROCS(0))
	errs := make([]error, len(c.labels))
	for l, label := range c.labels {
		fitting.Go(func() {
			free <- struct{}{}
			defer func() { <-free }()
			has := make([]bool, len(passages))
			for i := range passages {
				has[i] = slices.Contains(passages[i].Labels, label)
			}
			odds, err := logistic(vectors, has, len(c.features))
			if err != nil {
				errs[l] = fmt.Errorf("fit scorecard: %s: %w", label, err)
				return
			}
			for i := range c.features {
				kind(&c.features[i])[l] = inUnits(odds[i])
			}
			kind(&c.always)[l] = inUnits(odds[len(c.features)])
		})
	}
	fitting.Wait()
	return errors.Join(errs...)
}

// inUnits returns log-odds in points of a card.
func inUnits(odds float64) int8 {
	return int8(max(math.MinInt8, min(math.MaxInt8, math.Round(odds*unit))))
}

// vector is a passage as rows of the card with what they count.
type vector struct {
	rows   []int32
	values []float64
}

func (c *Card) vector(p *Passage) vector {
	var v vector
	squares := float64(leastLength * leastLength)
	for name := range p.Features {
		if row, ok := c.rows[name]; ok {
			v.rows = append(v.rows, row)
		}
	}
	slices.Sort(v.rows) // for sums that are the same each time
	for _, row := range v.rows {
		x := float64(damped(counted(p.Features[c.features[row].name])) * c.features[row].rarity)
		v.values = append(v.values, x)
		squares += x * x
	}
	for i := range v.values {
		v.values[i] /= math.Sqrt(squares)
	}
	return v
}

// logistic returns the points of n features for a label that some of the passages
// have, and behind them those that every passage gets.
func logistic(vectors []vector, has []bool, n int) ([]float64, error) {
	yes := 0
	for _, h := range has {
		if h {
			yes++
		}
	}
	half := trust * float64(len(has)) / 2 // both sides count the same
	weight := func(i int) float64 {
		if has[i] {
			return half / float64(yes)
		}
		return half / float64(len(has)-yes)
	}
	odds := func(i int, points []float64) float64 {
		sum := points[n]
		for k, row := range vectors[i].rows {
			sum += vectors[i].values[k] * points[row]
		}
		return sum
	}
	problem := optimize.Problem{
		Func: func(points []float64) float64 {
			loss := 0.0
			for _, p := range points {
				loss += p * p / 2
			}
			for i := range vectors {
				o := odds(i, points)
				if has[i] {
					o = -o
				}
				loss += weight(i) * (max(o, 0) + math.Log1p(math.Exp(-math.Abs(o)))) // log(1+exp(o)), without overflow
			}
			return loss
		},
		Grad: func(grad, points []float64) {
			copy(grad, points)
			for i := range vectors {
				off := likelihood(odds(i, points))
				if has[i] {
					off--
				}
				off *= weight(i)
				for k, row := range vectors[i].rows {
					grad[row] += off * vectors[i].values[k]
				}
				grad[n] += off
			}
		},
	}
	settings := &optimize.Settings{Converger: &optimize.FunctionConverge{Relative: 1e-6, Iterations: 5}}
	result, err := optimize.Minimize(problem, make([]float64, n+1), settings, &optimize.LBFGS{})
	if err != nil && (result == nil || result.MajorIterations < enough) { // else only the last step is too small to be made
		return nil, fmt.Errorf("minimise: %w", err)
	}
	return result.X, nil
}
