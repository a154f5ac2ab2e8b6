package api_test

import (
	"net/url"
	"strings"
	"testing"

	"palabre/index"
)

func TestSearchSaysWhatWordsStandFor(t *testing.T) {
	s := openTimeline(t)
	find := func(q string) (out struct {
		Total    int
		Concepts []index.Concept
	},
	) {
		s.get("/api/v1/search?q="+url.QueryEscape(q), &out)
		return out
	}
	all := find("Koufa")
	if len(all.Concepts) != 1 || all.Concepts[0].ID != "amadou-koufa" || len(all.Concepts[0].Names) == 0 {
		t.Fatalf("concepts %+v", all.Concepts)
	}
	for _, same := range []string{"Kouffa", "كوفا", `"Amadou Koufa"`} {
		if got := find(same); got.Total != all.Total {
			t.Errorf("%s finds %d, Koufa %d", same, got.Total, all.Total)
		}
	}
	left := find("Koufa without:amadou-koufa")
	if left.Total == 0 || left.Total > all.Total || !left.Concepts[0].Out {
		t.Errorf("without its names %d of %d, %+v", left.Total, all.Total, left.Concepts)
	}
	if exact := find("exact:Koufa"); exact.Total != left.Total || len(exact.Concepts) != 0 {
		t.Errorf("exact %d, want %d; concepts %+v", exact.Total, left.Total, exact.Concepts)
	}
}

func TestRefusedQueriesExplainThemselves(t *testing.T) {
	s := open(t)
	for _, c := range []struct{ q, want string }{
		{"*", "cannot begin a word"},
		{"*a*", "cannot begin a word"},
		{"/.*/", "cannot begin a word"},
		{strings.Repeat("word ", 800), "more than 64 terms"},
		{strings.Repeat("(", 1000), "nested deeper than 32"},
		{strings.Repeat("-", 4000), "more than 64 terms"},
		{`"a b"~999999`, "from 1 to 50"},
		{"a NEAR/1e9 b", "from 1 to 50"},
		{"actor:jmin", "did you mean jnim?"},
		{"\xff", "not valid UTF-8"},
	} {
		a := s.do("GET", "/api/v1/search?q="+url.QueryEscape(c.q), "")
		if a.StatusCode != 400 || !strings.Contains(a.body, c.want) || !strings.Contains(a.body, `"column"`) {
			t.Errorf("%.20q: %s %s, want 400 with %q", c.q, a.Status, a.body, c.want)
		}
	}
	for _, query := range []string{"q=" + strings.Repeat("word+", 10_000), "q=a&limit=1000000000", "q=a&limit=-1"} {
		if a := s.do("GET", "/api/v1/search?"+query, ""); a.StatusCode < 400 || a.StatusCode >= 500 {
			t.Errorf("%.20s: %s %s, want it to be refused", query, a.Status, a.body)
		}
	}
}

func TestCompleteOverHTTP(t *testing.T) {
	s := open(t)
	var out struct {
		Suggestions []struct {
			From, To          int
			Text, Label, Kind string
		}
	}
	s.get("/api/v1/complete?q="+url.QueryEscape("𝄞 actor:نصرة b")+"&at=13&lang=fr", &out)
	if len(out.Suggestions) == 0 {
		t.Fatal("nothing is proposed")
	}
	if g := out.Suggestions[0]; g.From != 3 || g.To != 13 || g.Text != "actor:jnim" || g.Kind != "actor" {
		t.Errorf("got %+v", g)
	}
}
