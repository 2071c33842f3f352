package store

import (
	"testing"
	"time"
)

// A device gets a message again a few times, whatever it asks; what is claimed counts
// among what has left, and is claimed again if the process ends before it leaves. It
// goes with the message.
func TestG7_RepeatsAreBoundedAndCounted(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(1)
	tw.publish(announcement("a.txt"))
	o := tw.claim(noon())
	must(t, tw.Together(t.Context(), func(b *Batch) error { return b.Sent(o, noon()) }))
	now := noon().Add(time.Hour)
	ask := func(device int) bool {
		noted, err := tw.AskRepeat(t.Context(), o.MessageID, Repeat{Device: device, Space: "lid", Count: 1, Stamped: noon()}, now)
		must(t, err)
		return noted
	}
	for i := range repeatsPerDevice - 1 { // one of them leaves twice
		equal(t, "noted", ask(0), true)
		r, ok, err := tw.ClaimRepeat(t.Context(), RepeatOrdinary, now)
		must(t, err)
		equal(t, "claimed", ok, true)
		equal(t, "message", r.MessageID, o.MessageID)
		last, _, err := tw.LastSends(t.Context(), 0, now)
		must(t, err)
		equal(t, "departure", last.Equal(now), true)
		if i == 0 { // the process ends here
			_, ok, err = tw.ClaimRepeat(t.Context(), RepeatOrdinary, now)
			must(t, err)
			equal(t, "claimed again before the device could say anything", ok, false)
			now = now.Add(repeatArrives)
			r, ok, err = tw.ClaimRepeat(t.Context(), RepeatOrdinary, now)
			must(t, err)
			equal(t, "claimed again", ok, true)
			must(t, tw.PostponeRepeat(t.Context(), r, now, false)) // it certainly had not left
			r, _, err = tw.ClaimRepeat(t.Context(), RepeatOrdinary, now)
			must(t, err)
		}
		must(t, tw.Repeated(t.Context(), r))
	}
	equal(t, "once too often", ask(0), false)
	equal(t, "another device", ask(7), true)
	_, _, err := tw.ClaimRepeat(t.Context(), RepeatAnswer, now)
	must(t, err)
	noted, err := tw.AskRepeat(t.Context(), "unknown", Repeat{Space: "lid"}, now)
	must(t, err)
	equal(t, "an unknown message", noted, false)
	_, err = tw.db.Exec(`DELETE FROM subscribers`)
	must(t, err)
	var left int
	must(t, tw.db.QueryRow(`SELECT count(*) FROM repeats`).Scan(&left))
	equal(t, "rows after they left", left, 0)
}

// A repeat of unknown outcome does not leave again once its device says that it arrived.
func TestG2_ARepeatThatArrivedIsOver(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(1)
	tw.publish(announcement("a.txt"))
	o := tw.claim(noon())
	must(t, tw.Together(t.Context(), func(b *Batch) error { return b.Sent(o, noon()) }))
	now := noon().Add(time.Hour)
	says := func(device int) {
		must(t, tw.Receipts(t.Context(), Receipt{IDs: []string{o.MessageID}, State: Delivered, At: now, Device: device}))
	}
	due := func() bool {
		_, ordinary, _, err := tw.RepeatsDue(t.Context())
		must(t, err)
		return !ordinary.IsZero()
	}
	noted, err := tw.AskRepeat(t.Context(), o.MessageID, Repeat{Device: 3, Space: "lid", Count: 1, Stamped: noon()}, now)
	must(t, err)
	equal(t, "noted", noted, true)
	says(3)
	equal(t, "a word from before it left ends it", !due(), false)
	_, _, err = tw.ClaimRepeat(t.Context(), RepeatOrdinary, now)
	must(t, err)
	says(0)
	equal(t, "another device's word ends it", !due(), false)
	says(3)
	equal(t, "its own word ends it", !due(), true)
}

// A device that asks once more before it is recorded that its repeat was taken gets
// another one: it could not decrypt that one either.
func TestG3_AWishBesideARepeatIsKept(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(1)
	tw.publish(announcement("a.txt"))
	o := tw.claim(noon())
	must(t, tw.Together(t.Context(), func(b *Batch) error { return b.Sent(o, noon()) }))
	for _, space := range []string{"lid", ""} {
		ask := func(count int) {
			noted, err := tw.AskRepeat(t.Context(), o.MessageID, Repeat{Space: space, Count: count, Stamped: noon()}, noon())
			must(t, err)
			equal(t, "noted", noted, true)
		}
		ask(1)
		r, ok, err := tw.ClaimRepeat(t.Context(), RepeatOrdinary, noon())
		must(t, err)
		equal(t, "claimed", ok, true)
		ask(2)
		must(t, tw.Repeated(t.Context(), r))
		r, ok, err = tw.ClaimRepeat(t.Context(), RepeatOrdinary, noon().Add(time.Second))
		must(t, err)
		equal(t, "claimed for the second wish", ok, true)
		equal(t, "count", r.Count, 2)
		must(t, tw.Repeated(t.Context(), r))
		_, ok, err = tw.ClaimRepeat(t.Context(), RepeatOrdinary, noon().Add(time.Hour))
		must(t, err)
		equal(t, "claimed once more", ok, false)
	}
}
