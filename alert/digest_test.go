package alert

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"strconv"
	"strings"
	"testing"
	"time"

	"palabre/statement"
)

// issued is a notice of a digest.
func issued(t testing.TB, lang string) *statement.Notice {
	t.Helper()
	from := moment(t, "2021-10-18T00:00:00Z")
	return &statement.Notice{
		N: 7, Receiver: "desk", Kind: statement.NoticeDigest, Subject: "2021-W42", Due: moment(t, "2026-11-26T09:00:00Z"),
		Digest: &statement.IssuedDigest{
			Period: "2021-W42", Number: 3, Hash: strings.Repeat("ab", 32), Lang: lang, Title: "Weekly digest, week 42 of 2021",
			From: from, Until: from.AddDate(0, 0, 7), Issued: moment(t, "2026-11-26T08:59:00Z"),
			Plain: "# Weekly digest\n\nبيان: the mandate.\n", HTML: "<!doctype html><title>Weekly digest</title>", Doc: []byte(`{"period":"2021-W42"}`),
		},
	}
}

// composed is the one message that notices become.
func composed(t testing.TB, r *statement.Receiver, notices ...*statement.Notice) statement.Message {
	t.Helper()
	plan, err := editor(t).Compose(r, notices, nil, nil, moment(t, "2026-11-26T09:00:00Z"))
	if err != nil || len(plan.Messages) != 1 {
		t.Fatalf("plan %+v, %v", plan, err)
	}
	return plan.Messages[0]
}

func TestDigestMessage(t *testing.T) {
	for lang, line := range map[string]string{
		"en": "DIGEST · No. 3 · Weekly digest, week 42 of 2021", "fr": "SYNTHÈSE · n° 3 · Weekly digest, week 42 of 2021",
		"ar": "النشرة · العدد 3 · \u2068Weekly digest, week 42 of 2021\u2069",
	} {
		n := issued(t, lang)
		n.Note = "for ana, who could not be told: gone"
		m := composed(t, &statement.Receiver{ID: "desk", Lang: lang, Pace: statement.Pace{Mode: statement.Daily}}, n)
		if m.Line != line {
			t.Errorf("line %q, want %q", m.Line, line)
		}
		link := "https://desk.example.org/digests/2021-W42?lang=" + lang
		for _, want := range []string{m.Line, link, "the mandate", "could not be told"} {
			if !strings.Contains(m.Text, want) {
				t.Errorf("%s: the text does not hold %q:\n%s", lang, want, m.Text)
			}
		}
		var body Body
		if err := json.Unmarshal([]byte(m.Body), &body); err != nil {
			t.Fatal(err)
		}
		if body.Type != "alert.digest" || body.Digest == nil || body.Digest.URL != link || string(body.Digest.Document) != `{"period":"2021-W42"}` || body.Digest.Hash != n.Digest.Hash {
			t.Errorf("body %s", m.Body)
		}
		if m.HTML != n.Digest.HTML {
			t.Errorf("html %q", m.HTML)
		}
	}
}

// TestDigestsGoAlone checks that each digest is a message of its own, at once but
// for quiet hours, and counts against no limit.
func TestDigestsGoAlone(t *testing.T) {
	now := moment(t, "2026-11-26T09:00:00Z")
	first, second := issued(t, "en"), issued(t, "en")
	second.N, second.Subject = 8, "2021-W43"
	r := &statement.Receiver{ID: "desk", Pace: statement.Pace{Mode: statement.AtOnce, Storm: 1}}
	plan, err := editor(t).Compose(r, []*statement.Notice{first, second}, []statement.Muting{{ID: "all", From: now, Until: now.Add(time.Hour)}}, nil, now)
	if err != nil || len(plan.Messages) != 2 || plan.Messages[0].ID == plan.Messages[1].ID {
		t.Errorf("plan %+v, %v", plan, err)
	}
	r.Pace.Quiet = statement.Quiet{From: "08:00", To: "10:00"}
	plan, err = editor(t).Compose(r, []*statement.Notice{first}, nil, nil, now)
	if err != nil || len(plan.Messages) != 0 || !plan.Wait[first.N].Equal(now.Add(time.Hour)) {
		t.Errorf("in quiet hours: plan %+v, %v", plan, err)
	}
	first.Digest = nil
	r.Pace.Quiet = statement.Quiet{}
	plan, err = editor(t).Compose(r, []*statement.Notice{first}, nil, nil, now)
	if err != nil || len(plan.Messages) != 0 || plan.Silenced[first.N] == "" {
		t.Errorf("of a digest that is not there: plan %+v, %v", plan, err)
	}
}

