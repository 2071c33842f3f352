package cli

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"

	"banditore/store"
)

var importDay = time.Date(2026, time.November, 24, 12, 0, 0, 0, time.UTC)

func rome(t testing.TB) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func csvOf(t testing.TB, list ...store.Subscriber) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := writeCSV(&b, list, rome(t), importDay); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// listed is an imported person as the list holds him.
func listed(e store.Entry) store.Subscriber {
	return store.Subscriber{Person: e.Person, Details: e.Details, Since: importDay, Evidence: store.Evidence{Written: e.ConsentAt, Source: e.Consent}}
}

// No value is a formula to a spreadsheet, whatever a citizen calls himself, and
// every value comes back from it as it was.
func TestNoCellIsAFormula(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"+393331234567", "=1+1", "-1", "@SUM(A1)", "+", "=", "  =1+1", "\u00a0=1+1", "\ufeff=1+1", "＝1+1", "＋39", "|cmd", "%0A",
		`=HYPERLINK("https://example.invalid";"Mario")`, "=cmd|' /C calc'!A0", "'=1+1", "''=1+1", "'Ntoni", "''Ntoni", "'", "''", "'''",
		"Mario", "D'Angelo", "Maria-Rosa", "a;b", "a,b", `a"b`, "Forlì", "",
	} {
		got := cell(s)
		first := strings.TrimLeft(got, " \u00a0\ufeff")
		if strings.IndexAny(first, "=+-@＝＋－＠|%") == 0 {
			t.Errorf("%q is written as %q", s, got)
		}
		if back := value(got); back != strings.TrimSpace(s) {
			t.Errorf("%q is written as %q and read as %q", s, got, back)
		}
	}
	for _, s := range []string{"\t=1+1", "\r=1+1", "\n=1+1", "Mario\n=1+1"} {
		if got := cell(s); strings.ContainsAny(got, "\t\r\n") || strings.HasPrefix(strings.TrimSpace(got), "=") {
			t.Errorf("%q is written as %q", s, got)
		}
	}
	for _, s := range []string{"'Ntoni", "Maria-Rosa", "D'Angelo"} {
		if got := cell(s); got != s {
			t.Errorf("%q is written as %q for nothing", s, got)
		}
	}
}

// What export writes, an Italian spreadsheet shows, and import reads again, also
// after that spreadsheet has saved it in its own way.
func TestExportAndImportAgain(t *testing.T) {
	t.Parallel()
	people := []store.Subscriber{
		{Person: store.Person{Number: "+393990000001", LID: "100000000000001"}, Details: store.Details{GivenName: "'Ntoni", FamilyName: "De \"Rossi\"; detto, Nino", Comune: "Forlì"},
			Since: importDay, Evidence: store.Evidence{Written: importDay.Add(-time.Minute), MessageID: "3EB0AA", Words: "Attiva"}, NewsFrom: importDay.AddDate(0, 1, 0), Code: "K7QW3N"},
		{Person: store.Person{LID: "100000000000002"}, Details: store.Details{GivenName: "=1+1", FamilyName: "@SUM(A1:A9)", Comune: "-Saronno"},
			Since: importDay, Evidence: store.Evidence{Written: importDay.AddDate(-1, 0, 0), Source: "+ modulo, sportello; 12"}, NewsFrom: store.Never()},
		{Person: store.Person{Number: "+393990000003"}, Details: store.Details{GivenName: "Nicolò", FamilyName: "Dell’Acqua", Comune: "Saronno"}, Since: importDay},
	}
	content := csvOf(t, people...)
	if !bytes.HasPrefix(content, []byte("\xef\xbb\xbfnumber;lid;")) || !bytes.Contains(content, []byte("\r\n'+393990000001;100000000000001;'Ntoni;")) {
		t.Errorf("the file begins with\n%q", content[:min(len(content), 200)])
	}
	text := strings.TrimPrefix(string(content), bom)
	latin, err := charmap.Windows1252.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string][]byte{
		"as it was": content, "with the mark gone": []byte(text), "saved by Excel": []byte(latin),
		"with empty lines": []byte(strings.ReplaceAll(text, "\r\n", "\r\n;;;;;;;;;\r\n")),
		"with commas":      commas(t, text),
	} {
		list, problems := parseCSV(file, rome(t), importDay)
		if len(problems) > 0 || len(list) != len(people) {
			t.Fatalf("%s: %d people, %v", name, len(list), problems)
		}
		for i, e := range list {
			s := people[i]
			if e.NewsFrom != s.NewsFrom {
				t.Errorf("%s: news from %v, want %v", name, e.NewsFrom, s.NewsFrom)
			}
			if e.Person != s.Person || e.Details != s.Details || (s.Source != "" && e.Consent != s.Source) {
				t.Errorf("%s: got %+v, want %+v", name, e, s)
			}
		}
		if at, consent := list[0].ConsentAt, list[0].Consent; !at.Equal(people[0].Written) || consent != "WhatsApp message 3EB0AA" {
			t.Errorf("%s: consent %q at %v", name, consent, at)
		}
		if !list[2].ConsentAt.Equal(importDay) {
			t.Errorf("%s: consent of old at %v", name, list[2].ConsentAt)
		}
	}
}

