package outbox

import (
	"testing"
	"time"

	"banditore/bot/whatsapp"
	"banditore/store"
)

// WhatsApp's ack was lost, but the phone says that it has the message: that is a
// success, and nobody is charged. What was refused stays refused, and what a phone
// says of another message proves nothing.
func TestG2_AReceiptCountsAsTheAck(t *testing.T) {
	t.Parallel()
	lost := &whatsapp.SendError{Outcome: whatsapp.Uncertain, Fault: whatsapp.FaultSession}
	refused := &whatsapp.SendError{Outcome: whatsapp.Refused, Fault: whatsapp.FaultRecipient}
	for _, test := range []struct {
		name         string
		of           func(id string) string // the message that the receipt is about
		err          error
		sent, failed int
	}{
		{"the message in hand", func(id string) string { return id }, lost, 1, 0},
		{"another message", func(string) string { return "another" }, lost, 0, 0},
		{"a refusal", func(id string) string { return id }, refused, 0, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			x, o := claimed(t)
			x.brake.sending(o.MessageID)
			x.brake.proved([]string{test.of(o.MessageID)}, time.Now())
			if _, err := x.settle(t.Context(), []result{x.judge(o, test.err, time.Now(), time.Now())}); err != nil {
				t.Fatal(err)
			}
			list, err := x.Store.Announcements(t.Context(), 0)
			if err != nil {
				t.Fatal(err)
			}
			if c := list[0].Counts; c.Sent != test.sent || c.Failed != test.failed {
				t.Errorf("counts %+v, want %d sent and %d failed", c, test.sent, test.failed)
			}
		})
	}
}

// What phones said while the message before was in hand proves nothing about this one.
func TestAReceiptIsOfTheMessageInHand(t *testing.T) {
	t.Parallel()
	d := newDrill(t)
	d.sending("ID1")
	d.proved([]string{"ID1"}, d.now)
	d.sending("ID2")
	if d.heard("ID2") {
		t.Error("the receipt of the message before counts for the next")
	}
	d.proved([]string{"ID2"}, d.now)
	d.proved([]string{"ID1"}, d.now)
	if !d.heard("ID2") {
		t.Error("a second receipt takes back what the first has proved")
	}
}

// Who runs the service reads these numbers in the manual: five in a row, six of the
// last fifty, ten unknown in a row, three strangers.
func TestG7_TheBrakesNumbers(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		fault whatsapp.FaultKind
		until int // as many are too many
		light store.Light
		apart int // successes between two
	}{
		{"in a row", whatsapp.FaultSession, 5, store.LightFailing, 0},
		{"of the last fifty", whatsapp.FaultSession, 6, store.LightFailing, 8},
		{"unknown in a row", whatsapp.FaultRecipient, 10, store.LightFailing, 0},
		{"strangers", whatsapp.FaultStranger, 3, store.LightLocked, 1},
	} {
		d := newDrill(t)
		for n := range test.until {
			if n > 0 {
				for range test.apart {
					d.passes(to(99))
				}
			}
			if len(d.red()) > 0 {
				t.Fatalf("%s: red after %d", test.name, n)
			}
			d.fails(to(n), test.fault, 0)
		}
		d.mustBe(test.light)
	}
	// The six must be of fifty: with ten between two, the first is forgotten.
	d := newDrill(t)
	for n := range 6 {
		d.fails(to(n), whatsapp.FaultSession, 0)
		d.mustBe("")
		for range 9 {
			d.passes(to(99))
		}
	}
}

// Green means that it begins anew: what failed before does not count again.
func TestG7_GreenForgetsWhatFailedBefore(t *testing.T) {
	t.Parallel()
	d := newDrill(t)
	for n := range 5 {
		d.fails(to(n), whatsapp.FaultSession, 0)
	}
	d.mustBe(store.LightFailing)
	d.passes(to(9))
	d.mustBe("")
	for n := range 4 {
		d.fails(to(n), whatsapp.FaultSession, 0)
		d.mustBe("")
		d.passes(to(9))
	}
}

// One that is known in between ends a row of unknown people.
func TestAKnownPersonEndsTheRowOfUnknownOnes(t *testing.T) {
	t.Parallel()
	d := newDrill(t)
	for range 2 {
		for n := range 9 {
			d.fails(to(n), whatsapp.FaultRecipient, 404)
		}
		d.mustBe("")
		d.passes(to(99))
	}
}

// A lock whose end we only guess is ended by a first message that gets through, and by
// nothing else: not by an answer, and not by the time. One whose end WhatsApp has
// named is not idle, however long nobody tries.
func TestG7_WhatEndsALock(t *testing.T) {
	t.Parallel()
	d := newDrill(t)
	d.told(true, time.Time{}, d.now)
	d.now = d.light(store.LightLocked).Until.Add(time.Minute)
	d.passes(answer(1))
	d.mustBe(store.LightLocked)
	if d.over(d.now.Add(24 * time.Hour)) {
		t.Error("a lock is over because we guessed so")
	}
	d.told(true, d.now.Add(time.Minute), d.now)
	if green := d.idle(d.now.Add(24 * time.Hour)); len(green) > 0 {
		t.Errorf("idle takes away %v, whose end WhatsApp has named", green)
	}
}
