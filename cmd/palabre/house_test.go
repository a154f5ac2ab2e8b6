package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"
)

// may says which packages of the house a package may import. A sub-package
// belongs to its parent. Siblings do not know each other: this command joins
// them.
var may = map[string][]string{
	"statement": {},
	"lang":      {"statement"},
	"ingest":    {"statement", "lang"},
	"classify":  {"statement", "lang"},
	"index":     {"statement", "lang"},
	"stream":    {"statement", "lang"},
	"store":     {"statement", "lang"},
	"alert":     {"statement", "lang"},
	"digest":    {"statement", "lang"},
	"seeds":     {"statement", "lang"},
	"api":       {"statement", "lang", "store", "index", "digest", "classify"},
	"cmd":       {"statement", "lang", "ingest", "classify", "index", "stream", "store", "alert", "digest", "seeds", "api"},
}

// TestImports checks the house: who imports whom, and that every third-party
// module has one owner. Modules under golang.org/x extend the standard library
// and are for everybody.
func TestImports(t *testing.T) {
	root := filepath.Join("..", "..")
	owners := make(map[string]map[string]bool)
	seen := make(map[string]bool)
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		if d.IsDir() {
			if rel != "." && (strings.HasPrefix(d.Name(), ".") || rel == "tools" || d.Name() == "testdata") {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		pkg, _, _ := strings.Cut(filepath.ToSlash(rel), "/")
		seen[pkg] = true
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range file.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if own, ok := strings.CutPrefix(name, "palabre/"); ok {
				other, _, _ := strings.Cut(own, "/")
				if other != pkg && !slices.Contains(may[pkg], other) {
					t.Errorf("%s: %s must not import %s", rel, pkg, other)
				}
				continue
			}
			host, _, _ := strings.Cut(name, "/")
			if !strings.Contains(host, ".") || strings.HasPrefix(name, "golang.org/x/") {
				continue
			}
			module := owner(name)
			if owners[module] == nil {
				owners[module] = make(map[string]bool)
			}
			owners[module][pkg] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for pkg := range seen {
		if _, ok := may[pkg]; !ok {
			t.Errorf("package %s is not in the plan of the house", pkg)
		}
	}
	for module, pkgs := range owners {
		if len(pkgs) > 1 {
			var names []string
			for p := range pkgs {
				names = append(names, p)
			}
			sort.Strings(names)
			t.Errorf("module %s belongs to one package, and %s import it", module, strings.Join(names, " and "))
		}
	}
	if len(owners) == 0 {
		t.Error("no third-party import was found: the test looks in the wrong place")
	}
}

// owner returns host, organisation and name of an import path.
func owner(path string) string {
	parts := strings.SplitN(path, "/", 4)
	return strings.Join(parts[:min(3, len(parts))], "/")
}

// TestPackageComments checks that every package says what it is for.
func TestPackageComments(t *testing.T) {
	root := filepath.Join("..", "..")
	for pkg := range may {
		dir := filepath.Join(root, pkg)
		if pkg == "cmd" {
			dir = filepath.Join(dir, "palabre")
		}
		if _, err := os.Stat(dir); err != nil {
			continue // not built yet
		}
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		commented := 0
		for _, path := range files {
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments|parser.PackageClauseOnly)
			if err != nil {
				t.Fatal(err)
			}
			if file.Doc != nil && !strings.HasSuffix(path, "_test.go") {
				commented++
			}
		}
		if commented != 1 {
			t.Errorf("package %s has %d package comments, want one", pkg, commented)
		}
	}
}
