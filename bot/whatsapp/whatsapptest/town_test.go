package whatsapptest_test

import (
	"fmt"
	"runtime"
	"testing"

	"banditore/bot/whatsapp/whatsapptest"
)

// TestTenThousandPhones measures what a town costs: ten thousand phones, of which every tenth
// opens a session and has a text waiting, and ten times what those add. It does not run beside
// other tests, whose memory it would count.
func TestTenThousandPhones(t *testing.T) {
	const town, share = 10_000, 10
	s := whatsapptest.Start(t)
	office := s.NewPhone("+393343679575")
	c := linkedClient(t, s, office)
	settle(t, s)
	c.Disconnect()
	before := heap()
	phones := make([]*whatsapptest.Phone, town)
	for i := range phones {
		phones[i] = s.NewPhone(fmt.Sprintf("+39333%07d", i))
	}
	made := heap()
	for i := 0; i < town; i += share {
		phones[i].Text(office.Number(), "Attiva Notizie Mario Rossi Saronno")
	}
	sessions := (heap() - made) * share
	t.Logf("%d phones: %d MB, their sessions and texts %d MB", town, (made-before)>>20, sessions>>20)
	if used := (made - before + sessions) >> 20; used > 500 {
		t.Errorf("%d phones with a session and a waiting text use %d MB, want less than 500", town, used)
	}
	if got := s.Phone(phones[town-1].Number()); got != phones[town-1] {
		t.Error("the last phone is not found by its number")
	}
}

// heap is the memory in use, in bytes.
func heap() int64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}
