package api_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"

	"palabre/api"
	"palabre/statement"
)

type found struct {
	Total  int
	Hits   []map[string]any
	Facets map[string][]struct {
		Value string
		Count int
	}
	Next string
}

func TestSearchAnswersWithTheContract(t *testing.T) {
	s := openTimeline(t)
	var all found
	s.get("/api/v1/search", &all)
	if all.Total < 35 || len(all.Hits) != 20 {
		t.Fatalf("an empty query found %d with %d on the page, want the whole timeline, 20 a page", all.Total, len(all.Hits))
	}
	for _, key := range []string{"id", "title", "lang", "source", "published", "snippet", "positions"} {
		if _, ok := all.Hits[0][key]; !ok {
			t.Errorf("hit has no %q: %v", key, all.Hits[0])
		}
	}
	var talks found
	s.get("/api/v1/search?q=dialogue&topic=dialogue&actor=mali-government&stance=pro&lang=fr&from=2020&to=2021-06", &talks)
	if talks.Total == 0 {
		t.Fatal("nothing found for the government's dialogue in 2020 and 2021")
	}
	for _, h := range talks.Hits {
		if d := h["date"].(string); d < "2020" || d > "2021-07" {
			t.Errorf("hit of %s is outside of the dates", d)
		}
		if h["lang"] != "fr" {
			t.Errorf("hit in %v, want fr", h["lang"])
		}
	}
	if len(talks.Facets["actor"]) == 0 {
		t.Errorf("no facet of actors: %v", talks.Facets)
	}
}

func TestSearchMarksTheWordsFound(t *testing.T) {
	s := openTimeline(t)
	var res struct {
		Hits []struct {
			Snippet   string
			Fragments []api.Fragment
		}
	}
	s.get("/api/v1/search?q=négociation&limit=3", &res)
	marked := 0
	for _, h := range res.Hits {
		var joined strings.Builder
		for _, f := range h.Fragments {
			joined.WriteString(f.Text)
			if f.Mark {
				marked++
			}
		}
		if joined.String() != h.Snippet {
			t.Errorf("fragments %q do not add up to the snippet %q", joined.String(), h.Snippet)
		}
	}
	if marked == 0 {
		t.Errorf("no word is marked in %+v", res.Hits)
	}
}

