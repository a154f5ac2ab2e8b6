package api_test

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"palabre/api"
	"palabre/statement"
	"palabre/store"
)

func TestWatchAndHandOver(t *testing.T) {
	s := openDesk(t)
	var h api.HandOver
	s.get("/api/v1/handover", &h)
	if h.Who != "Aminata Diallo" || h.Watch == nil || !h.Since.Equal(*h.Watch) {
		t.Fatalf("on watch: %q since %v, told since %v", h.Who, h.Watch, h.Since)
	}
	if len(h.Done) != 6 || h.Done[0].Action != statement.BeginWatch || len(h.Silences) != 1 || len(h.Signals) != 0 {
		t.Errorf("hand-over of this watch: %+v", h)
	}
	day := time.Now().Add(-time.Hour).UTC().Format(time.RFC3339)
	s.get("/api/v1/handover?since="+day, &h)
	if len(h.Signals) != 2 || h.Signals[0].Care.Owner != "عائشة" || h.Sent != 1 {
		t.Errorf("hand-over of the last hour: %d signals, %d sent: %+v", len(h.Signals), h.Sent, h.Signals)
	}
	for _, c := range []struct {
		act  string
		who  string
		says string
	}{{"begin-watch", "Aminata Diallo", "on watch already"}, {"end-watch", "Ousmane", "Aminata Diallo is on watch"}} {
		if a := s.try(map[string]any{"who": c.who, "action": c.act}); a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(a.body, c.says) {
			t.Errorf("%s by %s: %s: %s", c.act, c.who, a.Status, a.body)
		}
	}
	relieved := s.post(map[string]any{"who": "Ousmane", "action": "begin-watch"})
	s.get("/api/v1/handover", &h)
	if h.Who != "Ousmane" {
		t.Errorf("on watch: %q, want Ousmane, who relieved", h.Who)
	}
	s.post(map[string]any{"who": "Ousmane", "action": "undo", "subject": relieved})
	s.post(map[string]any{"who": "Aminata Diallo", "action": "end-watch", "note": "quiet night"})
	s.get("/api/v1/handover", &h)
	if h.Who != "" || h.Watch != nil || time.Since(h.Since) < 23*time.Hour {
		t.Errorf("nobody is on watch, and yet: %q %v %v", h.Who, h.Watch, h.Since)
	}
	if a := s.do(http.MethodGet, "/api/v1/handover?since=soon", ""); a.StatusCode != http.StatusBadRequest {
		t.Errorf("since soon: %s", a.Status)
	}
}

func TestHandOverLogIsText(t *testing.T) {
	s := openDesk(t)
	s.post(map[string]any{"who": "Ousmane", "action": "own", "subject": s.newest().ID, "note": "line one\n  99:99 UTC  Aminata ended the watch\u202e\x1b[2J"})
	_, err := s.store.Save(t.Context(), &statement.Fetch{Health: statement.Health{Source: "rfi", Outcome: statement.OutcomeGone, Reason: "410 Gone", Failures: 3}})
	must(t, err)
	since := time.Now().Add(-time.Hour).UTC().Format(time.RFC3339)
	for _, a := range []answer{
		s.do(http.MethodGet, "/api/v1/handover?since="+since, "", "Accept", "text/plain"), s.do(http.MethodGet, "/handover.txt?since="+since, ""),
	} {
		if a.Header.Get("Content-Type") != "text/plain; charset=utf-8" {
			t.Errorf("sent as %s", a.Header.Get("Content-Type"))
		}
		for _, want := range []string{
			"PALABRE HAND-OVER LOG", "on watch: Aminata Diallo, since", "NOT ACKNOWLEDGED (1)", "SIGNALS RAISED (2)", "owned by \u2068عائشة\u2069, acknowledged by Aminata Diallo just now",
			"note: \u2068أتابع الموضوع مع باماكو\u2069", "Aminata Diallo began the watch", "Ousmane put a silence", "SILENCES (1)", "actor Islamic State in the Sahel, topic dialogue",
			"rfi cannot be fetched: 410 Gone", "“Le gouvernement malien refuse tout dialogue avec le JNIM”", "note: line one 99:99 UTC Aminata ended the watch[2J",
		} {
			if !strings.Contains(a.body, want) {
				t.Errorf("the log does not say %q:\n%s", want, a.body)
			}
		}
		if strings.ContainsAny(a.body, "\u202e\x1b") || strings.Contains(a.body, "\n  99:99") {
			t.Errorf("a note writes the log:\n%s", a.body)
		}
	}
}

