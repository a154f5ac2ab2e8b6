package api_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"palabre/statement"
)

// newspaper plays a feed and what is refused.
func newspaper(t *testing.T) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("/feed", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/rss+xml")
		_, _ = io.WriteString(w, `<?xml version="1.0"?><rss version="2.0"><channel><title>Essai</title>
			<item><guid>1</guid><title>Le dialogue s'ouvre</title><link>javascript:alert(1)</link><description>Le gouvernement du Mali accepte le dialogue avec le JNIM, a dit le ministre.</description><pubDate>Mon, 04 Mar 2024 10:00:00 GMT</pubDate></item>
			<item><guid>2</guid><title>&lt;script&gt;evil()&lt;/script&gt;</title><description>أعلنت الحكومة قبول الحوار مع الجماعة في شمال البلاد</description></item>
			<item><guid>3</guid></item></channel></rss>`) // the client may go away
	})
	mux.HandleFunc("/refused", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) })
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

// fetched notes that a source was fetched.
func (s *site) fetched(id string, at time.Time, outcome statement.Outcome, reason string) {
	s.t.Helper()
	h := statement.Health{Source: id, Outcome: outcome, Reason: reason, Checked: at, Next: at.Add(15 * time.Minute)}
	if outcome.Failed() {
		h.Failures = 3
	}
	_, err := s.store.Save(s.t.Context(), &statement.Fetch{Health: h})
	must(s.t, err)
}

func TestSourcesPages(t *testing.T) {
	s := openTimeline(t)
	s.fetched("rfi", time.Now().Add(-time.Minute), statement.OutcomeForbidden, "403 Forbidden")
	s.fetched("bbc", time.Now().Add(-time.Minute), statement.OutcomeUnchanged, "")
	v := s.visit("/sources")
	v.shows("1 failing", "forbidden", "403 Forbidden", "unchanged", "Add a source", "speaks for JNIM")
	v.open("/sources?show=failing")
	v.shows("RFI Afrique")
	if strings.Contains(words(v.doc), "BBC News Africa") {
		t.Error("a source that does well is shown among those that fail")
	}
	v.open("/sources/rfi")
	v.shows("The server refuses us (401, 403 or 451). That is not silence", "3-59/15 * * * *", "Failures in a row", "Nobody has done anything about it")
	v.open("/sources/bbc")
	v.shows("It answered that nothing has changed")
	v.open("/sources/al-zallaqa")
	v.shows("filed by hand", "People file what they hold of it", "بيان إلى أهلنا المسلمين")
	if a := s.page("/sources/nobody"); a.StatusCode != http.StatusNotFound {
		t.Errorf("an unknown source: %s", a.Status)
	}
}

// TestSourceRhythm sees a source that is silent against its habit.
func TestSourceRhythm(t *testing.T) {
	s := open(t)
	must(t, s.store.PutSources(t.Context(), []statement.Source{{ID: "tamani", Name: "Tamani", Kind: statement.Feed, URL: "https://example.org/", Schedule: "@hourly", Grade: "B"}}))
	for i := range 8 {
		must(t, s.arrive("tamani", fmt.Sprint("words ", i), time.Now().Add(-time.Duration(60+i)*time.Hour)))
	}
	v := s.visit("/sources/tamani")
	v.shows("usually every 1 hour; the last one came 3 days ago. That is strange", "silent")
	v.open("/sources?show=silent")
	v.shows("Tamani", "usually every 1 hour")
}

// arrive files a statement that came at a moment.
func (s *site) arrive(source, text string, at time.Time) error {
	st := statement.Statement{Source: source, Outlet: source, Key: text, Kind: statement.Article, Title: text, Text: text, Revision: 1, Fetched: at, FirstSeen: at}
	st.ID = st.ContentID()
	st.Of = st.ID
	_, err := s.store.Apply(s.t.Context(), []statement.Record{{Statement: st, Reading: s.pack.Read(&st)}})
	return err
}

