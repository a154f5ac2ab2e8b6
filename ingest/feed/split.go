package feed

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"palabre/statement"
)

const (
	maxItemSize = 2 << 20
	maxDepth    = 256 // of elements within an item
	maxOpen     = 8   // elements around an item; there are two in a sound feed
	maxTag      = 8 << 10
	maxBroken   = 1000 // tags without an end, after which the rest is not searched for tags
)

// splitJSON cuts a JSON feed into feeds of one item.
func splitJSON(text string) ([]piece, []statement.Problem, error) {
	var whole struct {
		Version string
		Items   []json.RawMessage
	}
	if err := json.Unmarshal([]byte(text), &whole); err != nil {
		return nil, nil, fmt.Errorf("%w: JSON: %s", ErrNotFeed, oneLine(err))
	}
	if whole.Items == nil {
		return nil, nil, fmt.Errorf("%w: JSON without items", ErrNotFeed)
	}
	var pieces []piece
	var problems []statement.Problem
	for i, raw := range whole.Items {
		where := fmt.Sprintf("item %d", i+1)
		if i == MaxItems {
			problems = append(problems, tooMany(where))
			break
		}
		if len(raw) > maxItemSize {
			problems = append(problems, statement.Problem{Where: where, What: "is too large"})
			continue
		}
		pieces = append(pieces, piece{where, `{"version":"https://jsonfeed.org/version/1.1","items":[` + string(raw) + `]}`})
	}
	return pieces, problems, nil
}

func tooMany(where string) statement.Problem {
	return statement.Problem{Where: where, What: fmt.Sprintf("and those behind it are left out: a feed is read up to item %d", MaxItems)}
}

// splitXML cuts an RSS or Atom feed into feeds of one item each: the elements
// that are open where the item begins, the item, and their ends. What else
// stands before it (the XML declaration with a character set that the text no
// longer has, a document type, the channel's own texts) is not needed.
func splitXML(text string) ([]piece, []statement.Problem, error) {
	s := scanner{text: text}
	var pieces []piece
	var problems []statement.Problem
	n, root := 0, ""
	for {
		tag, ok := s.next()
		if !ok {
			break
		}
		if root == "" && !tag.end {
			root = tag.local()
			if root != "rss" && root != "rdf" && root != "feed" {
				return nil, nil, fmt.Errorf("%w: it begins with <%s>", ErrNotFeed, tag.name)
			}
		}
		if tag.end || !tag.isItem() {
			s.follow(tag)
			continue
		}
		n++
		where := fmt.Sprintf("item %d", n)
		if n > MaxItems {
			problems = append(problems, tooMany(where))
			break
		}
		inner, err := s.item(tag)
		if err != nil {
			problems = append(problems, statement.Problem{Where: where, What: err.Error()})
			continue
		}
		pieces = append(pieces, piece{where, s.within(inner)})
	}
	if root == "" {
		return nil, nil, fmt.Errorf("%w: neither XML nor JSON", ErrNotFeed)
	}
	return pieces, problems, nil
}

// tag is a start or end of an element.
type tag struct {
	name       string
	start, to  int // byte offsets of the tag
	end, empty bool
}

func (t tag) local() string {
	_, local, ok := strings.Cut(t.name, ":")
	if !ok {
		local = t.name
	}
	return strings.ToLower(local)
}

func (t tag) isItem() bool { return t.local() == "item" || t.local() == "entry" }

// scanner walks over the tags of an XML text and passes over comments,
// character data, processing instructions and declarations.
type scanner struct {
	text   string
	at     int
	open   []tag
	broken int // tags without an end
}

func (s *scanner) next() (tag, bool) {
	for {
		i := strings.IndexByte(s.text[s.at:], '<')
		if i < 0 {
			return tag{}, false
		}
		s.at += i
		rest := s.text[s.at:]
		switch {
		case strings.HasPrefix(rest, "<!--"):
			s.skip("-->")
		case strings.HasPrefix(rest, "<![CDATA["):
			s.skip("]]>")
		case strings.HasPrefix(rest, "<?"):
			s.skip("?>")
		case strings.HasPrefix(rest, "<!"):
			s.skip(">")
		default:
			if t, ok := s.tag(); ok {
				return t, true
			}
			if s.at++; s.broken > maxBroken {
				s.at = len(s.text)
			}
		}
	}
}

// skip moves behind the next mark, or to the end.
func (s *scanner) skip(mark string) {
	if i := strings.Index(s.text[s.at:], mark); i >= 0 {
		s.at += i + len(mark)
		return
	}
	s.at = len(s.text)
}

// tag reads the tag at the scanner's place, quoted attributes included.
func (s *scanner) tag() (tag, bool) {
	t := tag{start: s.at}
	i := s.at + 1
	if i < len(s.text) && s.text[i] == '/' {
		t.end = true
		i++
	}
	from := i
	for i < len(s.text) && isName(s.text[i]) {
		i++
	}
	if i == from {
		return tag{}, false
	}
	t.name = s.text[from:i]
	quote := byte(0)
	for end := min(len(s.text), i+maxTag); i < end; i++ {
		switch c := s.text[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '<':
			return tag{}, false
		case c == '>':
			t.empty = s.text[i-1] == '/'
			t.to = i + 1
			s.at = t.to
			return t, true
		}
	}
	s.broken++
	return tag{}, false
}

func isName(c byte) bool {
	return c == ':' || c == '_' || c == '-' || c == '.' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

// follow keeps the list of open elements.
func (s *scanner) follow(t tag) {
	switch {
	case t.empty:
	case !t.end:
		if len(s.open) < maxOpen {
			s.open = append(s.open, t)
		}
	default:
		for i := len(s.open) - 1; i >= 0; i-- {
			if s.open[i].name == t.name {
				s.open = s.open[:i]
				return
			}
		}
	}
}

// within wraps an item in the elements that are open.
func (s *scanner) within(item string) string {
	var b strings.Builder
	for _, t := range s.open {
		b.WriteString(s.text[t.start:t.to])
	}
	b.WriteString(item)
	for _, t := range slices.Backward(s.open) {
		b.WriteString("</" + t.name + ">")
	}
	return b.String()
}

// item returns the item that begins with t, to its end. One that ends with the
// next item's begin, or with the text, is cut off.
func (s *scanner) item(t tag) (string, error) {
	if t.empty {
		return "", errEmpty
	}
	depth, deepest := 0, 0
	for {
		before := s.at
		u, ok := s.next()
		switch {
		case !ok:
			return "", errCutOff
		case u.end && u.name == t.name:
			if u.to-t.start > maxItemSize {
				return "", errTooLarge
			}
			if deepest > maxDepth {
				return "", errTooDeep
			}
			return s.text[t.start:u.to], nil
		case !u.end && u.name == t.name:
			s.at = before // the next item counts for itself
			return "", errCutOff
		case u.end:
			depth--
		case !u.empty:
			depth++
			deepest = max(deepest, depth)
		}
	}
}

// What keeps an item from being cut out.
var (
	errEmpty    = errors.New("is empty")
	errCutOff   = errors.New("is cut off")
	errTooLarge = errors.New("is too large")
	errTooDeep  = errors.New("is nested too deeply")
)
