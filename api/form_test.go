package api

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"palabre/statement"
)

// FuzzBack checks that no form leads away from the site, whatever it says.
func FuzzBack(f *testing.F) {
	for _, back := range []string{"/", "/alerts?receiver=x&done=y", "//evil.example", "/\\evil.example", "https://evil.example", "/a/..//b", "/%2f%2fevil", "/?done=1#x", "\t//evil"} {
		f.Add(back, "signal-1")
	}
	f.Fuzz(func(t *testing.T, back, at string) {
		to := withDone((&form{url.Values{"back": {back}}}).back(), "id", at)
		u, err := url.Parse(to)
		if err != nil || u.Host != "" || u.Scheme != "" || u.User != nil || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n") {
			t.Errorf("back %q leads to %q: %v", back, to, err)
		}
		if u.Query().Get("done") != "id" {
			t.Errorf("back %q leads to %q, which does not say what was done", back, to)
		}
	})
}

func TestRedactedKeepsNoKeys(t *testing.T) {
	for in, want := range map[string]string{
		`Post "https://hooks.example.org/T0P?key=abc": EOF`: `Post "https://hooks.example.org/…": EOF`,
		"http://user:pass@10.0.0.1:8080/x refused":          "http://10.0.0.1:8080/… refused",
		"telegram://t0ken@telegram?chats=1: 401":            "telegram://… 401",
		"slack://hook:T0/B0/X0@webhook":                     "slack://…",
		"https://%zz/x":                                     "https://…",
		"550 mailbox full":                                  "550 mailbox full",
	} {
		if got := redacted(in); got != want {
			t.Errorf("redacted(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestAlertLineKeepsIsolatesThatEnd(t *testing.T) {
	for in, want := range map[string]string{
		"SHIFT · \u2068JNIM\u2069: for":      "SHIFT · \u2068JNIM\u2069: for",
		"a \u2068b \u2068c\u2069\u2069":      "a \u2068b \u2068c\u2069\u2069",
		"a \u2068b":                          "a b",
		"a \u2069b\u2068":                    "a b",
		"\u2068a\u202e\x07\u2069 \u2067b":    "\u2068a\u2069 b",
		"حكومة \u2066مالي":                   "حكومة مالي",
		"plain":                              "plain",
		"\u2068" + "a" + "\u2069" + "\u2069": "a",
	} {
		if got := alertLine(in); got != want {
			t.Errorf("alertLine(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestWordsOfTime(t *testing.T) {
	en := inEnglish(t)
	now := time.Date(2026, 11, 26, 14, 0, 0, 0, time.UTC)
	for d, want := range map[time.Duration]string{
		-time.Minute: "just now", 59 * time.Second: "just now", 5 * time.Minute: "5 min ago", 90 * time.Minute: "1 h ago", 47 * time.Hour: "47 h ago", 72 * time.Hour: "3 days ago",
	} {
		if got := en.in(ago(d)); got != want {
			t.Errorf("ago(%s) = %q, want %q", d, got, want)
		}
	}
	if got := en.clock(now.Add(-time.Hour), now); got != "13:00 UTC" {
		t.Errorf("an hour ago is %q", got)
	}
	if got := en.clock(now.AddDate(0, 0, -1), now); got != "25 November 2026, 14:00 UTC" {
		t.Errorf("a day ago is %q", got)
	}
}

func TestCareSaysTheWeightiestFirst(t *testing.T) {
	en := inEnglish(t)
	now := time.Now()
	c := careOf(&statement.Care{
		Owner: "عائشة", Acknowledged: "Aminata", At: now.Add(-5 * time.Minute), Snoozed: now.Add(-time.Minute), False: "Ousmane", Confirmed: "Fatou",
	})
	if got, want := c.says(en, now), "marked false by Ousmane, owned by \u2068عائشة\u2069, acknowledged by Aminata 5 min ago, confirmed by Fatou"; got != want {
		t.Errorf("says %q, want %q", got, want)
	}
	if got := c.State(); got != CareFalse {
		t.Errorf("state %s, want false", got)
	}
	if got := new(Care).says(en, now); got != "new" {
		t.Errorf("nothing was done, and it says %q", got)
	}
}

func inEnglish(t *testing.T) *tongue {
	t.Helper()
	tongues, err := newTongues(&statement.Registry{})
	if err != nil {
		t.Fatal(err)
	}
	return tongues[0]
}
