package seeds_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"palabre/seeds"
	"palabre/statement"
)

// secretFiles stands for a folder with one secret in it.
func secretFiles(name string) (string, error) {
	switch name {
	case "key":
		return " whsec_c2VjcmV0 \n", nil
	case "url":
		return "https://desk.example.org/hook/token\n", nil
	case "two":
		return "one\ntwo\n", nil
	}
	return "", errors.New("there is no " + name)
}

func TestReadReceiversInFull(t *testing.T) {
	const file = `receivers:
  - id: officer
    name: Officer on duty
    lang: fr
    zone: Africa/Bamako
    email: [officer@example.org, second@example.org]
    watch: true
    digest: true
    escalate: 15m
    next: desk
    second: desk
    wants:
      topics: [dialogue, sharia]
      actors: [jnim]
      targets: mali-government
      reasons: [shift, walk-back]
      stances: conditional
      langs: [ar, fr]
      places: [kidal]
      query: 'actor:jnim "قوات فرنسا"'
      confidence: 0.7
      grade: C
      first_hand: true
    pace: {mode: grouped, wait: 1m30s, interval: 10m, repeat: 4h, quiet: "22:00 - 06:00", storm: 5}
  - id: desk
    webhook_file: url
    secret_file: key
    paused: true
    pace: grouped
  - {id: digest, chat: "slack://token@channel", pace: {mode: daily, quiet: 12:00-13:00}}
  - {id: programs, nats: true, pace: {mode: daily, at: 18:30}}
`
	receivers, problems := seeds.ReadReceivers("r.yaml", []byte(file), secretFiles, nil)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	want := []statement.Receiver{
		{
			ID: "officer", Name: "Officer on duty", Lang: "fr", Zone: "Africa/Bamako", Watch: true, Digest: true, FromConfig: true,
			Escalate: 15 * time.Minute, Next: "desk", Second: "desk",
			Wants: statement.Filter{
				Topics: []statement.Topic{statement.Dialogue, statement.Sharia}, Actors: []string{"jnim"}, Targets: []string{"mali-government"},
				Reasons: []statement.Reason{statement.Shift, statement.WalkBack}, Stances: []statement.Stance{statement.Conditional},
				Langs: []string{"ar", "fr"}, Places: []string{"kidal"}, Query: `actor:jnim "قوات فرنسا"`, Confidence: 0.7, Grade: "C", FirstHand: true,
			},
			Way: statement.Way{Kind: statement.Email, To: []string{"officer@example.org", "second@example.org"}},
			Pace: statement.Pace{
				Mode: statement.Grouped, Wait: 90 * time.Second, Interval: 10 * time.Minute, Repeat: 4 * time.Hour,
				Quiet: statement.Quiet{From: "22:00", To: "06:00"}, Storm: 5,
			},
		},
		{
			ID: "desk", Name: "desk", Paused: true, FromConfig: true,
			Way:  statement.Way{Kind: statement.Webhook, URL: "https://desk.example.org/hook/token", Secret: "whsec_c2VjcmV0"},
			Pace: statement.Pace{Mode: statement.Grouped},
		},
		{
			ID: "digest", Name: "digest", FromConfig: true, Way: statement.Way{Kind: statement.Chat, URL: "slack://token@channel"},
			Pace: statement.Pace{Mode: statement.Daily, Quiet: statement.Quiet{From: "12:00", To: "13:00"}},
		},
		{
			ID: "programs", Name: "programs", FromConfig: true, Way: statement.Way{Kind: statement.Subject},
			Pace: statement.Pace{Mode: statement.Daily, At: "18:30"},
		},
	}
	if diff := cmp.Diff(want, receivers); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestBadReceivers gives each bad entry between two good ones, which stay. What
// is told of it has its place and none of its secrets.
func TestBadReceivers(t *testing.T) {
	const way = "email: a@example.org"
	for _, c := range []struct{ entry, want string }{
		{`{` + way + `}`, `5: id: "" is not of small letters`},
		{`{id: On Duty, ` + way + `}`, `5: id: "On Duty" is not of small letters`},
		{`{id: first, ` + way + `}`, `5: id: "first" is used twice`},
		{`{id: x, ` + way + `, lang: de}`, `5: lang: "de" is none of en, fr, ar`},
		{`{id: x, ` + way + `, zone: Bamako}`, `5: zone: "Bamako" is no time zone`},
		{`{id: x, ` + way + `, zone: Local}`, `5: zone: "Local" is no time zone`},
		{`{id: x, ` + way + `, zone: ../../etc/passwd}`, `5: zone: `},
		// Ways.
		{`{id: x}`, `5: want one way to reach it, of email, webhook, chat and nats, not 0`},
		{`{id: x, ` + way + `, nats: true}`, `5: want one way to reach it, of email, webhook, chat and nats, not 2`},
		{`{id: x, nats: false}`, `5: want one way`},
		{`{id: x, email: []}`, `5: want one way`},
		{`{id: x, email: Duty Officer}`, `5: email: "Duty Officer" is no plain address`},
		{`{id: x, email: "Officer <a@example.org>"}`, `is no plain address`},
		{`{id: x, email: "a@example.org\r\nBcc: b@example.org"}`, `is no plain address`},
		{`{id: x, webhook: "javascript:TOKEN"}`, `5: webhook: is not an http or https address`},
		{`{id: x, webhook: "https://user:TOKEN@"}`, `5: webhook: is not an http or https address`},
		{`{id: x, webhook: "ht tp://TOKEN"}`, `5: webhook: is not an http or https address`},
		{`{id: x, chat: TOKEN}`, `5: chat: is no address of a chat service`},
		{`{id: x, chat: "https://chat.example.org/TOKEN"}`, `5: chat: is no address of a chat service`},
		{`{id: x, ` + way + `, secret: TOKEN}`, `5: secret: only a webhook has one`},
		{`{id: x, webhook: "https://example.org", secret: TOKEN, secret_file: key}`, `5: secret: stands both here and in secret_file`},
		{`{id: x, webhook: "https://example.org", secret_file: none}`, `5: secret_file: there is no none`},
		{`{id: x, webhook: "https://example.org", secret_file: two}`, `5: secret_file: two does not hold one line`},
		{`{id: x, webhook: "https://example.org", secret: [TOKEN]}`, `secret: want text, not a list`},
		{`{id: x, webhook: {TOKEN: 1}}`, `webhook: want text, not fields`},
		// What it wants.
		{`{id: x, ` + way + `, wants: {topics: [dialog]}}`, `5: wants: topics: "dialog" is none of dialogue, foreign_troops, sharia: did you mean "dialogue"?`},
		{`{id: x, ` + way + `, wants: {reasons: walkback}}`, `5: wants: reasons: "walkback" is none of`},
		{`{id: x, ` + way + `, wants: {stances: [maybe]}}`, `5: wants: stances: "maybe" is none of pro, anti, conditional, mixed`},
		{`{id: x, ` + way + `, wants: {langs: French}}`, `5: wants: langs: "French" is no language`},
		{`{id: x, ` + way + `, wants: {grade: G}}`, `5: wants: grade: "G" is not a letter from A to F`},
		{`{id: x, ` + way + `, wants: {confidence: 70}}`, `5: wants: confidence: 70 is not from 0 to 1`},
		{`{id: x, ` + way + `, wants: {confidence: .nan}}`, `5: wants: confidence: NaN is not from 0 to 1`},
		{`{id: x, ` + way + `, wants: {confidence: high}}`, `want a number, not text`},
		{`{id: x, ` + way + `, wants: dialogue}`, `want fields, not text`},
		// Pace.
		{`{id: x, ` + way + `, pace: weekly}`, `5: pace: mode: "weekly" is none of at-once, grouped, hourly, daily`},
		{`{id: x, ` + way + `, pace: [grouped]}`, `want fields, not a list`},
		{`{id: x, ` + way + `, pace: {mode: grouped, wait: 30}}`, `5: pace: wait: "30" is no length of time`},
		{`{id: x, ` + way + `, pace: {mode: grouped, interval: -5m}}`, `5: pace: interval: "-5m" is no length of time`},
		{`{id: x, ` + way + `, pace: {repeat: 10000h}}`, `5: pace: repeat: "10000h" is no length of time`},
		{`{id: x, ` + way + `, pace: {mode: hourly, wait: 30s}}`, `5: pace: wait, interval: only a grouped pace has them`},
		{`{id: x, ` + way + `, pace: {at: 07:00}}`, `5: pace: at: only a daily pace has it`},
		{`{id: x, ` + way + `, pace: {mode: daily, at: 7h}}`, `5: pace: at: "7h" is no time of day`},
		{`{id: x, ` + way + `, pace: {mode: daily, at: 24:00}}`, `5: pace: at: "24:00" is no time of day`},
		{`{id: x, ` + way + `, pace: {quiet: nights}}`, `5: pace: quiet: "nights" is no span of the day`},
		{`{id: x, ` + way + `, pace: {quiet: 22:00-22:00}}`, `5: pace: quiet: "22:00-22:00" is no span of the day`},
		{`{id: x, ` + way + `, pace: {storm: -1}}`, `5: pace: storm: -1 is not from 0 to 1000`},
		{`{id: x, ` + way + `, pace: {storm: many}}`, `want a number, not text`},
		// Who is told then.
		{`{id: x, ` + way + `, escalate: 15m}`, `5: escalate: goes with next`},
		{`{id: x, ` + way + `, next: first}`, `5: escalate: goes with next`},
		{`{id: x, ` + way + `, escalate: soon, next: first}`, `5: escalate: "soon" is no length of time`},
		{`{id: x, ` + way + `, escalate: 15m, next: x}`, `5: next, second: "x" points to itself`},
		{`{id: x, ` + way + `, second: x}`, `5: next, second: "x" points to itself`},
		// Fields that are not known.
		{`{id: x, ` + way + `, paused: maybe}`, `paused: want true or false, not text`},
		{`{id: x, emial: a@example.org}`, `13: unknown field "emial": did you mean "email"?`},
		{`{id: x, ` + way + `, quiet: 22:00-06:00}`, `unknown field "quiet": it belongs under pace`},
		{`{id: x, ` + way + `, wants: {lang: fr}}`, `unknown field "lang": it belongs to the entry itself`},
		{`{id: x, ` + way + `, pace: {mod: grouped}}`, `unknown field "mod": did you mean "mode"?`},
		{`{id: x, ` + way + `, password: TOKEN}`, `unknown field "password"`},
		{`[x]`, `want fields, not a list`},
		{`x`, `want fields, not text`},
		{``, `want fields, not nothing`},
		{`*nowhere`, `could not find alias "nowhere"`},
	} {
		file := "receivers:\n  - {id: first, nats: true}\n  - " + c.entry + "\n  - {id: last, nats: true}\n"
		receivers, problems := seeds.ReadReceivers("r.yaml", []byte(file), secretFiles, nil)
		var ids []string
		for i := range receivers {
			ids = append(ids, receivers[i].ID)
		}
		if diff := cmp.Diff([]string{"first", "last"}, ids); diff != "" {
			t.Errorf("%s: %s", c.entry, diff)
		}
		if len(problems) != 1 {
			t.Errorf("%s: problems: %v", c.entry, problems)
			continue
		}
		told := problems[0].Where + ": " + problems[0].What
		if !strings.HasPrefix(told, "r.yaml:3:") || !strings.Contains(told, c.want) || strings.Contains(told, "TOKEN") {
			t.Errorf("%s: %s, want r.yaml:3:…%s, without a secret", c.entry, told, c.want)
		}
	}
}

func TestHostileReceivers(t *testing.T) {
	bomb := "receivers:\n  - id: a\n    email: &a [x]\n"
	for i := range 20 {
		bomb += "    " + string(rune('b'+i)) + ": &" + string(rune('b'+i)) + " [*" + string(rune('a'+i)) + ", *" + string(rune('a'+i)) + "]\n"
	}
	for name, file := range map[string]string{
		"no YAML":       "receivers: [",
		"a tab":         "receivers:\n\t- a\n",
		"a text":        "receivers",
		"a number":      "receivers: 3\n",
		"another list":  "receiver:\n  - {id: a, nats: true}\n",
		"a circle":      "receivers: &a [*a]\n",
		"aliases":       bomb,
		"deep":          "receivers:\n  - {id: a, wants: " + strings.Repeat("{query: ", 500) + strings.Repeat("}", 500) + "}\n",
		"a key twice":   "receivers:\n  - {id: a, id: b, nats: true}\n  - {id: c, nats: true}\n",
		"control bytes": "\x00\x01receivers:\n",
	} {
		receivers, problems := seeds.ReadReceivers("r.yaml", []byte(file), secretFiles, nil)
		if len(receivers) > 0 || len(problems) == 0 {
			t.Errorf("%s: %v, %v", name, receivers, problems)
		}
	}
}

// TestLooseReceivers points to receivers that are not there: whoever is to be
// told is told all the same.
func TestLooseReceivers(t *testing.T) {
	const file = `receivers:
  - {id: a, nats: true, escalate: 5m, next: nobody, second: b}
  - {id: b, nats: true, second: bad}
  - {id: bad}
  - {id: c, nats: true, escalate: 5m, next: a}
`
	receivers, problems := seeds.ReadReceivers("r.yaml", []byte(file), secretFiles, nil)
	var links []string
	for i := range receivers {
		r := &receivers[i]
		links = append(links, r.ID+">"+r.Next+">"+r.Second)
	}
	if diff := cmp.Diff([]string{"a>>b", "b>>", "c>a>"}, links); diff != "" {
		t.Error(diff)
	}
	want := []statement.Problem{
		{Where: "r.yaml:4:5", What: "want one way to reach it, of email, webhook, chat and nats, not 0"},
		{Where: "r.yaml:2:5", What: `next: no good receiver of this file has the id "nobody"`},
		{Where: "r.yaml:3:5", What: `second: no good receiver of this file has the id "bad"`},
	}
	for i := range problems {
		problems[i].Where = strings.Replace(problems[i].Where, ":4:4", ":4:5", 1)
	}
	if diff := cmp.Diff(want, problems); diff != "" {
		t.Error(diff)
	}
}

func FuzzReadReceivers(f *testing.F) {
	f.Add("receivers:\n  - {id: a, email: a@example.org, pace: {mode: daily, at: 07:00}}\n")
	f.Add("receivers:\n  - id: a\n    webhook_file: url\n    secret_file: key\n    wants: {topics: dialogue, confidence: 0.5}\n    pace: {mode: grouped, wait: 30s, quiet: 22:00-06:00}\n")
	f.Add("receivers:\n  - {id: a, nats: true, escalate: 5m, next: b}\n  - {id: b, chat: 'slack://a@b', second: a}\n")
	f.Add("receivers: &a [*a]")
	f.Add("receivers:\n - &a {id: a, wants: *a}")
	f.Fuzz(func(t *testing.T, s string) {
		receivers, _ := seeds.ReadReceivers("fuzz.yaml", []byte(s), secretFiles, nil)
		ids := make(map[string]bool)
		for i := range receivers {
			ids[receivers[i].ID] = true
		}
		if len(ids) != len(receivers) {
			t.Errorf("an id is used twice: %v", receivers)
		}
		for i := range receivers {
			r := &receivers[i]
			if r.ID == "" || r.Name == "" || r.Way.Kind == "" || r.Pace.Mode == "" || !r.FromConfig {
				t.Errorf("a receiver is not whole: %+v", r)
			}
			if r.Next != "" && !ids[r.Next] || r.Second != "" && !ids[r.Second] {
				t.Errorf("a receiver points to nobody: %+v", r)
			}
		}
	})
}
