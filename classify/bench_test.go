package classify_test

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"palabre/classify"
	"palabre/statement"
)

func BenchmarkTmp(b *testing.B) {
	var reg statement.Registry
	raw, _ := os.ReadFile("/tmp/reg.json")
	_ = json.Unmarshal(raw, &reg)
	p, err := classify.Load(os.DirFS("../seeds/rules"), &reg)
	if err != nil {
		b.Fatal(err)
	}
	f, _ := os.Open(filepath.Join("..", "..", "shared", "corpora", "ungdc-speeches.jsonl.gz"))
	z, _ := gzip.NewReader(f)
	in := bufio.NewScanner(z)
	in.Buffer(nil, 1<<24)
	var ss []statement.Statement
	for in.Scan() {
		var v struct{ Text string }
		_ = json.Unmarshal(in.Bytes(), &v)
		for i := 0; i+1600 < len(v.Text) && len(ss) < 2000; i += 1600 {
			ss = append(ss, statement.Statement{Kind: statement.Wire, Lang: "en", Text: v.Text[i : i+1600]})
		}
	}
	b.SetBytes(1600)
	b.ReportAllocs()
	b.ResetTimer()
	for i := 0; b.Loop(); i++ {
		p.Read(&ss[i%len(ss)])
	}
}
