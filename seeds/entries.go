package seeds

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"palabre/statement"
)

// entry is a good entry of a list, with its place "FILE:LINE:COLUMN".
type entry[T any] struct {
	value T
	where string
}

// readEntries reads a file that holds one list under a key. Each entry is read
// alone into a Y, which take turns into a T and its ID: a bad one is a problem,
// with its place and the field, and the others are returned.
func readEntries[Y, T any](file, key string, data []byte, take func(*Y) (T, string, error)) ([]entry[T], []statement.Problem) {
	tree, err := parser.ParseBytes(data, 0)
	if err != nil {
		return nil, []statement.Problem{problem(locate(file, 0, err))}
	}
	nodes, err := entryNodes(file, key, tree)
	if err != nil {
		return nil, []statement.Problem{problem(err)}
	}
	var good []entry[T]
	var problems []statement.Problem
	seen := make(map[string]bool)
	for _, node := range nodes {
		var y Y
		if err := yaml.NodeToValue(node, &y, yaml.Strict()); err != nil {
			p := problem(locate(file, 0, err))
			p.What = plainly(p.What) + hint(p.What, reflect.TypeFor[Y]())
			problems = append(problems, p)
			continue
		}
		at := node.GetToken().Position
		where := fmt.Sprintf("%s:%d:%d", file, at.Line, at.Column)
		value, id, err := take(&y)
		if err == nil && seen[id] {
			err = fmt.Errorf("id: %q is used twice", id)
		}
		if err != nil {
			problems = append(problems, statement.Problem{Where: where, What: err.Error()})
			continue
		}
		seen[id] = true
		good = append(good, entry[T]{value, where})
	}
	return good, problems
}

// entryNodes returns the entries of the list under the key.
func entryNodes(file, key string, tree *ast.File) ([]ast.Node, error) {
	for _, doc := range tree.Docs {
		if doc.Body == nil {
			continue
		}
		root, ok := doc.Body.(*ast.MappingNode)
		if !ok {
			return nil, fmt.Errorf("%s:1:1: want a list under the key %s", file, key)
		}
		for _, v := range root.Values {
			at := v.GetToken().Position
			if name := v.Key.String(); name != key {
				return nil, fmt.Errorf("%s:%d:1: unknown field %q: want %s", file, at.Line, name, key)
			}
			list, ok := v.Value.(*ast.SequenceNode)
			if !ok {
				return nil, fmt.Errorf("%s:%d:%d: %s: want a list", file, at.Line, at.Column, key)
			}
			return list.Values, nil
		}
	}
	return nil, nil
}

func problem(err error) statement.Problem {
	parts := strings.SplitN(err.Error(), ": ", 2)
	if len(parts) < 2 {
		return statement.Problem{What: err.Error()}
	}
	return statement.Problem{Where: parts[0], What: parts[1]}
}

var (
	wrongType = regexp.MustCompile(`^cannot unmarshal (\S+).* into Go struct field \w+\.(\w+) of type (\S+)$`)
	wrongNode = regexp.MustCompile(`^(\w+) was used where (\w+) is expected$`)
)

// plainly says without the words of a program what stands in a field instead of
// what.
func plainly(what string) string {
	if m := wrongType.FindStringSubmatch(what); m != nil {
		return fmt.Sprintf("%s: want %s, not %s", strings.ToLower(m[2]), inWords(m[3]), inWords(m[1]))
	}
	if m := wrongNode.FindStringSubmatch(what); m != nil {
		return fmt.Sprintf("want %s, not %s", inWords(m[2]), inWords(m[1]))
	}
	return what
}

// inWords says what a type of the program, or of YAML, is in a file.
func inWords(kind string) string {
	switch {
	case kind == "null":
		return "nothing"
	case kind == "sequence", strings.HasPrefix(kind, "[]"):
		return "a list"
	case strings.HasPrefix(kind, "map"): // or mapping
		return "fields"
	case strings.HasPrefix(kind, "int"), strings.HasPrefix(kind, "uint"), strings.HasPrefix(kind, "float"):
		return "a number"
	case kind == "bool":
		return "true or false"
	}
	return "text"
}

var unknownField = regexp.MustCompile(`^unknown field "([^"]+)"`)

// hint says of an unknown field where it belongs, or what was probably meant.
func hint(what string, of reflect.Type) string {
	m := unknownField.FindStringSubmatch(what)
	if m == nil {
		return ""
	}
	parents := make(map[string]string)
	fieldsOf(of, "", parents)
	switch parent, known := parents[m[1]]; {
	case parent != "":
		return ": it belongs under " + parent
	case known:
		return ": it belongs to the entry itself"
	}
	var names []string
	for name := range parents {
		names = append(names, name)
	}
	slices.Sort(names)
	return didYouMean(m[1], names)
}

// fieldsOf enters the fields of a YAML type and of those within it, each with
// the field that it stands under.
func fieldsOf(t reflect.Type, under string, parents map[string]string) {
	if t.Kind() != reflect.Struct {
		return
	}
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		if name == "" {
			name = strings.ToLower(f.Name)
		}
		if _, ok := parents[name]; !ok {
			parents[name] = under
		}
		if f.Type.PkgPath() == t.PkgPath() {
			fieldsOf(f.Type, name, parents)
		}
	}
}
