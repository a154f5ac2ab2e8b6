package api

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"time"

	"palabre/statement"
	"palabre/store"
)

const (
	alertsOnPage  = 40
	signalsOnPage = 12
)

// alertsPage shows who is told and what became of it.
type alertsPage struct {
	frame
	Receivers []receiverRow
	Enter     *receiverForm // of a new receiver; nil where nothing can be done
	Alerts    []alertRow
	Silences  []Silence
	Troubles  []Trouble
	Receiver  string // whose alerts are shown; all if empty
	Actors    []statement.Actor
	Topics    []statement.Topic
	Reasons   []statement.Reason
}

// alertRow is an alert with what it tells of.
type alertRow struct {
	Alert
	What string
}

func (s *server) alertsPage(r *http.Request) (string, any, error) {
	ctx, q := r.Context(), r.URL.Query()
	f, err := s.deskFrame(r, "alerts", say("Alerts"))
	if err != nil {
		return "", nil, err
	}
	page := &alertsPage{frame: f, Receiver: q.Get("receiver"), Actors: s.reg.Actors, Topics: statement.Topics, Reasons: statement.Reasons}
	if err = s.receiverRows(ctx, page); err != nil {
		return "", nil, err
	}
	if page.Enter != nil {
		page.Enter.prefill(q)
	}
	alerts, err := s.store.Alerts(ctx, store.AlertQuery{Receiver: page.Receiver, Limit: alertsOnPage, Cursor: q.Get("after")})
	if err != nil {
		return "", nil, err
	}
	if page.Alerts, err = s.alertRows(ctx, page.tongue, alertsOf(alerts.Alerts)); err != nil {
		return "", nil, err
	}
	first := make(url.Values)
	if page.Receiver != "" {
		first.Set("receiver", page.Receiver)
	}
	if q.Get("after") != "" {
		page.Later = "/alerts?" + first.Encode()
	}
	if alerts.Next != "" {
		first.Set("after", alerts.Next)
		page.Earlier = "/alerts?" + first.Encode()
	}
	silences, err := s.store.Mutings(ctx)
	if err != nil {
		return "", nil, err
	}
	page.Silences = silencesOf(silences, time.Now())
	page.Troubles, err = s.troublesNow(ctx, page.tongue)
	return "alerts", page, err
}

// alertRows says what alerts tell of: the line that was written, or what one will
// be written about.
func (s *server) alertRows(ctx context.Context, t *tongue, alerts []Alert) ([]alertRow, error) {
	var unwritten []string
	for i := range alerts {
		if alerts[i].Line == "" && alerts[i].Signal != "" {
			unwritten = append(unwritten, alerts[i].Signal)
		}
	}
	news, err := s.store.News(ctx, unwritten)
	if err != nil {
		return nil, err
	}
	headlines := make(map[string]string, len(news))
	for i := range news {
		headlines[news[i].Signal.ID] = t.headline(&news[i].Signal)
	}
	out := make([]alertRow, len(alerts))
	for i := range alerts {
		a := &alerts[i]
		out[i] = alertRow{*a, cmp.Or(a.Line, headlines[a.Signal], a.Note)}
	}
	return out, nil
}

// deskFrame is a frame with what can be done at the desk.
func (s *server) deskFrame(r *http.Request, section string, title phrase) (frame, error) {
	f, err := s.frame(r, section, title)
	if err == nil {
		f.Desk, err = s.bar(r)
	}
	return f, err
}

// eventPage shows who tells of one utterance.
type eventPage struct {
	frame
	Event *EventDetail
	Cards []signalCard
	Lang  string
}

func (s *server) eventPage(r *http.Request) (string, any, error) {
	ctx := r.Context()
	f, err := s.deskFrame(r, noSection, say("Event"))
	if err != nil {
		return "", nil, err
	}
	page := &eventPage{frame: f}
	if page.Event, err = s.event(ctx, r.PathValue("id")); err != nil {
		return "", nil, err
	}
	w := page.tongue
	page.Title = w.say("%s on %s", w.actor(page.Event.Actor), w.about(page.Event.Topic, page.Event.Target))
	found, err := s.store.Signals(ctx, store.SignalQuery{Event: page.Event.ID, Limit: signalsOnPage})
	if err != nil {
		return "", nil, err
	}
	if page.Cards, err = s.cards(ctx, &page.frame, found.Signals); err != nil {
		return "", nil, err
	}
	quoted := quotedIn(page.Event.Answers, page.Event.AnsweredBy)
	for i := range page.Event.Reports {
		quoted = append(quoted, page.Event.Reports[i].Statement)
	}
	return "event", page, s.learn(ctx, &page.frame, quoted)
}

