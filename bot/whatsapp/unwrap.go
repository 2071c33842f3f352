package whatsapp

import (
	"strings"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"google.golang.org/protobuf/reflect/protoreflect"
)

const (
	deepestLayer = 8         // layers around a message; phones use two or three
	longestBody  = 64 * 1024 // bytes; WhatsApp's own phones stop long before
)

// contentOf tells what a message shows in the chat, and the sender's own new words in it: never those of a message that it
// quotes or forwards along. The kind is "" for a message that shows nothing of its own.
func contentOf(m *waE2E.Message) (Kind, string) {
	m = unwrap(m)
	if m == nil || isSilent(m) {
		return "", ""
	}
	kind, words := spoken(m)
	if kind == "" {
		kind, words = shown(m)
	}
	if kind == "" {
		kind = kindOf(m)
	}
	return kind, clip(words)
}

// clip makes a citizen's words valid UTF-8, which the protocol does not promise, and no longer than longestBody.
func clip(s string) string {
	return strings.ToValidUTF8(s[:min(len(s), longestBody)], "")
}

// unwrap takes off the layers that say how or where a message is to be shown, and an edit's: the new words stand in it as a
// message of their own. What is left under too many layers is nobody's message.
func unwrap(m *waE2E.Message) *waE2E.Message {
	for range deepestLayer {
		inner := layer(m)
		if inner == nil {
			return m
		}
		m = inner
	}
	return nil
}

func layer(m *waE2E.Message) *waE2E.Message {
	for _, wrapper := range []interface{ GetMessage() *waE2E.Message }{
		m.GetDeviceSentMessage(), m.GetEphemeralMessage(), m.GetViewOnceMessage(), m.GetViewOnceMessageV2(),
		m.GetViewOnceMessageV2Extension(), m.GetDocumentWithCaptionMessage(), m.GetLottieStickerMessage(), m.GetEditedMessage(),
		m.GetSpoilerMessage(), m.GetGroupMentionedMessage(), m.GetLimitSharingMessage(), m.GetBotInvokeMessage(),
		m.GetPollCreationOptionImageMessage(), m.GetPollCreationMessageV4(), m.GetCommentMessage(),
	} {
		if inner := wrapper.GetMessage(); inner != nil {
			return inner
		}
	}
	if word := m.GetProtocolMessage(); word.GetType() == waE2E.ProtocolMessage_MESSAGE_EDIT {
		return word.GetEditedMessage()
	}
	return nil
}

// isSilent tells whether a message only does something: reacts, votes, withdraws, pins, keeps, sets a chat up, announces
// others that follow, or repeats one in another quality. Nobody expects an answer to it.
func isSilent(m *waE2E.Message) bool {
	return m.ProtocolMessage != nil || m.ReactionMessage != nil || m.EncReactionMessage != nil || m.PollUpdateMessage != nil ||
		m.PollAddOptionMessage != nil || m.KeepInChatMessage != nil || m.PinInChatMessage != nil || m.EncCommentMessage != nil ||
		m.EncEventResponseMessage != nil || m.ScheduledCallEditMessage != nil || m.CallLogMesssage != nil || m.Call != nil ||
		m.AlbumMessage != nil || m.AssociatedChildMessage != nil || m.EventCoverImage != nil || m.StickerSyncRmrMessage != nil ||
		m.MessageHistoryBundle != nil || m.MessageHistoryNotice != nil || m.RequestPhoneNumberMessage != nil ||
		m.StatusMentionMessage != nil || m.GroupStatusMentionMessage != nil || m.StatusAddYours != nil || m.GroupStatusMessage != nil ||
		m.GroupStatusMessageV2 != nil || m.StatusNotificationMessage != nil || m.GroupRootKeyShare != nil || m.RootSecretDistributeMessage != nil ||
		(m.SecretEncryptedMessage != nil && !isSecretEdit(m)) || isBare(m)
}

// isSecretEdit tells whether new words for an old message are encrypted with that message's own secret. We keep no such
// secrets, so all we know is that something was written.
func isSecretEdit(m *waE2E.Message) bool {
	return m.GetSecretEncryptedMessage().GetSecretEncType() == waE2E.SecretEncryptedMessage_MESSAGE_EDIT
}

// isBare tells whether there is nothing in a message but keys and remarks for the phone.
func isBare(m *waE2E.Message) bool {
	if len(m.ProtoReflect().GetUnknown()) > 0 {
		return false // of a newer version
	}
	bare := true
	m.ProtoReflect().Range(func(field protoreflect.FieldDescriptor, _ protoreflect.Value) bool {
		switch field.Name() {
		case "messageContextInfo", "senderKeyDistributionMessage", "fastRatchetKeySenderKeyDistributionMessage":
		default:
			bare = false
		}
		return bare
	})
	return bare
}

// spoken reads what consists of words: typed, or chosen from what a menu offered.
func spoken(m *waE2E.Message) (Kind, string) {
	switch {
	case m.Conversation != nil:
		return KindText, m.GetConversation()
	case m.ExtendedTextMessage != nil:
		return KindText, m.GetExtendedTextMessage().GetText()
	case m.ButtonsResponseMessage != nil:
		return KindText, m.GetButtonsResponseMessage().GetSelectedDisplayText()
	case m.TemplateButtonReplyMessage != nil:
		return KindText, m.GetTemplateButtonReplyMessage().GetSelectedDisplayText()
	case m.ListResponseMessage != nil:
		return KindText, m.GetListResponseMessage().GetTitle()
	case m.InteractiveResponseMessage != nil:
		return KindText, m.GetInteractiveResponseMessage().GetBody().GetText()
	}
	return "", ""
}

// shown reads what may carry words beside it.
func shown(m *waE2E.Message) (Kind, string) {
	switch {
	case m.ImageMessage != nil:
		return KindImage, m.GetImageMessage().GetCaption()
	case m.VideoMessage != nil:
		return KindVideo, m.GetVideoMessage().GetCaption()
	case m.PtvMessage != nil:
		return KindVideo, m.GetPtvMessage().GetCaption()
	case m.DocumentMessage != nil:
		return KindDocument, m.GetDocumentMessage().GetCaption()
	case m.LocationMessage != nil:
		return KindLocation, m.GetLocationMessage().GetComment()
	case m.LiveLocationMessage != nil:
		return KindLocation, m.GetLiveLocationMessage().GetCaption()
	}
	return "", ""
}

// kindOf tells the rest apart.
func kindOf(m *waE2E.Message) Kind {
	switch {
	case m.AudioMessage != nil:
		return KindAudio
	case m.StickerMessage != nil, m.StickerPackMessage != nil:
		return KindSticker
	case m.ContactMessage != nil, m.ContactsArrayMessage != nil:
		return KindContact
	case m.PollCreationMessage != nil, m.PollCreationMessageV2 != nil, m.PollCreationMessageV3 != nil, m.PollCreationMessageV5 != nil,
		m.PollCreationMessageV6 != nil, m.PollResultSnapshotMessage != nil, m.PollResultSnapshotMessageV3 != nil:
		return KindPoll
	case m.GroupInviteMessage != nil, m.NewsletterAdminInviteMessage != nil, m.NewsletterFollowerInviteMessageV2 != nil:
		return KindInvite
	case isSecretEdit(m), m.PlaceholderMessage != nil:
		return KindUnreadable // linked devices are shown a mask instead of a placeholder's content
	}
	return KindOther
}
