package desk

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestWarnings(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)
	const fine = "Mercoledì 25 novembre il mercato si sposta in piazza. Info: https://comune.example o numero verde 800 123456. In caso di pericolo 112."
	for _, tt := range []struct {
		name, text  string
		attachments int
		want        []string // a piece of each warning, in order
	}{
		{"nothing to say", fine, 0, nil},
		{"with a picture", fine, 1, nil},
		{"a day of last week", "Concerto il 17/11/2026 alle 21", 0, []string{"17/11/2026"}},
		{"a day of last week, in words", "Concerto martedì 17 novembre alle 21", 0, []string{"17 novembre"}},
		{"a year ago", "Concerto il 25 novembre 2025", 0, []string{"25 novembre 2025"}},
		{"today is not past", "Oggi, 24/11/2026, uffici chiusi", 0, nil},
		{"from last week to the next", "Dal 17/11/2026 al 30/11/2026 lavori in via Roma", 0, nil},
		{"Sunday the third of May", "La festa è domenica 3 maggio", 0, []string{"3 maggio"}},
		{"over a line", "La festa è domenica\n3  MAGGIO", 0, []string{"3 MAGGIO"}},
		{"May, next year", "La festa è lunedì 3 maggio", 0, nil},
		{"May, written in November", "La festa è il 3 maggio", 0, nil},
		{"the first", "Mercato il 1° novembre", 0, []string{"1° novembre"}},
		{"from the third to the fifth", "Chiuso dal 3 al 5 novembre", 0, []string{"5 novembre"}},
		{"to the end of the month", "Chiuso dal 3 al 30 novembre", 0, nil},
		{"with points", "Chiuso il 03.11.2026", 0, []string{"03.11.2026"}},
		{"with two digits of the year", "Chiuso il 3/11/26", 0, []string{"3/11/26"}},
		{"without a year", "Domande entro il 20/11", 0, []string{"20/11"}},
		{"without a year, in time", "Domande entro il 30/11", 0, nil},
		{"without a year, a day of the week", "Sab. 21/11 e dom. 22/11 si chiude", 0, []string{"21/11"}},
		{"from and to, without a year", "Chiuso dal 3/11 al 5/11", 0, []string{"3/11"}},
		{"fractions and houses", "Via Roma 3/5, bimbi 3/5 anni, 24/7, 1/2 litro, anno 2025/2026, ore 9.30-12.10", 0, nil},
		{"no such day", "Il 31/11/2026, il 45/10/2025, il 30 febbraio", 0, nil},
		{"an act", "Con ordinanza n. 12 del 03/11/2026 e la delibera di Giunta del 4 novembre si decide", 0, nil},
		{"an act and a day", "Con ordinanza n. 12 del 03/11/2026 si chiude il 20 novembre", 0, []string{"20 novembre"}},
		{"January, written in November", "Iscrizioni entro il 12 gennaio", 0, nil},
		{"a price is no date", "Costa 12.50 euro, delibera 12/2024", 0, nil},
		{"a plain link", "Tutto su http://comune.example", 0, []string{"https://"}},
		{"a bare link", "Tutto su www.comune.example", 0, []string{"https://"}},
		{"a link in bold", "*www.comune.example*", 0, []string{"https://"}},
		{"a bare address", "Moduli su comune.saronno.va.it/tari.", 0, []string{"https://"}},
		{"an e-mail address", "Scrivere a urp.tributi@comune.saronno.va.it", 0, nil},
		{"an address in a link", "https://www.comune.example/?da=comune.it&il=3/5&tel=3331234567", 0, nil},
		{"a mobile number", "Chiamare Mario al 333 1234567", 0, []string{"cellulare"}},
		{"with prefix", "Chiamare +39 3331234567", 0, []string{"cellulare"}},
		{"with prefix, in one", "Chiamare +393331234567 o 00393331234567", 0, []string{"cellulare"}},
		{"in pairs", "tel. 333 12 34 567", 0, []string{"cellulare"}},
		{"with a bar", "tel.333/1234567", 0, []string{"cellulare"}},
		{"with a dash", "Cell.: 333 – 12.34.567.", 0, []string{"cellulare"}},
		{"from Word", "333\u00a0123\u00a04567", 0, []string{"cellulare"}},
		{"offices", "Ufficio tributi 02 9671.0123, 0331/123456, +39 02.96710.123, (02) 96 71 01 23, verde 800 123456", 0, nil},
		{"opening hours", "Lun 08.30-12.30, 14.00-17.30; mar 09.00 - 12.00 e 9.30-12-15.30", 0, nil},
		{"amounts", "Contributi per 350.000 euro, 1.320.000,00 € in tutto, delibera 345/2026", 0, nil},
		{"a fiscal code", "Il sig. RSSMRA80A01H501U è pregato", 0, []string{"codice fiscale"}},
		{"an IBAN", "Versare su IT60 X054 2811 1010 0000 0123 456", 0, []string{"IBAN"}},
		{"no words", "", 2, []string{"Non c'è testo"}},
		{"long", strings.Repeat("parola ", 200), 0, []string{"1399 caratteri"}},
		{"a fiscal code in groups", "CF rss mra 80A01 H501U", 0, []string{"codice fiscale"}},
		{"several", "Il 1/2/2020 su http://x.example", 0, []string{"1/2/2020", "https://"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := warnings(tt.text, tt.attachments, now)
			if len(got) != len(tt.want) {
				t.Fatalf("got %q, want %d", got, len(tt.want))
			}
			for i, piece := range tt.want {
				if !strings.Contains(got[i], piece) {
					t.Errorf("warning %q does not say %q", got[i], piece)
				}
			}
		})
	}
}

// Good announcements are left alone on the day they were written for; of one, the
// time is over.
func TestWarnings_NotOfGoodAnnouncements(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../spool/testdata/announcements/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	looked := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !utf8.Valid(text) {
			continue // the spool decodes those
		}
		looked++
		got := warnings(string(text), 0, time.Date(2022, 10, 10, 0, 0, 0, 0, time.UTC))
		if over := strings.HasSuffix(file, "22_caldo_anziani.txt"); over != (len(got) == 1) || len(got) > 1 {
			t.Errorf("%s: %q", filepath.Base(file), got)
		}
	}
	if looked < 20 {
		t.Errorf("looked at %d announcements only", looked)
	}
}

// The warnings of a text about a person do not repeat what is about them.
func TestG4_WarningsQuoteNobody(t *testing.T) {
	t.Parallel()
	text := "Mario Rossi, RSSMRA80A01H501U, IT60X0542811101000000123456, 333 1234567, http://mario.example"
	for _, w := range warnings(text, 0, time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)) {
		for _, secret := range []string{"Rossi", "RSSMRA", "IT60", "1234567", "mario"} {
			if strings.Contains(w, secret) {
				t.Errorf("%q repeats %q", w, secret)
			}
		}
	}
}
