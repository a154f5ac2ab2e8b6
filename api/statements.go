package api

import (
	"context"
	"time"

	"palabre/index"
	"palabre/statement"
	"palabre/store"
)

// Statement is everything about one statement.
type Statement struct {
	ID            string              `json:"id" doc:"ID of the first revision, by which it is cited"`
	Latest        string              `json:"latest" doc:"ID of the revision that is shown"`
	Revision      int                 `json:"revision"`
	Source        string              `json:"source"`
	Outlet        string              `json:"outlet"`
	URL           string              `json:"url" doc:"As the source gave it; not checked"`
	Kind          statement.Kind      `json:"kind"`
	Medium        string              `json:"medium"`
	Lang          string              `json:"lang"`
	Title         string              `json:"title"`
	Text          string              `json:"text"`
	Turns         []statement.Turn    `json:"turns"`
	Said          string              `json:"said"`
	Published     string              `json:"published"`
	Fetched       time.Time           `json:"fetched"`
	FirstSeen     time.Time           `json:"first_seen"`
	Grade         statement.Grade     `json:"grade"`
	Owner         string              `json:"owner"`
	Issuer        string              `json:"issuer"`
	Speaker       string              `json:"speaker"`
	Reconstructed bool                `json:"reconstructed" doc:"Written after the fact from a citation: not the original wording"`
	Note          string              `json:"note"`
	Flags         []string            `json:"flags"`
	Capture       *Capture            `json:"capture"`
	Positions     []FoundPosition     `json:"positions" doc:"Those that hold"`
	Corrections   []Correction        `json:"corrections" doc:"What people hold of positions, beside the machine's; they change no signal"`
	Earlier       []FoundPosition     `json:"earlier" doc:"Those of earlier revisions and rules"`
	Unclear       []statement.Unclear `json:"unclear"`
	Langs         []statement.LangRun `json:"langs"`
	Places        []string            `json:"places"`
	Actors        []string            `json:"actors"`
	Reasons       []statement.Reason  `json:"reasons"`
	Revisions     []Revision          `json:"revisions"`
	Signals       []Signal            `json:"signals" doc:"Of the events that it reports"`
	Events        []Event             `json:"events" doc:"That it reports, with the other reports of each"`
}

// Revision is one wording that a statement had.
type Revision struct {
	ID        string    `json:"id"`
	Revision  int       `json:"revision"`
	Title     string    `json:"title"`
	Published string    `json:"published"`
	Fetched   time.Time `json:"fetched"`
	Capture   string    `json:"capture"`
	Bytes     int       `json:"bytes" doc:"Length of the text"`
}

// Capture says what was fetched. Held is false where another node has the bytes.
type Capture struct {
	Hash      string     `json:"hash" doc:"SHA-256 of the bytes, hexadecimal"`
	Held      bool       `json:"held"`
	URL       string     `json:"url"`
	Status    int        `json:"status"`
	MediaType string     `json:"media_type"`
	Fetched   *time.Time `json:"fetched"`
}

type statementInput struct {
	ID string `path:"id" maxLength:"100"`
}

type statementOutput struct {
	Body *Statement
}

func (s *server) getStatement(ctx context.Context, in *statementInput) (*statementOutput, error) {
	view, err := s.store.Statement(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	signals, err := s.signals(ctx, view.Signals)
	if err != nil {
		return nil, err
	}
	return &statementOutput{statementOf(view, signals)}, nil
}

type similarInput struct {
	ID    string `path:"id" maxLength:"100"`
	Limit int    `query:"limit" minimum:"1" maximum:"50" default:"10"`
}

type similarOutput struct {
	Body struct {
		Hits []Hit `json:"hits" doc:"The most like first"`
	}
}

func (s *server) getSimilar(ctx context.Context, in *similarInput) (*similarOutput, error) {
	held, err := s.store.Statements(ctx, []string{in.ID})
	if err != nil {
		return nil, err
	}
	if len(held) == 0 {
		return nil, store.ErrNotFound
	}
	h := &held[0]
	like, err := s.index.Similar(ctx, index.Doc{Statement: &h.Statement, Reading: &h.Reading, Reasons: h.Reasons}, in.Limit)
	if err != nil {
		return nil, err
	}
	out := new(similarOutput)
	out.Body.Hits, err = hitsOf(ctx, s.store, like, nil)
	return out, err
}

func statementOf(v *store.View, signals []Signal) *Statement {
	st := &v.Statement
	out := &Statement{
		ID: st.Of, Latest: st.ID, Revision: st.Revision, Source: st.Source, Outlet: st.Outlet, URL: st.URL, Kind: st.Kind, Medium: st.Medium,
		Lang: st.Lang, Title: st.Title, Text: st.Text, Turns: orEmpty(st.Turns), Said: st.Said.String(), Published: st.Published.String(),
		Fetched: st.Fetched.UTC(), FirstSeen: st.FirstSeen.UTC(), Grade: st.Grade, Owner: st.Owner, Issuer: st.Issuer, Speaker: st.Speaker,
		Reconstructed: st.Reconstructed, Note: st.Note, Flags: orEmpty(st.Flags), Capture: captureOf(v), Unclear: orEmpty(v.Reading.Unclear),
		Langs: orEmpty(v.Reading.Langs), Places: orEmpty(v.Reading.Places), Actors: orEmpty(v.Reading.Actors), Reasons: orEmpty(v.Reasons),
		Corrections: correctionsOf(v), Positions: []FoundPosition{}, Earlier: []FoundPosition{}, Revisions: make([]Revision, len(v.Revisions)),
		Signals: signals, Events: make([]Event, len(v.Events)),
	}
	for i := range v.Positions {
		if p := &v.Positions[i]; p.Current {
			out.Positions = append(out.Positions, foundOf(p))
		} else {
			out.Earlier = append(out.Earlier, foundOf(p))
		}
	}
	for i := range v.Revisions {
		r := &v.Revisions[i]
		out.Revisions[i] = Revision{r.ID, r.Revision, r.Title, r.Published.String(), r.Fetched.UTC(), r.Capture, len(r.Text)}
	}
	for i := range v.Events {
		out.Events[i] = eventOf(&v.Events[i])
	}
	return out
}

func captureOf(v *store.View) *Capture {
	c := v.Capture
	switch {
	case c != nil:
		return &Capture{Hash: c.Hash, Held: true, URL: c.URL, Status: c.Status, MediaType: c.MediaType, Fetched: timeOf(c.Fetched)}
	case v.Statement.Capture != "":
		return &Capture{Hash: v.Statement.Capture}
	}
	return nil
}

const octetStream = "application/octet-stream"

type captureInput struct {
	Hash string `path:"hash" pattern:"^[0-9a-f]{64}$" patternDescription:"a SHA-256 in lower-case hexadecimal"`
}

type captureOutput struct {
	ContentType  string `header:"Content-Type"`
	Disposition  string `header:"Content-Disposition"`
	Policy       string `header:"Content-Security-Policy"`
	CacheControl string `header:"Cache-Control"`
	Body         []byte
}

// getCapture hands the bytes out as a download of no type, so that no browser
// shows them.
func (s *server) getCapture(ctx context.Context, in *captureInput) (*captureOutput, error) {
	c, err := s.store.Capture(ctx, in.Hash)
	if err != nil {
		return nil, err
	}
	return &captureOutput{
		ContentType: octetStream, Disposition: `attachment; filename="` + c.Hash + `.bin"`, Policy: "default-src 'none'; sandbox",
		CacheControl: "private, max-age=31536000, immutable", Body: c.Body,
	}, nil
}
