package citizen

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// textSeeds are all labelled texts; the fuzz corpus adds the files in testdata/fuzz.
func textSeeds(t testing.TB) []string {
	var all []string
	for _, one := range append(labelledMessages(t), moreMessages(t)...) {
		all = append(all, one.text)
	}
	return append(all, "\xff\xfeAttiva\u202e notizie ́ a b c", "Attiva Notizie Nome: A Cognome: B Comune: C", "“Attiva Notizie” D’ Angelo-\n\x00 ('x') 🇮🇹",
		strings.Repeat("disattiva ", 50), strings.Repeat("a\u0301\u0301", 50), "Attiva Notizie "+strings.Repeat("d' ", 40)+"Saronno")
}

func FuzzRead(f *testing.F) {
	for _, text := range textSeeds(f) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { checkReading(t, text) })
}

func FuzzComplete(f *testing.F) {
	for i, text := range textSeeds(f) {
		f.Add([]string{"", "Mario"}[i%2], []string{"", "Rossi"}[i/2%2], []string{"", "Saronno"}[i/4%2], text)
	}
	f.Fuzz(func(t *testing.T, given, family, comune, text string) {
		known := Request{Intent: Incomplete, GivenName: given, FamilyName: family, Comune: comune}
		got, ok := reader(t).complete(known, text)
		if !ok {
			if got != known {
				t.Errorf("Complete(%+v, %q) changes it to %+v", known, text, got)
			}
			return
		}
		if all := got.GivenName != "" && got.FamilyName != "" && got.Comune != ""; all != (got.Intent == Subscribe || got.Intent == Doubtful) || !all && got.Intent != Incomplete {
			t.Errorf("Complete(%+v, %q): got %+v", known, text, got)
		}
		m := scan(text)
		reader(t).prepare(&m)
		answers := len(m.words) == 1 || m.asked != 0 || anyOf(m.words, label) || noneSaid(m.words) // even what asks for help without a question
		switch read := reader(t).Read(text); {
		case read.Intent == Unsubscribe, read.Intent == Help && !answers:
			t.Errorf("Complete(%+v, %q) takes what means %v for details", known, text, read.Intent)
		}
		for i, s := range []string{got.GivenName, got.FamilyName, got.Comune} {
			if s != []string{given, family, comune}[i] {
				checkField(t, s)
			}
		}
	})
}

// TestSeedsAreLoaded counts what the fuzz targets start from: Go says nothing when it finds none.
func TestSeedsAreLoaded(t *testing.T) {
	t.Parallel()
	if n := len(textSeeds(t)); n < 450 {
		t.Errorf("got %d seeds, want 450 or more", n)
	}
	files, err := filepath.Glob("testdata/fuzz/FuzzRead/*")
	if err != nil || len(files) < 5 {
		t.Fatalf("got %d files %v, want 5 or more", len(files), err)
	}
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(f)
		lines.Scan()
		version := lines.Text()
		lines.Scan()
		quoted := strings.TrimSuffix(strings.TrimPrefix(lines.Text(), "string("), ")")
		text, err := strconv.Unquote(quoted)
		if version != "go test fuzz v1" || err != nil || text == "" {
			t.Errorf("%s is no seed: %q %v", name, version, err)
		}
		_ = f.Close()
	}
}

func checkReading(t *testing.T, text string) {
	t.Helper()
	r := reader(t).Read(text)
	all := []string{r.GivenName, r.FamilyName, r.Comune}
	for _, s := range all {
		checkField(t, s)
		whole := r.Intent == Subscribe || r.Intent == Doubtful
		if s == "" && whole || s != "" && !mayHoldDetails(r.Intent) {
			t.Errorf("%q: %v with fields %q", text, r.Intent, all)
		}
	}
	if (r.Intent == Doubtful) != (r.Doubt != Sure) || r.Tact != NoTact && r.Intent != Leaving {
		t.Errorf("%q: %v with doubt %d and tact %d", text, r.Intent, r.Doubt, r.Tact)
	}
	if again := reader(t).Read(text); again != r {
		t.Errorf("%q: got %+v, then %+v", text, r, again)
	}
	if r.Intent == Subscribe && strings.Contains(fold(text), "disattiv") {
		t.Errorf("%q subscribes", text)
	}
}

