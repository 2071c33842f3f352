package config

import (
	"strings"
	"testing"
)

// TestDefaultAnswersSayWhatTheyMust names what each answer owes its reader, whoever rewords it.
func TestDefaultAnswersSayWhatTheyMust(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, must string }{
		{confirmation, "{{.Service}} {{.Number}} {{.Channels}} {{.RulesURL}} {{.PrivacyURL}} {{.Launch}} {{.Late}} {{.GivenName}} {{.FamilyName}} {{.Residence}}" +
			" *Disattiva Notizie* rubrica 112"},
		{already, "{{.Service}} {{.Launch}} {{.GivenName}} {{.FamilyName}} {{.Residence}} *Disattiva Notizie*"},
		{incomplete, "{{.Missing}} {{.Hours}} {{.Comune}} *Attiva Notizie *Disattiva Notizie*"},
		{optIn, "*SÌ* {{.Hours}} {{.GivenName}} {{.FamilyName}} {{.Residence}} {{.RulesURL}} {{.PrivacyURL}}"},
		{goodbye, "cancellato *Attiva Notizie*"},
		{notRegistered, "iscritto *Attiva Notizie*"},
		{help, "{{.Channels}} *112* *Attiva Notizie* *Disattiva Notizie* *I miei dati* *Aiuto*"},
		{myData, "{{.Held}} *Attiva Notizie* *Disattiva Notizie* {{.PrivacyURL}}"},
		{other, "{{.Channels}} *112* *Attiva Notizie* *Disattiva Notizie* *Aiuto*"},
		{call, "chiamate {{.Channels}} *112* *Disattiva Notizie*"},
		{unreadable, "*Disattiva Notizie* *112*"},
	} {
		for must := range strings.FieldsSeq(c.must) {
			if !strings.Contains(c.text, must) {
				t.Errorf("lacks %s: %s", must, c.text)
			}
		}
	}
}

func TestMessagesMayBeReworded(t *testing.T) {
	t.Parallel()
	c := mustLoad(t, minimal, "BANDITORE_MESSAGES_CONFIRMATION=  Ciao {{.Nobody}}\n", "BANDITORE_MESSAGES_MY_DATA="+strings.Repeat("é", 5000))
	if c.Messages.Confirmation != "Ciao {{.Nobody}}" || len(c.Messages.MyData) != 10_000 {
		t.Errorf("got %+v", c.Messages)
	}
}

// TestCheck: what another room finds stands among the problems, in its place and with the key's example, unless the value was wrong already.
func TestCheck(t *testing.T) {
	t.Parallel()
	_, err := LoadFrom(Source{
		Path: write(t, minimal+"sending: { every: 5, hours: '08:00-08:00' }\nlog: { format: xml }\nmessages: { goodbye: Addio }\n"),
		Check: func(c Config) map[string]string {
			if c.Messages.Goodbye != "Addio" {
				t.Errorf("the check got %+v", c.Messages)
			}
			return map[string]string{"messages.goodbye": "is too sad", "sending.hours": "so is this", "sending.every": "and this"}
		},
	})
	const want = `4 to correct
  sending.every: must be a duration with its unit (ms, s, m, h), not a bare number; for example: 6s
  sending.hours: must be two different times HH:MM-HH:MM; 00:00-24:00 means always; for example: 08:00-20:00
  messages.goodbye: is too sad; for example: Fatto: non riceverai altre notizie e il tuo numero viene cancellato dal nostro archivio.
  log.format: must be text or json; for example: text`
	if err == nil || !strings.HasSuffix(err.Error(), want) {
		t.Errorf("got %v\nwant …%s", err, want)
	}
}
