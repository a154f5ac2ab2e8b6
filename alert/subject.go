package alert

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"palabre/statement"
)

// subjectRoot is what the NATS subjects of alerts begin with:
// palabre.alerts.<topic>.<reason>, and palabre.alerts.watch,
// palabre.alerts.heartbeat or palabre.alerts.digest.
const subjectRoot = "palabre.alerts."

// subject publishes to NATS.
type subject struct {
	publish func(ctx context.Context, subject, id string, body []byte) error
}

// send publishes each signal of a message once, together with those of the same
// topic and reason.
func (s subject) send(ctx context.Context, _ *statement.Receiver, m *statement.Message) error {
	if s.publish == nil {
		return &Failure{Reason: "there is no NATS connection to publish to"}
	}
	var whole Body
	if err := json.Unmarshal([]byte(m.Body), &whole); err != nil {
		return &Failure{Reason: "the message's body cannot be read"}
	}
	if len(whole.Signals) == 0 {
		return s.put(ctx, token(strings.TrimPrefix(whole.Type, "alert.")), m.ID, whole)
	}
	var order []string
	parts := make(map[string][]BodySignal)
	for _, signal := range whole.Signals {
		name := token(string(signal.Topic)) + "." + token(string(signal.Reason))
		if parts[name] == nil {
			order = append(order, name)
		}
		parts[name] = append(parts[name], signal)
	}
	for _, name := range order {
		id := m.ID
		if len(order) > 1 {
			id += "." + name
		}
		part := whole
		part.Signals = parts[name]
		if err := s.put(ctx, name, id, part); err != nil {
			return err
		}
	}
	return nil
}

func (s subject) put(ctx context.Context, name, id string, b Body) error {
	body, err := json.Marshal(b)
	if err != nil {
		return fmt.Errorf("write body: %w", err)
	}
	if err := s.publish(ctx, subjectRoot+name, id, body); err != nil {
		return &Failure{Reason: clean(err.Error(), 200)}
	}
	return nil
}

// token makes a word fit to stand in a subject.
func token(s string) string {
	s = strings.Map(func(r rune) rune {
		if r <= ' ' || r >= 0x7f || r == '.' || r == '*' || r == '>' {
			return '_'
		}
		return r
	}, s)
	if s == "" {
		return "_"
	}
	return s
}
