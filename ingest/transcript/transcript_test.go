package transcript_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palabre/ingest/transcript"
	"palabre/statement"
)

const srt = `1
00:00:01,000 --> 00:00:03,500
Nous avons dit <i>dès le début</i>

2
00:00:03,500 --> 00:00:05,000
Nous avons dit <i>dès le début</i>
que la porte reste ouverte.

3
00:00:xx,000 --> 00:00:06,000
perdu

4
00:00:06,000 --> 00:00:08,000
JOURNALISTE : Et les troupes ?
`

const vtt = "WEBVTT - essai\r\n\r\nNOTE\r\nrien\r\n\r\nintro\r\n00:01.000 --> 00:03.000 align:start\r\n<v Iyad Ag Ghali>نقبل الحوار\r\n\r\n" +
	"00:03.000 --> 00:05.000\r\n<v Iyad Ag Ghali>بشرط خروج القوات\r\n\r\n00:05.000 --> 00:07.000\r\n<v Journaliste>Merci.\r\n"

func TestParse(t *testing.T) {
	got, problems, err := transcript.Parse(srt, transcript.SubRip)
	if err != nil {
		t.Fatal(err)
	}
	if want := "Nous avons dit dès le début que la porte reste ouverte.\n\nJOURNALISTE : Et les troupes ?"; got.Text != want {
		t.Errorf("SubRip gives %q, want %q", got.Text, want)
	}
	if len(problems) != 1 || problems[0].Where != "line 10" {
		t.Errorf("problems %v, want one at line 10", problems)
	}
}

func TestVoices(t *testing.T) {
	got, problems, err := transcript.Parse(vtt, transcript.WebVTT)
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	const speech = "نقبل الحوار بشرط خروج القوات"
	want := transcript.Transcript{
		Text: speech + "\n\nMerci.",
		Turns: []statement.Turn{
			{Start: 0, End: len(speech), Speaker: "Iyad Ag Ghali"},
			{Start: len(speech) + 2, End: len(speech) + 8, Speaker: "Journaliste"},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("WebVTT (-want +got):\n%s", diff)
	}
}

func TestNothing(t *testing.T) {
	for _, s := range []string{"", "WEBVTT", "hello\n\nworld"} {
		if _, _, err := transcript.Parse(s, transcript.WebVTT); !errors.Is(err, transcript.ErrNoCues) {
			t.Errorf("Parse(%q) = %v, want ErrNoCues", s, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(srt, true)
	f.Add(vtt, false)
	f.Add("00:00:00.000 --> 00:00:00.000\n<v", false)
	f.Fuzz(func(t *testing.T, s string, rip bool) {
		format := transcript.WebVTT
		if rip {
			format = transcript.SubRip
		}
		got, _, err := transcript.Parse(s, format)
		if err == nil && strings.TrimSpace(got.Text) == "" {
			t.Fatal("no text and no error")
		}
		for _, turn := range got.Turns {
			if turn.Start < 0 || turn.End > len(got.Text) || turn.Start >= turn.End {
				t.Fatalf("turn %+v lies outside of %q", turn, got.Text)
			}
		}
	})
}
