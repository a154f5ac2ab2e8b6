package web

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"syscall"
	"time"

	"code.dny.dev/ssrf"

	"palabre/statement"
)

// maxRedirects is how many redirects are followed.
const maxRedirects = 5

// Options say how a Client behaves. Zero values stand for the defaults.
type Options struct {
	UserAgent    string           // names the visitor; its first word is what robots.txt is read for
	AllowPrivate bool             // lets requests reach private addresses and any port
	Rate         float64          // requests a second to one host; 1 by default
	Timeout      time.Duration    // for one request, its body included; 30 s by default
	MaxBody      int64            // bytes after decompression; 10 MiB by default
	Now          func() time.Time // clock; time.Now by default
}

// Guard returns a check of an address that is about to be connected to, for
// [net.Dialer.Control]. It refuses those that are not public and ports that are
// not of the web.
func Guard() func(network, address string, c syscall.RawConn) error {
	return ssrf.New(ssrf.WithPorts(80, 443, 8080, 8443)).Safe
}

// Client fetches. It is safe for concurrent use.
type Client struct {
	http      *http.Client
	transport *http.Transport
	opt       Options
	agent     string // product token for robots.txt
	mu        sync.Mutex
	sites     map[string]*site
}

// New returns a Client.
func New(opt Options) *Client {
	if opt.UserAgent == "" {
		opt.UserAgent = "Palabre/1.0"
	}
	if opt.Rate <= 0 {
		opt.Rate = 1
	}
	if opt.Timeout <= 0 {
		opt.Timeout = 30 * time.Second
	}
	if opt.MaxBody <= 0 {
		opt.MaxBody = 10 << 20
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	dialer := &net.Dialer{Timeout: 10 * time.Second}
	if !opt.AllowPrivate {
		dialer.Control = Guard()
	}
	transport := &http.Transport{
		Proxy:                  nil, // a proxy would resolve names where the guard cannot see it
		DialContext:            dialer.DialContext,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		ForceAttemptHTTP2:      true,
		DisableCompression:     true, // decompressed here, so that a bomb is bounded
		MaxIdleConns:           32,
		MaxIdleConnsPerHost:    1,
		IdleConnTimeout:        30 * time.Second,
		TLSHandshakeTimeout:    10 * time.Second,
		MaxResponseHeaderBytes: 256 << 10,
	}
	agent, _, _ := strings.Cut(strings.Fields(opt.UserAgent + " ")[0], "/")
	return &Client{
		http: &http.Client{
			Transport:     transport,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		transport: transport,
		opt:       opt,
		agent:     strings.ToLower(agent),
		sites:     make(map[string]*site),
	}
}

// Close drops idle connections. The Client stays usable.
func (c *Client) Close() { c.transport.CloseIdleConnections() }

// Request is what to fetch. With validators it is conditional.
type Request struct {
	URL          string
	ETag         string
	LastModified string
	Accept       string
}

// Response is what a request brought.
type Response struct {
	URL           string // final address, after redirects
	Status        int    // 2xx or 304
	RequestHeader http.Header
	Header        http.Header
	Body          []byte // decompressed
	Truncated     bool   // the connection ended before the body did
	Fetched       time.Time
}

// NotModified reports whether the server says that nothing has changed.
func (r *Response) NotModified() bool { return r.Status == http.StatusNotModified }

// Get fetches. It waits its turn at the host, follows redirects and returns a
// [*Failure] for everything that the other side may be told of, another error
// if ctx ended.
func (c *Client) Get(ctx context.Context, r Request) (*Response, error) {
	u, err := url.Parse(r.URL)
	if err != nil {
		return nil, &Failure{Outcome: statement.OutcomeBlocked, Reason: "the address cannot be read", Lasting: true}
	}
	resp, err := c.follow(ctx, u, r, visit{most: c.opt.MaxBody, robots: true})
	if ctx.Err() != nil {
		return nil, fmt.Errorf("get %s: %w", r.URL, ctx.Err())
	}
	return resp, err
}

// visit is how a request is made.
type visit struct {
	most   int64 // bytes of body
	clip   bool  // take the first bytes of a body that has more
	robots bool  // ask robots.txt first
}

// follow makes the request and those that it is redirected to.
func (c *Client) follow(ctx context.Context, u *url.URL, r Request, v visit) (*Response, error) {
	seen := make(map[string]bool)
	for hop := 0; ; hop++ {
		u.Fragment, u.User = "", nil
		if err := checkAddress(u, hop); err != nil {
			return nil, err
		}
		seen[u.String()] = true
		if err := c.enter(ctx, u, v.robots); err != nil {
			return nil, err
		}
		resp, err := c.once(ctx, u, r, v)
		if err != nil {
			return nil, err
		}
		if resp.Status < 300 || resp.NotModified() {
			return resp, nil
		}
		next, err := u.Parse(resp.Header.Get("Location"))
		switch {
		case err != nil || resp.Header.Get("Location") == "":
			return nil, redirectFailure("%s leads nowhere", status(resp.Status))
		case seen[next.String()]:
			return nil, redirectFailure("redirect loop at %s", next.Redacted())
		case hop == maxRedirects:
			return nil, redirectFailure("more than %d redirects", maxRedirects)
		}
		u = next
	}
}

// checkAddress refuses what is not on the web before anything is sent.
func checkAddress(u *url.URL, hop int) error {
	if (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" {
		return nil
	}
	if hop > 0 {
		return redirectFailure("redirect to %q, which is not an http or https address", u.Redacted())
	}
	return &Failure{Outcome: statement.OutcomeBlocked, Reason: "not an http or https address", Lasting: true}
}

func redirectFailure(format string, args ...any) *Failure {
	return &Failure{Outcome: statement.OutcomeRedirect, Reason: fmt.Sprintf(format, args...), Lasting: true}
}

// once makes one request. A redirect is returned without its body.
func (c *Client) once(ctx context.Context, u *url.URL, r Request, v visit) (*Response, error) {
	limited, cancel := context.WithTimeout(ctx, c.opt.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(limited, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, &Failure{Outcome: statement.OutcomeBlocked, Reason: "the address cannot be read", Lasting: true}
	}
	req.Header.Set("User-Agent", c.opt.UserAgent)
	req.Header.Set("Accept-Encoding", "gzip")
	for name, value := range map[string]string{"Accept": r.Accept, "If-None-Match": r.ETag, "If-Modified-Since": r.LastModified} {
		if value != "" {
			req.Header.Set(name, value)
		}
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, c.explain(err)
	}
	defer func() { _ = resp.Body.Close() }() // read to its end or given up
	out := &Response{URL: u.String(), Status: resp.StatusCode, RequestHeader: req.Header, Header: resp.Header, Fetched: c.opt.Now().UTC()}
	switch {
	case resp.StatusCode >= 400 || resp.StatusCode < 200:
		return nil, refused(resp, c.opt.Now())
	case resp.StatusCode >= 300:
		return out, nil
	}
	out.Body, err = readBody(resp, v)
	switch {
	case errors.Is(err, errCut):
		out.Truncated = true
	case err != nil:
		return nil, c.explain(err)
	}
	return out, nil
}
