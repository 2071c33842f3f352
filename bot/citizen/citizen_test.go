package citizen

import (
	"strings"
	"sync"
	"testing"
)

func TestReadSubscribe(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Request{
		"attiva notizie anna rossi di saronno":                                             {Intent: Subscribe, GivenName: "anna", FamilyName: "rossi", Comune: "Saronno"},
		"At\u200btiva Notizie Ma\u00adrio Rossi Saronno":                                   {Intent: Subscribe, GivenName: "Mario", FamilyName: "Rossi", Comune: "Saronno"},
		"Attiva Notizie Mario Rossi, S. Vittore Olona":                                     {Intent: Subscribe, GivenName: "Mario", FamilyName: "Rossi", Comune: "San Vittore Olona"},
		"Attiva Notizie Mario Rossi Saronno":                                               {Intent: Subscribe, GivenName: "Mario", FamilyName: "Rossi", Comune: "Saronno"},
		"Attiva le notizie Mario Rossi Saronno":                                            {Intent: Subscribe, GivenName: "Mario", FamilyName: "Rossi", Comune: "Saronno"},
		"\u200eATTIVA\u00a0NOTIZIE\u2009MARIO ROSSI SARONNO!!":                             {Intent: Subscribe, GivenName: "MARIO", FamilyName: "ROSSI", Comune: "Saronno"},
		"~Attiva~ _Notizie_ `Mario` Rossi «Saronno»":                                       {Intent: Subscribe, GivenName: "Mario", FamilyName: "Rossi", Comune: "Saronno"},
		"Attiva Notizie\r\nMario Rossi\r\nReggio nell'Emilia":                              {Intent: Subscribe, GivenName: "Mario", FamilyName: "Rossi", Comune: "Reggio nell'Emilia"},
		"Attiva Notizie, Anna Maria, De Luca, Caronno Pertusella":                          {Intent: Subscribe, GivenName: "Anna Maria", FamilyName: "De Luca", Comune: "Caronno Pertusella"},
		"Attiva Notizie Mario, Rossi Saronno":                                              {Intent: Subscribe, GivenName: "Mario", FamilyName: "Rossi", Comune: "Saronno"},
		"Attiva Notizie Anna Maria Dell’Acqua Saronno":                                     {Intent: Subscribe, GivenName: "Anna Maria", FamilyName: "Dell'Acqua", Comune: "Saronno"},
		"Attiva Notizie maria di pietro saronno":                                           {Intent: Subscribe, GivenName: "maria", FamilyName: "di pietro", Comune: "Saronno"},
		"Attiva Notizie Carla Di Pietro di Uboldo":                                         {Intent: Subscribe, GivenName: "Carla", FamilyName: "Di Pietro", Comune: "Uboldo"},
		"Attiva Notizie Anna Maria Di Pietro Saronno":                                      {Intent: Subscribe, GivenName: "Anna Maria", FamilyName: "Di Pietro", Comune: "Saronno"},
		"Attiva Notizie Jean-Luc Rossi Saronno":                                            {Intent: Subscribe, GivenName: "Jean-Luc", FamilyName: "Rossi", Comune: "Saronno"},
		"Attiva-Notizie Mario Rossi Saronno":                                               {Intent: Subscribe, GivenName: "Mario", FamilyName: "Rossi", Comune: "Saronno"},
		"Attiva Notizie Mario Rossi Saronno VA":                                            {Intent: Subscribe, GivenName: "Mario", FamilyName: "Rossi", Comune: "Saronno"},
		"Attiva Notizie Mario Rossi 21047 Saronno +39 333 1234567":                         {Intent: Subscribe, GivenName: "Mario", FamilyName: "Rossi", Comune: "Saronno"},
		"Attiva Notizie Nome e cognome: Mario Rossi Comune: Saronno":                       {Intent: Subscribe, GivenName: "Mario", FamilyName: "Rossi", Comune: "Saronno"},
		"Attiva Notizie Comune di residenza: Rovello Porro, Cognome: Lo Presti, Nome: Eva": {Intent: Subscribe, GivenName: "Eva", FamilyName: "Lo Presti", Comune: "Rovello Porro"},
		"Attiva Notizie mi chiamo Mario Rossi e abito a Rovello Porro":                     {Intent: Subscribe, GivenName: "Mario", FamilyName: "Rossi", Comune: "Rovello Porro"},
		"Attiva Notizie Юрий Гагарин Saronno":                                              {Intent: Subscribe, GivenName: "Юрий", FamilyName: "Гагарин", Comune: "Saronno"},
		"Attiva Notizie Nicolo\u0300 Rossi Saronno":                                        {Intent: Subscribe, GivenName: "Nicolò", FamilyName: "Rossi", Comune: "Saronno"},
		"Salve, vi prego attiva notizie Mario Rossi Saronno grazie mille":                  {Intent: Subscribe, GivenName: "Mario", FamilyName: "Rossi", Comune: "Saronno"},
		"Attiva Notizie " + strings.Repeat("Xantippeantonomasiaxy ", 4) + "Rossi Saronno":  {Intent: Doubtful, Doubt: DoubtName, GivenName: strings.Repeat("Xantippeantonomasiaxy ", 4)[:60], FamilyName: "Rossi", Comune: "Saronno"},
		"Attiva Notizie " + strings.Repeat("x", 70) + " Rossi Saronno":                     {Intent: Incomplete, GivenName: "", FamilyName: "", Comune: ""},
	} {
		if got := reader(t).Read(text); got != want {
			t.Errorf("Read(%q)\n got %v %+v\nwant %v %+v", text, got.Intent, got, want.Intent, want)
		}
	}
}

