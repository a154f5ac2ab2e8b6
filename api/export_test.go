package api_test

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"palabre/api"
	"palabre/digest/export"
	"palabre/index"
	"palabre/statement"
)

// notes are the exports in the log of the desk.
func (s *site) notes() []statement.Exported {
	s.t.Helper()
	s.desk.Wait()
	log, err := s.store.DeskLog(s.t.Context(), 100)
	must(s.t, err)
	var out []statement.Exported
	for i := range log {
		if log[i].Action != statement.Export {
			continue
		}
		var e statement.Exported
		must(s.t, json.Unmarshal(log[i].Details, &e))
		e.Query = log[i].Who + ": " + e.Query
		out = append(out, e)
	}
	return out
}

func TestExportEverything(t *testing.T) {
	s := openTimeline(t)
	totals, err := s.store.Totals(t.Context())
	must(t, err)
	a := s.do(http.MethodGet, "/api/v1/export?format=jsonl&mark=red&who=ana", "")
	if a.StatusCode != http.StatusOK || a.Header.Get("Content-Type") != "application/jsonl; charset=utf-8" {
		t.Fatalf("%s %s\n%s", a.Status, a.Header, a.body)
	}
	if d := a.Header.Get("Content-Disposition"); !strings.HasPrefix(d, `attachment; filename="palabre-`) || !strings.HasSuffix(d, `-tlp-red.jsonl"`) {
		t.Errorf("it is offered as %s", d)
	}
	lines := strings.Split(strings.TrimSpace(a.body), "\n")
	if len(lines) != totals.Statements+2 {
		t.Errorf("%d lines for %d statements", len(lines), totals.Statements)
	}
	seen := make(map[string]bool)
	positions := 0
	for _, text := range lines[1 : len(lines)-1] {
		var st struct {
			statement.Statement
			Positions []statement.Position
			Citation  string
		}
		must(t, json.Unmarshal([]byte(text), &st))
		seen[st.Of] = true
		positions += len(st.Positions)
		for _, p := range st.Positions {
			must(t, p.Evidence.Check(&st.Statement))
		}
		if st.Citation == "" || st.Capture == "" {
			t.Errorf("%s has no citation or capture", st.Of)
		}
	}
	if len(seen) != totals.Statements || positions != totals.Positions {
		t.Errorf("%d statements and %d positions of %d and %d", len(seen), positions, totals.Statements, totals.Positions)
	}
	want := fmt.Sprintf(`{"type":"end","complete":true,"statements":%d,"positions":%d,`, totals.Statements, totals.Positions)
	if end := lines[len(lines)-1]; !strings.HasPrefix(end, want) {
		t.Errorf("it ends %s, want %s", end, want)
	}
	if a.Trailer.Get("Palabre-Complete") != "yes" || a.Trailer.Get("Palabre-Statements") != fmt.Sprint(totals.Statements) {
		t.Errorf("trailers %v", a.Trailer)
	}
	notes := s.notes()
	if len(notes) != 1 || notes[0].Query != "ana: " || notes[0].Count != totals.Statements || notes[0].Mark != statement.Red || notes[0].Format != "jsonl" || notes[0].Pack == "" {
		t.Errorf("noted: %+v", notes)
	}
}

// TestExportFindsWhatSearchFinds compares every format with the search, also
// where it takes many pages.
func TestExportFindsWhatSearchFinds(t *testing.T) {
	s := openTimeline(t)
	q := url.Values{"q": {"topic:dialogue"}, "stance": {"pro"}, "from": {"2017"}, "to": {"2021-12"}, "mark": {"TLP:AMBER+STRICT"}}
	var found api.Found
	s.get("/api/v1/search?"+q.Encode()+"&limit=200", &found)
	if len(found.Hits) < 3 {
		t.Fatalf("only %d are found", len(found.Hits))
	}
	for _, f := range export.Formats {
		q.Set("format", string(f))
		a := s.do(http.MethodGet, "/api/v1/export?"+q.Encode(), "")
		if a.StatusCode != http.StatusOK || a.Trailer.Get("Palabre-Statements") != fmt.Sprint(len(found.Hits)) {
			t.Fatalf("%s: %s, trailers %v\n%.300s", f, a.Status, a.Trailer, a.body)
		}
		switch f {
		case export.CSV:
			table, err := csv.NewReader(strings.NewReader(a.body)).ReadAll()
			must(t, err)
			seen := make(map[string]bool)
			for _, row := range table[1 : len(table)-1] {
				seen[row[2]] = true
			}
			for _, h := range found.Hits {
				if !seen[h.ID] {
					t.Errorf("%s is found and not exported", h.ID)
				}
			}
		case export.JSONL:
			head, _, _ := strings.Cut(a.body, "\n")
			if want := `{"type":"export","query":"topic:dialogue AND stance:pro","window":"2017/2021-12",`; !strings.HasPrefix(head, want) {
				t.Errorf("it begins %s, want %s", head, want)
			}
		}
	}
	if notes := s.notes(); len(notes) != len(export.Formats) || !strings.HasPrefix(notes[0].Query, "somebody at 127.0.0.1: topic:dialogue AND stance") || notes[0].Window != "2017/2021-12" {
		t.Errorf("noted: %+v", notes)
	}
}

