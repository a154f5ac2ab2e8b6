package api_test

import (
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"palabre/statement"
)

// value is what stands in a field of the page.
func (v *visitor) value(id string) string {
	v.t.Helper()
	e := byID(v.doc, id)
	if e == nil {
		v.t.Fatalf("%s has no field %q", v.at, id)
	}
	return attribute(e, "value")
}

// unfolded reports whether a part of the page is shown unfolded.
func (v *visitor) unfolded(id string) bool {
	e := byID(v.doc, id)
	return e != nil && slices.ContainsFunc(e.Attr, func(a html.Attribute) bool { return a.Key == "open" })
}

// told is a receiver as it is used, with its keys.
func (s *site) told(id string) statement.Receiver {
	s.t.Helper()
	all, err := s.store.Receivers(s.t.Context())
	must(s.t, err)
	i := slices.IndexFunc(all, func(r statement.Receiver) bool { return r.ID == id })
	if i < 0 {
		s.t.Fatalf("there is no receiver %q", id)
	}
	return all[i]
}

func TestReceiverIsEnteredChangedAndDropped(t *testing.T) {
	s := openTimeline(t)
	s.receivers()
	v := s.visit("/alerts")
	if byID(v.doc, "change-watch-desk") != nil {
		t.Error("a receiver of the file can be changed here")
	}
	v.press("enter", "Enter", "who", "Aminata", "subject", " night-hook ", "name", "مكتب الليل", "lang", "ar", "zone", "Africa/Bamako",
		"kind", "webhook", "url", "https://hooks.example.org/T0P/S3CRET", "secret", "whsec_c2VjcmV0", "to", "left@example.org",
		"topics", "sharia", "reasons", "shift", "stances", "anti", "actors", "jnim, mali-government", "langs", "fr,ar", "places", "kidal",
		"query", `(kidal OR "retrait des troupes") AND lang:fr`, "confidence", "29", "grade", "C", "first_hand", "yes", "mode", "grouped", "wait", "2m", "interval", "30m",
		"repeat", "1h", "quiet_from", "22:00", "quiet_to", "06:00", "watch", "yes", "digest", "yes", "escalate", "15m", "next", "watch-desk", "second", "ops-hook")
	v.shows("Done: Aminata changed a receiver.", "You are Aminata", "مكتب الليل", "https://hooks.example.org/…", "at least 29 % sure")
	if v.at.Fragment != "receiver-night-hook" || v.unfolded("enter") {
		t.Errorf("sent back to %s", v.at)
	}
	first := s.told("night-hook")
	if first.Wants.Query != `(kidal OR "retrait des troupes") AND lang:fr` || !slices.Equal(first.Wants.Actors, []string{"jnim", "mali-government"}) || first.Way.To != nil || first.Pace.Repeat.Hours() != 1 || !first.Digest {
		t.Errorf("entered: %+v", first)
	}
	for _, key := range []string{"S3CRET", "whsec_"} {
		if strings.Contains(v.body, key) {
			t.Errorf("the page shows the key %q", key)
		}
	}
	v.press("change-night-hook", "Change", "name", "Night hook")
	v.shows("Night hook")
	want := first
	want.Name = "Night hook"
	if got := s.told("night-hook"); !reflect.DeepEqual(got, want) {
		t.Errorf("only the name was changed: %+v\nwant %+v", got, want)
	}
	v.press("change-night-hook", "Change", "kind", "email", "to", "a@example.org b@example.org", "watch", "")
	if got := s.told("night-hook"); !slices.Equal(got.Way.To, []string{"a@example.org", "b@example.org"}) || got.Way.URL != "" || got.Watch {
		t.Errorf("it is e-mail now: %+v", got)
	}
	v.press("receiver-night-hook", "Drop")
	v.shows("Done: Aminata dropped a receiver.")
	if byID(v.doc, "receiver-night-hook") != nil {
		t.Error("the dropped receiver is still there")
	}
	v.press("", "Undo")
	v.shows("Taken back: Aminata dropped a receiver.")
	if byID(v.doc, "receiver-night-hook") == nil {
		t.Error("the drop was taken back, and the receiver is gone")
	}
}

