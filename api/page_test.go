package api_test

import (
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"palabre/statement"
)

// texts returns what a page says and which elements of a name it has.
func parse(t *testing.T, body string) *html.Node {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(body))
	must(t, err)
	return doc
}

// words is the text that a page shows, white space folded and without the
// isolates around names of another script.
func words(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return strings.Join(strings.Fields(strings.NewReplacer("\u2068", "", "\u2069", "").Replace(b.String())), " ")
}

// elements returns the elements of a page with a name.
func elements(n *html.Node, name string) []*html.Node {
	var out []*html.Node
	for c := range n.Descendants() {
		if c.Type == html.ElementNode && c.Data == name {
			out = append(out, c)
		}
	}
	return out
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func TestPagesShowTheTimeline(t *testing.T) {
	s := openTimeline(t)
	for _, c := range []struct {
		path string
		want []string
	}{
		{"/", []string{
			"Signals", "walk-back", "Government of Mali", "dialogue with JNIM", "▲ for", "~ mixed", "reconstructed", "1 utterance · 1 report", "grade B", "archive", "Open 39", "up to date",
			"Government of Mali walked back on dialogue with JNIM: from “for” (19 October 2021) to “mixed” (22 October 2021).", "Before · 19 October 2021 ▲ for", "mission de bons offices",
			"How the line went before", "19 October 2021 reaffirmed ▲ for",
		}},
		{"/?news=walk-back&state=all", []string{"walk-back", "22 October 2021"}},
		{"/?about=sharia", []string{"Sharia ×", "HCUA"}},
		{"/?state=owned", []string{"Nothing here is left to do. The last signal was raised on", "Checked: 38 statements from", "Every one of them was read.", "The last source was checked on 10 December 2021", "Show all signals"}},
		{"/?signal=gone", []string{"There is no such signal."}},
		{"/desk/queue?news=shift", []string{"shift"}},
		{"/search?q=dialogue", []string{"statements", "Topic", "Stance", "Best match"}},
		{"/search?topic=dialogue&stance=conditional", []string{"Topic: dialogue", "Stance: ◆ conditional", "Newest"}},
		{"/search?q=zzzzzz", []string{"Nothing matches.", "Looked through: titles and texts of"}},
		{"/actors", []string{"JNIM", "have taken a position"}},
		{"/actors/jnim", []string{"Where it stands", "troops of France", "Iyad ag Ghaly"}},
		{"/sources", []string{"sources checked", "RFI"}},
	} {
		a := s.page(c.path)
		if a.StatusCode != http.StatusOK {
			t.Errorf("%s: %s\n%.500s", c.path, a.Status, a.body)
			continue
		}
		shown := words(parse(t, a.body))
		for _, want := range c.want {
			if !strings.Contains(shown, want) {
				t.Errorf("%s does not show %q", c.path, want)
			}
		}
	}
}

func TestPagesOfSignalsGoOn(t *testing.T) {
	s := openTimeline(t)
	seen := make(map[string]bool)
	for path := "/"; path != ""; {
		doc := parse(t, s.page(path).body)
		path = ""
		for _, row := range elements(doc, "li") {
			if id := attribute(row, "data-signal"); id != "" {
				seen[id] = true
			}
		}
		for _, a := range elements(doc, "a") {
			if attribute(a, "rel") == "next" {
				path = attribute(a, "href")
			}
		}
	}
	totals, err := s.store.Totals(t.Context())
	must(t, err)
	if totals.Signals < 13 || len(seen) < 13 {
		t.Errorf("pages led to %d signals of %d", len(seen), totals.Signals)
	}
}

func TestStatementPageMarksItsEvidence(t *testing.T) {
	s := openTimeline(t)
	var hits struct{ Hits []struct{ ID string } }
	s.get("/api/v1/search?actor=jnim&topic=dialogue&stance=conditional&lang=ar", &hits)
	if len(hits.Hits) == 0 {
		t.Fatal("JNIM's conditional offer of March 2020 is missing")
	}
	a := s.page("/statements/" + hits.Hits[0].ID)
	doc := parse(t, a.body)
	marks := elements(doc, "mark")
	if len(marks) == 0 {
		t.Fatal("no evidence is marked")
	}
	var st struct {
		Text, Title string
		Positions   []struct {
			Evidence statement.Evidence
		}
	}
	s.get("/api/v1/statements/"+hits.Hits[0].ID, &st)
	shown := words(doc)
	for _, p := range st.Positions {
		quote := strings.Join(strings.Fields(p.Evidence.Quote), " ")
		found := strings.Contains(shown, quote)
		for _, m := range marks {
			found = found || strings.Contains(quote, words(m))
		}
		if !found {
			t.Errorf("the page does not mark %q", quote)
		}
	}
	for _, want := range []string{"Reconstructed.", "Report N°306", "Download the bytes", "◆ conditional", "on file", "Revisions"} {
		if want != "on file" && !strings.Contains(shown, want) {
			t.Errorf("the page does not show %q", want)
		}
	}
	for _, p := range elements(doc, "h1") {
		if attribute(p, "dir") != "auto" || attribute(p, "lang") != "ar" {
			t.Errorf("the Arabic title has dir=%q lang=%q", attribute(p, "dir"), attribute(p, "lang"))
		}
	}
}

func TestEmptyPagesSayWhatWasChecked(t *testing.T) {
	s := open(t)
	shown := words(parse(t, s.page("/").body))
	for _, want := range []string{"No signal so far.", "Checked: 0 statements from 0 sources", "No source has been checked yet."} {
		if !strings.Contains(shown, want) {
			t.Errorf("the empty desk does not say %q: %s", want, shown)
		}
	}
}

func TestQueryErrorsAreShownWhereTheyAre(t *testing.T) {
	s := open(t)
	a := s.page("/search?q=mali+AND+colour:red")
	if a.StatusCode != http.StatusBadRequest {
		t.Errorf("status %s, want 400", a.Status)
	}
	shown := words(parse(t, a.body))
	if !strings.Contains(shown, "Reading stopped at character 10. There is no field colour.") || !strings.Contains(shown, "mali AND colour:red") {
		t.Errorf("the page does not point at the error: %s", shown)
	}
}

func TestFaultsArePagesForPeople(t *testing.T) {
	s := open(t)
	for path, status := range map[string]int{"/nowhere": 404, "/statements/none": 404, "/actors/none": 404, "/static/none.css": 404, "/?after=forged": 400, "/search?like=none": 404} {
		a := s.page(path)
		if a.StatusCode != status || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") || !strings.Contains(a.body, "Back to the watch desk") {
			t.Errorf("%s: %s %s", path, a.Status, a.Header.Get("Content-Type"))
		}
	}
	if a := s.do(http.MethodPost, "/", "", "Accept", "text/html"); a.StatusCode != http.StatusMethodNotAllowed || a.Header.Get("Allow") != "GET, HEAD" {
		t.Errorf("POST /: %s, allow %q", a.Status, a.Header.Get("Allow"))
	}
}

