package whatsapptest

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"testing"
)

// TestJudgePasskey shows the judge assertions that are well signed, each with one thing wrong.
func TestJudgePasskey(t *testing.T) {
	t.Parallel()
	s := NewServer()
	defer s.Close()
	p := s.NewPhone("+393343679575")
	challenge := randomBytes(32)
	other := sha256.Sum256([]byte("comune.example"))
	for name, test := range map[string]struct {
		change func(*credential, *clientData)
		good   bool
	}{
		"nothing":          {func(*credential, *clientData) {}, true},
		"page":             {func(_ *credential, d *clientData) { d.Origin = "https://web.whatsapp.example" }, false},
		"frame":            {func(_ *credential, d *clientData) { d.CrossOrigin = true }, false},
		"registration":     {func(_ *credential, d *clientData) { d.Type = "webauthn.create" }, false},
		"challenge":        {func(_ *credential, d *clientData) { d.Challenge = randomBytes(32) }, false},
		"empty challenge":  {func(_ *credential, d *clientData) { d.Challenge = nil }, false},
		"kind":             {func(c *credential, _ *clientData) { c.Type = "password" }, false},
		"name":             {func(c *credential, _ *clientData) { c.ID = "AAAA" }, false},
		"domain":           {func(c *credential, _ *clientData) { copy(c.Response.Authenticator, other[:]) }, false},
		"cut":              {func(c *credential, _ *clientData) { c.Response.Authenticator = c.Response.Authenticator[:33] }, false},
		"nobody there":     {func(c *credential, _ *clientData) { c.Response.Authenticator[32] &^= userPresent }, false},
		"nobody confirmed": {func(c *credential, _ *clientData) { c.Response.Authenticator[32] &^= userVerified }, false},
	} {
		text, err := p.sign(passkeyOptions{Domain: passkeyDomain}, clientData{})
		if err != nil {
			t.Fatal(err)
		}
		var c credential
		if err = json.Unmarshal([]byte(text), &c); err != nil {
			t.Fatal(err)
		}
		data := clientData{Type: "webauthn.get", Challenge: challenge, Origin: passkeyOrigin}
		test.change(&c, &data)
		if c.Response.ClientData, err = json.Marshal(data); err != nil {
			t.Fatal(err)
		}
		digest := signedDigest(c.Response.Authenticator, c.Response.ClientData)
		if c.Response.Signature, err = ecdsa.SignASN1(rand.Reader, p.passkeyKey(), digest); err != nil {
			t.Fatal(err)
		}
		assertion, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		if err = p.judgePasskey(p.passkeyID(), assertion, challenge); (err == nil) != test.good {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if err := p.judgePasskey(p.passkeyID(), []byte("ciao"), challenge); err == nil {
		t.Error("got no error for what is no assertion")
	}
}
