package digest

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"palabre/statement"
)

// The most that the body shows of a kind, so that it stays within two pages. The
// rest goes into the annex.
const (
	mostTakeaways = 5
	mostShifts    = 3
	mostStands    = 6 // of a topic
	mostDemands   = 4
	mostAnswers   = 3
	mostDeeds     = 4
	mostQuiet     = 6
	mostLanes     = 7
	mostSilent    = 4
)

// writer writes a digest.
type writer struct {
	m       *Material
	texts   *Texts
	t       *tongue
	d       *Digest
	names   map[string]name
	cites   map[string]statement.Citation // by statement
	notes   map[string]int                // numbers by statement
	signals map[voice]*statement.News     // the weightiest of each
	news    []*statement.News             // that count, in the order of the material
	false   map[voice]bool                // whose signals the desk marked false
	more    []Block                       // for the annex
	missing []string                      // statements that are named without a citation
}

// voice is an actor in an event. A deed raises signals of whoever acts and of those
// whose demand it may meet.
type voice struct{ event, actor string }

// Draft writes the material up in a language. The same material and texts give
// the same digest. It fails where a sentence would have no source: the material
// must hold a citation of every statement that it names.
func Draft(m *Material, lang string, texts *Texts) (*Digest, error) {
	t := texts.tongues[lang]
	if t == nil {
		return nil, fmt.Errorf("draft digest: no language %.20q: want one of %v", lang, Languages)
	}
	if m.Period.IsZero() {
		return nil, errors.New("draft digest: the material has no period")
	}
	w := &writer{
		m: m, texts: texts, t: t,
		d: &Digest{
			Period: m.Period, Lang: lang, Made: m.Made.UTC(), Mark: cmp.Or(m.Mark, statement.Amber),
			Notes: []Note{}, Rows: []Row{},
		},
		names: make(map[string]name), cites: make(map[string]statement.Citation), notes: make(map[string]int), signals: make(map[voice]*statement.News), false: make(map[voice]bool),
	}
	for _, p := range m.Packs {
		w.d.Packs = append(w.d.Packs, clean(p, longestHash))
	}
	w.index()
	w.head()
	for _, s := range []struct {
		id    string
		write func() []Block
	}{
		{"window", w.window},
		{"takeaways", w.takeaways},
		{"shifts", w.shifts},
		{"topics", w.topics},
		{"conditions", w.conditions},
		{"answers", w.answers},
		{"deeds", w.deeds},
		{"silences", w.silences},
		{"chart", w.chart},
		{"corrections", func() []Block { return append(w.corrections(), w.lateOnes()...) }},
		{"outlook", w.outlook},
	} {
		w.d.Sections = append(w.d.Sections, Section{ID: s.id, Title: w.title(s.id), Blocks: w.orEmpty(s.id, s.write())})
	}
	w.annex()
	w.rows()
	if len(w.missing) > 0 {
		return nil, fmt.Errorf("draft digest %s: no citation of statement %s, which it names", m.Period, w.missing[0])
	}
	return w.d, nil
}

// index looks up what sections refer to.
func (w *writer) index() {
	for i := range w.m.Signals {
		n := &w.m.Signals[i]
		v := voice{n.Signal.Event, n.Signal.Actor}
		if n.Care.False != "" {
			w.false[v] = true
			continue
		}
		w.news = append(w.news, n)
		if have := w.signals[v]; have == nil || weight(n) > weight(have) {
			w.signals[v] = n
		}
	}
	for _, c := range w.m.Citations {
		w.cites[c.Statement] = c
	}
}

func (w *writer) head() {
	t := w.t
	w.d.Title = t.line("title.period", fill{"window": plain(w.span())})
	if w.m.Period.Week != "" {
		w.d.Title = t.line("title.week", fill{
			"week": plain(strconv.Itoa(number(w.m.Period.Week[6:]))), "year": plain(w.m.Period.Week[:4]),
		})
	}
	w.d.Labels = Labels{
		Status:  t.line("status.draft", fill{"at": w.moment(w.m.Made)}),
		Machine: t.line("machine.mark", nil),
		Legend:  t.line("machine.legend", nil),
		Window:  w.span(),
		Annex:   t.line("annex.title", nil),
		Blank:   t.line("blank", nil),
	}
}

// Issue freezes a draft: from now on it has a number and is not edited.
func (d *Digest) Issue(number int, at time.Time, texts *Texts) error {
	t := texts.tongues[d.Lang]
	switch {
	case d.Number > 0:
		return fmt.Errorf("issue digest %s: %w", d.Period, ErrIssued)
	case number < 1:
		return fmt.Errorf("issue digest %s: numbers count from 1, not %d", d.Period, number)
	case t == nil:
		return fmt.Errorf("issue digest %s: no language %.20q", d.Period, d.Lang)
	}
	d.Number, d.Issued = number, at.UTC()
	d.Labels.Status = t.line("status.issued", fill{"n": plain(strconv.Itoa(number)), "at": t.moment(at)})
	return nil
}

func (w *writer) title(id string) string {
	if id == "window" && w.m.Period.Week == "" {
		id = "window.period"
	}
	return w.t.line("section."+id, nil)
}

// orEmpty is a section's blocks or, where it has none, what it says then.
func (w *writer) orEmpty(id string, blocks []Block) []Block {
	if len(blocks) > 0 {
		return blocks
	}
	key := "empty." + id
	if id == "takeaways" && w.m.Coverage.Statements == 0 && len(w.m.Utterances) == 0 {
		key += ".none"
	}
	return []Block{w.paragraph(id+".empty", w.t.say(key, nil))}
}

