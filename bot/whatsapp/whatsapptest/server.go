package whatsapptest

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"go.mau.fi/whatsmeow/util/keys"
)

// Server is WhatsApp: the accounts, their devices, and the connections of the real clients.
// All methods may be called from any goroutine. Lock order: a handset's lock is taken before
// mu, never while mu is held.
type Server struct {
	static *keys.KeyPair // the Noise key that the certificate names
	chain  []byte
	http   *http.Server
	pipes  *pipeListener
	quit   chan struct{}
	ctx    context.Context // ends with Close
	cancel context.CancelFunc
	wg     sync.WaitGroup // connections, listeners and the phones' worker

	mu       sync.Mutex // guards everything below, and the accounts, devices and phones except their handsets
	working  *sync.Cond // work or closed changed
	work     []func()   // what the phones have to do, in order
	busy     bool       // the worker is doing something
	closed   bool
	accounts map[string]*account // by number, digits only
	lids     map[string]*account
	stale    map[string]map[string]bool // LIDs that are not in use any more, and the numbers that were told
	conns    map[*conn]struct{}
	pairings map[string]*pairing   // by the ref in the QR code
	media    map[string]storedFile // by direct path
	expired  map[string]int        // files that were dropped, and the epoch that this began
	epoch    int                   // how often all files have expired
	opened   map[form]*opened      // what is known of the files of messages
	offences []Offence
	excused  map[OffenceKind]bool
	calls    map[string]*call
	stats    Stats
	faults   faults
	changed  chan struct{} // closed at the next change, when somebody waits for one
	extra    []func()      // closes the listeners that were asked for
	tlsAddr  string        // empty until Listen
	tlsPEM   []byte
	counter  int // makes IDs
}

// NewServer starts a server, ready to use. The caller closes it. It makes this process trust
// the server ([TrustRoot]).
func NewServer() *Server {
	TrustRoot()
	static := seededKey("static")
	chain, err := certificates(static, time.Now())
	if err != nil {
		panic(fmt.Errorf("whatsapptest: certificates: %w", err))
	}
	ctx, cancel := context.WithCancel(context.Background())
	s := &Server{
		static: static, chain: chain, pipes: newPipeListener(), quit: make(chan struct{}), ctx: ctx, cancel: cancel,
		accounts: map[string]*account{}, lids: map[string]*account{}, conns: map[*conn]struct{}{},
		pairings: map[string]*pairing{}, media: map[string]storedFile{}, expired: map[string]int{},
		opened: map[form]*opened{}, excused: map[OffenceKind]bool{},
		stats: newStats(),
	}
	s.working = sync.NewCond(&s.mu)
	s.http = &http.Server{Handler: s.routes(), ErrorLog: quietLog()}
	s.wg.Go(func() { _ = s.http.Serve(s.pipes) })
	s.wg.Go(s.doWork)
	return s
}

// TB is the part of testing.TB that [Start] needs.
type TB interface {
	Helper()
	Cleanup(func())
	Errorf(format string, args ...any)
}

// settleTime is how long Start gives clients that are still connected to acknowledge what they
// got.
const settleTime = 5 * time.Second

// Start is [NewServer] for a test: it closes the server at the end and fails the test on every
// offence that the test did not [Server.Excuse]. In a bubble of synctest it then lets whatsmeow
// give up what it was asking when its connection went, which takes it more than a minute.
func Start(t TB) *Server {
	t.Helper()
	s := NewServer()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(s.ctx, settleTime)
		defer cancel()
		_ = s.Settle(ctx) // what is still missing then becomes an offence in Close
		s.Close()
		if time.Now().Year() < 2020 { // a bubble's clock begins in 2000
			time.Sleep(2 * time.Minute)
		}
		for _, offence := range s.unexcused() {
			t.Errorf("whatsapptest: offence: %v", offence)
		}
	})
	return s
}

// Close cuts all connections and waits until every goroutine of the server has ended. What a
// connected client left unacknowledged becomes an offence. It may be called twice.
func (s *Server) Close() {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return
	}
	s.closed = true
	for c := range s.conns {
		s.judgeLocked(c, true)
		c.cutLocked()
	}
	extra := s.extra
	s.working.Broadcast()
	s.changedLocked()
	s.mu.Unlock()

	close(s.quit)
	s.cancel()
	for _, stop := range extra {
		stop()
	}
	_ = s.http.Close()
	s.pipes.closeAll()
	s.wg.Wait()
}

// Settle waits until every stanza that was handed to a connected client is acknowledged, every
// answer has left and every phone is idle. Its error says what is missing, and wraps the
// context's.
func (s *Server) Settle(ctx context.Context) error {
	for {
		s.mu.Lock()
		missing := s.unsettledLocked()
		change := s.changeLocked()
		s.mu.Unlock()
		if missing == "" {
			return nil
		}
		select {
		case <-change:
		case <-ctx.Done():
			return fmt.Errorf("whatsapptest: not settled, %s: %w", missing, ctx.Err())
		}
	}
}

func (s *Server) unsettledLocked() string {
	if s.closed {
		return ""
	}
	if len(s.work) > 0 || s.busy {
		return fmt.Sprintf("phones have %d things to do", len(s.work)+1)
	}
	for c := range s.conns {
		if c.unsent() > 0 {
			return fmt.Sprintf("%d stanzas have not left", c.unsent())
		}
		if c.device == nil {
			continue
		}
		for _, waiting := range c.device.pending {
			if waiting.conn == c {
				return fmt.Sprintf("%s %s is not acknowledged", waiting.node.Tag, waiting.id)
			}
		}
	}
	return ""
}

// changeLocked returns a channel that closes at the next change of anything that Settle looks
// at.
func (s *Server) changeLocked() <-chan struct{} {
	if s.changed == nil {
		s.changed = make(chan struct{})
	}
	return s.changed
}

func (s *Server) changedLocked() {
	if s.changed != nil {
		close(s.changed)
		s.changed = nil
	}
}

// enqueueLocked gives the phones something to do. One worker does it all, in order: ten
// thousand phones need no goroutine of their own.
func (s *Server) enqueueLocked(task func()) {
	s.work = append(s.work, task)
	s.working.Signal()
}

func (s *Server) doWork() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		for len(s.work) == 0 && !s.closed {
			s.working.Wait()
		}
		if s.closed {
			return
		}
		task := s.work[0]
		s.work[0], s.work = nil, s.work[1:]
		s.busy = true
		s.mu.Unlock()
		task()
		s.mu.Lock()
		s.busy = false
		s.changedLocked()
	}
}

// newIDLocked makes an ID for a stanza of the server.
func (s *Server) newIDLocked() string {
	s.counter++
	return "S" + number(s.counter)
}
