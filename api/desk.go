package api

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"palabre/statement"
)

// Act is something that a person does at the desk. What it is done to, and which
// of the members below it takes, depends on the action.
type Act struct {
	Who        string                 `json:"who" minLength:"1" maxLength:"80" doc:"Name of the person"`
	Action     statement.Action       `json:"action" enum:"acknowledge,own,snooze,false,confirm,undo,silence,end-silence,receiver,drop-receiver,heartbeat,split,merge,demand,confirm-position,correct-position,begin-watch,end-watch,save-search,drop-search,replay,draft-digest,edit-digest,issue-digest,poll,put-source,pause-source,resume-source,drop-source"`
	Subject    string                 `json:"subject,omitempty" maxLength:"200" doc:"ID of the signal, silence, receiver, source, event, demand, statement, saved search or dead letter; of a digest, its period; to undo, of the desk event. A new silence, a new search and the watch need none"`
	Note       string                 `json:"note,omitempty" maxLength:"1000" doc:"Of a silence: its reason"`
	Until      time.Time              `json:"until,omitzero" doc:"Snooze and silence: the end"`
	Statements []string               `json:"statements,omitempty" maxItems:"500" doc:"Split: those that leave the event. Merge: those that join it"`
	Event      string                 `json:"event,omitempty" maxLength:"200" doc:"Merge: another event, whose statements join this one"`
	Status     statement.DemandStatus `json:"status,omitempty" enum:"open,dropped,may-be-met,met" doc:"Demand: what the person holds of it"`
	Filter     statement.Filter       `json:"filter,omitzero" doc:"Silence: which signals it keeps from being sent"`
	Receiver   *Receiver              `json:"receiver,omitempty" doc:"Receiver: what it is from now on"`
	Source     *EnteredSource         `json:"source,omitempty" doc:"Put-source: what it is from now on"`
	Name       string                 `json:"name,omitempty" maxLength:"80" doc:"Saved search: its name, which no other one has"`
	Query      string                 `json:"query,omitempty" maxLength:"4096" doc:"Saved search: what it looks for, in the query language"`
	Lang       string                 `json:"lang,omitempty" enum:"en,fr,ar" doc:"Edit of a digest: its language"`
	Part       string                 `json:"part,omitempty" maxLength:"200" doc:"Edit of a digest: the part, as its JSON names it"`
	Text       string                 `json:"text,omitempty" maxLength:"8000" doc:"Edit of a digest: what the part says from now on; empty strikes it"`
	Version    string                 `json:"version,omitempty" maxLength:"64" doc:"Issue of a digest: the version that was seen; it is refused if another one stands"`
	Correction *Correcting            `json:"correction,omitempty" doc:"Confirm-position, correct-position: of a statement, what the person holds of a position in it"`
}

const (
	maxAct        = 64 << 10 // bytes of what is sent
	longestName   = 80
	longestNote   = 1000
	longestSnooze = 30 * 24 * time.Hour
	longestHush   = 366 * 24 * time.Hour
	mostMoved     = 500
)

// theDesk is the subject of what is done to the desk itself.
const theDesk = "desk"

type actInput struct {
	Body Act
}

type actOutput struct {
	Body struct {
		ID string `json:"id" doc:"Of the desk event, by which it can be undone"`
	}
}

func (s *server) postDesk(ctx context.Context, in *actInput) (*actOutput, error) {
	e, err := s.perform(ctx, &in.Body)
	if err != nil {
		return nil, err
	}
	var out actOutput
	out.Body.ID = e.ID
	return &out, nil
}

// perform checks what a person wants to do and sends it on its way.
func (s *server) perform(ctx context.Context, a *Act) (statement.DeskEvent, error) {
	if s.act == nil {
		return statement.DeskEvent{}, errNoDesk
	}
	e, err := s.deskEvent(ctx, a)
	if err != nil {
		return e, err
	}
	if err := s.act(ctx, e); err != nil {
		return e, fmt.Errorf("%s: %w", e.Action, err)
	}
	return e, nil
}

// rejected is an error of whoever wants to do something.
func rejected(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrRejected, fmt.Sprintf(format, args...))
}

// deskEvent turns what a person wants to do into an event, or says why it cannot
// be done.
func (s *server) deskEvent(ctx context.Context, a *Act) (statement.DeskEvent, error) {
	e := statement.DeskEvent{At: time.Now().UTC(), Action: a.Action, Subject: strings.TrimSpace(a.Subject), Note: strings.TrimSpace(plain(a.Note))}
	var err error
	if e.Who, err = nameOf(a.Who); err != nil {
		return e, err
	}
	if n := utf8.RuneCountInString(e.Note); n > longestNote {
		return e, rejected("the note has %d letters, the most is %d", n, longestNote)
	}
	if !mayBeNew(a.Action) && e.Subject == "" {
		return e, rejected("the subject is empty: name what it is done to")
	}
	details, err := s.detailsOf(ctx, a, &e)
	if err != nil {
		return e, err
	}
	if details != nil {
		if e.Details, err = json.Marshal(details); err != nil {
			return e, fmt.Errorf("encode details: %w", err)
		}
	}
	if e.Subject == "" { // a silence or a search is named by what makes it
		e.Subject = statement.NewDeskEventID(&e)
	}
	switch d := details.(type) {
	case statement.DigestDraft:
		e.ID = statement.DigestDraftID(e.Subject)
	case statement.DigestIssue:
		e.ID = statement.DigestIssueID(e.Subject, &d)
	default:
		e.ID = statement.NewDeskEventID(&e)
	}
	return e, nil
}

