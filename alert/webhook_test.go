package alert

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"palabre/statement"
)

// hook is a receiver at a local server.
func hook(url string) *statement.Receiver {
	return &statement.Receiver{ID: "hook", Way: statement.Way{Kind: statement.Webhook, URL: url, Secret: secret}}
}

func TestWebhookIsSigned(t *testing.T) {
	var header http.Header
	var body []byte
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header = r.Header
		body, _ = io.ReadAll(r.Body)
		w.WriteHeader(http.StatusNoContent)
	}))
	defer server.Close()
	m := compose(t, editor(t), hook(server.URL), noticeOf(1, statement.NoticeNew, shift(t)))[0]
	if err := newWebhook(nil, time.Now).send(t.Context(), hook(server.URL), &m); err != nil {
		t.Fatal(err)
	}
	verifier, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	if err := verifier.Verify(body, header); err != nil {
		t.Error(err)
	}
	if header.Get("webhook-id") != m.ID || string(body) != m.Body || header.Get("Content-Type") != "application/json" {
		t.Errorf("got ID %q, type %q, body %s", header.Get("webhook-id"), header.Get("Content-Type"), body)
	}
	if err := verifier.Verify(append(body, ' '), header); err == nil {
		t.Error("a body that was changed is accepted")
	}
}

func TestWebhookAnswers(t *testing.T) {
	now := moment(t, "2026-11-26T09:00:00Z")
	for _, c := range []struct {
		name       string
		answer     http.HandlerFunc
		status     int
		retryAfter time.Duration
		reason     string
	}{
		{"200", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(200) }, 0, 0, ""},
		{"202", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(202) }, 0, 0, ""},
		{"500", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }, 500, 0, "500 Internal Server Error"},
		{"410", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(410) }, 410, 0, "410 Gone"},
		{"429 in seconds", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "90")
			w.WriteHeader(429)
		}, 429, 90 * time.Second, "429 Too Many Requests, retry after 1m30s"},
		{"503 by date", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "Thu, 26 Nov 2026 09:10:00 GMT")
			w.WriteHeader(503)
		}, 503, 10 * time.Minute, "503 Service Unavailable, retry after 10m0s"},
		{"redirect", func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/" {
				t.Error("the redirect was followed")
			}
			http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
		}, 307, 0, "307 Temporary Redirect, and redirects are not followed"},
		{"an answer without end", func(w http.ResponseWriter, r *http.Request) {
			for block := []byte(strings.Repeat("x", 4096)); r.Context().Err() == nil; {
				if _, err := w.Write(block); err != nil {
					return
				}
			}
		}, 0, 0, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := httptest.NewServer(c.answer)
			defer server.Close()
			err := newWebhook(nil, func() time.Time { return now }).send(t.Context(), hook(server.URL), &statement.Message{ID: "m1", Body: "{}"})
			if c.status == 0 {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if f := failureOf(t, err); f.Status != c.status || f.RetryAfter != c.retryAfter || f.Reason != c.reason {
				t.Errorf("got %+v", f)
			}
		})
	}
}

func TestWebhookHangs(t *testing.T) {
	done := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-done:
		case <-r.Context().Done():
		}
	}))
	defer server.Close()
	defer close(done)
	w := newWebhook(nil, time.Now)
	w.client.Timeout = 50 * time.Millisecond
	if f := failureOf(t, w.send(t.Context(), hook(server.URL), &statement.Message{ID: "m1", Body: "{}"})); f.Reason != "no answer within 15s" {
		t.Errorf("got %q", f.Reason)
	}
}

func TestWebhookVanished(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	url := "http://" + listener.Addr().String() + "/s3cr3t-token"
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	f := failureOf(t, newWebhook(nil, time.Now).send(t.Context(), hook(url), &statement.Message{ID: "m1", Body: "{}"}))
	if !strings.Contains(f.Reason, "connection refused") || strings.Contains(f.Reason, "s3cr3t") {
		t.Errorf("got %q", f.Reason)
	}
}

func TestWebhookPassesTheGuard(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the guard was passed by") }))
	defer server.Close()
	var seen string
	guard := func(_, address string, _ syscall.RawConn) error {
		seen = address
		return errors.New("not a public address")
	}
	url := strings.Replace(server.URL, "127.0.0.1", "localhost", 1)
	f := failureOf(t, newWebhook(guard, time.Now).send(t.Context(), hook(url), &statement.Message{ID: "m1", Body: "{}"}))
	if !strings.Contains(f.Reason, "not a public address") || strings.Contains(seen, "localhost") || seen == "" {
		t.Errorf("the guard saw %q; %q", seen, f.Reason)
	}
}

func TestWebhookEndsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.ReadAll(r.Body) // only then the server notices that the client goes
		cancel()
		<-r.Context().Done()
	}))
	defer server.Close()
	if err := newWebhook(nil, time.Now).send(ctx, hook(server.URL), &statement.Message{ID: "m1", Body: "{}"}); err == nil {
		t.Error("want a failure")
	}
}
