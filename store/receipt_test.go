package store

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

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

func TestReceiptSaysDeliveredOrRead(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	if err := tw.Receipt(t.Context(), nil, "sent", noon()); err == nil {
		t.Fatal("no error")
	}
}

// A receipt that comes before the ack does not lose the departure.
func TestReceiptBeforeTheAck(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(2)
	a := tw.publish(announcement("1.txt"))
	o := tw.claim(noon())
	must(t, tw.Receipt(t.Context(), []string{o.MessageID}, Delivered, noon()))
	equal(t, "first sent", tw.look(a.ID).FirstSent, noon())
	must(t, tw.Sent(t.Context(), o, noon()))
	equal(t, "counts", tw.look(a.ID).Counts, Counts{Recipients: 2, Waiting: 1, Sent: 1, Delivered: 1})
	last, _, err := tw.LastSends(t.Context(), 0, noon())
	must(t, err)
	equal(t, "departure", last, noon())
}

// What is in hand is wanted until its recipient leaves, or it is stopped, or
// its time is over, or it turns out to have arrived.
func TestWanted(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*town, Outgoing) time.Time{
		"nothing happens": func(*town, Outgoing) time.Time { return noon() },
		"he leaves":       func(tw *town, o Outgoing) time.Time { tw.leave(o.To, noon()); return noon() },
		"it is stopped": func(tw *town, o Outgoing) time.Time {
			_, err := tw.Stop(tw.t.Context(), o.Announcement)
			must(tw.t, err)
			return noon()
		},
		"its time is over": func(*town, Outgoing) time.Time { return noon().Add(time.Hour) },
		"it has arrived": func(tw *town, o Outgoing) time.Time {
			must(tw.t, tw.Receipt(tw.t.Context(), []string{o.MessageID}, Delivered, noon()))
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