// mayBeNew reports whether an action needs no subject: it makes one, or is done to
// the desk itself.
func mayBeNew(a statement.Action) bool {
	switch a {
	case statement.PutSilence, statement.SaveSearch, statement.BeginWatch, statement.EndWatch:
		return true
	}
	return false
}

// detailsOf checks the subject of an action and returns its details; nil where it
// has none.
func (s *server) detailsOf(ctx context.Context, a *Act, e *statement.DeskEvent) (any, error) {
	switch a.Action {
	case statement.Acknowledge, statement.Own, statement.MarkFalse:
		_, err := s.actOnSignal(ctx, e.Subject)
		return nil, err
	case statement.Confirm:
		return nil, s.checkConfirm(ctx, e.Subject)
	case statement.Snooze:
		if _, err := s.actOnSignal(ctx, e.Subject); err != nil {
			return nil, err
		}
		return statement.Snoozed{Until: a.Until.UTC()}, checkEnd(a.Until, e.At, longestSnooze)
	case statement.Undo:
		return nil, s.checkUndo(ctx, e.Subject)
	case statement.PutSilence:
		return s.silenceOf(a, e)
	case statement.EndSilence:
		return nil, s.checkSilence(ctx, e.Subject)
	case statement.PutReceiver:
		return s.receiverAsked(ctx, a, e)
	case statement.DropReceiver:
		return nil, s.checkReceiver(ctx, e.Subject, true)
	case statement.Heartbeat:
		return nil, s.checkReceiver(ctx, e.Subject, false)
	case statement.SplitEvent:
		return s.splitOf(ctx, a, e.Subject)
	case statement.MergeEvents:
		return s.mergeOf(ctx, a, e.Subject)
	case statement.JudgeDemand:
		return statement.Judgement{Status: a.Status}, s.checkDemand(ctx, e.Subject, a.Status)
	case statement.ConfirmPosition, statement.CorrectPosition:
		return s.correctionAsked(ctx, a, e)
	case statement.Replay:
		return nil, s.checkReplay(ctx, e.Subject)
	case statement.Poll, statement.PauseSource, statement.ResumeSource, statement.DropSource:
		return nil, s.checkSource(ctx, a.Action, e.Subject)
	case statement.PutSource:
		return s.sourceAsked(ctx, a, e.Subject)
	case statement.SaveSearch:
		return s.searchAsked(ctx, a, e)
	case statement.DropSearch:
		return nil, s.checkDropped(ctx, e.Subject)
	case statement.DraftDigest:
		return s.draftOf(ctx, e)
	case statement.EditDigest:
		return s.editAsked(ctx, a, e)
	case statement.IssueDigest:
		return s.issueOf(ctx, a, e)
	case statement.BeginWatch, statement.EndWatch:
		e.Subject = theDesk
		return nil, s.checkWatch(ctx, e)
	}
	return nil, rejected("%q is nothing that can be done at the desk", plain(string(a.Action)))
}

// nameOf returns a person's name as it goes into the log. Letters that cannot be
// seen are refused: two names that look the same must be the same.
func nameOf(who string) (string, error) {
	name := strings.Join(strings.Fields(who), " ")
	switch n := utf8.RuneCountInString(name); {
	case n == 0:
		return "", errNoName
	case n > longestName:
		return "", rejected("the name has %d letters, the most is %d", n, longestName)
	case !utf8.ValidString(name) || strings.IndexFunc(name, unseen) >= 0:
		return "", rejected("the name has letters that cannot be seen")
	}
	return name, nil
}

// unseen reports whether a letter of a name cannot be seen. The joiners of
// Persian and Indian scripts change how letters look and are seen in that.
func unseen(r rune) bool {
	return r != '\u200c' && r != '\u200d' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == utf8.RuneError)
}

// errNoName is what a person who has not said who they are gets.
var errNoName = fmt.Errorf("%w: say who you are", ErrRejected)

// checkEnd checks until when something is to hold.
func checkEnd(until, now time.Time, longest time.Duration) error {
	switch {
	case until.IsZero():
		return rejected("until is empty: say when it ends")
	case !until.After(now):
		return rejected("until lies in the past: %s", until.UTC().Format(time.RFC3339))
	case until.Sub(now) > longest:
		return rejected("until lies more than %d days ahead", int(longest.Hours()/24))
	}
	return nil
}
