package api_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"palabre/api"
	"palabre/seeds"
	"palabre/statement"
)

// visitor is a browser without a script: it keeps cookies and sends forms.
type visitor struct {
	*site
	client *http.Client
	doc    *html.Node
	at     *url.URL // of the page that is open
	status int
	body   string
}

func (s *site) visit(path string) *visitor {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	must(s.t, err)
	v := &visitor{site: s, client: &http.Client{Jar: jar}}
	v.open(path)
	return v
}

func (v *visitor) open(path string) {
	v.t.Helper()
	r, err := http.NewRequestWithContext(v.t.Context(), http.MethodGet, v.url+path, nil)
	must(v.t, err)
	v.read(r)
}

func (v *visitor) read(r *http.Request) {
	v.t.Helper()
	r.Header.Set("Accept", "text/html,application/xhtml+xml")
	resp, err := v.client.Do(r)
	must(v.t, err)
	data, err := io.ReadAll(resp.Body)
	must(v.t, errors.Join(err, resp.Body.Close()))
	v.doc, err = html.Parse(strings.NewReader(string(data)))
	must(v.t, err)
	v.at, v.status, v.body = resp.Request.URL, resp.StatusCode, string(data)
}

// shows fails the test if the page does not show a text.
func (v *visitor) shows(texts ...string) {
	v.t.Helper()
	shown := words(v.doc)
	for _, want := range texts {
		if !strings.Contains(shown, want) {
			v.t.Errorf("%s (%d) does not show %q: %s", v.at, v.status, want, shown)
		}
	}
}

// press presses the first button with a text within the element that has an ID,
// after it has filled in the form's fields.
func (v *visitor) press(within, text string, fields ...string) {
	v.t.Helper()
	part := v.doc
	if within != "" {
		part = byID(v.doc, within)
		if part == nil {
			v.t.Fatalf("%s has no element %q", v.at, within)
		}
	}
	for _, f := range elements(part, "form") {
		for _, b := range elements(f, "button") {
			if caption(b) != text {
				continue
			}
			sent := formOf(f)
			if name := attribute(b, "name"); name != "" {
				sent.Set(name, attribute(b, "value"))
			}
			for i := 0; i < len(fields); i += 2 {
				if !sent.Has(fields[i]) {
					v.t.Fatalf("the form with %q has no field %q: %v", text, fields[i], sent)
				}
				sent.Set(fields[i], fields[i+1])
			}
			r, err := http.NewRequestWithContext(v.t.Context(), http.MethodPost, v.url+attribute(f, "action"), strings.NewReader(sent.Encode()))
			must(v.t, err)
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			v.read(r)
			return
		}
	}
	v.t.Fatalf("%s has no button %q in %q: %s", v.at, text, within, words(part))
}

// caption is what stands on a button, without the key that presses it.
func caption(button *html.Node) string {
	text := words(button)
	for _, key := range elements(button, "kbd") {
		text = strings.TrimSuffix(text, " "+words(key))
	}
	return text
}

func byID(n *html.Node, id string) *html.Node {
	for c := range n.Descendants() {
		if c.Type == html.ElementNode && attribute(c, "id") == id {
			return c
		}
	}
	return nil
}

// formOf is what a form sends as it stands.
func formOf(f *html.Node) url.Values {
	out := make(url.Values)
	for _, e := range elements(f, "input") {
		if attribute(e, "type") == "checkbox" {
			if name := attribute(e, "name"); slices.ContainsFunc(e.Attr, func(a html.Attribute) bool { return a.Key == "checked" }) {
				out.Add(name, attribute(e, "value"))
			} else if !out.Has(name) {
				out[name] = nil
			}
			continue
		}
		out.Add(attribute(e, "name"), attribute(e, "value"))
	}
	for _, e := range elements(f, "textarea") {
		var text strings.Builder
		for c := range e.Descendants() {
			text.WriteString(c.Data)
		}
		out.Add(attribute(e, "name"), text.String())
	}
	for _, e := range elements(f, "select") {
		options := elements(e, "option")
		chosen := options[0]
		for _, o := range options {
			if slices.ContainsFunc(o.Attr, func(a html.Attribute) bool { return a.Key == "selected" }) {
				chosen = o
			}
		}
		out.Set(attribute(e, "name"), attribute(chosen, "value"))
	}
	return out
}

