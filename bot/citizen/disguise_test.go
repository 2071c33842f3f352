package citizen

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// disguise is a way to write the same thing otherwise; hard ones may make it unreadable, easy ones may not.
type disguise struct {
	name string
	hard bool
	do   func(*rand.Rand, string) string
}

func disguises() []disguise { return append(easy(), hard()...) }

func easy() []disguise {
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
	}
}

func hard() []disguise {
	return []disguise{
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

// anywhere puts what in somewhere.
func anywhere(r *rand.Rand, s, what string) string {
	runes := []rune(s)
	i := r.IntN(len(runes) + 1)
	return string(runes[:i]) + what + string(runes[i:])
}

// one picks one.
func one(r *rand.Rand, of ...string) string { return of[r.IntN(len(of))] }

// each changes letters of one list into those of another, with probability p.
func each(p float64, from, to string) func(*rand.Rand, string) string {
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
