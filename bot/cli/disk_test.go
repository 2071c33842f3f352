package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A full disk is said, in status and on the page, and so is that it is over;
// what was dropped meanwhile is sent.
func TestG3_AFullDiskIsSaid(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	disk := newDisk(t, filepath.Join(p.dir, "data"))
	if !disk.mounted {
		t.Skip("without the right to mount a disk there is none to fill")
	}
	p.pair()
	daemon := p.daemon()
	c := p.citizens(1)[0]
	p.settle()

	disk.fill(daemon)
	p.write(filepath.Join("spool", "da_inviare", "neve.txt"), "Scuole chiuse.")
	p.awaitStatus(func(f figures) bool { return f.State == "disk_full" })
	p.awaitPage("Il disco del server è pieno")
	disk.free(daemon)
	p.awaitStatus(func(f figures) bool { return f.State == "connected" })
	p.await(c, "Scuole chiuse.")
	p.awaitPage("Tutto a posto")
	daemon.end(syscall.SIGTERM)
}

// awaitPage waits until the status page holds the words.
func (p *place) awaitPage(words string) {
	p.t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	patience := time.After(time.Minute)
	for {
		page, err := os.ReadFile(filepath.Join(p.dir, "spool", "stato.html"))
		if err == nil && strings.Contains(string(page), words) {
			return
		}
		select {
		case <-tick.C:
		case <-patience:
			p.t.Fatalf("the page never said %q, but %s", words, page)
		}
	}
}
