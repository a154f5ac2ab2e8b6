package api_test

import (
	"context"
	"flag"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// shots is where TestBrowser leaves pictures of the pages, for people to look
// at: go test ./api -run TestBrowser -shots /tmp/shots.
var shots = flag.String("shots", "", "folder for pictures of the pages")

// browser is a Chromium that remembers what pages asked for and complained of.
type browser struct {
	t    *testing.T
	ctx  context.Context
	site *site

	mu         sync.Mutex
	requests   []string
	complaints []string
}

// openBrowser starts Chromium. Without one the test is skipped, unless the
// environment says that it must run.
func openBrowser(t *testing.T, s *site) *browser {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "headless-shell"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		const missing = "no Chromium is installed: the pages were not opened in a browser"
		if os.Getenv("CI") == "true" || os.Getenv("PALABRE_BROWSER") == "required" {
			t.Fatal(missing)
		}
		t.Skip(missing)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.Flag("disable-gpu", true))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // Chromium's sandbox refuses to run as root
	}
	b := &browser{t: t, site: s}
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(allocator)
	ctx, timeout := context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(func() { timeout(); cancel(); stop() })
	b.ctx = ctx
	must(t, chromedp.Listen(ctx, b.note))
	return b
}

// note keeps every request and every complaint.
func (b *browser) note(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		b.requests = append(b.requests, e.Request.URL)
	case *runtime.EventConsoleAPICalled:
		b.complaints = append(b.complaints, "console: "+string(e.Type))
	case *runtime.EventExceptionThrown:
		b.complaints = append(b.complaints, "exception: "+e.ExceptionDetails.Text)
	case *log.EventEntryAdded:
		b.complaints = append(b.complaints, "log: "+e.Entry.Text)
	}
}

func (b *browser) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// look draws the page as a screen of a size and colour scheme would.
func (b *browser) look(width, height int64, scheme string) {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(width, height))
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
	must(b.t, err)
}

func eval[T any](b *browser, script string) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](script))
	must(b.t, err)
	return v
}

func (b *browser) shoot(name string) {
	b.t.Helper()
	if *shots == "" {
		return
	}
	picture, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	must(b.t, err)
	must(b.t, os.WriteFile(filepath.Join(*shots, name+".png"), picture, 0o644))
}

// check fails the test if a page complained, asked anybody but its server, or
// was refused something.
func (b *browser) check() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range b.complaints {
		b.t.Errorf("the page complains: %s", c)
	}
	if len(b.requests) == 0 {
		b.t.Error("no request was seen")
	}
	home, err := url.Parse(b.site.url)
	must(b.t, err)
	for _, r := range b.requests {
		u, err := url.Parse(r)
		if err != nil || u.Host != home.Host {
			b.t.Errorf("the page asked for %s", r)
		}
	}
}

// contrast lists the texts of a page whose contrast is below WCAG AA.
const contrast = `(() => {
	const parse = (c) => { const m = c.match(/[\d.]+/g).map(Number); return m.length < 4 ? [...m, 1] : m; };
	const part = (v) => (v /= 255, v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
	const light = ([r, g, b]) => .2126 * part(r) + .7152 * part(g) + .0722 * part(b);
	const behind = (e) => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c[3] === 1) return c; } return [255, 255, 255, 1]; };
	const bad = [];
	for (const e of document.querySelectorAll("body *")) {
		const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
		if (!own || !e.getClientRects().length || e.closest(".hidden")) continue;
		const s = getComputedStyle(e), a = light(parse(s.color)), b = light(behind(e));
		const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05), size = parseFloat(s.fontSize);
		const large = size >= 24 || size >= 18.66 && s.fontWeight >= 700;
		if (ratio < (large ? 3 : 4.5)) bad.push(e.tagName + "." + e.className + " " + ratio.toFixed(2) + ": " + e.textContent.trim().slice(0, 40));
	}
	return [...new Set(bad)];
})()`

