package api_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// links returns the addresses behind the links of a page with a class, in order.
func links(n *html.Node, class string) []string {
	var out []string
	for _, a := range elements(n, "a") {
		if slices.Contains(strings.Fields(attribute(a, "class")), class) {
			out = append(out, attribute(a, "href"))
		}
	}
	return out
}

// hits returns the addresses of the statements that a page of the search shows.
func hits(n *html.Node) []string {
	var out []string
	for _, a := range elements(n, "article") {
		for _, h := range elements(a, "h2") {
			out = append(out, attribute(elements(h, "a")[0], "href"))
		}
	}
	return out
}

func TestOldSearchesLeadToTheirPage(t *testing.T) {
	s := openTimeline(t)
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for path, want := range map[string]string{
		"/?q=Koufa":                            "/search?q=Koufa",
		"/?q=%D8%AD%D9%88%D8%A7%D8%B1&lang=ar": "/search?lang=ar&q=%D8%AD%D9%88%D8%A7%D8%B1",
		"/?from=2020&cursor=x":                 "/search?cursor=x&from=2020",
		"/?done=x":                             "",
		"/":                                    "",
	} {
		r, err := client.Get(s.url + path)
		must(t, err)
		must(t, r.Body.Close())
		status := http.StatusFound
		if want == "" {
			status = http.StatusOK
		}
		if r.StatusCode != status || r.Header.Get("Location") != want {
			t.Errorf("%s: %s to %q, want %q", path, r.Status, r.Header.Get("Location"), want)
		}
	}
}

func TestSearchPageShowsWhatWordsStandFor(t *testing.T) {
	s := openTimeline(t)
	doc := parse(t, s.page("/search?q=Koufa").body)
	all, names := hits(doc), links(doc, "name")
	if len(all) == 0 || len(names) < 4 {
		t.Fatalf("%d hits and %d names", len(all), len(names))
	}
	less := parse(t, s.page(names[1]).body)
	back := ""
	for _, a := range elements(less, "a") {
		if attribute(a, "class") == "name out" {
			back = attribute(a, "href")
		}
	}
	if back != "/search?q=Koufa" {
		t.Errorf("what is left out comes back by %q", back)
	}
	doc = parse(t, s.page("/search?q=talks").body)
	all = hits(doc)
	only := links(doc, "exact")
	if len(only) != 1 || !strings.Contains(only[0], url.QueryEscape("without:")) {
		t.Fatalf("only the word: %q", only)
	}
	exact := parse(t, s.page(only[0]).body)
	if got := hits(exact); len(got) >= len(all) {
		t.Errorf("only the word finds %d, with all names %d", len(got), len(all))
	}
	if got := links(exact, "exact"); len(got) != 1 || got[0] != "/search?q=talks" {
		t.Errorf("all names come back by %q", got)
	}
}

func TestSearchPageOverTime(t *testing.T) {
	s := openTimeline(t)
	for _, path := range []string{"/search?topic=dialogue", "/search?q=Mali&from=2020-01&to=2020-06", "/search?q=Mali&from=2021"} {
		doc := parse(t, s.page(path).body)
		bars, sum := 0, 0
		for _, a := range elements(doc, "a") {
			n := attribute(a, "data-n")
			if n == "" {
				continue
			}
			bars++
			if n == "0" || bars > 64 {
				continue
			}
			shown := parse(t, s.page(attribute(a, "href")).body)
			if got := strings.Fields(words(elements(shown, "h1")[0]))[0]; got != n {
				t.Errorf("%s: the bar %s leads to %s statements", path, attribute(a, "aria-label"), got)
			}
			sum++
		}
		if bars < 3 || bars > 64 || sum < 3 {
			t.Errorf("%s: %d bars, %d with statements", path, bars, sum)
		}
		if rows := len(elements(elements(doc, "table")[0], "tr")); rows != sum+1 {
			t.Errorf("%s: the table has %d rows for %d bars", path, rows, sum)
		}
	}
}

