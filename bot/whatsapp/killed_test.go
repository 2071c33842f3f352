package whatsapp_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"banditore/bot/whatsapp"
	"banditore/bot/whatsapp/whatsapptest"
)

// pairsAsAProcess is what this test binary does when it is started with these in its environment: it links a data directory
// to a server of another process, until it is killed.
const pairsAsAProcess, pairsDir = "BANDITORE_TEST_PAIRS_WITH", "BANDITORE_TEST_PAIRS_IN"

func pairAsAProcess(server, dir string) error {
	client, err := whatsapp.Open(context.Background(), whatsapp.Options{Dir: dir, Number: comuneNumber, HTTPClient: whatsapptest.Dial(server)})
	if err != nil {
		return err
	}
	err = client.Pair(context.Background(), whatsapp.Screen{
		Code:   func(code string, _ time.Duration) { fmt.Println(code) },
		Linked: func() { fmt.Println("linked") },
	})
	time.Sleep(time.Minute) // to be killed
	return errors.Join(err, client.Close())
}

// A process that pairs is killed at any moment: the next one knows where it stands, and ends linked.
func TestG3_KilledWhilePairing(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("2026-11-30: starts processes")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	linked, began := 0, 0
	for _, after := range []time.Duration{0, 5, 10, 20, 30, 50, 80, 150, 400, 2000} {
		w := newTown(t)
		addr, err := w.server.Listen()
		if err != nil {
			t.Fatal(err)
		}
		process := exec.CommandContext(t.Context(), self, "-test.run=^$")
		process.Env = append(os.Environ(), pairsAsAProcess+"="+addr, pairsDir+"="+w.dir)
		lines, err := process.StdoutPipe()
		if err == nil {
			err = process.Start()
		}
		if err != nil {
			t.Fatal(err)
		}
		code := ""
		for said := bufio.NewScanner(lines); code == "" && said.Scan(); {
			if strings.HasPrefix(said.Text(), "http") {
				code = said.Text()
			}
		}
		scanned := make(chan struct{})
		go func() {
			_ = w.comune.ScanQR(code)
			close(scanned)
		}()
		time.AfterFunc(after*time.Millisecond, func() { _ = process.Process.Kill() })
		_ = process.Wait()
		w.server.DropConnections() // the system closes what a process leaves open
		<-scanned

		client := w.open(w.options())
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		if client.Paired() {
			began++
			var state *whatsapp.StateError
			switch err := client.Prove(ctx); {
			case err == nil:
				linked++
			case !errors.As(err, &state) || state.State != whatsapp.StateLoggedOut:
				t.Errorf("killed after %v: %v", after*time.Millisecond, err)
			}
		}
		if !client.Paired() {
			if err := client.Pair(ctx, w.scanner(w.comune)); err != nil {
				t.Errorf("killed after %v: %v", after*time.Millisecond, err)
			}
		}
		if err := client.AwaitReady(ctx); err != nil {
			t.Errorf("killed after %v: %v", after*time.Millisecond, err)
		}
		cancel()
		client.Close()
	}
	if linked == 0 || linked == 10 {
		t.Errorf("%d of 10 were linked before they were killed (%d had stored something): it is always the same moment", linked, began)
	}
}