// TestG1_OnlyAClearRequestSubscribes lists what looks like the command and is not one.
func TestG1_OnlyAClearRequestSubscribes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Intent{
		"":                                            Thanks,
		"   \n\u200b":                                 Thanks,
		"Non attiva notizie Mario Rossi Saronno":      Leaving,
		"Cattiva notizia Mario Rossi Saronno":         Other,
		"Attiva Notizie a cosa serve?":                Help,
		"Attiva Notizie Mario Rossi Saronno?":         Help,
		"Comandi: Attiva Notizie, Disattiva Notizie.": Help,
		"Attiva Notizie Disattiva Notizie Mario Rossi Saronno":          Leaving,
		"Attiva Notizie\nDis attiva notizie Rossi Saronno":              Help,
		"Attiva Notizie Mario Rossi annullo Saronno":                    Leaving,
		"Grazie per le notizie Mario Rossi Saronno":                     Remark,
		"Il vicino dice di scrivere attiva notizie Mario Rossi Saronno": Help,
		"Grazie per aver attivato le notizie, Mario Rossi Saronno":      Help,
		"Esempio: Attiva Notizie Mario Rossi Saronno":                   Help,
		"Attivazione SPID Mario Rossi Saronno":                          Other,
		"Attiva Mario Rossi Saronno":                                    Doubtful,
		"Ho scritto Attiva Notizie Mario Rossi Saronno":                 Help,
		"Attiva":                               Incomplete,
		"attiva grazie":                        Incomplete,
		"Attiva Notizie per favore":            Incomplete,
		"Attiva Notizie del Comune di Saronno": Incomplete,
		"Attiva Notizie non mi arriva niente":  Help,
		"Attiva Notizie [Nome] + [Cognome] + [Comune di residenza]": Incomplete,
		"Attiva Notizie 333 1234567 21047 1":                        Incomplete,
		"Attiva Notizie " + strings.Repeat("ciao a ", 20):           Incomplete,
		"Attiva Notizie 🙂🙂🙂":                                        Incomplete,
	} {
		if got := reader(t).Read(text); got.Intent != want {
			t.Errorf("Read(%q): got %v %+v, want %v", text, got.Intent, got, want)
		}
	}
}

