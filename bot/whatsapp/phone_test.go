package whatsapp_test

import (
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/whatsapp"
)

// sightings are the times that OnPhoneSeen was told, each with when it was.
type sighting struct{ at, told time.Time }

func (w *town) watched() (whatsapp.Options, chan sighting) {
	seen := make(chan sighting, 1000)
	options := w.options()
	options.OnPhoneSeen = func(at time.Time) { seen <- sighting{at, time.Now()} }
	return options, seen
}

// quiet lets ten minutes pass and forgets what was seen until then.
func quiet(seen chan sighting) {
	time.Sleep(10 * time.Minute)
	for len(seen) > 0 {
		<-seen
	}
}

func wantSeen(t *testing.T, what string, seen chan sighting, at time.Time) {
	t.Helper()
	synctest.Wait()
	select {
	case got := <-seen:
		if off := got.at.Sub(at); off < -2*time.Second || off > 2*time.Second {
			t.Errorf("%s: the phone was seen at %v, want %v", what, got.at, at)
		}
	default:
		t.Errorf("%s: the phone was not seen", what)
	}
}

func TestThePhoneIsSeen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		mario := w.server.NewPhone(marioNumber)
		options, seen := w.watched()
		client := w.paired(options)
		wantSeen(t, "its history after the pairing", seen, time.Now())
		quiet(seen)

		w.comune.Text(marioNumber, "ciao")
		w.settle()
		wantSeen(t, "a message typed on it", seen, time.Now())
		quiet(seen)

		w.comune.ForgetSessions()
		w.send(client, mario, "avviso")
		w.settle()
		wantSeen(t, "a receipt of its copy", seen, time.Now())
		quiet(seen)

		web := w.comune.LinkDevice()
		w.comune.GoOffline()
		mario.Text(comuneNumber, "ciao")
		web.Text(marioNumber, "ciao")
		id := w.send(client, mario, "avviso")
		mario.Read(id)
		w.settle()
		if len(seen) != 0 {
			t.Error("a citizen, or another computer of the Comune's, was taken for the phone")
		}
	})
}

// Every message to a citizen brings a receipt of the phone; it is told once a minute, and the last word is not lost.
func TestThePhoneIsToldOnceAMinute(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		w.server.NewPhone(marioNumber)
		options, seen := w.watched()
		w.paired(options)
		quiet(seen)
		began := time.Now()
		for range 50 {
			w.comune.Text(marioNumber, "ciao")
			time.Sleep(3 * time.Second)
		}
		last := time.Now().Add(-3 * time.Second)
		time.Sleep(2 * time.Minute)
		var all []sighting
		for len(seen) > 0 {
			all = append(all, <-seen)
		}
		if len(all) != 4 {
			t.Fatalf("got %d sightings in %v, want four", len(all), time.Since(began))
		}
		for i := range all[1:] {
			if all[i+1].told.Sub(all[i].told) < time.Minute || !all[i+1].at.After(all[i].at) {
				t.Errorf("got %v after %v", all[i+1], all[i])
			}
		}
		if off := last.Sub(all[3].at); off > 2*time.Second {
			t.Errorf("the phone was told to be seen %v before it was", off)
		}
	})
}

// What waited at WhatsApp tells when the phone was there, which may be days ago.
func TestThePhoneWasSeenWhenItWasThere(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		w.server.NewPhone(marioNumber)
		options, seen := w.watched()
		client := w.paired(options)
		quiet(seen)
		client.Close()
		w.comune.Text(marioNumber, "ciao")
		w.settle()
		at := time.Now()
		time.Sleep(72 * time.Hour)
		w.again(options)
		wantSeen(t, "a message of three days ago", seen, at)
	})
}
