package api

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"palabre/statement"
	"palabre/store"
)

const (
	nameCookie   = "palabre_who"
	nameKept     = 30 * 24 * time.Hour
	applyTime    = 3 * time.Second // how long a page waits for what was done to take effect
	longestBack  = 1000
	hoursOfHush  = 24
	minutesAside = 60
)

// deskBar is what a page on which something can be done shows of the desk.
type deskBar struct {
	Me    string // who sits at this browser; empty if they have not said
	Watch string // who is on watch
	Since time.Time
	Back  string // address to which what is done returns
	Done  *done  // what was just done
	Own   bool   // the page shows all this in its own place
	told  bool   // a signal on the page says so
}

// done is what the page says of what was just done.
type done struct {
	ID       string
	Words    phrase // who did what
	Subject  string // to which it was done
	Undo     bool   // it can be undone
	Back, At string // to where the undo returns
}

// TopNote is what was just done, where no signal on the page says so.
func (b *deskBar) TopNote() *done {
	if b.Done == nil || b.told {
		return nil
	}
	return b.Done
}

// AfterWatch is where the browser goes when a watch began or ended: to the log
// of the one that is over, if there was one.
func (b *deskBar) AfterWatch() string {
	if b.Watch == "" || b.Since.IsZero() {
		return b.Back
	}
	return "/handover?" + url.Values{"since": {b.Since.UTC().Format(time.RFC3339Nano)}}.Encode()
}

// bar reads what a page shows of the desk; nil where nothing can be done here.
func (s *server) bar(r *http.Request) (*deskBar, error) {
	if s.act == nil {
		return nil, nil
	}
	b := &deskBar{Me: nameIn(r), Back: backOf(r.URL)}
	var err error
	if b.Watch, b.Since, err = s.store.OnWatch(r.Context()); err != nil {
		return nil, err
	}
	if id := r.URL.Query().Get("done"); id != "" {
		if b.Done, err = s.doneOf(r.Context(), id); err != nil {
			return nil, err
		}
		b.Done.Back = b.Back
	}
	return b, nil
}

// doneOf says what the desk event with an ID did. Its words come out of the log,
// never out of the address.
func (s *server) doneOf(ctx context.Context, id string) (*done, error) {
	l, err := s.store.DeskEvent(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return &done{Words: say("Sent on its way; it takes effect in a moment.")}, nil
	}
	if err != nil {
		return nil, err
	}
	d := &done{ID: l.ID, Subject: l.Subject, Undo: l.Undone == "" && undoable(l.Action)}
	undone := l
	switch {
	case l.Idle && l.Action == statement.Undo:
		d.Words = say("There was nothing to undo.")
		return d, nil
	case l.Idle:
		d.Words, d.Undo = say("It changed nothing: somebody else was faster. Look at it again."), false
		return d, nil
	case l.Action == statement.Undo:
		if undone, err = s.store.DeskEvent(ctx, l.Subject); err != nil {
			return nil, err
		}
		d.Subject = undone.Subject
		fallthrough
	case l.Undone != "":
		d.Words = say("Taken back: %s %s.", plain(undone.Who), deed(undone.Action))
	default:
		d.Words = say("Done: %s %s.", plain(undone.Who), deed(undone.Action))
	}
	return d, nil
}

// undoable reports whether the page offers to take something back.
func undoable(a statement.Action) bool {
	return a != statement.Undo && a != statement.DraftDigest && a != statement.IssueDigest
}

