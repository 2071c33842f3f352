package spool

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"

	"banditore/store"
)

type sample struct {
	name, sha string
	chars     int
	urgent    bool
}

// samples reads the manifest of the corpus.
func samples(t testing.TB) []sample {
	t.Helper()
	data, err := os.ReadFile("testdata/announcements.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var all []sample
	for line := range strings.Lines(string(data)) {
		col := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if len(col) != 7 || col[0] == "file" {
			continue
		}
		chars, err := strconv.Atoi(col[3])
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, sample{name: col[0], sha: col[4], chars: chars, urgent: col[6] == "1"})
	}
	if len(all) != 25 {
		t.Fatalf("found %d announcements in the manifest, want 25", len(all))
	}
	return all
}

func (c sample) bytes(t testing.TB) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata/announcements", c.name))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func (c sample) check(t *testing.T, text string) {
	t.Helper()
	sum := sha256.Sum256([]byte(text))
	if got := hex.EncodeToString(sum[:]); got != c.sha {
		t.Errorf("%s: SHA-256 %s, want %s; text %q", c.name, got, c.sha, text)
	}
	if got := utf8.RuneCountInString(text); got != c.chars {
		t.Errorf("%s: %d characters, want %d", c.name, got, c.chars)
	}
}

func TestReadText_Corpus(t *testing.T) {
	t.Parallel()
	for _, c := range samples(t) {
		f, r := parse(c.bytes(t), noon, time.UTC, nil)
		if r != nil {
			t.Errorf("%s: %v", c.name, r)
			continue
		}
		c.check(t, f.Text)
	}
}

// Whatever a clerk's editor makes of a text, the same words arrive.
func TestParse_CorpusInEveryEncoding(t *testing.T) {
	t.Parallel()
	encodings := map[string]func(string) (string, error){
		"UTF-8":                func(s string) (string, error) { return s, nil },
		"UTF-8 with mark":      func(s string) (string, error) { return "\ufeff" + s, nil },
		"UTF-8 from a Mac":     func(s string) (string, error) { return norm.NFD.String(s), nil },
		"UTF-16LE":             func(s string) (string, error) { return "\xff\xfe" + utf16Bytes(s, false), nil },
		"UTF-16BE":             func(s string) (string, error) { return "\xfe\xff" + utf16Bytes(s, true), nil },
		"UTF-16LE from a Mac":  func(s string) (string, error) { return "\xff\xfe" + utf16Bytes(norm.NFD.String(s), false), nil },
		"Windows-1252":         charmap.Windows1252.NewEncoder().String,
		"below options, UTF-8": func(s string) (string, error) { return "---\ncomuni: Saronno\n---\n" + s, nil },
		"below options, Windows": func(s string) (string, error) {
			return charmap.Windows1252.NewEncoder().String("---\ncomuni: Cantù\n---\n" + s)
		},
	}
	tried := map[string]int{}
	for _, c := range samples(t) {
		f, r := parse(c.bytes(t), noon, time.UTC, nil)
		if r != nil {
			t.Fatalf("%s: %v", c.name, r)
		}
		for name, encode := range encodings {
			for _, end := range []string{"\n", "\r\n", "\r", " \t\r\n"} {
				raw, err := encode(strings.ReplaceAll("\n"+f.Text+"\n", "\n", end))
				if err != nil {
					continue // Windows-1252 has no emoji
				}
				tried[name]++
				got, r := parse([]byte(raw), noon, time.UTC, someComuni)
				if r != nil {
					t.Errorf("%s in %s with %q: %v", c.name, name, end, r)
					continue
				}
				c.check(t, got.Text)
			}
		}
	}
	for name := range encodings {
		if tried[name] < 4*4 {
			t.Errorf("%s: tried with %d texts only", name, tried[name])
		}
	}
}

func utf16Bytes(s string, big bool) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(s)) {
		lo, hi := byte(u), byte(u>>8)
		if big {
			lo, hi = hi, lo
		}
		b.Write([]byte{lo, hi})
	}
	return b.String()
}

func TestReadText_Decodes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, raw, want string }{
		{"utf-8", "perché €", "perché €"},
		{"utf-8 with mark", "\ufeffperché", "perché"},
		{"two marks", "\ufeff\ufeffperché", "perché"},
		{"utf-16 little endian", "\xff\xfe" + utf16Bytes("perché 🚧", false), "perché 🚧"},
		{"utf-16 big endian", "\xfe\xff" + utf16Bytes("perché 🚧", true), "perché 🚧"},
		{"utf-16 with a replacement character of its own", "\xff\xfe" + utf16Bytes("a\ufffdb", false), "a\ufffdb"},
		{"windows-1252", "perch\xe9 10 \x80 \x96 l\x92acqua", "perché 10 € – l’acqua"},
		{"decomposed", "perche\u0301", "perché"},
		{"crlf and cr", "a\r\nb\rc\n", "a\nb\nc"},
		{"blanks", "\n  a \t\n\u00a0\nb\u00a0\n\n", "a\n\nb"},
		{"marks of WhatsApp pass", "*Domani* _mercato_ `x`", "*Domani* _mercato_ `x`"},
		{"tabs inside pass", "a\tb", "a\tb"},
		{"a line of dashes inside passes", "a\n---\nb", "a\n---\nb"},
		{"a longer line of dashes passes", "-----\na", "-----\na"},
		{"longest", strings.Repeat("è", MaxCharacters), strings.Repeat("è", MaxCharacters)},
	} {
		got, r := parse([]byte(c.raw), noon, time.UTC, nil)
		if want := (File{Content: store.Content{Text: c.want}}); r != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v, %v; want %q", c.name, got, r, c.want)
		}
	}
}

