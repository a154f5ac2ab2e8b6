package store

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"palabre/lang"
	"palabre/statement"
)

// demands tells of a condition which kinds of demand it makes.
type demands struct {
	names lang.Phrasebook
	named []*statement.DemandKind // by the number of the phrase in names
	kind  map[string]*statement.DemandKind
	rank  map[string]int  // by kind: over how many others it stands, one upon the other
	when  lang.Phrasebook // phrases of what is to be done during talks
}

// duringTalks are phrases of what is to be done while talks last, and not before
// they begin.
var duringTalks = []string{
	"(pendant|durant|au cours|au fil|lors|tout au long) … (negociation*|dialogue|pourparlers|discussion*|processus|rencontre*)",
	"(a l ordre du jour|parallelement|en parallele|au fur et a mesure|graduel*|progressi*|par etapes|dans le cadre des (negociations|pourparlers|discussions))",
	"(during|in the course of|throughout) … (negotiation*|dialogue|talks|process|meeting*)",
	"(on the agenda|in parallel|step by step|gradual*|progressively|phase by phase|as talks proceed|as part of the (talks|negotiations|process))",
	"(خلال|اثناء|طوال|طيله|ضمن) … (مفاوضات|حوار|محادثات|مباحثات|تفاوض)",
	"(جدول اعمال|جدول الاعمال|توازي|تدريجي*|تدريج|تدرج|علي مراحل)",
}

// newDemands reads the kinds of demand of a registry. Without one there are no
// kinds.
func newDemands(reg *statement.Registry) (*demands, error) {
	d := &demands{kind: make(map[string]*statement.DemandKind), rank: make(map[string]int)}
	for _, phrase := range duringTalks {
		if _, err := d.when.Add(phrase); err != nil {
			return nil, fmt.Errorf("read timings of demands: %w", err)
		}
	}
	if reg == nil {
		return d, nil
	}
	over := make(map[string][]string, len(reg.Demands))
	for i := range reg.Demands {
		k := &reg.Demands[i]
		over[k.ID], d.kind[k.ID] = k.Over, k
		for _, n := range k.Names {
			if _, err := d.names.Add(n.Text); err != nil {
				return nil, fmt.Errorf("read demand %q: %w", k.ID, err)
			}
			d.named = append(d.named, k)
		}
	}
	for id := range over {
		d.rank[id] = height(over, id, deepest)
	}
	return d, nil
}

// label is how people are shown a kind of demand, in English.
func (d *demands) label(kind string) string {
	if k := d.kind[kind]; k != nil {
		return k.Label.En
	}
	return kind
}

// deepest is more than kinds ever stand over one another; it bounds the search
// where they do in a circle.
const deepest = 5

// height is over how many kinds one stands, one upon the other, at most so many.
func height(over map[string][]string, id string, most int) int {
	h := 0
	for _, below := range over[id] {
		if most > 0 {
			h = max(h, 1+height(over, below, most-1))
		}
	}
	return h
}

// kinds returns the kinds of demand that a condition makes, the most special
// first. It is empty where the condition fits none.
func (d *demands) kinds(condition string) []string {
	return d.pick(condition, func(*statement.DemandKind) bool { return true })
}

// made returns the kinds of demand that a position makes: by its condition or,
// where the rules could not cut one out, by the words that prove it. Those tell
// of the stance too. So kinds that are a stance on the same question, and kinds
// that the actor itself would have to meet, are passed over there.
func (d *demands) made(p *statement.Position) []string {
	if p.Condition != "" {
		return d.kinds(p.Condition)
	}
	if p.Stance != statement.Conditional {
		return nil
	}
	return d.pick(p.Evidence.Quote, func(k *statement.DemandKind) bool {
		return k.Topic != p.Topic && (k.Of == "" || k.Of != p.Actor)
	})
}

// pick returns the kinds that words make, of those that count.
func (d *demands) pick(words string, counts func(*statement.DemandKind) bool) []string {
	found := make(map[string]*statement.DemandKind)
	for _, n := range d.names.Find(words) {
		if k := d.named[n]; counts(k) {
			found[k.ID] = k
		}
	}
	ids := slices.SortedFunc(maps.Keys(found), func(a, b string) int {
		return cmp.Or(cmp.Compare(d.rank[b], d.rank[a]), cmp.Compare(a, b))
	})
	return slices.DeleteFunc(ids, func(id string) bool {
		for _, k := range found {
			if slices.Contains(k.Over, id) {
				return true
			}
		}
		return false
	})
}

// timing returns when a condition is to be met: before the talks unless it says
// otherwise.
func (d *demands) timing(condition string) statement.DemandTiming {
	if len(d.when.Find(condition)) > 0 {
		return statement.DuringTalks
	}
	return statement.BeforeTalks
}
