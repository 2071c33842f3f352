package cli

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"banditore/bot/whatsapp"
)

const testNumber = "+393343679575"

// pairingWords are all that pairing can say, by what it is said of.
func pairingWords() [][2]string {
	qr, png, code := scene{number: testNumber}, scene{number: testNumber, how: pairOptions{png: "/root/codice.png"}}, scene{number: testNumber, how: pairOptions{code: true}}
	small := scene{number: testNumber, pair: "banditore pair --config /etc/banditore/saronno.yaml"}
	big := scene{number: testNumber, pair: "banditore pair", how: pairOptions{big: true}}
	words := [][2]string{
		{"journal", journalWords}, {"how to", qr.howTo()}, {"how to, picture", png.howTo()}, {"how to, characters", code.howTo()},
		{"connecting", qr.clock(time.Time{})}, {"clock", validWords(42)},
		{"too small", small.tooSmall(window{columns: 80, lines: 24, utf8: true}, 61, 36)},
		{"too small, no UTF-8", small.tooSmall(window{columns: 80, lines: 24}, 122, 64)},
		{"too small for big", big.tooSmall(window{columns: 80, lines: 24, utf8: true}, 122, 64)},
		{"wrong phone", wrongPhoneWords("+393990000666", testNumber)}, {"again", againWords}, {"declined", declinedWords},
		{"passkey", passkeyWords(time.Date(2026, 11, 30, 15, 4, 0, 0, time.UTC), time.UTC)}, {"passkey, paste", passkeyPasteWords},
		{"passkey, incomplete", passkeyProblemWords(whatsapp.ErrPasskeyAnswer)}, {"passkey, of before", passkeyProblemWords(whatsapp.ErrPasskeyOther)},
		{"passkey, refused", passkeyProblemWords(whatsapp.ErrPasskeyRefused)}, {"passkey, code", passkeyCodeWords}, {"no passkey", noPasskeyWords},
		{"passkey failed", troubleWords(whatsapp.ErrPasskeyFailed)}, {"passkey expired", troubleWords(whatsapp.ErrPasskeyExpired)},
		{"too many codes", troubleWords(whatsapp.ErrTooManyCodes)},
		{"interrupted", interruptedWords}, {"scanned", scannedWords}, {"paired", pairedWords}, {"pairing", pairingUnderWay},
		{"proving", provingWords}, {"proven", fmt.Sprintf(provenWords, testNumber)}, {"gone", goneWords},
		{"linked", linkedWords(testNumber, false)}, {"linked, and goes on", linkedWords(testNumber, true)},
	}
	for _, cause := range []whatsapp.Cause{whatsapp.CauseName, whatsapp.CauseRefused, whatsapp.CauseProxy, whatsapp.CauseCertificate, whatsapp.CauseTimeout, whatsapp.CauseOther} {
		words = append(words, [2]string{"trouble, " + string(cause), troubleWords(&whatsapp.UnreachableError{Cause: cause, Err: errors.New("x")})})
	}
	return words
}

// The words are read as a whole whenever they change, and no line is longer than
// the window.
func TestPairingWords(t *testing.T) {
	t.Parallel()
	for _, columns := range []int{40, 80, 200} {
		for _, utf8 := range []bool{true, false} {
			name := fmt.Sprintf("%d", columns)
			if !utf8 {
				name += "_ascii"
			}
			var all strings.Builder
			for _, w := range pairingWords() {
				fmt.Fprintf(&all, "== %s\n", w[0])
				for _, line := range (window{columns: columns, utf8: utf8}).wrap(w[1]) {
					if width(line) > columns && !strings.HasPrefix(line, "  ") && strings.Contains(strings.TrimLeft(line, " "), " ") {
						t.Errorf("%d columns, %s: %q", columns, w[0], line)
					}
					if !utf8 && regexp.MustCompile(`[^\x00-\x7f]`).MatchString(line) {
						t.Errorf("no ASCII: %q", line)
					}
					all.WriteString(line + "\n")
				}
			}
			golden(t, filepath.Join("testdata", "pair", name+".golden"), all.String())
		}
	}
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if f := flag.Lookup("update"); f != nil && f.Value.String() == "true" {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s is no longer what is said (-update writes it anew):\n%s", path, got)
	}
}

func TestWrap(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		text    string
		columns int
		want    []string
	}{
		{"", 10, []string{""}},
		{"uno due tre", 7, []string{"uno due", "tre"}},
		{"uno due tre", 0, []string{"uno due tre"}},
		{"perché così è", 10, []string{"perché", "così è"}},
		{"vedi /un/percorso/lungo/assai qui", 10, []string{"vedi", "/un/percorso/lungo/assai", "qui"}},
		{"  banditore pair --config /a/b --code", 10, []string{"  banditore pair --config /a/b --code"}},
		{"1. uno due tre", 9, []string{"1. uno", "   due", "   tre"}},
		{"12. uno due", 8, []string{"12. uno", "    due"}},
		{"- uno due", 6, []string{"- uno", "  due"}},
		{"uno\n\ndue\n", 10, []string{"uno", "", "due"}},
	} {
		if got := wrap(test.text, test.columns); strings.Join(got, "\n") != strings.Join(test.want, "\n") {
			t.Errorf("%q at %d: got %q", test.text, test.columns, got)
		}
	}
}

