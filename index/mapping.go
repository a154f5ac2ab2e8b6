package index

import (
	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/keyword"
	"github.com/blevesearch/bleve/v2/mapping"

	"palabre/lang"
	"palabre/statement"
)

// stemmed lists the languages that have a text field of their own.
var stemmed = map[string]string{"fr": frenchAnalyzer, "en": englishAnalyzer, "ar": arabicAnalyzer}

// keywords are the fields that are matched whole.
var keywords = []string{
	"topic", "stance", "actor", "speaker", "target", "tag", "source", "outlet", "lang", "kind", "place", "grade", "reason", "cond", "firsthand", "month", "from",
}

// newMapping is static: a field that is not named here is not indexed.
func newMapping() mapping.IndexMapping {
	doc := bleve.NewDocumentStaticMapping()
	text := func(analyzer string) *mapping.FieldMapping {
		f := bleve.NewTextFieldMapping()
		f.Analyzer, f.Store, f.IncludeInAll, f.DocValues, f.IncludeTermVectors = analyzer, false, false, false, analyzer == foldedAnalyzer
		return f
	}
	doc.AddFieldMappingsAt("text", text(foldedAnalyzer))
	doc.AddFieldMappingsAt("title", text(foldedAnalyzer))
	for language, analyzer := range stemmed {
		doc.AddFieldMappingsAt("text_"+language, text(analyzer))
	}
	for _, name := range keywords {
		f := bleve.NewTextFieldMapping()
		f.Analyzer, f.Store, f.IncludeInAll, f.IncludeTermVectors = keyword.Name, false, false, false
		f.DocValues = name == "from" // the others are read by value, see columns
		doc.AddFieldMappingsAt(name, f)
	}
	m := bleve.NewIndexMapping()
	m.DefaultMapping = doc
	m.StoreDynamic, m.IndexDynamic, m.DocValuesDynamic = false, false, false
	m.ScoringModel = "bm25"
	return m
}

// Doc is a statement to be found, with what was read in it.
type Doc struct {
	Statement *statement.Statement
	Reading   *statement.Reading
	Reasons   []statement.Reason // of its signals
}

// fields returns the document as Bleve takes it.
func (d *Doc) fields(reg *statement.Registry) map[string]any {
	s := d.Statement
	date := s.When()
	out := map[string]any{
		"text": s.Title + "\n" + s.Text, "title": s.Title, "source": s.Source, "outlet": lang.Fold(s.Outlet), "kind": string(s.Kind), "grade": string(s.Grade),
		"from": dateTerm(date.Time), "month": date.Time.UTC().Format("2006-01"),
	}
	perLanguage := make(map[string]string)
	languages := newSet()
	for _, run := range d.Reading.Langs {
		languages.add(run.Lang)
		if stemmed[run.Lang] != "" && run.End <= len(s.Text) {
			perLanguage[run.Lang] += s.Text[run.Start:run.End] + "\n"
		}
	}
	for language, text := range perLanguage {
		out["text_"+language] = s.Title + "\n" + text
	}
	out["lang"] = languages.list()
	d.tags(out, reg)
	return out
}

// tags adds the fields of the positions. A tag joins what belongs to one
// position, so that a topic and a stance asked for together are of the same.
func (d *Doc) tags(out map[string]any, reg *statement.Registry) {
	topic, stance, actor, speaker, target, tag := newSet(), newSet(), newSet(), newSet(), newSet(), newSet()
	cond, firstHand := "no", "no"
	for i := range d.Reading.Positions {
		p := &d.Reading.Positions[i]
		topic.add(string(p.Topic))
		stance.add(string(p.Stance))
		speaker.add(p.Speaker)
		for _, t := range []string{p.Target, reg.Coalition(p.Target)} {
			target.add(t)
			for _, a := range []string{p.Actor, reg.Coalition(p.Actor)} {
				actor.add(a)
				for term := range (position{string(p.Topic), string(p.Stance), a, p.Speaker, t}).terms() {
					tag.add(term)
				}
			}
		}
		if p.Condition != "" || p.Stance == statement.Conditional {
			cond = "yes"
		}
		if p.FirstHand {
			firstHand = "yes"
		}
	}
	reason := newSet()
	for _, r := range d.Reasons {
		reason.add(string(r))
	}
	place := newSet()
	for _, id := range d.Reading.Places {
		place.add(id)
	}
	out["topic"], out["stance"], out["actor"], out["speaker"], out["target"], out["tag"] = topic.list(), stance.list(), actor.list(), speaker.list(), target.list(), tag.list()
	out["reason"], out["place"], out["cond"], out["firsthand"] = reason.list(), place.list(), cond, firstHand
}

// set keeps strings once each, in order.
type set struct {
	seen  map[string]bool
	items []string
}

func newSet() *set { return &set{seen: make(map[string]bool)} }

func (s *set) add(v string) {
	if v != "" && !s.seen[v] {
		s.seen[v] = true
		s.items = append(s.items, v)
	}
}

func (s *set) list() []string { return s.items }