func mayHoldDetails(i Intent) bool {
	return i == Subscribe || i == Doubtful || i == Incomplete || i == Details || i == Correct
}

// smears tells whether more accents follow one another than any script needs.
func smears(s string) bool {
	marks := 0
	for _, r := range s {
		if marks++; !unicode.Is(unicode.Mn, r) {
			marks = 0
		}
		if marks > maxMarks {
			return true
		}
	}
	return false
}

func checkField(t *testing.T, s string) {
	t.Helper()
	if !utf8.ValidString(s) || utf8.RuneCountInString(s) > MaxField || strings.TrimSpace(s) != s || !norm.NFC.IsNormalString(s) {
		t.Errorf("field %q is not a short trimmed text", s)
	}
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }) || strings.ContainsAny(s, "*_~`{}<>\"\u2028\u2029") {
		t.Errorf("field %q holds what would change an answer", s)
	}
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Mn, r) }) && smears(s) {
		t.Errorf("field %q smears the lines around it", s)
	}
	if harmless(s) != s {
		t.Errorf("field %q is not harmless", s)
	}
}

// TestG1_NoWishToLeaveSubscribes disguises every way to leave in up to four ways at once.
func TestG1_NoWishToLeaveSubscribes(t *testing.T) {
	t.Parallel()
	r := random()
	for _, text := range waysToLeave(t, false) {
		for range 150 {
			disguised, how := mutate(r, text, 4, true)
			if got := reader(t).Read(disguised); got.Intent == Subscribe {
				t.Errorf("%q (%s of %q) subscribes %+v", disguised, how, text, got)
			}
			checkReading(t, disguised)
		}
	}
}

// TestG1_PlainLeavingIsAlwaysCarriedOut decorates the plain forms without making them harder to read for a human.
func TestG1_PlainLeavingIsAlwaysCarriedOut(t *testing.T) {
	t.Parallel()
	r := random()
	for _, text := range []string{
		"Disattiva Notizie", "disattiva le notizie", "disattivate le notizie", "Disattiva Notizie Mario Rossi Saronno", "STOP", "Cancellami", "Cancellatemi dalla lista",
		"vorrei disattivare le notizie", "Non voglio più ricevere messaggi", "toglietemi dalla lista", "basta messaggi", "Disiscrivimi", "non scrivetemi più", "unsubscribe",
	} {
		for range 400 {
			disguised, how := mutate(r, text, 5, false)
			if got := reader(t).Read(disguised); got != (Request{Intent: Unsubscribe}) {
				t.Errorf("%q (%s of %q): got %v %+v", disguised, how, text, got.Intent, got)
			}
		}
	}
}

// TestG1_TheCommandToLeaveIsKnownInEveryDress adds what is hard for a machine only: one hard disguise on the bare command.
func TestG1_TheCommandToLeaveIsKnownInEveryDress(t *testing.T) {
	t.Parallel()
	r := random()
	for _, d := range disguises() {
		if d.name == "command before" || d.name == "details" || d.name == "rambling" {
			continue
		}
		for range 200 {
			text := d.do(r, "Disattiva Notizie")
			if got := reader(t).Read(text); got != (Request{Intent: Unsubscribe}) {
				t.Errorf("%q (%s): got %v %+v", text, d.name, got.Intent, got)
			}
		}
	}
}

