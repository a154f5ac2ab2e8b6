package alert

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"palabre/statement"
)

// postOffice is a small SMTP server. answers replaces what it says to a command.
type postOffice struct {
	listener net.Listener
	answers  map[string]string
	mail     chan letter
}

type letter struct {
	from string
	to   []string
	text []byte
}

func openPostOffice(t *testing.T, answers map[string]string) *postOffice {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &postOffice{listener: listener, answers: answers, mail: make(chan letter, 10)}
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			p.serve(conn)
		}
	}()
	t.Cleanup(func() {
		_ = listener.Close()
		<-closed
	})
	return p
}

// serve speaks with one client.
func (p *postOffice) serve(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	say := func(text string) { fmt.Fprintf(conn, "%s\r\n", text) }
	say("220 post.example.org ESMTP")
	in := bufio.NewReader(conn)
	var l letter
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		verb := strings.ToUpper(strings.TrimSpace(line))
		if i := strings.IndexByte(verb, ' '); i > 0 {
			verb = verb[:i]
		}
		answer, special := p.answers[verb]
		if whole, ok := p.answers[strings.TrimSpace(line)]; ok {
			answer, special = whole, true
		}
		switch {
		case special && answer == "hang":
			_, _ = io.Copy(io.Discard, in) // until the client goes
			return
		case special && answer == "close":
			return
		case special:
			say(answer)
		case verb == "EHLO":
			say("250-post.example.org\r\n250 8BITMIME")
		case verb == "MAIL":
			l = letter{from: strings.TrimSpace(line)}
			say("250 ok")
		case verb == "RCPT":
			l.to = append(l.to, strings.TrimSpace(line))
			say("250 ok")
		case verb == "DATA":
			say("354 go on")
			if l.text, err = readData(in); err != nil {
				return
			}
			p.mail <- l
			say("250 taken")
		case verb == "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

// readData reads up to the lone dot.
func readData(in *bufio.Reader) ([]byte, error) {
	var b bytes.Buffer
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return nil, err
		}
		if line == ".\r\n" {
			return b.Bytes(), nil
		}
		b.WriteString(strings.TrimPrefix(line, "."))
	}
}

// way returns an e-mail way through the post office.
func (p *postOffice) way(t *testing.T) *email {
	t.Helper()
	e, err := newEmail(SMTP{
		Host: "127.0.0.1", Port: p.listener.Addr().(*net.TCPAddr).Port, From: "Palabre <alerts@example.org>", TLS: NoTLS,
	}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func reader(lang string) *statement.Receiver {
	return &statement.Receiver{ID: "officer", Lang: lang, Way: statement.Way{Kind: statement.Email, To: []string{"awa@example.org", "desk@example.org"}}}
}

// parts reads the parts of a letter by their type.
func (l *letter) parts(t *testing.T) (netmail.Header, map[string]string) {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(l.text))
	if err != nil {
		t.Fatal(err)
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("the mail is %q, %v", kind, err)
	}
	out := make(map[string]string)
	for r := multipart.NewReader(m.Body, params["boundary"]); ; {
		part, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			return m.Header, out
		}
		if err != nil {
			t.Fatal(err)
		}
		var body io.Reader = part
		switch part.Header.Get("Content-Transfer-Encoding") {
		case "quoted-printable":
			body = quotedprintable.NewReader(part)
		case "base64":
			body = base64.NewDecoder(base64.StdEncoding, part)
		}
		text, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		kind, params, err := mime.ParseMediaType(part.Header.Get("Content-Type"))
		if err != nil || !strings.EqualFold(params["charset"], "utf-8") {
			t.Fatalf("a part is %q in %q, %v", kind, params["charset"], err)
		}
		out[kind] = strings.ReplaceAll(string(text), "\r\n", "\n")
	}
}

func TestEmail(t *testing.T) {
	office := openPostOffice(t, nil)
	for _, lang := range Languages {
		r := reader(lang)
		m := compose(t, editor(t), r, noticeOf(1, statement.NoticeNew, shift(t)))[0]
		if err := office.way(t).send(t.Context(), r, &m); err != nil {
			t.Fatal(err)
		}
		l, other := <-office.mail, <-office.mail
		if len(l.to) != 1 || len(other.to) != 1 || l.to[0] == other.to[0] || !strings.Contains(l.from, "<alerts@example.org>") {
			t.Errorf("from %q to %q and %q, want a mail to each", l.from, l.to, other.to)
		}
		header, parts := l.parts(t)
		var decoder mime.WordDecoder
		subject, err := decoder.DecodeHeader(header.Get("Subject"))
		if err != nil || subject != m.Line {
			t.Errorf("the subject is %q, %v", subject, err)
		}
		for name, want := range map[string]string{
			"Message-Id": "<" + m.ID + "@example.org>", "References": "<event-ev1@example.org>", "In-Reply-To": "<event-ev1@example.org>",
			"Auto-Submitted": "auto-generated", "Date": m.Composed.Format(time.RFC1123Z), "Content-Language": lang,
		} {
			if got := header.Get(name); got != want {
				t.Errorf("%s is %q, want %q", name, got, want)
			}
		}
		if parts["text/plain"] != m.Text {
			t.Errorf("the plain text differs:\n%s", parts["text/plain"])
		}
		if parts["text/html"] != m.HTML {
			t.Errorf("the HTML differs:\n%s", parts["text/html"])
		}
		if rtl := strings.Contains(parts["text/html"], `dir="rtl"`); rtl != (lang == "ar") {
			t.Errorf("%s: from right to left: %t", lang, rtl)
		}
	}
}

