package digest

import (
	"fmt"
	"strings"
)

// Format is what a digest is rendered as.
type Format string

// The formats.
const (
	HTML     Format = "html" // one file that needs no other
	Markdown Format = "md"
	DOCX     Format = "docx"
	PDF      Format = "pdf" // printed by Chromium, which must be installed
	JSON     Format = "json"
	CSV      Format = "csv" // a row for each utterance
)

// Formats lists the formats in the order in which people are shown them.
var Formats = []Format{HTML, PDF, DOCX, Markdown, JSON, CSV}

// ParseFormat reads the name of a format.
func ParseFormat(s string) (Format, error) {
	names := make([]string, len(Formats))
	for i, f := range Formats {
		if s == string(f) {
			return f, nil
		}
		names[i] = string(f)
	}
	return "", fmt.Errorf("parse format %.40q: want one of %s", s, strings.Join(names, ", "))
}

// MediaType returns the type under which a rendering is served.
func (f Format) MediaType() string {
	switch f {
	case HTML:
		return "text/html; charset=utf-8"
	case Markdown:
		return "text/markdown; charset=utf-8"
	case DOCX:
		return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	case PDF:
		return "application/pdf"
	case CSV:
		return "text/csv; charset=utf-8"
	}
	return "application/json"
}
