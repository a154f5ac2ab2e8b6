package web

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"palabre/statement"
)

// errCut says that a connection ended before the body did.
var errCut = errors.New("the body is cut off")

// readBody returns the body, decompressed and bounded on both sides of the
// decompression. With errCut, the part that came is returned too.
func readBody(resp *http.Response, v visit) ([]byte, error) {
	wire := &io.LimitedReader{R: resp.Body, N: v.most + 1}
	r, err := decompress(wire, resp.Header.Get("Content-Encoding"))
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(r, v.most+1))
	over := int64(len(body)) > v.most || wire.N <= 0
	switch {
	case over && v.clip:
		return body[:min(int64(len(body)), v.most)], nil
	case over:
		return nil, &Failure{Outcome: statement.OutcomeTooLarge, Reason: fmt.Sprintf("more than %s after decompression", size(v.most)), Lasting: true}
	case errors.Is(err, io.ErrUnexpectedEOF) && len(body) > 0:
		return body, errCut
	case errors.Is(err, gzip.ErrChecksum), errors.Is(err, gzip.ErrHeader):
		return nil, &Failure{Outcome: statement.OutcomeMalformed, Reason: "damaged gzip data"}
	case err != nil:
		return nil, fmt.Errorf("read body: %w", err)
	}
	return body, nil
}

// decompress undoes the content coding. What is labelled gzip but is not comes
// through as it is: servers do that.
func decompress(r io.Reader, coding string) (io.Reader, error) {
	switch strings.ToLower(strings.TrimSpace(coding)) {
	case "", "identity":
		return r, nil
	case "gzip", "x-gzip":
		b := bufio.NewReader(r)
		if magic, err := b.Peek(2); err != nil || magic[0] != 0x1f || magic[1] != 0x8b {
			return b, nil // a read error comes back with the next read
		}
		z, err := gzip.NewReader(b)
		if err != nil {
			return nil, &Failure{Outcome: statement.OutcomeMalformed, Reason: "damaged gzip data"}
		}
		return z, nil
	}
	return nil, &Failure{Outcome: statement.OutcomeMalformed, Reason: fmt.Sprintf("compressed by %q, which was not asked for", coding), Lasting: true}
}

func size(n int64) string {
	if n >= 1<<20 && n%(1<<20) == 0 {
		return fmt.Sprintf("%d MiB", n>>20)
	}
	return fmt.Sprintf("%d bytes", n)
}
