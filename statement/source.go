package statement

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"time"
)

// Grade is the reliability of a source, A (completely reliable) to E
// (unreliable), F where it cannot be judged: the Admiralty scale.
type Grade string

// Valid reports whether g is a letter from A to F.
func (g Grade) Valid() bool { return len(g) == 1 && g[0] >= 'A' && g[0] <= 'F' }

// SourceKind says how a source is fetched.
type SourceKind string

// The kinds of source.
const (
	Feed   SourceKind = "feed"   // RSS, Atom or JSON feed
	Page   SourceKind = "page"   // a listed article page
	Folder SourceKind = "folder" // a watched folder of transcripts and documents
	Hand   SourceKind = "hand"   // entries that people make: "on file"
)

// Source is what publishes statements.
type Source struct {
	ID       string     `json:"id"`
	Name     string     `json:"name"`
	Kind     SourceKind `json:"kind"`
	URL      string     `json:"url,omitempty"`   // feed or page
	Pages    []string   `json:"pages,omitempty"` // further pages of a Page source
	Path     string     `json:"path,omitempty"`  // folder
	Lang     string     `json:"lang,omitempty"`  // BCP 47; empty where it varies
	Owner    string     `json:"owner,omitempty"` // actor that it speaks for, such as jnim for al-zallaqa
	Genre    Kind       `json:"genre,omitempty"` // kind of its statements unless they say otherwise
	Medium   string     `json:"medium,omitempty"`
	Grade    Grade      `json:"grade"`
	Schedule string     `json:"schedule,omitempty"` // cron expression, UTC
	Article  bool       `json:"article,omitempty"`  // follow each item's link to its full text
	Country  string     `json:"country,omitempty"`  // ISO 3166-1 alpha-3 of where it sits
	Paused   bool       `json:"paused,omitempty"`
}

// Capture is what one request brought: the raw bytes as they came. It is never
// changed.
type Capture struct {
	Hash           string      `json:"hash"` // SHA-256 of Body, hexadecimal
	Source         string      `json:"source"`
	URL            string      `json:"url"` // final address or path
	Status         int         `json:"status,omitempty"`
	RequestHeader  http.Header `json:"request_header,omitempty"`
	ResponseHeader http.Header `json:"response_header,omitempty"`
	MediaType      string      `json:"media_type"`
	Fetched        time.Time   `json:"fetched"`
	Body           []byte      `json:"-"`
}

// HashBody returns the SHA-256 of b in hexadecimal, the name of a capture.
func HashBody(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// Outcome is the reason a fetch ended as it did. It is stored and shown: a
// refused request is not an empty feed, and neither is an unchanged one.
type Outcome string

// The outcomes of a fetch.
const (
	OutcomeNew         Outcome = "new"          // brought statements that were not known
	OutcomeNothingNew  Outcome = "nothing-new"  // answered, but everything was known
	OutcomeUnchanged   Outcome = "unchanged"    // 304, or the same bytes
	OutcomeEmpty       Outcome = "empty"        // answered without any item
	OutcomePartial     Outcome = "partial"      // some items were bad; the good ones were kept
	OutcomeForbidden   Outcome = "forbidden"    // 401, 403 or 451
	OutcomeGone        Outcome = "gone"         // 404 or 410
	OutcomeRateLimited Outcome = "rate-limited" // 429, or 503 with Retry-After
	OutcomeServerError Outcome = "server-error" // 5xx
	OutcomeRedirect    Outcome = "redirect"     // too many redirects, or one that may not be followed
	OutcomeRobots      Outcome = "robots"       // disallowed by robots.txt
	OutcomeBlocked     Outcome = "blocked"      // the address is not a public one
	OutcomeTooLarge    Outcome = "too-large"    // over a size limit, after decompression
	OutcomeMalformed   Outcome = "malformed"    // nothing could be read from the bytes
	OutcomeNetwork     Outcome = "network"      // no connection, TLS failure, timeout
	OutcomeLocal       Outcome = "local"        // a folder or file could not be read
)

// Failed reports whether the outcome calls for backing off.
func (o Outcome) Failed() bool {
	switch o {
	case OutcomeNew, OutcomeNothingNew, OutcomeUnchanged, OutcomeEmpty, OutcomePartial:
		return false
	}
	return true
}

// Problem is one bad part of an input whose good parts were kept.
type Problem struct {
	Where string `json:"where"` // such as "item 3" or "line 12"
	What  string `json:"what"`
}

// Health is how a source is doing.
type Health struct {
	Source       string            `json:"source"`
	Outcome      Outcome           `json:"outcome,omitempty"` // of the last fetch; empty before the first
	Reason       string            `json:"reason,omitempty"`  // one line for people, such as "429 Too Many Requests, retry after 120 s"
	Checked      time.Time         `json:"checked"`           // last fetch
	Succeeded    time.Time         `json:"succeeded"`         // last fetch that did not fail
	Next         time.Time         `json:"next"`              // next fetch
	LastNew      time.Time         `json:"last_new"`          // last fetch that brought something new
	Failures     int               `json:"failures"`          // in a row
	Statements   int               `json:"statements"`        // held of this source
	Problems     []Problem         `json:"problems,omitempty"`
	ETag         map[string]string `json:"-"` // by URL
	LastModified map[string]string `json:"-"` // by URL
}

// Fetch is the result of checking a source once. It is saved in one commit:
// captures, custody, statements in the spool, validators and next check.
type Fetch struct {
	Captures   []Capture
	Statements []Statement // IDs, Of and Revision are assigned when saved
	Health     Health
}
