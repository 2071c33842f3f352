package citizen

import (
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// tagged are templates that show their own name and the fields in what.
func tagged(what string) Templates {
	const all = " sì 112 Disattiva Notizie {{.Channels}} {{.Comune}}"
	t := templates()
	v := reflect.ValueOf(&t).Elem()
	for i, form := range forms() {
		text := "112 " + string(form.kind) + "|" + what
		for name := range strings.FieldsSeq(form.fields + " " + form.sure) {
			text += "|" + name + "={{." + name + "}}"
		}
		v.Field(i).SetString(text + "|" + all)
	}
	return t
}

// TestAnswersKnow shows which values reach which answer.
func TestAnswersKnow(t *testing.T) {
	t.Parallel()
	const service = "{{.Service}}|{{.Comune}}|{{.Number}}|{{.Channels}}|{{.RulesURL}}|{{.PrivacyURL}}|{{.Hours}}|{{if .Launch}}dal {{.Launch}}{{else}}attivo{{end}}"
	s := saronno()
	s.PrivacyURL, s.RememberDays, s.Location = "", 120, mustLocation(t, "Europe/Rome")
	texts := mustNewTexts(t, tagged(service), s)
	facts := "|@infoSaronno7|Saronno|+39 334 367 9575|e-mail e canali del Comune|https://www.comune.saronno.example/regole||24 ore|"
	early, launched := facts+"dal 1º ottobre 2022", facts+"attivo"
	now, before := s.Launch, s.Launch.Add(-time.Second)
	mario := Request{Intent: Subscribe, GivenName: "Mario", FamilyName: "Rossi", Comune: "Uboldo"}
	doubt := func(d Doubt) Request {
		r := mario
		r.Doubt = d
		return r
	}
	const person = "|GivenName=Mario|FamilyName=Rossi|Residence=Uboldo|Known=Nome: Mario\nCognome: Rossi\nComune di residenza: Uboldo"
	const kept = "|Deliveries=30 giorni|Remember=120 giorni"
	for _, c := range []struct{ got, want string }{
		{texts.Confirmation(before, mario, time.Time{}), "confirmation" + early + person + "|Late="},
		{texts.Confirmation(now, mario, now.AddDate(0, 0, -2)), "confirmation" + launched + person + "|Late=29 settembre"},
		{texts.Privacy(now), "privacy" + launched + kept},
		{texts.Already(before, mario), "already" + early + person},
		{texts.Incomplete(now, Request{GivenName: "Mario"}), "incomplete" + launched +
			"|GivenName=Mario|FamilyName=|Residence=|Known=Nome: Mario|Missing=il cognome e il Comune di residenza|Several=sì"},
		{texts.Incomplete(now, Request{GivenName: "Mario", Comune: "Uboldo"}), "incomplete" + launched +
			"|GivenName=Mario|FamilyName=|Residence=Uboldo|Known=Nome: Mario\nComune di residenza: Uboldo|Missing=il cognome|Several="},
		{texts.OptIn(before, mario), "opt_in" + early + person},
		{texts.Check(now, doubt(DoubtName)), "check" + launched + "|Unknown=|Couple=" + person},
		{texts.Check(now, doubt(DoubtComune)), "check" + launched + "|Unknown=Uboldo|Couple=" + person},
		{texts.Check(now, doubt(DoubtCouple)), "check" + launched + "|Unknown=|Couple=sì" + person},
		{texts.Dropped(now), "dropped" + launched},
		{texts.Expired(now, mario), "expired" + launched + person + "|Missing="},
		{texts.HowToCorrect(now, mario), "how_to_correct" + launched + person},
		{texts.Corrected(now, mario), "corrected" + launched + person},
		{texts.AskLeave(now, Request{}), "leaving" + launched + "|Bereaved=|NewHolder="},
		{texts.AskLeave(now, Request{Tact: Bereaved}), "leaving" + launched + "|Bereaved=sì|NewHolder="},
		{texts.AskLeave(now, Request{Tact: NewHolder}), "leaving" + launched + "|Bereaved=|NewHolder=sì"},
		{texts.Stays(now), "stays" + launched},
		{texts.Goodbye(now), "goodbye" + launched},
		{texts.NotRegistered(before), "not_registered" + early},
		{texts.OnlyUrgent(now), "only_urgent" + launched},
		{texts.AllNews(before), "all_news" + early},
		{texts.Paused(now, time.Date(2026, time.August, 31, 22, 0, 0, 0, time.UTC)), "paused" + launched + "|Until=1º settembre 2026"},
		{texts.Choice(now), "choice" + launched},
		{texts.Help(now), "help" + launched},
		{texts.MyData(now, Held{LID: "1"}), "my_data" + launched + "|Held=" + texts.HeldText(now, Held{LID: "1", Answers: 1, Handled: 1}) + kept},
		{texts.Emergency(now, Request{}), "emergency" + launched},
		{texts.Other(now), "other" + launched},
		{texts.Again(now), "again" + launched},
		{texts.Office(now), "office" + launched},
		{texts.Call(before), "call" + early},
		{texts.Unreadable(now), "unreadable" + launched},
	} {
		if got, _, _ := strings.Cut(c.got, "| "); got != "112 "+c.want {
			t.Errorf("got  %s\nwant 112 %s", got, c.want)
		}
	}
}

// The published notice makes one of our own superfluous.
func TestPrivacyNotice(t *testing.T) {
	t.Parallel()
	s := saronno()
	if got := mustNewTexts(t, templates(), s).Privacy(s.Launch); got != "" {
		t.Errorf("beside a privacy_url there is %q", got)
	}
	s.PrivacyURL = ""
	if got := mustNewTexts(t, templates(), s).Privacy(s.Launch); !strings.HasPrefix(got, "Saronno e-mail") {
		t.Errorf("without a privacy_url: got %q", got)
	}
}

// Every language asks one question that names both ways, and says 112 first.
func TestLanguages(t *testing.T) {
	t.Parallel()
	texts := mustNewTexts(t, templates(), saronno())
	seen := map[string]bool{}
	for tongue := English; tongue <= Chinese; tongue++ {
		leaving, danger := texts.AskLeave(time.Now(), Request{Tongue: tongue}), texts.Emergency(time.Now(), Request{Tongue: tongue})
		if seen[leaving] || seen[danger] {
			t.Errorf("%d: speaks the language of another", tongue)
		}
		seen[leaving], seen[danger] = true, true
		if !strings.Contains(leaving, "*Disattiva Notizie*") || !strings.Contains(leaving, "*SÌ*") && !strings.Contains(leaving, "*SÍ*") ||
			strings.Count(leaving, "?")+strings.Count(leaving, "؟")+strings.Count(leaving, "？") != 1 || utf8.RuneCountInString(leaving) > 150 {
			t.Errorf("%d: asks %q", tongue, leaving)
		}
		if !strings.HasPrefix(danger, "112") || !strings.HasSuffix(danger, "\n\n"+texts.Emergency(time.Now(), Request{})) || utf8.RuneCountInString(danger) > 250 {
			t.Errorf("%d: says %q", tongue, danger)
		}
	}
	for _, tongue := range []Tongue{Italian, Chinese + 1, -1} {
		if got := texts.Emergency(time.Now(), Request{Tongue: tongue}); got != "112" {
			t.Errorf("%d: says %q", tongue, got)
		}
	}
	if len(tongues()) != int(Chinese) {
		t.Errorf("%d languages have samples, want %d", len(tongues()), Chinese)
	}
}

func TestReadable(t *testing.T) {
	t.Parallel()
	for number, want := range map[string]string{
		"+393343679575": "+39 334 367 9575", "+39334367957": "+39 334 367 957", "+390212345678": "+39 02 1234 5678", "+39061234567": "+39 06 123 4567",
		"+390311234567": "+39 031 123 4567", "+390331123456": "+39 0331 123 456", "+39033112345": "+39 0331 12 345", "+390510123456789": "+39 051 012 345 6789",
		"+41916123456": "+41916123456", "+390": "+390", "+39": "+39", "": "", "+390212x45678": "+390212x45678",
	} {
		if got := readable(number); got != want {
			t.Errorf("readable(%s): got %s, want %s", number, got, want)
		}
	}
}
