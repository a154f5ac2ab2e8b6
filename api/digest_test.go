package api_test

import (
	"net/http"
	"strings"
	"testing"
)

// TestDigestsWithoutPress asks a node that writes no digests.
func TestDigestsWithoutPress(t *testing.T) {
	s := open(t)
	var list struct{ Digests []any }
	s.get("/api/v1/digests", &list)
	if list.Digests == nil || len(list.Digests) > 0 {
		t.Errorf("the list is %v, want an empty one", list.Digests)
	}
	if a := s.do(http.MethodGet, "/api/v1/digests/2021-W42", ""); a.StatusCode != http.StatusNotImplemented || !strings.Contains(a.body, "writes no digests") {
		t.Errorf("a digest is answered with %s: %s", a.Status, a.body)
	}
	if a := s.page("/digests/2021-W42"); a.StatusCode != http.StatusNotImplemented {
		t.Errorf("its page is answered with %s", a.Status)
	}
	if a := s.page("/digests"); !strings.Contains(a.body, "No week has been written up yet") {
		t.Errorf("the page of all is\n%s", a.body)
	}
	for _, action := range []string{"draft-digest", "edit-digest", "issue-digest"} {
		if a := s.try(map[string]any{"who": "Awa", "action": action, "subject": "2021-W42"}); a.StatusCode != http.StatusNotImplemented {
			t.Errorf("%s is answered with %s: %s", action, a.Status, a.body)
		}
	}
}
