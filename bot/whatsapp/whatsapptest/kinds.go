package whatsapptest

import (
	"go.mau.fi/whatsmeow/proto/waE2E"
)

// unwrapLayers takes off the layers that say how a message is to be shown, and an edit's: what is left is what it says.
func unwrapLayers(content *waE2E.Message) *waE2E.Message {
	for range 6 {
		var inner *waE2E.Message
		for _, layer := range []*waE2E.FutureProofMessage{
			content.GetEphemeralMessage(), content.GetDocumentWithCaptionMessage(), content.GetViewOnceMessage(),
			content.GetViewOnceMessageV2(), content.GetViewOnceMessageV2Extension(), content.GetLottieStickerMessage(),
			content.GetEditedMessage(),
		} {
			if layer.GetMessage() != nil {
				inner = layer.GetMessage()
			}
		}
		if own := content.GetDeviceSentMessage().GetMessage(); own != nil {
			inner = own
		}
		if inner == nil {
			break
		}
		content = inner
	}
	return content
}

// stanzaType is the "type" of a message stanza with that content.
func stanzaType(content *waE2E.Message) string {
	content = unwrapLayers(content)
	switch {
	case content.ReactionMessage != nil, content.EncReactionMessage != nil:
		return "reaction"
	case content.PollCreationMessage != nil, content.PollCreationMessageV2 != nil, content.PollCreationMessageV3 != nil,
		content.PollUpdateMessage != nil:
		return "poll"
	case mediaType(content) != "":
		return "media"
	}
	return "text"
}

// mediaType is the "mediatype" of a payload with that content; empty for words.
func mediaType(content *waE2E.Message) string {
	content = unwrapLayers(content)
	switch {
	case content.ImageMessage != nil:
		return "image"
	case content.VideoMessage != nil && content.GetVideoMessage().GetGifPlayback():
		return "gif"
	case content.VideoMessage != nil:
		return "video"
	case content.PtvMessage != nil:
		return "ptv"
	case content.AudioMessage != nil && content.GetAudioMessage().GetPTT():
		return "ptt"
	case content.AudioMessage != nil:
		return "audio"
	case content.DocumentMessage != nil:
		return "document"
	case content.StickerMessage != nil:
		return "sticker"
	}
	return otherMediaType(content)
}

// otherMediaType is mediaType for what has no file.
func otherMediaType(content *waE2E.Message) string {
	switch {
	case content.ContactMessage != nil:
		return "vcard"
	case content.ContactsArrayMessage != nil:
		return "contact_array"
	case content.LiveLocationMessage != nil, content.GetLocationMessage().GetIsLive():
		return "livelocation"
	case content.LocationMessage != nil:
		return "location"
	case content.GroupInviteMessage != nil, content.GetExtendedTextMessage().GetTitle() != "":
		return "url"
	case content.ListMessage != nil:
		return "list"
	case content.ListResponseMessage != nil:
		return "list_response"
	case content.ButtonsResponseMessage != nil:
		return "buttons_response"
	case content.InteractiveResponseMessage != nil:
		return "native_flow_response"
	}
	return ""
}

// editMark is the "edit" attribute of a stanza: "1" replaces a message, "2" pins one, "7" takes one back.
func editMark(content *waE2E.Message) string {
	content = unwrapLayers(content)
	word := content.GetProtocolMessage()
	switch {
	case word != nil && word.GetType() == waE2E.ProtocolMessage_REVOKE:
		return "7"
	case word != nil && word.GetType() == waE2E.ProtocolMessage_MESSAGE_EDIT:
		return "1"
	case content.PinInChatMessage != nil:
		return "2"
	case content.ReactionMessage != nil && content.GetReactionMessage().GetText() == "":
		return "7"
	}
	return ""
}

// hidden reports whether a device that cannot read a message is to say nothing of it.
func hidden(content *waE2E.Message) bool {
	return editMark(content) != "" || stanzaType(content) == "reaction" || unwrapLayers(content).PollUpdateMessage != nil
}
