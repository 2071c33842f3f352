package main

import (
	"fmt"
	"strings"
)

// wish is one citizen's subscription as people really write it. Names,
// municipalities and numbers are invented and made by counting, so that every
// run of the demo is the same town.
func wish(i int) string {
	given := pick(i, "Mario", "Giulia", "Stefano", "Elena", "Claudio", "Renata", "Fabio", "Ilaria", "Nicolò", "Sara", "Anna Maria")
	family := pick(i/11, "Rossi", "Colombo", "Brambilla", "Galli", "Banfi", "Clerici", "Ceriani", "De Luca", "D'Angelo", "Volonté", "Lo Presti", "Ferrario", "Zaffaroni")
	comune := pick(i/7, "Saronno", "Uboldo", "Gerenzano", "Origgio", "Cislago", "Solaro", "Turate")
	forms := []string{
		"Attiva Notizie %s %s %s",
		"attiva notizie %s %s %s",
		"Attiva Notizie, %s %s, %s",
		"Attiva Notizie\n%s %s\n%s",
		"“Attiva Notizie” %s %s %s",
		"  Attiva   Notizie    %s %s     %s  ",
		"*Attiva Notizie* %s %s %s",
	}
	text := fmt.Sprintf(forms[i%len(forms)], given, family, comune)
	if i%10 == 9 {
		text = strings.ToUpper(text)
	}
	return text
}

func pick(i int, from ...string) string { return from[i%len(from)] }

// number is the i-th citizen's; +39 399 is no operator's prefix.
func number(i int) string { return fmt.Sprintf("+39399%07d", i) }
