package inbox_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/message"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// G3: a cancellation in the history is carried out at once, a registration when
// nothing more is waited for, and then only the last wish of each person counts.
func TestG3_WhatTheHistoryHolds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, began := gap(t)
		joins, wavers, slow, maria, talks := someone(10), someone(11), someone(12), someone(2), someone(13)
		after := func(n int) time.Time { return began.Add(time.Duration(n) * time.Hour) }
		r.say(someone(20), "Aiuto") // over the new link, before the history: the gap is the same
		hidden, number := whatsapp.Address{LID: "199999"}, whatsapp.Address{Number: "+393339999999"}
		r.part(r.at(after(1), hidden, registers), r.at(after(2), whatsapp.Address{LID: "188888"}, registers), r.at(after(3), number, registers))
		pieces := someone(14)
		r.part(r.at(after(1), pieces, "Attiva Notizie Ada Quaglia"), r.at(after(2), pieces, "Attiva Notizie Saronno"))
		if !r.part(r.at(after(1), joins, registers), r.at(after(4), wavers, "Disattiva Notizie"), r.at(after(3), slow, "Quaglia Saronno")) {
			t.Error("a part that holds a registration need not come again")
		}
		r.part(r.at(after(2), maria, "Disattiva Notizie"), r.at(after(1), slow, "Attiva Notizie"), r.at(after(2), slow, "Attiva Notizie Ada"), r.at(after(2), wavers, registers),
			r.at(after(2), talks, "Buongiorno, quando aprite?"))
		if r.onList(maria) || r.onList(joins) {
			t.Error("who left is on the list, or who joined is already")
		}
		r.over()
		for _, p := range []whatsapp.Address{joins, slow, pieces, hidden, number} {
			if !r.onList(p) {
				t.Error("a registration was missed")
			}
		}
		if r.onList(wavers) || !r.record(wavers).Nothing() || !r.record(talks).Nothing() {
			t.Error("something is held of who joined and left again, or only talked")
		}
		if got := r.record(slow).Subscriber; got != nil && got.Words != "Attiva Notizie\nAttiva Notizie Ada\nQuaglia Saronno" {
			t.Errorf("the proof is %q", got.Words)
		}
		if got := r.record(joins).Answers; len(got) == 0 || !strings.Contains(got[0].Text, "ritardo") {
			t.Errorf("late answers: %+v", got)
		}
		if r.link.over == 0 {
			t.Error("nobody was told that no part is needed any more")
		}
	})
}

// What was written before the gap was carried out then: an old cancellation does
// not count against a newer registration, and an old registration not at all.
func TestG3_BeforeTheGapNothingIsNew(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, began := gap(t)
		gone := whatsapp.Address{Number: "+393330000077"} // without a LID somebody may be on the list all the same
		before := began.Add(-time.Hour)
		r.part(r.at(before, someone(2), "Disattiva Notizie"), r.at(before, someone(10), registers), r.at(before, gone, "Disattiva Notizie"))
		r.over()
		if !r.onList(someone(2)) || r.onList(someone(10)) {
			t.Error("what was written before the gap has changed the list")
		}
		if got := r.leave(); got != "" {
			t.Errorf("%q left for what was written before the gap", got)
		}
	})
}

// G3: a cancellation that nobody on the list was found for is one question to
// WhatsApp, and no words to who may have been forgotten since.
func TestG1_ACancellationOfAStrangerInTheHistory(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, began := gap(t)
		number, both := whatsapp.Address{Number: "+393330000077"}, someone(10)
		r.part(r.at(began.Add(time.Hour), number, "Disattiva Notizie"), r.at(began.Add(time.Hour), both, "Disattiva Notizie"))
		r.over()
		if got := r.record(number).Answers; len(got) != 1 || got[0].Kind != store.NotRegistered || got[0].Text != "" {
			t.Errorf("one without a LID gets %+v, want a question without words", got)
		}
		if !r.record(both).Nothing() {
			t.Error("something is held of a stranger whom WhatsApp need not be asked about")
		}
	})
}

// A text that was written before the gap, but never came, ends a question of ours;
// it is not worth one to WhatsApp.
func TestG1_BeforeTheGapNobodyIsLookedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, lid := newRoom(t), whatsapp.Address{LID: someone(1).LID}
		r.link.name = "first"
		r.over()
		r.expect(r.say(lid, "Attiva Notizie"), "incomplete")
		time.Sleep(time.Minute)
		lost := r.text(lid, "Disattiva Notizie")
		time.Sleep(time.Minute)
		r.say(someone(2), registers)
		r.leave()
		r.link.name = "second"
		r.part(lost)
		if r.record(lid).Question != nil {
			t.Error("the question is still open")
		}
		if got := r.leave(); got != "" {
			t.Errorf("%q waits to leave", got)
		}
	})
}

