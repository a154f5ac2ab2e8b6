package seeds

import (
	"encoding/json"
	"os"
	"testing"
)

func TestDump(t *testing.T) {
	r, err := Registry()
	if err != nil {
		t.Fatal(err)
	}
	b, _ := json.Marshal(r)
	os.WriteFile("/tmp/reg.json", b, 0o644)
}
