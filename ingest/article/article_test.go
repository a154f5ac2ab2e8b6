package article_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palabre/ingest/article"
)

const page = `<!doctype html><html lang="fr-FR"><head><meta charset="utf-8"><title>Le Haut conseil appelle au dialogue | Le Journal</title>
<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle","headline":"Le Haut conseil appelle au dialogue","datePublished":"2021-10-19T08:30:00+00:00"}</script></head>
<body><nav><ul><li><a href="/">Accueil</a></li><li><a href="/sport">Sport</a></li></ul></nav>
<article><h1>Le Haut conseil appelle au dialogue</h1>
<p>Le président du Haut conseil islamique a invité dimanche l'ensemble des parties à ouvrir des discussions sans attendre la fin de la saison des pluies.</p>
<p>« Nous sommes prêts à porter la parole des uns aux autres », a-t-il déclaré devant les fidèles réunis à Bamako, ajoutant que la guerre avait trop duré.</p>
<p>Le ministère n'a pas souhaité faire de commentaire, mais une source proche du dossier parle de contacts réguliers entre les deux camps depuis le printemps.</p>
</article><div class="comments"><p>Premier commentaire : n'importe quoi !</p></div><footer>Tous droits réservés</footer></body></html>`

func address(t *testing.T) *url.URL {
	t.Helper()
	u, err := url.Parse("https://example.org/mali/hcim")
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestExtract(t *testing.T) {
	a, err := article.Extract([]byte(page), "text/html", address(t), "fr")
	if err != nil {
		t.Fatal(err)
	}
	if a.Title != "Le Haut conseil appelle au dialogue" || a.Lang != "fr" {
		t.Errorf("title %q, language %q", a.Title, a.Lang)
	}
	if got := a.Published.String(); !strings.HasPrefix(got, "2021-10-19") {
		t.Errorf("published %q", got)
	}
	for _, want := range []string{"sans attendre la fin", "« Nous sommes prêts", "contacts réguliers"} {
		if !strings.Contains(a.Text, want) {
			t.Errorf("%q is missing in %q", want, a.Text)
		}
	}
	for _, wrong := range []string{"Accueil", "n'importe quoi", "droits"} {
		if strings.Contains(a.Text, wrong) {
			t.Errorf("%q does not belong to the article", wrong)
		}
	}
}

func TestNoText(t *testing.T) {
	for _, body := range []string{"", "<html><body><p>404</p></body></html>", strings.Repeat("<div>", 60_000)} {
		if _, err := article.Extract([]byte(body), "text/html", address(t), "fr"); err == nil {
			t.Errorf("an article was found in %.40q", body)
		}
	}
	if _, err := article.Extract([]byte(strings.Repeat("<p>a</p>", 60_000)), "text/html", address(t), "fr"); !errors.Is(err, article.ErrNoText) {
		t.Errorf("a page of countless elements: %v", err)
	}
}

func TestLinks(t *testing.T) {
	const listing = `<a href="/a">Le gouvernement annonce des pourparlers</a> <a href="/a#x">Le gouvernement annonce des pourparlers</a>
<a href="/b">Contact</a> <a href="https://elsewhere.org/c">Un long titre venu d'ailleurs</a> <a href="javascript:x">Un titre long et méchant</a>
<a href="d?id=2"><span>الحكومة تعلن</span> <b>بدء الحوار الوطني</b></a>`
	got := article.Links([]byte(listing), "text/html; charset=utf-8", address(t), "fr")
	want := []string{"https://example.org/a", "https://example.org/mali/d?id=2"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("links (-want +got):\n%s", diff)
	}
}

func FuzzExtract(f *testing.F) {
	f.Add([]byte(page))
	f.Add([]byte("<table><p><svg><title></table>"))
	f.Fuzz(func(t *testing.T, body []byte) {
		base := &url.URL{Scheme: "https", Host: "example.org"}
		a, err := article.Extract(body, "text/html", base, "ar")
		if err == nil && a.Text == "" {
			t.Fatal("an article without text")
		}
		for _, l := range article.Links(body, "text/html", base, "ar") {
			if u, err := url.Parse(l); err != nil || u.Host != "example.org" {
				t.Fatalf("link %q leaves the site", l)
			}
		}
	})
}
