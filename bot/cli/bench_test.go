package cli_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"banditore/bot/whatsapp"
	"banditore/bot/whatsapp/whatsapptest"
	"banditore/store"
)

// BenchmarkDelivery sends announcements to b.N subscribers with the daemon as
// a process of its own, so that its CPU time is its own. `first` is the first
// message ever to somebody (LID, devices and keys are asked for), `later` is
// any message after that; somebody who has written is always a later one after
// the first announcement.
//
//	go test ./bot/cli -run '^$' -bench . -benchtime=200x
//
// On 28 November 2026, on two shared cores of an AMD EPYC, with sending.every: 0s:
//
//	round trip  first contact                    later
//	0 ms        4.5 ms CPU, 206 messages/s       1.7 ms CPU, 530 messages/s
//	50 ms       8.4 ms CPU, 4.8 messages/s       3.4 ms CPU, 19 messages/s
//
// TestAnAnswerWaitsForLessThanOneMessage measures how long an announcement keeps a
// citizen's answer waiting: for the message in hand, never for a whole
// announcement. Against a round trip of one second, at many moments of an
// announcement that leaves without a pause, that was 0.99 s at most beside messages
// of one second, 1.95 s beside those of two (the first after a restart), 2.99 s
// beside those of three (first contact).
func BenchmarkDelivery(b *testing.B) {
	for _, rtt := range []time.Duration{0, 50 * time.Millisecond} {
		for _, contact := range []string{"first", "later"} {
			b.Run(fmt.Sprintf("rtt=%v/%s", rtt, contact), func(b *testing.B) { benchmarkDelivery(b, rtt, contact) })
		}
	}
}

func benchmarkDelivery(b *testing.B, rtt time.Duration, contact string) {
	p := newPlace(b)
	p.write("config.yaml", strings.Replace(settings, "level: debug", "level: warn", 1))
	p.pair()
	daemon := p.daemon()
	p.awaitFile(filepath.Join("spool", "stato.html"))
	p.send(p.enlist(0, 1), "Il primo dopo la storia.") // which a new link waits for
	people := p.enlist(1, b.N)
	if contact == "later" {
		p.send(people, "Primo contatto.")
	}
	p.server.SetRoundTrip(rtt)
	cpu := daemon.cpu()
	b.ResetTimer()
	p.send(people, "Una notizia per tutti, con qualche parola in più.")
	b.StopTimer()
	b.ReportMetric(float64((daemon.cpu()-cpu).Microseconds())/float64(b.N), "cpu-µs/msg")
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "msg/s")
	b.ReportMetric(0, "ns/op")
	p.server.SetRoundTrip(0)
	daemon.end(syscall.SIGTERM)
}

// enlist writes subscribers into the list who have never written a message, so
// that the daemon has nothing of theirs. There are some before them.
func (p *place) enlist(before, n int) (people []*whatsapptest.Phone) {
	p.t.Helper()
	ctx := context.Background()
	db, err := store.Open(ctx, filepath.Join(p.dir, "data"))
	if err != nil {
		p.t.Fatal(err)
	}
	defer db.Close()
	for i := before; i < before+n; i++ {
		c := p.server.NewPhone(fmt.Sprintf("+39399%07d", i+1))
		people = append(people, c)
		in := store.Incoming{ID: fmt.Sprint("B", i), From: store.Person{Number: store.Number(c.Number())}, At: time.Now()}
		_, err := db.Handle(ctx, in, time.Now(), whatsapp.NewMessageID, func(i *store.Inbox) error {
			return i.Subscribe(store.Details{GivenName: "N", FamilyName: "N", Comune: "Saronno"}, store.Evidence{})
		})
		if err != nil {
			p.t.Fatal(err)
		}
	}
	return people
}

func (p *place) send(people []*whatsapptest.Phone, text string) {
	p.t.Helper()
	p.write(filepath.Join("spool", "da_inviare", fmt.Sprint(len(text), ".txt")), text)
	for _, c := range people {
		p.await(c, text)
	}
}

// cpu is the process's user and system time so far (proc(5), fields 14 and 15,
// in ticks of 10 ms).
func (pr *process) cpu() time.Duration {
	pr.t.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pr.Process.Pid))
	if err != nil {
		pr.t.Fatal(err)
	}
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+2:]))
	user, errUser := strconv.Atoi(fields[11])
	system, errSystem := strconv.Atoi(fields[12])
	if errUser != nil || errSystem != nil {
		pr.t.Fatalf("stat not understood: %q", stat)
	}
	return time.Duration(user+system) * 10 * time.Millisecond
}
