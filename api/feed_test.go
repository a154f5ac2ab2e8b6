package api_test

import (
	"encoding/xml"
	"net/http"
	"strings"
	"testing"
	"time"

	"palabre/api"
	"palabre/statement"
)

// rss is a feed as the RSS 2.0 specification describes it.
type rss struct {
	XMLName xml.Name `xml:"rss"`
	Version string   `xml:"version,attr"`
	Channel []struct {
		Title       []string `xml:"title"`
		Link        []string `xml:"link"`
		Description []string `xml:"description"`
		PubDate     string   `xml:"pubDate"`
		Items       []struct {
			Title       []string `xml:"title"`
			Link        []string `xml:"link"`
			Description []string `xml:"description"`
			PubDate     []string `xml:"pubDate"`
			GUID        []struct {
				Text        string `xml:",chardata"`
				IsPermaLink string `xml:"isPermaLink,attr"`
			} `xml:"guid"`
		} `xml:"item"`
	} `xml:"channel"`
}

// feed reads a feed and checks its structure.
func (s *site) feed(path string) rss {
	s.t.Helper()
	a := s.do(http.MethodGet, path, "")
	if a.StatusCode != http.StatusOK || a.Header.Get("Content-Type") != "application/rss+xml; charset=utf-8" {
		s.t.Fatalf("%s: %s, sent as %s: %s", path, a.Status, a.Header.Get("Content-Type"), a.body)
	}
	var f rss
	must(s.t, xml.Unmarshal([]byte(a.body), &f))
	if f.Version != "2.0" || len(f.Channel) != 1 {
		s.t.Fatalf("%s: version %q with %d channels", path, f.Version, len(f.Channel))
	}
	c := f.Channel[0]
	if len(c.Title) != 1 || len(c.Link) != 1 || len(c.Description) != 1 || !strings.HasPrefix(c.Link[0], "http") {
		s.t.Errorf("%s: channel %+v", path, c)
	}
	seen := make(map[string]bool)
	for _, it := range c.Items {
		if len(it.Title) != 1 || len(it.Link) != 1 || len(it.Description) != 1 || len(it.PubDate) != 1 || len(it.GUID) != 1 || !strings.HasPrefix(it.Link[0], "http") {
			s.t.Errorf("%s: item %+v", path, it)
			continue
		}
		if it.GUID[0].IsPermaLink != "false" || it.GUID[0].Text == "" || seen[it.GUID[0].Text] {
			s.t.Errorf("%s: guid %+v", path, it.GUID[0])
		}
		seen[it.GUID[0].Text] = true
		if _, err := time.Parse(time.RFC1123Z, it.PubDate[0]); err != nil {
			s.t.Errorf("%s: %v", path, err)
		}
	}
	return f
}

func TestFeedTellsOfWhatMayBePushed(t *testing.T) {
	s := openTimeline(t)
	if f := s.feed("/feeds/signals.rss"); len(f.Channel[0].Items) != 0 {
		t.Errorf("the feed tells of what was said years ago: %+v", f.Channel[0].Items)
	}
	doubted := s.doubted()
	s.says("one", acceptance)
	s.says("two", refusal)
	sig := s.newest()
	f := s.feed("/feeds/signals.rss")
	if len(f.Channel[0].Items) == 0 || f.Channel[0].Items[0].GUID[0].Text != sig.ID {
		t.Fatalf("the newest signal does not come first: %+v", f.Channel[0].Items)
	}
	it := f.Channel[0].Items[0]
	if it.Link[0] != s.url+"/statements/"+sig.Statement || it.Title[0] != sig.Why || !strings.Contains(it.Description[0], `<blockquote dir="auto">Le gouvernement malien refuse`) {
		t.Errorf("item: %+v", it)
	}
	for _, it := range f.Channel[0].Items {
		if s.signal(it.GUID[0].Text).Candidate != "" || it.GUID[0].Text == doubted.ID {
			t.Error("the feed tells of what is for the desk only")
		}
	}
	for query, want := range map[string]bool{
		"?actor=mali-government": true, "?actor=france": false, "?topic=dialogue": true, "?topic=sharia": false,
		"?reason=" + string(sig.Reason): true, "?reason=posthumous": false,
	} {
		if got := len(s.feed("/feeds/signals.rss" + query).Channel[0].Items) > 0; got != want {
			t.Errorf("%s: has items: %t, want %t", query, got, want)
		}
	}
	s.post(map[string]any{"who": "Aminata", "action": "false", "subject": sig.ID})
	if f := s.feed("/feeds/signals.rss"); len(f.Channel[0].Items) > 0 && f.Channel[0].Items[0].GUID[0].Text == sig.ID {
		t.Error("the feed tells of what was marked false")
	}
	if a := s.do(http.MethodGet, "/feeds/signals.rss?reason=hunch", ""); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("unknown reason: %s", a.Status)
	}
}

func TestFeedIsNotSentTwice(t *testing.T) {
	s := openTimeline(t)
	s.says("one", acceptance)
	first := s.do(http.MethodGet, "/feeds/signals.rss", "")
	again := s.do(http.MethodGet, "/feeds/signals.rss", "", "If-None-Match", first.Header.Get("ETag"))
	if again.StatusCode != http.StatusNotModified || again.body != "" {
		t.Errorf("asked again: %s", again.Status)
	}
	s.says("two", refusal)
	if a := s.do(http.MethodGet, "/feeds/signals.rss", "", "If-None-Match", first.Header.Get("ETag")); a.StatusCode != http.StatusOK {
		t.Errorf("asked again after something new: %s", a.Status)
	}
}

func TestFeedSaysTheAlertLine(t *testing.T) {
	s := openTimeline(t)
	handler, err := api.New(api.Options{
		Store: s.store, Index: s.index, Registry: s.reg, Base: "https://palabre.example.org/",
		Line: func(lang string, n *statement.Notice) string {
			return lang + " · " + string(n.Kind) + " · " + n.News.Signal.Actor + " <b>& Co</b>"
		},
	})
	must(t, err)
	s.url = serve(t, handler)
	s.says("one", acceptance)
	f := s.feed("/feeds/signals.rss?lang=ar")
	if len(f.Channel[0].Items) == 0 {
		t.Fatal("the feed is empty")
	}
	it := f.Channel[0].Items[0]
	if it.Title[0] != "ar · new · mali-government ‹b›& Co‹/b›" || !strings.HasPrefix(it.Link[0], "https://palabre.example.org/statements/") {
		t.Errorf("item: %+v", it)
	}
}

func TestFeedShowsHostileWordsAsText(t *testing.T) {
	s := openTimeline(t)
	st := hostile()
	st.Issuer, st.Owner, st.Lang = "mali-government", "mali-government", "fr"
	st.Said = statement.Date{Time: time.Now().UTC().Truncate(24 * time.Hour), Precision: statement.Day}
	st.Text = "Le gouvernement malien est prêt au dialogue <script>evil()</script> avec le JNIM \u202e ]]> &lt;b&gt;."
	s.file(st)
	a := s.do(http.MethodGet, "/feeds/signals.rss", "")
	if strings.ContainsRune(a.body, '\u202e') {
		t.Error("the feed turns the reading order around")
	}
	for _, it := range s.feed("/feeds/signals.rss").Channel[0].Items {
		// A description is markup: what it shows must be text in that, too.
		doc := parse(t, it.Description[0])
		if len(elements(doc, "script")) > 0 || len(elements(doc, "b")) > 0 || strings.ContainsAny(it.Title[0], "<>") {
			t.Errorf("hostile words became markup: %+v", it)
		}
	}
}
