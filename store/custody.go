package store

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"palabre/statement"
)

// seal names a capture by its bytes, or checks the name that it has.
func seal(c *statement.Capture, now time.Time) error {
	hash := statement.HashBody(c.Body)
	if c.Hash != "" && c.Hash != hash {
		return fmt.Errorf("capture of %s is named %s, its bytes are %s", c.URL, c.Hash, hash)
	}
	c.Hash = hash
	if c.Fetched.IsZero() {
		c.Fetched = now
	}
	return nil
}

// compress returns the bodies of the captures in gzip. Its tables are larger
// than most captures: one writer serves them all.
func compress(captures []statement.Capture) ([][]byte, error) {
	out := make([][]byte, len(captures))
	z := gzip.NewWriter(nil)
	for i := range captures {
		var b bytes.Buffer
		z.Reset(&b)
		_, err := z.Write(captures[i].Body)
		if err := errors.Join(err, z.Close()); err != nil {
			return nil, fmt.Errorf("compress capture: %w", err)
		}
		out[i] = b.Bytes()
	}
	return out, nil
}

func decompress(body []byte, size int64) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("decompress capture: %w", err)
	}
	out := bytes.NewBuffer(make([]byte, 0, size))
	if _, err := io.Copy(out, io.LimitReader(z, size+1)); err != nil {
		return nil, fmt.Errorf("decompress capture: %w", err)
	}
	if int64(out.Len()) != size {
		return nil, fmt.Errorf("decompress capture: it does not have %d bytes", size)
	}
	return out.Bytes(), nil
}

// link is one row of the custody chain: which bytes were had from where and
// when. Its hash covers the row and, through the hash before, all earlier ones.
type link struct {
	seq             int64
	capture         string
	source          string
	url             string
	at              int64
	status          int
	mediaType       string
	requestHeader   string
	responseHeader  string
	previous, chain string
}

// sum is the hash that belongs in l.chain.
func (l *link) sum() string {
	h := sha256.New()
	var size [8]byte
	for _, field := range []string{
		l.previous, strconv.FormatInt(l.seq, 10), l.capture, l.source, l.url, strconv.FormatInt(l.at, 10),
		strconv.Itoa(l.status), l.mediaType, l.requestHeader, l.responseHeader,
	} {
		binary.BigEndian.PutUint64(size[:], uint64(len(field)))
		h.Write(size[:])
		h.Write([]byte(field))
	}
	return hex.EncodeToString(h.Sum(nil))
}

const selectLink = `SELECT seq, capture, source, url, at, status, media_type, request_header, response_header, prev, hash FROM custody `

func scanLink(scan func(...any) error) (l link, err error) {
	err = scan(&l.seq, &l.capture, &l.source, &l.url, &l.at, &l.status, &l.mediaType, &l.requestHeader, &l.responseHeader, &l.previous, &l.chain)
	return l, err
}

// Receipt is a row of the custody chain: which bytes were had from where and
// when. Its hash covers the row and, through the hash before, all earlier ones.
type Receipt struct {
	Number    int64     `json:"number"` // in the chain, from 1
	Capture   string    `json:"capture"`
	Source    string    `json:"source"`
	URL       string    `json:"url"`
	Status    int       `json:"status"` // of the answer
	MediaType string    `json:"media_type"`
	At        time.Time `json:"at"`
	Previous  string    `json:"previous"` // hash of the row before; empty in the first
	Hash      string    `json:"hash"`
}

// mostReceipts is how many receipts of one capture are shown: the same bytes may
// have been had from many addresses.
const mostReceipts = 20

// custodyOf returns the receipts of a capture, the first ones first.
func (s *Store) custodyOf(ctx context.Context, hash string) ([]Receipt, error) {
	return collect(ctx, s.reader, func(scan func(...any) error) (Receipt, error) {
		l, err := scanLink(scan)
		return Receipt{l.seq, l.capture, l.source, l.url, l.status, l.mediaType, fromNanos(l.at), l.previous, l.chain}, err
	}, selectLink+`WHERE capture = ? ORDER BY seq LIMIT ?`, hash, mostReceipts)
}

