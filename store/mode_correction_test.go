package store

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// waitingMustBeTrue compares what the tallies say of what waits with the rows: those
// of what will never leave may be gone, and stay counted.
func (tw *town) waitingMustBeTrue() {
	tw.t.Helper()
	var wrong int
	must(tw.t, tw.db.QueryRow(`SELECT count(*) FROM tallies t WHERE state IN ('pending', 'sending', 'sent', 'unsubscribed') AND count <>
		(SELECT count(*) FROM deliveries d WHERE d.announcement = t.announcement AND d.state = t.state
			AND d.form = t.form AND (d.part > 0) = t.extra)`).Scan(&wrong))
	equal(tw.t, "wrong tallies", wrong, 0)
}

// Who holds the wrong text gets the right one, or has it deleted, whatever their
// mode; who had not got it and pauses hears nothing of either, also after the pause.
func TestG1_CorrectionsReachWhoHoldsTheWrongText(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(4)
	wrong := tw.publish(announcement("a.txt"))
	holder := tw.sendAt(noon()).To
	tw.mode(holder, noon(), Never())
	before, after := Person{}, Person{}
	for n := range 4 {
		switch p := citizen(n); {
		case p == holder:
		case before == Person{}:
			before = p
		default:
			after = p
		}
	}
	tw.mode(before, noon(), Never()) // before the correction
	right := tw.publish(correction(wrong, noon()))
	equal(t, "the correction", right.Counts, Counts{Recipients: 3, Waiting: 3})
	tw.mode(after, noon(), Never()) // while it waits
	tw.catchUp(noon().Add(2 * catchAll))
	tw.mode(after, noon().Add(3*catchAll), time.Time{})
	tw.mode(before, noon().Add(3*catchAll), time.Time{})
	tw.catchUp(noon().Add(4 * catchAll))
	tw.waitingMustBeTrue()
	equal(t, "the wrong one", tw.look(wrong.ID).Paused, 1)
	equal(t, "the right one", tw.look(right.ID).Counts, Counts{Recipients: 2, Waiting: 2, Paused: 1})
	got := tw.got(noon().Add(5 * catchAll))
	equal(t, "who holds the wrong text", got[holder], 1)
	equal(t, "who had paused before", got[before], 0)
	equal(t, "who paused meanwhile", got[after], 0)
	equal(t, "all", len(got), 2)

	tw.mode(holder, noon().Add(5*catchAll), Never())
	tw.withdraw(right.ID, noon().Add(6*catchAll))
	equal(t, "what is withdrawn goes from their phone, too", tw.got(noon().Add(6 * catchAll))[holder], 1)
}

// A correction with a later end reaches those for whom the first had come too late,
// unless they have paused since.
func TestG1_ACorrectionOfWhatExpired(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(2)
	a := announcement("a.txt")
	a.Expires = noon().Add(time.Hour)
	wrong := tw.publish(a)
	now := noon().Add(2 * time.Hour)
	_, err := tw.Expire(t.Context(), now)
	must(t, err)
	tw.mode(citizen(0), now, Never())
	c := correction(wrong, now)
	c.Expires = now.Add(5 * catchAll)
	right := tw.publish(c)
	equal(t, "counts", right.Counts, Counts{Recipients: 1, Waiting: 1, Paused: 1})
	tw.mode(citizen(0), now, time.Time{})
	tw.catchUp(now.Add(2 * catchAll))
	got := tw.got(now.Add(2 * catchAll))
	equal(t, "who has resumed", got[citizen(0)], 0)
	equal(t, "the other", got[citizen(1)], 1)
	equal(t, "the numbers of the first stay", tw.look(wrong.ID).Expired, 2)
	c = correction(wrong, now)
	c.File, c.Urgent, c.Expires = "urgente.txt", true, now.Add(time.Hour)
	tw.mode(citizen(1), now, Never())
	equal(t, "an urgent one skips nobody", tw.publish(c).Paused, 0)
}

// Whatever happens in whatever order while people pause and resume: nobody is left
// with a wrong text, and who always wants news gets the right one once.
func TestG2_AnyOrderOfPauses(t *testing.T) {
	t.Parallel()
	for seed := range uint64(40) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(seed, 14))
			m := &model{town: newTown(t), r: r, now: noon(), phones: map[Person]map[string]string{}, sent: map[string]bool{}, parts: map[string]int{}}
			m.crowd(6)
			paused := map[Person]bool{}
			steps := func() {
				for range r.IntN(6) {
					m.run(r.IntN(4), true)
					p := citizen(r.IntN(4)) // 4 and 5 never pause
					paused[p] = true
					m.mode(p, m.now, []time.Time{{}, Never(), m.now.Add(time.Minute)}[r.IntN(3)])
					m.waitingMustBeTrue()
				}
			}
			final := m.publish(flyer("a.txt", 1+r.IntN(3)))
			m.upload(m.now)
			steps()
			for range r.IntN(3) {
				c := correction(final, m.now)
				c.Messages = final.Messages
				final = m.publish(c)
				m.upload(m.now)
				steps()
			}
			m.run(1000, false)
			m.waitingMustBeTrue()
			for n := range 6 {
				p, right, other := citizen(n), 0, 0
				for _, words := range m.phones[p] {
					if words == final.Text {
						right++
					} else {
						other++
					}
				}
				if right > 1 || right == 0 && (other > 0 || !paused[p]) {
					t.Errorf("citizen %d, who paused: %v, is shown the final text %d times, and %d others", n, paused[p], right, other)
				}
			}
		})
	}
}
