package bot_test

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"banditore/bot"
	"banditore/bot/config"
	"banditore/bot/settings"
	"banditore/bot/whatsapp"
	"banditore/bot/whatsapp/whatsapptest"
	"banditore/store"
)

const comune = "+393343679575"

// town is a server, the Comune's phone, and a daemon on real files. It is
// raised inside a synctest bubble unless a test says otherwise, so that hours
// pass in milliseconds.
type town struct {
	t      *testing.T
	server *whatsapptest.Server
	phone  *whatsapptest.Phone
	cfg    config.Config
	log    *logbook
	client *http.Client // nil: the server's

	people []*whatsapptest.Phone

	neighbour *whatsapptest.Phone // no subscriber
	secrets   []string            // what no log line may hold
	running   atomic.Pointer[bot.Bot]
	stop      func()
}

const hurried = `service:
  name: "@infoSaronno7"
  comune: Saronno
  number: "` + comune + `"
  rules_url: https://comune.example/regole
  privacy_url: https://comune.example/privacy
data_dir: %q
spool_dir: %q
sending: {every: 0s, urgent_every: 0s, hours: "00:00-24:00", grace: 0s, holdback: 0s}
spool: {settle: 0s, scan: 10m}
log: {level: debug}
`

// raise builds a town whose phone is linked and whose daemon runs, and has long
// read the phone's history. The changes are made to the configuration before
// that.
func raise(t *testing.T, changes ...func(*config.Config)) *town {
	t.Helper()
	w := found(t, changes...)
	born.settled(w)
	w.start()
	time.Sleep(settleIn)
	return w
}

// link builds a town whose phone has just been linked, with no daemon yet.
func link(t *testing.T, changes ...func(*config.Config)) *town {
	t.Helper()
	w := found(t, changes...)
	w.pair()
	return w
}

// found builds a town whose phone has never been linked.
func found(t *testing.T, changes ...func(*config.Config)) *town {
	t.Helper()
	w := &town{t: t, server: whatsapptest.Start(t), log: &logbook{}, cfg: testConfig(t, changes...)}
	w.phone = w.server.NewPhone(comune)
	t.Cleanup(w.checkLog)
	return w
}

func testConfig(t *testing.T, changes ...func(*config.Config)) config.Config {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "config.yaml")
	text := fmt.Sprintf(hurried, filepath.Join(dir, "data"), filepath.Join(dir, "spool"))
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, err := config.Load(file, settings.Check)
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range changes {
		change(&cfg)
	}
	return cfg
}

func (w *town) open() *bot.Bot {
	w.t.Helper()
	b, err := bot.Open(w.t.Context(), w.cfg, bot.Options{
		Logger:     slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		HTTPClient: cmp.Or(w.client, w.server.HTTPClient()),
		ScanOnly:   true, // a bubble cannot have folder events
		Shared:     true,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return b
}

func (w *town) pair() {
	w.t.Helper()
	b := w.open()
	defer b.Close()
	err := b.Pair(w.t.Context(), whatsapp.Screen{Code: func(code string, _ time.Duration) {
		go func() {
			if err := w.phone.ScanQR(code); err != nil {
				w.t.Errorf("scan: %v", err)
			}
		}()
	}})
	if err != nil {
		w.t.Fatalf("pair: %v", err)
	}
}

// start runs the daemon until stop, which is also called at the end of the test.
func (w *town) start() {
	w.t.Helper()
	b := w.open()
	w.running.Store(b)
	ctx, cancel := context.WithCancel(w.t.Context())
	done := make(chan error, 1)
	go func() { done <- b.Run(ctx) }()
	w.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			w.t.Errorf("run: %v", err)
		}
		if err := b.Close(); err != nil {
			w.t.Errorf("close: %v", err)
		}
	})
	w.t.Cleanup(w.stop)
}

// citizen makes a person's phone and has its number, LID and texts watched for
// in the log.
func (w *town) citizen(n int) *whatsapptest.Phone {
	p := w.server.NewPhone(fmt.Sprintf("+39399%07d", n))
	w.secrets = append(w.secrets, p.Number()[1:], p.LID())
	return p
}

