package seeds

import (
	"cmp"
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"palabre/statement"
)

// texts is a list of texts in a file, or one.
type texts []string

// UnmarshalYAML reads both forms.
func (t *texts) UnmarshalYAML(unmarshal func(any) error) error {
	var one string
	if err := unmarshal(&one); err == nil {
		*t = texts{one}
		return nil
	}
	return unmarshal((*[]string)(t))
}

// receiverYAML is a receiver as its file writes it.
type receiverYAML struct {
	ID, Name    string
	Lang, Zone  string
	Paused      bool
	Email       texts
	Webhook     string
	WebhookFile string `yaml:"webhook_file"`
	Chat        string
	ChatFile    string `yaml:"chat_file"`
	Nats        bool
	Secret      string
	SecretFile  string `yaml:"secret_file"`
	Wants       wantsYAML
	Pace        paceYAML
	Watch       bool
	Digest      bool
	Escalate    string
	Next        string
	Second      string
}

type wantsYAML struct {
	Topics, Actors, Targets texts
	Reasons, Stances, Langs texts
	Places                  texts
	Query                   string
	Confidence              float64
	Grade                   statement.Grade
	FirstHand               bool `yaml:"first_hand"`
}

type paceYAML struct {
	Mode                   statement.PaceMode
	Wait, Interval, Repeat string
	Quiet, At              string
	Storm                  int
}

// UnmarshalYAML reads the mode alone, or the fields.
func (y *paceYAML) UnmarshalYAML(unmarshal func(any) error) error {
	if err := unmarshal(&y.Mode); err == nil {
		return nil
	}
	type fields paceYAML
	return unmarshal((*fields)(y))
}

// ReadReceivers reads a list of receivers, "receivers:" and its entries, in the
// manner of [ReadSources]. read returns the text of a file that an entry names
// in place of a secret; check, unless nil, says what else is wrong with an
// entry. A receiver that points to one that is not in the list is a problem too,
// and is returned without the pointer: it is to be told all the same.
func ReadReceivers(file string, data []byte, read func(name string) (string, error), check func(*statement.Receiver) error) ([]statement.Receiver, []statement.Problem) {
	entries, problems := readEntries(file, "receivers", data, func(y *receiverYAML) (statement.Receiver, string, error) {
		r, err := y.receiver(read)
		if err == nil && check != nil {
			err = check(&r)
		}
		return r, r.ID, err
	})
	var receivers []statement.Receiver
	for _, e := range entries {
		for _, link := range []struct {
			field string
			to    *string
		}{{"next", &e.value.Next}, {"second", &e.value.Second}} {
			if *link.to == "" || slices.ContainsFunc(entries, func(o entry[statement.Receiver]) bool { return o.value.ID == *link.to }) {
				continue
			}
			problems = append(problems, statement.Problem{Where: e.where, What: fmt.Sprintf("%s: no good receiver of this file has the id %q", link.field, *link.to)})
			*link.to = ""
		}
		receivers = append(receivers, e.value)
	}
	return receivers, problems
}

