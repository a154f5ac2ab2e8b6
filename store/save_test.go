package store

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"palabre/statement"
)

// item is a statement as a feed gives it.
func item(key, text string) statement.Statement {
	return statement.Statement{Source: "rfi", Outlet: "rfi", Key: key, Kind: statement.Wire, Title: "T", Text: text, Published: date("2021-12-10")}
}

// fetched is a fetch of rfi that brought the items.
func fetched(items ...statement.Statement) *statement.Fetch {
	return &statement.Fetch{Statements: items, Health: statement.Health{Source: "rfi", Outcome: statement.OutcomeNew}}
}

func save(t testing.TB, s *Store, f *statement.Fetch) Saved {
	t.Helper()
	saved, err := s.Save(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	return saved
}

func TestSaveTellsNewKnownAndRevised(t *testing.T) {
	s := openTest(t)
	type seen struct {
		key, text string
		want      string // "new", "known" or "revision N"
	}
	var root string
	for i, step := range [][]seen{
		{{"a", "one", "new"}, {"b", "other", "new"}},
		{{"a", "one", "known"}, {"b", "other", "known"}},
		{{"a", " one\n", "known"}},                     // re-flowed
		{{"guid-2", "one", "known"}},                   // under a new key
		{{"a", "two", "revision 2"}},                   // edited
		{{"a", "two", "known"}},                        //
		{{"guid-2", "one", "known"}},                   // the other key still shows the old text
		{{"a", "two", "known"}},                        // and does not make them take turns
		{{"a", "one", "revision 3"}},                   // edited back
		{{"a", "one", "known"}},                        //
		{{"a", "two", "revision 4"}},                   // and forth
		{{"guid-2", "two", "known"}},                   // the other key catches up
		{{"guid-2", "three", "revision 5"}},            // and is edited itself
		{{"b", "three", "known"}},                      // b now shows what belongs to a
		{{"dup", "x", "new"}, {"dup", "y", "new"}},     // one key for two things
		{{"dup", "y", "known"}, {"dup", "x", "known"}}, // in any order
		{{"dup", "z", "new"}, {"dup", "x", "known"}},   // with a third
	} {
		var items []statement.Statement
		for _, v := range step {
			items = append(items, item(v.key, v.text))
		}
		f := fetched(items...)
		saved := save(t, s, f)
		var want Saved
		for j, v := range step {
			got := f.Statements[j]
			if root == "" {
				root = got.ID
			}
			switch {
			case v.want == "new":
				want.New++
			case v.want == "known":
				want.Known++
			default:
				want.Revised++
				if v.want != fmt.Sprint("revision ", got.Revision) || got.Of != root {
					t.Errorf("step %d: %s is revision %d of %s, want %s of %s", i, v.text, got.Revision, got.Of, v.want, root)
				}
			}
			want.IDs = append(want.IDs, got.ID)
		}
		if diff := cmp.Diff(want, saved); diff != "" {
			t.Errorf("step %d, %v (-want +got):\n%s", i, step, diff)
		}
	}
	spooled, err := s.Unpublished(t.Context(), 100, 0)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, st := range spooled {
		if slices.Contains(ids, st.ID) {
			t.Errorf("%s is spooled twice", st.ID)
		}
		ids = append(ids, st.ID)
		if err := st.Validate(); err != nil {
			t.Error(err)
		}
	}
	if len(ids) != 9 {
		t.Errorf("%d statements are spooled, want 5 new and 4 revisions", len(ids))
	}
}

func TestSaveKeepsFirstSeenThroughRevisions(t *testing.T) {
	clock := testClock
	s := openAt(t, t.TempDir()+"/record.db", func() time.Time { return clock })
	first := fetched(item("a", "one"))
	save(t, s, first)
	clock = clock.AddDate(0, 0, 1)
	second := fetched(item("a", "two"))
	save(t, s, second)
	third := fetched(item("new-key", "one"))
	save(t, s, third)
	for _, f := range []*statement.Fetch{second, third} {
		if got := f.Statements[0].FirstSeen; !got.Equal(first.Statements[0].FirstSeen) {
			t.Errorf("first seen is %s, want %s", got, first.Statements[0].FirstSeen)
		}
	}
	if got := third.Statements[0]; got.ID != first.Statements[0].ID || got.Revision != 1 {
		t.Errorf("old content under a new key is %s, revision %d", got.ID, got.Revision)
	}
}

func TestSaveFlagsDates(t *testing.T) {
	s := openTest(t)
	future, absurd, none := item("a", "future"), item("b", "absurd"), item("c", "none")
	future.Published, absurd.Published, none.Published = date("2099-01-01"), date("1970-01-01"), statement.Date{}
	absurd.Flags = []string{statement.FlagAbsurd}
	f := fetched(future, absurd, none, item("d", "fine"))
	save(t, s, f)
	for i, want := range [][]string{{statement.FlagFuture}, {statement.FlagAbsurd}, {statement.FlagUndated}, nil} {
		if diff := cmp.Diff(want, f.Statements[i].Flags); diff != "" {
			t.Errorf("flags of %s (-want +got):\n%s", f.Statements[i].Text, diff)
		}
	}
}

func TestSaveKeepsTheGoodOnes(t *testing.T) {
	s := openTest(t)
	f := fetched(item("a", "good"), item("", "no key"), item("c", ""), item("d", strings.Repeat("x", statement.MaxText+1)), item("e", "good too"))
	f.Statements[2].Title = ""
	saved := save(t, s, f)
	if saved.New != 2 || len(saved.IDs) != 2 {
		t.Errorf("saved %+v, want two", saved)
	}
	h, err := s.Health(t.Context(), "rfi")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(f.Health.Problems, h.Problems); diff != "" {
		t.Errorf("the caller and the record see different problems:\n%s", diff)
	}
	if h.Outcome != statement.OutcomePartial || len(h.Problems) != 3 || h.Problems[0].Where != "statement 2" {
		t.Errorf("health is %+v, want partial with three problems", h)
	}
}

func TestSaveKeepsHealthAndValidators(t *testing.T) {
	s := openTest(t)
	ctx := t.Context()
	f := fetched(item("a", "one"))
	f.Health.ETag = map[string]string{"https://rfi/feed": `"v1"`, "https://rfi/page": `"p1"`}
	f.Health.LastModified = map[string]string{"https://rfi/feed": "Fri, 10 Dec 2021 09:00:00 GMT"}
	save(t, s, f)
	if f.Health.Outcome != statement.OutcomeNew || f.Health.LastNew.IsZero() {
		t.Errorf("the fetch ended as %+v, want new", f.Health)
	}
	again := fetched(item("a", "one"))
	again.Health.ETag = map[string]string{"https://rfi/feed": `"v2"`}
	save(t, s, again)
	if again.Health.Outcome != statement.OutcomeNothingNew {
		t.Errorf("a fetch of the same ended as %s", again.Health.Outcome)
	}
	failed := &statement.Fetch{Health: statement.Health{Source: "rfi", Outcome: statement.OutcomeServerError, Reason: "500", Failures: 1, Checked: testClock.AddDate(0, 0, 1)}}
	save(t, s, failed)
	h, err := s.Health(ctx, "rfi")
	if err != nil {
		t.Fatal(err)
	}
	want := statement.Health{
		Source: "rfi", Outcome: statement.OutcomeServerError, Reason: "500", Checked: testClock.AddDate(0, 0, 1),
		Succeeded: testClock, LastNew: testClock, Failures: 1,
		ETag:         map[string]string{"https://rfi/feed": `"v2"`, "https://rfi/page": `"p1"`},
		LastModified: map[string]string{"https://rfi/feed": "Fri, 10 Dec 2021 09:00:00 GMT"},
	}
	if diff := cmp.Diff(want, h); diff != "" {
		t.Errorf("health (-want +got):\n%s", diff)
	}
	if err := s.PutSources(ctx, []statement.Source{{ID: "tamani", Name: "Studio Tamani"}, {ID: "rfi", Name: "RFI"}}); err != nil {
		t.Fatal(err)
	}
	if err := s.PutSources(ctx, []statement.Source{{ID: "tamani", Name: "Studio Tamani"}}); err != nil {
		t.Fatal(err)
	}
	apply(t, s, says("2021-12-10", "rfi", "one more"))
	all, err := s.SourceHealth(ctx)
	if err != nil || len(all) != 2 || all[0].Source != "rfi" || all[0].Statements != 1 || all[1].Source != "tamani" || all[1].Outcome != "" {
		t.Errorf("health of all is %+v, %v", all, err)
	}
	configured, err := s.Sources(ctx)
	if err != nil || len(configured) != 1 || configured[0].ID != "tamani" {
		t.Errorf("configured sources are %+v, %v", configured, err)
	}
}

func TestSaveKeepsCapturesInCustody(t *testing.T) {
	s := openTest(t)
	capture := func(url, body string) statement.Capture {
		return statement.Capture{Source: "rfi", URL: url, Status: 200, MediaType: "text/xml", Body: []byte(body), ResponseHeader: http.Header{"Etag": {"v1"}}}
	}
	f := &statement.Fetch{Captures: []statement.Capture{capture("https://rfi/a", "<rss/>"), capture("https://rfi/b", "<rss/>"), capture("https://rfi/a", "")}}
	save(t, s, f)
	save(t, s, f)
	got, err := s.Capture(t.Context(), statement.HashBody([]byte("<rss/>")))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(&f.Captures[0], got); diff != "" {
		t.Errorf("capture (-want +got):\n%s", diff)
	}
	if report := mustVerify(t, s); report.Captures != 2 || report.Custody != 3 {
		t.Errorf("verified %+v, want 2 captures and 3 rows of custody", report)
	}
	f.Captures[0].Body = []byte("tampered")
	if _, err := s.Save(t.Context(), f); err == nil {
		t.Error("a capture was taken under a name that is not its own")
	}
}
