package whatsapptest_test

import (
	"encoding/base64"
	"encoding/json"
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
