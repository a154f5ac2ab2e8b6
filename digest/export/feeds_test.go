package export_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"strings"
	"testing"
	"time"

	"palabre/digest/export"
)

// wellFormed reads XML to its end.
func wellFormed(data []byte) error {
	d := xml.NewDecoder(bytes.NewReader(data))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// node is an element with everything in it.
type node struct {
	XMLName xml.Name
	Attr    []xml.Attr `xml:",any,attr"`
	Text    string     `xml:",chardata"`
	Nodes   []node     `xml:",any"`
}

func (n *node) all(space, name string) []*node {
	var out []*node
	for i := range n.Nodes {
		if k := &n.Nodes[i]; k.XMLName.Local == name && k.XMLName.Space == space {
			out = append(out, k)
		}
	}
	return out
}

// one returns the text of the child that must stand exactly once.
func (n *node) one(t *testing.T, space, name string) string {
	t.Helper()
	found := n.all(space, name)
	if len(found) != 1 {
		t.Fatalf("%s has %d times %s", n.XMLName.Local, len(found), name)
	}
	return found[0].Text
}

func (n *node) attr(name string) string {
	for _, a := range n.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func read(t *testing.T, data []byte) *node {
	t.Helper()
	var n node
	must(t, xml.Unmarshal(data, &n))
	return &n
}

// absolute checks that a text is an address with a scheme, as both formats want
// of every link.
func absolute(t *testing.T, text string) {
	t.Helper()
	if u, err := url.Parse(text); err != nil || !u.IsAbs() || u.Scheme == "javascript" {
		t.Errorf("%q is no address: %v", text, err)
	}
}

// TestRSS holds a feed against RSS 2.0: required elements, once each, dates of
// RFC 822, items with a title or a description, IDs that are no addresses.
func TestRSS(t *testing.T) {
	a := about()
	a.Self = "https://palabre.example.org/feeds/search.rss?q=x"
	root := read(t, write(t, export.RSS, a, rows(t), nil))
	if root.XMLName.Local != "rss" || root.attr("version") != "2.0" {
		t.Fatalf("it is a %s of version %s", root.XMLName.Local, root.attr("version"))
	}
	channel := root.all("", "channel")[0]
	if channel.one(t, "", "title") == "" || channel.one(t, "", "description") == "" {
		t.Error("the channel has no title or description")
	}
	absolute(t, channel.one(t, "", "link"))
	if _, err := time.Parse(time.RFC1123Z, channel.one(t, "", "lastBuildDate")); err != nil {
		t.Error(err)
	}
	if self := channel.all("http://www.w3.org/2005/Atom", "link"); len(self) != 1 || self[0].attr("rel") != "self" || self[0].attr("href") != a.Self {
		t.Errorf("the feed does not name its address: %+v", self)
	}
	seen := make(map[string]bool)
	for _, item := range channel.all("", "item") {
		if item.one(t, "", "title") == "" || item.one(t, "", "description") == "" {
			t.Error("an item says nothing")
		}
		for _, link := range item.all("", "link") {
			absolute(t, link.Text)
		}
		guid := item.one(t, "", "guid")
		if guid == "" || seen[guid] || item.all("", "guid")[0].attr("isPermaLink") != "false" {
			t.Errorf("guid %q", guid)
		}
		seen[guid] = true
		if _, err := time.Parse(time.RFC1123Z, item.one(t, "", "pubDate")); err != nil {
			t.Error(err)
		}
	}
	if len(seen) != 5 {
		t.Errorf("%d items", len(seen))
	}
	end := channel.all("urn:x-palabre:export", "end")
	if len(end) != 1 || end[0].attr("complete") != "true" || end[0].attr("statements") != "5" || end[0].attr("rules") != "rules-1" {
		t.Errorf("it ends %+v", end)
	}
	if begin := channel.all("urn:x-palabre:export", "export"); len(begin) != 1 || begin[0].attr("mark") != "TLP:AMBER+STRICT" || begin[0].attr("query") != a.Query {
		t.Errorf("it begins %+v", begin)
	}
}

// TestAtom holds a feed against RFC 4287.
func TestAtom(t *testing.T) {
	const space = "http://www.w3.org/2005/Atom"
	for _, base := range []string{"https://palabre.example.org", ""} {
		a := about()
		a.Base = base
		feed := read(t, write(t, export.Atom, a, rows(t), nil))
		if feed.XMLName.Local != "feed" || feed.XMLName.Space != space {
			t.Fatalf("it is %v", feed.XMLName)
		}
		absolute(t, feed.one(t, space, "id"))
		if feed.one(t, space, "title") == "" || feed.one(t, space, "rights") != "TLP:AMBER+STRICT" {
			t.Error("the feed has no title or mark")
		}
		moments := []string{feed.one(t, space, "updated")}
		if authors := feed.all(space, "author"); len(authors) != 1 || authors[0].one(t, space, "name") == "" {
			t.Error("the feed has no author")
		}
		seen := make(map[string]bool)
		for _, entry := range feed.all(space, "entry") {
			id := entry.one(t, space, "id")
			absolute(t, id)
			if seen[id] {
				t.Errorf("two entries have the ID %s", id)
			}
			seen[id] = true
			moments = append(moments, entry.one(t, space, "updated"), entry.one(t, space, "published"))
			if entry.one(t, space, "title") == "" {
				t.Error("an entry has no title")
			}
			if entry.one(t, space, "summary") == "" || entry.all(space, "summary")[0].attr("type") != "html" {
				t.Error("an entry has no summary")
			}
			for _, link := range entry.all(space, "link") {
				absolute(t, link.attr("href"))
			}
			for _, c := range entry.all(space, "category") {
				if c.attr("term") == "" {
					t.Error("a category has no term")
				}
			}
		}
		for _, m := range moments {
			if _, err := time.Parse(time.RFC3339, m); err != nil {
				t.Error(err)
			}
		}
		if len(seen) != 5 {
			t.Errorf("%d entries", len(seen))
		}
	}
}

// TestFeedHTML checks that what an entry says is HTML in which nothing that was
// fetched is markup.
func TestFeedHTML(t *testing.T) {
	channel := read(t, write(t, export.RSS, about(), rows(t), nil)).all("", "channel")[0]
	for _, item := range channel.all("", "item") {
		words := item.one(t, "", "description")
		if strings.Contains(words, "<script") || strings.Contains(words, "javascript:") || wellFormed([]byte("<x>"+words+"</x>")) != nil {
			t.Errorf("it says %s", words)
		}
		if title := item.one(t, "", "title"); strings.ContainsAny(title, "<>") {
			t.Errorf("title %q", title)
		}
	}
}
