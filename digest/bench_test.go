package digest

import (
	"context"
	"fmt"
	"io"
	"testing"

	"palabre/statement"
)

// busy is a week of so many statements, each with a position and every fourth
// one news.
func busy(b *testing.B, statements int) *Material {
	m := fixture(b)
	m.Coverage.Statements = statements
	actors := []string{"jnim", "mali-government", "france", "un", "isgs", "cma", "donso", "au", "us", "algeria"}
	for i := range statements {
		id := fmt.Sprintf("s-%d", i)
		m.source(id, "rfi", "Centre du Mali : nouvel accord à Koro", "fr", "2021-10-20")
		e := statement.Event{
			ID: "e-" + id, Actor: actors[i%len(actors)], Topic: statement.Topics[i%3], Target: actors[(i+1)%len(actors)], Stance: statement.Stances[i%4], Lead: id,
			When: on("2021-10-20"), Evidence: statement.Evidence{Quote: mandateWords}, Outlets: 1,
		}
		m.Utterances = append(m.Utterances, Utterance{Event: e, Places: []string{"farabougou"}})
		if i%4 > 0 {
			continue
		}
		now := cited(id, jnimWords, "rfi", "ar", "2021-10-20", e.Stance, "C")
		s := statement.Signal{ID: id, Event: e.ID, Reason: statement.Reasons[i/4%7], Actor: e.Actor, Topic: e.Topic, Target: e.Target, To: e.Stance, Now: now.Passage}
		m.Signals = append(m.Signals, statement.News{Signal: s, Now: now, Outlets: []string{"rfi"}})
	}
	return m
}

// BenchmarkDigest writes and renders a week of 2,000 statements in every format
// but PDF.
func BenchmarkDigest(b *testing.B) {
	texts := openTexts(b)
	m := busy(b, 2000)
	for b.Loop() {
		d, err := Draft(m, "fr", texts)
		must(b, err)
		for _, f := range Formats {
			if f != PDF {
				must(b, texts.Render(context.Background(), io.Discard, f, d))
			}
		}
	}
}