// demandsPage is the ledger of conditions.
type demandsPage struct {
	frame
	Demands  []Demand
	Verdicts map[string]*DeskEntry // what a person held last, by demand
	Status   statement.DemandStatus
	Statuses []link
	Actor    string
}

func (s *server) demandsPage(r *http.Request) (string, any, error) {
	ctx, q := r.Context(), r.URL.Query()
	f, err := s.deskFrame(r, "demands", say("Conditions"))
	if err != nil {
		return "", nil, err
	}
	page := &demandsPage{frame: f, Status: statement.DemandStatus(q.Get("status")), Actor: q.Get("actor"), Verdicts: make(map[string]*DeskEntry)}
	for _, st := range []statement.DemandStatus{"", statement.DemandOpen, statement.DemandMayMet, statement.DemandMet, statement.DemandDropped} {
		v := make(url.Values)
		if page.Actor != "" {
			v.Set("actor", page.Actor)
		}
		text := f.tongue.say("All")
		if st != "" {
			v.Set("status", string(st))
			text = f.tongue.status(st)
		}
		page.Statuses = append(page.Statuses, link{Text: text, Link: "/demands?" + v.Encode(), On: st == page.Status})
	}
	if page.Demands, err = s.demands(ctx, page.tongue, store.DemandQuery{Actor: page.Actor, Status: page.Status}); err != nil {
		return "", nil, err
	}
	ids := make([]string, len(page.Demands))
	for i := range page.Demands {
		ids[i] = page.Demands[i].ID
	}
	logs, err := s.store.DeskLogs(ctx, ids)
	if err != nil {
		return "", nil, err
	}
	for id, log := range logs {
		page.Verdicts[id] = lastStanding(log)
	}
	quoted := make([]string, 0, 2*len(page.Demands))
	for i := range page.Demands {
		quoted = append(quoted, page.Demands[i].First.Statement, page.Demands[i].Last.Statement)
	}
	return "demands", page, s.learn(ctx, &page.frame, quoted)
}

// Verdict is what a person held last of a demand; nil if nobody judged it.
func (p *demandsPage) Verdict(id string) *DeskEntry { return p.Verdicts[id] }

// handOverPage is the log that whoever takes over reads.
type handOverPage struct {
	frame
	Log   []chapter
	From  time.Time
	At    time.Time
	Spans []link
	File  string // address of the log as text
}

func (s *server) handOverPage(r *http.Request) (string, any, error) {
	ctx, since := r.Context(), r.URL.Query().Get("since")
	f, err := s.deskFrame(r, "handover", say("Hand-over"))
	if err != nil {
		return "", nil, err
	}
	watch, err := s.watchSince(ctx, f.tongue, since)
	if err != nil {
		return "", nil, err
	}
	page := &handOverPage{frame: f, From: watch.Since, At: watch.now, File: "/handover.txt", Spans: spansUntil(f.tongue, watch.now, since)}
	if since != "" {
		page.File += "?" + url.Values{"since": {since}}.Encode()
	}
	page.Log, err = s.handOverLog(ctx, page.tongue, watch)
	return "handover", page, err
}

// spansUntil are the stretches that people ask for.
func spansUntil(t *tongue, now time.Time, chosen string) []link {
	out := []link{{Text: t.say("This watch"), Link: "/handover", On: chosen == ""}}
	for _, span := range []struct {
		text  phrase
		hours int
	}{{say("%d hours", 12), 12}, {say("%d hours", 24), 24}, {say("%d days", 7), 7 * 24}} {
		since := now.Add(-time.Duration(span.hours) * time.Hour).Truncate(time.Minute).Format(time.RFC3339)
		out = append(out, link{Text: t.in(span.text), Link: "/handover?" + url.Values{"since": {since}}.Encode(), On: since == chosen})
	}
	return out
}

// handOverFile is the log as text, to be copied or printed.
func (s *server) handOverFile(w http.ResponseWriter, r *http.Request) {
	text, err := s.handOverTextSince(r.Context(), s.tongueOf(r), r.URL.Query().Get("since"))
	if err != nil {
		fault := describe(err)
		s.logHidden(r.Context(), fault.Status, err)
		s.refuse(w, r, fault)
		return
	}
	w.Header().Set("Content-Type", textPlain)
	_, _ = w.Write([]byte(text)) // whoever asked has gone
}

func (s *server) handOverTextSince(ctx context.Context, t *tongue, since string) (string, error) {
	watch, err := s.watchSince(ctx, t, since)
	if err != nil {
		return "", err
	}
	return s.handOverText(ctx, t, watch)
}
