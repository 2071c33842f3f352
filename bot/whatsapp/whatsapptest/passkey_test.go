package whatsapptest_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.mau.fi/whatsmeow"
	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/proto/waCompanionReg"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
	"go.mau.fi/whatsmeow/util/keys"
	"google.golang.org/protobuf/proto"

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

// ask sends one of the queries of a pairing.
func (c *client) ask(kind, tag string, content any) (*waBinary.Node, error) {
	//lint:ignore SA1019 nothing else in the library says what no client should
	return c.DangerousInternals().SendIQ(c.t.Context(), whatsmeow.DangerousInfoQuery{
		Namespace: "md", Type: whatsmeow.DangerousInfoQueryType(kind), To: types.ServerJID, Content: []waBinary.Node{{Tag: tag, Content: content}},
	})
}

// ref asks for the ref that the client's promise has to repeat.
func (a *asked) ref() string {
	a.t.Helper()
	answer, err := a.ask("get", "ref", nil)
	if err != nil {
		a.t.Fatal(err)
	}
	ref := answer.GetChildByTag("ref")
	return string(ref.Content.([]byte))
}

// prologue sends the right answer of the passkey with a payload.
func (a *asked) prologue(payload []byte) error {
	answer := a.answer(a.office, a.options)
	assertion, err := json.Marshal(answer)
	if err != nil {
		a.t.Fatal(err)
	}
	_, err = a.ask("set", "passkey_prologue", []waBinary.Node{
		{Tag: "credential_id", Content: []byte(answer.RawID)}, {Tag: "webauthn_assertion", Content: assertion},
		{Tag: "prologue_payload", Content: payload},
	})
	return err
}

// promising is a payload with a key and a hash of some lengths.
func promising(key int, ref string, hash int) []byte {
	identity, _ := proto.Marshal(&waCompanionReg.CompanionEphemeralIdentity{PublicKey: make([]byte, key), Ref: &ref})
	payload, _ := proto.Marshal(&waCompanionReg.ProloguePayload{
		CompanionEphemeralIdentity: identity, Commitment: &waCompanionReg.CompanionCommitment{Hash: make([]byte, hash)},
	})
	return payload
}

// TestPasskeyJudges lets a client say what none may: each is refused and an offence.
func TestPasskeyJudges(t *testing.T) {
	t.Parallel()
	iq := func(a *asked, tag string, content any) error {
		_, err := a.ask("set", tag, content)
		return err
	}
	answered := func(a *asked) {
		a.t.Helper()
		if err := a.SendPasskeyResponse(a.t.Context(), a.answer(a.office, a.options)); err != nil {
			a.t.Fatal(err)
		}
		await[*events.PairPasskeyConfirmation](a.client, "PairPasskeyConfirmation", nil)
	}
	for name, test := range map[string]struct {
		do   func(*asked) error
		want whatsapptest.OffenceKind
	}{
		"old secret": {func(a *asked) error {
			answered(a)
			secret, err := base64.StdEncoding.DecodeString(strings.Split(a.code, ",")[3])
			if err != nil {
				return nil
			}
			a.Store.AdvSecretKey = secret
			return a.SendPasskeyConfirmation(a.t.Context())
		}, whatsapptest.BadIdentity},
		"other identity": {func(a *asked) error {
			answered(a)
			a.Store.IdentityKey = keys.NewKeyPair()
			return a.SendPasskeyConfirmation(a.t.Context())
		}, whatsapptest.BadIdentity},
		"other noise key": {func(a *asked) error {
			answered(a)
			a.Store.NoiseKey = keys.NewKeyPair()
			return a.SendPasskeyConfirmation(a.t.Context())
		}, whatsapptest.BadIdentity},
		"second nonce": {func(a *asked) error {
			answered(a)
			return iq(a, "companion_nonce", make([]byte, 32))
		}, whatsapptest.BadSignature},
		"early nonce": {func(a *asked) error {
			return iq(a, "companion_nonce", make([]byte, 32))
		}, whatsapptest.BadSignature},
		"early request": {func(a *asked) error {
			return iq(a, "encrypted_pairing_request", make([]byte, 32))
		}, whatsapptest.Malformed},
		"sealed by another": {func(a *asked) error {
			answered(a)
			return iq(a, "encrypted_pairing_request", append([]byte{0x0a, 16}, append(make([]byte, 16), append([]byte{0x12, 12}, make([]byte, 12)...)...)...))
		}, whatsapptest.BadSignature},
		"second answer": {func(a *asked) error {
			answered(a)
			return a.SendPasskeyResponse(a.t.Context(), a.answer(a.office, a.options))
		}, whatsapptest.Malformed},
		"no payload":    {func(a *asked) error { return a.prologue([]byte("ciao")) }, whatsapptest.Malformed},
		"another ref":   {func(a *asked) error { return a.prologue(promising(32, a.ref()+"x", 32)) }, whatsapptest.Malformed},
		"no ref":        {func(a *asked) error { return a.prologue(promising(32, "", 32)) }, whatsapptest.Malformed},
		"short key":     {func(a *asked) error { return a.prologue(promising(31, a.ref(), 32)) }, whatsapptest.Malformed},
		"short promise": {func(a *asked) error { return a.prologue(promising(32, a.ref(), 31)) }, whatsapptest.Malformed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := whatsapptest.Start(t)
			s.Excuse(test.want)
			if err := test.do(askedFor(t, s, "")); err == nil {
				t.Error("got no refusal")
			}
			expectOffences(t, s, test.want)
		})
	}
}

