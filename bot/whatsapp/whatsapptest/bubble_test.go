package whatsapptest_test

import (
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/whatsapp/whatsapptest"
)

// TestBubble runs a day of bubble time: keepalives, a broken line, and nothing left behind.
// The bubble itself fails the test when a goroutine of the server stays.
func TestBubble(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "session.db")
	synctest.Test(t, func(t *testing.T) {
		s := whatsapptest.Start(t)
		office, anna := s.NewPhone("+393343679575"), s.NewPhone("+393331234567")
		c := openClient(t, s, file).link(office)
		time.Sleep(12 * time.Hour)
		anna.Text(office.Number(), "ciao")
		c.say(c.awaitText("ciao").Info.Chat, "salve")
		expectText(t, anna, "salve")

		s.DropConnections()
		c.awaitConnected()
		anna.Text(office.Number(), "ancora")
		c.awaitText("ancora")
		settle(t, s)
		if pings := s.Stats().Queries["w:p"]; pings < 12*60*60/30 {
			t.Errorf("got %d keepalives in twelve hours, want one at least every 30 seconds", pings)
		}
		leave(c)
	})
}

// leave hangs up inside a bubble for good, and lets the library's history loop run out, which takes it a minute: not every
// test waits for that at the end of its server.
func leave(c *client) {
	c.hangUp()
	c.close()
	time.Sleep(2 * time.Minute)
}

// hangUp disconnects inside a bubble, when nothing is on its way: what comes just as the library hangs up keeps its reader
// for ever, and the bubble with it.
func (c *client) hangUp() {
	time.Sleep(time.Second)
	c.Disconnect()
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "session.db")
	synctest.Test(t, func(t *testing.T) {
		s := whatsapptest.Start(t)
		office, anna := s.NewPhone("+393343679575"), s.NewPhone("+393331234567")
		c := openClient(t, s, file).link(office)
		c.say(lidOf(anna), "one")
		settle(t, s)
		s.SetRoundTrip(300 * time.Millisecond)
		start := time.Now()
		c.say(lidOf(anna), "two")
		if took := time.Since(start); took != 300*time.Millisecond {
			t.Errorf("got an ack after %v, want the round trip of 300ms", took)
		}
		settle(t, s)
		leave(c)
	})
}

// TestRoundTripIsLatency lets many questions be on their way at once: each has its answer after one round trip, as on a
// real line, and none waits for another's.
func TestRoundTripIsLatency(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "session.db")
	synctest.Test(t, func(t *testing.T) {
		s := whatsapptest.Start(t)
		c := openClient(t, s, file).link(s.NewPhone("+393343679575"))
		settle(t, s)
		s.SetRoundTrip(300 * time.Millisecond)
		start := time.Now()
		var asking sync.WaitGroup
		for range 50 {
			asking.Go(func() {
				if _, err := c.GetBlocklist(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		asking.Wait()
		if took := time.Since(start); took != 300*time.Millisecond {
			t.Errorf("got 50 answers after %v, want one round trip of 300ms", took)
		}
		s.SetRoundTrip(0)
		leave(c)
	})
}

// TestCloseLeavesNothing counts goroutines outside of a bubble, with the TLS port and the
// proxy in use.
func TestCloseLeavesNothing(t *testing.T) {
	before := runtime.NumGoroutine()
	s := whatsapptest.NewServer()
	if _, err := s.Proxy(); err != nil {
		t.Fatal(err)
	}
	addr, err := s.Listen()
	if err != nil {
		t.Fatal(err)
	}
	for _, via := range []*client{openClient(t, s, ""), openClientVia(t, whatsapptest.Dial(addr), "")} {
		via.connect()
		defer via.close()
	}
	s.NewPhone("+393331234567")
	s.Close()
	s.Close()
	deadline := time.After(patience)
	for runtime.NumGoroutine() > before+8 { // the clients' own
		select {
		case <-deadline:
			t.Fatalf("got %d goroutines after Close, want about %d", runtime.NumGoroutine(), before)
		case <-time.Tick(10 * time.Millisecond):
		}
	}
}
