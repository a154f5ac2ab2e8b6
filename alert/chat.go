package alert

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/nicholas-fedor/shoutrrr/pkg/router"
	"github.com/nicholas-fedor/shoutrrr/pkg/types"

	"palabre/statement"
)

// hosted lists the chat services of shoutrrr whose host is fixed. The others
// send to whatever host their URL names, past the guard that webhooks pass, and
// are for whoever may write the file of receivers.
var hosted = []string{"discord", "ifttt", "join", "lark", "notifiarr", "pushbullet", "pushover", "slack", "telegram", "wecom"}

// longestChat is the most characters that are sent to a chat service: what the
// narrowest of them takes, with room for what it adds.
const longestChat = 1800

// chat writes to a chat service.
type chat struct{}

// checkChat tells what is wrong with a chat service's URL. anywhere allows those
// that send to any host.
func checkChat(rawURL string, anywhere bool) error {
	service, _, _ := strings.Cut(strings.ToLower(rawURL), ":")
	service, _, _ = strings.Cut(service, "+")
	switch {
	case rawURL == "":
		return errors.New("is empty: want the URL of a chat service, as shoutrrr writes it")
	case service == "smtp", service == "logger":
		return fmt.Errorf("%q is not a chat service", service)
	case !anywhere && !slices.Contains(hosted, service):
		return fmt.Errorf("%q can send to any host: such a receiver must stand in the file of receivers", service)
	}
	if _, err := locate(rawURL); err != nil {
		return fmt.Errorf("cannot be used: %s", withoutSecrets(err, rawURL))
	}
	return nil
}

func locate(rawURL string) (types.Service, error) {
	var r router.ServiceRouter
	service, err := r.Locate(rawURL)
	if err != nil {
		return nil, fmt.Errorf("find chat service: %w", err)
	}
	return service, nil
}

// send may take longer than ctx allows: the library does not look at it.
func (chat) send(_ context.Context, r *statement.Receiver, m *statement.Message) error {
	service, err := locate(r.Way.URL)
	if err == nil {
		err = service.Send(chatText(m), &types.Params{})
	}
	if err != nil {
		return &Failure{Reason: withoutSecrets(err, r.Way.URL)}
	}
	return nil
}

// chatText is what a chat service is sent: the plain text, as much of it as
// fits, without what such services take for mentions, markup or links of another
// name.
func chatText(m *statement.Message) string {
	text := strings.NewReplacer("@", "@\u2060", "<", "‹", ">", "›", "](", "] (", "`", "ˋ").Replace(m.Text)
	runes := []rune(text)
	if len(runes) <= longestChat {
		return text
	}
	text = string(runes[:longestChat-2])
	if i := strings.LastIndexByte(text, '\n'); i > longestChat/2 {
		text = text[:i]
	}
	return text + "\n…"
}

var anyURL = regexp.MustCompile(`[A-Za-z][A-Za-z0-9+.-]*://\S*`)

// withoutSecrets is the text of an error without addresses, and without any part
// of the service's URL: tokens stand anywhere in those.
func withoutSecrets(err error, rawURL string) string {
	text := err.Error()
	for _, part := range strings.FieldsFunc(rawURL, func(r rune) bool { return strings.ContainsRune("/:@?&=#+", r) }) {
		plain, bad := url.PathUnescape(part)
		for _, secret := range []string{part, plain} {
			if bad == nil && len(secret) >= 4 && !slices.Contains(hosted, secret) {
				text = strings.ReplaceAll(text, secret, "…")
			}
		}
	}
	return clean(anyURL.ReplaceAllString(text, "…"), 200)
}
