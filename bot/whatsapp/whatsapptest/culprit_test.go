package whatsapptest_test

import (
	"slices"
	"strings"
	"testing"

	"go.mau.fi/libsignal/session"
	"go.mau.fi/whatsmeow"
	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"

	"banditore/bot/whatsapp/whatsapptest"
)

// culprit is a client that can be made to break each rule.
type culprit struct {
	*client
	s            *whatsapptest.Server
	office, anna *whatsapptest.Phone
}

// internals is the way to do wrong: the library's exported methods will not.
func (c *culprit) internals() *whatsmeow.DangerousInternalClient {
	return c.DangerousInternals() //lint:ignore SA1019 danger is what this test is about
}

func newCulprit(t *testing.T) *culprit {
	t.Helper()
	s := whatsapptest.NewServer()
	t.Cleanup(s.Close)
	office, anna := s.NewPhone("+393343679575"), s.NewPhone("+393331234567")
	c := &culprit{linkedClient(t, s, office), s, office, anna}
	settle(t, s)
	return c
}

// send sends a stanza as it is.
func (c *culprit) send(tag string, attrs waBinary.Attrs, content ...waBinary.Node) {
	c.t.Helper()
	node := waBinary.Node{Tag: tag, Attrs: attrs}
	if len(content) > 0 {
		node.Content = content
	}
	if err := c.internals().SendNode(c.t.Context(), node); err != nil {
		c.t.Fatal(err)
	}
}

// expect waits until everything sent was handled, and for the one kind of offence.
func (c *culprit) expect(want whatsapptest.OffenceKind) {
	c.t.Helper()
	_, _ = c.internals().GetServerPreKeyCount(c.t.Context()) // its answer comes after all that was sent before
	settle(c.t, c.s)
	var kinds []whatsapptest.OffenceKind
	for _, offence := range c.s.Offences() {
		kinds = append(kinds, offence.Kind)
		if strings.Contains(offence.String(), "segreto") {
			c.t.Errorf("the offence %q quotes a text", offence)
		}
	}
	if len(slices.Compact(kinds)) != 1 || kinds[0] != want {
		c.t.Errorf("got offences %v, want %q", c.s.Offences(), want)
	}
}

const secret = "segreto"

func plaintext(message *waE2E.Message) []byte {
	content, _ := proto.Marshal(message) // a fixed message
	return content
}

func (c *culprit) copied(to string) *waE2E.Message {
	return &waE2E.Message{DeviceSentMessage: &waE2E.DeviceSentMessage{DestinationJID: proto.String(to), Message: textOf(secret)}}
}

// payload encrypts for one device, in a new session if there is none.
func (c *culprit) payload(to types.JID, content []byte) waBinary.Node {
	c.t.Helper()
	ctx := c.t.Context()
	bundle := c.internals().FetchPreKeysNoError(ctx, []types.JID{to})[to]
	node, _, err := c.internals().EncryptMessageForDeviceAndWrap(ctx, content, to, to, bundle, waBinary.Attrs{}, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	return *node
}

func (c *culprit) ownPhone() types.JID { return lidOf(c.office) }

// message sends a message stanza with the payloads given, and the identity that they need.
func (c *culprit) message(attrs waBinary.Attrs, payloads ...waBinary.Node) {
	c.t.Helper()
	all := waBinary.Attrs{"id": "3EB0BAD", "to": lidOf(c.anna), "type": "text"}
	for key, value := range attrs {
		all[key] = value
	}
	c.send("message", all, waBinary.Node{Tag: "participants", Content: payloads}, c.internals().MakeDeviceIdentityNode())
}

func (c *culprit) good() []waBinary.Node {
	return []waBinary.Node{
		c.payload(lidOf(c.anna), plaintext(textOf(secret))),
		c.payload(c.ownPhone(), plaintext(c.copied(lidOf(c.anna).String()))),
	}
}

// forget makes the next payload for Anna open a session, whatever there was.
func (c *culprit) forget() {
	c.t.Helper()
	if err := c.Store.Sessions.DeleteSession(c.t.Context(), lidOf(c.anna).SignalAddress().String()); err != nil {
		c.t.Fatal(err)
	}
}

// copyOf sends a good payload to Anna and that copy to the own phone.
func (c *culprit) copyOf(copied *waE2E.Message) {
	c.t.Helper()
	c.message(nil, c.good()[0], c.payload(c.ownPhone(), plaintext(copied)))
}

// upload sends prekeys with an identity and a signature of the signed prekey.
func (c *culprit) upload(identity, signature []byte) {
	c.t.Helper()
	key := c.Store.SignedPreKey
	c.send("iq", waBinary.Attrs{"id": "bad.1", "xmlns": "encrypt", "type": "set", "to": types.ServerJID},
		waBinary.Node{Tag: "registration", Content: []byte{0, 0, 0, 1}},
		waBinary.Node{Tag: "identity", Content: identity},
		waBinary.Node{Tag: "list"},
		waBinary.Node{Tag: "skey", Content: []waBinary.Node{
			{Tag: "id", Content: []byte{0, 0, byte(key.KeyID)}}, {Tag: "value", Content: key.Pub[:]}, {Tag: "signature", Content: signature},
		}})
}

// unpadded encrypts without the padding.
func (c *culprit) unpadded(to types.JID) waBinary.Node {
	c.t.Helper()
	ctx := c.t.Context()
	c.payload(to, plaintext(textOf(secret))) // opens the session
	builder := session.NewBuilderFromSignal(c.Store, to.SignalAddress(), store.SignalProtobufSerializer)
	sealed, err := session.NewCipher(builder, to.SignalAddress()).Encrypt(ctx, append(plaintext(textOf(secret)), 0))
	if err != nil {
		c.t.Fatal(err)
	}
	enc := waBinary.Node{Tag: "enc", Attrs: waBinary.Attrs{"v": "2", "type": "pkmsg"}, Content: sealed.Serialize()}
	return waBinary.Node{Tag: "to", Attrs: waBinary.Attrs{"jid": to}, Content: []waBinary.Node{enc}}
}
