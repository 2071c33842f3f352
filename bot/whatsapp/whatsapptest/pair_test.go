package whatsapptest_test

import (
	"strings"
	"testing"

	"go.mau.fi/whatsmeow/appstate"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
	"go.mau.fi/whatsmeow/util/keys"

	"banditore/bot/whatsapp/whatsapptest"
)

func TestScanQRRefusesCodes(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	s.Excuse(whatsapptest.BadSignature)
	office := s.NewPhone("+393343679575")
	c := openClient(t, s, "")
	c.connect()
	code := await[*events.QR](c, "QR codes", nil).Codes[0]
	ref, rest, _ := strings.Cut(code, ",")
	zero := strings.Repeat("A", 43) + "="
	for name, wrong := range map[string]string{
		"empty":      "",
		"fields":     "a,b",
		"noBase64":   ref + ",!,!,!",
		"unknownRef": "2@nobody," + rest,
		"otherKeys":  ref + "," + zero + "," + zero + "," + zero,
	} {
		if err := office.ScanQR(wrong); err == nil {
			t.Errorf("%s: got no error", name)
		}
	}
	if err := office.LinkDevice().ScanQR(code); err == nil {
		t.Error("a linked device scanned the code, want an error: only the main phone can")
	}
	if err := office.ScanQR(code); err != nil {
		t.Errorf("the right code after the wrong ones: %v", err)
	}
	c.awaitConnected()
	if err := office.ScanQR(code); err == nil {
		t.Error("the code was good twice")
	}
}

// TestScanQRWrongSecret tampers with the one part of the code that the server does not know:
// the client must refuse.
func TestScanQRWrongSecret(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	c := openClient(t, s, "")
	c.connect()
	parts := strings.Split(await[*events.QR](c, "QR codes", nil).Codes[0], ",")
	parts[3] = strings.Repeat("A", 43) + "="
	err := s.NewPhone("+393343679575").ScanQR(strings.Join(parts, ","))
	if err == nil || !strings.Contains(err.Error(), "hmac-mismatch") {
		t.Errorf("got %v, want the client's hmac-mismatch", err)
	}
}

func TestScanQRRefusedByClient(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	office, wrong := s.NewPhone("+393343679575"), s.NewPhone("+393331234567")
	c := openClient(t, s, "")
	c.PrePairCallback = func(jid types.JID, _, _ string) bool { return "+"+jid.User == office.Number() }
	c.connect()
	if err := wrong.ScanQR(await[*events.QR](c, "QR codes", nil).Codes[0]); err == nil {
		t.Fatal("the client refused the phone, want an error")
	}
	await[*events.PairError](c, "PairError", nil)
	c.link(office)
}

func TestScanQRClientGoesAway(t *testing.T) {
	t.Parallel()
	if raceDetector {
		// 2026-11-24: the library writes Store.ID while pairing and reads it when the line drops, without a lock.
		t.Skip("the library races with itself when the line drops in the middle of a pairing; runs without -race")
	}
	s := whatsapptest.Start(t)
	office := s.NewPhone("+393343679575")
	c := openClient(t, s, "")
	// Else the library logs in with keys that are not linked yet, is refused, and forgets them while another goroutine of its
	// own saves them: a nil pointer ends the process.
	c.EnableAutoReconnect = false
	c.PrePairCallback = func(types.JID, string, string) bool {
		s.DropConnections()
		return true
	}
	c.connect()
	if err := office.ScanQR(await[*events.QR](c, "QR codes", nil).Codes[0]); err == nil {
		t.Error("the client went away, want an error")
	}
}

// TestCutPairing breaks the line between the scan and the first login: the client is let in with its new keys if the server
// knows them.
func TestCutPairing(t *testing.T) {
	t.Parallel()
	for at, linked := range map[whatsapptest.PairingCut]bool{whatsapptest.CutBeforeLink: false, whatsapptest.CutAfterLink: true} {
		s := whatsapptest.Start(t)
		office := s.NewPhone("+393343679575")
		s.CutPairing(at)
		c := openClient(t, s, "")
		c.EnableAutoReconnect = false
		if err := office.ScanQR(c.codes()[0]); (err == nil) != linked {
			t.Errorf("got %v for the scan", err)
		}
		await[*events.PairSuccess](c, "PairSuccess", nil)
		c.Disconnect()
		c.connect()
		if linked {
			c.awaitConnected()
		} else {
			await[*events.LoggedOut](c, "LoggedOut", nil)
		}
		settle(t, s)
		linkedClient(t, s, office) // the next one is not cut
		settle(t, s)
	}
}

