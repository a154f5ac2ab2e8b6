package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"palabre/alert"
	"palabre/statement"
)

// beats is how often a statement arrives in BenchmarkWebhook: twenty a second.
const beats = 50 * time.Millisecond

// news makes the nth statement that is news: states against and then for the
// troops of others. There are some hundreds.
func news(reg *statement.Registry, n int) (statement.Statement, bool) {
	forces := []struct{ id, name string }{{"france", "French"}, {"russia", "Russian"}, {"us", "American"}, {"un", "United Nations"}}
	stances := []string{"rejects the presence", "demands the departure", "welcomes the presence", "supports the deployment"}
	var states []*statement.Actor
	for i := range reg.Actors {
		if a := &reg.Actors[i]; a.Kind == statement.State && a.Country != "" {
			states = append(states, a)
		}
	}
	state, rest := states[n%len(states)], n/len(states)
	force, rest := forces[rest%len(forces)], rest/len(forces)
	if rest >= len(stances) {
		return statement.Statement{}, false
	}
	now := time.Now().UTC()
	return statement.Statement{
		Source: onFile, Outlet: fmt.Sprint("ministry-", state.ID), Kind: statement.Communique, Issuer: state.ID, Lang: "en", Key: fmt.Sprint("news-", n),
		Title: fmt.Sprint("Statement ", n), Text: fmt.Sprintf("The government %s of %s troops in Mali. Statement %d.", stances[rest], force.name, n),
		Published: statement.Date{Time: now, Precision: statement.Second, Origin: "feed"},
	}, true
}

// post notes when alerts of statements arrived.
type post struct {
	mu   sync.Mutex
	came map[string]time.Time
}

func (p *post) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	now := time.Now()
	var body alert.Body
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range body.Signals {
		if _, known := p.came[s.Statement]; !known {
			p.came[s.Statement] = now
		}
	}
}

func (p *post) took(sent map[string]time.Time) []time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []time.Duration
	for id, at := range p.came {
		out = append(out, at.Sub(sent[id]))
	}
	slices.Sort(out)
	return out
}

// runDesk runs the desk of a pipeline with these receivers until the test ends.
func runDesk(t testing.TB, p *pipeline, receivers ...statement.Receiver) {
	t.Helper()
	d, err := p.openDesk(alertFlags{PrivateWebhooks: true, smtpFlags: smtpFlags{SMTPTLS: "starttls"}}, "http://127.0.0.1:8080", nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := range receivers {
		if err := d.checkReceiver(t.Context(), &receivers[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.store.PutReceivers(t.Context(), receivers); err != nil {
		t.Fatal(err)
	}
	d.seen = "" // no list in a file
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- d.run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// BenchmarkWebhook measures how long statements that are news take from their
// first commit to a webhook on this machine, at twenty statements a second.
func BenchmarkWebhook(b *testing.B) {
	box := &post{came: make(map[string]time.Time)}
	server := httptest.NewServer(box)
	defer server.Close()
	p := runPipeline(b)
	runDesk(b, p, statement.Receiver{
		ID: "box", Way: statement.Way{Kind: statement.Webhook, URL: server.URL, Secret: webhookKey}, Pace: statement.Pace{Mode: statement.AtOnce, Storm: 1000},
	})
	sent := make(map[string]time.Time)
	beat := time.NewTicker(beats)
	defer beat.Stop()
	n := 0
	for b.Loop() {
		s, more := news(p.reg, n)
		if !more {
			b.Fatalf("there are only %d statements that are news: ask for less with -benchtime", n)
		}
		n++
		<-beat.C
		at := time.Now()
		saved, err := p.store.Save(b.Context(), fetchAll(s))
		if err != nil {
			b.Fatal(err)
		}
		sent[saved.IDs[0]] = at
	}
	if err := p.settled(b.Context(), func(int) {}); err != nil {
		b.Fatal(err)
	}
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	limit := time.After(patience)
	for quiet, last := 0, -1; quiet < 25; {
		select {
		case <-tick.C:
		case <-limit:
			b.Fatal("alerts do not stop coming")
		}
		now := len(box.took(sent))
		if quiet++; now != last {
			quiet, last = 0, now
		}
	}
	took := box.took(sent)
	if len(took) == 0 {
		b.Fatal("no alert came")
	}
	b.ReportMetric(float64(len(took)), "alerts")
	b.ReportMetric(took[len(took)/2].Seconds()*1e3, "p50-ms")
	b.ReportMetric(took[len(took)*99/100].Seconds()*1e3, "p99-ms")
}
