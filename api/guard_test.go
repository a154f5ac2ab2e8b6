package api

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// A name that its owner lets lead here is no name of this site.
func TestCalledByAnotherName(t *testing.T) {
	s := &server{base: "https://palabre.example.org"}
	for host, want := range map[string]bool{
		"127.0.0.1:8080": true, "[::1]:8080": true, "localhost:8080": true, "localhost": true, "10.0.0.7": true,
		"palabre.example.org": true, "PALABRE.example.org:443": true, "evil.example:8080": false, "palabre.example.org.evil.example": false, "": false,
	} {
		if got := s.isCalled(host); got != want {
			t.Errorf("called by %q: %t, want %t", host, got, want)
		}
	}
	reached := false
	handler := s.sameOrigin(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	for method, want := range map[string]bool{http.MethodGet: true, http.MethodPost: false} {
		reached = false
		r := httptest.NewRequest(method, "http://evil.example:8080/api/v1/desk", strings.NewReader("{}"))
		r.Header.Set("Origin", "http://evil.example:8080")
		handler.ServeHTTP(httptest.NewRecorder(), r)
		if reached != want {
			t.Errorf("%s by another name goes through: %t, want %t", method, reached, want)
		}
	}
}
