package citizen

import (
	"fmt"
	"strings"
	"time"
	"unicode"
)

// Held is all that is held on one person.
type Held struct {
	// Number is E.164, LID WhatsApp's pseudonymous identity; either may be empty.
	Number, LID                   string
	Subscribed                    bool
	GivenName, FamilyName, Comune string
	// Since is when the registration was carried out, Written when its text was sent, Confirmed when WhatsApp took the confirmation; zero means
	// not known, or not yet.
	Since, Written, Confirmed time.Time
	// Words are the exact words of the registration, MessageID names their message, Wording the version of texts and rules in force.
	Words, MessageID, Wording string
	// Source is the note of an import, or "" for somebody who wrote to us.
	Source string
	// Code is what they can be found by without their number.
	Code string
	// NewsFrom is when ordinary news reach them again, zero for always; with OnlyUrgent they never do.
	NewsFrom   time.Time
	OnlyUrgent bool
	// Pending is which question of ours is open, or "": "details" which details lack, "check" whether those understood are right, "leave" whether
	// they want to leave. Who is no subscriber has the names known so far, and Words; Proposed and ProposedWords are those of a subscriber.
	Pending, Proposed, ProposedWords string
	// Announcements, Answers and Handled count the rows about messages of announcements, answers and incoming messages.
	Announcements, Answers, Handled int
}

// The longest values an answer shows. They bound what is shown, not what is held.
const (
	maxWords = 400
	maxNote  = 150
	maxShown = 64
)

// brief is what an answer has room for.
func (h Held) brief() Held {
	h.Words, h.ProposedWords = shorten(h.Words, maxWords), shorten(h.ProposedWords, maxNote)
	h.Proposed = shorten(h.Proposed, maxNote)
	h.Source = shorten(h.Source, maxNote)
	for _, s := range []*string{&h.Number, &h.LID, &h.Code, &h.MessageID, &h.Wording, &h.GivenName, &h.FamilyName, &h.Comune} {
		*s = shorten(*s, maxShown)
	}
	return h
}

// widestHeld is as much as brief leaves of anybody: no text of WhatsApp's has a million characters.
func widestHeld() Held {
	wide := func(most int) string { return shortened(strings.Repeat("W", most), 999_999) }
	field, at := wide(maxShown), time.Date(2022, time.September, 30, 0, 0, 0, 0, time.UTC)
	return Held{
		Number: field, LID: field, Code: field, MessageID: field, Wording: field, Subscribed: true, GivenName: field, FamilyName: field, Comune: field,
		NewsFrom: at, Pending: "check", Proposed: wide(maxNote), ProposedWords: wide(maxNote),
		Since: at, Written: at, Confirmed: at, Words: wide(maxWords), Source: wide(maxNote), Announcements: 1e9, Answers: 1e9, Handled: 1e9,
	}
}

