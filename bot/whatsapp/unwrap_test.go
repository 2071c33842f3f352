package whatsapp

import (
	"strings"
	"testing"
	"unicode/utf8"

	"go.mau.fi/whatsmeow/proto/waCommon"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"google.golang.org/protobuf/proto"
)

// kinds is a message of every kind, by what it shows.
var kinds = []struct {
	name    string
	message *waE2E.Message
	kind    Kind
	body    string
}{
	{"text", words("ciao"), KindText, "ciao"},
	{"text with a preview", &waE2E.Message{ExtendedTextMessage: &waE2E.ExtendedTextMessage{Text: proto.String("ciao")}}, KindText, "ciao"},
	{"reply", &waE2E.Message{ExtendedTextMessage: &waE2E.ExtendedTextMessage{
		Text: proto.String("grazie"), ContextInfo: &waE2E.ContextInfo{QuotedMessage: words("Disattiva Notizie")},
	}}, KindText, "grazie"},
	{"button", &waE2E.Message{ButtonsResponseMessage: &waE2E.ButtonsResponseMessage{
		SelectedButtonID: proto.String("x"), Response: &waE2E.ButtonsResponseMessage_SelectedDisplayText{SelectedDisplayText: "ciao"},
	}}, KindText, "ciao"},
	{"template button", &waE2E.Message{TemplateButtonReplyMessage: &waE2E.TemplateButtonReplyMessage{
		SelectedID: proto.String("x"), SelectedDisplayText: proto.String("ciao"),
	}}, KindText, "ciao"},
	{"list", &waE2E.Message{ListResponseMessage: &waE2E.ListResponseMessage{
		Title: proto.String("ciao"), Description: proto.String("x"),
		SingleSelectReply: &waE2E.ListResponseMessage_SingleSelectReply{SelectedRowID: proto.String("x")},
	}}, KindText, "ciao"},
	{"menu", &waE2E.Message{InteractiveResponseMessage: &waE2E.InteractiveResponseMessage{
		Body: &waE2E.InteractiveResponseMessage_Body{Text: proto.String("ciao")},
	}}, KindText, "ciao"},
	{"image", &waE2E.Message{ImageMessage: &waE2E.ImageMessage{Caption: proto.String("ciao")}}, KindImage, "ciao"},
	{"image without words", &waE2E.Message{ImageMessage: &waE2E.ImageMessage{}}, KindImage, ""},
	{"video", &waE2E.Message{VideoMessage: &waE2E.VideoMessage{Caption: proto.String("ciao")}}, KindVideo, "ciao"},
	{"round video", &waE2E.Message{PtvMessage: &waE2E.VideoMessage{Caption: proto.String("ciao")}}, KindVideo, "ciao"},
	{"document", &waE2E.Message{DocumentMessage: &waE2E.DocumentMessage{
		FileName: proto.String("x"), Title: proto.String("x"), Caption: proto.String("ciao"),
	}}, KindDocument, "ciao"},
	{"voice note", &waE2E.Message{AudioMessage: &waE2E.AudioMessage{PTT: proto.Bool(true)}}, KindAudio, ""},
	{"sticker", &waE2E.Message{StickerMessage: &waE2E.StickerMessage{}}, KindSticker, ""},
	{"contact", &waE2E.Message{ContactMessage: &waE2E.ContactMessage{DisplayName: proto.String("x"), Vcard: proto.String("x")}}, KindContact, ""},
	{"contacts", &waE2E.Message{ContactsArrayMessage: &waE2E.ContactsArrayMessage{DisplayName: proto.String("x")}}, KindContact, ""},
	{"location", &waE2E.Message{LocationMessage: &waE2E.LocationMessage{Name: proto.String("x"), Address: proto.String("x")}}, KindLocation, ""},
	{"live location", &waE2E.Message{LiveLocationMessage: &waE2E.LiveLocationMessage{Caption: proto.String("ciao")}}, KindLocation, "ciao"},
	{"poll", &waE2E.Message{PollCreationMessageV3: &waE2E.PollCreationMessage{Name: proto.String("x")}}, KindPoll, ""},
	{"group invitation", &waE2E.Message{GroupInviteMessage: &waE2E.GroupInviteMessage{GroupName: proto.String("x")}}, KindInvite, ""},
	{"channel invitation", &waE2E.Message{NewsletterFollowerInviteMessageV2: &waE2E.NewsletterFollowerInviteMessage{Caption: proto.String("x")}}, KindInvite, ""},
	{"order", &waE2E.Message{OrderMessage: &waE2E.OrderMessage{Message: proto.String("x")}}, KindOther, ""},
	{"menu offered", &waE2E.Message{InteractiveMessage: &waE2E.InteractiveMessage{Body: &waE2E.InteractiveMessage_Body{Text: proto.String("x")}}}, KindOther, ""},
	{"of a newer version", newer(), KindOther, ""},
	{"masked", &waE2E.Message{PlaceholderMessage: &waE2E.PlaceholderMessage{}}, KindUnreadable, ""},
	{"secret edit", &waE2E.Message{SecretEncryptedMessage: &waE2E.SecretEncryptedMessage{
		SecretEncType: waE2E.SecretEncryptedMessage_MESSAGE_EDIT.Enum(),
	}}, KindUnreadable, ""},

	{"nothing", nil, "", ""},
	{"empty", &waE2E.Message{}, "", ""},
	{"reaction", &waE2E.Message{ReactionMessage: &waE2E.ReactionMessage{Text: proto.String("x")}}, "", ""},
	{"encrypted reaction", &waE2E.Message{EncReactionMessage: &waE2E.EncReactionMessage{}}, "", ""},
	{"vote", &waE2E.Message{PollUpdateMessage: &waE2E.PollUpdateMessage{}}, "", ""},
	{"deletion", &waE2E.Message{ProtocolMessage: &waE2E.ProtocolMessage{Type: waE2E.ProtocolMessage_REVOKE.Enum(), Key: &waCommon.MessageKey{ID: proto.String("x")}}}, "", ""},
	{"disappearing messages", &waE2E.Message{ProtocolMessage: &waE2E.ProtocolMessage{Type: waE2E.ProtocolMessage_EPHEMERAL_SETTING.Enum()}}, "", ""},
	{"number shared", &waE2E.Message{ProtocolMessage: &waE2E.ProtocolMessage{Type: waE2E.ProtocolMessage_SHARE_PHONE_NUMBER.Enum()}}, "", ""},
	{"pin", &waE2E.Message{PinInChatMessage: &waE2E.PinInChatMessage{}}, "", ""},
	{"keep", &waE2E.Message{KeepInChatMessage: &waE2E.KeepInChatMessage{}}, "", ""},
	{"sender key", &waE2E.Message{SenderKeyDistributionMessage: &waE2E.SenderKeyDistributionMessage{}, MessageContextInfo: &waE2E.MessageContextInfo{}}, "", ""},
	{"album announced", &waE2E.Message{AlbumMessage: &waE2E.AlbumMessage{}}, "", ""},
	{"event edit", &waE2E.Message{SecretEncryptedMessage: &waE2E.SecretEncryptedMessage{SecretEncType: waE2E.SecretEncryptedMessage_EVENT_EDIT.Enum()}}, "", ""},
	{"in a status", &waE2E.Message{StatusMentionMessage: future(words("x"))}, "", ""},
}

