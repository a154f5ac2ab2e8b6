package statement

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"
)

// DigestDraft is what the machine wrote of a period: the details of a
// [DraftDigest]. The subject of its desk event names the period, as "2021-W42"
// or "2021-10-01/2021-10-15". There is one for each period, ever.
type DigestDraft struct {
	From  time.Time    `json:"from"`
	Until time.Time    `json:"until"` // first instant after the period
	Cut   time.Time    `json:"cut"`   // what was first seen later is for the next digest
	Told  []DigestTold `json:"told"`  // what it says of signals
	Files []DigestFile `json:"files"` // JSON, one for each language
}

// DigestFile is a digest in one language and format.
type DigestFile struct {
	Lang   string `json:"lang"`
	Format string `json:"format"` // json, html or md
	Body   Packed `json:"body"`
}

// DigestEdit is what a person changed: the details of an [EditDigest]. It stands
// in the place of what the machine, or an earlier edit, had there.
type DigestEdit struct {
	Lang string `json:"lang"`
	Part string `json:"part"`
	Text string `json:"text"`
}

// DigestIssue freezes a digest: the details of an [IssueDigest].
type DigestIssue struct {
	Version string       `json:"version"` // of the draft with its edits, as [DigestVersion] has it
	Number  int          `json:"number"`  // running, from 1
	Hash    string       `json:"hash"`    // of Files, as [DigestHash] has it
	Titles  Labels       `json:"titles"`
	Files   []DigestFile `json:"files"`
}

// DigestTold is what a digest tells of a signal.
type DigestTold struct {
	Signal string `json:"signal"`
	As     string `json:"as"` // the stance that is read; [ToldSilent]; or empty: it is no longer held
}

// ToldSilent is what is told of a signal that somebody said nothing.
const ToldSilent = "silent"

// IssuedDigest is an issued digest as a receiver is told of it.
type IssuedDigest struct {
	Period string    `json:"period"`
	Number int       `json:"number"`
	Hash   string    `json:"hash"`
	Lang   string    `json:"lang"`
	Title  string    `json:"title"`
	From   time.Time `json:"from"`
	Until  time.Time `json:"until"`
	Issued time.Time `json:"issued"`
	Plain  string    `json:"plain"`    // Markdown
	HTML   string    `json:"html"`     //
	Doc    []byte    `json:"document"` // JSON
}

// DigestDraftID names the desk event that drafts the digest of a period. Every
// process that makes one gives it the same.
func DigestDraftID(period string) string { return hashID("digest draft", period) }

// DigestIssueID names the desk event that issues a digest.
func DigestIssueID(period string, d *DigestIssue) string {
	return hashID("digest issue", period, d.Version, strconv.Itoa(d.Number))
}

// DigestVersion names a draft with the edits that stand, by the IDs of their desk
// events: whoever issues it has seen just these.
func DigestVersion(draft string, edits []string) string {
	return hashID(append([]string{"digest version", draft}, edits...)...)
}

// DigestHash returns the SHA-256, in hexadecimal, over the JSON of every language
// in the order of the languages: of each the name, a line feed, its length in
// digits, a line feed, and its bytes.
func DigestHash(files []DigestFile) string {
	sorted := slices.SortedFunc(slices.Values(files), func(a, b DigestFile) int { return cmp.Compare(a.Lang, b.Lang) })
	h := sha256.New()
	for i := range sorted {
		if f := &sorted[i]; f.Format == "json" {
			fmt.Fprintf(h, "%s\n%d\n", f.Lang, len(f.Body))
			h.Write(f.Body)
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Packed is bytes that are written to JSON compressed.
type Packed []byte

// mostPacked bounds what may come out of compressed bytes.
const mostPacked = 128 << 20

// MarshalJSON writes the bytes in gzip and base 64.
func (p Packed) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := z.Write(p)
	if err := errors.Join(err, z.Close()); err != nil {
		return nil, fmt.Errorf("pack bytes: %w", err)
	}
	return json.Marshal(b.Bytes())
}

// UnmarshalJSON reads what MarshalJSON writes.
func (p *Packed) UnmarshalJSON(text []byte) error {
	var packed []byte
	if err := json.Unmarshal(text, &packed); err != nil {
		return fmt.Errorf("unpack bytes: %w", err)
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return fmt.Errorf("unpack bytes: %w", err)
	}
	out, err := io.ReadAll(io.LimitReader(z, mostPacked+1))
	switch {
	case err != nil:
		return fmt.Errorf("unpack bytes: %w", err)
	case len(out) > mostPacked:
		return fmt.Errorf("unpack bytes: they are more than %d", mostPacked)
	}
	*p = out
	return nil
}
