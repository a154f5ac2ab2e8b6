package alert

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"palabre/statement"
)

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

// good are receivers without a mistake.
func good() map[string]statement.Receiver {
	return map[string]statement.Receiver{
		"e-mail":  {ID: "officer", Way: statement.Way{Kind: statement.Email, To: []string{"awa@example.org", "desk@example.org"}}},
		"webhook": {ID: "hook", Way: statement.Way{Kind: statement.Webhook, URL: "https://example.org/hook?k=v", Secret: secret}},
		"chat":    {ID: "chat", Way: statement.Way{Kind: statement.Chat, URL: "telegram://123456789:AAGabcdefghijklmnopqrstuvwxyz_12345@telegram?chats=@desk"}},
		"own chat": {
			ID: "own-chat", FromConfig: true,
			Way: statement.Way{Kind: statement.Chat, URL: "mattermost://palabre@chat.example.org/tokentokentoken/desk"},
		},
		"nats": {ID: "bus", Way: statement.Way{Kind: statement.Subject}},
		"everything": {
			ID: "night-desk", Name: "Night desk", Lang: "ar", Zone: "Africa/Bamako", Escalate: 15 * time.Minute, Next: "officer", Second: "officer",
			Way: statement.Way{Kind: statement.Subject},
			Wants: statement.Filter{
				Topics: []statement.Topic{statement.Dialogue}, Actors: []string{"jnim"}, Reasons: []statement.Reason{statement.Shift},
				Stances: []statement.Stance{statement.Pro}, Langs: []string{"fr"}, Confidence: 0.8, Grade: "C", Query: "barkhane",
			},
			Pace: statement.Pace{Mode: statement.Daily, At: "07:30", Quiet: statement.Quiet{From: "22:00", To: "06:00"}, Repeat: time.Hour, Storm: 5},
		},
	}
}

func terms() Terms {
	return Terms{
		Actor:    func(id string) bool { return id == "jnim" },
		Receiver: func(id string) bool { return id == "officer" },
	}
}

