package plain_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/unicode/norm"

	"palabre/ingest/plain"
)

func TestClean(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"composes", "ne\u0301gocier", "négocier"},
		{"repairs", "a\xffb", "a\ufffdb"},
		{"drops overrides", "user\u202eexe.txt\u202c", "userexe.txt"},
		{"drops isolates", "\u2067حوار\u2069", "حوار"},
		{"keeps joiners", "می\u200cخواهم ه\u200d", "می\u200cخواهم ه\u200d"},
		{"drops control characters", "a\x00b\x1b[31mc\u009f", "ab[31mc"},
		{"drops soft hyphens and marks", "\ufeffdia\u00adlogue\u200b", "dialogue"},
		{"drops hidden tags", "ok\U000e0041\U000e0042", "ok"},
		{"keeps paragraphs", "a\r\nb\n\n\n\nc  d\te ", "a\nb\n\nc d e"},
		{"knows every line end", "a\u2029b\rc", "a\nb\nc"},
		{"nothing", " \n\t\n", ""},
	} {
		if got := plain.Clean(c.in); got != c.want {
			t.Errorf("%s: Clean(%q) = %q, want %q", c.name, c.in, got, c.want)
		}
	}
}

func TestFromHTML(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"paragraphs", "<p>Un.</p><p>Deux,<br>trois.</p>", "Un.\n\nDeux,\ntrois."},
		{"inline elements do not split words", "<p>l'<b>Accord</b>, <i>signé</i> à<a href=x> Alger</a></p>", "l'Accord, signé à Alger"},
		{"entities", "Ag Ghali &amp; Koufa&nbsp;: l&#8217;accord", "Ag Ghali & Koufa\u00a0: l’accord"},
		{"escaped twice", "&lt;p&gt;Un.&lt;/p&gt;&lt;p&gt;Deux.&lt;/p&gt;", "Un.\n\nDeux."},
		{"no scripts", "<style>p{}</style>a<script>alert('<p>')</script>b<noscript>c</noscript>", "ab"},
		{"empty frame in XML manner", "<p>a</p><iframe src=x /><p>b</p>", "a\n\nb"},
		{"not markup", "3 < 4 et a<b", "3 < 4 et a"},
		{"table", "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"},
		{"broken", "<p>a <b>b <p>c<", "a b\n\nc<"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := plain.FromHTML(c.in); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestDecode(t *testing.T) {
	french := "Le président a appelé à négocier avec les groupes armés du Sahel, « sans délai », a-t-il déclaré à la télévision."
	arabic := "دعا رئيس المجلس الأعلى الإسلامي في مالي إلى الحوار مع الجماعات المسلحة في شمال البلاد ووسطها"
	latin1 := encode(t, charmap.Windows1252, french)
	for _, c := range []struct {
		name, body, contentType, lang, want string
	}{
		{"UTF-8", french, "text/xml; charset=utf-8", "fr", french},
		{"UTF-8 under a Latin-1 label", french, "text/xml; charset=ISO-8859-1", "fr", french},
		{"Latin-1", latin1, "text/xml; charset=ISO-8859-1", "fr", french},
		{"Latin-1 under a UTF-8 label", latin1, "text/xml; charset=utf-8", "fr", french},
		{"Latin-1 without a label", latin1, "", "", french},
		{"Latin-1 in an XML declaration", `<?xml version="1.0" encoding="iso-8859-1"?>` + latin1, "text/xml", "", `<?xml version="1.0" encoding="iso-8859-1"?>` + french},
		{"windows-1256 in a meta element", `<meta charset=windows-1256>` + encode(t, charmap.Windows1256, arabic), "text/html", "", `<meta charset=windows-1256>` + arabic},
		{"windows-1256 under a UTF-8 label", encode(t, charmap.Windows1256, arabic), "text/html; charset=utf-8", "ar", arabic},
		{"windows-1256 under a Latin-1 label", encode(t, charmap.Windows1256, arabic), "text/html; charset=iso-8859-1", "ar", arabic},
		{"UTF-16 with a mark", encode(t, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), french), "", "fr", french},
		{"UTF-16 without a mark", encode(t, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), "<p>"+french), "", "fr", "<p>" + french},
		{"UTF-8 mark", "\ufeff" + french, "text/plain; charset=windows-1252", "fr", french},
		{"cut within a letter", french[:strings.Index(french, "négocier")+2], "", "fr", french[:strings.Index(french, "égocier")]},
		{"a stray byte", strings.Repeat(french, 3) + "\xff", "", "fr", strings.Repeat(french, 3) + "\ufffd"},
		{"unknown label", latin1, "text/html; charset=klingon", "fr", french},
		{"nothing", "", "", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := plain.Decode([]byte(c.body), c.contentType, c.lang); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func encode(t *testing.T, e encoding.Encoding, s string) string {
	t.Helper()
	out, err := e.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestCut(t *testing.T) {
	if got, cut := plain.Cut("négo", 2); got != "n" || !cut {
		t.Errorf("got %q, %v: want a cut before the whole letter", got, cut)
	}
	if got, cut := plain.Cut("né", 3); got != "né" || cut {
		t.Errorf("got %q, %v: want all of it", got, cut)
	}
}

func FuzzFromHTML(f *testing.F) {
	for _, s := range []string{"<p>a</p>", "&lt;b&gt;x", "<svg/><iframe/>a", "<a b='<'>c", "\x00\u202e<br><!--", "<plaintext>a<b>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := plain.FromHTML(s)
		if !utf8.ValidString(got) || !norm.NFC.IsNormalString(got) {
			t.Fatalf("%q is not clean", got)
		}
		if again := plain.Clean(got); again != got {
			t.Fatalf("cleaning again gives %q instead of %q", again, got)
		}
	})
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("\xff\xfea\x00"), "text/html; charset=utf-16", "fr")
	f.Add([]byte("d\xe9j\xe0"), "text/html; charset=utf-8", "fr")
	f.Fuzz(func(t *testing.T, body []byte, contentType, lang string) {
		if got := plain.Decode(body, contentType, lang); !utf8.ValidString(got) {
			t.Fatalf("%q is not UTF-8", got)
		}
	})
}

func BenchmarkFromHTML(b *testing.B) {
	page := strings.Repeat("<p>Le <b>président</b> a appelé à négocier&nbsp;: «&#160;sans délai&#160;».</p>\n", 200)
	b.SetBytes(int64(len(page)))
	for b.Loop() {
		plain.FromHTML(page)
	}
}
