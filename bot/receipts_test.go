package bot_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/config"
	"banditore/bot/whatsapp/whatsapptest"
	"banditore/store"
)

// counts waits for rest and compares what is known of an announcement's
// receipts, the newest announcement being 0.
func (w *town) counts(when string, announcement, delivered, read int) {
	w.t.Helper()
	time.Sleep(time.Minute)
	if a := w.announcements()[announcement]; a.Delivered != delivered || a.Read != read {
		w.t.Errorf("%s: counts %+v, want %d delivered and %d read", when, a.Counts, delivered, read)
	}
}

// idOf is the ID of a text that a phone shows.
func idOf(p *whatsapptest.Phone, text string) string {
	for _, m := range p.Messages() {
		if m.Text == text {
			return m.ID
		}
	}
	return ""
}

// What phones say is matched by the message's ID, whichever address says it; it
// may come late, in the wrong order, again, and after restarts. Nothing goes
// back, and each announcement has its own count.
func TestReceiptsInAnyOrderFromAnyAddress(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		people := w.subscribe(4)
		for _, p := range people {
			p.KeepQuiet()
		}
		people[1].ByNumber()
		people[3].ByNumber()
		w.drop("da_inviare", "a.txt", "Una notizia.")
		w.arrivals(people, "Una notizia.")
		w.counts("in silence", 0, 0, 0)

		say := func(n int, read bool) { people[n].Confirm(read, idOf(people[n], "Una notizia.")) }
		say(0, false)
		say(1, false)
		w.counts("by LID and by number", 0, 2, 0)
		say(2, true)
		say(3, true)
		w.counts("read, never delivered", 0, 4, 2)
		for n := range people {
			say(n, false)
			say(n, false)
		}
		w.counts("delivered afterwards, and again", 0, 4, 2)
		w.restart(time.Hour)
		for n := range people {
			say(n, n < 3)
		}
		w.counts("after a restart", 0, 4, 4)
		w.stop()
		for n := range people {
			say(n, false)
			say(n, true)
		}
		w.start()
		w.counts("what was said while nobody listened", 0, 4, 4)
	})
}

// One receipt may speak of many messages: of answers, which nobody counts, and
// of several announcements.
func TestOneReceiptForManyMessages(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		people := w.subscribe(2)
		p := people[0]
		p.KeepQuiet()
		for i := range 3 {
			w.drop("da_inviare", fmt.Sprint(i, ".txt"), fmt.Sprintf("Notizia %d.", i))
			w.arrivals(people, fmt.Sprintf("Notizia %d.", i))
		}
		var ids []string
		for _, m := range p.Messages() {
			if m.Text != "Notizia 1." {
				ids = append(ids, m.ID)
			}
		}
		p.Confirm(true, ids...)
		for i, read := range []int{1, 0, 1} { // the newest first
			w.counts(fmt.Sprintf("announcement %d", 2-i), i, 1+read, read)
		}
	})
}

// What phones say of one announcement while another leaves is counted for the
// one they mean.
func TestReceiptsForAnotherAnnouncement(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, func(c *config.Config) { c.Sending.Every = time.Second })
		people := w.subscribe(10)
		for _, p := range people {
			p.KeepQuiet()
		}
		w.drop("da_inviare", "a.txt", "La prima.")
		w.arrivals(people, "La prima.")
		w.drop("da_inviare", "b.txt", "La seconda.")
		w.await(people[3], "La seconda.")
		for i, p := range people {
			p.Confirm(i%2 == 0, idOf(p, "La prima."))
		}
		if a := w.announcements()[0]; a.State != store.Running {
			t.Fatalf("the second announcement is %s, want it to be leaving still", a.State)
		}
		w.arrivals(people, "La seconda.")
		w.counts("the first", 1, 10, 5)
		w.counts("the second", 0, 0, 0)
		people[9].Confirm(true, idOf(people[9], "La seconda."))
		w.counts("the second, later", 0, 1, 1)
		w.counts("the first, later", 1, 10, 5)
	})
}

const burstAnnouncements = 5

// Thousands of receipts in one burst, out of order, while an announcement
// leaves: all are counted, the database is never locked, and no attempt fails.
// What the burst costs the sender is logged.
func TestReceiptsInBulk(t *testing.T) {
	slow(t)
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		burstPeople := size(100, 75)
		people := w.subscribe(burstPeople)
		for _, p := range people {
			p.KeepQuiet()
		}
		for n := range burstAnnouncements {
			w.leave(people, n, func() {})
		}
		quiet := w.leave(people, burstAnnouncements, func() {})
		said := 0
		loud := w.leave(people, burstAnnouncements+1, func() {
			for _, p := range people {
				for _, m := range p.Messages() {
					for _, read := range []bool{true, false, true, false} {
						p.Confirm(read, m.ID)
						said++
					}
				}
			}
		})
		time.Sleep(time.Minute)
		for i, a := range w.announcements()[1:] {
			if a.Sent != burstPeople || a.Delivered != burstPeople || a.Read != burstPeople {
				t.Errorf("announcement %d: counts %+v, want all read", burstAnnouncements-i, a.Counts)
			}
		}
		if a := w.announcements()[0]; a.Sent != burstPeople || a.Read > 10 {
			t.Errorf("the one that was leaving: counts %+v", a.Counts)
		}
		for _, trouble := range []string{"SQLITE_BUSY", "database is locked", "message not sent", "not recorded", "could not be recorded"} {
			if strings.Contains(w.log.String(), trouble) {
				t.Errorf("the log says %q", trouble)
			}
		}
		t.Logf("%d messages took %v (CPU %v); with %d receipts in a burst %v (CPU %v): %.2f times as long, %.2f times the CPU",
			burstPeople, quiet.real, quiet.cpu, said, loud.real, loud.cpu,
			loud.real.Seconds()/quiet.real.Seconds(), loud.cpu.Seconds()/quiet.cpu.Seconds())
	})
}

// cost is what something took of this machine.
type cost struct{ real, cpu time.Duration }

// leave lets an announcement leave and says what that cost, from the first
// message to the last. What is given is done at the first.
func (w *town) leave(people []*whatsapptest.Phone, n int, meanwhile func()) cost {
	w.t.Helper()
	began := make(chan struct{})
	first := sync.OnceFunc(func() { close(began) })
	w.server.SetAckStaller(func(*whatsapptest.Phone, string) bool { first(); return false })
	text := fmt.Sprintf("Notizia %d.", n)
	w.drop("da_inviare", fmt.Sprint(n, ".txt"), text)
	<-began
	before := spent(w.t)
	meanwhile()
	w.arrivals(people, text)
	after := spent(w.t)
	return cost{after.real - before.real, after.cpu - before.cpu}
}

// spent reads the clock outside of the bubble and what the process has used.
func spent(t *testing.T) cost {
	var now syscall.Timeval
	var used syscall.Rusage
	if err := errors.Join(syscall.Gettimeofday(&now), syscall.Getrusage(syscall.RUSAGE_SELF, &used)); err != nil {
		t.Fatal(err)
	}
	return cost{time.Duration(now.Nano()), time.Duration(used.Utime.Nano() + used.Stime.Nano())}
}
