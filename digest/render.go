package digest

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"palabre/statement"
)

// Render writes the digest in a format. The same digest and layouts give the same
// bytes, PDF apart. PDF is [ErrNoBrowser] where there is no Chromium; the others
// need nothing but this program.
func (t *Texts) Render(ctx context.Context, w io.Writer, f Format, d *Digest) error {
	var b bytes.Buffer
	var err error
	switch f {
	case HTML:
		err = t.html(&b, d)
	case Markdown:
		err = t.markdown(&b, d)
	case DOCX:
		err = t.docx(&b, d)
	case PDF:
		err = t.pdf(ctx, &b, d)
	case CSV:
		err = d.csv(&b)
	case JSON:
		var data []byte
		data, err = d.JSON()
		b.Write(data)
	default:
		_, err = ParseFormat(string(f))
	}
	if err != nil {
		return err
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("write digest %s: %w", d.Period, err)
	}
	return nil
}

// ink is the colour of a stance in DOCX. Its glyph says the same.
func ink(s statement.Stance) string {
	if c := inks[s]; c != "" {
		return c[1:]
	}
	return ""
}
