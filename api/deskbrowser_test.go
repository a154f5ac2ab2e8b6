package api_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// wait waits until a condition holds in the page.
func (b *browser) wait(condition string) {
	b.t.Helper()
	b.do(chromedp.Poll[chromedp.Void](condition))
}

// press sends a key to whatever has the focus. A key press through the debugger
// types its letter even where the page prevents that: the page gets the event
// alone.
func (b *browser) press(key, code string) {
	b.t.Helper()
	eval[bool](b, fmt.Sprintf(`document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key: %q, code: %q, bubbles: true, cancelable: true}))`, key, code))
}

// opened waits until a signal is open.
func (b *browser) opened(id string) {
	b.t.Helper()
	b.wait(fmt.Sprintf(`document.querySelector("#opened article")?.dataset.signal === %q`, id))
}

func (b *browser) click(selector string) {
	b.t.Helper()
	b.do(chromedp.Click(chromedp.CSS(selector)))
}

// row is the ID of the signal in a row of the queue, counted from 0.
func (b *browser) row(n int) string {
	b.t.Helper()
	return eval[string](b, fmt.Sprintf(`document.querySelectorAll("#queue > .row")[%d].dataset.signal`, n))
}

// reading is where the open article stands, and how far its pane is scrolled.
const reading = `[document.querySelector("#opened article").dataset.signal, Math.round(document.querySelector("#opened article").getBoundingClientRect().top),
	Math.round(document.getElementById("opened").scrollTop), Math.round(scrollY)].join(" ")`

// deskViews are the languages and sizes in which the desk is worked at.
var deskViews = []struct {
	lang string
	says string // one signal is new
}{{"en", "1 new signal: show"}, {"fr", "1 nouveau signal : montrer"}, {"ar", "إشارة جديدة: عرض"}}

// sitDown opens the desk in a language and says who sits there.
func (b *browser) sitDown(lang string) {
	b.t.Helper()
	b.do(chromedp.Navigate(b.site.url+"/language/"+lang), chromedp.WaitVisible(chromedp.CSS("#who")))
	b.do(chromedp.SendKeys(chromedp.CSS("#who"), "Aminata\r"), chromedp.WaitVisible(chromedp.CSS(".me summary")))
}

// TestBrowserWorksTheDeskByKeys uses every key in every language, while signals
// arrive that must not move what is read.
func TestBrowserWorksTheDeskByKeys(t *testing.T) {
	for _, view := range deskViews {
		t.Run(view.lang, func(t *testing.T) {
			s := openTimeline(t)
			b := openBrowser(t, s)
			b.look(1280, 800, "light")
			b.sitDown(view.lang)
			first, second := b.row(0), b.row(1)
			b.press("j", "KeyJ")
			b.opened(second)
			b.press("ت", "KeyJ") // the same key of an Arabic keyboard
			b.opened(b.row(2))
			b.press("k", "KeyK")
			b.opened(second)
			b.press("k", "KeyK")
			b.opened(first)

			eval[bool](b, `document.getElementById("opened").scrollTop = 120, true`)
			before := eval[string](b, reading)
			if !strings.Contains(before, " 120 ") {
				t.Fatalf("the open signal cannot be scrolled: %s", before)
			}
			s.says("one", turns[0])
			b.wait(fmt.Sprintf(`document.getElementById("fresh").innerText === %q && document.title.startsWith("(1) ")`, view.says))
			if after := eval[string](b, reading); after != before {
				t.Errorf("what is read moved from %s to %s when a signal came", before, after)
			}
			b.press("n", "KeyN")
			b.wait(fmt.Sprintf(`document.querySelectorAll("#queue > .row")[0].dataset.signal === %q`, s.newest().ID))
			if after := eval[string](b, reading); after != before {
				t.Errorf("what is read moved from %s to %s when a signal was shown", before, after)
			}
			b.queueStays(s)

			fresh := s.newest().ID
			eval[bool](b, `document.getElementById("queue-scroll").scrollTop = 0, document.querySelector("#queue h3 a").focus(), true`)
			b.press("k", "KeyK")
			b.opened(fresh)
			b.actByKeys(fresh)
			b.check()
		})
	}
}

