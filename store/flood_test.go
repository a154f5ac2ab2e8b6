package store

import (
	"fmt"
	"testing"

	"palabre/statement"
)

// BenchmarkFlood measures thousands of reports of one utterance, by one outlet
// and by thirty.
func BenchmarkFlood(b *testing.B) {
	const n = 4000
	for _, outlets := range []int{1, 30} {
		b.Run(fmt.Sprint(outlets), func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				s := openTest(b)
				b.StartTimer()
				for i := 0; i < n; i += 250 {
					var batch []statement.Record
					for k := range 250 {
						text := fmt.Sprintf("the government talks, says dispatch number %d of the day", i+k)
						batch = append(batch, says("2021-12-09", fmt.Sprint("outlet-", k%outlets), text, open.heard()))
					}
					apply(b, s, batch...)
				}
			}
			b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds(), "statements/s")
		})
	}
}

// A crowd of reports counts like the first ones.
func TestCrowd(t *testing.T) {
	s := openTest(t)
	const n, outlets = 3 * crowd, 7
	for i := range n {
		apply(t, s, says("2021-12-09", fmt.Sprint("outlet-", i%outlets), fmt.Sprintf("the government talks, says dispatch number %d", i), open.heard()))
	}
	apply(t, s, says("2021-12-09", "another", "told once more", open.heard()))
	own := says("2021-12-09", "primature", "the prime minister's own words on this", open)
	apply(t, s, own)
	v, err := s.Statement(t.Context(), own.Statement.ID)
	if err != nil {
		t.Fatal(err)
	}
	if len(v.Events) != 1 || len(v.Events[0].Reports) != n+2 || v.Events[0].Outlets != outlets+2 || v.Events[0].Lead != own.Statement.ID {
		t.Errorf("%d events, the first of %d reports by %d outlets, led by %s; want one of %d by %d, led by the own words",
			len(v.Events), len(v.Events[0].Reports), v.Events[0].Outlets, v.Events[0].Lead, n+2, outlets+2)
	}
	mustVerify(t, s)
}
