package api_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"palabre/api"
	"palabre/statement"
)

// signal reads a signal as a program does.
func (s *site) signal(id string) api.Signal {
	s.t.Helper()
	var page struct{ Signals []api.Signal }
	s.get("/api/v1/signals?limit=200", &page)
	for _, sig := range page.Signals {
		if sig.ID == id {
			return sig
		}
	}
	s.t.Fatalf("there is no signal %s", id)
	return api.Signal{}
}

// doubted is a signal that is for the desk only.
func (s *site) doubted() api.Signal {
	s.t.Helper()
	s.file(statement.Statement{
		Source: "blog", Outlet: "blog", Key: "rumour", Kind: statement.Article, Lang: "fr", Grade: "E", Title: "Rumeur",
		Text: "Selon un blog, le JNIM refuse tout dialogue avec le gouvernement malien.",
		Said: statement.Date{Time: time.Now().UTC().Truncate(24 * time.Hour), Precision: statement.Day},
	})
	var page struct{ Signals []api.Signal }
	s.get("/api/v1/signals?limit=200", &page)
	i := slices.IndexFunc(page.Signals, func(sig api.Signal) bool { return sig.Candidate != "" })
	if i < 0 {
		s.t.Fatal("no signal is for the desk only")
	}
	return page.Signals[i]
}

func TestDeskActsOnSignals(t *testing.T) {
	s := openTimeline(t)
	id := s.newest().ID
	doubted := s.doubted()
	until := time.Now().Add(time.Hour).UTC().Truncate(time.Second)
	for _, c := range []struct {
		signal string
		act    map[string]any
		want   func(c api.Care) bool
	}{
		{id, map[string]any{"action": "acknowledge", "note": "seen"}, func(c api.Care) bool {
			return c.Acknowledged == "Aminata Diallo" && c.At != nil && time.Since(*c.At) < time.Minute && c.Note == "seen"
		}},
		{id, map[string]any{"action": "own"}, func(c api.Care) bool { return c.Owner == "Aminata Diallo" }},
		{id, map[string]any{"action": "snooze", "until": until}, func(c api.Care) bool { return c.Snoozed != nil && c.Snoozed.Equal(until) }},
		{id, map[string]any{"action": "false", "note": "<b>irony</b>"}, func(c api.Care) bool { return c.False == "Aminata Diallo" && c.Note == "<b>irony</b>" }},
		{doubted.ID, map[string]any{"action": "confirm"}, func(c api.Care) bool { return c.Confirmed == "Aminata Diallo" }},
	} {
		before := s.signal(c.signal)
		c.act["who"], c.act["subject"] = " Aminata  Diallo ", c.signal
		done := s.post(c.act)
		if after := s.signal(c.signal); !c.want(after.Care) {
			t.Errorf("%v: %+v", c.act, after.Care)
		}
		undo := s.post(map[string]any{"who": "Ousmane", "action": "undo", "subject": done})
		if diff := cmp.Diff(before, s.signal(c.signal)); diff != "" {
			t.Errorf("%v: undone (-before +after):\n%s", c.act, diff)
		}
		s.post(map[string]any{"who": "Ousmane", "action": "undo", "subject": undo})
		if after := s.signal(c.signal); !c.want(after.Care) {
			t.Errorf("%v: done again: %+v", c.act, after.Care)
		}
	}
	if sig := s.signal(doubted.ID); sig.Candidate != "" {
		t.Errorf("the confirmed signal is still for the desk only: %s", sig.Candidate)
	}
}

