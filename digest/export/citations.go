package export

import (
	"bufio"
	"fmt"
	"strings"

	"palabre/statement"
)

// list writes citations for people, one a line, as Markdown that can also be read
// as it stands.
type list struct {
	out   *bufio.Writer
	about *About
	words *listWords
}

// listWords are what a list says beside its citations.
type listWords struct {
	title, mark, query, window, at, expected, all string
	complete, failed                              string // with counts, and the reason
	rules                                         string
}

func wordsIn(lang string) *listWords {
	switch lang {
	case "fr":
		return &listWords{
			"Citations", "Diffusion", "Recherche", "Période", "Établie le", "Déclarations comptées au départ", "tout",
			"Liste complète. Déclarations : %d, positions : %d", "Liste incomplète, interrompue. Déclarations : %d. Raison : %s", "Règles",
		}
	case "ar":
		return &listWords{
			"قائمة الاستشهادات", "التداول", "البحث", "الفترة", "أُعدّت في", "عدد التصريحات عند البدء", "الكل",
			"القائمة كاملة. التصريحات: %d، المواقف: %d", "القائمة غير كاملة، انقطعت. التصريحات: %d. السبب: %s", "القواعد",
		}
	}
	return &listWords{
		"Citations", "Handling", "Query", "Window", "Drawn up", "Statements counted at the start", "everything",
		"The list is complete. Statements: %d, positions: %d", "The list is not complete, it broke off. Statements: %d. Why: %s", "Rules",
	}
}

func newCitations(w *bufio.Writer, a *About) (encoder, error) {
	l := &list{w, a, wordsIn(a.Lang)}
	query, window := l.words.all, l.words.all
	if a.Query != "" {
		query = code(a.Query)
	}
	if a.Window != "" {
		window = code(a.Window)
	}
	_, err := fmt.Fprintf(w, "# %s\n\n- %s: **%s**\n- %s: %s\n- %s: %s\n- %s: %s\n- %s: %d\n\n", l.words.title, l.words.mark, a.Mark,
		l.words.query, query, l.words.window, window, l.words.at, moment(a.At), l.words.expected, a.Expected)
	return l, err
}

func (l *list) row(n int, r *Row) error {
	text := markdown(r.Citation.Format(l.about.Lang))
	if address := webAddress(r.Citation.URL); address != "" && !strings.ContainsAny(address, "<> ") {
		text += ", <" + address + ">"
	}
	if hash := line(r.Citation.Capture); hash != "" {
		text += ", " + code("SHA-256 "+hash)
	}
	_, err := fmt.Fprintf(l.out, "%d. %s\n", n, text)
	return err
}

func (l *list) end(s *Sum, cause error) error {
	says := fmt.Sprintf(l.words.complete, s.Statements, s.Positions)
	if cause != nil {
		says = fmt.Sprintf(l.words.failed, s.Statements, markdown(line(cause.Error())))
	}
	if s.Statements > 0 {
		says = "\n" + says
	}
	packs := make([]string, 0, len(s.Packs))
	for _, pack := range s.rules() {
		packs = append(packs, code(pack))
	}
	if len(packs) > 0 {
		says += ". " + l.words.rules + ": " + strings.Join(packs, ", ")
	}
	_, err := fmt.Fprintf(l.out, "%s. **%s**\n", says, l.about.Mark)
	return err
}

// markdown escapes a text so that it stands as it is.
func markdown(text string) string {
	var b strings.Builder
	for _, r := range text {
		if strings.ContainsRune("\\`*_[]<>&~|#$", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// code sets a text apart, with more marks around it than stand in it in a row.
func code(text string) string {
	text = line(text)
	longest, run := 0, 0
	for _, r := range text {
		if r != '`' {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	fence := strings.Repeat("`", longest+1)
	if longest > 0 {
		return fence + " " + text + " " + fence
	}
	return fence + text + fence
}

// titleOf is what a feed is called.
func (a *About) titleOf() string {
	if a.Title != "" {
		return "Palabre: " + line(a.Title)
	}
	if a.Query == "" {
		return "Palabre: " + wordsIn(a.Lang).all
	}
	return "Palabre: " + line(a.Query)
}

// titleIn is the title of a statement; its citation where it has none.
func titleIn(c *statement.Citation, lang string) string {
	if title := line(c.Title); title != "" {
		return title
	}
	return c.Format(lang)
}
