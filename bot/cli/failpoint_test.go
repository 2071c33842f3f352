package cli_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"banditore/bot/cli"
	"banditore/bot/whatsapp/whatsapptest"
)

// stepKey names the environment variable with the step at which a banditore
// process is to die: the message of a log line, and after a # its how-manieth.
const stepKey = "TEST_DIE_AT"

// deathBed kills the process as it logs a step. The line is written by the
// goroutine that takes the step, and that goroutine gets no further.
type deathBed struct {
	step string
	seen int
	out  io.Writer
}

func (d *deathBed) Write(line []byte) (int, error) {
	step, count, _ := strings.Cut(d.step, "#")
	if bytes.Contains(line, []byte(`msg="`+step+`"`)) {
		d.seen++
		if count == "" || count == fmt.Sprint(d.seen) {
			fmt.Fprintf(d.out, "died at %q\n", d.step)
			syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
	}
	return d.out.Write(line)
}

// The life of a delivery to three subscribers, that of waves to ten, and that of an answer. Between
// every two steps the process is killed as -9 does it, by itself where only it
// knows where it is, and from outside where the server or a folder shows it.
var lives = []struct {
	life  string
	begin func(*place, []*whatsapptest.Phone)
	steps []step
}{
	{"delivery", dropFile, []step{
		{after: "the file was dropped", before: "it is claimed", dies: "banditore is running"},
		{after: "the file was moved to in_invio", before: "it is published", dies: "file accepted"},
		{after: "the announcement was published", before: "a delivery is claimed", dies: "announcement accepted"},
		{after: "the first delivery was claimed", before: "its frame leaves", dies: "message claimed"},
		{after: "the first frame left", before: "its ack comes", unacked: 1},
		{after: "the first ack came", before: "it is recorded", dies: "attempt ended"},
		{after: "the first ack was recorded", before: "the second delivery is claimed", dies: "outcome recorded"},
		{after: "the first receipts came", before: "they are noted", dies: "receipts came"},
		{after: "the first receipts were noted", before: "the server hears of that", dies: "receipts noted"},
		{after: "the second delivery was claimed", before: "its frame leaves", dies: "message claimed#2"},
		{after: "the second frame left", before: "its ack comes", unacked: 2},
		{after: "the last ack came", before: "it is recorded", dies: "attempt ended#3"},
		{after: "the last ack was recorded", before: "the file is filed away", dies: "outcome recorded#3"},
		{after: "the file was moved to inviati", before: "that is noted", dies: "file moved to its last place"},
	}},
	{"wave", soundSiren, []step{
		{after: "the first wave was claimed", before: "it is sealed", dies: "wave claimed"},
		{after: "it was sealed", before: "the first frame leaves", dies: "wave sealed"},
		{after: "half of its frames left", before: "the others do", dies: "letter on the wire#2"},
		{after: "all its frames left", before: "the next wave is claimed", dies: "wave on the wire"},
		{after: "two waves left", before: "any ack comes", unacked: 1, taken: 8},
		{after: "some acks came", before: "the others do", unacked: 3, taken: 8},
		{after: "some acks came", before: "they are dealt with", dies: "letter taken#3"},
		{after: "the second wave was sealed", before: "its first frame leaves", dies: "wave sealed#2"},
		{after: "all acks of a wave came", before: "they are recorded", dies: "wave ended"},
		{after: "the acks of a wave were recorded", before: "the next one lands", dies: "wave recorded"},
		{after: "the receipts of a wave came", before: "they are noted", dies: "receipts came"},
		{after: "the receipts of a wave were noted", before: "the server hears of that", dies: "receipts noted"},
		{after: "all acks of the last wave came", before: "they are recorded", dies: "wave ended#3"},
		{after: "the last wave was recorded", before: "the file is filed away", dies: "wave recorded#3"},
	}},
	{"answer", subscribe, []step{
		{after: "the text arrived", before: "it is carried out", dies: "text arrived"},
		{after: "the text was carried out", before: "the server hears of that", dies: "text carried out"},
		{after: "the answer was claimed", before: "its frame leaves", dies: "message claimed"},
		{after: "the frame left", before: "its ack comes", unacked: 1},
		{after: "the ack came", before: "it is recorded", dies: "attempt ended"},
		{after: "the ack was recorded", before: "the receipt is noted", dies: "outcome recorded"},
		{after: "the receipts came", before: "they are noted", dies: "receipts came"},
		{after: "the receipts were noted", before: "the server hears of that", dies: "receipts noted"},
	}},
	{"goodbye", unsubscribe, []step{
		{after: "the text arrived", before: "it is carried out", dies: "text arrived"},
		{after: "the subscriber was struck off", before: "the server hears of that", dies: "text carried out"},
		{after: "the goodbye was claimed", before: "its frame leaves", dies: "message claimed"},
		{after: "the frame left", before: "its ack comes", unacked: 1},
		{after: "the ack came", before: "it is recorded", dies: "attempt ended"},
		{after: "the ack was recorded", before: "the erasure", dies: "outcome recorded"},
		{after: "the erasure began", before: "session.db is erased", dies: "erasure begun"},
		{after: "session.db was erased", before: "store.db is", dies: "session erased"},
		{after: "both were erased", before: "anything else", dies: "people forgotten"},
	}},
}

// step is a place between two steps. Either dies or unacked says how the
// process finds its end there.
type step struct {
	after, before string
	dies          string // at this log line
	unacked       int    // when the server has taken so many messages and acked all but the last
	taken         int    // unless it is to take more, and ack none of them either
}

const (
	newcomer = "+393980000001"
	notice   = "Acqua chiusa in via Roma."
)

func dropFile(p *place, _ []*whatsapptest.Phone) {
	p.write(filepath.Join("spool", "da_inviare", "acqua.txt"), notice)
}

func soundSiren(p *place, _ []*whatsapptest.Phone) {
	p.write(filepath.Join("spool", "urgenti", "acqua.txt"), notice)
}

func subscribe(p *place, _ []*whatsapptest.Phone) {
	p.server.NewPhone(newcomer).Text(comune, "Attiva Notizie Ermenegilda Quaglia Uboldo")
}

func unsubscribe(_ *place, people []*whatsapptest.Phone) {
	people[0].Text(comune, "Disattiva Notizie")
}

func TestG2_Failpoints(t *testing.T) {
	t.Parallel()
	for _, l := range lives {
		for i, s := range l.steps {
			t.Run(fmt.Sprintf("%s/after %s, before %s", l.life, s.after, s.before), func(t *testing.T) {
				t.Parallel()
				open := newPlace
				if i == 0 {
					open = openPlace
				}
				p, citizens := open(t), 3
				if l.life == "wave" {
					citizens = 10
					p.write("config.yaml", windowOf(4))
				}
				p.pair()
				first := p.daemon()
				people := p.citizens(citizens)
				p.settle()
				first.end(syscall.SIGTERM)

				l.begin(p, people)
				p.dieAt(s)
				daemon := p.daemon()
				p.check(people, l.life)
				daemon.end(syscall.SIGTERM)
			})
		}
	}
}

// dieAt runs the daemon until it has died at the step.
func (p *place) dieAt(s step) {
	p.t.Helper()
	p.env = []string{stepKey + "=" + s.dies}
	defer func() { p.env = nil }()
	reached := make(chan struct{})
	if s.unacked > 0 {
		taken := 0
		p.server.SetAckStaller(func(*whatsapptest.Phone, string) bool {
			if taken++; taken == max(s.unacked, s.taken) {
				close(reached)
			}
			return taken >= s.unacked
		})
		defer p.server.SetAckStaller(nil)
	}
	daemon := p.start("run")
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for daemon.stdout.Scan() {
		}
	}()
	select {
	case <-reached:
	case <-ended:
	case <-time.After(2 * time.Minute): // a lost word of the phone's history alone costs 45 seconds
		p.t.Fatalf("the step was not reached\n%s", tail(p.said()))
	}
	daemon.end(syscall.SIGKILL)
	if s.dies != "" && !strings.Contains(p.said(), fmt.Sprintf("died at %q", s.dies)) {
		p.t.Fatalf("it ended before the step\n%s", tail(p.said()))
	}
}