func TestDeskSilences(t *testing.T) {
	s := openTimeline(t)
	list := func() []api.Silence {
		var out struct{ Silences []api.Silence }
		s.get("/api/v1/silences", &out)
		return out.Silences
	}
	until := time.Now().Add(3 * time.Hour).UTC().Truncate(time.Second)
	put := s.post(map[string]any{
		"who": "Ousmane", "action": "silence", "note": "exercise", "until": until, "filter": map[string]any{"actors": []string{"jnim"}, "topics": []string{"dialogue"}},
	})
	held := list()
	if len(held) != 1 || held[0].Author != "Ousmane" || held[0].Reason != "exercise" || !held[0].Until.Equal(until) || !held[0].Holds || held[0].Filter.Actors[0] != "jnim" {
		t.Fatalf("silences: %+v", held)
	}
	ended := s.post(map[string]any{"who": "Aminata", "action": "end-silence", "subject": held[0].ID})
	if got := list(); len(got) != 0 {
		t.Errorf("the silence that was ended holds: %+v", got)
	}
	s.post(map[string]any{"who": "Aminata", "action": "undo", "subject": ended})
	if got := list(); len(got) != 1 {
		t.Errorf("the end was undone, and no silence holds: %+v", got)
	}
	s.post(map[string]any{"who": "Aminata", "action": "undo", "subject": put})
	if got := list(); len(got) != 0 {
		t.Errorf("the silence was undone and holds: %+v", got)
	}
}

func TestDeskReceivers(t *testing.T) {
	s := openTimeline(t)
	s.receivers()
	find := func(id string) *api.ReceiverHealth {
		var out struct{ Receivers []api.ReceiverHealth }
		s.get("/api/v1/receivers", &out)
		if i := slices.IndexFunc(out.Receivers, func(r api.ReceiverHealth) bool { return r.Receiver.ID == id }); i >= 0 {
			return &out.Receivers[i]
		}
		return nil
	}
	secrets := func() (found []statement.Receiver) {
		all, err := s.store.Receivers(t.Context())
		must(t, err)
		return all
	}
	s.post(map[string]any{"who": "Aminata", "action": "receiver", "subject": "night", "receiver": map[string]any{
		"id": "night", "name": "Night", "way": map[string]any{"kind": "webhook", "url": "https://hooks.example.org/n/K3Y", "secret": "whsec_c2VjcmV0"},
		"escalate": "15m", "next": "watch-desk", "pace": map[string]any{"mode": "grouped", "wait": "30s"},
	}})
	got := find("night")
	if got == nil || got.State != "ok" || got.FromConfig || got.Receiver.Escalate != "15m0s" || got.Receiver.Pace.Wait != "30s" {
		t.Fatalf("night: %+v", got)
	}
	if got.Receiver.Way.URL != "https://hooks.example.org/…" || got.Receiver.Way.Secret != "" {
		t.Errorf("keys are shown: %+v", got.Receiver.Way)
	}
	got.Receiver.Paused = true
	pause := s.post(map[string]any{"who": "Aminata", "action": "receiver", "subject": "night", "receiver": got.Receiver})
	if got := find("night"); got.State != "paused" {
		t.Errorf("night is %s, want paused", got.State)
	}
	s.post(map[string]any{"who": "Aminata", "action": "undo", "subject": pause})
	i := slices.IndexFunc(secrets(), func(r statement.Receiver) bool { return r.ID == "night" })
	if i < 0 || secrets()[i].Way.URL != "https://hooks.example.org/n/K3Y" || secrets()[i].Way.Secret != "whsec_c2VjcmV0" {
		t.Errorf("the keys are lost: %+v", secrets())
	}
	beat := s.post(map[string]any{"who": "Aminata", "action": "heartbeat", "subject": "watch-desk"})
	var alerts struct{ Alerts []api.Alert }
	s.get("/api/v1/alerts?receiver=watch-desk&state=due", &alerts)
	if len(alerts.Alerts) != 1 || alerts.Alerts[0].Kind != statement.NoticeHeartbeat {
		t.Fatalf("due for the watch desk: %+v", alerts.Alerts)
	}
	s.post(map[string]any{"who": "Aminata", "action": "undo", "subject": beat})
	s.get("/api/v1/alerts?receiver=watch-desk&state=due", &alerts)
	if len(alerts.Alerts) != 0 {
		t.Errorf("the heartbeat that was undone is due: %+v", alerts.Alerts)
	}
	drop := s.post(map[string]any{"who": "Aminata", "action": "drop-receiver", "subject": "night"})
	if got := find("night"); got != nil {
		t.Errorf("the receiver that was dropped is there: %+v", got)
	}
	s.post(map[string]any{"who": "Aminata", "action": "undo", "subject": drop})
	if got := find("night"); got == nil {
		t.Error("the drop was undone, and the receiver is not there")
	}
	for _, path := range []string{"/api/v1/receivers", "/api/v1/alerts", "/api/v1/handover", "/alerts", "/handover", "/handover.txt"} {
		for _, key := range []string{"K3Y", "S3CRET", "c2VjcmV0", "key=abc"} {
			if a := s.page(path); a.StatusCode != http.StatusOK || strings.Contains(a.body, key) {
				t.Errorf("%s: %s, shows the key %s", path, a.Status, key)
			}
		}
	}
}

