package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"time"

	"github.com/go-chi/httprate"
	"github.com/klauspost/compress/gzhttp"
)

const (
	// maxBody is the most bytes of a request: a statement of the largest size
	// whose every letter is escaped in JSON.
	maxBody = 4 << 20
	// maxURL is the most bytes of a request's path and query.
	maxURL = 8 << 10
	// patience is how long a request may take to answer.
	patience = 20 * time.Second
	// maxPosts is how many hand entries one address may send in a minute.
	maxPosts = 60
	// maxActs is how many things people at one address may do in a minute.
	maxActs = 300
)

// policy lets a page load its own style, script and pictures and nothing else.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// guard puts what every request must pass in front of the routes.
func (s *server) guard(next http.Handler) http.Handler {
	next = s.limitPosts(next)
	next = s.sameOrigin(next)
	next = http.MaxBytesHandler(next, maxBody)
	next = s.recovered(s.bounded(next))
	return headers(compressed(next))
}

// compressed sends answers in gzip to whoever takes it. An export is sent as it
// comes, and its end says whether it is whole.
func compressed(next http.Handler) http.Handler {
	squeezed := gzhttp.GzipHandler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == exportPath {
			next.ServeHTTP(w, r)
			return
		}
		squeezed.ServeHTTP(w, r)
	})
}

// headers sets what keeps a browser from doing more with an answer than to show it.
func headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		h.Set("Cache-Control", "no-cache")
		next.ServeHTTP(w, r)
	})
}

// bounded refuses long addresses and ends requests that take too long.
func (s *server) bounded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(r.URL.RequestURI()) > maxURL {
			s.refuse(w, r, newProblem(http.StatusRequestURITooLong, fmt.Sprintf("the address has more than %d bytes", maxURL)))
			return
		}
		if lasts(r) {
			next.ServeHTTP(w, r)
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), patience)
		defer cancel()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// lasts reports whether a request may take as long as it likes: somebody listens
// to live events, or takes an export.
func lasts(r *http.Request) bool { return r.URL.Path == livePath || r.URL.Path == exportPath }

// sameOrigin refuses requests that another site makes a browser send. A site
// may also give its own name the address of this one: so whoever writes must
// call it by a name that is known to be its.
func (s *server) sameOrigin(next http.Handler) http.Handler {
	known := next
	next = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && !s.isCalled(r.Host) {
			s.refuse(w, r, newProblem(http.StatusForbidden, "this site is not known by the name in the address; start it with --public-url if it is its name"))
			return
		}
		known.ServeHTTP(w, r)
	})
	p := http.NewCrossOriginProtection()
	p.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.refuse(w, r, newProblem(http.StatusForbidden, "the request comes from another site"))
	}))
	return p.Handler(next)
}

// isCalled reports whether a host of a request is a name of this site: its
// public one, a name of this machine for itself, or a number.
func (s *server) isCalled(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if host == "localhost" || net.ParseIP(strings.Trim(host, "[]")) != nil {
		return true
	}
	public, err := url.Parse(s.base)
	return err == nil && s.base != "" && strings.EqualFold(public.Hostname(), host)
}

// limitPosts bounds how often one address may write.
func (s *server) limitPosts(next http.Handler) http.Handler {
	limit := func(most int, what string) http.Handler {
		return httprate.LimitBy(most, time.Minute, remoteAddress, httprate.WithLimitHandler(func(w http.ResponseWriter, r *http.Request) {
			s.refuse(w, r, newProblem(http.StatusTooManyRequests, fmt.Sprintf("more than %d %s in a minute", most, what)))
		}))(next)
	}
	entries, acts := limit(maxPosts, "entries"), limit(maxActs, "actions")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method != http.MethodPost:
			next.ServeHTTP(w, r)
		case r.URL.Path == "/desk" || r.URL.Path == "/api/v1/desk":
			acts.ServeHTTP(w, r)
		default:
			entries.ServeHTTP(w, r)
		}
	})
}

// remoteAddress is whom a request is counted against: the peer itself, because
// headers that name somebody else can be made up.
func remoteAddress(r *http.Request) (string, error) {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	return httprate.CanonicalizeIP(host), nil
}

// recovered keeps one broken handler from taking the process with it.
func (s *server) recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			v := recover()
			if v == nil {
				return
			}
			if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(v)
			}
			s.log.LogAttrs(r.Context(), slog.LevelError, "answer request", slog.String("path", r.URL.Path),
				slog.Any("panic", v), slog.String("stack", string(debug.Stack())))
			s.refuse(w, r, newProblem(http.StatusInternalServerError, "something went wrong here; the log says what"))
		}()
		next.ServeHTTP(w, r)
	})
}
