package inbox

import (
	"strings"
	"time"

	"banditore/bot/citizen"
	"banditore/bot/loop"
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
	return false, r.in.NoteWish(wish)
}

func (r *reply) lookUp() (err error) {
	if r.sub, r.known, err = r.in.Subscriber(); err != nil {
		return err
	}
	r.signup, r.asked, err = r.in.Signup()
	return err
}

// understand reads the text, in the light of a question we asked before.
func (r *reply) understand() {
	r.words = firstBytes(r.text.Body, longestWords)
	r.request = r.reader.Read(r.text.Body)
	if !r.asked || r.known {
		return
	}
	known := citizen.Request{GivenName: r.signup.GivenName, FamilyName: r.signup.FamilyName, Comune: r.signup.Comune}
	answer, ok := citizen.Request{}, false
	switch r.signup.Asked {
	case store.AskedConsent:
		answer, ok = known, r.request.Shade == citizen.Yes
		answer.Intent, r.agreed = citizen.Subscribe, ok
	case store.AskedDetails:
		if ok = r.request.Intent == citizen.Incomplete; ok {
			answer = merge(known, r.request)
		} else if r.request.Intent == citizen.Other {
			answer, ok = r.reader.Complete(known, r.text.Body)
		}
	}
	if ok {
		r.request = answer
		r.words = firstBytes(r.signup.Words+"\n"+r.words, longestWords)
	}
}

// merge is what is known after a second request that may be incomplete too.
func merge(known, said citizen.Request) citizen.Request {
	for _, f := range []struct{ known, said *string }{
		{&known.GivenName, &said.GivenName}, {&known.FamilyName, &said.FamilyName}, {&known.Comune, &said.Comune},
	} {
		if *f.said == "" {
			*f.said = *f.known
		}
	}
	if said.GivenName != "" && said.FamilyName != "" && said.Comune != "" {
		said.Intent = citizen.Subscribe
	}
	return said
}

// leave takes the sender off the list. It is done also when he gets no answer.
func (r *reply) leave() error {
	was, err := r.in.Cancel()
	switch {
	case err != nil:
		return err
	case was:
		return r.say(store.Goodbye, r.texts.Goodbye(r.now))
	case r.history && !r.asked && (r.before || r.in.Complete()):
		return store.ErrNothing // they never got an answer that could need another, and may have been forgotten since
	case r.before:
		return nil // WhatsApp is not asked again about all who ever left
	case r.history, !r.silentUntil.IsZero():
		return r.in.Deny("")
	}
	r.answers++
	return r.in.Deny(r.texts.NotRegistered(r.now))
}

// overdue carries out what the sender asked for before it was known that he is on
// the list under his other identity, unless this text says otherwise. Goes tells
// that nothing else is to be said.
func (r *reply) overdue() (goes bool, err error) {
	if r.request.Intent == citizen.Subscribe || r.request.Intent == citizen.Unsubscribe {
		return false, nil
	}
	was, err := r.in.CancelUnmatched()
	if err != nil || !was {
		return false, err
	}
	r.known, r.sub = false, store.Subscriber{}
	return r.request.Intent != citizen.Incomplete, r.promise(store.Goodbye, r.texts.Goodbye(r.now))
}

// subscribe puts the sender on the list, or asks for his yes.
func (r *reply) subscribe() error {
	details := detailsOf(r.request)
	if r.doubleOptIn && !r.known && !r.agreed {
		return r.ask(store.AskedConsent, store.OptIn, r.texts.OptIn(r.now, r.request))
	}
	version, _ := r.texts.Wording()
	if err := r.in.Subscribe(details, store.Evidence{Words: r.words, Wording: version}); err != nil {
		return err
	}
	if err := r.in.Withdraw(store.Confirmation, store.Already); err != nil {
		return err
	}
	if r.known {
		return r.promise(store.Already, r.texts.Already(r.now, r.request))
	}
	if err := r.promise(store.Confirmation, r.texts.Confirmation(r.now, r.request, r.late())); err != nil {
		return err
	}
	return r.in.AnswerLater(store.Card, "", loop.Latest(r.now, r.silentUntil))
}

// askDetails asks for what is missing. A subscriber misses nothing: he is told
// that he is one.
func (r *reply) askDetails() error {
	if r.known {
		d := r.sub.Details
		return r.say(store.Already, r.texts.Already(r.now, citizen.Request{GivenName: d.GivenName, FamilyName: d.FamilyName, Comune: d.Comune}))
	}
	return r.ask(store.AskedDetails, store.Incomplete, r.texts.Incomplete(r.now, r.request))
}

// ask keeps what is known until the sender has answered the question, or has
// not.
func (r *reply) ask(asked store.Asked, kind store.AnswerKind, question string) error {
	if !r.silentUntil.IsZero() {
		return nil
	}
	err := r.in.Ask(store.Signup{Asked: asked, Details: detailsOf(r.request), Words: r.words}, r.keepQuestions)
	if err != nil {
		return err
	}
	return r.say(kind, question)
}

// myData tells the sender what we hold on him, this question included.
func (r *reply) myData() error {
	if !r.silentUntil.IsZero() {
		return nil
	}
	record, err := r.in.Record()
	if err != nil {
		return err
	}
	return r.say(store.MyData, r.texts.MyData(r.now, Held(record)))
}

// other answers what is no command, once a day; thanks, emoji and stickers are
// not answered at all.
func (r *reply) other() error {
	switch {
	case r.asked && r.signup.Asked == store.AskedConsent && r.request.Shade == citizen.No:
		if err := r.in.DropSignup(); err != nil {
			return err
		}
		return r.say(store.NotRegistered, r.texts.NotRegistered(r.now))
	case r.text.Kind == whatsapp.KindSticker, r.spoke() && r.request.Shade != citizen.Plain:
		return nil
	case r.history:
		return nil
	}
	return r.onceADay(store.Other, r.texts.Other(r.now), r.now)
}

// spoke tells whether there are words at all: a voice note has none that we can
// read, and is a message all the same.
func (r *reply) spoke() bool { return r.text.Kind == whatsapp.KindText || r.text.Body != "" }

func (r *reply) onceADay(kind store.AnswerKind, text string, due time.Time) error {
	told, err := r.in.Answered(kind, r.now.Add(-onceIn))
	if err != nil || told || !r.silentUntil.IsZero() {
		return err
	}
	r.answers++
	return r.in.AnswerLater(kind, text, due)
}

// say answers, unless the sender has had enough answers for now.
func (r *reply) say(kind store.AnswerKind, text string) error {
	if !r.silentUntil.IsZero() {
		return nil
	}
	r.answers++
	return r.in.Answer(kind, text)
}

// promise answers in any case, if need be when the silence is over: who has
// been put on the list must hear of it.
func (r *reply) promise(kind store.AnswerKind, text string) error {
	r.answers++
	return r.in.AnswerLater(kind, text, loop.Latest(r.now, r.silentUntil))
}

// late is when the sender wrote, if it is long ago, so that the answer owes him
// an apology.
func (r *reply) late() time.Time {
	if r.history || r.now.Sub(r.text.At) >= lateAfter {
		return r.text.At
	}
	return time.Time{}
}

func detailsOf(r citizen.Request) store.Details {
	return store.Details{GivenName: r.GivenName, FamilyName: r.FamilyName, Comune: r.Comune}
}

// firstBytes is at most the first n bytes of a text, whole characters.
func firstBytes(s string, n int) string {
	return strings.ToValidUTF8(s[:min(n, len(s))], "")
}