// layers is every way in which a message may be wrapped.
var layers = map[string]func(*waE2E.Message) *waE2E.Message{
	"device-sent": func(m *waE2E.Message) *waE2E.Message {
		return &waE2E.Message{DeviceSentMessage: &waE2E.DeviceSentMessage{Message: m}, MessageContextInfo: &waE2E.MessageContextInfo{}}
	},
	"ephemeral":    func(m *waE2E.Message) *waE2E.Message { return &waE2E.Message{EphemeralMessage: future(m)} },
	"view once":    func(m *waE2E.Message) *waE2E.Message { return &waE2E.Message{ViewOnceMessage: future(m)} },
	"view once 2":  func(m *waE2E.Message) *waE2E.Message { return &waE2E.Message{ViewOnceMessageV2: future(m)} },
	"view once 2x": func(m *waE2E.Message) *waE2E.Message { return &waE2E.Message{ViewOnceMessageV2Extension: future(m)} },
	"captioned":    func(m *waE2E.Message) *waE2E.Message { return &waE2E.Message{DocumentWithCaptionMessage: future(m)} },
	"lottie":       func(m *waE2E.Message) *waE2E.Message { return &waE2E.Message{LottieStickerMessage: future(m)} },
	"spoiler":      func(m *waE2E.Message) *waE2E.Message { return &waE2E.Message{SpoilerMessage: future(m)} },
	"edit":         edit,
	"wrapped edit": func(m *waE2E.Message) *waE2E.Message { return &waE2E.Message{EditedMessage: future(edit(m))} },
}

