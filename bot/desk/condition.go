package desk

import (
	"time"

	"banditore/bot/whatsapp"
	"banditore/store"
)

// Condition is how the service is, in one state with one sentence and one next
// step, both Italian.
type Condition struct {
	State            string    // a [whatsapp.State], a [store.Light], "disk_full" or "stopped"
	Cause            string    // a [whatsapp.Cause]: why there is no link, or no connection; empty when it is not known
	Healthy          bool      // messages can leave
	Since, Until     time.Time // when it began; before when nothing is tried. Zero: not known
	Code             int       // WhatsApp's; 0 when it gave none
	Sentence, Advice string    // the advice is empty when there is nothing to do
}

const (
	stateDiskFull = "disk_full"
	stateStopped  = "stopped"
)

// DiskFull is the condition of a service that cannot record anything, and so
// sends nothing.
func DiskFull() Condition {
	return Condition{
		State:    stateDiskFull,
		Sentence: "Il disco del server è pieno: il servizio non può registrare nulla e gli invii sono fermi, nulla è perduto.",
		Advice:   "Libera spazio sul disco: il servizio riprende da solo.",
	}
}

// ConditionOf tells how a service is whose daemon runs and has room on its
// disk. A link that does not stand is worse than a red light, whose end it
// would hide.
func ConditionOf(l store.Link, lights []store.RedLight, loc *time.Location) Condition {
	c := Condition{State: l.State, Since: l.Since, Until: l.Until, Code: l.Code, Cause: l.Cause}
	if whatsapp.State(l.State) == whatsapp.StateConnected {
		c.Healthy = len(lights) == 0
		for _, r := range lights[:min(1, len(lights))] {
			c = Condition{State: string(r.Light), Since: r.Since, Until: r.Until, Code: r.Code}
		}
	}
	c.Sentence, c.Advice = c.words(loc)
	return c
}

// Stopped is the condition of a service whose daemon does not run.
func Stopped() Condition {
	return Condition{
		State:    stateStopped,
		Sentence: "Il servizio è fermo: nulla parte finché non viene riavviato, nulla è perduto.",
		Advice:   "Avvialo con «systemctl start banditore».",
	}
}

// unlinked tells that nothing leaves before a person has done something, or nobody
// knows when.
func (c Condition) unlinked() bool { return Unlinked(store.Link{State: c.State, Until: c.Until}) }

// Unlinked tells whether there is no link, so that nobody can say when anything
// leaves.
func Unlinked(l store.Link) bool {
	return l.State != "" && whatsapp.State(l.State).Permanent() && l.Until.IsZero()
}

const pairAgain = "Esegui «banditore pair» sul server e inquadra il codice con il telefono del Comune: il servizio riprende da solo, da dove era."

func (c Condition) words(loc *time.Location) (sentence, advice string) {
	switch whatsapp.State(c.State) {
	case whatsapp.StateConnected:
		return "Il servizio è collegato a WhatsApp e funziona.", ""
	case whatsapp.StateConnecting:
		return c.unreachable("Il servizio si sta collegando a WhatsApp", "Attendi qualche istante.")
	case whatsapp.StateDisconnected:
		return c.unreachable("Il collegamento con WhatsApp è caduto: il servizio si ricollega da solo",
			"Se dura più di dieci minuti, controlla la connessione a Internet del server.")
	case whatsapp.StateUnpaired:
		return c.unpaired()
	case whatsapp.StateLoggedOut:
		return c.loggedOut()
	case whatsapp.StateReplaced:
		return "Un altro programma ha preso il posto del servizio su WhatsApp: gli invii sono fermi, nulla è perduto.",
			"Verifica che il servizio sia in esecuzione su un solo server, poi riavvialo: da solo il servizio riprova una volta sola."
	case whatsapp.StateBanned:
		return "WhatsApp ha sospeso il numero del Comune" + clock(" fino alle 15:04 del 02/01/2006", c.Until, loc) + ": gli invii sono fermi, nulla è perduto.",
			"Non fare nulla e non usare altri programmi con quel numero: gli invii riprendono da soli alla fine della sospensione."
	case whatsapp.StateOutdated:
		return "WhatsApp chiede una versione più recente del programma: gli invii sono fermi, nulla è perduto.",
			"Aggiorna banditore; nel frattempo il servizio riprova da solo."
	}
	return c.redLight(loc)
}

// unreachable adds why no connection could be made, and what to do about it.
func (c Condition) unreachable(sentence, advice string) (string, string) {
	cause := whatsapp.Cause(c.Cause)
	if c.Cause == "" {
		return sentence + ".", advice
	}
	why, todo := CauseWords(cause)
	return sentence + ", ma " + why + ".", todo
}