func TestLongDigestIsCutAloud(t *testing.T) {
	n := issued(t, "en")
	n.Digest.Plain = strings.Repeat("A line of the annex.\n", longestPlain/10)
	n.Digest.HTML = strings.Repeat("x", longestHTML+1)
	n.Digest.Doc = []byte(`"` + strings.Repeat("x", longestDoc) + `"`)
	m := composed(t, &statement.Receiver{ID: "desk"}, n)
	if len(m.Text) > longestPlain+1000 || !strings.Contains(m.Text, "the link leads to the whole") || m.HTML != "" {
		t.Errorf("text of %d bytes, html of %d, ends with %q", len(m.Text), len(m.HTML), m.Text[len(m.Text)-200:])
	}
	var body Body
	if err := json.Unmarshal([]byte(m.Body), &body); err != nil || body.Digest.Document != nil {
		t.Errorf("body of %d bytes, %v", len(m.Body), err)
	}
}

// TestDigestMail sends a digest through a mail server and reads what arrives: text
// and HTML, and the files.
func TestDigestMail(t *testing.T) {
	post := openPostOffice(t, nil)
	host, port, err := net.SplitHostPort(post.listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	at, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	r := statement.Receiver{ID: "desk", Lang: "fr", Way: statement.Way{Kind: statement.Email, To: []string{"desk@example.org"}}}
	l := openBooks(r)
	l.put(r.ID, issued(t, "fr"))
	courier, err := New(Options{
		Ledger: l.ledger(), Names: names(), Base: "https://desk.example.org",
		SMTP: SMTP{Host: host, Port: at, From: "alerts@example.org", TLS: NoTLS},
		Attach: func(_ context.Context, d *statement.IssuedDigest) ([]statement.Attachment, error) {
			files := []statement.Attachment{{Name: "digest-" + d.Period + "-" + d.Lang + ".docx", Type: "application/x-docx", Body: []byte("PK words")}}
			return files, errors.New("the browser crashed")
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := courier.Round(t.Context(), &r, moment(t, "2026-11-26T09:00:00Z")); err != nil {
		t.Fatal(err)
	}
	select {
	case got := <-post.mail:
		parts := readParts(t, got.text)
		for _, want := range []struct{ kind, text string }{
			{"text/plain", "the mandate"},
			{"text/plain", "Des fichiers qui devaient accompagner"},
			{"text/html", "<title>Weekly digest</title>"},
			{"application/x-docx", "PK words"},
		} {
			if !strings.Contains(parts[want.kind], want.text) {
				t.Errorf("the part %s does not hold %q: %q", want.kind, want.text, parts[want.kind])
			}
		}
	case <-time.After(10 * time.Second):
		t.Fatal("no mail arrives")
	}
	if len(l.deliveries) != 1 || !l.deliveries[0].Sent {
		t.Errorf("deliveries are %+v", l.deliveries)
	}
}

// readParts reads a mail's parts, also those of parts, by their media type.
func readParts(t *testing.T, mail []byte) map[string]string {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(mail))
	if err != nil {
		t.Fatal(err)
	}
	out := make(map[string]string)
	var walk func(kind, encoding string, body io.Reader)
	walk = func(kind, encoding string, body io.Reader) {
		media, params, err := mime.ParseMediaType(kind)
		if err != nil {
			t.Fatalf("media type %q: %v", kind, err)
		}
		if !strings.HasPrefix(media, "multipart/") {
			switch encoding {
			case "quoted-printable":
				body = quotedprintable.NewReader(body)
			case "base64":
				body = base64.NewDecoder(base64.StdEncoding, body)
			}
			text, err := io.ReadAll(body)
			if err != nil {
				t.Fatal(err)
			}
			out[media] = strings.ReplaceAll(string(text), "\r\n", "\n")
			return
		}
		parts := multipart.NewReader(body, params["boundary"])
		for {
			part, err := parts.NextRawPart()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			walk(part.Header.Get("Content-Type"), part.Header.Get("Content-Transfer-Encoding"), part)
		}
	}
	walk(m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), m.Body)
	return out
}
