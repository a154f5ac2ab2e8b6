package api_test

import (
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// users is how many people open pages at the same time.
const users = 10

// asset finds what a page loads besides, fonts aside.
var asset = regexp.MustCompile(`(?:src|href)="(/static/[^"]+\.(?:css|js|svg)[^"]*)"`)

// transfer is how many bytes an answer has on its way, and the answer.
func transfer(b *testing.B, url string) (size int, body string) {
	b.Helper()
	for _, encoding := range []string{"gzip", "identity"} {
		r, err := http.NewRequestWithContext(b.Context(), http.MethodGet, url, nil)
		must(b, err)
		r.Header.Set("Accept", "text/html")
		r.Header.Set("Accept-Encoding", encoding)
		resp, err := http.DefaultTransport.RoundTrip(r)
		must(b, err)
		data, err := io.ReadAll(resp.Body)
		must(b, err)
		must(b, resp.Body.Close())
		if resp.StatusCode != http.StatusOK {
			b.Fatalf("%s: %s: %.300s", url, resp.Status, data)
		}
		if encoding == "gzip" {
			size = len(data)
		}
		body = string(data)
	}
	return size, body
}

// BenchmarkPages opens every page as ten people would, in a record of so many
// statements, and tells how long a page takes and how much is sent for it at a
// first visit, fonts aside.
func BenchmarkPages(b *testing.B) {
	s := openDesk(b)
	s.fill(b)
	assets := make(map[string]int)
	for _, p := range s.walk() {
		path, _, _ := strings.Cut(p.path, "#")
		b.Run(p.name, func(b *testing.B) { s.benchPage(b, path, assets) })
	}
}

// benchPage opens a page. It notes in assets how much is sent for each of the
// files that pages load.
func (s *site) benchPage(b *testing.B, path string, assets map[string]int) {
	sent, body := transfer(b, s.url+path)
	for _, found := range asset.FindAllStringSubmatch(body, -1) {
		if assets[found[1]] == 0 {
			assets[found[1]], _ = transfer(b, s.url+found[1])
		}
		sent += assets[found[1]]
	}
	times := make([]time.Duration, b.N)
	var next atomic.Int64
	var wg sync.WaitGroup
	b.ResetTimer()
	for range users {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < b.N; i = int(next.Add(1)) - 1 {
				start := time.Now()
				if a := s.page(path); a.StatusCode != http.StatusOK {
					b.Errorf("%s: %s", path, a.Status)
				}
				times[i] = time.Since(start)
			}
		})
	}
	wg.Wait()
	slices.Sort(times)
	for _, q := range []int{50, 99} {
		b.ReportMetric(times[b.N*q/100].Seconds()*1e3, fmt.Sprintf("p%d-ms", q))
	}
	b.ReportMetric(float64(sent)/1e3, "KB")
}
