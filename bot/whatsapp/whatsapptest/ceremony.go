package whatsapptest

import (
	"bytes"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/proto/waCompanionReg"
	"go.mau.fi/whatsmeow/util/keys"
	"google.golang.org/protobuf/proto"
)

// passkeyTime is how long a passkey's answer is waited for.
const passkeyTime = 10 * time.Minute

// ceremony is the part of a pairing that proves by a passkey who the client's owner is. The client has rotated its secret at
// the first word of it, so server and phone go on without knowing one until the last: what is said in between is secured by
// a key of two ephemeral ones. Guarded by the server's lock.
type ceremony struct {
	challenge []byte
	expires   time.Time
	ref       string        // told to the client, which has to repeat it; empty: it has not asked
	companion []byte        // the client's ephemeral identity, as it wrote it; nil: the passkey has not answered
	promise   []byte        // the hash of it and of a nonce that it tells later
	ephemeral *keys.KeyPair // the phone's
	nonce     []byte        // the phone's
	key       []byte        // secures the client's request; nil: it has not told its nonce
}

// SetPasskey says whether the account has a passkey, which it does not at first. Who links a device then has to answer with it
// ([Phone.AnswerPasskey]) within ten minutes.
func (p *Phone) SetPasskey(on bool) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.passkey = on
}

// PasskeyCode is the code that the phone shows for a person to compare when a passkey has answered; empty before. WhatsApp
// leaves that to phone and client when little time has passed since the scan; this phone shows it always, and takes it as
// compared unless [Phone.DeclineLink] says otherwise.
func (p *Phone) PasskeyCode() string {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return p.code
}

// askPasskeyLocked sends the client WhatsApp's challenge.
func (a *attempt) askPasskeyLocked() error {
	ce := &ceremony{challenge: randomBytes(32), expires: time.Now().Add(passkeyTime)}
	a.ceremony, a.phone.code = ce, ""
	a.link.notifyLocked("passkey_prologue_request", waBinary.Node{Tag: "passkey_request_options", Content: ce.options()})
	return nil
}

// options is the challenge in the form that a browser takes.
func (ce *ceremony) options() []byte {
	options, err := json.Marshal(map[string]any{
		"challenge": base64.RawURLEncoding.EncodeToString(ce.challenge), "timeout": passkeyTime.Milliseconds(), "rpId": passkeyDomain,
		"allowCredentials": []any{}, "userVerification": "required", "extensions": map[string]any{"uvm": true},
	})
	if err != nil {
		panic(fmt.Errorf("whatsapptest: %w", err)) // strings and numbers
	}
	return options
}

// inCeremony lets a question be answered with the server's lock held, while a passkey is awaited. The real server's errors
// are not known: here 404 is said without a ceremony, 410 after its time, 401 to a wrong answer of the passkey, and 400 to
// what no client may say, which is an offence as well.
func (c *conn) inCeremony(handle func(*attempt, waBinary.Node) answer) func(*waBinary.Node) answer {
	return func(query *waBinary.Node) answer {
		c.s.mu.Lock()
		defer c.s.mu.Unlock()
		if c.pairing == nil || c.pairing.attempt == nil || c.pairing.attempt.ceremony == nil {
			return refusal(404, "item-not-found")
		}
		a := c.pairing.attempt
		if time.Now().After(a.ceremony.expires) {
			a.link.giveUpLocked(errNoAnswer)
			return refusal(410, "gone")
		}
		return handle(a, query.GetChildren()[0])
	}
}

// offendLocked refuses what no client may say.
func (a *attempt) offendLocked(kind OffenceKind, what string) answer {
	a.phone.s.offendLocked(kind, "linking with a passkey: %s", what)
	return refusal(400, "bad-request")
}

func answerRef(a *attempt, _ waBinary.Node) answer {
	a.ceremony.ref = "3@" + base64.StdEncoding.EncodeToString(randomBytes(16))
	return result(waBinary.Node{Tag: "ref", Content: []byte(a.ceremony.ref)})
}

func answerOptions(a *attempt, _ waBinary.Node) answer {
	return result(waBinary.Node{Tag: "passkey_request_options", Content: a.ceremony.options()})
}

// takePrologue judges what the passkey said, and what the client promises beside it.
func takePrologue(a *attempt, prologue waBinary.Node) answer {
	ce := a.ceremony
	if ce.companion != nil {
		return a.offendLocked(Malformed, "a second answer after a good one")
	}
	part := func(tag string) []byte { return contentBytes(prologue.GetChildByTag(tag)) }
	if err := a.phone.judgePasskey(part("credential_id"), part("webauthn_assertion"), ce.challenge); err != nil {
		return refusal(401, "not-authorized: "+err.Error())
	}
	payload := part("prologue_payload")
	var promise waCompanionReg.ProloguePayload
	var companion waCompanionReg.CompanionEphemeralIdentity
	switch {
	case proto.Unmarshal(payload, &promise) != nil || proto.Unmarshal(promise.GetCompanionEphemeralIdentity(), &companion) != nil:
		return a.offendLocked(Malformed, "a payload that is none")
	case len(companion.GetPublicKey()) != 32 || len(promise.GetCommitment().GetHash()) != sha256.Size:
		return a.offendLocked(Malformed, "a payload without its key or its promise")
	case ce.ref == "" || companion.GetRef() != ce.ref:
		return a.offendLocked(Malformed, "another ref than the one that was given")
	}
	// Without the proof the client took longer than five minutes.
	if proof := part("pairing_handoff_proof"); proof != nil && !hmac.Equal(proof, handoffProof(a.secret, payload)) {
		return a.offendLocked(BadSignature, "a proof of another secret than that of the code")
	}
	ce.companion, ce.promise = promise.GetCompanionEphemeralIdentity(), promise.GetCommitment().GetHash()
	ce.ephemeral, ce.nonce = keys.NewKeyPair(), randomBytes(32)
	ce.expires = time.Now().Add(passkeyTime) // to compare the code a person has as long again
	identity, err := proto.Marshal(&waCompanionReg.PrimaryEphemeralIdentity{PublicKey: ce.ephemeral.Pub[:], Nonce: ce.nonce})
	if err != nil {
		panic(fmt.Errorf("whatsapptest: %w", err)) // two byte strings
	}
	return answer{then: func() {
		a.link.notifyLocked("crsc_continuation", waBinary.Node{Tag: "primary_ephemeral_identity", Content: identity})
	}}
}

