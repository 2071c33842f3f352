package whatsapptest_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.mau.fi/whatsmeow"
	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/proto/waWa6"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"banditore/bot/whatsapp/whatsapptest"
)

// codes connects a client that is not linked and returns what it shows.
func (c *client) codes() []string {
	c.t.Helper()
	c.connect()
	return await[*events.QR](c, "QR codes", nil).Codes
}

// TestRotateSecrets scans a code whose secret is retired by the scan, and again, and then one with the new secret.
func TestRotateSecrets(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	s.RotateSecrets(2)
	office := s.NewPhone("+393343679575")
	c := openClient(t, s, "")
	codes := c.codes()
	for range 2 {
		if err := office.ScanQR(codes[0]); !errors.Is(err, whatsapptest.ErrCodeDead) {
			t.Fatalf("got %v for the first scan, want a dead code", err)
		}
		secret := await[*events.RotateADVSecret](c, "another secret", nil)
		if err := office.ScanQR(codes[1]); !errors.Is(err, whatsapptest.ErrCodeDead) {
			t.Errorf("got %v for another code with the dead secret, want a dead code", err)
		}
		for i := range codes {
			codes[i] = strings.Replace(codes[i], secret.OldSecret, secret.NewSecret, 1)
		}
	}
	if err := office.ScanQR(codes[0]); err != nil {
		t.Fatalf("the code with the third secret: %v", err)
	}
	c.awaitConnected()
	settle(t, s)
	if got := s.Stats().DeadScans; got != 4 {
		t.Errorf("got %d dead scans, want 4", got)
	}
}

// TestRotateSecretsPerConnection holds the codes of a second connection for new ones.
func TestRotateSecretsPerConnection(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	s.RotateSecrets(1)
	office := s.NewPhone("+393343679575")
	for range 2 {
		c := openClient(t, s, "")
		if err := office.ScanQR(c.codes()[0]); !errors.Is(err, whatsapptest.ErrCodeDead) {
			t.Errorf("got %v, want a dead code", err)
		}
		await[*events.RotateADVSecret](c, "another secret", nil)
	}
	s.RotateSecrets(0)
	linkedClient(t, s, office)
}

// TestAgeCodes scans codes before and after their time.
func TestAgeCodes(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "session.db")
	synctest.Test(t, func(t *testing.T) {
		s := whatsapptest.Start(t)
		s.AgeCodes(true)
		office := s.NewPhone("+393343679575")
		c := openClient(t, s, file)
		codes := c.codes()
		time.Sleep(61 * time.Second)
		if err := office.ScanQR(codes[0]); !errors.Is(err, whatsapptest.ErrCodeDead) {
			t.Errorf("got %v for the first code after 61 seconds, want a dead code", err)
		}
		time.Sleep(98 * time.Second)
		if err := office.ScanQR(codes[4]); !errors.Is(err, whatsapptest.ErrCodeDead) {
			t.Errorf("got %v for the fifth code after 159 seconds, want a dead code", err)
		}
		if err := office.ScanQR(codes[5]); err != nil {
			t.Errorf("the last code after 159 seconds: %v", err)
		}
		c.awaitConnected()
		settle(t, s)
		leave(c)
	})
}

// TestAgedCodesEndTheStream shows codes that nobody scans.
func TestAgedCodesEndTheStream(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "session.db")
	synctest.Test(t, func(t *testing.T) {
		s := whatsapptest.Start(t)
		s.AgeCodes(true)
		office := s.NewPhone("+393343679575")
		c := openClient(t, s, file)
		codes := c.codes()
		time.Sleep(205 * time.Second)
		if !c.IsConnected() {
			t.Error("the stream ended before its time")
		}
		time.Sleep(10 * time.Second)
		if c.IsConnected() {
			t.Error("the stream goes on after its time")
		}
		if err := office.ScanQR(codes[5]); err == nil {
			t.Error("a code was good after its connection")
		}
		leave(c)
	})
}

// TestEarlyAcks acknowledges what was never sent, before the login.
func TestEarlyAcks(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	s.Excuse(whatsapptest.Malformed)
	s.RotateSecrets(1)
	c := openClient(t, s, "")
	_ = s.NewPhone("+393343679575").ScanQR(c.codes()[0])
	await[*events.RotateADVSecret](c, "another secret", nil)
	ack := waBinary.Node{Tag: "ack", Attrs: waBinary.Attrs{"class": "notification", "id": "S1000", "to": types.ServerJID}}
	//lint:ignore SA1019 nothing else in the library says what no client should
	if err := c.DangerousInternals().SendNode(t.Context(), ack); err != nil {
		t.Fatal(err)
	}
	expectOffences(t, s, whatsapptest.Malformed)
}

