package page

import (
	"os"
	"testing"
	"time"
)

func mustRender(t *testing.T, v View) []byte {
	t.Helper()
	html, err := Render(v)
	if err != nil {
		t.Fatal(err)
	}
	return html
}

func moment(t *testing.T) time.Time {
	t.Helper()
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	return time.Date(2026, 11, 23, 9, 15, 7, 0, time.UTC).In(rome)
}

// idle is a good day on which nothing happens.
func idle(t *testing.T) View {
	at := moment(t)
	return View{
		Service: "@infoSaronno7", Comune: "Comune di Saronno", Updated: at,
		Level: Good, Sentence: "Il servizio è collegato a WhatsApp e funziona.",
		PhoneSeen: at.Add(-time.Hour), Subscribers: 8123, JoinedToday: 12, LeftToday: 1,
		Recent: []Row{
			{Name: "05 ALLERTA METEO arancione.txt", Kind: "urgente", Urgent: true, State: "inviato", Accepted: at.Add(-time.Hour), Recipients: 8123, Sent: 8119, Delivered: 7350, Read: 4102, Failed: 4},
			{Name: "08_mercato_spostato RETTIFICA.txt", Kind: "rettifica", State: "inviato", Accepted: at.AddDate(0, 0, -1), Recipients: 8120, Sent: 8120, Delivered: 8003, Read: 5210},
			{Name: "08_mercato_spostato.txt", Kind: "ordinario", State: "fermato", Note: "Corretto con «08_mercato_spostato RETTIFICA.txt».", Accepted: at.AddDate(0, 0, -1), Recipients: 8120, Sent: 2118, Delivered: 2003, Read: 1210, Failed: 2},
			{Name: "15 concerto di natale.txt", Kind: "ordinario", State: "ritirato", Note: "Ritirato il 20/11/2026: cancellato da 7.706 telefoni su 8.118.", Accepted: at.AddDate(0, 0, -3), Recipients: 8120, Sent: 8118, Delivered: 7990, Read: 4100, Failed: 2},
		},
		Days: years(at, 1),
	}
}

// years of a service that grows, and of which some people go.
func years(until time.Time, n int) []Day {
	var days []Day
	count := 0
	for d := until.AddDate(-n, 0, 0); !d.After(until); d = d.AddDate(0, 0, 1) {
		joined, left := 30-int(d.Weekday())*3, int(d.Weekday())
		if d.Month() == time.August {
			joined, left = 1, 14
		}
		count += joined - left
		days = append(days, Day{Day: d, Subscribers: count, Joined: joined, Left: left})
	}
	return days
}

// holdback is a view with an announcement still to be thought over.
func holdback(t *testing.T) View {
	v := idle(t)
	thumbnail, err := os.ReadFile("testdata/thumbnail.jpg")
	if err != nil {
		t.Fatal(err)
	}
	v.Waiting = 24369
	v.Second = []Draft{{
		Name: "concerto.txt", Kind: "ordinario", Recipients: 8123, Leaves: v.Updated.Add(2 * time.Minute), Done: v.Updated.Add(5 * time.Hour),
		Bubbles: []Bubble{
			{
				Text:       "*Concerto di Natale*\n\nDomenica 20 dicembre alle 21, teatro _Giuditta Pasta_.\n- ingresso libero\n- ~via Roma~ via Verdi 1\n\nProgramma: https://www.example.it/concerto_di_natale?anno=2026 (PDF).",
				Attachment: Attachment{Kind: "image", Name: "concerto.jpg", Thumbnail: thumbnail},
			},
			{Attachment: Attachment{Kind: "document", Name: "concerto-2.pdf", Pages: 3}},
			{Attachment: Attachment{Kind: "video", Name: "concerto-3.mp4", Seconds: 95}},
		},
		Warnings: []string{"Nel testo c'è una data che alla partenza sarà già passata (20 dicembre).", "C'è un numero di telefono cellulare: controlla che sia di un ufficio e non di una persona."},
	}}
	return v
}

func sending(t *testing.T) View {
	v := idle(t)
	v.Waiting = 3412
	v.Leaving = []Leaving{
		{Name: "02_sciopero_treni.txt", Kind: "urgente", Urgent: true, Sent: 4711, Recipients: 8123, Forecast: "finisce oggi verso le 11:40"},
		{Name: "prova del sindaco.txt", Kind: "prova", Sent: 0, Recipients: 3},
	}
	v.Queue = []Queued{{Name: "19 scadenza TARI.txt", Kind: "ordinario", Recipients: 8123, Why: "parte domani verso le 08:00", Forecast: "finisce domani verso le 13:20"},
		{Name: "12_centro_raccolta_orari.txt", Kind: "ordinario", Sent: 5012, Recipients: 8123, Why: "riprende domani verso le 08:00", Forecast: "finisce domani verso le 12:10"}}
	return v
}