// queueStays scrolls down the queue, lets a signal arrive and be shown, and wants
// what is seen of the queue where it was.
func (b *browser) queueStays(s *site) {
	b.t.Helper()
	place := `(() => { const top = document.getElementById("queue-scroll").getBoundingClientRect().top; const row = [...document.querySelectorAll("#queue > .row")].find((r) => r.getBoundingClientRect().bottom > top + 1);
		return {Row: row.id, Top: row.getBoundingClientRect().top}; })()`
	type sight struct {
		Row string
		Top float64
	}
	eval[bool](b, `document.getElementById("queue-scroll").scrollTop = 500, true`)
	before := eval[sight](b, place)
	s.says("two", turns[1])
	b.do(chromedp.WaitVisible(chromedp.CSS("#fresh a")))
	b.press("n", "KeyN")
	b.wait(fmt.Sprintf(`document.querySelectorAll("#queue > .row")[0].dataset.signal === %q`, s.newest().ID))
	if after := eval[sight](b, place); after.Row != before.Row || math.Abs(after.Top-before.Top) > 2 { // heights are no whole pixels
		b.t.Errorf("the queue moved from %v to %v", before, after)
	}
	b.wait(`document.querySelector("#fresh a")?.innerText.startsWith("↑")`)
}

// actByKeys does everything that keys do to a signal and undoes it.
func (b *browser) actByKeys(id string) {
	t, s := b.t, b.site
	state := func(want string) {
		b.t.Helper()
		b.wait(fmt.Sprintf(`document.querySelector("#opened .care-state").classList.contains(%q) && !document.querySelector("#opened[aria-busy]")`, want))
	}
	b.press("a", "KeyA")
	state("acknowledged")
	if got := s.signal(id).Care.Acknowledged; got != "Aminata" {
		t.Errorf("acknowledged by %q", got)
	}
	b.press("u", "KeyU")
	state("new")
	b.press("o", "KeyO")
	state("owned")
	b.wait(fmt.Sprintf(`document.querySelector('#queue [data-care=%q]').classList.contains("owned")`, id)) // heard over the open line
	b.press("u", "KeyU")
	state("new")
	b.press("f", "KeyF")
	if got := eval[string](b, `document.activeElement.name + document.activeElement.id`); got != "notefalse-"+id {
		t.Errorf("f leads to %q, want the question why", got)
	}
	b.do(chromedp.KeyEvent("ironie\r"))
	state("false")
	if care := s.signal(id).Care; care.False != "Aminata" || care.Note != "ironie" {
		t.Errorf("marked false: %+v", care)
	}
	b.press("u", "KeyU")
	state("new")
	b.press("m", "KeyM")
	if got := eval[string](b, `document.activeElement.name`); got != "note" {
		t.Errorf("m leads to %q, want the reason of a silence", got)
	}
	b.press("Escape", "Escape")
	if eval[bool](b, `document.querySelector("#opened details[open]") !== null`) {
		t.Error("Escape leaves the silence open")
	}
	b.press("?", "Slash")
	if !eval[bool](b, `document.getElementById("keys").open`) {
		t.Error("? does not show the keys")
	}
	b.inspect("keys")
	b.do(chromedp.KeyEvent(kb.Escape))
	b.wait(`!document.getElementById("keys").open`)
	b.press("/", "Slash")
	if got := eval[string](b, `document.activeElement.id`); got != "q" {
		t.Errorf("a slash leads to %q, want the search box", got)
	}
}