func TestPagesActOnSignals(t *testing.T) {
	s := openTimeline(t)
	s.says("one", acceptance)
	sig := s.newest()
	card := "signal-" + sig.ID
	for _, page := range []string{"/", "/statements/" + sig.Statement, "/events/" + sig.Event} {
		v := s.visit(page)
		v.press(card, "Acknowledge")
		if v.status != http.StatusUnprocessableEntity {
			t.Errorf("without a name: %d", v.status)
		}
		v.shows("Who are you?")
		v.press("main", "Go on", "who", "Aminata <b>Diallo</b>")
		if v.at.Path != page || v.at.Fragment != card || v.at.Query().Get("done") == "" {
			t.Errorf("sent back to %s, want %s", v.at, page)
		}
		v.shows("Done: Aminata <b>Diallo</b> acknowledged a signal.", "acknowledged by Aminata <b>Diallo</b> just now", "You are Aminata <b>Diallo</b>")
		for _, c := range []struct {
			button, shows string
			fields        []string
		}{
			{"Take it", "owned by Aminata", nil},
			{"Snooze 1 h", "left alone until", nil},
			{"Mark false", "marked false by Aminata", []string{"note", "ironie \u202e<i>"}},
		} {
			v.press(card, c.button, c.fields...)
			v.shows(c.shows)
			if strings.ContainsRune(v.body, '\u202e') {
				t.Errorf("%s: the note turns the reading order around", c.button)
			}
			v.press(card, "Undo")
			v.shows("Taken back: Aminata <b>Diallo</b>")
			if got := words(byID(v.doc, card)); strings.Contains(got, c.shows) {
				t.Errorf("%s was undone, and the card says: %s", c.button, got)
			}
		}
		v.press(card, "Undo last")
		if care := s.signal(sig.ID).Care; care != (api.Care{}) {
			t.Errorf("everything was undone on %s: %+v", page, care)
		}
	}
}

func TestPagesConfirmAndSilence(t *testing.T) {
	s := openTimeline(t)
	doubted := s.doubted()
	card := "signal-" + doubted.ID
	v := s.visit("/")
	v.press("", "Remember", "who", "عائشة")
	v.shows("You are عائشة")
	v.press(card, "Confirm")
	v.shows("confirmed by عائشة")
	v.press(card, "Silence", "note", "known exercise", "hours", "4")
	v.open("/alerts")
	v.shows("actor JNIM, topic dialogue", "known exercise", "عائشة")
	v.press("", "End")
	v.shows("Done: عائشة ended a silence.", "No silence holds")
	v.press("", "Undo")
	v.shows("known exercise")
	v.press("", "Silence", "note", "all shifts", "reason", "shift", "hours", "24")
	v.shows("reason shift")
	v.press("", "Silence", "note", "nothing chosen")
	if v.status != http.StatusUnprocessableEntity {
		t.Errorf("a silence of everything: %d", v.status)
	}
	v.shows("an empty one would silence everything")
}

func TestAlertsPage(t *testing.T) {
	s := openTimeline(t)
	v := s.visit("/alerts")
	v.shows("Nobody is told of signals yet.", "receivers.yaml", "No silence holds", "Nothing was due to anybody")
	var sample strings.Builder
	for c := range elements(v.doc, "pre")[0].Descendants() {
		sample.WriteString(c.Data)
	}
	read := func(string) (string, error) { return "whsec_c2VjcmV0", nil }
	_, file, _ := strings.Cut(sample.String(), "code")
	if told, problems := seeds.ReadReceivers("receivers.yaml", []byte(file), read, nil); len(told) != 2 || len(problems) > 0 {
		t.Errorf("the sample of receivers.yaml gives %d receivers: %v\n%s", len(told), problems, file)
	}
	s.receivers()
	s.post(map[string]any{"who": "Aminata", "action": "receiver", "subject": "night-duty", "receiver": map[string]any{
		"id": "night-duty", "name": "Night <b>duty</b>", "way": map[string]any{"kind": "chat", "url": "telegram://t0ken@telegram?chats=1"},
	}})
	v.open("/alerts")
	v.press("", "Remember", "who", "Aminata")
	v.shows("Night <b>duty</b>", "telegram://…", "https://hooks.example.org/…", "desk@example.org", "stands in receivers.yaml: changed there")
	v.press("receiver-night-duty", "Pause")
	v.shows("paused", "Done: Aminata changed a receiver.")
	v.press("receiver-night-duty", "Go on")
	if strings.Contains(words(byID(v.doc, "receiver-night-duty")), "paused") {
		t.Error("the receiver is still paused")
	}
	v.press("receiver-watch-desk", "Send a heartbeat")
	v.shows("heartbeat", "waits", "asked for by Aminata")
	v.press("", "Undo")
	v.shows("overtaken")
	v.open("/alerts?receiver=watch-desk")
	v.shows("Latest alerts to watch-desk", "Receiver: watch-desk")
	for _, key := range []string{"t0ken", "S3CRET", "chats=1"} {
		if strings.Contains(v.body, key) {
			t.Errorf("the page shows the key %q", key)
		}
	}
}

