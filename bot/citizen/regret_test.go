package citizen

import "testing"

// TestWhatIsTakenBack has people correct what they have just said, and wrap their answer in talk.
func TestWhatIsTakenBack(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][3]string{
		"Attiva Notizie Ada Lecchi ⟶ sto a Uboldo da due anni":                       {"Ada", "Lecchi", "Uboldo"},
		"Attiva Notizie Ada Lecchi ⟶ da due anni sto a Uboldo":                       {"Ada", "Lecchi", "Uboldo"},
		"Attiva Notizie Ada Lecchi ⟶ non è Saronno, è Solaro":                        {"Ada", "Lecchi", "Solaro"},
		"Attiva Notizie Ada Lecchi ⟶ lei chi è? ⟶ Ah ok. Solaro":                     {"Ada", "Lecchi", "Solaro"},
		"Attiva Notizie Ada Lecchi Pippolandia ⟶ no, ho scritto male, Solaro":        {"Ada", "Lecchi", "Solaro"},
		"Attiva Notizie Ada Lecchi Pippolandia ⟶ non Pippolandia ma Solaro":          {"Ada", "Lecchi", "Solaro"},
		"Attiva Notizie Ada ⟶ Brivio ⟶ no aspetta, Brivi ⟶ Solaro":                   {"Ada", "Brivi", "Solaro"},
		"Attiva Notizie Ada ⟶ Brivio, anzi Brivi ⟶ Solaro":                           {"Ada", "Brivi", "Solaro"},
		"Attiva Notizie Ada ⟶ Brivio ⟶ no, Colombo ⟶ Solaro":                         {"Ada", "Colombo", "Solaro"},
		"Attiva Notizie ⟶ Marina Messina ⟶ no Messina è il cognome, abito a Saronno": {"Marina", "Messina", "Saronno"},
		"Attiva Notizie ⟶ Marina Messina ⟶ Messina è il mio cognome ⟶ Saronno":       {"Marina", "Messina", "Saronno"},
		"Attiva Notizie ⟶ sono la signora Lecchi ⟶ Ada ⟶ Saronno":                    {"Ada", "Lecchi", "Saronno"},
		"Attiva Notizie Elia Martino Saronno ⟶ no, Elia è il cognome":                {"Martino", "Elia", "Saronno"},
		"Attiva Notizie Elia Martino Saronno ⟶ il contrario":                         {"Martino", "Elia", "Saronno"},
		"Attiva Notizie Gilda Tempesta, Saronno":                                     {"Gilda", "Tempesta", "Saronno"},
		"Attiva Notizie Ada Lecchi ⟶ TURATE (Como)":                                  {"Ada", "Lecchi", "Turate"},
		"Attiva Notizie Ada Lecchi ⟶ scusi non avevo visto. Turate":                  {"Ada", "Lecchi", "Turate"},
		"Attiva Notizie Ada Lecchi Torate ⟶ Turate":                                  {"Ada", "Lecchi", "Turate"},
		"Attiva Notizie Ada Lodi ⟶ no, Lodi cognome, Turate comune":                  {"Ada", "Lodi", "Turate"},
		"Attiva Notizie Livia Rovellasca ⟶ cognome Corti":                            {"Livia", "Corti", "Rovellasca"},
		"Attiva Notizie Livia Rovellasca ⟶ Corti":                                    {"Livia", "Corti", "Rovellasca"},
		"Attiva Notizie Corti Rovellasca ⟶ Livia":                                    {"Livia", "Corti", "Rovellasca"},
		"Attiva Notizie Livia Corti ⟶ Rovellasca come ho già detto":                  {"Livia", "Corti", "Rovellasca"},
		"Attiva Notizie Ada Lecchi ⟶ vivo con mia figlia a Uboldo":                   {"Ada", "Lecchi", "Uboldo"},
	} {
		got := converse(reader(t), text)
		if got.Intent != Subscribe || got.GivenName != want[0] || got.FamilyName != want[1] || got.Comune != want[2] {
			t.Errorf("%q ends in %v %+v, want %q", text, got.Intent, got, want)
		}
	}
}

// TestWhereSomebodyOnlyWorks is no answer to where they live.
func TestWhereSomebodyOnlyWorks(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"lavoro a Milano", "sono nata a Milano", "Sono a Milano ora", "Saronno o Uboldo", "non abito a Milano", "di Milano no", "in provincia di Como"} {
		if got := converse(reader(t), "Attiva Notizie Ada Lecchi ⟶ "+text); got.Intent == Subscribe {
			t.Errorf("%q is where %+v lives", text, got)
		}
	}
}