func TestAlertsAndMessages(t *testing.T) {
	s := openTimeline(t)
	s.receivers()
	s.says("one", acceptance)
	id := s.newest().ID
	failed := s.deliver("watch-desk", "FIRST · dialogue · \u2068حكومة مالي\u2069: for", `Post "https://hooks.example.org/T0P/S3CRET?key=abc": 500 Internal Server Error`)
	var page struct {
		Alerts []api.Alert
		Next   string
	}
	s.get("/api/v1/alerts?signal="+id+"&receiver=watch-desk&limit=1", &page)
	if len(page.Alerts) != 1 || page.Alerts[0].State != store.Composed || page.Alerts[0].Message != failed {
		t.Fatalf("alerts: %+v", page)
	}
	if p := page.Alerts[0].Progress; p == nil || p.Tries != 1 || p.Again == nil || p.Failure != `Post "https://hooks.example.org/…": 500 Internal Server Error` {
		t.Errorf("progress: %+v", p)
	}
	var m api.Message
	s.get("/api/v1/messages/"+failed, &m)
	if m.Receiver != "watch-desk" || m.Progress.State != store.Pending || m.Body.(map[string]any)["line"] != "x" || !strings.HasPrefix(m.Text, "FIRST") {
		t.Errorf("message: %+v", m)
	}
	var all struct{ Receivers []api.ReceiverHealth }
	s.get("/api/v1/receivers", &all)
	i := slices.IndexFunc(all.Receivers, func(r api.ReceiverHealth) bool { return r.Receiver.ID == "watch-desk" })
	if r := all.Receivers[i]; r.State != "failing" || r.Since == nil || strings.Contains(r.Failure, "S3CRET") || r.Pending != 1 {
		t.Errorf("watch desk: %+v", r)
	}
	body := s.page("/alerts").body
	if !strings.Contains(body, "\u2068حكومة مالي\u2069: for") {
		t.Error("a name in the line of an alert is not kept in its place")
	}
	shown := words(parse(t, body))
	for _, want := range []string{"failing since", "on its way", "failed 1 time: Post \"https://hooks.example.org/…\""} {
		if !strings.Contains(shown, want) {
			t.Errorf("the page does not show %q: %s", want, shown)
		}
	}
	for _, path := range []string{"/api/v1/messages/none", "/api/v1/events/none"} {
		if a := s.do(http.MethodGet, path, ""); a.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %s", path, a.Status)
		}
	}
	if a := s.do(http.MethodGet, "/api/v1/alerts?cursor=forged", ""); a.StatusCode != http.StatusBadRequest {
		t.Errorf("forged cursor: %s", a.Status)
	}
}

func TestTroublesOfTheWatch(t *testing.T) {
	s := openTimeline(t)
	handler, err := api.New(api.Options{Store: s.store, Index: s.index, Registry: s.reg, Troubles: func(context.Context) ([]statement.Trouble, error) {
		return []statement.Trouble{{Subject: "source rfi silent", Note: statement.Labels{En: "RFI has been silent for 9 h <script>"}}}, nil
	}})
	must(t, err)
	s.url = serve(t, handler)
	var h api.HandOver
	s.get("/api/v1/handover", &h)
	if len(h.Troubles) != 1 || h.Troubles[0].Subject != "source rfi silent" {
		t.Errorf("troubles: %+v", h.Troubles)
	}
	for _, path := range []string{"/alerts", "/handover"} {
		if shown := words(parse(t, s.page(path).body)); !strings.Contains(shown, "RFI has been silent for 9 h <script>") {
			t.Errorf("%s does not tell of the silent source", path)
		}
	}
}

// TestAuditShowsWhatHoldsAndWhatWasDone sends a message that could not be handled
// on its way again, from the page.
func TestAuditShowsWhatHoldsAndWhatWasDone(t *testing.T) {
	s := openDesk(t)
	v := s.visit("/audit")
	v.shows("Whether it holds", "record", "well", "Custody chain", "None: every message was handled.", "Aminata Diallo", "began the watch", "there is no log-in")
	payload, err := json.Marshal(statement.Statement{ID: "x", Of: "x", Revision: 1, Source: "rfi", Key: "k", Title: "Dépêche"})
	must(t, err)
	for id, body := range map[string][]byte{"poison": []byte("{"), "late": payload} {
		must(t, s.store.Bury(t.Context(), statement.DeadLetter{ID: id, Subject: "statements.rfi", Reason: "broken\u202e", Tries: 5, Payload: body, At: time.Now()}))
	}
	v.open("/audit")
	v.shows("statements.rfi · 5 tries", "on the command line only")
	v.press("", "Remember", "who", "Ousmane")
	v.press("letter-late", "Try again")
	v.shows("Done: Ousmane replayed a dead letter.")
	if letters, err := s.store.DeadLetters(t.Context()); err != nil || len(letters) != 1 || letters[0].ID != "poison" {
		t.Errorf("left: %+v: %v", letters, err)
	}
	if a := s.try(map[string]any{"who": "Ousmane", "action": "replay", "subject": "poison"}); a.StatusCode != http.StatusBadRequest && a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("replay of what cannot be read: %s", a.Status)
	}
	v.open("/audit?who=Ousmane&action=replay")
	v.shows("Name: Ousmane", "replayed a dead letter")
	if shown := words(v.doc); strings.Contains(shown, "acknowledged a signal late") || strings.Count(shown, "Ousmane replayed a dead letter") != 1 {
		t.Errorf("the log is not narrowed down: %s", shown)
	}
	var log struct {
		Log  []api.DeskAct
		Next string
	}
	s.get("/api/v1/desk?who=Aminata+Diallo&limit=2", &log)
	if len(log.Log) != 2 || log.Next == "" || log.Log[0].Action != statement.PutReceiver || strings.Contains(string(log.Log[0].Details), "t0ken") {
		t.Errorf("log: %+v", log)
	}
}
