package cli

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"banditore/bot/desk"
	"banditore/bot/whatsapp"
)

const (
	journalWords = "Quello che scrivo qui finisce nel registro di sistema, dove il codice non deve stare: chi lo legge potrebbe collegare un suo dispositivo. " +
		"Esegui «banditore pair» a mano, in un terminale."
	interruptedWords = "Interrotto: nessun telefono è stato collegato. Per riprovare esegui di nuovo «banditore pair»."
	scannedWords     = "Interrotto: il telefono ha accettato il collegamento, ma non ho fatto in tempo a provarlo. Esegui di nuovo «banditore pair»: lo prova da sé."
	provingWords     = "Un telefono risulta collegato: lo provo…"
	provenWords      = "Il telefono del Comune (%s) è già collegato, l'ho appena provato: non c'è nulla da fare."
	goneWords        = "Il collegamento di prima non vale più: WhatsApp o il telefono lo ha tolto. Ne faccio uno nuovo; iscritti e messaggi in attesa restano."
	unprovenWords    = "Un telefono risulta collegato, ma ora non posso provarlo. "
	pairingUnderWay  = "Un altro collegamento è già in corso: aspetta che finisca."
	pairedWords      = "Un telefono è già collegato: non c'è nulla da fare. Per collegarne un altro, prima scollegalo (WhatsApp → Dispositivi collegati)."
	passkeyFailed    = "Che cosa si può ancora provare:\n" +
		"1. Riprova da capo: «banditore pair». I passi con la passkey sono in «banditore help passkey».\n" +
		"2. Prova senza fotocamera: «banditore pair --code». A volte WhatsApp non chiede la passkey, a volte la chiede lo stesso.\n" +
		"3. Aspetta un giorno e riprova: WhatsApp non la chiede sempre.\n" +
		"4. Aggiorna WhatsApp sul telefono, oppure usa un altro telefono o un altro numero (service.number).\n" +
		"Togliere la passkey dal telefono ad alcuni è servito, a molti no."
	noPasskeyWords = "WhatsApp ha chiesto la passkey di questo numero e il collegamento non è riuscito.\n" + passkeyFailed
	connecting     = "Mi collego a WhatsApp…"
	giveUpHint     = " Per rinunciare: Ctrl-C."
	openLinked     = "apri WhatsApp → Impostazioni → Dispositivi collegati → Collega un dispositivo"
)

// howTo tells what to do on the phone.
func (s *scene) howTo() string {
	phone := fmt.Sprintf("Sul telefono del Comune (%s) %s", s.number, openLinked)
	switch {
	case s.how.code:
		return phone + " → Collega con numero di telefono, poi scrivi questi otto caratteri."
	case s.how.png != "":
		return phone + ", poi inquadra l'immagine.\nÈ nel file " + s.how.png + ": aprilo con un programma per immagini. A ogni codice nuovo il file cambia: se è scaduto, riaprilo. Alla fine lo cancello io."
	}
	return phone + ", poi inquadra il codice."
}

// clock is the line that changes every second.
func (s *scene) clock(now time.Time) string {
	left := int((s.until.Sub(now) + time.Second - 1) / time.Second)
	switch {
	case s.code == nil && s.link == "":
		return connecting + giveUpHint
	case left <= 0:
		return "Il codice è scaduto: ne chiedo un altro." + giveUpHint
	}
	return validWords(left)
}

func validWords(seconds int) string {
	return fmt.Sprintf("Questo codice vale ancora %d s, poi ne arriva un altro.", seconds) + giveUpHint
}

// tooSmall says that the code does not fit, and what else there is.
func (s *scene) tooSmall(w window, columns, lines int) string {
	words := fmt.Sprintf("La finestra è di %d colonne e %d righe: il codice ne chiede %d e %d. "+
		"Ingrandiscila o rimpicciolisci il carattere: il codice appare da solo.\n", w.columns, w.lines, columns, lines)
	if !w.utf8 {
		words += "Se il terminale conosce UTF-8 basta molto meno: premi Ctrl-C e scrivi\n  LC_ALL=C.UTF-8 " + s.pair + "\n"
	} else if s.how.big {
		words += "Senza --big basta molto meno.\n"
	}
	return words + "Se non si può, premi Ctrl-C e scegli:\n" +
		"  " + s.pair + " --code\n" +
		"otto caratteri da scrivere sul telefono, senza fotocamera;\n" +
		"  " + s.pair + " --png FILE\n" +
		"il codice come immagine, in un file nuovo che solo tu puoi leggere."
}

func wrongPhoneWords(refused, number string) string {
	return fmt.Sprintf("Questo telefono (%s) non è quello del Comune: collegamento rifiutato.\n"+
		"Usa il telefono con il numero %s: fra poco appare un altro codice.", refused, number)
}

const (
	againWords    = "WhatsApp ha cambiato il codice mentre lo inquadravi: inquadra ancora una volta, questo codice nuovo. È normale."
	declinedWords = "Sul telefono il collegamento è stato rifiutato. Fra poco appare un altro codice: inquadralo, e sul telefono conferma."
)

// troubleWords tell what went wrong while the pairing goes on.
func troubleWords(err error) string {
	switch {
	case errors.Is(err, whatsapp.ErrPasskeyExpired):
		return "Il tempo per la passkey è finito. Fra poco appare un altro codice: ricomincia da quello. Che cosa altro si può provare: «banditore help passkey»."
	case errors.Is(err, whatsapp.ErrPasskeyFailed):
		return "Con la passkey non è riuscito. Fra poco appare un altro codice: ricomincia da quello. Che cosa altro si può provare: «banditore help passkey»."
	case errors.Is(err, whatsapp.ErrTooManyCodes):
		return "WhatsApp per ora non dà altri codici da scrivere, perché ne sono stati chiesti troppi. Ritento più tardi da solo; senza --code, con la fotocamera, si può subito."
	}
	sentence, advice := causeWords(whatsapp.CauseOf(err))
	return sentence + " Ritento da solo fra poco. " + advice
}

// causeWords says why WhatsApp is not reached, and what to do about it.
func causeWords(cause whatsapp.Cause) (sentence, advice string) {
	why, advice := desk.CauseWords(cause)
	return "WhatsApp non è raggiungibile: " + why + ".", advice
}

// linkedWords end a pairing, with what comes next.
func linkedWords(number string, goesOn bool) string {
	var steps []string
	if goesOn {
		steps = append(steps, "Il servizio parte ora da solo.")
	} else {
		steps = append(steps, "Avvia il servizio: «systemctl start banditore», o a mano «banditore run». Se è già in funzione, riprende da solo entro pochi secondi.")
	}
	steps = append(steps,
		"Tieni il telefono acceso, in carica e in rete: se resta spento circa 14 giorni WhatsApp lo scollega.",
		"Sul telefono non togliere il servizio dai Dispositivi collegati, e non impostare un nome utente né una passkey: il prossimo collegamento diventerebbe più difficile.")
	words := fmt.Sprintf("Fatto: il telefono del Comune (%s) è collegato. E adesso:", number)
	for i, step := range steps {
		words += fmt.Sprintf("\n%d. %s", i+1, step)
	}
	return words
}

// spaced shows eight characters as WhatsApp's page does, four and four.
func spaced(code string) string {
	if len(code) == 8 && !strings.Contains(code, "-") {
		return code[:4] + "-" + code[4:]
	}
	return code
}
