package citizen

import "time"

// AskLeave asks a subscriber whether they want to leave, in the Tongue and with the Tact of r: a yes cancels. Only Italian, which is in the
// configuration, knows tact: elsewhere the plain question is tactful enough.
func (t *Texts) AskLeave(now time.Time, r Request) string {
	if p, ok := translationFor(r.Tongue); ok {
		return p.leaving
	}
	more := fields{"Bereaved": "", "NewHolder": ""}
	switch r.Tact {
	case Bereaved:
		more["Bereaved"] = filledIn
	case NewHolder:
		more["NewHolder"] = filledIn
	}
	return t.write(kindLeaving, now, more)
}

// Stays answers a subscriber who has been asked whether they want to leave and does not.
func (t *Texts) Stays(now time.Time) string { return t.write(kindStays, now, nil) }

// Goodbye answers a subscriber who has left. It holds no personal detail.
func (t *Texts) Goodbye(now time.Time) string { return t.write(kindGoodbye, now, nil) }

// NotRegistered answers somebody who wants to leave and is not on the list, perhaps because another number of theirs is.
func (t *Texts) NotRegistered(now time.Time) string { return t.write(kindNotRegistered, now, nil) }
