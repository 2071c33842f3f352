package spool

import (
	"errors"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"banditore/store"
)

// noon is the present time of the tests that read a file without a spool.
var noon = time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)

func rome(t testing.TB) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func TestParse_Dates(t *testing.T) {
	t.Parallel()
	const (
		christmasEve = "2026-12-24T00:00:00+01:00"
		evening      = "2026-12-24T18:30:00+01:00"
		midnight     = "2026-12-25T00:00:00+01:00"
	)
	for _, c := range []struct{ value, from, until string }{
		{"2026-12-24", christmasEve, midnight},
		{"24/12/2026", christmasEve, midnight},
		{"2026-12-24 18:30", evening, evening},
		{"2026-12-24T18:30", evening, evening},
		{"24/12/2026 18:30", evening, evening},
		{"24/12/2026 18.30", evening, evening},
		{"24/12/2026 ore 18:30", evening, evening},
		{"24/12/2026  Ore\t18.30", evening, evening},
		{"24/12/2026\u00a018:30", evening, evening},
		{`"24/12/2026"`, christmasEve, midnight},
		{`' 24/12/2026 18:30 '`, evening, evening},
		{"24/12/2026 # la vigilia", christmasEve, midnight},
		{"\u200e24/\u200e12/\u200e2026", christmasEve, midnight},
		{"24/12/2026 24:00", midnight, midnight},
		{"24/12/2026 0:00", christmasEve, christmasEve},
		{"4/1/2027 9.05", "2027-01-04T09:05:00+01:00", "2027-01-04T09:05:00+01:00"},
		{"31/12/2026", "2026-12-31T00:00:00+01:00", "2027-01-01T00:00:00+01:00"},
		{"29/02/2028", "2028-02-29T00:00:00+01:00", "2028-03-01T00:00:00+01:00"},
		{"28/03/2027", "2027-03-28T00:00:00+01:00", "2027-03-29T00:00:00+02:00"}, // 23 hours long
		{"31/10/2027", "2027-10-31T00:00:00+02:00", "2027-11-01T00:00:00+01:00"}, // 25 hours long
		{"28/03/2027 03:00", "2027-03-28T03:00:00+02:00", "2027-03-28T03:00:00+02:00"},
	} {
		from, r := parse([]byte("---\ndal: "+c.value+"\n---\ntesto"), noon, rome(t), someComuni)
		if got := from.NotBefore.Format(time.RFC3339); r != nil || got != c.from || !from.Expires.IsZero() || from.Text != "testo" {
			t.Errorf("dal %q: got %+v, %v; want %s", c.value, from, r, c.from)
		}
		until, r := parse([]byte("---\nscade: "+c.value+"\n---\ntesto"), noon, rome(t), someComuni)
		if got := until.Expires.Format(time.RFC3339); r != nil || got != c.until || !until.NotBefore.IsZero() || until.Text != "testo" {
			t.Errorf("scade %q: got %+v, %v; want %s", c.value, until, r, c.until)
		}
	}
}

