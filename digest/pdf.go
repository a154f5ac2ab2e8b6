package digest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	htmltemplate "html/template"
	"io"
	"os"
	"os/exec"
	"time"

	"github.com/chromedp/cdproto/cdp"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// ErrNoBrowser says that there is no Chromium to print with.
var ErrNoBrowser = errors.New("no Chromium is installed: install the packages chromium, fonts-noto-core and fonts-hosny-amiri, or choose another format")

// printFor is how long printing may take.
const printFor = 2 * time.Minute

// mostBrowsers is how many Chromiums may run at once. Each takes some hundred
// megabytes: whoever asks for more waits.
const mostBrowsers = 2

// findBrowser returns where Chromium is.
func findBrowser() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "headless-shell"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", ErrNoBrowser
}

// offline are flags that leave the page without a network and without scripts,
// whatever a layout of the operator's asks for.
var offline = map[string]any{
	"proxy-server":        "http://127.0.0.1:9",
	"proxy-bypass-list":   "<-loopback>",
	"host-resolver-rules": "MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
	"blink-settings":      "scriptEnabled=false",
	"disable-gpu":         true,
}

// pdf prints the HTML with Chromium.
func (t *Texts) pdf(ctx context.Context, w io.Writer, d *Digest) error {
	var page bytes.Buffer
	if err := t.html(&page, d); err != nil {
		return err
	}
	path, err := findBrowser()
	if err != nil {
		return fmt.Errorf("print digest: %w", err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path))
	for name, value := range offline {
		options = append(options, chromedp.Flag(name, value))
	}
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // Chromium's sandbox refuses to run as root
	}
	ctx, stop := context.WithTimeout(ctx, printFor)
	defer stop()
	select {
	case t.printing <- struct{}{}:
		defer func() { <-t.printing }()
	case <-ctx.Done():
		return fmt.Errorf("print digest: wait for %d others: %w", mostBrowsers, ctx.Err())
	}
	ctx, stop = chromedp.NewExecAllocator(ctx, options...)
	defer stop()
	ctx, stop = chromedp.NewContext(ctx)
	defer stop()
	printed, err := printPage(ctx, page.String(), footOf(d))
	if err != nil {
		return fmt.Errorf("print digest with %s: %w", path, err)
	}
	if _, err := w.Write(printed); err != nil {
		return fmt.Errorf("write digest: %w", err)
	}
	return nil
}

func printPage(ctx context.Context, html, foot string) ([]byte, error) {
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		return nil, err
	}
	tree, err := chromedp.Call(ctx, cdppage.GetFrameTree, cdp.Empty{})
	if err != nil {
		return nil, err
	}
	_, err = chromedp.Call(ctx, cdppage.SetDocumentContent, cdppage.SetDocumentContentParams{FrameID: tree.FrameTree.Frame.ID, HTML: html})
	if err != nil {
		return nil, err
	}
	return chromedp.Run(ctx, chromedp.PrintToPDF(
		chromedp.PDFPaper(chromedp.PaperA4), chromedp.PDFPrintBackground(), chromedp.PDFHeaderTemplate("<span></span>"), chromedp.PDFFooterTemplate(foot),
		func(p *cdppage.PrintToPDFParams) {
			yes := true
			p.PreferCSSPageSize, p.GenerateTaggedPDF, p.GenerateDocumentOutline = &yes, &yes, &yes
			p.TransferMode = cdppage.PrintToPDFTransferModeReturnAsStream
		},
	))
}

// footOf is the foot of each printed page.
func footOf(d *Digest) string {
	dir := map[bool]string{false: "ltr", true: "rtl"}[d.Lang == "ar"]
	return fmt.Sprintf(`<div dir="%s" style="width:100%%;margin:0 16mm;display:flex;justify-content:space-between;font:7pt 'Noto Sans','Noto Naskh Arabic',sans-serif;color:#5b6472">`+
		`<span>%s · %s</span><bdi>%s</bdi><span><span class="pageNumber"></span> / <span class="totalPages"></span></span></div>`,
		dir, htmltemplate.HTMLEscapeString(d.Title), htmltemplate.HTMLEscapeString(d.Labels.Window), htmltemplate.HTMLEscapeString(string(d.Mark)))
}
