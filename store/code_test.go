package store

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

func TestCodesAreNeitherNumbersNorLIDs(t *testing.T) {
	t.Parallel()
	seen := map[Code]bool{}
	for range 2000 {
		code := newCode()
		if got, ok := ParseCode(string(code)); !ok || got != code {
			t.Fatalf("%q is no code", string(code))
		}
		if strings.ContainsAny(string(code), "01ILOSBU") || strings.Trim(string(code), "0123456789") == "" {
			t.Errorf("%q can be misread", string(code))
		}
		seen[code] = true
	}
	if len(seen) < 1990 {
		t.Errorf("%d different of 2000", len(seen))
	}
	for s, want := range map[string]Code{
		"K7QW3N": "K7QW3N", " k7q w3n ": "K7QW3N", "K7Q-W3N": "K7QW3N", "k7q\u00a0w3n": "K7QW3N",
		"": "", "K7QW3": "", "K7QW3NN": "", "234567": "", "2K7QW3": "", "K7QW3O": "", "K7QW3€": "", "+39333": "", "è7QW3": "", "K7QW3\x00": "",
	} {
		if got, ok := ParseCode(s); ok != (want != "") || ok && got != want {
			t.Errorf("%q: %q, %v", s, string(got), ok)
		}
	}
}

// Everybody has a code of their own, however they came on the list, and is found by
// it as they write it.
func TestByCode(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(50)
	_, err := tw.Import(t.Context(), []Entry{entry(Person{LID: lid}, noon())}, nil, noon(), false)
	must(t, err)
	for _, s := range tw.list() {
		code := string(s.Code)
		got, ok, err := tw.ByCode(t.Context(), strings.ToLower(code[:3]+"-"+code[3:]))
		must(t, err)
		equal(t, "found", ok, true)
		equal(t, "who", got, s)
	}
	for _, code := range []string{"", "AAAAAA", "nobody", string(tw.list()[0].Number)} {
		_, ok, err := tw.ByCode(t.Context(), code)
		must(t, err)
		equal(t, code, ok, false)
	}
}

// A code that is taken is not given again.
func TestCodesAreUnique(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(2)
	_, err := tw.db.Exec(`UPDATE subscribers SET code = 'AAAAAA'`)
	if err == nil {
		t.Error("two people have the same code")
	}
}

// The codes of those who were on the list before there were any are theirs alone,
// and follow no order.
func TestOldEntriesGetCodes(t *testing.T) {
	t.Parallel()
	const people = 20_000
	more := []string{"\nINSERT INTO subscribers (number, given_name, family_name, comune, since) VALUES "}
	rows := make([]string, people)
	for n := range rows {
		rows[n] = fmt.Sprintf("('%s', 'A', 'B', 'C', 1)", citizen(n).Number)
	}
	tw := openFixture(t, "testdata/v7.sql", more[0]+strings.Join(rows, ","))
	seen, ascending, last := map[Code]bool{}, 0, Code("")
	for _, s := range tw.list() {
		if code, ok := ParseCode(string(s.Code)); !ok || code != s.Code {
			t.Fatalf("%q is no code", string(s.Code))
		}
		if s.Code > last {
			ascending++
		}
		seen[s.Code], last = true, s.Code
	}
	equal(t, "codes", len(seen), people+3)
	if ascending < people*2/5 || ascending > people*3/5 {
		t.Errorf("%d of %d codes are higher than the one before", ascending, people)
	}
	tw.handle(citizen(1), noon(), func(i *Inbox) error { return i.Subscribe(Details{"A", "B", "C"}, Evidence{}) })
}

func TestG4_CodesDoNotShowInLogs(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	s := Subscriber{ID: 7, Code: "K7QW3N"}
	slog.New(slog.NewTextHandler(&b, nil)).Info("x", "code", s.Code, "subscriber", s, "question", Question{Asked: AskedLeave, Words: "K7QW3N"})
	if strings.Contains(b.String(), "K7QW3N") {
		t.Error(b.String())
	}
}

// Of two entries that are one person's one code survives, and the stricter mode.
func TestMergedModesAndCodes(t *testing.T) {
	t.Parallel()
	for name, strict := range map[string]Person{"number": {Number: number}, "LID": {LID: lid}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tw := newTown(t)
			tw.subscribe(Person{Number: number})
			tw.subscribe(Person{LID: lid})
			a := tw.publish(announcement("1.txt"))
			_, err := tw.db.Exec(`UPDATE subscribers SET news_from = 1`) // a pause that is over
			must(t, err)
			tw.mode(strict, noon(), Never())
			code := tw.list()[1].Code // that of the LID: it stays
			tw.handle(Person{number, lid}, noon(), func(i *Inbox) error { return i.Answer(Other, "?") })
			equal(t, "mode", tw.only().NewsFrom, Never())
			equal(t, "code", tw.only().Code, code)
			equal(t, "what waited", tw.look(a.ID).Waiting, 0)
			equal(t, "deliveries", tw.rows("deliveries"), 0)
		})
	}
}
