package api

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"palabre/statement"
)

// Hand is a statement that an analyst has on file and enters by hand.
type Hand struct {
	Title     string         `json:"title,omitempty" maxLength:"2000"`
	Text      string         `json:"text" minLength:"1" doc:"At most 1 MiB of UTF-8"`
	Lang      string         `json:"lang,omitempty" maxLength:"35" doc:"BCP 47; found out if empty"`
	Kind      statement.Kind `json:"kind,omitempty" enum:"wire,article,editorial,communique,speech,interview,transcript,post" doc:"Decides whose voice the text is"`
	Medium    string         `json:"medium,omitempty" maxLength:"50" doc:"Such as text, audio, letter or radio"`
	Outlet    string         `json:"outlet,omitempty" maxLength:"100" doc:"ID of who published it"`
	URL       string         `json:"url,omitempty" maxLength:"2000" doc:"Where it can be found: http or https"`
	Said      statement.Date `json:"-"`
	Published statement.Date `json:"-"`
	Speaker   string         `json:"speaker,omitempty" maxLength:"200"`
	Issuer    string         `json:"issuer,omitempty" maxLength:"100" doc:"ID of the actor in whose name it is written"`
	Note      string         `json:"note,omitempty" maxLength:"4000"`
}

// handBody is a hand entry as it is sent: dates are plain text.
type handBody struct {
	Hand
	Said      string `json:"said,omitempty" maxLength:"35" doc:"When the words were spoken: 2020, 2020-03, 2020-03-08 or RFC 3339"`
	Published string `json:"published,omitempty" maxLength:"35" doc:"When it was published, in the same form"`
}

type handInput struct {
	Body handBody
}

type handOutput struct {
	Location string `header:"Location"`
	Body     struct {
		ID  string `json:"id"`
		URL string `json:"url" doc:"Where the statement will be"`
	}
}

func (s *server) postStatement(ctx context.Context, in *handInput) (*handOutput, error) {
	if s.submit == nil {
		return nil, errNoSubmit
	}
	hand, err := in.Body.hand()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRejected, err)
	}
	id, err := s.submit(ctx, hand)
	if err != nil {
		return nil, fmt.Errorf("file statement: %w", err)
	}
	var out handOutput
	out.Body.ID, out.Body.URL = id, "/api/v1/statements/"+url.PathEscape(id)
	out.Location = out.Body.URL
	return &out, nil
}

// hand checks what a schema cannot say.
func (b *handBody) hand() (Hand, error) {
	h := b.Hand
	var errs []error
	if strings.TrimSpace(h.Text) == "" {
		errs = append(errs, errors.New("text is empty"))
	}
	if len(h.Text) > statement.MaxText {
		errs = append(errs, fmt.Errorf("text has %d bytes, the most is %d", len(h.Text), statement.MaxText))
	}
	if h.URL != "" && webAddress(h.URL) == "" {
		errs = append(errs, errors.New("url is no http or https address"))
	}
	for _, d := range []struct {
		name, text string
		to         *statement.Date
	}{{"said", b.Said, &h.Said}, {"published", b.Published, &h.Published}} {
		if d.text == "" {
			continue
		}
		var err error
		if *d.to, err = statement.ParseDate(d.text, "hand"); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", d.name, err))
		}
	}
	return h, errors.Join(errs...)
}

// webAddress returns the address if it is one that a page may link to, or "".
func webAddress(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return u.String()
}