func TestParse_FrontMatterAsPeopleWriteIt(t *testing.T) {
	t.Parallel()
	both := File{Content: store.Content{Text: "Domani\n\nmercato", NotBefore: noon.AddDate(0, 0, 1), Expires: noon.AddDate(0, 0, 2)}}
	for name, c := range map[string]struct {
		raw  string
		want File
	}{
		"plain":                {"---\ndal: 2026-12-02 12:00\nscade: 2026-12-03 12:00\n---\nDomani\n\nmercato\n", both},
		"the other way":        {"---\nscade: 2026-12-03 12:00\ndal: 2026-12-02 12:00\n---\nDomani\n\nmercato", both},
		"Windows":              {"\ufeff---\r\ndal: 02/12/2026 12:00\r\nscade: 03/12/2026 12:00\r\n---\r\n\r\nDomani\r\n\r\nmercato\r\n", both},
		"UTF-16":               {"\xff\xfe" + utf16Bytes("---\r\ndal: 02/12/2026 12:00\r\nscade: 03/12/2026 12:00\r\n---\r\nDomani\r\n\r\nmercato", false), both},
		"blanks everywhere":    {"\n\n  --- \n\n\u00a0dal  :\t02/12/2026 12:00  \n\n  scade:03/12/2026 12:00\n --- \n \n Domani\n\nmercato", both},
		"capitals":             {"---\nDal: 02/12/2026 12:00\nSCADE: 03/12/2026 12:00\n---\nDomani\n\nmercato", both},
		"comments":             {"---\n# quando\ndal: 02/12/2026 12:00 # giovedì: mercato\n  # fine\nscade: 03/12/2026 12:00\n---\nDomani\n\nmercato", both},
		"two byte order marks": {"\ufeff---\n\ufeffdal: 02/12/2026 12:00\nscade: 03/12/2026 12:00\n---\n\ufeffDomani\n\nmercato", both},
		"one day":              {"---\ndal: 02/12/2026\nscade: 02/12/2026\n---\na", File{Content: store.Content{Text: "a", NotBefore: noon.Add(12 * time.Hour), Expires: noon.Add(36 * time.Hour)}}},
		"dal is past":          {"---\ndal: 01/01/2020\n---\na", File{Content: store.Content{Text: "a", NotBefore: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)}}},
		"scade in a minute":    {"---\nscade: 01/12/2026 12:01\n---\na", File{Content: store.Content{Text: "a", Expires: noon.Add(time.Minute)}}},
		"no options":           {"---\n---\na", File{Content: store.Content{Text: "a"}}},
		"dashes in the text":   {"---\nscade: 01/12/2026\n---\na\n---\nb", File{Content: store.Content{Text: "a\n---\nb", Expires: noon.Add(12 * time.Hour)}}},
		"not at the start":     {"a\n---\nscade: 01/12/2020\n---", File{Content: store.Content{Text: "a\n---\nscade: 01/12/2020\n---"}}},
		"longest text":         {"---\nscade: 01/12/2026\n---\n" + strings.Repeat("è", MaxCharacters), File{Content: store.Content{Text: strings.Repeat("è", MaxCharacters), Expires: noon.Add(12 * time.Hour)}}},
	} {
		if got, r := parse([]byte(c.raw), noon, time.UTC, someComuni); r != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: got %+v, %v; want %+v", name, got, r, c.want)
		}
	}
}

