package api

import (
	"context"
	"unicode/utf16"
	"unicode/utf8"
)

// Suggestion is what may stand in a query that is being written.
type Suggestion struct {
	From  int    `json:"from" doc:"Where the text begins that it takes the place of, in UTF-16 units as text fields count"`
	To    int    `json:"to" doc:"Where that ends"`
	Text  string `json:"text" doc:"What to put there; a field ends in its colon"`
	Label string `json:"label" doc:"What a person is shown"`
	Hint  string `json:"hint" doc:"What it is, in English"`
	Kind  string `json:"kind" enum:"field,value,search,actor,person,place,term"`
}

type completeInput struct {
	Q    string `query:"q" maxLength:"4096" doc:"The query so far"`
	At   int    `query:"at" minimum:"0" doc:"Where the cursor stands, in UTF-16 units"`
	Lang string `query:"lang" enum:"en,fr,ar" default:"en" doc:"Language of the labels"`
}

type completeOutput struct {
	Body struct {
		Suggestions []Suggestion `json:"suggestions"`
	}
}

func (s *server) getComplete(ctx context.Context, in *completeInput) (*completeOutput, error) {
	list, err := s.index.Reader().Complete(ctx, in.Q, byteAt(in.Q, in.At), in.Lang)
	if err != nil {
		return nil, err
	}
	out := &completeOutput{}
	out.Body.Suggestions = make([]Suggestion, len(list))
	for i, g := range list {
		out.Body.Suggestions[i] = Suggestion{unitAt(in.Q, g.Start), unitAt(in.Q, g.End), g.Insert, g.Label, g.Hint, g.Kind}
	}
	return out, nil
}

// byteAt returns the byte of a text at which a UTF-16 unit begins, its end if
// that lies behind.
func byteAt(text string, unit int) int {
	for i, r := range text {
		if unit <= 0 {
			return i
		}
		unit -= max(1, utf16.RuneLen(r))
	}
	return len(text)
}

// unitAt returns the number of UTF-16 units before a byte of a text.
func unitAt(text string, at int) int {
	n := 0
	for i := 0; i < at; {
		r, size := utf8.DecodeRuneInString(text[i:])
		n += max(1, utf16.RuneLen(r))
		i += size
	}
	return n
}
