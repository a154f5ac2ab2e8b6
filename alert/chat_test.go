package alert

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode/utf8"

	"palabre/statement"
)

// talker is a receiver at a local server, through shoutrrr.
func talker(server *httptest.Server) *statement.Receiver {
	return &statement.Receiver{ID: "chat", Way: statement.Way{
		Kind: statement.Chat, URL: strings.Replace(server.URL, "http://", "generic://", 1) + "/s3cr3t-token?disabletls=yes",
	}}
}

func TestChat(t *testing.T) {
	var got string
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = string(body)
	}))
	defer server.Close()
	m := compose(t, editor(t), talker(server), noticeOf(1, statement.NoticeNew, shift(t)))[0]
	if err := (chat{}).send(t.Context(), talker(server), &m); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(got, m.Line+"\n") || !strings.Contains(got, "https://desk.example.org/statements/st1") {
		t.Errorf("got %q", got)
	}
}

func TestChatFails(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }))
	m := &statement.Message{Text: "x"}
	f := failureOf(t, chat{}.send(t.Context(), talker(server), m))
	if !strings.Contains(f.Reason, "500") || strings.Contains(f.Reason, "s3cr3t") {
		t.Errorf("got %q", f.Reason)
	}
	server.Close()
	f = failureOf(t, chat{}.send(t.Context(), talker(server), m))
	if !strings.Contains(f.Reason, "refused") || strings.Contains(f.Reason, "s3cr3t") {
		t.Errorf("got %q", f.Reason)
	}
}

// TestChatText takes the sting out of what chat services act on.
func TestChatText(t *testing.T) {
	text := chatText(&statement.Message{Text: "@everyone <!channel> <https://evil.example|RFI> [RFI](https://evil.example) `x`"})
	for _, bad := range []string{"@e", "<", "](", "`"} {
		if strings.Contains(text, bad) {
			t.Errorf("it holds %q: %s", bad, text)
		}
	}
	long := chatText(&statement.Message{Text: strings.Repeat("كلمات كلمات\n", 1000)})
	if n := utf8.RuneCountInString(long); n > longestChat || !strings.HasSuffix(long, "كلمات\n…") {
		t.Errorf("%d characters, the last %q", n, long[len(long)-20:])
	}
}

func TestWithoutSecrets(t *testing.T) {
	const url = "telegram://12345:AAtoken@telegram?chats=@desk"
	err := errors.New(`Post "https://api.telegram.org/bot12345:AAtoken/sendMessage": dial tcp: AAtoken refused` + "\n\x1b[31m")
	if got := withoutSecrets(err, url); strings.Contains(got, "AAtoken") || strings.Contains(got, "12345") || !strings.Contains(got, "refused") || strings.ContainsAny(got, "\n\x1b") {
		t.Errorf("got %q", got)
	}
}