func TestDeskRegroupsEvents(t *testing.T) {
	s := open(t)
	s.says("one", acceptance)
	other := s.file(statement.Statement{
		Source: "rfi", Outlet: "rfi", Key: "two", Kind: statement.Article, Lang: "fr", Title: "Bamako ouvre la porte",
		Text: "Le gouvernement malien est prêt au dialogue avec le JNIM, a dit un ministre.",
		Said: statement.Date{Time: time.Now().UTC().Truncate(24 * time.Hour), Precision: statement.Day},
	})
	id := s.newest().Event
	read := func(id string) api.EventDetail {
		var e api.EventDetail
		s.get("/api/v1/events/"+id, &e)
		return e
	}
	e := read(id)
	if len(e.Reports) != 2 || len(e.Signals) == 0 || e.Signals[0].Reports != 2 || e.Actor != "mali-government" {
		t.Fatalf("event before: %+v", e)
	}
	split := s.post(map[string]any{"who": "Ousmane", "action": "split", "subject": id, "statements": []string{other}, "note": "another day"})
	e = read(id)
	if len(e.Reports) != 1 || len(e.Regroupings) != 1 || e.Regroupings[0].ID != split || e.Regroupings[0].Note != "another day" || e.Regroupings[0].Undone {
		t.Errorf("event after the split: %+v", e)
	}
	var st api.Statement
	s.get("/api/v1/statements/"+other, &st)
	if len(st.Events) != 1 || st.Events[0].ID == id {
		t.Fatalf("the statement that left reports %+v", st.Events)
	}
	merge := s.post(map[string]any{"who": "Ousmane", "action": "merge", "subject": id, "event": st.Events[0].ID})
	if e = read(id); len(e.Reports) != 2 {
		t.Errorf("event after the merge: %+v", e.Reports)
	}
	s.post(map[string]any{"who": "Ousmane", "action": "undo", "subject": merge})
	if e = read(id); len(e.Reports) != 1 {
		t.Errorf("event after the merge was undone: %+v", e.Reports)
	}
	s.post(map[string]any{"who": "Ousmane", "action": "undo", "subject": split})
	if e = read(id); len(e.Reports) != 2 || !e.Regroupings[0].Undone {
		t.Errorf("event after the split was undone: %+v", e)
	}
}

func TestDeskJudgesDemands(t *testing.T) {
	s := openTimeline(t)
	var out struct{ Demands []api.Demand }
	s.get("/api/v1/demands?actor=jnim&topic=dialogue", &out)
	if len(out.Demands) == 0 {
		t.Fatal("JNIM demands nothing: its offer of March 2020 has a condition")
	}
	d := out.Demands[0]
	if d.Words == "" || d.First.Quote == "" || d.First.Said == "" || d.Timing == "" {
		t.Errorf("demand is incomplete: %+v", d)
	}
	status := func() statement.DemandStatus {
		s.get("/api/v1/demands?actor=jnim&topic=dialogue", &out)
		i := slices.IndexFunc(out.Demands, func(o api.Demand) bool { return o.ID == d.ID })
		return out.Demands[i].Status
	}
	judged := s.post(map[string]any{"who": "Ousmane", "action": "demand", "subject": d.ID, "status": "met"})
	if got := status(); got != statement.DemandMet {
		t.Errorf("status %s, want met", got)
	}
	s.get("/api/v1/demands?status=met", &out)
	if len(out.Demands) != 1 {
		t.Errorf("%d demands are met, want one", len(out.Demands))
	}
	s.post(map[string]any{"who": "Ousmane", "action": "undo", "subject": judged})
	if got := status(); got != d.Status {
		t.Errorf("status %s after the judgement was undone, want %s", got, d.Status)
	}
}