func TestCheck(t *testing.T) {
	for name, r := range good() {
		if err := Check(&r, terms()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestCheckTellsEveryMistake makes one mistake at a time, then many at once.
func TestCheckTellsEveryMistake(t *testing.T) {
	for _, c := range []struct {
		base   string
		change func(r *statement.Receiver)
		want   string
	}{
		{"nats", func(r *statement.Receiver) { r.ID = "Night desk" }, `id: "Night desk" is not`},
		{"nats", func(r *statement.Receiver) { r.ID = "" }, `id: "" is not`},
		{"nats", func(r *statement.Receiver) { r.Lang = "de" }, `lang: "de" is none of en, fr, ar`},
		{"nats", func(r *statement.Receiver) { r.Zone = "Mali/Bamako" }, `zone: "Mali/Bamako" is not`},
		{"nats", func(r *statement.Receiver) { r.Zone = "Local" }, `zone: "Local" is not`},
		{"nats", func(r *statement.Receiver) { r.Escalate = time.Minute }, `next: is empty`},
		{"nats", func(r *statement.Receiver) { r.Escalate = -time.Minute }, `escalate: -1m0s is negative`},
		{"nats", func(r *statement.Receiver) { r.Second = "bus" }, `second: is the receiver itself`},
		{"nats", func(r *statement.Receiver) { r.Next = "nobody" }, `next: there is no receiver "nobody"`},
		{"nats", func(r *statement.Receiver) { r.Way.Kind = "pigeon" }, `way.kind: "pigeon" is none of`},
		{"nats", func(r *statement.Receiver) { r.Way.Kind = "" }, `way.kind: is empty`},
		{"nats", func(r *statement.Receiver) { r.Way.To = []string{"awa@example.org"} }, `way.to: is for e-mail only`},
		{"nats", func(r *statement.Receiver) { r.Way.Secret = secret }, `way.secret: is for webhooks only`},
		{"nats", func(r *statement.Receiver) { r.Way.URL = "https://example.org" }, `way.url: is for webhooks and chat`},
		{"e-mail", func(r *statement.Receiver) { r.Way.To = nil }, `way.to: is empty`},
		{"e-mail", func(r *statement.Receiver) { r.Way.To[0] = "awa" }, `way.to: "awa" is not an address`},
		{"e-mail", func(r *statement.Receiver) { r.Way.To[1] = "a@example.org\r\nBcc: all@example.org" }, `is not an address`},
		{"webhook", func(r *statement.Receiver) { r.Way.URL = "http://example.org/hook" }, `way.url: must begin with https://`},
		{"webhook", func(r *statement.Receiver) { r.Way.URL = "file:///etc/passwd" }, `way.url: is not an address`},
		{"webhook", func(r *statement.Receiver) { r.Way.URL = "https://a:b@example.org" }, `way.url: must not hold a name`},
		{"webhook", func(r *statement.Receiver) { r.Way.Secret = strings.TrimPrefix(secret, "whsec_") }, `way.secret: must be "whsec_"`},
		{"webhook", func(r *statement.Receiver) { r.Way.Secret = "whsec_§" }, `way.secret: must be "whsec_"`},
		{"webhook", func(r *statement.Receiver) { r.Way.Secret = "whsec_c2hvcnQ=" }, `way.secret: holds 5 bytes`},
		{"chat", func(r *statement.Receiver) { r.Way.URL = "" }, `way.url: is empty`},
		{"chat", func(r *statement.Receiver) { r.Way.URL = "telegram://nonsense" }, `way.url: cannot be used`},
		{"chat", func(r *statement.Receiver) { r.Way.URL = "pigeon://x" }, `way.url: "pigeon" can send to any host`},
		{"own chat", func(r *statement.Receiver) { r.Way.URL = "pigeon://x" }, `way.url: cannot be used: find chat service: unknown service`},
		{"own chat", func(r *statement.Receiver) { r.FromConfig = false }, `way.url: "mattermost" can send to any host`},
		{"own chat", func(r *statement.Receiver) { r.Way.URL = "logger://" }, `way.url: "logger" is not a chat service`},
		{"everything", func(r *statement.Receiver) { r.Pace.Mode = "weekly" }, `pace.mode: "weekly" is none of`},
		{"everything", func(r *statement.Receiver) { r.Pace.At = "7:30" }, `pace.at: "7:30" is not a time of day`},
		{"everything", func(r *statement.Receiver) { r.Pace.Quiet.To = "24:00" }, `pace.quiet.to: "24:00" is not`},
		{"everything", func(r *statement.Receiver) { r.Pace.Quiet.To = "" }, `pace.quiet: needs both`},
		{"everything", func(r *statement.Receiver) { r.Pace.Wait = -1 }, `pace.wait: -1ns is not`},
		{"everything", func(r *statement.Receiver) { r.Pace.Repeat = 32 * 24 * time.Hour }, `pace.repeat: 768h0m0s is not between 0 and 31 days`},
		{"everything", func(r *statement.Receiver) { r.Pace.Storm = -1 }, `pace.storm: -1 is not`},
		{"everything", func(r *statement.Receiver) { r.Wants.Actors[0] = "jinm" }, `wants.actors: no actor "jinm" is known`},
		{"everything", func(r *statement.Receiver) { r.Wants.Targets = []string{"x"} }, `wants.targets: no actor "x" is known`},
		{"everything", func(r *statement.Receiver) { r.Wants.Topics[0] = "peace" }, `wants.topics: "peace" is none of dialogue, foreign_troops, sharia`},
		{"everything", func(r *statement.Receiver) { r.Wants.Reasons[0] = "turn" }, `wants.reasons: "turn" is none of shift, walk-back`},
		{"everything", func(r *statement.Receiver) { r.Wants.Stances[0] = "for" }, `wants.stances: "for" is none of pro, anti`},
		{"everything", func(r *statement.Receiver) { r.Wants.Langs[0] = "French" }, `wants.langs: "French" is not`},
		{"everything", func(r *statement.Receiver) { r.Wants.Confidence = 80 }, `wants.confidence: 80 is not`},
		{"everything", func(r *statement.Receiver) { r.Wants.Grade = "c" }, `wants.grade: "c" is not`},
	} {
		r := good()[c.base]
		c.change(&r)
		if err := Check(&r, terms()); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("want %s\ngot  %v", c.want, err)
		} else if n := strings.Count(err.Error(), "\n"); n > 0 {
			t.Errorf("one mistake is told as %d: %v", n+1, err)
		}
	}
	bad := statement.Receiver{Lang: "x", Zone: "x", Way: statement.Way{Kind: "x"}, Pace: statement.Pace{Mode: "x", At: "x"}}
	if err := Check(&bad, Terms{}); err == nil || strings.Count(err.Error(), "\n") != 5 {
		t.Errorf("want six mistakes in one error, got %v", err)
	}
}

// TestCheckKeepsSecrets looks for tokens in what is told of a bad URL.
func TestCheckKeepsSecrets(t *testing.T) {
	for _, url := range []string{
		"telegram://s3cr3t-t0k3n@telegram", "discord://s3cr3t-t0k3n@", "slack://hook:s3cr3t-t0k3n@webhook",
		"generic://example.org/s3cr3t-t0k3n?template=%zz", "bark://s3cr3t-t0k3n:%@x",
	} {
		r := statement.Receiver{ID: "x", FromConfig: true, Way: statement.Way{Kind: statement.Chat, URL: url}}
		if err := Check(&r, Terms{}); err != nil && strings.Contains(err.Error(), "s3cr3t") {
			t.Errorf("the token is told: %v", err)
		}
	}
	r := statement.Receiver{ID: "x", Way: statement.Way{Kind: statement.Webhook, URL: "https://%zz/s3cr3t", Secret: "whsec_s3cr3t!"}}
	if err := Check(&r, Terms{}); err == nil || strings.Contains(err.Error(), "s3cr3t") {
		t.Errorf("the token is told: %v", err)
	}
}

func TestCheckPrivate(t *testing.T) {
	r := statement.Receiver{ID: "x", Way: statement.Way{Kind: statement.Webhook, URL: "http://10.0.0.1:9000/hook", Secret: secret}}
	if err := Check(&r, Terms{Private: true}); err != nil {
		t.Error(err)
	}
	r.Way = statement.Way{Kind: statement.Chat, URL: "generic://10.0.0.1/x?disabletls=yes"}
	if err := Check(&r, Terms{Private: true}); err != nil {
		t.Error(err)
	}
}

func TestNormalise(t *testing.T) {
	for _, c := range []struct {
		have, want statement.Pace
	}{
		{statement.Pace{}, statement.Pace{Mode: statement.AtOnce, Interval: 5 * time.Minute, Storm: 20}},
		{statement.Pace{Mode: statement.Grouped}, statement.Pace{Mode: statement.Grouped, Wait: 30 * time.Second, Interval: 5 * time.Minute, Storm: 20}},
		{statement.Pace{Mode: statement.Daily}, statement.Pace{Mode: statement.Daily, At: "07:00", Interval: 5 * time.Minute, Storm: 20}},
		{
			statement.Pace{Mode: statement.Grouped, Wait: time.Second, Interval: time.Minute, Storm: 3},
			statement.Pace{Mode: statement.Grouped, Wait: time.Second, Interval: time.Minute, Storm: 3},
		},
	} {
		got := Normalise(statement.Receiver{ID: "x", Pace: c.have})
		want := statement.Receiver{ID: "x", Name: "x", Lang: "en", Zone: "UTC", Pace: c.want}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(got, Normalise(got)); diff != "" {
			t.Errorf("twice is not the same:\n%s", diff)
		}
	}
}
