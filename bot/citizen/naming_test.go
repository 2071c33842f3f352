package citizen

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// awkward are family names that are words, and words that could be.
const awkward = `Mai Salvo Vero Costa Guerra Fontana Carta Piazza Chiesa Strada Bene Bravo Bello Gentile Cara Attivi Cancelli Messaggi Avvisi Prova Nessuno Tutto Padre Nonno Telefono
	Via Casa Vive Lascia Spegni Rimossi Anni Domenica Due Trenta Settembre Aprile Maggio Buongiorno Bonasera Gentili Me Da Si Li Su Ma Ho Le La Lo`

// familyNameList is every family name that a test can think of: those of the list, the awkward ones, and every Comune of one word.
func familyNameList(t testing.TB) (list []string) {
	t.Helper()
	title := func(s string) string {
		r, n := utf8.DecodeRuneInString(s)
		return string(unicode.ToUpper(r)) + s[n:]
	}
	for l := range strings.Lines(familyNames) {
		if !strings.HasPrefix(l, "#") {
			for w := range strings.FieldsSeq(l) {
				list = append(list, title(w))
			}
		}
	}
	list = append(list, strings.Fields(awkward)...)
	list = append(list, "De Luca", "Di Salvo", "Dalla Via", "Della Piazza", "De Angelis", "Lo Presti", "El Amrani", "Ben Ali", "Dela Cruz", "Dal Molin", "Di Stefano", "De' Rossi", "Rossi Bianchi", "Dalla Costa",
		"Dell'Acqua", "D'Angelo", "N'Diaye")
	for _, one := range reader(t).comuni.list {
		if one.words == 1 && one.name != "Saronno" && strings.Count(one.name, "-") < 2 {
			list = append(list, one.name)
		}
	}
	return list
}

// spoken words answer the question for a name without being one; who is called so uses the label.
func isSpoken(r *Reader, name string) bool {
	m := scan(name)
	for i := range m.words {
		m.words[i].class = r.classOf(m.words[i].folded)
	}
	return len(m.words) == 1 && (rather.has(m.words[0].folded) || chatter(m.words[0]) || smallIntent(&m, note{}, r.phrases.read(m.words)) != Other || m.words[0].class&label != 0 || r.Read(name).Intent == Unsubscribe || r.Read(name).Intent == Leaving)
}

// TestFourMessagesAreEnough gives each detail in a message of its own, whatever list the family name is on.
func TestFourMessagesAreEnough(t *testing.T) {
	t.Parallel()
	r := reader(t)
	all := familyNameList(t)
	var spoken []string
	for _, family := range all {
		text := "Attiva Notizie ⟶ Elena ⟶ " + family + " ⟶ Saronno"
		if isSpoken(r, family) {
			spoken = append(spoken, family)
			text = "Attiva Notizie ⟶ Elena ⟶ Cognome: " + family + " ⟶ Saronno"
		}
		got := converse(r, text)
		if got.Intent != Subscribe && got.Intent != Doubtful || got.GivenName != "Elena" || comparable(got.FamilyName) != comparable(family) || got.Comune != "Saronno" {
			t.Errorf("%q ends in %v %+v", text, got.Intent, got)
		}
	}
	t.Logf("%d family names; %d need the label: %v", len(all), len(spoken), spoken)
	if len(all) < 2000 || len(spoken) > len(all)/50 {
		t.Errorf("%d of %d family names need a label", len(spoken), len(all))
	}
}

func givenNameList() (list []string) {
	for l := range strings.Lines(names) {
		if !strings.HasPrefix(l, "#") {
			list = append(list, strings.Fields(l)...)
		}
	}
	return list
}

