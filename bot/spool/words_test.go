package spool

import (
	"strings"
	"testing"
	"time"

	"banditore/store"
)

func checkRendered(t *testing.T, r Report, want string) {
	t.Helper()
	if got := string(r.render()); got != strings.ReplaceAll(want, "\n", "\r\n") {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestReport_GoldenOfACorrectionThatWasWithdrawn(t *testing.T) {
	t.Parallel()
	r := sampleReport(t)
	r.Name, r.Urgent, r.Final = "festa RETTIFICA.txt", false, true
	r.Comuni = []string{"Saronno", "Uboldo"}
	r.Files = []store.Attachment{{AttachedFile: store.AttachedFile{Name: "festa.jpg"}}, {AttachedFile: store.AttachedFile{Name: "festa-2.pdf", Carries: "Allegato «festa-2.pdf»: il documento porta il nome: Mario\u202e Rossi."}}}
	r.Sent, r.Failed, r.Unsubscribed, r.PartsFailed, r.Paused = 295, 2, 3, 4, 21
	r.Kind, r.CorrectsName, r.Amended = store.KindCorrection, "festa.txt", store.Amended{Edited: 200, Resent: 60, Direct: 35}
	r.CorrectedBy = "festa RETTIFICA (2).txt"
	r.Withdrawal = &store.Withdrawal{At: r.LastSent.Add(time.Hour), Asked: 285, Deleted: 270, Waiting: 10, Failed: 5, TooOld: 10}
	checkRendered(t, r, `Avviso: festa RETTIFICA.txt
Accettato: 23/11/2026 10:15:07
Tipo: ordinario
Soltanto per i residenti di: Saronno, Uboldo
Allegati: festa.jpg, festa-2.pdf
Attenzione! Allegato «festa-2.pdf»: il documento porta il nome: Mario_ Rossi.

RITIRATO il 23/11/2026 alle 11:20: cancellato da 270 telefoni su 295; ancora da cancellare per 10; non riuscito per 5; troppo vecchio per 10.
CORRETTO con «festa RETTIFICA (2).txt»: chi non l'aveva ancora ricevuto riceve soltanto il testo giusto.
Era partito per 295 su 300.
RETTIFICA di «festa.txt»: modificato sul telefono per 200, inviato come nuovo messaggio a 60, inviato già giusto a 35.

Primo messaggio: 23/11/2026 10:15:17
Ultimo messaggio: 23/11/2026 10:20:07
Destinatari: 300
In pausa, e perciò non destinatari: 21
Inviati: 295
Consegnati sul telefono: 280
Letto almeno da: 150
Non riusciti: 2
Annullati: 0
Usciti dall'elenco durante l'invio: 3
Allegati non riusciti, a chi ha ricevuto il primo messaggio: 4

Relazione definitiva: questi numeri non cambiano più.
Chi ha tolto le conferme di lettura riceve e legge, ma non è contato fra i letti.
`)
}

func TestReport_SaysHowItWent(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 23, 9, 15, 7, 0, time.UTC)
	for name, c := range map[string]struct {
		report Report
		want   string
	}{
		"one left":        {figures(store.Counts{Recipients: 3, Sent: 2, Unsubscribed: 1}), "INVIATO A TUTTI, tranne 1 uscito dall'elenco nel frattempo."},
		"some paused":     {figures(store.Counts{Recipients: 3, Sent: 3, Paused: 214}), "INVIATO A TUTTI, tranne 214 in pausa."},
		"left, paused":    {figures(store.Counts{Recipients: 3, Sent: 2, Unsubscribed: 1, Paused: 2}), "INVIATO A TUTTI, tranne 1 uscito dall'elenco nel frattempo e 2 in pausa."},
		"all paused":      {figures(store.Counts{Paused: 3}), "NESSUN DESTINATARIO: chi doveva riceverlo è in pausa, o ha chiesto soltanto gli avvisi urgenti."},
		"two left":        {figures(store.Counts{Recipients: 3, Sent: 1, Unsubscribed: 2}), "INVIATO A TUTTI, tranne 2 usciti dall'elenco nel frattempo."},
		"all left":        {figures(store.Counts{Recipients: 3, Unsubscribed: 3}), "INVIATO A 0 SU 3."},
		"left and failed": {figures(store.Counts{Recipients: 3, Sent: 1, Unsubscribed: 1, Failed: 1}), "INVIATO A 1 SU 3."},
		"one attachment":  {Report{Files: []store.Attachment{{AttachedFile: store.AttachedFile{Name: "a.jpg"}}}}, "Allegato: a.jpg"},
		"one Comune":      {Report{Announcement: store.Announcement{Content: store.Content{Comuni: []string{"Saronno"}}}}, "Soltanto per i residenti di: Saronno"},
		"taken back from nobody": {Report{Announcement: store.Announcement{Withdrawal: &store.Withdrawal{At: at}, Counts: store.Counts{Recipients: 3, Cancelled: 3}}},
			"RITIRATO il 23/11/2026 alle 09:15: non era ancora arrivato a nessuno.\r\nEra partito per 0 su 3."},
		"taken back from one": {Report{Announcement: store.Announcement{Withdrawal: &store.Withdrawal{At: at, Asked: 1, Deleted: 1}, Counts: store.Counts{Recipients: 1, Sent: 1}}},
			"RITIRATO il 23/11/2026 alle 09:15: cancellato da 1 telefono su 1.\r\nEra partito per 1 su 1."},
		"taken back too late": {Report{Announcement: store.Announcement{Withdrawal: &store.Withdrawal{At: at, TooOld: 9}, Counts: store.Counts{Recipients: 9, Sent: 9}}},
			"RITIRATO il 23/11/2026 alle 09:15: cancellato da 0 telefoni su 9; troppo vecchio per 9.\r\nEra partito per 9 su 9."},
		"taken back long after, or when all had left": {Report{Announcement: store.Announcement{Withdrawal: &store.Withdrawal{At: at}, Counts: store.Counts{Recipients: 2, Sent: 2}}},
			"RITIRATO il 23/11/2026 alle 09:15: resta sui telefoni: chi l'aveva ricevuto è uscito dall'elenco, o è passato troppo tempo.\r\nEra partito per 2 su 2."},
		"taken back, and nobody to send it to": {Report{Announcement: store.Announcement{Withdrawal: &store.Withdrawal{At: at}}},
			"non era ancora arrivato a nessuno.\r\nNESSUN DESTINATARIO: non c'era nessuno a cui inviarlo."},
		"taken back with what it corrected": {Report{Announcement: store.Announcement{Withdrawal: &store.Withdrawal{At: at}, Kind: store.KindCorrection, CorrectsName: "a.txt", Amended: store.Amended{Edited: 5}, Counts: store.Counts{Recipients: 5, Sent: 5}}},
			"RITIRATO il 23/11/2026 alle 09:15: i telefoni sono contati nella relazione di «a.txt».\r\nEra partito per 5 su 5."},
		"corrected": {Report{Announcement: store.Announcement{CorrectedBy: "a RETTIFICA.txt", Counts: store.Counts{Recipients: 5, Sent: 2, Cancelled: 3}}},
			"CORRETTO con «a RETTIFICA.txt»: chi non l'aveva ancora ricevuto riceve soltanto il testo giusto.\r\nEra partito per 2 su 5."},
		"a correction, edited": {Report{Announcement: store.Announcement{Kind: store.KindCorrection, CorrectsName: "a.txt", Amended: store.Amended{Edited: 5}, Counts: store.Counts{Recipients: 5, Sent: 5}}},
			"INVIATO A TUTTI.\r\nRETTIFICA di «a.txt»: modificato sul telefono per 5."},
		"a correction, in time": {Report{Announcement: store.Announcement{Kind: store.KindCorrection, CorrectsName: "a.txt", Amended: store.Amended{Direct: 4}, Counts: store.Counts{Recipients: 5, Sent: 4, Failed: 1}}},
			"INVIATO A 4 SU 5.\r\nRETTIFICA di «a.txt»: inviato già giusto a 4."},
		"a correction for nobody": {Report{Announcement: store.Announcement{State: store.Stopped, Kind: store.KindCorrection, CorrectsName: "a.txt", Counts: store.Counts{Recipients: 5, Cancelled: 5}}},
			"Era già partito per 0 su 5.\r\nRETTIFICA di «a.txt»: non è arrivata a nessuno."},
	} {
		if got := string(c.report.render()); !strings.Contains(got, c.want+"\r\n") {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
	plain := string(figures(store.Counts{Recipients: 3, Sent: 3}).render())
	for _, absent := range []string{"Usciti", "Allegat", "residenti", "RITIRATO", "RETTIFICA", "CORRETTO", "definitiva", "Scaduti"} {
		if strings.Contains(plain, absent) {
			t.Errorf("a plain announcement's report says %q: %q", absent, plain)
		}
	}
	if final := string(Report{Announcement: store.Announcement{Final: true}}.render()); strings.Contains(final, "si aggiornano") {
		t.Errorf("a final report promises news: %q", final)
	}
}

// Names come from whoever can write in the folder: they must not add lines, or
// figures, to a report.
func TestG9_NamesAddNoLinesToAReport(t *testing.T) {
	t.Parallel()
	full := func(name string) string {
		return string(Report{Announcement: store.Announcement{Content: store.Content{Name: name, Comuni: []string{name}}, CorrectedBy: name, Kind: store.KindCorrection, CorrectsName: name, Amended: store.Amended{Edited: 1}, Withdrawal: &store.Withdrawal{}, Counts: store.Counts{Failed: 1}}, Files: []store.Attachment{{AttachedFile: store.AttachedFile{Name: name}}, {AttachedFile: store.AttachedFile{Name: name}}}, Failures: []Reason{{name, 1}}}.render())
	}
	want := strings.Count(full("a"), "\n")
	for _, name := range []string{"a\nInviati: 9", "a\rInviati: 9", "a\r\nb", "a\u2028b", "a\u2029b", "a\x85b", "a\vb", "a\x00b", "\u202etxt.a", "a\xffb"} {
		got := full(name)
		if strings.Count(got, "\n") != want || printable(strings.ReplaceAll(got, "\r\n", "")) != strings.ReplaceAll(got, "\r\n", "") {
			t.Errorf("%q: got %q", name, got)
		}
	}
}
