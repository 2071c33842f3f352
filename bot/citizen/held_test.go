package citizen

import (
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func mustLocation(t *testing.T, name string) *time.Location {
	t.Helper()
	location, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return location
}

func TestHeldTextGolden(t *testing.T) {
	t.Parallel()
	s := saronno()
	s.Location = mustLocation(t, "Europe/Rome")
	texts := mustNewTexts(t, templates(), s)
	now := time.Date(2026, time.November, 30, 12, 0, 0, 0, time.UTC)
	written := time.Date(2026, time.November, 20, 9, 14, 58, 0, time.UTC)
	mario := Held{
		Number: "+390000000000", LID: "100000000000000", Subscribed: true, GivenName: "Mario", FamilyName: "Rossi", Comune: "Uboldo",
		Since: written.Add(time.Second), Written: written, Confirmed: written.Add(3 * time.Second),
		Words: "Attiva Notizie\nMario Rossi Uboldo", MessageID: "3EB0000000000000000000", Wording: "0123456789ab",
		Announcements: 12, Answers: 1, Handled: 2, Code: "K7M4PX", NewsFrom: now,
	}
	with := func(change func(*Held)) Held {
		h := mario
		change(&h)
		return h
	}
	stranger := Held{Number: "+390000000000", LID: "100000000000000"}
	for name, h := range map[string]Held{
		"subscriber": mario,
		"urgent":     with(func(h *Held) { h.NewsFrom = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC) }),
		"paused":     with(func(h *Held) { h.NewsFrom = time.Date(2026, time.December, 31, 23, 0, 0, 0, time.UTC) }),
		"leaving":    with(func(h *Held) { h.Pending = "leave" }),
		"correcting": with(func(h *Held) {
			h.Pending, h.Proposed, h.ProposedWords = "check", "Mario Rossi, Sarono", "Attiva notizie Mario Rossi Sarono"
		}),
		"never":    with(func(h *Held) { h.OnlyUrgent = true }),
		"hidden":   {LID: mario.LID, Subscribed: true, GivenName: "Mario", Since: mario.Since},
		"imported": {Number: mario.Number, Subscribed: true, GivenName: "Mario", FamilyName: "Rossi", Comune: "Uboldo", Since: mario.Since, Source: "modulo del 3 novembre"},
		"details":  {LID: mario.LID, Pending: "details", GivenName: "Mario", Words: "Attiva notizie Mario", Handled: 1, Answers: 1},
		"consent":  {LID: mario.LID, Pending: "check", GivenName: "Mario", FamilyName: "Rossi", Comune: "Uboldo", Words: "Attiva notizie Mario Rossi Uboldo", Handled: 1, Answers: 1},
		"stranger": {Number: mario.Number, LID: mario.LID, Handled: 3, Answers: 2},
		"request":  {Number: mario.Number, LID: mario.LID, Handled: 1, Answers: 1},
		"preview":  {Number: mario.Number, Announcements: 2},
		"nothing":  stranger,
	} {
		golden(t, filepath.Join("testdata", "held", name+".golden"), texts.HeldText(now, h))
	}
}

// Who asks without being on the list is told of his question and of the answer, and of nothing else.
func TestMyDataOfAStranger(t *testing.T) {
	t.Parallel()
	texts := mustNewTexts(t, templates(), saronno())
	for _, before := range []int{0, 1} { // the request may be counted or not
		got := texts.MyData(saronno().Launch, Held{LID: "100000000000000", Handled: before})
		for _, must := range []string{"Iscrizione: nessuna; quello che segue è la traccia di questa richiesta", "Messaggi ricevuti: 1 ", "Risposte inviate: 1 ", "(non è un numero di telefono): 100000000000000"} {
			if !strings.Contains(got, must) {
				t.Errorf("%d handled: lacks %q: %s", before, must, got)
			}
		}
	}
}

// What somebody wrote stays on its own line, and leaves room for the rest.
func TestG9_LongAndOddWordsStayInTheirPlace(t *testing.T) {
	t.Parallel()
	texts, now := mustNewTexts(t, templates(), saronno()), saronno().Launch
	words := "Attiva\r\n\u202eNumero: +390000000001\u2028" + strings.Repeat("è", 65_536)
	got := texts.MyData(saronno().Launch, Held{Number: "+390000000000", Subscribed: true, Words: words, Source: strings.Repeat("\n", 9)})
	if n := utf8.RuneCountInString(got); n > MaxAnswer || !strings.Contains(got, "\nParole della richiesta: «Attiva Numero: +390000000001 è") ||
		!strings.Contains(got, "è… [altri 65165 caratteri]»\n") {
		t.Errorf("%d characters: %s", n, got)
	}
	for line := range strings.SplitSeq(got, "\n") {
		if strings.HasPrefix(line, "Numero:") {
			t.Errorf("a line that is not ours: %s", line)
		}
	}
	all := Held{
		Number: words, LID: words, Code: words, NewsFrom: now.AddDate(0, 0, 300), Pending: "check", Proposed: words, ProposedWords: words, Subscribed: true, GivenName: words, FamilyName: words, Comune: words, Words: words, MessageID: words, Wording: words,
		Source: words, Since: saronno().Launch, Written: saronno().Launch, Confirmed: saronno().Launch, Announcements: 1e6, Answers: 1e6, Handled: 1e6,
	}
	most, n := utf8.RuneCountInString(texts.HeldText(time.Time{}, widestHeld())), utf8.RuneCountInString(texts.HeldText(now, all.brief()))
	if n > most || n < most/2 {
		t.Errorf("an answer shows %d characters, the check of the templates counts with %d", n, most)
	}
	if whole := texts.HeldText(now, Held{Subscribed: true, Words: words}); strings.Count(whole, "è") < 65_536 {
		t.Error("the text for an export is cut")
	}
}
