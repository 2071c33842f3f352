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
	if !t.service.Launch.IsZero() {
		now = t.service.Launch
	}
	elena := Request{Intent: Subscribe, GivenName: "Elena", FamilyName: "Castelli", Comune: t.service.Comune}
	s := samples{now: now}
	t.joiningSamples(&s, elena)
	t.newsSamples(&s)
	t.otherSamples(&s, elena)
	t.partingSamples(&s)
	return s.list
}

// samples collects them.
type samples struct {
	now  time.Time
	list []Sample
}

// add takes one in, unless it is never sent.
func (s *samples) add(k kind, occasion, when, text string) {
	one := Sample{Key: string(k), When: when, Name: string(k), Text: text}
	if occasion != "" {
		one.Name += "_" + occasion
	}
	if text != "" {
		s.list = append(s.list, one)
	}
}

// both shows an answer before the launch too, if it is another one then.
func (s *samples) both(k kind, write func(time.Time) string) {
	if early := write(s.now.AddDate(0, 0, -1)); early != write(s.now) {
		s.add(k, "before_launch", "before the launch", early)
	}
	s.add(k, "", "", write(s.now))
}

func (t *Texts) joiningSamples(s *samples, elena Request) {
	now, beginning := s.now, Request{GivenName: elena.GivenName}
	doubtful := func(d Doubt) Request {
		r := elena
		r.Doubt = d
		if d == DoubtComune {
			r.Comune = "Sarono"
		}
		return r
	}
	s.add(kindIncomplete, "nothing", "when nothing is known yet", t.Incomplete(now, Request{}))
	s.add(kindIncomplete, "", "", t.Incomplete(now, beginning))
	s.both(kindOptIn, func(at time.Time) string { return t.OptIn(at, elena) })
	s.add(kindCheck, "name", "about a name", t.Check(now, doubtful(DoubtName)))
	s.add(kindCheck, "comune", "about a Comune", t.Check(now, doubtful(DoubtComune)))
	s.add(kindCheck, "couple", "to two people", t.Check(now, doubtful(DoubtCouple)))
	s.add(kindDropped, "", "", t.Dropped(now))
	s.add(kindExpired, "incomplete", "to a part of the details", t.Expired(now, beginning))
	s.add(kindExpired, "", "", t.Expired(now, elena))
	s.both(kindConfirmation, func(at time.Time) string { return t.Confirmation(at, elena, time.Time{}) })
	s.add(kindConfirmation, "late", "when it comes late", t.Confirmation(now, elena, now.AddDate(0, 0, -3)))
	s.add(kindPrivacy, "", "sent only without privacy_url", t.write(kindPrivacy, now, t.kept()))
	s.both(kindAlready, func(at time.Time) string { return t.Already(at, elena) })
	s.add(kindHowToCorrect, "", "", t.HowToCorrect(now, elena))
	s.add(kindCorrected, "", "", t.Corrected(now, elena))
}

func (t *Texts) newsSamples(s *samples) {
	s.add(kindOnlyUrgent, "", "", t.OnlyUrgent(s.now))
	s.both(kindAllNews, t.AllNews)
	s.add(kindPaused, "", "", t.Paused(s.now, Span{}.End(t.local(s.now))))
	s.add(kindChoice, "", "", t.Choice(s.now))
}

func (t *Texts) otherSamples(s *samples, elena Request) {
	s.both(kindHelp, t.Help)
	held := t.sampleHeld(s.now, elena)
	s.add(kindMyData, "", "to a subscriber", t.MyData(s.now, held))
	s.add(kindMyData, "nothing", "to somebody who is not on the list", t.MyData(s.now, Held{Number: held.Number, LID: held.LID}))
	s.add(kindEmergency, "", "", t.Emergency(s.now, Request{Intent: Emergency}))
	for _, tongue := range tongues() {
		p, _ := translationFor(tongue)
		s.add(kindEmergency, p.name(), "in "+p.language, t.Emergency(s.now, Request{Intent: Emergency, Tongue: tongue}))
	}
	s.both(kindOther, t.Other)
	s.add(kindAgain, "", "the second time", t.Again(s.now))
	s.add(kindOffice, "", "the third time", t.Office(s.now))
	s.both(kindCall, t.Call)
	s.both(kindUnreadable, t.Unreadable)
}

func (t *Texts) partingSamples(s *samples) {
	ask := func(tact Tact) string { return t.AskLeave(s.now, Request{Intent: Leaving, Tact: tact}) }
	s.add(kindLeaving, "", "", ask(NoTact))
	s.add(kindLeaving, "bereaved", "after a death", ask(Bereaved))
	s.add(kindLeaving, "new_holder", "to a new holder of the number", ask(NewHolder))
	for _, tongue := range tongues() {
		p, _ := translationFor(tongue)
		s.add(kindLeaving, p.name(), "in "+p.language, t.AskLeave(s.now, Request{Intent: Leaving, Tongue: tongue}))
	}
	s.add(kindStays, "", "", t.Stays(s.now))
	s.add(kindGoodbye, "", "", t.Goodbye(s.now))
	s.add(kindNotRegistered, "", "", t.NotRegistered(s.now))
}

// sampleHeld is what is held on a subscriber who does not exist: no Italian number begins with +390.
func (t *Texts) sampleHeld(now time.Time, r Request) Held {
	since := now.AddDate(0, 0, -30)
	version, _ := t.Wording()
	return Held{
		Number: "+390000000000", LID: "100000000000000", Subscribed: true, GivenName: r.GivenName, FamilyName: r.FamilyName, Comune: r.Comune,
		Code: "K7M4PX", Written: since.Add(-2 * time.Second), Since: since, Confirmed: since.Add(3 * time.Second),
		Words: "Attiva Notizie " + r.GivenName + " " + r.FamilyName + " " + r.Comune, MessageID: "3EB0000000000000000000", Wording: version,
		Announcements: 12, Answers: 1, Handled: 1,
	}
}