// TestPasskeyHandoff scans a code with another secret than the client's: it cannot prove that it knows it.
func TestPasskeyHandoff(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	s.Excuse(whatsapptest.BadSignature)
	office := s.NewPhone("+393343679575")
	office.SetPasskey(true)
	c := openClient(t, s, "")
	parts := strings.Split(c.codes()[0], ",")
	parts[3] = strings.Repeat("A", 43) + "="
	a := &asked{client: c, office: office, scan: make(chan error, 1)}
	go func() { a.scan <- office.ScanQR(strings.Join(parts, ",")) }()
	a.awaitChallenge()
	if err := a.SendPasskeyResponse(t.Context(), a.answer(office, a.options)); err == nil {
		t.Error("got no refusal")
	}
	expectOffences(t, s, whatsapptest.BadSignature)
}

// TestAnswerPasskey gives a browser what it refuses, and the challenge inside a line of JavaScript.
func TestAnswerPasskey(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	office := s.NewPhone("+393343679575")
	good := `{"challenge":"AAAA","rpId":"whatsapp.com","allowCredentials":[]}`
	if _, err := office.AnswerPasskey(good); err == nil {
		t.Error("got an answer of an account without a passkey")
	}
	office.SetPasskey(true)
	for _, wrong := range []string{
		"", "ciao", `{"challenge":1}`, `{"challenge":"AAAA","rpId":"comune.example"}`,
		`{"challenge":"AAAA","rpId":"whatsapp.com","allowCredentials":[{"id":"AAAA"}]}`,
	} {
		if _, err := office.AnswerPasskey(wrong); err == nil {
			t.Errorf("got an answer to %q", wrong)
		}
	}
	for _, fine := range []string{good, "navigator.credentials.get({publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(" + good + ")}).then(c => c)"} {
		if _, err := office.AnswerPasskey(fine); err != nil {
			t.Errorf("%q: %v", fine, err)
		}
	}
}

// TestPasskeyOutOfTurn asks about a passkey where none is wanted.
func TestPasskeyOutOfTurn(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	c := openClient(t, s, "")
	c.codes()
	if err := c.SendPasskeyResponse(t.Context(), &types.WebAuthnResponse{}); err == nil {
		t.Error("got a ref without a ceremony")
	}
}

// TestPasskeyJustInTime answers at the last moment, compares the code for some time, and accepts the phone when it is about to
// look whether anybody does.
func TestPasskeyJustInTime(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "session.db")
	synctest.Test(t, func(t *testing.T) {
		s := whatsapptest.Start(t)
		began := time.Now()
		a := askedFor(t, s, file)
		time.Sleep(9*time.Minute + 58*time.Second)
		s.SetRoundTrip(1500 * time.Millisecond)
		if err := a.SendPasskeyResponse(t.Context(), a.answer(a.office, a.options)); err != nil {
			t.Fatal(err)
		}
		await[*events.PairPasskeyConfirmation](a.client, "PairPasskeyConfirmation", nil)
		time.Sleep(time.Until(began.Add(10*time.Minute + 19*time.Second)))
		if err := a.SendPasskeyConfirmation(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := <-a.scan; err != nil {
			t.Fatal(err)
		}
		a.awaitConnected()
		settle(t, s)
		leave(a.client)
	})
}
