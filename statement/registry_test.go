package statement_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"palabre/statement"
)

func TestStatesOfPlaces(t *testing.T) {
	reg := statement.Registry{
		Actors: []statement.Actor{{ID: "niger-government", Country: "NER"}},
		Places: []statement.Place{
			{ID: "tillaberi", Country: "NER"},
			{ID: "cercle", In: "tillaberi"},
			{ID: "village", In: "cercle"},
			{ID: "sahel"},
			{ID: "circle", In: "ring"},
			{ID: "ring", In: "circle"},
		},
	}
	want := map[string]string{"tillaberi": "niger-government", "cercle": "niger-government", "village": "niger-government"}
	if diff := cmp.Diff(want, reg.States()); diff != "" {
		t.Error(diff)
	}
}
