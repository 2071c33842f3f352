package intake

import (
	"crypto/sha256"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/whatsapp"
)

// A file that goes from in_invio to ritirare is withdrawn, and not only stopped; its
// minutes are written though it was never filed.
func TestG8_WithdrawnFromInInvio(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.drop("da_inviare", "a.txt", []byte("Una notizia."))
	r.turn()
	r.move("a.txt", "in_invio", "ritirare")
	r.turn()
	if r.only().Withdrawal == nil {
		t.Error("it was not withdrawn")
	}
	r.expect("inviati")
	r.expect("ritirare", "a.txt", "a.txt.esito.txt", "a.txt.verbale.html")
	if minutes := r.read("ritirare", "a.txt.verbale.html"); !strings.Contains(minutes, ">ritirato<") {
		t.Error("the minutes do not say that it was withdrawn")
	}
}

// A message that was in hand at that moment is deleted, or edited, as soon as it is
// known to have left: at each look, for a while after what staff did.
func TestG8_WhatWasInHandIsNotMissed(t *testing.T) {
	t.Parallel()
	for name, amend := range map[string]func(*room){
		"withdrawn": func(r *room) { r.move("a.txt", "in_invio", "ritirare") },
		"corrected": func(r *room) { r.drop("da_inviare", "a RETTIFICA.txt", []byte("Alle 10.")) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r := newRoom(t)
				r.drop("da_inviare", "a.txt", []byte("Alle 9."))
				r.turn()
				time.Sleep(time.Hour) // since the start
				o := r.claim()
				amend(r)
				r.turn()
				time.Sleep(20 * time.Second)
				if err := r.store.Sent(t.Context(), o, time.Now()); err != nil {
					t.Fatal(err)
				}
				if _, ok := r.next(); ok {
					t.Fatal("it is known already: this test looks at the wrong thing")
				}
				r.turn()
				if next, ok := r.next(); !ok || next.Target != o.MessageID {
					t.Errorf("next leaves %v, %v, want what amends it", next, ok)
				}
			})
		})
	}
}

// What has waited until no phone would delete it any more is given up then.
func TestG8_DeletionsAreGivenUpInTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t)
		r.drop("da_inviare", "a.txt", []byte("Alle 9."))
		r.turn()
		r.send(1)
		end := time.Now().Add(whatsapp.DeleteWindow)
		r.turn()
		r.move("a.txt", "inviati", "ritirare")
		r.turn()
		time.Sleep(time.Until(end) - time.Minute)
		r.turn()
		if n, _, err := r.store.Deletions(t.Context()); n != 1 || err != nil {
			t.Fatalf("%d deletions wait, %v", n, err)
		}
		time.Sleep(2 * time.Minute)
		r.turn()
		if n, _, err := r.store.Deletions(t.Context()); n != 0 || err != nil {
			t.Errorf("%d deletions wait still, %v", n, err)
		}
	})
}

// The minutes of what was filed stay as they are when it is withdrawn: the next ones
// hold their hash.
func TestG8_MinutesAreNotWrittenAnew(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t)
		r.drop("da_inviare", "a.txt", []byte("Alle 9."))
		r.turn()
		r.send(1)
		r.turn()
		before := r.read("inviati", "a.txt.verbale.html")
		time.Sleep(time.Hour)
		r.move("a.txt", "inviati", "ritirare")
		r.turn()
		if r.only().Withdrawal == nil {
			t.Fatal("it was not withdrawn")
		}
		if after := r.read("ritirare", "a.txt.verbale.html"); after != before {
			t.Error("they were written anew")
		}
		_, own, err := r.store.LastMinutes(t.Context(), r.only().ID)
		if err != nil || own.Hash != sha256.Sum256([]byte(before)) {
			t.Errorf("the chain has another hash, %v", err)
		}
	})
}
