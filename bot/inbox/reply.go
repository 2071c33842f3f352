package inbox

import (
	"time"

	"banditore/bot/citizen"
	"banditore/bot/whatsapp"
	"banditore/store"
)

const (
	// onceIn is how often, at most, somebody is told what everybody is told who
	// writes something else, or calls.
	onceIn = 24 * time.Hour
	// unreadablePatience is how long the phone of a citizen has to send again what
	// could not be decrypted, before he is asked to write again.
	unreadablePatience = 3 * time.Minute
	// lateAfter is when an answer owes an apology.
	lateAfter = 24 * time.Hour
	// longestWords is how many bytes of a registration are kept as its proof; no
	// registration is as long.
	longestWords = 4096
)

// reply is one incoming text, with what is known of its sender, inside the
// transaction that carries it out.
type reply struct {
	*Inbox
	in   *store.Inbox
	text whatsapp.Text
	now  time.Time

	silentUntil time.Time // he has had enough answers for this hour; zero: he has not
	history     bool      // the text came with the phone's history, not by itself
	before      bool      // it was written before the gap, so that it was handled then
	answers     int       // written so far

	sub     store.Subscriber
	known   bool
	signup  store.Signup
	asked   bool
	request citizen.Request
	words   string // what he has written, over one message or two
	agreed  bool   // he has said yes
}

// carryOut does what the text asks for and writes the answer.
func (r *reply) carryOut() error {
	switch r.text.Kind {
	case whatsapp.KindSilent:
		return nil // that he is to be forgotten, if he is a stranger, is seen to without us
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

// carryOutLate is carryOut for a wish that the history held.
func (r *reply) carryOutLate() error {
	if err := r.lookUp(); err != nil {
		return err
	}
	return r.act()
}

// act carries out the wish, unless the same person has said otherwise since: a
// text may come late, with the history, or because it could not be recorded or
// read at first.
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
	case citizen.Help:
		if r.request.Shade == citizen.MyData {
			return r.myData()
		}
		return r.say(store.Help, r.texts.Help(r.now))
	default:
		return r.other()
	}
}

// overtaken tells whether a newer wish of the same person has been carried out,
// and else notes this one.
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
	if old, err = r.in.Superseded(by...); err != nil || old {
		return old, err
	}
	return false, r.in.Note(wish)
}

func (r *reply) lookUp() (err error) {
	if r.sub, r.known, err = r.in.Subscriber(); err != nil {
		return err
	}
	r.signup, r.asked, err = r.in.Signup()
	return err
}

// overdue carries out what the sender asked for before it was known that he is on
// the list under his other identity, unless this text says otherwise. Goes tells
// that nothing else is to be said.
func (r *reply) overdue() (goes bool, err error) {
	if r.request.Intent == citizen.Subscribe || r.request.Intent == citizen.Unsubscribe {
		return false, nil
	}
	was, err := r.in.Overdue()
	if err != nil || !was {
		return false, err
	}
	r.known, r.sub = false, store.Subscriber{}
	return r.request.Intent != citizen.Incomplete, r.promise(store.Goodbye, r.texts.Goodbye(r.now))
}
