package web_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"palabre/ingest/web"
	"palabre/statement"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// visit starts a server with the handlers and returns a client that may reach
// it.
func visit(t *testing.T, handlers map[string]http.HandlerFunc, opt web.Options) (*web.Client, string) {
	t.Helper()
	mux := http.NewServeMux()
	for path, h := range handlers {
		mux.HandleFunc(path, h)
	}
	server := httptest.NewServer(mux)
	opt.AllowPrivate, opt.Rate = true, 10_000
	client := web.New(opt)
	t.Cleanup(func() {
		client.Close()
		server.Close()
	})
	return client, server.URL
}

func text(s string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, s) }
}

func status(code int, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
	}
}

func packed(t *testing.T, size int) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(make([]byte, size)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestFailures(t *testing.T) {
	bomb := packed(t, 64<<20)
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	client, base := visit(t, map[string]http.HandlerFunc{
		"/403":  status(403),
		"/404":  status(404),
		"/429":  status(429, "Retry-After", "120"),
		"/429d": status(429, "Retry-After", now.Add(time.Hour).Format(http.TimeFormat)),
		"/429y": status(429, "Retry-After", "31536000"),
		"/500":  status(500),
		"/503":  status(503),
		"/503r": status(503, "Retry-After", "60"),
		"/a":    status(302, "Location", "/b"),
		"/b":    status(302, "Location", "/a"),
		"/far/": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path+"x", http.StatusFound) },
		"/file": status(302, "Location", "file:///etc/passwd"),
		"/none": status(302),
		"/bomb": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(bomb)
		},
		"/zip": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(append([]byte{0x1f, 0x8b, 9}, make([]byte, 50)...))
		},
		"/br":         status(200, "Content-Encoding", "br"),
		"/robots.txt": text("User-agent: *\nDisallow: /private\n"),
		"/private/x":  text("secret"),
	}, web.Options{MaxBody: 1 << 20, Now: func() time.Time { return now }})
	for _, c := range []struct {
		path    string
		outcome statement.Outcome
		reason  string
		retry   time.Duration
		lasting bool
	}{
		{"/403", statement.OutcomeForbidden, "403 Forbidden", 0, true},
		{"/404", statement.OutcomeGone, "404 Not Found", 0, true},
		{"/429", statement.OutcomeRateLimited, "429 Too Many Requests, retry after 120 s", 2 * time.Minute, false},
		{"/429d", statement.OutcomeRateLimited, "429 Too Many Requests, retry after 3600 s", time.Hour, false},
		{"/429y", statement.OutcomeRateLimited, "429 Too Many Requests, retry after 86400 s", 24 * time.Hour, false},
		{"/500", statement.OutcomeServerError, "500 Internal Server Error", 0, false},
		{"/503", statement.OutcomeServerError, "503 Service Unavailable", 0, false},
		{"/503r", statement.OutcomeRateLimited, "503 Service Unavailable, retry after 60 s", time.Minute, false},
		{"/a", statement.OutcomeRedirect, "redirect loop at " + base + "/a", 0, true},
		{"/far/", statement.OutcomeRedirect, "more than 5 redirects", 0, true},
		{"/file", statement.OutcomeRedirect, `redirect to "file:///etc/passwd", which is not an http or https address`, 0, true},
		{"/none", statement.OutcomeRedirect, "302 Found leads nowhere", 0, true},
		{"/bomb", statement.OutcomeTooLarge, "more than 1 MiB after decompression", 0, true},
		{"/zip", statement.OutcomeMalformed, "damaged gzip data", 0, false},
		{"/br", statement.OutcomeMalformed, `compressed by "br", which was not asked for`, 0, true},
		{"/private/x", statement.OutcomeRobots, "disallowed by robots.txt of " + strings.TrimPrefix(base, "http://"), 0, true},
	} {
		_, err := client.Get(t.Context(), web.Request{URL: base + c.path})
		var f *web.Failure
		if !errors.As(err, &f) {
			t.Errorf("%s: %v, want a failure", c.path, err)
			continue
		}
		if want := (web.Failure{Outcome: c.outcome, Reason: c.reason, RetryAfter: c.retry, Lasting: c.lasting}); *f != want {
			t.Errorf("%s: %+v, want %+v", c.path, *f, want)
		}
	}
}

