package cli_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"banditore/bot/whatsapp/whatsapptest"
)

// Killed again and again while an announcement of three messages leaves, is
// corrected and is withdrawn: every phone shows each message once, in order,
// then the right words, then nothing of it.
func TestG2_KilledAmongPartsAndAmendments(t *testing.T) {
	t.Parallel()
	const phones = 60
	p := newPlace(t)
	p.pair()
	daemon := p.daemon()
	people := p.citizens(phones)
	kill := func() {
		daemon.end(syscall.SIGKILL)
		daemon = p.daemon()
	}
	// until waits until n phones are as they should be.
	until := func(n int, what string, good func([]whatsapptest.Message) bool) {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
		defer cancel()
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for {
			count := 0
			for _, c := range people {
				if good(c.Messages()) {
					count++
				}
			}
			if count >= n {
				return
			}
			select {
			case <-tick.C:
			case <-ctx.Done():
				t.Fatalf("%d phones of %d %s\n%s", count, n, what, tail(p.said()))
			}
		}
	}
	whole := func(list []whatsapptest.Message) bool { return len(list) == 5 }
	corrected := func(list []whatsapptest.Message) bool { return whole(list) && list[2].Text == "Alle 10." }
	deleted := func(list []whatsapptest.Message) bool {
		return whole(list) && list[2].Deleted && list[3].Deleted && list[4].Deleted
	}

	photo := string(picture(t))
	for _, name := range []string{"festa-1.jpg", "festa-2.jpg", "festa-3.jpg"} {
		p.write(filepath.Join("spool", "da_inviare", name), photo)
	}
	p.write(filepath.Join("spool", "da_inviare", "festa.txt"), "Alle 9.\n")
	for _, n := range []int{1, 10, 20, 30, 45} {
		until(n, "have it", whole)
		kill()
	}
	until(phones, "have it", whole)
	for i, c := range people {
		for k, m := range c.Messages()[2:] {
			if m.Kind != "image" || m.Text != map[int]string{0: "Alle 9."}[k] {
				t.Fatalf("phone %d shows %s %q as message %d", i, m.Kind, m.Text, k)
			}
		}
	}
	p.awaitFile(filepath.Join("spool", "inviati", "festa.txt.esito.txt"))

	p.write(filepath.Join("spool", "da_inviare", "festa RETTIFICA.txt"), "Alle 10.\n")
	for _, n := range []int{1, 20, 40} {
		until(n, "are corrected", corrected)
		kill()
	}
	until(phones, "are corrected", corrected)

	if err := os.Rename(filepath.Join(p.dir, "spool", "inviati", "festa.txt"), filepath.Join(p.dir, "spool", "ritirare", "festa.txt")); err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{1, 20, 40} {
		until(n, "have deleted it", deleted)
		kill()
	}
	until(phones, "have deleted it", deleted)
	p.awaitFile(filepath.Join("spool", "ritirare", "festa.txt.esito.txt"))
	daemon.end(syscall.SIGTERM)
	for _, secret := range []string{"Alle 9", "Zanardelli", people[7].LID()} {
		if strings.Contains(p.said(), secret) {
			t.Errorf("G4: the log holds %q", secret)
		}
	}
}
