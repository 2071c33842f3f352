package whatsapp

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
)

// flooded is a client with a link whose connection has just been made, as far as it knows.
func flooded(t *testing.T, onReceipts func([]Receipt) error) (*Client, *link) {
	t.Helper()
	c := openForTest(t, t.TempDir())
	c.options.OnReceipts = func(_ context.Context, list []Receipt) error { return onReceipts(list) }
	l := new(link)
	l.lib, l.wire = c.newLibrary(c.container.NewDevice())
	l.wire.line = t.Context()
	c.link = l
	return c, l
}

// flood lets the library hear of a receipt and, unless it loses it, hand it over.
func flood(c *Client, l *link, i int, lost bool) {
	from := types.NewJID(fmt.Sprint(117540000000000+i), types.HiddenUserServer)
	c.overhear(&binary.Node{Tag: "receipt", Attrs: binary.Attrs{"from": from, "id": "3EB0C767D097B7C3A1"}})
	if !lost {
		c.receipted(l, &events.Receipt{MessageSource: types.MessageSource{Chat: from.ToNonAD(), Sender: from}, MessageIDs: []string{"3EB0C767D097B7C3A1"}})
	}
}

// What the library drops is not remembered without end.
func TestG9_StanzasOfReceiptsAreBounded(t *testing.T) {
	t.Parallel()
	c, l := flooded(t, func([]Receipt) error { return nil })
	for i := range heardReceipt + 10 {
		flood(c, l, i, true)
	}
	if n := len(c.receipts.heard); n < 1 || n > heardReceipt {
		t.Errorf("%d stanzas are kept", n)
	}
}

// Who confirms faster than the disk commits waits, and is not lost.
func TestG9_ReceiptsWaitForASlowDisk(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		disk, told := make(chan struct{}), 0
		c, l := flooded(t, func(list []Receipt) error {
			<-disk
			told += len(list)
			return nil
		})
		const all = 2 * foldBacklog
		var handed atomic.Int64
		go func() {
			for i := range all {
				flood(c, l, i, false)
				handed.Add(1)
			}
		}()
		time.Sleep(time.Minute)
		if n := handed.Load(); n < foldBacklog || n > foldBacklog+foldLimit {
			t.Errorf("%d receipts are in memory", n)
		}
		close(disk)
		time.Sleep(time.Second)
		synctest.Wait()
		if told != all {
			t.Errorf("%d of %d were told", told, all)
		}
	})
}

// stuckLine is a connection that takes nothing once it is stuck, as of a network that is gone.
type stuckLine struct {
	net.Conn
	stuck *atomic.Bool
	gone  chan struct{}
	close func()
}

// Write implements net.Conn.
func (s stuckLine) Write(p []byte) (int, error) {
	if s.stuck.Load() {
		<-s.gone
		return 0, net.ErrClosed
	}
	return s.Conn.Write(p)
}

// Close implements net.Conn.
func (s stuckLine) Close() error {
	s.close()
	return s.Conn.Close()
}

// A line that takes no acknowledgements does not hold up the end, and what it did not take comes again.
func TestCloseDoesNotWaitForAStuckLine(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		told, stuck := 0, new(atomic.Bool)
		onReceipts := func(list []Receipt) error {
			told += len(list)
			return nil
		}
		w := newConfirming(t, onReceipts)
		w.Close()
		transport := w.server.HTTPClient().Transport.(*http.Transport)
		dial := transport.DialContext
		transport.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
			conn, err := dial(ctx, network, addr)
			gone := make(chan struct{})
			return stuckLine{conn, stuck, gone, sync.OnceFunc(func() { close(gone) })}, err
		}
		transport.DialTLSContext = transport.DialContext
		w.web = &http.Client{Transport: transport}
		w.open(t, onReceipts)
		w.connect(t)
		said := confirm(w.shown(t, 2, 2), false)
		synctest.Wait()
		stuck.Store(true)
		start := time.Now()
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took > ackingTime+partingTime+time.Second {
			t.Errorf("the end took %v", took)
		}
		stuck.Store(false)
		w.open(t, onReceipts)
		w.connect(t)
		if told != 2*said {
			t.Errorf("%d of %d were told, want each twice", told, said)
		}
	})
}