// receiver returns the receiver that y describes, without what it leaves out, or
// the first thing that is wrong. It never tells a secret, nor an address that may hold one.
func (y *receiverYAML) receiver(read func(string) (string, error)) (statement.Receiver, error) {
	r := statement.Receiver{
		ID: y.ID, Name: cmp.Or(y.Name, y.ID), Lang: y.Lang, Zone: y.Zone, Paused: y.Paused, Watch: y.Watch, Digest: y.Digest,
		Next: y.Next, Second: y.Second, FromConfig: true,
	}
	if !idForm.MatchString(r.ID) {
		return r, fmt.Errorf("id: %q is not of small letters, digits and hyphens", r.ID)
	}
	if !slices.Contains([]string{"", "en", "fr", "ar"}, r.Lang) {
		return r, fmt.Errorf("lang: %q is none of en, fr, ar", r.Lang)
	}
	if _, err := time.LoadLocation(r.Zone); err != nil || r.Zone == "Local" {
		return r, fmt.Errorf("zone: %q is no time zone such as Africa/Bamako", r.Zone)
	}
	var err error
	if r.Way, err = y.way(read); err != nil {
		return r, err
	}
	if r.Wants, err = y.Wants.filter(); err != nil {
		return r, fmt.Errorf("wants: %w", err)
	}
	if r.Pace, err = y.Pace.pace(); err != nil {
		return r, fmt.Errorf("pace: %w", err)
	}
	if r.Escalate, err = span("escalate", y.Escalate); err != nil {
		return r, err
	}
	switch {
	case (r.Escalate == 0) != (r.Next == ""):
		return r, errors.New("escalate: goes with next, the receiver that is told when nobody has acknowledged for so long")
	case r.Next == r.ID || r.Second == r.ID:
		return r, fmt.Errorf("next, second: %q points to itself", r.ID)
	}
	return r, nil
}

// way returns how the receiver is reached.
func (y *receiverYAML) way(read func(string) (string, error)) (w statement.Way, err error) {
	var ways []statement.WayKind
	for _, k := range []struct {
		kind  statement.WayKind
		given bool
	}{
		{statement.Email, len(y.Email) > 0},
		{statement.Webhook, y.Webhook+y.WebhookFile != ""},
		{statement.Chat, y.Chat+y.ChatFile != ""},
		{statement.Subject, y.Nats},
	} {
		if k.given {
			ways = append(ways, k.kind)
		}
	}
	if len(ways) != 1 {
		return w, fmt.Errorf("want one way to reach it, of email, webhook, chat and nats, not %d", len(ways))
	}
	w.Kind = ways[0]
	if w.Secret, err = secret("secret", y.Secret, y.SecretFile, read); err != nil {
		return w, err
	}
	if w.Secret != "" && w.Kind != statement.Webhook {
		return w, errors.New("secret: only a webhook has one")
	}
	switch w.Kind {
	case statement.Email:
		for _, to := range y.Email {
			if a, err := mail.ParseAddress(to); err != nil || a.Address != to {
				return w, fmt.Errorf("email: %q is no plain address such as officer@example.org", to)
			}
		}
		w.To = y.Email
	case statement.Webhook:
		if w.URL, err = secret("webhook", y.Webhook, y.WebhookFile, read); err == nil && checkURL(w.URL) != nil {
			err = errors.New("webhook: is not an http or https address")
		}
	case statement.Chat:
		if w.URL, err = secret("chat", y.Chat, y.ChatFile, read); err == nil {
			if u, bad := url.Parse(w.URL); bad != nil || u.Scheme == "" || u.Scheme == "http" || u.Scheme == "https" {
				err = errors.New(`chat: is no address of a chat service such as "slack://…"`)
			}
		}
	}
	return w, err
}

// secret returns a text that stands in the entry or in a file that it names.
func secret(field, text, file string, read func(string) (string, error)) (string, error) {
	if file == "" {
		return text, nil
	}
	if text != "" {
		return "", fmt.Errorf("%s: stands both here and in %s_file", field, field)
	}
	text, err := read(file)
	if err != nil {
		return "", fmt.Errorf("%s_file: %w", field, err)
	}
	if text = strings.TrimSpace(text); text == "" || strings.ContainsAny(text, "\n\r") {
		return "", fmt.Errorf("%s_file: %s does not hold one line", field, file)
	}
	return text, nil
}

