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
	history     bool      // the text came with the phone's history, not by itself
	before      bool      // it was written before the gap, so that it was handled then
	answers     int       // how many were written for this text

	sub      store.Subscriber // the sender's entry in the list
	known    bool             // there is one
	question store.Question   // what we have asked the sender
	asked    bool             // there is one

	request citizen.Request
	words   string // what they wrote, over one message or two
	agreed  bool   // they have said yes
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
	return r.act()
}

// act carries out the wish, unless the same person has wished otherwise since: a
// text may come late, with the history, or because it could not be recorded or
// decrypted at first.
func (r *reply) act() error {
	if old, err := r.overtaken(); err != nil || old {
		return err
	}
	if goes, err := r.overdue(); err != nil || goes {
		return err
	}
	switch r.request.Intent {
	case citizen.Unsubscribe:
		return r.leave()
	case citizen.Subscribe:
		return r.subscribe()
	case citizen.Incomplete:
		return r.askDetails()
	case citizen.MyData:
		return r.myData()
	case citizen.Help:
		return r.explain()
	default:
		return r.other()
	}
}

// overtaken tells whether the same person has had a newer wish that this one must
// not undo. If not, this wish is noted.
func (r *reply) overtaken() (old bool, err error) {
	wish, by := store.NoWish, []store.Wish(nil)
	switch r.request.Intent {
	case citizen.Unsubscribe:
		if r.known && r.text.At.Before(r.sub.Consented()) {
			return true, nil
		}
		wish, by = store.WishOut, []store.Wish{store.WishIn, store.WishIncomplete}
	case citizen.Subscribe:
		wish, by = store.WishIn, []store.Wish{store.WishIn, store.WishOut}
	case citizen.Incomplete:
		wish, by = store.WishIncomplete, []store.Wish{store.WishIn, store.WishIncomplete, store.WishOut}
	default:
		return false, nil
	}
	if old, err = r.tx.Superseded(by...); err != nil || old {
		return old, err
	}
	return false, r.tx.NoteWish(wish)
}

func (r *reply) lookUp() (err error) {
	if r.sub, r.known, err = r.tx.Subscriber(); err != nil {
		return err
	}
	r.question, r.asked, err = r.tx.Question()
	return err
}

// overdue carries out a cancellation that the sender asked for before it was known
// that they are on the list under another identity, unless this text says
// otherwise. Goes tells that nothing else is to be said.
func (r *reply) overdue() (goes bool, err error) {
	if r.request.Intent == citizen.Subscribe || r.request.Intent == citizen.Unsubscribe {
		return false, nil
	}
	was, err := r.tx.CancelUnmatched()
	if err != nil || !was {
		return false, err
	}
	r.known, r.sub = false, store.Subscriber{}
	return r.request.Intent != citizen.Incomplete, r.promise(store.Goodbye, r.texts.Goodbye(r.now))
}
