package api

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"palabre/statement"
)

// receiverForm is the form in which a receiver is entered or changed: what
// stands in its fields, by their names.
type receiverForm struct {
	url.Values
	ID       string   // before the IDs of its fields
	Change   bool     // of a receiver that is there
	Open     bool     // it is shown unfolded
	Mistakes []string // why it was not taken
	Me       string   // who sits at the browser
	Others   []string // IDs of receivers
}

// receiverRow is a receiver with the form that changes it; nil if it stands in
// the file of receivers, or if nothing can be done here.
type receiverRow struct {
	ReceiverHealth
	Form *receiverForm
}

// Text is what stands in a field.
func (f *receiverForm) Text(name string) string { return plain(f.Get(name)) }

// Field is the ID of a field.
func (f *receiverForm) Field(name string) string { return f.ID + "-" + name }

// On reports whether a box is checked, or something is chosen.
func (f *receiverForm) On(name string, value any) bool {
	var text string
	switch v := value.(type) {
	case string:
		text = v
	case statement.Topic:
		text = string(v)
	case statement.PaceMode:
		text = string(v)
	case statement.Reason:
		text = string(v)
	case statement.Stance:
		text = string(v)
	}
	for _, v := range f.Values[name] {
		if v == text {
			return true
		}
	}
	return false
}

// Links are the receivers that this one may hand on to. One that is gone stays
// in the list while it is named.
func (f *receiverForm) Links(name string) []string {
	var out []string
	named := f.Get(name)
	for _, id := range f.Others {
		if id != f.Get("subject") {
			out = append(out, id)
		}
		if id == named {
			named = ""
		}
	}
	if named != "" {
		out = append(out, named)
	}
	return out
}

// Topics lists the topics.
func (f *receiverForm) Topics() []statement.Topic { return statement.Topics }

// Reasons lists the reasons.
func (f *receiverForm) Reasons() []statement.Reason { return statement.Reasons }

// Stances lists the stances.
func (f *receiverForm) Stances() []statement.Stance { return statement.Stances }

// Grades lists the grades of sources that can be asked for.
func (f *receiverForm) Grades() []string { return []string{"A", "B", "C", "D", "E", "F"} }

// Modes lists the paces.
func (f *receiverForm) Modes() []statement.PaceMode {
	return []statement.PaceMode{statement.AtOnce, statement.Grouped, statement.Hourly, statement.Daily}
}

// fieldsOf writes a receiver into the fields of a form.
func fieldsOf(r *Receiver) url.Values {
	v := url.Values{
		"subject": {r.ID}, "name": {r.Name}, "lang": {r.Lang}, "zone": {r.Zone}, "kind": {string(r.Way.Kind)}, "url": {r.Way.URL}, "to": {strings.Join(r.Way.To, ", ")},
		"topics": texts(r.Wants.Topics), "reasons": texts(r.Wants.Reasons), "stances": texts(r.Wants.Stances), "actors": {strings.Join(r.Wants.Actors, ", ")},
		"langs": {strings.Join(r.Wants.Langs, ", ")}, "places": {strings.Join(r.Wants.Places, ", ")}, "query": {r.Wants.Query}, "grade": {string(r.Wants.Grade)},
		"mode": {string(r.Pace.Mode)}, "wait": {r.Pace.Wait}, "interval": {r.Pace.Interval}, "repeat": {r.Pace.Repeat}, "time": {r.Pace.At},
		"quiet_from": {r.Pace.Quiet.From}, "quiet_to": {r.Pace.Quiet.To}, "escalate": {r.Escalate}, "next": {r.Next}, "second": {r.Second},
	}
	if r.Wants.Confidence > 0 {
		v.Set("confidence", strconv.FormatFloat(math.Round(1e4*r.Wants.Confidence)/100, 'f', -1, 64))
	}
	if r.Wants.FirstHand {
		v.Set("first_hand", "yes")
	}
	if r.Watch {
		v.Set("watch", "yes")
	}
	if r.Digest {
		v.Set("digest", "yes")
	}
	return v
}

func texts[T ~string](list []T) []string { return mapped(list, func(v T) string { return string(v) }) }

// chosenIn reads the boxes of a name that are checked.
func chosenIn[T ~string](f *form, name string) []T {
	var out []T
	for _, v := range filled(f.Values[name]) {
		out = append(out, T(v))
	}
	return out
}

// list reads a field with values between commas or spaces.
func (f *form) list(name string) []string {
	return strings.FieldsFunc(f.Get(name), func(r rune) bool { return strings.ContainsRune(",;،؛ \t\r\n\u00a0", r) })
}

// text reads a field of a line.
func (f *form) text(name string) string { return strings.TrimSpace(plain(f.Get(name))) }