// TestGuard holds addresses that lead into private networks, in the spellings
// that reach them.
func TestGuard(t *testing.T) {
	inside := httptest.NewServer(text("inside"))
	t.Cleanup(inside.Close)
	port := inside.URL[strings.LastIndex(inside.URL, ":"):]
	client := web.New(web.Options{Rate: 10_000})
	t.Cleanup(client.Close)
	for _, address := range []string{
		inside.URL, "http://localhost" + port, "http://127.0.0.1:80/", "http://0/", "http://0.0.0.0/", "http://[::1]/", "http://[::ffff:127.0.0.1]/",
		"http://127。0。0。1/", "http://①②⑦.⓪.⓪.①/", "http://2130706433/", "http://0x7f.1/", "http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/",
		"http://[fd00::1]/", "http://user@127.0.0.1/", "ftp://example.org/", "file:///etc/passwd", "gopher://127.0.0.1/", "http://", "http://[::1", "://",
	} {
		resp, err := client.Get(t.Context(), web.Request{URL: address})
		var f *web.Failure
		if resp != nil || !errors.As(err, &f) {
			t.Errorf("%s: %v, %v, want a failure", address, resp, err)
			continue
		}
		if f.Outcome != statement.OutcomeBlocked && f.Outcome != statement.OutcomeNetwork { // a form that no resolver knows has no address
			t.Errorf("%s: %s (%s), want blocked", address, f.Outcome, f.Reason)
		}
	}
}

func TestConditional(t *testing.T) {
	client, base := visit(t, map[string]http.HandlerFunc{
		"/": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("ETag", `"v1"`)
			if r.Header.Get("If-None-Match") == `"v1"` && r.Header.Get("If-Modified-Since") == "yesterday" {
				w.WriteHeader(http.StatusNotModified)
				return
			}
			_, _ = fmt.Fprint(w, r.Header.Get("User-Agent"), " ", r.Header.Get("Accept"))
		},
		"/robots.txt": status(404),
	}, web.Options{UserAgent: "Palabre/1.0 (+https://example.org)"})
	first, err := client.Get(t.Context(), web.Request{URL: base, Accept: "text/xml"})
	if err != nil {
		t.Fatal(err)
	}
	if got := string(first.Body); got != "Palabre/1.0 (+https://example.org) text/xml" {
		t.Errorf("the server was asked as %q", got)
	}
	second, err := client.Get(t.Context(), web.Request{URL: base, ETag: first.Header.Get("ETag"), LastModified: "yesterday"})
	if err != nil || !second.NotModified() || len(second.Body) > 0 {
		t.Errorf("second answer %+v, %v, want 304", second, err)
	}
}

func TestBodies(t *testing.T) {
	small := packed(t, 10)
	client, base := visit(t, map[string]http.HandlerFunc{
		"/gzip": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(small)
		},
		"/mislabelled": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = io.WriteString(w, "plain text")
		},
		"/cut": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			_, _ = io.WriteString(w, "only this")
		},
		"/moved":      status(301, "Location", "/gzip"),
		"/robots.txt": status(404),
	}, web.Options{})
	for _, c := range []struct {
		path, body string
		truncated  bool
	}{
		{"/gzip", string(make([]byte, 10)), false},
		{"/moved", string(make([]byte, 10)), false},
		{"/mislabelled", "plain text", false},
		{"/cut", "only this", true},
	} {
		resp, err := client.Get(t.Context(), web.Request{URL: base + c.path})
		if err != nil {
			t.Errorf("%s: %v", c.path, err)
			continue
		}
		if string(resp.Body) != c.body || resp.Truncated != c.truncated {
			t.Errorf("%s: %q, truncated %v", c.path, resp.Body, resp.Truncated)
		}
	}
}

// TestRobots holds what each answer to robots.txt allows.
func TestRobots(t *testing.T) {
	for _, c := range []struct {
		name    string
		robots  http.HandlerFunc
		allowed bool
		reason  string
	}{
		{"none", status(404), true, ""},
		{"forbidden", status(403), true, ""},
		{"for others", text("User-agent: badbot\nDisallow: /\n"), true, ""},
		{"for us by name", text("User-agent: palabre\nDisallow: /\n\nUser-agent: *\nAllow: /\n"), false, "disallowed by robots.txt"},
		{"rule before any group", text("Disallow: /\nUser-agent: *\nDisallow: /x\n"), true, ""},
		{"a page instead", text("<html>hello</html>"), true, ""},
		{"endless", text("User-agent: *\nDisallow: /\n" + strings.Repeat("# filler\n", 100_000)), false, "disallowed by robots.txt"},
		{"broken server", status(500), false, "500 Internal Server Error"},
	} {
		t.Run(c.name, func(t *testing.T) {
			client, base := visit(t, map[string]http.HandlerFunc{"/robots.txt": c.robots, "/page": text("page")}, web.Options{})
			_, err := client.Get(t.Context(), web.Request{URL: base + "/page?q=1"})
			switch {
			case c.allowed && err != nil:
				t.Errorf("%v, want the page", err)
			case !c.allowed && (err == nil || !strings.Contains(err.Error(), c.reason)):
				t.Errorf("%v, want a failure with %q", err, c.reason)
			}
		})
	}
}

func TestCancelled(t *testing.T) {
	client, base := visit(t, map[string]http.HandlerFunc{"/": text("x")}, web.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := client.Get(ctx, web.Request{URL: base}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want context.Canceled", err)
	}
}
