package alert

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// delays are the times from each try to the next, as Standard Webhooks has them.
// The first try is made at once.
var delays = []time.Duration{
	5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour,
	10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour,
}

// longestWait is how long a receiver that asks to be left alone is left alone.
const longestWait = 24 * time.Hour

// Failure says why a message did not reach its receiver.
type Failure struct {
	Reason     string        // one line for people, without secrets
	Status     int           // of HTTP; 0 if there was none
	RetryAfter time.Duration // how long the receiver asks to be left alone
}

// Error returns the reason.
func (f *Failure) Error() string { return f.Reason }

// Again says when a message is tried again that has failed so many times, this
// one included. dead means never: the schedule is over, or the receiver says
// that it is gone, which also disables it. A little later than the schedule, by
// up to a tenth and always the same for a message and try, so that many that
// failed together do not come back together.
func Again(message string, tries int, failure error, now time.Time) (at time.Time, dead, disable bool) {
	var f *Failure
	if !errors.As(failure, &f) {
		f = &Failure{}
	}
	switch {
	case f.Status == http.StatusGone:
		return time.Time{}, true, true
	case tries > len(delays):
		return time.Time{}, true, false
	}
	delay := delays[max(tries, 1)-1]
	delay += jitter(message, tries, delay/10)
	if f.Status == http.StatusTooManyRequests || f.Status == http.StatusServiceUnavailable {
		delay = max(delay, min(f.RetryAfter, longestWait))
	}
	return now.Add(delay), false, false
}

// jitter is a part of most that depends on the message and the try only.
func jitter(message string, tries int, most time.Duration) time.Duration {
	h := fnv.New64a()
	_, _ = h.Write(binary.AppendVarint([]byte(message), int64(tries))) // a hash never fails to write
	return time.Duration(h.Sum64() % uint64(most))
}

// retryAfter reads the header of that name: seconds, or a date. What it cannot
// read asks for nothing.
func retryAfter(header string, now time.Time) time.Duration {
	header = strings.TrimSpace(header)
	if digits := strings.Trim(header, "0123456789"); header != "" && digits == "" {
		n, err := strconv.ParseInt(header, 10, 64)
		if err != nil || n > int64(longestWait/time.Second) {
			return longestWait
		}
		return time.Duration(n) * time.Second
	}
	if t, err := http.ParseTime(header); err == nil {
		return min(max(t.Sub(now), 0), longestWait)
	}
	return 0
}

// refused is the failure that a status of HTTP tells.
func refused(resp *http.Response, now time.Time) *Failure {
	code := resp.StatusCode
	f := &Failure{Status: code, Reason: strings.TrimSpace(strconv.Itoa(code) + " " + http.StatusText(code))}
	switch {
	case code == http.StatusTooManyRequests, code == http.StatusServiceUnavailable:
		if f.RetryAfter = retryAfter(resp.Header.Get("Retry-After"), now); f.RetryAfter > 0 {
			f.Reason += fmt.Sprintf(", retry after %s", f.RetryAfter.Round(time.Second))
		}
	case code >= 300 && code < 400:
		f.Reason += ", and redirects are not followed"
	}
	return f
}
