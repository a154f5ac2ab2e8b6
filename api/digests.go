package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"palabre/digest"
	"palabre/statement"
	"palabre/store"
)

// Press writes digests up and prints them. Everything in it is needed.
type Press struct {
	// Lang is the language of pages on which none is chosen.
	Lang string
	// Read returns the digest of a period in a language: the one that was issued,
	// else the draft as it was edited, else one that is made for the occasion.
	Read func(ctx context.Context, p digest.Period, lang string) (*Written, error)
	// Print writes a digest in a format; an issued one as it was issued.
	Print func(ctx context.Context, to io.Writer, w *Written, f digest.Format) error
	// Draft writes a period up in every language.
	Draft func(ctx context.Context, p digest.Period) (statement.DigestDraft, error)
	// Issue returns what freezes the draft of a period as it stands.
	Issue func(ctx context.Context, p digest.Period) (statement.DigestIssue, error)
}

// Written is a digest in one language, and how far it has come.
type Written struct {
	*digest.Digest
	Kept *store.Digest // nil if it was made for the occasion
}

// The states of a digest.
const (
	issuedState = "issued"
	draftState  = "draft"
	noState     = "none" // nothing is kept: it is made when it is asked for
)

// State returns how far the digest has come.
func (w *Written) State() string {
	switch {
	case w.Kept == nil:
		return noState
	case w.Kept.IsIssued():
		return issuedState
	}
	return draftState
}

// DigestSummary is a digest in a list.
type DigestSummary struct {
	Period  string       `json:"period" doc:"2021-W42, or first and last day with a slash between"`
	State   string       `json:"state" enum:"draft,issued"`
	From    time.Time    `json:"from"`
	Until   time.Time    `json:"until" doc:"First instant after the period"`
	Drafted time.Time    `json:"drafted"`
	Drafter string       `json:"drafter"`
	Edits   int          `json:"edits" doc:"That stand"`
	Number  int          `json:"number,omitempty" doc:"Running, from 1; of an issued one"`
	Issued  *time.Time   `json:"issued"`
	Issuer  string       `json:"issuer,omitempty"`
	Files   []DigestFile `json:"files" doc:"Of an issued one: frozen byte for byte"`
}

// DigestFile is a frozen file of an issued digest.
type DigestFile struct {
	Lang   string `json:"lang"`
	Format string `json:"format"`
	Hash   string `json:"hash" doc:"SHA-256 of its bytes"`
	Size   int    `json:"size" doc:"Bytes"`
	URL    string `json:"url"`
}

func (s *server) summaryOf(ctx context.Context, d *store.Digest) (DigestSummary, error) {
	out := DigestSummary{
		Period: d.Period, State: draftState, From: d.From, Until: d.Until, Drafted: d.Drafted, Drafter: plain(d.Drafter), Edits: d.Edits,
		Number: d.Number, Issued: timeOf(d.Issued), Issuer: plain(d.Issuer), Files: []DigestFile{},
	}
	if !d.IsIssued() {
		return out, nil
	}
	out.State = issuedState
	files, err := s.store.FrozenFiles(ctx, d.Period)
	for _, f := range files {
		out.Files = append(out.Files, DigestFile{f.Lang, f.Format, f.Hash, f.Size, "/api/v1" + digestLink(d.Period, f.Lang, f.Format)})
	}
	return out, err
}

// digestLink is the address of a digest below the site or the API.
func digestLink(period, lang, format string) string {
	v := make(url.Values)
	if lang != "" {
		v.Set("lang", lang)
	}
	if format != "" {
		v.Set("format", format)
	}
	link := "/digests/" + url.PathEscape(period)
	if len(v) > 0 {
		link += "?" + v.Encode()
	}
	return link
}

type digestsOutput struct {
	Body struct {
		Digests []DigestSummary `json:"digests" doc:"That of the latest period first"`
	}
}

type digestInput struct {
	Period string `path:"period" maxLength:"40" doc:"2021-W42, 2021-10, 2021-10-18, or first and last day with a slash between, written %2F"`
	Lang   string `query:"lang" enum:"en,fr,ar" default:"en"`
	Format string `query:"format" enum:"json,html,md,docx,pdf,csv" default:"json"`
}

type digestOutput struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	State       string `header:"Palabre-Digest" doc:"issued, draft or none: made for the occasion"`
	Body        []byte
}

func (s *server) routeDigests() {
	handle(s, huma.Operation{
		OperationID: "list-digests", Method: http.MethodGet, Path: "/api/v1/digests", Tags: []string{"digest"},
		Summary: "List digests, drafts and issued ones",
	}, s.getDigests)
	content := make(map[string]*huma.MediaType)
	for _, f := range digest.Formats {
		media, _, _ := strings.Cut(f.MediaType(), ";")
		content[media] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString}}
	}
	handle(s, huma.Operation{
		OperationID: "read-digest", Method: http.MethodGet, Path: "/api/v1/digests/{period}", Tags: []string{"digest"},
		Summary:     "Read the digest of a period",
		Description: "The issued one, else the draft as it was edited, else one that is made for the occasion: the header Palabre-Digest says which. An issued one never changes.",
		Errors:      []int{http.StatusNotFound, http.StatusNotImplemented},
		Responses:   map[string]*huma.Response{"200": {Description: "The digest", Content: content}},
	}, s.getDigest)
}

