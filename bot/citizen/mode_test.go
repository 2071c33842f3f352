package citizen

import (
	"testing"
	"time"
)

// TestModes reads which part of the news is wanted, and for how long.
func TestModes(t *testing.T) {
	t.Parallel()
	pause := func(s Span) Request { return Request{Intent: Pause, Span: s} }
	for text, want := range map[string]Request{
		"Solo urgenti":                           {Intent: OnlyUrgent},
		"soltanto le allerte":                    {Intent: OnlyUrgent},
		"vorrei solo le notizie urgenti":         {Intent: OnlyUrgent},
		"solo emergenze":                         {Intent: OnlyUrgent},
		"Tutte le notizie":                       {Intent: AllNews},
		"di nuovo tutte le notizie":              {Intent: AllNews},
		"Riprendi":                               {Intent: Resume},
		"fine pausa":                             {Intent: Resume},
		"togli la pausa":                         {Intent: Resume},
		"Pausa":                                  pause(Span{}),
		"in pausa per favore":                    pause(Span{}),
		"Pausa fino a settembre":                 pause(Span{Month: time.September}),
		"pausa fino al 15 agosto":                pause(Span{Month: time.August, Day: 15}),
		"Pausa fino al 15/9":                     pause(Span{Month: time.September, Day: 15}),
		"Pausa 7 giorni":                         pause(Span{Days: 7}),
		"7 giorni di pausa":                      pause(Span{Days: 7}),
		"pausa 2 settimane":                      pause(Span{Days: 14}),
		"pausa di tre mesi":                      pause(Span{Days: 90}),
		"pausa un anno":                          pause(Span{Days: 365}),
		"pausa dieci anni":                       pause(Span{Days: LongestPause}),
		"Pausa fino a domani":                    pause(Span{Days: 1}),
		"Sospendete le notizie in agosto":        pause(Span{Month: time.September}),
		"Sospendete le notizie a dicembre":       pause(Span{Month: time.January}),
		"disattiva notizie fino a settembre":     pause(Span{Month: time.September}),
		"per un mese non scrivetemi":             pause(Span{Days: 30}),
		"Stop alle notizie di eventi":            {Intent: Choice},
		"vorrei disattivare ma solo gli eventi":  {Intent: Choice},
		"Non scrivetemi di notte":                {Intent: Choice},
		"ricevo troppi messaggi, mandatene meno": {Intent: Choice},
		"non mandate messaggi dopo le 22":        {Intent: Choice},
		"Niente notizie di sport":                {Intent: Choice},
		"Disattiva le notizie sugli eventi":      {Intent: Choice},
		"Disattiva notizie, vado in pausa":       {Intent: Unsubscribe},
		"Dopo tre anni disattiva notizie":        {Intent: Unsubscribe},
		"Disattiva notizie, arrivano in agosto":  {Intent: Unsubscribe},
		"toglietemi, troppi messaggi":            {Intent: Unsubscribe},
		"Pausa pranzo in municipio?":             {Intent: Other},
		"Attiva tutte le notizie Ada Rho Uboldo": {Intent: Subscribe, GivenName: "Ada", FamilyName: "Rho", Comune: "Uboldo"},
	} {
		if got := reader(t).Read(text); got != want {
			t.Errorf("%q: got %v %+v, want %v %+v", text, got.Intent, got, want.Intent, want)
		}
	}
	for _, text := range []string{"Disattiva notizie perché non mi interessano gli eventi", "disattiva notizie, solo eventi inutili"} {
		if got := reader(t).Read(text).Intent; got != Unsubscribe {
			t.Errorf("%q: got %v, want what the command says", text, got)
		}
	}
}

func TestSpanEnd(t *testing.T) {
	t.Parallel()
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	day := func(year int, month time.Month, day int) time.Time {
		return time.Date(year, month, day, 0, 0, 0, 0, rome)
	}
	now := time.Date(2026, time.August, 14, 23, 30, 0, 0, rome)
	for _, c := range []struct {
		span Span
		want time.Time
	}{
		{Span{}, day(2026, time.September, 13)},
		{Span{Days: 1}, day(2026, time.August, 15)},
		{Span{Days: 10_000}, day(2027, time.August, 14)},
		{Span{Month: time.September}, day(2026, time.September, 1)},
		{Span{Month: time.August, Day: 15}, day(2026, time.August, 15)},
		{Span{Month: time.August, Day: 14}, day(2027, time.August, 14)},
		{Span{Month: time.July, Day: 2}, day(2027, time.July, 2)},
		{Span{Month: time.February, Day: 31}, day(2027, time.March, 3)},
	} {
		if got := c.span.End(now); !got.Equal(c.want) {
			t.Errorf("%+v: got %v, want %v", c.span, got, c.want)
		}
	}
}