// check waits until what was begun has come to its end, and compares what the
// phones show with what banditore says.
func (p *place) check(people []*whatsapptest.Phone, life string) {
	p.t.Helper()
	want, subscribers := map[string]int{}, len(people)
	switch life {
	case "delivery", "wave":
		want[notice] = 1
		p.awaitFile(filepath.Join("spool", "inviati", "acqua.txt.esito.txt"))
	case "answer":
		people, subscribers = []*whatsapptest.Phone{p.server.Phone(newcomer)}, subscribers+1
	case "goodbye":
		people, subscribers = people[:1], subscribers-1
		want["cancellat"] = 1
	}
	want["Iscrizione attiva"] = 1
	for _, c := range people {
		for text := range want {
			p.await(c, text)
		}
	}
	// Before it is connected nothing can show that it repeats something.
	s := p.awaitStatus(func(f figures) bool { return f.Waiting == 0 && f.State == "connected" })
	p.settle()
	for i, c := range people {
		if got := counts(c, want); fmt.Sprint(got) != fmt.Sprint(want) || textsOn(c) != len(want) {
			p.t.Errorf("phone %d shows %v in %d messages, want %v and nothing else", i, got, textsOn(c), want)
		}
	}
	if s.Subscribers != subscribers {
		p.t.Errorf("status says %d subscribers, want %d", s.Subscribers, subscribers)
	}
	if life == "goodbye" {
		p.awaitNoTrace(people[0])
	}
	if want[notice] == 0 {
		return
	}
	// What phones said before the death comes again after the login, which is all that may still be going on.
	s = p.awaitStatus(func(f figures) bool { return len(f.Announcements) == 1 && f.Announcements[0].Delivered >= subscribers })
	if a := s.Announcements[0]; a.State != "sent" || a.Recipients != subscribers || a.Sent != subscribers || a.Delivered != subscribers || a.Failed+a.Left != 0 {
		p.t.Errorf("status says %+v, want %d recipients, sent and delivered", a, subscribers)
	}
}

