package intake

import (
	"testing"
	"testing/synctest"
	"time"
)

// What has not left yet can be corrected, however long ago it was accepted; what left
// longer ago than it is known who got it cannot.
func TestG8_WhatStillWaitsCanBeCorrectedForEver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t)
		r.drop("da_inviare", "waits.txt", []byte("---\ndal: 01/03/2000 10:00\n---\nAlle 9."))
		r.drop("da_inviare", "left.txt", []byte("Alle 11."))
		r.turn()
		r.send(1)
		r.turn()
		time.Sleep(31 * 24 * time.Hour)
		r.drop("da_inviare", "waits RETTIFICA.txt", []byte("Alle 10."))
		r.drop("da_inviare", "left RETTIFICA.txt", []byte("Alle 12."))
		r.turn()
		if got := r.find("waits RETTIFICA.txt").CorrectsName; got != "waits.txt" {
			t.Errorf("it corrects %q", got)
		}
		r.expect("scartati", "left RETTIFICA.txt", "left RETTIFICA.txt.esito.txt")
	})
}

// A correction goes to the same people, until the same moment, as what it corrects.
func TestG8_ACorrectionInherits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t)
		r.drop("da_inviare", "a.txt", []byte("---\ncomuni: Saronno, Gerenzano\nscade: 02/01/2000 10:00\n---\nAlle 9."))
		r.turn()
		wrong := r.find("a.txt")
		r.drop("da_inviare", "a RETTIFICA.txt", []byte("---\ncomuni: Gerenzano, Saronno\n---\nAlle 10."))
		r.turn()
		right := r.find("a RETTIFICA.txt")
		if !right.Expires.Equal(wrong.Expires) || right.Expires.IsZero() {
			t.Errorf("it expires at %v, what it corrects at %v", right.Expires, wrong.Expires)
		}
		if !sameTowns(right.Comuni, wrong.Comuni) || len(right.Comuni) != 2 {
			t.Errorf("for %q, what it corrects for %q", right.Comuni, wrong.Comuni)
		}
		r.drop("da_inviare", "a RETTIFICA 2.txt", []byte("---\nscade: 03/01/2000 10:00\n---\nAlle 11."))
		r.turn()
		if got := r.find("a RETTIFICA 2.txt").Expires; got.Equal(wrong.Expires) || got.IsZero() {
			t.Errorf("it expires at %v, though it says otherwise", got)
		}
	})
}