// handoffProof shows that who answers with a passkey knows the secret of the code that was scanned.
func handoffProof(secret, payload []byte) []byte {
	mac := hmac.New(sha256.New, expand(secret, nil, "shortcake-passkey-handoff-v1"))
	mac.Write(payload)
	return mac.Sum(nil)
}

// takeNonce holds the client to its promise, and makes the code that both sides show.
func takeNonce(a *attempt, nonce waBinary.Node) answer {
	ce, revealed := a.ceremony, contentBytes(nonce)
	if sum := sha256.Sum256(join(ce.companion, revealed)); ce.companion == nil || ce.key != nil || !bytes.Equal(sum[:], ce.promise) {
		return a.offendLocked(BadSignature, "a nonce that was not promised")
	}
	var companion waCompanionReg.CompanionEphemeralIdentity
	if err := proto.Unmarshal(ce.companion, &companion); err != nil {
		return a.offendLocked(Malformed, "an identity that is none")
	}
	shared, err := agree(ce.ephemeral, companion.GetPublicKey())
	if err != nil {
		return a.offendLocked(BadSignature, "an ephemeral key that is none")
	}
	salt := fmt.Sprintf("Companion Pairing %d with ref %s", companion.GetDeviceType(), ce.ref)
	ce.key = expand(shared, []byte(salt), "Pairing Information Encryption Key")
	a.phone.code = comparedCode(ce.nonce, sha256.Sum256(join(revealed, ce.ephemeral.Pub[:])))
	a.phone.changedLocked()
	return result()
}

// comparedCode is what a person compares: five bytes as eight characters.
func comparedCode(nonce []byte, digest [sha256.Size]byte) string {
	code := make([]byte, 5)
	for i := range code {
		code[i] = nonce[i] ^ digest[i]
	}
	return dashed(linkAlphabet().EncodeToString(code))
}

// linkAlphabet has no character that is easily taken for another.
func linkAlphabet() *base32.Encoding { return base32.NewEncoding("123456789ABCDEFGHJKLMNPQRSTVWXYZ") }

func dashed(code string) string { return code[:4] + "-" + code[4:] }

// takePairingRequest opens the client's last word, which holds its keys and its new secret, and vouches for it.
func takePairingRequest(a *attempt, request waBinary.Node) answer {
	var sealed waCompanionReg.EncryptedPairingRequest
	var opened waCompanionReg.PairingRequest
	if a.ceremony.key == nil || a.device != nil || proto.Unmarshal(contentBytes(request), &sealed) != nil {
		return a.offendLocked(Malformed, "a request out of turn")
	}
	plain, err := openGCM(a.ceremony.key, sealed.GetIV(), sealed.GetEncryptedPayload())
	if err != nil || proto.Unmarshal(plain, &opened) != nil {
		return a.offendLocked(BadSignature, "a request that does not open")
	}
	switch {
	case !bytes.Equal(opened.GetCompanionPublicKey(), a.link.noise[:]), !bytes.Equal(opened.GetCompanionIdentityKey(), a.link.identity[:]):
		return a.offendLocked(BadIdentity, "a request with other keys than those of the connection")
	case len(opened.GetAdvSecret()) != 32, bytes.Equal(opened.GetAdvSecret(), a.secret):
		return a.offendLocked(BadIdentity, "a request without a new secret")
	}
	a.secret = opened.GetAdvSecret()
	return answer{then: func() { a.goOnLocked(a.vouchLocked) }}
}

// expand derives 32 bytes, as all of WhatsApp's pairing does.
func expand(secret, salt []byte, info string) []byte {
	key, err := hkdf.Key(sha256.New, secret, salt, info, 32)
	if err != nil {
		panic(fmt.Errorf("whatsapptest: %w", err)) // the length is in range
	}
	return key
}

// agree makes the secret that two key pairs share.
func agree(own *keys.KeyPair, other []byte) ([]byte, error) {
	private, err := ecdh.X25519().NewPrivateKey(own.Priv[:])
	if err != nil {
		return nil, err
	}
	public, err := ecdh.X25519().NewPublicKey(other)
	if err != nil {
		return nil, err
	}
	return private.ECDH(public)
}

func openGCM(key, iv, sealed []byte) ([]byte, error) {
	aead, err := newAEAD(key)
	if err != nil {
		return nil, err
	}
	if len(iv) != aead.NonceSize() {
		return nil, errors.New("an IV of another length")
	}
	return aead.Open(nil, iv, sealed, nil)
}

func randomBytes(n int) []byte {
	random := make([]byte, n)
	_, _ = rand.Read(random) // never fails
	return random
}