func TestSearchPagesWithoutGapOrRepeat(t *testing.T) {
	s := openTimeline(t)
	seen := make(map[string]bool)
	cursor, total := "", 0
	for range 20 {
		var page found
		s.get("/api/v1/search?sort=newest&limit=7&cursor="+cursor, &page)
		total = page.Total
		for _, h := range page.Hits {
			id := h["id"].(string)
			if seen[id] {
				t.Fatalf("statement %s is on two pages", id)
			}
			seen[id] = true
		}
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	if len(seen) != total {
		t.Errorf("pages held %d statements of %d", len(seen), total)
	}
}

func TestSignals(t *testing.T) {
	s := openTimeline(t)
	var all struct {
		Signals []map[string]any
		Next    string
	}
	s.get("/api/v1/signals?limit=100", &all)
	if len(all.Signals) == 0 {
		t.Fatal("the timeline raised no signal")
	}
	for _, key := range []string{
		"id", "reason", "actor", "topic", "target", "from", "to", "statement", "event", "at", "act", "confidence", "first_hand", "care", "reports",
	} {
		if _, ok := all.Signals[0][key]; !ok {
			t.Errorf("signal has no %q", key)
		}
	}
	for i := 1; i < len(all.Signals); i++ {
		// The day decides, and a coarse date stands for its first day.
		if a, b := all.Signals[i-1]["said"].(string), all.Signals[i]["said"].(string); a < b && !strings.HasPrefix(b, a) {
			t.Errorf("signal of %s stands before that of %s", a, b)
		}
	}
	s.get("/api/v1/signals?reason=shift,walk-back&actor=mali-government&topic=dialogue&limit=1", &all)
	if len(all.Signals) != 1 || all.Next == "" {
		t.Fatalf("want one signal and a further page, got %d, next %q", len(all.Signals), all.Next)
	}
	if all.Signals[0]["reason"] != "walk-back" {
		t.Errorf("newest change of the government's line is %v, want the walk-back of October 2021", all.Signals[0])
	}
	first := all.Signals[0]["id"]
	s.get("/api/v1/signals?reason=shift,walk-back&actor=mali-government&topic=dialogue&limit=1&cursor="+all.Next, &all)
	if len(all.Signals) != 1 || all.Signals[0]["id"] == first {
		t.Errorf("second page: %v", all.Signals)
	}
}

func TestStatement(t *testing.T) {
	s := openTimeline(t)
	var hits struct{ Hits []api.Hit }
	s.get("/api/v1/search?actor=mali-government&from=2020-02-10&to=2020-02-10", &hits)
	if len(hits.Hits) != 2 {
		t.Fatalf("want the two reports of 10 February 2020, got %d", len(hits.Hits))
	}
	var st api.Statement
	s.get("/api/v1/statements/"+hits.Hits[0].ID, &st)
	if len(st.Positions) == 0 || len(st.Revisions) != 1 || !st.Reconstructed || st.Capture == nil || !st.Capture.Held {
		t.Fatalf("statement is incomplete: %+v", st)
	}
	for _, p := range st.Positions {
		text := st.Text
		if p.Evidence.Field == statement.Title {
			text = st.Title
		}
		if text[p.Evidence.Start:p.Evidence.End] != p.Evidence.Quote {
			t.Errorf("evidence %+v is not at its offsets", p.Evidence)
		}
	}
	if len(st.Events) == 0 || len(st.Events[0].Reports) != 2 {
		t.Errorf("want two reports of one event, got %+v", st.Events)
	}
	if len(st.Signals) != 0 {
		t.Errorf("the line had shifted before, yet there is a signal: %+v", st.Signals)
	}
	a := s.do(http.MethodGet, "/api/v1/captures/"+st.Capture.Hash, "")
	if statement.HashBody([]byte(a.body)) != st.Capture.Hash {
		t.Errorf("capture has other bytes than its hash says")
	}
	if got := a.Header.Get("Content-Type") + " " + a.Header.Get("Content-Disposition") + " " + a.Header.Get("X-Content-Type-Options"); got !=
		`application/octet-stream attachment; filename="`+st.Capture.Hash+`.bin" nosniff` {
		t.Errorf("capture is sent as %s", got)
	}
}

func TestStatementSaysWhyItIsNews(t *testing.T) {
	s := openTimeline(t)
	var hits struct{ Hits []api.Hit }
	s.get("/api/v1/search?actor=mali-government&reason=walk-back", &hits)
	if len(hits.Hits) != 1 {
		t.Fatalf("want the denial of 22 October 2021, got %d", len(hits.Hits))
	}
	var st api.Statement
	s.get("/api/v1/statements/"+hits.Hits[0].ID, &st)
	if len(st.Signals) != 1 || st.Signals[0].Reason != statement.WalkBack || !slices.Equal(st.Reasons, []statement.Reason{statement.WalkBack}) {
		t.Errorf("signals: %+v, reasons %v", st.Signals, st.Reasons)
	}
}

func TestRevisionsLeadToTheLatest(t *testing.T) {
	s := open(t)
	first := s.file(statement.Statement{Source: "rfi", Outlet: "rfi", Key: "a", Title: "Before", Text: "The first wording."})
	s.file(statement.Statement{Source: "rfi", Outlet: "rfi", Key: "a", Title: "After", Text: "The second wording."})
	var st api.Statement
	s.get("/api/v1/statements/"+first, &st)
	if st.Title != "After" || st.Revision != 2 || len(st.Revisions) != 2 || st.ID != first {
		t.Fatalf("want revision 2 under the first ID, got %+v", st)
	}
	s.get("/api/v1/statements/"+st.Latest, &st)
	if st.ID != first {
		t.Errorf("the latest revision's ID leads to %s", st.ID)
	}
}

func TestActorsAndSources(t *testing.T) {
	s := openTimeline(t)
	var actors struct{ Actors []api.Actor }
	s.get("/api/v1/actors", &actors)
	i := slices.IndexFunc(actors.Actors, func(a api.Actor) bool { return a.ID == "jnim" })
	if i < 0 || actors.Actors[i].Positions == 0 || len(actors.Actors[i].Counts) == 0 {
		t.Fatalf("jnim is missing or has no positions: %d", i)
	}
	var jnim api.ActorDetail
	s.get("/api/v1/actors/jnim", &jnim)
	if jnim.Label != "JNIM" || len(jnim.Lines) == 0 || len(jnim.Events) == 0 || !slices.Contains(jnim.Parts, "katiba-macina") {
		t.Errorf("jnim: %+v", jnim)
	}
	_, err := s.store.Save(t.Context(), &statement.Fetch{Health: statement.Health{
		Source: "rfi", Outcome: statement.OutcomeRateLimited, Reason: "429 Too Many Requests, retry after 120 s", Failures: 3,
	}})
	must(t, err)
	var sources struct{ Sources []api.Source }
	s.get("/api/v1/sources", &sources)
	i = slices.IndexFunc(sources.Sources, func(a api.Source) bool { return a.ID == "rfi" })
	if i < 0 {
		t.Fatal("rfi is missing")
	}
	if rfi := sources.Sources[i]; rfi.Healthy || rfi.Reason != "429 Too Many Requests, retry after 120 s" || rfi.Failures != 3 || rfi.Statements == 0 {
		t.Errorf("rfi: %+v", rfi)
	}
}

func TestProblems(t *testing.T) {
	s := openTimeline(t)
	for _, c := range []struct {
		method, path, body string
		status             int
		says               string
	}{
		{"GET", "/api/v1/search?q=" + "mali+AND+(", "", 400, `"column":`},
		{"GET", "/api/v1/search?q=colour:red", "", 400, `"column":1`},
		{"GET", "/api/v1/search?cursor=forged", "", 400, "cursor"},
		{"GET", "/api/v1/search?from=yesterday", "", 400, "2020-03-08"},
		{"GET", "/api/v1/search?from=2021&to=2020", "", 400, "lies behind"},
		{"GET", "/api/v1/search?limit=0", "", 422, "query.limit"},
		{"GET", "/api/v1/search?limit=1000000", "", 422, "query.limit"},
		{"GET", "/api/v1/search?limit=many", "", 422, "query.limit"},
		{"GET", "/api/v1/search?stance=angry", "", 422, "query.stance"},
		{"GET", "/api/v1/search?sort=random", "", 422, "query.sort"},
		{"GET", "/api/v1/signals?cursor=forged", "", 400, "cursor"},
		{"GET", "/api/v1/signals?reason=hunch", "", 422, "query.reason"},
		{"GET", "/api/v1/statements/nosuchstatement", "", 404, "not found"},
		{"GET", "/api/v1/actors/nobody-knows", "", 404, "not found"},
		{"GET", "/api/v1/captures/" + strings.Repeat("0", 64), "", 404, "not found"},
		{"GET", "/api/v1/captures/..%2f..%2fetc%2fpasswd", "", 422, "path.hash"},
		{"GET", "/api/v1/nothing", "", 404, "/openapi.json"},
		{"GET", "/api/", "", 404, "/openapi.json"},
		{"DELETE", "/api/v1/search", "", 405, "GET"},
		{"PUT", "/api/v1/statements", "{}", 405, "POST"},
		{"POST", "/api/v1/statements", `{"text":""}`, 422, "body.text"},
		{"POST", "/api/v1/statements", `{"text":"  "}`, 422, "text is empty"},
		{"POST", "/api/v1/statements", `{"text":"x","url":"javascript:alert(1)"}`, 422, "url"},
		{"POST", "/api/v1/statements", `{"text":"x","said":"last week"}`, 422, "said"},
		{"POST", "/api/v1/statements", `{"text":"x","kind":"rumour"}`, 422, "body.kind"},
		{"POST", "/api/v1/statements", `{"text":"x","colour":"red"}`, 422, "colour"},
		{"POST", "/api/v1/statements", `{"text":`, 400, ""},
		{"POST", "/api/v1/statements", `{"text":"` + strings.Repeat("x", statement.MaxText+1) + `"}`, 422, "the most is"},
		{"POST", "/api/v1/statements", `{"text":"` + strings.Repeat("x", 5<<20) + `"}`, 413, ""},
		{"GET", "/api/v1/search?q=" + strings.Repeat("a", 9000), "", 414, "bytes"},
		{"GET", "/nowhere", "", 404, ""},
	} {
		a := s.do(c.method, c.path, c.body, "Content-Type", "application/json")
		name := fmt.Sprintf("%s %.60s %.30s", c.method, c.path, c.body)
		if a.StatusCode != c.status {
			t.Errorf("%s: %s, want %d\n%.300s", name, a.Status, c.status, a.body)
			continue
		}
		var p struct {
			Title, Detail string
			Status        int
		}
		if ct := a.Header.Get("Content-Type"); ct != "application/problem+json" {
			t.Errorf("%s: content type %s", name, ct)
		}
		if err := json.Unmarshal([]byte(a.body), &p); err != nil || p.Status != c.status || p.Title == "" || p.Detail == "" {
			t.Errorf("%s: %v, %+v", name, err, p)
		}
		if !strings.Contains(a.body, c.says) {
			t.Errorf("%s: does not say %q: %s", name, c.says, a.body)
		}
	}
}

func TestHandEntry(t *testing.T) {
	s := open(t)
	a := s.do(http.MethodPost, "/api/v1/statements", `{"title":"Lettre","text":"Le gouvernement malien est prêt au dialogue avec le JNIM.","lang":"fr","kind":"communique","said":"2021-03","url":"https://example.org/x"}`,
		"Content-Type", "application/json")
	if a.StatusCode != http.StatusAccepted {
		t.Fatalf("%s: %s", a.Status, a.body)
	}
	var st api.Statement
	s.get(a.Header.Get("Location"), &st)
	if st.Title != "Lettre" || st.Said != "2021-03" || st.Source != "on-file" {
		t.Errorf("filed as %+v", st)
	}
	s.fault = fmt.Errorf("file it: %w: no such outlet", api.ErrRejected)
	if a := s.do(http.MethodPost, "/api/v1/statements", `{"text":"x"}`, "Content-Type", "application/json"); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("rejected entry: %s", a.Status)
	}
	s.fault = fmt.Errorf("disk on fire at /secret/path")
	a = s.do(http.MethodPost, "/api/v1/statements", `{"text":"x"}`, "Content-Type", "application/json")
	if a.StatusCode != http.StatusInternalServerError || strings.Contains(a.body, "secret") {
		t.Errorf("inner fault: %s: %s", a.Status, a.body)
	}
}

