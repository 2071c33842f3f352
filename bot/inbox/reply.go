package inbox

import (
	"time"

	"banditore/bot/citizen"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// unreadablePatience is how long a citizen's phone has to send again what could not
// be decrypted, before they are asked to write again.
const unreadablePatience = 3 * time.Minute

// reply is one incoming text, with what is known of its sender, inside the
// transaction that carries it out.
type reply struct {
	*Inbox
	tx   *store.Inbox
	text whatsapp.Text
	now  time.Time

	silentUntil time.Time // they have had enough answers for this hour; zero: they have not
	exhausted   bool      // they have had so many that not even 112 is named
	history     bool      // the text came with the phone's history, not by itself
	before      bool      // it was written before the gap, so that it was handled then
	answers     int       // how many were written for this text

	sub      store.Subscriber // the sender's entry in the list
	known    bool             // there is one
	question store.Question   // what we have asked them
	asked    bool             // it is open
	state    state

	request citizen.Request
	words   string    // what they wrote, over one message or several
	was     bool      // they were on the list, and are not any more
	until   time.Time // the end of their pause
}

// carryOut does what the text asks for and writes the answer.
func (r *reply) carryOut() error {
	switch r.text.Kind {
	case whatsapp.KindSilent:
		return nil // the store has a stranger forgotten without being asked
	case whatsapp.KindUnreadable, whatsapp.KindCall:
		if goes, err := r.overdue(); err != nil || goes {
			return err
		}
	}
	switch r.text.Kind {
	case whatsapp.KindUnreadable:
		return r.onceADay(store.Unreadable, r.texts.Unreadable(r.now), r.now.Add(unreadablePatience))
	case whatsapp.KindCall:
		return r.onceADay(store.Call, r.texts.Call(r.now), r.now)
	}
	if err := r.lookUp(); err != nil {
		return err
	}
	r.understand()
	return r.act()
}

// carryOutLate is carryOut for a wish that the history held, and that has been
// understood already.
func (r *reply) carryOutLate() error {
	if err := r.lookUp(); err != nil {
		return err
	}
	r.weigh()
	return r.act()
}

// act takes the step that the table of the conversation names, unless the same
// person has wished otherwise since: a text may come late, with the history, or
// because it could not be recorded or decrypted at first.
func (r *reply) act() error {
	do := find(r.conversation, r.state, r.request.Intent)
	if old, err := r.overtaken(do); err != nil || old {
		return err
	}
	if goes, err := r.overdue(); err != nil || goes {
		return err
	}
	do = find(r.conversation, r.state, r.request.Intent) // they may be off the list now
	for _, part := range []func() error{
		func() error { return r.carry(do.change) },
		func() error { return r.tell(do.answer) },
		func() error { return r.move(do.next) },
	} {
		if err := part(); err != nil {
			return err
		}
	}
	return nil
}
