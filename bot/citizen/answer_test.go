package citizen

import (
	"slices"
	"strings"
	"testing"
)

// TestConversations reads whole conversations; a wanted Comune that ends in "?" is asked about.
func TestConversations(t *testing.T) {
	t.Parallel()
	const asks, lacks = "?", "…"
	for text, want := range map[string]string{
		"Attiva Notizie ⟶ Elena ⟶ Roma ⟶ Roma":                                             "Elena/Roma/Roma",
		"Attiva Notizie ⟶ Elena di Saronno ⟶ Rossi":                                        "Elena/Rossi/Saronno",
		"Attiva Notizie ⟶ Saronno ⟶ Rossi ⟶ Elena":                                         "Elena/Rossi/Saronno",
		"Attiva Notizie ⟶ Elena ⟶ De Luca Saronno":                                         "Elena/De Luca/Saronno",
		"Attiva Notizie ⟶ Elena ⟶ Elena Rossi ⟶ Saronno":                                   "Elena/Rossi/Saronno",
		"Attiva Notizie ⟶ Elena ⟶ il cognome è Rossi ⟶ il comune è Saronno":                "Elena/Rossi/Saronno",
		"Attiva Notizie ⟶ Elena ⟶ Attiva Notizie ⟶ Rossi ⟶ Saronno":                        "Elena/Rossi/Saronno",
		"Attiva Notizie ⟶ Elena ⟶ non capisco ⟶ Rossi ⟶ Saronno":                           "Elena/Rossi/Saronno",
		"Attiva Notizie ⟶ Elena ⟶ Cognome: Mai ⟶ Saronno":                                  "Elena/Mai/Saronno",
		"Attiva Notizie Elena Rossi ⟶ ovviamente Saronno":                                  "Elena/Rossi/Saronno",
		"Attiva Notizie Elena Rossi ⟶ Saronno, via Roma 3":                                 "Elena/Rossi/Saronno",
		"Attiva Notizie Elena Rossi ⟶ sto a Caronno":                                       "Elena/Rossi/Caronno Pertusella",
		"Attiva Notizie Elena Rossi ⟶ Barbaiana":                                           "Elena/Rossi/Lainate",
		"Attiva Notizie Elena Rossi ⟶ Svizzera":                                            "Elena/Rossi/Svizzera",
		"Attiva Notizie Elena Rossi ⟶ Lavoro a Milano":                                     "Elena/Rossi/" + lacks,
		"Attiva Notizie Elena Rossi ⟶ Roma è lontana":                                      "Elena/Rossi/" + lacks,
		"Attiva Notizie Elena Rossi ⟶ Vivo in campagna":                                    "Elena/Rossi/" + lacks,
		"Attiva Notizie Elena Rossi ⟶ Non abito a Saronno":                                 "Elena/Rossi/" + lacks,
		"Attiva Notizie Elena Rossi ⟶ Anna Bianchi":                                        "Elena/Rossi/" + lacks,
		"Attiva Notizie Elena Rossi ⟶ Anna Bianchi Uboldo":                                 "Anna/Bianchi/Uboldo",
		"Attiva Notizie Elena Rossi ⟶ Attiva Notizie Anna Bianchi ⟶ Uboldo":                "Anna/Bianchi/Uboldo",
		"Attiva Notizie Elena Rossi ⟶ *Russi ⟶ Saronno":                                    "Elena/Russi/Saronno",
		"Attiva Notizie Elena Rossi ⟶ scusate, Russi ⟶ Saronno":                            "Elena/Russi/Saronno",
		"Attiva Notizie Elena Rossi ⟶ il cognome è sbagliato, è Russi ⟶ Saronno":           "Elena/Russi/Saronno",
		"Attiva Notizie Elena Rossi ⟶ Nome: Maria Elena ⟶ Saronno":                         "Maria Elena/Rossi/Saronno",
		"Attiva Notizie Elena Rossi ⟶ Paperopoli":                                          "Elena/Rossi/Paperopoli" + asks,
		"Attiva Notizie Elena Rossi ⟶ Paperopoli ⟶ sì":                                     "Elena/Rossi/Paperopoli",
		"Attiva Notizie Elena Rossi ⟶ Paperopoli ⟶ no, Saronno":                            "Elena/Rossi/Saronno",
		"Attiva Notizie Elena Rossi Paperopoli ⟶ Saronno":                                  "Elena/Rossi/Saronno",
		"Attiva Notizie Elena Rossi Paperopoli ⟶ Rossi":                                    "Elena/Rossi/Paperopoli" + asks,
		"Attiva Notizie Luisa Basta Saronno ⟶ Luisa Basta":                                 "Luisa/Basta/Saronno" + asks,
		"Attiva Notizie Luisa Basta Saronno ⟶ Uboldo":                                      "Luisa/Basta/Saronno" + asks,
		"Attiva Notizie Luisa Basta Saronno ⟶ comune: Uboldo":                              "Luisa/Basta/Uboldo",
		"Attiva Notizie Luisa Basta Saronno ⟶ nome Luisa cognome Basta comune Saronno":     "Luisa/Basta/Saronno",
		"Attiva Notizie Mario Rossi e Lucia Bianchi Saronno ⟶ si":                          "Mario/Rossi/Saronno",
		"Attiva Notizie Mario Rossi e Lucia Bianchi Saronno ⟶ Lucia Bianchi Saronno":       "Lucia/Bianchi/Saronno",
		"Attiva Notizie Elena Saronno ⟶ Semaforo guasto":                                   "Elena//Saronno" + lacks,
		"Attiva Notizie Elena Saronno ⟶ xqz wvk":                                           "Elena/xqz wvk/Saronno" + asks,
		"Attiva Notizie ⟶ Elena ⟶ Gerenzano ⟶ Bianchi":                                     "Elena/Gerenzano/Bianchi" + asks,
		"Attiva Notizie Nome: Salvo Cognome: Mai Comune: Saronno":                          "Salvo/Mai/Saronno",
		"Attiva Notizie Rosa Spagnolo Saronno. In futuro Turate":                           "Rosa/Spagnolo/Saronno" + asks,
		"Attiva Notizie Elena Rossi cardiopatica Saronno":                                  "Elena/Rossi/Saronno" + asks,
		"Attiva Notizie Elena Rossi, via Verdi 7/A int. 4 scala B, 21047 Saronno (Varese)": "Elena/Rossi/Saronno",
		"Attiva Notizie Elena Rossi ⟶ Attiva Notizie Anna ⟶ Bianchi Saronno":               "Anna/Bianchi/Saronno",
		"Attiva Notizie Elena Rossi 21047 Saronno VA Italia":                               "Elena/Rossi/Saronno",
		"Attiva Notizie Roma Mario Rossi":                                                  "Mario/Rossi/Roma" + asks,
		"Attiva Notizie Elena Rossi Bianchi":                                               "Elena/Rossi/Bianchi" + asks,
		"Attiva Notizie Nimal Fernando Saronno":                                            "Nimal/Fernando/Saronno",
	} {
		end := converse(reader(t), text)
		got := strings.Join([]string{end.GivenName, end.FamilyName, end.Comune}, "/")
		switch end.Intent {
		case Doubtful:
			got += asks
		case Incomplete:
			got += lacks
		}
		if got != want {
			t.Errorf("%q ends in %v %s, want %s", text, end.Intent, got, want)
		}
	}
}

