package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"palabre/api"
	"palabre/statement"
)

func TestStandsOnADay(t *testing.T) {
	s := openTimeline(t)
	for _, c := range []struct {
		asOf   string
		stance statement.Stance
		reason statement.Reason
	}{
		{"2021-10-20", statement.Pro, ""},
		{"2021-10-25", statement.Mixed, statement.WalkBack},
		{"", statement.Mixed, ""},
	} {
		var out struct{ Stands []api.Stand }
		s.get("/api/v1/stands?topic=dialogue&actor=mali-government&as_of="+c.asOf, &out)
		if len(out.Stands) == 0 {
			t.Fatalf("as of %q nobody stands anywhere", c.asOf)
		}
		st := out.Stands[0]
		if st.Stance != c.stance || c.reason != "" && (st.Turn == nil || st.Turn.Reason != c.reason) {
			t.Errorf("as of %q: %s, changed by %+v", c.asOf, st.Stance, st.Turn)
		}
	}
	for _, path := range []string{"/api/v1/stands?as_of=yesterday", "/api/v1/stands?as_of=2021"} {
		if a := s.do(http.MethodGet, path, ""); a.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %s", path, a.Status)
		}
	}
}

func TestTopicsPages(t *testing.T) {
	s := openTimeline(t)
	v := s.visit("/topics?as-of=2021-10-25")
	v.shows("25 October 2021", "Government of Mali", "walk-back: for →becomes mixed, 22 October 2021", "1 may be met", "States", "Armed groups")
	v.open("/topics?as-of=2011-01-01")
	v.shows("Nobody had taken a position by then")
	v.open("/topics/dialogue")
	v.shows("Who stands where on dialogue", "on condition:", "lapsed", "nothing within 90 days")
	if strings.Contains(words(v.doc), "troops of France") {
		t.Error("the page of one topic shows another")
	}
	for path, want := range map[string]int{"/topics/weather": http.StatusNotFound, "/topics?as-of=soon": http.StatusBadRequest, "/places/atlantis": http.StatusNotFound, "/places/niono?after=x": http.StatusBadRequest} {
		if a := s.page(path); a.StatusCode != want {
			t.Errorf("%s: %s, want %d", path, a.Status, want)
		}
	}
	empty := open(t).page("/topics")
	if empty.StatusCode != http.StatusOK || !strings.Contains(empty.body, "Nobody has taken a position yet") {
		t.Errorf("an empty record: %s", empty.Status)
	}
}

func TestPlacePages(t *testing.T) {
	s := openTimeline(t)
	var list struct{ Places []api.Place }
	s.get("/api/v1/places", &list)
	byID := make(map[string]api.Place)
	for _, p := range list.Places {
		byID[p.ID] = p
	}
	niono, farabougou := byID["niono"], byID["farabougou"]
	if niono.Accords != 1 || farabougou.Statements < 1 || niono.Statements < farabougou.Statements || niono.Presence[0].Grade != "contested" {
		t.Errorf("Niono %+v, Farabougou %+v", niono, farabougou)
	}
	v := s.visit("/places")
	v.shows("so everything is shown", "Niono 2", "JNIM: hegemonic", "Burkina Faso", "no presence", "a local accord is told of")
	v.open("/places?days=30")
	v.shows("0 statements name Mali")
	v.open("/places/farabougou")
	v.shows("locality", "in Niono", "local accord", "Katiba Macina", "Around it, in Niono", "Farabougou : ce que disent")
	v.open("/places/niono")
	v.shows("Farabougou", "estimate", "Who speaks of it")
	var detail api.PlaceDetail
	s.get("/api/v1/places/niono?limit=1", &detail)
	if len(detail.Briefs) != 1 || detail.Next == "" || len(detail.Deeds) == 0 || len(detail.Actors) == 0 {
		t.Errorf("Niono: %+v", detail)
	}
	if empty := open(t).page("/places"); empty.StatusCode != http.StatusOK || !strings.Contains(empty.body, "0 statements") {
		t.Errorf("an empty record: %s", empty.Status)
	}
}

// TestPlaceOfToday sees that what is said now counts within the window.
func TestPlaceOfToday(t *testing.T) {
	s := openTimeline(t)
	s.file(statement.Statement{
		Source: "rfi", Outlet: "rfi", Key: "kidal", Kind: statement.Article, Lang: "fr", Title: "À Kidal", Text: "Le marché de Kidal a rouvert.",
		Published: statement.Date{Time: time.Now().UTC().Truncate(24 * time.Hour), Precision: statement.Day},
	})
	v := s.visit("/places")
	v.shows("1 statement names Mali", "Kidal 1")
	v.open("/places?days=0")
	v.shows("12 statements name Mali")
}

// TestBrowserWalksMapAndMatrix goes from the matrix to what changed a line, and
// from the map to a place, by keyboard and by mouse.
func TestBrowserWalksMapAndMatrix(t *testing.T) {
	s := openTimeline(t)
	b := openBrowser(t, s)
	b.look(1280, 900, "light")
	b.do(chromedp.Navigate(s.url+"/topics"), chromedp.WaitVisible(chromedp.CSS(".matrix")))
	b.do(chromedp.SendKeys(chromedp.CSS("#as-of"), "2021-10-25\r"), chromedp.WaitVisible(chromedp.CSS("#actor-mali-government .turn")))
	b.do(chromedp.Focus(chromedp.CSS("#actor-mali-government .turn")), chromedp.KeyEvent("\r"), chromedp.WaitVisible(chromedp.CSS(".signal:target")))
	b.do(chromedp.Navigate(s.url+"/topics?as-of=2021-10-25"), chromedp.WaitVisible(chromedp.CSS(".tabs")), chromedp.Click(chromedp.CSS(".matrix thead a")), chromedp.WaitVisible(chromedp.CSS(".matrix q")))
	if got := eval[string](b, `location.pathname + location.search`); got != "/topics/dialogue?as-of=2021-10-25" {
		t.Errorf("the column leads to %s", got)
	}
	b.do(chromedp.Navigate(s.url+"/places"), chromedp.WaitVisible(chromedp.CSS(".map .name")))
	b.do(chromedp.Focus(chromedp.CSS(`.map a[href="/places/kidal"]`)), chromedp.KeyEvent("\r"), chromedp.WaitVisible(chromedp.CSS(".place h1")))
	b.do(chromedp.Click(chromedp.CSS(".names summary")), chromedp.WaitVisible(chromedp.CSS(".names p")), chromedp.Click(chromedp.CSS(".kicker a")), chromedp.WaitVisible(chromedp.CSS("#within-title")))
	if got := eval[string](b, `location.pathname`); got != "/places/region-kidal" {
		t.Errorf("the chain leads to %s", got)
	}
	b.check()
}