// TestEveryOrderIsRead writes names in every order and with every sign between. What nobody can tell, a second given name from a first
// family name, is wrong now and then.
func TestEveryOrderIsRead(t *testing.T) {
	t.Parallel()
	r := reader(t)
	families, givens := familyNameList(t)[:1300], givenNameList()
	for form, most := range map[string]int{ // the most that may be wrong or read otherwise, of a thousand
		"{g} {f} {c}": 10, "{f} {g} {c}": 20, "{g} {g2} {f} {c}": 15, "{f} {g} {g2} {c}": 50, "{g} {f} {f2} {c}": 70, "{g}, {f}, {c}": 10, "{f} {g}, {c}": 25, "{g} {f} di {c}": 10,
		"{g} {f} residente a {c}": 10, "{c}, {g} {f}": 60, "{g}\n{f}\n{c}": 10, "nome {g} cognome {f} comune {c}": 10, "cognome {f} nome {g} residenza {c}": 10,
	} {
		random := rand.New(rand.NewPCG(3, 4))
		any := func(list []string) string { return list[random.IntN(len(list))] }
		off := 0
		for range 1000 {
			given, family, comune := any(givens), any(families), any([]string{"Saronno", "Uboldo", "Caronno Pertusella"})
			g2, f2 := any(givens), any(families)
			text := "Attiva Notizie " + strings.NewReplacer("{g}", given, "{f}", family, "{c}", comune, "{g2}", g2, "{f2}", f2).Replace(form)
			if strings.Contains(form, "{g2}") {
				given += " " + g2
			}
			if strings.Contains(form, "{f2}") {
				family += " " + f2
			}
			got := r.Read(text)
			same := comparable(got.GivenName) == comparable(given) && comparable(got.FamilyName) == comparable(family) && got.Comune == comune
			if got.Intent == Subscribe && !same || got.Intent != Subscribe && got.Intent != Doubtful {
				if off++; off < 3 {
					t.Logf("%q is %v %+v", text, got.Intent, got)
				}
			}
		}
		t.Logf("%-40q %d of 1000", form, off)
		if off > most {
			t.Errorf("%q is wrong or not understood %d times of 1000, at most %d are allowed", form, off, most)
		}
	}
}

// TestOneMessageIsNeverWrongSilently joins given names, family names and Comuni at random: another subscriber than was meant is an error.
func TestOneMessageIsNeverWrongSilently(t *testing.T) {
	t.Parallel()
	r := reader(t)
	random := rand.New(rand.NewPCG(1, 2))
	families := familyNameList(t)
	givens := givenNameList()
	const times = 20_000
	sure, doubtful, other, off := 0, 0, 0, 0
	for range times {
		given, family, comune := givens[random.IntN(len(givens))], families[random.IntN(len(families))], r.comuni.list[random.IntN(len(r.comuni.list))].name
		if random.IntN(2) == 0 {
			comune = "Saronno"
		}
		text := "Attiva Notizie " + given + " " + family + " " + comune
		got := r.Read(text)
		same := comparable(got.GivenName) == comparable(given) && comparable(got.FamilyName) == comparable(family) && comparable(got.Comune) == comparable(comune)
		switch {
		case got.Intent == Subscribe && same:
			sure++
		case got.Intent == Subscribe:
			if off++; off < 40 {
				t.Logf("%q subscribes %+v", text, got)
			}
		case got.Intent == Doubtful:
			doubtful++
		default:
			if other++; other < 40 {
				t.Logf("%q is %v %+v", text, got.Intent, got)
			}
		}
	}
	t.Logf("of %d: %d sure, %d asked about, %d read otherwise, %d wrong", times, sure, doubtful, other, off)
	if off > times/100 || other > times/50 {
		t.Errorf("of %d: %d wrong, %d neither registered nor asked about", times, off, other)
	}
}

// TestG1_NoCommandNoRegistration takes every word of a command out of every message that we have.
func TestG1_NoCommandNoRegistration(t *testing.T) {
	t.Parallel()
	r := reader(t)
	var texts []string
	for _, c := range table(t, "testdata/citizen_corpus.tsv", 10) {
		texts = append(texts, strings.Split(newRow(c[0], c[2], c[3:7], c[7], c[8]).text, " ⟶ ")...)
	}
	for _, one := range append(labelledMessages(t), moreMessages(t)...) {
		texts = append(texts, one.text)
	}
	commands := func(w word) bool {
		return r.classOf(w.folded)&(enters|enrols|receives|news) != 0 || near(w.folded, "attiva") || near(w.folded, "notizie") || len(w.written) == 1 || strings.Contains(squeeze(w.folded), "ativa") || len(w.folded) > 14
	}
	for _, text := range texts {
		m := scan(text)
		m.words = slices.DeleteFunc(m.words, commands)
		bare := field(m.words)
		if got := r.Read(bare); got.Intent == Subscribe || got.Intent == Doubtful {
			t.Errorf("%q is %v %+v", bare, got.Intent, got)
		}
	}
}
