package store

import (
	"bytes"
	"errors"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestParseNumber(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		want Number
	}{
		{"+393343679575", "+393343679575"},
		{"+39 334 367 9575", "+393343679575"},
		{" 0039 334.367-95/75 ", "+393343679575"},
		{"+39\u00a0334 (367) 9575", "+393343679575"},
		{"+123456789012345", "+123456789012345"},
		{"+1234567", "+1234567"},
		{"3343679575", ""},
		{"+1234567890123456", ""},
		{"+123456", ""},
		{"+0393343679575", ""},
		{"+39334367957a", ""},
		{"++393343679575", ""},
		{"+３９3343679575", ""},
		{"00", ""},
		{"", ""},
	} {
		got, err := ParseNumber(c.text)
		if got != c.want || (c.want == "") != errors.Is(err, ErrNumber) {
			t.Errorf("%q: got %q and %v, want %q", c.text, string(got), err, string(c.want))
		}
	}
}

func FuzzParseNumber(f *testing.F) {
	for _, s := range []string{"+39 334 367 9575", "0039334", "+", "00+39334367", "+39(334)3679575"} {
		f.Add(s)
	}
	form := regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)
	f.Fuzz(func(t *testing.T, s string) {
		n, err := ParseNumber(s)
		if err != nil {
			if n != "" || strings.Contains(err.Error(), s) && len(s) > 9 {
				t.Fatalf("%q: got %q with %v", s, string(n), err)
			}
			return
		}
		if !form.MatchString(string(n)) {
			t.Fatalf("%q: got %q", s, string(n))
		}
		if again, err := ParseNumber(string(n)); again != n || err != nil {
			t.Fatalf("%q: got %q, then %q, %v", s, string(n), string(again), err)
		}
	})
}

func TestG4_PeopleDoNotShowInLogs(t *testing.T) {
	t.Parallel()
	p := Person{Number: "+393331234567", LID: "123456789012345"}
	sub := Subscriber{ID: 1, Person: p, Details: Details{"Mario", "Rossi", "Saronno"}}
	out := Outgoing{MessageID: "ID1", To: p, Text: "Ciao Mario", Answer: Goodbye}
	var log bytes.Buffer
	for _, logger := range []*slog.Logger{slog.New(slog.NewTextHandler(&log, nil)), slog.New(slog.NewJSONHandler(&log, nil))} {
		logger.Info("test", "number", p.Number, "lid", p.LID, "person", p, "subscriber", sub, "out", out)
	}
	if log.Len() == 0 {
		t.Fatal("nothing was logged")
	}
	for _, secret := range []string{"333123", "123456789012345", "Mario", "Rossi"} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log has %q:\n%s", secret, log.String())
		}
	}
}

func TestWordingIsKept(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	must(t, tw.KeepWording(t.Context(), "v1", "Testo", noon()))
	must(t, tw.KeepWording(t.Context(), "v1", "Altro", noon().Add(time.Hour)))
	text, since, ok, err := tw.Wording(t.Context(), "v1")
	must(t, err)
	equal(t, "known", ok, true)
	equal(t, "text", text, "Testo")
	equal(t, "since", since, noon())
}
