package classify_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"palabre/classify"
	"palabre/statement"
)

// BenchmarkReadOfHostileText reads a megabyte of text made to be slow: its
// time per byte must be that of ordinary text.
func BenchmarkReadOfHostileText(b *testing.B) {
	p, err := classify.Load(fstest.MapFS{"en/test.rules": {Data: []byte(cues + refuseRule)}}, registry())
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct{ name, unit string }{
		{"one sentence", "Mali not rejects talks with JNIM and "},
		{"quotation marks", "« “ \" Mali "},
		{"conditions", "if Mali rejects talks, provided that "},
		{"breaks", "talks\n"},
	} {
		b.Run(c.name, func(b *testing.B) {
			s := statement.Statement{Kind: statement.Wire, Lang: "en", Text: strings.Repeat(c.unit, statement.MaxText/len(c.unit))}
			b.SetBytes(int64(len(s.Text)))
			for b.Loop() {
				p.Read(&s)
			}
		})
	}
}