func TestParse_RefusesFrontMatter(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ front, reason string }{
		"unknown":           {"dal: 02/12/2026\n\nscadenza: 24/12/2026", "alla riga 4 l'opzione scadenza non esiste"},
		"two words":         {"Non Prima: 24/12/2026", "alla riga 2 l'opzione non prima non esiste"},
		"a list of dates":   {"dal:\n- 24/12/2026", "la riga 3 sta fra le due righe ---, ma non è un'opzione"},
		"twice":             {"scade: 24/12/2026\nscade: 25/12/2026", "alla riga 3 l'opzione scade è scritta per la seconda volta"},
		"no option":         {"dal: 02/12/2026\nDomani mercato", "la riga 3 sta fra le due righe ---, ma non è un'opzione"},
		"a sentence":        {"Chi ha un dubbio può chiamare l'ufficio e dire: aiuto", "la riga 2 sta fra le due righe ---, ma non è un'opzione"},
		"somebody's number": {"+39 333 0000000: Mario", "la riga 2 sta fra le due righe ---, ma non è un'opzione"},
		"no name":           {": 24/12/2026", "la riga 2 sta fra le due righe ---, ma non è un'opzione"},
		"no colon":          {"scade 24/12/2026", "la riga 2 sta fra le due righe ---, ma non è un'opzione"},
		"no date":           {"scade:", "alla riga 2 l'opzione scade è senza data"},
		"only a comment":    {"scade: # quando?", "alla riga 2 l'opzione scade è senza data"},
		"words":             {"dal: domani", "alla riga 2 l'opzione dal ha una data che non si capisce"},
		"short year":        {"dal: 24/12/26", "alla riga 2 l'opzione dal ha una data che non si capisce"},
		"no minutes":        {"dal: 24/12/2026 18", "alla riga 2 l'opzione dal ha una data che non si capisce"},
		"more after it":     {"dal: 24/12/2026 18:30 circa", "alla riga 2 l'opzione dal ha una data che non si capisce"},
		"half a quote":      {`dal: "24/12/2026`, "alla riga 2 l'opzione dal ha una data che non si capisce"},
		"a zone":            {"dal: 2026-12-24T18:30Z", "alla riga 2 l'opzione dal ha una data che non si capisce"},
		"31 February":       {"dal: 31/02/2027", "alla riga 2 l'opzione dal ha un giorno che non esiste"},
		"29 February":       {"scade: 2027-02-29", "alla riga 2 l'opzione scade ha un giorno che non esiste"},
		"month 13":          {"scade: 12/13/2026", "alla riga 2 l'opzione scade ha un giorno che non esiste"},
		"day 0":             {"scade: 00/12/2026", "alla riga 2 l'opzione scade ha un giorno che non esiste"},
		"25 o'clock":        {"scade: 24/12/2026 25:00", "alla riga 2 l'opzione scade ha un'ora che non esiste"},
		"minute 60":         {"scade: 24/12/2026 18:60", "alla riga 2 l'opzione scade ha un'ora che non esiste"},
		"after midnight":    {"scade: 24/12/2026 24:30", "alla riga 2 l'opzione scade ha un'ora che non esiste"},
		"the hour skipped":  {"scade: 28/03/2027 02:30", "alla riga 2 l'opzione scade ha un'ora che non esiste"},
		"past":              {"scade: 30/11/2026", "alla riga 2 l'opzione scade indica un momento che è già passato"},
		"just now":          {"scade: 01/12/2026 13:00", "alla riga 2 l'opzione scade indica un momento che è già passato"},
		"dal after scade":   {"dal: 25/12/2026\nscade: 24/12/2026", "alla riga 3 l'opzione scade non viene dopo l'opzione dal: l'avviso non partirebbe mai"},
		"dal is scade":      {"scade: 24/12/2026 18:30\ndal: 24/12/2026 18:30", "alla riga 2 l'opzione scade non viene dopo l'opzione dal: l'avviso non partirebbe mai"},
		"NUL":               {"scade: 24/12/2026\nda\x00l: 24/12/2026", "alla riga 3 ci sono caratteri che non sono testo"},
	} {
		checkRefused(t, name, "---\n"+c.front+"\n---\ntesto", c.reason)
	}
	for name, c := range map[string]struct{ raw, reason string }{
		"never closed":        {"\r\n---\r\nscade: 24/12/2026\r\ntesto", "alla riga 2 cominciano le opzioni (---), ma manca la seconda riga --- che le chiude"},
		"nothing else":        {"---", "alla riga 1 cominciano le opzioni (---), ma manca la seconda riga --- che le chiude"},
		"no text":             {"---\nscade: 24/12/2026\n---\n\n", "dopo le opzioni non c'è il testo"},
		"two front matters":   {"---\n---\n\n---\nscade: 24/12/2026\n---\ntesto", "alla riga 4, dopo le opzioni, c'è un'altra riga --- prima del testo"},
		"blank lines before":  {"\n\r\n\r---\ncolore: rosso\n---\ntesto", "alla riga 5 l'opzione colore non esiste"},
		"NUL in the text":     {"---\nscade: 24/12/2026\n---\n\na\nb\x00", "alla riga 6 ci sono caratteri che non sono testo"},
		"text too long":       {"---\nscade: 24/12/2026\n---\n" + strings.Repeat("è", MaxCharacters+1), "il testo ha 4097 caratteri e il massimo è 4096"},
		"a thousand laughs":   {"---\na: &a [x]\nb: [*a, *a]\n---\ntesto", "alla riga 2 l'opzione a non esiste"},
		"64 KiB of an option": {"---\n" + strings.Repeat("x", MaxBytes-16) + ":\n---\ntesto", "la riga 2 sta fra le due righe ---, ma non è un'opzione"},
		"64 KiB of brackets":  {"---\ndal: " + strings.Repeat("[", MaxBytes-24) + "\n---\ntesto", "alla riga 2 l'opzione dal ha una data che non si capisce"},
		"64 KiB of fences":    {strings.Repeat("---\n", MaxBytes/4), "alla riga 3, dopo le opzioni, c'è un'altra riga --- prima del testo"},
	} {
		checkRefused(t, name, c.raw, c.reason)
	}
	for _, raw := range []string{
		"—\nscade: 24/12/2026\n—\ntesto", "----\nDal: 24/12/2026\n----\ntesto", "--\n\nscade: 24/12/2026\n---\ntesto", "- - -\ncomuni: Saronno\ntesto",
		"\u200b---\ncomuni: Saronno\n---\ntesto", "--\u00ad-\nCOMUNI : Saronno\n---\ntesto", "___\n# per chi\ncomuni:\n- Saronno\n___\ntesto",
		"scade: 24/12/2026\n---\ntesto", "comuni:\n- Saronno\n- Uboldo\n\nscade: 24/12/2026\n—\ntesto",
	} {
		checkRefused(t, raw, raw, "alla riga 1 cominciano delle opzioni, ma non fra due righe --- di tre trattini")
	}
	for _, text := range []string{
		"—\nDomani mercato", "---- \nComuni coinvolti: Saronno", "Scade: 24/12/2026 il bando", "Dal: 24/12/2026\n\nDomani\n---\nmercato", "Domani\n---\nscade: 24/12/2026\n---",
	} {
		if f, r := parse([]byte(text), noon, rome(t), someComuni); r != nil || f.Text == "" {
			t.Errorf("%q: refused with %v", text, r)
		}
	}
}

