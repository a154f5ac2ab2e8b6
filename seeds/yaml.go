package seeds

import (
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
)

// DecodeYAML reads a YAML document into v. Unknown and repeated fields are
// errors. An error is one line, "NAME:LINE:COLUMN: what".
func DecodeYAML(name string, data []byte, v any) error {
	err := yaml.UnmarshalWithOptions(data, v, yaml.Strict())
	if err == nil {
		return nil
	}
	return locate(name, 0, err)
}

// locate puts the file and place before a YAML error. shift is added to the
// line, for a part of a file that was read alone.
func locate(name string, shift int, err error) error {
	var ye yaml.Error
	if !errors.As(err, &ye) || ye.GetToken() == nil {
		return fmt.Errorf("%s: %s", name, firstLine(err.Error()))
	}
	at := ye.GetToken().Position
	return fmt.Errorf("%s:%d:%d: %s", name, at.Line+shift, at.Column, firstLine(ye.GetMessage()))
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}
