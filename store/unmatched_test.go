package store

import (
	"bytes"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// bareNumber and bareLID are one person's.
var (
	bareNumber = Person{Number: "+393331234567"}
	bareLID    = Person{LID: "117540327481234"}
	whole      = Person{Number: bareNumber.Number, LID: bareLID.LID}
)

func (tw *town) identify(p Person, former LID, at time.Time) (left bool) {
	tw.t.Helper()
	left, err := tw.Identify(tw.t.Context(), p, former, "Ciao", at, tw.newID)
	must(tw.t, err)
	return left
}

func (tw *town) deny(p Person, at time.Time) {
	tw.t.Helper()
	tw.handle(p, at, func(i *Inbox) error {
		was, err := i.Cancel()
		if err == nil && !was {
			err = i.Deny("Non risulta")
		}
		return err
	})
}

func TestG3_AnUnmatchedCancellationIsCarriedOut(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ registered, left Person }{
		"from LID to number": {bareLID, bareNumber}, "from number to LID": {bareNumber, bareLID},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tw := newTown(t)
			tw.settle(3)
			before := len(tw.list())
			tw.subscribe(c.registered)
			tw.publish(announcement("a.txt"))
			later := noon().Add(time.Hour)
			tw.deny(c.left, later)
			equal(t, "subscribers before it is known", len(tw.list()), before+1)
			equal(t, "taken off", tw.identify(whole, "", later), true)
			equal(t, "subscribers", len(tw.list()), before)
			equal(t, "unmatched", tw.rows("unmatched"), 0)
			answer := tw.claimAnswer(later)
			equal(t, "answer", answer.Answer, Goodbye)
			equal(t, "which replies to their message", answer.RepliesTo[:3], "in-")
			if _, more, err := tw.ClaimAnswer(t.Context(), later); more || err != nil {
				t.Errorf("there is a second answer: %v", err)
			}
			must(t, tw.Sent(t.Context(), answer, later))
			equal(t, "due for the erasure", len(tw.due(later.Add(forgetAfterGoodbye))) > 0, true)
			equal(t, "again", tw.identify(whole, "", later), false)
		})
	}
}

func TestG3_WhoRegisteredSinceStays(t *testing.T) {
	t.Parallel()
	later := noon().Add(time.Hour)
	for name, again := range map[string]Person{"from the one": bareLID, "from the other": bareNumber, "from both": whole} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tw := newTown(t)
			tw.subscribe(bareLID)
			tw.deny(bareNumber, later)
			tw.handle(again, later.Add(time.Second), func(i *Inbox) error {
				return i.Subscribe(Details{"Mario", "Rossi", "Saronno"}, Evidence{})
			})
			if again.Number != "" {
				equal(t, "unmatched", tw.rows("unmatched"), 0)
			}
			equal(t, "taken off", tw.identify(whole, "", later.Add(time.Minute)), false)
			equal(t, "subscriber", tw.only().Person, whole)
			equal(t, "unmatched", tw.rows("unmatched"), 0)
		})
	}
}

// The history may bring an older registration after a newer cancellation.
func TestG3_AnOlderRegistrationDoesNotUndoIt(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.deny(bareNumber, noon().Add(time.Hour))
	tw.subscribe(bareLID) // at noon
	equal(t, "taken off", tw.identify(whole, "", noon().Add(2*time.Hour)), true)
	equal(t, "subscribers", tw.rows("subscribers"), 0)
}

// A registration that comes late is superseded by it, also when the text itself is
// forgotten.
func TestG3_ALateRegistrationIsSuperseded(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.deny(bareNumber, noon())
	must(t, tw.Erase(t.Context(), []Person{bareNumber}))
	for at, want := range map[time.Time]bool{noon().Add(-time.Minute): true, noon().Add(time.Minute): false} {
		for _, p := range []Person{bareNumber, whole} {
			tw.handle(p, at, func(i *Inbox) error {
				old, err := i.Superseded(WishOut)
				equal(t, "superseded", old, want)
				return errors.Join(err, i.NoteWish(WishIncomplete))
			})
		}
	}
}

func TestG5_AnUnmatchedCancellationIsAHash(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.deny(bareNumber, noon())
	tw.deny(bareLID, noon())
	must(t, tw.Erase(t.Context(), []Person{bareNumber, bareLID}))
	equal(t, "unmatched", tw.rows("unmatched"), 2)
	files, err := filepath.Glob(filepath.Join(tw.dir, "*"))
	must(t, err)
	plain := keyedHash(nil, "number", "393331234567")
	for _, file := range files {
		content, err := os.ReadFile(file)
		must(t, err)
		for _, trace := range [][]byte{[]byte("393331234567"), []byte("3331234567"), []byte(bareLID.LID), plain, []byte(hex.EncodeToString(plain))} {
			if bytes.Contains(content, trace) {
				t.Errorf("%s holds %q", filepath.Base(file), trace)
			}
		}
	}
	other := newTown(t)
	other.deny(bareNumber, noon())
	read := func(tw *town) (hash []byte) {
		must(t, tw.db.QueryRow(`SELECT hash FROM unmatched ORDER BY at, hash LIMIT 1`).Scan(&hash))
		return hash
	}
	if bytes.Equal(read(tw), read(other)) {
		t.Error("two databases have one key")
	}
}

