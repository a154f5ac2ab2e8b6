package feed_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"

	"palabre/ingest/feed"
	"palabre/statement"
)

const rss = `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Essai</title><link>https://example.org/</link>
<item><title>Un</title><link>/un</link><guid isPermaLink="false">g1</guid><pubDate>dim., 08 mars 2020 10:00:00 +0000</pubDate>
<description>court</description><content:encoded><![CDATA[<p>Le texte <b>long</b> &amp; entier, avec <item> dedans.</p>]]></content:encoded></item>
<item><title>Deux</title><link>javascript:alert(1)</link><guid>https://example.org/deux</guid><description>&lt;p&gt;Deux.&lt;/p&gt;</description></item>
<item><title>Trois</title><description>Troi
`

func parse(t *testing.T, body, contentType string) ([]feed.Item, []statement.Problem) {
	t.Helper()
	base, err := url.Parse("https://example.org/feed")
	if err != nil {
		t.Fatal(err)
	}
	items, problems, err := feed.Parse([]byte(body), contentType, base, "fr")
	if err != nil {
		t.Fatal(err)
	}
	return items, problems
}

func TestParseRSS(t *testing.T) {
	items, problems := parse(t, rss, "application/rss+xml")
	want := []feed.Item{
		{Where: "item 1", Key: "g1", URL: "https://example.org/un", Title: "Un", Text: "Le texte long & entier, avec dedans."},
		{Where: "item 2", Key: "https://example.org/deux", URL: "https://example.org/deux", Title: "Deux", Text: "Deux."},
	}
	if got := items[0].Published.String(); got != "2020-03-08T10:00:00Z" {
		t.Errorf("the French date reads %q", got)
	}
	items[0].Published = statement.Date{}
	if diff := cmp.Diff(want, items); diff != "" {
		t.Errorf("items (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]statement.Problem{{Where: "item 3", What: "is cut off"}}, problems); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func TestParseOthers(t *testing.T) {
	const (
		atom = `<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title>` +
			`<entry><id>a1</id><title>Un</title><link href="/un"/><updated>2020-03-08T10:00:00Z</updated><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Texte</p></div></content></entry></feed>`
		prefixed = `<atom:feed xmlns:atom="http://www.w3.org/2005/Atom"><atom:entry><atom:id>a1</atom:id><atom:title>Un</atom:title><atom:summary>Texte</atom:summary></atom:entry></atom:feed>`
		rdf      = `<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">` +
			`<channel rdf:about="x"><title>t</title><items><rdf:Seq><rdf:li resource="u"/></rdf:Seq></items></channel><item rdf:about="u"><title>Un</title><link>/un</link><description>Texte</description></item></rdf:RDF>`
		jsonFeed = `{"version":"https://jsonfeed.org/version/1.1","title":"t","items":[{"id":"a1","url":"/un","title":"Un","content_html":"<p>Texte</p>"},{"id":"a2","title":7},{"id":"a3","content_text":"Trois"}]}`
		broken   = `<rss><channel><item><title>Un</title><description>Texte</description></item><item><title>Deux<item><title>Trois</title></item></channel></rss>`
		charref  = `<rss><channel><item><title>Un</title><description>Texte</description></item><item><title>&undefined; & <b</title></wrong></item><item><title>Trois</title></item></channel></rss>`
	)
	for _, c := range []struct {
		name, body     string
		titles, wrongs string
	}{
		{"Atom", atom, "Un", ""},
		{"Atom with a prefix", prefixed, "Un", ""},
		{"RSS 1.0", rdf, "Un", ""},
		{"JSON with a bad item", jsonFeed, "Un,", "item 2"},
		{"an item without an end", broken, "Un,Trois", "item 2"},
		{"a hopeless item", charref, "Un,Trois", "item 2"},
		{"no items", `<rss><channel><title>t</title></channel></rss>`, "", ""},
		{"Latin-1 under a UTF-8 label", latin1(t, `<?xml version="1.0" encoding="utf-8"?><rss><channel><item><title>À négocier « déjà »</title></item></channel></rss>`), "À négocier « déjà »", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			items, problems := parse(t, c.body, "text/xml; charset=utf-8")
			var titles, wrongs []string
			for _, i := range items {
				titles = append(titles, i.Title)
			}
			for _, p := range problems {
				wrongs = append(wrongs, p.Where)
			}
			if got := strings.Join(titles, ","); got != c.titles {
				t.Errorf("titles %q, want %q", got, c.titles)
			}
			if got := strings.Join(wrongs, ","); got != c.wrongs {
				t.Errorf("problems %q (%v), want %q", got, problems, c.wrongs)
			}
		})
	}
}

func latin1(t *testing.T, s string) string {
	t.Helper()
	out, err := charmap.ISO8859_1.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestNotFeed(t *testing.T) {
	for _, body := range []string{"", "hello", "<!doctype html><html><body>Sorry</body></html>", `{"error":"no"}`, "\x00\x01\x02"} {
		if _, _, err := feed.Parse([]byte(body), "text/html", nil, ""); !errors.Is(err, feed.ErrNotFeed) {
			t.Errorf("Parse(%q) = %v, want ErrNotFeed", body, err)
		}
	}
}

// TestHostile holds feeds that are built to exhaust whoever reads them.
func TestHostile(t *testing.T) {
	for _, c := range []struct {
		name, body string
		items      int
	}{
		{"countless items", "<rss><channel>" + strings.Repeat("<item/>", 1_000_000), 0},
		{"countless full items", "<rss><channel>" + strings.Repeat("<item><title>a</title></item>", 10_000), feed.MaxItems},
		{"nesting", "<rss><channel><item>" + strings.Repeat("<a>", 1_000_000) + "</item>", 0},
		{"nesting outside", "<rss>" + strings.Repeat("<a>", 1_000_000) + "<item><title>a</title></item>", 0},
		{"quotes without an end", "<rss><channel>" + strings.Repeat(`<a"<a"`, 500_000), 0},
		{"huge item", "<rss><channel><item><title>" + strings.Repeat("a", 5<<20) + "</title></item><item><title>b</title></item></channel></rss>", 1},
		{"hostile base", `<rss xml:base="file:///etc/"><channel><item><title>a</title><link>passwd</link></item></channel></rss>`, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			items, problems, err := feed.Parse([]byte(c.body), "text/xml", nil, "")
			if err != nil || len(items) != c.items {
				t.Fatalf("%d items, %v, want %d", len(items), err, c.items)
			}
			if len(problems) > feed.MaxItems+1 {
				t.Errorf("%d problems", len(problems))
			}
			for _, i := range items {
				if i.URL != "" {
					t.Errorf("link %q got through", i.URL)
				}
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(rss), "text/xml")
	f.Add([]byte(`{"items":[{"id":1}]}`), "application/json")
	f.Add([]byte("<feed><entry a='<'><!-- <![CDATA[ --></entry>"), "text/xml; charset=utf-16")
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		items, _, err := feed.Parse(body, contentType, nil, "fr")
		if err != nil && items != nil {
			t.Fatal("items with an error")
		}
		for _, i := range items {
			if i.Key == "" || i.Title == "" && i.Text == "" {
				t.Fatalf("empty item %+v", i)
			}
		}
	})
}
