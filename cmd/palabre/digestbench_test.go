package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"palabre/digest"
	"palabre/seeds"
	"palabre/statement"
	"palabre/store"
)

// busyRecord holds 8,000 statements of a year and 2,000 of the week after it, every
// second one with a position.
func busyRecord(b *testing.B) (*store.Store, digest.Period) {
	b.Helper()
	reg, err := seeds.Registry()
	if err != nil {
		b.Fatal(err)
	}
	week, err := digest.ParseWeek("2026-W47")
	if err != nil {
		b.Fatal(err)
	}
	s, err := store.Open(b.Context(), filepath.Join(b.TempDir(), "record.db"), store.Options{Registry: reg, Now: func() time.Time { return week.To }})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := s.Close(); err != nil {
			b.Error(err)
		}
	})
	rng := rand.New(rand.NewPCG(1, 2))
	var batch []statement.Record
	for n := range 10_000 {
		at := week.From.AddDate(-1, 0, 0).Add(time.Duration(rng.Int64N(int64(365 * 24 * time.Hour))))
		if n >= 8_000 {
			at = week.From.Add(time.Duration(rng.Int64N(int64(7 * 24 * time.Hour))))
		}
		if batch = append(batch, busyStatement(rng, n, at)); len(batch) == 500 {
			if _, err := s.Apply(b.Context(), batch); err != nil {
				b.Fatal(err)
			}
			batch = batch[:0]
		}
	}
	return s, week
}

func busyStatement(rng *rand.Rand, n int, at time.Time) statement.Record {
	actors := []string{"mali-government", "jnim", "katiba-macina", "france", "isgs", "un", "au", "ecowas", "algeria", "niger-government"}
	text := fmt.Sprintf("Déclaration %d sur le dialogue. ", n) + strings.Repeat("La question restait ouverte lundi à Bamako. ", 36)
	s := statement.Statement{
		Revision: 1, Source: fmt.Sprint("source-", n%40), Outlet: fmt.Sprint("outlet-", n%60), Key: fmt.Sprint("https://example.org/", n), URL: fmt.Sprint("https://example.org/", n),
		Kind: statement.Wire, Lang: "fr", Grade: "B", Title: fmt.Sprint("Dépêche ", n, " de l'agence sur le Mali"), Text: text, Capture: statement.HashBody([]byte(text)),
		Published: statement.Date{Time: at, Precision: statement.Second, Origin: "feed"}, Fetched: at, FirstSeen: at,
	}
	s.ID = s.ContentID()
	s.Of = s.ID
	r := statement.Reading{Pack: "bench", Langs: []statement.LangRun{{End: len(text), Lang: "fr", Read: true}}}
	if n%2 == 0 {
		end := strings.IndexByte(text, '.') + 1
		r.Positions = []statement.Position{{
			Actor: actors[rng.IntN(len(actors))], Topic: statement.Topics[rng.IntN(3)], Target: []string{"jnim", "isgs", "mali-government", "france"}[rng.IntN(4)],
			Stance: statement.Stances[rng.IntN(4)], Rule: "bench", Confidence: 0.9, FirstHand: rng.IntN(2) == 0,
			Evidence: statement.Evidence{Field: statement.Text, End: end, Quote: text[:end]},
		}}
	}
	return statement.Record{Statement: s, Reading: r}
}

// BenchmarkDigestOfAWeek writes up a week of 2,000 statements in a record of
// 10,000: from the record to HTML.
func BenchmarkDigestOfAWeek(b *testing.B) {
	s, week := busyRecord(b)
	paper := pressOf(b, s)
	for b.Loop() {
		w, err := paper.read(b.Context(), week, "fr")
		if err == nil {
			err = paper.print(b.Context(), io.Discard, w, digest.HTML)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkDraftAndIssue drafts the same week in every language and freezes it in
// every format, and tells how large the two desk events are.
func BenchmarkDraftAndIssue(b *testing.B) {
	s, week := busyRecord(b)
	paper := pressOf(b, s)
	size := func(v any) float64 {
		b.Helper()
		text, err := json.Marshal(v)
		if err != nil {
			b.Fatal(err)
		}
		return float64(len(text)) / 1e6
	}
	var draft statement.DigestDraft
	var err error
	for b.Loop() {
		if draft, err = paper.draft(b.Context(), week); err != nil {
			b.Fatal(err)
		}
	}
	e := statement.DeskEvent{ID: statement.DigestDraftID(week.String()), At: time.Now(), Who: "bench", Action: statement.DraftDigest, Subject: week.String()}
	if e.Details, err = json.Marshal(draft); err != nil {
		b.Fatal(err)
	}
	if err := s.ApplyDesk(b.Context(), []statement.DeskEvent{e}); err != nil {
		b.Fatal(err)
	}
	issue, err := paper.issue(b.Context(), week)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(size(draft), "draft-MB")
	b.ReportMetric(size(issue), "issue-MB")
}