// HeldText says in Italian what is held at now, one line for each datum, and only what is there.
func (t *Texts) HeldText(now time.Time, h Held) string {
	if h.nothing() {
		return "Non conserviamo nessun dato."
	}
	var b lines
	b.say("Iscrizione", t.registration(h))
	b.say("Notizie", t.mode(now, h))
	b.say("Domanda aperta", t.question(h))
	if h.Code != "" {
		b.say("Il tuo codice", h.Code+" (se scrivi o telefoni al Comune, con questo codice trovano la tua iscrizione)")
	}
	b.say("Numero di telefono", h.Number)
	b.say("Identificativo di WhatsApp (non è un numero di telefono)", h.LID)
	b.say("Nome", h.GivenName)
	b.say("Cognome", h.FamilyName)
	b.say("Comune di residenza", h.Comune)
	b.say("Parole della richiesta", quoted(h.Words))
	b.say("Richiesta inviata", t.told(h.Written))
	b.say("Identificativo del messaggio", h.MessageID)
	b.say("Conferma presa in consegna da WhatsApp", t.told(h.Confirmed))
	b.say("Versione dei testi e delle regole", h.Wording)
	b.say("Origine dell'iscrizione", h.Source)
	b.count("Messaggi delle notizie, con rettifiche e ritiri", h.Announcements, "identificativo, ora e stato della consegna")
	b.count("Messaggi ricevuti", h.Handled, "identificativo e ora, non il testo")
	b.count("Risposte inviate", h.Answers, "testo, identificativo, ora e stato")
	if h.Source == "" || h.messages() > 0 {
		b.say("Dati tecnici di WhatsApp", "chiavi per cifrare i messaggi e identificativi")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func (h Held) messages() int { return h.Announcements + h.Answers + h.Handled }

func (h Held) nothing() bool { return !h.Subscribed && h.Pending == "" && h.messages() == 0 }

// registration tells how things stand with it.
func (t *Texts) registration(h Held) string {
	wait := "; senza risposta si cancella entro " + hours(t.service.Hours)
	switch {
	case h.Subscribed && h.Since.IsZero():
		return "attiva"
	case h.Subscribed:
		return "attiva dal " + t.moment(h.Since)
	case h.Pending == "check":
		return "in attesa del SÌ" + wait
	case h.Pending == "details":
		return "in attesa dei dati che mancano" + wait
	case h.Announcements > 0:
		return "nessuna"
	case h.Handled <= 1 && h.Answers <= 1:
		return "nessuna; quello che segue è la traccia di questa richiesta, e si cancella entro un giorno"
	}
	return "nessuna; quello che segue è la traccia dei messaggi scambiati, e si cancella entro un giorno"
}

// mode tells which news a subscriber gets.
func (t *Texts) mode(now time.Time, h Held) string {
	switch {
	case !h.Subscribed:
		return ""
	case h.OnlyUrgent, h.NewsFrom.Year() >= 9999:
		return "solo urgenti"
	case !h.NewsFrom.After(now):
		return "tutte"
	}
	return "in pausa, tranne le urgenti; di nuovo tutte dal giorno " + day(t.local(h.NewsFrom))
}

// question tells what a subscriber has been asked. For others it is how things stand with their registration.
func (t *Texts) question(h Held) string {
	if !h.Subscribed || h.Pending == "" {
		return ""
	}
	about := "se i tuoi nuovi dati sono giusti"
	if h.Pending == "leave" {
		about = "se vuoi cancellarti"
	}
	for _, more := range []string{h.Proposed, quoted(h.ProposedWords)} {
		if more != "" {
			about += ", " + more
		}
	}
	return about + "; senza risposta non cambia nulla, e la domanda scade entro " + hours(t.service.Hours)
}

// told is a moment, or "" for one that is not known.
func (t *Texts) told(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return t.moment(at)
}

// lines collects what is there.
type lines struct{ strings.Builder }

func (l *lines) say(name, value string) {
	if value = oneLine(value); value != "" {
		l.WriteString(name + ": " + value + "\n")
	}
}

func (l *lines) count(name string, n int, what string) {
	if n > 0 {
		l.say(name, fmt.Sprintf("%d (%s)", n, what))
	}
}

func quoted(words string) string {
	if words = oneLine(words); words == "" {
		return ""
	}
	return "«" + words + "»"
}

// shorten cuts a text for show and says so.
func shorten(s string, most int) string {
	runes := []rune(oneLine(s))
	if len(runes) <= most {
		return string(runes)
	}
	return shortened(string(runes[:most]), len(runes)-most)
}

func shortened(s string, without int) string {
	return fmt.Sprintf("%s… [altri %d caratteri]", s, without)
}

// harmless takes from a personal detail what WhatsApp would format and what would break the line. [Reader.Read] leaves none of it; a detail
// that comes from elsewhere may hold it.
func harmless(s string) string {
	s = oneLine(strings.NewReplacer("*", " ", "_", " ", "~", " ", "`", "'").Replace(s))
	runes := []rune(s)
	return strings.TrimSpace(string(runes[:min(MaxField, len(runes))]))
}

// oneLine shows a text on one line: it could pass for lines of ours otherwise, or turn them around.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r):
			return ' '
		case unicode.Is(unicode.Cf, r) && r != '\u200d': // which joins an emoji
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
	return strings.Join(strings.Fields(s), " ")
}