// testCode is as long as WhatsApp's.
func testCode(t *testing.T) *whatsapp.QR {
	t.Helper()
	key := strings.Repeat("k3Y/", 11)
	q, err := whatsapp.NewQR("https://wa.me/settings/linked_devices#2@" + strings.Repeat("Ref9", 22) + "," + key + "," + key + "," + key + ",1")
	if err != nil {
		t.Fatal(err)
	}
	if q.Modules() != usualModules {
		t.Fatalf("%d modules, want %d", q.Modules(), usualModules)
	}
	return q
}

// Whatever the window and whatever there is to say: a frame is never larger than
// the window when it shows a code, the code is whole, and 80×40 holds it.
func TestFrames(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 30, 15, 4, 0, 0, time.UTC)
	notices := []string{"", againWords, declinedWords, wrongPhoneWords("+393990000666", testNumber), troubleWords(&whatsapp.UnreachableError{Cause: whatsapp.CauseRefused}), troubleWords(whatsapp.ErrPasskeyFailed)}
	for _, notice := range notices {
		for _, how := range []pairOptions{{}, {invert: true}, {big: true}} {
			s := scene{number: testNumber, pair: "banditore pair", how: how, code: testCode(t), until: now.Add(time.Minute), notice: notice}
			for columns := 30; columns <= 180; columns += 5 {
				for lines := 10; lines <= 80; lines++ {
					w := window{columns: columns, lines: lines, redraw: true, utf8: true}
					checkFrame(t, s, w, s.draw(w, now))
				}
			}
			if f := s.draw(window{columns: 80, lines: 40, redraw: true, utf8: true}, now); !f.fits && !how.big {
				t.Errorf("80×40 does not hold the code and %q", notice)
			}
		}
	}
}

func checkFrame(t *testing.T, s scene, w window, f frame) {
	t.Helper()
	drawn := 0
	for _, line := range f.lines {
		if strings.ContainsAny(line, "█▀▄") {
			drawn++
		}
		if f.fits && width(line) > w.columns {
			t.Fatalf("%d×%d: a line of %d columns: %q", w.columns, w.lines, width(line), line)
		}
	}
	if !f.fits {
		if columns, lines := s.wants(w); drawn > 0 || (columns <= w.columns && lines <= w.lines) {
			t.Fatalf("%d×%d: it does not fit, but wants %d×%d, and draws %d lines", w.columns, w.lines, columns, lines, drawn)
		}
		return
	}
	least := 28
	if s.how.big {
		least = 57
	}
	if len(f.lines) > w.lines || drawn < least {
		t.Fatalf("%d×%d: %d lines, %d of the code", w.columns, w.lines, len(f.lines), drawn)
	}
	if clock := f.lines[f.row]; !strings.Contains(clock, "Questo codice") {
		t.Fatalf("%d×%d: the clock is not in line %d: %q", w.columns, w.lines, f.row, clock)
	}
}

func TestLocaleAndColours(t *testing.T) {
	t.Parallel()
	env := func(pairs ...string) func(string) string {
		return func(key string) string {
			for i := 0; i < len(pairs); i += 2 {
				if pairs[i] == key {
					return pairs[i+1]
				}
			}
			return ""
		}
	}
	for _, test := range []struct {
		env  []string
		utf8 bool
		ink  whatsapp.Ink
	}{
		{[]string{"LANG", "it_IT.UTF-8", "TERM", "xterm"}, true, whatsapp.BrightInk},
		{[]string{"LANG", "it_IT.utf8", "TERM", "xterm-256color"}, true, whatsapp.ExactInk},
		{[]string{"LANG", "it_IT.UTF-8", "LC_ALL", "C", "TERM", "linux"}, false, whatsapp.EightInk},
		{[]string{"LANG", "C", "LC_CTYPE", "C.UTF-8", "TERM", "vt100"}, true, whatsapp.EightInk},
		{[]string{"LANG", "it_IT@euro", "TERM", "xterm", "COLORTERM", "truecolor"}, false, whatsapp.ExactInk},
		{[]string{"LANG", "POSIX", "TERM", "dumb"}, false, whatsapp.NoInk},
		{[]string{"TERM", "tmux-256color", "NO_COLOR", "1"}, true, whatsapp.NoInk},
		{nil, true, whatsapp.NoInk},
	} {
		if got := speaksUTF8(env(test.env...)); got != test.utf8 {
			t.Errorf("%q: UTF-8 %v", test.env, got)
		}
		if got := inkOf(env(test.env...)); got != test.ink {
			t.Errorf("%q: ink %v", test.env, got)
		}
	}
}

func TestQuoted(t *testing.T) {
	t.Parallel()
	if got := commandLine("banditore", "pair", "--config", "/srv/l'altro file.yaml", ""); got != `banditore pair --config '/srv/l'\''altro file.yaml' ''` {
		t.Errorf("got %s", got)
	}
}
