package config

import "strings"

// Messages are the answers citizens get: text/template with {{.Field}}, {{if .Field}}, {{else}} and {{end}} only. Here they are checked
// for being there at all; a [Check] must look at what they say.
type Messages struct {
	Confirmation  string `mapstructure:"confirmation"`
	Already       string `mapstructure:"already"`
	Incomplete    string `mapstructure:"incomplete"`
	OptIn         string `mapstructure:"opt_in"`
	Goodbye       string `mapstructure:"goodbye"`
	NotRegistered string `mapstructure:"not_registered"`
	Help          string `mapstructure:"help"`
	MyData        string `mapstructure:"my_data"`
	Other         string `mapstructure:"other"`
	Call          string `mapstructure:"call"`
	Unreadable    string `mapstructure:"unreadable"`
}

// The default answers. Who may use which field, and what each answer owes its reader, is the business of bot/citizen.
const (
	confirmation = `*Iscrizione attiva.* Grazie {{.GivenName}}, riceverai qui le notizie del Comune di {{.Comune}}.` +
		`{{if .Launch}} Le notizie inizieranno il giorno {{.Launch}}.{{end}}{{if .Late}} Hai scritto il giorno {{.Late}}: scusa il ritardo.{{end}}

Ti abbiamo iscritto come {{.GivenName}} {{.FamilyName}}, {{.Residence}}: se c'è un errore, riscrivi il messaggio.
Ora ti mandiamo il nostro contatto: salvalo in rubrica come «{{.Service}}», {{.Number}}. Il servizio è gratuito.

Qui risponde un programma, non una persona: per scriverci usa {{.Channels}}. Per le emergenze chiama il 112.
Per cancellarti, quando vuoi, scrivi *Disattiva Notizie*.{{if .RulesURL}}

Come funziona: {{.RulesURL}}{{end}}{{if .PrivacyURL}}
Privacy: {{.PrivacyURL}}{{end}}`

	already = `{{if .GivenName}}{{.GivenName}}, la{{else}}La{{end}} tua iscrizione a {{.Service}} è già attiva.` +
		`{{if .FamilyName}} I tuoi dati sono ora questi: {{.GivenName}} {{.FamilyName}}, {{.Residence}}.{{end}}` +
		`{{if .Launch}} Le notizie inizieranno il giorno {{.Launch}}.{{end}}

Non devi fare altro. Per cancellarti, quando vuoi, scrivi *Disattiva Notizie*.`

	incomplete = `Ci siamo quasi! Per ricevere le notizie del Comune di {{.Comune}} {{if .Missing}}ci manca ancora: {{.Missing}}` +
		`{{else}}scrivi di nuovo i tuoi dati, senza altre parole{{end}}.

Basta rispondere con i dati che mancano entro {{.Hours}}. Oppure riscrivi tutto, per esempio:
*Attiva Notizie Mario Rossi {{.Comune}}*

Se non rispondi, di questa richiesta non conserviamo nulla. Se invece vuoi cancellarti scrivi *Disattiva Notizie*.`

	optIn = `{{.GivenName}}, vuoi ricevere qui le notizie del Comune di {{.Comune}}? Per confermare rispondi *SÌ* entro {{.Hours}}.

I dati che abbiamo capito: {{.GivenName}} {{.FamilyName}}, {{.Residence}}. Se c'è un errore, riscrivi il messaggio.
Se non rispondi non ti iscriviamo e non conserviamo nulla.{{if .RulesURL}}

Come funziona: {{.RulesURL}}{{end}}{{if .PrivacyURL}}
Privacy: {{.PrivacyURL}}{{end}}`

	goodbye = `Fatto: non riceverai altre notizie e il tuo numero viene cancellato dal nostro archivio.

Se cambi idea scrivi *Attiva Notizie* con nome, cognome e Comune di residenza.`

	notRegistered = `Questo numero non risulta iscritto a {{.Service}}: non riceverai notizie. Non conserviamo tuoi dati; anche la traccia di questa richiesta si cancella entro un giorno.

Per iscriverti scrivi *Attiva Notizie* con nome, cognome e Comune di residenza.`

	help = `Questo numero invia gratis le notizie del Comune di {{.Comune}}. Puoi scrivere:

*Attiva Notizie* con nome, cognome e Comune di residenza: per iscriverti o correggere i tuoi dati
*Disattiva Notizie*: per cancellarti
*I miei dati*: per sapere che cosa conserviamo su di te
*Aiuto*: per rileggere questo messaggio

A tutto il resto risponde un programma, non una persona: per scriverci usa {{.Channels}}. Per le emergenze chiama il *112*.{{if .RulesURL}}

Come funziona: {{.RulesURL}}{{end}}`

	myData = `Ecco tutto quello che conserviamo su di te.

{{.Held}}

Se sei iscritto puoi correggere i tuoi dati: scrivi *Attiva Notizie* con nome, cognome e Comune di residenza. Per cancellarli scrivi *Disattiva Notizie*.{{if .PrivacyURL}}

Privacy e altri diritti: {{.PrivacyURL}}{{end}}`

	other = `Questo numero invia soltanto le notizie del Comune di {{.Comune}}: qui risponde un programma, non una persona.

Per scriverci usa {{.Channels}}. Per le emergenze chiama il *112*.

Per iscriverti: *Attiva Notizie* con nome, cognome e Comune di residenza.
Per cancellarti: *Disattiva Notizie*. Per sapere altro: *Aiuto*.`

	call = `Non rispondiamo alle chiamate: questo numero invia soltanto le notizie del Comune di {{.Comune}}.

Per contattarci usa {{.Channels}}. Per le emergenze chiama il *112*.

Per iscriverti: *Attiva Notizie* con nome, cognome e Comune di residenza.
Per cancellarti: *Disattiva Notizie*. Per sapere altro: *Aiuto*.`

	unreadable = `Non siamo riusciti a leggere il tuo ultimo messaggio: per favore scrivilo di nuovo.

Per iscriverti: *Attiva Notizie* con nome, cognome e Comune di residenza.
Per cancellarti: *Disattiva Notizie*. Per le emergenze chiama il *112*.`
)

// messageKeys are the rows of allKeys for the answers.
func messageKeys() []key {
	row := func(name, value string, text func(*Config) string) key {
		return key{"messages." + name, value, firstLine(value), func(c *Config) string { return present(text(c)) }}
	}
	return []key{
		row("confirmation", confirmation, func(c *Config) string { return c.Messages.Confirmation }),
		row("already", already, func(c *Config) string { return c.Messages.Already }),
		row("incomplete", incomplete, func(c *Config) string { return c.Messages.Incomplete }),
		row("opt_in", optIn, func(c *Config) string { return c.Messages.OptIn }),
		row("goodbye", goodbye, func(c *Config) string { return c.Messages.Goodbye }),
		row("not_registered", notRegistered, func(c *Config) string { return c.Messages.NotRegistered }),
		row("help", help, func(c *Config) string { return c.Messages.Help }),
		row("my_data", myData, func(c *Config) string { return c.Messages.MyData }),
		row("other", other, func(c *Config) string { return c.Messages.Other }),
		row("call", call, func(c *Config) string { return c.Messages.Call }),
		row("unreadable", unreadable, func(c *Config) string { return c.Messages.Unreadable }),
	}
}

func firstLine(s string) string {
	first, _, _ := strings.Cut(s, "\n")
	return first
}

func present(text string) string {
	if strings.TrimSpace(text) == "" {
		return "must not be empty"
	}
	return ""
}
