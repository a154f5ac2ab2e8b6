package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"palabre/statement"
	"palabre/store"
)

// mostFalse is how many signals a thousand real texts without positions may
// raise.
const mostFalse = 2.0

// TestQuietOnRealText files real text that takes no position on the Sahel, a
// statement a line, as if it arrived today, and lists every signal that it
// raises. A person has looked at each line of the golden file.
func TestQuietOnRealText(t *testing.T) {
	pack := builtInPack(t)
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), recordFile), store.Options{Registry: testSeeds(t), Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	texts := 0
	for _, c := range []struct {
		file, lang string
		each       int // one line in so many is taken
	}{
		{"headlines.ar.txt.gz", "ar", 2},
		{"un-sentences.ar.txt.gz", "ar", 5},
		{"bayelemabaga.fr.txt.gz", "fr", 40},
		{"bayelemabaga.bam.txt.gz", "bm", 40},
	} {
		var records []statement.Record
		n := 0
		eachCorpusLine(t, shared(t, "corpora/"+c.file), func(line string) {
			if n++; n%c.each > 0 || line == "" {
				return
			}
			st := statement.Statement{
				Revision: 1, Source: "corpus-" + c.lang, Key: fmt.Sprint(c.file, n), Kind: statement.Wire, Lang: c.lang, Text: line,
				Published: statement.Date{Time: now, Precision: statement.Second, Origin: "feed"}, Fetched: now, FirstSeen: now,
			}
			st.ID = st.ContentID()
			st.Of = st.ID
			records = append(records, statement.Record{Statement: st, Reading: pack.Read(&st)})
		})
		for batch := range slices.Chunk(records, 500) {
			if _, err := s.Apply(t.Context(), batch); err != nil {
				t.Fatal(err)
			}
		}
		texts += len(records)
	}
	page, err := s.Signals(t.Context(), store.SignalQuery{Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	var rows []string
	for _, sig := range page.Signals {
		rows = append(rows, row(sig.Reason, sig.Actor, sig.Topic, sig.Target, sig.To, sig.Candidate, sig.Now.Quote))
	}
	slices.Sort(rows)
	rate := 1000 * float64(len(rows)) / float64(texts)
	golden(t, "quiet", fmt.Sprintf("%d texts, %d signals: %.2f a thousand\n%s", texts, len(rows), rate,
		asTable("reason | actor | topic | target | stance | for the desk only | words", rows)))
	if texts < 5000 || rate > mostFalse {
		t.Errorf("%d texts raise %.2f signals a thousand, want 5,000 texts and at most %.0f:\n%s", texts, rate, mostFalse, strings.Join(rows, "\n"))
	}
}
