package intake

import (
	"os"
	"path/filepath"
	"strings"
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

// Words that were too long for a caption left as a message of their own, which is
// what a correction changes, however short it is.
func TestG8_WordsOfTheirOwnAreCorrectedAlone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		words    string
		messages int
	}{
		"under the picture": {"Alle 9.", 1},
		"of their own":      {strings.Repeat("Alle 9. ", 200), 2},
	} {
		r := newRoom(t)
		r.drop("da_inviare", "a.txt", []byte(c.words))
		r.drop("da_inviare", "a.png", picture(t))
		r.turn()
		r.drop("da_inviare", "a RETTIFICA.txt", []byte("Alle 10."))
		r.turn()
		if got := r.find("a RETTIFICA.txt").Messages; got != c.messages {
			t.Errorf("%s: the correction has %d messages, want %d", name, got, c.messages)
		}
	}
}

// A correction that would change nothing is refused; one that changes the words or
// the picture is not.
func TestG8_ACorrectionChangesSomething(t *testing.T) {
	t.Parallel()
	other := append(picture(t), "and what a mail program hung on"...)
	for name, c := range map[string]struct {
		words   string
		picture []byte
		refused bool
	}{
		"nothing":     {"Alle 9.", picture(t), true},
		"the words":   {"Alle 10.", picture(t), false},
		"the picture": {"Alle 9.", other, false},
		"words alone": {"Alle 9.", nil, true},
	} {
		r := newRoom(t)
		r.drop("da_inviare", "a.txt", []byte("Alle 9."))
		r.drop("da_inviare", "a.png", picture(t))
		r.turn()
		r.drop("da_inviare", "a RETTIFICA.txt", []byte(c.words))
		if c.picture != nil {
			r.drop("da_inviare", "a RETTIFICA.png", c.picture)
		}
		r.turn()
		if _, err := os.Stat(filepath.Join(r.dir, "scartati", "a RETTIFICA.txt.esito.txt")); (err == nil) != c.refused {
			t.Errorf("%s: refused %v", name, err == nil)
		}
	}
}