// awaitNoTrace is G5: no file of the data directory holds a byte of who left.
func (p *place) awaitNoTrace(c *whatsapptest.Phone) {
	p.t.Helper()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	patience := time.After(time.Minute)
	for {
		found := p.traces(c.Number()[3:], c.LID())
		if len(found) == 0 {
			return
		}
		select {
		case <-tick.C:
		case <-patience:
			p.t.Fatalf("still there: %v\n%s", found, tail(p.said()))
		}
	}
}

// traces lists the files of the data directory that hold any of the words.
func (p *place) traces(words ...string) (found []string) {
	p.t.Helper()
	files, err := filepath.Glob(filepath.Join(p.dir, "data", "*"))
	if err != nil || len(files) < 2 {
		p.t.Fatalf("data directory not readable: %v, %v", files, err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil && !os.IsNotExist(err) {
			p.t.Fatal(err)
		}
		for _, word := range words {
			if bytes.Contains(content, []byte(word)) {
				found = append(found, filepath.Base(file)+": "+word)
			}
		}
	}
	return found
}

// textsOn is how many texts a phone shows; contact cards are none.
func textsOn(c *whatsapptest.Phone) (n int) {
	for _, m := range c.Messages() {
		if m.Text != "" {
			n++
		}
	}
	return n
}

// counts is how many messages of a phone hold each of the texts.
func counts(c *whatsapptest.Phone, texts map[string]int) map[string]int {
	found := map[string]int{}
	for _, m := range c.Messages() {
		for text := range texts {
			if strings.Contains(m.Text, text) {
				found[text]++
			}
		}
	}
	return found
}

// settle waits until the daemon has dealt with all that the server gave it.
func (p *place) settle() {
	p.t.Helper()
	if err := p.server.Settle(p.t.Context()); err != nil {
		p.t.Fatal(err)
	}
}

// figures are what status --json says, as far as these tests compare it.
type figures struct {
	State                string
	Subscribers, Waiting int
	Announcements        []struct {
		Name, State                               string
		Recipients, Sent, Delivered, Failed, Left int
		Reasons                                   map[string]int
	}
}

func (p *place) status() (f figures) {
	p.t.Helper()
	stdout, stderr, code := p.run("status", "--json")
	if err := json.Unmarshal([]byte(stdout), &f); err != nil || code != cli.ExitOK && code != cli.ExitUnhealthy {
		p.t.Fatalf("status: code %d, %v\n%s%s", code, err, stdout, stderr)
	}
	return f
}

// awaitStatus waits until what status says is good.
func (p *place) awaitStatus(good func(figures) bool) figures {
	p.t.Helper()
	tick := time.NewTicker(200 * time.Millisecond) // each look is a process
	defer tick.Stop()
	patience := time.After(time.Minute)
	for {
		f := p.status()
		if good(f) {
			return f
		}
		select {
		case <-tick.C:
		case <-patience:
			p.t.Fatalf("status still says %+v\n%s", f, tail(p.said()))
		}
	}
}
