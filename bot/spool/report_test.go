package spool

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"banditore/store"
)

func sampleReport(t *testing.T) Report {
	t.Helper()
	at := time.Date(2026, 11, 23, 9, 15, 7, 0, time.UTC)
	r := figures(store.Counts{Recipients: 300, Sent: 298, Delivered: 280, Read: 150, Failed: 2})
	r.Name, r.Urgent, r.Location = "05 ALLERTA\nMETEO.txt", true, rome(t)
	r.AcceptedAt, r.FirstSent, r.LastSent = at, at.Add(10*time.Second), at.Add(5*time.Minute)
	return r
}

// figures is the report of a plain announcement that went like this.
func figures(c store.Counts) Report {
	return Report{Announcement: store.Announcement{Counts: c}}
}

func TestReport_Golden(t *testing.T) {
	t.Parallel()
	want := strings.ReplaceAll(`Avviso: 05 ALLERTA_METEO.txt
Accettato: 23/11/2026 10:15:07
Tipo: urgente

INVIATO A 298 SU 300.

Primo messaggio: 23/11/2026 10:15:17
Ultimo messaggio: 23/11/2026 10:20:07
Destinatari: 300
Inviati: 298
Consegnati sul telefono: 280
Letto almeno da: 150
Non riusciti: 2
Annullati: 0

I numeri si aggiornano da soli finché arrivano le conferme.
Chi ha tolto le conferme di lettura riceve e legge, ma non è contato fra i letti.
`, "\n", "\r\n")
	if got := string(sampleReport(t).render()); got != want {
		t.Fatalf("got\n%s\nwant\n%s", got, want)
	}
}

func TestReport_GoldenOfOneThatExpired(t *testing.T) {
	t.Parallel()
	r := sampleReport(t)
	r.Urgent = false
	r.Sent, r.Delivered, r.Failed, r.Cancelled, r.Expired = 250, 240, 5, 1, 44
	r.From = time.Date(2026, 11, 23, 9, 15, 0, 0, time.UTC)
	r.Expires = time.Date(2026, 11, 24, 23, 0, 0, 0, time.UTC)
	r.Failures = []Reason{{"il numero non è più su WhatsApp", 3}, {"altro\nInviati", 2}}
	want := strings.ReplaceAll(`Avviso: 05 ALLERTA_METEO.txt
Accettato: 23/11/2026 10:15:07
Tipo: ordinario
Da inviare dal: 23/11/2026 10:15
Scade: 24/11/2026 24:00

SCADUTO: alla scadenza era partito per 250 su 300; altri 44 non lo ricevono più.

Primo messaggio: 23/11/2026 10:15:17
Ultimo messaggio: 23/11/2026 10:20:07
Destinatari: 300
Inviati: 250
Consegnati sul telefono: 240
Letto almeno da: 150
Non riusciti: 5
  - il numero non è più su WhatsApp: 3
  - altro_Inviati: 2
Annullati: 1
Scaduti: 44

I numeri si aggiornano da soli finché arrivano le conferme.
Chi ha tolto le conferme di lettura riceve e legge, ma non è contato fra i letti.
`, "\n", "\r\n")
	if got := string(r.render()); got != want {
		t.Fatalf("got\n%s\nwant\n%s", got, want)
	}
}

