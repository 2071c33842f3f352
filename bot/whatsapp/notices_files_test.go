package whatsapp_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/whatsapp"
)

// badMedia is a network that lets no file through for a while.
type badMedia struct {
	http.RoundTripper
	status atomic.Int64
}

func (b *badMedia) RoundTrip(r *http.Request) (*http.Response, error) {
	if status := int(b.status.Load()); status != 0 && r.Method == http.MethodGet && strings.Contains(r.URL.RawQuery+r.URL.Path, "md-msg-hist") {
		return &http.Response{StatusCode: status, Body: http.NoBody, Request: r, Header: http.Header{}}, nil
	}
	return b.RoundTripper.RoundTrip(r)
}

// A file that cannot be had is tried again for days, across restarts; one that is gone is soon given up. Meanwhile it counts
// as waiting, and holds up nothing.
func TestG3_FilesThatCannotBeHadAreTriedAgain(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status  int
		lasts   time.Duration
		waiting bool // after an hour
		comes   bool // in the end
	}{
		"unavailable for an hour":    {503, 65 * time.Minute, true, true},
		"unavailable for two days":   {500, 48 * time.Hour, true, true},
		"unavailable for ever":       {503, 10 * 24 * time.Hour, true, false},
		"gone":                       {410, 10 * time.Minute, false, false},
		"forbidden for some seconds": {403, 4 * time.Second, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newTown(t)
				want := w.chat(3)
				shelf, box := &shelf{}, newInbox()
				options := w.options()
				media := &badMedia{RoundTripper: options.HTTPClient.Transport}
				media.status.Store(int64(test.status))
				options.HTTPClient = &http.Client{Transport: media}
				options.OnHistory, options.OnText = shelf.onHistory, box.onText
				client := w.paired(options)
				mend := time.AfterFunc(test.lasts, func() { media.status.Store(0) })
				defer mend.Stop()
				w.server.Phone(marioNumber).Text(comuneNumber, "Attiva Notizie Mario Rossi Saronno")
				if got := box.next(t); got.Kind != whatsapp.KindText {
					t.Errorf("got kind %q", got.Kind)
				}
				time.Sleep(time.Hour)
				if n, err := client.HistoryWaiting(t.Context()); err != nil || (n > 0) != test.waiting {
					t.Errorf("got %d parts waiting, %v, want some: %t", n, err, test.waiting)
				}
				client.Close()
				client = w.again(options)
				time.Sleep(test.lasts + time.Hour)
				if got := shelf.bodies(); test.comes != slices.Equal(got, want) {
					t.Errorf("got %q, want it to come: %t", got, test.comes)
				}
				if n, err := client.HistoryWaiting(t.Context()); err != nil || n != 0 {
					t.Errorf("got %d parts waiting in the end, %v", n, err)
				}
			})
		})
	}
}

// Close cuts a download short and leaves it to the next process; a text is received while one goes on.
func TestG3_ADownloadHoldsUpNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		want := w.chat(3)
		shelf, box := &shelf{}, newInbox()
		options := w.options()
		options.HTTPClient = &http.Client{Transport: slowMedia{options.HTTPClient.Transport}}
		options.OnHistory, options.OnText = shelf.onHistory, box.onText
		client := w.paired(options)
		began := time.Now()
		w.server.Phone(marioNumber).Text(comuneNumber, "Attiva Notizie Mario Rossi Saronno")
		box.next(t)
		client.Close()
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("the text and the end took %v", took)
		}
		options.HTTPClient = w.server.HTTPClient()
		w.again(options)
		time.Sleep(time.Minute)
		if got := shelf.bodies(); !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
		w.checkNothingLeft()
	})
}

// slowMedia answers for no file before the asker has lost patience.
type slowMedia struct{ http.RoundTripper }

func (s slowMedia) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodGet && strings.Contains(r.URL.RawQuery+r.URL.Path, "md-msg-hist") {
		<-r.Context().Done()
		return nil, context.Cause(r.Context())
	}
	return s.RoundTripper.RoundTrip(r)
}