// write lets a person text the Comune, without waiting for anything.
func (w *town) write(p *whatsapptest.Phone, text string) {
	if len(text) > len("info") { // what is shorter is in a log by chance
		w.secrets = append(w.secrets, text)
	}
	p.Text(comune, text)
}

// subscribe lets n new citizens subscribe and waits for their confirmations and
// cards.
func (w *town) subscribe(n int) []*whatsapptest.Phone {
	w.t.Helper()
	var list []*whatsapptest.Phone
	for i := range n {
		p := w.citizen(i + 1)
		w.write(p, fmt.Sprintf("Attiva Notizie Gianbattista%d Zanardelli%d Saronno", i, i))
		list = append(list, p)
	}
	w.people = append(w.people, list...)
	w.secrets = append(w.secrets, "Gianbattista", "Zanardelli")
	for _, p := range list {
		w.await(p, "Iscrizione attiva")
		if _, err := p.AwaitMessages(w.t.Context(), 2); err != nil {
			w.t.Fatal(err)
		}
	}
	return list
}

// await waits until the phone has shown a text, and returns it.
func (w *town) await(p *whatsapptest.Phone, contains string) whatsapptest.Message {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), 24*time.Hour)
	defer cancel()
	m, err := p.AwaitText(ctx, contains)
	if err != nil {
		w.t.Fatalf("%q never came: %v", contains, err)
	}
	return m
}

// arrivals waits until all phones have shown a text and returns when each did,
// in the order of arrival, by the bubble's clock.
func (w *town) arrivals(people []*whatsapptest.Phone, text string) []time.Time {
	w.t.Helper()
	times := make([]time.Time, len(people))
	ctx, cancel := context.WithTimeout(w.t.Context(), 48*time.Hour)
	defer cancel()
	var all sync.WaitGroup
	for i, p := range people {
		all.Go(func() {
			if _, err := p.AwaitText(ctx, text); err != nil {
				w.t.Errorf("%q never came: %v", text, err)
			}
			times[i] = time.Now()
		})
	}
	all.Wait()
	slices.SortFunc(times, time.Time.Compare)
	return times
}

// count is how often a phone has shown exactly this text.
func count(p *whatsapptest.Phone, text string) (n int) {
	for _, m := range p.Messages() {
		if m.Text == text {
			n++
		}
	}
	return n
}

// announcements reads the announcements as `banditore status` does, newest first.
func (w *town) announcements() []store.Announcement {
	w.t.Helper()
	db, err := store.OpenExisting(w.t.Context(), w.cfg.DataDir)
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close()
	list, err := db.Announcements(w.t.Context(), 0)
	if err != nil {
		w.t.Fatal(err)
	}
	return list
}

// traces lists the files of the data directory that hold any of the words.
func (w *town) traces(words ...string) (where []string) {
	w.t.Helper()
	files, err := filepath.Glob(filepath.Join(w.cfg.DataDir, "*"))
	if err != nil || len(files) == 0 {
		w.t.Fatalf("data directory not readable: %v", err)
	}
	for _, f := range files {
		content, err := os.ReadFile(f)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, word := range words {
			if bytes.Contains(content, []byte(word)) {
				where = append(where, filepath.Base(f)+": "+word)
			}
		}
	}
	return where
}

// checkLog is G4 for every test: nothing of a citizen in the log.
func (w *town) checkLog() {
	text := w.log.String()
	if !strings.Contains(text, "banditore is running") {
		w.t.Error("the log does not even say that the daemon runs: is it captured?")
	}
	for _, secret := range append(w.secrets, "auth=", "/mms/") { // nor where a file is, with the token for it
		if strings.Contains(text, secret) {
			w.t.Errorf("G4: the log holds %q", secret)
		}
	}
}

// logbook collects what the daemon logs.
type logbook struct {
	mu   sync.Mutex // guards text
	text bytes.Buffer
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// refuse makes the server refuse messages to one phone; code 0 ends it.
func (w *town) refuse(code int, whose *whatsapptest.Phone) {
	w.server.SetRefuser(func(to *whatsapptest.Phone, _ string) int {
		if to == whose {
			return code
		}
		return 0
	})
}
