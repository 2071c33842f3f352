package page

import (
	"os"
	"testing"
	"time"

	"banditore/store"
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

// named is an announcement of which only the file's name is known.
func named(name string) Announcement {
	return Announcement{Announcement: store.Announcement{Content: store.Content{Name: name}}}
}

// idle is a good day on which nothing happens.
func idle(t *testing.T) View {
	at := moment(t)
	return View{
		Service: "@infoSaronno7", Comune: "Comune di Saronno", Updated: at,
		Level: Good, Sentence: "Il servizio è collegato a WhatsApp e funziona.",
		PhoneSeen: at.Add(-time.Hour), Subscribers: 8123, Today: store.Day{Joined: 12, Unsubscribed: 1},
		Recent: []Announcement{
			{Announcement: store.Announcement{Content: store.Content{Name: "05 ALLERTA METEO arancione.txt", Urgent: true, AcceptedAt: at.Add(-time.Hour)}, Counts: store.Counts{Recipients: 8123, Sent: 8119, Delivered: 7350, Read: 4102, Failed: 4}}, KindWord: "urgente", StateWord: "inviato"},
			{Announcement: store.Announcement{Content: store.Content{Name: "08_mercato_spostato RETTIFICA.txt", AcceptedAt: at.AddDate(0, 0, -1)}, Counts: store.Counts{Recipients: 8120, Sent: 8120, Delivered: 8003, Read: 5210}}, KindWord: "rettifica", StateWord: "inviato"},
			{Announcement: store.Announcement{Content: store.Content{Name: "08_mercato_spostato.txt", AcceptedAt: at.AddDate(0, 0, -1)}, Counts: store.Counts{Recipients: 8120, Sent: 2118, Delivered: 2003, Read: 1210, Failed: 2}}, KindWord: "ordinario", StateWord: "fermato", Note: "Corretto con «08_mercato_spostato RETTIFICA.txt»."},
			{Announcement: store.Announcement{Content: store.Content{Name: "15 concerto di natale.txt", Comuni: []string{"Saronno", "Uboldo"}, AcceptedAt: at.AddDate(0, 0, -3)}, Counts: store.Counts{Recipients: 8120, Sent: 8118, Delivered: 7990, Read: 4100, Failed: 2, PartsFailed: 12}}, KindWord: "ordinario", StateWord: "ritirato", Note: "Ritirato il 20/11/2026: cancellato da 7.706 telefoni su 8.118."},
		},
		Days: years(at, 1),
	}
}

// years of a service that grows, and of which some people go.
func years(until time.Time, n int) []Day {
	var days []Day
	count := 0
	for d := until.AddDate(-n, 0, 0); !d.After(until); d = d.AddDate(0, 0, 1) {
		joined, gone := 30-int(d.Weekday())*3, int(d.Weekday())
		if d.Month() == time.August {
			joined, gone = 1, 14
		}
		count += joined - gone
		days = append(days, Day{At: d, Day: store.Day{Subscribers: count, Joined: joined, Unsubscribed: gone}})
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
		Announcement: Announcement{Announcement: store.Announcement{Content: store.Content{Name: "concerto.txt", Comuni: []string{"Saronno", "Caronno Pertusella"}}, Counts: store.Counts{Recipients: 7849, Paused: 274}}, KindWord: "ordinario"},
		Leaves:       v.Updated.Add(2 * time.Minute), Done: v.Updated.Add(5 * time.Hour),
		Bubbles: []Bubble{
			{
				Text:       "*Concerto di Natale*\n\nDomenica 20 dicembre alle 21, teatro _Giuditta Pasta_.\n- ingresso libero\n- ~via Roma~ via Verdi 1\n\nProgramma: https://www.example.it/concerto_di_natale?anno=2026 (PDF).",
				Attachment: store.Attachment{AttachedFile: store.AttachedFile{Kind: "image", Name: "concerto.jpg", Thumbnail: thumbnail}},
			},
			{Attachment: store.Attachment{AttachedFile: store.AttachedFile{Kind: "document", Name: "concerto-2.pdf", Pages: 3}}},
			{Attachment: store.Attachment{AttachedFile: store.AttachedFile{Kind: "video", Name: "concerto-3.mp4", Seconds: 95}}},
		},
		Warnings: []string{"Nel testo c'è una data che alla partenza sarà già passata (20 dicembre).", "C'è un numero di telefono cellulare: controlla che sia di un ufficio e non di una persona."},
	}}
	return v
}

