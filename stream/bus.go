package stream

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// The names of the streams.
const (
	Statements = "STATEMENTS" // statements as published by their sources
	Records    = "RECORDS"    // statements with their readings
	Desk       = "DESK"       // what people did: the audit log
	Told       = "TOLD"       // which receiver was told what, for the other nodes
	Alerts     = "ALERTS"     // alerts, for other programs
)

// AlertSubjects is what the subjects of all alerts begin with.
const AlertSubjects = "palabre.alerts."

// The streams, and those that the nodes themselves consume.
var (
	ownStreams  = []string{Statements, Records, Desk, Told}
	streamNames = []string{Statements, Records, Desk, Told, Alerts}
)

// subjectsOf returns the subjects that a stream takes in.
func subjectsOf(stream string) string {
	if stream == Alerts {
		return AlertSubjects + ">"
	}
	return strings.ToLower(stream) + ".>"
}

// maxBytesOf returns how much a stream may hold unless somebody says otherwise:
// some three million statements, or a million of what people do and are told.
func maxBytesOf(stream string) int64 {
	if stream == Statements || stream == Records {
		return 16 << 30
	}
	return 1 << 30
}

// duplicateWindow is how long a stream remembers the IDs of its messages.
const duplicateWindow = 2 * time.Minute

// Options say where the streams are and how much they may hold.
type Options struct {
	Dir      string       // folder of the embedded server; used if URL is empty
	URL      string       // servers to join instead, separated by commas
	Creds    string       // file with the user's credentials
	CA       string       // file with the certificates that the servers must be signed by
	Cert     string       // file with the client's certificate
	Key      string       // file with the key of Cert
	Replicas int          // copies of each stream in a cluster; 0 keeps what is there, else 1
	MaxBytes int64        // most bytes a stream may hold; 0 keeps what is there, else 16 GiB for statements and records and 1 GiB for the others
	Log      *slog.Logger // nil discards
}

func (o *Options) validate() error {
	switch {
	case o.URL == "" && o.Dir == "":
		return errors.New("neither a folder for the embedded server nor the URL of a server is given")
	case o.URL == "" && o.Replicas > 1:
		return fmt.Errorf("an embedded server keeps one copy of a stream, not %d: give the URL of a cluster", o.Replicas)
	case (o.Cert == "") != (o.Key == ""):
		return errors.New("a client certificate needs both its file and its key file")
	case o.MaxBytes < 0 || o.Replicas < 0:
		return errors.New("limits cannot be negative")
	}
	return nil
}

// timing holds every duration that the bus keeps to.
type timing struct {
	start   time.Duration   // most time to reach the server at first
	request time.Duration   // most time for one request to it
	pull    time.Duration   // how long a request for messages stands
	ack     time.Duration   // after which an unacknowledged message comes again
	pin     time.Duration   // after which a silent process loses its partition
	beat    time.Duration   // between signs of life to the other processes
	lease   time.Duration   // after which a lease that was not renewed is free
	renew   time.Duration   // between renewals, and between tries to get a lease
	gather  time.Duration   // most time to wait for a message that is on its way
	pause   time.Duration   // after a first failure; doubles up to longest
	longest time.Duration   // longest pause
	retry   []time.Duration // before each further try of a bad message
}

func defaultTiming() timing {
	return timing{
		start:   30 * time.Second,
		request: 10 * time.Second,
		pull:    3 * time.Second,
		ack:     30 * time.Second,
		pin:     10 * time.Second,
		beat:    time.Second,
		lease:   10 * time.Second,
		renew:   2 * time.Second,
		gather:  50 * time.Millisecond,
		pause:   100 * time.Millisecond,
		longest: 10 * time.Second,
		retry:   []time.Duration{time.Second, 5 * time.Second, 30 * time.Second, 2 * time.Minute},
	}
}

// Bus is a connection to the streams. Its methods are safe for concurrent use.
type Bus struct {
	opts     Options
	timing   timing
	log      *slog.Logger
	embedded *embedded // nil if the server is a remote one
	conn     *nats.Conn
	js       jetstream.JetStream

	close func() error

	mu    sync.Mutex
	link  context.Context // ends when the present connection breaks
	cut   context.CancelFunc
	ended bool
}

// Open starts the embedded server or joins the remote one, and sees to it that
// the streams exist as they should. A remote server that is not there yet is
// waited for, half a minute at most.
func Open(ctx context.Context, opts Options) (*Bus, error) {
	return open(ctx, opts, defaultTiming())
}

