package citizen

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// TestOnlyWhatIsCertainSubscribes holds names that more than one reading fits: they are asked about.
func TestOnlyWhatIsCertainSubscribes(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"Siena Loredano Cogliate", "Tempesta Gilda Saronno", "Elia Martino Saronno", "Fernando Tharindu Saronno", "Abd El Rahman Hassan Saronno", "Nguyen Van Hung Saronno",
		"Gurpreet Singh Dhillon Saronno", "Carlos Andrés Mejía de la Torre Saronno", "Anna Rosa Solaro", "Barbara Marta Paola", "Gian Carlo da Turate", "Шевченко Олена Saronno", "M. Rossi Saronno",
		"Daniele+Marta Cairoli+Saronno", "Mario & Anna Rossi Saronno", "Pinco Pallino Saronno", "Paolino Paperino Saronno", "Mario Rossi com Saronno", "Mar. Ca. Pietro Riva Uboldo",
		"Nome: Emma bi Cognome: Introzzi Comune: Saronno", "Nome: Emma Zzorb Cognome: Introzzi Comune: Saronno",
	} {
		if got := reader(t).Read("Attiva Notizie " + text); got.Intent != Doubtful && got.Intent != Incomplete {
			t.Errorf("%q is %v %+v", text, got.Intent, got)
		}
	}
}

// TestWhatIsNoPartOfAName leaves ranks, nicknames, spelling aids and the labels of other languages out of the fields.
func TestWhatIsNoPartOfAName(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][3]string{
		"Gen. Oreste Figini (in congedo) Saronno":                         {"Oreste", "Figini", "Saronno"},
		"Ten. Col. Mario Rossi Saronno":                                   {"Mario", "Rossi", "Saronno"},
		"Ambrogina (Bina) Legnani Uboldo":                                 {"Ambrogina", "Legnani", "Uboldo"},
		"Giuseppe «Pino» Rossi Saronno":                                   {"Giuseppe", "Rossi", "Saronno"},
		"Giuseppe Rossi detto il Pino, Saronno":                           {"Giuseppe", "Rossi", "Saronno"},
		"Luisa Brambilla con la k Saronno":                                {"Luisa", "Brambilla", "Saronno"},
		"Emma bi come Bologna Introzzi Saronno":                           {"Emma", "Introzzi", "Saronno"},
		"Nome Ireneo Cognome Grassi Sesso M Età 69 Comune Gerenzano":      {"Ireneo", "Grassi", "Gerenzano"},
		"nom Fausto cogn Luini com Saronno":                               {"Fausto", "Luini", "Saronno"},
		"First name: Grace Last name: Mensah Town: Gerenzano":             {"Grace", "Mensah", "Gerenzano"},
		"My name is Kevin Mensah and I live in Gerenzano":                 {"Kevin", "Mensah", "Gerenzano"},
		"Nom: Dupont Prénom: Marie Ville: Saronno":                        {"Marie", "Dupont", "Saronno"},
		"Name: Müller Vorname: Hans Ort: Saronno":                         {"Hans", "Müller", "Saronno"},
		"Nume: Popescu Prenume: Ion Oraș: Saronno":                        {"Ion", "Popescu", "Saronno"},
		"Emri: Arben Mbiemri: Hoxha Qyteti: Saronno":                      {"Arben", "Hoxha", "Saronno"},
		"Ім'я: Олена Прізвище: Ткаченко Місто: Saronno":                   {"Олена", "Ткаченко", "Saronno"},
		"мене звати Олена Ткаченко, живу в Saronno":                       {"Олена", "Ткаченко", "Saronno"},
		"mi nombre es Luis Chávez y vivo en Saronno":                      {"Luis", "Chávez", "Saronno"},
		"mein Name ist Karl Huber aus Saronno":                            {"Karl", "Huber", "Saronno"},
		"Degli Innocenti, Lapo, Saronno":                                  {"Lapo", "Degli Innocenti", "Saronno"},
		"Gentile Simona Saronno":                                          {"Simona", "Gentile", "Saronno"},
		"Xiaohui Tsang Saronno":                                           {"Xiaohui", "Tsang", "Saronno"},
		"Qbrabrabrax Zbrabrabrax Saronno":                                 {"Qbrabrabrax", "Zbrabrabrax", "Saronno"},
		"Gianbattista51 Zanardelli51 Saronno":                             {"Gianbattista51", "Zanardelli51", "Saronno"},
		"apellidos Chávez Mendoza nombre Wilmer vivo en Saronno":          {"Wilmer", "Chávez Mendoza", "Saronno"},
		"Nome: Maria Teresa Cognome: Visconti di Modrone Comune: Saronno": {"Maria Teresa", "Visconti di Modrone", "Saronno"},
		"Nome: Oluwadamilola Cognome: Adéọlá Comune: Saronno":             {"Oluwadamilola", "Adéọlá", "Saronno"},
		"numele meu este Ion Rusu din Saronno":                            {"Ion", "Rusu", "Saronno"},
	} {
		got := reader(t).Read("Attiva Notizie " + text)
		if got.Intent != Subscribe || got.GivenName != want[0] || got.FamilyName != want[1] || got.Comune != want[2] {
			t.Errorf("%q is %v %+v, want %q", text, got.Intent, got, want)
		}
	}
}