// deskPost takes what a form of a page does, waits until it has taken effect, and
// sends the browser back to the page.
func (s *server) deskPost(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxAct)
	if err := r.ParseForm(); err != nil {
		s.refuse(w, r, newProblem(http.StatusBadRequest, "the form cannot be read"))
		return
	}
	f := form{r.PostForm}
	back := f.back()
	if name := f.Get("who"); name != "" || f.Get("action") == "" {
		known, err := nameOf(name)
		if err != nil {
			s.turnAway(w, r, &f, err)
			return
		}
		f.Set("who", known)
		setName(w, r, known)
		if f.Get("action") == "" { // it only said who sits here
			http.Redirect(w, r, back, http.StatusSeeOther)
			return
		}
	} else {
		f.Set("who", nameIn(r))
	}
	act, err := s.actIn(r.Context(), &f)
	var e statement.DeskEvent
	if err == nil {
		e, err = s.perform(r.Context(), act)
	}
	if err != nil {
		s.turnAway(w, r, &f, err)
		return
	}
	switch e.Action { // where its effect shows
	case statement.PutSource:
		back = "/sources/" + e.Subject
	case statement.DropSource:
		back = "/sources"
	}
	if e.Action == statement.EndWatch { // whoever sits down next says who they are
		setName(w, r, "")
	}
	if err := s.applied(r.Context(), e.ID); err != nil {
		s.logHidden(r.Context(), http.StatusInternalServerError, err)
	}
	http.Redirect(w, r, withDone(back, e.ID, f.Get("at")), http.StatusSeeOther)
}

// askAgain shows a form with what was entered and what is wrong with it, if the
// page has such a form.
func (s *server) askAgain(w http.ResponseWriter, r *http.Request, f *form, err error) bool {
	action := statement.Action(f.Get("action"))
	switch {
	case f.Get("entry") != "" && s.act != nil:
		s.receiverAgain(w, r, f, err)
	case action == statement.PutSource && !errors.Is(err, errNoName):
		s.sourceAgain(w, r, f, err)
	case action == statement.SaveSearch && !errors.Is(err, errNoName):
		s.searchAgain(w, r, f, err)
	default:
		return false
	}
	return true
}

// turnAway asks for a name where that is all that is missing, and otherwise says
// what is wrong.
func (s *server) turnAway(w http.ResponseWriter, r *http.Request, f *form, err error) {
	fault := describe(err)
	s.logHidden(r.Context(), fault.Status, err)
	if errors.Is(err, ErrRejected) && forPeople(r) && s.askAgain(w, r, f, err) {
		return
	}
	if !errors.Is(err, errNoName) || !forPeople(r) {
		s.refuse(w, r, fault)
		return
	}
	page := &whoPage{frame: s.bareFrame(r, say("Who are you?"))}
	for name, values := range f.Values {
		if name == "who" {
			continue
		}
		for _, v := range values {
			page.Fields = append(page.Fields, criterion{name, v})
		}
	}
	s.draw(w, r, http.StatusUnprocessableEntity, "who", page)
}

// whoPage asks for a name and keeps what somebody wants to do.
type whoPage struct {
	frame
	Fields []criterion
}

// applied waits until a desk event is in the record, or for a while.
func (s *server) applied(ctx context.Context, id string) error {
	ctx, stop := context.WithTimeout(ctx, applyTime)
	defer stop()
	wake, cancel := s.store.Watch()
	defer cancel()
	for {
		_, err := s.store.DeskEvent(ctx, id)
		if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-wake:
		}
	}
}

// form is what a page sends.
type form struct{ url.Values }

// back is the page to which the browser returns: one of this site.
func (f *form) back() string {
	u, err := url.Parse(f.Get("back"))
	if err != nil || len(f.Get("back")) > longestBack || u.IsAbs() || u.Host != "" || u.User != nil || !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(u.Path, "//") || strings.ContainsRune(u.Path, '\\') {
		return "/"
	}
	return backOf(u)
}

// backOf is the address of a page without what it says of the last action.
func backOf(u *url.URL) string {
	q := u.Query()
	q.Del("done")
	return (&url.URL{Path: u.Path, RawQuery: q.Encode()}).String()
}