func open(ctx context.Context, opts Options, t timing) (_ *Bus, err error) {
	if err := opts.validate(); err != nil {
		return nil, fmt.Errorf("open streams: %w", err)
	}
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	b := &Bus{opts: opts, timing: t, log: opts.Log}
	b.link, b.cut = context.WithCancel(context.Background())
	b.close = sync.OnceValue(b.shutdown)
	defer func() {
		if err != nil {
			err = fmt.Errorf("open streams: %w", errors.Join(err, b.Close()))
		}
	}()
	ctx, cancel := context.WithTimeoutCause(ctx, t.start, fmt.Errorf("no answer within %v", t.start))
	defer cancel()
	if opts.URL == "" {
		if b.embedded, err = startEmbedded(opts.Dir, b.log); err != nil {
			return nil, err
		}
	}
	if err := b.connect(ctx); err != nil {
		return nil, err
	}
	if err := b.checkServer(); err != nil {
		return nil, err
	}
	return b, b.insist(ctx, "prepare streams", func() error { return b.ensureAll(ctx) })
}

// connect reaches the server for the first time; later the connection mends
// itself for ever.
func (b *Bus) connect(ctx context.Context) error {
	options := []nats.Option{
		nats.Name("palabre"),
		nats.Timeout(min(b.timing.request, 5*time.Second)),
		nats.MaxReconnects(-1),
		nats.ReconnectWait(250 * time.Millisecond),
		nats.ReconnectJitter(250*time.Millisecond, 250*time.Millisecond),
		nats.ReconnectBufSize(-1), // fail while disconnected: the spool keeps what is not sent
		nats.PingInterval(10 * time.Second),
		nats.MaxPingsOutstanding(2),
		nats.DisconnectErrHandler(b.disconnected),
		nats.ReconnectHandler(func(c *nats.Conn) { b.log.Info("nats: connected again", "server", c.ConnectedUrlRedacted()) }),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { b.log.Warn("nats: " + err.Error()) }),
	}
	if b.embedded != nil {
		options = append(options, nats.InProcessServer(b.embedded.server))
	}
	if b.opts.Creds != "" {
		options = append(options, nats.UserCredentials(b.opts.Creds))
	}
	if b.opts.CA != "" {
		options = append(options, nats.RootCAs(b.opts.CA))
	}
	if b.opts.Cert != "" {
		options = append(options, nats.ClientCert(b.opts.Cert, b.opts.Key))
	}
	err := b.insist(ctx, "connect to "+b.where(), func() (err error) {
		b.conn, err = nats.Connect(b.opts.URL, options...)
		return err
	})
	if err != nil {
		return err
	}
	b.js, err = jetstream.New(b.conn, jetstream.WithDefaultTimeout(b.timing.request))
	if err != nil {
		return fmt.Errorf("set up JetStream: %w", err)
	}
	return nil
}

// where names the server for people, without passwords that a URL may hold.
func (b *Bus) where() string {
	if b.opts.URL == "" {
		return "embedded server"
	}
	var hosts []string
	for u := range strings.SplitSeq(b.opts.URL, ",") {
		if _, host, ok := strings.Cut(u, "@"); ok {
			u = host
		}
		hosts = append(hosts, strings.TrimSpace(u))
	}
	return strings.Join(hosts, ", ")
}

// insist tries until it works, ctx ends or trying again makes no sense.
func (b *Bus) insist(ctx context.Context, what string, try func() error) error {
	wait := b.timing.pause
	for said := false; ; wait = min(2*wait, b.timing.longest) {
		err := try()
		if err == nil {
			return nil
		}
		if !passing(err) || b.embedded != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		if !said {
			said = true
			b.log.Warn("stream: waiting for the server", "to", what, "err", err)
		}
		if !sleep(ctx, wait) {
			return fmt.Errorf("%s: %w: %w", what, context.Cause(ctx), err)
		}
	}
}

// passing reports whether a failure to start may go away by itself.
func passing(err error) bool {
	var (
		api *jetstream.APIError
		op  *net.OpError
	)
	switch {
	case errors.As(err, &api):
		return api.Code >= 500 && api.ErrorCode != storeTooSmall
	case errors.As(err, &op):
		return op.Op == "dial"
	case errors.Is(err, nats.ErrNoServers), errors.Is(err, nats.ErrTimeout), errors.Is(err, nats.ErrNoResponders),
		errors.Is(err, nats.ErrDisconnected), errors.Is(err, nats.ErrReconnectBufExceeded),
		errors.Is(err, context.DeadlineExceeded):
		return true
	}
	return false
}

