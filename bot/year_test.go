package bot

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/config"
	"banditore/bot/link"
	"banditore/bot/whatsapp"
	"banditore/store"
)

const yearSeed = 28 // any: a seed is a year

// yearSize is how much happens in a year.
type yearSize struct {
	citizens      int // who come and go
	announcements int
	ceiling       int // of a day: low enough to be reached
}

func yearSizeNow() yearSize {
	if !Long() {
		return yearSize{citizens: 800, announcements: 150, ceiling: 30}
	}
	return yearSize{citizens: 8000, announcements: 300, ceiling: 300}
}

// year is a town's year, lived through in seconds: real rows, the real loop
// that delivers, and a line that judges whatever leaves.
type year struct {
	t    *testing.T
	size yearSize
	cfg  config.Config
	r    *rand.Rand // the town's chance
	log  *slog.Logger

	bot  *Bot
	stop func() // ends the deliver loop, and the process

	mu        sync.Mutex // guards what the line sees
	chance    *rand.Rand // the line's
	state     whatsapp.StateChange
	present   map[store.LID]bool
	departed  []time.Time    // all that left in the last day
	busiest   int            // the most that left in a day before an announcement did
	last      time.Time      // the last message of an announcement
	shown     map[string]int // by recipient and text: how often, repeats of an ID not counted
	ids       map[string]bool
	byText    map[string]int // recipients of each announcement
	answers   int
	sequence  int
	backlog   []whatsapp.Text // what is written while nobody listens
	next      int             // the next citizen
	stay      map[int][]int   // by day: who leaves on it
	published int
}

// A year: 300 announcements, 8,000 subscribers who come and go, both nights on
// which the clock changes, an election, two suspensions, a new pairing, and a
// restart every week. No message outside the hours, none over the pace or the
// ceiling, none to a person who had left, and each one once.
func TestG1G2G3G6G7_ASimulatedYear(t *testing.T) {
	if testing.Short() {
		t.Skip("a year takes seconds, which -short has not")
	}
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		y := newYear(t)
		y.start()
		for day := range 366 { // the bubble's clock begins in a leap year
			y.live(day)
		}
		y.until(func() bool { n, err := y.bot.store.Waiting(t.Context()); return n == 0 && err == nil })
		y.judge()
		y.stop()
	})
}

func newYear(t *testing.T) *year {
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	size := yearSizeNow()
	day := func(month time.Month, day int) time.Time { return time.Date(2000, month, day, 0, 0, 0, 0, rome) }
	cfg := config.Config{DataDir: filepath.Join(t.TempDir(), "data")}
	cfg.Service = config.Service{Name: "@town", Comune: "Saronno", Number: "+393343679575", Channels: "e-mail", Launch: day(time.January, 15)}
	cfg.Sending = config.Sending{
		Every: 6 * time.Second, UrgentEvery: time.Second, DailyLimit: size.ceiling, Hours: "08:00-20:00",
		Timezone: "Europe/Rome", Location: rome, Grace: 10 * time.Second,
		Election: config.Days{First: day(time.April, 1), Last: day(time.April, 16)},
	}
	cfg.Answers, cfg.Forget = config.Answers{PerPersonHour: 20, PerMinute: 600}, config.Forget{IncompleteHours: 24, DeliveriesDays: 30}
	cfg.Messages = config.Messages{
		Privacy: "{{.Comune}} {{.Channels}} Disattiva Notizie", Check: "{{.Known}} SÌ?", Dropped: "No", Expired: "Disattiva Notizie",
		HowToCorrect: "Disattiva Notizie", Corrected: "Disattiva Notizie", Leaving: "SÌ? Disattiva Notizie", Stays: "Disattiva Notizie",
		OnlyUrgent: "Disattiva Notizie", AllNews: "Disattiva Notizie", Paused: "{{.Until}} Disattiva Notizie", Choice: "Disattiva Notizie",
		Emergency: "112", Again: "Disattiva Notizie", Office: "{{.Channels}} Disattiva Notizie",
		Confirmation: "Sei iscritto. Disattiva Notizie", Already: "Lo eri già. Disattiva Notizie", Incomplete: "Manca {{.Missing}}. Disattiva Notizie",
		OptIn: "SÌ?", Goodbye: "Ciao", NotRegistered: "Non lo eri", Help: "Disattiva Notizie", MyData: "{{.Held}}. Disattiva Notizie",
		Other: "Qui nessuno legge. Disattiva Notizie", Call: "Non rispondiamo. Disattiva Notizie", Unreadable: "Scrivi di nuovo. Disattiva Notizie",
	}
	return &year{
		t: t, size: size, cfg: cfg, r: rand.New(rand.NewPCG(yearSeed, 0)), chance: rand.New(rand.NewPCG(yearSeed, 1)), log: slog.New(slog.DiscardHandler),
		state: whatsapp.StateChange{State: whatsapp.StateConnected}, present: map[store.LID]bool{}, shown: map[string]int{},
		ids: map[string]bool{}, byText: map[string]int{}, stay: map[int][]int{},
	}
}