// TestG1_TalkAboutTheCommandChangesNothing builds questions, negations, conditions and reports around both commands.
func TestG1_TalkAboutTheCommandChangesNothing(t *testing.T) {
	t.Parallel()
	r := random()
	for _, frame := range []string{
		"Come posso %s?", "come posso %s", "Posso %s?", "si può %s", "Come si fa a %s?", "come faccio a %s", "Quando conviene %s?", "Perché devo %s", "Cosa succede se scrivo %s?",
		"Se scrivo %s cosa succede", "Non %s", "non vorrei %s", "Non voglio %s", "Il comando è %s, giusto?", "%s come si fa?", "%s, come funziona?", "%s cosa significa?", "%s?",
		"Devo %s?", "bisogna scrivere %s", "A cosa serve %s", "Per %s cosa devo fare", "Vorrei sapere come %s", "È vero che devo %s ogni anno?", "Chi può %s?",
		"Se volete potete %s? grazie", "%s non funziona",
	} {
		for _, command := range []string{"Disattiva Notizie", "disattivare le notizie", "Attiva Notizie", "attivare le notizie", "Attiva Notizie Mario Rossi Saronno", "attiva notizie mario rossi saronno"} {
			text := fmt.Sprintf(frame, command)
			for k := range 20 {
				disguised, how := text, "plain"
				if k > 0 {
					disguised, how = mutate(r, text, 3, false)
				}
				switch got := reader(t).Read(disguised); got.Intent {
				case Subscribe, Unsubscribe:
					t.Errorf("%q (%s): got %v %+v", disguised, how, got.Intent, got)
				case Other:
					if k == 0 {
						t.Errorf("%q: got other, want help", disguised)
					}
				}
			}
		}
	}
}

// TestG3_WhoReportsTheCommandToLeaveLeaves builds reports: of the command to leave they are as good as the command, of the other they are nothing.
func TestG3_WhoReportsTheCommandToLeaveLeaves(t *testing.T) {
	t.Parallel()
	r := random()
	for _, frame := range []string{
		"Ho scritto %s", "ho già scritto %s e arrivano ancora", "ho scritto %s ma non succede niente", "ieri ho mandato %s", "Mio marito ha scritto %s", "Mi hanno detto di scrivere %s",
		"Mio figlio dice di fare così: %s", "volevo dire %s", "io devo scrivere %s, ecco l'ho scritto", "prova %s", "la parola era %s",
	} {
		for command, want := range map[string]Intent{"Disattiva Notizie": Unsubscribe, "disattivate le notizie": Unsubscribe, "Attiva Notizie": Other, "Attiva Notizie Mario Rossi Saronno": Other} {
			text := fmt.Sprintf(frame, command)
			for k := range 20 {
				disguised, how := text, "plain"
				if k > 0 {
					disguised, how = mutate(r, text, 2, false)
				}
				got := reader(t).Read(disguised).Intent
				if want == Unsubscribe && got != want || want == Other && (got == Subscribe || got == Unsubscribe) {
					t.Errorf("%q (%s): got %v", disguised, how, got)
				}
			}
		}
	}
}

// TestDecoratedSignUpsReadTheSame holds sign-ups to the same three details whatever harmless is added.
func TestDecoratedSignUpsReadTheSame(t *testing.T) {
	t.Parallel()
	r := random()
	for _, want := range []Request{
		{Intent: Subscribe, GivenName: "Mario", FamilyName: "Rossi", Comune: "Saronno"}, {Intent: Subscribe, GivenName: "Anna Maria", FamilyName: "De Luca", Comune: "Caronno Pertusella"}, {Intent: Subscribe, GivenName: "Paola", FamilyName: "Bianchi", Comune: "Rovello Porro"},
		{Intent: Subscribe, GivenName: "Nicolò", FamilyName: "D'Angelo", Comune: "Cantù"}, {Intent: Subscribe, GivenName: "Carmela", FamilyName: "Lo Presti", Comune: "Reggio nell'Emilia"},
	} {
		text := fmt.Sprintf("Attiva Notizie %s %s %s", want.GivenName, want.FamilyName, want.Comune)
		for range 1000 {
			disguised, how := mutate(r, text, 4, false)
			got := reader(t).Read(disguised)
			same := got.Intent == Subscribe && got.Comune == want.Comune && comparable(got.GivenName) == comparable(want.GivenName) && comparable(got.FamilyName) == comparable(want.FamilyName)
			if !same {
				t.Errorf("%q (%s): got %v %+v, want %+v", disguised, how, got.Intent, got, want)
			}
		}
	}
}
