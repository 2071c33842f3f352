package config

// The default answers about being on the list. Who may use which field, and what each answer owes its reader, is the business of bot/citizen.
// They are for somebody of 75 who reads them once, or has them read aloud: short sentences, neither "iscritto" nor "iscritta", no emoji, and
// bold only for what is to be typed.
const (
	confirmation = `Iscrizione attiva. Grazie {{.GivenName}}: riceverai qui le notizie del Comune di {{.Comune}}.` +
		`{{if .Launch}} Le notizie inizieranno il giorno {{.Launch}}.{{end}}{{if .Late}} Hai scritto il giorno {{.Late}}: scusa il ritardo.{{end}}

L'iscrizione è a nome di {{.GivenName}} {{.FamilyName}}, {{.Residence}}. Se c'è un errore scrivi di nuovo *Attiva Notizie* con i dati giusti.

Ora ti mandiamo il nostro contatto: salvalo in rubrica come «{{.Service}}», {{.Number}}. Il servizio è gratuito ed è per chi ha almeno 14 anni.

Qui risponde un programma, non una persona. Per le emergenze chiama il 112. Per scriverci usa {{.Channels}}.

Per cancellarti, quando vuoi, scrivi *Disattiva Notizie*. Per sapere che cos'altro puoi scrivere: *Comandi*.{{if .RulesURL}}

Come funziona: {{.RulesURL}}{{end}}{{if .PrivacyURL}}
Privacy: {{.PrivacyURL}}{{end}}`

	privacy = `Come usiamo i tuoi dati (articolo 13 GDPR).

Chi li usa: il Comune di {{.Comune}}, titolare del trattamento. Per scrivergli, anche al responsabile della protezione dei dati, usa {{.Channels}}.

Perché: per inviarti le notizie che hai chiesto, e per nient'altro. Lo facciamo con il tuo consenso. Puoi ritirarlo quando vuoi: scrivi *Disattiva Notizie*.

Quali dati: numero di telefono, identificativo di WhatsApp, nome, cognome, Comune di residenza, le parole della tua richiesta, se i messaggi sono arrivati. Dare i dati è una scelta tua, ma senza non possiamo iscriverti. Il servizio è per chi ha almeno 14 anni.

Per quanto tempo: finché dura l'iscrizione; i dati sulle consegne per {{.Deliveries}}. Dopo *Disattiva Notizie* cancelliamo tutto entro pochi minuti. ` +
		`Le copie di sicurezza si cancellano alla loro scadenza. Può restare, al massimo per {{.Remember}}, un'impronta del numero che da sola non dice di chi è: serve a non iscriverti di nuovo per errore.

Chi altro li riceve: WhatsApp (WhatsApp Ireland, gruppo Meta), che trasporta i messaggi. Ne risponde come titolare autonomo e può portarli negli Stati Uniti. La chat resta anche sul telefono del Comune, finché qualcuno non la elimina.

I tuoi diritti: vedere i dati (scrivi *I miei dati*), riceverne una copia, correggerli, cancellarli, limitarne l'uso. ` +
		`Puoi fare reclamo al Garante per la protezione dei dati personali. Non facciamo profili e non prendiamo decisioni automatizzate.`

	already = `{{if .GivenName}}{{.GivenName}}, la{{else}}La{{end}} tua iscrizione a {{.Service}} è già attiva.` +
		`{{if .FamilyName}} È a nome di {{.GivenName}} {{.FamilyName}}, {{.Residence}}.{{end}}` +
		`{{if .Launch}} Le notizie inizieranno il giorno {{.Launch}}.{{end}}

Non devi fare altro. Se c'è un errore scrivi di nuovo *Attiva Notizie* con i dati giusti. Per cancellarti, quando vuoi, scrivi *Disattiva Notizie*.`

	incomplete = `Ci siamo quasi! Per ricevere le notizie del Comune di {{.Comune}} ` +
		`{{if .Missing}}{{if .Several}}ci mancano{{else}}ci manca{{end}}: {{.Missing}}{{else}}scrivi di nuovo i tuoi dati, senza altre parole{{end}}.{{if .Known}}

Finora abbiamo capito:
{{.Known}}{{end}}

{{if .Missing}}Rispondi soltanto con {{if .Several}}i dati che mancano{{else}}il dato che manca{{end}}{{else}}Rispondi{{end}}, entro {{.Hours}}. Oppure scrivi tutto di nuovo, per esempio:
*Attiva Notizie Mario Rossi {{.Comune}}*

Se non rispondi, non conserviamo nulla di questa richiesta. Se invece vuoi cancellarti scrivi *Disattiva Notizie*.`

	optIn = `{{.GivenName}}, vuoi ricevere qui le notizie del Comune di {{.Comune}}? Per confermare rispondi *SÌ* entro {{.Hours}}.

L'iscrizione sarà a nome di {{.GivenName}} {{.FamilyName}}, {{.Residence}}. Se c'è un errore scrivi di nuovo *Attiva Notizie* con i dati giusti.

Se non vuoi, rispondi *NO*. Se non rispondi non ti iscriviamo e non conserviamo nulla di questa richiesta.{{if .RulesURL}}

Come funziona: {{.RulesURL}}{{end}}{{if .PrivacyURL}}
Privacy: {{.PrivacyURL}}{{end}}`

	checkDetails = `Per ricevere le notizie del Comune di {{.Comune}} controlla i tuoi dati:

{{.Known}}

{{if .Couple}}Hai scritto due nomi. Con un telefono si iscrive una persona sola: l'altra persona scriva dal suo telefono. ` +
		`{{end}}{{if .Unknown}}Non conosciamo il Comune «{{.Unknown}}»: guarda se è scritto bene. {{end}}È tutto giusto? Rispondi *SÌ* entro {{.Hours}}.

Se c'è un errore scrivi il dato giusto, per esempio {{if .Unknown}}*Comune: {{.Comune}}*{{else}}*Cognome: Rossi*{{end}}. Oppure scrivi di nuovo *Attiva Notizie* con nome, cognome e Comune.

Se non vuoi, rispondi *NO*. Se non rispondi non cambia niente e non conserviamo nulla di questa richiesta.{{if .RulesURL}}

Come funziona: {{.RulesURL}}{{end}}{{if .PrivacyURL}}
Privacy: {{.PrivacyURL}}{{end}}`

	dropped = `Va bene, non ti iscriviamo e non conserviamo nulla: anche la traccia di questi messaggi si cancella entro un giorno.

Se cambi idea, per iscriverti scrivi *Attiva Notizie* con nome, cognome e Comune di residenza.`

	expired = `Per iscriverti scrivi tutto in un messaggio: {{if .Missing}}*Attiva Notizie* con il tuo nome, il cognome e il Comune di residenza` +
		`{{else}}*Attiva Notizie {{.GivenName}} {{.FamilyName}} {{.Residence}}*{{end}}.{{if .Missing}}{{if .Known}}

Ora abbiamo capito soltanto:
{{.Known}}{{end}}{{end}}

Se rispondevi a una nostra domanda, la richiesta è scaduta: ricomincia così.

Se l'iscrizione c'è già, non è cambiata. Per cancellarti scrivi *Disattiva Notizie*.`

	howToCorrect = `Adesso l'iscrizione ha questi dati:
{{.Known}}

Per correggerne uno scrivi il dato giusto, per esempio *Cognome: Castellini*. Oppure scrivi di nuovo *Attiva Notizie* con nome, cognome e Comune giusti.

Per cancellarti scrivi *Disattiva Notizie*.`

	corrected = `Fatto, abbiamo corretto i dati. Ora l'iscrizione è a nome di {{.GivenName}} {{.FamilyName}}, {{.Residence}}.

Se c'è ancora un errore scrivi di nuovo *Attiva Notizie* con i dati giusti. Per cancellarti, quando vuoi, scrivi *Disattiva Notizie*.`
)
