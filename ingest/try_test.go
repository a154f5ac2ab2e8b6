package ingest_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"palabre/ingest"
	"palabre/ingest/web"
	"palabre/statement"
)

// keeper is a vault that must not be asked to keep anything.
type keeper struct{ t *testing.T }

func (k keeper) Save(context.Context, *statement.Fetch) error {
	k.t.Error("a try was kept")
	return nil
}

func (k keeper) Health(context.Context, string) (statement.Health, error) {
	k.t.Error("a try asked for a history")
	return statement.Health{}, nil
}

const paragraph = `<p>Le président du Haut conseil islamique a invité dimanche l'ensemble des parties à ouvrir des discussions sans attendre la fin de la saison des pluies, selon un communiqué.</p>`

// press plays a site with a feed, a listing, a page that announces the feed, an
// article, and what may not be had.
func press(t *testing.T) string {
	t.Helper()
	mux := http.NewServeMux()
	serve := func(path, media, body string) {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", media)
			_, _ = io.WriteString(w, body) // the client may go away
		})
	}
	serve("/robots.txt", "text/plain", "User-agent: *\nDisallow: /private/\n")
	var items, links strings.Builder
	for i := range 6 {
		fmt.Fprintf(&items, `<item><guid>%d</guid><title>Dépêche %d</title><link>/article/%d</link><description>Bamako ouvre le dialogue.</description><pubDate>Mon, %02d Mar 2024 10:00:00 GMT</pubDate></item>`, i, i, i, i+1)
		fmt.Fprintf(&links, `<a href="/article/%d">Le gouvernement ouvre le dialogue, épisode %d</a>`, i, i)
	}
	serve("/feed", "application/rss+xml", `<?xml version="1.0"?><rss version="2.0"><channel><title>Essai</title>`+items.String()+`<item><guid>bad</guid></item></channel></rss>`)
	serve("/announces", "text/html", `<html><head><link rel="alternate" type="application/rss+xml" href="/feed"></head><body>Accueil</body></html>`)
	serve("/list", "text/html", `<html><body>`+links.String()+`</body></html>`)
	serve("/one", "text/html", `<html lang="fr"><head><title>Le Haut conseil</title></head><body><article><h1>Le Haut conseil</h1>`+strings.Repeat(paragraph, 3)+`</article></body></html>`)
	serve("/article/", "text/html", `<html lang="fr"><body><article><h1>Le dialogue s'ouvre</h1>`+strings.Repeat(paragraph, 3)+`</article></body></html>`)
	serve("/empty", "application/rss+xml", `<?xml version="1.0"?><rss version="2.0"><channel><title>Rien</title></channel></rss>`)
	serve("/nothing", "text/html", "")
	serve("/private/feed", "application/rss+xml", "never asked for")
	mux.HandleFunc("/forbidden", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) })
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

func TestTry(t *testing.T) {
	site := press(t)
	in := ingest.New(ingest.Options{Vault: keeper{t}, Web: web.Options{AllowPrivate: true, Rate: 10_000}})
	defer in.Close()
	for _, c := range []struct {
		path    string
		src     statement.Source
		kind    statement.SourceKind
		listing bool
		outcome statement.Outcome
		found   int
		fetched int
	}{
		{path: "/feed", kind: statement.Feed, outcome: statement.OutcomePartial, found: 6, fetched: 1},
		{path: "/feed", src: statement.Source{Kind: statement.Feed, Article: true}, kind: statement.Feed, listing: true, outcome: statement.OutcomePartial, found: 6, fetched: 4},
		{path: "/announces", kind: statement.Feed, outcome: statement.OutcomePartial, found: 6, fetched: 1},
		{path: "/list", kind: statement.Page, listing: true, outcome: statement.OutcomeNew, found: 3, fetched: 4},
		{path: "/one", kind: statement.Page, outcome: statement.OutcomeNew, found: 1, fetched: 1},
		{path: "/empty", src: statement.Source{Kind: statement.Feed}, kind: statement.Feed, outcome: statement.OutcomeEmpty},
		{path: "/nothing", kind: statement.Page, outcome: statement.OutcomeMalformed},
		{path: "/forbidden", outcome: statement.OutcomeForbidden},
		{path: "/private/feed", outcome: statement.OutcomeRobots},
		{path: "/gone", outcome: statement.OutcomeGone},
		{path: "/feed", src: statement.Source{Kind: statement.Folder}, kind: statement.Folder, outcome: statement.OutcomeLocal},
	} {
		c.src.ID, c.src.URL, c.src.Schedule = "new", site+c.path, "@hourly"
		src, fetch, err := in.Try(t.Context(), c.src)
		if err != nil {
			t.Fatal(err)
		}
		if h := fetch.Health; h.Outcome != c.outcome || src.Kind != c.kind || src.Article != c.listing || len(fetch.Statements) != c.found ||
			c.fetched > 0 && len(fetch.Captures) != c.fetched {
			t.Errorf("%s: %s, %q, a %s (articles %t), %d statements of %d captures; want %s, a %s (%t), %d of %d",
				c.path, h.Outcome, h.Reason, src.Kind, src.Article, len(fetch.Statements), len(fetch.Captures), c.outcome, c.kind, c.listing, c.found, c.fetched)
		}
	}
}

// TestTryIsGuarded sees that what is tried cannot reach into the house.
func TestTryIsGuarded(t *testing.T) {
	site := press(t)
	in := ingest.New(ingest.Options{Vault: keeper{t}, Web: web.Options{Rate: 10_000}})
	defer in.Close()
	for _, address := range []string{site + "/feed", "http://localhost/feed", "http://[::1]/feed", "file:///etc/passwd", "gopher://example.org/", "http://127。0。0。1/feed"} {
		_, fetch, err := in.Try(t.Context(), statement.Source{ID: "new", URL: address})
		if err != nil {
			t.Fatal(err)
		}
		if got := fetch.Health.Outcome; got != statement.OutcomeBlocked && got != statement.OutcomeNetwork || len(fetch.Captures) > 0 {
			t.Errorf("%s: %s, %q", address, got, fetch.Health.Reason)
		}
	}
	ended, stop := context.WithCancel(t.Context())
	stop()
	if _, _, err := in.Try(ended, statement.Source{ID: "new", URL: site + "/feed"}); err == nil {
		t.Error("a try outlives whoever asked for it")
	}
}
