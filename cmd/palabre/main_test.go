package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain makes the test program also the program: scripts call it by its
// name, and so do the tests that need a process to kill.
func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	testscript.Main(m, map[string]func(){"palabre": main})
}

// asProgram is set for a copy of the test program that is to be palabre.
const asProgram = "PALABRE_TEST_AS_PROGRAM"

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Setenv("PALABRE_LOG_LEVEL", "error")
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"timeline": func(ts *testscript.TestScript, _ bool, args []string) { // files the acceptance timeline into a data folder
				ts.Check(fileTimeline(context.Background(), ts.MkAbs(args[0])))
			},
		},
		Condition: func(name string) (bool, error) {
			if name == "root" {
				return os.Geteuid() == 0, nil
			}
			return false, fmt.Errorf("unknown condition %q", name)
		},
	})
}

// process is palabre, running apart.
type process struct {
	t      *testing.T
	cmd    *exec.Cmd
	url    string
	stderr *lockedBuffer
	waited sync.Once
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write appends.
func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

// String returns what was written so far.
func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// program returns a command that runs palabre with the arguments.
func program(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, os.Args[0], args...)
	cmd.Env = append(os.Environ(), asProgram+"=1", "PALABRE_LOG_LEVEL=warn")
	return cmd
}

// patience bounds every wait: a test that hangs fails with what it waited for.
const patience = 90 * time.Second

// start runs palabre serve on dir and waits until it is ready.
func start(t *testing.T, dir string, args ...string) *process {
	t.Helper()
	p := launch(t, append([]string{"serve", "--data", dir, "--listen", "127.0.0.1:0"}, args...)...)
	line := p.waitFor(regexp.MustCompile(`ready at (http://\S+)`))
	p.url = line[1]
	return p
}

// output is what a process prints, as it comes.
type output struct {
	mu    sync.Mutex
	lines []string
	more  chan struct{}
}

// launch runs palabre until the test ends.
func launch(t *testing.T, args ...string) *process {
	t.Helper()
	p := &process{t: t, cmd: program(context.Background(), args...), stderr: new(lockedBuffer)}
	p.cmd.Stderr = p.stderr
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	o := &output{more: make(chan struct{}, 1)}
	outputs.Store(p, o)
	go func() {
		scan := bufio.NewScanner(stdout)
		for scan.Scan() {
			o.mu.Lock()
			o.lines = append(o.lines, scan.Text())
			o.mu.Unlock()
			select {
			case o.more <- struct{}{}:
			default:
			}
		}
		close(o.more)
	}()
	t.Cleanup(func() { p.stop(syscall.SIGKILL) })
	return p
}

// outputs holds what each process printed.
var outputs sync.Map

// waitFor waits for a line on standard output and returns its parts.
func (p *process) waitFor(want *regexp.Regexp) []string {
	p.t.Helper()
	v, _ := outputs.Load(p)
	o, ok := v.(*output)
	if !ok {
		p.t.Fatal("the process prints nowhere")
	}
	limit := time.After(patience)
	for {
		o.mu.Lock()
		for _, l := range o.lines {
			if m := want.FindStringSubmatch(l); m != nil {
				o.mu.Unlock()
				return m
			}
		}
		o.mu.Unlock()
		select {
		case _, open := <-o.more:
			if !open {
				p.t.Fatalf("palabre ended before it printed %q: %s", want, p.stderr)
			}
		case <-limit:
			p.t.Fatalf("palabre did not print %q: %s", want, p.stderr)
		}
	}
}

// stop ends the process with a signal and returns how it ended.
func (p *process) stop(sig os.Signal) error {
	var err error
	p.waited.Do(func() {
		_ = p.cmd.Process.Signal(sig) // it may have ended by itself
		err = p.cmd.Wait()
	})
	return err
}

// get reads JSON from the process's API.
func (p *process) get(path string, into any) {
	p.t.Helper()
	if err := getJSON(p.url+path, into); err != nil {
		p.t.Fatal(err)
	}
}

func getJSON(url string, into any) error {
	resp, err := http.Get(url)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("get %s: %s: %s", url, resp.Status, body)
	}
	return json.Unmarshal(body, into)
}

// call runs palabre to its end in this process.
func call(t *testing.T, in string, args ...string) (status int, out, errOut string) {
	t.Helper()
	var o, e bytes.Buffer
	status = run(t.Context(), args, strings.NewReader(in), &o, &e)
	return status, o.String(), e.String()
}

// shared returns the path of a file beside the project, or skips the test.
func shared(t testing.TB, name string) string {
	t.Helper()
	path := filepath.Join("..", "..", "..", "shared", filepath.FromSlash(name))
	if _, err := os.Stat(path); err != nil {
		t.Skipf("%s is not there: %v", name, err)
	}
	return path
}

// eventually waits until ok says yes.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	limit := time.After(patience)
	for !ok() {
		select {
		case <-tick.C:
		case <-limit:
			t.Fatalf("waited in vain until %s", what)
		}
	}
}

// TestPortInUse takes the port away before the program starts.
func TestPortInUse(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	dir := filepath.Join(t.TempDir(), "data")
	status, _, stderr := call(t, "", "serve", "--listen", taken.Addr().String(), "--data", dir)
	want := fmt.Sprintf("palabre: listen on %s: the port is in use; choose another with --listen, or :0 for a free one\n", taken.Addr())
	if status != exitFailure || stderr != want {
		t.Errorf("ends with %d: %q, want %q", status, stderr, want)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("a data folder was made")
	}
}

// gunzip returns the text of a compressed file.
func gunzip(t testing.TB, path string) string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