func words(s string) *waE2E.Message { return &waE2E.Message{Conversation: proto.String(s)} }

func future(m *waE2E.Message) *waE2E.FutureProofMessage { return &waE2E.FutureProofMessage{Message: m} }

func edit(m *waE2E.Message) *waE2E.Message {
	return &waE2E.Message{ProtocolMessage: &waE2E.ProtocolMessage{
		Type: waE2E.ProtocolMessage_MESSAGE_EDIT.Enum(), Key: &waCommon.MessageKey{ID: proto.String("x")}, EditedMessage: m,
	}}
}

// newer is a message with a field that this version of the protocol does not know.
func newer() *waE2E.Message {
	m := &waE2E.Message{}
	m.ProtoReflect().SetUnknown([]byte{0xda, 0xbf, 0x3f, 0x01, 'x'})
	return m
}

func TestContentOf(t *testing.T) {
	t.Parallel()
	for _, test := range kinds {
		if kind, body := contentOf(test.message); kind != test.kind || body != test.body {
			t.Errorf("%s: got %q, %q, want %q, %q", test.name, kind, body, test.kind, test.body)
		}
		if test.message == nil {
			continue
		}
		for name, wrap := range layers {
			if kind, body := contentOf(wrap(wrap(test.message))); kind != test.kind || body != test.body {
				t.Errorf("%s, twice %s: got %q, %q, want %q, %q", test.name, name, kind, body, test.kind, test.body)
			}
		}
	}
}

func TestG9_LayersAndBodiesAreBounded(t *testing.T) {
	t.Parallel()
	deep := words("ciao")
	for range 1000 {
		deep = layers["ephemeral"](deep)
	}
	if kind, body := contentOf(deep); kind != "" || body != "" {
		t.Errorf("got %q, %q from under a thousand layers, want nothing", kind, body)
	}
	for _, long := range []string{strings.Repeat("è", longestBody), strings.Repeat("x", longestBody) + "y", "\xff" + strings.Repeat("\xf0\x9f", 10)} {
		_, body := contentOf(words(long))
		if len(body) > longestBody || !utf8.ValidString(body) {
			t.Errorf("got %d bytes, valid %t", len(body), utf8.ValidString(body))
		}
	}
	if _, body := contentOf(words(strings.Repeat("è", longestBody))); len(body) != longestBody {
		t.Errorf("got %d bytes, want as many as there may be", len(body))
	}
}

func FuzzG9_Content(f *testing.F) {
	for _, seed := range contentSeeds(f) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var m waE2E.Message
		if proto.Unmarshal(data, &m) != nil {
			return
		}
		kind, body := contentOf(&m)
		if len(body) > longestBody || !utf8.ValidString(body) || (kind == "" && body != "") {
			t.Fatalf("got kind %q and a body of %d bytes, valid %t", kind, len(body), utf8.ValidString(body))
		}
		if again, same := contentOf(layers["ephemeral"](&m)); layer(&m) == nil && (again != kind || same != body) {
			t.Fatalf("got %q in a layer and %q outside", again, kind)
		}
	})
}

// contentSeeds is every kind, plain and in every layer.
func contentSeeds(tb testing.TB) (seeds [][]byte) {
	tb.Helper()
	add := func(m *waE2E.Message) {
		data, err := proto.Marshal(m)
		if err != nil {
			tb.Fatal(err)
		}
		seeds = append(seeds, data)
	}
	for _, test := range kinds {
		add(test.message)
		for _, wrap := range layers {
			add(wrap(test.message))
		}
	}
	return seeds
}

// The seeds are worth something only if they are read back as what they are.
func TestContentSeedsAreLoaded(t *testing.T) {
	t.Parallel()
	seen := make(map[Kind]int)
	for _, seed := range contentSeeds(t) {
		var m waE2E.Message
		if err := proto.Unmarshal(seed, &m); err != nil {
			t.Fatal(err)
		}
		kind, _ := contentOf(&m)
		seen[kind]++
	}
	for _, test := range kinds {
		if seen[test.kind] <= len(layers) {
			t.Errorf("got %d seeds of kind %q, want it plain and in %d layers", seen[test.kind], test.kind, len(layers))
		}
	}
}