var langForm = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]+)*$`)

// filter returns what the receiver wants to hear of.
func (y *wantsYAML) filter() (f statement.Filter, err error) {
	f = statement.Filter{
		Actors: y.Actors, Targets: y.Targets, Langs: y.Langs, Places: y.Places,
		Query: y.Query, Confidence: y.Confidence, Grade: y.Grade, FirstHand: y.FirstHand,
	}
	if f.Topics, err = oneOf("topics", y.Topics, statement.Topics); err != nil {
		return f, err
	}
	if f.Reasons, err = oneOf("reasons", y.Reasons, statement.Reasons); err != nil {
		return f, err
	}
	if f.Stances, err = oneOf("stances", y.Stances, statement.Stances); err != nil {
		return f, err
	}
	for _, l := range f.Langs {
		if !langForm.MatchString(l) {
			return f, fmt.Errorf("langs: %q is no language such as fr", l)
		}
	}
	switch {
	case !(f.Confidence >= 0 && f.Confidence <= 1):
		return f, fmt.Errorf("confidence: %v is not from 0 to 1", f.Confidence)
	case f.Grade != "" && !f.Grade.Valid():
		return f, fmt.Errorf("grade: %q is not a letter from A to F", f.Grade)
	}
	return f, nil
}

// oneOf reads words of which each must be one of those known.
func oneOf[T ~string](field string, words []string, known []T) ([]T, error) {
	var out []T
	for _, w := range words {
		if !slices.Contains(known, T(w)) {
			names := make([]string, len(known))
			for i, k := range known {
				names[i] = string(k)
			}
			return nil, fmt.Errorf("%s: %q is none of %s%s", field, w, strings.Join(names, ", "), didYouMean(w, names))
		}
		out = append(out, T(w))
	}
	return out, nil
}

const mostStorm = 1000

// pace returns when the receiver is told.
func (y *paceYAML) pace() (statement.Pace, error) {
	modes := []statement.PaceMode{statement.AtOnce, statement.Grouped, statement.Hourly, statement.Daily}
	p := statement.Pace{Mode: cmp.Or(y.Mode, statement.AtOnce), At: y.At, Storm: y.Storm}
	if _, err := oneOf("mode", []string{string(p.Mode)}, modes); err != nil {
		return p, err
	}
	for _, f := range []struct {
		field, text string
		to          *time.Duration
	}{{"wait", y.Wait, &p.Wait}, {"interval", y.Interval, &p.Interval}, {"repeat", y.Repeat, &p.Repeat}} {
		var err error
		if *f.to, err = span(f.field, f.text); err != nil {
			return p, err
		}
	}
	switch {
	case p.Mode != statement.Grouped && p.Wait+p.Interval > 0:
		return p, errors.New("wait, interval: only a grouped pace has them")
	case p.Mode != statement.Daily && p.At != "":
		return p, errors.New("at: only a daily pace has it")
	case p.At != "" && !clockForm.MatchString(p.At):
		return p, fmt.Errorf("at: %q is no time of day such as 07:00", p.At)
	case p.Storm < 0 || p.Storm > mostStorm:
		return p, fmt.Errorf("storm: %d is not from 0 to %d", p.Storm, mostStorm)
	}
	var err error
	p.Quiet, err = quiet(y.Quiet)
	return p, err
}

var clockForm = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]$`)

// quiet reads a span of the day, "22:00-06:00".
func quiet(text string) (q statement.Quiet, err error) {
	if text == "" {
		return q, nil
	}
	from, to, ok := strings.Cut(text, "-")
	q = statement.Quiet{From: strings.TrimSpace(from), To: strings.TrimSpace(to)}
	if !ok || !clockForm.MatchString(q.From) || !clockForm.MatchString(q.To) || q.From == q.To {
		return q, fmt.Errorf("quiet: %q is no span of the day such as 22:00-06:00", text)
	}
	return q, nil
}

// longestSpan is the most that may be waited for anything.
const longestSpan = 31 * 24 * time.Hour

// span reads a length of time, "30s", "5m" or "2h"; nothing is none.
func span(field, text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < time.Second || d > longestSpan {
		return 0, fmt.Errorf("%s: %q is no length of time from 1s to %dh: write it as 30s, 5m or 2h", field, text, int(longestSpan.Hours()))
	}
	return d, nil
}
