package spool

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"
)

// Report is how an announcement went, in numbers. It holds no personal data.
type Report struct {
	Name            string    // the file as dropped
	Accepted        time.Time // when it was published
	First, Last     time.Time // when the first and the last message left; zero: none did
	Urgent, Preview bool
	StoppedByHand   bool // the file was taken out of in_invio

	// The counts are cumulative: Sent (taken by WhatsApp's server) includes
	// Delivered, which includes Read.
	Recipients, Sent, Delivered, Read, Failed, Cancelled int
	// Expired is how many did not get it because it expired first.
	Expired int
	// Reasons say why Failed did, in the order in which they are shown.
	Reasons []Reason

	NotBefore, Expires time.Time // the options dal and scade; zero: none

	Location *time.Location // in which times are shown; nil means UTC
}

// Reason is why some deliveries failed: Italian words without a full stop, and
// how many deliveries.
type Reason struct {
	Text  string
	Count int
}

// FileAway moves a file from in_invio to inviati and writes the report beside it.
// When the file has been taken away the report stands alone. Repeating it, after a
// crash at any point, ends in the same state.
func (s *Spool) FileAway(file string, r Report) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := single(file); err != nil {
		return err
	}
	err := s.move(place{sendingFolder, file}, place{sentFolder, file})
	if errors.Is(err, fs.ErrExist) {
		err = s.moveBeside(file)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("file away: %w", err)
	}
	if err := s.write(place{sentFolder, reportName(file)}, r.render()); err != nil {
		return fmt.Errorf("file away: %w", err)
	}
	return s.remove(notePlace(claimPrefix, file))
}

// moveBeside is for the name that was free when the file was claimed and that
// somebody has put into inviati by hand since.
func (s *Spool) moveBeside(file string) error {
	for name := range candidates(file) {
		err := s.move(place{sendingFolder, file}, place{sentFolder, name})
		if !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	return nil
}

// UpdateReport writes the report in inviati again when the numbers have changed.
// A report that staff have deleted, or that is about a later announcement of the
// same name, is left alone.
func (s *Spool) UpdateReport(file string, r Report) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := single(file); err != nil {
		return err
	}
	p := place{sentFolder, reportName(file)}
	head := []byte(crlf(r.head()))
	old, err := s.content(p, len(head))
	if errors.Is(err, fs.ErrNotExist) || err == nil && !bytes.Equal(old, head) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("update report: %w", err)
	}
	return s.write(p, r.render())
}

// head tells one announcement from another: no two files have the same name and
// the same second.
func (r Report) head() string {
	return "Avviso: " + printable(r.Name) + "\n" + "Accettato: " + r.clock(r.Accepted) + "\n"
}

func (r Report) render() []byte {
	var b strings.Builder
	b.WriteString(r.head())
	fmt.Fprintf(&b, "Tipo: %s\n", r.kind())
	if !r.NotBefore.IsZero() {
		fmt.Fprintf(&b, "Da inviare dal: %s\n", r.in(r.NotBefore).Format(minuteForm))
	}
	if !r.Expires.IsZero() {
		fmt.Fprintf(&b, "Scade: %s\n", r.deadline())
	}
	fmt.Fprintf(&b, "\n%s\n\n", r.outcome())
	if !r.First.IsZero() {
		fmt.Fprintf(&b, "Primo messaggio: %s\nUltimo messaggio: %s\n", r.clock(r.First), r.clock(r.Last))
	}
	r.writeCounts(&b)
	b.WriteString("\nI numeri si aggiornano da soli finché arrivano le conferme.\n" +
		"Chi ha tolto le conferme di lettura riceve e legge, ma non è contato fra i letti.\n")
	return []byte(crlf(b.String()))
}

func (r Report) writeCounts(b *strings.Builder) {
	for _, line := range []struct {
		label   string
		count   int
		reasons []Reason
	}{
		{"Destinatari", r.Recipients, nil},
		{"Inviati", r.Sent, nil},
		{"Consegnati sul telefono", r.Delivered, nil},
		{"Letto almeno da", r.Read, nil},
		{"Non riusciti", r.Failed, r.Reasons},
		{"Annullati", r.Cancelled, nil},
	} {
		fmt.Fprintf(b, "%s: %d\n", line.label, line.count)
		for _, reason := range line.reasons {
			fmt.Fprintf(b, "  - %s: %d\n", printable(reason.Text), reason.Count)
		}
	}
	if r.Expired > 0 {
		fmt.Fprintf(b, "Scaduti: %d\n", r.Expired)
	}
}

func (r Report) kind() string {
	switch {
	case r.Preview:
		return "prova, soltanto ai numeri di prova"
	case r.Urgent:
		return "urgente"
	}
	return "ordinario"
}

func (r Report) outcome() string {
	switch {
	case r.StoppedByHand:
		return fmt.Sprintf("FERMATO A MANO: il file è stato tolto da in_invio. Era già partito per %d su %d.", r.Sent, r.Recipients)
	case r.Recipients == 0:
		return "NESSUN DESTINATARIO: non c'era nessuno a cui inviarlo."
	case r.Expired > 0:
		return fmt.Sprintf("SCADUTO: alla scadenza era partito per %d su %d; %s.", r.Sent, r.Recipients, r.missed())
	case r.Sent == r.Recipients:
		return "INVIATO A TUTTI."
	}
	return fmt.Sprintf("INVIATO A %d SU %d.", r.Sent, r.Recipients)
}

// missed counts who does not get it any more. They are "the others" only when
// nobody else is missing.
func (r Report) missed() string {
	switch {
	case r.Expired == 1:
		return "uno non lo riceve più"
	case r.Sent+r.Expired == r.Recipients:
		return fmt.Sprintf("gli altri %d non lo ricevono più", r.Expired)
	}
	return fmt.Sprintf("altri %d non lo ricevono più", r.Expired)
}

// minuteForm is how staff write dal and scade.
const minuteForm = "02/01/2006 15:04"

// deadline shows the midnight that ends a day as 24:00 of that day: who wrote
// scade: 24/12/2026 must not read 25/12/2026.
func (r Report) deadline() string {
	t := r.in(r.Expires)
	if t.Hour() == 0 && t.Minute() == 0 {
		return t.AddDate(0, 0, -1).Format("02/01/2006") + " 24:00"
	}
	return t.Format(minuteForm)
}

func (r Report) clock(t time.Time) string { return r.in(t).Format("02/01/2006 15:04:05") }

func (r Report) in(t time.Time) time.Time {
	if r.Location == nil {
		return t.UTC()
	}
	return t.In(r.Location)
}
