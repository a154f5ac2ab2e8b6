package stream

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// MaxMessage is the size of the largest message that an embedded server
// carries. A statement has up to 1 MiB of text, of which JSON can make six.
const MaxMessage = 8 << 20

// embedded is a NATS server inside this process. Nothing outside can reach it.
type embedded struct {
	server *server.Server
	lock   *os.File
}

// startEmbedded starts a server whose streams are in dir. It holds a lock on
// the folder, because JetStream does not and two servers would ruin it.
func startEmbedded(dir string, log *slog.Logger) (*embedded, error) {
	lock, err := lockDir(dir)
	if err != nil {
		return nil, err
	}
	e := &embedded{lock: lock}
	said := &serverLog{log: log}
	e.server, err = server.NewServer(&server.Options{
		ServerName:             "palabre",
		DontListen:             true,
		JetStream:              true,
		StoreDir:               dir,
		SyncAlways:             true,
		MaxPayload:             MaxMessage,
		JetStreamMaxMemory:     64 << 20,
		JetStreamMaxStore:      1 << 50, // each stream has its own limit
		DisableJetStreamBanner: true,
		NoSigs:                 true,
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("set up embedded server: %w", err), e.stop())
	}
	e.server.SetLoggerV2(said, false, false, false)
	e.server.Start()
	for patience := time.Minute; !e.server.ReadyForConnections(100 * time.Millisecond); patience -= 100 * time.Millisecond {
		if why := said.fatal(); why != "" {
			return nil, errors.Join(fmt.Errorf("start embedded server in %s: %s", dir, why), e.stop())
		}
		if patience <= 0 {
			return nil, errors.Join(fmt.Errorf("start embedded server in %s: not ready within a minute", dir), e.stop())
		}
	}
	if err := checkDurable(e.server); err != nil {
		return nil, errors.Join(err, e.stop())
	}
	return e, nil
}

// stop shuts the server down, waits until it is, and gives the folder back.
func (e *embedded) stop() error {
	if e.server != nil {
		e.server.Shutdown()
		e.server.WaitForShutdown()
	}
	if err := e.lock.Close(); err != nil {
		return fmt.Errorf("unlock stream folder: %w", err)
	}
	return nil
}

// checkDurable reports an error unless every write is on disk before it is
// acknowledged. With the server's default of two minutes, power loss takes
// acknowledged messages and whole new streams.
func checkDurable(s *server.Server) error {
	cfg := s.JetStreamConfig()
	switch {
	case cfg == nil:
		return errors.New("check embedded server: JetStream is not running")
	case !cfg.SyncAlways:
		return errors.New("check embedded server: sync_interval is not \"always\", so that a power cut would lose acknowledged messages")
	}
	return nil
}

// lockDir creates dir and takes the lock on it, which ends with the process.
func lockDir(dir string) (*os.File, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("create stream folder: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock stream folder: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close() // nothing was written
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("lock stream folder: %s is in use by another process", dir)
		}
		return nil, fmt.Errorf("lock stream folder %s: %w", dir, err)
	}
	return f, nil
}

// serverLog passes on what the server says, and remembers why it gave up: a
// server that fails to start says so only there.
type serverLog struct {
	log *slog.Logger

	mu  sync.Mutex
	why string
}

func (l *serverLog) fatal() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.why
}

func (l *serverLog) say(level slog.Level, format string, v []any) {
	l.log.Log(context.Background(), level, "nats server: "+fmt.Sprintf(format, v...))
}

// Fatalf and the other methods implement server.Logger.
func (l *serverLog) Fatalf(format string, v ...any) {
	l.mu.Lock()
	l.why = fmt.Sprintf(format, v...)
	l.mu.Unlock()
	l.say(slog.LevelError, format, v)
}

func (l *serverLog) Errorf(format string, v ...any)  { l.say(slog.LevelError, format, v) }
func (l *serverLog) Warnf(format string, v ...any)   { l.say(slog.LevelWarn, format, v) }
func (l *serverLog) Noticef(format string, v ...any) { l.say(slog.LevelDebug, format, v) }
func (l *serverLog) Debugf(string, ...any)           {}
func (l *serverLog) Tracef(string, ...any)           {}