// paragraph is a sentence of the machine's.
func (w *writer) paragraph(part string, runs []Run) Block {
	return Block{Kind: Paragraph, Text: &Passage{Part: part, Runs: runs, Machine: true}}
}

func (w *writer) point(part, glyph string, runs []Run) Block {
	return Block{Kind: Point, Text: &Passage{Part: part, Glyph: glyph, Runs: runs, Machine: true}}
}

func (w *writer) heading(text string) Block {
	return Block{Kind: Heading, Text: &Passage{Runs: plain(text)}}
}

// keep returns the first blocks, and puts the others into the annex under the
// section's title.
func (w *writer) keep(id string, blocks []Block, most int) []Block {
	if len(blocks) <= most {
		return blocks
	}
	rest := blocks[most:]
	w.more = append(append(w.more, w.heading(w.title(id))), rest...)
	return append(slices.Clone(blocks[:most]), w.moreOf(id, len(rest)))
}

func (w *writer) moreOf(part string, n int) Block {
	return Block{Kind: Paragraph, Text: &Passage{Part: part + ".more", Runs: w.t.count("more", n, nil)}}
}

// note returns the marks of the notes of statements. Each is numbered when it is
// first cited.
func (w *writer) note(statements ...string) []Run {
	var out []Run
	for _, id := range statements {
		if id == "" {
			continue
		}
		n := w.notes[id]
		if n == 0 {
			c, ok := w.cites[id]
			if !ok {
				w.missing = append(w.missing, id)
				continue
			}
			n = w.cite(&c, true)
		}
		if !slices.ContainsFunc(out, func(r Run) bool { return r.Note == n }) {
			out = append(out, Run{Note: n})
		}
	}
	return out
}

// cite gives a citation its number.
func (w *writer) cite(c *statement.Citation, cited bool) int {
	n := len(w.d.Notes) + 1
	w.notes[c.Statement] = n
	c.Title, c.Outlet, c.Lang = clean(c.Title, longestQuote), clean(c.Outlet, longestName), clean(c.Lang, longestTag)
	w.d.Notes = append(w.d.Notes, Note{
		N: n, Statement: c.Statement, Text: c.Format(w.t.lang), Title: clean(c.Title, longestName), Lang: c.Lang, Outlet: c.Outlet,
		Said: c.Date.String(), URL: webAddress(c.URL), Capture: hash(c.Capture), Cited: cited,
	})
	return n
}

// stance is the word for a stance.
func (w *writer) stance(s statement.Stance) []Run { return plain(w.t.word("stance", string(s))) }

// date is a date in words.
func (w *writer) date(d statement.Date) []Run { return plain(d.In(w.t.lang)) }

// about names the question and the other side in a sentence.
func (w *writer) about(topic statement.Topic, target string) []Run {
	return w.aside("about.", "question.", topic, target)
}

// side names the other side in a table.
func (w *writer) side(topic statement.Topic, target string) []Run {
	return w.aside("side.", "", topic, target)
}

func (w *writer) aside(with, without string, topic statement.Topic, target string) []Run {
	if key := with + string(topic); target != "" && w.t.has(key) {
		return w.t.say(key, fill{}.name("target", w.actor(target), w.t.lang))
	}
	switch key := without + string(topic); {
	case without == "":
		return nil
	case w.t.has(key):
		return w.t.say(key, nil)
	}
	return plain(w.t.word("topic", string(topic)))
}

// quote is words that were found, in quotation marks: the digest's own, or those
// of their language where that is written in the other direction.
func (w *writer) quote(words, lang string, most int) []Run {
	words = clean(words, most)
	if words == "" {
		return nil
	}
	t := w.t
	if right, known := beginsRight(words); known && right != t.rtl {
		t = w.texts.tongues["en"]
		if own := w.texts.tongues[base(lang)]; own != nil && own.rtl == right {
			t = own
		} else if right {
			t = w.texts.tongues["ar"]
		}
	}
	var marked strings.Builder
	for _, r := range t.say("quote.marks", fill{"words": {{Text: words, Lang: "und"}}}) {
		marked.WriteString(r.Text)
	}
	return []Run{{Text: marked.String(), Lang: cmp.Or(clean(lang, longestTag), "und")}}
}

// span is the period in words.
func (w *writer) span() string {
	first, last := dayOf(w.m.Period.From), dayOf(w.m.Period.Last())
	at := first.Time
	switch {
	case first == last:
		return w.t.line("window.day", fill{"from": w.date(first)})
	case at.Year() == last.Time.Year() && at.Month() == last.Time.Month():
		from := strconv.Itoa(at.Day())
		if at.Day() == 1 {
			from = w.t.line("day.first", nil)
		}
		return w.t.line("window.month", fill{
			"first": plain(from), "last": plain(strconv.Itoa(last.Time.Day())),
			"month": w.t.say("month."+strconv.Itoa(int(at.Month())), nil), "year": plain(strconv.Itoa(at.Year())),
		})
	}
	return w.t.line("window.far", fill{"from": w.date(first), "to": w.date(last)})
}

// dayOf is the date of an instant, to the day.
func dayOf(at time.Time) statement.Date {
	return statement.Date{Time: at.UTC(), Precision: statement.Day}
}

func (w *writer) moment(at time.Time) []Run { return w.t.moment(at) }

// moment is a time to the minute, in UTC.
func (t *tongue) moment(at time.Time) []Run {
	at = at.UTC()
	return t.say("moment", fill{"date": plain(dayOf(at).In(t.lang)), "time": plain(at.Format("15:04"))})
}
