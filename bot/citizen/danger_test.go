package citizen

import (
	"fmt"
	"strings"
	"testing"
)

// TestG1_ADangerIsNeverOverlooked says what an answer beginning with 112 is for, in ten languages and in any dress.
func TestG1_ADangerIsNeverOverlooked(t *testing.T) {
	t.Parallel()
	r := random()
	for text, tongue := range map[string]Tongue{
		"aiuto": Italian, "Aiutatemi": Italian, "AIUTOOO": Italian, "C'è un incendio in via Roma": Italian, "incendio": Italian, "odore di gas": Italian,
		"mia madre non respira": Italian, "ambulanza": Italian, "mi sento male": Italian, "mio marito mi picchia": Italian, "voglio farla finita": Italian,
		"siamo bloccati in ascensore": Italian, "c'è un ladro in casa": Italian, "chiamate i carabinieri": Italian, "chiamate il 118": Italian, "112": Italian,
		"un uomo è caduto e non si muove": Italian, "è scomparso mio figlio": Italian, "allagamento, ci sono persone bloccate": Italian, "SOS": Italian,
		"help me": English, "there is a fire": English, "au secours": French, "incendie": French, "ayuda": Spanish, "ajutor": Romanian, "Hilfe": German,
		"ndihmë": Albanian, "допоможіть": Ukrainian, "пожар": Ukrainian, "النجدة": Arabic, "حريق": Arabic, "救命": Chinese, "着火了": Chinese,
	} {
		for k := range 30 {
			disguised, how := text, "plain"
			if d := easy()[r.IntN(len(easy()))]; k > 0 && d.name != "nothing visible" {
				disguised, how = d.do(r, text), d.name
			}
			if got := reader(t).Read(disguised); got != (Request{Intent: Emergency, Tongue: tongue}) {
				t.Errorf("%q (%s): got %v in tongue %d, want a danger in %d", disguised, how, got.Intent, got.Tongue, tongue)
			}
		}
	}
}

// TestG1_ADangerComesBeforeNames puts it after a command, and into the answer to a question for details.
func TestG1_ADangerComesBeforeNames(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"Attiva notizie aiuto incendio in casa", "Attiva Notizie Mario Rossi Saronno non respira aiuto", "attiva notizie chiamate un'ambulanza", "Attiva Notizie mi sento male",
		"Attiva Notizie, c'è odore di gas", "disattiva notizie mio padre non respira",
	} {
		if got := reader(t).Read(text).Intent; got != Emergency {
			t.Errorf("%q: got %v", text, got)
		}
	}
	for _, asked := range []Asked{AskedDetails, AskedCheck, AskedLeave} {
		for _, text := range []string{"Ambulanza!", "aiuto", "Incendio", "118", "救命"} {
			if got := reader(t).Answer(Question{Asked: asked, GivenName: "Ada"}, text).Intent; got != Emergency {
				t.Errorf("question %d, answer %q: got %v", asked, text, got)
			}
		}
	}
}

// TestG1_NobodyIsADanger registers people whose names and streets speak of one.
func TestG1_NobodyIsADanger(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Guerra", "Fiamma", "Fuoco", "Soccorso", "Incendio", "Rapina", "Terremoto", "Ferito", "Morte", "Lamorte", "Pistola", "Pistolesi", "Spari", "Brand"} {
		for _, form := range []string{"Attiva Notizie Paolo %s Saronno", "attiva notizie anna %s saronno", "Attiva Notizie\nAnna\n%s\nSaronno"} {
			text := fmt.Sprintf(form, name)
			if got := reader(t).Read(text).Intent; got == Emergency || got == Leaving || got == Unsubscribe {
				t.Errorf("%q: got %v", text, got)
			}
		}
	}
	for _, text := range []string{
		"Attiva Notizie Mario Rossi via dei Pompieri 3 Saronno", "Attiva Notizie Mario Rossi via Roma 112 Saronno", "Mario Rossi, 112 4567890", "112 345 6789",
		"Attiva Notizie Mario Rossi via dei Pompieri 3", "È bloccato il traffico. L'ascensore funziona",
		"aiuto comandi", "aiuto per iscrivermi", "Grazie per l'avviso sull'incendio", "Finalmente hanno spento l'incendio", "solo emergenze", "Bella la mostra dei pompieri",
		"C'è una esercitazione dei vigili del fuoco?", "Ieri un incidente in via Roma", "Siete dei ladri", "Basta guerra", "Il numero per le emergenze?",
	} {
		if got := reader(t).Read(text).Intent; got == Emergency {
			t.Errorf("%q is taken for a danger", text)
		}
	}
}

// TestG1_NoNameIsAWish reads every Comune and every name that we know by itself: an answer to our question must not be taken for something else.
func TestG1_NoNameIsAWish(t *testing.T) {
	t.Parallel()
	texts := strings.Fields(familyNames + names)
	for _, one := range reader(t).comuni.list {
		texts = append(texts, one.name)
	}
	for _, text := range texts {
		switch got := reader(t).Read(text).Intent; got {
		case Emergency, Unsubscribe, Leaving, Pause, OnlyUrgent, Resume, Choice, MyData, Correct:
			if text != "Levate" {
				t.Errorf("%q: got %v", text, got)
			}
		}
	}
}
