package store

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"
)

func TestG2_NobodyClaimsTheSame(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	const people = 200
	tw.crowd(people)
	tw.publish(announcement("1.txt"))
	// Another process has the file open as well.
	other, err := Open(t.Context(), tw.dir)
	must(t, err)
	defer other.Close()
	claims := make(chan string)
	var claimants sync.WaitGroup
	for _, s := range []*Store{tw.Store, tw.Store, other, other} {
		claimants.Go(func() {
			for {
				o, ok, err := s.ClaimDelivery(t.Context(), noon(), Ordinary, editWindow)
				if err != nil {
					t.Error(err)
				}
				if !ok {
					return
				}
				claims <- o.MessageID
			}
		})
	}
	go func() { claimants.Wait(); close(claims) }()
	seen := map[string]int{}
	for id := range claims {
		seen[id]++
		equal(t, "claims of one delivery", seen[id], 1)
	}
	equal(t, "claimed", len(seen), people)
}

func TestOrderOfClaims(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(2)
	tw.publish(announcement("a.txt"))
	held := tw.publish(announcement("held.txt"))
	must(t, tw.Hold(t.Context(), held.ID))
	later := announcement("later.txt")
	later.NotBefore = noon().Add(time.Hour)
	tw.publish(later)
	tw.publish(announcement("b.txt"))
	urgent := announcement("urgent.txt")
	urgent.Urgent = true
	tw.publish(urgent)
	preview := announcement("preview.txt")
	preview.Preview, preview.PreviewNumbers = true, []Number{number}
	tw.publish(preview)

	claim := func(now time.Time, least Priority) string {
		o, ok, err := tw.ClaimDelivery(t.Context(), now, least, editWindow)
		must(t, err)
		if !ok {
			return "nothing"
		}
		equal(t, "urgent", o.Urgent, o.Announcement >= 5)
		return tw.look(o.Announcement).Name
	}
	for i, want := range []string{"urgent.txt", "urgent.txt", "preview.txt", "nothing"} {
		equal(t, fmt.Sprint("urgent claim ", i), claim(noon(), Urgent), want)
	}
	for i, want := range []string{"a.txt", "a.txt", "b.txt", "b.txt", "nothing"} {
		equal(t, fmt.Sprint("claim ", i), claim(noon(), Ordinary), want)
	}
	equal(t, "an hour later", claim(noon().Add(time.Hour), Ordinary), "later.txt")
	due, err := tw.NextDue(t.Context(), noon())
	must(t, err)
	equal(t, "held does not wait", due, dueAt(Ordinary, noon().Add(time.Hour)))
	must(t, tw.Release(t.Context(), held.ID, false))
	equal(t, "released", claim(noon(), Ordinary), "held.txt")
	n, err := tw.Waiting(t.Context())
	must(t, err)
	equal(t, "waiting", n, 11)
}

func dueAt(c Priority, at time.Time) (d Due) {
	d.Delivery[c] = at
	return d
}

func TestForRetry(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.handle(Person{number, lid}, noon(), func(i *Inbox) error {
		return errors.Join(i.Subscribe(Details{"Mario", "Rossi", "Saronno"}, Evidence{}), i.Answer(Confirmation, "Benvenuto"))
	})
	tw.publish(announcement("1.txt"))
	look := func(id string) (string, Person, bool) {
		o, ok, err := tw.ForRetry(t.Context(), id, noon())
		must(t, err)
		return o.Text, o.To, ok
	}
	_, _, ok := look("ID2")
	equal(t, "not left yet", ok, false)
	delivery, answer := tw.claim(noon()), tw.claimAnswer(noon())
	for _, state := range []string{"sending", "sent", "delivered", "read"} {
		_, err := tw.db.Exec("UPDATE deliveries SET state = ?", state)
		must(t, err)
		text, to, ok := look(delivery.MessageID)
		equal(t, state, ok, true)
		equal(t, "text", text, "testo di 1.txt")
		equal(t, "to", to, Person{number, lid})
	}
	must(t, tw.Sent(t.Context(), answer, noon()))
	text, to, ok := look(answer.MessageID)
	equal(t, "answer", ok, true)
	equal(t, "text", text, "Benvenuto")
	equal(t, "to", to, Person{number, lid})
	_, err := tw.db.Exec("UPDATE deliveries SET state = 'failed'")
	must(t, err)
	_, _, ok = look(delivery.MessageID)
	equal(t, "failed", ok, false)
	for name, change := range map[string][2]string{
		"stopped":          {`UPDATE announcements SET state = 'stopped'`, `UPDATE announcements SET state = 'running'`},
		"pointless by now": {`UPDATE announcements SET expires = ` + fmt.Sprint(noon().UnixMilli()), `UPDATE announcements SET expires = 0`},
	} {
		_, err = tw.db.Exec("UPDATE deliveries SET state = 'sent'")
		must(t, err)
		_, err = tw.db.Exec(change[0])
		must(t, err)
		_, _, ok = look(delivery.MessageID)
		equal(t, name, ok, false)
		_, err = tw.db.Exec(change[1])
		must(t, err)
	}
	_, err = tw.db.Exec("UPDATE deliveries SET state = 'sent'")
	must(t, err)
	tw.leave(Person{LID: lid}, noon())
	_, _, ok = look(delivery.MessageID)
	equal(t, "who has left", ok, false)
}

