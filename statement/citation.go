package statement

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Citation says where words stand, as a footnote does. Texts may come from
// anywhere: [Citation.Format] makes them harmless.
type Citation struct {
	Statement     string `json:"statement"` // ID of the first revision
	Title         string `json:"title"`
	Outlet        string `json:"outlet"` // its name, as people are shown it
	Date          Date   `json:"date"`   // when it was said, else published, else first seen
	Lang          string `json:"lang,omitempty"`
	URL           string `json:"url,omitempty"`
	Capture       string `json:"capture,omitempty"` // SHA-256 of the raw bytes, hexadecimal
	Reconstructed bool   `json:"reconstructed,omitempty"`
}

// Cite returns the citation of s. outlet is the name of its outlet, lang the
// language that it was found to be in, for where it declares none.
func (s *Statement) Cite(outlet, lang string) Citation {
	if s.Lang != "" {
		lang = s.Lang
	}
	return Citation{
		Statement: s.Of, Title: s.Title, Outlet: outlet, Date: s.When(), Lang: lang, URL: s.URL, Capture: s.Capture, Reconstructed: s.Reconstructed,
	}
}

// longestTitle is how many letters of a title are cited.
const longestTitle = 300

// script is how citations are written in a language.
type script struct {
	open, end           string              // quotation marks
	within              func(string) string // makes them those of a quotation within a quotation
	comma               string
	untitled, undated   string
	reconstructed, hash string
	months              string
	first               string // first day of a month, where it is not "1"
	rtl                 bool
}

// scriptOf returns how citations are written in English, French or Arabic;
// English for every other language.
func scriptOf(lang string) *script {
	switch primary(lang) {
	case "fr":
		return &script{
			open: "«\u00a0", end: "\u00a0»", within: inGuillemets,
			comma: ", ", untitled: "Sans titre", undated: "sans date", reconstructed: "reconstitué", hash: "SHA-256",
			months: "janvier février mars avril mai juin juillet août septembre octobre novembre décembre", first: "1er",
		}
	case "ar":
		return &script{
			open: "«", end: "»", within: inGuillemets,
			comma: "، ", untitled: "بلا عنوان", undated: "بلا تاريخ", reconstructed: "أعيدت صياغته", hash: "SHA-256",
			months: "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر", rtl: true,
		}
	}
	return &script{
		open: "“", end: "”", within: inQuotes,
		comma: ", ", untitled: "Untitled", undated: "undated", reconstructed: "reconstructed", hash: "SHA-256",
		months: "January February March April May June July August September October November December",
	}
}

func inGuillemets(text string) string {
	if !strings.Contains(text, "«") && !strings.Contains(text, "»") {
		return text
	}
	return strings.NewReplacer("« ", "“", " »", "”", "«", "“", "»", "”").Replace(text)
}

func inQuotes(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, "“", "‘"), "”", "’")
}

// primary is the language of a BCP 47 tag, without what follows it.
func primary(tag string) string {
	base, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
	return base
}

// Format returns the citation on one line in English, French or Arabic, whichever
// lang names; English for other languages:
//
//	“On calls for negotiations”, Al-Zallaqa Media Foundation, 8 March 2020 (Arabic)
//
// Whatever its parts hold, it has no controls that turn other text around but
// isolates, each of which is closed. They stand around parts that are written in
// the other direction.
func (c Citation) Format(lang string) string {
	w := scriptOf(lang)
	title := w.untitled
	if t := shorten(w.within(harmless(c.Title)), longestTitle); t != "" {
		title = w.open + w.isolate(t) + w.end
	}
	parts := []string{title}
	if outlet := shorten(harmless(c.Outlet), longestTitle); outlet != "" {
		parts = append(parts, w.isolate(outlet))
	}
	parts = append(parts, c.Date.In(lang))
	var notes []string
	if name := LanguageName(c.Lang, lang); name != "" {
		notes = append(notes, w.isolate(name))
	}
	if c.Reconstructed {
		notes = append(notes, w.reconstructed)
	}
	line := strings.Join(parts, w.comma)
	if len(notes) > 0 {
		line += " (" + strings.Join(notes, w.comma) + ")"
	}
	return line
}

