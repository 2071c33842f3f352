package store

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

const deleteWindow = 60 * time.Hour

// correction is the correction of an announcement.
func correction(wrong Announcement, at time.Time) NewAnnouncement {
	a := announcement(fmt.Sprint("giusto ", wrong.ID))
	a.AcceptedAt, a.NotBefore = at, at
	a.Corrects, a.Editable, a.EditWindow, a.Messages = wrong.ID, true, editWindow, wrong.Messages
	return a
}

func (tw *town) withdraw(id int64, now time.Time) Announcement {
	tw.t.Helper()
	a, err := tw.Withdraw(tw.t.Context(), id, now, deleteWindow, tw.newID)
	must(tw.t, err)
	return a
}

func (tw *town) catchUp(now time.Time) {
	tw.t.Helper()
	must(tw.t, tw.CatchUp(tw.t.Context(), now, editWindow, deleteWindow, tw.newID))
}

// sendAt claims and sends one message.
func (tw *town) sendAt(now time.Time) Outgoing {
	tw.t.Helper()
	o := tw.claim(now)
	must(tw.t, tw.Sent(tw.t.Context(), o, now))
	return o
}

func TestCorrect(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(4)
	wrong := tw.publish(announcement("a.txt"))
	early := tw.sendAt(noon())
	later := noon().Add(editWindow)
	late := tw.sendAt(later.Add(-time.Minute))
	hand := tw.claim(later) // in hand when the correction comes
	right := tw.publish(correction(wrong, later))
	equal(t, "people", right.Counts, Counts{Recipients: 3, Waiting: 3})
	wanted, err := tw.Wanted(t.Context(), hand.MessageID, later)
	must(t, err)
	equal(t, "the one in hand is wanted", wanted, false)

	edit := tw.sendAt(later)
	equal(t, "the first is an edit", edit.Form, Edit)
	equal(t, "of", edit.Target, late.MessageID)
	equal(t, "messages of the original", edit.Messages, wrong.Messages)
	resent := tw.sendAt(later)
	equal(t, "then a correction", resent.Form, Correction)
	equal(t, "to", resent.To, early.To)
	direct := tw.sendAt(later)
	equal(t, "then the news", direct.Form, News)
	equal(t, "ended", tw.look(right.ID).State, Finished)

	must(t, tw.PutBack(t.Context(), hand))
	equal(t, "the wrong one ended", tw.look(wrong.ID).State != Running, true)
	tw.catchUp(later)
	caught := tw.sendAt(later)
	equal(t, "who was in hand", caught.To, hand.To)
	equal(t, "gets the news", caught.Form, News)
	tw.catchUp(later)
	_, more, err := tw.ClaimDelivery(t.Context(), later, Ordinary, editWindow)
	must(t, err)
	equal(t, "more", more, false)
	got := tw.look(right.ID)
	equal(t, "amended", got.Amended, Amended{Edited: 1, Resent: 1, Direct: 2})
	equal(t, "corrects", got.CorrectsName, "a.txt")
	equal(t, "amended by", tw.look(wrong.ID).CorrectedBy, right.Name)
	tw.tallyMustBeTrue()

	_, ok, err := tw.ForRetry(t.Context(), late.MessageID, later)
	must(t, err)
	equal(t, "the wrong one can be asked for again, to be changed", ok, true)
}

// An edit that comes too late becomes a correction, under the same ID.
func TestCorrectTooLate(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(1)
	wrong := tw.publish(announcement("a.txt"))
	tw.sendAt(noon())
	tw.publish(correction(wrong, noon().Add(time.Minute)))
	first := tw.claim(noon().Add(2 * time.Minute))
	equal(t, "form", first.Form, Edit)
	must(t, tw.PutBack(t.Context(), first))
	again := tw.claim(noon().Add(time.Hour))
	equal(t, "form", again.Form, Correction)
	equal(t, "ID", again.MessageID, first.MessageID)
	tw.tallyMustBeTrue()
}

