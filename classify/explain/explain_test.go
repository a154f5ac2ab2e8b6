package explain

import (
	"os"
	"regexp"
	"testing"

	"palabre/classify"
)

// TestEveryReasonIsPutIntoWords looks up what the classifier may give as a reason in
// its source, and wants words for each.
func TestEveryReasonIsPutIntoWords(t *testing.T) {
	source, err := os.ReadFile("../explain_words.go")
	if err != nil {
		t.Fatal(err)
	}
	reasons := regexp.MustCompile(`\bWhy\w+ +Why = "(.+)"`).FindAllSubmatch(source, -1)
	grounds := regexp.MustCompile(`\b(Ground\w+) +Ground = "(.+)"`).FindAllSubmatch(source, -1)
	if len(reasons) < 10 || len(grounds) < 10 {
		t.Fatalf("%d reasons and %d grounds were found", len(reasons), len(grounds))
	}
	for _, m := range reasons {
		if why := string(m[1]); whyNone[classify.Why(why)].IsEmpty() {
			t.Errorf("no words for the reason %q", why)
		}
	}
	who := say("somebody")
	for _, m := range grounds {
		switch name := string(m[1]); name {
		case "GroundIssuer", "GroundUnknownVoice", "GroundNoVoice": // told elsewhere
		default:
			if holds(who, classify.Ground(m[2])).English == who.English {
				t.Errorf("no words for the ground %q", m[2])
			}
		}
	}
}
