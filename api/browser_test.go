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
	ctx, timeout := context.WithTimeout(ctx, 8*time.Minute)
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
		if strings.Contains(e.Entry.Text, "400 (Bad Request)") && strings.Contains(e.Entry.URL, "/search?") {
			return // Chromium mentions the status of a page that says what is wrong with a query
		}
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

// seen is a page that is walked in every language and size.
type seen struct{ name, path, shows string }

// walk lists the pages with something that each shows.
func (s *site) walk() []seen {
	s.t.Helper()
	var arabic struct{ Hits []struct{ ID string } }
	s.get("/api/v1/search?actor=jnim&topic=dialogue&stance=conditional&lang=ar", &arabic)
	if len(arabic.Hits) == 0 {
		s.t.Fatal("JNIM's conditional offer of March 2020 is missing")
	}
	return append([]seen{
		{"first-page", "/", ".row .words"},
		{"opened", "/?signal=" + s.newest().ID, ".news blockquote"},
		{"quiet", "/?state=owned&news=split", "#quiet"},
		{"search", "/search?q=dialogue+OR+n%C3%A9gociation", ".hit mark"},
		{"statement", "/statements/" + arabic.Hits[0].ID, ".text mark"},
		{"actor", "/actors/mali-government", ".timeline blockquote"},
		{"actors", "/actors", "tbody tr"},
		{"sources", "/sources", "tbody tr"},
		{"source", "/sources/al-zallaqa", ".health .facts"},
		{"source-form", "/sources/new", "#s-url"},
		{"search-page", "/search", ".examples a"},
		{"search-names", "/search?q=Koufa+OR+%D9%85%D9%81%D8%A7%D9%88%D8%B6%D8%A7%D8%AA&from=2019&to=2021", ".concept .name"},
		{"search-like", "/search?like=" + arabic.Hits[0].ID, ".hit h2"},
		{"empty", "/search?q=n%C3%A9gotiatoin&lang=fr", ".empty"},
		{"alerts", "/alerts", ".receivers .state"},
		{"receiver-form", "/alerts?query=kidal#enter", "#enter-query"},
		{"event", "/events/" + s.newest().Event, ".reports blockquote"},
		{"demands", "/demands", ".demands q"},
		{"topics", "/topics?as-of=2021-10-25", ".matrix .turn"},
		{"topic", "/topics/dialogue", ".matrix q"},
		{"places", "/places", ".map .name"},
		{"place", "/places/farabougou", ".deeds blockquote"},
		{"handover", "/handover", ".log li"},
		{"audit", "/audit", ".log li"},
		{"rules", "/rules", "tbody tr"},
		{"rule", "/rules/ar.troops.demands-departure", ".sample"},
		{"overlay", "/rules/overlay", "#overlay-text"},
		{"try", "/rules/try", "#try-text"},
		{"done", "/?done=" + s.post(map[string]any{"who": "Ousmane", "action": "own", "subject": s.newest().ID}), ".flash"},
	}, s.readingPages()...)
}

// faults lists what axe-core finds of the serious and critical sort, under the
// rules of WCAG 2.2 A and AA.
const faults = `axe.run({runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"]}).then(
	(r) => r.violations.filter((v) => ["serious", "critical"].includes(v.impact)).flatMap((v) => v.nodes.map((n) => v.id + ": " + n.target.join(" ") + ": " + n.failureSummary)))`

// overflow lists what makes a page wider than the screen: its innermost elements
// that stand out.
const overflow = `document.documentElement.scrollWidth <= innerWidth ? [] :
	[...document.querySelectorAll("body *")].filter((e) => { const r = e.getBoundingClientRect(); return r.width && (r.left < -1 || r.right > innerWidth + 1); })
		.map((e) => e.tagName + "." + e.className + " " + e.textContent.trim().slice(0, 40)).slice(-3).concat("by " + (document.documentElement.scrollWidth - innerWidth))`

// inspect fails the test for what keeps some people from using the page.
func (b *browser) inspect(name string) {
	b.t.Helper()
	axe, err := os.ReadFile("testdata/axe.min.js")
	must(b.t, err)
	if _, err := chromedp.Run(b.ctx, chromedp.Evaluate[any](string(axe)+";0")); err != nil {
		b.t.Fatal(err)
	}
	found, err := chromedp.Run(b.ctx, chromedp.Evaluate[[]string](faults, chromedp.EvalAwaitPromise))
	must(b.t, err)
	for _, f := range found {
		b.t.Errorf("%s: %s", name, f)
	}
	for _, wide := range eval[[]string](b, overflow) {
		b.t.Errorf("%s: wider than the screen: %s", name, wide)
	}
}

func TestBrowser(t *testing.T) {
	s := openDesk(t)
	pages := s.walk()
	for _, view := range []struct {
		lang, name    string
		width, height int64
		scheme        string
	}{
		{"en", "", 1280, 900, "light"},
		{"en", "-phone-dark", 390, 844, "dark"},
		{"fr", "-fr", 1280, 900, "dark"},
		{"fr", "-fr-phone", 390, 844, "light"},
		{"ar", "-ar", 1280, 900, "light"},
		{"ar", "-ar-phone", 390, 844, "dark"},
	} {
		t.Run(view.lang+view.name, func(t *testing.T) {
			b := openBrowser(t, s)
			b.look(view.width, view.height, view.scheme)
			b.do(chromedp.Navigate(s.url+"/language/"+view.lang), chromedp.WaitVisible(chromedp.CSS("main")))
			for _, p := range pages {
				b.do(chromedp.Navigate(s.url+p.path), chromedp.WaitVisible(chromedp.CSS(p.shows)))
				b.inspect(p.name + view.name)
				b.shoot(p.name + view.name)
			}
			b.check()
		})
	}
}

func TestBrowserSearchesByKeyboard(t *testing.T) {
	s := openTimeline(t)
	b := openBrowser(t, s)
	b.do(chromedp.Navigate(s.url+"/"), chromedp.WaitVisible(chromedp.CSS(".row")))
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
	b.do(chromedp.SendKeys(chromedp.CSS("#q"), "négociation\r"), chromedp.WaitVisible(chromedp.CSS(".hit mark")))
	if got := eval[string](b, `new URL(location).searchParams.get("q")`); got != "négociation" {
		t.Errorf("searched for %q", got)
	}
	b.do(chromedp.Click(chromedp.CSS(".facet a")), chromedp.WaitVisible(chromedp.CSS(".filter")))
	if outline := eval[string](b, `(() => { const a = document.querySelector(".hit h2 a"); a.focus({focusVisible: true}); return getComputedStyle(a).outlineStyle; })()`); outline != "solid" {
		t.Errorf("a focused link has outline %q", outline)
	}
	b.check()
}

func TestBrowserRunsNothingHostile(t *testing.T) {
	s := open(t)
	b := openBrowser(t, s)
	id := s.file(hostile())
	for _, path := range []string{"/", "/search?q=dialogue", "/search?q=" + url.QueryEscape(`"><script>evil()</script>`), "/statements/" + id} {
		b.do(chromedp.Navigate(s.url+path), chromedp.WaitVisible(chromedp.CSS("main")))
		if got := eval[string](b, `document.body.innerText`); strings.ContainsRune(got, '\u202e') {
			t.Errorf("%s turns the reading order around", path)
		}
	}
	b.check()
}
