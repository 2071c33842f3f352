package spool

import (
	"fmt"
	"strings"
	"time"

	"banditore/store"
)

func (r Report) render() []byte {
	var b strings.Builder
	b.WriteString(r.head())
	r.writeTerms(&b)
	fmt.Fprintf(&b, "\n%s\n\n", strings.Join(r.outcomes(), "\n"))
	if !r.FirstSent.IsZero() {
		fmt.Fprintf(&b, "Primo messaggio: %s\nUltimo messaggio: %s\n", r.clock(r.FirstSent), r.clock(r.LastSent))
	}
	r.writeCounts(&b)
	if r.Final {
		b.WriteString("\nRelazione definitiva: questi numeri non cambiano più.\n")
	} else {
		b.WriteString("\nI numeri si aggiornano da soli finché arrivano le conferme.\n")
	}
	b.WriteString("Chi ha tolto le conferme di lettura riceve e legge, ma non è contato fra i letti.\n")
	return []byte(crlf(b.String()))
}

// writeTerms says what was sent, when it might leave and for whom.
func (r Report) writeTerms(b *strings.Builder) {
	fmt.Fprintf(b, "Tipo: %s\n", r.sort())
	if len(r.Comuni) > 0 {
		fmt.Fprintf(b, "Soltanto per i residenti di: %s\n", printable(strings.Join(r.Comuni, ", ")))
	}
	if n := len(r.Files); n > 0 {
		var names []string
		for _, f := range r.Files {
			names = append(names, f.Name)
		}
		fmt.Fprintf(b, "%s: %s\n", plural(n, "Allegato", "Allegati"), printable(strings.Join(names, ", ")))
	}
	for _, f := range r.Files {
		if f.Carries != "" {
			fmt.Fprintf(b, "Attenzione! %s\n", printable(f.Carries))
		}
	}
	if !r.From.IsZero() {
		fmt.Fprintf(b, "Da inviare dal: %s\n", r.in(r.From).Format(minuteForm))
	}
	if !r.Expires.IsZero() {
		fmt.Fprintf(b, "Scade: %s\n", r.deadline())
	}
}

func (r Report) writeCounts(b *strings.Builder) {
	for _, line := range []struct {
		label   string
		count   int
		always  bool
		reasons []Reason
	}{
		{"Destinatari", r.Recipients, true, nil},
		{"In pausa, e perciò non destinatari", r.Paused, false, nil},
		{"Inviati", r.Sent, true, nil},
		{"Consegnati sul telefono", r.Delivered, true, nil},
		{"Letto almeno da", r.Read, true, nil},
		{"Non riusciti", r.Failed, true, r.Failures},
		{"Annullati", r.Cancelled, true, nil},
		{"Scaduti", r.Expired, false, nil},
		{"Usciti dall'elenco durante l'invio", r.Unsubscribed, false, nil},
		{"Allegati non riusciti, a chi ha ricevuto il primo messaggio", r.PartsFailed, false, nil},
	} {
		if line.count == 0 && !line.always {
			continue
		}
		fmt.Fprintf(b, "%s: %d\n", line.label, line.count)
		for _, reason := range line.reasons {
			fmt.Fprintf(b, "  - %s: %d\n", printable(reason.Text), reason.Count)
		}
	}
}

func (r Report) sort() string {
	switch {
	case r.Preview:
		return "prova, soltanto ai numeri di prova"
	case r.Urgent:
		return "urgente"
	}
	return "ordinario"
}

// outcomes say in a few sentences how it went, the latest event first.
func (r Report) outcomes() []string {
	var lines []string
	if r.Withdrawal != nil {
		lines = append(lines, r.withdrawal())
	}
	if r.CorrectedBy != "" {
		lines = append(lines, fmt.Sprintf("CORRETTO con «%s»: chi non l'aveva ancora ricevuto riceve soltanto il testo giusto.", printable(r.CorrectedBy)))
	}
	if len(lines) > 0 && r.Recipients > 0 {
		lines = append(lines, fmt.Sprintf("Era partito per %d su %d.", r.Sent, r.Recipients))
	} else {
		lines = append(lines, r.outcome())
	}
	if r.Kind == store.KindCorrection {
		lines = append(lines, r.correction())
	}
	return lines
}