func TestEventPageSplitsAndMerges(t *testing.T) {
	s := open(t)
	s.says("one", acceptance)
	other := s.file(statement.Statement{
		Source: "rfi", Outlet: "rfi", Key: "two", Kind: statement.Article, Lang: "fr", Title: "Bamako ouvre la porte",
		Text: "Le gouvernement malien est prêt au dialogue avec le JNIM, a dit un ministre.",
		Said: statement.Date{Time: time.Now().UTC().Truncate(24 * time.Hour), Precision: statement.Day},
	})
	id := s.newest().Event
	v := s.visit("/")
	v.press("", "Remember", "who", "Ousmane")
	v.shows("1 utterance · 2 reports · 2 outlets")
	v.open("/events/" + id)
	v.shows("Government of Mali on dialogue with JNIM", "2 reports · 2 outlets", "stands for it", "Bamako ouvre la porte")
	v.press("", "Split off")
	if v.status != http.StatusUnprocessableEntity {
		t.Errorf("nothing was chosen: %d", v.status)
	}
	v.open("/events/" + id)
	v.press("", "Split off", "statement", other, "note", "another day")
	v.shows("1 report", "What people moved", "split off", "another day")
	var st api.Statement
	s.get("/api/v1/statements/"+other, &st)
	v.press("", "Merge into this one", "event", st.Events[0].ID)
	v.shows("2 reports · 2 outlets", "merged")
	v.press("", "Undo")
	v.shows("Taken back: Ousmane merged events.")
	v.open("/events/" + id)
	v.press("", "Undo")
	v.shows("2 reports · 2 outlets", "taken back since")
	v.press("", "Merge into this one", "event", "<script>")
	v.shows(`there is no event "<script>"`)
}

func TestDemandsPage(t *testing.T) {
	s := openTimeline(t)
	v := s.visit("/demands")
	v.press("", "Remember", "who", "Ousmane")
	v.shows("Conditions", "JNIM", "before talks")
	var out struct{ Demands []api.Demand }
	s.get("/api/v1/demands?actor=jnim", &out)
	if len(out.Demands) == 0 {
		t.Fatal("JNIM demands nothing")
	}
	d := out.Demands[0]
	row := "demand-" + d.ID
	v.press(row, "Met")
	v.shows("met", "judged by Ousmane", "Done: Ousmane judged a demand.")
	v.open("/demands?status=met")
	v.shows(d.Words)
	v.press(row, "Undo")
	v.open("/demands?status=met")
	v.shows("No such condition is known")
	v.open("/demands?actor=jnim")
	v.shows("Conditions of JNIM", "Conditions of everybody")
}

func TestHandOverPage(t *testing.T) {
	s := openTimeline(t)
	v := s.visit("/handover")
	v.shows("Nobody is on watch.", "The log writes itself")
	v.press("", "Begin a watch", "note", "night shift")
	v.press("main", "Go on", "who", "Aminata")
	v.shows("Aminata is on watch since", "Aminata began the watch", "note: night shift")
	other := s.visit("/handover")
	other.press("", "Remember", "who", "Ousmane")
	other.shows("You relieve Aminata.")
	s.says("one", acceptance)
	v.open("/handover")
	v.shows("Signals raised 1", "Government of Mali on dialogue with JNIM", "Le gouvernement malien est prêt au dialogue avec le JNIM")
	other.press("", "Begin my watch")
	other.shows("Ousmane is on watch since")
	other.press("", "End my watch")
	other.shows("Nobody is on watch.", "Who are you?", "Ousmane ended the watch")
	if strings.Contains(words(other.doc), "You are Ousmane") {
		t.Error("the watch has ended, and the browser still takes whoever sits there for Ousmane")
	}
	v.open("/handover?since=2020-01-01")
	v.shows("Ousmane ended the watch", "1 January 2020")
}

