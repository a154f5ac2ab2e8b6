package classify

import (
	"fmt"
	"strings"
	"testing"

	"palabre/statement"
)

// BenchmarkPhrases measures the matching stage alone: 2,000 phrases looked for
// in folded words. Half of the phrases are of two or three words, a quarter are
// prefixes, and the text has every kind.
func BenchmarkPhrases(b *testing.B) {
	const phrases = 2000
	var rules strings.Builder
	rules.WriteString("class sought\n")
	words := strings.Fields(benchText)
	for i := range phrases {
		w := fmt.Sprintf("%s%c%c", words[i%len(words)], 'a'+i%26, 'a'+i/26%26)
		switch i % 4 {
		case 0:
			fmt.Fprintf(&rules, "  %s\n", w)
		case 1:
			fmt.Fprintf(&rules, "  %s*\n", w)
		default:
			fmt.Fprintf(&rules, "  \"%s %s\"\n", words[i%len(words)], words[(i*7+3)%len(words)])
		}
	}
	f, err := parseFile("en/bench.rules", rules.String())
	if err != nil {
		b.Fatal(err)
	}
	g, err := compile("en", []*ruleFile{f}, &statement.Registry{})
	if err != nil {
		b.Fatal(err)
	}
	text := strings.Repeat(benchText+" ", 40)
	r := &reader{passage: &passage{g: g}}
	r.text.Scan(text)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		r.findHits()
	}
	if len(r.hits) == 0 {
		b.Fatal("nothing was found")
	}
}

const benchText = `the government of the republic has taken note of the statement by which the movement declares itself ready to
return to the table once the last convoy has crossed the border and it recalls that nobody has been mandated to negotiate in its name
while the mission remains deployed along the river and in the towns of the north where traders wait for the road to open again before the
harvest and the elders of four villages ask both sides to spare the market`
