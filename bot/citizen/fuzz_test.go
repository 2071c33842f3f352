package citizen

import (
	"bufio"
	"fmt"
	"math/rand/v2"
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
		got, ok := reader(t).Complete(known, text)
		if !ok {
			if got != known {
				t.Errorf("Complete(%+v, %q) changes it to %+v", known, text, got)
			}
			return
		}
		if all := got.GivenName != "" && got.FamilyName != "" && got.Comune != ""; all != (got.Intent == Subscribe) || !all && got.Intent != Incomplete {
			t.Errorf("Complete(%+v, %q): got %+v", known, text, got)
		}
		switch read := reader(t).Read(text); read.Intent {
		case Unsubscribe, Help:
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
		if s == "" && r.Intent == Subscribe || s != "" && r.Intent != Subscribe && r.Intent != Incomplete {
			t.Errorf("%q: %v with fields %q", text, r.Intent, all)
		}
	}
	if r.Intent == Subscribe && r.Shade != Plain || r.Shade == MyData && r.Intent != Help || (r.Shade == Yes || r.Shade == No || r.Shade == Thanks) && r.Intent != Other {
		t.Errorf("%q: %v with shade %d", text, r.Intent, r.Shade)
	}
	if again := reader(t).Read(text); again != r {
		t.Errorf("%q: got %+v, then %+v", text, r, again)
	}
	if r.Intent == Subscribe && strings.Contains(fold(text), "disattiv") {
		t.Errorf("%q subscribes", text)
	}
}

func checkField(t *testing.T, s string) {
	t.Helper()
	if !utf8.ValidString(s) || utf8.RuneCountInString(s) > MaxField || strings.TrimSpace(s) != s || !norm.NFC.IsNormalString(s) {
		t.Errorf("field %q is not a short trimmed text", s)
	}
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }) || strings.ContainsAny(s, "*_~`{}<>\"\u2028\u2029") {
		t.Errorf("field %q holds what would change an answer", s)
	}
	if harmless(s) != s {
		t.Errorf("field %q is not harmless", s)
	}
}

// disguise is a way to write the same thing otherwise; hard ones may make it unreadable, easy ones may not.
type disguise struct {
	name string
	hard bool
	do   func(*rand.Rand, string) string
}

func disguises() []disguise {
	anywhere := func(r *rand.Rand, s, what string) string {
		runes := []rune(s)
		i := r.IntN(len(runes) + 1)
		return string(runes[:i]) + what + string(runes[i:])
	}
	one := func(r *rand.Rand, of ...string) string { return of[r.IntN(len(of))] }
	each := func(p float64, from, to string) func(*rand.Rand, string) string {
		f, u := []rune(from), []rune(to)
		return func(r *rand.Rand, s string) string {
			return strings.Map(func(c rune) rune {
				for i := range f {
					if f[i] == c && r.Float64() < p {
						return u[i]
					}
				}
				return c
			}, s)
		}
	}
	return []disguise{
		{"upper case", false, func(_ *rand.Rand, s string) string { return strings.ToUpper(s) }},
		{"lower case", false, func(_ *rand.Rand, s string) string { return strings.ToLower(s) }},
		{"case of a child", false, func(r *rand.Rand, s string) string {
			return strings.Map(func(c rune) rune {
				if r.IntN(2) == 0 {
					return unicode.ToUpper(c)
				}
				return unicode.ToLower(c)
			}, s)
		}},
		{"nothing visible", false, func(r *rand.Rand, s string) string {
			return anywhere(r, s, one(r, "\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u202a", "\u2066", "\u200f"))
		}},
		{"blanks", false, func(r *rand.Rand, s string) string {
			return strings.ReplaceAll(s, " ", one(r, "  ", "\u00a0", "\t", "\u2009", "   "))
		}},
		{"bold", false, func(r *rand.Rand, s string) string { m := one(r, "*", "_", "~", "```"); return m + s + m }},
		{"quotes", false, func(r *rand.Rand, s string) string {
			return one(r, "“"+s+"”", "\""+s+"\"", "«"+s+"»", "‘"+s+"’", "("+s+")", "["+s+"]", "> "+s)
		}},
		{"end", false, func(r *rand.Rand, s string) string {
			return s + one(r, "!", "!!!", ".", "…", " 🙏", " 🙂", "\n", " 👍")
		}},
		{"greeting", false, func(r *rand.Rand, s string) string {
			return one(r, "Buongiorno, ", "Buonasera ", "Salve, ", "Ciao ", "buongiorno\n", "Gentile Comune, ", "🙂 ", "Per favore ") + s
		}},
		{"thanks", false, func(r *rand.Rand, s string) string {
			return s + one(r, " grazie", ", grazie mille", " grazie!", "\nGrazie", " cordiali saluti", ". Buona giornata", " per favore")
		}},
		{"decomposed", false, func(_ *rand.Rand, s string) string { return norm.NFD.String(s) }},
		{"look-alikes", true, each(0.4, "aeopcxisAEOPCXIS", "аеорсхіѕАЕОРСХІЅ")},
		{"digits", true, func(r *rand.Rand, s string) string {
			words := strings.Split(s, " ")
			for i, w := range words {
				if len(w) > 3 {
					words[i] = each(0.4, "ioeastIOEAST", "103457103457")(r, w)
				}
			}
			return strings.Join(words, " ")
		}},
		{"accents", true, each(0.4, "aeiouAEIOU", "àéìóùÀÉÌÓÙ")},
		{"full width", true, func(r *rand.Rand, s string) string {
			return strings.Map(func(c rune) rune {
				if unicode.IsLetter(c) && c < 128 {
					return c + 0xFEE0
				}
				return c
			}, s)
		}},
		{"letter by letter", true, func(_ *rand.Rand, s string) string { return strings.Join(strings.Split(s, ""), " ") }},
		{"glued", true, func(_ *rand.Rand, s string) string { return strings.ReplaceAll(s, " ", "") }},
		{"torn", true, func(r *rand.Rand, s string) string { return anywhere(r, s, one(r, " ", "-", "\n", ".", "🙂", "/")) }},
		{"slip", true, func(r *rand.Rand, s string) string {
			runes := []rune(s)
			i := r.IntN(len(runes))
			switch r.IntN(3) {
			case 0:
				return string(runes[:i]) + string(runes[i+1:])
			case 1:
				return string(runes[:i]) + string(runes[i]) + string(runes[i:])
			}
			if i+1 < len(runes) {
				runes[i], runes[i+1] = runes[i+1], runes[i]
			}
			return string(runes)
		}},
		{"details", true, func(r *rand.Rand, s string) string {
			return s + one(r, " Mario Rossi Saronno", "\nMario Rossi\nSaronno", ", Mario Rossi, Saronno", " attiva notizie Mario Rossi Saronno")
		}},
		{"command before", true, func(r *rand.Rand, s string) string {
			return one(r, "Attiva Notizie Mario Rossi Saronno ", "Attiva Notizie ", "attiva notizie\n") + s
		}},
		{"rambling", true, func(r *rand.Rand, s string) string {
			return one(r, "mi sono trasferito ", "scusate il disturbo ", "Non abito più a Saronno, ", "asdf ") + s
		}},
	}
}

