package alert

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"palabre/statement"
)

const (
	patience      = 15 * time.Second // for one try, by whatever way
	longestAnswer = 64 << 10         // bytes of an answer that are read
)

// webhook posts signed messages, as Standard Webhooks describes it.
type webhook struct {
	client *http.Client
	now    func() time.Time
}

// newWebhook returns the way. guard looks at each address before a connection is
// made; nil lets every one through.
func newWebhook(guard func(network, address string, c syscall.RawConn) error, now func() time.Time) *webhook {
	dialer := &net.Dialer{Timeout: 10 * time.Second, Control: guard}
	return &webhook{now: now, client: &http.Client{
		Timeout:       patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			Proxy:                  nil, // a proxy would resolve names where the guard cannot see it
			DialContext:            dialer.DialContext,
			TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
			ForceAttemptHTTP2:      true,
			MaxIdleConns:           64,
			MaxIdleConnsPerHost:    2,
			IdleConnTimeout:        30 * time.Second,
			TLSHandshakeTimeout:    10 * time.Second,
			MaxResponseHeaderBytes: longestAnswer,
		},
	}}
}

func (w *webhook) send(ctx context.Context, r *statement.Receiver, m *statement.Message) error {
	signer, err := standardwebhooks.NewWebhook(r.Way.Secret)
	if err != nil {
		return &Failure{Reason: "the secret cannot be read"}
	}
	at := w.now()
	signature, err := signer.Sign(m.ID, at, []byte(m.Body))
	if err != nil {
		return &Failure{Reason: "the message cannot be signed"}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.Way.URL, strings.NewReader(m.Body))
	if err != nil {
		return &Failure{Reason: "the address cannot be read"}
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "Palabre/1.0")
	req.Header.Set(standardwebhooks.HeaderWebhookID, m.ID)
	req.Header.Set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(at.Unix(), 10))
	req.Header.Set(standardwebhooks.HeaderWebhookSignature, signature)
	resp, err := w.client.Do(req)
	if err != nil {
		return unreached(err)
	}
	defer func() { _ = resp.Body.Close() }() // read as far as it is wanted
	// An answer that was begun counts, whatever becomes of its body; reading it
	// lets the connection be used again.
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, longestAnswer))
	if resp.StatusCode >= 200 && resp.StatusCode < 300 {
		return nil
	}
	return refused(resp, w.now())
}

// unreached is the failure of a connection, told without the address, which may
// hold a token.
func unreached(err error) *Failure {
	var timeout net.Error
	if errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout() {
		return &Failure{Reason: fmt.Sprintf("no answer within %s", patience)}
	}
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	return &Failure{Reason: clean(err.Error(), 200)}
}