// entered reads the receiver that a form describes. What the form does not show
// of one that is there stays as it is.
func (s *server) entered(ctx context.Context, f *form) (*Receiver, error) {
	id := f.text("subject")
	f.Set("subject", id)
	all, err := s.receivers(ctx)
	if err != nil {
		return nil, err
	}
	var r *Receiver
	for i := range all {
		if all[i].Receiver.ID == id {
			r = &all[i].Receiver
		}
	}
	switch change := f.Get("entry") == "change"; {
	case !change && r != nil:
		return nil, rejected("id: there is a receiver %q already: change that one, or choose another ID", plain(id))
	case change && r == nil:
		return nil, rejected("there is no receiver %q", plain(id))
	case id == "":
		return nil, rejected("id: is empty: give it one, such as night-desk")
	case r == nil:
		r = &Receiver{ID: id}
	}
	f.Set("at", "receiver-"+id)
	errs := f.tooLong()
	r.Name, r.Lang, r.Zone, r.Watch = f.text("name"), f.text("lang"), f.text("zone"), f.Get("watch") != ""
	r.Digest = f.Get("digest") != ""
	r.Escalate, r.Next, r.Second = f.text("escalate"), f.text("next"), f.text("second")
	r.Way = f.way()
	p := &r.Pace
	p.Mode, p.Wait, p.Interval, p.Repeat, p.At = statement.PaceMode(f.text("mode")), f.text("wait"), f.text("interval"), f.text("repeat"), f.text("time")
	p.Quiet = statement.Quiet{From: f.text("quiet_from"), To: f.text("quiet_to")}
	w := &r.Wants
	w.Topics, w.Reasons, w.Stances = chosenIn[statement.Topic](f, "topics"), chosenIn[statement.Reason](f, "reasons"), chosenIn[statement.Stance](f, "stances")
	w.Actors, w.Langs, w.Places = f.list("actors"), f.list("langs"), f.list("places")
	w.Query, w.Grade, w.FirstHand = f.text("query"), statement.Grade(f.text("grade")), f.Get("first_hand") != ""
	w.Confidence, err = f.share("confidence")
	errs = append(errs, err)
	_, err = r.receiver()
	if err = errors.Join(append(errs, err)...); err != nil {
		return nil, rejected("%s", err)
	}
	return r, nil
}

// way reads how a receiver is reached: of each kind what it needs.
func (f *form) way() Way {
	w := Way{Kind: statement.WayKind(f.text("kind"))}
	switch w.Kind {
	case statement.Email:
		w.To = f.list("to")
	case statement.Webhook:
		w.URL, w.Secret = f.text("url"), f.text("secret")
	case statement.Chat:
		w.URL = f.text("url")
	}
	return w
}

// share reads a percentage.
func (f *form) share(name string) (float64, error) {
	text := strings.ReplaceAll(strings.TrimSpace(strings.TrimSuffix(f.text(name), "%")), ",", ".")
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || !(n >= 0 && n <= 100) {
		return 0, errors.New(name + ": " + strconv.Quote(text) + " is no percentage from 0 to 100")
	}
	return n / 100, nil
}

// tooLong lists the fields in which more stands than the API takes.
func (f *form) tooLong() []error {
	var errs []error
	for _, field := range []struct {
		name string
		most int
	}{
		{"subject", 63},
		{"name", 120},
		{"zone", 60},
		{"url", 2000},
		{"secret", 200},
		{"to", 4000},
		{"actors", 4000},
		{"langs", 1000},
		{"places", 4000},
		{"escalate", 20},
		{"wait", 20},
		{"interval", 20},
		{"repeat", 20},
		{"time", 5},
		{"quiet_from", 5},
		{"quiet_to", 5},
		{"next", 63},
		{"second", 63},
	} {
		if n := utf8.RuneCountInString(f.Get(field.name)); n > field.most {
			errs = append(errs, fmt.Errorf("%s: %d letters are too many, the most is %d", field.name, n, field.most))
		}
	}
	return errs
}

// receiverAgain shows the form of a receiver again with why it was not taken and
// with all that was typed but the secret.
func (s *server) receiverAgain(w http.ResponseWriter, r *http.Request, f *form, fault error) {
	again := r.Clone(r.Context())
	again.URL = &url.URL{Path: "/alerts"}
	view, data, err := s.alertsPage(again)
	if err != nil {
		fault := describe(err)
		s.logHidden(r.Context(), fault.Status, err)
		s.refuse(w, r, fault)
		return
	}
	page := data.(*alertsPage)
	open := page.Enter
	for i := range page.Receivers {
		if row := &page.Receivers[i]; f.Get("entry") == "change" && row.Form != nil && row.Receiver.ID == f.Get("subject") {
			open = row.Form
		}
	}
	f.Del("secret")
	open.Values, open.Open, open.Mistakes = f.Values, true, mistakesIn(fault)
	s.draw(w, r, http.StatusUnprocessableEntity, view, page)
}

// mistakesIn are the mistakes that an error joins, without what was tried.
func mistakesIn(err error) []string {
	text := err.Error()
	if at := strings.LastIndex(text, ErrRejected.Error()+": "); at >= 0 {
		text = text[at+len(ErrRejected.Error())+2:]
	}
	return filled(strings.Split(text, "\n"))
}

// receiverRows adds their forms to receivers.
func (s *server) receiverRows(ctx context.Context, page *alertsPage) error {
	all, err := s.receivers(ctx)
	if err != nil {
		return err
	}
	var ids []string
	for i := range all {
		ids = append(ids, all[i].Receiver.ID)
	}
	for i := range all {
		row := receiverRow{ReceiverHealth: all[i]}
		if r := &all[i].Receiver; page.Desk != nil && !all[i].FromConfig {
			row.Form = &receiverForm{Values: fieldsOf(r), ID: "change-" + r.ID, Change: true, Me: page.Desk.Me, Others: ids}
		}
		page.Receivers = append(page.Receivers, row)
	}
	if page.Desk != nil {
		page.Enter = &receiverForm{Values: make(url.Values), ID: "enter", Me: page.Desk.Me, Others: ids}
	}
	return nil
}

// prefill opens the form of a new receiver for a search, if the address names one.
func (f *receiverForm) prefill(q url.Values) {
	for _, name := range []string{"query", "reasons"} {
		if v := filled(q[name]); len(v) > 0 {
			f.Values[name], f.Open = v, true
		}
	}
}
