package digest

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// look is where TestLook leaves the fixture's week in every format and language,
// for people to look at: go test ./digest -run TestLook -look /tmp/digests.
var lookAt = flag.String("look", "", "folder for digests to look at")

func TestLook(t *testing.T) {
	if *lookAt == "" {
		t.Skip("no -look folder is given")
	}
	texts := openTexts(t)
	empty := &Material{Period: week(t, "2021-W43"), Made: time.Date(2021, 11, 1, 6, 0, 0, 0, time.UTC)}
	for _, lang := range Languages {
		for name, m := range map[string]*Material{"week": fixture(t), "empty": empty} {
			d, err := Draft(m, lang, texts)
			must(t, err)
			for _, f := range Formats {
				file, err := os.Create(filepath.Join(*lookAt, name+"-"+lang+"."+string(f)))
				must(t, err)
				must(t, texts.Render(context.Background(), file, f, d))
				must(t, file.Close())
			}
		}
	}
}
