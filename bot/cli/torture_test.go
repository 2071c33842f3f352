package cli_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"banditore/bot/whatsapp/whatsapptest"
)

// The longest run is -torture.phones=1000 -torture.kills=60.
var (
	torturePhones = flag.Int("torture.phones", sized(120, 60), "phones of the torture test")
	tortureKills  = flag.Int("torture.kills", sized(12, 6), "times that the torture test kills the daemon")
	tortureSeed   = flag.Uint64("torture.seed", 0, "seed of the torture test; 0 is another one each time")
)

// storm is a town in which everything goes wrong, as the plan says.
type storm struct {
	*place
	plan
	disk   *disk
	people []*whatsapptest.Phone
	second map[int]*whatsapptest.Phone // their linked devices
	asked  map[int]int                 // how often they wrote something else
	hits   chan moment

	daemon *process
	ended  chan struct{} // closed when the daemon has ended

	mu      sync.Mutex // guards what the server's goroutines touch
	next    []moment
	taken   int
	release bool // the acks withheld so far go out with the next message
	news    bool // everybody is confirmed
}

const (
	news  = "Domenica mercato in piazza." // ordinary
	alarm = "Chiusa la scuola per neve."  // urgent, while news is leaving
)

// Real processes, a thousand phones in the long run. Whatever happens, each
// phone shows each answer and each announcement once, but for those that the
// report counts as failed or cancelled; and report, status and phones agree.
func TestG2_Torture(t *testing.T) {
	t.Parallel()
	seed := *tortureSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("-torture.phones=%d -torture.kills=%d -torture.seed=%d", *torturePhones, *tortureKills, seed)
	p := newPlace(t)
	s := &storm{place: p, plan: newPlan(seed, *torturePhones, *tortureKills), second: map[int]*whatsapptest.Phone{}, asked: map[int]int{}}
	s.disk = newDisk(t, filepath.Join(p.dir, "data"))
	s.next, s.hits = s.moments, make(chan moment, len(s.moments))
	p.pair()
	s.raise()
	p.server.SetRefuser(s.refuser)
	p.server.SetAckStaller(s.message)
	t.Cleanup(s.keepLog)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute+time.Duration(*tortureKills)*10*time.Second)
	defer cancel()
	s.weather(ctx)
	s.judge()
}

// keepLog leaves what the daemon said of a run that failed, with go test -artifacts.
func (s *storm) keepLog() {
	if !s.t.Failed() {
		return
	}
	name := filepath.Join(s.t.ArtifactDir(), "banditore.log")
	if err := os.WriteFile(name, []byte(s.said()), 0o600); err != nil {
		s.t.Error(err)
	}
}

// raise gives everybody a phone, and some a second device.
func (s *storm) raise() {
	for i := range *torturePhones {
		c := s.server.NewPhone(fmt.Sprintf("+39399%07d", i+1))
		s.people = append(s.people, c)
		if s.linked[i] {
			s.second[i] = c.LinkDevice()
		}
	}
}

// refuser turns away announcements to those that WhatsApp does not write to.
func (s *storm) refuser(to *whatsapptest.Phone, _ string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.news && s.refused[s.index(to)] {
		return 404
	}
	return 0
}

func (s *storm) index(c *whatsapptest.Phone) int {
	n, _ := strconv.Atoi(c.Number()[len("+39399"):])
	return n - 1
}

// message is called for every message that the server takes. It says whether
// the ack is withheld.
func (s *storm) message(_ *whatsapptest.Phone, _ string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.taken < len(s.people) || s.news {
		s.taken++ // what the plan has for the announcements waits for them
	}
	if s.release {
		s.release = false
		s.server.ReleaseAcks()
	}
	if len(s.next) == 0 || s.taken < s.next[0].at {
		return false
	}
	m := s.next[0]
	s.next = s.next[1:]
	s.hits <- m
	switch m.trouble {
	case late:
		s.release = true
		return true
	case lost, mute, full, fuller:
		return true
	case kill, cut:
		return m.unacked
	}
	return false
}

// weather runs the daemon through the whole plan and restarts it, as systemd
// does, until the story has come to its end.
func (s *storm) weather(ctx context.Context) {
	s.t.Helper()
	s.restart()
	story := make(chan error, 1)
	go func() { story <- s.story(ctx) }()
	for {
		select {
		case m := <-s.hits:
			s.strike(m)
		case <-s.ended:
			pause(100 * time.Millisecond)
			s.restart()
		case err := <-story:
			if err != nil {
				s.t.Fatalf("%v\n%s", err, tail(s.said()))
			}
			return
		}
	}
}

