package config

// The default answers about leaving, about which news one gets, and about everything else, in the manner of those about being on the list.
const (
	leaving = `{{if .Bereaved}}Ci dispiace molto per la tua perdita. Rispondi *SÌ* e togliamo questo numero dal servizio, oppure scrivi *Disattiva Notizie*. Non serve scriverci altro.` +
		`{{else if .NewHolder}}Questo numero è nel nostro elenco, forse da quando era di un'altra persona. Se non vuoi le notizie del Comune di {{.Comune}}, rispondi *SÌ* e lo togliamo, oppure scrivi *Disattiva Notizie*. Non serve scriverci altro.` +
		`{{else}}Vuoi cancellarti dal servizio? Rispondi *SÌ*, oppure scrivi *Disattiva Notizie*.{{end}}`

	stays = `Va bene, la tua iscrizione non è cambiata. Per cancellarti, quando vuoi, scrivi *Disattiva Notizie*.`

	goodbye = `Fatto: non riceverai altre notizie. Il tuo numero e i tuoi dati vengono cancellati dal nostro archivio entro pochi minuti.

Questa chat resta invece sul tuo telefono, e sul telefono del Comune finché qualcuno non la elimina.

Se cambi idea, per iscriverti di nuovo scrivi *Attiva Notizie* con nome, cognome e Comune di residenza.`

	notRegistered = `Questo numero non risulta iscritto a {{.Service}}: non riceverà notizie. Non conserviamo tuoi dati; anche la traccia di questa richiesta si cancella entro un giorno.

Forse l'iscrizione è su un altro numero, tuo o di un familiare: scrivi *Disattiva Notizie* da quel telefono. Se non puoi, chiedilo al Comune: usa {{.Channels}}.

Per iscriverti scrivi *Attiva Notizie* con nome, cognome e Comune di residenza.`

	onlyUrgent = `Fatto: da ora ricevi soltanto le notizie urgenti.

Per riceverle di nuovo tutte scrivi *Tutte le notizie*. Per cancellarti, quando vuoi, scrivi *Disattiva Notizie*.`

	allNews = `Fatto: da ora ricevi tutte le notizie, urgenti e non urgenti.{{if .Launch}} Inizieranno il giorno {{.Launch}}.{{end}}

Per cancellarti, quando vuoi, scrivi *Disattiva Notizie*.`

	paused = `Fatto: le notizie ricominciano il giorno {{.Until}}, ma quelle urgenti ti arrivano sempre.

Per finire prima la pausa scrivi *Riprendi*. Per cancellarti, quando vuoi, scrivi *Disattiva Notizie*.`

	choice = `Non possiamo mandarti soltanto le notizie di un argomento. Puoi scegliere così:

*Solo urgenti*: per ricevere soltanto le notizie urgenti
*Pausa*: per ricevere soltanto le urgenti per 30 giorni
*Tutte le notizie*: per riceverle tutte
*Disattiva Notizie*: per cancellarti e non ricevere niente

Scrivi le parole che hai scelto. Per ora la tua iscrizione non è cambiata.`

	help = `Questo numero invia gratis le notizie del Comune di {{.Comune}}. Se le ricevi già, la tua iscrizione non è cambiata. Puoi scrivere:

*Attiva Notizie* con nome, cognome e Comune di residenza: per iscriverti o correggere i tuoi dati
*Disattiva Notizie*: per cancellarti
*Solo urgenti*: per ricevere soltanto le notizie urgenti
*Tutte le notizie*: per riceverle di nuovo tutte
*Pausa*: per ricevere soltanto le urgenti per 30 giorni, o fino a quando vuoi, per esempio *Pausa fino a settembre*
*Riprendi*: per finire la pausa
*I miei dati*: per sapere che cosa conserviamo su di te
*Comandi*: per rileggere questo messaggio

A tutto il resto risponde un programma, non una persona. Per le emergenze chiama il 112. Per scriverci usa {{.Channels}}.{{if .RulesURL}}

Come funziona: {{.RulesURL}}{{end}}`

	myData = `Ecco tutto quello che conserviamo su di te.

{{.Held}}

Perché: per inviarti le notizie che hai chiesto e risponderti, con il tuo consenso.
Per quanto tempo: finché dura l'iscrizione; i dati sulle consegne per {{.Deliveries}}. Dopo *Disattiva Notizie* cancelliamo tutto entro pochi minuti, e le copie di sicurezza alla loro scadenza.
Chi altro li riceve: WhatsApp, che trasporta i messaggi.

Per correggere i dati dell'iscrizione scrivi *Attiva Notizie* con nome, cognome e Comune di residenza. Per gli altri diritti usa {{.Channels}}.{{if .PrivacyURL}}

Privacy: {{.PrivacyURL}}{{end}}`

	emergency = `112: chiama subito questo numero se c'è un pericolo o qualcuno sta male. Qui risponde un programma: nessuno legge e nessuno può mandare aiuto.

Se volevi altro, puoi scrivere *Attiva Notizie*, *Disattiva Notizie* o *Comandi*.`

	other = `Questo numero invia soltanto le notizie del Comune di {{.Comune}}: qui risponde un programma, non una persona.

Per le emergenze chiama il 112. Per scriverci usa {{.Channels}}.

Per iscriverti: *Attiva Notizie* con nome, cognome e Comune di residenza.
Per cancellarti: *Disattiva Notizie*. Per sapere che cos'altro puoi scrivere: *Comandi*.`

	again = `Non ho capito. Scrivi soltanto:

*Attiva Notizie* con nome, cognome e Comune
*Disattiva Notizie* per cancellarti
*Comandi* per sapere altro`

	office = `Qui risponde un programma, e non ha capito la tua richiesta. Per parlare con una persona usa {{.Channels}}. Per le emergenze chiama il 112.

Per cancellarti scrivi *Disattiva Notizie*.`

	call = `Per le emergenze chiama il 112. Questo numero non risponde alle chiamate: invia soltanto le notizie del Comune di {{.Comune}}.

Per parlarci o scriverci usa {{.Channels}}.

Per iscriverti: *Attiva Notizie* con nome, cognome e Comune di residenza.
Per cancellarti: *Disattiva Notizie*. Per sapere che cos'altro puoi scrivere: *Comandi*.`

	unreadable = `Non siamo riusciti a leggere il tuo ultimo messaggio: scrivilo di nuovo, per favore. Per le emergenze chiama il 112.

Per iscriverti: *Attiva Notizie* con nome, cognome e Comune di residenza.
Per cancellarti: *Disattiva Notizie*.`
)