func TestReadLeaving(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Intent{
		"Disattiva":                                Unsubscribe,
		"Dis attiva notizie":                       Unsubscribe,
		"dis-attiva notizie":                       Unsubscribe,
		"Disattivanotizie":                         Unsubscribe,
		"Disativa notizie":                         Unsubscribe,
		"Disattiva notizzie":                       Unsubscribe,
		"*Disattiva*\n_Notizie_!":                  Unsubscribe,
		"Disattiva le notizie, grazie":             Unsubscribe,
		"DISATTIVA\u00a0NOTIZIE":                   Unsubscribe,
		"Disattiva Notizie, perché mi scrivete?":   Unsubscribe,
		"Disattiva Notizie e non Attiva Notizie":   Unsubscribe,
		"Disattiva notizie?":                       Leaving,
		"buonasera, stop ai messaggi":              Unsubscribe,
		"Cancellami dalla lista":                   Unsubscribe,
		"stop!":                                    Unsubscribe,
		"STOP grazie":                              Unsubscribe,
		"Disattiva Notizie come si fa?":            Leaving,
		"Disattivare le notizie cosa significa?":   Help,
		"Non disattivare le notizie":               Help,
		"Stop ai cantieri in via Roma!":            Other,
		"Disattivate il semaforo di via Varese":    Other,
		"Se scrivo Disattiva Notizie cosa succede": Help,
		"Il vicino ha scritto STOP":                Help,
	} {
		if got := reader(t).Read(text); got != (Request{Intent: want}) {
			t.Errorf("Read(%q): got %v %+v, want %v and nothing else", text, got.Intent, got, want)
		}
	}
}

func TestReadIncompleteKeepsWhatIsKnown(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Request{
		"Attiva Notizie Saronno":                 {Intent: Incomplete, Comune: "Saronno"},
		"Attiva Notizie Patrizia":                {Intent: Incomplete, GivenName: "Patrizia"},
		"Attiva Notizie Giuseppe Lattuada":       {Intent: Incomplete, GivenName: "Giuseppe", FamilyName: "Lattuada", Comune: ""},
		"Attiva Notizie Nome: Eva":               {Intent: Incomplete, GivenName: "Eva", FamilyName: "", Comune: ""},
		"Attiva Notizie Eva residente a Saronno": {Intent: Incomplete, GivenName: "Eva", FamilyName: "", Comune: "Saronno"},
		"Attiva Notizie Comune di Saronno":       {Intent: Incomplete, GivenName: "", FamilyName: "", Comune: "Saronno"},
	} {
		if got := reader(t).Read(text); got != want {
			t.Errorf("Read(%q)\n got %+v\nwant %+v", text, got, want)
		}
	}
}

// TestG9_LongTextsAreReadFast holds Read to the first bytes of what WhatsApp allows to send.
func TestG9_LongTextsAreReadFast(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é\u0301", 200_000)
	if got := reader(t).Read("Attiva Notizie " + long); got.Intent != Incomplete {
		t.Errorf("got %v, want incomplete", got.Intent)
	}
	if got := reader(t).Read("Disattiva Notizie " + long); got.Intent != Unsubscribe {
		t.Errorf("got %v, want unsubscribe", got.Intent)
	}
}

func TestOneSlip(t *testing.T) {
	t.Parallel()
	for written, want := range map[string]bool{
		"disattiva": true, "disativa": true, "disattivaa": true, "xdisattiva": true, "disattiv": true, "disattova": true,
		"attiva": false, "riattiva": false, "disatva": false, "": false, "idsattiva": true,
	} {
		if got := near(written, "disattiva"); got != want {
			t.Errorf("near(%q): got %v, want %v", written, got, want)
		}
	}
}

// readers are shared: building one reads the list of Comuni.
var saronnoReader = sync.OnceValue(func() *Reader { return NewReader("Saronno") })

func reader(testing.TB) *Reader { return saronnoReader() }
