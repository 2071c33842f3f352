package whatsapp_test

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/whatsapp"
	"banditore/bot/whatsapp/whatsapptest"
)

// nobody has a reason, but those numbers and LIDs.
func nobody(but ...string) whatsapp.Reasons {
	return func(_ context.Context, people []whatsapp.Address) ([]bool, error) {
		has := make([]bool, len(people))
		for i, a := range people {
			has[i] = slices.Contains(but, a.Number) || slices.Contains(but, a.LID)
		}
		return has, nil
	}
}

// sweep sweeps, and tells how many identities went.
func (w *town) sweep(client *whatsapp.Client, reasons whatsapp.Reasons) int {
	w.t.Helper()
	gone, err := client.Sweep(w.t.Context(), reasons)
	if err != nil {
		w.t.Errorf("sweep: %v", err)
	}
	return gone
}

// Everywhere somebody can post, from their phone, a new one, or a device linked to it, and by what they are sent: the
// library keeps them, tells so, and a sweep finds them. Who has a reason goes on undisturbed.
func TestG5_WhateverTheLibraryKeepsIsSwept(t *testing.T) {
	t.Parallel()
	ways := map[string]func(w *town, client *whatsapp.Client, p *whatsapptest.Phone){
		"status": func(_ *town, _ *whatsapp.Client, p *whatsapptest.Phone) {
			p.WriteIn(whatsapptest.Status, comuneNumber, plain("ciao"))
		},
		"group": func(_ *town, _ *whatsapp.Client, p *whatsapptest.Phone) {
			p.WriteIn(whatsapptest.Group, comuneNumber, plain("ciao"))
		},
		"list": func(_ *town, _ *whatsapp.Client, p *whatsapptest.Phone) {
			p.WriteIn(whatsapptest.BroadcastList, comuneNumber, plain("ciao"))
		},
		"text": func(_ *town, _ *whatsapp.Client, p *whatsapptest.Phone) { p.Text(comuneNumber, "ciao") },
		"linked device": func(w *town, _ *whatsapp.Client, p *whatsapptest.Phone) {
			web := p.LinkDevice()
			web.WriteIn(whatsapptest.Group, comuneNumber, plain("ciao"))
			web.Text(comuneNumber, "ciao")
		},
		"an answer of ours": func(w *town, client *whatsapp.Client, p *whatsapptest.Phone) {
			p.ForgetSessions()
			w.send(client, p, "avviso")
		},
		"new phone": func(w *town, client *whatsapp.Client, p *whatsapptest.Phone) {
			p.Text(comuneNumber, "ciao")
			w.settle()
			p.Reinstall()
			p.WriteIn(whatsapptest.Group, comuneNumber, plain("ciao"))
		},
	}
	for name, does := range ways {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newTown(t)
				mario, anna := w.server.NewPhone(marioNumber), w.server.NewPhone(annaNumber)
				var kept atomic.Int32
				options := w.options()
				options.OnKept = func() { kept.Add(1) }
				client := w.paired(options)
				anna.Text(comuneNumber, "ciao")
				anna.WriteIn(whatsapptest.Group, comuneNumber, plain("ciao"))
				w.settle()
				kept.Store(0)
				does(w, client, mario)
				w.settle()
				if kept.Load() == 0 && name != "an answer of ours" { // which went to somebody with a reason
					t.Error("nobody was told that somebody is kept")
				}
				if len(w.sessionHolds(traces(mario)...)) == 0 {
					t.Fatal("nothing is held: this test cannot fail")
				}
				if gone := w.sweep(client, nobody(annaNumber)); gone == 0 {
					t.Error("nobody was swept out")
				}
				if found := w.sessionHolds(traces(mario)...); found != nil {
					t.Errorf("still there: %v", found)
				}
				anna.WriteIn(whatsapptest.Group, comuneNumber, plain("ciao")) // under the key that we have
				w.send(client, anna, "avviso")
				mario.WriteIn(whatsapptest.Group, comuneNumber, plain("ciao")) // under one that we have not
				mario.Text(comuneNumber, "ciao")
				w.settle()
				w.send(client, mario, "avviso")
				w.settle()
				for _, p := range []*whatsapptest.Phone{anna, mario} {
					if p.Repeats() != 0 {
						t.Errorf("%d repeats", p.Repeats())
					}
				}
			})
		})
	}
}

// Somebody whose text could not be recorded yet is known to nobody but us: they keep their session until it has been.
func TestG5_NoSweepTakesWhoseTextIsInHand(t *testing.T) {
	t.Parallel()
	for name, show := range map[string]func(*whatsapptest.Phone) *whatsapptest.Phone{
		"by number": (*whatsapptest.Phone).ByNumber, "by lid": (*whatsapptest.Phone).ByLID,
		"number hidden": (*whatsapptest.Phone).HideNumber, "lid hidden": (*whatsapptest.Phone).HideLID,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newTown(t)
				mario := w.server.NewPhone(marioNumber)
				show(mario)
				var room atomic.Bool
				var taken atomic.Int32
				options := w.options()
				options.OnText = func(context.Context, whatsapp.Text) error {
					if !room.Load() {
						return errors.New("the disk is full")
					}
					taken.Add(1)
					return nil
				}
				client := w.paired(options)
				mario.Text(comuneNumber, "ciao")
				time.Sleep(time.Second)
				if gone := w.sweep(client, nobody()); gone != 0 || len(w.sessionHolds(traces(mario)...)) == 0 {
					t.Errorf("swept %d identities out, of somebody whose text waits", gone)
				}
				client.Close()
				client = w.open(options) // the next process knows only that some text waits
				if _, err := client.Sweep(t.Context(), nobody()); !errors.Is(err, whatsapp.ErrTextsWait) {
					t.Errorf("before the text has come again: %v", err)
				}
				room.Store(true)
				if err := client.Connect(t.Context()); err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Hour)
				if taken.Load() != 1 {
					t.Errorf("the text was taken %d times", taken.Load())
				}
				if gone := w.sweep(client, nobody()); gone == 0 || w.sessionHolds(traces(mario)...) != nil {
					t.Errorf("afterwards %d identities went, and left are %v", gone, w.sessionHolds(traces(mario)...))
				}
			})
		})
	}
}
