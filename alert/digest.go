package alert

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"palabre/statement"
)

// What goes into one mail or message of a digest. What is longer is left out,
// which the message says; its link leads to the whole.
const (
	longestPlain  = 200 << 10 // bytes of its text
	longestHTML   = 400 << 10
	longestDoc    = 256 << 10
	mostAttached  = 8 << 20
	attachingTime = 90 * time.Second // for what goes with a mail to be made
)

// BodyDigest is an issued digest as programs are sent it.
type BodyDigest struct {
	Period   string          `json:"period"` // "2021-W42" or "2021-10-01/2021-10-15"
	Number   int             `json:"number"`
	Hash     string          `json:"hash"` // SHA-256 of the document, as it is had from the desk
	Lang     string          `json:"lang"`
	Title    string          `json:"title"`
	From     time.Time       `json:"from"`
	Until    time.Time       `json:"until"` // first instant after the period
	Issued   time.Time       `json:"issued"`
	URL      string          `json:"url,omitempty"`      // at the desk
	Document json.RawMessage `json:"document,omitempty"` // left out if it is longer than 256 KB
}

// digestURL returns where the desk shows a digest, or "".
func (e *Editor) digestURL(d *statement.IssuedDigest) string {
	if e.base == "" {
		return ""
	}
	return e.base + "/digests/" + url.PathEscape(d.Period) + "?lang=" + d.Lang
}

// lineOfDigest is the line of a digest that was issued.
func (t *tongue) lineOfDigest(n *statement.Notice) string {
	if n.Digest == nil {
		return clip(t.say("head.digest")+" · "+t.isolate(n.Subject), LineLength)
	}
	text := t.say("line.issued", "number", strconv.Itoa(n.Digest.Number), "title", t.isolate(clean(n.Digest.Title, LineLength)))
	return clip(t.say("head.digest")+" · "+text, LineLength)
}

// writeDigest fills a message that carries a digest: its words are those that
// were issued, below a link.
func (e *Editor) writeDigest(t *tongue, m *statement.Message, n *statement.Notice) error {
	d := n.Digest
	m.Line = t.lineOfDigest(n)
	link := e.digestURL(d)
	top := []string{m.Line}
	if n.Note != "" {
		top = append(top, t.foreign(note(n.Note, longestQuote)))
	}
	if link != "" {
		top = append(top, t.say("fact.line", "label", t.say("link.digest"), "value", link))
	}
	plain := d.Plain
	if len(plain) > longestPlain {
		cut := strings.LastIndexByte(plain[:longestPlain], '\n')
		plain = plain[:max(cut, 0)] + "\n\n" + t.say("digest.cut") + "\n"
	}
	m.Text = strings.ToValidUTF8(strings.Join(top, "\n\n")+"\n\n"+plain, "")
	if len(d.HTML) <= longestHTML {
		m.HTML = d.HTML
	}
	body := Body{Type: "alert." + string(m.Kind), ID: m.ID, At: m.Composed.UTC(), Receiver: m.Receiver, Line: m.Line, Signals: []BodySignal{}}
	body.Digest = &BodyDigest{
		Period: d.Period, Number: d.Number, Hash: d.Hash, Lang: d.Lang, Title: d.Title, From: d.From, Until: d.Until, Issued: d.Issued, URL: link,
	}
	if len(d.Doc) <= longestDoc && json.Valid(d.Doc) {
		body.Digest.Document = d.Doc
	}
	text, err := json.Marshal(body)
	m.Body = string(text)
	return err
}

// attach adds to the mails of a plan that carry a digest the files that go with
// it. A mail goes without them where they cannot be made, and says so.
func (c *Courier) attach(ctx context.Context, r *statement.Receiver, due []*statement.Notice, plan *statement.Plan) {
	if c.opt.Attach == nil || r.Way.Kind != statement.Email {
		return
	}
	for i := range plan.Messages {
		m := &plan.Messages[i]
		at := slices.IndexFunc(due, func(n *statement.Notice) bool {
			return m.Kind == statement.NoticeDigest && slices.Contains(m.Notices, n.N)
		})
		if at < 0 || due[at].Digest == nil {
			continue
		}
		limited, cancel := context.WithTimeout(ctx, attachingTime)
		files, err := c.opt.Attach(limited, due[at].Digest)
		cancel()
		if err != nil {
			c.opt.Log.WarnContext(ctx, "a digest goes without all of its files", "receiver", r.ID, "period", due[at].Subject, "error", err)
		}
		size, left := 0, err != nil
		for _, f := range files {
			if size += len(f.Body); size > mostAttached {
				left = true
				break
			}
			m.Files = append(m.Files, f)
		}
		if left {
			m.Text += "\n" + c.editor.tongue(r.Lang).say("digest.bare") + "\n"
		}
	}
}
