package whatsapp_test

import (
	"context"
	"io"
	"net/http"
	"runtime"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/whatsapp"
)

// blink breaks one connection when the last word of the handshake has been sent.
type blink struct {
	http.RoundTripper
	next atomic.Bool // the next one
	made atomic.Int64
}

func (b *blink) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := b.RoundTripper.RoundTrip(r)
	if err != nil || response.StatusCode != http.StatusSwitchingProtocols {
		return response, err
	}
	b.made.Add(1)
	if b.next.Swap(false) {
		response.Body = &blinking{ReadWriteCloser: response.Body.(io.ReadWriteCloser)}
	}
	return response, nil
}

// blinking is over as soon as the client has written twice: its hello, and who it is. Who reads then waits at the ready.
type blinking struct {
	io.ReadWriteCloser
	writes atomic.Int64
	read   atomic.Bool // the server's hello
}

func (b *blinking) Write(p []byte) (int, error) {
	n, err := b.ReadWriteCloser.Write(p)
	b.writes.Add(1)
	return n, err
}

func (b *blinking) Read(p []byte) (int, error) {
	if b.read.Swap(true) {
		for b.writes.Load() < 2 {
			runtime.Gosched()
		}
		return 0, io.EOF
	}
	return b.ReadWriteCloser.Read(p)
}

// A line that breaks when the library does not listen yet is made again all the same. That moment is short, so it is tried
// for often.
func TestG3_ALineThatBreaksUnheard(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		mario := w.server.NewPhone(marioNumber)
		w.paired(w.options()).Close()
		options := w.options()
		line := &blink{RoundTripper: options.HTTPClient.Transport}
		options.HTTPClient = &http.Client{Transport: line}
		client := w.open(options)
		line.next.Store(true)
		if err := client.Connect(t.Context()); err != nil {
			t.Fatal(err)
		}
		for i := range 40 {
			time.Sleep(15 * time.Minute)
			if !client.Ready() {
				t.Fatalf("%d: not back: %v", i, client.State().State)
			}
			made := line.made.Load()
			line.next.Store(true)
			w.server.DropConnections()
			time.Sleep(5 * time.Minute)
			if n := line.made.Load() - made; n != 2 { // nobody connects twice
				t.Errorf("%d: %d connections for one that broke", i, n)
			}
		}
		w.send(client, mario, "torna l'acqua")
		w.settle()
	})
}

// The same without chance: a line has ended, and the library says nothing, or something.
func TestG3_TheEndOfALineIsWatched(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		meanwhile func(*whatsapp.Client)
		back      bool
	}{
		"not heard":              {func(*whatsapp.Client) {}, true},
		"heard":                  {func(c *whatsapp.Client) { c.HearEnd() }, false},
		"closed":                 {func(c *whatsapp.Client) { c.Close() }, false},
		"connected by somebody":  {func(c *whatsapp.Client) { _ = c.Connect(context.Background()) }, true},
		"connected a bit later":  {func(c *whatsapp.Client) { time.Sleep(59 * time.Second); _ = c.Connect(context.Background()) }, true},
		"ended and heard before": {func(c *whatsapp.Client) { c.HearEnd(); c.EndLine(); c.HearEnd() }, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newTown(t)
				w.paired(w.options()).Close()
				before := w.server.Stats().Logins
				client := w.open(w.options())
				client.EndLine()
				test.meanwhile(client)
				time.Sleep(3 * time.Minute)
				if client.Ready() != test.back {
					t.Errorf("ready: %v", client.Ready())
				}
				if n := w.server.Stats().Logins - before; n > 1 {
					t.Errorf("%d logins", n)
				}
				w.settle()
			})
		})
	}
}