// A file that was stopped by hand and then corrected reaches the others too.
func TestCorrectWhatWasStopped(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(3)
	wrong := tw.publish(announcement("a.txt"))
	tw.sendAt(noon())
	_, err := tw.Stop(t.Context(), wrong.ID)
	must(t, err)
	equal(t, "people", tw.publish(correction(wrong, noon().Add(time.Minute))).Recipients, 3)
}

// Whatever happens in whatever order: nobody gets a message twice, the messages
// of one announcement come in order, the numbers are true, and in the end every
// phone shows what it should.
func TestG2_AnyOrder(t *testing.T) {
	t.Parallel()
	for seed := range uint64(30) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(seed, 5))
			m := &model{town: newTown(t), r: r, now: noon(), phones: map[Person]map[string]string{}, sent: map[string]bool{}, parts: map[string]int{}}
			m.crowd(5)
			wrong := m.publish(flyer("a.txt", 1+r.IntN(3)))
			m.upload(m.now)
			m.run(r.IntN(12), true)
			final, text := wrong, wrong.Text
			for range r.IntN(3) {
				c := correction(final, m.now)
				c.Messages = wrong.Messages
				final = m.publish(c)
				text = final.Text
				m.upload(m.now)
				m.run(r.IntN(12), true)
			}
			withdrawn := r.IntN(3) == 0
			if withdrawn {
				m.withdraw(final.ID, m.now)
				m.withdraw(wrong.ID, m.now)
			}
			m.run(1000, false)
			m.tallyMustBeTrue()
			for p, shown := range m.phones {
				right := 0
				for _, words := range shown {
					if words == text {
						right++
					}
				}
				if !withdrawn && right != 1 {
					t.Errorf("%v shows the final text %d times: %v", p.LID, right, shown)
				}
			}
			if !withdrawn {
				equal(t, "phones", len(m.phones), 5)
			}
		})
	}
}

// model plays the outbox and the phones.
type model struct {
	*town
	r      *rand.Rand
	now    time.Time
	phones map[Person]map[string]string // the words of each message that is shown
	sent   map[string]bool
	parts  map[string]int // by announcement and person
}

// run carries out n steps, or ends when nothing is left to send. With trouble
// messages are put back and tried again.
func (m *model) run(n int, trouble bool) {
	m.t.Helper()
	for range n {
		m.now = m.now.Add(time.Duration(m.r.IntN(200)) * time.Second)
		m.upload(m.now)
		m.catchUp(m.now)
		o, ok, err := m.ClaimDelivery(m.t.Context(), m.now, Ordinary, editWindow)
		must(m.t, err)
		if !ok {
			if due, _ := m.NextDue(m.t.Context(), m.now); due.Delivery == [Urgent + 1]time.Time{} && !trouble {
				return
			}
			continue
		}
		switch k := m.r.IntN(10); {
		case !trouble || k < 6:
			m.show(o)
			must(m.t, m.Sent(m.t.Context(), o, m.now))
		case k < 8:
			must(m.t, m.PutBack(m.t.Context(), o))
		default:
			must(m.t, m.Retry(m.t.Context(), o, m.now.Add(time.Minute), Unanswered))
		}
	}
}

func (m *model) show(o Outgoing) {
	m.t.Helper()
	equal(m.t, "sent before", m.sent[o.MessageID], false)
	m.sent[o.MessageID] = true
	key := fmt.Sprint(o.Announcement, o.To)
	if o.Form != Revoke {
		equal(m.t, "part", o.Part, m.parts[key])
		m.parts[key]++
	}
	phone := m.phones[o.To]
	if phone == nil {
		phone = map[string]string{}
		m.phones[o.To] = phone
	}
	switch {
	case o.Form == Revoke:
		delete(phone, o.Target)
	case o.Form == Edit:
		phone[o.Target] = o.Text
	case o.Part == 0:
		phone[o.MessageID] = o.Text
	}
}
