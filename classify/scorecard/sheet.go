package scorecard

import (
	"maps"
	"math"
	"slices"
)

// Sheet adds up the points of one passage after the other. Its buffers are kept.
type Sheet struct {
	card     *Card
	counts   []uint16  // by row
	values   []float32 // by row, once the passage is measured: what it counts in the passage
	seen     []int32   // rows that are there
	measured bool
	sums     [MaxLabels]float64
}

// Open begins a passage.
func (s *Sheet) Open(c *Card) {
	for _, row := range s.seen {
		s.counts[row] = 0
	}
	s.card, s.seen, s.measured = c, s.seen[:0], false
	if n := len(c.features); len(s.counts) < n {
		s.counts, s.values = make([]uint16, n), make([]float32, n)
	}
}

// Mark notes a feature by its row. None is none.
func (s *Sheet) Mark(row int32) {
	if row == None {
		return
	}
	if s.counts[row] == 0 {
		s.seen = append(s.seen, row)
	}
	if s.counts[row] < math.MaxUint16 {
		s.counts[row]++
	}
}

// measure finds what each feature counts.
func (s *Sheet) measure() {
	if s.measured {
		return
	}
	s.measured = true
	squares := float32(leastLength * leastLength)
	for _, row := range s.seen {
		x := s.card.features[row].rarity
		if n := s.counts[row]; n > 1 {
			x *= damped(n)
		}
		s.values[row] = x
		squares += x * x
	}
	length := float32(math.Sqrt(float64(squares)))
	for _, row := range s.seen {
		s.values[row] /= length
	}
}

// Likelihoods returns how likely each label of the card is in the passage, from 0 to 1,
// if as many passages had it as had not. They are overwritten by the next passage.
func (s *Sheet) Likelihoods() []float64 {
	s.measure()
	var sums [MaxLabels]float32
	for l, p := range s.card.always.points {
		sums[l] = float32(p)
	}
	for _, row := range s.seen {
		x, points := s.values[row], &s.card.features[row].points
		for l := range sums {
			sums[l] += x * float32(points[l])
		}
	}
	for l := range s.sums {
		s.sums[l] = likelihood(float64(sums[l]) / unit)
	}
	return s.sums[:len(s.card.labels)]
}

// Here returns the log-odds that the passage, a sentence, is what gives the label to the
// text that it is in.
func (s *Sheet) Here(label int) float64 {
	s.measure()
	sum := float64(s.card.always.here[label])
	for _, row := range s.seen {
		sum += float64(s.values[row]) * float64(s.card.features[row].here[label])
	}
	return sum / unit
}

// Share returns what one occurrence of a feature of the passage adds to the log-odds of
// a label.
func (s *Sheet) Share(row int32, label int) float64 {
	s.measure()
	return float64(s.values[row]) / float64(s.counts[row]) * float64(s.card.features[row].points[label]) / unit
}

// counted returns a number of times as sheets count it.
func counted(n int) uint16 { return uint16(min(n, math.MaxUint16)) }

// Weigh returns how likely each label of a card is in a passage.
func (s *Sheet) Weigh(c *Card, p *Passage) []float64 {
	s.Open(c)
	for _, name := range slices.Sorted(maps.Keys(p.Features)) { // for sums that are the same each time
		if row := c.Named([]byte(name)); row != None {
			s.Mark(row)
			s.counts[row] = counted(p.Features[name])
		}
	}
	return s.Likelihoods()
}
