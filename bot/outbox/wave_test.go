package outbox

import (
	"fmt"
	"log/slog"
	"testing"
	"time"

	"banditore/bot/loop"
	"banditore/bot/message"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// siren is an outbox with an urgent announcement for so many people, and the line by which it leaves.
func siren(t *testing.T, people int) (*Outbox, *wire) {
	t.Helper()
	ctx, now := t.Context(), time.Now()
	db, err := store.Open(ctx, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	for i := range people {
		in := store.Incoming{ID: fmt.Sprint("IN", i), From: store.Person{LID: store.LID(fmt.Sprint(10_000 + i))}, At: now}
		if _, err := db.Handle(ctx, in, now, whatsapp.NewMessageID, func(i *store.Inbox) error {
			return i.Subscribe(store.Details{GivenName: "N", FamilyName: "N", Comune: "N"}, store.Evidence{})
		}); err != nil {
			t.Fatal(err)
		}
	}
	content := store.Content{Name: "a.txt", File: "a.txt", Text: "a", Urgent: true, AcceptedAt: now, NotBefore: now}
	if _, err := db.Publish(ctx, store.NewAnnouncement{Content: content}, whatsapp.MessageIDPrefix); err != nil {
		t.Fatal(err)
	}
	w := &wire{}
	x := &Outbox{Options: Options{Log: slog.New(slog.DiscardHandler), Store: db, Window: 32, Life: ctx, Line: func() Line { return w },
		Composer: message.Composer{Store: db}, Folder: loop.NewBell(), Changed: loop.NewBell(), Outgoing: loop.NewBell(), Uploads: loop.NewBell()}}
	return x, w
}

// claimWave claims what may leave together.
func (x *Outbox) claimWave(t *testing.T, most int) []store.Outgoing {
	t.Helper()
	out, err := x.Store.ClaimDeliveries(t.Context(), time.Now(), store.Urgent, whatsapp.EditWindow, most)
	if err != nil || len(out) == 0 {
		t.Fatalf("nothing to claim: %v", err)
	}
	return out
}

// What turns a light red is nobody's fault: who failed in the same wave before it was
// red is charged nothing either, and nobody has failed.
func TestG7_AWaveThatTurnsALightRedChargesNobody(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		fault whatsapp.FaultKind
		code  int
	}{{whatsapp.FaultSession, 400}, {whatsapp.FaultTemporary, 0}, {whatsapp.FaultStranger, 463}, {whatsapp.FaultLimit, 429}} {
		t.Run(string(test.fault), func(t *testing.T) {
			t.Parallel()
			x, w := siren(t, 32)
			w.err = &whatsapp.SendError{Outcome: whatsapp.Refused, Fault: test.fault, Code: test.code}
			x.sendWave(t.Context(), x.claimWave(t, 32))
			x.land(t.Context())
			if len(x.Lights()) != 1 {
				t.Fatalf("lights: %+v", x.Lights())
			}
			if w.renewed > 1 {
				t.Errorf("a new session was asked for %d times", w.renewed)
			}
			later, err := x.Store.ClaimDeliveries(t.Context(), x.Lights()[0].Until.Add(time.Second), store.Urgent, whatsapp.EditWindow, 32)
			if err != nil || len(later) != 32 {
				t.Errorf("%d wait for the light, want all 32 (%v)", len(later), err)
			}
			for _, o := range later {
				if o.Attempts != 0 {
					t.Errorf("somebody was charged %d attempts", o.Attempts)
				}
			}
		})
	}
}

// A light is not turned green by what left before it turned, nor does that count as
// another try of it.
func TestG7_WhatLeftBeforeALightTurnedSaysNothingOfIt(t *testing.T) {
	t.Parallel()
	x, w := siren(t, 96)
	x.sendWave(t.Context(), x.claimWave(t, 32)) // well so far, and on the wire
	w.err = &whatsapp.SendError{Outcome: whatsapp.Refused, Fault: whatsapp.FaultLimit, Code: 429}
	second := x.launch(t.Context(), x.claimWave(t, 32))
	third := x.launch(t.Context(), x.claimWave(t, 32))
	first := x.wave
	for _, of := range []*wave{second, third, first} { // as they might be judged
		x.wave = of
		x.land(t.Context())
		if red := x.Lights(); len(red) != 1 || red[0].Tries != 0 {
			t.Fatalf("lights: %+v, want one, tried by nobody", red)
		}
	}
	if n, err := x.atOnce(t.Context(), time.Now(), store.Urgent); n != 1 || err != nil {
		t.Errorf("%d may leave together while a light is red (%v)", n, err)
	}
	left := time.Now()
	if green := x.brake.passed(store.Outgoing{Announcement: 1}, left, left); len(green) != 1 {
		t.Errorf("the probe turned %v green", green)
	}
	if n, err := x.atOnce(t.Context(), time.Now(), store.Urgent); n != 32 || err != nil {
		t.Errorf("%d may leave together when all is green (%v)", n, err)
	}
}