func TestBrowser(t *testing.T) {
	s := openDesk(t)
	b := openBrowser(t, s)
	var arabic struct{ Hits []struct{ ID string } }
	s.get("/api/v1/search?actor=jnim&topic=dialogue&stance=conditional&lang=ar", &arabic)
	if len(arabic.Hits) == 0 {
		t.Fatal("JNIM's conditional offer of March 2020 is missing")
	}
	pages := []struct{ name, path, shows string }{
		{"first-page", "/", ".signal blockquote"},
		{"search", "/?q=dialogue+OR+n%C3%A9gociation", ".hit mark"},
		{"statement", "/statements/" + arabic.Hits[0].ID, ".text mark"},
		{"actor", "/actors/mali-government", ".timeline blockquote"},
		{"actors", "/actors", "tbody tr"},
		{"sources", "/sources", "tbody tr"},
		{"empty", "/?q=zzzzzz", ".empty"},
		{"alerts", "/alerts", ".receivers .state"},
		{"receiver-form", "/alerts?query=kidal#enter", "#enter-query"},
		{"event", "/events/" + s.newest().Event, ".reports blockquote"},
		{"demands", "/demands", ".demands q"},
		{"handover", "/handover", ".log li"},
		{"done", "/?done=" + s.post(map[string]any{"who": "Ousmane", "action": "own", "subject": s.newest().ID}), ".flash"},
	}
	for _, view := range []struct {
		name          string
		width, height int64
		scheme        string
	}{{"", 1280, 900, "light"}, {"-dark", 1280, 900, "dark"}, {"-phone", 390, 844, "light"}, {"-phone-dark", 390, 844, "dark"}} {
		b.look(view.width, view.height, view.scheme)
		for _, p := range pages {
			b.do(chromedp.Navigate(s.url+p.path), chromedp.WaitVisible(p.shows))
			for _, bad := range eval[[]string](b, contrast) {
				t.Errorf("%s%s: too little contrast: %s", p.name, view.name, bad)
			}
			if over := eval[float64](b, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
				t.Errorf("%s%s: the page is %.0f pixels wider than the screen", p.name, view.name, over)
			}
			b.shoot(p.name + view.name)
		}
	}
	b.check()
}

func TestBrowserSearchesByKeyboard(t *testing.T) {
	s := openTimeline(t)
	b := openBrowser(t, s)
	b.do(chromedp.Navigate(s.url+"/"), chromedp.WaitVisible(".signal"))
	b.do(chromedp.KeyEvent("\t"))
	if got := eval[string](b, `document.activeElement.className + " " + (document.activeElement.getBoundingClientRect().top >= 0)`); got != "skip true" {
		t.Errorf("the first key press leads to %q, want the skip link in sight", got)
	}
	// A key press through the debugger types its letter even where the page
	// prevents that: the page gets the event alone.
	press := `document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key: "/", bubbles: true, cancelable: true}))`
	if typed := eval[bool](b, press); typed {
		t.Error("the slash would be typed into the search box")
	}
	if got := eval[string](b, `document.activeElement.id`); got != "q" {
		t.Errorf("a slash leads to %q, want the search box", got)
	}
	b.do(chromedp.SendKeys("#q", "négociation\r"), chromedp.WaitVisible(".hit mark"))
	if got := eval[string](b, `new URL(location).searchParams.get("q")`); got != "négociation" {
		t.Errorf("searched for %q", got)
	}
	b.do(chromedp.Click(".facet a"), chromedp.WaitVisible(".filter"))
	if outline := eval[string](b, `(() => { const a = document.querySelector(".hit h2 a"); a.focus({focusVisible: true}); return getComputedStyle(a).outlineStyle; })()`); outline != "solid" {
		t.Errorf("a focused link has outline %q", outline)
	}
	b.check()
}

func TestBrowserRunsNothingHostile(t *testing.T) {
	s := open(t)
	b := openBrowser(t, s)
	id := s.file(hostile())
	for _, path := range []string{"/", "/?q=dialogue", "/?q=" + url.QueryEscape(`"><script>evil()</script>`), "/statements/" + id} {
		b.do(chromedp.Navigate(s.url+path), chromedp.WaitVisible("main"))
		if got := eval[string](b, `document.body.innerText`); strings.ContainsRune(got, '\u202e') {
			t.Errorf("%s turns the reading order around", path)
		}
	}
	b.mu.Lock()
	// The query with a lone quotation mark is a syntax error, whose status
	// Chromium mentions.
	b.complaints = filter(b.complaints, func(c string) bool { return !strings.Contains(c, "400 (Bad Request)") })
	b.mu.Unlock()
	b.check()
}

func filter(list []string, keep func(string) bool) []string {
	var out []string
	for _, s := range list {
		if keep(s) {
			out = append(out, s)
		}
	}
	return out
}
