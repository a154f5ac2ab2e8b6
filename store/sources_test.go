package store

import (
	"encoding/json"
	"fmt"
	"testing"

	"palabre/statement"
)

// TestSourcesOfTheDesk enters, pauses and drops sources at the desk, beside
// those of the configuration, which has the last word.
func TestSourcesOfTheDesk(t *testing.T) {
	s := openTest(t)
	listed := []statement.Source{{ID: "rfi", Name: "RFI"}, {ID: "afp", Name: "AFP", Paused: true}}
	put := func(sources ...statement.Source) {
		t.Helper()
		if err := s.PutSources(t.Context(), sources); err != nil {
			t.Fatal(err)
		}
	}
	n := 0
	act := func(action statement.Action, subject, name string) string {
		t.Helper()
		n++
		e := statement.DeskEvent{ID: fmt.Sprint("act ", n), At: testClock, Who: "Awa", Action: action, Subject: subject}
		if name != "" {
			var err error
			if e.Details, err = json.Marshal(statement.Source{Name: name, Kind: statement.Feed}); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.ApplyDesk(t.Context(), []statement.DeskEvent{e}); err != nil {
			t.Fatal(err)
		}
		return e.ID
	}
	expect := func(step string, want ...string) {
		t.Helper()
		states, err := s.SourceStates(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, st := range states {
			got = append(got, fmt.Sprintf("%s %s configured=%t paused=%t by=%s", st.ID, st.Name, st.Configured, st.Paused, st.Halted))
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: %q, want %q", step, got, want)
		}
	}
	const rfi, afp = "rfi RFI configured=true paused=false by=", "afp AFP configured=true paused=true by="
	put(listed...)
	expect("listed", rfi, afp)
	entered := act(statement.PutSource, "tamani", "Tamani")
	act(statement.PutSource, "rfi", "Another RFI")
	expect("entered", rfi, afp, "tamani Tamani configured=false paused=false by=")
	paused := act(statement.PauseSource, "rfi", "")
	act(statement.PauseSource, "tamani", "")
	expect("paused", "rfi RFI configured=true paused=true by=Awa", afp, "tamani Tamani configured=false paused=true by=Awa")
	put(listed...)
	expect("listed again", "rfi RFI configured=true paused=true by=Awa", afp, "tamani Tamani configured=false paused=true by=Awa")
	act(statement.Undo, paused, "")
	act(statement.ResumeSource, "tamani", "")
	expect("resumed", rfi, afp, "tamani Tamani configured=false paused=false by=")
	put(listed[1])
	expect("no longer listed, it is as the desk has it", afp, "rfi Another RFI configured=false paused=false by=", "tamani Tamani configured=false paused=false by=")
	dropped := act(statement.DropSource, "tamani", "")
	act(statement.DropSource, "rfi", "")
	expect("dropped", afp)
	act(statement.Undo, dropped, "")
	expect("taken back", afp, "tamani Tamani configured=false paused=false by=")
	act(statement.Undo, entered, "")
	expect("never entered", afp)
	act(statement.PauseSource, "nobody", "")
	expect("an unknown one", afp)
	bad := statement.DeskEvent{ID: "bad", At: testClock, Who: "Awa", Action: statement.PutSource, Subject: "x", Details: json.RawMessage(`"x"`)}
	if err := s.ApplyDesk(t.Context(), []statement.DeskEvent{bad}); err == nil {
		t.Error("a source that is none is taken")
	}
}