func TestTwoAccountsTwoClients(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	saronno, uboldo, anna := s.NewPhone("+393343679575"), s.NewPhone("+393343679576"), s.NewPhone("+393331234567")
	one, two := linkedClient(t, s, saronno), linkedClient(t, s, uboldo)
	anna.Text(saronno.Number(), "a Saronno")
	anna.Text(uboldo.Number(), "a Uboldo")
	one.awaitText("a Saronno")
	two.awaitText("a Uboldo")
	one.say(lidOf(uboldo), "da comune a comune")
	if got := two.awaitText("da comune a comune"); got.Info.Sender.User != saronno.LID() {
		t.Errorf("got a text from %v, want Saronno's LID", got.Info.Sender)
	}
	expectText(t, uboldo, "da comune a comune")
	two.say(lidOf(saronno), "ricevuto")
	one.awaitText("ricevuto")
	settle(t, s)
}

// TestTwoClientsOneAccount links two real clients to one phone: each gets what is written to
// the account, and what the other and the phone write.
func TestTwoClientsOneAccount(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	office, anna := s.NewPhone("+393343679575"), s.NewPhone("+393331234567")
	one := linkedClient(t, s, office)
	two := linkedClient(t, s, office)
	settle(t, s)
	anna.Text(office.Number(), "ciao")
	one.awaitText("ciao")
	two.awaitText("ciao")
	one.say(lidOf(anna), "salve")
	expectText(t, anna, "salve")
	if got := two.awaitText("salve"); !got.Info.IsFromMe || got.Info.Chat != lidOf(anna) {
		t.Errorf("got %+v, want a copy of what the other client wrote to Anna", got.Info.MessageSource)
	}
	office.Text(anna.Number(), "dal telefono")
	for _, c := range []*client{one, two} {
		if got := c.awaitText("dal telefono"); !got.Info.IsFromMe || got.Info.Chat != lidOf(anna) {
			t.Errorf("got %+v, want a copy of what the phone wrote to Anna", got.Info.MessageSource)
		}
	}
	expectText(t, anna, "dal telefono")
	settle(t, s)
}

func TestUnlink(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	office := s.NewPhone("+393343679575")
	connected, away := linkedClient(t, s, office), linkedClient(t, s, office)
	settle(t, s)
	away.Disconnect()
	s.Unlink(office.Number())
	if got := await[*events.LoggedOut](connected, "LoggedOut", nil); got.OnConnect {
		t.Error("got a log-out at the login, want one while connected")
	}
	away.connect()
	if got := await[*events.LoggedOut](away, "LoggedOut", nil); !got.OnConnect {
		t.Error("got a log-out while connected, want one at the login")
	}
}

func TestLogout(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	office := s.NewPhone("+393343679575")
	c := linkedClient(t, s, office)
	settle(t, s)
	if err := c.Logout(t.Context()); err != nil {
		t.Fatal(err)
	}
	again := openClient(t, s, "")
	again.link(office)
	settle(t, s)
}

func TestFailLogins(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	c := linkedClient(t, s, s.NewPhone("+393343679575"))
	settle(t, s)
	s.FailLogins(402, map[string]string{"code": "101", "expire": "3600"})
	s.DropConnections()
	if got := await[*events.TemporaryBan](c, "TemporaryBan", nil); got.Expire.Seconds() != 3600 {
		t.Errorf("got a ban of %v, want an hour", got.Expire)
	}
	s.FailLogins(405, nil)
	c.Disconnect()
	c.connect()
	await[*events.ClientOutdated](c, "ClientOutdated", nil)
	s.FailLogins(0, nil)
	c.Disconnect()
	c.connect()
	c.awaitConnected()
	s.EndStreams("503")
	c.awaitConnected()
}

func TestReplaced(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	c := linkedClient(t, s, s.NewPhone("+393343679575"))
	settle(t, s)
	twin := openClient(t, s, c.file)
	twin.connect()
	twin.awaitConnected()
	await[*events.StreamReplaced](c, "StreamReplaced", nil)
}

func TestPushName(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	c := linkedClient(t, s, s.NewPhone("+393343679575").Named("Comune di Saronno"))
	await(c, "app state", func(e *events.AppStateSyncComplete) bool { return e.Name == appstate.WAPatchCriticalBlock })
	if got := c.Store.PushName; got != "Comune di Saronno" {
		t.Errorf("got push name %q, want the phone's", got)
	}
	if err := c.SendPresence(t.Context(), types.PresenceAvailable); err != nil {
		t.Errorf("the presence that needs a push name: %v", err)
	}
	settle(t, s)
}

// TestLoginWithAnotherKey shows a Noise key other than the one that was paired.
func TestLoginWithAnotherKey(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	c := linkedClient(t, s, s.NewPhone("+393343679575"))
	settle(t, s)
	c.Disconnect()
	c.Store.NoiseKey = keys.NewKeyPair()
	c.connect()
	if got := await[*events.LoggedOut](c, "LoggedOut", nil); got.Reason != events.ConnectFailureLoggedOut {
		t.Errorf("got reason %v, want 401", got.Reason)
	}
}