// TestBrowserWorksTheDeskByMouse does the same with a mouse on a screen, and with
// a thumb on a phone.
func TestBrowserWorksTheDeskByMouse(t *testing.T) {
	for _, view := range deskViews {
		t.Run(view.lang, func(t *testing.T) {
			s := openTimeline(t)
			b := openBrowser(t, s)
			b.look(1280, 800, "light")
			b.sitDown(view.lang)
			third := b.row(2)
			b.click("#queue > .row:nth-child(3) h3 a")
			b.opened(third)
			b.actByMouse(third)
			before := eval[string](b, reading)
			s.says("one", turns[0])
			b.wait(fmt.Sprintf(`document.getElementById("fresh").innerText === %q`, view.says))
			b.click("#fresh a")
			b.do(chromedp.WaitVisible(chromedp.CSS("#row-" + s.newest().Event)))
			if after := eval[string](b, reading); after != before {
				t.Errorf("what is read moved from %s to %s", before, after)
			}
			b.click("#keys-button")
			b.wait(`document.getElementById("keys").open`)
			b.click("#keys button")
			b.wait(`!document.getElementById("keys").open`)

			b.look(390, 844, "dark")
			b.do(chromedp.Navigate(s.url+"/"), chromedp.WaitVisible(chromedp.CSS(".row")))
			b.onPhone(view.says)
			b.check()
		})
	}
}

// actByMouse presses the buttons of the open signal.
func (b *browser) actByMouse(id string) {
	b.t.Helper()
	state := func(want string) {
		b.t.Helper()
		b.wait(fmt.Sprintf(`document.querySelector("#opened .care-state").classList.contains(%q) && !document.querySelector("#opened[aria-busy]")`, want))
	}
	b.click(`#opened button[value="acknowledge"]`)
	state("acknowledged")
	b.click(`#opened .flash button`)
	state("new")
	b.click(`#opened button[value="own"]`)
	state("owned")
	b.click(`#opened [aria-keyshortcuts="u"]`)
	state("new")
	b.click(`#opened [aria-keyshortcuts="f"]`)
	b.do(chromedp.SendKeys(chromedp.CSS(`[id="false-`+id+`"]`), "ironie"))
	b.click(`#opened button[value="false"]`)
	state("false")
	b.click(`#opened .flash button`)
	state("new")
}

// onPhone opens a signal over the queue and closes it again, while one arrives.
func (b *browser) onPhone(oneIsNew string) {
	t, s := b.t, b.site
	t.Helper()
	if eval[bool](b, `document.getElementById("opened").checkVisibility()`) {
		t.Error("a signal that nobody opened covers the queue")
	}
	eval[bool](b, `document.querySelectorAll("#queue > .row")[3].scrollIntoView({block: "center"}), true`)
	at, id := eval[float64](b, `scrollY`), b.row(3)
	b.click("#queue > .row:nth-child(4) h3 a")
	b.opened(id)
	b.wait(`getComputedStyle(document.getElementById("opened")).position === "fixed" && document.getElementById("opened").checkVisibility()`)
	if low := eval[float64](b, `document.querySelector('#opened button[value="acknowledge"]').getBoundingClientRect().bottom / innerHeight`); low < 0.7 || low > 1 {
		t.Errorf("the buttons end at %.0f %% of the screen, out of a thumb's reach", 100*low)
	}
	b.inspect("opened on a phone")
	before := eval[string](b, reading)
	s.says("two", turns[1])
	b.wait(`document.getElementById("fresh-count").innerText === "(1)"`)
	if after := eval[string](b, reading); after != before {
		t.Errorf("what is read moved from %s to %s", before, after)
	}
	b.click(`#opened button[value="acknowledge"]`)
	b.wait(`document.querySelector("#opened .care-state").classList.contains("acknowledged")`)
	b.click("#opened .close")
	b.wait(`!document.getElementById("opened").checkVisibility()`)
	if got := eval[float64](b, `scrollY`); got != at {
		t.Errorf("the queue moved from %.0f to %.0f", at, got)
	}
	if got := eval[string](b, `document.getElementById("fresh").innerText`); got != oneIsNew {
		t.Errorf("the bar says %q", got)
	}
	b.click("#fresh a")
	b.do(chromedp.WaitVisible(chromedp.CSS("#row-" + s.newest().Event)))
	b.press("j", "KeyJ")
	if eval[bool](b, `document.getElementById("opened").checkVisibility()`) {
		t.Error("j opens a signal over the queue")
	}
}
