package alert

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"

	"palabre/statement"
)

// compose makes the messages of notices that are all due.
func compose(t testing.TB, e *Editor, r *statement.Receiver, notices ...*statement.Notice) []statement.Message {
	t.Helper()
	now := moment(t, "2026-11-26T09:00:00Z")
	for _, n := range notices {
		if n.Due.IsZero() {
			n.Due = now
		}
	}
	p, err := e.Compose(r, notices, nil, nil, now)
	if err != nil {
		t.Fatal(err)
	}
	return p.Messages
}

// TestTexts shows what people are sent, in plain text.
func TestTexts(t *testing.T) {
	e := editor(t)
	for _, lang := range Languages {
		r := &statement.Receiver{ID: "desk", Lang: lang}
		var b strings.Builder
		for i, v := range variations(t) {
			for _, m := range compose(t, e, r, v.notice(t, int64(i))) {
				fmt.Fprintf(&b, "=== %s\n%s\n", v.name, m.Text)
			}
		}
		watch := func(n int64, note string) *statement.Notice {
			return &statement.Notice{N: n, Kind: statement.NoticeWatch, Subject: fmt.Sprint("source ", n), Note: note}
		}
		for _, m := range compose(t, e, r, watch(1, "RFI: no new statement for 3 days; usually every 5 hours")) {
			fmt.Fprintf(&b, "=== watch\n%s\n", m.Text)
		}
		for _, m := range compose(t, e, r, watch(1, "one trouble"), watch(2, "another")) {
			fmt.Fprintf(&b, "=== watch, two troubles\n%s\n", m.Text)
		}
		for _, m := range compose(t, e, r, &statement.Notice{N: 1, Kind: statement.NoticeHeartbeat, Subject: "x"}) {
			fmt.Fprintf(&b, "=== heartbeat\n%s\n", m.Text)
		}
		digest := *r
		digest.Pace.Mode = statement.Daily
		var notices []*statement.Notice
		for i, v := range variations(t)[:3] {
			n := v.notice(t, int64(i))
			n.News.Signal.ID, n.News.Signal.Event = fmt.Sprint("sig", i), fmt.Sprint("ev", i)
			n.Signal, n.Event = n.News.Signal.ID, n.News.Signal.Event
			n.Due = moment(t, "2026-11-26T06:00:00Z")
			notices = append(notices, n)
		}
		for _, m := range compose(t, e, &digest, notices...) {
			fmt.Fprintf(&b, "=== digest\n%s\n", m.Text)
		}
		golden(t, "text-"+lang+".golden", strings.NewReplacer(isolateOpen, "⟦", isolateClose, "⟧").Replace(b.String()))
	}
}

// TestHTML shows what is sent as e-mail.
func TestHTML(t *testing.T) {
	for _, lang := range Languages {
		m := compose(t, editor(t), &statement.Receiver{ID: "desk", Lang: lang}, noticeOf(1, statement.NoticeNew, shift(t)))
		golden(t, "mail-"+lang+".html", m[0].HTML)
	}
}

