package api_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// readingPages are the pages of statements and actors in the states that they
// have.
func (s *site) readingPages() []seen {
	s.t.Helper()
	judged := s.judged()
	_, edited := s.reported()
	return []seen{
		{"statement-judged", "/statements/" + judged, ".verdict.missed"},
		{"statement-correct", "/statements/" + judged + "?correct=2#correct", "#c-quote"},
		{"statement-add", "/statements/" + judged + "?correct=new#correct", "#c-quote"},
		{"statement-edited", "/statements/" + edited, ".diff ins"},
		{"explain", "/statements/" + judged + "/explain", ".match.fits"},
		{"actor-course", "/actors/jnim#course", ".chart .dot"},
		{"actor-compared", "/actors/mali-government?with=jnim#course", ".chart .arrow"},
		{"actor-together", "/actors/jnim?with=katiba-macina&with=ansar-dine#course", ".chart .dot"},
		{"actor-nothing", "/actors/jnim?from=1999&to=2000", ".course .empty"},
		{"actor-unheard", "/actors/togo", ".timeline .empty"},
	}
}

func TestBrowserJudgesPositionsByKeyboard(t *testing.T) {
	s := openTimeline(t)
	id := s.says("one", turns[0])
	b := openBrowser(t, s)
	b.look(1280, 900, "light")
	b.do(chromedp.Navigate(s.url+"/statements/"+id), chromedp.WaitVisible(chromedp.CSS("#position-1")))
	b.do(chromedp.SendKeys(chromedp.CSS("#who"), "Aminata\r"), chromedp.WaitVisible(chromedp.CSS(".me summary")))
	b.do(chromedp.Focus(chromedp.CSS("#position-1 button")), chromedp.KeyEvent("\r"), chromedp.WaitVisible(chromedp.CSS(".verdict.confirmed")))
	if got := eval[string](b, `document.querySelector(".verdict").innerText`); !strings.Contains(got, "Confirmed.") || !strings.Contains(got, "Aminata") {
		t.Errorf("the page says %q", got)
	}
	b.do(chromedp.Focus(chromedp.CSS(".verdict button")), chromedp.KeyEvent("\r"), chromedp.WaitNotPresent(chromedp.CSS(".verdict")))
	b.do(chromedp.Focus(chromedp.CSS("#position-1 a.button")), chromedp.KeyEvent("\r"), chromedp.WaitVisible(chromedp.CSS("#c-stance")))
	if got := eval[string](b, `document.getElementById("c-quote").value`); !strings.Contains(turns[0], got) || got == "" {
		t.Errorf("the form begins with the words %q", got)
	}
	b.do(chromedp.Focus(chromedp.CSS("#c-stance")), chromedp.KeyEvent("c"), chromedp.Focus(chromedp.CSS("#c-note")), chromedp.SendKeys(chromedp.CSS("#c-note"), "sous condition"))
	// A list is chosen from by its first letter, which a glyph is not.
	b.do(chromedp.Evaluate[chromedp.Void](`document.getElementById("c-stance").value = "conditional"; undefined`))
	b.do(chromedp.Focus(chromedp.CSS(".correct .acts button")), chromedp.KeyEvent("\r"), chromedp.WaitVisible(chromedp.CSS(".verdict.corrected")))
	if got := eval[string](b, `document.querySelector(".verdict").innerText`); !strings.Contains(got, "conditional") || !strings.Contains(got, "sous condition") {
		t.Errorf("the page says %q", got)
	}
	if got := s.read(id).Positions[0].Stance; got != "pro" {
		t.Errorf("the machine's stance is %s now", got)
	}
	b.check()
}

func TestBrowserAddsAPositionByMouse(t *testing.T) {
	s := openTimeline(t)
	id := s.says("added", "Le gouvernement malien est prêt au dialogue avec le JNIM. L’Algérie hoche la tête.")
	b := openBrowser(t, s)
	b.look(390, 844, "dark")
	b.do(chromedp.Navigate(s.url+"/statements/"+id), chromedp.WaitVisible(chromedp.CSS("#position-1")))
	b.do(chromedp.Click(chromedp.CSS(".desk-bar button")), chromedp.SendKeys(chromedp.CSS("#who"), "Ousmane\r"), chromedp.WaitVisible(chromedp.CSS(".me summary")))
	b.do(chromedp.Click(chromedp.CSS("#add a")), chromedp.WaitVisible(chromedp.CSS("#correct")))
	b.do(chromedp.Evaluate[chromedp.Void](`(() => { document.getElementById("c-actor").value = "algeria"; document.getElementById("c-target").value = "jnim";
		const p = document.querySelector(".text > p"), r = document.createRange(); r.setStart(p.lastChild, p.lastChild.data.indexOf("L’Alg")); r.setEnd(p.lastChild, p.lastChild.data.length);
		getSelection().removeAllRanges(); getSelection().addRange(r); })()`), chromedp.WaitVisible(chromedp.CSS(".take")))
	b.do(chromedp.Click(chromedp.CSS(".take")))
	if got := eval[string](b, `document.getElementById("c-quote").value`); got != "L’Algérie hoche la tête." {
		t.Errorf("the selected words are %q", got)
	}
	b.do(chromedp.Click(chromedp.CSS(".correct .acts button")), chromedp.WaitVisible(chromedp.CSS(".verdict.missed")))
	b.do(chromedp.Click(chromedp.CSS("#position-1 a.button")), chromedp.WaitVisible(chromedp.CSS("#correct button[name=none]")))
	b.do(chromedp.Click(chromedp.CSS("#correct button[name=none]")), chromedp.WaitVisible(chromedp.CSS(".verdict.none")))
	b.do(chromedp.Click(chromedp.CSS(".verdict.missed button")), chromedp.WaitNotPresent(chromedp.CSS(".verdict.missed")))
	b.check()
}

