package whatsapptest

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// Where a passkey of WhatsApp is good: the browser's page has to be of the domain.
const (
	passkeyDomain = "whatsapp.com"
	passkeyOrigin = "https://web.whatsapp.com"
)

const (
	userPresent  = 0x01
	userVerified = 0x04
	backedUp     = 0x18
)

// unpadded is bytes that JSON of a browser holds as unpadded base64 for URLs.
type unpadded []byte

// MarshalJSON writes the bytes.
func (u unpadded) MarshalJSON() ([]byte, error) {
	return json.Marshal(base64.RawURLEncoding.EncodeToString(u))
}

// UnmarshalJSON reads the bytes.
func (u *unpadded) UnmarshalJSON(text []byte) error {
	var encoded string
	if err := json.Unmarshal(text, &encoded); err != nil {
		return err
	}
	decoded, err := base64.RawURLEncoding.DecodeString(encoded)
	*u = decoded
	return err
}

// credential is what a browser gives back.
type credential struct {
	ID         string         `json:"id"`
	RawID      unpadded       `json:"rawId"`
	Type       string         `json:"type"`
	Attachment string         `json:"authenticatorAttachment"`
	Extensions map[string]any `json:"clientExtensionResults"`
	Response   struct {
		ClientData    unpadded `json:"clientDataJSON"`
		Authenticator unpadded `json:"authenticatorData"`
		Signature     unpadded `json:"signature"`
		UserHandle    unpadded `json:"userHandle"`
	} `json:"response"`
}

// clientData is what the browser has signed beside what the passkey says of itself.
type clientData struct {
	Type        string   `json:"type"`
	Challenge   unpadded `json:"challenge"`
	Origin      string   `json:"origin"`
	CrossOrigin bool     `json:"crossOrigin"`
}

// passkeyKey is the private half of an account's passkey, the same in every process.
func (p *Phone) passkeyKey() *ecdsa.PrivateKey {
	seed := sha256.Sum256([]byte("banditore/whatsapptest/passkey/" + p.hand.name))
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), seed[:])
	if err != nil {
		panic(fmt.Errorf("whatsapptest: %w", err)) // one seed in 2^32 is none
	}
	return key
}

// passkeyID names the passkey.
func (p *Phone) passkeyID() []byte {
	sum := sha256.Sum256([]byte("passkey/" + p.hand.name))
	return sum[:20]
}

// AnswerPasskey is a desktop browser on WhatsApp's page, where somebody asks the account's passkey for an answer and confirms
// on this phone. It takes the challenge as JSON (the publicKey options), or a line of JavaScript that holds it, and returns
// the credential as JSON, as the browser's console prints it. A phone without a passkey, or a challenge of another domain, is
// an error, as it is in a browser; the age of the challenge is not judged here.
func (p *Phone) AnswerPasskey(challenge string) (string, error) {
	p.s.mu.Lock()
	has := p.passkey
	p.s.mu.Unlock()
	if !has {
		return "", errors.New("whatsapptest: the account has no passkey")
	}
	options, err := readOptions(challenge)
	if err != nil {
		return "", err
	}
	return p.sign(options, clientData{Type: "webauthn.get", Challenge: options.Challenge, Origin: passkeyOrigin})
}

// passkeyOptions is what a browser reads of a challenge.
type passkeyOptions struct {
	Challenge unpadded `json:"challenge"`
	Domain    string   `json:"rpId"`
	Allowed   []struct {
		ID unpadded `json:"id"`
	} `json:"allowCredentials"`
}

// readOptions finds the challenge in JSON, or in a line that has JSON in it.
func readOptions(challenge string) (options passkeyOptions, err error) {
	at := strings.LastIndex(challenge[:max(strings.Index(challenge, `"challenge"`), 0)], "{")
	if at < 0 {
		return options, errors.New("whatsapptest: there is no challenge in it")
	}
	if err = json.NewDecoder(strings.NewReader(challenge[at:])).Decode(&options); err != nil {
		return options, fmt.Errorf("whatsapptest: the challenge: %w", err)
	}
	if options.Domain != passkeyDomain {
		return options, errors.New("whatsapptest: the page may not ask for a passkey of this domain")
	}
	return options, nil
}

// sign makes the credential that answers a challenge.
func (p *Phone) sign(options passkeyOptions, data clientData) (string, error) {
	signed, err := json.Marshal(data)
	if err != nil {
		return "", err
	}
	var answer credential
	answer.RawID, answer.Type, answer.Attachment, answer.Extensions = p.passkeyID(), "public-key", "cross-platform", map[string]any{}
	answer.ID = base64.RawURLEncoding.EncodeToString(answer.RawID)
	if len(options.Allowed) > 0 {
		known := false
		for _, allowed := range options.Allowed {
			known = known || bytes.Equal(allowed.ID, answer.RawID)
		}
		if !known {
			return "", errors.New("whatsapptest: another passkey is wanted")
		}
	}
	domain := sha256.Sum256([]byte(options.Domain))
	answer.Response.ClientData = signed
	answer.Response.Authenticator = join(domain[:], []byte{userPresent | userVerified | backedUp, 0, 0, 0, 0})
	answer.Response.UserHandle = []byte(p.acct.number)
	digest := signedDigest(answer.Response.Authenticator, signed)
	if answer.Response.Signature, err = ecdsa.SignASN1(rand.Reader, p.passkeyKey(), digest); err != nil {
		return "", err
	}
	text, err := json.Marshal(answer)
	return string(text), err
}

// signedDigest is what a passkey signs.
func signedDigest(authenticator, clientData []byte) []byte {
	client := sha256.Sum256(clientData)
	digest := sha256.Sum256(join(authenticator, client[:]))
	return digest[:]
}

// judgePasskey says what is wrong with an answer to a challenge; nil when nothing is.
func (p *Phone) judgePasskey(id, assertion, challenge []byte) error {
	var shown credential
	var data clientData
	if err := json.Unmarshal(assertion, &shown); err != nil {
		return errors.New("no assertion")
	}
	if err := json.Unmarshal(shown.Response.ClientData, &data); err != nil {
		return errors.New("no client data")
	}
	domain := sha256.Sum256([]byte(passkeyDomain))
	authenticator := shown.Response.Authenticator
	switch {
	case !bytes.Equal(id, p.passkeyID()), !bytes.Equal(shown.RawID, id), shown.ID != base64.RawURLEncoding.EncodeToString(id):
		return errors.New("another passkey")
	case shown.Type != "public-key", data.Type != "webauthn.get":
		return errors.New("another kind of answer")
	case !bytes.Equal(data.Challenge, challenge):
		return errors.New("another challenge")
	case data.Origin != passkeyOrigin, data.CrossOrigin:
		return errors.New("another page")
	case len(authenticator) < 37, !bytes.Equal(authenticator[:32], domain[:]):
		return errors.New("another domain")
	case authenticator[32]&userPresent == 0, authenticator[32]&userVerified == 0:
		return errors.New("nobody confirmed it")
	case !ecdsa.VerifyASN1(&p.passkeyKey().PublicKey, signedDigest(authenticator, shown.Response.ClientData), shown.Response.Signature):
		return errors.New("the signature does not verify")
	}
	return nil
}