// putCapture keeps a capture and enters it in the custody chain. The same bytes
// from the same place are entered once.
func (t *tx) putCapture(c *statement.Capture, body []byte) error {
	if err := t.exec(`INSERT OR IGNORE INTO captures VALUES (?, ?, ?)`, c.Hash, len(c.Body), body); err != nil {
		return fmt.Errorf("keep capture: %w", err)
	}
	var one int
	had, err := t.find(`SELECT 1 FROM custody WHERE capture = ? AND source = ? AND url = ?`, []any{c.Hash, c.Source, c.URL}, &one)
	if err != nil || had {
		return err
	}
	l := link{seq: 1, capture: c.Hash, source: c.Source, url: c.URL, at: nanos(c.Fetched), status: c.Status, mediaType: c.MediaType}
	if l.requestHeader, err = jsonText(c.RequestHeader); err != nil {
		return fmt.Errorf("encode request header: %w", err)
	}
	if l.responseHeader, err = jsonText(c.ResponseHeader); err != nil {
		return fmt.Errorf("encode response header: %w", err)
	}
	if _, err := t.find(`SELECT seq + 1, hash FROM custody ORDER BY seq DESC LIMIT 1`, nil, &l.seq, &l.previous); err != nil {
		return fmt.Errorf("read custody: %w", err)
	}
	err = t.exec(`INSERT INTO custody VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		l.seq, l.capture, l.source, l.url, l.at, l.status, l.mediaType, l.requestHeader, l.responseHeader, l.previous, l.sum())
	if err != nil {
		return fmt.Errorf("enter custody: %w", err)
	}
	return nil
}

// Capture returns a capture with its bytes, as it was had first.
func (s *Store) Capture(ctx context.Context, hash string) (*statement.Capture, error) {
	c, err := s.captureMeta(ctx, hash)
	if err != nil {
		return nil, err
	}
	var size int64
	var body []byte
	if err := s.reader.QueryRowContext(ctx, `SELECT size, body FROM captures WHERE hash = ?`, hash).Scan(&size, &body); err != nil {
		return nil, fmt.Errorf("read capture %s: %w", hash, err)
	}
	c.Body, err = decompress(body, size)
	return c, err
}

// captureMeta returns a capture without its bytes.
func (s *Store) captureMeta(ctx context.Context, hash string) (*statement.Capture, error) {
	row := s.reader.QueryRowContext(ctx, selectLink+`WHERE capture = ? ORDER BY seq LIMIT 1`, hash)
	l, err := scanLink(row.Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("read capture %s: %w", hash, ErrNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("read capture %s: %w", hash, err)
	}
	c := &statement.Capture{Hash: l.capture, Source: l.source, URL: l.url, Status: l.status, MediaType: l.mediaType, Fetched: fromNanos(l.at)}
	for _, h := range []struct {
		text string
		to   *http.Header
	}{{l.requestHeader, &c.RequestHeader}, {l.responseHeader, &c.ResponseHeader}} {
		if err := (jsonColumn{h.to}).Scan(h.text); err != nil {
			return nil, fmt.Errorf("read headers of capture %s: %w", hash, err)
		}
	}
	return c, nil
}

// Chain is where the custody chain stands.
type Chain struct {
	Links    int64     // captures entered
	Hash     string    // of the last link, which covers all before it; empty if there is none
	Captured time.Time // when the last one was fetched
}

// Chain returns where the custody chain stands. Verify checks it.
func (s *Store) Chain(ctx context.Context) (c Chain, err error) {
	err = s.reader.QueryRowContext(ctx, `SELECT seq, hash, at FROM custody ORDER BY seq DESC LIMIT 1`).Scan(&c.Links, &c.Hash, instant{&c.Captured})
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return Chain{}, fmt.Errorf("read custody: %w", err)
	}
	return c, nil
}
