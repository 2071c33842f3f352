package whatsapptest_test

import (
	"bytes"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.mau.fi/whatsmeow"
	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/proto/waWa6"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
	"go.mau.fi/whatsmeow/util/keys"
	"google.golang.org/protobuf/proto"

	"banditore/bot/whatsapp/whatsapptest"
)

func TestGoodMessageIsNoOffence(t *testing.T) {
	t.Parallel()
	c := newCulprit(t)
	c.message(nil, c.good()...)
	expectText(t, c.anna, secret)
	settle(t, c.s)
	if got := c.s.Offences(); len(got) != 0 {
		t.Errorf("got offences %v, want none: the other tests rest on this message", got)
	}
}

func TestOffences(t *testing.T) {
	t.Parallel()
	iq := func(space, kind string) waBinary.Attrs {
		return waBinary.Attrs{"id": "bad.1", "xmlns": space, "type": kind, "to": types.ServerJID}
	}
	for name, test := range map[string]struct {
		kind    whatsapptest.OffenceKind
		provoke func(c *culprit)
	}{
		"strange stanza": {whatsapptest.UnknownStanza, func(c *culprit) { c.send("sms", waBinary.Attrs{"id": "1"}) }},
		"strange query":  {whatsapptest.UnknownQuery, func(c *culprit) { c.send("iq", iq("w:biz", "get"), waBinary.Node{Tag: "x"}) }},
		"words called a file": {whatsapptest.WrongLabel, func(c *culprit) {
			c.message(waBinary.Attrs{"type": "media"}, c.good()...)
		}},
		"words called a picture": {whatsapptest.WrongLabel, func(c *culprit) {
			all := c.good()
			for i := range all {
				all[i].GetChildren()[0].Attrs["mediatype"] = "image"
			}
			c.message(nil, all...)
		}},
		"words to be hidden": {whatsapptest.WrongLabel, func(c *culprit) {
			all := c.good()
			for i := range all {
				all[i].GetChildren()[0].Attrs["decrypt-fail"] = "hide"
			}
			c.message(nil, all...)
		}},
		"peer message that says nothing": {whatsapptest.BadPlaintext, func(c *culprit) {
			_, _ = c.SendPeerMessage(c.t.Context(), textOf(secret))
		}},
		"setting that does not exist": {whatsapptest.Malformed, func(c *culprit) {
			category := waBinary.Node{Tag: "category", Attrs: waBinary.Attrs{"name": "horoscope", "value": "none"}}
			c.send("iq", iq("privacy", "set"), waBinary.Node{Tag: "privacy", Content: []waBinary.Node{category}})
		}},
		"deletion of another's file": {whatsapptest.BadMedia, func(c *culprit) {
			_ = c.DeleteMedia(c.t.Context(), whatsmeow.MediaHistory, "/v/t62/other?ccb=1", []byte("hash"), "")
		}},
		"strange answer":  {whatsapptest.UnknownQuery, func(c *culprit) { c.send("iq", iq("md", "result")) }},
		"query of nobody": {whatsapptest.Malformed, func(c *culprit) { c.send("iq", waBinary.Attrs{"id": "1", "type": "get"}) }},
		"usync protocol": {whatsapptest.UnknownQuery, func(c *culprit) {
			list := waBinary.Node{Tag: "list", Content: []waBinary.Node{{Tag: "user", Attrs: waBinary.Attrs{"jid": lidOf(c.anna)}}}}
			query := waBinary.Node{Tag: "query", Content: []waBinary.Node{{Tag: "horoscope"}}}
			c.send("iq", iq("usync", "get"), waBinary.Node{Tag: "usync", Content: []waBinary.Node{query, list}})
		}},
		"ack of nothing":     {whatsapptest.Malformed, func(c *culprit) { c.send("ack", waBinary.Attrs{"id": "1"}) }},
		"receipt of nothing": {whatsapptest.Malformed, func(c *culprit) { c.send("receipt", waBinary.Attrs{"to": lidOf(c.anna)}) }},
		"receipt to nobody": {whatsapptest.WrongAddress, func(c *culprit) {
			c.send("receipt", waBinary.Attrs{"id": "1", "to": types.NewJID("1", types.HiddenUserServer)})
		}},
		"retry of nothing": {whatsapptest.Malformed, func(c *culprit) {
			c.send("receipt", waBinary.Attrs{"id": "1", "type": "retry", "to": lidOf(c.anna)})
		}},
		"message to a group": {whatsapptest.Malformed, func(c *culprit) {
			c.message(waBinary.Attrs{"to": types.NewJID("1-2", types.GroupServer)}, c.good()...)
		}},
		"message without payload": {whatsapptest.Malformed, func(c *culprit) {
			c.send("message", waBinary.Attrs{"id": "1", "to": lidOf(c.anna), "type": "text"})
		}},
		"payload of another type": {whatsapptest.Malformed, func(c *culprit) {
			all := c.good()
			all[0].GetChildren()[0].Attrs["type"] = "skmsg"
			c.message(nil, all...)
		}},
		"two payloads for one device": {whatsapptest.Malformed, func(c *culprit) {
			all := c.good()
			c.message(nil, append(all, all[0])...)
		}},
		"unknown device": {whatsapptest.UnknownDevice, func(c *culprit) {
			all := c.good()
			all[0].Attrs["jid"] = types.JID{User: c.anna.LID(), Server: types.HiddenUserServer, Device: 9}
			c.message(nil, all...)
		}},
		"device of a third": {whatsapptest.UnknownDevice, func(c *culprit) {
			third := c.s.NewPhone("+393331234568")
			c.message(nil, append(c.good(), c.payload(lidOf(third), plaintext(textOf(secret))))...)
		}},
		"own device": {whatsapptest.OwnDevice, func(c *culprit) {
			all := c.good()
			all[1].Attrs["jid"] = c.Store.GetLID()
			c.message(nil, all...)
		}},
		"missing copy":    {whatsapptest.MissingCopy, func(c *culprit) { c.message(nil, c.good()[0]) }},
		"unwrapped copy":  {whatsapptest.WrongCopy, func(c *culprit) { c.copyOf(textOf(secret)) }},
		"copy to another": {whatsapptest.WrongCopy, func(c *culprit) { c.copyOf(c.copied(lidOf(c.office).String())) }},
		"copy of nothing": {whatsapptest.BadPlaintext, func(c *culprit) {
			empty := c.copied(lidOf(c.anna).String())
			empty.DeviceSentMessage.Message = nil
			c.copyOf(empty)
		}},
		"another copy": {whatsapptest.WrongCopy, func(c *culprit) {
			other := c.copied(lidOf(c.anna).String())
			other.DeviceSentMessage.Message = textOf("altro")
			c.copyOf(other)
		}},
		"wrapped for the recipient": {whatsapptest.BadPlaintext, func(c *culprit) {
			copied := plaintext(c.copied(lidOf(c.anna).String()))
			c.message(nil, c.payload(lidOf(c.anna), copied), c.payload(c.ownPhone(), copied))
		}},
		"no protobuf": {whatsapptest.BadPlaintext, func(c *culprit) {
			c.message(nil, c.payload(lidOf(c.anna), []byte{0xFF, 0xFF}), c.good()[1])
		}},
		"no padding": {whatsapptest.BadPadding, func(c *culprit) {
			c.message(nil, c.unpadded(lidOf(c.anna)), c.good()[1])
		}},
		"number of another": {whatsapptest.WrongAddress, func(c *culprit) {
			c.message(waBinary.Attrs{"peer_recipient_pn": numberOf(c.office)}, c.good()...)
		}},
		"token of nobody": {whatsapptest.BadToken, func(c *culprit) {
			c.send("message", waBinary.Attrs{"id": "1", "to": lidOf(c.anna), "type": "text"},
				waBinary.Node{Tag: "participants", Content: c.good()}, c.internals().MakeDeviceIdentityNode(),
				waBinary.Node{Tag: "tctoken", Content: []byte("invented")})
		}},
		"no identity beside": {whatsapptest.BadIdentity, func(c *culprit) {
			c.send("message", waBinary.Attrs{"id": "1", "to": lidOf(c.anna), "type": "text"},
				waBinary.Node{Tag: "participants", Content: c.good()})
		}},
		"another identity beside": {whatsapptest.BadIdentity, func(c *culprit) {
			c.send("message", waBinary.Attrs{"id": "1", "to": lidOf(c.anna), "type": "text"},
				waBinary.Node{Tag: "participants", Content: c.good()}, waBinary.Node{Tag: "device-identity", Content: []byte{8, 1}})
		}},
		"another identity inside": {whatsapptest.BadIdentity, func(c *culprit) {
			real := c.Store.IdentityKey
			c.Store.IdentityKey = keys.NewKeyPair()
			all := c.good()
			c.Store.IdentityKey = real
			c.message(nil, all...)
		}},
		"unasked retry": {whatsapptest.UnaskedRetry, func(c *culprit) {
			enc := c.good()[0].GetChildren()[0]
			enc.Attrs["count"] = 1
			c.send("message", waBinary.Attrs{"id": "1", "to": lidOf(c.anna), "type": "text", "device_fanout": "false"},
				enc, c.internals().MakeDeviceIdentityNode())
		}},
		"retry without count": {whatsapptest.Malformed, func(c *culprit) {
			c.PreRetryCallback = func(*events.Receipt, types.MessageID, int, *waE2E.Message) bool { return false }
			c.message(nil, c.good()...)
			expectText(c.t, c.anna, secret)
			c.anna.AskAgain("3EB0BAD")
			settle(c.t, c.s)
			again := c.payload(lidOf(c.anna), plaintext(textOf(secret)))
			c.send("message", waBinary.Attrs{"id": "3EB0BAD", "to": lidOf(c.anna), "type": "text", "device_fanout": "false"},
				again.GetChildren()[0], c.internals().MakeDeviceIdentityNode())
		}},
		"retry for nobody": {whatsapptest.UnknownDevice, func(c *culprit) {
			c.send("message", waBinary.Attrs{"id": "1", "to": types.NewJID("1", types.HiddenUserServer), "type": "text"},
				c.good()[0].GetChildren()[0], c.internals().MakeDeviceIdentityNode())
		}},
		"peer message of another type": {whatsapptest.Malformed, func(c *culprit) {
			enc := c.good()[1].GetChildren()[0]
			enc.Attrs["type"] = "skmsg"
			c.send("message", waBinary.Attrs{"id": "1", "to": c.ownPhone(), "type": "text", "category": "peer"}, enc)
		}},
		"peer message to another": {whatsapptest.Malformed, func(c *culprit) {
			c.send("message", waBinary.Attrs{"id": "1", "to": lidOf(c.anna), "type": "text", "category": "peer"},
				c.good()[0].GetChildren()[0], c.internals().MakeDeviceIdentityNode())
		}},
		"prekey used twice": {whatsapptest.PrekeyReused, func(c *culprit) {
			bundle := c.internals().FetchPreKeysNoError(c.t.Context(), []types.JID{lidOf(c.anna)})[lidOf(c.anna)]
			for _, id := range []string{"3EB01", "3EB02"} {
				c.forget()
				node, _, err := c.internals().EncryptMessageForDeviceAndWrap(
					c.t.Context(), plaintext(textOf(secret)), lidOf(c.anna), lidOf(c.anna), bundle, waBinary.Attrs{}, nil)
				if err != nil {
					c.t.Fatal(err)
				}
				c.message(waBinary.Attrs{"id": id}, *node, c.good()[1])
			}
		}},
		"counter used twice": {whatsapptest.CounterReused, func(c *culprit) {
			address := lidOf(c.anna).SignalAddress().String()
			c.payload(lidOf(c.anna), plaintext(textOf(secret))) // opens a session
			before, err := c.Store.Sessions.GetSession(c.t.Context(), address)
			if err != nil {
				c.t.Fatal(err)
			}
			for _, id := range []string{"3EB01", "3EB02"} {
				if err = c.Store.Sessions.PutSession(c.t.Context(), address, before); err != nil {
					c.t.Fatal(err)
				}
				node, _, err := c.internals().EncryptMessageForDeviceAndWrap(
					c.t.Context(), plaintext(textOf(secret+id)), lidOf(c.anna), lidOf(c.anna), nil, waBinary.Attrs{}, nil)
				if err != nil {
					c.t.Fatal(err)
				}
				copied := c.payload(c.ownPhone(), plaintext(&waE2E.Message{DeviceSentMessage: &waE2E.DeviceSentMessage{
					DestinationJID: proto.String(lidOf(c.anna).String()), Message: textOf(secret + id),
				}}))
				c.message(waBinary.Attrs{"id": id}, *node, copied)
			}
		}},
		"upload with a bad signature": {whatsapptest.BadSignature, func(c *culprit) {
			c.upload(c.Store.IdentityKey.Pub[:], make([]byte, 64))
		}},
		"upload under another identity": {whatsapptest.BadIdentity, func(c *culprit) {
			c.upload(make([]byte, 32), c.Store.SignedPreKey.Signature[:])
		}},
		"upload of a bad file": {whatsapptest.BadMedia, func(c *culprit) {
			response, err := c.http.Post("https://mmg.whatsapp.net/mms/image/AAAA", "", bytes.NewReader([]byte("x")))
			if err != nil || response.StatusCode == http.StatusOK {
				c.t.Errorf("got %v, %v, want a refusal", response, err)
			}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCulprit(t)
			test.provoke(c)
			c.expect(test.kind)
		})
	}
}

