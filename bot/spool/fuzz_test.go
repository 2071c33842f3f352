package spool

import (
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"banditore/store"
)

// fuzzedFronts are front matters right and wrong.
func fuzzedFronts() []string {
	return []string{
		"dal: 2026-12-24T18:30", "Scade: \"24/12/2026 ore 18.30\" # sera", "scade: 31/02/2027", "scade: 28/03/2027 02:30", "scade: 24/12/2026 24:00",
		"dal: 25/12/2026\nscade: 24/12/2026", "comuni: [Saronno, 'Vo'']", "comuni:\n  - Saronno\n\n  - uboldo;Saronno # due", "comuni: Sarono", "comuni: []\n-\n*",
		"a: &a [*a]", "scade: \x00", "colore: rosso", "+39 333 0000000: Mario", "dal: 333 0000000", "comuni: 333 0000000", "\u200ecomuni:\u00a0Cantu\u0300",
	}
}

// checkRefusal: staff read the words on one line, and no number of a citizen that
// somebody wrote in the wrong place gets into a log with them (G4).
func checkRefusal(t *testing.T, r *Refusal, lines int) {
	t.Helper()
	words := r.Reason + r.Advice
	if r.Reason == "" || !strings.HasSuffix(r.Advice, ".") || printable(words) != words || !utf8.ValidString(words) {
		t.Fatalf("refused with %+v", r)
	}
	if number := regexp.MustCompile(`\d{6,}`).FindString(r.Reason); number != "" {
		t.Fatalf("the reason %q repeats %s", r.Reason, number)
	}
	if m := regexp.MustCompile(`^(?:alla|la) riga (\d+) `).FindStringSubmatch(r.Reason); m != nil {
		if line, err := strconv.Atoi(m[1]); err != nil || line < 1 || line > lines {
			t.Fatalf("the reason %q names a line, and the file has %d", r.Reason, lines)
		}
	}
}

// checkTerms: it can leave, and to somebody.
func checkTerms(t *testing.T, f File) {
	t.Helper()
	if !f.Expires.IsZero() && (!f.Expires.After(noon) || !f.NotBefore.Before(f.Expires)) {
		t.Fatalf("it may leave from %v to %v, and now is %v", f.NotBefore, f.Expires, noon)
	}
	if f.Comuni != nil && len(f.Comuni) == 0 {
		t.Fatal("only for the residents of no Comune")
	}
	seen := map[string]bool{}
	for _, comune := range f.Comuni {
		if canonical, ok := someComuni(comune); !ok || canonical != comune || seen[comune] {
			t.Fatalf("it is for the residents of %q", f.Comuni)
		}
		seen[comune] = true
	}
}

// FuzzParse: no bytes break the reader of files, and what it lets through is text
// that comes out the same when it is read again.
func FuzzParse(f *testing.F) {
	for _, c := range samples(f) {
		f.Add(c.bytes(f))
		f.Add(append([]byte("---\ndal: 02/12/2026\nscade: 24/12/2026\ncomuni: Saronno\n---\n"), c.bytes(f)...))
	}
	for _, front := range fuzzedFronts() {
		f.Add([]byte("---\n" + front + "\n---\ntesto"))
		f.Add([]byte("\xff\xfe" + utf16Bytes("\r\n---\r\n"+front+"\r\n---\r\ntesto", false)))
	}
	for _, raw := range []string{"", "\xff\xfe", "\xfe\xff\xd8\x00", "\ufeff", "a\x00", "---\n", "e\u0301", "\xe9\x80", " \n%PDF-", "\ufeff<html", "---\n---\nGIF8"} {
		f.Add([]byte(raw))
	}
	loc := rome(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, r := parse(raw, noon, loc, someComuni)
		if r != nil {
			if !reflect.DeepEqual(got, File{}) {
				t.Fatalf("refused, and given back: %+v", got)
			}
			checkRefusal(t, r, 1+strings.Count(string(raw), "\n")+strings.Count(string(raw), "\r"))
			return
		}
		checkTerms(t, got)
		text := got.Text
		if !utf8.ValidString(text) || !norm.NFC.IsNormalString(text) || controlLine(text) > 0 || utf8.RuneCountInString(text) > MaxCharacters {
			t.Fatalf("unfit text accepted: %q", text)
		}
		if !strings.ContainsFunc(text, visible) {
			t.Fatalf("text without words accepted: %q", text)
		}
		if again, r := parse([]byte(text), noon, loc, someComuni); r != nil || !reflect.DeepEqual(again, File{Content: store.Content{Text: text}}) {
			t.Fatalf("the text %q is read as %+v, %v", text, again, r)
		}
	})
}

// FuzzFront: nothing between the two lines of hyphens breaks the reader of options.
func FuzzFront(f *testing.F) {
	for _, front := range fuzzedFronts() {
		f.Add(front)
	}
	zones := []*time.Location{time.UTC, rome(f)}
	f.Fuzz(func(t *testing.T, front string) {
		for _, loc := range zones {
			got, r := readTerms(passage{text: front, line: 1}, noon, loc, someComuni)
			if r != nil {
				checkRefusal(t, r, 1+strings.Count(front, "\n"))
				continue
			}
			checkTerms(t, File{Content: got})
			again, r := readTerms(passage{text: strings.ToUpper(front), line: 1}, noon, loc, someComuni)
			if r != nil {
				continue // there are letters whose capitals are others, ſ for one
			}
			if !reflect.DeepEqual(got, again) {
				t.Fatalf("%q means %+v, and in capitals %+v", front, got, again)
			}
		}
	})
}
