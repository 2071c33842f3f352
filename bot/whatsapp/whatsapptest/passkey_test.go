package whatsapptest_test

import (
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"banditore/bot/whatsapp/whatsapptest"
)

// asked is a client that a phone with a passkey has scanned.
type asked struct {
	*client
	office  *whatsapptest.Phone
	code    string // that was scanned
	options string // the challenge, as JSON
	scan    chan error
}

func askedFor(t *testing.T, s *whatsapptest.Server, file string) *asked {
	t.Helper()
	office := s.NewPhone("+393343679575")
	office.SetPasskey(true)
	c := openClient(t, s, file)
	a := &asked{client: c, office: office, code: c.codes()[0], scan: make(chan error, 1)}
	go func() { a.scan <- office.ScanQR(a.code) }()
	a.awaitChallenge()
	return a
}

func (a *asked) awaitChallenge() {
	a.t.Helper()
	options, err := json.Marshal(await[*events.PairPasskeyRequest](a.client, "PairPasskeyRequest", nil).PublicKey)
	if err != nil {
		a.t.Fatal(err)
	}
	a.options = string(options)
}

// answer asks a phone's passkey and returns its answer.
func (a *asked) answer(phone *whatsapptest.Phone, options string) *types.WebAuthnResponse {
	a.t.Helper()
	pasted, err := phone.AnswerPasskey(options)
	if err != nil {
		a.t.Fatal(err)
	}
	var response types.WebAuthnResponse
	if err = json.Unmarshal([]byte(pasted), &response); err != nil {
		a.t.Fatal(err)
	}
	return &response
}

// confirm sends the right answer and the confirmation that follows, and returns when the client is logged in.
func (a *asked) confirm() *events.PairPasskeyConfirmation {
	a.t.Helper()
	if err := a.SendPasskeyResponse(a.t.Context(), a.answer(a.office, a.options)); err != nil {
		a.t.Fatal(err)
	}
	confirmation := await[*events.PairPasskeyConfirmation](a.client, "PairPasskeyConfirmation", nil)
	if got := a.office.PasskeyCode(); got != confirmation.Code || len(got) != 9 {
		a.t.Errorf("the phone shows %q, the client %q", got, confirmation.Code)
	}
	if err := a.SendPasskeyConfirmation(a.t.Context()); err != nil {
		a.t.Fatal(err)
	}
	if err := <-a.scan; err != nil {
		a.t.Fatal(err)
	}
	a.awaitConnected()
	return confirmation
}

func TestPasskey(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	a := askedFor(t, s, "")
	if !a.confirm().SkipHandoffUX {
		t.Error("the client did not prove that it knows the code's secret")
	}
	anna := s.NewPhone("+393331234567")
	anna.Text(a.office.Number(), "ciao")
	a.awaitText("ciao")
	settle(t, s)
}

// TestPasskeyAfterRotation has a passkey asked for at the second scan.
func TestPasskeyAfterRotation(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	s.RotateSecrets(1)
	office := s.NewPhone("+393343679575")
	office.SetPasskey(true)
	c := openClient(t, s, "")
	a := &asked{client: c, office: office, code: c.codes()[0], scan: make(chan error, 1)}
	if err := office.ScanQR(a.code); !errors.Is(err, whatsapptest.ErrCodeDead) {
		t.Fatalf("got %v, want a dead code", err)
	}
	secret := await[*events.RotateADVSecret](c, "another secret", nil)
	go func() { a.scan <- office.ScanQR(strings.Replace(a.code, secret.OldSecret, secret.NewSecret, 1)) }()
	a.awaitChallenge()
	a.confirm()
	settle(t, s)
}