// TestSourceByTheForm tests a source, adds it, and does to it what can be done,
// with a browser that runs no script.
func TestSourceByTheForm(t *testing.T) {
	s := openTimeline(t)
	paper := newspaper(t)
	v := s.visit("/sources/new")
	v.press("source-form", "Test", "url", paper+"/refused")
	v.shows("forbidden", "The server refuses us", "Add it all the same")
	v.press("source-form", "Test", "url", "ftp://example.org/")
	v.shows("is not an http or https address")
	v.press("source-form", "Test", "url", paper+"/feed", "kind", "", "subject", "", "name", "")
	v.shows("2 statements", "Le dialogue s'ouvre", "Untitled", "4 March 2024", "French (found out)", "Arabic (found out)", "1 bad part", "robots.txt lets programs read it", "What stands there was found out")
	if strings.Contains(v.body, "javascript:alert") || strings.Contains(v.body, "<script>evil") {
		t.Error("the test shows hostile content as it came")
	}
	var found struct{ Total int }
	s.get("/api/v1/search?q=%22dialogue+s%27ouvre%22", &found)
	if found.Total > 0 {
		t.Error("a test was kept")
	}
	v.send("source-form", "Add this source", "name", "Le Journal", "subject", "rfi")
	v.shows("Who are you?")
	v.press("", "Go on", "who", "Awa")
	v.shows("stands in the list of sources")
	v.send("source-form", "Add this source", "subject", "le-journal")
	v.shows("Done: Awa entered a source", "Le Journal", "entered at the desk", "not checked yet")
	v.press("state", "Fetch now")
	v.shows("Awa asked", "It is being fetched")
	s.fetched("le-journal", time.Now().Add(time.Second), statement.OutcomeNew, "")
	v.open("/sources/le-journal")
	v.shows("nothing new", "everything in it was known", "Awa fetched a source")
	if strings.Contains(words(v.doc), "is being fetched") {
		t.Error("a source that was fetched is still waited for")
	}
	v.press("state", "Pause")
	v.shows("paused by Awa", "none while it is paused")
	v.press("state", "Resume")
	v.shows("Done: Awa resumed a source")
	v.press("state", "Remove")
	v.shows("Done: Awa removed a source", "RFI Afrique")
	v.open("/sources/le-journal")
	v.shows("retired")
}

// send presses a button that sends its form to an address of its own.
func (v *visitor) send(within, text string, fields ...string) {
	v.t.Helper()
	for _, f := range elements(byID(v.doc, within), "form") {
		for _, b := range elements(f, "button") {
			if words(b) != text {
				continue
			}
			sent := formOf(f)
			sent.Set(attribute(b, "name"), attribute(b, "value"))
			for i := 0; i < len(fields); i += 2 {
				sent.Set(fields[i], fields[i+1])
			}
			v.post(attribute(b, "formaction"), sent)
			return
		}
	}
	v.t.Fatalf("%s has no button %q in %q", v.at, text, within)
}

func (v *visitor) post(path string, sent url.Values) {
	v.t.Helper()
	r, err := http.NewRequestWithContext(v.t.Context(), http.MethodPost, v.url+path, strings.NewReader(sent.Encode()))
	must(v.t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	v.read(r)
}

// TestBrowserAddsASource tests and adds a source by keyboard, and sees the page
// change by itself when it has been fetched.
func TestBrowserAddsASource(t *testing.T) {
	s := openTimeline(t)
	paper := newspaper(t)
	b := openBrowser(t, s)
	b.look(1280, 900, "light")
	b.do(chromedp.Navigate(s.url+"/sources"), chromedp.WaitVisible(chromedp.CSS("#who")), chromedp.SendKeys(chromedp.CSS("#who"), "Awa\r"), chromedp.WaitVisible(chromedp.CSS(".me summary")))
	b.do(chromedp.Click(chromedp.CSS(".add")), chromedp.WaitVisible(chromedp.CSS("#s-url")), chromedp.SendKeys(chromedp.CSS("#s-url"), paper+"/feed\r"), chromedp.WaitVisible(chromedp.CSS(".tried .brief")))
	b.inspect("tried")
	b.shoot("source-tried")
	b.do(chromedp.Focus(chromedp.CSS("#source-form button.main")), chromedp.KeyEvent("\r"), chromedp.WaitVisible(chromedp.CSS(".health")))
	id := strings.TrimPrefix(eval[string](b, `location.pathname`), "/sources/")
	b.do(chromedp.Click(chromedp.CSS(`#state button[value=poll]`)), chromedp.WaitVisible(chromedp.CSS(".asked progress")))
	b.inspect("asked")
	b.shoot("source-asked")
	s.fetched(id, time.Now().Add(time.Second), statement.OutcomeNothingNew, "")
	b.wait(`document.querySelector("#state .state")?.innerText.includes("nothing new")`)
	if eval[bool](b, `!!document.querySelector(".asked")`) {
		t.Error("the page still waits")
	}
	b.do(chromedp.Focus(chromedp.CSS(`#state button[value=pause-source]`)), chromedp.KeyEvent("\r"), chromedp.WaitVisible(chromedp.CSS(`#state button[value=resume-source]`)))
	b.check()
}
