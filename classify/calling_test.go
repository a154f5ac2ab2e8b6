package classify

import (
	"strings"
	"testing"

	"palabre/seeds"
)

// TestBuiltInClassesAreCalled wants a calling of every class whose name begins with a
// letter that only tells where it is used.
func TestBuiltInClassesAreCalled(t *testing.T) {
	reg, err := seeds.Registry()
	if err != nil {
		t.Fatal(err)
	}
	rules, err := seeds.Rules()
	if err != nil {
		t.Fatal(err)
	}
	pack, err := Compile(rules, reg)
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, g := range pack.grammars {
		for _, name := range g.classNames {
			if strings.HasPrefix(name, literalPrefix) || len(name) < 2 || name[1] != '-' || name[0] == 'b' {
				continue
			}
			if found++; pack.callings[name] == "" {
				t.Errorf("the class %s does not say how it is called: write class %s \"…\"", name, name)
			}
		}
	}
	if found == 0 {
		t.Error("there is no such class")
	}
}