func (s *server) getDigests(ctx context.Context, _ *struct{}) (*digestsOutput, error) {
	var out digestsOutput
	var err error
	out.Body.Digests, err = s.digests(ctx)
	return &out, err
}

func (s *server) digests(ctx context.Context) ([]DigestSummary, error) {
	kept, err := s.store.Digests(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]DigestSummary, len(kept))
	for i := range kept {
		if out[i], err = s.summaryOf(ctx, &kept[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// errNoPress is what a node says that writes no digests.
var errNoPress = errors.New("this node writes no digests")

func (s *server) getDigest(ctx context.Context, in *digestInput) (*digestOutput, error) {
	f, err := digest.ParseFormat(in.Format)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errBadInput, err)
	}
	w, err := s.writtenDigest(ctx, in.Period, in.Lang)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := s.press.Print(ctx, &b, w, f); err != nil {
		return nil, err
	}
	out := &digestOutput{ContentType: f.MediaType(), State: w.State(), Body: b.Bytes()}
	out.Disposition = fmt.Sprintf("attachment; filename=%q", DigestFileName(w.Digest, f))
	return out, nil
}

// DigestFileName is what a digest is called when it is kept as a file.
func DigestFileName(d *digest.Digest, f digest.Format) string {
	return "digest-" + strings.ReplaceAll(d.Period.String(), "/", "-to-") + "-" + d.Lang + "." + string(f)
}

// writtenDigest reads the digest of a period that is named in an address.
func (s *server) writtenDigest(ctx context.Context, name, lang string) (*Written, error) {
	if s.press == nil {
		return nil, errNoPress
	}
	p, err := digest.ParsePeriod(name)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errBadInput, err)
	}
	if !slices.Contains(digest.Languages, lang) {
		return nil, fmt.Errorf("%w: lang: %q is none of %s", errBadInput, plain(lang), strings.Join(digest.Languages, ", "))
	}
	return s.press.Read(ctx, p, lang)
}

// digestAsked is the period of a digest that a person does something to.
func (s *server) digestAsked(e *statement.DeskEvent) (digest.Period, error) {
	if s.press == nil {
		return digest.Period{}, errNoPress
	}
	p, err := digest.ParsePeriod(e.Subject)
	if err != nil {
		return p, rejected("%s", err)
	}
	e.Subject = p.String()
	return p, nil
}

// draftOf writes up a period that has ended and has no draft yet.
func (s *server) draftOf(ctx context.Context, e *statement.DeskEvent) (any, error) {
	p, err := s.digestAsked(e)
	if err != nil {
		return nil, err
	}
	if e.At.Before(p.To) {
		return nil, rejected("%s lasts until %s: what is written up must have ended", p, p.Last().Format(time.DateOnly))
	}
	switch kept, err := s.store.Digest(ctx, e.Subject); {
	case err == nil && kept.IsIssued():
		return nil, rejected("the digest of %s was issued as No. %d", p, kept.Number)
	case err == nil:
		return nil, rejected("the digest of %s was drafted before: there is one for each period", p)
	case !errors.Is(err, store.ErrNotFound):
		return nil, err
	}
	return s.press.Draft(ctx, p)
}

// editAsked is the change of a draft that a person wants, once it is known that it
// can be made.
func (s *server) editAsked(ctx context.Context, a *Act, e *statement.DeskEvent) (any, error) {
	kept, err := s.openDraft(ctx, e)
	if err != nil {
		return nil, err
	}
	w, err := s.writtenDigest(ctx, kept.Period, a.Lang)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRejected, err)
	}
	if err := w.Edit(a.Part, a.Text, e.Who); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRejected, err)
	}
	return statement.DigestEdit{Lang: a.Lang, Part: a.Part, Text: a.Text}, nil
}

// openDraft is the draft of a period, or says why there is none that can change.
func (s *server) openDraft(ctx context.Context, e *statement.DeskEvent) (*store.Digest, error) {
	p, err := s.digestAsked(e)
	if err != nil {
		return nil, err
	}
	kept, err := s.store.Digest(ctx, e.Subject)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil, rejected("the digest of %s was not drafted yet", p)
	case err != nil:
		return nil, err
	case kept.IsIssued():
		return nil, rejected("the digest of %s was issued as No. %d on %s and does not change any more: a correction goes into the next one",
			p, kept.Number, kept.Issued.UTC().Format(time.DateOnly))
	}
	return kept, nil
}

// issueOf is what freezes a draft. seen is the version that the person has seen;
// empty, whatever there is.
func (s *server) issueOf(ctx context.Context, a *Act, e *statement.DeskEvent) (any, error) {
	kept, err := s.openDraft(ctx, e)
	if err != nil {
		return nil, err
	}
	if a.Version != "" && a.Version != kept.Version {
		return nil, rejected("the draft was edited meanwhile: look at it again before it is issued")
	}
	p, err := digest.ParsePeriod(e.Subject)
	if err != nil {
		return nil, err
	}
	return s.press.Issue(ctx, p)
}