func commas(t *testing.T, text string) []byte {
	t.Helper()
	r := csv.NewReader(strings.NewReader(text))
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const csvHead = "number,given_name,family_name,comune,consent_at,consent\n"

// One mistake spoils the whole file, and is named by its line without being
// repeated.
func TestImportNamesEveryMistake(t *testing.T) {
	t.Parallel()
	const good = "+39 399 0000001,Anna,Bianchi,Saronno,2026-09-30,modulo\n"
	long := strings.Repeat("x", 301)
	for _, c := range []struct{ rows, want string }{
		{"0399 0000002,Zanzottera,B,S,2026-09-30,m\n", "line 3: number: not a telephone number"},
		{"3.94E+11,Zanzottera,B,S,2026-09-30,m\n", "line 3: number: not a telephone number"},
		{",Zanzottera,B,S,2026-09-30,m\n", "line 3: number: missing"},
		{"+393990000001,Zanzottera,B,S,2026-09-30,m\n", "line 3: is the same person as line 2"},
		{"+393990000002,,B,S,2026-09-30,m\n", "line 3: given_name: missing"},
		{"+393990000002,Zanzottera, ,S,2026-09-30,m\n", "line 3: family_name: missing"},
		{"+393990000002,Zanzottera,B,,2026-09-30,m\n", "line 3: comune: missing"},
		{"+393990000002,Zanzottera,B,S,2026-09-30,\n", "line 3: consent: missing"},
		{"+393990000002,Zanzottera,B,S,2026-09-30," + long + "\n", "line 3: consent: longer than 300"},
		{"+393990000002," + long + ",B,S,2026-09-30,m\n", "line 3: given_name: longer than 60"},
		{"+393990000002,Zanzot\x01tera,B,S,2026-09-30,m\n", "line 3: given_name: holds characters"},
		{"+393990000002,Zanzottera,B,S,,m\n", "line 3: consent_at: no date"},
		{"+393990000002,Zanzottera,B,S,31/02/2026,m\n", "line 3: consent_at: no date"},
		{"+393990000002,Zanzottera,B,S,25/11/2026,m\n", "line 3: consent_at: lies in the future"},
		{"+393990000002,Zanzottera,B,S,0026-09-30,m\n", "line 3: consent_at: lies before"},
		{"+393990000002,Zanzottera,B,S,2026-09-30\n", "line 3: has 5 columns instead of 6"},
		{"+393990000002,\"Zanzottera,B,S,2026-09-30,m\n", "quotes are not paired"},
	} {
		list, problems := parseCSV([]byte(csvHead+good+c.rows), rome(t), importDay)
		if len(list) > 0 || len(problems) != 1 || !strings.HasPrefix(problems[0].String(), c.want) && !strings.Contains(problems[0].String(), c.want) {
			t.Errorf("%q: %d people, got %v, want %q", c.rows, len(list), problems, c.want)
		}
		if s := fmt.Sprint(problems); strings.Contains(s, "Zanzot") || strings.Contains(s, "399000") {
			t.Errorf("it repeats what is there: %s", s)
		}
	}
	for content, want := range map[string]string{
		"": "no columns", good: "not known", "number;given_name\n": "lacks the column family_name",
		"number,number,given_name\n": "number twice", "given_name,family_name,comune,consent_at,consent\n": "lacks the column number",
		"PK\x03\x04\x00\x00": "no CSV", csvHead + "x": "has 1 columns",
	} {
		list, problems := parseCSV([]byte(content), rome(t), importDay)
		if len(list) > 0 || len(problems) != 1 || !strings.Contains(problems[0].String(), want) {
			t.Errorf("%q: got %v, want %q", content, problems, want)
		}
	}
	if _, problems := parseCSV([]byte(csvHead+good+"x,,,,,\ny,,,,,\n"), rome(t), importDay); len(problems) != 12 {
		t.Errorf("got %d problems, want all 12: %v", len(problems), problems)
	}
}

func TestImportReadsItalianDates(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"2026-09-30", "30/09/2026", "30/9/2026 00:00", "2026-09-30 00:00:00", "2026-09-30T00:00:00+02:00", "2026-09-29T22:00:00.9Z"} {
		if at, ok := parseMoment(s, rome(t)); !ok || !at.Equal(time.Date(2026, 9, 29, 22, 0, 0, 0, time.UTC)) {
			t.Errorf("%s: got %v, %v", s, at, ok)
		}
	}
}

