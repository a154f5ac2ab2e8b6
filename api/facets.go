package api

import (
	"slices"

	"palabre/statement"
)

const (
	openFacets  = 5 // that are unfolded
	facetValues = 6 // of a facet; the others are folded away
	mostValues  = 30
)

// facet is a property with links that narrow a search down.
type facet struct {
	Title        string
	Values, More []facetLink
	Open         bool
}

type facetLink struct {
	Name, Text, Link string
	N                int
}

// facets lists, for each property that is not chosen yet, its commonest values.
func (p *searchPage) facets() []facet {
	var chosen []string
	for _, f := range p.Criteria.Filters() {
		chosen = append(chosen, f.Name)
	}
	var out []facet
	for i, name := range []string{"stance", "topic", "actor", "lang", "reason", "kind", "source", "speaker", "place"} {
		counts := p.Found.Facets[name]
		if len(counts) == 0 || slices.Contains(chosen, name) {
			continue
		}
		f := facet{Title: p.tongue.in(facetTitle(name)), Open: i < openFacets}
		for _, c := range counts[:min(len(counts), mostValues)] {
			l := facetLink{Name: name, Text: p.tongue.value(&p.frame, name, c.Value), Link: p.Criteria.with(name, c.Value), N: c.Count}
			if len(f.Values) < facetValues {
				f.Values = append(f.Values, l)
			} else {
				f.More = append(f.More, l)
			}
		}
		out = append(out, f)
	}
	return out
}

// active lists the filters that are set, each with the address without it. The
// ends of a span of time are one.
func (p *searchPage) active() []facetLink {
	c, t := &p.Criteria, p.tongue
	var out []facetLink
	for _, f := range c.tags() {
		if f.Value != "" {
			out = append(out, facetLink{Name: t.in(facetTitle(f.Name)), Text: t.value(&p.frame, f.Name, f.Value), Link: c.with(f.Name, "")})
		}
	}
	switch {
	case c.From != "" && c.To != "":
		out = append(out, facetLink{Name: t.say("Date"), Text: t.spanOf(c.From, c.To), Link: c.during("", "")})
	case c.From != "":
		out = append(out, facetLink{Name: t.say("From"), Text: t.date(c.From), Link: c.during("", "")})
	case c.To != "":
		out = append(out, facetLink{Name: t.say("Until"), Text: t.date(c.To), Link: c.during("", "")})
	}
	return out
}

// spanOf names a span by its ends as the criteria have them.
func (t *tongue) spanOf(from, to string) string {
	if from == to {
		return t.date(from)
	}
	return t.say("%s to %s", t.date(from), t.date(to))
}

func facetTitle(name string) phrase {
	switch name {
	case "topic":
		return say("Topic")
	case "stance":
		return say("Stance")
	case "actor":
		return say("Actor")
	case "speaker":
		return say("Speaker")
	case "source":
		return say("Source")
	case "lang":
		return say("Language")
	case "kind":
		return say("Kind")
	case "place":
		return say("Place")
	case "reason":
		return say("Signal")
	}
	return say("%s", name)
}

// value names a facet's value.
func (t *tongue) value(f *frame, name, value string) string {
	switch name {
	case "topic":
		return t.topic(statement.Topic(value))
	case "stance":
		return statement.Stance(value).Glyph() + " " + t.stance(statement.Stance(value))
	case "actor":
		return t.actor(value)
	case "speaker":
		return t.person(value)
	case "source":
		return plain(f.SourceName(value))
	case "lang":
		return t.language(value)
	case "kind":
		return t.kind(statement.Kind(value))
	case "place":
		return t.place(value)
	case "reason":
		return t.reason(statement.Reason(value))
	}
	return plain(value)
}