func TestResponses(t *testing.T) {
	s := openTimeline(t)
	var out struct{ Responses []api.Response }
	s.get("/api/v1/responses?actor=jnim", &out)
	if len(out.Responses) == 0 {
		t.Fatal("nobody answers JNIM")
	}
	for _, r := range out.Responses {
		if r.Event.Actor != "jnim" && r.Answers.Actor != "jnim" {
			t.Errorf("JNIM has no part in %+v", r)
		}
		if r.Event.Quote == "" || r.Answers.Quote == "" || r.How == "" || r.Days < 0 {
			t.Errorf("response is incomplete: %+v", r)
		}
	}
	r := out.Responses[0]
	var e api.EventDetail
	s.get("/api/v1/events/"+r.Event.ID, &e)
	if !slices.ContainsFunc(e.Answers, func(a api.Response) bool { return a.Answers.ID == r.Answers.ID }) {
		t.Errorf("event %s does not say what it answers: %+v", r.Event.ID, e.Answers)
	}
	s.get("/api/v1/events/"+r.Answers.ID, &e)
	if !slices.ContainsFunc(e.AnsweredBy, func(a api.Response) bool { return a.Event.ID == r.Event.ID }) {
		t.Errorf("event %s does not say who answered it: %+v", r.Answers.ID, e.AnsweredBy)
	}
}