func sending(t *testing.T) View {
	v := idle(t)
	v.Waiting = 3412
	v.Modes = store.Modes{All: 7849, Urgent: 60, Paused: 214}
	v.Leaving = []Announcement{
		{Announcement: store.Announcement{Content: store.Content{Name: "02_sciopero_treni.txt", Urgent: true}, Counts: store.Counts{Sent: 4711, Recipients: 8123}}, KindWord: "urgente", Forecast: "finisce oggi verso le 11:40 con l'ultimo destinatario, al ritmo di 40 messaggi al minuto"},
		{Announcement: store.Announcement{Content: store.Content{Name: "prova del sindaco.txt", Comuni: []string{"Saronno"}}, Counts: store.Counts{Sent: 0, Recipients: 3, PartsFailed: 1}}, KindWord: "prova"},
	}
	v.Recent[1].Paused = 3
	v.Queue = []Announcement{
		{Announcement: store.Announcement{Content: store.Content{Name: "19 scadenza TARI.txt"}, Counts: store.Counts{Recipients: 7849, Paused: 274}}, KindWord: "ordinario", Why: "parte domani verso le 08:00", Forecast: "finisce domani verso le 13:20"},
		{Announcement: store.Announcement{Content: store.Content{Name: "12_centro_raccolta_orari.txt", Comuni: []string{"Gerenzano", "Cislago"}}, Counts: store.Counts{Sent: 5012, Recipients: 8123, PartsFailed: 1234, Paused: 1}}, KindWord: "ordinario", Why: "riprende domani verso le 08:00", Forecast: "finisce domani verso le 12:10"},
	}
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
	v.Problems = []store.Problem{{Severity: store.Warning, Sentence: "Il telefono del Comune si è visto l'ultima volta 13 giorni fa.", Advice: "Accendilo e apri WhatsApp."}}
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
		Number: 42, Comune: "Comune di Saronno", Service: "@infoSaronno7", KindWord: "rettifica di «concerto.txt»", StateWord: "inviato",
		Announcement: store.Announcement{
			Content: store.Content{
				Name: "concerto RETTIFICA.txt", Owner: "ufficio.stampa", Comuni: []string{"Saronno", "Uboldo"},
				Text:       "*Concerto di Natale*\n\nDomenica 20 dicembre alle 21, <b>teatro</b> Giuditta Pasta.",
				AcceptedAt: at, Expires: at.AddDate(0, 0, 27),
			},
			CorrectsName: "concerto.txt", FirstSent: at.Add(time.Minute), LastSent: at.Add(3 * time.Hour),
			Counts:  store.Counts{Recipients: 8123, Waiting: 1, Sent: 8119, Delivered: 7350, Read: 4102, Failed: 2, Unsubscribed: 1, Paused: 214, PartsFailed: 3},
			Amended: store.Amended{Edited: 7000, Resent: 1000},
		},
		From: at, Ended: at.Add(3 * time.Hour), AsOf: at.Add(7 * 24 * time.Hour),
		Files: []store.Attachment{
			{AttachedFile: store.AttachedFile{Name: "concerto.jpg", MIME: "image/jpeg", DroppedHash: [32]byte{1, 2, 3}}, Hash: [32]byte{4, 5, 6}},
			{AttachedFile: store.AttachedFile{Name: "concerto-2.pdf", MIME: "application/pdf", DroppedHash: [32]byte{7}}, Hash: [32]byte{7}},
		},
		Failures: []Reason{{Text: "il numero non è più su WhatsApp", Count: 2}}, Previous: [32]byte{0xab, 0xcd},
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