// hostile is what a source may send: markup, links that run code, and letters
// that turn the reading order around.
func hostile() statement.Statement {
	return statement.Statement{
		Source: "rfi", Outlet: `<b onclick="evil()">rfi</b>`, Key: "evil", Kind: statement.Communique, Lang: `fr" onload="evil()`,
		Title: "Communiqué </title><script>evil()</script> \u202egpj.exe\u202c <img src=x onerror=evil()>",
		Text: "Le gouvernement malien est prêt au dialogue avec le JNIM. <script>evil()</script>\n" +
			"<style>body{display:none}</style> \u2067\u202e retourné <a href=\"javascript:evil()\">ici</a> {{.}} </textarea><!-- --> ]]>\x01\x7f",
		URL: "javascript:evil()//https://example.org", Note: `<iframe src="https://evil.example/">`, Speaker: `"><script>evil()</script>`,
		Medium: "<u>audio</u>",
	}
}

func TestHostileContentIsShownAsText(t *testing.T) {
	s := open(t)
	must(t, s.store.PutSources(t.Context(), []statement.Source{{ID: "rfi", Name: "R\u202eFI <script>evil()</script>", Kind: statement.Feed, Grade: "B", URL: "javascript:evil()"}}))
	_, err := s.store.Save(t.Context(), &statement.Fetch{Health: statement.Health{
		Source: "rfi", Outcome: statement.OutcomeMalformed, Reason: "<script>evil()</script>\u202e", Problems: []statement.Problem{{Where: "<b>1", What: "\u202e<script>"}},
	}})
	must(t, err)
	id := s.file(hostile())
	for _, path := range []string{
		"/", "/search?q=dialogue", "/search?q=%3Cscript%3Eevil()%3C/script%3E", `/search?q="><script>evil()</script>`, "/statements/" + id, "/actors/mali-government", "/sources",
		"/search?actor=%3Cscript%3Eevil()%3C/script%3E", "/?signal=%3Cscript%3E", "/statements/%3Cscript%3Eevil()%3C%2Fscript%3E", "/<script>evil()</script>",
		"/search?q=%22%E2%80%AE", "/search?kind=%E2%80%AEx",
	} {
		checkHarmless(t, path, s.page(path))
	}
	shown := words(parse(t, s.page("/statements/"+id).body))
	if !strings.Contains(shown, "<script>evil()</script>") || !strings.Contains(shown, "javascript:evil()//https://example.org") {
		t.Errorf("hostile words are hidden instead of shown: %s", shown)
	}
}

// checkHarmless fails the test if a page does more with words than to show them.
func checkHarmless(t *testing.T, path string, a answer) {
	t.Helper()
	doc := parse(t, a.body)
	for _, r := range a.body {
		if r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r < ' ' && r != '\n' && r != '\t' {
			t.Errorf("%s carries the control %U", path, r)
			break
		}
	}
	for _, tag := range []string{"iframe", "style", "img", "object", "embed", "u", "b", "i", "textarea"} {
		if len(elements(doc, tag)) > 0 {
			t.Errorf("%s has an element %s", path, tag)
		}
	}
	for _, e := range elements(doc, "script") {
		if !strings.HasPrefix(attribute(e, "src"), "/static/") || words(e) != "" {
			t.Errorf("%s has a script of its own: %s", path, words(e))
		}
	}
	for c := range doc.Descendants() {
		for _, attr := range c.Attr {
			value := strings.ToLower(strings.TrimSpace(attr.Val))
			if strings.HasPrefix(attr.Key, "on") || attr.Key == "style" || strings.HasPrefix(value, "javascript:") {
				t.Errorf("%s: <%s %s=%q>", path, c.Data, attr.Key, attr.Val)
			}
			if (attr.Key == "href" || attr.Key == "src" || attr.Key == "action") && !strings.HasPrefix(value, "/") && !strings.HasPrefix(value, "#") {
				t.Errorf("%s links away: %s", path, attr.Val)
			}
		}
	}
}