func TestDeskRefuses(t *testing.T) {
	s := openTimeline(t)
	s.receivers()
	s.says("one", acceptance)
	id, event := s.newest().ID, s.newest().Event
	undone := s.post(map[string]any{"who": "Aminata", "action": "acknowledge", "subject": id})
	s.post(map[string]any{"who": "Aminata", "action": "undo", "subject": undone})
	must(t, s.store.ApplyDesk(t.Context(), []statement.DeskEvent{{ID: "polled", At: time.Now(), Who: "x", Action: statement.Poll, Subject: "rfi"}}))
	later := time.Now().Add(time.Hour)
	type m = map[string]any
	for _, c := range []struct {
		act  m
		says string
	}{
		{m{"who": "", "action": "own", "subject": id}, "body.who"},
		{m{"who": "  ", "action": "own", "subject": id}, "say who you are"},
		{m{"who": strings.Repeat("x", 81), "action": "own", "subject": id}, "body.who"},
		{m{"who": "Ami\u202enata", "action": "own", "subject": id}, "cannot be seen"},
		{m{"who": "Ami\u200bnata", "action": "own", "subject": id}, "cannot be seen"},
		{m{"who": "Ami\x00nata", "action": "own", "subject": id}, "cannot be seen"},
		{m{"who": "Aminata", "action": "guess", "subject": id}, "body.action"},
		{m{"who": "Aminata", "action": "hand-entry", "subject": "rfi"}, "body.action"},
		{m{"who": "Aminata", "action": "own"}, "subject is empty"},
		{m{"who": "Aminata", "action": "own", "subject": "none"}, "no signal"},
		{m{"who": "Aminata", "action": "own", "subject": id, "note": strings.Repeat("x", 1001)}, "body.note"},
		{m{"who": "Aminata", "action": "own", "subject": id, "colour": "red"}, "colour"},
		{m{"who": "Aminata", "action": "confirm", "subject": id}, "not for the desk only"},
		{m{"who": "Aminata", "action": "snooze", "subject": id}, "until is empty"},
		{m{"who": "Aminata", "action": "snooze", "subject": id, "until": time.Now().Add(-time.Minute)}, "in the past"},
		{m{"who": "Aminata", "action": "snooze", "subject": id, "until": time.Now().AddDate(1, 0, 0)}, "more than 30 days"},
		{m{"who": "Aminata", "action": "undo", "subject": "none"}, "no desk event"},
		{m{"who": "Aminata", "action": "undo", "subject": undone}, "undone before"},
		{m{"who": "Aminata", "action": "undo", "subject": "polled"}, "cannot be undone"},
		{m{"who": "Aminata", "action": "silence", "note": "x", "until": later}, "silence everything"},
		{m{"who": "Aminata", "action": "silence", "note": "x", "until": later, "filter": m{"confidence": 0.1}}, "silence everything"},
		{m{"who": "Aminata", "action": "silence", "note": "x", "until": later, "filter": m{"query": "mali", "topics": []string{"sharia"}}}, "query"},
		{m{"who": "Aminata", "action": "silence", "note": "x", "until": later, "filter": m{"reasons": []string{"whim"}}}, "no reason"},
		{m{"who": "Aminata", "action": "silence", "note": "x", "until": later, "filter": m{"stances": []string{"angry"}}}, "no stance"},
		{m{"who": "Aminata", "action": "silence", "note": "x", "until": later, "filter": m{"actors": []string{"<script>"}}}, "no actor"},
		{m{"who": "Aminata", "action": "silence", "until": later, "filter": m{"topics": []string{"sharia"}}}, "needs a reason"},
		{m{"who": "Aminata", "action": "silence", "note": "x", "filter": m{"topics": []string{"sharia"}}}, "until is empty"},
		{m{"who": "Aminata", "action": "silence", "note": "x", "until": later, "subject": "mine", "filter": m{"topics": []string{"sharia"}}}, "leave the subject out"},
		{m{"who": "Aminata", "action": "end-silence", "subject": "none"}, "no silence"},
		{m{"who": "Aminata", "action": "heartbeat", "subject": "none"}, "no receiver"},
		{m{"who": "Aminata", "action": "drop-receiver", "subject": "ops-hook"}, "file of receivers"},
		{m{"who": "Aminata", "action": "receiver", "subject": "new"}, "receiver is empty"},
		{m{"who": "Aminata", "action": "receiver", "subject": "new", "receiver": m{"id": "other", "way": m{"kind": "nats"}}}, "the subject is"},
		{m{"who": "Aminata", "action": "receiver", "subject": "N W", "receiver": m{"id": "N W", "way": m{"kind": "nats"}}}, "receiver.id"},
		{m{"who": "Aminata", "action": "receiver", "subject": "new", "receiver": m{"id": "new", "way": m{"kind": "pigeon"}}}, "way.kind"},
		{m{"who": "Aminata", "action": "receiver", "subject": "new", "receiver": m{"id": "new", "way": m{"kind": "nats"}, "escalate": "soon"}}, "escalate"},
		{m{"who": "Aminata", "action": "receiver", "subject": "new", "receiver": m{"id": "new", "way": m{"kind": "nats"}, "wants": m{"query": "colour:red"}}}, "wants.query"},
		{m{"who": "Aminata", "action": "receiver", "subject": "ops-hook", "receiver": m{"id": "ops-hook", "way": m{"kind": "nats"}}}, "file of receivers"},
		{m{"who": "Aminata", "action": "split", "subject": "none", "statements": []string{"x"}}, "no event"},
		{m{"who": "Aminata", "action": "split", "subject": event, "statements": []string{}}, "at least one"},
		{m{"who": "Aminata", "action": "split", "subject": event, "statements": []string{"none"}}, "does not report"},
		{m{"who": "Aminata", "action": "merge", "subject": event, "event": event}, "the same event"},
		{m{"who": "Aminata", "action": "merge", "subject": event, "event": "none"}, "no event"},
		{m{"who": "Aminata", "action": "merge", "subject": event, "statements": []string{"none"}}, "no statement"},
		{m{"who": "Aminata", "action": "demand", "subject": "none", "status": "met"}, "no demand"},
		{m{"who": "Aminata", "action": "demand", "subject": "none", "status": "perhaps"}, "body.status"},
		{m{"who": "Aminata", "action": "end-watch"}, "nobody is on watch"},
	} {
		a := s.try(c.act)
		if a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(a.body, c.says) {
			t.Errorf("%v: %s: %s; want 422 that says %q", c.act, a.Status, a.body, c.says)
		}
	}
	log, err := s.store.DeskLog(t.Context(), 100)
	must(t, err)
	if len(log) != 3 {
		t.Errorf("something that was refused is in the log: %+v", log)
	}
}

