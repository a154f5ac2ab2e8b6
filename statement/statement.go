package statement

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// Kind is the genre of a statement. It decides whose voice the text is.
type Kind string

// The kinds of the labelling guide.
const (
	Wire       Kind = "wire"
	Article    Kind = "article"
	Editorial  Kind = "editorial"
	Communique Kind = "communique"
	Speech     Kind = "speech"
	Interview  Kind = "interview"
	Transcript Kind = "transcript"
	Post       Kind = "post"
)

// Kinds lists every kind.
var Kinds = []Kind{Wire, Article, Editorial, Communique, Speech, Interview, Transcript, Post}

// Turn is a stretch of a transcript that one person speaks. Start and End are
// byte offsets into Statement.Text; Speaker is the name as written there.
type Turn struct {
	Start   int    `json:"start"`
	End     int    `json:"end"`
	Speaker string `json:"speaker"`
}

// Statement is a document as published by a source. Its ID comes from its
// content: the same words from the same source are the same statement.
//
// An edited item is a further revision: another ID, with Of naming the first
// revision and Revision counting from 1.
type Statement struct {
	ID            string    `json:"id"`
	Of            string    `json:"of"`       // ID of the first revision; equals ID where Revision is 1
	Revision      int       `json:"revision"` // 1, 2, …
	Source        string    `json:"source"`   // ID of the source
	Key           string    `json:"key"`      // what the source calls it: GUID, URL or path
	URL           string    `json:"url,omitempty"`
	Outlet        string    `json:"outlet"` // ID of who published it; a source may relay several
	Kind          Kind      `json:"kind"`
	Medium        string    `json:"medium,omitempty"` // text, audio, video, letter, radio, …
	Lang          string    `json:"lang,omitempty"`   // declared language, BCP 47
	Title         string    `json:"title"`
	Text          string    `json:"text"`
	Turns         []Turn    `json:"turns,omitempty"`
	Said          Date      `json:"said"`       // when the words were spoken, if claimed
	Published     Date      `json:"published"`  // when the source claims to have published them
	Fetched       time.Time `json:"fetched"`    // when the bytes arrived here
	FirstSeen     time.Time `json:"first_seen"` // when the first revision arrived here
	Capture       string    `json:"capture"`    // SHA-256 of the raw bytes, hexadecimal
	Grade         Grade     `json:"grade,omitempty"`
	Owner         string    `json:"owner,omitempty"`  // actor that the outlet speaks for
	Issuer        string    `json:"issuer,omitempty"` // actor in whose name the text speaks in the first person
	Speaker       string    `json:"speaker,omitempty"`
	Reconstructed bool      `json:"reconstructed,omitempty"` // written after the fact from a citation, not the original wording
	Note          string    `json:"note,omitempty"`          // footnote or remark of whoever filed it
	Flags         []string  `json:"flags,omitempty"`         // what is odd about it, such as FlagFuture
}

// Flags that ingestion raises on a statement.
const (
	FlagFuture    = "future-date"    // claims to have been published after it was fetched
	FlagAbsurd    = "absurd-date"    // claims a date before 1990
	FlagTruncated = "truncated"      // cut at the size limit
	FlagSalvaged  = "salvaged"       // taken from a damaged capture
	FlagExcerpt   = "excerpt-only"   // the feed's summary; the article could not be fetched
	FlagUndated   = "undated"        // no date was claimed
	FlagLowOCR    = "low-confidence" // text order or recognition is doubtful
)

// MaxText is the most bytes of text that one statement may hold. Longer texts
// are cut on a rune boundary and flagged.
const MaxText = 1 << 20

var idEncoding = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// hashID returns 26 characters that name the parts: the first 128 bits of
// SHA-256 over the parts with their lengths, in base 32.
func hashID(parts ...string) string {
	h := sha256.New()
	var n [8]byte
	for _, p := range parts {
		binary.BigEndian.PutUint64(n[:], uint64(len(p)))
		h.Write(n[:])
		_, _ = io.WriteString(h, p) // a hash never fails to write
	}
	return idEncoding.EncodeToString(h.Sum(nil)[:16])
}

// ContentID returns the ID for the statement's source, title and text. White
// space is folded, so that a re-flowed copy keeps its ID.
func (s *Statement) ContentID() string {
	fold := func(t string) string { return strings.Join(strings.Fields(t), " ") }
	return hashID("statement", s.Source, fold(s.Title), fold(s.Text))
}

// RevisionID returns the ID for a revision that goes back to content which an
// earlier revision had: the content's own ID is taken by that one.
func (s *Statement) RevisionID() string {
	return hashID("revision", s.Of, strconv.Itoa(s.Revision), s.ContentID())
}

// When returns the date by which the words enter an actor's line: when they
// were said, else published, else first seen.
func (s *Statement) When() Date {
	switch {
	case !s.Said.IsZero():
		return s.Said
	case !s.Published.IsZero():
		return s.Published
	}
	return Date{Time: s.FirstSeen, Precision: Second, Origin: "first seen"}
}

// Validate reports what keeps s from being published, or nil.
func (s *Statement) Validate() error {
	var errs []error
	for _, f := range []struct{ name, value string }{{"id", s.ID}, {"of", s.Of}, {"source", s.Source}, {"key", s.Key}} {
		if f.value == "" {
			errs = append(errs, fmt.Errorf("%s is empty", f.name))
		}
	}
	if strings.TrimSpace(s.Title+s.Text) == "" {
		errs = append(errs, errors.New("title and text are empty"))
	}
	if len(s.Text) > MaxText {
		errs = append(errs, fmt.Errorf("text has %d bytes, the most is %d", len(s.Text), MaxText))
	}
	if s.Revision < 1 {
		errs = append(errs, fmt.Errorf("revision is %d, the first is 1", s.Revision))
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("validate statement %q: %w", s.ID, err)
	}
	return nil
}