func TestWritingIsGuarded(t *testing.T) {
	s := open(t)
	a := s.do(http.MethodPost, "/api/v1/statements", `{"text":"x"}`, "Content-Type", "application/json", "Sec-Fetch-Site", "cross-site")
	if a.StatusCode != http.StatusForbidden {
		t.Errorf("a request from another site: %s", a.Status)
	}
	a = s.do(http.MethodPost, "/api/v1/statements", `{"text":"x"}`, "Content-Type", "text/plain")
	if a.StatusCode < 400 {
		t.Errorf("a form of another site may look like this: %s", a.Status)
	}
	s.fault = api.ErrRejected
	limited := false
	for range 200 {
		a = s.do(http.MethodPost, "/api/v1/statements", `{"text":"x"}`, "Content-Type", "application/json")
		if a.StatusCode == http.StatusTooManyRequests {
			limited = true
			break
		}
	}
	if !limited || a.Header.Get("Retry-After") == "" || a.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("200 entries in a row: %s, retry after %q", a.Status, a.Header.Get("Retry-After"))
	}
	if a := s.do(http.MethodGet, "/api/v1/search", ""); a.StatusCode != http.StatusOK {
		t.Errorf("reading is limited too: %s", a.Status)
	}
}

func TestHeaders(t *testing.T) {
	s := open(t)
	for _, path := range []string{"/", "/api/v1/search", "/openapi.json", "/metrics", "/static/palabre.css", "/nowhere"} {
		h := s.page(path).Header
		csp := h.Get("Content-Security-Policy")
		if !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "frame-ancestors 'none'") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: policy %q", path, csp)
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: %v", path, h)
		}
	}
	server := api.Server(http.NotFoundHandler(), slog.New(slog.DiscardHandler))
	if server.ReadHeaderTimeout == 0 || server.ReadTimeout == 0 || server.WriteTimeout == 0 || server.IdleTimeout == 0 || server.MaxHeaderBytes == 0 {
		t.Errorf("server without limits: %+v", server)
	}
}