// TestThePlainWaysAreNotAskedAbout joins common given names, common family names and the towns around: few are asked about, none is wrong.
func TestThePlainWaysAreNotAskedAbout(t *testing.T) {
	t.Parallel()
	given := strings.Fields(`Mario Anna Giuseppe Maria Marco Paola Luca Giulia Andrea Francesca Giovanni Laura Stefano Elena Roberto Chiara Antonio Sara Paolo Valentina Alessandro
		Federica Francesco Silvia Davide Martina Luigi Rosa Pietro Teresa Angelo Daniela Matteo Elisa Carlo Carla Franco Franca Bruno Loredana Salvatore
		Carmela Vincenzo Rita Ambrogio Ornella Gianluca Simona Massimo Barbara Enrico Cristina Felice Donatella Fabio Monica Simone Ilaria Lorenzo Alice
		Filippo Ivana Maurizio Patrizia Claudio Claudia Renato Rosanna Sergio Giovanna Alberto Alessandra Riccardo Marta Tommaso Beatrice Emanuele Giorgia
		Nicola Lucia Domenico Antonella Gaetano Emma Raffaele Sofia Edoardo Aurora Diego Greta`)
	family := strings.Fields(`Rossi Ferrari Russo Bianchi Romano Gallo Costa Fontana Conti Esposito Ricci Bruno Moretti Marino Greco Barbieri Lombardi Giordano Cassina Colombo
		Mancini Longo Leone Martinelli Marchetti Martini Galli Gatti Mariani Ferrara Santoro Marini Bianco Conte Serra Farina Gentile Caruso Morelli Ferri
		Testa Ferraro Pellegrini Grassi Rossetti D'Angelo Bernardi Mazza Rizzi Silvestri Vitale Franco Parisi Martino Valentini Castelli Bellini Monti
		Lombardo Fiore Grasso Ferro Carbone Orlando Guerra Palmieri Milani Villa Viola Ruggeri Ferretti Neri Basile Riva Brambilla Cattaneo Sala Pozzi Banfi
		Ceriani Clerici Airoldi Borghi Legnani Volontè Busnelli Figini Radice Reina Zaffaroni Basilico Carnelli Renoldi Lattuada Balzarotti Uboldi Monza
		Introini Campi Pagani Castiglioni Galimberti Alberti Turconi Restelli Caspani Rampoldi Beretta Porro Ubaldi Dell'Acqua Amato Sanna Piras Melis Puddu
		Cimino Messina Rinaldi Fabbri Coppola`)
	comuni := []string{"Saronno", "Uboldo", "Gerenzano", "Caronno Pertusella", "Milano", "Origgio", "Cislago"}
	const times = 3000
	for form, most := range map[string]int{"{g} {f} {c}": times * 3 / 100, "{g} {f}, {c}": times * 3 / 100, "{f} {g} {c}": times / 10} {
		random := rand.New(rand.NewPCG(1, 2))
		asked := 0
		for range times {
			g, f, c := given[random.IntN(len(given))], family[random.IntN(len(family))], comuni[random.IntN(len(comuni))]
			if g == f {
				continue
			}
			got := reader(t).Read("Attiva Notizie " + strings.NewReplacer("{g}", g, "{f}", f, "{c}", c).Replace(form))
			switch {
			case got.Intent != Subscribe:
				asked++
			case got.GivenName != g || got.FamilyName != f || got.Comune != c:
				t.Errorf("%s of %s %s, %s is %+v", form, g, f, c, got)
			}
		}
		t.Logf("%-12s %d of %d asked about", form, asked, times)
		if asked > most {
			t.Errorf("%s is asked about %d times of %d", form, asked, times)
		}
	}
}