// CauseWords says in Italian why a connection could not be made, to follow other
// words, and what to do about it.
func CauseWords(c whatsapp.Cause) (why, advice string) {
	switch c {
	case whatsapp.CauseName:
		return "il server non trova il nome di WhatsApp in rete", "Controlla sul server la rete e il DNS: «getent hosts web.whatsapp.com» deve rispondere."
	case whatsapp.CauseRefused:
		return "la rete rifiuta la connessione",
			"Chiedi a chi gestisce la rete di lasciar uscire il server verso web.whatsapp.com, porta 443; se c'è un proxy, controlla HTTPS_PROXY (per il servizio sta nel suo file)."
	case whatsapp.CauseProxy:
		return "il proxy chiede una password o non lascia passare",
			"Controlla HTTPS_PROXY (http://utente:password@proxy:porta; per il servizio sta nel suo file) e chiedi a chi gestisce il proxy di lasciar passare web.whatsapp.com."
	case whatsapp.CauseCertificate:
		return "il certificato ricevuto non è di WhatsApp", "Controlla l'ora del server. Se un firewall ispeziona il traffico, chiedi di escludere web.whatsapp.com, " +
			"o installa il suo certificato con «update-ca-certificates» (o indicalo con SSL_CERT_FILE)."
	case whatsapp.CauseTimeout:
		return "WhatsApp non risponde", "Controlla la connessione a Internet del server, e che il firewall lasci uscire verso web.whatsapp.com, porta 443."
	}
	return "WhatsApp non si raggiunge", "Controlla la connessione a Internet del server."
}

// unpaired tells apart how a link was lost without WhatsApp's doing.
func (c Condition) unpaired() (sentence, advice string) {
	const kept = " Gli invii sono fermi; iscritti e annunci in attesa sono conservati."
	switch whatsapp.Cause(c.Cause) {
	case whatsapp.CauseOldCopy:
		return "Le chiavi del collegamento (session.db) sono una vecchia copia, e usarle rovinerebbe i messaggi: sono state messe da parte." + kept, pairAgain
	case whatsapp.CauseCopied:
		return "Le chiavi del collegamento (session.db) sono una copia fatta mentre il servizio era in funzione, e non valgono più: sono state messe da parte." + kept, pairAgain
	case whatsapp.CauseDamaged:
		return "Le chiavi del collegamento (session.db) sono rovinate e sono state messe da parte." + kept, pairAgain
	case whatsapp.CauseLost:
		return "Le chiavi del collegamento (session.db) non ci sono più." + kept, pairAgain
	case whatsapp.CauseUnlinked:
		return "Il telefono del Comune è stato scollegato con «banditore unpair»." + kept, "Quando vuoi riprendere, esegui «banditore pair» sul server."
	}
	return "Il telefono del Comune non è collegato.", "Esegui «banditore pair» e inquadra il codice con il telefono del Comune."
}

// loggedOut tells apart why WhatsApp ended the link: the codes of a login that
// is refused.
func (c Condition) loggedOut() (sentence, advice string) {
	switch c.Code {
	case 403:
		return "WhatsApp ha bloccato l'account del Comune (codice 403): gli invii sono fermi, iscritti e annunci in attesa sono conservati.",
			"Apri WhatsApp sul telefono del Comune e fai ciò che chiede. Quando il telefono funziona di nuovo, esegui «banditore pair» sul server."
	case 406:
		return "WhatsApp ha escluso il numero del Comune (codice 406): gli invii sono fermi, iscritti e annunci in attesa sono conservati.",
			"Chiedi la revisione dall'app WhatsApp sul telefono del Comune e intanto informa i cittadini per altre vie. Solo se il numero viene riammesso, esegui «banditore pair» sul server."
	}
	return "Il telefono del Comune ha scollegato il servizio, o è rimasto spento troppo a lungo: gli invii sono fermi, iscritti e annunci in attesa sono conservati.", pairAgain
}

func (c Condition) redLight(loc *time.Location) (sentence, advice string) {
	switch store.Light(c.State) {
	case store.LightLocked:
		return "WhatsApp impedisce per qualche tempo al numero del Comune di scrivere per primo: gli avvisi aspettano" +
				clock(" almeno fino alle 15:04 del 02/01/2006", c.Until, loc) + ", chi scrive riceve risposta, nulla è perduto.",
			"Non fare nulla: gli avvisi riprendono da soli. Intanto non scrivere dal telefono del Comune a chi non ha scritto prima."
	case store.LightLimited:
		return "WhatsApp dice che i messaggi sono troppi: gli invii aspettano, nulla è perduto.",
			"Non fare nulla: il servizio riprova da solo con un messaggio alla volta. Se succede spesso, rallenta con sending.every."
	case store.LightFailing:
		return "Il servizio è collegato ma WhatsApp non accetta i messaggi: gli invii aspettano, nulla è perduto.",
			"Il servizio riprova da solo con un messaggio alla volta. Se dura più di un'ora, apri WhatsApp sul telefono del Comune e leggi gli avvisi."
	}
	return "WhatsApp rifiuta il collegamento: gli invii sono fermi, nulla è perduto.",
		"Il servizio riprova da solo. Se dura più di un'ora, controlla il telefono del Comune e il registro del servizio."
}

// clock writes a time where it is known.
func clock(layout string, t time.Time, loc *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return t.In(loc).Format(layout)
}
