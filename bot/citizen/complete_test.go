package citizen

import "testing"

// TestComplete reads the second message of a sign-up in the light of the first.
func TestComplete(t *testing.T) {
	t.Parallel()
	nothing, luigi, mario, saronno := Request{}, Request{GivenName: "Luigi", Comune: "Saronno"}, Request{GivenName: "Mario", FamilyName: "Rossi"}, Request{Comune: "Saronno"}
	all := func(given, family, comune string) Request {
		return Request{Intent: Subscribe, GivenName: given, FamilyName: family, Comune: comune}
	}
	part := func(given, family, comune string) Request {
		return Request{Intent: Incomplete, GivenName: given, FamilyName: family, Comune: comune}
	}
	for _, c := range []struct {
		known Request
		text  string
		want  Request
	}{
		{nothing, "Mario Rossi Saronno", all("Mario", "Rossi", "Saronno")},
		{nothing, "mario rossi saronno grazie", all("mario", "rossi", "Saronno")},
		{nothing, "Buongiorno, mi chiamo Mario Rossi e abito a Uboldo", all("Mario", "Rossi", "Uboldo")},
		{nothing, "Nome Mario\nCognome Rossi\nComune Saronno", all("Mario", "Rossi", "Saronno")},
		{nothing, "Sono Mario Rossi di Saronno", all("Mario", "Rossi", "Saronno")},
		{nothing, "Attiva Notizie Mario Rossi Saronno", all("Mario", "Rossi", "Saronno")},
		{nothing, "Mario Rossi", part("Mario", "Rossi", "")},
		{nothing, "Wang Lin Saronno", all("Lin", "Wang", "Saronno")},
		{nothing, "Bogdan Ionescu, via Roma 3, Caronno Pertusella", all("Bogdan", "Ionescu", "Caronno Pertusella")},
		{mario, "Saronno", all("Mario", "Rossi", "Saronno")},
		{mario, "saronno va", all("Mario", "Rossi", "Saronno")},
		{mario, "a Uboldo", all("Mario", "Rossi", "Uboldo")},
		{mario, "abito a Caronno", all("Mario", "Rossi", "Caronno Pertusella")},
		{mario, "Comune di Rovello Porro", all("Mario", "Rossi", "Rovello Porro")},
		{mario, "Paola", all("Mario", "Rossi", "Paola")},
		{mario, "Lugano", all("Mario", "Rossi", "Lugano")},
		{mario, "Mario Rossi Saronno", all("Mario", "Rossi", "Saronno")},
		{luigi, "Bianchi", all("Luigi", "Bianchi", "Saronno")},
		{luigi, "Luigi Bianchi", all("Luigi", "Bianchi", "Saronno")},
		{luigi, "Cognome Bianchi", all("Luigi", "Bianchi", "Saronno")},
		{luigi, "De Luca", all("Luigi", "De Luca", "Saronno")},
		{saronno, "Anna Maria De Luca", all("Anna Maria", "De Luca", "Saronno")},
		{saronno, "mi chiamo Mario Rossi", all("Mario", "Rossi", "Saronno")},
		{mario, "Attiva Notizie Saronno", all("Mario", "Rossi", "Saronno")},
	} {
		got, ok := reader(t).complete(c.known, c.text)
		if !ok || got != c.want {
			t.Errorf("Complete(%+v, %q): got %v %+v, want %+v", c.known, c.text, ok, got, c.want)
		}
	}
}

// TestG1_WhatIsNoDetailCompletesNothing holds Complete to what it must not take for details.
func TestG1_WhatIsNoDetailCompletesNothing(t *testing.T) {
	t.Parallel()
	texts := []string{
		"", "ok", "Grazie", "grazie mille 🙏", "👍", "Sì", "no", "No grazie", "boh", "Buongiorno", "non lo so", "dopo", "domani", "Un attimo", "ci penso", "perché vi serve?",
		"Mario Rossi Saronno?", "Quanto costa?", "come funziona", "Aiuto", "I miei dati", "Non voglio dare i miei dati", "Quando apre l'anagrafe", "Il semaforo di via Varese è rotto",
		"C'è una buca in via Roma a Saronno", "lasciamo perdere", "va bene", "perfetto", "certo", "Non abito a Saronno", "Mario Rossi Saronno ma non sono sicuro",
		"ho già scritto tutto", "Attiva", "Attiva Notizie", "12345", "🚫 Mario Rossi Saronno",
	}
	texts = append(texts, waysToLeave(t, false)...)
	for _, known := range []Request{{}, {GivenName: "Mario"}, {GivenName: "Mario", FamilyName: "Rossi"}, {Comune: "Saronno"}} {
		for _, text := range texts {
			if got, ok := reader(t).complete(known, text); ok || got != known {
				t.Errorf("Complete(%+v, %q): got %v %+v, want no details", known, text, ok, got)
			}
		}
	}
}

// complete is what [Reader.Answer] does with an answer; it is false when text changes nothing.
func (r *Reader) complete(known Request, text string) (Request, bool) {
	m := scan(text)
	read := r.read(&m, r.prepare(&m))
	return r.fill(known, &m, read, text)
}