// FormatFull is Format with the address and the hash of the capture, where they
// are known: what a reader needs to check the source.
func (c Citation) FormatFull(lang string) string {
	w := scriptOf(lang)
	line := c.Format(lang)
	if address := harmless(c.URL); address != "" {
		line += w.comma + w.isolate(address)
	}
	if hash := harmless(c.Capture); hash != "" {
		line += w.comma + w.isolate(w.hash+" "+hash)
	}
	return line
}

// In returns the date in words in English, French or Arabic, cut to its
// precision: "8 March 2020", "mars 2020", "مارس 2020", "2020". An unknown one is
// "undated", "sans date", "بلا تاريخ". Other languages get English.
func (d Date) In(lang string) string {
	w := scriptOf(lang)
	if d.IsZero() {
		return w.undated
	}
	at := d.Time.UTC()
	year := at.Format("2006")
	if d.Precision == Year {
		return year
	}
	month := strings.Fields(w.months)[at.Month()-1] + " " + year
	if d.Precision == Month {
		return month
	}
	day := at.Format("2")
	if day == "1" && w.first != "" {
		day = w.first
	}
	return day + " " + month
}

// languages names those of the region in English, French and Arabic. Some tags
// are kinds of one language.
const languages = `
en English|anglais|الإنجليزية
fr French|français|الفرنسية
ar,mey Arabic|arabe|العربية
bm Bambara|bambara|البمبارية
ff,fuf,fuc,ffm,fuq Fulfulde|peul|الفولانية
ha Hausa|haoussa|الهوسا
wo Wolof|wolof|الولوفية
dyu Dyula|dioula|الديولا
mos Mooré|moré|الموري
zgh Tamazight|amazighe|الأمازيغية
nqo N’Ko|n’ko|النكو
es Spanish|espagnol|الإسبانية
pt Portuguese|portugais|البرتغالية
de German|allemand|الألمانية
ru Russian|russe|الروسية
zh Chinese|chinois|الصينية
tr Turkish|turc|التركية
son,ses,khq,dje,ddn Songhay|songhaï|السونغاي
tmh,taq,ttq,thv Tamasheq|tamasheq|التماشق`

// LanguageName names the language of a BCP 47 tag in English, French or Arabic;
// English for every other lang. It is empty where the language is not known; a
// language without a name here keeps its tag.
func LanguageName(tag, lang string) string {
	base := primary(tag)
	if base == "" || base == "und" {
		return ""
	}
	for line := range strings.Lines(languages) {
		code, names, _ := strings.Cut(strings.TrimSpace(line), " ")
		if !slices.Contains(strings.Split(code, ","), base) {
			continue
		}
		of := strings.Split(names, "|")
		return of[max(0, slices.Index([]string{"en", "fr", "ar"}, primary(lang)))]
	}
	return shorten(harmless(tag), 35)
}

// harmless makes one line of a text, without controls and letters that cannot be
// seen. The joiners of Persian and Indian scripts change how letters look and stay.
func harmless(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\u200c' || r == '\u200d':
			return r
		case unicode.IsSpace(r) || unicode.IsControl(r) || r == '\u2028' || r == '\u2029':
			return ' '
		case unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Co, r) || unicode.Is(unicode.Noncharacter_Code_Point, r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\ufffd"))
	return strings.Join(strings.Fields(text), " ")
}

// shorten cuts a text to at most most letters, the ellipsis included.
func shorten(text string, most int) string {
	if len(text) <= most || utf8.RuneCountInString(text) <= most {
		return text
	}
	n := 0
	for i := range text {
		if n++; n == most {
			return strings.TrimSpace(text[:i]) + "…"
		}
	}
	return text
}

// isolate keeps a part that has letters of the other direction from turning
// around what stands beside it.
func (w *script) isolate(part string) string {
	const begin, end = "\u2068", "\u2069"
	if strings.ContainsFunc(part, func(r rune) bool { return unicode.IsLetter(r) && rightToLeft(r) != w.rtl }) {
		return begin + part + end
	}
	return part
}

// rightToLeft reports whether a letter is written from right to left.
func rightToLeft(r rune) bool {
	return unicode.In(r, unicode.Arabic, unicode.Hebrew, unicode.Nko, unicode.Adlam, unicode.Syriac, unicode.Thaana)
}