// disconnected ends whatever waits for messages on the broken connection.
func (b *Bus) disconnected(_ *nats.Conn, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.cut()
	if b.ended {
		return
	}
	b.link, b.cut = context.WithCancel(context.Background())
	b.log.Warn("nats: connection lost", "server", b.where(), "err", err)
}

// linked returns a context that ends with ctx or when the connection breaks.
func (b *Bus) linked(ctx context.Context) (context.Context, context.CancelFunc) {
	b.mu.Lock()
	link := b.link
	b.mu.Unlock()
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(link, cancel)
	return ctx, func() { stop(); cancel() }
}

// checkServer refuses servers that lack what order and atomic batches need.
func (b *Bus) checkServer() error {
	var major, minor int
	version := b.conn.ConnectedServerVersion()
	if _, err := fmt.Sscanf(version, "%d.%d", &major, &minor); err != nil {
		return fmt.Errorf("read server version %q: %w", version, err)
	}
	if major < 2 || major == 2 && minor < 14 {
		return fmt.Errorf("server version %s is too old: 2.14 or later is needed", version)
	}
	if b.conn.MaxPayload() < MaxMessage {
		b.log.Warn("stream: the server's max_payload is too small for the longest statements",
			"max_payload", b.conn.MaxPayload(), "needed", MaxMessage)
	}
	return nil
}

