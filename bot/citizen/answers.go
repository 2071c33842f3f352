package citizen

import "time"

// kind is one of the answers, under the name it has in the configuration.
type kind string

const (
	confirmation  kind = "confirmation"
	already       kind = "already"
	incomplete    kind = "incomplete"
	optIn         kind = "opt_in"
	goodbye       kind = "goodbye"
	notRegistered kind = "not_registered"
	help          kind = "help"
	myData        kind = "my_data"
	other         kind = "other"
	call          kind = "call"
	unreadable    kind = "unreadable"
)

func (k kind) key() string { return "messages." + string(k) }

// form says what an answer is made of and what it owes its reader.
type form struct {
	kind   kind
	text   func(Templates) string
	fields string // the fields beyond those about the service, each of which may be empty
	wayOut bool   // a subscriber may get it, so it says how to leave
}

// forms lists the answers in the order of the configuration.
func forms() []form {
	const person = "GivenName FamilyName Residence"
	return []form{
		{confirmation, func(t Templates) string { return t.Confirmation }, person + " Late", true},
		{already, func(t Templates) string { return t.Already }, person, true},
		{incomplete, func(t Templates) string { return t.Incomplete }, person + " Missing", true},
		{optIn, func(t Templates) string { return t.OptIn }, person, false},
		{goodbye, func(t Templates) string { return t.Goodbye }, "", false},
		{notRegistered, func(t Templates) string { return t.NotRegistered }, "", false},
		{help, func(t Templates) string { return t.Help }, "", true},
		{myData, func(t Templates) string { return t.MyData }, "", true},
		{other, func(t Templates) string { return t.Other }, "", true},
		{call, func(t Templates) string { return t.Call }, "", true},
		{unreadable, func(t Templates) string { return t.Unreadable }, "", true},
	}
}

// Templates are the answers as the configuration holds them. The language is text/template reduced to {{.Field}}, {{if .Field}}, {{else}} and
// {{end}}. Every answer knows the fields Service, Comune (whose service it is), Number, Channels, RulesURL, PrivacyURL, Launch and Hours; those
// to a citizen whose details we read know GivenName, FamilyName and Residence (his Comune) too; Confirmation also Late, Incomplete also Missing,
// MyData only Held.
type Templates struct {
	Confirmation  string
	Already       string
	Incomplete    string
	OptIn         string
	Goodbye       string
	NotRegistered string
	Help          string
	MyData        string
	Other         string
	Call          string
	Unreadable    string
}

// Confirmation answers a citizen who is now a subscriber. late is when he wrote, if the answer comes a day or more after it, and else zero.
func (t *Texts) Confirmation(now time.Time, r Request, late time.Time) string {
	more := details(r)
	more["Late"] = ""
	if !late.IsZero() {
		more["Late"] = t.lateDay(late, now)
	}
	return t.write(confirmation, now, more)
}

// Already answers a subscriber who subscribes again, with the details he has from now on.
func (t *Texts) Already(now time.Time, r Request) string { return t.write(already, now, details(r)) }

// Incomplete asks for the personal details that r lacks.
func (t *Texts) Incomplete(now time.Time, r Request) string {
	return t.write(incomplete, now, details(r))
}

// OptIn asks whether the citizen with these details wants to be registered.
func (t *Texts) OptIn(now time.Time, r Request) string { return t.write(optIn, now, details(r)) }

// Goodbye answers a subscriber who has left. It holds no personal detail.
func (t *Texts) Goodbye(now time.Time) string { return t.write(goodbye, now, nil) }

// NotRegistered answers somebody who wants to leave and was never here.
func (t *Texts) NotRegistered(now time.Time) string { return t.write(notRegistered, now, nil) }

// Help answers who asks how the service works.
func (t *Texts) Help(now time.Time) string { return t.write(help, now, nil) }

// MyData answers who asks what we hold on him. h is as it was before this answer, which is counted among those in it; so is the request. Exact
// words that are too long for an answer are shown in part, and it says so.
func (t *Texts) MyData(now time.Time, h Held) string {
	h.Answers++
	h.Handled = max(h.Handled, 1)
	return t.write(myData, now, fields{"Held": t.HeldText(h.brief())})
}

// Other answers everything else.
func (t *Texts) Other(now time.Time) string { return t.write(other, now, nil) }

// Call answers a call, which nobody takes.
func (t *Texts) Call(now time.Time) string { return t.write(call, now, nil) }

// Unreadable answers a message that could not be decrypted.
func (t *Texts) Unreadable(now time.Time) string { return t.write(unreadable, now, nil) }

func (t *Texts) samples(now time.Time, mario Request) (list []Sample) {
	before := now.AddDate(0, 0, -1)
	add := func(k kind, occasion, when, text string) {
		s := Sample{Key: string(k), When: when, Name: string(k), Text: text}
		if occasion != "" {
			s.Name += "_" + occasion
		}
		list = append(list, s)
	}
	both := func(k kind, write func(time.Time) string) {
		if early := write(before); early != write(now) {
			add(k, "before_launch", "before the launch", early)
		}
		add(k, "", "", write(now))
	}
	add(incomplete, "", "", t.Incomplete(now, Request{Intent: Incomplete, GivenName: "Mario", FamilyName: "Rossi"}))
	both(optIn, func(at time.Time) string { return t.OptIn(at, mario) })
	both(confirmation, func(at time.Time) string { return t.Confirmation(at, mario, time.Time{}) })
	add(confirmation, "late", "when it comes late", t.Confirmation(now, mario, now.AddDate(0, 0, -3)))
	both(already, func(at time.Time) string { return t.Already(at, mario) })
	both(help, t.Help)
	held := t.sampleHeld(now, mario)
	add(myData, "", "to a subscriber", t.MyData(now, held))
	add(myData, "nothing", "to somebody who is not on the list", t.MyData(now, Held{Number: held.Number, LID: held.LID}))
	both(other, t.Other)
	both(call, t.Call)
	both(unreadable, t.Unreadable)
	add(goodbye, "", "", t.Goodbye(now))
	add(notRegistered, "", "", t.NotRegistered(now))
	return list
}
