package whatsapptest_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"banditore/bot/whatsapp/whatsapptest"
)

// TestTenThousandPhones measures what a town costs: every phone with a session that it has received and written in. It
// does not run beside other tests, whose memory it would count.
func TestTenThousandPhones(t *testing.T) {
	if testing.Short() {
		t.Skip("ten thousand sessions take ten seconds")
	}
	const town = 10_000
	s := whatsapptest.Start(t)
	office := s.NewPhone("+393343679575")
	c := linkedClient(t, s, office)
	before := heap()
	start := time.Now()
	phones := make([]*whatsapptest.Phone, town)
	for i := range phones {
		phones[i] = s.NewPhone(fmt.Sprintf("+39333%07d", i))
	}
	t.Logf("%d phones made in %v, %d MB", town, time.Since(start), (heap()-before)>>20)
	c.Disconnect()
	for _, phone := range phones {
		phone.Text(office.Number(), "Attiva Notizie Mario Rossi Saronno")
	}
	if used := (heap() - before) >> 20; used > 500 {
		t.Errorf("%d phones with a session and a waiting text use %d MB, want less than 500", town, used)
	} else {
		t.Logf("with a session and a waiting text each: %d MB after %v", used, time.Since(start))
	}
}

// heap is the memory in use, in bytes.
func heap() int64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}