func (b *Bus) ensureAll(ctx context.Context) error {
	for _, name := range streamNames {
		if _, err := b.ensure(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

// ensure returns a stream, which it creates, or changes to be as it should if
// that is needed. Several processes may do so at once.
func (b *Bus) ensure(ctx context.Context, name string) (jetstream.Stream, error) {
	ctx, cancel := context.WithTimeout(ctx, b.timing.request)
	defer cancel()
	want := jetstream.StreamConfig{
		Name:               name,
		Description:        "Palabre: " + strings.ToLower(name),
		Subjects:           []string{subjectsOf(name)},
		Storage:            jetstream.FileStorage,
		Retention:          jetstream.LimitsPolicy,
		Discard:            jetstream.DiscardNew,
		MaxBytes:           cmp.Or(b.opts.MaxBytes, maxBytesOf(name)),
		Replicas:           cmp.Or(b.opts.Replicas, 1),
		Duplicates:         duplicateWindow,
		AllowAtomicPublish: true,
	}
	if name == Alerts { // programs that do not keep up miss old ones; nothing here depends on them
		want.Discard = jetstream.DiscardOld
	}
	present, err := b.js.Stream(ctx, name)
	switch {
	case err == nil:
		is := present.CachedInfo()
		keeps := b.opts.MaxBytes == 0 || b.opts.MaxBytes == is.Config.MaxBytes
		copies := b.opts.Replicas == 0 || b.opts.Replicas == is.Config.Replicas
		if keeps && copies && checkStream(is) == nil {
			return present, nil
		}
		if b.opts.MaxBytes == 0 && is.Config.MaxBytes > 0 {
			want.MaxBytes = is.Config.MaxBytes
		}
		if b.opts.Replicas == 0 {
			want.Replicas = is.Config.Replicas
		}
	case !errors.Is(err, jetstream.ErrStreamNotFound):
		return nil, fmt.Errorf("look up stream %s: %w", name, err)
	}
	s, err := b.js.CreateOrUpdateStream(ctx, want)
	if api := (*jetstream.APIError)(nil); errors.As(err, &api) && api.ErrorCode == storeTooSmall {
		return nil, fmt.Errorf("create stream %s, which may grow to %d MiB: the NATS server has less left for streams; raise max_file_store in its jetstream block, or create the stream there with a smaller max_bytes: %w", name, want.MaxBytes>>20, err)
	}
	if err != nil {
		return nil, fmt.Errorf("create stream %s: %w", name, err)
	}
	return s, checkStream(s.CachedInfo())
}

// storeTooSmall is the code of the NATS server for a stream whose limit is beyond
// what is left of its store: JSStorageResourcesExceededErr.
const storeTooSmall = 10047

// checkStream reports an error unless a stream keeps what it acknowledged and
// takes what is published to it as the bus does it.
func checkStream(info *jetstream.StreamInfo) error {
	c := info.Config
	switch {
	case c.Storage != jetstream.FileStorage:
		return fmt.Errorf("check stream %s: it is kept in memory", c.Name)
	case c.Discard != jetstream.DiscardNew && c.Name != Alerts || c.Retention != jetstream.LimitsPolicy || c.MaxAge > 0 || c.MaxMsgs > 0 || c.MaxMsgsPerSubject > 0:
		return fmt.Errorf("check stream %s: it is set to drop messages", c.Name)
	case c.PersistMode != jetstream.DefaultPersistMode || c.NoAck:
		return fmt.Errorf("check stream %s: it acknowledges messages before they are on disk", c.Name)
	case c.MaxBytes <= 0:
		return fmt.Errorf("check stream %s: it has no size limit", c.Name)
	case !c.AllowAtomicPublish || c.Duplicates < duplicateWindow:
		return fmt.Errorf("check stream %s: it does not take atomic batches, or forgets message IDs too soon", c.Name)
	}
	return nil
}

// Ready reports an error unless the streams can be published to and consumed,
// and are as durable as they should be.
func (b *Bus) Ready(ctx context.Context) error {
	if b.embedded != nil {
		if err := checkDurable(b.embedded.server); err != nil {
			return err
		}
	}
	for _, name := range streamNames {
		s, err := b.lookUp(ctx, name)
		if err != nil {
			return err
		}
		if err := checkStream(s.CachedInfo()); err != nil {
			return err
		}
	}
	return nil
}

// lookUp returns a stream as it is on the server now.
func (b *Bus) lookUp(ctx context.Context, name string) (jetstream.Stream, error) {
	if !b.conn.IsConnected() {
		return nil, fmt.Errorf("look up stream %s: %w: no connection to %s", name, ErrUnavailable, b.where())
	}
	request, cancel := context.WithTimeout(ctx, b.timing.request)
	defer cancel()
	s, err := b.js.Stream(request, name)
	if err != nil {
		return nil, fmt.Errorf("look up stream %s: %w", name, explain(ctx, err))
	}
	return s, nil
}

// Fence returns the identity of a stream's incarnation. It changes when the
// stream was lost and made anew: its sequences then restart, and what was
// published before must be published again.
func (b *Bus) Fence(ctx context.Context, stream string) (string, error) {
	s, err := b.lookUp(ctx, stream)
	if err != nil {
		return "", err
	}
	return s.CachedInfo().Created.UTC().Format(time.RFC3339Nano), nil
}

// Lag returns, for each consumer as "STREAM/name", how many messages it has
// not yet acknowledged. Those of [Alerts] are left out: they belong to other
// programs.
func (b *Bus) Lag(ctx context.Context) (map[string]uint64, error) {
	lag := map[string]uint64{}
	for _, name := range ownStreams {
		if err := b.addLag(ctx, name, lag); err != nil {
			return nil, err
		}
	}
	return lag, nil
}

func (b *Bus) addLag(ctx context.Context, name string, lag map[string]uint64) error {
	s, err := b.lookUp(ctx, name)
	if err != nil {
		return err
	}
	request, cancel := context.WithTimeout(ctx, b.timing.request)
	defer cancel()
	list := s.ListConsumers(request)
	for info := range list.Info() {
		lag[name+"/"+info.Name] = info.NumPending + uint64(info.NumAckPending)
	}
	if err := list.Err(); err != nil {
		return fmt.Errorf("list consumers of stream %s: %w", name, explain(ctx, err))
	}
	return nil
}

// Close ends the connection and, if there is one, the embedded server, and
// waits until both are gone. Consumers should have been stopped before through
// their contexts; those that were not return [ErrClosed].
func (b *Bus) Close() error {
	return b.close()
}

func (b *Bus) shutdown() error {
	b.mu.Lock()
	b.ended = true
	b.cut()
	b.mu.Unlock()
	if b.conn != nil && !b.conn.IsClosed() {
		if b.conn.IsConnected() {
			_ = b.conn.FlushTimeout(time.Second) // acknowledgements that do not arrive are only repeated work
		}
		b.conn.Close()
	}
	if b.embedded == nil {
		return nil
	}
	if err := b.embedded.stop(); err != nil {
		return fmt.Errorf("close streams: %w", err)
	}
	return nil
}

// sleep waits and reports whether it did so to the end.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