func TestExportRefuses(t *testing.T) {
	s := openTimeline(t)
	for _, c := range []struct {
		path, says string
		status     int
	}{
		{"?format=pdf", "expected value to be one of", http.StatusUnprocessableEntity},
		{"", "required query parameter is missing", http.StatusUnprocessableEntity},
		{"?format=csv&mark=secret", `no handling mark \"secret\"`, http.StatusBadRequest},
		{"?format=csv&q=(", "column", http.StatusBadRequest},
		{"?format=csv&from=2021&to=2020", "lies behind", http.StatusBadRequest},
		{"?format=csv&who=%E2%80%AEx", "letters that cannot be seen", http.StatusUnprocessableEntity},
	} {
		if a := s.do(http.MethodGet, "/api/v1/export"+c.path, ""); a.StatusCode != c.status || !strings.Contains(a.body, c.says) {
			t.Errorf("%s: %s\n%s\nwant %d with %q", c.path, a.Status, a.body, c.status, c.says)
		}
	}
	if a := s.do(http.MethodGet, "/api/v1/export?format=csv", "", "Sec-Fetch-Site", "cross-site"); a.StatusCode != http.StatusForbidden {
		t.Errorf("asked for by another site: %s", a.Status)
	}
	if a := s.do(http.MethodHead, "/api/v1/export?format=csv", ""); a.StatusCode != http.StatusOK || a.Header.Get("Palabre-Expected") == "" {
		t.Errorf("HEAD: %s %v", a.Status, a.Header)
	}
	s.fault = context.DeadlineExceeded
	if a := s.do(http.MethodGet, "/api/v1/export?format=csv", ""); a.StatusCode != http.StatusServiceUnavailable || a.Header.Get("Content-Disposition") != "" {
		t.Errorf("one that cannot be noted: %s %s", a.Status, a.body)
	}
	if notes := s.notes(); len(notes) != 0 {
		t.Errorf("noted: %+v", notes)
	}
}

// apply files statements without reading them, and indexes them if they are to be
// searched.
func (s *site) apply(searched bool, texts ...string) {
	s.t.Helper()
	records := make([]statement.Record, len(texts))
	docs := make([]index.Doc, len(texts))
	for i, text := range texts {
		st := statement.Statement{Source: "rfi", Outlet: "rfi", Key: fmt.Sprint(i), Title: fmt.Sprint("Number ", i), Text: text, FirstSeen: time.Now(), Revision: 1}
		st.ID = st.ContentID()
		st.Of = st.ID
		records[i] = statement.Record{Statement: st, Reading: statement.Reading{Pack: "none"}}
		docs[i] = index.Doc{Statement: &records[i].Statement, Reading: &records[i].Reading}
	}
	_, err := s.store.Apply(s.t.Context(), records)
	must(s.t, err)
	if searched {
		must(s.t, s.index.Update(s.t.Context(), docs, int64(len(docs))))
	}
}

// TestExportOfManyPages checks that a search is exported to its end, and each
// statement once.
func TestExportOfManyPages(t *testing.T) {
	s := open(t)
	texts := make([]string, 1203)
	for i := range texts {
		texts[i] = fmt.Sprint("parole ", i)
	}
	s.apply(true, texts...)
	for _, q := range []string{"", "parole"} {
		a := s.do(http.MethodGet, "/api/v1/export?format=jsonl&q="+q, "")
		seen := make(map[string]bool)
		for _, text := range strings.Split(strings.TrimSpace(a.body), "\n") {
			var st struct{ Type, ID string }
			must(t, json.Unmarshal([]byte(text), &st))
			if st.Type == "statement" {
				seen[st.ID] = true
			}
		}
		if len(seen) != len(texts) || a.Trailer.Get("Palabre-Statements") != fmt.Sprint(len(texts)) || a.Header.Get("Palabre-Expected") != fmt.Sprint(len(texts)) {
			t.Errorf("%q: %d statements, trailers %v", q, len(seen), a.Trailer)
		}
	}
}