// Whatever is in a file, it is read or refused; and who was read from it comes
// back from what export writes of him.
func FuzzImport(f *testing.F) {
	f.Add([]byte(csvHead + "+39 399 0000001,Anna,Bianchi,Saronno,2026-09-30,modulo\n"))
	f.Add(csvOf(f, store.Subscriber{Person: store.Person{Number: "+393990000001", LID: "1"}, Details: store.Details{GivenName: "=1", FamilyName: "'x", Comune: "S"}, Since: importDay}))
	f.Add([]byte("lid;given_name;family_name;comune;consent_at;consent\r\n123;'Ntoni;'=1;'';1/2/2020 10:00;\"a\"\"b\nc\"\r\n"))
	f.Add([]byte(csvHead + "\"+393990000001,Anna\n\x96\xe8,,,\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		list, problems := parseCSV(content, rome(t), importDay)
		if len(list) > 0 && len(problems) > 0 {
			t.Fatal("people and problems at once")
		}
		var all []store.Subscriber
		for _, e := range list {
			if e.ConsentAt.After(importDay) || e.Consent == "" || e.GivenName == "" {
				t.Fatalf("accepted %+v", e)
			}
			all = append(all, listed(e))
		}
		again, problems := parseCSV(csvOf(t, all...), rome(t), importDay)
		if len(problems) > 0 || !slices.Equal(again, list) {
			t.Fatalf("%+v came back as %+v (%v)", list, again, problems)
		}
	})
}

// A list without modes has everybody get all news; what is no mode is named.
func TestImportReadsModes(t *testing.T) {
	t.Parallel()
	const head = "number,given_name,family_name,comune,consent_at,consent,news_from\n+393990000001,Anna,Bianchi,Saronno,2026-09-30,modulo,"
	for text, want := range map[string]time.Time{"": {}, "never": store.Never(), "2027-01-01": time.Date(2026, 12, 31, 23, 0, 0, 0, time.UTC)} {
		list, problems := parseCSV([]byte(head+text+"\n"), rome(t), importDay)
		if len(problems) > 0 || len(list) != 1 || !list[0].NewsFrom.Equal(want) {
			t.Errorf("%q: %v, %+v", text, problems, list)
		}
	}
	if _, problems := parseCSV([]byte(head+"soon\n"), rome(t), importDay); len(problems) != 1 || !strings.Contains(problems[0].String(), "line 2: news_from: neither a date") {
		t.Errorf("got %v", problems)
	}
}
