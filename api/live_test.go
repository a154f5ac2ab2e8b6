package api_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"palabre/api"
)

// event is one live event as a program reads it.
type event struct{ id, name, data string }

// line is an open line of live events.
type line struct {
	t      *testing.T
	events chan event
	ended  chan error // gives why the line ended
	hangUp context.CancelFunc
}

// listen opens a line. It returns when the server has answered.
func (s *site) listen(t *testing.T, query string, header ...string) *line {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/api/v1/live"+query, nil)
	must(t, err)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(r)
	must(t, err)
	if ct := resp.Header.Get("Content-Type"); resp.StatusCode != http.StatusOK || ct != "text/event-stream" {
		t.Fatalf("%s, sent as %s", resp.Status, ct)
	}
	l := &line{t: t, events: make(chan event, 1000), ended: make(chan error, 1), hangUp: cancel}
	go func() {
		defer func() { _ = resp.Body.Close() }()
		l.ended <- l.read(resp.Body)
	}()
	t.Cleanup(cancel)
	return l
}

// read follows the rules of the HTML standard for event streams, as far as they
// are needed.
func (l *line) read(body io.Reader) error {
	var e event
	lines := bufio.NewScanner(body)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		field, value, _ := strings.Cut(lines.Text(), ":")
		value = strings.TrimPrefix(value, " ")
		switch {
		case lines.Text() == "":
			if e.data != "" {
				l.events <- e
			}
			e = event{id: e.id}
		case field == "id":
			e.id = value
		case field == "event":
			e.name = value
		case field == "data":
			e.data += value
		}
	}
	return lines.Err()
}

// next waits for an event of a kind and reads it into v. Others in between fail
// the test.
func (l *line) next(name string, v any) event {
	l.t.Helper()
	select {
	case e := <-l.events:
		if e.name != name || e.id == "" {
			l.t.Fatalf("event %+v, want %s", e, name)
		}
		must(l.t, json.Unmarshal([]byte(e.data), v))
		return e
	case err := <-l.ended:
		l.t.Fatalf("the line ended: %v", err)
	case <-time.After(10 * time.Second):
		l.t.Fatalf("no event %s came", name)
	}
	return event{}
}

func TestLiveTellsWhatIsNew(t *testing.T) {
	s := openTimeline(t)
	l := s.listen(t, "")
	s.says("one", acceptance)
	var sig api.Signal
	first := l.next("signal", &sig)
	if sig.Actor != "mali-government" || sig.Quote == "" || sig.Reports != 1 {
		t.Errorf("signal: %+v", sig)
	}
	if want := s.newest(); sig.ID != want.ID || sig.Reason != want.Reason || !sig.At.Equal(want.At) {
		t.Errorf("live signal %+v differs from %+v", sig, want)
	}
	ack := s.post(map[string]any{"who": "Aminata", "action": "acknowledge", "subject": sig.ID})
	var care api.CareEvent
	l.next("care", &care)
	if care.Signal != sig.ID || care.Care.Acknowledged != "Aminata" || care.State != api.CareAcknowledged || care.Says != "acknowledged by Aminata just now" {
		t.Errorf("care: %+v", care)
	}
	s.post(map[string]any{"who": "Aminata", "action": "undo", "subject": ack})
	last := l.next("care", &care)
	if care.Care.Acknowledged != "" || care.State != api.CareNew {
		t.Errorf("care after the undo: %+v", care)
	}
	if first.id == last.id {
		t.Errorf("two events have the ID %s", first.id)
	}
}

func TestLiveResumesWithoutGap(t *testing.T) {
	s := openTimeline(t)
	l := s.listen(t, "")
	s.says("one", acceptance)
	var sig api.Signal
	seen := l.next("signal", &sig)
	first := sig.ID
	l.hangUp()
	s.says("two", turns[1])
	s.post(map[string]any{"who": "Aminata", "action": "own", "subject": first})
	s.says("three", turns[2])
	s.post(map[string]any{"who": "Aminata", "action": "heartbeat", "subject": s.receiver()})
	missed := s.raisedSince(first)
	if len(missed) < 2 {
		t.Fatalf("%d signals were raised meanwhile", len(missed))
	}
	for i, again := range []*line{s.listen(t, "", "Last-Event-ID", seen.id), s.listen(t, "?after="+seen.id)} {
		for _, want := range slices.Backward(missed) {
			if again.next("signal", &sig); sig.ID != want.ID {
				t.Errorf("signal %s, want %s", sig.ID, want.ID)
			}
		}
		var care api.CareEvent
		last := again.next("care", &care)
		if care.Signal != first || care.Care.Owner != "Aminata" {
			t.Errorf("care: %+v", care)
		}
		s.says(last.id, turns[3+i]) // nothing else comes before this
		for _, want := range slices.Backward(s.raisedSince(missed[0].ID)) {
			if again.next("signal", &sig); sig.ID != want.ID {
				t.Errorf("signal %s, want %s", sig.ID, want.ID)
			}
		}
		again.hangUp()
	}
}

// receiver is somebody who can be told something.
func (s *site) receiver() string {
	s.receivers()
	return "watch-desk"
}

