package api_test

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// types puts a text into the search box as keys do.
func (b *browser) types(text string) {
	b.t.Helper()
	b.do(chromedp.SendKeys(chromedp.CSS("#q"), text))
}

// options are what the search box proposes.
func (b *browser) options() []string {
	b.t.Helper()
	return eval[[]string](b, `[...document.querySelectorAll("#q-options li bdi")].map((e) => e.textContent)`)
}

func TestBrowserCompletesQueries(t *testing.T) {
	s := openTimeline(t)
	b := openBrowser(t, s)
	b.look(1280, 900, "light")
	b.do(chromedp.Navigate(s.url+"/search"), chromedp.WaitVisible(chromedp.CSS(".examples a")))
	b.types("paix stan")
	b.do(chromedp.WaitVisible(chromedp.CSS("#q-options li")))
	b.inspect("completion")
	b.shoot("completion")
	// A key press through the debugger does what it does even where the page
	// prevents that: the page gets the events alone.
	press := func(key string) bool {
		t.Helper()
		return eval[bool](b, `document.getElementById("q").dispatchEvent(new KeyboardEvent("keydown", {key: "`+key+`", bubbles: true, cancelable: true}))`)
	}
	if press("ArrowDown") {
		t.Error("the arrow moves the cursor as well")
	}
	b.wait(`document.getElementById("q").getAttribute("aria-activedescendant") === "q-options-0"`)
	b.shoot("completion-chosen")
	if press("Enter") {
		t.Error("Enter searches while something is chosen")
	}
	b.wait(`document.getElementById("q").value === "paix stance:" && document.querySelectorAll("#q-options li").length === 4`)
	if got := b.options(); strings.Join(got, " ") != "pro anti conditional mixed" {
		t.Errorf("a field proposes %q", got)
	}
	b.types("con")
	b.wait(`document.querySelectorAll("#q-options li").length === 1`)
	b.do(chromedp.Click(chromedp.CSS("#q-options li")))
	b.wait(`document.getElementById("q").value === "paix stance:conditional " && document.getElementById("q-options").hidden`)
	b.types("gsi")
	b.do(chromedp.WaitVisible(chromedp.CSS("#q-options li")))
	if press("Escape") {
		t.Error("Escape empties the box while the list is open")
	}
	if !eval[bool](b, `document.getElementById("q-options").hidden && document.getElementById("q").getAttribute("aria-expanded") === "false"`) {
		t.Error("Escape leaves the list open")
	}
	b.do(chromedp.Evaluate[chromedp.Void](`void (document.getElementById("q").value = "")`))
	b.types("Koufa")
	b.do(chromedp.WaitVisible(chromedp.CSS("#q-options li")), chromedp.KeyEvent("\r"), chromedp.WaitVisible(chromedp.CSS(".concept .name")))
	if got := eval[string](b, `new URL(location).pathname + " " + new URL(location).searchParams.get("q")`); got != "/search Koufa" {
		t.Errorf("Enter leads to %q", got)
	}
	b.check()
}

func TestBrowserTakesNamesOut(t *testing.T) {
	s := openTimeline(t)
	b := openBrowser(t, s)
	b.look(1280, 900, "light")
	b.do(chromedp.Navigate(s.url+"/search?q=talks"), chromedp.WaitVisible(chromedp.CSS(".concept .name")))
	total := `document.getElementById("found-title").textContent`
	all := eval[string](b, total)
	b.do(chromedp.Click(chromedp.CSS(".concept .name")), chromedp.WaitVisible(chromedp.CSS(".concept .name.out")))
	if got := eval[string](b, `new URL(location).searchParams.get("q")`); !strings.HasPrefix(got, "talks without:") {
		t.Errorf("the address says %q", got)
	}
	b.do(chromedp.Focus(chromedp.CSS(".concept .name.out")), chromedp.KeyEvent("\r"), chromedp.WaitNotPresent(chromedp.CSS(".concept .name.out")))
	if got := eval[string](b, total); got != all {
		t.Errorf("with all names again %s, want %s", got, all)
	}
	b.do(chromedp.Click(chromedp.CSS(".concept .exact")), chromedp.WaitVisible(chromedp.CSS(".concept.off")))
	b.check()
}