// TestMissingEarlyAck leaves the order to take another secret unacknowledged.
func TestMissingEarlyAck(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "session.db")
	synctest.Test(t, func(t *testing.T) {
		s := whatsapptest.Start(t)
		s.Excuse(whatsapptest.NotAcknowledged)
		s.RotateSecrets(1)
		office := s.NewPhone("+393343679575")
		c := openClient(t, s, file)
		c.SynchronousAck = true
		hold := make(chan struct{})
		c.AddEventHandler(func(event any) {
			if _, ok := event.(*events.RotateADVSecret); ok {
				<-hold
			}
		})
		_ = office.ScanQR(c.codes()[0])
		time.Sleep(time.Minute)
		s.DropConnections()
		time.Sleep(time.Second)
		if got := s.Offences(); len(got) != 1 || got[0].Kind != whatsapptest.NotAcknowledged {
			t.Errorf("got %v, want one that was not acknowledged", got)
		}
		close(hold)
		leave(c)
	})
}

// TestOldestRevision refuses an old client that wants to register, and one that wants to log in.
func TestOldestRevision(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	s.SetOldestRevision(store.GetWAVersion()[2] + 1)
	c := openClient(t, s, "")
	c.connect()
	await[*events.ClientOutdated](c, "ClientOutdated", nil)
	if latest, err := whatsmeow.GetLatestVersion(t.Context(), s.HTTPClient()); err != nil || latest[2] != store.GetWAVersion()[2]+1 {
		t.Errorf("got %v, %v from the page, want the revision that is wanted", latest, err)
	}
	c.Disconnect()
	s.SetOldestRevision(store.GetWAVersion()[2])
	c.drain()
	c.link(s.NewPhone("+393343679575"))
	settle(t, s)
	s.SetOldestRevision(store.GetWAVersion()[2] + 1)
	c.Disconnect()
	c.connect()
	await[*events.ClientOutdated](c, "ClientOutdated", nil)
	if got := s.Stats(); got.Attempts != 4 || got.Logins != 1 || got.PageRequests != 1 {
		t.Errorf("got %d attempts, %d logins and %d requests for the page, want 4, 1 and 1", got.Attempts, got.Logins, got.PageRequests)
	}
}

// TestBuildHash registers under one version with the hash of another.
func TestBuildHash(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	s.Excuse(whatsapptest.BadBuildHash)
	c := openClient(t, s, "")
	payload := c.Store.GetClientPayload()
	c.GetClientPayload = func() *waWa6.ClientPayload {
		version := store.GetWAVersion()
		version[2]++
		payload.UserAgent.AppVersion = version.ProtoAppVersion()
		return payload
	}
	c.codes()
	expectOffences(t, s, whatsapptest.BadBuildHash)
}

// TestFailPage asks for the version of a page that fails, and of one that does not answer.
func TestFailPage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := whatsapptest.Start(t)
		s.FailPage(502)
		if _, err := whatsmeow.GetLatestVersion(t.Context(), s.HTTPClient()); err == nil || !strings.Contains(err.Error(), "502") {
			t.Errorf("got %v, want a bad gateway", err)
		}
		s.FailPage(whatsapptest.NoAnswer)
		client := s.HTTPClient()
		client.Timeout = time.Hour
		began := time.Now()
		if _, err := whatsmeow.GetLatestVersion(t.Context(), client); err == nil || time.Since(began) != time.Hour {
			t.Errorf("got %v after %v, want no answer", err, time.Since(began))
		}
		s.FailPage(0)
		s.SetOldestRevision(7)
		if latest, err := whatsmeow.GetLatestVersion(t.Context(), s.HTTPClient()); err != nil || latest[2] != 7 {
			t.Errorf("got %v, %v, want the revision", latest, err)
		}
		if got := s.Stats().PageRequests; got != 3 {
			t.Errorf("got %d requests, want 3", got)
		}
	})
}

// expectOffences waits for offences of these kinds and no others.
func expectOffences(t *testing.T, s *whatsapptest.Server, kinds ...whatsapptest.OffenceKind) {
	t.Helper()
	deadline := time.After(patience)
	for len(s.Offences()) < len(kinds) {
		select {
		case <-time.Tick(5 * time.Millisecond):
		case <-deadline:
			t.Fatalf("got %v, want %v", s.Offences(), kinds)
		}
	}
	for i, got := range s.Offences() {
		if i >= len(kinds) || got.Kind != kinds[i] {
			t.Errorf("got %v, want %v", s.Offences(), kinds)
			return
		}
	}
}