// withDone adds to an address what was done and where on the page.
func withDone(back, id, at string) string {
	u, err := url.Parse(back)
	if err != nil {
		return "/"
	}
	q := u.Query()
	q.Set("done", id)
	u.RawQuery = q.Encode()
	if strings.Trim(at, "abcdefghijklmnopqrstuvwxyz0123456789-") == "" {
		u.Fragment = at
	}
	return u.String()
}

// actIn reads a form as what the API takes.
func (s *server) actIn(ctx context.Context, f *form) (*Act, error) {
	a := &Act{
		Who: f.Get("who"), Action: statement.Action(f.Get("action")), Subject: f.Get("subject"), Note: f.Get("note"),
		Name: f.Get("name"), Query: f.Get("query"), Statements: f.Values["statement"], Event: strings.TrimSpace(f.Get("event")), Status: statement.DemandStatus(f.Get("status")),
		Lang: f.Get("lang"), Part: f.Get("part"), Text: strings.ReplaceAll(f.Get("text"), "\r\n", "\n"), Version: f.Get("version"),
	}
	now := time.Now().UTC()
	switch a.Action {
	case statement.Snooze:
		minutes, err := f.number("minutes", minutesAside)
		a.Until = now.Add(time.Duration(minutes) * time.Minute)
		return a, err
	case statement.PutSilence:
		hours, err := f.number("hours", hoursOfHush)
		a.Until = now.Add(time.Duration(hours) * time.Hour)
		a.Filter = f.filter()
		return a, err
	case statement.PutSource:
		form := sourceFormOf(f)
		a.Subject, a.Source = form.ID, &form.EnteredSource
		return a, nil
	case statement.PutReceiver:
		var err error
		if f.Get("entry") != "" {
			a.Receiver, err = s.entered(ctx, f)
			a.Subject = f.Get("subject")
			return a, err
		}
		a.Receiver, err = s.pausing(ctx, a.Subject, f.Get("paused") != "")
		return a, err
	case statement.ConfirmPosition, statement.CorrectPosition:
		a.Correction = f.correcting()
	}
	return a, nil
}

// number reads a whole number, from 1 to a year of hours.
func (f *form) number(name string, otherwise int) (int, error) {
	text := f.Get(name)
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > 366*24 {
		return 0, rejected("%s: %q is no number from 1 to %d", name, plain(text), 366*24)
	}
	return n, nil
}

// filter reads which signals a silence is to hold.
func (f *form) filter() statement.Filter {
	var out statement.Filter
	for _, v := range f.Values["topic"] {
		if v != "" {
			out.Topics = append(out.Topics, statement.Topic(v))
		}
	}
	for _, v := range f.Values["reason"] {
		if v != "" {
			out.Reasons = append(out.Reasons, statement.Reason(v))
		}
	}
	out.Actors, out.Targets = filled(f.Values["actor"]), filled(f.Values["target"])
	return out
}

func filled(list []string) []string {
	var out []string
	for _, v := range list {
		if v != "" {
			out = append(out, v)
		}
	}
	return out
}

// pausing is a receiver as it is, paused or not.
func (s *server) pausing(ctx context.Context, id string, paused bool) (*Receiver, error) {
	all, err := s.receivers(ctx)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if r := &all[i].Receiver; r.ID == id {
			r.Paused = paused
			return r, nil
		}
	}
	return nil, rejected("there is no receiver %q", plain(id))
}

// nameIn is who sits at the browser that asks, if they have said so.
func nameIn(r *http.Request) string {
	c, err := r.Cookie(nameCookie)
	if err != nil {
		return ""
	}
	raw, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil {
		return ""
	}
	name, err := nameOf(string(raw))
	if err != nil {
		return ""
	}
	return name
}

// setName remembers who sits at a browser; an empty name forgets.
func setName(w http.ResponseWriter, r *http.Request, name string) {
	c := &http.Cookie{
		Name: nameCookie, Value: base64.RawURLEncoding.EncodeToString([]byte(name)), Path: "/", MaxAge: int(nameKept / time.Second),
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: r.TLS != nil,
	}
	if name == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}