// stoppedByHand tells whether the file was taken out of in_invio before the end.
func (r Report) stoppedByHand() bool {
	return r.State == store.Stopped && r.CorrectedBy == "" && r.Withdrawal == nil
}

func (r Report) outcome() string {
	switch {
	case r.stoppedByHand():
		return fmt.Sprintf("FERMATO A MANO: il file è stato tolto da in_invio. Era già partito per %d su %d.", r.Sent, r.Recipients)
	case r.Recipients == 0 && r.Paused > 0:
		return "NESSUN DESTINATARIO: chi doveva riceverlo è in pausa, o ha chiesto soltanto gli avvisi urgenti."
	case r.Recipients == 0:
		return "NESSUN DESTINATARIO: non c'era nessuno a cui inviarlo."
	case r.Expired > 0:
		return fmt.Sprintf("SCADUTO: alla scadenza era partito per %d su %d; %s.", r.Sent, r.Recipients, r.missed())
	case r.Sent == r.Recipients:
		return "INVIATO A TUTTI" + r.exceptions() + "."
	case r.Sent > 0 && r.Sent+r.Unsubscribed == r.Recipients:
		return "INVIATO A TUTTI" + r.exceptions() + "."
	}
	return fmt.Sprintf("INVIATO A %d SU %d.", r.Sent, r.Recipients)
}

// exceptions are those who have not got what went to everybody.
func (r Report) exceptions() string {
	var who []string
	if r.Unsubscribed > 0 {
		who = append(who, fmt.Sprintf("%d %s dall'elenco nel frattempo", r.Unsubscribed, plural(r.Unsubscribed, "uscito", "usciti")))
	}
	if r.Paused > 0 {
		who = append(who, fmt.Sprintf("%d in pausa", r.Paused))
	}
	if len(who) == 0 {
		return ""
	}
	return ", tranne " + strings.Join(who, " e ")
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

// withdrawal counts the phones that had got it. One that is switched off deletes it
// when it comes back.
func (r Report) withdrawal() string {
	w := r.Withdrawal
	had := w.Asked + w.TooOld
	said := withdrawnMark + r.in(w.At).Format("02/01/2006 alle 15:04") + ": "
	switch {
	case had == 0 && r.Kind == store.KindCorrection && r.Amended.Edited > 0: // it had no message of its own
		return said + fmt.Sprintf("i telefoni sono contati nella relazione di «%s».", printable(r.CorrectsName))
	case had == 0 && r.Sent > 0:
		return said + "resta sui telefoni: chi l'aveva ricevuto è uscito dall'elenco, o è passato troppo tempo."
	case had == 0:
		return said + "non era ancora arrivato a nessuno."
	}
	said += fmt.Sprintf("cancellato da %d %s su %d", w.Deleted, plural(w.Deleted, "telefono", "telefoni"), had)
	for _, rest := range []struct {
		what  string
		count int
	}{{"ancora da cancellare per", w.Waiting}, {"non riuscito per", w.Failed}, {"troppo vecchio per", w.TooOld}} {
		if rest.count > 0 {
			said += fmt.Sprintf("; %s %d", rest.what, rest.count)
		}
	}
	return said + "."
}

// correction counts people by how the right words reached them.
func (r Report) correction() string {
	var ways []string
	for _, way := range []struct {
		what  string
		count int
	}{{"modificato sul telefono per", r.Amended.Edited}, {"inviato come nuovo messaggio a", r.Amended.Resent}, {"inviato già giusto a", r.Amended.Direct}} {
		if way.count > 0 {
			ways = append(ways, fmt.Sprintf("%s %d", way.what, way.count))
		}
	}
	if len(ways) == 0 {
		ways = []string{"non è arrivata a nessuno"}
	}
	return fmt.Sprintf("RETTIFICA di «%s»: %s.", printable(r.CorrectsName), strings.Join(ways, ", "))
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
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
