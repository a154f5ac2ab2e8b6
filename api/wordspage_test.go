package api_test

import (
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// escaped is markup that was escaped where it should have been shown as such.
var escaped = regexp.MustCompile(`&lt;/?(?:bdi|a|code|strong|span)\b`)

// in asks as a browser does that reads a language.
func (s *site) in(lang, path string) answer {
	s.t.Helper()
	return s.do("GET", path, "", "Accept", "text/html,application/xhtml+xml", "Accept-Language", lang)
}

func TestPagesShowNoMarkup(t *testing.T) {
	s := openDesk(t)
	var paths []string
	for _, p := range s.walk() {
		paths = append(paths, p.path)
	}
	var found struct{ Hits []struct{ ID string } }
	s.get("/api/v1/search?limit=100", &found)
	if len(found.Hits) < 30 {
		t.Fatalf("found %d statements", len(found.Hits))
	}
	for _, h := range found.Hits {
		paths = append(paths, "/statements/"+h.ID)
	}
	for _, lang := range []string{"en", "fr", "ar"} {
		for _, path := range paths {
			a := s.in(lang, path)
			if at := escaped.FindStringIndex(a.body); at != nil {
				t.Errorf("%s in %s shows markup: %.160s", path, lang, a.body[at[0]:])
			}
		}
	}
}

// within returns the first element of a class below n.
func within(t *testing.T, n *html.Node, class string) *html.Node {
	t.Helper()
	for c := range n.Descendants() {
		if c.Type == html.ElementNode && strings.Contains(" "+attribute(c, "class")+" ", " "+class+" ") {
			return c
		}
	}
	t.Fatalf("there is no element of class %s", class)
	return nil
}

func TestOpenedSignalTellsWhereItsWordsComeFrom(t *testing.T) {
	s := openTimeline(t)
	var found struct{ Signals []struct{ ID string } }
	s.get("/api/v1/signals?actor=mali-government&reason=walk-back", &found)
	if len(found.Signals) != 1 {
		t.Fatalf("there are %d walk-backs", len(found.Signals))
	}
	for lang, want := range map[string][2][]string{
		"en": {
			{"Before · 19 October 2021", "▲ for", "reconstructed", "Mamadou Koné, minister of religious affairs", "communiqué", "Ministry of Religious Affairs, Mali, grade B", "footnote 114"},
			{"Now · 22 October 2021", "~ mixed", "reconstructed", "in the name of Government of Mali", "communiqué", "It answers Government of Mali ▲ for 19 October 2021", "Primature (on file), grade B", "footnote 115"},
		},
		"fr": {
			{"reconstitué", "Mamadou Koné, ministre des Affaires religieuses", "communiqué", "cote B", "Crisis Group Africa Report N°306, note 114"},
			{"reconstitué", "Primature (au dossier), cote B", "note 115"},
		},
		"ar": {{"أعيدت صياغته", "وزير الشؤون الدينية", "بيان", "الحاشية 114"}, {"أعيدت صياغته", "الحاشية 115"}},
	} {
		doc := parse(t, s.in(lang, "/?signal="+found.Signals[0].ID).body)
		for i, class := range []string{"then", "now"} {
			spaced := strings.ReplaceAll(words(within(t, doc, class)), "It answers", "It answers ")
			for _, text := range want[i] {
				if !strings.Contains(strings.Join(strings.Fields(strings.ReplaceAll(spaced, "\u200f", "")), " "), text) {
					t.Errorf("in %s the card %q does not show %q: %s", lang, class, text, spaced)
				}
			}
		}
	}
}

func TestReconstructedWordsAreMarked(t *testing.T) {
	s := openTimeline(t)
	for _, path := range []string{"/actors/mali-government", "/actors/mali-government?with=jnim", "/topics/dialogue?as-of=2021-10-25", "/demands", "/places/farabougou", "/events/" + s.newest().Event} {
		doc := parse(t, s.page(path).body)
		quotes := 0
		for _, name := range []string{"q", "blockquote"} {
			for _, q := range elements(doc, name) {
				if attribute(q, "class") == "" || attribute(q, "class") == "small" {
					quotes++
				}
				around := q.Parent // the row or card that quotes
				for around.Data != "tr" && around.Data != "li" && around.Data != "div" && around.Data != "article" {
					around = around.Parent
				}
				if !strings.Contains(words(around), "reconstructed") {
					t.Errorf("%s quotes without a mark: %s", path, words(q))
				}
			}
		}
		if quotes == 0 {
			t.Errorf("%s quotes nothing", path)
		}
		for _, b := range elements(doc, "button") {
			if means := attribute(b, "popovertarget"); means != "" && byID(doc, means) == nil {
				t.Errorf("%s: what %q means stands nowhere", path, words(b))
			}
		}
	}
}