func TestNamesAreKeptWell(t *testing.T) {
	s := openTimeline(t)
	form := url.Values{"who": {"Aminata"}, "back": {"/alerts?receiver=x"}}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	post := func(form url.Values) *http.Response {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/desk", strings.NewReader(form.Encode()))
		must(t, err)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Accept", "text/html")
		resp, err := client.Do(r)
		must(t, err)
		must(t, resp.Body.Close())
		return resp
	}
	resp := post(form)
	cookies := resp.Cookies()
	if resp.StatusCode != http.StatusSeeOther || resp.Header.Get("Location") != "/alerts?receiver=x" || len(cookies) != 1 {
		t.Fatalf("%s to %s with %v", resp.Status, resp.Header.Get("Location"), cookies)
	}
	if c := cookies[0]; !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || strings.Contains(c.Value, "Aminata") {
		t.Errorf("cookie: %+v", c)
	}
	for _, back := range []string{
		"https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "evil", "", "/%2f/..//evil.example/", "///evil.example", "http:evil",
		strings.Repeat("/x", 2000),
	} {
		form.Set("back", back)
		to, err := url.Parse(post(form).Header.Get("Location"))
		if err != nil || to.Host != "" || to.Scheme != "" || !strings.HasPrefix(to.String(), "/") || strings.HasPrefix(to.String(), "//") || strings.HasPrefix(to.String(), "/\\") {
			t.Errorf("back %q leads to %v", back, to)
		}
	}
	form.Set("back", "/")
	for _, who := range []string{"", "   ", strings.Repeat("x", 81), "a\u202eb", "a\u200bb", "\xff\xfe"} {
		form.Set("who", who)
		if resp := post(form); resp.StatusCode != http.StatusUnprocessableEntity || len(resp.Cookies()) > 0 {
			t.Errorf("name %q: %s, %v", who, resp.Status, resp.Cookies())
		}
	}
}

func TestForgedNotesOfWhatWasDone(t *testing.T) {
	s := openTimeline(t)
	v := s.visit("/?done=%3Cscript%3Eevil()%3C/script%3E")
	v.shows("Sent on its way")
	if strings.Contains(v.body, "evil()") {
		t.Error("the page repeats what its address says was done")
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/", nil)
	must(t, err)
	r.AddCookie(&http.Cookie{Name: "palabre_who", Value: "YeKArmI"}) // "a\u202eb"
	v.read(r)
	if strings.Contains(words(v.doc), "You are a") {
		t.Error("a forged cookie gives a name that cannot be seen")
	}
}

func TestHostileDeskIsShownAsText(t *testing.T) {
	s := openTimeline(t)
	s.receivers()
	s.file(hostile())
	const evil = `<script>evil()</script>"'><img src=x onerror=evil()>`
	s.says("one", acceptance)
	sig := s.newest()
	s.post(map[string]any{"who": evil, "action": "own", "subject": sig.ID, "note": evil + "\u202e\x07"})
	s.post(map[string]any{"who": evil, "action": "begin-watch", "note": evil})
	s.post(map[string]any{"who": evil, "action": "silence", "note": evil, "until": time.Now().Add(time.Hour), "filter": map[string]any{"langs": []string{evil}, "topics": []string{evil}}})
	s.deliver("watch-desk", evil+"\u202e", evil+"\u202e")
	for _, path := range []string{
		"/", "/alerts", "/alerts?receiver=" + url.QueryEscape(evil), "/handover", "/handover?since=2020", "/demands", "/demands?actor=" + url.QueryEscape(evil),
		"/demands?status=" + url.QueryEscape(evil), "/events/" + sig.Event, "/events/" + url.PathEscape(evil), "/statements/" + sig.Statement, "/?done=" + url.QueryEscape(evil),
	} {
		checkHarmless(t, path, s.page(path))
	}
}

func TestDeskCountsWhatIsUnread(t *testing.T) {
	s := openTimeline(t)
	s.post(map[string]any{"who": "Aminata", "action": "save-search", "name": "Bamako <b>", "query": "actor:mali-government topic:dialogue"})
	var saved struct{ Searches []api.SavedSearch }
	s.get("/api/v1/searches", &saved)
	id := saved.Searches[0].ID
	v := s.visit("/")
	unread := func() string {
		v.open("/")
		for _, a := range elements(v.doc, "a") {
			if attribute(a, "href") == "/desk/searches/"+id {
				return words(a)
			}
		}
		t.Fatal("the saved search is not on the desk")
		return ""
	}
	if got := unread(); got == "Bamako <b>" {
		t.Errorf("nobody looked, and nothing is unread: %q", got)
	}
	v.open("/desk/searches/" + id)
	if v.status != http.StatusOK || v.at.Query().Get("q") != "actor:mali-government topic:dialogue" {
		t.Errorf("the saved search leads to %s (%d)", v.at, v.status)
	}
	if got := unread(); got != "Bamako <b>" {
		t.Errorf("somebody looked, and the desk says %q", got)
	}
	s.says("one", acceptance)
	if got := unread(); got != "Bamako <b> 1" {
		t.Errorf("one statement came, and the desk says %q", got)
	}
	v.open("/desk/searches/none")
	if v.status != http.StatusNotFound {
		t.Errorf("an unknown search: %d", v.status)
	}
}