func red(t *testing.T) View {
	v := sending(t)
	v.Leaving = nil
	for i := range v.Queue {
		v.Queue[i].Why, v.Queue[i].Forecast = "gli invii sono fermi: il motivo è scritto in alto", ""
	}
	v.Level, v.Sentence = Bad, "Il telefono del Comune ha scollegato il servizio: gli invii sono fermi, nulla è perduto."
	v.Advice = "Esegui «banditore pair» e inquadra il codice con il telefono del Comune."
	v.PhoneSeen = v.Updated.AddDate(0, 0, -13)
	v.Problems = []Problem{{Level: Warning, Sentence: "Il telefono del Comune si è visto l'ultima volta 13 giorni fa.", Advice: "Accendilo e apri WhatsApp."}}
	return v
}

func refused(t *testing.T) View {
	v := idle(t)
	v.Level, v.Sentence = Warning, "Il servizio è collegato, ma il disco è quasi pieno."
	v.Advice = "Libera spazio sul disco del server."
	v.Refused = []Refusal{
		{Name: "verbale giunta.docx", Reason: "è un documento di Word", Advice: "Copia il testo nel Blocco note, oppure salvalo come PDF."},
		{Name: "foto.jpg", Reason: "contiene un'immagine PNG, e il nome dice JPEG"},
	}
	return v
}

func empty() View {
	return View{Service: "@infoSaronno7", Comune: "Comune di Saronno", Updated: time.Date(2026, 11, 23, 9, 15, 0, 0, time.UTC), Level: Good, Sentence: "Il servizio è collegato a WhatsApp e funziona."}
}

func minutes(t *testing.T) Minutes {
	at := moment(t)
	return Minutes{
		Number: 42, Comune: "Comune di Saronno", Service: "@infoSaronno7",
		Name: "concerto RETTIFICA.txt", Kind: "rettifica di «concerto.txt»", State: "inviato", Owner: "ufficio.stampa",
		Text: "*Concerto di Natale*\n\nDomenica 20 dicembre alle 21, <b>teatro</b> Giuditta Pasta.",
		Attachments: []Evidence{
			{Name: "concerto.jpg", Type: "immagine JPEG", Size: 2345678, Dropped: [32]byte{1, 2, 3}, Sent: [32]byte{4, 5, 6}},
			{Name: "concerto-2.pdf", Type: "documento PDF", Size: 45678, Dropped: [32]byte{7}, Sent: [32]byte{7}},
		},
		Comuni: []string{"Saronno", "Uboldo"}, Corrects: "concerto.txt", NotBefore: at, Expires: at.AddDate(0, 0, 27), Accepted: at, First: at.Add(time.Minute), Last: at.Add(3 * time.Hour), Ended: at.Add(3 * time.Hour),
		AsOf: at.Add(7 * 24 * time.Hour), Recipients: 8123, Sent: 8119, Delivered: 7350, Read: 4102, Failed: 2, Left: 1, Open: 1, PartsFailed: 3, Edited: 7000, Resent: 1000,
		Reasons: []Reason{{Text: "il numero non è più su WhatsApp", Count: 2}}, Previous: [32]byte{0xab, 0xcd},
	}
}

// hostileNames are file names as somebody with bad intent would choose them, and
// how the page shows them.
func hostileNames() map[string]string {
	return map[string]string{
		`<script>alert(1)</script>.txt`: `<bdi>&lt;script&gt;alert(1)&lt;/script&gt;.txt</bdi>`,
		`"onmouseover="x`:               `<bdi>&#34;onmouseover=&#34;x</bdi>`,
		"</bdi></td></table>":           "<bdi>&lt;/bdi&gt;&lt;/td&gt;&lt;/table&gt;</bdi>",
		"gpj.\u202etxt":                 "<bdi>gpj._txt</bdi>",
		"a\nb\x00c.txt":                 "<bdi>a_b_c.txt</bdi>",
		"perch\xe9.txt":                 "<bdi>perch_.txt</bdi>",
		"{{.Service}}":                  "<bdi>{{.Service}}</bdi>",
		"javascript:alert(1)":           "<bdi>javascript:alert(1)</bdi>",
		"}</style><img src=x>":          "<bdi>}&lt;/style&gt;&lt;img src=x&gt;</bdi>",
	}
}
