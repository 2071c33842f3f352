package citizen

import "time"

// Sample is one answer as a citizen would get it.
type Sample struct {
	// Key names the answer in the configuration, such as "confirmation".
	Key string
	// When says on which occasion it reads like this; empty when it always does.
	When string
	// Name is Key, or Key and the occasion; no two samples have the same.
	Name string
	Text string
}

// Samples are all answers, in the order in which a citizen meets them, to somebody invented. If the launch is set, now counts for nothing: those
// that name it are shown the day before and on the day itself, all others on the day.
func (t *Texts) Samples(now time.Time) []Sample {
	mario := Request{Intent: Subscribe, GivenName: "Mario", FamilyName: "Rossi", Comune: t.service.Comune}
	if t.service.Launch.IsZero() {
		return t.samples(now, mario)
	}
	return t.samples(t.service.Launch, mario)
}

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

// sampleHeld is what is held on a subscriber who does not exist: no Italian number begins with +390.
func (t *Texts) sampleHeld(now time.Time, r Request) Held {
	since := now.AddDate(0, 0, -30)
	version, _ := t.Wording()
	return Held{
		Number: "+390000000000", LID: "100000000000000", Subscribed: true, GivenName: r.GivenName, FamilyName: r.FamilyName, Comune: r.Comune,
		Written: since.Add(-2 * time.Second), Since: since, Confirmed: since.Add(3 * time.Second),
		Words: "Attiva Notizie " + r.GivenName + " " + r.FamilyName + " " + r.Comune, MessageID: "3EB0000000000000000000", Wording: version,
		Announcements: 12, Answers: 1, Handled: 1,
	}
}