func checkRefused(t *testing.T, name, raw, reason string) {
	t.Helper()
	f, r := parse([]byte(raw), noon, rome(t), someComuni)
	if r == nil {
		t.Errorf("%s: accepted as %+v", name, f)
		return
	}
	if r.Reason != reason || !strings.HasSuffix(r.Advice, ".") {
		t.Errorf("%s: reason %q, advice %q; want %q", name, r.Reason, r.Advice, reason)
	}
	var n int
	if m := regexp.MustCompile(`riga (\d+)`).FindStringSubmatch(reason); m != nil {
		n, _ = strconv.Atoi(m[1])
	}
	line := append([]string{""}, regexp.MustCompile(`\r\n?|\n`).Split(raw, -1)...)[n]
	if want := printable(cut(strings.TrimRight(line, " "), 100)); r.Line != want {
		t.Errorf("%s: the reason shows %q, want %q", name, r.Line, want)
	}
}

func TestLoad_KeepsTheOptions(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	loc := rome(t)
	synctest.Test(t, func(t *testing.T) { // it begins on 1 January 2000 in UTC
		s := mustOpen(t, dir, Options{Location: loc})
		drop(t, filepath.Join(dir, "a.txt"), "---\ndal: 02/01/2000\nscade: 03/01/2000 18:30\n---\nDomani mercato.")
		want := File{Content: store.Content{Name: "a.txt", File: "a.txt", Text: "Domani mercato.",
			NotBefore: time.Date(2000, 1, 2, 0, 0, 0, 0, loc), Expires: time.Date(2000, 1, 3, 18, 30, 0, 0, loc)}}
		files := mustScan(t, s)
		if len(files) == 1 {
			want.Owner = files[0].Owner // whoever runs the test
		}
		if len(files) != 1 || !reflect.DeepEqual(files[0], want) {
			t.Fatalf("got %+v, want %+v", files, want)
		}
		s.Close()
		s = mustOpen(t, dir, Options{Location: loc})
		if got, err := s.Load("a.txt"); err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("after a restart: got %+v, %v; want %+v", got, err, want)
		}
		time.Sleep(time.Until(want.Expires))
		_, err := s.Load("a.txt")
		if r, ok := errors.AsType[*Refusal](err); !ok || !strings.Contains(r.Reason, "già passato") {
			t.Fatalf("after it has expired: got %v", err)
		}
	})
}

func TestScan_RefusesWhatHasExpired(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	drop(t, filepath.Join(dir, urgentFolder, "a.txt"), "---\r\nscade: 24/12/1999\r\n---\r\nDomani mercato.")
	if files := mustScan(t, s); len(files) > 0 {
		t.Fatalf("accepted: %+v", files)
	}
	checkListing(t, dir, "scartati/a.txt", "scartati/a.txt.esito.txt")
	want := "Motivo: alla riga 2 l'opzione scade indica un momento che è già passato.\r\n" +
		"Nel file c'è scritto: scade: 24/12/1999\r\nChe cosa fare: se l'avviso serve ancora, "
	if got := mustRead(t, filepath.Join(dir, rejectedFolder, "a.txt.esito.txt")); !strings.Contains(got, want) {
		t.Fatalf("got %q, want %q in it", got, want)
	}
}
