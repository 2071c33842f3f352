package bot

import (
	"context"
	"time"

	"banditore/bot/whatsapp"
	"banditore/store"
)

// linkChanged notes the state of the connection where `banditore status` finds
// it, and wakes the loops that depend on it. It has a deadline of its own:
// WhatsApp's handlers must not hang on a full disk.
func (b *Bot) linkChanged(c whatsapp.StateChange) {
	ctx, cancel := context.WithTimeout(b.life, 5*time.Second)
	defer cancel()
	l := store.Link{State: string(c.State), Connected: c.State == whatsapp.StateConnected, Since: time.Now(), Until: c.Until, Code: c.Code}
	if err := b.store.SetLink(ctx, l); err != nil {
		b.log.Warn("state of the link not noted", "error", err)
	}
	b.outgoing.ring()
	b.changed.ring()
}

// lastLink is what the process before noted last of its link: the state of a
// red light and the end of a suspension survive a restart.
func (b *Bot) lastLink(ctx context.Context) (whatsapp.Last, error) {
	l, _, err := b.store.Link(ctx)
	change := whatsapp.StateChange{State: whatsapp.State(l.State), Until: l.Until, Code: l.Code}
	return whatsapp.Last{StateChange: change, Since: l.Since}, err
}

// Sentence says in Italian what a state of the link means to the Comune, and
// what to do about it. The advice is empty when there is nothing to do.
func Sentence(s whatsapp.State) (sentence, advice string) {
	switch s {
	case whatsapp.StateConnected:
		return "Il servizio è collegato a WhatsApp e funziona.", ""
	case whatsapp.StateConnecting:
		return "Il servizio si sta collegando a WhatsApp.", "Attendi qualche istante."
	case whatsapp.StateDisconnected:
		return "Il collegamento con WhatsApp è caduto: il servizio si ricollega da solo.",
			"Se dura più di dieci minuti, controlla la connessione a Internet del server."
	case whatsapp.StateUnpaired:
		return "Il telefono del Comune non è collegato.", "Esegui «banditore pair» e inquadra il codice con il telefono del Comune."
	case whatsapp.StateLoggedOut:
		return "WhatsApp ha scollegato il servizio dal telefono del Comune. Iscritti e annunci in attesa sono conservati.",
			"Ferma il servizio, esegui «banditore pair» e inquadra il codice con il telefono del Comune."
	case whatsapp.StateReplaced:
		return "Un altro programma ha preso il posto del servizio su WhatsApp: gli invii sono fermi, nulla è perduto.",
			"Verifica che il servizio sia in esecuzione su un solo server, poi riavvialo: da solo il servizio riprova una volta sola."
	case whatsapp.StateBanned:
		return "WhatsApp ha sospeso per qualche tempo il numero del Comune: gli invii sono fermi, nulla è perduto.",
			"Non fare nulla: gli invii riprendono da soli alla fine della sospensione."
	case whatsapp.StateOutdated:
		return "WhatsApp chiede una versione più recente del programma: gli invii sono fermi, nulla è perduto.",
			"Aggiorna banditore."
	default:
		return "WhatsApp rifiuta il collegamento: gli invii sono fermi, nulla è perduto.",
			"Controlla il telefono del Comune e il registro del servizio."
	}
}

// StoppedSentence is what is said of a daemon that does not run.
func StoppedSentence() (sentence, advice string) {
	return "Il servizio è fermo: nulla parte finché non viene riavviato, nulla è perduto.", "Avvialo con «systemctl start banditore»."
}
