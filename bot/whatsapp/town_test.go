package whatsapp_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/whatsapp"
	"banditore/bot/whatsapp/whatsapptest"
)

const (
	comuneNumber = "+393343679575"
	marioNumber  = "+393331234567"
	annaNumber   = "+393477654321"
)

// town is a server, the Comune's phone, and a data directory. Clients come and go.
type town struct {
	t      *testing.T
	server *whatsapptest.Server
	comune *whatsapptest.Phone
	dir    string
	log    *lockedBuffer
}

func newTown(t *testing.T) *town {
	t.Helper()
	server := whatsapptest.Start(t)
	town := &town{t: t, server: server, comune: server.NewPhone(comuneNumber), dir: t.TempDir(), log: &lockedBuffer{}}
	t.Cleanup(func() {
		// Whatever the test did, the log may tell nobody (G4).
		traces := []string{"39333|39334|39347|Mario|Rossi|Attiva|Disattiva|ciao|avviso"}
		for _, number := range []string{comuneNumber, marioNumber, annaNumber} {
			if phone := server.Phone(number); phone != nil {
				traces = append(traces, phone.LID())
			}
		}
		if leak := regexp.MustCompile(strings.Join(traces, "|")).FindString(town.log.String()); leak != "" {
			t.Errorf("the log holds %q", leak)
		}
		if server.Stats().Connections > 0 && !strings.Contains(town.log.String(), "whatsapp library") {
			t.Error("the library's words are not in the log, so this check cannot fail")
		}
	})
	return town
}

// options are those of a daemon that takes everything and repeats nothing.
func (w *town) options() whatsapp.Options {
	return whatsapp.Options{
		Dir: w.dir, Number: comuneNumber, Device: "Comune di Saronno", HTTPClient: w.server.HTTPClient(),
		Logger:     slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		OnText:     func(context.Context, whatsapp.Text) error { return nil },
		OnReceipts: func(context.Context, []whatsapp.Receipt) error { return nil },
	}
}

func (w *town) open(options whatsapp.Options) *whatsapp.Client {
	w.t.Helper()
	client, err := whatsapp.Open(w.t.Context(), options)
	if err != nil {
		w.t.Fatalf("open: %v", err)
	}
	w.t.Cleanup(func() { client.Close() })
	return client
}

// scanner is a terminal whose every code is scanned by the next phone of the list, the last one again and again.
func (w *town) scanner(phones ...*whatsapptest.Phone) whatsapp.Screen {
	return whatsapp.Screen{Code: func(code string, _ time.Duration) {
		phone := phones[0]
		if len(phones) > 1 {
			phones = phones[1:]
		}
		go phone.ScanQR(code) // a refusal is what some tests want; the others see it in Pair
	}}
}

// paired is a client that is linked and ready.
func (w *town) paired(options whatsapp.Options) *whatsapp.Client {
	w.t.Helper()
	client := w.open(options)
	ctx, cancel := w.soon()
	defer cancel()
	if err := client.Pair(ctx, w.scanner(w.comune)); err != nil {
		w.t.Fatalf("pair: %v", err)
	}
	if err := client.AwaitReady(ctx); err != nil {
		w.t.Fatalf("await ready: %v", err)
	}
	synctest.Wait() // for the questions the library asks after a login: cut off, it races with itself
	return client
}

// again is a client on the same directory, as after a restart.
func (w *town) again(options whatsapp.Options) *whatsapp.Client {
	w.t.Helper()
	client := w.open(options)
	ctx, cancel := w.soon()
	defer cancel()
	if err := errors.Join(client.Connect(ctx), client.AwaitReady(ctx)); err != nil {
		w.t.Fatalf("connect: %v", err)
	}
	synctest.Wait()
	return client
}

func (w *town) soon() (context.Context, context.CancelFunc) {
	return context.WithTimeout(w.t.Context(), 2*time.Minute)
}

func (w *town) send(client *whatsapp.Client, to *whatsapptest.Phone, text string) string {
	w.t.Helper()
	id := whatsapp.NewMessageID()
	if _, err := client.Send(w.t.Context(), addressOf(to), id, whatsapp.Content{Text: text}); err != nil {
		w.t.Fatalf("send: %v", err)
	}
	return id
}

func (w *town) settle() {
	w.t.Helper()
	ctx, cancel := w.soon()
	defer cancel()
	if err := w.server.Settle(ctx); err != nil {
		w.t.Fatalf("settle: %v", err)
	}
}

// sessionHolds tells which of the traces are anywhere in the files of session.db.
func (w *town) sessionHolds(traces ...string) []string {
	w.t.Helper()
	files, err := filepath.Glob(filepath.Join(w.dir, "session.db*"))
	if err != nil || len(files) == 0 {
		w.t.Fatalf("no session.db: %v", err)
	}
	var found []string
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, trace := range traces {
			if bytes.Contains(content, []byte(trace)) {
				found = append(found, filepath.Base(file)+": "+trace)
			}
		}
	}
	return found
}

// session carries out one statement on session.db, beside the client.
func (w *town) session(statement string) {
	w.t.Helper()
	db, err := sql.Open("sqlite3", filepath.Join(w.dir, "session.db")+"?_busy_timeout=5000")
	if err != nil {
		w.t.Fatal(err)
	}
	_, err = db.ExecContext(w.t.Context(), statement)
	if err := errors.Join(err, db.Close()); err != nil {
		w.t.Fatal(err)
	}
}

func addressOf(phone *whatsapptest.Phone) whatsapp.Address {
	return whatsapp.Address{Number: phone.Number(), LID: phone.LID()}
}

// inbox is an OnText that keeps what it got, and fails as often as it is told to.
type inbox struct {
	texts chan whatsapp.Text
	mu    sync.Mutex
	fail  func() error
}

func newInbox() *inbox { return &inbox{texts: make(chan whatsapp.Text, 100)} }

func (i *inbox) failWith(fail func() error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.fail = fail
}

// failOnce lets the nth text from now on fail.
func (i *inbox) failOnce(n int) {
	i.failWith(func() error {
		if n--; n == 0 {
			return errors.New("the disk is full")
		}
		return nil
	})
}

func (i *inbox) onText(_ context.Context, text whatsapp.Text) error {
	i.texts <- text
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.fail != nil {
		return i.fail()
	}
	return nil
}

func (i *inbox) next(t *testing.T) whatsapp.Text {
	t.Helper()
	select {
	case text := <-i.texts:
		return text
	case <-time.After(2 * time.Minute):
		t.Fatal("no text came")
		return whatsapp.Text{}
	}
}

type lockedBuffer struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.String()
}

var _ io.Writer = (*lockedBuffer)(nil)