func TestBrowserComparesActors(t *testing.T) {
	s := openTimeline(t)
	b := openBrowser(t, s)
	b.look(1280, 900, "light")
	b.do(chromedp.Navigate(s.url+"/actors/mali-government#course"), chromedp.WaitVisible(chromedp.CSS(".chart .dot")))
	b.do(chromedp.SetValue(chromedp.CSS("#with"), "jnim"), chromedp.Click(chromedp.CSS(".range button")), chromedp.WaitVisible(chromedp.CSS(".chart .arrow")))
	if got := eval[string](b, `new URL(location).searchParams.get("with")`); got != "jnim" {
		t.Errorf("compared with %q", got)
	}
	flag := `.chart a[href="#turn-1"]`
	b.do(chromedp.Evaluate[chromedp.Void](`document.querySelector('`+flag+`').focus(); undefined`), chromedp.KeyEvent("\r"))
	b.wait(`document.querySelector(".turns details").open && document.activeElement.id === "turn-1"`)
	if got := eval[int](b, `document.querySelectorAll("#turn-1 blockquote").length`); got != 2 {
		t.Errorf("a flag opens %d quotations, want both", got)
	}
	if got := eval[bool](b, `(() => { const t = document.querySelector(".turns details").open; document.querySelector(".rows summary").click(); return t && document.querySelector(".rows").open; })()`); !got {
		t.Error("the table does not open")
	}
	if got := eval[bool](b, `document.querySelectorAll(".rows tbody tr").length > 10 && [...document.querySelectorAll(".chart a:not([href^='#'])")].every((a) => a.tabIndex === -1)`); !got {
		t.Error("the table is empty, or every mark is a stop for the tabulator")
	}
	b.check()
}

func TestBrowserCopiesACitation(t *testing.T) {
	s := openTimeline(t)
	_, edited := s.reported()
	b := openBrowser(t, s)
	b.look(1280, 900, "light")
	b.do(chromedp.Navigate(s.url+"/statements/"+edited), chromedp.WaitVisible(chromedp.CSS(".copy")))
	b.do(chromedp.Click(chromedp.CSS(".copy")))
	b.wait(`document.querySelector(".copy").textContent === "Copied"`)
	if got := eval[string](b, `document.getElementById("cite-short").textContent`); !strings.Contains(got, "“Le refus net de Bamako”, ") {
		t.Errorf("the citation is %q", got)
	}
	b.check()
}

// TestBrowserExplainsAText enters a text and looks at how it was read, in every
// language, on a wide and a narrow screen.
func TestBrowserExplainsAText(t *testing.T) {
	const text = "Le Jnim a pris Farabougou. À Bamako, le groupe a dit qu’il refuse de négocier avec le gouvernement malien. " +
		"En 2012, Bamako avait négocié avec le MNLA. Paris rejette de telles approches avec le Jnim. Il pleut.\n" +
		"قال وزير الخارجية المالي إن حكومته لا ترفض الحوار مع جماعة نصرة الإسلام والمسلمين إذا ألقت السلاح."
	s := openTimeline(t)
	for _, c := range []struct {
		lang  string
		shows []string
	}{
		{"en", []string{"took a stand against talks with", "whose", "nothing that a rule looks for"}},
		{"fr", []string{"position contre les pourparlers avec", "de qui", "rien de ce que cherche une règle"}},
		{"ar", []string{"موقف يعارض المحادثات مع", "لمن", "لا شيء مما تبحث عنه قاعدة"}},
	} {
		for _, screen := range []struct {
			name  string
			width int64
		}{{"", 1280}, {"-phone", 390}} {
			t.Run(c.lang+screen.name, func(t *testing.T) {
				b := openBrowser(t, s)
				b.look(screen.width, 900, "light")
				b.do(chromedp.Navigate(s.url+"/language/"+c.lang), chromedp.WaitVisible(chromedp.CSS("main")))
				b.do(chromedp.Navigate(s.url+"/rules/try"), chromedp.WaitVisible(chromedp.CSS("#try-text")), chromedp.SetValue(chromedp.CSS("#try-text"), text))
				b.do(chromedp.Click(chromedp.CSS("form.overlay button")), chromedp.WaitVisible(chromedp.CSS(".match.fits")))
				shown := eval[string](b, `document.querySelector("main").innerText`)
				for _, want := range c.shows {
					if !strings.Contains(shown, want) {
						t.Errorf("the page does not show %q: %s", want, shown)
					}
				}
				if dir := eval[string](b, `getComputedStyle([...document.querySelectorAll(".match q")].pop()).direction`); dir != "rtl" {
					t.Errorf("the last words run %s", dir)
				}
				b.inspect("explained-" + c.lang + screen.name)
				b.look(screen.width, 5000, "light")
				b.shoot("explained-" + c.lang + screen.name)
				b.check()
			})
		}
	}
}