// mutate applies up to n disguises, at most two of them hard, and says which.
func mutate(r *rand.Rand, s string, n int, hard bool) (string, string) {
	all := disguises()
	var names []string
	difficult := 0
	for range 1 + r.IntN(n) {
		d := all[r.IntN(len(all))]
		if d.hard && (!hard || difficult == 2) {
			continue
		}
		if d.hard {
			difficult++
		}
		if next := d.do(r, s); next != "" && len(next) < 2000 {
			s, names = next, append(names, d.name)
		}
	}
	return s, fmt.Sprint(names)
}

func random() *rand.Rand { return rand.New(rand.NewPCG(1, 2022)) }

// waysToLeave are the texts of both corpora that mean to leave.
func waysToLeave(t testing.TB, plainOnly bool) []string {
	var all []string
	for _, one := range append(labelledMessages(t), moreMessages(t)...) {
		if one.intent == "unsubscribe" && (!plainOnly || one.status == "exact") {
			all = append(all, one.text)
		}
	}
	return all
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
		"Se scrivo %s cosa succede", "Non %s", "non vorrei %s", "Non voglio %s", "Ho scritto %s", "ho scritto %s ma non succede niente", "ieri ho mandato %s",
		"Mio marito ha scritto %s", "Mi hanno detto di scrivere %s", "Il comando è %s, giusto?", "%s come si fa?", "%s, come funziona?", "%s cosa significa?", "%s?",
		"Devo %s?", "bisogna scrivere %s", "A cosa serve %s", "Per %s cosa devo fare", "Vorrei sapere come %s", "È vero che devo %s ogni anno?", "Chi può %s?",
		"Se volete potete %s? grazie", "%s non funziona", "prova %s",
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

// TestDecoratedSignUpsReadTheSame holds sign-ups to the same three details whatever harmless is added.
func TestDecoratedSignUpsReadTheSame(t *testing.T) {
	t.Parallel()
	r := random()
	for _, want := range []Request{
		{Subscribe, "Mario", "Rossi", "Saronno", Plain}, {Subscribe, "Anna Maria", "De Luca", "Caronno Pertusella", Plain}, {Subscribe, "Paola", "Bianchi", "Rovello Porro", Plain},
		{Subscribe, "Nicolò", "D'Angelo", "Cantù", Plain}, {Subscribe, "Carmela", "Lo Presti", "Reggio nell'Emilia", Plain},
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
