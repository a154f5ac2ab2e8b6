package main

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// update writes the golden files anew: go test ./cmd/palabre -run TestEval -update.
var update = flag.Bool("update", false, "write the golden files of TestEval anew")

// TestEval compares the quality of the rules with what it was. A change is a
// diff in the commit that makes it.
func TestEval(t *testing.T) {
	for set, pattern := range map[string]string{"ordinary": "devwire-*.jsonl", "hard": "dev-*.jsonl"} {
		t.Run(set, func(t *testing.T) {
			files, err := filepath.Glob(filepath.Join(shared(t, "gold/dev"), pattern))
			if err != nil || len(files) == 0 {
				t.Fatalf("no labelled texts: %v", err)
			}
			got := ""
			for _, by := range []string{"lang", "topic"} {
				status, out, errOut := call(t, "", append([]string{"rules", "eval", "--by", by}, files...)...)
				if status != exitOK {
					t.Fatal(errOut)
				}
				got += out
			}
			golden := filepath.Join("testdata", "eval-"+set+".golden")
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("the figures changed; if that is meant, run with -update (-want +got):\n%s", diff)
			}
		})
	}
}
