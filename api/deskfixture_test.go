package api_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"testing"
	"time"

	"palabre/api"
	"palabre/statement"
	"palabre/store"
)

const (
	acceptance = "Le gouvernement malien est prêt au dialogue avec le JNIM."
	refusal    = "Le gouvernement malien refuse tout dialogue avec le JNIM."
)

// turns are words of one day each of which is news after those before.
var turns = []string{
	acceptance, refusal, "Le gouvernement malien exige le départ des troupes françaises.", "Le gouvernement malien est favorable à l'application de la charia.",
	"Le gouvernement malien refuse l'application de la charia.",
}

// says files words of these days in which the government speaks for itself.
func (s *site) says(key, text string) string {
	s.t.Helper()
	return s.file(statement.Statement{
		Source: "mali-presse", Outlet: "mali-presse", Key: key, Kind: statement.Communique, Issuer: "mali-government", Owner: "mali-government", Lang: "fr",
		Grade: "B", Title: "Communiqué " + key, Text: text, Said: statement.Date{Time: time.Now().UTC().Truncate(24 * time.Hour), Precision: statement.Day},
	})
}

// receivers are somebody of the file of receivers and somebody of the desk.
func (s *site) receivers() {
	s.t.Helper()
	must(s.t, s.store.PutReceivers(s.t.Context(), []statement.Receiver{
		{
			ID: "watch-desk", Name: "Watch desk", Lang: "en", Zone: "Africa/Bamako", Watch: true,
			Way:  statement.Way{Kind: statement.Email, To: []string{"desk@example.org"}},
			Pace: statement.Pace{Mode: statement.Grouped, Quiet: statement.Quiet{From: "22:00", To: "06:00"}},
		},
		{
			ID: "ops-hook", Name: "Operations", Lang: "fr",
			Way:   statement.Way{Kind: statement.Webhook, URL: "https://hooks.example.org/T0P/S3CRET?key=abc", Secret: "whsec_c2VjcmV0"},
			Wants: statement.Filter{Topics: []statement.Topic{statement.Dialogue}, Reasons: []statement.Reason{statement.Shift}},
		},
	}))
}

// newest is the signal that was raised last.
func (s *site) newest() api.Signal {
	s.t.Helper()
	var page struct{ Signals []api.Signal }
	s.get("/api/v1/signals?sort=at&limit=1", &page)
	if len(page.Signals) == 0 {
		s.t.Fatal("there is no signal")
	}
	return page.Signals[0]
}

// post does something at the desk over the API and returns its ID, after it has
// taken effect.
func (s *site) post(act map[string]any) string {
	s.t.Helper()
	a := s.try(act)
	if a.StatusCode != http.StatusAccepted {
		s.t.Fatalf("%v: %s: %s", act, a.Status, a.body)
	}
	var out struct{ ID string }
	must(s.t, json.Unmarshal([]byte(a.body), &out))
	s.applied(out.ID)
	return out.ID
}

func (s *site) try(act map[string]any) answer {
	s.t.Helper()
	body, err := json.Marshal(act)
	must(s.t, err)
	return s.do(http.MethodPost, "/api/v1/desk", string(body), "Content-Type", "application/json")
}

// applied waits until a desk event is in the record.
func (s *site) applied(id string) {
	s.t.Helper()
	ctx, stop := context.WithTimeout(s.t.Context(), 10*time.Second)
	defer stop()
	wake, cancel := s.store.Watch()
	defer cancel()
	for {
		_, err := s.store.DeskEvent(ctx, id)
		if err == nil {
			return
		}
		if !errors.Is(err, store.ErrNotFound) {
			s.t.Fatal(err)
		}
		select {
		case <-ctx.Done():
			s.t.Fatalf("desk event %s did not reach the record", id)
		case <-wake:
		}
	}
}

// deliver takes what is due for a receiver through one try.
func (s *site) deliver(receiver, line string, failure string) string {
	s.t.Helper()
	ctx, now := s.t.Context(), time.Now().UTC()
	due, err := s.store.Due(ctx, receiver, now)
	must(s.t, err)
	if len(due) == 0 {
		s.t.Fatalf("nothing is due for %s", receiver)
	}
	m := statement.Message{
		ID: statement.MessageID(receiver, due), Receiver: receiver, Kind: due[0].Kind, Lang: "en", Line: line, Text: line + "\n", Body: `{"line":"x"}`, Composed: now,
	}
	for _, n := range due {
		m.Notices = append(m.Notices, n.N)
	}
	must(s.t, s.store.Compose(ctx, receiver, statement.Plan{Messages: []statement.Message{m}}))
	d := statement.Delivery{Message: m.ID, Receiver: receiver, At: now, Sent: failure == "", Failure: failure}
	if failure != "" {
		d.Again = now.Add(5 * time.Minute)
	}
	must(s.t, s.store.Delivered(ctx, d))
	return m.ID
}

// openDesk starts a site at which a watch is under way.
func openDesk(t testing.TB) *site {
	t.Helper()
	s := openTimeline(t)
	s.receivers()
	s.says("one", acceptance)
	first := s.newest().ID
	s.deliver("watch-desk", "SHIFT · dialogue · Government of Mali: mixed → for — Présidence, today, fr · B2", "")
	s.says("two", refusal)
	second := s.newest().ID
	if due, err := s.store.Due(t.Context(), "ops-hook", time.Now()); err == nil && len(due) > 0 {
		s.deliver("ops-hook", "SHIFT · dialogue · Government of Mali: mixed → for", `Post "https://hooks.example.org/T0P/S3CRET?key=abc": 500 Internal Server Error`)
	}
	s.post(map[string]any{"who": "Aminata Diallo", "action": "begin-watch"})
	s.post(map[string]any{"who": "Aminata Diallo", "action": "acknowledge", "subject": first})
	s.post(map[string]any{"who": "عائشة", "action": "own", "subject": first, "note": "أتابع الموضوع مع باماكو"})
	s.post(map[string]any{"who": "Aminata Diallo", "action": "snooze", "subject": second, "until": time.Now().Add(time.Hour)})
	s.post(map[string]any{
		"who": "Ousmane", "action": "silence", "note": "exercise at Sévaré", "until": time.Now().Add(3 * time.Hour),
		"filter": map[string]any{"actors": []string{"isgs"}, "topics": []string{"dialogue"}},
	})
	s.post(map[string]any{"who": "Aminata Diallo", "action": "receiver", "subject": "night-duty", "receiver": map[string]any{
		"id": "night-duty", "name": "Night duty", "way": map[string]any{"kind": "chat", "url": "telegram://t0ken@telegram?chats=1"}, "pace": map[string]any{"mode": "hourly"}, "escalate": "15m", "next": "watch-desk",
	}})
	return s
}