func TestOpenAPINamesEveryRoute(t *testing.T) {
	s := open(t)
	var doc struct {
		OpenAPI string
		Paths   map[string]map[string]struct {
			OperationID string
			Responses   map[string]any
		}
	}
	s.get("/openapi.json", &doc)
	if !strings.HasPrefix(doc.OpenAPI, "3.1") {
		t.Errorf("version %q", doc.OpenAPI)
	}
	for _, route := range []string{
		"get /api/v1/search", "get /api/v1/signals", "get /api/v1/statements/{id}", "get /api/v1/statements/{id}/similar", "post /api/v1/statements", "get /api/v1/actors",
		"get /api/v1/actors/{id}", "get /api/v1/sources", "get /api/v1/captures/{hash}", "get /healthz", "get /readyz", "get /metrics",
		"get /api/v1/events/{id}", "get /api/v1/demands", "get /api/v1/responses", "post /api/v1/desk", "get /api/v1/alerts", "get /api/v1/messages/{id}",
		"get /api/v1/receivers", "get /api/v1/silences", "get /api/v1/handover", "get /api/v1/live", "get /feeds/signals.rss", "get /api/v1/complete",
		"get /api/v1/export", "get /api/v1/searches", "get /feeds/searches/{file}", "get /feeds/search.rss", "get /feeds/search.atom",
		"get /api/v1/digests", "get /api/v1/digests/{period}",
	} {
		method, path, _ := strings.Cut(route, " ")
		if op := doc.Paths[path][method]; op.OperationID == "" || len(op.Responses) == 0 {
			t.Errorf("%s is not described", route)
		}
	}
	if len(doc.Paths) != 31 {
		t.Errorf("%d paths are described, want 31", len(doc.Paths))
	}
}

