package cli_test

import (
	"context"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"banditore/bot/whatsapp/whatsapptest"
)

// gapPeople are two subscribers and two who are none yet.
type gapPeople struct{ stays, leaves, joins, slow *whatsapptest.Phone }

// missed lets the Comune's phone drop the link, and people write while there
// is none. No process runs afterwards.
func (p *place) missed(history whatsapptest.History) gapPeople {
	p.t.Helper()
	p.waits = true
	p.pair()
	daemon := p.daemon()
	people := p.citizens(2)
	p.settle()
	p.phone.SetHistory(history)
	p.server.Unlink(comune)
	p.awaitSaid("state=logged_out")
	daemon.end(syscall.SIGTERM)
	c := gapPeople{people[0], people[1], p.server.NewPhone(newcomer), p.server.NewPhone("+393980000002")}
	c.leaves.Text(comune, "Disattiva Notizie")
	c.joins.Text(comune, "Attiva Notizie Ermenegilda Quaglia Uboldo")
	c.slow.Text(comune, "Attiva Notizie")
	c.slow.Text(comune, "Isotta Quaglia Saronno")
	return c
}

// release lets the phone tell what it holds back, once it has begun to: it does not do so before its new device has logged in.
func (p *place) release() {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), time.Minute)
	defer cancel()
	mustDo(p.t, p.phone.AwaitHeld(ctx, 1))
	p.phone.Release()
}

// checkGap sends an announcement and sees who gets it.
func (p *place) checkGap(c gapPeople) {
	p.t.Helper()
	p.write(filepath.Join("spool", "da_inviare", "acqua.txt"), notice)
	for _, citizen := range []*whatsapptest.Phone{c.stays, c.joins, c.slow} {
		p.await(citizen, notice)
		if n := shown(citizen, notice); n != 1 {
			p.t.Errorf("the announcement was shown %d times", n)
		}
	}
	for _, citizen := range []*whatsapptest.Phone{c.joins, c.slow} {
		if first := citizen.Messages()[0].Text; !strings.Contains(first, "Iscrizione attiva") {
			p.t.Errorf("the first answer is %q, want a confirmation", first)
		}
	}
	p.await(c.leaves, "cancellat")
	p.settle()
	if n := shown(c.leaves, notice); n != 0 {
		p.t.Error("who left got the announcement")
	}
	if s := p.status(); s.Subscribers != 3 {
		p.t.Errorf("status says %d subscribers, want 3", s.Subscribers)
	}
	p.awaitNoTrace(c.leaves)
}

// A process that reads the phone's history is killed between every two steps of
// it, be it the daemon or the command that pairs. The phone tells nothing twice;
// nobody's cancellation and nobody's registration is lost.
func TestG3_KilledWhileTheHistoryIsRead(t *testing.T) {
	t.Parallel()
	steps := []step{
		{after: "a notice was kept", before: "it is read", dies: "the phone has told something"},
		{after: "another was kept", before: "it is read", dies: "the phone has told something#3"},
		{after: "a notice was found", before: "its file is fetched", dies: "reading what the phone told"},
		{after: "the file was fetched", before: "its texts are looked at", dies: "a part of the phone's history is here"},
		{after: "a later file was fetched", before: "its texts are looked at", dies: "a part of the phone's history is here#3"},
		{after: "a cancellation began", before: "it is carried out", dies: "text arrived"},
		{after: "a cancellation was carried out", before: "the part is noted", dies: "text carried out"},
		{after: "a part was noted", before: "WhatsApp's side of it is done", dies: "part of the phone's history read"},
		{after: "a later part was noted", before: "WhatsApp's side of it is done", dies: "part of the phone's history read#2"},
		{after: "a part was handed over", before: "that is noted", dies: "a part of the phone's history has been handed over#2"},
		{after: "all was carried out", before: "the parts are deleted", dies: "nothing more is waited for from the phone's history"},
		{after: "a part was deleted", before: "the others are", dies: "what the phone told has been dealt with#2"},
	}
	for _, s := range steps {
		t.Run("after "+s.after+", before "+s.before, func(t *testing.T) {
			t.Parallel()
			p := newPlace(t)
			c := p.missed(whatsapptest.History{Chunk: 2, Backwards: true, Hold: true})
			p.pair()
			p.release()
			p.dieAt(s)
			daemon := p.daemon()
			p.checkGap(c)
			daemon.end(syscall.SIGTERM)
		})
	}
}

// What the phone tells while a command pairs that is killed is not lost either.
func TestG3_KilledWhilePairing(t *testing.T) {
	t.Parallel()
	for _, dies := range []string{"the phone has told something", "the phone has told something#3", "reading what the phone told#2", "a part of the phone's history is here"} {
		t.Run(dies, func(t *testing.T) {
			t.Parallel()
			p := newPlace(t)
			c := p.missed(whatsapptest.History{Chunk: 1, Backwards: true})
			p.env = []string{stepKey + "=" + dies}
			pairing := p.start("pair")
			p.env = nil
			if err := p.phone.ScanQR(pairing.nextCode()); err != nil {
				t.Fatalf("scan: %v", err)
			}
			for pairing.stdout.Scan() {
			}
			pairing.end(syscall.SIGKILL)
			t.Logf("died there, and did not end before: %t", strings.Contains(p.said(), "died at"))
			daemon := p.daemon()
			p.checkGap(c)
			daemon.end(syscall.SIGTERM)
		})
	}
}

// What the phone tells while the disk is full waits at WhatsApp's server.
func TestG3_TheHistoryWaitsForRoom(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	disk := newDisk(t, filepath.Join(p.dir, "data"))
	c := p.missed(whatsapptest.History{Chunk: 2, Backwards: true, Hold: true})
	p.pair()
	daemon := p.daemon()
	p.awaitStatus(func(f figures) bool { return f.State == "connected" })
	disk.fill(daemon)
	p.release()
	p.awaitWords("Error decrypting message", 5) // of at least so many pieces
	disk.free(daemon)
	p.awaitSaid("renewing the connection to receive again what could not be recorded")
	p.checkGap(c)
	daemon.end(syscall.SIGTERM)
}
