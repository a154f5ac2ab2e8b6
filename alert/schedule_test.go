package alert

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"
)

// TestAgain goes through the schedule of Standard Webhooks on a fake clock, row
// by row.
func TestAgain(t *testing.T) {
	begin := moment(t, "2026-11-26T09:00:00Z")
	now := begin
	for tries, want := range []time.Duration{
		1: 5 * time.Second, 2: 5 * time.Minute, 3: 30 * time.Minute, 4: 2 * time.Hour, 5: 5 * time.Hour,
		6: 10 * time.Hour, 7: 14 * time.Hour, 8: 20 * time.Hour, 9: 24 * time.Hour,
	} {
		if tries == 0 {
			continue
		}
		at, dead, disable := Again("m1", tries, errors.New("no answer"), now)
		if delay := at.Sub(now); dead || disable || delay < want || delay > want+want/10 {
			t.Errorf("after %d tries: in %s, want %s and a little; dead %t, disable %t", tries, delay, want, dead, disable)
		}
		if again, _, _ := Again("m1", tries, errors.New("other words"), now); !again.Equal(at) {
			t.Errorf("after %d tries: once %s, once %s", tries, at, again)
		}
		now = at
	}
	if at, dead, disable := Again("m1", 10, errors.New("no answer"), now); !at.IsZero() || !dead || disable {
		t.Errorf("after 10 tries: again at %s, dead %t, disable %t", at, dead, disable)
	}
	if took := now.Sub(begin); took < 75*time.Hour || took > 84*time.Hour {
		t.Errorf("the ten tries take %s", took)
	}
}

// TestAgainSpreads checks that what failed together does not come back together.
func TestAgainSpreads(t *testing.T) {
	now := moment(t, "2026-11-26T09:00:00Z")
	seen := make(map[time.Time]bool)
	for i := range 100 {
		at, _, _ := Again(fmt.Sprint("message", i), 2, errors.New("no answer"), now)
		seen[at.Truncate(time.Second)] = true
	}
	if len(seen) < 20 {
		t.Errorf("100 messages come back at %d moments", len(seen))
	}
}

func TestAgainByStatus(t *testing.T) {
	now := moment(t, "2026-11-26T09:00:00Z")
	for _, c := range []struct {
		name          string
		failure       error
		least, most   time.Duration
		dead, disable bool
	}{
		{"429 with Retry-After", &Failure{Status: 429, RetryAfter: 2 * time.Minute}, 2 * time.Minute, 2 * time.Minute, false, false},
		{"503 with Retry-After", &Failure{Status: 503, RetryAfter: 2 * time.Minute}, 2 * time.Minute, 2 * time.Minute, false, false},
		{"429 without", &Failure{Status: 429}, 5 * time.Second, 6 * time.Second, false, false},
		{"429 with less than the schedule", &Failure{Status: 429, RetryAfter: time.Second}, 5 * time.Second, 6 * time.Second, false, false},
		{"429 with more than a day", &Failure{Status: 429, RetryAfter: 99 * time.Hour}, 24 * time.Hour, 24 * time.Hour, false, false},
		{"500 does not ask", &Failure{Status: 500, RetryAfter: time.Hour}, 5 * time.Second, 6 * time.Second, false, false},
		{"410", &Failure{Status: 410}, 0, 0, true, true},
		{"410 within another error", fmt.Errorf("send: %w", &Failure{Status: 410}), 0, 0, true, true},
		{"404", &Failure{Status: 404}, 5 * time.Second, 6 * time.Second, false, false},
		{"401", &Failure{Status: 401}, 5 * time.Second, 6 * time.Second, false, false},
		{"408", &Failure{Status: 408}, 5 * time.Second, 6 * time.Second, false, false},
		{"302", &Failure{Status: 302}, 5 * time.Second, 6 * time.Second, false, false},
	} {
		at, dead, disable := Again("m1", 1, c.failure, now)
		if dead != c.dead || disable != c.disable {
			t.Errorf("%s: dead %t, disable %t", c.name, dead, disable)
		}
		if delay := at.Sub(now); !dead && (delay < c.least || delay > c.most) {
			t.Errorf("%s: in %s, want %s to %s", c.name, delay, c.least, c.most)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	now := moment(t, "2026-11-26T09:00:00Z")
	for header, want := range map[string]time.Duration{
		"":                                 0,
		"0":                                0,
		"120":                              2 * time.Minute,
		" 120 ":                            2 * time.Minute,
		"86400":                            24 * time.Hour,
		"86401":                            24 * time.Hour,
		"99999999999999999999999":          24 * time.Hour,
		"-5":                               0,
		"1.5":                              0,
		"soon":                             0,
		"Thu, 26 Nov 2026 09:05:00 GMT":    5 * time.Minute,
		"Thu, 26 Nov 2026 08:00:00 GMT":    0,
		"Sun, 26 Nov 2028 09:00:00 GMT":    24 * time.Hour,
		"Thursday, 26-Nov-26 09:01:00 GMT": time.Minute,
	} {
		if got := retryAfter(header, now); got != want {
			t.Errorf("%q: got %s, want %s", header, got, want)
		}
	}
}

func TestRefused(t *testing.T) {
	now := moment(t, "2026-11-26T09:00:00Z")
	for _, c := range []struct {
		status int
		header string
		want   string
	}{
		{500, "", "500 Internal Server Error"},
		{429, "90", "429 Too Many Requests, retry after 1m30s"},
		{301, "", "301 Moved Permanently, and redirects are not followed"},
		{599, "", "599"},
	} {
		f := refused(&http.Response{StatusCode: c.status, Header: http.Header{"Retry-After": {c.header}}}, now)
		if f.Error() != c.want || f.Status != c.status {
			t.Errorf("got %q, want %q", f, c.want)
		}
	}
}

func FuzzRetryAfter(f *testing.F) {
	for _, s := range []string{"120", "Thu, 26 Nov 2026 09:05:00 GMT", "-1", "9e9", "٣", "0x10"} {
		f.Add(s)
	}
	now := moment(f, "2026-11-26T09:00:00Z")
	f.Fuzz(func(t *testing.T, header string) {
		if d := retryAfter(header, now); d < 0 || d > longestWait {
			t.Errorf("%q: %s", header, d)
		}
	})
}