// TestEmailOneOfTwo has one of two addresses refused: for good it costs the other
// nothing, for the time being the mail is tried again.
func TestEmailOneOfTwo(t *testing.T) {
	r := reader("en")
	m := compose(t, editor(t), r, noticeOf(1, statement.NoticeNew, shift(t)))[0]
	first, second := "RCPT TO:<"+r.Way.To[0]+">", "RCPT TO:<"+r.Way.To[1]+">"
	for _, c := range []struct {
		answers map[string]string
		taken   int
		fails   bool
	}{
		{map[string]string{first: "550 no such user"}, 1, false},
		{map[string]string{second: "550 no such user"}, 1, false},
		{map[string]string{first: "550 no such user", second: "550 no such user"}, 0, true},
		{map[string]string{second: "450 try later"}, 1, true},
	} {
		office := openPostOffice(t, c.answers)
		err := office.way(t).send(t.Context(), r, &m)
		if (err != nil) != c.fails || len(office.mail) != c.taken {
			t.Errorf("%v: %d mails, error %v, want %d and failure %t", c.answers, len(office.mail), err, c.taken, c.fails)
		}
	}
}

// TestEmailAgain sends the same message twice: what arrives is the same.
func TestEmailAgain(t *testing.T) {
	office := openPostOffice(t, nil)
	m := compose(t, editor(t), reader("fr"), noticeOf(1, statement.NoticeNew, shift(t)))[0]
	var texts [2]string
	for i := range texts {
		if err := office.way(t).send(t.Context(), reader("fr"), &m); err != nil {
			t.Fatal(err)
		}
		texts[i] = string((<-office.mail).text) + string((<-office.mail).text)
	}
	if texts[0] != texts[1] {
		t.Errorf("the first:\n%s\nthe second:\n%s", texts[0], texts[1])
	}
}

// TestEmailThreads checks that what follows on an event is put with it, and a
// digest with nothing.
func TestEmailThreads(t *testing.T) {
	e := editor(t)
	update := compose(t, e, reader("en"), noticeOf(2, statement.NoticeUpdate, shift(t)))[0]
	if got := thread(&update); got != "event-ev1" {
		t.Errorf("the update is in thread %q", got)
	}
	other := shift(t)
	other.Signal.Event, other.Signal.ID = "ev2", "sig2"
	r := reader("en")
	r.Pace.Mode = statement.Hourly
	digest := compose(t, e, r, noticeOf(1, statement.NoticeNew, shift(t)), noticeOf(2, statement.NoticeNew, other))[0]
	if got := thread(&digest); got != "" {
		t.Errorf("the digest is in thread %q", got)
	}
}

func TestEmailRefused(t *testing.T) {
	for _, c := range []struct {
		name    string
		answers map[string]string
		want    string
	}{
		{"the sender", map[string]string{"MAIL": "553 not you"}, "553 \"not you\""},
		{"an address", map[string]string{"RCPT": "550 no such user"}, "550 \"no such user\""},
		{"the mail", map[string]string{"DATA": "452 full"}, "452 \"full\""},
		{"the greeting", map[string]string{"EHLO": "close"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			office := openPostOffice(t, c.answers)
			m := statement.Message{ID: "m1", Lang: "en", Line: "SHIFT", Text: "x\n", HTML: "<p>x</p>"}
			if f := failureOf(t, office.way(t).send(t.Context(), reader("en"), &m)); !strings.Contains(f.Reason, c.want) {
				t.Errorf("got %q, want %q", f.Reason, c.want)
			}
		})
	}
}

// TestEmailTakenIsTaken: once the server has taken the mail, a bad good-bye is
// no reason to send it again.
func TestEmailTakenIsTaken(t *testing.T) {
	for _, bye := range []string{"close", "421 out of memory"} {
		office := openPostOffice(t, map[string]string{"QUIT": bye, "RSET": bye})
		m := statement.Message{ID: "m1", Lang: "en", Line: "SHIFT", Text: "x\n"}
		if err := office.way(t).send(t.Context(), reader("en"), &m); err != nil {
			t.Errorf("%s: %v", bye, err)
		}
		<-office.mail
	}
}

func TestEmailHangs(t *testing.T) {
	office := openPostOffice(t, map[string]string{"MAIL": "hang"})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	m := statement.Message{ID: "m1", Lang: "en", Line: "SHIFT", Text: "x\n"}
	began := time.Now()
	failureOf(t, office.way(t).send(ctx, reader("en"), &m))
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("it took %s", took)
	}
}

func TestEmailWithoutServer(t *testing.T) {
	e, err := newEmail(SMTP{}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if f := failureOf(t, e.send(t.Context(), reader("en"), &statement.Message{})); f.Reason != "no mail server is set" {
		t.Errorf("got %q", f.Reason)
	}
}

func TestEmailSettings(t *testing.T) {
	for _, s := range []SMTP{{Host: "x"}, {Host: "x", From: "nobody"}, {Host: "x", From: "a@example.org", TLS: "ssl"}} {
		if _, err := newEmail(s, slog.New(slog.DiscardHandler)); err == nil {
			t.Errorf("%+v is accepted", s)
		}
	}
	// A server that offers no TLS is sent nothing unless that is allowed.
	office := openPostOffice(t, nil)
	e := office.way(t)
	e.smtp.TLS = ""
	f := failureOf(t, e.send(t.Context(), reader("en"), &statement.Message{ID: "m1", Lang: "en", Line: "SHIFT", Text: "x\n"}))
	if !strings.Contains(f.Reason, "STARTTLS") {
		t.Errorf("got %q", f.Reason)
	}
}
