package cli_test

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestHelpTopics(t *testing.T) {
	t.Parallel()
	stdout, stderr, code := command(t, "help", "passkey")
	if code != 0 || stderr != "" || !strings.HasPrefix(stdout, "La passkey di WhatsApp") || !strings.Contains(stdout, "\n9. ") {
		t.Errorf("code %d, %q\n%s", code, stderr, stdout)
	}
	for line := range strings.Lines(stdout) {
		if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > 80 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	if stdout, _, code := command(t, "help"); code != 0 || !strings.Contains(stdout, "banditore help ARGOMENTO):\n") || !strings.Contains(stdout, "\n  passkey ") {
		t.Errorf("code %d: the help does not name the topic:\n%s", code, stdout)
	}
	if stdout, _, code := command(t, "help", "subscribers", "import"); code != 0 || !strings.Contains(stdout, "Usage:") {
		t.Errorf("code %d: help for a command:\n%s", code, stdout)
	}
}
