package spool

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// The example of options in LEGGIMI.txt must work, and do what is said below it.
func TestParse_ReadmeExample(t *testing.T) {
	t.Parallel()
	lines := strings.Split(readme, "\n")
	begin := slices.Index(lines, "  "+fence)
	if begin < 0 {
		t.Fatal("no example found")
	}
	end := begin + 1 + slices.Index(lines[begin+1:], "  "+fence)
	got, r := parse([]byte(strings.Join(lines[begin:end+1], "\n")+"\ntesto"), noon, time.UTC, someComuni)
	if r != nil || got.Text != "testo" || got.NotBefore.IsZero() || got.Expires.IsZero() || !slices.Equal(got.Comuni, []string{"Saronno", "Uboldo"}) {
		t.Errorf("the example is read as %+v, %v", got, r)
	}
}

func TestReadme_IsPlain(t *testing.T) {
	t.Parallel()
	for i, line := range strings.Split(readme, "\n") {
		if n := utf8.RuneCountInString(line); n > 80 || strings.TrimRight(line, " \t") != line {
			t.Errorf("line %d is %d wide or ends with a blank: %q", i+1, n, line)
		}
		if at := strings.IndexFunc(line, func(r rune) bool { return r > 'ÿ' || r < ' ' }); at >= 0 {
			t.Errorf("line %d holds what an old Notepad may not show: %q", i+1, line[at:])
		}
	}
	last := "Questo servizio non sostituisce i numeri di emergenza né la protezione civile:\nin caso di pericolo si chiama il 112.\n"
	if !strings.HasSuffix(readme, last) {
		t.Error("the last sentence is not about 112")
	}
}

// Limits and names that LEGGIMI.txt states are those of the program.
func TestReadme_IsTrue(t *testing.T) {
	t.Parallel()
	text := strings.Join(strings.Fields(readme), " ")
	for _, want := range []string{
		fmt.Sprintf("al massimo %d caratteri", MaxCharacters), reportSuffix, minutesSuffix, statusName, fromOption + ":", untilOption + ":", comuniOption + ":",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("it does not say %q", want)
		}
	}
	for _, folder := range []string{dropFolder, urgentFolder, previewFolder, sendingFolder, sentFolder, withdrawFolder, rejectedFolder} {
		if !regexp.MustCompile(`(?m)^  ` + folder + ` +[A-Z]`).MatchString(readme) {
			t.Errorf("it does not explain %s", folder)
		}
	}
}