// TestPasskeyWrongAnswers refuses what the passkey did not say to this challenge, on this page, to a person; the right answer
// is taken afterwards.
func TestPasskeyWrongAnswers(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	anna := s.NewPhone("+393331234567")
	anna.SetPasskey(true)
	a := askedFor(t, s, "")
	data := func(old, new string) func(*types.WebAuthnResponse) {
		return func(r *types.WebAuthnResponse) {
			r.Response.ClientDataJSON = []byte(strings.Replace(string(r.Response.ClientDataJSON), old, new, 1))
		}
	}
	stale := strings.Replace(a.options, `"challenge":"`, `"challenge":"AAAA`, 1)
	for name, wrong := range map[string]*types.WebAuthnResponse{
		"another person":    a.answer(anna, a.options),
		"another challenge": a.answer(a.office, stale),
		"signature":         changed(a.answer(a.office, a.options), func(r *types.WebAuthnResponse) { r.Response.Signature[9] ^= 1 }),
		"page":              changed(a.answer(a.office, a.options), data("web.whatsapp.com", "web.whatsapp.example")),
		"registration":      changed(a.answer(a.office, a.options), data("webauthn.get", "webauthn.create")),
		"challenge":         changed(a.answer(a.office, stale), func(r *types.WebAuthnResponse) { data("AAAA", "")(r) }),
		"domain":            changed(a.answer(a.office, a.options), func(r *types.WebAuthnResponse) { r.Response.AuthenticatorData[0] ^= 1 }),
		"nobody there":      changed(a.answer(a.office, a.options), func(r *types.WebAuthnResponse) { r.Response.AuthenticatorData[32] = 0 }),
		"kind":              changed(a.answer(a.office, a.options), func(r *types.WebAuthnResponse) { r.Type = "password" }),
		"name":              changed(a.answer(a.office, a.options), func(r *types.WebAuthnResponse) { r.ID = "AAAA" }),
		"credential":        changed(a.answer(a.office, a.options), func(r *types.WebAuthnResponse) { r.RawID = append(r.RawID[:0:0], "other"...) }),
		"empty":             {},
	} {
		var refused *whatsmeow.IQError
		if err := a.SendPasskeyResponse(t.Context(), wrong); !errors.As(err, &refused) || refused.Code != 401 {
			t.Errorf("%s: got %v, want a refusal", name, err)
		}
	}
	if got := s.Offences(); len(got) != 0 {
		t.Errorf("got %v for what a person has done", got)
	}
	a.confirm()
	settle(t, s)
}

func changed(r *types.WebAuthnResponse, change func(*types.WebAuthnResponse)) *types.WebAuthnResponse {
	change(r)
	return r
}

// TestPasskeyTime answers late: after five minutes the code has to be compared, after ten it is too late.
func TestPasskeyTime(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s := whatsapptest.Start(t)
		s.AgeCodes(true)
		a := askedFor(t, s, filepath.Join(dir, "session.db"))
		time.Sleep(9 * time.Minute)
		if a.confirm().SkipHandoffUX {
			t.Error("the code need not be compared after nine minutes")
		}
		settle(t, s)
		leave(a.client)
	})
	synctest.Test(t, func(t *testing.T) {
		s := whatsapptest.Start(t)
		a := askedFor(t, s, filepath.Join(dir, "late.db"))
		answer := a.answer(a.office, a.options)
		time.Sleep(10*time.Minute + time.Second)
		var refused *whatsmeow.IQError
		if err := a.SendPasskeyResponse(t.Context(), answer); !errors.As(err, &refused) || refused.Code != 410 {
			t.Errorf("got %v for an answer after ten minutes", err)
		}
		if err := <-a.scan; err == nil {
			t.Error("the phone linked a client that did not answer")
		}
		leave(a.client)
	})
}

// TestDeclineLink refuses a scan, which leaves the code good, and a link that waits for its passkey.
func TestDeclineLink(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	office := s.NewPhone("+393343679575")
	c := openClient(t, s, "")
	code := c.codes()[0]
	office.DeclineLink()
	if err := office.ScanQR(code); !errors.Is(err, whatsapptest.ErrDeclined) {
		t.Errorf("got %v, want it declined", err)
	}
	office.SetPasskey(true)
	scan := make(chan error, 1)
	go func() { scan <- office.ScanQR(code) }()
	await[*events.PairPasskeyRequest](c, "PairPasskeyRequest", nil)
	office.DeclineLink()
	if err := <-scan; !errors.Is(err, whatsapptest.ErrDeclined) {
		t.Errorf("got %v, want it declined", err)
	}
	if len(c.events) != 0 {
		t.Errorf("the client got %T, want no word", <-c.events)
	}
	office.SetPasskey(false)
	linkedClient(t, s, office) // another client: this one has another secret than its code
}