// G3: a registration is newer than an old cancellation also when it is so old that
// nobody remembers the text it came with.
func TestG3_AnOldCancellationAgainstAnOldRegistration(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, _ := gap(t)
		registered := r.record(someone(2)).Subscriber.Since
		time.Sleep(31 * 24 * time.Hour)
		r.say(someone(3), "Aiuto") // with every text the oldest are forgotten
		r.over()
		r.part(r.at(registered.Add(-time.Minute), someone(2), "Disattiva Notizie"))
		if !r.onList(someone(2)) {
			t.Error("taken off the list by a text that is older than the registration")
		}
	})
}

// G3: how far the history is looked into: two weeks before the first link of all, and
// from the newest text that was handled before a later one. WhatsApp counts whole
// seconds.
func TestG3_HowFarBackTheGapReaches(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		handled, written time.Duration // before the link
		want             bool
	}{
		"within two weeks, first link":     {0, 14*24*time.Hour - time.Hour, true},
		"before them, first link":          {0, 14*24*time.Hour + time.Second, false},
		"in the second of the last text":   {time.Hour - 900*time.Millisecond, time.Hour, true},
		"in the second before it":          {time.Hour - 900*time.Millisecond, time.Hour + time.Second, false},
		"a month ago, after a month's gap": {31 * 24 * time.Hour, 30 * 24 * time.Hour, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r := newRoom(t)
				now := time.Now()
				if test.handled > 0 {
					last := r.text(someone(2), "Aiuto")
					last.At = now.Add(-test.handled)
					r.take(last)
				}
				r.link.name = "a new one"
				r.part(r.at(now.Add(-test.written), someone(1), registers))
				r.over()
				if got := r.onList(someone(1)); got != test.want {
					t.Errorf("on the list: %v, want %v", got, test.want)
				}
			})
		})
	}
}

// A part that comes when nothing more is waited for still cancels, and is not
// needed again. It registers nobody.
func TestG3_APartThatComesTooLate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, began := gap(t)
		r.over()
		if r.part(r.at(began.Add(time.Hour), someone(2), "Disattiva Notizie"), r.at(began.Add(time.Hour), someone(10), registers)) {
			t.Error("it is to come again")
		}
		r.over()
		if r.onList(someone(2)) || r.onList(someone(10)) {
			t.Error("who left is on the list, or who joined too late")
		}
	})
}

// G3: a part may come again, and its registrations come to the process that ends
// the wait, whichever read it first.
func TestG3_TheHistoryOverARestart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, began := gap(t)
		part := []whatsapp.Text{r.at(began.Add(time.Hour), someone(10), registers), r.at(began.Add(time.Hour), someone(2), "Disattiva Notizie")}
		r.part(part...)
		r.watch()
		r.restart()
		r.must(r.Resume(t.Context(), time.Now()))
		if got := time.Until(r.Until()); got != historyLimit {
			t.Errorf("until the link is ready everything waits for %v", got)
		}
		r.part(part...)
		r.over()
		if !r.onList(someone(10)) || r.onList(someone(2)) {
			t.Error("who joined is not on the list, or who left is")
		}
		if got := r.leave(); got != "goodbye confirmation card" {
			t.Errorf("%q left", got)
		}
		r.restart()
		r.must(r.Resume(t.Context(), time.Now()))
		if !r.Until().IsZero() {
			t.Error("after the gap something is waited for again")
		}
	})
}

// G5: whoever registered in the gap and has left and been forgotten since, as a
// kept hash tells, is not brought back by the history.
func TestG5_TheHistoryBringsNobodyBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, began := gap(t)
		key := filepath.Join(t.TempDir(), "key")
		r.must(os.WriteFile(key, []byte(strings.Repeat("0a", 32)), 0o600))
		forgotten, err := store.OpenForgotten(t.TempDir(), key)
		r.must(err)
		r.options.Forgotten = forgotten
		r.restart()
		left := func(n int, at time.Time) store.Erasure {
			return store.Erasure{Person: message.PersonOf(someone(n)), UnsubscribedAt: at}
		}
		r.must(forgotten.Remember([]store.Erasure{left(10, began.Add(2*time.Hour)), left(11, began)}))
		r.part(r.at(began.Add(time.Hour), someone(10), registers), r.at(began.Add(time.Hour), someone(11), registers))
		r.over()
		if r.onList(someone(10)) {
			t.Error("who has left is on the list again")
		}
		if !r.onList(someone(11)) {
			t.Error("who came back is not on the list")
		}
	})
}

// G9: of a history without end the newest is kept.
func TestG9_AHistoryOfManyTexts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, began := gap(t)
		var texts []whatsapp.Text
		for n := range 20_001 {
			words := "Buongiorno"
			if n == 0 || n == 20_000 {
				words = registers
			}
			texts = append(texts, r.at(began.Add(time.Duration(n)*time.Second), someone(100+n), words))
		}
		r.part(texts...)
		r.over()
		if r.onList(someone(100)) || !r.onList(someone(20_100)) {
			t.Error("the oldest was kept, or the newest was not")
		}
	})
}
