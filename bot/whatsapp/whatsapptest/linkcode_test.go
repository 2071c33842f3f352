package whatsapptest_test

import (
	"errors"
	"path/filepath"
	"testing"
	"testing/synctest"

	"go.mau.fi/whatsmeow"
	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
	"go.mau.fi/whatsmeow/util/keys"

	"banditore/bot/whatsapp/whatsapptest"
)

// linkCode asks for the phone of a number and returns the characters.
func (c *client) linkCode(phone *whatsapptest.Phone) string {
	c.t.Helper()
	code, err := c.PairPhone(c.t.Context(), phone.Number(), true, whatsmeow.PairClientChrome, "Chrome (Linux)")
	if err != nil {
		c.t.Fatal(err)
	}
	return code
}

func TestEnterCode(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	office, anna := s.NewPhone("+393343679575"), s.NewPhone("+393331234567")
	c := openClient(t, s, "")
	c.codes()
	code := c.linkCode(office)
	if err := anna.EnterCode(code); !errors.Is(err, whatsapptest.ErrNoLinkCode) {
		t.Errorf("another phone: got %v, want that nobody asked for it", err)
	}
	if err := office.EnterCode("1111-1111"); !errors.Is(err, whatsapptest.ErrWrongLinkCode) {
		t.Errorf("another code: got %v, want it wrong", err)
	}
	office.DeclineLink()
	if err := office.EnterCode(code); !errors.Is(err, whatsapptest.ErrDeclined) {
		t.Errorf("got %v, want it declined", err)
	}
	if err := office.EnterCode(code); err != nil {
		t.Fatal(err)
	}
	c.awaitConnected()
	anna.Text(office.Number(), "ciao")
	c.awaitText("ciao")
	settle(t, s)
	if err := office.EnterCode(code); !errors.Is(err, whatsapptest.ErrNoLinkCode) {
		t.Errorf("got %v for a code that has linked", err)
	}
}

// TestEnterCodeTries gives up after three wrong ones, and begins again with another.
func TestEnterCodeTries(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	office := s.NewPhone("+393343679575")
	c := openClient(t, s, "")
	c.codes()
	code := c.linkCode(office)
	for range 3 {
		if err := office.EnterCode("11111111"); !errors.Is(err, whatsapptest.ErrWrongLinkCode) {
			t.Errorf("got %v, want it wrong", err)
		}
	}
	if err := office.EnterCode(code); !errors.Is(err, whatsapptest.ErrCodeDead) {
		t.Errorf("got %v after three wrong codes, want it dead", err)
	}
	if err := office.EnterCode(c.linkCode(office)); err != nil {
		t.Error(err)
	}
	c.awaitConnected()
}

// TestEnterCodePasskey asks for a passkey after the characters.
func TestEnterCodePasskey(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	office := s.NewPhone("+393343679575")
	office.SetPasskey(true)
	c := openClient(t, s, "")
	c.codes()
	code := c.linkCode(office)
	a := &asked{client: c, office: office, scan: make(chan error, 1)}
	go func() { a.scan <- office.EnterCode(code) }()
	a.awaitChallenge()
	a.confirm()
	settle(t, s)
}

// TestEnterCodeRefusedByClient lets the client refuse the phone, as it does with a code in a picture.
func TestEnterCodeRefusedByClient(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	office := s.NewPhone("+393343679575")
	c := openClient(t, s, "")
	c.PrePairCallback = func(types.JID, string, string) bool { return false }
	c.codes()
	if err := office.EnterCode(c.linkCode(office)); err == nil {
		t.Error("got no error")
	}
	await[*events.PairError](c, "PairError", nil)
}

// TestLinkCodeJudges lets a client say what none may, and what the real server refuses.
func TestLinkCodeJudges(t *testing.T) {
	t.Parallel()
	ask := func(c *client, number, name string) error {
		_, err := c.PairPhone(c.t.Context(), number, true, whatsmeow.PairClientChrome, name)
		return err
	}
	for name, test := range map[string]struct {
		do   func(*client, *whatsapptest.Phone) error
		want []whatsapptest.OffenceKind
	}{
		"name":   {func(c *client, office *whatsapptest.Phone) error { return ask(c, office.Number(), "banditore") }, nil},
		"nobody": {func(c *client, _ *whatsapptest.Phone) error { return ask(c, "+3900000001", "Chrome (Linux)") }, nil},
		"other key": {func(c *client, office *whatsapptest.Phone) error {
			c.Store.NoiseKey = keys.NewKeyPair()
			return ask(c, office.Number(), "Chrome (Linux)")
		}, []whatsapptest.OffenceKind{whatsapptest.BadIdentity}},
		"end first": {stage("companion_finish"), []whatsapptest.OffenceKind{whatsapptest.Malformed}},
		"no parts":  {stage("companion_hello"), []whatsapptest.OffenceKind{whatsapptest.Malformed}},
		"no stage":  {stage("supper"), []whatsapptest.OffenceKind{whatsapptest.Malformed}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := whatsapptest.Start(t)
			for _, kind := range test.want {
				s.Excuse(kind)
			}
			c := openClient(t, s, "")
			c.codes()
			if err := test.do(c, s.NewPhone("+393343679575")); err == nil {
				t.Error("got no refusal")
			}
			expectOffences(t, s, test.want...)
		})
	}
}

// TestLinkCodeOtherIdentity ends a link by characters with another identity than the connection's. The library tells nobody.
func TestLinkCodeOtherIdentity(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "session.db")
	synctest.Test(t, func(t *testing.T) {
		s := whatsapptest.Start(t)
		s.Excuse(whatsapptest.BadIdentity)
		office := s.NewPhone("+393343679575")
		c := openClient(t, s, file)
		c.codes()
		code := c.linkCode(office)
		c.Store.IdentityKey = keys.NewKeyPair()
		if err := office.EnterCode(code); err == nil {
			t.Error("the phone linked it")
		}
		expectOffences(t, s, whatsapptest.BadIdentity)
		leave(c)
	})
}

// stage sends a stage of a link by characters without anything in it.
func stage(name string) func(*client, *whatsapptest.Phone) error {
	return func(c *client, _ *whatsapptest.Phone) error {
		//lint:ignore SA1019 nothing else in the library says what no client should
		_, err := c.DangerousInternals().SendIQ(c.t.Context(), whatsmeow.DangerousInfoQuery{
			Namespace: "md", Type: "set", To: types.ServerJID,
			Content: []waBinary.Node{{Tag: "link_code_companion_reg", Attrs: waBinary.Attrs{"stage": name}}},
		})
		return err
	}
}
