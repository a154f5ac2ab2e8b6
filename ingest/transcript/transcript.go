// Package transcript reads subtitles, SubRip and WebVTT, into running text with
// the turns of its speakers.
package transcript

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/asticode/go-astisub"

	"palabre/ingest/plain"
	"palabre/statement"
)

// Format is a format of subtitles.
type Format string

// The formats that are read.
const (
	SubRip Format = "srt"
	WebVTT Format = "vtt"
)

// Transcript is what was spoken. Turns hold byte offsets into Text.
type Transcript struct {
	Text  string
	Turns []statement.Turn
}

// ErrNoCues says that nothing in a file is a subtitle.
var ErrNoCues = errors.New("no subtitle could be read")

const (
	maxCues = 50_000
	maxTurn = 200 // bytes of a speaker's name
)

// Parse reads subtitles. Each cue is read alone: a broken one is a problem, with
// its line, and the others are kept. Lines that roll up, as machines caption
// live speech, are taken once.
func Parse(text string, format Format) (Transcript, []statement.Problem, error) {
	var problems []statement.Problem
	var b builder
	cues := 0
	for _, block := range blocks(text) {
		if format == WebVTT && isComment(block.text) {
			continue
		}
		if cues++; cues > maxCues {
			problems = append(problems, statement.Problem{Where: block.where(), What: fmt.Sprintf("and what follows is left out: at most %d subtitles are read", maxCues)})
			break
		}
		lines, err := parseCue(block.text, format)
		if err != nil {
			problems = append(problems, statement.Problem{Where: block.where(), What: err.Error()})
			continue
		}
		for _, l := range lines {
			b.line(l)
		}
	}
	if b.text.Len() == 0 {
		return Transcript{}, problems, ErrNoCues
	}
	return b.done(), problems, nil
}

// block is what stands between empty lines.
type block struct {
	line int
	text string
}

func (b block) where() string { return fmt.Sprintf("line %d", b.line) }

func blocks(text string) []block {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.TrimPrefix(text, "\ufeff"))
	var out []block
	var lines []string
	flush := func(n int) {
		if len(lines) > 0 {
			out = append(out, block{n - len(lines), strings.Join(lines, "\n")})
			lines = nil
		}
	}
	n := 0
	for line := range strings.SplitSeq(text, "\n") {
		n++
		if strings.TrimSpace(line) == "" {
			flush(n)
			continue
		}
		lines = append(lines, line)
	}
	flush(n + 1)
	return out
}

// isComment reports whether a block of WebVTT is none that is shown.
func isComment(s string) bool {
	for _, prefix := range []string{"WEBVTT", "NOTE", "STYLE", "REGION", "X-TIMESTAMP-MAP"} {
		if strings.HasPrefix(s, prefix) && !strings.Contains(s, "-->") {
			return true
		}
	}
	return false
}

func parseCue(text string, format Format) ([]astisub.Line, error) {
	if !strings.Contains(text, "-->") {
		return nil, errors.New("is no subtitle: it has no times")
	}
	var subs *astisub.Subtitles
	var err error
	if format == WebVTT {
		subs, err = astisub.ReadFromWebVTT(strings.NewReader("WEBVTT\n\n" + text + "\n"))
	} else {
		subs, err = astisub.ReadFromSRT(strings.NewReader(text + "\n"))
	}
	if err != nil {
		return nil, fmt.Errorf("is no subtitle: %s", strings.Join(strings.Fields(err.Error()), " "))
	}
	var lines []astisub.Line
	for _, item := range subs.Items {
		lines = append(lines, item.Lines...)
	}
	return lines, nil
}

// label is a name before a colon, or a dash, with which a new speaker begins.
var label = regexp.MustCompile(`^(?:[-–—]\s|\p{Lu}[\p{L}.'’ -]{1,60}\s?:\s|\p{Arabic}[\p{Arabic} ]{1,60}\s?:\s)`)

// builder joins cues into text.
type builder struct {
	text  strings.Builder
	turns []statement.Turn
	voice string
	last  string
}

func (b *builder) line(l astisub.Line) {
	s := plain.Line(plain.FromHTML(l.String()))
	if s == "" || s == b.last {
		return
	}
	b.last = s
	voice, _ := plain.Cut(plain.Line(l.VoiceName), maxTurn)
	switch {
	case b.text.Len() == 0:
	case voice != b.voice || label.MatchString(s):
		b.text.WriteString("\n\n")
	default:
		b.text.WriteByte(' ')
	}
	from := b.text.Len()
	b.text.WriteString(s)
	if n := len(b.turns); n > 0 && voice == b.voice && voice != "" {
		b.turns[n-1].End = b.text.Len()
	} else if voice != "" {
		b.turns = append(b.turns, statement.Turn{Start: from, End: b.text.Len(), Speaker: voice})
	}
	b.voice = voice
}

func (b *builder) done() Transcript { return Transcript{b.text.String(), b.turns} }
