package inbox

import (
	"cmp"
	"time"

	"banditore/bot/citizen"
	"banditore/store"
)

// carry makes a change of the list.
func (r *reply) carry(c change) error {
	switch c {
	case enlist:
		return r.enlist()
	case cancel:
		var err error
		r.was, err = r.tx.Cancel()
		return err
	case rectify:
		return r.rectify()
	case urgentOnly:
		return r.tx.SetNewsFrom(store.Never())
	case allNews:
		return r.tx.SetNewsFrom(time.Time{})
	case pause:
		r.until = r.request.Span.End(r.now.In(r.location))
		return r.tx.SetNewsFrom(r.until)
	}
	return nil
}

// enlist puts the sender on the list, or gives them new details.
func (r *reply) enlist() error {
	version, _ := r.texts.Wording()
	if err := r.tx.Subscribe(detailsOf(r.request), store.Evidence{Words: r.words, Wording: version}); err != nil {
		return err
	}
	return r.tx.Withdraw(store.Confirmation, store.Already) // they tell what was
}

// rectify changes the details that were named, and no other.
func (r *reply) rectify() error {
	if detailsOf(r.request) == (store.Details{}) {
		return nil
	}
	d := r.sub.Details
	r.sub.Details = store.Details{
		GivenName:  cmp.Or(r.request.GivenName, d.GivenName),
		FamilyName: cmp.Or(r.request.FamilyName, d.FamilyName),
		Comune:     cmp.Or(r.request.Comune, d.Comune),
	}
	return r.tx.Correct(r.sub.Details, r.words)
}

// move notes where the conversation stands now.
func (r *reply) move(next state) error {
	asked := next.question().asked
	switch {
	case next == same:
		return nil
	case asked == "":
		return r.tx.DropQuestion()
	case !r.silentUntil.IsZero():
		return nil // the question has not been put
	}
	return r.tx.Ask(store.Question{Asked: asked, Details: detailsOf(r.request), Words: r.words}, r.keepQuestions)
}

// wish is what a step stands for when texts come in the wrong order.
func (r *reply) wish(s step) store.Wish {
	switch {
	case s.change == enlist:
		return store.WishIn
	case s.change == cancel:
		return store.WishOut
	case registers(r.request.Intent):
		return store.WishIncomplete
	}
	return store.NoWish
}

// overtaken tells whether the same person has had a newer wish that this one must
// not undo. If not, this wish is noted.
func (r *reply) overtaken(s step) (old bool, err error) {
	var by []store.Wish
	switch r.wish(s) {
	case store.WishOut:
		if r.known && r.text.At.Before(r.sub.Consented()) {
			return true, nil
		}
		by = []store.Wish{store.WishIn, store.WishIncomplete}
	case store.WishIn:
		by = []store.Wish{store.WishIn, store.WishOut}
	case store.WishIncomplete:
		by = []store.Wish{store.WishIn, store.WishIncomplete, store.WishOut}
	default:
		return s.change != nothing && r.text.At.Before(r.sub.Consented()), nil
	}
	if old, err = r.tx.Superseded(by...); err != nil || old {
		return old, err
	}
	return false, r.tx.NoteWish(r.wish(s))
}

// overdue carries out a cancellation that the sender asked for before it was known
// that they are on the list under another identity, unless this text says
// otherwise. Goes tells that nothing else is to be said.
func (r *reply) overdue() (goes bool, err error) {
	if i := r.request.Intent; i == citizen.Subscribe || i == citizen.Unsubscribe {
		return false, nil
	}
	was, err := r.tx.CancelUnmatched()
	if err != nil || !was {
		return false, err
	}
	r.known, r.sub, r.state = false, store.Subscriber{}, stranger
	return !registers(r.request.Intent), r.promise(store.Goodbye, r.texts.Goodbye(r.now))
}
