package store

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

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
