package whatsapp

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"go.mau.fi/whatsmeow/types"
)

var testChallenge = []byte{0xfb, 0xef, 0xff, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13}

// testAnswer is an answer to testChallenge as a browser prints it; its base64url has both marks of that alphabet in it.
func testAnswer() string {
	encode := base64.RawURLEncoding.EncodeToString
	clientData := fmt.Sprintf(`{"type":"webauthn.get","challenge":%q,"origin":"https://web.whatsapp.com"}`, encode(testChallenge))
	return fmt.Sprintf(`{"id":%q,"rawId":%q,"type":"public-key","response":{"clientDataJSON":%q,"authenticatorData":%q,"signature":%q,"userHandle":%q}}`,
		encode([]byte{0xfb, 0xff}), encode([]byte{0xfb, 0xff}), encode([]byte(clientData)), encode([]byte("authenticator data")),
		encode([]byte{0x30, 0xfb, 0xff, 0xfe}), encode([]byte("handle")))
}

func TestReadAnswer(t *testing.T) {
	t.Parallel()
	plain := testAnswer()
	var indented map[string]any
	if err := json.Unmarshal([]byte(plain), &indented); err != nil {
		t.Fatal(err)
	}
	pretty, _ := json.MarshalIndent(indented, "", "  ")
	inString, _ := json.Marshal(plain)
	prettyInString, _ := json.Marshal(string(pretty))
	wrapped := ""
	for i, r := range plain { // a terminal of 60 columns
		if wrapped += string(r); i%60 == 59 {
			wrapped += "\r\n"
		}
	}
	for name, pasted := range map[string]string{
		"plain": plain, "pretty": string(pretty), "wrapped": wrapped,
		"byte order mark":     "\ufeff" + plain,
		"trailing text":       plain + "\n\nundefined\n> ",
		"prompt":              "> (async()=>{const c=1})()\n< Promise {<pending>}\nundefined\n" + plain,
		"code block":          "```json\n" + string(pretty) + "\n```",
		"one tick":            "`" + plain + "`",
		"typographic":         strings.NewReplacer(`{"`, `{“`, `":"`, `”:“`, `","`, `”,“`, `"}`, `”}`).Replace(plain),
		"guillemets":          strings.ReplaceAll(plain, `"`, "»"),
		"single":              "'" + plain + "'",
		"string":              string(inString),
		"string of pretty":    string(prettyInString),
		"no-break spaces":     strings.ReplaceAll(string(pretty), " ", "\u00a0"),
		"zero width":          strings.ReplaceAll(plain, `":`, "\"\u200b:"),
		"web page":            strings.ReplaceAll(plain, `"`, "&quot;"),
		"no-break hyphens":    strings.ReplaceAll(plain, "-", "\u2011"),
		"copied twice":        plain + plain,
		"as toJSON prints it": strings.Replace(plain, `{"id"`, `{"authenticatorAttachment":"cross-platform","clientExtensionResults":{},"id"`, 1),
		"padded base64":       paddedAnswer(t),
	} {
		answer, err := readAnswer(pasted, testChallenge)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got, _ := json.Marshal(answer)
		if string(got) != plain {
			t.Errorf("%s: got %s, want %s", name, got, plain)
		}
	}
}

func paddedAnswer(t *testing.T) string {
	var answer types.WebAuthnResponse
	if err := json.Unmarshal([]byte(testAnswer()), &answer); err != nil {
		t.Fatal(err)
	}
	standard := base64.StdEncoding.EncodeToString
	return fmt.Sprintf(`{"rawId":%q,"response":{"clientDataJSON":%q,"authenticatorData":%q,"signature":%q,"userHandle":%q}}`,
		standard(answer.RawID), standard(answer.Response.ClientDataJSON), standard(answer.Response.AuthenticatorData),
		standard(answer.Response.Signature), standard(*answer.Response.UserHandle))
}