// raisedSince lists the signals that were raised after one.
func (s *site) raisedSince(id string) []api.Signal {
	s.t.Helper()
	var page struct{ Signals []api.Signal }
	s.get("/api/v1/signals?sort=at&limit=50", &page)
	for i := range page.Signals {
		if page.Signals[i].ID == id {
			return page.Signals[:i]
		}
	}
	s.t.Fatalf("signal %s is not among the latest", id)
	return nil
}

func TestLiveRefusesForgedMarks(t *testing.T) {
	s := openTimeline(t)
	for _, mark := range []string{"x", "1.2", "a.b.c", "1.b.c", "<script>"} {
		if a := s.do(http.MethodGet, "/api/v1/live", "", "Last-Event-ID", mark); a.StatusCode != http.StatusBadRequest {
			t.Errorf("mark %q: %s", mark, a.Status)
		}
	}
	// A mark of a record that is gone lies ahead of this one.
	l := s.listen(t, "", "Last-Event-ID", "9000000000000000000.zzz.999999")
	s.says("one", acceptance)
	var sig api.Signal
	l.next("signal", &sig)
	if a := s.do(http.MethodHead, "/api/v1/live", ""); a.StatusCode != http.StatusOK {
		t.Errorf("HEAD: %s", a.Status)
	}
}

// TestLiveSlowListenersHoldNobodyUp opens lines that are never read until their
// buffers are full, and sees that others hear everything in time.
func TestLiveSlowListenersHoldNobodyUp(t *testing.T) {
	s := openTimeline(t)
	handler, err := api.New(api.Options{Store: s.store, Index: s.index, Registry: s.reg})
	must(t, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	server := api.Server(handler, s.log)
	server.ConnContext = func(ctx context.Context, c net.Conn) context.Context {
		must(t, c.(*net.TCPConn).SetWriteBuffer(1))
		return ctx
	}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	s.url = "http://" + listener.Addr().String()
	for range 20 {
		conn, err := net.Dial("tcp", listener.Addr().String())
		must(t, err)
		t.Cleanup(func() { _ = conn.Close() })
		must(t, conn.(*net.TCPConn).SetReadBuffer(1))
		_, err = fmt.Fprintf(conn, "GET /api/v1/live?after=0..0 HTTP/1.1\r\nHost: x\r\n\r\n")
		must(t, err)
	}
	l := s.listen(t, "")
	for i, text := range turns {
		s.says(fmt.Sprint("turn ", i), text)
		var sig api.Signal
		l.next("signal", &sig)
	}
}

func TestLiveTakesSoMany(t *testing.T) {
	s := openTimeline(t)
	ask := func() (net.Conn, string) {
		conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
		must(t, err)
		t.Cleanup(func() { _ = conn.Close() })
		_, err = fmt.Fprintf(conn, "GET /api/v1/live HTTP/1.1\r\nHost: x\r\n\r\n")
		must(t, err)
		must(t, conn.SetReadDeadline(time.Now().Add(20*time.Second)))
		status, err := bufio.NewReader(conn).ReadString('\n')
		must(t, err)
		return conn, status
	}
	var first net.Conn
	for range 500 {
		conn, status := ask()
		if !strings.Contains(status, "200") {
			t.Fatalf("a listener among 500 is answered %s", status)
		}
		if first == nil {
			first = conn
		}
	}
	if a := s.do(http.MethodGet, "/api/v1/live", ""); a.StatusCode != http.StatusServiceUnavailable || a.Header.Get("Retry-After") == "" {
		t.Errorf("one listener more: %s", a.Status)
	}
	if a := s.do(http.MethodGet, "/metrics", ""); !strings.Contains(a.body, "palabre_listeners 500") {
		t.Error("metrics do not count the listeners")
	}
	must(t, first.Close())
	for deadline := time.Now().Add(20 * time.Second); ; {
		_, status := ask()
		if strings.Contains(status, "200") {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("a listener has hung up, and nobody takes its place")
		}
	}
}

func TestLiveEndsWithTheServer(t *testing.T) {
	s := openTimeline(t)
	handler, err := api.New(api.Options{Store: s.store, Index: s.index, Registry: s.reg})
	must(t, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	server := api.Server(handler, s.log)
	go func() { _ = server.Serve(listener) }()
	s.url = "http://" + listener.Addr().String()
	l := s.listen(t, "")
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		t.Fatalf("an open line keeps the server from ending: %v", err)
	}
	select {
	case err := <-l.ended:
		if err != nil {
			t.Errorf("the line broke: %v", err)
		}
	case <-ctx.Done():
		t.Error("the line is still open")
	}
}

// TestLiveOutlastsTheLimitsOfOtherRequests makes the limits so short that the
// line is older than they are.
func TestLiveOutlastsTheLimitsOfOtherRequests(t *testing.T) {
	s := openTimeline(t)
	handler, err := api.New(api.Options{Store: s.store, Index: s.index, Registry: s.reg})
	must(t, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	server := api.Server(handler, s.log)
	server.ReadTimeout, server.WriteTimeout = 50*time.Millisecond, 50*time.Millisecond
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	s.url = "http://" + listener.Addr().String()
	l := s.listen(t, "")
	select {
	case err := <-l.ended:
		t.Fatalf("the line ended with other requests' limits: %v", err)
	case <-time.After(300 * time.Millisecond):
	}
	s.says("one", acceptance)
	var sig api.Signal
	l.next("signal", &sig)
}