// start is a process: it lives until stop.
func (y *year) start() {
	b, err := open(y.t.Context(), y.cfg, Options{Logger: y.log, Shared: true}, func(context.Context, whatsapp.Options) (link.Line, error) { return y, nil })
	if err != nil {
		y.t.Fatal(err)
	}
	started := time.Now()
	b.upkeep.Begin(started)
	if _, err := b.store.Recover(y.t.Context(), started); err != nil {
		y.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(y.t.Context())
	var running sync.WaitGroup
	running.Go(func() { b.outbox.Run(ctx) })
	y.bot = b
	y.stop = func() {
		cancel()
		running.Wait()
		if err := b.Close(); err != nil {
			y.t.Error(err)
		}
	}
	y.become(y.State()) // as a new session does
}

// become changes the state of the line. What was written meanwhile comes before
// it is ready.
func (y *year) become(change whatsapp.StateChange) {
	if change.State == whatsapp.StateConnected {
		for _, text := range y.backlog {
			y.receive(text)
		}
		y.backlog = nil
	}
	y.mu.Lock()
	y.state = change
	y.mu.Unlock()
	y.bot.keeper.LinkChanged(change)
}

// live is one day: newcomers, announcements, people who leave while they are
// being sent, and what befalls the town on that day.
func (y *year) live(day int) {
	morning := time.Now()
	at := func(d time.Duration) { time.Sleep(time.Until(morning.Add(d))) }
	y.befall(day)
	at(6 * time.Hour)
	for y.next < (day+1)*y.size.citizens/366 {
		y.join(day)
	}
	for y.published < (day+1)*y.size.announcements/366 {
		at(time.Duration(6+y.r.IntN(16)) * time.Hour)
		y.publish()
	}
	if day == 365 {
		return
	}
	at(22*time.Hour + time.Duration(y.r.IntN(3600))*time.Second)
	for _, who := range y.stay[day] {
		y.write(who, "Disattiva Notizie")
	}
	at(24 * time.Hour)
}

func (y *year) befall(day int) {
	switch {
	case day == 40: // two days
		y.become(whatsapp.StateChange{State: whatsapp.StateBanned, Code: 101, Until: time.Now().Add(48 * time.Hour)})
	case day == 42, day == 200:
		y.become(whatsapp.StateChange{State: whatsapp.StateConnected})
	case day == 199:
		y.become(whatsapp.StateChange{State: whatsapp.StateBanned, Code: 104, Until: time.Now().Add(24 * time.Hour)})
	case day == 250:
		y.become(whatsapp.StateChange{State: whatsapp.StateLoggedOut, Code: 401})
	case day == 253: // paired again
		y.stop()
		y.mu.Lock()
		y.state = whatsapp.StateChange{State: whatsapp.StateConnected}
		y.mu.Unlock()
		y.start()
	case day%7 == 3:
		y.stop()
		y.start()
	}
}