// What is in hand is wanted until its recipient leaves, or it is stopped, or
// its time is over, or it turns out to have arrived.
func TestWanted(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*town, Outgoing) time.Time{
		"nothing happens": func(*town, Outgoing) time.Time { return noon() },
		"they leave":      func(tw *town, o Outgoing) time.Time { tw.leave(o.To, noon()); return noon() },
		"it is stopped": func(tw *town, o Outgoing) time.Time {
			_, err := tw.Stop(tw.t.Context(), o.Announcement)
			must(tw.t, err)
			return noon()
		},
		"its time is over": func(*town, Outgoing) time.Time { return noon().Add(time.Hour) },
		"it has arrived": func(tw *town, o Outgoing) time.Time {
			must(tw.t, tw.Receipts(tw.t.Context(), Receipt{IDs: []string{o.MessageID}, State: Delivered, At: noon()}))
			return noon()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tw := newTown(t)
			tw.crowd(2)
			a := announcement("1.txt")
			a.Expires = noon().Add(time.Hour)
			tw.publish(a)
			o := tw.claim(noon())
			wanted, err := tw.Wanted(t.Context(), o.MessageID, end(tw, o))
			must(t, err)
			equal(t, "wanted", wanted, name == "nothing happens")
		})
	}
}

// What waits for its first try, what has failed and is tried again, and what has
// only a message in hand.
func TestNextTries(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.subscribe(citizen(0))
	tries := func() map[int64]time.Time {
		t.Helper()
		m, err := tw.NextTries(t.Context())
		must(t, err)
		return m
	}
	a := tw.publish(announcement("festa.txt"))
	equal(t, "not before", tries()[a.ID], noon())
	o := tw.claim(noon())
	equal(t, "in hand", len(tries()), 0)
	must(t, tw.Retry(t.Context(), o, noon().Add(24*time.Hour), NoToken))
	equal(t, "tried again", tries()[a.ID], noon().Add(24*time.Hour))
}

func TestBacklog(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(3)
	waits := func(want int, wantBytes int64) {
		t.Helper()
		messages, bytes, err := tw.Backlog(t.Context())
		must(t, err)
		equal(t, "messages", messages, want)
		equal(t, "bytes", bytes, wantBytes)
	}
	waits(0, 0)
	a := tw.publish(flyer("1.txt", 2))
	waits(6, 2)
	tw.upload(noon())
	tw.sendAt(noon())
	waits(5, 2)
	_, err := tw.Stop(t.Context(), a.ID)
	must(t, err)
	waits(0, 0)
}

// While new chats are capped nothing leaves for who never wrote, nobody is charged,
// and it is known until when; a state that is no cap, or is over, keeps nobody back.
func TestG7_CappedChatsWait(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.subscribe(whole)
	silent := Entry{Person: Person{Number: "+393337654321"}, ConsentAt: noon(), Consent: "modulo", Details: Details{"Anna", "Bianchi", "Saronno"}}
	_, err := tw.Import(t.Context(), []Entry{silent}, nil, noon(), false)
	must(t, err)
	a := tw.publish(announcement("a.txt"))
	ends := noon().Add(time.Hour)
	must(t, tw.SetCapping(t.Context(), Capping{State: "SECOND_WARNING", Used: 40, Quota: 50, Ends: ends}, noon()))
	must(t, tw.SetCapping(t.Context(), Capping{State: "SECOND_WARNING", Used: 41, Quota: 50, Ends: ends}, noon().Add(time.Minute)))
	c, err := tw.Capping(t.Context(), noon())
	must(t, err)
	equal(t, "capping", c, Capping{State: "SECOND_WARNING", Used: 41, Quota: 50, Since: noon(), Ends: ends})
	capped, err := tw.Capped(t.Context(), noon())
	must(t, err)
	equal(t, "capped", capped[a.ID], 1)

	o := tw.claim(noon())
	equal(t, "recipient", o.To, whole)
	must(t, tw.Sent(t.Context(), o, noon()))
	claim := func(at time.Time) bool {
		o, ok, err := tw.ClaimDelivery(t.Context(), at, Ordinary, editWindow)
		must(t, err)
		if ok {
			must(t, tw.PutBack(t.Context(), o))
		}
		return ok
	}
	equal(t, "claimed under the cap", claim(noon()), false)
	due, err := tw.NextDue(t.Context(), noon())
	must(t, err)
	equal(t, "due", due.Delivery[Ordinary], time.Time{})
	equal(t, "uncapped", due.Uncapped, ends)
	equal(t, "waiting", tw.look(a.ID).Waiting, 1)
	equal(t, "claimed after its end", claim(ends), true)

	for state, want := range map[string]bool{"CAPPED": false, "NONE": true, "FIRST_WARNING": true} {
		must(t, tw.SetCapping(t.Context(), Capping{State: state}, noon())) // without an end
		equal(t, state, claim(noon().Add(30*24*time.Hour)), want)
	}
	must(t, tw.SetCapping(t.Context(), Capping{State: "CAPPED"}, noon()))
	equal(t, "an end that nobody named", claim(noon().Add(unendingCapping)), true)
	tw.handle(silent.Person, noon(), func(*Inbox) error { return nil })
	equal(t, "after they wrote", claim(noon()), true)
}
