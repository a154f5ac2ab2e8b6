package web

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"code.dny.dev/ssrf"

	"palabre/statement"
)

// maxRetryAfter is the longest that a server is taken at its word to come back
// later.
const maxRetryAfter = 24 * time.Hour

// Failure says why a request brought nothing.
type Failure struct {
	Outcome    statement.Outcome
	Reason     string        // one line for people
	RetryAfter time.Duration // how long the server asks to be left alone
	Lasting    bool          // asking again soon is of no use
}

// Error returns the reason.
func (f *Failure) Error() string { return f.Reason }

// refused reads a failure from a status of 400 or more.
func refused(resp *http.Response, now time.Time) *Failure {
	f := &Failure{Outcome: statement.OutcomeForbidden, Reason: status(resp.StatusCode), Lasting: true}
	f.RetryAfter = retryAfter(resp.Header.Get("Retry-After"), now)
	switch code := resp.StatusCode; {
	case code == http.StatusNotFound, code == http.StatusGone:
		f.Outcome = statement.OutcomeGone
	case code == http.StatusTooManyRequests, code == http.StatusServiceUnavailable && f.RetryAfter > 0:
		f.Outcome, f.Lasting = statement.OutcomeRateLimited, false
	case code == http.StatusRequestTimeout, code == http.StatusTooEarly, code >= 500:
		f.Outcome, f.Lasting = statement.OutcomeServerError, false
	}
	if f.RetryAfter > 0 {
		f.Reason += fmt.Sprintf(", retry after %d s", int(f.RetryAfter.Seconds()))
	}
	return f
}

func status(code int) string {
	return strings.TrimSpace(strconv.Itoa(code) + " " + http.StatusText(code))
}

// retryAfter reads seconds or a date.
func retryAfter(header string, now time.Time) time.Duration {
	header = strings.TrimSpace(header)
	if n, err := strconv.ParseInt(header, 10, 32); err == nil {
		return min(max(time.Duration(n)*time.Second, 0), maxRetryAfter)
	}
	if t, err := http.ParseTime(header); err == nil {
		return min(max(t.Sub(now).Round(time.Second), 0), maxRetryAfter)
	}
	return 0
}

// explain turns an error of the connection into a Failure.
func (c *Client) explain(err error) *Failure {
	var f *Failure
	if errors.As(err, &f) {
		return f
	}
	network := func(format string, args ...any) *Failure {
		return &Failure{Outcome: statement.OutcomeNetwork, Reason: fmt.Sprintf(format, args...)}
	}
	var (
		dns       *net.DNSError
		op        *net.OpError
		authority x509.UnknownAuthorityError
		name      x509.HostnameError
		invalid   x509.CertificateInvalidError
		record    tls.RecordHeaderError
		timeout   net.Error
		wrapped   *url.Error
	)
	switch {
	case errors.Is(err, ssrf.ErrProhibitedIP), errors.Is(err, ssrf.ErrProhibitedPort), errors.Is(err, ssrf.ErrProhibitedNetwork), errors.Is(err, ssrf.ErrInvalidHostPort):
		return &Failure{Outcome: statement.OutcomeBlocked, Reason: blockedReason(err), Lasting: true}
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return network("no answer within %s", c.opt.Timeout)
	case errors.As(err, &dns):
		return network("no address for %s", dns.Name)
	case errors.As(err, &authority), errors.As(err, &name), errors.As(err, &invalid):
		return network("the certificate cannot be trusted: %s", innermost(err))
	case errors.As(err, &record):
		return network("the server does not speak TLS")
	case errors.As(err, &op):
		return network("%s: %s", op.Op, innermost(op.Err))
	case errors.As(err, &wrapped):
		return network("%s", innermost(wrapped.Err))
	}
	return network("%s", innermost(err))
}

func blockedReason(err error) string {
	var op *net.OpError
	if errors.As(err, &op) && op.Addr != nil {
		return fmt.Sprintf("%s is not a public web address", op.Addr)
	}
	return "not a public web address"
}

// innermost returns the text of the error that others wrap, on one line.
func innermost(err error) string {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return strings.Join(strings.Fields(err.Error()), " ")
		}
		err = next
	}
}