func TestReport_Outcomes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		report Report
		want   string
	}{
		{figures(store.Counts{Recipients: 3, Sent: 3}), "INVIATO A TUTTI."},
		{figures(store.Counts{Recipients: 3, Sent: 0, Failed: 3}), "INVIATO A 0 SU 3."},
		{Report{}, "NESSUN DESTINATARIO: non c'era nessuno a cui inviarlo."},
		{Report{Announcement: store.Announcement{State: store.Stopped, Counts: store.Counts{Recipients: 3, Sent: 1, Cancelled: 2}}}, "FERMATO A MANO: il file è stato tolto da in_invio. Era già partito per 1 su 3."},
		{figures(store.Counts{Recipients: 8, Sent: 5, Expired: 3}), "SCADUTO: alla scadenza era partito per 5 su 8; gli altri 3 non lo ricevono più."},
		{figures(store.Counts{Recipients: 8, Sent: 0, Expired: 8}), "SCADUTO: alla scadenza era partito per 0 su 8; gli altri 8 non lo ricevono più."},
		{figures(store.Counts{Recipients: 8, Sent: 5, Failed: 1, Expired: 2}), "SCADUTO: alla scadenza era partito per 5 su 8; altri 2 non lo ricevono più."},
		{figures(store.Counts{Recipients: 8, Sent: 7, Expired: 1}), "SCADUTO: alla scadenza era partito per 7 su 8; uno non lo riceve più."},
		{Report{Announcement: store.Announcement{State: store.Stopped, Counts: store.Counts{Recipients: 3, Sent: 1, Cancelled: 1, Expired: 1}}}, "FERMATO A MANO: il file è stato tolto da in_invio. Era già partito per 1 su 3."},
		{Report{Announcement: store.Announcement{Content: store.Content{Expires: noon}, Counts: store.Counts{Recipients: 3, Sent: 3}}}, "INVIATO A TUTTI."},
		{Report{Announcement: store.Announcement{Content: store.Content{Expires: noon}}}, "Scade: 01/12/2026 12:00"},
		{Report{Announcement: store.Announcement{Content: store.Content{Expires: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)}}}, "Scade: 31/12/2026 24:00"},
		{Report{From: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)}, "Da inviare dal: 01/01/2027 00:00"},
		{Report{Announcement: store.Announcement{Content: store.Content{Preview: true}, Counts: store.Counts{Recipients: 1, Sent: 1}}}, "Tipo: prova, soltanto ai numeri di prova"},
		{figures(store.Counts{Recipients: 1, Sent: 1}), "Tipo: ordinario"},
	} {
		if got := string(c.report.render()); !strings.Contains(got, c.want+"\r\n") {
			t.Errorf("%+v: got %q, want %q", c.report, got, c.want)
		}
	}
	if got := string(figures(store.Counts{Recipients: 3}).render()); strings.Contains(got, "Primo messaggio") {
		t.Errorf("nothing left, but there is a first message in %q", got)
	}
}

func claimOne(t *testing.T) (s *Spool, dir, file string) {
	t.Helper()
	s, dir = newSpool(t)
	drop(t, filepath.Join(dir, "a.txt"), "Domani mercato.")
	return s, dir, mustScan(t, s)[0].File
}

func TestFileAway_Repeats(t *testing.T) {
	t.Parallel()
	s, dir, file := claimOne(t)
	r := sampleReport(t)
	for range 3 {
		if err := s.FileAway(file, r); err != nil {
			t.Fatal(err)
		}
		checkListing(t, dir, "inviati/a.txt", "inviati/a.txt.esito.txt")
		if got := mustRead(t, filepath.Join(dir, sentFolder, "a.txt.esito.txt")); got != string(r.render()) {
			t.Fatalf("got report %q", got)
		}
	}
}

func TestFileAway_FileTakenAway(t *testing.T) {
	t.Parallel()
	s, dir, file := claimOne(t)
	if err := os.Remove(filepath.Join(dir, sendingFolder, file)); err != nil {
		t.Fatal(err)
	}
	if err := s.FileAway(file, Report{Announcement: store.Announcement{Content: store.Content{Name: "a.txt"}, State: store.Stopped, Counts: store.Counts{Recipients: 2, Sent: 1, Cancelled: 1}}}); err != nil {
		t.Fatal(err)
	}
	checkListing(t, dir, "inviati/a.txt.esito.txt")
}

func TestFileAway_NeverReplaces(t *testing.T) {
	t.Parallel()
	s, dir, file := claimOne(t)
	drop(t, filepath.Join(dir, sentFolder, "a.txt"), "messo a mano")
	if err := s.FileAway(file, sampleReport(t)); err != nil {
		t.Fatal(err)
	}
	checkListing(t, dir, "inviati/a.txt", "inviati/a (2).txt", "inviati/a.txt.esito.txt")
	if got := mustRead(t, filepath.Join(dir, sentFolder, "a.txt")); got != "messo a mano" {
		t.Fatalf("the file put there by hand says %q", got)
	}
}

