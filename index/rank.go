package index

import (
	"context"
	"math"
	"time"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// How a statement scores. Each word of the query counts once, in the form and
// field that fits best:
//
//	word  = rarity × boost of field × frequency, saturated and set against length
//	score = sum of words × own words × signal × recency
//
// Nothing in it depends on the other statements but a word's rarity. That is
// taken at the first page and carried on in the cursor, so that a statement keeps
// its score, and the pages their order, while others are added.
const (
	saturation  = 1.2   // more of a word counts less and less
	lengthShare = 0.5   // how much a long text takes from a word
	usualLength = 250.0 // words of a statement

	firstHandBoost = 0.20 // the actor's own words
	signalBoost    = 0.15 // raised a signal
	recencyBoost   = 0.20 // of a statement of today; half of that after each half-life
	halfLife       = 365 * 24 * time.Hour
)

// rarityStep is the unit in which rarities are kept, so that each fits a byte.
const rarityStep = 1.0 / 16

// leaf is a term that weighs. Where of is set it weighs only in what that step has
// found.
type leaf struct {
	field, term string
	boost       float64
	of          *placed
}

// weighed is a step that counts for the order of relevance, as one word does.
type weighed struct {
	node
	leaves []leaf
	rarity byte // in rarityStep
}

// measure sets the rarities from how many statements of the view have the word.
func (pl *plan) measure(ctx context.Context, v *view) error {
	for _, w := range pl.weighed {
		have := 0.0
		for i := range v.parts {
			docs, err := w.rough(ctx, &v.parts[i])
			if err != nil {
				return err
			}
			have += float64(docs.GetCardinality())
		}
		live := float64(v.live)
		have = min(have, live) // replaced revisions are among them
		idf := math.Log(1 + (live-have+0.5)/(have+0.5))
		w.rarity = byte(min(math.Ceil(idf/rarityStep), math.MaxUint8))
	}
	return nil
}

// score returns the scores of documents of a part, which are in docs in order.
func (pl *plan) score(ctx context.Context, p *part, hits *roaring.Bitmap, docs []uint32, now time.Time) ([]float64, error) {
	out := make([]float64, len(docs))
	best := make([]float64, len(docs))
	for _, w := range pl.weighed {
		clear(best)
		if len(w.leaves) == 0 { // stands once in a statement of usual length
			found, err := w.find(ctx, p, hits)
			if err != nil {
				return nil, err
			}
			for i, doc := range docs {
				if found.Contains(doc) {
					best[i] = 1
				}
			}
		}
		for _, l := range w.leaves {
			if err := l.score(ctx, p, hits, docs, best); err != nil {
				return nil, err
			}
		}
		for i, b := range best {
			out[i] += float64(w.rarity) * rarityStep * b
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	for i, doc := range docs {
		if len(pl.weighed) == 0 {
			out[i] = 1
		}
		out[i] *= p.favour(doc, now)
		// The last bits may depend on the order of the sum.
		out[i] = math.Round(out[i]*(1<<20)) / (1 << 20)
	}
	return out, nil
}

// score raises best, which runs beside docs, to what the term gives.
func (l leaf) score(ctx context.Context, p *part, hits *roaring.Bitmap, docs []uint32, best []float64) error {
	list, err := p.list(l.field, l.term)
	if err != nil {
		return err
	}
	have := roaring.New()
	list.OrInto(have)
	have.And(hits)
	if l.of != nil {
		stands, err := l.of.among(ctx, p, hits)
		if err != nil {
			return err
		}
		have.And(stands)
	}
	if have.IsEmpty() {
		return nil
	}
	it := only(list.Iterator(true, true, false, nil), have)
	at := 0
	for {
		posting, err := it.Next()
		if err != nil {
			return err
		}
		if posting == nil {
			return nil
		}
		doc := uint32(posting.Number())
		for at < len(docs) && docs[at] < doc {
			at++
		}
		if at == len(docs) {
			return nil
		}
		if docs[at] != doc {
			continue // a lone document that is no hit
		}
		often := float64(posting.Frequency())
		often = often * (saturation + 1) / (often + saturation*(1-lengthShare+lengthShare*lengthOf(posting)/usualLength))
		best[at] = max(best[at], l.boost*often)
	}
}

// lengthOf returns the length of the field in which a posting stands.
func lengthOf(p segment.Posting) float64 {
	if exact, ok := p.(interface{ NormUint64() uint64 }); ok {
		return float64(exact.NormUint64())
	}
	return 1 / (p.Norm() * p.Norm())
}

// favour is what a statement's origin and age add to its score.
func (p *part) favour(doc uint32, now time.Time) float64 {
	out := 1.0
	if p.firstHand.Contains(doc) {
		out *= 1 + firstHandBoost
	}
	if p.signal.Contains(doc) {
		out *= 1 + signalBoost
	}
	age := max(0, float64(now.Unix()-p.dates[doc])/halfLife.Seconds())
	return out * (1 + recencyBoost*math.Exp2(-age))
}