// TestExportAtOnce checks that only so many exports are written at once, and that
// one that is not taken gives its place back.
func TestExportAtOnce(t *testing.T) {
	s := open(t)
	long := strings.Repeat(" parole", 140_000)
	texts := make([]string, 20)
	for i := range texts {
		texts[i] = fmt.Sprint(i, long)
	}
	s.apply(false, texts...)
	ask := func() *http.Response {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/api/v1/export?format=jsonl", nil)
		must(t, err)
		res, err := http.DefaultClient.Do(r)
		must(t, err)
		return res
	}
	var open []*http.Response
	for range 4 {
		res := ask()
		if res.StatusCode != http.StatusOK {
			t.Fatalf("refused: %s", res.Status)
		}
		open = append(open, res)
	}
	fifth := ask()
	must(t, fifth.Body.Close())
	if fifth.StatusCode != http.StatusServiceUnavailable || fifth.Header.Get("Retry-After") == "" {
		t.Errorf("a fifth: %s", fifth.Status)
	}
	n := 0
	lines := bufio.NewReaderSize(open[0].Body, 2<<20)
	for {
		_, err := lines.ReadSlice('\n')
		if err == io.EOF {
			break
		}
		must(t, err)
		n++
	}
	if n != len(texts)+2 {
		t.Errorf("%d lines", n)
	}
	for _, res := range open {
		must(t, res.Body.Close())
	}
	for {
		again := ask()
		must(t, again.Body.Close())
		if again.StatusCode == http.StatusOK {
			break
		}
		if t.Context().Err() != nil {
			t.Fatal("no place was given back")
		}
	}
}

