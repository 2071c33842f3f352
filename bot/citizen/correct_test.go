package citizen

import "testing"

// TestCorrection reads new values after their labels, and that a detail is wrong.
func TestCorrection(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Request{
		"il cognome è Castellini":                         {FamilyName: "Castellini"},
		"Cognome: Rossi":                                  {FamilyName: "Rossi"},
		"cognome castellini":                              {FamilyName: "castellini"},
		"correggete il nome in Anna":                      {GivenName: "Anna"},
		"Il mio cognome è De Vecchi, non Vecchi":          {FamilyName: "De Vecchi"},
		"Nome: Anna Maria, Cognome: Lo Presti":            {GivenName: "Anna Maria", FamilyName: "Lo Presti"},
		"Il mio nuovo comune è Gerenzano":                 {Comune: "Gerenzano"},
		"Comune: Caronno Pertusella":                      {Comune: "Caronno Pertusella"},
		"mi sono trasferita a Uboldo":                     {Comune: "Uboldo"},
		"Mi sono trasferito a Paperopoli":                 {},
		"Il mio cognome è sbagliato":                      {},
		"Ho sbagliato cognome":                            {},
		"Vorrei modificare il comune di residenza":        {},
		"Posso cambiare il mio nome?":                     {},
		"avete scritto male il mio cognome":               {},
		"c'è un errore nel mio nome, lo potete cambiare?": {},
	} {
		want.Intent = Correct
		if got := reader(t).Read(text); got != want {
			t.Errorf("%q: got %v %+v, want %+v", text, got.Intent, got, want)
		}
	}
}

// TestG1_NoRemarkChangesADetail lists what holds a label, a name or a Comune and is no correction.
func TestG1_NoRemarkChangesADetail(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"Il comune di Saronno è il migliore", "Comune di Saronno", "Al comune di Uboldo", "Gentile Comune di Uboldo", "Il nome è bello", "Il nome della via è sbagliato", "Il nome della via", "cognome del sindaco", "il mio cognome è difficile", "abito a Uboldo", "Vivo a Milano", "Il comune è chiuso",
		"Il comune di Uboldo ha fatto bene", "Mio figlio si chiama Mario", "Il mio nome non conta", "Che nome strano", "Il nome della piazza è Libertà", "residenza per anziani a Gerenzano",
		"Il cognome del sindaco è Rossi", "il nome del bar è Roma", "Anche a Uboldo", "Mario Rossi è un bravo assessore", "Quel comune è Rovello", "Città di Castello è bella",
		"Il mio cane si chiama Argo", "Mi chiamo Elena e vi ringrazio", "sono di Saronno", "Nel comune di Solaro piove", "il cognome è Rossi?",
	} {
		for _, form := range []string{text, text + "!", "Buongiorno, " + text} {
			if got := reader(t).Read(form); got.Intent == Correct && got.GivenName+got.FamilyName+got.Comune != "" || got.Intent == Subscribe || got.Intent == Doubtful {
				t.Errorf("%q: got %v %+v", form, got.Intent, got)
			}
		}
	}
}

// TestDataRequests reads who wants to know what is held on them.
func TestDataRequests(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"i miei dati", "che dati avete?", "cosa avete registrato di me?", "con quale nome sono iscritto?", "sotto che comune risulto?", "Chiedo copia dei dati ai sensi dell'art. 15",
		"diritto di accesso", "portabilità dei dati", "Sono iscritto?", "risulto iscritta?", "my data", "Privacy", "мої дані", "我的数据", "mis datos", "quali informazioni avete su di me",
	} {
		if got := reader(t).Read(text).Intent; got != MyData {
			t.Errorf("%q: got %v", text, got)
		}
	}
	for _, text := range []string{"Avete i dati del traffico?", "vorrei i dati della raccolta rifiuti", "Dove vedo i dati della qualità dell'aria?", "cancellate i miei dati"} {
		if got := reader(t).Read(text).Intent; got == MyData {
			t.Errorf("%q asks for no data of its writer", text)
		}
	}
}

// TestYesAndNo reads the answers to our questions, and what says the same when nothing was asked.
func TestYesAndNo(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Intent{
		"Sì": Yes, "si": Yes, "SI!": Yes, "Si.": Yes, "sí": Yes, "sì grazie": Yes, "confermo": Yes, "esatto": Yes, "va bene": Yes, "yes": Yes, "oui": Yes, "ja": Yes, "da": Yes, "po": Yes, "так": Yes,
		"نعم": Yes, "是": Yes, "no": No, "No grazie": No, "lascia stare": No, "Lascia perdere grazie": No, "anzi no": No, "ho cambiato idea": No, "ok": Thanks, "perfetto, grazie": Thanks,
		"👍": Thanks, "grazie": Thanks, "si voglio cancellarmi": Unsubscribe,
	} {
		if got := reader(t).Read(text).Intent; got != want {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
		if got := reader(t).Answer(Question{Asked: AskedLeave}, text).Intent; got != want && (want != Thanks || got != Yes) {
			t.Errorf("%q to a question: got %v, want %v", text, got, want)
		}
	}
	for _, asked := range []Asked{AskedCheck, AskedLeave} {
		for text, want := range map[string]Intent{"ok": Yes, "OK!": Yes, "perfetto, grazie": Yes, "va bene": Yes, "👍": Thanks, "grazie": Thanks, "ok?": Other} {
			q := Question{Asked: asked, GivenName: "Ada", FamilyName: "Rho", Comune: "Uboldo"}
			if got := reader(t).Answer(q, text).Intent; got != want {
				t.Errorf("%q to question %d: got %v, want %v", text, asked, got, want)
			}
		}
	}
}

// TestG1_ARemarkIsNoNewName asks for a detail to be changed, and says something beside its label that is no value.
func TestG1_ARemarkIsNoNewName(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"Devo cambiare cognome, mi sono sposata", "cognome, ho divorziato", "Vorrei cambiare il nome perché è sbagliato", "cambio cognome: adesso vorrei quello di mio marito", "devo correggere il cognome, siamo separati",
	} {
		if got := reader(t).Read(text); got.GivenName+got.FamilyName+got.Comune != "" {
			t.Errorf("%q: got %v %+v", text, got.Intent, got)
		}
	}
}
