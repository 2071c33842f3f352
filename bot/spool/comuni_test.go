package spool

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// someComuni knows the Comuni of the tests, in any case.
func someComuni(name string) (string, bool) {
	for _, comune := range []string{"Saronno", "Uboldo", "Caronno Pertusella", "Reggio nell'Emilia", "Vo'", "Cantù"} {
		if strings.EqualFold(comune, name) {
			return comune, true
		}
	}
	return "", false
}

func TestParse_Comuni(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ front, want string }{
		{"comuni: Saronno", "Saronno"},
		{"Comuni : saronno", "Saronno"},
		{"comuni: Saronno, Uboldo", "Saronno|Uboldo"},
		{"comuni: Uboldo; Caronno  Pertusella ;Saronno,", "Uboldo|Caronno Pertusella|Saronno"},
		{"comuni: [Saronno, Uboldo]", "Saronno|Uboldo"},
		{`comuni: ["Saronno", 'Reggio nell'Emilia', “Uboldo”]`, "Saronno|Reggio nell'Emilia|Uboldo"},
		{`comuni: "Saronno, Uboldo"`, "Saronno|Uboldo"},
		{"comuni: Vo', Cantù", "Vo'|Cantù"},
		{"comuni: Cantu\u0300", "Cantù"},
		{"comuni: Saronno, SARONNO, Uboldo, saronno", "Saronno|Uboldo"},
		{"comuni: Saronno # solo la città", "Saronno"},
		{"comuni:\n- Saronno\n- Uboldo", "Saronno|Uboldo"},
		{"comuni:\n\n  - Saronno\n  # vicini\n\n  - \"Uboldo\" # a sud\n\t- Vo'", "Saronno|Uboldo|Vo'"},
		{"comuni:\n• Saronno\n– Uboldo", "Saronno|Uboldo"},
		{"comuni: Saronno\n- Uboldo, Cantù", "Saronno|Uboldo|Cantù"},
		{"comuni:\n- Saronno\n- Saronno\nscade: 24/12/2026", "Saronno"},
		{"scade: 24/12/2026\ncomuni: Saronno\ndal: 02/12/2026", "Saronno"},
	} {
		f, r := parse([]byte("---\n"+c.front+"\n---\ntesto"), noon, time.UTC, someComuni)
		if r != nil || strings.Join(f.Comuni, "|") != c.want || f.Text != "testo" {
			t.Errorf("%q: got %+v, %v; want %s", c.front, f, r, c.want)
		}
	}
	if f, r := parse([]byte("---\nscade: 24/12/2026\n---\ntesto"), noon, time.UTC, someComuni); r != nil || f.Comuni != nil {
		t.Errorf("for everybody: got %+v, %v", f, r)
	}
}

func TestParse_RefusesComuni(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ front, reason string }{
		"unknown":             {"dal: 02/12/2026\ncomuni: Saronno, Sarono", "alla riga 3 l'opzione comuni nomina «Sarono», che non è un Comune conosciuto"},
		"unknown in the list": {"comuni:\n- Saronno\n\n- San Rocco (frazione)", "alla riga 5 l'opzione comuni nomina «San Rocco (frazione)», che non è un Comune conosciuto"},
		"no comma":            {"comuni: Saronno e Uboldo", "alla riga 2 l'opzione comuni nomina «Saronno e Uboldo», che non è un Comune conosciuto"},
		"everybody":           {"comuni: tutti", "alla riga 2 l'opzione comuni nomina «tutti», che non è un Comune conosciuto"},
		"nobody":              {"comuni:", "alla riga 2 l'opzione comuni non nomina nessun Comune"},
		"an empty list":       {"comuni: [ , ]\n-\n- \"\"", "alla riga 2 l'opzione comuni non nomina nessun Comune"},
		"only a comment":      {"comuni: # chi?\nscade: 24/12/2026", "alla riga 2 l'opzione comuni non nomina nessun Comune"},
		"twice":               {"comuni:\n- Saronno\ncomuni: Uboldo", "alla riga 4 l'opzione comuni è scritta per la seconda volta"},
		"a list too late":     {"comuni: Saronno\nscade: 24/12/2026\n- Uboldo", "la riga 4 sta fra le due righe ---, ma non è un'opzione"},
		"a list from nowhere": {"- Saronno", "la riga 2 sta fra le due righe ---, ma non è un'opzione"},
		"no hyphen":           {"comuni:\n  Saronno", "la riga 3 sta fra le due righe ---, ma non è un'opzione"},
		"somebody's number":   {"comuni: Mario 333 0000000", "alla riga 2 l'opzione comuni ha un nome che non è quello di un Comune"},
		"a sentence":          {"comuni: " + strings.Repeat("chi abita vicino ", 3), "alla riga 2 l'opzione comuni ha un nome che non è quello di un Comune"},
		"a page":              {"comuni: <b>Saronno</b>", "alla riga 2 l'opzione comuni ha un nome che non è quello di un Comune"},
		"64 KiB of names":     {"comuni: " + strings.Repeat("Vo',", MaxBytes/4-16) + "x", "alla riga 2 l'opzione comuni nomina «x», che non è un Comune conosciuto"},
		"64 KiB of a name":    {"comuni: " + strings.Repeat("x", MaxBytes-32), "alla riga 2 l'opzione comuni ha un nome che non è quello di un Comune"},
	} {
		checkRefused(t, name, "---\n"+c.front+"\n---\ntesto", c.reason)
	}
	if _, r := parse([]byte("---\ncomuni: Saronno\n---\ntesto"), noon, time.UTC, nil); r == nil || !strings.Contains(r.Reason, "«Saronno»") {
		t.Errorf("with no list of Comuni: got %v", r)
	}
	if _, r := parse([]byte("---\ncolore: rosso\n---\ntesto"), noon, time.UTC, nil); r == nil || !strings.Contains(r.Advice, "dal, scade e comuni") {
		t.Errorf("the advice does not say what exists: %+v", r)
	}
}

func TestScan_AsksForTheComuni(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := mustOpen(t, dir, Options{Comune: someComuni})
	drop(t, filepath.Join(dir, "a.txt"), "---\ncomuni: uboldo, Saronno\n---\nDomani mercato.")
	files := mustScan(t, s)
	if len(files) != 1 || !slices.Equal(files[0].Comuni, []string{"Uboldo", "Saronno"}) {
		t.Fatalf("got %+v", files)
	}
	s.Close()
	s = mustOpen(t, dir, Options{})
	_, err := s.Load("a.txt")
	if r, ok := errors.AsType[*Refusal](err); !ok || !strings.Contains(r.Reason, "«uboldo»") {
		t.Fatalf("with no list of Comuni: got %v", err)
	}
}