func TestReadAnswerRefuses(t *testing.T) {
	t.Parallel()
	plain := testAnswer()
	for name, pasted := range map[string]string{
		"nothing": "", "blanks": " \n\t", "the line itself": passkeyLine(&types.WebAuthnPublicKey{Challenge: testChallenge}),
		"an error":     "Uncaught (in promise) NotAllowedError: The operation either timed out or was not allowed.",
		"half of it":   plain[:len(plain)/2],
		"no signature": strings.Replace(plain, `"signature"`, `"signatur"`, 1),
		"no base64":    strings.Replace(plain, `"signature":"`, `"signature":"!`, 1),
		"braces":       strings.Repeat("{", 200_000), "a number": "42", "null": "null", "a list": "[" + plain[1:] + "]",
		"client data that is none": strings.Replace(plain, `"clientDataJSON":"`, `"clientDataJSON":"AAAA`, 1),
	} {
		if _, err := readAnswer(pasted, testChallenge); !errors.Is(err, ErrPasskeyAnswer) {
			t.Errorf("%s: got %v, want ErrPasskeyAnswer", name, err)
		}
	}
	if _, err := readAnswer(plain, []byte("another")); !errors.Is(err, ErrPasskeyOther) {
		t.Errorf("got %v, want ErrPasskeyOther", err)
	}
}

func FuzzReadAnswer(f *testing.F) {
	for _, seed := range []string{testAnswer(), "```" + testAnswer(), `"{\"id\":1}"`, "{{{", "\xff\xfe{", "”“{", strings.Repeat("{", 300)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, pasted string) {
		answer, err := readAnswer(pasted, testChallenge)
		if (answer == nil) != errors.Is(err, ErrPasskeyAnswer) && err == nil {
			t.Errorf("got %v, %v", answer, err)
		}
		if err == nil && (len(answer.RawID) == 0 || len(answer.Response.Signature) == 0) {
			t.Errorf("got an answer without its parts")
		}
	})
}

// The line runs in a console: an engine carries it out with a browser's functions as they are documented.
func TestPasskeyLineRuns(t *testing.T) {
	t.Parallel()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("2026-11-30: no JavaScript engine on this machine")
	}
	line := passkeyLine(&types.WebAuthnPublicKey{
		Challenge: testChallenge, Timeout: 600000, RelyingPartID: "whatsapp.com", UserVerification: "required",
		AllowCredentials: []types.AllowedCredential{{ID: []byte{0xfb, 0xff}, Type: "public-key"}},
		Extensions:       map[string]any{"uvm": true, "odd": "</script>'\"`\u2028"},
	})
	if strings.ContainsAny(line, "\r\n\u2028") {
		t.Error("it is not one line")
	}
	const browser = `
const bytes = s => Uint8Array.from(Buffer.from(s)).buffer;
Object.defineProperty(globalThis, "navigator", {configurable: true, value: {credentials: {get: async ({publicKey: o}) => {
	const id = o.allowCredentials[0].id;
	if (!(o.challenge instanceof Uint8Array) || !(id instanceof Uint8Array) || o.rpId !== "whatsapp.com" || o.userVerification !== "required" ||
		o.timeout !== 600000 || o.extensions.uvm !== true || "transports" in o.allowCredentials[0]) throw new Error("bad options");
	const data = JSON.stringify({type: "webauthn.get", challenge: Buffer.from(o.challenge).toString("base64url"), origin: "https://web.whatsapp.com"});
	return {id: Buffer.from(id).toString("base64url"), rawId: id.buffer, type: "public-key", response: {clientDataJSON: bytes(data),
		authenticatorData: bytes("authenticator data"), signature: Uint8Array.from([0x30, 0xfb, 0xff, 0xfe]).buffer, userHandle: bytes("handle")}};
}}}});
let copied; globalThis.copy = t => { copied = t };
process.on("exit", () => { if (!copied) process.exitCode = 9 });
`
	output, err := exec.CommandContext(t.Context(), node, "-e", browser+line).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	if got := strings.TrimSpace(string(output)); got != testAnswer() {
		t.Errorf("got %s\nwant %s", got, testAnswer())
	}
	if _, err := readAnswer(string(output), testChallenge); err != nil {
		t.Error(err)
	}
}