// restart makes an end of the daemon, should it live, and starts another.
func (s *storm) restart() {
	if s.daemon != nil {
		s.daemon.end(syscall.SIGKILL)
		if !s.disk.full {
			mustDo(s.t, forgetLogins(s.dir)) // or it might wait for minutes
		}
	}
	daemon, ended := s.start("run"), make(chan struct{})
	go func() {
		defer close(ended)
		for daemon.stdout.Scan() {
		}
	}()
	s.daemon, s.ended = daemon, ended
	if s.disk.full && !s.disk.mounted {
		s.disk.limit(daemon)
	}
}

func pause(d time.Duration) { <-time.After(d) }

// diskSpell is how long the disk stays full.
const diskSpell = 700 * time.Millisecond

func (s *storm) strike(m moment) {
	pause(m.delay)
	switch m.trouble {
	case kill:
		s.restart()
	case cut, lost, late:
		s.server.DropConnections()
	case full, fuller:
		s.disk.fill(s.daemon)
		s.people[m.phone].Text(comune, "A che ora apre la biblioteca?")
		s.asked[m.phone]++
		s.server.ReleaseAcks() // what was on its way cannot be recorded
		pause(diskSpell)
		if m.trouble == full {
			s.restart()
			pause(diskSpell)
		}
		s.disk.free(s.daemon)
		if m.trouble == full && *tortureKills < longRun {
			s.restart() // or it would look again a quarter of a minute later
		}
	case offline:
		s.people[m.phone].GoOffline()
	case online:
		s.people[m.phone].GoOnline()
	case leave:
		s.people[m.phone].Text(comune, "Disattiva Notizie")
	}
}

// story is what happens in town: everybody subscribes, an announcement, and
// another that cannot wait.
func (s *storm) story(ctx context.Context) error {
	for _, c := range s.people {
		c.Text(comune, fmt.Sprintf("Attiva Notizie Gianbattista%d Zanardelli%d Saronno", s.index(c), s.index(c)))
	}
	for i, c := range s.people {
		if _, err := c.AwaitText(ctx, "Iscrizione attiva"); err != nil {
			return fmt.Errorf("confirmation of phone %d: %w", i, err)
		}
	}
	s.mu.Lock()
	s.news = true
	s.mu.Unlock()
	if err := s.drop("da_inviare/mercato.txt", news); err != nil {
		return err
	}
	for s.seeing(news) < len(s.people)/3 {
		if err := tick(ctx); err != nil {
			return fmt.Errorf("a third of the phones: %w", err)
		}
	}
	if err := s.drop("urgenti/neve.txt", alarm); err != nil {
		return err
	}
	for _, name := range []string{"mercato.txt", "neve.txt"} {
		for !exists(filepath.Join(s.dir, "spool", "inviati", name+".esito.txt")) {
			if err := tick(ctx); err != nil {
				return fmt.Errorf("report of %s: %w", name, err)
			}
		}
	}
	return s.calm(ctx)
}

// calm switches all phones on and waits until all that is left has arrived, and is counted: while the line is down
// receipts wait at the server, where nobody sees them.
func (s *storm) calm(ctx context.Context) error {
	for i, c := range s.people {
		c.GoOnline()
		if !s.leaving[i] {
			continue
		}
		if _, err := c.AwaitText(ctx, "cancellat"); err != nil {
			return fmt.Errorf("goodbye of phone %d: %w", i, err)
		}
	}
	patience, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		err := s.server.Settle(ctx)
		f := s.status()
		if err != nil || f.Waiting == 0 && s.isCounted(f) {
			return err
		}
		if err := tick(patience); err != nil {
			if f.Waiting == 0 {
				return nil // and judge says what is wrong
			}
			return fmt.Errorf("outbox: %w", err)
		}
	}
}

func tick(ctx context.Context) error {
	select {
	case <-time.After(50 * time.Millisecond):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *storm) drop(name, text string) error {
	return os.WriteFile(filepath.Join(s.dir, "spool", name), []byte(text), 0o660)
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

func (s *storm) seeing(text string) (n int) {
	for _, c := range s.people {
		n += min(1, shown(c, text))
	}
	return n
}
