package cli_test

import (
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"banditore/bot/whatsapp/whatsapptest"
)

// The daemon is killed at twenty random moments of an announcement to 300
// phones, each time as a real process that gets no chance to say goodbye.
// Every phone shows the announcement exactly once.
func TestG2_KilledTwentyTimes(t *testing.T) {
	t.Parallel()
	const phones, kills = 300, 20
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	p := newPlace(t)
	p.pair()
	daemon := p.daemon()
	people := p.citizens(phones)

	moments := random.Perm(phones - 1)[:kills]
	slices.Sort(moments)
	p.write(filepath.Join("spool", "da_inviare", "acqua.txt"), "Acqua chiusa in via Roma.\n")
	for _, m := range moments {
		p.await(people[m], "Acqua chiusa")
		daemon.end(syscall.SIGKILL)
		daemon = p.daemon()
	}
	for _, c := range people {
		p.await(c, "Acqua chiusa")
	}
	p.awaitFile(filepath.Join("spool", "inviati", "acqua.txt.esito.txt"))
	daemon.end(syscall.SIGTERM)

	again := 0
	for i, c := range people {
		if n := shown(c, "Acqua chiusa in via Roma."); n != 1 {
			t.Errorf("phone %d shows it %d times", i, n)
		}
		again += c.Repeats()
	}
	t.Logf("%d messages came again under an ID that was known, and were not shown", again)
	for _, secret := range []string{"Gianbattista", "Zanardelli", people[7].Number()[1:], people[7].LID(), people[250].LID(), "Acqua chiusa"} {
		if strings.Contains(p.said(), secret) {
			t.Errorf("G4: the log holds %q", secret)
		}
	}
}

func shown(c *whatsapptest.Phone, text string) (n int) {
	for _, m := range c.Messages() {
		if m.Text == text {
			n++
		}
	}
	return n
}
