package seeds

import (
	"embed"
	"fmt"
	"io/fs"
)

//go:embed rules
var rulesFS embed.FS

// Rules returns the built-in rulepack: a folder for each language.
func Rules() (fs.FS, error) {
	sub, err := fs.Sub(rulesFS, "rules")
	if err != nil {
		return nil, fmt.Errorf("open the built-in rules: %w", err)
	}
	return sub, nil
}