// TestG3_AnAnswerChangesOnlyWhatLacks answers a question with every text that we have: what is known stays, unless the text has a label, is a
// registration of its own, or plainly corrects.
func TestG3_AnAnswerChangesOnlyWhatLacks(t *testing.T) {
	t.Parallel()
	r := reader(t)
	var texts []string
	for _, c := range table(t, "testdata/citizen_corpus.tsv", 10) {
		texts = append(texts, strings.Split(newRow(c[0], c[2], c[3:7], c[7], c[8]).text, " ⟶ ")...)
	}
	for _, one := range append(labelledMessages(t), moreMessages(t)...) {
		texts = append(texts, one.text)
	}
	for _, q := range []Question{
		{AskedDetails, "Ermenegilda", "Quagliotti", ""}, {AskedDetails, "Ermenegilda", "", "Saronno"}, {AskedDetails, "", "Quagliotti", ""},
		{AskedCheck, "Ermenegilda", "Quagliotti", "Borgofantasia"}, {AskedCheck, "Ermenegilda", "Quagliotti", "Saronno"},
	} {
		for _, text := range texts {
			got, read := r.Answer(q, text), r.Read(text)
			m := scan(text)
			r.prepare(&m)
			anew := slices.Contains([]Intent{Subscribe, Doubtful, Incomplete}, read.Intent) || r.details(m.words).whole()
			if got.Intent != Subscribe && got.Intent != Doubtful && got.Intent != Incomplete || anew || anyOf(m.words, label) {
				continue
			}
			for i, was := range []string{q.GivenName, q.FamilyName, q.Comune} {
				is := []string{got.GivenName, got.FamilyName, got.Comune}[i]
				if unknown := i == 2 && !r.recognised(was); was != "" && is != was && !unknown {
					t.Errorf("%q to %+v: got %v %+v", text, q, got.Intent, got)
				}
			}
		}
	}
}

// TestAbroad knows countries and towns abroad, and no Italian family name.
func TestAbroad(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"Svizzera": true, "Lugano": true, "Lugano (Svizzera)": true, "London": true, "Paesi Bassi": true, "San Marino": true, "Dubai": true, "Ungheria": true, "New York": true, "Germany": true,
		"Saronno": false, "Rossi": false, "": false, "Italia": false, "Lombardia": false,
	} {
		if got := isAbroad(name); got != want {
			t.Errorf("isAbroad(%q) = %v, want %v", name, got, want)
		}
	}
}