func TestBrowserBrushesTime(t *testing.T) {
	s := openTimeline(t)
	b := openBrowser(t, s)
	b.look(1280, 900, "light")
	b.do(chromedp.Navigate(s.url+"/search?topic=dialogue"), chromedp.WaitVisible(chromedp.CSS(".chart svg.brush")))
	if stops := eval[int](b, `[...document.querySelectorAll(".chart svg a")].filter((a) => a.tabIndex === 0).length`); stops != 1 {
		t.Errorf("the chart takes %d stops of the Tab key", stops)
	}
	place := eval[struct{ X, Y, Width float64 }](b, `(() => { const r = document.querySelector(".chart svg").getBoundingClientRect(); return {X: r.left, Y: r.top + r.height / 2, Width: r.width}; })()`)
	mouse := func(kind input.DispatchMouseEventType, share float64) {
		t.Helper()
		_, err := chromedp.Call(b.ctx, input.DispatchMouseEvent, input.DispatchMouseEventParams{
			Type: kind, X: place.X + share*place.Width, Y: place.Y, Button: input.MouseButtonLeft, ClickCount: 1,
		})
		must(t, err)
	}
	mouse(input.DispatchMouseEventTypeMousePressed, .3)
	mouse(input.DispatchMouseEventTypeMouseMoved, .6)
	b.wait(`document.querySelectorAll(".chart a.picked").length > 2 && document.getElementById("brushed").textContent.includes(" – ")`)
	b.shoot("brush")
	mouse(input.DispatchMouseEventTypeMouseReleased, .6)
	b.do(chromedp.WaitVisible(chromedp.CSS(".active .filter:nth-child(2)")))
	if got := eval[bool](b, `(() => { const q = new URL(location).searchParams; return q.get("topic") === "dialogue" && q.get("from") < q.get("to"); })()`); !got {
		t.Errorf("brushing leads to %s", eval[string](b, `location.href`))
	}

	b.do(chromedp.Navigate(s.url+"/search?topic=dialogue"), chromedp.WaitVisible(chromedp.CSS(".chart svg.brush")))
	b.do(chromedp.Evaluate[chromedp.Void](`document.querySelector('.chart svg a[tabindex="0"]').focus()`))
	key := func(name string, shift bool) {
		t.Helper()
		with := ""
		if shift {
			with = ", shiftKey: true"
		}
		b.do(chromedp.Evaluate[chromedp.Void](`void document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key: "` + name + `", bubbles: true, cancelable: true` + with + `}))`))
	}
	key("Home", false)
	key("ArrowRight", false)
	key("ArrowRight", true)
	key("ArrowRight", true)
	if got := eval[int](b, `document.querySelectorAll(".chart a.picked").length`); got != 3 {
		t.Errorf("the keys take in %d bars, want 3", got)
	}
	want := eval[string](b, `[...document.querySelectorAll(".chart a.picked")].map((a) => a.dataset.from)[0]`)
	b.do(chromedp.KeyEvent("\r"), chromedp.WaitVisible(chromedp.CSS(".active .filter:nth-child(2)")))
	if got := eval[string](b, `new URL(location).searchParams.get("from")`); got != want {
		t.Errorf("the keys lead from %q, want %q", got, want)
	}
	b.check()
}

func TestBrowserKeepsSearches(t *testing.T) {
	s := openTimeline(t)
	b := openBrowser(t, s)
	b.look(1280, 900, "light")
	b.do(chromedp.Navigate(s.url+"/search?q=dialogue"), chromedp.WaitVisible(chromedp.CSS(".take")))
	b.do(chromedp.Click(chromedp.CSS(".take summary")), chromedp.WaitVisible(chromedp.CSS("#save-name")))
	b.inspect("save")
	b.shoot("save")
	b.do(chromedp.SendKeys(chromedp.CSS("#save-name"), "الحوار"), chromedp.SendKeys(chromedp.CSS("#save-who"), "Aminata\r"), chromedp.WaitVisible(chromedp.CSS(".kept li")))
	b.inspect("kept")
	b.shoot("kept")
	b.do(chromedp.Focus(chromedp.CSS(".flash button")), chromedp.KeyEvent("\r"), chromedp.WaitNotPresent(chromedp.CSS(".kept li")))
	b.do(chromedp.Click(chromedp.CSS(".take summary")), chromedp.WaitVisible(chromedp.CSS("#save-name")))
	b.do(chromedp.SendKeys(chromedp.CSS("#save-name"), "Dialogue\r"), chromedp.WaitVisible(chromedp.CSS(".kept li")))
	b.do(chromedp.Click(chromedp.CSS(".kept button")), chromedp.WaitNotPresent(chromedp.CSS(".kept li")))
	b.do(chromedp.Click(chromedp.CSS(".flash button")), chromedp.WaitVisible(chromedp.CSS(".kept li")))
	b.check()
}

func TestBrowserGoesOnInPlace(t *testing.T) {
	s := openTimeline(t)
	b := openBrowser(t, s)
	b.look(1280, 900, "light")
	b.do(chromedp.Navigate(s.url+"/search?sort=oldest"), chromedp.WaitVisible(chromedp.CSS(".pager a[rel=next]")))
	before := eval[int](b, `document.querySelectorAll(".hits > article").length`)
	b.do(chromedp.Focus(chromedp.CSS(".pager a[rel=next]")), chromedp.KeyEvent("\r"))
	b.wait(`document.querySelectorAll(".hits > article").length > 20 && document.activeElement.closest("article") !== null`)
	if got := eval[int](b, `[...document.querySelectorAll(".hits > article")].indexOf(document.activeElement.closest("article"))`); got != before {
		t.Errorf("the focus is on hit %d, want %d", got, before)
	}
	if got := eval[int](b, `document.querySelectorAll(".pager").length`); got > 1 {
		t.Errorf("%d pagers", got)
	}
	b.check()
}

func TestBrowserShowsMistakesWhereTheyAre(t *testing.T) {
	s := openTimeline(t)
	b := openBrowser(t, s)
	for _, lang := range []string{"en", "fr", "ar"} {
		b.look(390, 844, "dark")
		b.do(chromedp.Navigate(s.url+"/language/"+lang), chromedp.WaitVisible(chromedp.CSS("main")))
		b.do(chromedp.Navigate(s.url+"/search?q=dialogue+AND+topik:sharia"), chromedp.WaitVisible(chromedp.CSS(".syntax mark")))
		b.inspect("mistake " + lang)
		b.shoot("mistake-" + lang)
		if got := eval[string](b, `document.querySelector(".syntax mark").textContent`); got != "topik" {
			t.Errorf("%s: %q is marked", lang, got)
		}
		b.do(chromedp.Click(chromedp.CSS("a.meant")), chromedp.WaitVisible(chromedp.CSS("#found-title")))
		if got := eval[string](b, `document.getElementById("q").value`); got != "dialogue AND topic:sharia" {
			t.Errorf("%s: what was meant is %q", lang, got)
		}
	}
	b.check()
}