func TestUpdateReport(t *testing.T) {
	t.Parallel()
	s, dir, file := claimOne(t)
	path := filepath.Join(dir, sentFolder, "a.txt.esito.txt")
	r := sampleReport(t)
	if err := s.FileAway(file, r); err != nil {
		t.Fatal(err)
	}
	update := func(r Report) os.FileInfo {
		t.Helper()
		if err := s.UpdateReport(file, r); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return info
	}
	if before := update(r); !os.SameFile(before, update(r)) {
		t.Error("the same report was written again")
	}
	r.Read++
	update(r)
	if got := mustRead(t, path); !strings.Contains(got, "Letto almeno da: 151") {
		t.Errorf("not updated: %q", got)
	}
	older := r
	older.AcceptedAt = r.AcceptedAt.AddDate(0, 0, -7)
	older.Read = 7
	update(older)
	if got := mustRead(t, path); !strings.Contains(got, "Letto almeno da: 151") {
		t.Errorf("last week's announcement took over the report: %q", got)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := s.UpdateReport(file, r); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a report that staff deleted came back: %v", err)
	}
}

func TestUpdateReport_OfWhatWasWithdrawn(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	if err := os.MkdirAll(filepath.Join(dir, withdrawFolder), 0o770); err != nil {
		t.Fatal(err)
	}
	r := sampleReport(t)
	for _, folder := range []string{sentFolder, withdrawFolder} {
		drop(t, filepath.Join(dir, folder, "a.txt.esito.txt"), string(r.render()))
	}
	r.Withdrawal = &store.Withdrawal{At: r.LastSent, Asked: 298, Deleted: 17, Waiting: 281}
	if err := s.UpdateReport("a.txt", r); err != nil {
		t.Fatal(err)
	}
	for folder, want := range map[string]bool{sentFolder: false, withdrawFolder: true} {
		if got := mustRead(t, filepath.Join(dir, folder, "a.txt.esito.txt")); strings.Contains(got, "cancellato da 17 telefoni su 298") != want {
			t.Errorf("the report in %s says %q", folder, got)
		}
	}
}

func TestLoad_KeepsWhatTheFolderSaid(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	drop(t, filepath.Join(dir, urgentFolder, "perch\xe9\n.txt"), "urgente")
	drop(t, filepath.Join(dir, previewFolder, "a.txt"), "prova")
	drop(t, filepath.Join(dir, "b.txt"), "ordinario")
	claimed := mustScan(t, s)
	s.Close()
	again := mustOpen(t, dir, Options{})
	inFlight, err := again.InFlight()
	if err != nil || len(inFlight) != len(claimed) || len(claimed) != 3 {
		t.Fatalf("in flight %q, %v; claimed %+v", inFlight, err, claimed)
	}
	for _, want := range claimed {
		if got, err := again.Load(want.File); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, %v; want %+v", got, err, want)
		}
	}
}

func TestLoad_RefusesWhatNobodyClaimed(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	drop(t, filepath.Join(dir, sendingFolder, "a.txt"), "messo a mano")
	_, err := s.Load("a.txt")
	if r, ok := errors.AsType[*Refusal](err); !ok || !strings.Contains(r.Reason, "direttamente") {
		t.Fatalf("got %v", err)
	}
	if _, err := s.Load("altro.txt"); !errors.Is(err, os.ErrNotExist) {
		t.Fatalf("got %v, want fs.ErrNotExist", err)
	}
}

// A name from elsewhere must not lead out of in_invio.
func TestG9_NamesStayInTheirFolder(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	outside := filepath.Join(filepath.Dir(dir), "fuori.txt")
	drop(t, outside, "parola segreta")
	for _, name := range []string{"../fuori.txt", "../../fuori.txt", outside} {
		if f, err := s.Load(name); err == nil {
			t.Errorf("%s: read %+v", name, f)
		}
		for what, err := range map[string]error{
			"file away": s.FileAway(name, Report{}), "update": s.UpdateReport(name, Report{}), "refuse": s.Refuse(name, "motivo", "consiglio."),
		} {
			if !errors.Is(err, os.ErrInvalid) {
				t.Errorf("%s: %s: got %v, want fs.ErrInvalid", name, what, err)
			}
		}
		if got := mustRead(t, outside); got != "parola segreta" {
			t.Errorf("%s: the file outside now says %q", name, got)
		}
	}
}