func TestG9_UnmatchedCancellationsAreForgotten(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.subscribe(bareLID)
	tw.deny(bareNumber, noon())
	old := noon().Add(rememberUnmatched + time.Second)
	equal(t, "taken off after all that time", tw.identify(whole, "", old), false)
	tw.deny(Person{Number: "+393337654321"}, noon())
	_, err := tw.Purge(t.Context(), old, noon())
	must(t, err)
	equal(t, "unmatched", tw.rows("unmatched"), 0)
}

// Who is known under both identities is no riddle, whichever the text shows.
func TestNothingIsKeptOfWhoWasFound(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.subscribe(whole)
	tw.deny(bareNumber, noon().Add(time.Hour))
	tw.deny(whole, noon().Add(2*time.Hour))
	equal(t, "unmatched", tw.rows("unmatched"), 0)
	equal(t, "subscribers", tw.rows("subscribers"), 0)
}

// An import does not bring back who has asked to leave since the consent.
func TestG1_ImportKeepsAwayWhoAskedToLeave(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.deny(bareNumber, noon())
	entry := Entry{Person: bareNumber, Details: Details{"Mario", "Rossi", "Saronno"}, Consent: "modulo"}
	for consent, want := range map[time.Time]Imported{noon().Add(-time.Hour): {Unsubscribed: 1}, noon().Add(time.Hour): {Added: 1}} {
		entry.ConsentAt = consent
		got, err := tw.Import(t.Context(), []Entry{entry}, nil, noon(), true)
		must(t, err)
		equal(t, "imported", got, want)
	}
}

// What stands under a LID that was replaced stands under the new one.
func TestG2_AReplacedLID(t *testing.T) {
	t.Parallel()
	fresh := Person{Number: whole.Number, LID: "220000000000001"}
	t.Run("one entry", func(t *testing.T) {
		t.Parallel()
		tw := newTown(t)
		tw.subscribe(whole)
		tw.handle(whole, noon(), func(i *Inbox) error { return i.Answer(Other, "Scrivi altrove") })
		equal(t, "taken off", tw.identify(fresh, whole.LID, noon()), false)
		equal(t, "subscriber", tw.only().Person, fresh)
		equal(t, "recipient of the answer", tw.claimAnswer(noon()).To.LID, fresh.LID)
	})
	t.Run("known by its LID alone", func(t *testing.T) {
		t.Parallel()
		tw := newTown(t)
		tw.subscribe(bareLID)
		tw.identify(fresh, bareLID.LID, noon())
		equal(t, "subscriber", tw.only().Person, fresh)
	})
	t.Run("two entries", func(t *testing.T) {
		t.Parallel()
		tw := newTown(t)
		tw.subscribe(bareLID)
		tw.subscribe(Person{LID: fresh.LID})
		a := tw.publish(announcement("a.txt"))
		o := tw.claim(noon())
		must(t, tw.Sent(t.Context(), o, noon()))
		tw.identify(fresh, bareLID.LID, noon())
		equal(t, "subscriber", tw.only().Person, fresh)
		if _, ok, err := tw.ClaimDelivery(t.Context(), noon(), Ordinary, editWindow); ok || err != nil {
			t.Errorf("a second copy leaves, %v", err)
		}
		equal(t, "sent", tw.look(a.ID).Sent, 1)
	})
	t.Run("three", func(t *testing.T) {
		t.Parallel()
		tw := newTown(t)
		tw.subscribe(bareLID)
		tw.subscribe(bareNumber)
		tw.subscribe(Person{LID: fresh.LID})
		tw.identify(fresh, bareLID.LID, noon())
		equal(t, "subscriber", tw.only().Person, fresh)
	})
	t.Run("nobody", func(t *testing.T) {
		t.Parallel()
		tw := newTown(t)
		tw.settle(2)
		before := tw.rows("subscribers")
		equal(t, "taken off", tw.identify(fresh, whole.LID, noon()), false)
		equal(t, "subscribers", tw.rows("subscribers"), before)
	})
}

func TestIdentifyWantsBoth(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	for _, p := range []Person{bareNumber, bareLID, {}} {
		if _, err := tw.Identify(t.Context(), p, "", "", noon(), tw.newID); err == nil {
			t.Error("half a pair was taken")
		}
	}
}
