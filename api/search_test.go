package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestSearchCountsByTimeAndNamesTheFirst(t *testing.T) {
	s := openTimeline(t)
	type bucket struct {
		Start string
		Count int
	}
	for _, by := range []string{"day", "week", "month"} {
		var res struct {
			Total     int
			Histogram []bucket
			First     struct{ ID, Date string }
		}
		s.get("/api/v1/search?q=topic:dialogue&first=true&histogram="+by, &res)
		sum := 0
		for i, b := range res.Histogram {
			sum += b.Count
			at, err := time.Parse(time.DateOnly, b.Start)
			if err != nil || by == "week" && at.Weekday() != time.Monday || by == "month" && at.Day() != 1 {
				t.Errorf("by %s: a bucket starts at %q", by, b.Start)
			}
			if i > 0 && b.Start <= res.Histogram[i-1].Start {
				t.Errorf("by %s: %s stands behind %s", by, b.Start, res.Histogram[i-1].Start)
			}
		}
		if res.Total == 0 || sum != res.Total {
			t.Errorf("by %s: the buckets hold %d of %d", by, sum, res.Total)
		}
		var oldest found
		s.get("/api/v1/search?q=topic:dialogue&sort=oldest&limit=1", &oldest)
		if oldest.Hits[0]["date"] != res.First.Date {
			t.Errorf("first is of %s, the oldest is of %v", res.First.Date, oldest.Hits[0]["date"])
		}
	}
	var plain map[string]any
	s.get("/api/v1/search?q=topic:dialogue", &plain)
	if plain["histogram"] != nil || plain["first"] != nil {
		t.Error("a histogram or the first is told without being asked for")
	}
	if a := s.do(http.MethodGet, "/api/v1/search?histogram=year", ""); a.StatusCode != http.StatusUnprocessableEntity && a.StatusCode != http.StatusBadRequest {
		t.Errorf("histogram=year: %s", a.Status)
	}
}

func TestSimilarStatements(t *testing.T) {
	s := openTimeline(t)
	var hits found
	s.get("/api/v1/search?actor=jnim&stance=conditional&topic=dialogue&limit=1&sort=oldest", &hits)
	id := hits.Hits[0]["id"].(string)
	var like struct {
		Hits []struct{ ID, Snippet string }
	}
	s.get(fmt.Sprintf("/api/v1/statements/%s/similar?limit=5", id), &like)
	if len(like.Hits) != 5 {
		t.Fatalf("%d statements are like %s, want 5", len(like.Hits), id)
	}
	for _, h := range like.Hits {
		if h.ID == id || h.Snippet == "" {
			t.Errorf("%+v is like %s", h, id)
		}
	}
	a := s.do(http.MethodGet, "/api/v1/statements/none/similar", "")
	if a.StatusCode != http.StatusNotFound || !strings.Contains(a.body, "not found") {
		t.Errorf("an unknown statement: %s %s", a.Status, a.body)
	}
}
