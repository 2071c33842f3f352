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