func TestBadReceiverIsExplained(t *testing.T) {
	s := openTimeline(t)
	s.receivers()
	const evil = `"><script>evil()</script>` + "\u202e"
	v := s.visit("/alerts")
	v.press("enter", "Enter", "subject", "night", "name", evil, "who", " ")
	if v.status != http.StatusUnprocessableEntity || v.value("enter-subject") != "night" {
		t.Errorf("without a name: %d", v.status)
	}
	v.shows("say who you are")
	v.press("enter", "Enter", "who", "Aminata", "kind", "webhook", "url", "https://hooks.example.org/x", "secret", "whsec_c2VjcmV0", "topics", "sharia",
		"query", "((kidal", "confidence", "sure", "wait", "soon", "zone", strings.Repeat("x", 70))
	if v.status != http.StatusUnprocessableEntity || !v.unfolded("enter") {
		t.Errorf("a bad entry: %d", v.status)
	}
	v.shows("Nothing was changed.", `confidence: "sure" is no percentage`, `pace.wait: "soon" is no span of time`, "zone: 70 letters are too many")
	if strings.Contains(v.body, "whsec_") || strings.ContainsRune(v.body, '\u202e') || strings.Contains(v.body, "<script>evil") {
		t.Error("the page shows the secret, turns the reading order around, or runs what was typed")
	}
	for field, want := range map[string]string{"subject": "night", "name": `"><script>evil()</script>`, "url": "https://hooks.example.org/x", "query": "((kidal", "confidence": "sure", "secret": ""} {
		if got := v.value("enter-" + field); got != want {
			t.Errorf("%s: %q stands there, want %q", field, got, want)
		}
	}
	v.press("enter", "Enter", "confidence", "80", "wait", "", "zone", "")
	v.shows("wants.query:")
	v.press("enter", "Enter", "query", "kidal")
	v.shows("Done: Aminata changed a receiver.")
	if got := s.told("night"); got.Way.Kind != statement.Webhook || !slices.Equal(got.Wants.Topics, []statement.Topic{statement.Sharia}) {
		t.Errorf("what was chosen before is lost: %+v", got)
	}
	checkHarmless(t, "/alerts", s.page("/alerts"))
	for _, c := range []struct{ id, says string }{
		{"watch-desk", `there is a receiver "watch-desk" already`},
		{"night", `there is a receiver "night" already`},
		{"  ", "id: is empty"},
	} {
		v.press("enter", "Enter", "subject", c.id)
		v.shows(c.says)
	}
	v.open("/alerts")
	v.press("change-night", "Change", "escalate", "later")
	v.shows(`escalate: "later" is no span of time`)
	if !v.unfolded("change-night") || v.unfolded("enter") {
		t.Error("another form is unfolded than the one that was sent")
	}
	s.post(map[string]any{"who": "Ousmane", "action": "drop-receiver", "subject": "night"})
	v.press("change-night", "Change", "escalate", "")
	v.shows(`there is no receiver "night"`)
}

func TestSearchLeadsToAnAlert(t *testing.T) {
	s := openTimeline(t)
	for _, c := range []struct{ path, query string }{
		{"/search?q=kidal+OR+gao", "kidal OR gao"},
		{"/search?q=kidal+OR+gao&topic=dialogue&lang=fr&from=2020", `(kidal OR gao) topic:"dialogue" lang:"fr"`},
		{"/search?actor=jnim&reason=first", `actor:"jnim"`},
		{"/search?q=" + url.QueryEscape(`"قوات فرنسا"`), `"قوات فرنسا"`},
	} {
		v := s.visit(c.path)
		to := ""
		for _, a := range elements(v.doc, "a") {
			if words(a) == "Alert me of this search" {
				to = attribute(a, "href")
			}
		}
		v.open(to)
		if got := v.value("enter-query"); got != c.query || !v.unfolded("enter") {
			t.Errorf("%s leads to %q with the query %q, want %q", c.path, to, got, c.query)
		}
		v.press("enter", "Enter", "who", "Aminata", "subject", "box", "to", "a@example.org")
		if got := s.told("box").Wants; got.Query != c.query || strings.Contains(c.path, "reason") != slices.Equal(got.Reasons, []statement.Reason{statement.First}) {
			t.Errorf("%s: wants %+v", c.path, got)
		}
		v.press("receiver-box", "Drop")
	}
	const evil = `"><img src=x onerror=evil()>` + "\u202e"
	path := "/alerts?query=" + url.QueryEscape(evil) + "&reasons=" + url.QueryEscape(evil)
	checkHarmless(t, path, s.page(path))
}