// TestPairingSignatures lets a new client show a signed prekey that is not its own.
func TestPairingSignatures(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	s.Excuse(whatsapptest.BadSignature)
	c := openClient(t, s, "")
	c.GetClientPayload = func() *waWa6.ClientPayload {
		payload := c.Store.GetClientPayload()
		payload.DevicePairingData.ESkeySig = make([]byte, 64)
		return payload
	}
	c.connect()
	await[*events.ConnectFailure](c, "ConnectFailure", nil)
	if got := s.Offences(); len(got) != 1 || got[0].Kind != whatsapptest.BadSignature {
		t.Errorf("got %v, want one bad signature", got)
	}
}

// TestNotAcknowledged leaves a message unacknowledged, on a connection that lives on.
func TestNotAcknowledged(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		stays  time.Duration
		guilty bool
	}{
		"long": {time.Minute, true}, "short": {20 * time.Second, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "session.db")
			synctest.Test(t, func(t *testing.T) {
				s := whatsapptest.NewServer()
				office, anna := s.NewPhone("+393343679575"), s.NewPhone("+393331234567")
				c := openClient(t, s, file)
				c.AddEventHandlerWithSuccessStatus(func(event any) bool {
					_, text := event.(*events.Message)
					return !text || bodyOf(event.(*events.Message)) != "ciao"
				})
				c.link(office)
				anna.Text(office.Number(), "ciao")
				time.Sleep(test.stays)
				leave(c)
				s.Close()
				guilty := slices.ContainsFunc(s.Offences(), func(o whatsapptest.Offence) bool { return o.Kind == whatsapptest.NotAcknowledged })
				if guilty != test.guilty || len(s.Offences()) > 1 {
					t.Errorf("got %v, want guilty: %v", s.Offences(), test.guilty)
				}
			})
		})
	}
}

// TestStartReports runs Start with a test that collects what it is told.
func TestStartReports(t *testing.T) {
	t.Parallel()
	for _, excused := range []bool{false, true} {
		collector := &collector{}
		s := whatsapptest.Start(collector)
		if excused {
			s.Excuse(whatsapptest.BadMedia)
		}
		_, _ = s.HTTPClient().Post("https://mmg.whatsapp.net/mms/image/AAAA", "", strings.NewReader("x"))
		for _, cleanup := range collector.cleanups {
			cleanup()
		}
		if (collector.errors == 0) != excused {
			t.Errorf("excused %v: got %d errors", excused, collector.errors)
		}
	}
}

type collector struct {
	cleanups []func()
	errors   int
}

func (c *collector) Helper()               {}
func (c *collector) Cleanup(f func())      { c.cleanups = append(c.cleanups, f) }
func (c *collector) Errorf(string, ...any) { c.errors++ }
