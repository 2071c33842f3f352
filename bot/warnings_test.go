package bot

import (
	"strings"
	"testing"
	"time"
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
		{"January, written in November", "Iscrizioni entro il 12 gennaio", 0, nil},
		{"a price is no date", "Costa 12.50 euro, delibera 12/2024", 0, nil},
		{"a plain link", "Tutto su http://comune.example", 0, []string{"https://"}},
		{"a bare link", "Tutto su www.comune.example", 0, []string{"https://"}},
		{"a mobile number", "Chiamare Mario al 333 1234567", 0, []string{"numero di telefono"}},
		{"with prefix", "Chiamare +39 3331234567", 0, []string{"numero di telefono"}},
		{"an office", "Ufficio tributi 02 9671.0123", 0, []string{"numero di telefono"}},
		{"a fiscal code", "Il sig. RSSMRA80A01H501U è pregato", 0, []string{"codice fiscale"}},
		{"an IBAN", "Versare su IT60 X054 2811 1010 0000 0123 456", 0, []string{"IBAN"}},
		{"no words", "", 2, []string{"Non c'è testo"}},
		{"long", strings.Repeat("parola ", 200), 0, []string{"1400 caratteri"}},
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

// The warnings of a text about a person do not repeat what is about him.
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
