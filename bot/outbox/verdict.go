package outbox

import (
	"errors"
	"slices"
	"time"

	"banditore/bot/whatsapp"
	"banditore/store"
)

// verdict is what a failure means for the message and for the others.
type verdict struct {
	changed  store.Light      // a light that turned red or stays red, to be noted; empty: none
	waits    store.Light      // the light that the message waits for, if it is spared
	spared   bool             // the message is not to blame: it waits until the light is tried again, uncharged
	uncharge []store.Outgoing // what was charged before the light turned red
}

// failed judges at now a message that left, or tried to, at left and did not get
// through.
func (b *brake) failed(o store.Outgoing, failure *whatsapp.SendError, left, now time.Time) verdict {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch failure.Fault {
	case whatsapp.FaultLink, whatsapp.FaultMessage, whatsapp.FaultUnwanted, whatsapp.FaultMoved:
		return verdict{}
	case whatsapp.FaultLimit:
		return b.turn(store.LightLimited, failure.Code, left, now, nil)
	case whatsapp.FaultStranger:
		return b.stranger(o, failure.Code, left, now)
	case whatsapp.FaultRecipient:
		return b.unknown(failure.Code, left, now)
	default:
		return b.unserved(o, failure.Code, left, now)
	}
}

// stranger: of one person it says nothing about the account. Of several it is
// the account, and trying others makes it worse.
func (b *brake) stranger(o store.Outgoing, code int, left, now time.Time) verdict {
	if _, red := b.lights[store.LightLocked]; red && o.Announcement != 0 {
		return b.turn(store.LightLocked, code, left, now, nil)
	}
	b.refused = slices.DeleteFunc(b.refused, func(r refusal) bool { return now.Sub(r.at) >= strangersTime || r.o.To == o.To })
	b.refused = append(b.refused, refusal{now, o})
	if len(b.refused) < strangers {
		return verdict{}
	}
	var uncharge []store.Outgoing
	for _, r := range b.refused {
		uncharge = append(uncharge, r.o)
	}
	b.refused = nil
	return b.turn(store.LightLocked, code, left, now, uncharge)
}

// unknown: some people leave WhatsApp, but not ten in a row. What is found out
// while a light has been red for long is believed all the same, so that the
// end of a list of people who left does not keep it red for ever.
func (b *brake) unknown(code int, left, now time.Time) verdict {
	b.lost++
	r, red := b.lights[store.LightFailing]
	if b.lost < lostInARow && !red {
		return verdict{}
	}
	v := b.turn(store.LightFailing, code, left, now, nil)
	v.spared = !red || now.Sub(r.Since) < chargePause
	return v
}

// unserved: no answer, or a refusal that is not about the recipient.
func (b *brake) unserved(o store.Outgoing, code int, left, now time.Time) verdict {
	b.row = append(b.row, o)
	b.result(o.To)
	if _, red := b.lights[store.LightFailing]; red {
		v := b.turn(store.LightFailing, code, left, now, nil)
		v.spared = b.people() > 1 || !b.charge(now)
		return v
	}
	if !b.tooMany() {
		return verdict{}
	}
	return b.turn(store.LightFailing, code, left, now, b.row)
}

func (b *brake) tooMany() bool {
	failures := slices.DeleteFunc(slices.Clone(b.results), func(p store.Person) bool { return p == store.Person{} })
	return b.people() > 1 && len(b.row) >= failuresInARow || different(failures) > 1 && len(failures) >= failuresOfMany
}

// people is how many different people the failures in a row are about.
func (b *brake) people() int {
	var list []store.Person
	for _, o := range b.row {
		list = append(list, o.To)
	}
	return different(list)
}

func different(people []store.Person) int {
	seen := make(map[store.Person]bool)
	for _, p := range people {
		seen[p] = true
	}
	return len(seen)
}

// charge tells whether a message that alone keeps a light red is to be charged.
func (b *brake) charge(now time.Time) bool {
	if now.Sub(b.charged) < chargePause {
		return false
	}
	b.charged = now
	return true
}

func (b *brake) result(whose store.Person) {
	b.results = append(b.results, whose)
	b.results = b.results[max(0, len(b.results)-many):]
}

// sendError is what is known of a send that failed; what nobody knows is
// uncertain.
func sendError(err error) *whatsapp.SendError {
	var failure *whatsapp.SendError
	if !errors.As(err, &failure) {
		failure = &whatsapp.SendError{Outcome: whatsapp.Uncertain, Fault: whatsapp.FaultSession, Err: err}
	}
	return failure
}