func TestSearchPagesGoOnWithoutGaps(t *testing.T) {
	s := openTimeline(t)
	seen := make(map[string]bool)
	n, path := 0, "/search?sort=oldest"
	for path != "" {
		doc := parse(t, s.page(path).body)
		path = ""
		for _, h := range hits(doc) {
			seen[h] = true
			n++
		}
		for _, a := range elements(doc, "a") {
			if attribute(a, "rel") == "next" {
				path = attribute(a, "href")
			}
		}
	}
	var all struct{ Total int }
	s.get("/api/v1/search", &all)
	if n != all.Total || len(seen) != n || n <= 20 {
		t.Errorf("pages show %d statements, %d of them different, of %d", n, len(seen), all.Total)
	}
}

func TestSearchPageTellsWhatElseToTry(t *testing.T) {
	s := openTimeline(t)
	for _, c := range []struct{ path, shows, leads string }{
		{"/search?q=gouvernemant", "Did you mean gouvernement", "/search?q=gouvernement"},
		{"/search?q=government+of+Mali+dialogue+October+2021", "At that time ", "/search?q=government+of+Mali+AND+dialogue+AND+date%3A2021-10"},
		{"/search?q=why+did+the+Malian+government+change+its+line+on+dialogue+in+October+2021%3F", "Positions, whatever their words ", "/search?q=actor%3Amali-government+AND+topic%3Adialogue+AND+date%3A2021-10"},
		{"/search?q=Koufa+zzzzz", "Without zzzzz ", "/search?q=Koufa"},
		{"/search?q=dialogue&lang=ff", "Without Language: ", "/search?q=dialogue"},
		{"/search?q=actor:jmin", "actor:jnim", "/search?q=actor%3Ajnim"},
		{"/search?q=mali+topik:dialogue", "There is no field topik.", "/search?q=mali+topic%3Adialogue"},
		{"/search?q=(mali", "The bracket is not closed.", ""},
		{"/search?q=mali&from=soon", "This cannot be searched for", ""},
		{"/search?q=mali&from=2021&to=2020", "This cannot be searched for", ""},
		{"/search?q=mali&cursor=forged", "This cannot be searched for", ""},
	} {
		a := s.page(c.path)
		doc := parse(t, a.body)
		if !strings.Contains(words(doc), c.shows) {
			t.Errorf("%s does not show %q", c.path, c.shows)
		}
		leads := c.leads == ""
		for _, l := range elements(doc, "a") {
			leads = leads || attribute(l, "href") == c.leads
		}
		if !leads {
			t.Errorf("%s does not lead to %s", c.path, c.leads)
		}
		q, err := url.Parse(c.path)
		must(t, err)
		kept := false
		for _, e := range elements(doc, "input") {
			kept = kept || attribute(e, "id") == "q" && attribute(e, "value") == q.Query().Get("q")
		}
		if !kept {
			t.Errorf("%s does not keep its query", c.path)
		}
	}
}

func TestSearchesAreSavedAndDropped(t *testing.T) {
	s := openTimeline(t)
	v := s.visit("/search?q=Mali&topic=dialogue&from=2020&to=2021")
	v.press("take", "Save", "name", "Line of JNIM", "who", "Aminata")
	v.shows("Done: Aminata saved a search.")
	var kept struct {
		Searches []struct{ ID, Name, Query string }
	}
	s.get("/api/v1/searches", &kept)
	const want = `(Mali) topic:"dialogue" date:2020/2021`
	if len(kept.Searches) != 1 || kept.Searches[0].Query != want {
		t.Fatalf("saved %+v, want %s", kept.Searches, want)
	}
	asked, named := hits(v.doc), hits(parse(t, s.page("/search?sort=relevance&q="+url.QueryEscape(`search:"line of jnim"`)).body))
	if len(asked) == 0 || len(asked) != len(named) {
		t.Errorf("the search finds %d, by its name %d", len(asked), len(named))
	}
	v.open("/search?q=kidal")
	v.press("take", "Save", "name", "line of jnim")
	v.shows("is there already")
	if got := v.value("save-name"); got != "line of jnim" {
		t.Errorf("the name %q is kept", got)
	}
	v.open("/search?q=kidal")
	v.press("search-"+kept.Searches[0].ID, "Drop: Line of JNIM")
	v.shows("dropped a saved search")
	v.press("main", "Undo")
	if s.get("/api/v1/searches", &kept); len(kept.Searches) != 1 {
		t.Error("the undo does not bring the search back")
	}
}

