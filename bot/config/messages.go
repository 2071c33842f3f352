package config

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"text/template"
	"unicode/utf8"
)

// maxMessage is the length up to which WhatsApp's apps are known to show a text whole.
const maxMessage = 4096

// maxDetail is the longest given name, family name or Comune a citizen can register with.
const maxDetail = 60

// The default answers. They use the fields that messageFields lists.
const (
	confirmation = `*Iscrizione attiva.* Grazie {{.GivenName}}, riceverai qui le notizie del Comune di {{.Comune}}.` +
		`{{if .Launch}} Le notizie inizieranno il giorno {{.Launch}}.{{end}}

Ti abbiamo iscritto come {{.GivenName}} {{.FamilyName}}, {{.Residence}}: se c'è un errore, riscrivi il messaggio.
Salva questo numero in rubrica: {{.Number}}, «{{.Service}}». Il servizio è gratuito.

Da qui non leggiamo le risposte: per scriverci usa {{.Channels}}.
Per cancellarti, quando vuoi, scrivi *Disattiva Notizie*.{{if .RulesURL}}

Come funziona: {{.RulesURL}}{{end}}{{if .PrivacyURL}}
Privacy: {{.PrivacyURL}}{{end}}`

	already = `{{.GivenName}}, la tua iscrizione a {{.Service}} è già attiva: abbiamo aggiornato i tuoi dati e non devi fare altro.` +
		`{{if .Launch}} Le notizie inizieranno il giorno {{.Launch}}.{{end}}

Per cancellarti, quando vuoi, scrivi *Disattiva Notizie*.`

	incomplete = `Ci siamo quasi! Per ricevere le notizie del Comune di {{.Comune}} ci manca ancora: {{.Missing}}.

Riscrivi tutto in un solo messaggio, per esempio:
*Attiva Notizie Mario Rossi {{.Comune}}*

Per ora non abbiamo registrato nulla di nuovo.`

	goodbye = `Fatto: non riceverai altre notizie e il tuo numero viene cancellato dal nostro archivio.

Se cambi idea scrivi *Attiva Notizie* con nome, cognome e Comune di residenza.`

	notRegistered = `Questo numero non è iscritto a {{.Service}}: non abbiamo tuoi dati e non riceverai notizie.

Per iscriverti scrivi *Attiva Notizie* con nome, cognome e Comune di residenza.`

	other = `Questo numero invia soltanto le notizie del Comune di {{.Comune}} e qui nessuno legge le risposte.

Per scriverci usa {{.Channels}}. Per le emergenze chiama il *112*.

Per iscriverti: *Attiva Notizie* con nome, cognome e Comune di residenza.
Per cancellarti: *Disattiva Notizie*.`
)

// action is all of the template language that a message may use. Without loops and functions a text can neither hang nor fail later.
var action = regexp.MustCompile(`\{\{-?\s*(?:(?:else\s+)?if\s+)?\.([A-Za-z]+)\s*-?\}\}|\{\{-?\s*(?:else|end)\s*-?\}\}`)

// messageKeys are the rows of allKeys for the answers. Those that subscribers get must name the way out.
func messageKeys() []key {
	row := func(name, value string, wayOut bool, text func(*Config) string) key {
		return key{"messages." + name, value, firstLine(value), func(c *Config) string { return message(c, text(c), wayOut) }}
	}
	return []key{
		row("confirmation", confirmation, true, func(c *Config) string { return c.Messages.Confirmation }),
		row("already", already, true, func(c *Config) string { return c.Messages.Already }),
		row("incomplete", incomplete, false, func(c *Config) string { return c.Messages.Incomplete }),
		row("goodbye", goodbye, false, func(c *Config) string { return c.Messages.Goodbye }),
		row("not_registered", notRegistered, false, func(c *Config) string { return c.Messages.NotRegistered }),
		row("other", other, true, func(c *Config) string { return c.Messages.Other }),
	}
}

func firstLine(s string) string {
	first, _, _ := strings.Cut(s, "\n")
	return first
}

// messageFields are the fields a message may name, with the longest value each can have.
func messageFields(c *Config) map[string]string {
	widest := strings.Repeat("W", maxDetail)
	return map[string]string{
		"Service": c.Service.Name, "Comune": c.Service.Comune, "Number": c.Service.Number, "Channels": c.Service.Channels,
		"RulesURL": c.Service.RulesURL, "PrivacyURL": c.Service.PrivacyURL, "Launch": "30 settembre 2022",
		"GivenName": widest, "FamilyName": widest, "Residence": widest,
		"Missing": "il nome, il cognome e il Comune di residenza",
	}
}

// message says what is wrong with a text, rendered once with everything filled in and once with all that may be empty left empty.
func message(c *Config, text string, wayOut bool) string {
	full := messageFields(c)
	if wrong := language(text, full); wrong != "" {
		return wrong
	}
	t, err := template.New("message").Parse(text)
	if err != nil {
		return fmt.Sprintf("is not a valid template (%v)", err)
	}
	bare := map[string]string{}
	for name, value := range full {
		bare[name] = value
		if slices.Contains([]string{"Launch", "RulesURL", "PrivacyURL", "GivenName", "FamilyName", "Residence", "Missing"}, name) {
			bare[name] = ""
		}
	}
	for _, fields := range []map[string]string{full, bare} {
		var b strings.Builder
		if err := t.Execute(&b, fields); err != nil {
			return fmt.Sprintf("is not a valid template (%v)", err)
		}
		if wrong := rendered(b.String(), wayOut); wrong != "" {
			return wrong
		}
	}
	return ""
}

// language holds a text to the few actions and the known fields, also in branches that rendering would not reach.
func language(text string, fields map[string]string) string {
	for _, m := range action.FindAllStringSubmatch(text, -1) {
		if _, known := fields[m[1]]; m[1] != "" && !known {
			return fmt.Sprintf("names the unknown field .%s", short(m[1]))
		}
	}
	if strings.Contains(action.ReplaceAllString(text, ""), "{{") {
		return "may use only {{.Field}}, {{if .Field}}, {{else}} and {{end}}"
	}
	return ""
}

// rendered looks at a text as a citizen would get it.
func rendered(text string, wayOut bool) string {
	plain := strings.NewReplacer("*", "", "_", "", "~", "").Replace(strings.ToLower(text))
	switch n := utf8.RuneCountInString(text); {
	case strings.TrimSpace(plain) == "":
		return "must not be empty"
	case n > maxMessage:
		return fmt.Sprintf("has up to %d characters with the longest names, at most %d are allowed", n, maxMessage)
	case wayOut && !strings.Contains(plain, "disattiva notizie"):
		return `must always say how to leave, with the words "Disattiva Notizie": it is sent to subscribers`
	}
	return ""
}