func TestDeskRefusesAnotherMattersEvent(t *testing.T) {
	s := openTimeline(t)
	var actor api.ActorDetail
	s.get("/api/v1/actors/mali-government", &actor)
	byStance := make(map[string]string)
	for _, e := range actor.Events {
		byStance[string(e.Topic)+" "+string(e.Stance)] = e.ID
	}
	for _, c := range []struct{ a, b, says string }{
		{"dialogue pro", "foreign_troops pro", "is about"},
		{"dialogue pro", "dialogue mixed", "two stances"},
	} {
		if byStance[c.a] == "" || byStance[c.b] == "" {
			t.Fatalf("the government has no event %s or %s: %v", c.a, c.b, byStance)
		}
		a := s.try(map[string]any{"who": "Ousmane", "action": "merge", "subject": byStance[c.a], "event": byStance[c.b]})
		if a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(a.body, c.says) {
			t.Errorf("%s into %s: %s: %s", c.b, c.a, a.Status, a.body)
		}
	}
}

func TestDeskIsGuarded(t *testing.T) {
	s := openTimeline(t)
	act := `{"who":"Aminata","action":"acknowledge","subject":"` + s.newest().ID + `"}`
	for _, path := range []string{"/api/v1/desk", "/desk"} {
		a := s.do(http.MethodPost, path, act, "Content-Type", "application/json", "Sec-Fetch-Site", "cross-site")
		if a.StatusCode != http.StatusForbidden {
			t.Errorf("%s from another site: %s", path, a.Status)
		}
		a = s.do(http.MethodPost, path, act, "Content-Type", "application/json", "Origin", "https://evil.example")
		if a.StatusCode != http.StatusForbidden {
			t.Errorf("%s from another origin: %s", path, a.Status)
		}
	}
	s.fault = fmt.Errorf("publish: %w: no such way", api.ErrRejected)
	if a := s.do(http.MethodPost, "/api/v1/desk", act, "Content-Type", "application/json"); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("rejected further on: %s", a.Status)
	}
	s.fault = errors.New("nats://secret@host is away")
	a := s.do(http.MethodPost, "/api/v1/desk", act, "Content-Type", "application/json")
	if a.StatusCode != http.StatusInternalServerError || strings.Contains(a.body, "secret") {
		t.Errorf("inner fault: %s: %s", a.Status, a.body)
	}
	if a := s.do(http.MethodPost, "/api/v1/desk", `{"who":"`+strings.Repeat("x", 70<<10)+`"}`, "Content-Type", "application/json"); a.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("70 KiB: %s", a.Status)
	}
	limited := false
	for range 400 {
		if a = s.do(http.MethodPost, "/api/v1/desk", `{}`, "Content-Type", "application/json"); a.StatusCode == http.StatusTooManyRequests {
			limited = true
			break
		}
	}
	if !limited || a.Header.Get("Retry-After") == "" {
		t.Errorf("400 in a row: %s", a.Status)
	}
}

func TestDeskOfANodeThatTakesNothing(t *testing.T) {
	s := openTimeline(t)
	handler, err := api.New(api.Options{Store: s.store, Index: s.index, Registry: s.reg})
	must(t, err)
	s.url = serve(t, handler)
	if a := s.try(map[string]any{"who": "Aminata", "action": "acknowledge", "subject": s.newest().ID}); a.StatusCode != http.StatusNotImplemented {
		t.Errorf("nothing can be done here, and yet: %s", a.Status)
	}
	if a := s.page("/"); strings.Contains(a.body, "<form method=\"post\"") || strings.Contains(a.body, "Acknowledge") {
		t.Error("the page offers what cannot be done")
	}
}