// TestExportCutShort checks that a broken export never looks whole: here the
// record is closed in the middle of it.
func TestExportCutShort(t *testing.T) {
	s := openTimeline(t)
	for _, f := range []export.Format{export.JSONL, export.CSV} {
		e, err := api.Begin(t.Context(), s.store, s.index, &api.Extract{Format: f, Mark: statement.Green})
		must(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		var out strings.Builder
		_, err = e.Write(ctx, &out, func(int, int) { cancel() })
		if err == nil {
			t.Error("it is whole")
		}
		if !strings.Contains(out.String(), "context canceled") {
			t.Errorf("%s does not say that it broke off: %q", f, out.String()[max(0, out.Len()-300):])
		}
	}
}

func TestSavedSearches(t *testing.T) {
	s := openTimeline(t)
	list := func() []api.SavedSearch {
		t.Helper()
		s.desk.Wait()
		var out struct{ Searches []api.SavedSearch }
		s.get("/api/v1/searches", &out)
		return out.Searches
	}
	post := func(body string) answer {
		t.Helper()
		return s.do(http.MethodPost, "/api/v1/desk", body, "Content-Type", "application/json")
	}
	if got := list(); got == nil || len(got) != 0 {
		t.Errorf("at first: %+v", got)
	}
	if a := post(`{"who":"ana","action":"save-search","name":" Koufa  watch ","query":"actor:katiba-macina OR koufa"}`); a.StatusCode != http.StatusAccepted {
		t.Fatalf("%s %s", a.Status, a.body)
	}
	got := list()
	if len(got) != 1 || got[0].Name != "Koufa watch" || got[0].Owner != "ana" || got[0].RSS != "/feeds/searches/"+got[0].ID+".rss" {
		t.Fatalf("kept: %+v", got)
	}
	id := got[0].ID
	for body, says := range map[string]string{
		`{"who":"ben","action":"save-search","name":"KOUFA WATCH","query":"x"}`:        "is there already",
		`{"who":"ben","action":"save-search","name":" ","query":"x"}`:                  "name is empty",
		`{"who":"ben","action":"save-search","name":"x","query":" "}`:                  "query is empty",
		`{"who":"ben","action":"save-search","name":"x","query":"(a"}`:                 "query: ",
		`{"who":"ben","action":"save-search","name":"a\u202eb","query":"x"}`:           "cannot be seen",
		`{"who":"ben","action":"save-search","name":"a\"b","query":"x"}`:               "quotation marks",
		`{"who":"ben","action":"save-search","subject":"none","name":"x","query":"x"}`: "there is no saved search",
		`{"who":"ben","action":"drop-search","subject":"none"}`:                        "there is no saved search",
		`{"who":"ben","action":"drop-search"}`:                                         "the subject is empty",
		`{"who":"ben","action":"export","subject":"x"}`:                                "expected value to be one of",
	} {
		if a := post(body); a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(a.body, says) {
			t.Errorf("%s: %s %s\nwant %q", body, a.Status, a.body, says)
		}
	}
	if a := post(`{"who":"ben","action":"save-search","subject":"` + id + `","name":"Koufa","query":"koufa"}`); a.StatusCode != http.StatusAccepted {
		t.Fatalf("change: %s %s", a.Status, a.body)
	}
	if got := list(); len(got) != 1 || got[0].Name != "Koufa" || got[0].Owner != "ana" || got[0].ID != id {
		t.Errorf("changed: %+v", got)
	}
	for _, end := range []string{".rss", ".atom"} {
		path := "/feeds/searches/" + id + end
		a := s.do(http.MethodGet, path, "")
		if a.StatusCode != http.StatusOK || !strings.Contains(a.body, "Palabre: Koufa</title>") || !strings.Contains(a.body, s.url+path) || !strings.Contains(a.body, "TLP:AMBER") {
			t.Errorf("%s: %s\n%.600s", path, a.Status, a.body)
		}
		if b := s.do(http.MethodGet, path, "", "If-None-Match", a.Header.Get("ETag")); b.StatusCode != http.StatusNotModified {
			t.Errorf("%s again: %s", path, b.Status)
		}
	}
	for path, status := range map[string]int{
		"/feeds/searches/none.rss": http.StatusNotFound, "/feeds/searches/" + id: http.StatusNotFound, "/feeds/searches/" + id + ".pdf": http.StatusNotFound,
		"/feeds/search.rss?q=(": http.StatusBadRequest, "/feeds/search.atom?q=x&mark=no": http.StatusBadRequest,
	} {
		if a := s.do(http.MethodGet, path, ""); a.StatusCode != status {
			t.Errorf("%s: %s", path, a.Status)
		}
	}
	if a := s.do(http.MethodGet, "/feeds/search.atom?q=topic:dialogue&mark=red", ""); a.StatusCode != http.StatusOK || strings.Count(a.body, "<entry") < 5 || !strings.Contains(a.body, "<rights>TLP:RED<") ||
		!strings.Contains(a.body, `rel="self"`) || !strings.Contains(a.body, `/feeds/search.atom?mark=red&amp;q=topic%3Adialogue"`) {
		t.Errorf("the feed of a search: %s\n%.600s", a.Status, a.body)
	}
	if a := s.do(http.MethodGet, "/feeds/search.rss?q=nothingatall", ""); a.StatusCode != http.StatusOK || strings.Contains(a.body, "<item") {
		t.Errorf("the feed of a search that finds nothing: %s\n%.600s", a.Status, a.body)
	}
	var named, meant api.Found
	s.get("/api/v1/search?q="+url.QueryEscape(`search:"KOUFA"`), &named)
	s.get("/api/v1/search?q=koufa", &meant)
	if named.Total == 0 || named.Total != meant.Total {
		t.Errorf("by its name it finds %d, by its query %d", named.Total, meant.Total)
	}
	for body, says := range map[string]string{
		`{"who":"ben","action":"save-search","subject":"` + id + `","name":"Koufa","query":"search:Koufa"}`: "query: ",
		`{"who":"ben","action":"save-search","name":"x","query":"search:nobody"}`:                           "query: ",
	} {
		if a := post(body); a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(a.body, says) {
			t.Errorf("%s: %s %s", body, a.Status, a.body)
		}
	}
	if a := post(`{"who":"ben","action":"drop-search","subject":"` + id + `"}`); a.StatusCode != http.StatusAccepted {
		t.Fatalf("drop: %s %s", a.Status, a.body)
	}
	if got := list(); len(got) != 0 {
		t.Errorf("dropped: %+v", got)
	}
}

// TestSearchThatOthersName keeps a search from going as long as another names it.
func TestSearchThatOthersName(t *testing.T) {
	s := open(t)
	done := func(act map[string]any) (status int, says string) {
		t.Helper()
		act["who"] = "ana"
		body, err := json.Marshal(act)
		must(t, err)
		a := s.do(http.MethodPost, "/api/v1/desk", string(body), "Content-Type", "application/json")
		s.desk.Wait()
		return a.StatusCode, a.body
	}
	save := func(name, query string) string {
		t.Helper()
		if status, says := done(map[string]any{"action": "save-search", "name": name, "query": query}); status != http.StatusAccepted {
			t.Fatalf("save %s: %d %s", name, status, says)
		}
		kept, err := s.store.SavedSearches(t.Context())
		must(t, err)
		return kept[slices.IndexFunc(kept, func(v statement.SavedSearch) bool { return v.Name == name })].ID
	}
	koufa := save("Koufa", "koufa")
	both := save("Both", "search:Koufa OR iyad")
	for name, act := range map[string]map[string]any{
		"dropped": {"action": "drop-search", "subject": koufa},
		"renamed": {"action": "save-search", "subject": koufa, "name": "Katiba", "query": "koufa"},
	} {
		if status, says := done(act); status != http.StatusUnprocessableEntity || !strings.Contains(says, "Both") {
			t.Errorf("%s: %d %s", name, status, says)
		}
	}
	for _, id := range []string{both, koufa} {
		if status, says := done(map[string]any{"action": "drop-search", "subject": id}); status != http.StatusAccepted {
			t.Errorf("drop %s: %d %s", id, status, says)
		}
	}
}
