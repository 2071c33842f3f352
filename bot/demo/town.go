package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/term"

	"banditore/bot"
	"banditore/bot/config"
	"banditore/bot/settings"
	"banditore/bot/whatsapp"
	"banditore/bot/whatsapp/whatsapptest"
)

// comune is the Comune's number in the demo, the one of the example configuration.
const comune = "+393343679575"

// newest is the version that the demo's server wants: newer than any library knows, so that it has to be looked up.
const newest = 4_000_000_000

// town is everything that the demo raises: one server, its phones, one daemon.
type town struct {
	dir    string
	cfg    config.Config
	server *whatsapptest.Server
	phone  *whatsapptest.Phone // the Comune's
	people []*whatsapptest.Phone
	gone   *whatsapptest.Phone // who left
	bot    *bot.Bot
	stop   context.CancelFunc
	done   chan error // the daemon's end
	began  time.Time

	terminal bool // somebody watches
}

// hurried are a Comune's configuration in a hurry: the demo's server bans
// nobody, so nothing needs to be slow.
const hurried = `service:
  name: "@infoSaronno7"
  comune: Saronno
  number: "` + comune + `"
  rules_url: https://www.comune.saronno.va.it/infosaronno7
  privacy_url: https://www.comune.saronno.va.it/privacy
data_dir: %q
spool_dir: %q
sending: {every: 0s, urgent_every: 0s, hours: "00:00-24:00", grace: 0s, holdback: 0s}
answers: {per_minute: 100000}
spool: {settle: 200ms, scan: 1s}
`

func newTown(ctx context.Context, verbose bool) (*town, error) {
	dir, err := os.MkdirTemp("", "banditore-demo-")
	if err != nil {
		return nil, err
	}
	file := filepath.Join(dir, "config.yaml")
	text := fmt.Sprintf(hurried, filepath.Join(dir, "data"), filepath.Join(dir, "spool"))
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		return nil, err
	}
	cfg, err := config.Load(file, settings.Check)
	if err != nil {
		return nil, err
	}
	server := whatsapptest.NewServer()
	server.RotateSecrets(1) // as WhatsApp does since July 2026
	server.AgeCodes(true)
	server.SetOldestRevision(newest)
	t := &town{dir: dir, cfg: cfg, server: server, phone: server.NewPhone(comune), began: time.Now()}
	t.terminal = term.IsTerminal(int(os.Stdout.Fd()))
	t.bot, err = bot.Open(ctx, cfg, bot.Options{Logger: logger(verbose), HTTPClient: server.HTTPClient(), Shared: true})
	if err != nil {
		server.Close()
		return nil, err
	}
	return t, nil
}

func logger(verbose bool) *slog.Logger {
	if verbose {
		return slog.New(slog.NewTextHandler(os.Stderr, nil))
	}
	return slog.New(slog.NewTextHandler(io.Discard, nil))
}

// pair shows the code as `banditore pair` does, lets the Comune's phone scan
// it, and starts the daemon.
func (t *town) pair(ctx context.Context) error {
	scanned := make(chan error, 1)
	screen := whatsapp.Screen{
		Code: func(code string, _ time.Duration) {
			fmt.Println("The Comune's phone scans this code (Linked devices → Link a device):")
			whatsapp.DrawQR(os.Stdout, code, t.terminal)
			go t.scan(code, scanned)
		},
		Again: func() { fmt.Println("WhatsApp has retired the code: the phone scans once more.") },
	}
	if err := t.bot.Pair(ctx, screen); err != nil {
		return err
	}
	if err := <-scanned; err != nil {
		return fmt.Errorf("the Comune's phone could not scan the code: %w", err)
	}
	fmt.Println("Linked. The daemon starts.")
	t.server.Notify(comune, "tomorrow", "news", nil) // of a kind that nobody knows yet
	t.server.Cap(comune, "NONE", 0, 50, time.Now().AddDate(0, 0, 30))
	running, stop := context.WithCancel(ctx)
	t.stop, t.done = stop, make(chan error, 1)
	go func() { t.done <- t.bot.Run(running) }()
	return nil
}

// scan lets the Comune's phone scan a code. That WhatsApp retires the first one is no end: the next carries another secret.
func (t *town) scan(code string, scanned chan<- error) {
	if err := t.phone.ScanQR(code); !errors.Is(err, whatsapptest.ErrCodeDead) {
		scanned <- err
	}
}

// close stops the daemon as SIGTERM would, then the server, and removes what
// the demo wrote.
func (t *town) close() error {
	var errs []error
	if t.stop != nil {
		t.stop()
		errs = append(errs, <-t.done)
	}
	errs = append(errs, t.bot.Close())
	t.server.Close()
	errs = append(errs, os.RemoveAll(t.dir))
	return errors.Join(errs...)
}
