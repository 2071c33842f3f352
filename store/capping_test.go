package store

import (
	"testing"
	"time"
)

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
