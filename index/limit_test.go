package index_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"palabre/index"
)

// TestWidePrefixIsRefused looks for the beginning of 100,000 different words, in
// one segment and in many.
func TestWidePrefixIsRefused(t *testing.T) {
	x := open(t, filepath.Join(t.TempDir(), "bleve"))
	n := 0
	for row := range 10 {
		var docs []index.Doc
		for range 10 {
			var text strings.Builder
			for range 1000 {
				n++
				fmt.Fprintf(&text, "aaa%05x ", n)
			}
			docs = append(docs, doc(fmt.Sprint("s", n), "en", "2020", "", text.String()))
		}
		if err := x.Update(context.Background(), docs, int64(row)); err != nil {
			t.Fatal(err)
		}
	}
	for _, query := range []string{"aaa*", "NOT aaa*", "(aaa* OR aaa0*) topic:dialogue", "aaa* aaa0* aaa00*"} {
		q, err := index.Parse(query)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := x.Search(context.Background(), index.Request{Query: q}); !errors.Is(err, index.ErrTooBroad) {
			t.Errorf("%s: got %v, want ErrTooBroad", query, err)
		}
	}
	if got := search(t, x, "aaa0001*"); len(got) != 1 {
		t.Errorf("a narrow prefix found %v", got)
	}
}

func TestSearchEndsWithItsContext(t *testing.T) {
	x := open(t, filepath.Join(t.TempDir(), "bleve"))
	if err := x.Update(context.Background(), corpus(), 4); err != nil {
		t.Fatal(err)
	}
	q, err := index.Parse("négocier OR withdrawal")
	if err != nil {
		t.Fatal(err)
	}
	gone, leave := context.WithCancel(context.Background())
	leave()
	if _, err := x.Search(gone, index.Request{Query: q}); !errors.Is(err, context.Canceled) {
		t.Errorf("after its caller left: %v", err)
	}
	late, end := context.WithDeadline(context.Background(), time.Now().Add(-time.Second))
	defer end()
	if _, err := x.Search(late, index.Request{Query: q}); !errors.Is(err, index.ErrTooBroad) {
		t.Errorf("after the deadline: %v", err)
	}
}

// TestSearchWaitsForItsTurn asks while others hold every turn: it is the wait that
// ends with the context, and the query is not blamed.
func TestSearchWaitsForItsTurn(t *testing.T) {
	x := open(t, filepath.Join(t.TempDir(), "bleve"))
	release := x.HoldTurns()
	late, end := context.WithDeadline(context.Background(), time.Now().Add(-time.Second))
	defer end()
	if _, err := x.Search(late, index.Request{}); !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, index.ErrTooBroad) {
		t.Errorf("behind others: %v, want the deadline", err)
	}
	release()
	if _, err := x.Search(context.Background(), index.Request{}); err != nil {
		t.Errorf("after the others: %v", err)
	}
}

func TestSearchOfAClosedIndexFails(t *testing.T) {
	x := open(t, filepath.Join(t.TempDir(), "bleve"))
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := x.Search(context.Background(), index.Request{}); err == nil {
		t.Error("a closed index answered")
	}
}
