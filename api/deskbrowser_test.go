package api_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestBrowserHearsWhatIsNew sees that an open page offers what is new and shows
// what others do, and that nothing that is read moves.
func TestBrowserHearsWhatIsNew(t *testing.T) {
	s := openTimeline(t)
	b := openBrowser(t, s)
	b.look(1280, 900, "light")
	b.do(chromedp.Navigate(s.url+"/"), chromedp.WaitVisible(".signal"))
	first := eval[string](b, `scrollTo(0, 300); document.querySelector(".signal").id`)
	place := `document.querySelector(".signal").id + " " + Math.round(document.querySelector(".signal").getBoundingClientRect().top) + " " + scrollY`
	before := eval[string](b, place)
	s.says("one", turns[0])
	b.do(chromedp.WaitVisible("#fresh a"))
	if got := eval[string](b, `document.getElementById("fresh").innerText`); got != "1 new signal – show" {
		t.Errorf("the bar says %q", got)
	}
	s.says("two", turns[1])
	b.wait(`document.getElementById("fresh").innerText === "2 new signals – show"`)
	if got := eval[string](b, `document.title`); !strings.HasPrefix(got, "(2) ") {
		t.Errorf("the title is %q", got)
	}
	s.post(map[string]any{"who": "Ousmane", "action": "own", "subject": strings.TrimPrefix(first, "signal-")})
	b.wait(`document.querySelector(".signal .care-state.owned")?.innerText === "owned by Ousmane"`)
	if after := eval[string](b, place); after != before {
		t.Errorf("what is read moved from %s to %s", before, after)
	}
	b.do(chromedp.Click("#fresh a"), chromedp.WaitVisible("#signal-"+s.newest().ID))
	if eval[bool](b, `!document.getElementById("fresh").hidden`) {
		t.Error("what was shown is still offered")
	}
	b.check()
}

// wait waits until a condition holds in the page.
func (b *browser) wait(condition string) {
	b.t.Helper()
	b.do(chromedp.Poll[chromedp.Void](condition))
}

func TestBrowserActsByKeyboard(t *testing.T) {
	s := openTimeline(t)
	s.says("one", turns[0])
	b := openBrowser(t, s)
	b.look(1280, 900, "light")
	card := "#signal-" + s.newest().ID
	b.do(chromedp.Navigate(s.url+"/"), chromedp.WaitVisible(card))
	b.do(chromedp.SendKeys("#who", "Aminata\r"), chromedp.WaitVisible(".me summary"))
	b.do(chromedp.Focus(card+" summary"), chromedp.KeyEvent("\r"), chromedp.WaitVisible(card+" input[name=note]"))
	if outline := eval[string](b, `(() => { const e = document.querySelector("`+card+` button"); e.focus({focusVisible: true}); return getComputedStyle(e).outlineStyle; })()`); outline != "solid" {
		t.Errorf("a focused button has outline %q", outline)
	}
	b.do(chromedp.KeyEvent("\r"), chromedp.WaitVisible(card+" .flash"))
	if got := s.newest().Care.Acknowledged; got != "Aminata" {
		t.Errorf("acknowledged by %q", got)
	}
	if eval[bool](b, `document.querySelector(".flash").getBoundingClientRect().top < 0 || document.querySelector(".flash").getBoundingClientRect().bottom > innerHeight`) {
		t.Error("what was done is out of sight")
	}
	b.do(chromedp.Focus(card+" .flash button"), chromedp.KeyEvent("\r"), chromedp.WaitVisible(card+" .flash:not(:has(button))"))
	if got := s.newest().Care.Acknowledged; got != "" {
		t.Errorf("taken back, and acknowledged by %q", got)
	}
	b.check()
}
