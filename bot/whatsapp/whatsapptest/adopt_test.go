package whatsapptest_test

import (
	"os"
	"path/filepath"
	"testing"

	"go.mau.fi/whatsmeow/types/events"

	"banditore/bot/whatsapp/whatsapptest"
)

// TestAdopt lets two copies of a client go on on two other servers, each as if it had been
// linked there, and lets in nobody with other keys.
func TestAdopt(t *testing.T) {
	t.Parallel()
	first := whatsapptest.Start(t)
	office := first.NewPhone("+393343679575")
	c := linkedClient(t, first, office)
	stranger := linkedClient(t, first, first.NewPhone("+393343679576"))
	settle(t, first)
	c.close()
	stranger.close()
	link := office.Link()
	files, err := os.ReadFile(c.file)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		s := whatsapptest.Start(t)
		office, mario := s.NewPhone("+393343679575"), s.NewPhone("+393331234567")
		office.Adopt(link)
		file := filepath.Join(t.TempDir(), "session.db")
		if err := os.WriteFile(file, files, 0o600); err != nil {
			t.Fatal(err)
		}
		c := openClient(t, s, file)
		c.connect()
		c.awaitConnected()
		mario.Text(office.Number(), "Attiva Notizie")
		c.say(c.awaitText("Attiva Notizie").Info.Chat, "Benvenuto")
		expectText(t, mario, "Benvenuto")
		office.ShareKey()
		await[*events.AppStateSyncComplete](c, "app state", nil)
		settle(t, s)
		if copies := office.SentCopies(); len(copies) != 1 || copies[0].Text != "Benvenuto" {
			t.Errorf("got copies %+v, want the one answer", copies)
		}
	}

	s := whatsapptest.Start(t)
	s.NewPhone("+393343679576").Adopt(relinked(t))
	other := openClient(t, s, stranger.file)
	other.connect()
	await[*events.LoggedOut](other, "a refused login", nil)
}

// relinked is another link of the stranger's number.
func relinked(t *testing.T) *whatsapptest.Link {
	s := whatsapptest.Start(t)
	phone := s.NewPhone("+393343679576")
	c := linkedClient(t, s, phone)
	settle(t, s)
	c.close()
	return phone.Link()
}
