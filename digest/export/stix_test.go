package export_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"palabre/digest/export"
	"palabre/statement"
)

// schemas compiles the schemas of OASIS once for all tests.
var schemas = sync.OnceValues(func() (map[string]*jsonschema.Schema, error) {
	root := os.DirFS("testdata/stix2.1/schemas")
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	var names []string
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
		if err != nil {
			return err
		}
		names = append(names, name)
		return c.AddResource(address+name, doc)
	})
	if err != nil {
		return nil, err
	}
	out := make(map[string]*jsonschema.Schema)
	for _, name := range names {
		s, err := c.Compile(address + name)
		if err != nil {
			return nil, err
		}
		out[strings.TrimSuffix(path.Base(name), ".json")] = s
	}
	return out, nil
})

const address = "http://raw.githubusercontent.com/oasis-open/cti-stix2-json-schemas/stix2.1/schemas/"

// stixObject is what the tests look at of an object.
type stixObject struct {
	Type       string                    `json:"type"`
	ID         string                    `json:"id"`
	Created    string                    `json:"created"`
	Modified   string                    `json:"modified"`
	By         string                    `json:"created_by_ref"`
	Refs       []string                  `json:"object_refs"`
	Marks      []string                  `json:"object_marking_refs"`
	From       string                    `json:"source_ref"`
	To         string                    `json:"target_ref"`
	Export     map[string]any            `json:"x_palabre_export"`
	Extensions map[string]map[string]any `json:"extensions"`
}

// validate holds a bundle against the schemas, and against what they do not say:
// every reference is met, IDs are unique, changes come after their making.
func validate(t *testing.T, data []byte) []stixObject {
	t.Helper()
	all, err := schemas()
	must(t, err)
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	must(t, err)
	if err := all["bundle"].Validate(doc); err != nil {
		t.Fatalf("%#v", err)
	}
	var bundle struct{ Objects []json.RawMessage }
	must(t, json.Unmarshal(data, &bundle))
	var out []stixObject
	ids := make(map[string]bool)
	for _, raw := range bundle.Objects {
		var o stixObject
		must(t, json.Unmarshal(raw, &o))
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
		must(t, err)
		if all[o.Type] == nil {
			t.Fatalf("there is no schema of %s", o.Type)
		}
		if err := all[o.Type].Validate(doc); err != nil {
			t.Fatalf("%s\n%#v", raw, err)
		}
		if ids[o.ID] {
			t.Errorf("two objects are %s", o.ID)
		}
		ids[o.ID] = true
		if o.Modified != "" && o.Modified < o.Created {
			t.Errorf("%s was changed at %s and made at %s", o.ID, o.Modified, o.Created)
		}
		out = append(out, o)
	}
	for _, o := range out {
		if len(o.Marks) == 0 && o.Type != "marking-definition" {
			t.Errorf("%s has no mark", o.ID)
		}
		refs := slices.Concat(o.Refs, o.Marks)
		for _, ref := range []string{o.By, o.From, o.To} {
			if ref != "" {
				refs = append(refs, ref)
			}
		}
		for _, ref := range refs {
			if !ids[ref] {
				t.Errorf("%s refers to %s, which is not there", o.ID, ref)
			}
		}
	}
	return out
}

func TestSTIX(t *testing.T) {
	for _, mark := range statement.Marks {
		a := about()
		a.Mark = mark
		data := write(t, export.STIX, a, rows(t), nil)
		objects := validate(t, data)
		kinds := make(map[string]int)
		for _, o := range objects {
			kinds[o.Type]++
		}
		if kinds["report"] != 6 || kinds["relationship"] != 4 || kinds["marking-definition"] != 1 {
			t.Errorf("objects %v", kinds)
		}
		if e := objects[len(objects)-1].Export; e["complete"] != true || e["statements"] != 5.0 || e["positions"] != 4.0 || e["packs"] != "rules-1" || e["mark"] != string(mark) {
			t.Errorf("the last report says %v", e)
		}
		level := objects[0].Extensions["extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"]["tlp_2_0"]
		if "TLP:"+strings.ToUpper(level.(string)) != string(mark) {
			t.Errorf("%s is marked %s", mark, level)
		}
		if !bytes.Equal(data, write(t, export.STIX, a, rows(t), nil)) {
			t.Error("the same export is not the same bundle")
		}
	}
	validate(t, write(t, export.STIX, about(), nil, nil))
}

// TestSTIXWithoutSchema checks that the schemas can refuse something.
func TestSTIXWithoutSchema(t *testing.T) {
	all, err := schemas()
	must(t, err)
	for _, bad := range []string{`{"type":"bundle"}`, `{"type":"bundle","id":"bundle--x","objects":[]}`, `{"type":"bundle","id":"bundle--d3ed8a9d-362c-48e3-8ccd-8211fe49d9b4","objects":[{"type":"report"}]}`} {
		doc, err := jsonschema.UnmarshalJSON(strings.NewReader(bad))
		must(t, err)
		if all["bundle"].Validate(doc) == nil {
			t.Errorf("%s is taken", bad)
		}
	}
}
