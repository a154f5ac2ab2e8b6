package api

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"

	"palabre/statement"
	"palabre/store"
)

const (
	logOnPage     = 50
	lettersOnPage = 50
)

type deskLogInput struct {
	Who    string           `query:"who" maxLength:"200" doc:"Exact name of whoever did it"`
	Action statement.Action `query:"action" maxLength:"100"`
	Limit  int              `query:"limit" minimum:"1" maximum:"500" default:"100"`
	Cursor string           `query:"cursor" maxLength:"100"`
}

// DeskAct is something that a person did, as the log has it.
type DeskAct struct {
	DeskEntry
	Details json.RawMessage `json:"details,omitempty" doc:"Depends on the action; without keys of receivers"`
}

type deskLogOutput struct {
	Body struct {
		Log  []DeskAct `json:"log" doc:"Newest first"`
		Next string    `json:"next" doc:"Cursor of the next page; empty at the end"`
	}
}

// getDeskLog answers with the audit log.
func (s *server) getDeskLog(ctx context.Context, in *deskLogInput) (*deskLogOutput, error) {
	page, err := s.store.DeskPages(ctx, store.DeskQuery{Who: in.Who, Action: in.Action, Limit: in.Limit, Cursor: in.Cursor})
	if err != nil {
		return nil, err
	}
	var out deskLogOutput
	out.Body.Log, out.Body.Next = actsOf(page.Log), page.Next
	return &out, nil
}

func actsOf(log []store.Logged) []DeskAct {
	entries := entriesOf(log)
	out := make([]DeskAct, len(log))
	for i := range log {
		out[i] = DeskAct{entries[i], log[i].Details}
	}
	return out
}

// auditPage shows that the record keeps what it promises, and everything that
// people did.
type auditPage struct {
	frame
	Checks  []Check
	Chain   store.Chain
	Letters []letterRow
	Hands   []store.Hand
	Log     []DeskAct
	Who     string
	Action  statement.Action
	Actions []statement.Action
}

// letterRow is a message that could not be handled.
type letterRow struct {
	statement.DeadLetter
	Replayable bool
}

func (s *server) auditPage(r *http.Request) (string, any, error) {
	ctx, q := r.Context(), r.URL.Query()
	f, err := s.deskFrame(r, "audit", say("Audit"))
	if err != nil {
		return "", nil, err
	}
	page := &auditPage{frame: f, Who: q.Get("who"), Action: statement.Action(q.Get("action")), Actions: statement.Actions}
	ready, err := s.getReady(ctx, nil)
	if err != nil {
		return "", nil, err
	}
	page.Checks = ready.Body.Checks
	if page.Chain, err = s.store.Chain(ctx); err != nil {
		return "", nil, err
	}
	letters, err := s.store.DeadLetters(ctx)
	if err != nil {
		return "", nil, err
	}
	for i := range letters[:min(len(letters), lettersOnPage)] {
		page.Letters = append(page.Letters, letterRow{letters[i], store.Replayable(&letters[i])})
	}
	if page.Hands, err = s.store.Hands(ctx); err != nil {
		return "", nil, err
	}
	return "audit", page, s.fillLog(ctx, page, q.Get("after"))
}

func (s *server) fillLog(ctx context.Context, p *auditPage, cursor string) error {
	found, err := s.store.DeskPages(ctx, store.DeskQuery{Who: p.Who, Action: p.Action, Limit: logOnPage, Cursor: cursor})
	if err != nil {
		return err
	}
	p.Log = actsOf(found.Log)
	if cursor != "" {
		p.Later = p.address(p.Who, p.Action, "")
	}
	if found.Next != "" {
		p.Earlier = p.address(p.Who, p.Action, found.Next)
	}
	return nil
}

// address is that of a part of the log.
func (*auditPage) address(who string, action statement.Action, after string) string {
	v := make(url.Values)
	for name, value := range map[string]string{"who": who, "action": string(action), "after": after} {
		if value != "" {
			v.Set(name, value)
		}
	}
	return (&url.URL{Path: "/audit", RawQuery: v.Encode(), Fragment: "log"}).String()
}

// By is the address of what one person did.
func (p *auditPage) By(who string) string { return p.address(who, "", "") }

// Everybody is the address of the log with the action that is chosen.
func (p *auditPage) Everybody() string { return p.address("", p.Action, "") }
