package alert

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	netmail "net/mail"
	"strings"
	"sync"

	"github.com/wneessen/go-mail"

	"palabre/statement"
)

// SMTP says through which server e-mail is sent. Without a host there is none.
type SMTP struct {
	Host     string
	Port     int // 0 is the usual one for TLS
	User     string
	Password string
	From     string // address, with or without a name
	TLS      TLS
}

// TLS says how the connection to the mail server is protected.
type TLS string

// The protections. The empty one is StartTLS.
const (
	StartTLS      TLS = "starttls"      // or nothing is sent
	ImplicitTLS   TLS = "tls"           // from the first byte, on a port of its own
	Opportunistic TLS = "opportunistic" // if the server offers it
	NoTLS         TLS = "none"
)

// email sends mail.
type email struct {
	smtp   SMTP
	domain string // of the sender: IDs of messages end in it
	log    *slog.Logger
}

// newEmail checks the settings.
func newEmail(s SMTP, log *slog.Logger) (*email, error) {
	e := &email{smtp: s, log: log}
	if s.Host == "" {
		return e, nil
	}
	from, err := netmail.ParseAddress(s.From)
	if err != nil {
		return nil, fmt.Errorf("read sender of e-mail %q: want an address such as alerts@example.org", s.From)
	}
	_, e.domain, _ = strings.Cut(from.Address, "@")
	switch s.TLS {
	case "", StartTLS, ImplicitTLS, Opportunistic, NoTLS:
	default:
		return nil, fmt.Errorf("read protection of e-mail: %q is none of starttls, tls, opportunistic, none", s.TLS)
	}
	return e, nil
}

func (e *email) send(ctx context.Context, r *statement.Receiver, m *statement.Message) error {
	if e.smtp.Host == "" {
		return &Failure{Reason: "no mail server is set"}
	}
	call := &phone{}
	defer call.hangUp()
	client, err := mail.NewClient(e.smtp.Host, e.options(call)...)
	if err != nil {
		return &Failure{Reason: clean(err.Error(), 200)}
	}
	stop := context.AfterFunc(ctx, call.hangUp) // lets go of a server that hangs
	defer stop()
	conn, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return unreached(err)
	}
	defer func() { _ = client.CloseWithSMTPClient(conn) }() // the server has said what it had to say
	return e.sendEach(ctx, r, m, func(msg *mail.Msg) error { return client.SendWithSMTPClient(conn, msg) })
}

// sendEach sends a mail of its own to every address, so that one that is refused
// costs the others nothing. That address is logged; it is a failure if no other
// took the mail, or if the server may take it later.
func (e *email) sendEach(ctx context.Context, r *statement.Receiver, m *statement.Message, send func(*mail.Msg) error) error {
	var failure error
	taken := false
	for _, to := range r.Way.To {
		msg, err := e.message(to, m)
		if err != nil {
			return &Failure{Reason: clean(err.Error(), 200)}
		}
		err = send(msg)
		if err == nil || msg.IsDelivered() {
			taken = true
			continue
		}
		var refusal *mail.SendError
		switch {
		case !errors.As(err, &refusal):
			return unreached(err)
		case refusal.IsTemp():
			return &Failure{Reason: clean(refusal.Error(), 200)}
		}
		e.log.WarnContext(ctx, "an address is refused", "receiver", r.ID, "address", to, "error", refusal)
		failure = &Failure{Reason: clean(refusal.Error(), 200)}
	}
	if taken {
		return nil
	}
	return failure
}

// phone holds the connection to a mail server, which the library does not close
// after everything that can go wrong, nor while it waits for an answer.
type phone struct {
	mu   sync.Mutex
	conn net.Conn
}

func (p *phone) dial(ctx context.Context, network, address string) (net.Conn, error) {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, network, address)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.conn = conn
	return conn, err
}

func (p *phone) hangUp() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.conn != nil {
		_ = p.conn.Close()
	}
}

// options are those of a connection.
func (e *email) options(call *phone) []mail.Option {
	out := []mail.Option{mail.WithTimeout(patience), mail.WithHELO(e.domain)}
	if e.smtp.TLS != ImplicitTLS { // there the library must dial, or it takes the line for an open one
		out = append(out, mail.WithDialContextFunc(call.dial))
	}
	switch e.smtp.TLS {
	case ImplicitTLS:
		out = append(out, mail.WithSSLPort(false))
	case Opportunistic:
		out = append(out, mail.WithTLSPortPolicy(mail.TLSOpportunistic))
	case NoTLS:
		out = append(out, mail.WithTLSPortPolicy(mail.NoTLS))
	default:
		out = append(out, mail.WithTLSPortPolicy(mail.TLSMandatory))
	}
	if e.smtp.Port != 0 {
		out = append(out, mail.WithPort(e.smtp.Port))
	}
	if e.smtp.User != "" {
		out = append(out, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(e.smtp.User), mail.WithPassword(e.smtp.Password))
	}
	return out
}

// message builds the mail to an address. The same message always gives the same
// bytes, but for what stands between its parts where it carries files.
func (e *email) message(to string, m *statement.Message) (*mail.Msg, error) {
	encoding := mail.EncodingQP
	if m.Lang == "ar" {
		encoding = mail.EncodingB64 // half as long for its letters
	}
	options := []mail.MsgOption{mail.WithNoDefaultUserAgent(), mail.WithEncoding(encoding)}
	if len(m.Files) == 0 { // the library would give it to the parts of a part, too
		options = append(options, mail.WithBoundary("palabre-"+m.ID))
	}
	msg := mail.NewMsg(options...)
	if err := msg.From(e.smtp.From); err != nil {
		return nil, fmt.Errorf("address mail: %w", err)
	}
	if err := msg.To(to); err != nil {
		return nil, fmt.Errorf("address mail: %w", err)
	}
	msg.Subject(m.Line)
	msg.SetDateWithValue(m.Composed)
	msg.SetMessageIDWithValue(m.ID + "@" + e.domain)
	if thread := thread(m); thread != "" {
		// Mail programs put together what refers to the same message, also where
		// that was never sent.
		root := "<" + thread + "@" + e.domain + ">"
		msg.SetGenHeader(mail.HeaderInReplyTo, root)
		msg.SetGenHeader(mail.HeaderReferences, root)
	}
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetGenHeader(mail.HeaderXAutoResponseSuppress, "All")
	msg.SetGenHeader("Content-Language", m.Lang)
	msg.SetBodyString(mail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		msg.AddAlternativeString(mail.TypeTextHTML, m.HTML)
	}
	for i := range m.Files {
		f := &m.Files[i]
		if err := msg.AttachReader(f.Name, bytes.NewReader(f.Body), mail.WithFileContentType(mail.ContentType(f.Type))); err != nil {
			return nil, fmt.Errorf("attach %s: %w", f.Name, err)
		}
	}
	return msg, nil
}

// thread names the event that a message is about, or "" if there is not one.
func thread(m *statement.Message) string {
	var b Body
	if json.Unmarshal([]byte(m.Body), &b) != nil || len(b.Signals) == 0 {
		return ""
	}
	for _, s := range b.Signals {
		if s.Event == "" || s.Event != b.Signals[0].Event {
			return ""
		}
	}
	return "event-" + b.Signals[0].Event
}
