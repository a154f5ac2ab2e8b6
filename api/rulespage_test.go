package api_test

import (
	"strings"
	"testing"
)

func TestRulesPages(t *testing.T) {
	s := openTimeline(t)
	v := s.visit("/rules")
	v.shows("rules with", "version "+s.pack.Version(), "on trial", "Found lately")
	first := words(elements(v.doc, "tbody")[0])
	if strings.HasSuffix(first[:200], " 0") {
		t.Errorf("the first rule found nothing in the timeline: %.200s", first)
	}
	v.open("/rules?lang=ar&named=" + "zzz")
	v.shows("No rule is called so")
	v.open("/rules?lang=fr&named=REFUS")
	v.shows("fr.dialogue.")
	if strings.Contains(words(v.doc), "ar.dialogue.") {
		t.Error("rules of another language are shown")
	}
	held, err := s.store.TagsByRule(t.Context(), 1000)
	must(t, err)
	name := ""
	for rule := range held {
		if rule > name {
			name = rule
		}
	}
	v.open("/rules/" + name)
	if len(elements(v.doc, "mark")) == 0 {
		t.Errorf("rule %s shows nothing that it found", name)
	}
	v.shows(name, "As written", "gives", "must match", "must not match", "Found lately")
	if a := s.page("/rules/none"); a.StatusCode != 404 {
		t.Errorf("no rule: %s", a.Status)
	}
}

// TestChangedRulesAreTriedOnTheRecord changes what the rules read and sees it on
// the page, while the rules in use stay as they are.
func TestChangedRulesAreTriedOnTheRecord(t *testing.T) {
	s := openTimeline(t)
	version := s.pack.Version()
	v := s.visit("/rules/overlay")
	v.press("", "Try", "file", "fr/mine.rules", "text", "rule fr.dialogue.x\n  reeds y\n")
	v.shows("These rules do not load.", "fr/mine.rules:2:", "reads")
	v.press("", "Try", "file", "fr/mine.rules", "text", `rule fr.dialogue.mission-de-bons-offices
  reads  une mission de bons offices est dite une impasse
  when   "mission de bons offices"
  gives  sharia anti
  yes    "Le gouvernement malien confie la conduite d'une mission de bons offices." => mali-government sharia anti
  yes    "La France rejette la mission de bons offices au Mali." => france sharia anti
  no     "Le Mali attend la pluie."
`)
	v.shows("would be read otherwise, of the last 38", "comes", "Sharia", "palabre reclassify")
	if s.pack.Version() != version {
		t.Error("the rules in use have changed")
	}
	v.open("/rules/overlay?rule=fr.dialogue.none")
	if v.status != 404 {
		t.Errorf("a rule that there is not: %d", v.status)
	}
}

func TestTextIsTriedWithTheRules(t *testing.T) {
	s := openTimeline(t)
	v := s.visit("/rules/try")
	v.press("", "Read it", "text", "Le gouvernement malien refuse de négocier avec le JNIM.", "date", "2021-10-22")
	v.shows("What came of it", "Government of Mali took a stand against talks with JNIM", "▼ against", "Sentence by sentence", "is the subject of these words")
	v.press("", "Read it", "text", "x", "date", "soon")
	v.shows("parse date")
	v.press("", "Read it", "text", " ", "date", "")
	v.shows("there is no text")
}
