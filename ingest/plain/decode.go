package plain

import (
	"mime"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gogs/chardet"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
)

var declared = regexp.MustCompile(`^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]+)["']`)

// Decode returns body as UTF-8. A byte order mark decides first. Bytes that are
// valid UTF-8 are taken as such whatever the label says, since no other text is
// so by chance. Then the label counts (HTTP header, XML declaration, meta
// element), unless it says UTF-8, which has just been refuted, or a script that
// lang is not written in. Last, the bytes themselves are judged.
func Decode(body []byte, contentType, lang string) string {
	if s, ok := wide(body); ok {
		return s
	}
	if whole := trimPartial(body); utf8.Valid(body) || mostlyUTF8(whole) {
		return strings.TrimPrefix(strings.ToValidUTF8(string(whole), "\ufffd"), "\ufeff")
	}
	if name := label(body, contentType); name != "" && plausible(name, lang) {
		if enc, name := charset.Lookup(name); enc != nil && !strings.HasPrefix(name, "utf-") {
			return decode(enc, body)
		}
	}
	enc, _ := charset.Lookup(guess(body, lang))
	return decode(enc, body)
}

func decode(enc encoding.Encoding, body []byte) string {
	out, err := enc.NewDecoder().Bytes(body)
	if err != nil { // a decoder that gives up has nothing to offer: keep what is ASCII
		return strings.ToValidUTF8(string(body), "\ufffd")
	}
	return string(out)
}

// wide decodes UTF-16, known by its mark or by a first character of markup.
func wide(body []byte) (string, bool) {
	if len(body) < 2 {
		return "", false
	}
	order := unicode.BigEndian
	switch a, b := body[0], body[1]; {
	case a == 0xfe && b == 0xff, a == 0 && (b == '<' || b == '{'):
	case a == 0xff && b == 0xfe, b == 0 && (a == '<' || a == '{'):
		order = unicode.LittleEndian
	default:
		return "", false
	}
	return decode(unicode.UTF16(order, unicode.UseBOM), body), true
}

// trimPartial takes off a last rune that was cut in the middle.
func trimPartial(body []byte) []byte {
	for i := 1; i <= min(3, len(body)); i++ {
		if tail := body[len(body)-i:]; utf8.RuneStart(tail[0]) {
			if tail[0] >= utf8.RuneSelf && !utf8.FullRune(tail) {
				return body[:len(body)-i]
			}
			break
		}
	}
	return body
}

// mostlyUTF8 reports whether body is UTF-8 with a few stray bytes.
func mostlyUTF8(body []byte) bool {
	good, bad := 0, 0
	for len(body) > 0 {
		r, n := utf8.DecodeRune(body)
		switch {
		case r == utf8.RuneError && n == 1:
			bad++
		case n > 1:
			good++
		}
		body = body[n:]
	}
	return good > 10*bad
}

// label returns the character set that the sender or the document names.
func label(body []byte, contentType string) string {
	if _, params, err := mime.ParseMediaType(contentType); err == nil && params["charset"] != "" {
		if enc, name := charset.Lookup(params["charset"]); enc != nil && name != "utf-8" {
			return name
		}
	}
	head := body[:min(len(body), 1024)]
	if m := declared.FindSubmatch(head); m != nil {
		return string(m[1])
	}
	if _, name, certain := charset.DetermineEncoding(head, "text/html"); certain {
		return name
	}
	return ""
}

// scripts lists the character sets in which languages are written. Others take
// whatever is named or found.
var scripts = map[string][]string{
	"ar": {"windows-1256", "iso-8859-6"},
	"fr": {"windows-1252", "iso-8859-15", "macintosh"},
	"en": {"windows-1252", "iso-8859-15", "macintosh"},
}

func plausible(name, lang string) bool {
	base, _, _ := strings.Cut(lang, "-")
	sets, known := scripts[base]
	_, name = charset.Lookup(name)
	return !known || slices.Contains(sets, name)
}

// guess names the character set of bytes that have no label to be trusted.
func guess(body []byte, lang string) string {
	found, err := chardet.NewHtmlDetector().DetectAll(body[:min(len(body), 1<<16)])
	if err == nil {
		for _, f := range found {
			enc, name := charset.Lookup(f.Charset)
			if enc != nil && !strings.HasPrefix(name, "utf-") && f.Confidence >= 10 && plausible(name, lang) {
				return name
			}
		}
	}
	if base, _, _ := strings.Cut(lang, "-"); len(scripts[base]) > 0 {
		return scripts[base][0]
	}
	return "windows-1252"
}