// TestBody shows what programs are sent.
func TestBody(t *testing.T) {
	e := editor(t)
	r := &statement.Receiver{ID: "program", Lang: "en"}
	corrected := noticeOf(2, statement.NoticeCorrected, shift(t))
	corrected.News.Reversed = statement.Anti
	watch := &statement.Notice{N: 3, Kind: statement.NoticeWatch, Subject: "source rfi silent since 2026-11-23T09:00:00Z", Note: "RFI: no new statement for 3 days"}
	var b strings.Builder
	for _, m := range compose(t, e, r, noticeOf(1, statement.NoticeNew, shift(t)), corrected, watch) {
		var v any
		if err := json.Unmarshal([]byte(m.Body), &v); err != nil {
			t.Fatal(err)
		}
		out, err := json.MarshalIndent(v, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		b.Write(append(out, '\n'))
	}
	golden(t, "body.golden", b.String())
}

// hostile is what somebody might have us fetch.
const hostile = "<script>alert(1)</script>\u202e\u2066\u200f<img src=x onerror=alert(2)>\"'&amp;\x00\x1b[31m\n\nSubject: other\r\nBcc: all@example.org"

// TestHostileWords puts such words wherever fetched words may stand.
func TestHostileWords(t *testing.T) {
	news := shift(t)
	s := &news.Signal
	s.Condition, s.Why, s.Candidate, s.Now.Quote, s.Act = hostile, hostile, hostile, hostile, hostile
	news.Now.Quote, news.Now.Title, news.Now.Outlet, news.Now.Lang, news.Now.URL = hostile, hostile, hostile, "x\"><b>", "javascript:alert(1)"
	news.Then.Quote, news.Then.Outlet, news.Rule, news.Pack = hostile, hostile, hostile, hostile
	news.Demands, s.Reason, s.Topic = nil, statement.Reason(hostile), statement.Topic(hostile)
	for _, lang := range Languages {
		m := compose(t, editor(t), &statement.Receiver{ID: "desk", Lang: lang}, noticeOf(1, statement.NoticeNew, news))[0]
		for _, text := range []string{m.Line, m.Text, m.HTML} {
			for _, r := range text {
				if r != '\n' && r != '\u2068' && r != '\u2069' && hidden(r) {
					t.Errorf("%s: holds %U", lang, r)
				}
			}
			if open, closed := strings.Count(text, isolateOpen), strings.Count(text, isolateClose); open != closed {
				t.Errorf("%s: %d isolates are opened and %d closed", lang, open, closed)
			}
		}
		for _, line := range strings.Split(m.Text, "\n") {
			if strings.HasPrefix(line, "Bcc:") || strings.HasPrefix(line, "Subject:") {
				t.Errorf("%s: fetched words begin a line: %q", lang, line)
			}
		}
		checkElements(t, m.HTML)
	}
}

// checkElements reports elements and attributes that are not of the template.
func checkElements(t *testing.T, page string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	elements := strings.Fields("html head meta title body h1 h2 hr p b blockquote table tbody tr th td a ul li")
	attributes := strings.Fields("lang dir charset style scope href")
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if !slices.Contains(elements, n.Data) {
			t.Errorf("there is an element %s", n.Data)
		}
		for _, a := range n.Attr {
			if !slices.Contains(attributes, a.Key) || a.Key == "href" && !strings.HasPrefix(a.Val, "https://") {
				t.Errorf("there is an attribute %s=%q", a.Key, a.Val)
			}
		}
	}
}

// TestHugeWords cuts what nobody would read.
func TestHugeWords(t *testing.T) {
	huge := strings.Repeat("كلمات ", 100_000) + "\xff"
	news := shift(t)
	news.Signal.Condition, news.Signal.Why, news.Now.Quote, news.Then.Quote, news.Now.Outlet, news.Demands = huge, huge, huge, huge, huge, nil
	m := compose(t, editor(t), &statement.Receiver{ID: "desk", Lang: "ar"}, noticeOf(1, statement.NoticeNew, news))[0]
	if len(m.Text)+len(m.HTML)+len(m.Body) > 40_000 {
		t.Errorf("the message has %d, %d and %d bytes", len(m.Text), len(m.HTML), len(m.Body))
	}
	if !utf8.ValidString(m.Text) || !utf8.ValidString(m.HTML) || !json.Valid([]byte(m.Body)) {
		t.Error("the message is damaged")
	}
	checkLine(t, m.Line)
}

func TestWebAddress(t *testing.T) {
	for url, want := range map[string]string{
		"https://example.org/a?b=c#d":          "https://example.org/a?b=c#d",
		"http://example.org/":                  "http://example.org/",
		"javascript:alert(1)":                  "",
		"https://example.org/\nBcc: x":         "",
		"https://example.org/\u202e":           "",
		"https://example.org/<x>":              "",
		"":                                     "",
		"/relative":                            "",
		"https://" + strings.Repeat("x", 3000): "",
	} {
		if got := webAddress(url); got != want {
			t.Errorf("%q: got %q, want %q", url, got, want)
		}
	}
}
