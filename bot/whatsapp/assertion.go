package whatsapp

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.mau.fi/util/jsonbytes"
	"go.mau.fi/whatsmeow/types"
)

// passkeyScript asks the browser for the passkey, on WhatsApp's page, and prints what it says as one line of JSON; where the
// browser lets it, the line is in the clipboard as well. The browser wants bytes where WhatsApp's question has base64url.
const passkeyScript = `(async()=>{const c=typeof copy=="function"?copy:()=>{},` +
	`d=s=>Uint8Array.from(atob(s.replace(/-/g,"+").replace(/_/g,"/")),x=>x.charCodeAt(0)),` +
	`e=b=>btoa(String.fromCharCode(...new Uint8Array(b))).replace(/\+/g,"-").replace(/\//g,"_").replace(/=+$/,""),` +
	`o=%s;o.challenge=d(o.challenge);for(const a of o.allowCredentials)a.id=d(a.id);` +
	`const k=await navigator.credentials.get({publicKey:o}),r=k.response,` +
	`t=JSON.stringify({id:k.id,rawId:e(k.rawId),type:k.type,response:{clientDataJSON:e(r.clientDataJSON),` +
	`authenticatorData:e(r.authenticatorData),signature:e(r.signature),userHandle:r.userHandle?e(r.userHandle):null}});` +
	`try{c(t)}catch(x){}console.log(t)})()`

// passkeyLine is WhatsApp's question as a line for the console of a browser.
func passkeyLine(key *types.WebAuthnPublicKey) string {
	type credential struct {
		ID         jsonbytes.UnpaddedURLBytes `json:"id"`
		Type       string                     `json:"type"`
		Transports []string                   `json:"transports,omitempty"`
	}
	question := struct {
		Challenge        jsonbytes.UnpaddedURLBytes `json:"challenge"`
		Timeout          int                        `json:"timeout,omitempty"`
		RelyingParty     string                     `json:"rpId,omitempty"`
		AllowCredentials []credential               `json:"allowCredentials"`
		UserVerification string                     `json:"userVerification,omitempty"`
		Extensions       map[string]any             `json:"extensions,omitempty"`
	}{key.Challenge, key.Timeout, key.RelyingPartID, []credential{}, key.UserVerification, key.Extensions}
	for _, allowed := range key.AllowCredentials {
		question.AllowCredentials = append(question.AllowCredentials, credential(allowed))
	}
	text, err := json.Marshal(question)
	if err != nil {
		text = []byte("{}") // cannot be: it came as JSON
	}
	return fmt.Sprintf(passkeyScript, text)
}

const (
	answerBytes = 64 << 10 // an answer has one or two thousand
	answerTries = 100      // braces in the text at which the answer may begin
)

// assertion is what the browser printed.
type assertion struct {
	ID       string `json:"id"`
	RawID    string `json:"rawId"`
	Type     string `json:"type"`
	Response struct {
		ClientData        string `json:"clientDataJSON"`
		AuthenticatorData string `json:"authenticatorData"`
		Signature         string `json:"signature"`
		UserHandle        string `json:"userHandle"`
	} `json:"response"`
}

// readAnswer finds the browser's answer in what a person has pasted, whatever mail programs, editors and terminals have done
// to it. The errors are ErrPasskeyAnswer and ErrPasskeyOther.
func readAnswer(pasted string, challenge []byte) (*types.WebAuthnResponse, error) {
	text := tidyAnswer(pasted)
	for range answerTries {
		i := strings.IndexByte(text, '{')
		if i < 0 {
			break
		}
		text = text[i:]
		var found assertion
		if json.NewDecoder(strings.NewReader(text)).Decode(&found) == nil {
			if answer := found.decoded(); answer != nil {
				return answer, answers(answer, challenge)
			}
		}
		text = text[1:]
	}
	return nil, ErrPasskeyAnswer
}

// tidyAnswer undoes what happens to text on its way. An answer holds names, base64url and JSON's marks, and nothing else: so
// blanks, invisible marks and backslashes can go wherever they are, and any quotation mark is meant as JSON's.
func tidyAnswer(pasted string) string {
	pasted = pasted[:min(len(pasted), answerBytes)]
	pasted = strings.NewReplacer("&quot;", `"`, "&#34;", `"`, `\n`, "", `\r`, "", `\t`, "").Replace(pasted)
	return strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune("'`´\"‘’‚‛“”„‟«»‹›′″＂＇", r):
			return '"'
		case strings.ContainsRune("‐‑‒–−", r):
			return '-'
		case r == '\\', r == utf8.RuneError, unicode.IsSpace(r), !unicode.IsPrint(r):
			return -1
		}
		return r
	}, pasted)
}

// decoded is the answer with its bytes, nil when something is missing.
func (a *assertion) decoded() *types.WebAuthnResponse {
	id, ok := unbase64(cmp.Or(a.RawID, a.ID))
	clientData, ok1 := unbase64(a.Response.ClientData)
	authenticator, ok2 := unbase64(a.Response.AuthenticatorData)
	signature, ok3 := unbase64(a.Response.Signature)
	if !ok || !ok1 || !ok2 || !ok3 {
		return nil
	}
	answer := &types.WebAuthnResponse{
		ID: base64.RawURLEncoding.EncodeToString(id), RawID: id, Type: cmp.Or(a.Type, "public-key"),
		Response: types.WebAuthnResponseData{ClientDataJSON: clientData, AuthenticatorData: authenticator, Signature: signature},
	}
	if handle, ok := unbase64(a.Response.UserHandle); ok {
		answer.Response.UserHandle = (*jsonbytes.UnpaddedURLBytes)(&handle)
	}
	return answer
}

// answers tells whether the answer is to this question: the browser has signed what it was asked.
func answers(answer *types.WebAuthnResponse, challenge []byte) error {
	var signed struct {
		Challenge string `json:"challenge"`
	}
	if json.Unmarshal(answer.Response.ClientDataJSON, &signed) != nil {
		return ErrPasskeyAnswer
	}
	if asked, _ := unbase64(signed.Challenge); !bytes.Equal(asked, challenge) {
		return ErrPasskeyOther
	}
	return nil
}

// unbase64 reads base64url and base64, with and without padding; ok is false when there is nothing.
func unbase64(text string) (decoded []byte, ok bool) {
	text = strings.TrimRight(strings.NewReplacer("+", "-", "/", "_").Replace(text), "=")
	decoded, err := base64.RawURLEncoding.DecodeString(text)
	return decoded, err == nil && len(decoded) > 0
}
