package cli_test

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"banditore/bot/whatsapp/whatsapptest"
)

// A bad day in town, with everything that makes programs talkative: retries,
// refusals, a crash, somebody unreachable, people who leave. All that the
// processes print, at the most talkative level and with what the libraries
// print past the log, holds no number, LID, name or text of a citizen.
func TestG4_NothingOfACitizenIsPrinted(t *testing.T) {
	t.Parallel()
	p := openPlace(t)
	p.pair()
	daemon := p.daemon()
	people := p.citizens(6)
	secrets := []string{"Gianbattista", "Zanardelli", "Ermenegilda", "Quaglia", "anagrafe", "Scuole chiuse"}
	for _, c := range people {
		secrets = append(secrets, c.Number()[1:], c.LID())
	}

	curious := p.server.NewPhone("+393990000900").ByNumber()
	hidden := p.server.NewPhone("+393990000901").HideNumber()
	secrets = append(secrets, curious.Number()[1:], curious.LID(), hidden.LID())
	curious.Text(comune, "A che ora apre l'anagrafe?")
	hidden.Text(comune, "Attiva Notizie Ermenegilda Quaglia Uboldo")
	p.await(curious, "112")
	p.await(hidden, "Iscrizione attiva")

	people[0].ForgetSessions()
	people[1].Reinstall()
	people[5].ByNumber()
	p.server.SetRefuser(func(to *whatsapptest.Phone, _ string) int {
		if to == people[2] {
			return 463
		}
		return 0
	})
	p.write(filepath.Join("spool", "urgenti", "neve.txt"), "Scuole chiuse per neve.")
	p.await(people[3], "Scuole chiuse per neve.")
	daemon.end(syscall.SIGKILL)
	people[4].Gone()
	daemon = p.daemon()
	people[5].Text(comune, "Disattiva Notizie")
	p.await(people[5], "cancellat")
	p.await(people[0], "Scuole chiuse per neve.")
	p.await(people[1], "Scuole chiuse per neve.")
	daemon.end(syscall.SIGTERM)

	said := p.said()
	if !strings.Contains(said, "banditore is running") || !strings.Contains(said, "DEBUG") {
		t.Fatalf("the output is not what this test thinks it is:\n%s", tail(said))
	}
	for _, secret := range secrets {
		if i := strings.Index(said, secret); i >= 0 {
			t.Errorf("%q is printed: …%s…", secret, said[max(0, i-200):min(len(said), i+100)])
		}
	}
}