func TestReadinessNamesWhatIsWrong(t *testing.T) {
	s := openTimeline(t)
	if a := s.do(http.MethodGet, "/healthz", ""); a.StatusCode != http.StatusOK {
		t.Errorf("healthz: %s", a.Status)
	}
	if a := s.do(http.MethodGet, "/readyz", ""); a.StatusCode != http.StatusOK || !strings.Contains(a.body, `"ready":true`) {
		t.Errorf("readyz: %s: %s", a.Status, a.body)
	}
	s.check = []api.Check{{Name: "streams", Detail: "sync_interval is 2m0s: acknowledged messages can be lost"}}
	a := s.do(http.MethodGet, "/readyz", "")
	if a.StatusCode != http.StatusServiceUnavailable || !strings.Contains(a.body, "sync_interval") || !strings.Contains(a.body, `"wrong":["streams"]`) {
		t.Errorf("readyz: %s: %s", a.Status, a.body)
	}
}

func TestReadinessWaitsForTheIndex(t *testing.T) {
	s := openTimeline(t)
	// A record with changes and an index without any is one that is being rebuilt.
	must(t, s.index.Update(t.Context(), nil, 0))
	a := s.do(http.MethodGet, "/readyz", "")
	if a.StatusCode != http.StatusServiceUnavailable || !strings.Contains(a.body, `"wrong":["index"]`) {
		t.Errorf("readyz: %s: %s", a.Status, a.body)
	}
}

func TestMetrics(t *testing.T) {
	s := openTimeline(t)
	s.do(http.MethodGet, "/api/v1/search?q=mali", "")
	s.do(http.MethodGet, "/somewhere/random", "")
	a := s.do(http.MethodGet, "/metrics", "")
	for _, want := range []string{
		"palabre_statements 3", "palabre_signals ", "palabre_index_lag_rows 0", "palabre_listeners 0", `palabre_source_failures{source="rfi"} 0`, "go_goroutines",
		`palabre_http_request_seconds_count{method="GET",route="GET /api/v1/search",status="200"} 1`,
		`palabre_http_request_seconds_count{method="GET",route="/",status="404"} 1`,
	} {
		if !strings.Contains(a.body, want) {
			t.Errorf("metrics lack %q", want)
		}
	}
}
