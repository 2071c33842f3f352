package config

import (
	"regexp"
	"strings"
	"testing"
)

// TestDefaultAnswersSayWhatTheyMust names what each answer owes its reader, whoever rewords it.
func TestDefaultAnswersSayWhatTheyMust(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, must string }{
		{confirmation, "{{.Service}} {{.Number}} {{.Channels}} {{.RulesURL}} {{.PrivacyURL}} {{.Launch}} {{.Late}} {{.GivenName}} {{.FamilyName}} {{.Residence}}" +
			" *Attiva Notizie* *Disattiva Notizie* *Comandi* rubrica 112 14 nome"},
		{privacy, "{{.Comune}} {{.Channels}} {{.Deliveries}} {{.Remember}} *Disattiva Notizie* *I miei dati* consenso WhatsApp Garante 14"},
		{already, "{{.Service}} {{.Launch}} {{.GivenName}} {{.FamilyName}} {{.Residence}} *Attiva Notizie* *Disattiva Notizie*"},
		{incomplete, "{{.Missing}} {{.Known}} {{.Hours}} {{.Comune}} manca mancano *Attiva Notizie *Disattiva Notizie*"},
		{optIn, "*SÌ* *NO* {{.Hours}} {{.GivenName}} {{.FamilyName}} {{.Residence}} {{.RulesURL}} {{.PrivacyURL}}"},
		{checkDetails, "*SÌ* *NO* {{.Hours}} {{.Known}} «{{.Unknown}}» {{.RulesURL}} {{.PrivacyURL}} *Cognome: *Attiva Notizie*"},
		{dropped, "conserviamo *Attiva Notizie*"},
		{expired, "{{.GivenName}} {{.FamilyName}} {{.Residence}} {{.Known}} scaduta *Attiva Notizie *Disattiva Notizie*"},
		{howToCorrect, "{{.Known}} *Cognome: *Attiva Notizie* *Disattiva Notizie*"},
		{corrected, "{{.GivenName}} {{.FamilyName}} {{.Residence}} *Attiva Notizie* *Disattiva Notizie*"},
		{leaving, "{{if .Bereaved}}Ci .NewHolder *SÌ* *Disattiva Notizie*"},
		{stays, "cambiata. *Disattiva Notizie*"},
		{goodbye, "cancellati chat telefono *Attiva Notizie*"},
		{notRegistered, "iscritto numero {{.Channels}} *Disattiva Notizie* *Attiva Notizie*"},
		{onlyUrgent, "urgenti. *Tutte le notizie* *Disattiva Notizie*"},
		{allNews, "{{.Launch}} *Disattiva Notizie*"},
		{paused, "{{.Until}} urgenti sempre *Riprendi* *Disattiva Notizie*"},
		{choice, "*Solo urgenti* *Pausa* *Tutte le notizie* *Disattiva Notizie*"},
		{help, "{{.Channels}} 112 cambiata. *Attiva Notizie* *Disattiva Notizie* *Solo urgenti* *Tutte le notizie* *Pausa* *Riprendi* *I miei dati* *Comandi*"},
		{myData, "{{.Held}} {{.Deliveries}} {{.Channels}} *Attiva Notizie* *Disattiva Notizie* WhatsApp {{.PrivacyURL}}"},
		{emergency, "112: *Comandi*"},
		{other, "{{.Channels}} 112 *Attiva Notizie* *Disattiva Notizie* *Comandi*"},
		{again, "*Attiva Notizie* *Disattiva Notizie* *Comandi*"},
		{office, "{{.Channels}} 112 *Disattiva Notizie*"},
		{call, "chiamate: {{.Channels}} 112 *Disattiva Notizie*"},
		{unreadable, "*Disattiva Notizie* 112"},
	} {
		for must := range strings.FieldsSeq(c.must) {
			if !strings.Contains(c.text, must) {
				t.Errorf("lacks %s: %s", must, c.text)
			}
		}
	}
}

// Whoever has the answers read aloud hears words alone, is neither he nor she, and what is bold is what to type.
func TestDefaultAnswersAreForEverybody(t *testing.T) {
	t.Parallel()
	typed := regexp.MustCompile(`^(SÌ|NO|Comandi|Solo urgenti|Tutte le notizie|Pausa( fino a settembre)?|Riprendi|I miei dati|Disattiva Notizie|Attiva Notizie( .+)?|Cognome: [a-zA-Z]+|Comune: {{.Comune}})$`)
	bold := regexp.MustCompile(`\*([^*]*)\*`)
	odd := regexp.MustCompile(`[^\p{L}\p{N}\n .,:;!?'()«»{}*/]|[!?.,:;*]{3}|  `)
	gendered := regexp.MustCompile(`(?i)\b(iscritt[ai]|benvenut[oa]|(sei|ti abbiamo|ti sei) \w+t[oa])\b`)
	for _, k := range messageKeys() {
		text, _ := k.value.(string)
		for _, m := range bold.FindAllStringSubmatch(text, -1) {
			if !typed.MatchString(m[1]) {
				t.Errorf("%s: nobody types %q", k.name, m[1])
			}
		}
		if found := odd.FindString(text); found != "" {
			t.Errorf("%s: is %q read aloud?", k.name, found)
		}
		if found := gendered.FindString(text); found != "" {
			t.Errorf("%s: %q is he or she", k.name, found)
		}
		for sentence := range strings.SplitSeq(strings.NewReplacer("? ", ". ", ": ", ". ", "\n", ". ").Replace(text), ". ") {
			if n := len(strings.Fields(sentence)); n > 26 {
				t.Errorf("%s: %d words are too many to be understood at first reading: %s", k.name, n, sentence)
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
  messages.goodbye: is too sad; for example: Fatto: non riceverai altre notizie. Il tuo numero e i tuoi dati vengono cancellati dal nostro archivio entro pochi minuti.
  log.format: must be text or json; for example: text`
	if err == nil || !strings.HasSuffix(err.Error(), want) {
		t.Errorf("got %v\nwant …%s", err, want)
	}
}