func TestReadText_Refuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, raw, reason string }{
		{"nothing", "", "vuoto"},
		{"blanks", " \r\n\t\u00a0", "vuoto"},
		{"only marks nobody sees", "\u200b\u200d\u2060", "vuoto"},
		{"NUL", "a\x00b", "alla riga 1"},
		{"utf-16 without mark", utf16Bytes("Avviso", false), "alla riga 1"},
		{"escape", "a\n\x1b[31mb", "alla riga 2"},
		{"escape below blank lines", "\n\r\n\x1b[31mb", "alla riga 3"},
		{"windows-1252 gap", "perch\xe9 \x81", "danneggiato"},
		{"broken utf-8 after its mark", "\ufeffperch\xe9", "danneggiato"},
		{"half a unit of utf-16", "\xff\xfea", "danneggiato"},
		{"half a pair of utf-16", "\xff\xfe\x3d\xd8a\x00", "danneggiato"},
		{"too long", strings.Repeat("è", MaxCharacters+1), "4097 caratteri"},
		{"too big", strings.Repeat(" ", MaxBytes) + "a", "troppo grande"},
		{"zip", "PK\x03\x04 ...", "Word"},
		{"pdf", "%PDF-1.7\n...", "PDF"},
		{"rtf", `{\rtf1 ciao}`, "RTF"},
		{"page", "<!doctype html><p>ciao", "pagina web"},
		{"page in utf-16", "\xff\xfe" + utf16Bytes("\r\n<html><p>ciao", false), "pagina web"},
		{"page below options", "---\ndal: 24/12/2026\n---\n<html><p>ciao", "pagina web"},
	} {
		f, r := parse([]byte(c.raw), noon, time.UTC, nil)
		if r == nil {
			t.Errorf("%s: accepted as %+v", c.name, f)
			continue
		}
		if !strings.Contains(r.Reason, c.reason) || r.Advice == "" {
			t.Errorf("%s: reason %q, advice %q; want a reason with %q", c.name, r.Reason, r.Advice, c.reason)
		}
	}
}

// What we have written ourselves goes out to nobody, whatever the Explorer calls it.
func TestG9_OurOwnWordsAreNotSent(t *testing.T) {
	t.Parallel()
	s, dir := newSpool(t)
	const refusal = "File: a.txt\r\nInsieme a: a.jpg\r\nNON INVIATO\r\n\r\nMotivo: è un doppione.\r\nChe cosa fare: cambia il testo.\r\n"
	own := map[string]string{
		"LEGGIMI - Copia.txt":           crlf(readme),
		"Copia di LEGGIMI.txt":          readme,
		"a.txt.esito - Copia.txt":       string(sampleReport(t).render()),
		"a.txt.esito (2).txt":           string(withdrawn("b.txt").render()),
		"a.txt.esito - Copia (2).txt":   refusal,
		"a.txt.esito - Copia (3).txt":   strings.Replace(refusal, "Insieme a: a.jpg\r\n", "", 1),
		"stato - Copia.html":            "<!DOCTYPE html>",
		"a.txt.verbale - Copia.html":    "<!DOCTYPE html>",
		"non era un avviso ma così.txt": "---\nscade: 31/12/2099\n---\n" + refusal,
	}
	for name, text := range own {
		drop(t, filepath.Join(dir, name), text)
	}
	theirs := []string{"Avviso: domani mercato", "Avviso: a.txt\nAccettato: da tutti\nTipo: b", "File: a\nNON INVIATO", "Come si invia un avviso?"}
	for i, text := range theirs {
		drop(t, filepath.Join(dir, urgentFolder, string(rune('a'+i))+".txt"), text)
	}
	if got := mustScan(t, s); len(got) != len(theirs) {
		t.Errorf("took %+v", got)
	}
	for name := range own {
		if report := mustRead(t, filepath.Join(dir, rejectedFolder, name+reportSuffix)); filepath.Ext(name) == ".txt" && !strings.Contains(report, "scritto dal servizio") {
			t.Errorf("%s: report %q", name, report)
		}
	}
}
