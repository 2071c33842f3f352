package whatsapptest_test

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3"
	"go.mau.fi/whatsmeow"
	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/proto/waHistorySync"
	"go.mau.fi/whatsmeow/store/sqlstore"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
	waLog "go.mau.fi/whatsmeow/util/log"
	"google.golang.org/protobuf/proto"

	"banditore/bot/whatsapp/whatsapptest"
)

// patience bounds every wait of these tests.
const patience = 20 * time.Second

// client is the library that the daemon is built on, used raw, with its session in a file.
type client struct {
	*whatsmeow.Client
	t      *testing.T
	log    *logger
	file   string
	http   *http.Client
	events chan any
	pieces chan *waHistorySync.HistorySync // apart: the first may come before what a test waits for
	closed sync.Once
	box    *sqlstore.Container
}

// openClient makes a client whose session is in the file; an empty name makes a new one. It
// hangs up when the test ends.
func openClient(t *testing.T, s *whatsapptest.Server, file string) *client {
	t.Helper()
	return openClientVia(t, s.HTTPClient(), file)
}

func openClientVia(t *testing.T, via *http.Client, file string) *client {
	t.Helper()
	if file == "" {
		file = filepath.Join(t.TempDir(), "session.db")
	}
	dsn := "file:" + file + "?_foreign_keys=on&_journal_mode=WAL&_busy_timeout=20000&_txlock=immediate"
	box, err := sqlstore.New(t.Context(), "sqlite3", dsn, waLog.Noop)
	if err != nil {
		t.Fatal(err)
	}
	device, err := box.GetFirstDevice(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	log := testLog(t)
	c := &client{Client: whatsmeow.NewClient(device, log), t: t, log: log, file: file, http: via, events: make(chan any, 5000), box: box,
		pieces: make(chan *waHistorySync.HistorySync, 100)}
	c.SetWebsocketHTTPClient(via)
	c.SetPreLoginHTTPClient(via)
	c.SetMediaHTTPClient(via)
	c.AddEventHandler(func(event any) {
		if sync, ok := event.(*events.HistorySync); ok {
			c.pieces <- sync.Data
			return
		}
		c.events <- event
	})
	t.Cleanup(c.close)
	return c
}

func (c *client) close() {
	c.closed.Do(func() {
		c.Disconnect()
		_ = c.box.Close()
	})
}

func (c *client) connect() {
	c.t.Helper()
	if err := c.Connect(); err != nil {
		c.t.Fatal(err)
	}
}

// link pairs the client with a phone and returns when it is logged in.
func (c *client) link(phone *whatsapptest.Phone) *client {
	c.t.Helper()
	c.connect()
	codes := await[*events.QR](c, "QR codes", nil).Codes
	if err := phone.ScanQR(codes[0]); err != nil {
		c.t.Fatal(err)
	}
	c.awaitConnected()
	return c
}

func (c *client) awaitConnected() {
	c.t.Helper()
	await[*events.Connected](c, "Connected", nil)
}

// drain forgets the events so far.
func (c *client) drain() {
	for len(c.events) > 0 {
		<-c.events
	}
}

// linkedClient is openClient and link.
func linkedClient(t *testing.T, s *whatsapptest.Server, phone *whatsapptest.Phone) *client {
	t.Helper()
	return openClient(t, s, "").link(phone)
}

// await takes events until one of the type fits; nil fits all.
func await[E any](c *client, what string, fits func(E) bool) E {
	c.t.Helper()
	timeout := time.After(patience)
	for {
		select {
		case event := <-c.events:
			if wanted, ok := event.(E); ok && (fits == nil || fits(wanted)) {
				return wanted
			}
		case <-timeout:
			c.t.Fatalf("no %s within %v", what, patience)
		}
	}
}

func (c *client) awaitText(want string) *events.Message {
	c.t.Helper()
	return await(c, fmt.Sprintf("text %q", want), func(m *events.Message) bool { return bodyOf(m) == want })
}

func bodyOf(m *events.Message) string {
	return m.Message.GetConversation() + m.Message.GetExtendedTextMessage().GetText()
}

func (c *client) awaitReceipt(id string, kind types.ReceiptType) *events.Receipt {
	c.t.Helper()
	return await(c, fmt.Sprintf("receipt %q for %s", kind, id), func(r *events.Receipt) bool {
		return r.Type == kind && slices.Contains(r.MessageIDs, id)
	})
}

func textOf(body string) *waE2E.Message { return &waE2E.Message{Conversation: proto.String(body)} }

func lidOf(p *whatsapptest.Phone) types.JID { return types.NewJID(p.LID(), types.HiddenUserServer) }

func numberOf(p *whatsapptest.Phone) types.JID {
	return types.NewJID(p.Number()[1:], types.DefaultUserServer)
}

func (c *client) say(to types.JID, body string) string {
	c.t.Helper()
	response, err := c.SendMessage(c.t.Context(), to, textOf(body))
	if err != nil {
		c.t.Fatal(err)
	}
	return response.ID
}

func soon(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

func expectText(t *testing.T, p *whatsapptest.Phone, want string) whatsapptest.Message {
	t.Helper()
	message, err := p.AwaitText(soon(t), want)
	if err != nil {
		t.Fatal(err)
	}
	return message
}

func settle(t *testing.T, s *whatsapptest.Server) {
	t.Helper()
	if err := s.Settle(soon(t)); err != nil {
		t.Fatal(err)
	}
}

// testLog shows what the library warns about, with -v.
func testLog(t *testing.T) *logger { return &logger{t: t} }

type logger struct {
	t       *testing.T
	mu      sync.Mutex // guards notices
	notices []*waBinary.Node
}

func (l *logger) Errorf(format string, args ...any) { l.say(format, args...) }
func (l *logger) Warnf(format string, args ...any)  { l.say(format, args...) }
func (l *logger) Infof(string, ...any)              {}

// Debugf keeps the notifications that the library shows its log.
func (l *logger) Debugf(_ string, args ...any) {
	for _, arg := range args {
		if node, ok := arg.(*waBinary.Node); ok && node.Tag == "notification" {
			l.mu.Lock()
			l.notices = append(l.notices, node)
			l.mu.Unlock()
		}
	}
}

// noticed lists the notifications of a type that the client has got.
func (c *client) noticed(kind string) (list []*waBinary.Node) {
	c.log.mu.Lock()
	defer c.log.mu.Unlock()
	for _, node := range c.log.notices {
		if node.Attrs["type"] == kind {
			list = append(list, node)
		}
	}
	return list
}

func (l *logger) Sub(string) waLog.Logger { return l }

func (l *logger) say(format string, args ...any) {
	if l.t.Context().Err() == nil {
		l.t.Logf(format, args...)
	}
}