func TestSearchPageLeadsOut(t *testing.T) {
	s := openTimeline(t)
	doc := parse(t, s.page("/search?q=dialogue&stance=conditional").body)
	for _, a := range elements(doc, "a") {
		if to := attribute(a, "href"); strings.HasPrefix(to, "/feeds/search.") {
			if f := s.do(http.MethodGet, to, ""); f.StatusCode != http.StatusOK || !strings.Contains(f.body, "<title>") {
				t.Errorf("%s: %s", to, f.Status)
			}
		}
	}
	for _, form := range elements(doc, "form") {
		if attribute(form, "action") != "/api/v1/export" {
			continue
		}
		for _, option := range elements(elements(form, "select")[0], "option") {
			q := url.Values{"format": {attribute(option, "value")}, "mark": {"TLP:GREEN"}}
			for _, e := range elements(form, "input") {
				q.Set(attribute(e, "name"), attribute(e, "value"))
			}
			if a := s.do(http.MethodGet, "/api/v1/export?"+q.Encode(), ""); a.StatusCode != http.StatusOK || a.Header.Get("Palabre-Expected") == "0" {
				t.Errorf("export %s: %s", q.Encode(), a.Status)
			}
		}
	}
	like := links(doc, "likes")
	if len(like) == 0 {
		t.Fatal("no statement leads to its like")
	}
	near := parse(t, s.page(like[0]).body)
	if id := strings.TrimPrefix(like[0], "/search?like="); len(hits(near)) == 0 || slices.Contains(hits(near), "/statements/"+id) {
		t.Errorf("%s shows %q", like[0], hits(near))
	}
}

func TestCompletionSpeaks(t *testing.T) {
	s := openTimeline(t)
	for _, c := range []struct{ lang, q, label, hint, says string }{
		{"en", "stance:co", "conditional", "◆ conditional", "1 suggestion"},
		{"fr", "stance:co", "conditional", "◆ sous condition", "1 suggestion"},
		{"ar", "topic:d", "dialogue", "الحوار", "اقتراح واحد"},
		{"fr", "cou AND kouf", "Koufa", "personne", "suggestion"},
		{"fr", "actor:gsim", "GSIM (JNIM)", "acteur : ", "suggestion"},
		{"en", "gra", "grade:", "how reliable its source is, A to F", "suggestion"},
		{"en", `date:P7`, "P7D", "the time up to now", "suggestion"},
		{"en", "zzzzzz", "", "", "0 suggestions"},
	} {
		a := s.do(http.MethodGet, "/search/complete?at=100&q="+url.QueryEscape(c.q), "", "Accept-Language", c.lang)
		var out struct {
			Says        string
			Suggestions []struct{ Label, Hint, Text string }
		}
		must(t, json.Unmarshal([]byte(a.body), &out))
		if !strings.Contains(out.Says, c.says) {
			t.Errorf("%s says %q, want %q", c.q, out.Says, c.says)
		}
		if c.label == "" {
			continue
		}
		if len(out.Suggestions) == 0 || out.Suggestions[0].Label != c.label || !strings.Contains(out.Suggestions[0].Hint, c.hint) {
			t.Errorf("%s in %s: %+v, want %s with %q", c.q, c.lang, out.Suggestions, c.label, c.hint)
		}
	}
}

func TestHostileSearchesAreHarmless(t *testing.T) {
	s := open(t)
	s.file(hostile())
	for _, q := range []string{
		`<script>evil()</script>`, `"><img src=x onerror=evil()>`, "\u202eevil\u202c \u2067x", strings.Repeat("m", 4096), strings.Repeat("ݽ", 2048), strings.Repeat("dialogue ", 60),
		"{{.}}", "\x00\x01", `search:"<b>"`, "a\u0000b", strings.Repeat("(", 33) + "a", `exact:"<u>"`,
	} {
		for _, name := range []string{"q", "actor", "lang", "from", "sort", "like", "source"} {
			path := "/search?" + url.Values{name: {q}, "topic": {"dialogue"}}.Encode()
			a := s.page(path)
			if a.StatusCode >= 500 {
				t.Errorf("%.60s: %s", path, a.Status)
			}
			checkHarmless(t, path[:min(len(path), 60)], a)
		}
		if a := s.do(http.MethodGet, "/search/complete?at=9&q="+url.QueryEscape(q), ""); a.StatusCode >= 500 || !strings.Contains(a.Header.Get("Content-Type"), "json") {
			t.Errorf("completion of %.40q: %s", q, a.Status)
		}
	}
}
